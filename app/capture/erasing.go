package capture

import (
	"context"
	"maps"
	"slices"
	"strings"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
	"samtykke/assets"
)

// Erasure forgets a person for good (GDPR art. 17).
type Erasure struct {
	Subject consent.SubjectID
	// Reason is one of consent.ErasureReasons. Any other words count as consent.ErasedOther and are kept nowhere: nobody can say that
	// they do not name the person. They belong in the organisation's case files.
	Reason string
	// Pictures removes the pictures that show this person and nobody else along.
	Pictures bool
}

// Erased is what an erasure did, or would do.
type Erased struct {
	Subject consent.SubjectID // who stood for the person
	Code    consent.Code
	Reason  consent.ErasureReason // as the log has it; "" before it is done
	Already bool                  // nothing of the person was left
	// Affected are the pictures on which the person appears. They can no longer be used with consent.
	Affected []consent.AssetID
	// Alone are the pictures that show this person and nobody else, photographed QR cards among them: with Erasure.Pictures they go.
	Alone []consent.AssetID
	// Delivered are the copies that left for use on this person's consent; see Session.FoldersWith.
	Delivered []consent.Delivery
	Kept      []Kept
}

// Kept is something that an erasure does not reach.
type Kept struct {
	What  KeptKind
	Code  consent.Code
	Count int
	Paths []string
}

// KeptKind is what stays. Its text is "erasing.kept." and the kind in the translations.
type KeptKind string

// What stays.
const (
	KeptProof    KeptKind = "proof"    // the signed log, with pseudonyms
	KeptPictures KeptKind = "pictures" // pictures that show the person
	KeptPaper    KeptKind = "paper"    // signed papers that are also other people's evidence
	KeptTexts    KeptKind = "texts"    // what people typed: file names, titles, justifications
	KeptLibrary  KeptKind = "library"  // the library and other devices, until they hear of it
	KeptCopies   KeptKind = "copies"   // older states of the vault that the program has set aside
	KeptBackups  KeptKind = "backups"  // copies made elsewhere
	KeptOutside  KeptKind = "outside"  // receipts, exported pictures and access exports
)

// Words says what stays, and what to do about it, in the texts' language.
func (k Kept) Words(texts *assets.Texts) string {
	data := map[string]any{"Code": k.Code, "Count": k.Count, "Paths": strings.Join(k.Paths, ", ")}
	if k.Count > 0 {
		return texts.N("erasing.kept."+string(k.What), k.Count, data)
	}
	return texts.T("erasing.kept."+string(k.What), data)
}

