package capture_test

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/problem"
	"samtykke/storage/vault"
	"samtykke/test/drive"
)

const passphrase = "a quiet fjord in november"

var organisation = consent.Organisation{Name: "Eksempel kommune", Number: "999999999", Contact: "post@eksempel.example"}

// bench is a session on a real vault, with a clock that the test turns.
type bench struct {
	*capture.Session
	tb    testing.TB
	ctx   context.Context
	dir   string
	vault *vault.Vault
	now   time.Time
	shoot consent.ShootID
}

// lightKDF keeps unlocking fast; the strength of the derivation is not what these tests are about.
var lightKDF = vault.Options{KDF: vault.KDF{Time: 1, MemoryKiB: 64, Threads: 1}}

func mustBench(tb testing.TB) *bench {
	tb.Helper()
	b := &bench{tb: tb, ctx: tb.Context(), dir: filepath.Join(tb.TempDir(), "vault"), now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.Local)}
	v, _, err := vault.Create(b.ctx, b.dir, passphrase, lightKDF)
	if err != nil {
		tb.Fatal(err)
	}
	b.vault = v
	if _, err := capture.Initialise(b.ctx, b.parts(), capture.Setup{Organisation: organisation, DeviceName: "laptop"}); err != nil {
		tb.Fatal(err)
	}
	b.load()
	tb.Cleanup(func() { _ = b.vault.Close() })
	if b.shoot, err = b.AddShoot(b.ctx, capture.ShootDetails{Title: "Åpning av ny skole", Photographer: "Fotografen"}); err != nil {
		tb.Fatal(err)
	}
	return b
}

func (b *bench) parts() capture.Parts {
	return capture.Parts{Store: b.vault, Originals: b.vault.Originals(), Previews: b.vault.Previews(), Random: rand.Reader,
		Clock: func() time.Time { b.now = b.now.Add(time.Second); return b.now }}
}

func (b *bench) load() {
	b.tb.Helper()
	s, err := capture.Open(b.ctx, b.parts())
	if err != nil {
		b.tb.Fatal(err)
	}
	b.Session = s
}

// reopen closes the vault and opens it again, as the next start of the program does.
func (b *bench) reopen() {
	b.tb.Helper()
	if err := b.vault.Close(); err != nil {
		b.tb.Fatal(err)
	}
	b.open()
}

// open opens the vault that was closed.
func (b *bench) open() {
	b.tb.Helper()
	v, err := vault.Open(b.ctx, b.dir, passphrase, lightKDF)
	if err != nil {
		b.tb.Fatal(err)
	}
	b.vault = v
	b.load()
}

func (b *bench) person(r capture.Registration) capture.Person {
	b.tb.Helper()
	r.Shoot = b.shoot
	p, err := b.Register(b.ctx, r)
	if err != nil {
		b.tb.Fatal(err)
	}
	return p
}

// signing says yes to the listed scopes and no to the rest.
func (b *bench) signing(p capture.Person, yes string) capture.Signing {
	b.tb.Helper()
	form, err := b.CurrentForm("default")
	if err != nil {
		b.tb.Fatal(err)
	}
	scopes, err := consent.ParseScopes(yes, form)
	if err != nil {
		b.tb.Fatal(err)
	}
	answers := map[consent.Scope]consent.Decision{}
	for _, s := range form.Scopes() {
		answers[s] = consent.DecisionNo
	}
	for _, s := range scopes {
		answers[s] = consent.DecisionYes
	}
	return capture.Signing{Subject: p.ID, Shoot: b.shoot, Form: "default", Language: "nb", Answers: answers, Method: capture.Drawn, Signature: []byte(drive.Signature)}
}

func (b *bench) sign(p capture.Person, yes string) capture.Signed {
	b.tb.Helper()
	signed, err := b.RecordConsent(b.ctx, b.signing(p, yes))
	if err != nil {
		b.tb.Fatal(err)
	}
	return signed
}

func (b *bench) status(p capture.Person, scope consent.Scope) consent.Status {
	b.tb.Helper()
	standings, err := b.Standings(p.ID)
	if err != nil {
		b.tb.Fatal(err)
	}
	return standings[scope].Status
}

var webPhoto = consent.Scope{Channel: "web", Media: consent.Photo}

func wantProblem(t *testing.T, err error, id string) {
	t.Helper()
	if !errors.Is(err, &problem.Problem{ID: id}) {
		t.Errorf("got %v, want the problem %s", err, id)
	}
}

// Design §3.1: what was answered is there after the next start.
func TestWhatWasAnsweredIsThereAfterReopening(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Ola Nordmann", Phone: "41234567"})
	signed := b.sign(p, "web:*")
	b.reopen()
	if got := b.status(p, webPhoto); got != consent.StatusGiven {
		t.Errorf("after reopening web:photo is %s", got)
	}
	again, err := b.Person(p.ID)
	if err != nil || again.Profile.Name != "Ola Nordmann" || again.Code != p.Code {
		t.Errorf("after reopening the person is %+v, %v", again, err)
	}
	audit, err := b.Audit(b.ctx)
	if err != nil || len(audit.Problems) > 0 || audit.Events == 0 {
		t.Errorf("audit %+v, %v", audit, err)
	}
	if file, err := b.WriteReceipt(b.ctx, signed.Record, ""); err != nil || len(file) == 0 {
		t.Errorf("receipt of %d bytes, %v", len(file), err)
	}
}

