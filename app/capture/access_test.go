package capture_test

import (
	"archive/zip"
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
)

// export hands out what is registered about a person and reads it back: name → bytes.
func (b *bench) export(r capture.AccessRequest) map[string][]byte {
	b.tb.Helper()
	r.Out = filepath.Join(b.tb.TempDir(), "innsyn.zip")
	done, err := b.ExportPerson(b.ctx, r)
	if err != nil {
		b.tb.Fatal(err)
	}
	raw := mustRead(b.tb, r.Out)
	if info, err := os.Stat(r.Out); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		b.tb.Errorf("others may read it: %v, %v", info.Mode(), err)
	}
	if sum := sha256.Sum256(raw); done.File != r.Out || done.SHA256 != hex.EncodeToString(sum[:]) {
		b.tb.Errorf("export %+v", done)
	}
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		b.tb.Fatal(err)
	}
	parts := map[string][]byte{}
	var names []string
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			b.tb.Fatal(err)
		}
		if parts[f.Name], err = io.ReadAll(r); err != nil {
			b.tb.Fatal(err)
		}
		if !filepath.IsLocal(f.Name) || f.Modified.IsZero() {
			b.tb.Errorf("file %q of %s", f.Name, f.Modified)
		}
		names = append(names, f.Name)
	}
	if !slices.Equal(names, done.Files) {
		b.tb.Errorf("%v, told %v", names, done.Files)
	}
	return parts
}

func tells(parts map[string][]byte, text string) (files []string) {
	for name, data := range parts {
		if strings.Contains(name, text) || bytes.Contains(data, []byte(text)) {
			files = append(files, name)
		}
	}
	return files
}

// GDPR art. 15(1), (3) and (4), 20(1).
func TestAccessExportTellsEverythingOfOnePersonAndNothingOfOthers(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola Nordmann", Phone: "41234567", Notes: "Rød genser", Born: "2015",
		Guardians: []consent.Guardian{{Name: "Kari Nordmann", Phone: "91234567", Email: "kari@example.no"}}})
	per := b.person(capture.Registration{Name: "Per Hansen", Phone: "92345678"})
	b.sign(per, "web:*")
	g := b.signing(ola, "web:photo")
	g.Guardian = 1
	signed, err := b.RecordConsent(b.ctx, g)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: ola.ID, Reason: "vil ikke mer"}); err != nil {
		t.Fatal(err)
	}
	frames := b.importCard(2, ola)
	if err := b.SetPeople(b.ctx, 1, frames[0]); err != nil {
		t.Fatal(err)
	}
	if err := b.Link(b.ctx, per.ID, frames[1]); err != nil {
		t.Fatal(err)
	}

	parts := b.export(capture.AccessRequest{Subject: ola.ID, Pictures: true})
	for _, text := range []string{"Ola Nordmann", "+4741234567", "Rød genser", "Kari Nordmann", "vil ikke mer", string(ola.Code), string(frames[0]), string(frames[1]), "Åpning av ny skole"} {
		if len(tells(parts, text)) == 0 {
			t.Errorf("nothing tells %q", text)
		}
	}
	for _, text := range []string{"Hansen", "2345678", string(per.Code), string(per.ID), "91234567", "kari@example.no", b.dir} {
		if files := tells(parts, text); len(files) > 0 {
			t.Errorf("%v tell %q", files, text)
		}
	}
	for _, name := range []string{"README.txt", "profile.json", "consents.json", "pictures.json", "pictures.csv", "log.json", "consents/" + string(signed.Record) + ".jsonld",
		"receipts/" + string(signed.Record) + ".pdf", "evidence/" + string(signed.Record) + "-1-drawn.svg"} {
		if len(parts[name]) == 0 {
			t.Errorf("%s is not there", name)
		}
	}
	if v, err := b.Verify(parts["receipts/"+string(signed.Record)+".pdf"]); err != nil || v.Record != signed.Record {
		t.Errorf("the receipt does not verify: %v", err)
	}
	pictures := 0
	for name, data := range parts {
		if strings.HasPrefix(name, "pictures/") {
			pictures++
			if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) == string(frames[1]) {
				t.Error("a picture of two people was handed out")
			}
		}
	}
	if pictures != 2 { // the frame and the card
		t.Errorf("%d pictures", pictures)
	}

	var log struct {
		Events []evidence.SignedEvent `json:"events"`
		Keys   []struct {
			PublicKey evidence.PublicKey `json:"public_key"`
		} `json:"keys"`
	}
	if err := json.Unmarshal(parts["log.json"], &log); err != nil || len(log.Events) < 6 || len(log.Keys) != 1 {
		t.Fatalf("log of %d events, %d keys, %v", len(log.Events), len(log.Keys), err)
	}
	for _, e := range log.Events {
		if err := e.Verify(log.Keys[0].PublicKey); err != nil {
			t.Error(err)
		}
	}

	// Asked for, the guardians' contacts come, and then the commitments can be checked too.
	parts = b.export(capture.AccessRequest{Subject: ola.ID, GuardianContacts: true, Language: "en"})
	if len(tells(parts, "kari@example.no")) == 0 || bytes.Contains(parts["profile.json"], []byte(`"commit_key": ""`)) {
		t.Error("the guardians' contacts are not there")
	}
	if readme := string(parts["README.txt"]); !strings.Contains(readme, "What Eksempel kommune has registered") || !strings.Contains(readme, "handed out before on: 2026-11-22") {
		t.Errorf("README %s", readme)
	}
	b.mustAudit()
}

