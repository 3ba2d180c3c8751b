package capture

import (
	"slices"
	"strings"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
	"samtykke/app/receipt"
)

// earlierAnswers are what a signer had said before, as far as they had not taken it back.
type earlierAnswers struct {
	at   time.Time // when; zero when they had never answered
	said map[consent.Scope]consent.Status
}

// earlierAnswers finds what the same signer said before a record.
func (s *Session) earlierAnswers(subject consent.SubjectID, record consent.EventID, by consent.Signer) earlierAnswers {
	earlier := earlierAnswers{said: map[consent.Scope]consent.Status{}}
	for _, e := range s.state.History(subject) {
		if e.ID == record {
			break
		}
		if e.Record == nil {
			for scope, status := range earlier.said {
				if status == consent.StatusGiven && e.Withdraws(scope) {
					earlier.said[scope] = consent.StatusWithdrawn
				}
			}
			continue
		}
		if e.By != by {
			continue
		}
		earlier.at = e.At
		clear(earlier.said)
		for scope, decision := range e.Record.Answers {
			earlier.said[scope] = statusOf(decision)
		}
	}
	return earlier
}

// statusOf is what a decision makes of a scope on its own.
func statusOf(d consent.Decision) consent.Status {
	switch d {
	case consent.DecisionYes:
		return consent.StatusGiven
	case consent.DecisionNo:
		return consent.StatusRefused
	}
	return consent.StatusUnanswered
}

// was is the status of a scope before it was answered, "" when that is what was said again, or when nothing had ever been said.
func (e earlierAnswers) was(scope consent.Scope, now consent.Decision) string {
	before, asked := e.said[scope]
	if !asked {
		before = consent.StatusUnanswered
	}
	if e.at.IsZero() || before == statusOf(now) {
		return ""
	}
	return string(before)
}

// kind is what the receipt of a record is of.
func (e earlierAnswers) kind(body consent.DecidedBody) receipt.Kind {
	yes, changed := false, false
	for scope, decision := range body.Answers {
		yes = yes || decision == consent.DecisionYes
		changed = changed || e.was(scope, decision) != ""
	}
	switch {
	case !yes:
		return receipt.KindRefusal
	case e.at.IsZero():
		return receipt.KindConsent
	case changed:
		return receipt.KindChange
	}
	return receipt.KindRenewal
}

// aboutGuardians says on the receipt of a child how far those have come who have to answer.
func (s *Session) aboutGuardians(doc *receipt.Document, body consent.DecidedBody, statement Statement) {
	if body.Signer.Role == consent.RoleSelf {
		doc.SignerRole = "child"
		return
	}
	if body.SoleGuardian {
		doc.Guardians, doc.SoleGuardian = receipt.GuardiansSole, statement.SoleGuardian
		return
	}
	awaits := func(status consent.Status) bool {
		return slices.ContainsFunc(doc.Answers, func(a receipt.Answer) bool {
			return slices.ContainsFunc(a.Cells, func(c receipt.Cell) bool { return c.Status == string(status) })
		})
	}
	form := s.state.Form(body.Form)
	several := slices.ContainsFunc(form.Channels, func(c consent.FormChannel) bool { return form.MinorPolicy.GuardiansRequired(c.Key) > 1 })
	switch {
	case awaits(consent.StatusAwaitingGuardian):
		doc.Guardians = receipt.GuardiansAwaited
	case several && awaits(consent.StatusGiven):
		doc.Guardians = receipt.GuardiansComplete
	}
}

// takenBack is what a withdrawal was about.
type takenBack struct {
	// records are those whose yes it took back, oldest first; the newest one before it when it took nothing back.
	records []consent.HistoryEntry
	given   map[consent.Scope]bool // what somebody had said yes to, and it reaches
}

// takenBack finds what a withdrawal was about. Withdrawing is allowed to everybody, also to those who never answered: then there is no
// form and no language to write in.
func (s *Session) takenBack(subject consent.SubjectID, withdrawal consent.HistoryEntry) (takenBack, error) {
	type word struct {
		entry consent.HistoryEntry
		yes   map[consent.Scope]bool
	}
	latest := map[consent.Signer]word{}
	var newest *consent.HistoryEntry
	for _, e := range s.state.History(subject) {
		if e.ID == withdrawal.ID {
			break
		}
		if e.Record == nil {
			for _, w := range latest {
				for scope := range w.yes {
					if e.Withdraws(scope) {
						delete(w.yes, scope)
					}
				}
			}
			continue
		}
		newest = &e
		w := word{entry: e, yes: map[consent.Scope]bool{}}
		for scope, decision := range e.Record.Answers {
			if decision == consent.DecisionYes {
				w.yes[scope] = true
			}
		}
		latest[e.By] = w
	}
	back := takenBack{given: map[consent.Scope]bool{}}
	for _, w := range latest {
		touched := false
		for scope := range w.yes {
			if withdrawal.Withdraws(scope) {
				touched, back.given[scope] = true, true
			}
		}
		if touched {
			back.records = append(back.records, w.entry)
		}
	}
	slices.SortFunc(back.records, func(a, b consent.HistoryEntry) int { return a.At.Compare(b.At) })
	if len(back.records) == 0 && newest != nil {
		back.records = append(back.records, *newest)
	}
	if len(back.records) == 0 {
		return back, problem.New(problem.NotFound, "withdrawal-of-nothing",
			"There is no receipt of this withdrawal, since nothing had been answered before it; it counts all the same; nothing more has to be done.")
	}
	return back, nil
}