func TestUnansweredScopesRefuseTheWholeByName(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Ola"})
	before, _ := b.Status(b.ctx)
	g := b.signing(p, "web:*")
	delete(g.Answers, consent.Scope{Channel: "press", Media: consent.Audio})
	_, err := b.RecordConsent(b.ctx, g)
	wantProblem(t, err, "scopes-unanswered")
	if err == nil || !strings.Contains(err.Error(), "press:audio") {
		t.Errorf("%v does not name press:audio", err)
	}
	if after, _ := b.Status(b.ctx); after != before {
		t.Errorf("a refused consent left something behind: %+v, before %+v", after, before)
	}
}

func TestWhatCannotBeConsentIsRefused(t *testing.T) {
	b := mustBench(t)
	adult := b.person(capture.Registration{Name: "Ola", Born: "1980"})
	small := b.person(capture.Registration{Name: "Kari", Born: "2021", Guardians: []consent.Guardian{{Name: "Ola"}}})
	for id, change := range map[string]func(*capture.Signing){
		"form-unknown":          func(g *capture.Signing) { g.Form = "another" },
		"form-language-missing": func(g *capture.Signing) { g.Language = "tlh" },
		"shoot-unknown":         func(g *capture.Signing) { g.Shoot = "nowhere" },
		"subject-unknown":       func(g *capture.Signing) { g.Subject = "nobody" },
		"evidence-missing":      func(g *capture.Signing) { g.Method = "" },
		"signature-empty":       func(g *capture.Signing) { g.Signature = nil },
		"signature-unreadable":  func(g *capture.Signing) { g.Signature = []byte("not a picture") },
		"verbal-note-missing":   func(g *capture.Signing) { g.Method = capture.Verbal },
		"of-age":                func(g *capture.Signing) { g.Guardian = 1 },
		"child-too-young":       func(g *capture.Signing) { g.Subject = small.ID },
		"guardian-unknown":      func(g *capture.Signing) { g.Subject, g.Guardian = small.ID, 2 },
		"unknown-scope": func(g *capture.Signing) {
			g.Answers[consent.Scope{Channel: "radio", Media: consent.Audio}] = consent.DecisionNo
		},
	} {
		g := b.signing(adult, "web:*")
		change(&g)
		_, err := b.RecordConsent(b.ctx, g)
		wantProblem(t, err, id)
	}
	const empty = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"></svg>`
	g := b.signing(adult, "web:*")
	g.Signature = []byte(empty)
	_, err := b.RecordConsent(b.ctx, g)
	wantProblem(t, err, "signature-empty")
}

func TestSecondGuardianMaySignLater(t *testing.T) {
	b := mustBench(t)
	kari := b.person(capture.Registration{Name: "Kari", Born: "2016", Guardians: []consent.Guardian{{Name: "Ola"}, {Name: "Anne"}}})
	for guardian := 1; guardian <= 2; guardian++ {
		g := b.signing(kari, "web:photo")
		g.Guardian = guardian
		if _, err := b.RecordConsent(b.ctx, g); err != nil {
			t.Fatal(err)
		}
		want := consent.StatusAwaitingGuardian
		if guardian == 2 {
			want = consent.StatusGiven
		}
		if got := b.status(kari, webPhoto); got != want {
			t.Errorf("after guardian %d web:photo is %s, want %s", guardian, got, want)
		}
	}
}

func TestWithdrawalNamesTheImagesItTouches(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Ola"})
	b.sign(p, "web:*")
	b.importCard(1, p)
	if _, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: p.ID, Scopes: []consent.Scope{{Channel: "web", Media: consent.Audio}}}); err != nil {
		t.Fatal(err)
	}
	refused, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: p.ID, Scopes: []consent.Scope{{Channel: "social", Media: consent.Photo}}})
	if err != nil || len(refused.Affected) != 0 {
		t.Errorf("withdrawing what was refused touches %v, %v", refused.Affected, err)
	}
	done, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: p.ID, Scopes: []consent.Scope{webPhoto}, Reason: "changed my mind"})
	if err != nil || len(done.Affected) != 1 || done.Event == "" {
		t.Errorf("withdrawn %+v, %v; want one image", done, err)
	}
	if got := b.status(p, webPhoto); got != consent.StatusWithdrawn {
		t.Errorf("web:photo is %s", got)
	}
}