func TestAccessExportIsWholeOrNotThere(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola"})
	dir := t.TempDir()
	path := filepath.Join(dir, "there.zip")
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := b.ExportPerson(b.ctx, capture.AccessRequest{Subject: ola.ID, Out: path})
	wantProblem(t, err, "file-there-already")
	_, err = b.ExportPerson(b.ctx, capture.AccessRequest{Subject: ola.ID, Out: filepath.Join(dir, "x.zip"), Language: "xx"})
	wantProblem(t, err, "access-language-unknown")
	_, err = b.ExportPerson(b.ctx, capture.AccessRequest{Subject: "nobody", Out: filepath.Join(dir, "x.zip")})
	wantProblem(t, err, "subject-unknown")
	_, err = b.ExportPerson(b.ctx, capture.AccessRequest{Subject: ola.ID, Out: filepath.Join(dir, "no", "x.zip")})
	wantProblem(t, err, "cannot-write")
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || string(mustRead(t, path)) != "mine" {
		t.Errorf("left %v, %v", entries, err)
	}
}

// Everything that was registered under either of two registrations of one person is in one export.
func TestAccessExportCoversEveryRegistration(t *testing.T) {
	b := mustBench(t)
	once, twice := b.person(capture.Registration{Name: "Ola Nordmann", Phone: "41234567"}), b.person(capture.Registration{Name: "Ola Nordman", Email: "ola@example.no"})
	b.sign(once, "web:*")
	b.sign(twice, "print:*")
	b.merge(once, twice)
	parts := b.export(capture.AccessRequest{Subject: once.ID})
	for _, text := range []string{string(once.Code), string(twice.Code), "Ola Nordman\"", "Ola Nordmann\"", "ola@example.no"} {
		if len(tells(map[string][]byte{"profile.json": parts["profile.json"]}, text)) == 0 {
			t.Errorf("the profile does not tell %q", text)
		}
	}
	receipts := 0
	for name := range parts {
		if strings.HasPrefix(name, "receipts/") {
			receipts++
		}
	}
	if receipts != 2 {
		t.Errorf("%d receipts", receipts)
	}
}

