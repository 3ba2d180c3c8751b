//go:build story

// Package story_test holds the built programs to the contract of design §8: the command names, flags and JSON keys, the exit codes
// and the one clear sentence on standard error; and to what they must survive.
package story_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"samtykke/app/consent"
	"samtykke/test/drive"
)

// binary finds a built program. The tests are nothing without it, so its absence fails them.
func binary(t *testing.T, variable string) string {
	t.Helper()
	path := os.Getenv(variable)
	if path == "" {
		t.Fatalf("%s does not say where the built program is; run make test", variable)
	}
	return path
}

// photographer is a person with a laptop and a library, at a shoot.
type photographer struct {
	drive.Samtykke
	t         *testing.T
	ctx       context.Context
	library   drive.Mediebank
	server    *drive.Server
	shoot     string
	signature string
}

func newPhotographer(t *testing.T) *photographer {
	t.Helper()
	dir := t.TempDir()
	p := &photographer{t: t, ctx: t.Context(), signature: filepath.Join(dir, "signature.svg"),
		Samtykke: drive.Samtykke{Bin: binary(t, "SAMTYKKE_BIN"), Vault: filepath.Join(dir, "vault")},
		library:  drive.Mediebank{Bin: binary(t, "MEDIEBANK_BIN"), Data: filepath.Join(dir, "library")}}
	if err := os.WriteFile(p.signature, []byte(drive.Signature), 0o600); err != nil {
		t.Fatal(err)
	}
	var made map[string]any
	p.must(&made, "init", "--org-name", "Eksempel kommune", "--org-number", "999999999", "--contact", "post@eksempel.example", "--device-name", "Laptop")
	for _, key := range []string{"vault", "device", "recovery_key"} {
		if made[key] == "" || made[key] == nil {
			t.Errorf("init does not answer %q: %v", key, made)
		}
	}
	var shoot struct{ ID string }
	p.must(&shoot, "shoot", "add", "--title", "Åpning av ny skole", "--place", "Eksempel", "--date", "2026-11-22")
	p.shoot = shoot.ID
	return p
}

func (p *photographer) must(into any, args ...string) {
	p.t.Helper()
	if err := p.JSON(p.ctx, into, args...); err != nil {
		p.t.Fatal(err)
	}
}

type registered struct {
	ID, Code string
}

func (p *photographer) register(args ...string) registered {
	p.t.Helper()
	var r registered
	p.must(&r, append([]string{"subject", "add", "--shoot", p.shoot}, args...)...)
	return r
}

type recorded struct {
	ID, Receipt, Token string
	Link               string `json:"personal_link"`
}

func (p *photographer) record(subject string, args ...string) recorded {
	p.t.Helper()
	var r recorded
	p.must(&r, append([]string{"consent", "record", "--subject", subject, "--shoot", p.shoot, "--form", "default", "--language", "nb", "--signature", p.signature}, args...)...)
	return r
}

// enrol starts the library and makes the laptop one of its devices.
func (p *photographer) enrol() {
	p.t.Helper()
	p.serve("127.0.0.1:0")
	p.t.Cleanup(func() { _ = p.server.Stop() })
	var invitation struct{ Code, URL string }
	if err := p.library.JSON(p.ctx, &invitation, "invite", "--name", "Laptop"); err != nil {
		p.t.Fatal(err)
	}
	p.must(nil, "device", "enrol", invitation.Code)
}

func (p *photographer) serve(listen string) {
	p.t.Helper()
	var err error
	if p.server, err = p.library.Serve(p.ctx, listen); err != nil {
		p.t.Fatal(err)
	}
}

// refused runs a command that must fail: with the exit code, with exactly one line on standard error that holds the words, and
// with nothing changed.
func (p *photographer) refused(code int, words string, args ...string) {
	p.t.Helper()
	stdout, stderr, got, err := p.Run(p.ctx, args...)
	if err != nil {
		p.t.Fatal(err)
	}
	line := strings.TrimSuffix(stderr, "\n")
	if got != code || !strings.Contains(line, words) || strings.Contains(line, "\n") {
		p.t.Errorf("%s\nexit code %d, want %d\nsaid %q, want one line with %q\nstdout %q", strings.Join(args, " "), got, code, stderr, words, stdout)
	}
}

type status struct {
	Subjects, Consents, Assets int
	PendingEvents              int `json:"pending_events"`
	PendingBlobs               int `json:"pending_blobs"`
	ReceivedBlobs              int `json:"received_blobs"`
}

func (p *photographer) status() status {
	p.t.Helper()
	var s status
	p.must(&s, "status")
	return s
}

