// Package consent holds the rules: what a person was asked, what they answered, what stands now, and therefore where a
// picture, a film or a sound recording of them may be used.
//
// Everything that happened is an event in an append-only log. State is a fold over the set of events: it does not depend on
// the order in which they arrive, so every device and the library reach the same answer from the same events. The rules are
// pure functions. Nothing here reads a file, a clock or a network; time always comes in as a parameter.
//
// The chain of reasoning, from the top:
//
//	Clearance(asset, channel, time)  may this asset be used in this channel now? yes, no or not yet, with reasons
//	Standing(subject, scope, time)   what does this person's word amount to, for one channel and media kind?
//	acts                             what was signed or withdrawn, by whom, when
//	Form                             what they were asked, and which rules (validity, minors) came with it
//
// The law behind the rules: silence is not consent (GDPR recital 32), withdrawing is as easy as giving and holds from then on
// (GDPR art. 7(3)), the controller must be able to show what was consented to (GDPR art. 7(1)), a picture of a person needs
// their consent unless an exception applies (åndsverkloven §104), guardians decide for a child who is heard
// (barneloven §§30–33, vergemålsloven §9). Statuses follow the W3C Data Privacy Vocabulary.
package consent
