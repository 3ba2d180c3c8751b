package capture

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"samtykke/app/consent"
	"samtykke/app/problem"
)

// PaperConfirmation is what somebody has read on a signed paper. Nothing of it was read by a machine.
type PaperConfirmation struct {
	Paper consent.BlobHash
	// Subject is who is pictured or heard; "" for whom the sheet was printed. New registers somebody instead, at the paper's shoot.
	Subject consent.SubjectID
	New     *Registration
	Answers map[consent.Scope]consent.Decision
	// Guardian is which guardian of the profile signed, from 1; 0 for the person themselves.
	Guardian     int
	SoleGuardian string // as of a Signing
	SignedOn     string // the day that stands on the paper, YYYY-MM-DD; "" when none does
	Witness      string
}

// ConfirmPaper records the consent on a paper, which becomes its evidence and goes to the library with it. The record is of now; the
// day on the paper stands in the sealed statement, and from it a yes holds as long as the form says. A yes is refused when the person
// has said something else since that day: what was said last stands. A second guardian who signed the same sheet confirms it again.
func (s *Session) ConfirmPaper(ctx context.Context, p PaperConfirmation) (Signed, error) {
	paper, err := s.Paper(ctx, string(p.Paper))
	if err != nil {
		return Signed{}, err
	}
	g, err := s.signingOf(paper, p)
	if err != nil {
		return Signed{}, err
	}
	if p.New != nil {
		p.New.Shoot = paper.Shoot
		if g.Subject, err = s.registerFor(ctx, g, *p.New); err != nil {
			return Signed{}, err
		}
	}
	var signed Signed
	err = s.change(ctx, func(c *change) error {
		papers, err := readPapers(c)
		if err != nil {
			return err
		}
		at := indexPaper(papers, paper.ID)
		if at < 0 {
			_, err := findPaper(papers, string(paper.ID))
			return err
		}
		papers = slices.Clone(papers)
		if err := c.confirmable(papers[at], g); err != nil {
			return err
		}
		b, here, err := c.Blob(paper.ID)
		if err != nil || !here {
			return cmp.Or(err, error(evidenceElsewhere()))
		}
		g.Signature = b.Data
		if signed, err = c.recordConsent(g); err != nil {
			return err
		}
		papers[at].Subject = s.state.Canonical(g.Subject)
		papers[at].Records = append(slices.Clone(papers[at].Records), signed.Record)
		return c.PutSetting(settingPapers, papers)
	})
	return signed, err
}

// PaperForm is the form that a paper was printed from: the version that the person read, which need not be the one in use.
func (s *Session) PaperForm(paper SignedPaper) (*consent.Form, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	form, _, err := s.paperForm(paper)
	return form, err
}

func (s *Session) paperForm(paper SignedPaper) (form *consent.Form, hash consent.FormHash, err error) {
	for known, candidate := range s.state.Forms() {
		if !strings.HasPrefix(string(known), paper.Form) {
			continue
		}
		if form != nil { // two hashes that begin with the same forty bits
			form = nil
			break
		}
		form, hash = candidate, known
	}
	if form == nil {
		return nil, "", problem.New(problem.NotFound, "paper-form-unknown",
			"This device does not have the version of the form that the paper was printed from; nothing was saved and the paper is kept; sync, then confirm it.")
	}
	return form, hash, nil
}

// signingOf is what a confirmation says as a signed act, checked as far as it can be before anything is saved.
func (s *Session) signingOf(paper SignedPaper, p PaperConfirmation) (Signing, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	g := Signing{Subject: p.Subject, Shoot: paper.Shoot, Answers: p.Answers, Guardian: p.Guardian, Method: Paper, Witness: p.Witness,
		SoleGuardian: p.SoleGuardian, paper: &paper}
	if paper.Back {
		return g, problem.New(problem.Invalid, "paper-is-back",
			"This is the back of sheet {{.serial}}, where nothing is answered; nothing was saved; confirm the picture of its front.", "serial", paper.Serial)
	}
	form, hash, err := s.paperForm(paper)
	if err != nil {
		return g, err
	}
	g.Form, g.Version = form.Key, hash
	at := slices.IndexFunc(form.Languages(), func(l string) bool { return strings.EqualFold(l, paper.Language) })
	if at < 0 {
		_, err := form.Text(paper.Language)
		return g, err
	}
	g.Language = form.Languages()[at]
	if _, err := s.knownShoot(paper.Shoot); err != nil {
		return g, err
	}
	if g.signed, err = signedOn(p.SignedOn, s.Clock()); err != nil {
		return g, err
	}
	if err := complete(form, p.Answers); err != nil {
		return g, err
	}
	if p.New != nil { // before anybody is registered for it
		return g, s.ofAnother(paper, "")
	}
	if g.Subject == "" {
		holder, known := s.state.SubjectByCode(paper.Code)
		if paper.Code == "" || !known {
			return g, problem.New(problem.Invalid, "paper-person-missing",
				"The paper does not say whose it is in a way that this device knows; nothing was saved; read the name and say who it is, or register the person with it.")
		}
		g.Subject = holder
	}
	return g, nil
}