func (p *photographer) audit() {
	p.t.Helper()
	var audit struct {
		OK       bool
		Problems []string
	}
	p.must(&audit, "audit", "verify")
	if !audit.OK {
		p.t.Errorf("the audit found %v", audit.Problems)
	}
}

// The demo is the main job from end to end; it checks every answer itself.
func TestTheDemosStory(t *testing.T) {
	t.Parallel()
	runDemo(t)
}

// The same story with pictures from real cameras, when a folder of them is at hand.
func TestTheDemosStoryWithRealPictures(t *testing.T) {
	t.Parallel()
	corpus := os.Getenv("SAMTYKKE_CORPUS")
	if corpus == "" {
		t.Skip("SAMTYKKE_CORPUS names no folder with real camera files; the story with made pictures is TestTheDemosStory")
	}
	runDemo(t, "-images", corpus)
}

func TestCaptureOfflineThenSyncThenWithdrawalByLink(t *testing.T) {
	t.Parallel()
	p := newPhotographer(t)
	ola := p.register("--name", "Ola Nordmann", "--phone", "41234567", "--email", "ola@eksempel.example")
	r := p.record(ola.Code, "--yes", "web:*,*:photo", "--no", "rest")
	if !strings.HasPrefix(r.Token, "SMT1:") || !strings.HasPrefix(r.Link, "/P/") || r.ID == "" || r.Receipt == "" {
		t.Errorf("recorded %+v", r)
	}
	card := filepath.Join(t.TempDir(), "card")
	if _, err := drive.Card(card, noon, 2, consent.Code(ola.Code)); err != nil {
		t.Fatal(err)
	}
	var imported struct {
		Imported, Duplicates, Linked int
		Slates                       []struct{ Path, Subject string }
	}
	p.must(&imported, "image", "import", card, "--shoot", p.shoot, "--slates")
	if imported.Imported != 3 || imported.Linked != 2 || len(imported.Slates) != 1 || imported.Slates[0].Subject != ola.ID || !filepath.IsAbs(imported.Slates[0].Path) {
		t.Errorf("imported %+v", imported)
	}
	p.enrol() // back in coverage, after everything
	var synced struct {
		EventsSent int `json:"events_sent"`
		BlobsSent  int `json:"blobs_sent"`
		Pending    int
	}
	p.must(&synced, "sync", "run")
	if synced.Pending != 0 || synced.EventsSent == 0 || synced.BlobsSent == 0 {
		t.Errorf("synced %+v", synced)
	}
	if s := p.status(); s.PendingEvents != 0 || s.PendingBlobs != 0 || s.ReceivedBlobs == 0 {
		t.Errorf("after the sync: %+v", s)
	}
	// The link was minted before the library was known: it works there all the same.
	if err := drive.WithdrawEverything(p.ctx, p.server.Address+r.Link); err != nil {
		t.Fatal(err)
	}
	p.must(nil, "sync", "run")
	var shown struct {
		Scopes map[string]struct{ Status, By string }
	}
	p.must(&shown, "consent", "show", "--subject", ola.ID)
	if len(shown.Scopes) != 24 {
		t.Errorf("%d scopes shown, want 24", len(shown.Scopes))
	}
	for scope, s := range shown.Scopes {
		if s.Status != "withdrawn" {
			t.Errorf("%s is %s after the withdrawal by link", scope, s.Status)
		}
	}
	p.audit()
	var verified struct {
		OK       bool
		Problems []string
	}
	if err := p.library.JSON(p.ctx, &verified, "verify"); err != nil || !verified.OK {
		t.Errorf("the library verifies as %+v, %v", verified, err)
	}
}

