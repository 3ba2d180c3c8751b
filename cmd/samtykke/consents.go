package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/problem"
)

type consentCommand struct {
	Record   consentRecord   `cmd:"" help:"Record a signed consent."`
	Withdraw consentWithdraw `cmd:"" help:"Take consent back."`
	Show     consentShow     `cmd:"" help:"Show what stands for a person."`
	Due      consentDue      `cmd:"" help:"List who is to be asked again, and why."`
	Export   consentExport   `cmd:"" help:"Write consents as signed JSON-LD, without names."`
}

type consentRecord struct {
	Subject      string          `required:"" help:"Id or short code." placeholder:"ID"`
	Shoot        consent.ShootID `required:"" help:"The shoot." placeholder:"ID"`
	Form         string          `required:"" help:"Key of the form; the embedded one is \"default\"." placeholder:"KEY"`
	Language     string          `required:"" help:"In which the person read it." placeholder:"nb"`
	Yes          string          `help:"Comma list of channel:kind; web:*, *:photo, rest." placeholder:"SCOPES"`
	No           string          `help:"Comma list of channel:kind, or rest." placeholder:"SCOPES"`
	Signature    string          `help:"Drawn signature, SVG or PNG." xor:"evidence" placeholder:"FILE"`
	Paper        string          `help:"Scan of the signed paper: PNG, JPEG or PDF." xor:"evidence" placeholder:"FILE"`
	Verbal       string          `help:"What was said aloud, where, who heard it." xor:"evidence" placeholder:"NOTE"`
	Signer       string          `help:"self, or guardian:N counted from 1." default:"self" placeholder:"self|guardian:N"`
	SoleGuardian string          `help:"Why this guardian decides alone." placeholder:"REASON"`
	Witness      string          `help:"Name of a witness." placeholder:"S"`
}

func (r *consentRecord) Run(c *call) error {
	signing := capture.Signing{Shoot: r.Shoot, Form: r.Form, Language: r.Language, Note: r.Verbal, Witness: r.Witness, SoleGuardian: r.SoleGuardian}
	var err error
	if signing.Guardian, err = parseSigner(r.Signer); err != nil {
		return err
	}
	switch {
	case r.Signature != "":
		signing.Method = capture.Drawn
		signing.Signature, err = readBounded(r.Signature, capture.MaxBlob)
	case r.Paper != "":
		signing.Method = capture.Paper
		signing.Signature, err = readBounded(r.Paper, capture.MaxBlob)
	case r.Verbal != "":
		signing.Method = capture.Verbal
	}
	if err != nil {
		return err
	}
	s, err := c.open()
	if err != nil {
		return err
	}
	if signing.Subject, err = s.Resolve(r.Subject); err != nil {
		return err
	}
	form, err := s.CurrentForm(r.Form)
	if err != nil {
		return err
	}
	if signing.Answers, err = parseAnswers(form, r.Yes, r.No); err != nil {
		return err
	}
	signed, err := s.RecordConsent(c.context, signing)
	if err != nil {
		return err
	}
	standings, err := s.Standings(signing.Subject)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("Saved. Consent %s\nPersonal link: %s", signed.Record, signed.Link)
	if strings.HasPrefix(signed.Link, "/") {
		text += " (leads nowhere until this device belongs to a media library)"
	}
	if waits := awaitingGuardian(standings); len(waits) > 0 {
		text += "\nA guardian has to answer too about: " + strings.Join(waits, ", ")
	}
	return c.answer(map[string]any{"id": signed.Record, "receipt": signed.Record, "token": signed.Token, "personal_link": signed.Link}, text)
}

// awaitingGuardian lists what was said yes to and counts only when a guardian has answered too, in the order of the alphabet.
func awaitingGuardian(standings map[consent.Scope]consent.Standing) []string {
	var waits []string
	for scope, standing := range standings {
		if standing.Status == consent.StatusAwaitingGuardian {
			waits = append(waits, scope.String())
		}
	}
	slices.Sort(waits)
	return waits
}