// ErasureOf says what erasing a person would do, for showing before it is done. Nothing is changed.
func (s *Session) ErasureOf(e Erasure) (Erased, error) {
	copies, err := s.Store.OlderCopies()
	if err != nil {
		return Erased{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.erasureOf(e, copies)
}

func (s *Session) erasureOf(e Erasure, copies []string) (Erased, error) {
	ids := s.state.Registrations(e.Subject)
	sub, ok := s.state.Subject(ids[0])
	if !ok {
		return Erased{}, subjectUnknown(string(e.Subject))
	}
	done := Erased{Subject: sub.ID, Code: sub.Code, Affected: []consent.AssetID{}, Alone: s.aloneOn(ids),
		Delivered: s.deliveredTo(Withdrawal{Subject: sub.ID}),
		Already:   !slices.ContainsFunc(ids, func(id consent.SubjectID) bool { return !s.isErased(id) })}
	shown := map[consent.AssetID]bool{}
	for _, id := range s.state.AssetsOf(sub.ID) {
		if a, _ := s.state.Asset(id); !a.Removed {
			done.Affected = append(done.Affected, id)
			shown[id] = true
		}
	}
	for _, id := range done.Alone {
		shown[id] = !e.Pictures
	}
	done.Kept = s.kept(sub.Code, ids, shown, copies)
	return done, nil
}

func (s *Session) kept(code consent.Code, ids []consent.SubjectID, shown map[consent.AssetID]bool, copies []string) []Kept {
	kept := []Kept{{What: KeptProof, Code: code}}
	pictures := 0
	for _, stays := range shown {
		if stays {
			pictures++
		}
	}
	if pictures > 0 {
		kept = append(kept, Kept{What: KeptPictures, Count: pictures})
	}
	if papers := len(s.sharedEvidence(ids, s.isErased)); papers > 0 {
		kept = append(kept, Kept{What: KeptPaper, Count: papers})
	}
	kept = append(kept, Kept{What: KeptTexts})
	if s.enrolment != nil {
		kept = append(kept, Kept{What: KeptLibrary})
	}
	if len(copies) > 0 {
		kept = append(kept, Kept{What: KeptCopies, Paths: copies})
	}
	return append(kept, Kept{What: KeptBackups}, Kept{What: KeptOutside})
}

// Erase forgets a person under all registrations that were merged into one: profile, signatures and statements, what was handed out
// with receipts, and the key that seals them, here at once and wherever else when it hears of it. What stays says Erased.Kept. There
// is no way back. Erasing somebody again changes nothing.
func (s *Session) Erase(ctx context.Context, e Erasure) (Erased, error) {
	reason, err := erasureReason(e.Reason)
	if err != nil {
		return Erased{}, err
	}
	copies, err := s.Store.OlderCopies()
	if err != nil {
		return Erased{}, err
	}
	var done Erased
	err = s.change(ctx, func(c *change) error {
		var err error
		if done, err = s.erasureOf(e, copies); err != nil {
			return err
		}
		for _, id := range s.state.Registrations(e.Subject) {
			if !s.isErased(id) {
				if _, err := c.sign(evidence.Draft{Type: consent.SubjectErased, Subject: id, Body: consent.ErasedBody{Reason: reason}}); err != nil {
					return err
				}
			}
			if err := c.forget(id); err != nil {
				return err
			}
		}
		if !e.Pictures {
			return nil
		}
		return c.remove(done.Alone, "")
	})
	if err != nil {
		return Erased{}, err
	}
	done.Reason = reason
	return done, s.finishRemoving(ctx)
}

func erasureReason(words string) (consent.ErasureReason, error) {
	words = strings.ToLower(strings.TrimSpace(words))
	switch reason := consent.ErasureReason(words); {
	case words == "":
		return "", problem.New(problem.Invalid, "erasure-reason-missing",
			"No reason was given for erasing the person; nothing was changed; say request, mistake, retention, minor or other.")
	case slices.Contains(consent.ErasureReasons, reason):
		return reason, nil
	}
	return consent.ErasedOther, nil
}

// forget removes everything that this device has of one registration beyond the pseudonymous log. It is the one way in which
// somebody is erased, whether here or wherever the event comes from.
func (c *change) forget(id consent.SubjectID) error {
	s := c.session
	for hash, other := range s.sharedEvidence([]consent.SubjectID{id}, c.erased) {
		b, here, err := c.Blob(hash)
		if err != nil {
			return err
		}
		if here && b.Subject == id { // a list that many signed, a guardian's one signature for two children: it stays the others' proof
			b.Subject = other
			if err := c.PutBlob(b); err != nil {
				return err
			}
		}
	}
	for _, record := range s.recordsOf(id) {
		if err := c.DeleteSetting(handedOutSetting(record.id)); err != nil {
			return err
		}
	}
	if err := c.DeleteSetting(accessSetting(id)); err != nil {
		return err
	}
	if err := c.forgetDifferent(id); err != nil {
		return err
	}
	if err := c.forgetPapers(id); err != nil {
		return err
	}
	if err := c.ForgetSubject(id); err != nil {
		return err
	}
	c.then(func() { s.dropProfile(id) })
	return nil
}

// forgetDifferent drops whom somebody was judged not to be.
func (c *change) forgetDifferent(id consent.SubjectID) error {
	var pairs []pair
	if _, err := c.Setting(settingDifferent, &pairs); err != nil {
		return err
	}
	kept := slices.DeleteFunc(slices.Clone(pairs), func(p pair) bool { return p[0] == id || p[1] == id })
	if len(kept) == len(pairs) {
		return nil
	}
	c.then(func() {
		maps.DeleteFunc(c.session.different, func(p pair, _ bool) bool { return p[0] == id || p[1] == id })
	})
	return c.PutSetting(settingDifferent, kept)
}

// living lists the registrations of one person that are not erased. An erased person has some when a laptop that had not heard of the
// erasure merged another registration with it: that one stays in sight, so that it can be erased too.
func (s *Session) living(id consent.SubjectID) []consent.SubjectID {
	return slices.DeleteFunc(s.state.Registrations(id), s.isErased)
}

// isErased tells whether one registration is erased.
func (s *Session) isErased(id consent.SubjectID) bool {
	sub, known := s.state.Subject(id)
	return known && sub.Erased
}

// erased tells whether somebody is erased, or is being so by this change.
func (c *change) erased(id consent.SubjectID) bool {
	return c.session.isErased(id) || slices.ContainsFunc(c.events, func(e consent.Received) bool {
		return e.Type == consent.SubjectErased && e.Subject == id
	})
}

// record is a consent record of one registration.
type record struct {
	id   consent.RecordID
	body consent.DecidedBody
}

// recordsOf lists the consent records of one registration, without those of others that are the same person.
func (s *Session) recordsOf(id consent.SubjectID) []record {
	var records []record
	for _, entry := range s.state.History(id) {
		if body, subject, _, _, ok := s.state.Record(consent.RecordID(entry.ID)); ok && subject == id {
			records = append(records, record{consent.RecordID(entry.ID), body})
		}
	}
	return records
}

// sharedEvidence finds, among the evidence of one person's records, what is evidence of other people's records as well, and somebody
// whose it is who is not gone. Where it was signed does not matter: a union brings evidence of other devices.
func (s *Session) sharedEvidence(ids []consent.SubjectID, gone func(consent.SubjectID) bool) map[consent.BlobHash]consent.SubjectID {
	theirs := map[consent.BlobHash]bool{}
	for _, id := range ids {
		for _, r := range s.recordsOf(id) {
			for _, ref := range r.body.Evidence {
				theirs[ref.SHA256] = true
			}
		}
	}
	if len(theirs) == 0 {
		return nil
	}
	shared := map[consent.BlobHash]consent.SubjectID{}
	s.state.EachRecord(func(other consent.SubjectID, body *consent.DecidedBody) {
		for _, ref := range body.Evidence {
			if !theirs[ref.SHA256] || slices.Contains(ids, other) {
				continue
			}
			_, here := s.profiles[other]
			if kept, found := shared[ref.SHA256]; here && (!found || other < kept) && !gone(other) {
				shared[ref.SHA256] = other
			}
		}
	})
	return shared
}

// aloneOn lists the pictures here that show one person and, as somebody has said, nobody else.
func (s *Session) aloneOn(ids []consent.SubjectID) []consent.AssetID {
	alone := []consent.AssetID{}
	for _, id := range s.state.AssetsOf(ids[0]) {
		a, _ := s.state.Asset(id)
		others := slices.ContainsFunc(a.Appearances, func(ap consent.Appearance) bool { return !slices.Contains(ids, ap.Subject) })
		if !a.Removed && !others && a.PeopleCount == 1 {
			alone = append(alone, id)
		}
	}
	for id, file := range s.files {
		others := slices.ContainsFunc(file.Slate, func(on consent.SubjectID) bool { return !slices.Contains(ids, on) })
		shows := file.ShowsCard() && len(file.Slate) > 0 && file.Card != CardUnknown // with the card of somebody unknown it shows another's too
		if shows && !others && !slices.Contains(alone, id) {
			alone = append(alone, id)
		}
	}
	slices.Sort(alone)
	return alone
}

func personErased() error {
	return problem.New(problem.NotFound, "person-erased",
		"This person has been erased, and only the proof without a name is left; nothing was changed; register the person anew if they take part again.")
}