func TestAWithdrawalOnOneLaptopWinsOverAnEarlierYesFromAnother(t *testing.T) {
	t.Parallel()
	p := newPhotographer(t)
	p.enrol()
	ola := p.register("--name", "Ola Nordmann")
	p.record(ola.ID, "--yes", "web:photo", "--no", "rest")
	p.must(nil, "sync", "run")

	other := &photographer{t: t, ctx: p.ctx, library: p.library, Samtykke: drive.Samtykke{Bin: p.Bin, Vault: filepath.Join(t.TempDir(), "vault")}}
	other.must(nil, "init", "--org-name", "Eksempel kommune", "--org-number", "999999999", "--contact", "post@eksempel.example")
	var invitation struct{ URL string }
	if err := p.library.JSON(p.ctx, &invitation, "invite"); err != nil {
		t.Fatal(err)
	}
	other.must(nil, "device", "enrol", invitation.URL)
	other.must(nil, "sync", "run")
	var found []registered
	other.must(&found, "subject", "find", "nordmann")
	if len(found) != 1 || found[0].ID != ola.ID {
		t.Fatalf("the second laptop finds %+v", found)
	}
	p.record(ola.ID, "--yes", "*:*")                              // signed on the first laptop, not yet synced
	other.must(nil, "consent", "withdraw", "--subject", ola.Code) // then withdrawn on the second
	other.must(nil, "sync", "run")
	p.must(nil, "sync", "run")
	other.must(nil, "sync", "run")
	for _, laptop := range []*photographer{p, other} {
		var shown struct {
			Scopes map[string]struct{ Status string }
		}
		laptop.must(&shown, "consent", "show", "--subject", ola.ID)
		if got := shown.Scopes["web:photo"].Status; got != "withdrawn" {
			t.Errorf("web:photo is %s", got)
		}
		laptop.audit()
	}
}

func TestBadInputGetsOneClearSentenceAndChangesNothing(t *testing.T) {
	t.Parallel()
	p := newPhotographer(t)
	ola := p.register("--name", "Ola Nordmann")
	before := p.status()
	text := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(text, []byte("not a picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	record := func(args ...string) []string {
		return append([]string{"consent", "record", "--subject", ola.ID, "--shoot", p.shoot, "--language", "nb"}, args...)
	}
	for _, c := range []struct {
		code  int
		words string
		args  []string
	}{
		{2, "see samtykke --help", []string{"subject", "add"}},
		{2, "see samtykke --help", []string{"nonsense"}},
		{2, "see samtykke --help", []string{"shoot", "add", "--title", "T", "--colour", "red"}},
		{1, "phone number", []string{"subject", "add", "--shoot", p.shoot, "--name", "A", "--phone", "12"}},
		{1, "e-mail address", []string{"subject", "add", "--shoot", p.shoot, "--name", "A", "--email", "a@"}},
		{1, "date of birth", []string{"subject", "add", "--shoot", p.shoot, "--name", "A", "--born", "soon"}},
		{1, "no shoot", []string{"subject", "add", "--shoot", "nowhere", "--name", "A"}},
		{1, "nobody", []string{"subject", "show", "K7Q2-M9XX"}},
		{1, "no consent form another", record("--form", "another", "--yes", "web:*", "--no", "rest", "--signature", p.signature)},
		{1, "no scope web:smell", record("--form", "default", "--yes", "web:smell", "--no", "rest", "--signature", p.signature)},
		{1, "press:photo", record("--form", "default", "--yes", "web:*", "--signature", p.signature)},
		{1, "both yes and no", record("--form", "default", "--yes", "web:*", "--no", "web:photo", "--signature", p.signature)},
		{1, "no evidence", record("--form", "default", "--yes", "web:*", "--no", "rest")},
		{1, "cannot be read", record("--form", "default", "--yes", "web:*", "--no", "rest", "--signature", "/no/such/file.svg")},
		{1, "signature file is not a picture", record("--form", "default", "--yes", "web:*", "--no", "rest", "--signature", text)},
		{2, "guardian:1", record("--form", "default", "--yes", "web:*", "--no", "rest", "--signature", p.signature, "--signer", "uncle")},
		{1, "of age", record("--form", "default", "--yes", "web:*", "--no", "rest", "--signature", p.signature, "--signer", "guardian:1")},
		{1, "no consent", []string{"receipt", "write", "--consent", "nothing", "--out", filepath.Join(t.TempDir(), "r.pdf")}},
		{1, "not a whole verification token", []string{"receipt", "verify", "SMT1:ABC"}},
		{1, "cannot be read", []string{"receipt", "verify", "/no/such/file.pdf"}},
		{1, "no image", []string{"image", "clear", "abcdef", "--channel", "web"}},
		{1, "no channel radio", []string{"image", "export", "--channel", "radio", "--out", t.TempDir()}},
		{1, "no export profile", []string{"image", "export", "--channel", "web", "--out", t.TempDir(), "--profile", "secret"}},
		{1, "not an invitation", []string{"device", "enrol", "hello"}},
		{1, "no media library", []string{"sync", "run"}},
		{1, "already", []string{"init", "--org-name", "E", "--org-number", "1", "--contact", "a@b.example"}},
	} {
		p.refused(c.code, c.words, c.args...)
	}
	wrong := p.Samtykke
	wrong.Passphrase = "something else entirely"
	if _, stderr, code, _ := wrong.Run(p.ctx, "status"); code != 1 || !strings.Contains(stderr, "passphrase does not open") {
		t.Errorf("wrong passphrase: exit code %d, %q", code, stderr)
	}
	var imported struct {
		Imported int
		Skipped  []struct{ Path, Reason string }
	}
	p.must(&imported, "image", "import", text, "--shoot", p.shoot)
	if imported.Imported != 0 || len(imported.Skipped) != 1 || imported.Skipped[0].Reason == "" || imported.Skipped[0].Path != text {
		t.Errorf("a text file was imported as %+v", imported)
	}
	if after := p.status(); after != before {
		t.Errorf("bad input changed %+v to %+v", before, after)
	}
}

func TestLibraryThatIsNotThereOrIsSomethingElse(t *testing.T) {
	t.Parallel()
	p := newPhotographer(t)
	p.enrol()
	p.register("--name", "Ola Nordmann")
	waiting := p.status().PendingEvents
	var used struct{ Code string }
	if err := p.library.JSON(p.ctx, &used, "invite"); err != nil {
		t.Fatal(err)
	}
	p.must(nil, "device", "enrol", used.Code)
	p.refused(1, "invitation", "device", "enrol", used.Code)
	address := p.server.Address
	if err := p.server.Stop(); err != nil {
		t.Fatal(err)
	}
	p.refused(1, "library", "sync", "run")
	if got := p.status().PendingEvents; got != waiting {
		t.Errorf("%d events wait, %d did before the library was gone", got, waiting)
	}
	p.serve(strings.TrimPrefix(address, "http://"))
	p.must(nil, "sync", "run")
	if got := p.status().PendingEvents; got != 0 {
		t.Errorf("%d events still wait after the library came back", got)
	}
}

func TestLinkThatIsNotSyncedYetSaysSo(t *testing.T) {
	t.Parallel()
	p := newPhotographer(t)
	p.enrol()
	r := p.record(p.register("--name", "Ola Nordmann").ID, "--yes", "web:*", "--no", "rest")
	reader, err := drive.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	if err := reader.Open(p.ctx, r.Link); err == nil {
		t.Error("a link that the library has not heard of opens")
	}
	if text := reader.Text(); !strings.Contains(text, "ikke") || strings.Contains(text, "Nordmann") {
		t.Errorf("the page says %q", text)
	}
	p.must(nil, "sync", "run")
	if err := reader.Open(p.ctx, r.Link); err != nil {
		t.Error(err)
	}
}

func runDemo(t *testing.T, args ...string) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	binary(t, "SAMTYKKE_BIN")
	out, err := drive.Demo(t.Context(), root, append(args, "-window=false", "-out", t.TempDir())...)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Log(out)
}

