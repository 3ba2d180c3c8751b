package capture

import (
	"context"
	"slices"
	"strings"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// Method is how a person said what they said.
type Method string

// The methods.
const (
	Drawn  Method = Method(consent.EvidenceDrawn)
	Paper  Method = Method(consent.EvidencePaper)
	Verbal Method = Method(consent.EvidenceVerbal)
	// Typed is for those who cannot draw: the name, typed by the person, stands in the statement.
	Typed Method = "typed"
)

// Signing is one signed act, complete: nothing is filled in for the person.
type Signing struct {
	Subject consent.SubjectID
	Shoot   consent.ShootID
	Form    string // key of a published form
	// Version is which version of it the person read; "" for the one in use. A newer one may have arrived while they read.
	Version  consent.FormHash
	Language string // in which the person read it
	Answers  map[consent.Scope]consent.Decision
	// Guardian is which guardian of the profile signs, from 1; 0 for the person themselves.
	Guardian int
	Method   Method
	// Signature is the drawn signature as PNG or SVG, or the scan of the paper (PNG, JPEG, PDF).
	Signature []byte
	Note      string // what was said and how, for a verbal consent
	TypedName string // typed beside the signature
	Witness   string // name of a witness
	// SoleGuardian is the reason why this guardian decides alone; "" when another has to sign too.
	SoleGuardian string

	paper *SignedPaper // confirmed by this
	// signed is when the paper was signed, zero for what is signed now: from then a yes holds as long as the form says.
	signed time.Time
}

// Signed is what came of it.
type Signed struct {
	Record consent.RecordID
	Token  string // verification token
	Link   string // personal link; only its path while no library is known
}

// Statement is the sealed account of a signed act: the names that the event leaves out.
type Statement struct {
	Method       Method `json:"method"`
	Signer       string `json:"signer"` // name at the time
	TypedName    string `json:"typed_name,omitempty"`
	Witness      string `json:"witness,omitempty"`
	Note         string `json:"note,omitempty"`
	SoleGuardian string `json:"sole_guardian,omitempty"`
	Photographer string `json:"photographer,omitempty"`
	// SignedOn is the day that stands on a paper, YYYY-MM-DD; "" when none does. The event has the day on which it was taken in.
	SignedOn string `json:"signed_on,omitempty"`
	Device   string `json:"device"`
	// Signed is the very sentence that was signed, in the language of the record.
	Signed string `json:"signed"`
}

// RecordConsent stores one signed act: the event, its evidence and its place in the queue commit together, and only then is it
// answered. A scope that the form asks of everybody and that has no answer refuses the whole; one of an optional channel may stay open,
// which is not a yes.
func (s *Session) RecordConsent(ctx context.Context, g Signing) (Signed, error) {
	var signed Signed
	err := s.change(ctx, func(c *change) (err error) {
		signed, err = c.recordConsent(g)
		return err
	})
	return signed, err
}

// recordConsent is RecordConsent as part of a change.
func (c *change) recordConsent(g Signing) (signed Signed, err error) {
	s := c.session
	g.Subject = s.state.Canonical(g.Subject)
	p, err := s.knownProfile(g.Subject)
	if err != nil {
		return signed, err
	}
	shoot, err := s.knownShoot(g.Shoot)
	if err != nil {
		return signed, err
	}
	form, hash, err := s.formRead(g)
	if err != nil {
		return signed, err
	}
	text, err := form.Text(g.Language)
	if err != nil {
		return signed, err
	}
	if err := complete(form, g.Answers); err != nil {
		return signed, err
	}
	body, statement, err := signer(g, p, form, text, c.at)
	if err != nil {
		return signed, err
	}
	statement.Photographer, statement.Device = shoot.Photographer, s.device.Name
	from := c.at
	if !g.signed.IsZero() {
		from, statement.SignedOn = g.signed, g.signed.Format(time.DateOnly)
	}
	body.Form, body.Language, body.Answers, body.Until = hash, g.Language, g.Answers, p.Until(form, from)
	if body.Evidence, err = c.evidence(g, statement); err != nil {
		return signed, err
	}
	subjectKey, err := c.SubjectKey(g.Subject)
	if err != nil {
		return signed, err
	}
	nonce, err := s.randomHex(16)
	if err != nil {
		return signed, err
	}
	link, err := evidence.DeriveLink(subjectKey, nonce)
	if err != nil {
		return signed, err
	}
	body.Link = link.Hash()
	c.at = s.state.AfterAnswers(g.Subject, c.at) // the last word counts, also after the clock was put back
	e, err := c.sign(evidence.Draft{Type: consent.ConsentDecided, Subject: g.Subject, Shoot: g.Shoot, Body: body})
	if err != nil {
		return signed, err
	}
	signed.Record = consent.RecordID(e.ID)
	signed.Link = link.URL(s.libraryAddress())
	signed.Token, err = evidence.EncodeToken(s.key, s.tokenFor(e, body, form))
	if err != nil {
		return signed, err
	}
	return signed, c.PutSetting(handedOutSetting(signed.Record), handedOut{Token: signed.Token, LinkNonce: nonce})
}

// handedOut is what a person got with their receipt, so that it can be written again and be the same.
type handedOut struct {
	Token string `json:"token"`
	// LinkNonce is no secret: the link needs the subject's key besides.
	LinkNonce string `json:"link_nonce"`
}

func handedOutSetting(id consent.RecordID) string { return "handed_out/" + string(id) }

// formRead is the form that the person read, which the record will name (design §3.7).
func (s *Session) formRead(g Signing) (*consent.Form, consent.FormHash, error) {
	if form := s.state.Form(g.Version); form != nil && form.Key == g.Form {
		return form, g.Version, nil
	} else if g.Version != "" {
		return nil, "", s.formUnknown(g.Form)
	}
	return s.currentForm(g.Form)
}

// currentForm finds the newest published version of a form.
func (s *Session) currentForm(key string) (*consent.Form, consent.FormHash, error) {
	hash, ok := s.current[key]
	if !ok {
		return nil, "", s.formUnknown(key)
	}
	return s.state.Form(hash), hash, nil
}

// CurrentForm is the newest published version of a form, for showing.
func (s *Session) CurrentForm(key string) (*consent.Form, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	form, _, err := s.currentForm(key)
	return form, err
}

// complete refuses answers that leave open what the form asks everybody, that say nothing at all, or that answer what it does not ask.
func complete(form *consent.Form, answers map[consent.Scope]consent.Decision) error {
	scopes, must := form.Scopes(), form.MustAnswer()
	if len(answers) == 0 {
		must = scopes
	}
	var open []string
	for _, scope := range scopes {
		d, answered := answers[scope]
		if d != consent.DecisionYes && d != consent.DecisionNo && (answered || slices.Contains(must, scope)) {
			open = append(open, scope.String())
		}
	}
	if len(open) > 0 {
		return problem.New(problem.Invalid, "scopes-unanswered",
			"These have no answer: {{.scopes}}; nothing was saved, since silence is not consent; ask for a yes or a no to each.", "scopes", strings.Join(open, ", "))
	}
	for _, scope := range consent.SortedScopes(answers) {
		if !slices.Contains(scopes, scope) {
			return problem.New(problem.Invalid, "unknown-scope",
				"The form {{.form}} has no scope {{.scope}}; nothing was saved; answer only what the form asks.", "form", form.Key, "scope", scope.String())
		}
	}
	return nil
}

// signer settles on whose authority the answer is given, by the form's minor policy.
func signer(g Signing, p consent.Profile, form *consent.Form, text consent.FormText, at time.Time) (consent.DecidedBody, Statement, error) {
	policy := form.MinorPolicy
	body := consent.DecidedBody{Minor: p.Minor(policy.SoleConsentAge, at)}
	statement := Statement{Method: g.Method, TypedName: strings.TrimSpace(g.TypedName), Witness: strings.TrimSpace(g.Witness),
		Note: strings.TrimSpace(g.Note), SoleGuardian: strings.TrimSpace(g.SoleGuardian)}
	if g.Guardian == 0 {
		body.Signer = consent.Signer{Role: consent.RoleSelf}
		statement.Signer, statement.Signed = p.Name, text.Statement
		if body.Minor {
			// Heard, and old enough to refuse: an unknown age counts as old enough, since that can only restrict.
			body.MayRefuse = p.Born == "" || p.AtLeast(policy.RefuseFrom, at)
			if p.Born != "" && !p.AtLeast(policy.HeardFrom, at) {
				return body, statement, problem.New(problem.Invalid, "child-too-young",
					"This child is younger than {{.age}} and is not asked alone; nothing was saved; let a guardian sign.", "age", policy.HeardFrom)
			}
		}
		return body, statement, nil
	}
	if !body.Minor {
		return body, statement, problem.New(problem.Invalid, "of-age",
			"This person is of age and answers alone; nothing was saved; let the person sign, or correct the date of birth.")
	}
	if g.Guardian > len(p.Guardians) {
		return body, statement, problem.New(problem.Invalid, "guardian-unknown",
			"There is no guardian {{.number}}: {{.count}} are registered; nothing was saved; add the guardian to the person first.",
			"number", g.Guardian, "count", len(p.Guardians))
	}
	guardian := p.Guardians[g.Guardian-1]
	body.Signer = consent.Signer{Role: consent.RoleGuardian, Guardian: guardian.ID}
	body.SoleGuardian = statement.SoleGuardian != ""
	statement.Signer, statement.Signed = guardian.Name, text.GuardianStatement
	return body, statement, nil
}

// mime is what the signature or the scan is; refused when it shows nothing. Of a paper it was found out when that came in.
func (g Signing) mime() (string, error) {
	if g.paper != nil {
		return g.paper.MIME, nil
	}
	return checkSignature(g.Method, g.Signature)
}

// evidence stores what proves the act, sealed with the subject's key.
func (c *change) evidence(g Signing, statement Statement) ([]consent.EvidenceRef, error) {
	var refs []consent.EvidenceRef
	if _, err := c.SubjectKey(g.Subject); err != nil {
		return nil, err
	}
	switch g.Method {
	case Drawn, Paper:
		mime, err := g.mime()
		if err != nil {
			return nil, err
		}
		hash, err := c.blob(ClassEvidence, g.Subject, g.Signature)
		if err != nil {
			return nil, err
		}
		refs = append(refs, consent.EvidenceRef{Kind: consent.EvidenceKind(g.Method), SHA256: hash, Size: int64(len(g.Signature)), MIME: mime})
	case Verbal:
		if statement.Note == "" {
			return nil, problem.New(problem.Invalid, "verbal-note-missing",
				"A consent given aloud needs a note; nothing was saved; write what was said, where, and who heard it.")
		}
	case Typed:
		if statement.TypedName == "" {
			return nil, signatureEmpty()
		}
	default:
		return nil, problem.New(problem.Invalid, "evidence-missing",
			"There is no evidence; nothing was saved; give a drawn signature, a signed paper, or a note of what was said.")
	}
	ref, err := details(c, g.Subject, ClassEvidence, statement)
	return append(refs, ref), err
}

// Withdrawal takes a yes back.
type Withdrawal struct {
	Subject consent.SubjectID
	Scopes  []consent.Scope // empty: everything
	Reason  string          // in the person's words; kept sealed
}

// Withdrawn is what came of it.
type Withdrawn struct {
	Event consent.EventID
	// Affected are the assets that could be used somewhere and no longer can.
	Affected []consent.AssetID
	// Delivered are the copies that left for use on this consent; whoever has them is to be told (GDPR art. 19).
	Delivered []consent.Delivery
}

// Withdraw takes consent back, for some scopes or for all. Withdrawing what was never given is allowed and recorded.
func (s *Session) Withdraw(ctx context.Context, w Withdrawal) (Withdrawn, error) {
	var done Withdrawn
	err := s.change(ctx, func(c *change) error {
		w.Subject = s.state.Canonical(w.Subject)
		sub, ok := s.state.Subject(w.Subject)
		if !ok || sub.Erased {
			return subjectUnknown(string(w.Subject))
		}
		body := consent.WithdrawnBody{Scopes: w.Scopes, Signer: consent.Signer{Role: consent.RoleStaff}, Via: "device"}
		if reason := strings.TrimSpace(w.Reason); reason != "" {
			ref, err := details(c, w.Subject, ClassEvidence, reason)
			if err != nil {
				return err
			}
			body.Evidence = []consent.EvidenceRef{ref}
		}
		done.Affected, done.Delivered = s.affectedBy(w), s.deliveredTo(w)
		c.at = s.state.AfterAnswers(w.Subject, c.at)
		e, err := c.sign(evidence.Draft{Type: consent.ConsentWithdrawn, Subject: w.Subject, Body: body})
		done.Event = e.ID
		return err
	})
	return done, err
}

// WithdrawalOf says what a withdrawal would do, for showing before it is done. Nothing is changed.
func (s *Session) WithdrawalOf(w Withdrawal) (Withdrawn, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	w.Subject = s.state.Canonical(w.Subject)
	if sub, ok := s.state.Subject(w.Subject); !ok || sub.Erased {
		return Withdrawn{}, subjectUnknown(string(w.Subject))
	}
	return Withdrawn{Affected: s.affectedBy(w), Delivered: s.deliveredTo(w)}, nil
}

// affectedBy lists the assets of a kind for which the person had said yes somewhere that the withdrawal reaches.
func (s *Session) affectedBy(w Withdrawal) []consent.AssetID {
	affected := []consent.AssetID{}
	loses := map[consent.MediaKind]bool{}
	for scope, standing := range s.state.Standings(w.Subject, nil, s.Clock()) {
		if len(w.Scopes) > 0 && !slices.Contains(w.Scopes, scope) {
			continue
		}
		switch standing.Status {
		case consent.StatusGiven, consent.StatusAwaitingGuardian, consent.StatusUnderReview:
			loses[scope.Media] = true
		}
	}
	for _, id := range s.state.AssetsOf(w.Subject) {
		if a, _ := s.state.Asset(id); loses[a.Kind] {
			affected = append(affected, id)
		}
	}
	return affected
}
