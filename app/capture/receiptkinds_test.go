package capture_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
	"samtykke/assets"
)

// printed is what a receipt says on paper, each run of space as one.
func printed(tb testing.TB, pdf []byte) string {
	tb.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		if os.Getenv("SAMTYKKE_NO_TOOLS") != "" {
			tb.Skip("pdftotext is not installed and SAMTYKKE_NO_TOOLS is set")
		}
		tb.Fatal("pdftotext is needed for this test (package poppler-utils); set SAMTYKKE_NO_TOOLS=1 to do without")
	}
	path := filepath.Join(tb.TempDir(), "receipt.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		tb.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-raw", path, "-").Output()
	if err != nil {
		tb.Fatal(err)
	}
	return strings.Join(strings.Fields(string(out)), " ")
}

// receiptOf is a receipt and what it says, in English.
func (b *bench) receiptOf(id consent.RecordID) (pdf []byte, text string) {
	b.tb.Helper()
	pdf, err := b.WriteReceipt(b.ctx, id, "en")
	if err != nil {
		b.tb.Fatal(err)
	}
	return pdf, printed(b.tb, pdf)
}

// say is a text of receipts in English; of one that holds a value the part before it.
func say(id string) string {
	text := assets.NewTexts("en").T("receipt."+id, map[string]any{"Date": "§", "Time": "§", "Answer": "§", "Name": "§", "Reason": "§", "Code": "§"})
	before, _, _ := strings.Cut(text, "§")
	return strings.TrimSpace(before)
}

func wantSaid(t *testing.T, text string, ids ...string) {
	t.Helper()
	for _, id := range ids {
		if want := say(id); want == "" || !strings.Contains(text, want) {
			t.Errorf("the receipt does not say %q (%s):\n%s", want, id, text)
		}
	}
}

func TestReceiptFollowsWhatTheSameSignerSaidBefore(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Ola Nordmann"})
	for _, act := range []struct {
		yes, title string
		was        int // cells that were something else before
	}{
		{"web:*", "title", 0},
		{"web:*", "title.renewal", 0},
		{"web:*,print:photo", "title.change", 1},
		{"web:photo", "title.change", 3},
		{"", "title.refusal", 1},
		{"web:photo", "title.change", 1},
	} {
		b.now = b.now.AddDate(0, 1, 0)
		_, text := b.receiptOf(b.sign(p, act.yes).Record)
		wantSaid(t, text, act.title)
		if n := strings.Count(text, say("was")); n != act.was {
			t.Errorf("yes to %q: %d answers were others before, want %d", act.yes, n, act.was)
		}
	}
}

func TestYesThatNoLongerStandsIsNotPrintedAsOne(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Ola Nordmann"})
	signed := b.sign(p, "web:photo")
	b.now = b.now.AddDate(0, 0, 1)
	if _, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: p.ID}); err != nil {
		t.Fatal(err)
	}
	_, text := b.receiptOf(signed.Record)
	if !strings.Contains(text, "Withdrawn answered: Yes") {
		t.Errorf("the receipt says:\n%s", text)
	}
}