// signedOn reads the day on a paper, as its beginning in the device's zone; zero for "".
func signedOn(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	read, ok := consent.ReadDay(text)
	day := time.Date(read.Year(), read.Month(), read.Day(), 0, 0, 0, 0, now.Location())
	if !ok || day.After(now) || day.Year() < now.Year()-50 {
		return time.Time{}, problem.New(problem.Invalid, "paper-date-wrong",
			"{{.date}} cannot be the day on which the paper was signed; nothing was saved; write the day that stands on it like 2026-11-22.", "date", text)
	}
	return day, nil
}

// registerFor registers whoever a paper is of, when nothing else stands in the way of recording it.
func (s *Session) registerFor(ctx context.Context, g Signing, r Registration) (consent.SubjectID, error) {
	profile, err := s.newProfile(r)
	if err != nil {
		return "", err
	}
	s.mu.RLock()
	form := s.state.Form(g.Version)
	s.mu.RUnlock()
	text, err := form.Text(g.Language)
	if err != nil {
		return "", err
	}
	if _, _, err := signer(g, profile, form, text, s.Clock()); err != nil {
		return "", err
	}
	if err := g.stillHolds(profile, form, s.Clock()); err != nil {
		return "", err
	}
	return profile.Subject, s.change(ctx, func(c *change) error { return c.register(profile, r) })
}

// ofAnother refuses a paper that was printed for somebody else than a subject, or is somebody else's evidence. The subject is "" for
// somebody whom nobody has registered yet. The caller holds a lock or is inside a change.
func (s *Session) ofAnother(paper SignedPaper, subject consent.SubjectID) error {
	if holder, known := s.state.SubjectByCode(paper.Code); paper.Code != "" && known && s.state.Canonical(holder) != subject {
		return problem.New(problem.Conflict, "paper-other-person",
			"The paper was printed for {{.code}}, who is somebody else; nothing was saved; confirm it for them, or, when the sheets were mixed up, record it with \"consent record --paper\".", "code", paper.Code)
	}
	if paper.Subject != "" && s.state.Canonical(paper.Subject) != subject {
		return problem.New(problem.Conflict, "paper-confirmed-other",
			"This paper is evidence of somebody else's consent already; nothing was saved; look at the paper again.")
	}
	return nil
}

// stillHolds refuses what was signed so long ago that it would have ended already.
func (g Signing) stillHolds(profile consent.Profile, form *consent.Form, now time.Time) error {
	if g.signed.IsZero() || profile.Until(form, g.signed).After(now) {
		return nil
	}
	return problem.New(problem.Invalid, "paper-expired",
		"What was signed on {{.date}} no longer holds; nothing was saved; ask the person again.", "date", g.signed.Format(time.DateOnly))
}

// confirmable refuses what a paper cannot be evidence of.
func (c *change) confirmable(paper SignedPaper, g Signing) error {
	s := c.session
	subject := s.state.Canonical(g.Subject)
	if err := s.ofAnother(paper, subject); err != nil {
		return err
	}
	profile, err := s.knownProfile(subject)
	if err != nil {
		return err
	}
	if err := g.stillHolds(profile, s.state.Form(g.Version), c.at); err != nil {
		return err
	}
	by := c.signerOf(g)
	history := s.state.History(subject)
	for _, entry := range history {
		if entry.Record != nil && slices.Contains(paper.Records, consent.RecordID(entry.ID)) && entry.By == by {
			return problem.New(problem.Conflict, "paper-confirmed-already",
				"This paper was confirmed for the same person and signer already; nothing was saved; \"consent show\" has the record.")
		}
	}
	for _, entry := range history {
		if g.overtakenBy(entry, by) {
			return problem.New(problem.Conflict, "paper-overtaken",
				"On {{.date}} something was refused or withdrawn that this paper says yes to; nothing was saved, for what was said last stands; if the paper is newer, give the day on it, else ask the person again.",
				"date", entry.At.In(c.at.Location()).Format(time.DateOnly))
		}
	}
	return nil
}

// signerOf is who a signing says has signed.
func (c *change) signerOf(g Signing) consent.Signer {
	profile := c.session.profiles[c.session.state.Canonical(g.Subject)]
	if g.Guardian < 1 || g.Guardian > len(profile.Guardians) {
		return consent.Signer{Role: consent.RoleSelf}
	}
	return consent.Signer{Role: consent.RoleGuardian, Guardian: profile.Guardians[g.Guardian-1].ID}
}

// overtakenBy tells whether something was said on the day of the paper or later that takes back a yes of it: a withdrawal, or a no of the
// same signer. What another signer refused does not: it stands beside what this one says, and the no wins there.
func (g Signing) overtakenBy(entry consent.HistoryEntry, by consent.Signer) bool {
	if !g.signed.IsZero() && entry.At.Before(g.signed) {
		return false
	}
	for scope, decision := range g.Answers {
		if decision != consent.DecisionYes {
			continue
		}
		switch {
		case entry.Withdraws(scope):
			return true
		case entry.Record != nil && entry.By == by && entry.Record.Answers[scope] == consent.DecisionNo:
			return true
		}
	}
	return false
}
