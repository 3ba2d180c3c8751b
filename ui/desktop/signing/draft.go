package signing

import (
	"maps"
	"strings"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// draft is what has been entered and is not stored anywhere yet. Clearing the flow forgets it.
type draft struct {
	language string
	known    bool // "yes, that is me", when the photographer had registered the person
	chosen   bool // whether forChild was answered
	forChild bool
	// typed is what was entered about the person, when nobody had registered them. Its guardians are those who are to be
	// added to the profile.
	typed consent.Profile
	// signer is who answers now.
	signer signer
	// another says whether the child has another guardian; otherName is who, when the signer knows; sole is why there is none.
	another   choice
	otherName string
	sole      string
	answers   map[string]part.Answer
	given     int // how often answers were given or changed
	// changing is set while an answer is changed that had been checked already.
	changing  bool
	pad       *part.SignaturePad
	typedName string
}

// choice is a question with two answers that nobody has preselected.
type choice int

const (
	open choice = iota
	yes
	no
)

// signer is who answers: nobody yet, the person, a guardian of the profile (from 1), or a guardian who is entered now.
type signer int

const (
	nobody signer = iota - 2
	newcomer
	self
)

func newDraft(language string) *draft {
	return &draft{language: language, signer: nobody, answers: map[string]part.Answer{}}
}

// forNext is the draft of the next guardian of the same child: what the first one answered and wrote is not shown to the second.
func (d *draft) forNext() *draft {
	next := newDraft(d.language)
	next.known, next.chosen, next.forChild = true, d.chosen, d.forChild
	return next
}

// guardians are those of a profile and, behind them, whoever is entered now.
func (d *draft) guardians(p consent.Profile) []consent.Guardian {
	list := append([]consent.Guardian(nil), p.Guardians...)
	if d.signer == newcomer {
		list = append(list, d.typed.Guardians...)
	}
	if name := strings.TrimSpace(d.otherName); d.another == yes && name != "" {
		list = append(list, consent.Guardian{Name: name})
	}
	return list
}

// answered gives the answers as the use case wants them; what is unanswered is left out.
func (d *draft) answered() map[consent.Scope]consent.Decision { return Answered(d.answers) }

// Answered is what was answered on a grid; what was left open is not in it.
func Answered(grid map[string]part.Answer) map[consent.Scope]consent.Decision {
	answers := map[consent.Scope]consent.Decision{}
	for written, answer := range grid {
		var scope consent.Scope
		if scope.UnmarshalText([]byte(written)) != nil {
			continue
		}
		switch answer {
		case part.Yes:
			answers[scope] = consent.DecisionYes
		case part.No:
			answers[scope] = consent.DecisionNo
		}
	}
	return answers
}

// take copies the answers that a grid holds.
func (d *draft) take(from map[string]part.Answer) {
	maps.Copy(d.answers, from)
	d.given++
}

// minor tells whether the form lets somebody else answer for the person.
func minor(p consent.Profile, form *consent.Form, at time.Time) bool {
	return p.Minor(form.MinorPolicy.SoleConsentAge, at)
}

// heard tells whether a child is asked too. An unknown age counts as old enough: being asked harms nobody.
func heard(p consent.Profile, form *consent.Form, at time.Time) bool {
	return p.Born == "" || p.AtLeast(form.MinorPolicy.HeardFrom, at)
}

// secondGuardian tells whether the form asks two guardians for anything.
func secondGuardian(form *consent.Form) bool {
	for _, c := range form.Channels {
		if form.MinorPolicy.GuardiansRequired(c.Key) > 1 {
			return true
		}
	}
	return false
}

// signing puts the draft into the words of the use case, all but what was drawn: it is called off the UI goroutine.
func (d *draft) signing(shoot consent.ShootID, person capture.Person) capture.Signing {
	g := capture.Signing{Subject: person.ID, Shoot: shoot, Language: d.language, Answers: d.answered(),
		Method: capture.Typed, TypedName: strings.TrimSpace(d.typedName)}
	switch d.signer {
	case newcomer:
		g.Guardian = len(person.Profile.Guardians) + 1
	default:
		g.Guardian = max(int(d.signer), 0)
	}
	if d.another == no && g.Guardian > 0 {
		g.SoleGuardian = strings.TrimSpace(d.sole)
	}
	return g
}