func parseSigner(text string) (int, error) {
	if text == "self" {
		return 0, nil
	}
	number, ok := strings.CutPrefix(text, "guardian:")
	n, err := strconv.Atoi(number)
	if !ok || err != nil || n < 1 {
		return 0, fmt.Errorf("%w: --signer is self or guardian:1, guardian:2, not %q", errUsage, text)
	}
	return n, nil
}

// parseAnswers reads yes and no lists; "rest" takes what the other list leaves.
func parseAnswers(form *consent.Form, yes, no string) (map[consent.Scope]consent.Decision, error) {
	answers := map[consent.Scope]consent.Decision{}
	lists := []struct {
		text     string
		rest     bool
		decision consent.Decision
	}{{text: yes, decision: consent.DecisionYes}, {text: no, decision: consent.DecisionNo}}
	for i := range lists {
		lists[i].text, lists[i].rest = withoutRest(lists[i].text)
	}
	if lists[0].rest && lists[1].rest {
		return nil, fmt.Errorf("%w: only one of --yes and --no can take the rest", errUsage)
	}
	for _, list := range lists {
		scopes, err := consent.ParseScopes(list.text, form)
		if err != nil {
			return nil, err
		}
		for _, scope := range scopes {
			if answers[scope] != "" {
				return nil, problem.New(problem.Invalid, "scope-twice",
					"{{.scope}} stands under both yes and no; nothing was saved; answer it once.", "scope", scope.String())
			}
			answers[scope] = list.decision
		}
	}
	for _, list := range lists {
		if !list.rest {
			continue
		}
		for _, scope := range form.Scopes() {
			if answers[scope] == "" {
				answers[scope] = list.decision
			}
		}
	}
	return answers, nil
}

// withoutRest takes the word "rest" out of a list, and tells whether it was there.
func withoutRest(list string) (scopes string, rest bool) {
	var kept []string
	for word := range strings.SplitSeq(list, ",") {
		if strings.TrimSpace(word) == "rest" {
			rest = true
			continue
		}
		kept = append(kept, word)
	}
	return strings.Join(kept, ","), rest
}

type consentWithdraw struct {
	Subject string `required:"" help:"Id or short code." placeholder:"ID"`
	Scopes  string `help:"Comma list of channel:kind, or all." default:"all" placeholder:"SCOPES|all"`
	Reason  string `help:"In the person's words; kept sealed." placeholder:"S"`
}

func (w *consentWithdraw) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	withdrawal := capture.Withdrawal{Reason: w.Reason}
	if withdrawal.Subject, err = s.Resolve(w.Subject); err != nil {
		return err
	}
	if w.Scopes != "all" {
		if withdrawal.Scopes, err = s.ParseScopes(w.Scopes); err != nil {
			return err
		}
	}
	done, err := s.Withdraw(c.context, withdrawal)
	if err != nil {
		return err
	}
	text := "Withdrawn. It touches no images."
	if n := len(done.Affected); n > 0 {
		text = fmt.Sprintf("Withdrawn. Images it touches: %d. Copies that were exported must be taken down where they are shown.", n)
	}
	text += deliveriesText(s, done.Delivered)
	folders, copies, err := c.foldersWith(s, done.Delivered)
	if err != nil {
		return err
	}
	return c.answer(map[string]any{"id": done.Event, "affected": done.Affected, "delivered": deliveriesOf(done.Delivered, false), "exported": folders}, text+copies)
}