func TestGuardiansReceiptsSayWhatStillWaits(t *testing.T) {
	b := mustBench(t)
	child := capture.Registration{Name: "Kari Nordmann", Born: "2015-03-04", Guardians: []consent.Guardian{
		{Name: "Ola Nordmann", Phone: "41234567"}, {Name: "Siri Nordmann", Phone: "41234568"}}}
	sign := func(p capture.Person, change func(*capture.Signing)) (string, consent.RecordID) {
		b.now = b.now.AddDate(0, 0, 1)
		g := b.signing(p, "web:*")
		change(&g)
		signed, err := b.RecordConsent(b.ctx, g)
		if err != nil {
			t.Fatal(err)
		}
		_, text := b.receiptOf(signed.Record)
		return text, signed.Record
	}
	p := b.person(child)
	first, record := sign(p, func(g *capture.Signing) { g.Guardian = 1 })
	wantSaid(t, first, "status.awaiting-guardian", "guardian.note", "guardian.how")
	if !strings.Contains(first, "Ola Nordmann, guardian") || !strings.Contains(first, string(p.Code)) {
		t.Errorf("the first receipt says:\n%s", first)
	}
	second, _ := sign(p, func(g *capture.Signing) { g.Guardian = 2 })
	wantSaid(t, second, "guardian.complete")
	if strings.Contains(second, say("status.awaiting-guardian")) || !strings.Contains(second, "Siri Nordmann, guardian") {
		t.Errorf("the second receipt says:\n%s", second)
	}
	if _, again := b.receiptOf(record); !strings.Contains(again, say("guardian.complete")) {
		t.Errorf("written again, the first receipt does not say that all have answered:\n%s", again)
	}
	heard, _ := sign(p, func(g *capture.Signing) { g.Guardian = 0 })
	wantSaid(t, heard, "child.note")
	if !strings.Contains(heard, "Kari Nordmann, the child’s own answer") {
		t.Errorf("the child's receipt says:\n%s", heard)
	}
	child.Name, child.Guardians = "Per Nordmann", child.Guardians[:1]
	sole, _ := sign(b.person(child), func(g *capture.Signing) { g.Guardian, g.SoleGuardian = 1, "Har foreldreansvaret alene" })
	wantSaid(t, sole, "guardian.sole")
	if !strings.Contains(sole, "Har foreldreansvaret alene") {
		t.Errorf("the receipt of the only guardian says:\n%s", sole)
	}
}

func TestWithdrawalHasAReceiptThatNamesWhatItTookBack(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Ola Nordmann"})
	signed := b.sign(p, "web:*,print:photo")
	b.now = b.now.AddDate(0, 0, 1)
	done, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: p.ID, Scopes: []consent.Scope{webPhoto}})
	if err != nil {
		t.Fatal(err)
	}
	id := consent.RecordID(done.Event)
	pdf, text := b.receiptOf(id)
	wantSaid(t, text, "title.withdrawal", "lead.withdrawal", "stands", "terms.published.text")
	for _, want := range []string{string(id), "Withdrawn before: Yes", "laptop, who wrote it down"} {
		if !strings.Contains(text, want) {
			t.Errorf("the receipt does not say %q:\n%s", want, text)
		}
	}
	if n := strings.Count(text, say("was")); n != 1 || !strings.Contains(strings.ReplaceAll(text, " ", ""), string(signed.Record)) {
		t.Errorf("%d answers are marked as taken back, or the consent is not named:\n%s", n, text)
	}
	v, err := b.Verify(pdf)
	if err != nil || v.Kind != evidence.TokenWithdrawal || v.Record != id || v.SignedBy != "laptop" || !v.KnownHere || len(v.StillGiven) != 0 || !v.Until.IsZero() {
		t.Errorf("verified as %+v, %v", v, err)
	}
	document, err := b.RecordDocument(b.ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	var read evidence.ConsentReceipt
	if err := json.Unmarshal(document, &read); err != nil || read.Identifier != signed.Record || !read.About(id) {
		t.Errorf("the document is of %s: %v", read.Identifier, err)
	}
	if got := stands(t, read, webPhoto); got != "dpv:ConsentWithdrawn" {
		t.Errorf("in the document web:photo stands at %s", got)
	}
	if problems := mustAudit(t, b); len(problems) != 0 {
		t.Errorf("the audit finds %v", problems)
	}
	b.now = b.now.AddDate(0, 0, 1)
	b.sign(p, "web:photo")
	if v, err := b.Verify(pdf); err != nil || !slices.Equal(v.StillGiven, []consent.Scope{webPhoto}) {
		t.Errorf("after a new yes: %+v, %v", v, err)
	}
}

func mustAudit(tb testing.TB, b *bench) []string {
	tb.Helper()
	audit, err := b.Audit(b.ctx)
	if err != nil {
		tb.Fatal(err)
	}
	return audit.Problems
}