// A list that many signed shows all of them, and so does the receipt that shows the list.
func TestASharedPaperIsNotHandedOut(t *testing.T) {
	b := mustBench(t)
	var records []consent.RecordID
	var first capture.Person
	for _, name := range []string{"Ola Nordmann", "Per Hansen"} {
		p := b.person(capture.Registration{Name: name})
		g := b.signing(p, "web:*")
		g.Method, g.Signature = capture.Paper, []byte("%PDF-1.4 a list with many names\n%%EOF")
		signed, err := b.RecordConsent(b.ctx, g)
		if err != nil {
			t.Fatal(err)
		}
		if records = append(records, signed.Record); first.ID == "" {
			first = p
		}
	}
	other := mustBench(t)
	other.uniteWith(b)
	for where, b := range map[string]*bench{"where it was signed": b, "where a union brought it": other} {
		parts := b.export(capture.AccessRequest{Subject: first.ID})
		if files := tells(parts, "a list with many names"); len(files) > 0 {
			t.Errorf("%s: %v show the list", where, files)
		}
		if parts["receipts/"+string(records[0])+".pdf"] != nil || !strings.Contains(string(parts["README.txt"]), string(records[0])) {
			t.Errorf("%s: README %s", where, parts["README.txt"])
		}
	}
}

// A file's name or a shoot's title may name somebody else.
func TestNamesThatNameOthersAreLeftOut(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola Nordmann"})
	b.person(capture.Registration{Name: "Åse Strand"})
	shoot, err := b.AddShoot(b.ctx, capture.ShootDetails{Title: "Portrett av Aase", Place: "Skolen"})
	if err != nil {
		t.Fatal(err)
	}
	signing := b.signing(ola, "web:*")
	signing.Shoot = shoot
	if _, err := b.RecordConsent(b.ctx, signing); err != nil {
		t.Fatal(err)
	}
	parts := b.export(capture.AccessRequest{Subject: ola.ID})
	if bytes.Contains(parts["profile.json"], []byte("Aase")) || !bytes.Contains(parts["profile.json"], []byte("Skolen")) {
		t.Errorf("profile %s", parts["profile.json"])
	}
}

// What another device calls its evidence becomes the name of a file, in the folder of whoever unpacks the export.
func TestNoNameInAnExportLeavesItsFolder(t *testing.T) {
	b := mustBench(t)
	_, tablet := b.enrolled()
	ola := b.person(capture.Registration{Name: "Ola Nordmann"})
	signed := b.sign(ola, "web:*")
	var body consent.DecidedBody
	stored := b.log()[slices.IndexFunc(b.log(), func(e capture.StoredEvent) bool { return must1(e.Open()).ID == consent.EventID(signed.Record) })]
	if err := json.Unmarshal(must1(stored.Open()).Body, &body); err != nil {
		t.Fatal(err)
	}
	ref := body.Evidence[0]
	ref.Kind = "/../../../../evil"
	e, _, _, err := evidence.Append(tablet, evidence.Head{}, b.now, rand.Reader, evidence.Draft{Type: consent.ConsentWithdrawn, Subject: ola.ID,
		Body: consent.WithdrawnBody{Signer: consent.Signer{Role: consent.RoleStaff}, Evidence: []consent.EvidenceRef{ref}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.TakeIn(b.ctx, capture.Incoming{Events: []capture.StoredEvent{{SignedEvent: e, ServerSeq: 1, ReceivedAt: b.now}}}); err != nil {
		t.Fatal(err)
	}
	evil := 0
	for name := range b.export(capture.AccessRequest{Subject: ola.ID}) {
		if !filepath.IsLocal(name) {
			t.Errorf("%q leaves its folder", name)
		}
		if strings.Contains(name, "evil") {
			evil++
		}
	}
	if evil != 1 {
		t.Errorf("%d files of the other device's evidence", evil)
	}
}

func TestAccessExportIsRefusedWithinTheVault(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Kari Nordmann"})
	b.Folder = b.dir
	_, err := b.ExportPerson(b.ctx, capture.AccessRequest{Subject: p.ID, Out: filepath.Join(b.dir, "kari.zip")})
	wantProblem(t, err, "out-inside-vault")
	if _, err := os.Stat(filepath.Join(b.dir, "kari.zip")); err == nil {
		t.Error("the file is there all the same")
	}
}