// A vault that is older than what it once sent, restored after damage or from a copy, must not fork its log: the library would put
// every later event aside, withdrawals too.
func TestARestoredVaultCatchesUpBeforeItGoesOn(t *testing.T) {
	t.Parallel()
	p := newPhotographer(t)
	p.enrol()
	ola := p.register("--name", "Ola Nordmann")
	p.record(ola.ID, "--yes", "web:*", "--no", "rest")
	p.must(nil, "sync", "run")
	copied := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(copied, os.DirFS(p.Vault)); err != nil {
		t.Fatal(err)
	}
	p.must(nil, "shoot", "add", "--title", "After the copy")
	p.must(nil, "sync", "run")

	old := *p
	old.Vault = copied
	old.must(nil, "consent", "withdraw", "--subject", ola.ID) // signed before it hears that it is behind
	var synced struct {
		Pending    int
		HeldEvents int `json:"held_events"`
	}
	old.must(&synced, "sync", "run")
	if synced.Pending != 0 || synced.HeldEvents != 0 {
		t.Errorf("the restored vault synced as %+v", synced)
	}
	old.audit()
	old.must(nil, "shoot", "add", "--title", "And on")
	old.must(nil, "sync", "run")
	old.audit()
	p.must(nil, "sync", "run") // the other copy hears of the withdrawal
	p.audit()
	var shown struct {
		Scopes map[string]struct{ Status string }
	}
	p.must(&shown, "consent", "show", "--subject", ola.ID)
	if got := shown.Scopes["web:photo"].Status; got != "withdrawn" {
		t.Errorf("web:photo is %s", got)
	}
	var verified struct{ OK bool }
	if err := p.library.JSON(p.ctx, &verified, "verify"); err != nil || !verified.OK {
		t.Errorf("the library verifies as %+v, %v", verified, err)
	}
}