// deliveriesText names what left for use, in a line for each image and channel.
func deliveriesText(s *capture.Session, delivered []consent.Delivery) string {
	type use struct {
		asset   consent.AssetID
		channel consent.Channel
	}
	var uses []use
	copies, last := map[use]int{}, map[use]time.Time{}
	for _, d := range delivered {
		u := use{d.Asset, d.Channel}
		if copies[u]++; copies[u] == 1 {
			uses = append(uses, u)
		}
		if d.At.After(last[u]) {
			last[u] = d.At
		}
	}
	text := ""
	for _, u := range uses {
		name := u.asset.Short()
		if img, err := s.Image(u.asset); err == nil && img.File.Name != "" {
			name = plain(img.File.Name)
		}
		text += fmt.Sprintf("\n  %s: %s for %s, last on %s", name, counted(copies[u], "copy", "copies"), s.ChannelTitle(u.channel, language),
			last[u].Local().Format(time.DateOnly))
	}
	return text
}

// foldersWith lists the exported folders that hold copies of deliveries, also in words.
func (c *call) foldersWith(s *capture.Session, delivered []consent.Delivery) (folders []string, text string, err error) {
	folders, err = s.FoldersWith(c.context, delivered)
	for _, folder := range folders {
		text += fmt.Sprintf("\n  copies lie in %s; \"image export --again\" removes what is no longer cleared", folder)
	}
	return folders, text, err
}

type consentShow struct {
	Subject string `required:"" help:"Id or short code." placeholder:"ID"`
}

type standingJSON struct {
	Status consent.Status `json:"status"`
	Since  *time.Time     `json:"since"`
	Until  *time.Time     `json:"until"`
	By     string         `json:"by"`
}

type historyJSON struct {
	ID     consent.EventID `json:"id"`
	At     time.Time       `json:"at"`
	Type   string          `json:"type"` // "decided" or "withdrawn"
	By     string          `json:"by"`
	Yes    []consent.Scope `json:"yes,omitempty"`
	No     []consent.Scope `json:"no,omitempty"`
	Scopes any             `json:"scopes,omitempty"` // of a withdrawal: a list, or "all"
}

func (sh *consentShow) Run(c *call) error {
	s, id, err := c.openFor(sh.Subject)
	if err != nil {
		return err
	}
	p, err := s.Person(id)
	if err != nil {
		return err
	}
	standings, err := s.Standings(id)
	if err != nil {
		return err
	}
	history, err := s.History(id)
	if err != nil {
		return err
	}
	scopes := make(map[consent.Scope]standingJSON, len(standings))
	var text strings.Builder
	fmt.Fprintf(&text, "%s  %s\n", p.Code, p.ID)
	for _, scope := range consent.SortedScopes(standings) {
		st := standings[scope]
		scopes[scope] = standingJSON{Status: st.Status, Since: moment(st.Since), Until: moment(st.Until), By: signerText(st.By, p.Profile)}
		fmt.Fprintf(&text, "  %-16s %s\n", scope, st.Status)
	}
	entries := []historyJSON{}
	for _, h := range history {
		entries = append(entries, historyOf(h, p.Profile))
	}
	return c.answer(map[string]any{"subject": p.ID, "code": p.Code, "scopes": scopes, "history": entries}, strings.TrimRight(text.String(), "\n"))
}

func historyOf(h consent.HistoryEntry, p consent.Profile) historyJSON {
	j := historyJSON{ID: h.ID, At: h.At, Type: "withdrawn", By: signerText(h.By, p)}
	if h.Record == nil {
		if j.Scopes = h.Scopes; h.Scopes == nil {
			j.Scopes = "all"
		}
		return j
	}
	j.Type = "decided"
	for _, scope := range consent.SortedScopes(h.Record.Answers) {
		if h.Record.Answers[scope] == consent.DecisionYes {
			j.Yes = append(j.Yes, scope)
		} else {
			j.No = append(j.No, scope)
		}
	}
	return j
}

// signerText writes a signer as --signer takes it: self, guardian:N, staff.
func signerText(by consent.Signer, p consent.Profile) string {
	if by.Role != consent.RoleGuardian {
		return string(by.Role)
	}
	g, known := p.Guardian(by.Guardian)
	if !known {
		return string(by.Role)
	}
	return fmt.Sprintf("guardian:%d", 1+slices.Index(p.Guardians, g))
}

// moment is a time for JSON, null when there is none.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