func TestReceiptVerifiesOfflineAndSaysWhatWasWithdrawnSince(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Ola"})
	signed := b.sign(p, "web:*")
	file, err := b.WriteReceipt(b.ctx, signed.Record, "en")
	if err != nil {
		t.Fatal(err)
	}
	for what, input := range map[string][]byte{"receipt": file, "token": []byte(signed.Token)} {
		v, err := b.Verify(input)
		if err != nil || v.Record != signed.Record || v.Code != p.Code || v.SignedBy != "laptop" || !v.KnownHere || v.WithdrawnSince {
			t.Errorf("%s: %+v, %v", what, v, err)
		}
	}
	if _, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: p.ID}); err != nil {
		t.Fatal(err)
	}
	if v, err := b.Verify(file); err != nil || !v.WithdrawnSince {
		t.Errorf("after the withdrawal: %+v, %v", v, err)
	}
	file[len(file)/2] ^= 1
	_, err = b.Verify(file)
	wantProblem(t, err, "receipt-changed")
	_, err = b.Verify([]byte("%PDF-1.4 something else"))
	wantProblem(t, err, "receipt-unsealed")
	_, err = b.Verify([]byte("hello"))
	wantProblem(t, err, "token-unreadable")
}

func TestPeopleAreFoundHoweverTheyAreSpelled(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Åse Bjørndalen-Sæther", Phone: "41234567", Email: "ase@eksempel.example"})
	b.person(capture.Registration{Name: "Somebody Else"})
	for _, text := range []string{"åse", "aase", "ase", "BJORN", "bjørn", "saeth", "+4741234567", "ase@eks", string(p.Code), strings.ToLower(strings.ReplaceAll(string(p.Code), "-", ""))} {
		found := b.Find(capture.Search{Text: text})
		if len(found) != 1 || found[0].ID != p.ID {
			t.Errorf("%q finds %d people", text, len(found))
		}
	}
}

func TestCorrectionKeepsGuardiansWhoTheyAre(t *testing.T) {
	b := mustBench(t)
	kari := b.person(capture.Registration{Name: "Kari", Born: "2016", Guardians: []consent.Guardian{{Name: "Ola"}, {Name: "Anne"}}})
	g := b.signing(kari, "internal:photo")
	g.Guardian = 2
	if _, err := b.RecordConsent(b.ctx, g); err != nil {
		t.Fatal(err)
	}
	phone := "41234567"
	guardians := []consent.Guardian{{Name: "anne", Phone: "41234568"}, {Name: "Per"}}
	amended, err := b.Amend(b.ctx, kari.ID, capture.Amendment{Phone: &phone, Guardians: &guardians})
	if err != nil {
		t.Fatal(err)
	}
	if amended.Profile.Guardians[0].ID != kari.Profile.Guardians[1].ID || amended.Profile.Revision != 2 || amended.Profile.Phone != "+4741234567" {
		t.Errorf("amended to %+v, was %+v", amended.Profile, kari.Profile)
	}
	if got := b.status(kari, consent.Scope{Channel: "internal", Media: consent.Photo}); got != consent.StatusGiven {
		t.Errorf("internal:photo is %s after the correction", got)
	}
}

func TestNobodyIsLinkedWhoIsNotToBePhotographed(t *testing.T) {
	b := mustBench(t)
	avoid := b.person(capture.Registration{Name: "red jacket", Avoid: true})
	ids := b.importCard(1, b.person(capture.Registration{Name: "Ola"}))
	wantProblem(t, b.Link(b.ctx, avoid.ID, ids...), "subject-avoid")
}

// importCard imports a made memory card with n frames after each person's slate and returns the frames' ids in order.
func (b *bench) importCard(n int, people ...capture.Person) []consent.AssetID {
	b.tb.Helper()
	var codes []consent.Code
	for _, p := range people {
		codes = append(codes, p.Code)
	}
	dir := b.tb.TempDir()
	if _, err := drive.Card(dir, b.now, n, codes...); err != nil {
		b.tb.Fatal(err)
	}
	report, err := b.Import(b.ctx, capture.Import{Shoot: b.shoot, Paths: []string{dir}, Slates: true})
	if err != nil || len(report.Slates) != len(people) || report.Linked != n*len(people) {
		b.tb.Fatalf("import %+v, %v", report, err)
	}
	var ids []consent.AssetID
	for _, img := range b.Images(capture.ImageFilter{Shoot: b.shoot}) {
		if len(img.File.Slate) == 0 {
			ids = append(ids, img.ID)
		}
	}
	return ids
}

func readAll(tb testing.TB, o capture.Original) []byte {
	tb.Helper()
	raw, err := io.ReadAll(io.NewSectionReader(o, 0, o.Size()))
	if err != nil {
		tb.Fatal(err)
	}
	if err := o.Close(); err != nil {
		tb.Fatal(err)
	}
	return raw
}

func mustRead(tb testing.TB, path string) []byte {
	tb.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

func TestTypedNameIsEnoughForWhoCannotDraw(t *testing.T) {
	b := mustBench(t)
	g := b.signing(b.person(capture.Registration{Name: "Ola"}), "web:*")
	g.Method, g.Signature = capture.Typed, nil
	_, err := b.RecordConsent(b.ctx, g)
	wantProblem(t, err, "signature-empty")
	g.TypedName = "Ola Nordmann"
	signed, err := b.RecordConsent(b.ctx, g)
	if err != nil {
		t.Fatal(err)
	}
	if file, err := b.WriteReceipt(b.ctx, signed.Record, "nn"); err != nil || len(file) == 0 {
		t.Errorf("receipt of %d bytes, %v", len(file), err)
	}
}