// record is the consent record that stands for what was taken back: the newest.
func (b takenBack) record() consent.HistoryEntry { return b.records[len(b.records)-1] }

// withdrawalReceipt is the receipt of a withdrawal: what it took back, from which records, and what still stands.
func (s *Session) withdrawalReceipt(c *change, w consent.HistoryEntry, subject consent.SubjectID, language string) (issue, error) {
	r := issue{subject: subject}
	back, err := s.takenBack(subject, w)
	if err != nil {
		return r, err
	}
	body, zone := *back.record().Record, c.at.Location()
	doc, text, err := s.receiptBase(c, body, subject, language)
	if err != nil {
		return r, err
	}
	doc.Kind, doc.Number, doc.Signed, doc.SignedIn = receipt.KindWithdrawal, string(w.ID), w.At.In(zone), ""
	if doc.SignerName, err = s.withdrawerName(w, subject); err != nil {
		return r, err
	}
	doc.SignerRole, doc.Device = string(w.By.Role), s.deviceName(w.Device)
	for i := len(back.records) - 1; i >= 0; i-- {
		doc.Concerns = append(doc.Concerns, receipt.Concern{Record: string(back.records[i].ID), Signed: back.records[i].At.In(zone)})
	}
	form := s.state.Form(body.Form)
	doc.Withdrawn = withdrawnLines(form, text, w)
	for _, channel := range form.Channels {
		row := receipt.Answer{Title: text.Channels[channel.Key].Title}
		for _, media := range form.Media {
			scope := consent.Scope{Channel: channel.Key, Media: media}
			standing := s.state.Standing(subject, scope, c.at)
			cell := receipt.Cell{Status: string(standing.Status)}
			switch {
			case standing.Status == consent.StatusGiven:
				cell.Until = standing.Until.In(zone)
			case back.given[scope]:
				cell.Was = string(consent.StatusGiven)
			}
			row.Cells = append(row.Cells, cell)
		}
		doc.Answers = append(doc.Answers, row)
	}
	if err := s.handOutLink(c, consent.RecordID(back.record().ID), &doc); err != nil {
		return r, err
	}
	stored, found, err := c.Event(w.ID)
	if err != nil || !found {
		return r, recordUnknown(consent.RecordID(w.ID))
	}
	r.token = evidence.Token{Kind: evidence.TokenWithdrawal, Organisation: s.organisation.Number, Code: consent.Code(doc.SubjectCode),
		Record: consent.RecordID(w.ID), RecordHash: stored.Hash(), Form: form.Key + " " + form.Version, Issued: w.At}
	doc.Token, err = evidence.EncodeToken(s.key, r.token)
	doc.KeyID = keyID(s.device.ID)
	r.doc = doc
	return r, err
}

// handOutLink puts the personal link of a record on a receipt, where this device handed it out. The link follows from the key of whom the
// record names, who may be merged into somebody else since.
func (s *Session) handOutLink(c *change, id consent.RecordID, doc *receipt.Document) error {
	var handed handedOut
	library := s.libraryAddress()
	if found, err := c.Setting(handedOutSetting(id), &handed); err != nil || !found || library == "" {
		return err
	}
	body, subject, _, _, _ := s.state.Record(id)
	link, err := c.personalLink(subject, handed.LinkNonce, body.Link)
	if err == nil {
		doc.Link = link.URL(library)
	}
	return err
}

// withdrawerName is who withdrew; of what staff passed on, the device on which they wrote it down.
func (s *Session) withdrawerName(w consent.HistoryEntry, subject consent.SubjectID) (string, error) {
	profile, err := s.knownProfile(subject)
	if err != nil {
		return "", err
	}
	switch w.By.Role {
	case consent.RoleGuardian:
		g, _ := profile.Guardian(w.By.Guardian)
		return g.Name, nil
	case consent.RoleStaff:
		return s.deviceName(w.Device), nil
	}
	return profile.Name, nil
}

// withdrawnLines says which of a form's scopes a withdrawal reaches, a line for each channel; nil when that is all of them.
func withdrawnLines(form *consent.Form, text consent.FormText, w consent.HistoryEntry) []string {
	var lines []string
	all := true
	for _, channel := range form.Channels {
		var kinds []string
		for _, media := range form.Media {
			if w.Withdraws(consent.Scope{Channel: channel.Key, Media: media}) {
				kinds = append(kinds, text.Media[media])
			}
		}
		all = all && len(kinds) == len(form.Media)
		if len(kinds) > 0 {
			lines = append(lines, text.Channels[channel.Key].Title+": "+strings.Join(kinds, ", "))
		}
	}
	if all {
		return nil
	}
	if len(lines) == 0 { // of another form than the one that is shown
		for _, scope := range w.Scopes {
			lines = append(lines, scope.String())
		}
	}
	return lines
}