func TestRefusalIsVerifiedAsOne(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Ola Nordmann"})
	refused := b.sign(p, "")
	if v, err := b.Verify([]byte(refused.Token)); err != nil || !v.Refusal || v.WithdrawnSince || len(v.StillGiven) != 0 {
		t.Errorf("a refusal: %+v, %v", v, err)
	}
	b.now = b.now.AddDate(0, 0, 1)
	given := b.sign(p, "web:photo,print:photo")
	b.now = b.now.AddDate(0, 0, 1)
	next := b.now
	if _, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: p.ID, Scopes: []consent.Scope{webPhoto}}); err != nil {
		t.Fatal(err)
	}
	v, err := b.Verify([]byte(given.Token))
	if err != nil || v.Refusal || !v.WithdrawnSince || v.WithdrawnAt.Before(next) || len(v.StillGiven) != 1 || v.StillGiven[0].Channel != "print" {
		t.Errorf("a consent withdrawn in part: %+v, %v", v, err)
	}
	if _, err := b.Erase(b.ctx, capture.Erasure{Subject: p.ID, Reason: "asked for it"}); err != nil {
		t.Fatal(err)
	}
	if v, err := b.Verify([]byte(given.Token)); err != nil || !v.Erased || len(v.StillGiven) != 0 {
		t.Errorf("of somebody erased: %+v, %v", v, err)
	}
}

func TestWithdrawalOfNothingHasNoReceipt(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Ola Nordmann"})
	done, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: p.ID})
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.WriteReceipt(b.ctx, consent.RecordID(done.Event), "")
	wantProblem(t, err, "withdrawal-of-nothing")
}

func TestChangedReceiptIsFoundWhereverItWasChanged(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Ola Nordmann"})
	one, err := b.WriteReceipt(b.ctx, b.sign(p, "web:*").Record, "")
	if err != nil {
		t.Fatal(err)
	}
	other, err := b.WriteReceipt(b.ctx, b.sign(b.person(capture.Registration{Name: "Kari Nordmann"}), "print:*").Record, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Verify(one); err != nil {
		t.Fatal(err)
	}
	// A changed seal mark is no seal, and a changed name of a device is that of a device that nobody knows.
	found := []string{"receipt-unsealed", "token-stranger", "document-stranger"}
	refused := func(what string, file []byte) string {
		t.Helper()
		_, err := b.Verify(file)
		if err == nil {
			t.Errorf("%s: verifies", what)
		} else if !slices.Contains(found, problem.Of(err).ID) && problem.KindOf(err) != problem.Damaged {
			t.Errorf("%s: %v", what, err)
		}
		return problem.Of(err).ID
	}
	for i := 8; i < len(one); i += 97 {
		changed := slices.Clone(one)
		changed[i] ^= 1
		refused("a changed byte", changed)
	}
	const token, seal = "%SAMTYKKE-TOKEN ", "%SAMTYKKE-SEAL "
	at := func(file []byte, mark string) int { return strings.LastIndex(string(file), mark) }
	if got := refused("something after the end", append(slices.Clone(one), "\n9 0 obj\n<< /Type /Catalog >>\nendobj\nstartxref\n0\n%%EOF\n"...)); got != "receipt-changed" {
		t.Errorf("an incremental update is called %s", got)
	}
	page := slices.Concat(one[:at(one, token)], []byte("8 0 obj\n<< /Type /Page >>\nendobj\n"), one[at(one, token):])
	if got := refused("a page more", page); got != "receipt-changed" {
		t.Errorf("a page more is called %s", got)
	}
	pasted := slices.Concat(one[:at(one, token)], other[at(other, token):at(other, seal)], one[at(one, seal):])
	refused("the token of another", pasted)
	refused("token and seal of another", slices.Concat(one[:at(one, token)], other[at(other, token):]))
	refused("no seal", one[:at(one, seal)])
	attachment := func(file []byte) (from, to int) {
		from = strings.Index(string(file), "/Type /EmbeddedFile")
		return from, from + strings.Index(string(file[from:]), "endstream")
	}
	from, to := attachment(one)
	otherFrom, otherTo := attachment(other)
	swapped := slices.Concat(one[:from], other[otherFrom:otherTo], one[to:])
	if got := refused("the document of another", swapped); got != "receipt-attachment-changed" {
		t.Errorf("an exchanged attachment is called %s", got)
	}
}
