//go:build story

package story_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"samtykke/app/consent"
	"samtykke/app/picture/picturetest"
	"samtykke/test/drive"
)

// markers are made-up words that appear nowhere else, one for each kind of personal data, so that one found on a disk says by
// which way it got there.
var markers = map[string]string{
	"name":           "Qvzolanordmann",
	"phone":          "41927364",
	"e-mail":         "qvzpost",
	"birth date":     "2014-07-19",
	"guardian":       "Qvzkarinordmann",
	"guardian phone": "97418263",
	"note":           "qvzmerknadallergi",
	"shoot":          "Qvzskoleskjulested",
	"signature":      "731.9375 482.0625",
	"typed or said":  "qvzmuntligutsagn",
	"witness":        "Qvzvitnesen",
	"reason":         "qvzgrunnskilsmisse",
	"file name":      "qvzbildeavola",
	"ground":         "qvzbegrunnelse",
	"roster":         "Qvzklasselistenavn",
	"group":          "qvzklassesyvb",
	"correction":     "Qvzrettetnavn",
	"rejection":      "qvzikkedettebildet",
	"erased":         "Qvzslettetperson",
	"erasure":        "qvzslettefordi",
	"PIN":            "73918264",
	"caption":        "Qvzbildeteksten",
	"maker note":     "qvzkameraetsmerke",
	"recording":      "qvzlydopptaket",
	"signed paper":   "Qvzpapirskannet",
	"read on paper":  "Qvzlestpaapapir",
	"waiting paper":  "Qvzventerpapir",
	"card's folder":  "qvzminnekortet",
	"exported to":    "qvzleveransen",
}

// Design §3.8 and §3.9: a lost laptop tells nothing. Everything personal goes in by every way there is, the program is killed in
// the midst of it and closed properly, and then no file of the vault, of the user's folders or of the temporary folder has a
// trace of it, in any common encoding; nor has a backup. What the photographer asked to be written out lies elsewhere.
func TestNothingPersonalLiesInTheClear(t *testing.T) {
	home, temporary := t.TempDir(), t.TempDir()
	for _, name := range []string{"HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"} {
		t.Setenv(name, home)
	}
	out := t.TempDir() // made before the temporary folder moves: what is written out on purpose
	p := newPhotographer(t)
	t.Setenv("TMPDIR", temporary)
	said := &strings.Builder{}
	p.leaveMarkers(out, said)
	if err := p.server.Stop(); err != nil {
		t.Error(err)
	}
	for _, at := range []string{p.Vault, home, temporary, filepath.Join(out, "stick"), filepath.Join(out, "for-anybody"), filepath.Join(out, "drawn-for-anybody")} {
		findMarkers(t, at)
	}
	reportMarkers(t, "what the commands said on standard error", []byte(said.String()))
	reportMarkers(t, "the library's log", []byte(p.server.Log()))
}

// leaveMarkers brings every marker into the vault by every command that takes personal data.
func (p *photographer) leaveMarkers(out string, said *strings.Builder) {
	p.t.Helper()
	file := func(name, content string) string {
		path := filepath.Join(out, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			p.t.Fatal(err)
		}
		return path
	}
	run := func(args ...string) {
		p.t.Helper()
		_, stderr, code, err := p.Run(p.ctx, args...)
		if err != nil || code != 0 {
			p.t.Fatalf("%v: exit code %d, %v: %s", args, code, err, stderr)
		}
		said.WriteString(stderr)
	}
	var shoot struct{ ID string }
	p.must(&shoot, "shoot", "add", "--title", markers["shoot"], "--place", markers["shoot"])
	p.shoot = shoot.ID
	child := p.register("--name", markers["name"], "--phone", markers["phone"], "--email", markers["e-mail"]+"@eksempel.example",
		"--born", markers["birth date"], "--guardian", markers["guardian"]+";"+markers["guardian phone"]+";", "--notes", markers["note"])
	adult := p.register("--name", markers["name"]+" voksen", "--born", "1980")

	drawn := file("signature.svg", strings.Replace(drive.Signature, `d="`, `d="M`+markers["signature"]+" ", 1))
	answers := []string{"--shoot", p.shoot, "--form", "default", "--language", "nb", "--yes", "*:*"}
	var r recorded
	p.must(&r, append([]string{"consent", "record", "--subject", child.ID, "--signer", "guardian:1", "--signature", drawn, "--witness", markers["witness"]}, answers...)...)
	p.must(nil, append([]string{"consent", "record", "--subject", adult.ID, "--verbal", markers["typed or said"]}, answers...)...)
	run("receipt", "write", "--consent", r.ID, "--out", filepath.Join(out, "receipt.pdf"))
	run("receipt", "card", "--subject", child.ID, "--out", filepath.Join(out, "card.png"))
	run("subject", "edit", adult.ID, "--name", markers["correction"])
	run("subject", "find", markers["name"])

	card := filepath.Join(out, "card-of-pictures")
	paths, err := drive.CardOfSmall(card, noon, 30, consent.Code(child.Code))
	if err != nil {
		p.t.Fatal(err)
	}
	named := filepath.Join(card, markers["file name"]+".jpg")
	if err := os.Rename(paths[len(paths)-1], named); err != nil {
		p.t.Fatal(err)
	}
	p.kill(300*time.Millisecond, "image", "import", card, "--shoot", p.shoot, "--slates")
	run("image", "import", card, "--shoot", p.shoot, "--slates")
	run("image", "ground", markers["file name"]+".jpg", "avl104_c", "--why", markers["ground"])
	run("image", "export", "--channel", "internal", "--profile", "internal", "--out", filepath.Join(out, "exported"))
	run("image", "reject", markers["file name"]+".jpg", "--subject", child.ID, "--reason", markers["rejection"])
	run("consent", "withdraw", "--subject", adult.ID, "--reason", markers["reason"])
	p.leaveMediaMarkers(out, run, child.Code)
	run("receipt", "mail", "--consent", r.ID)
	run("subject", "import", file("roster.csv", "Navn;Klasse;Foresatt 1 navn\n"+markers["roster"]+";"+markers["group"]+";"+markers["guardian"]+"\n"), "--shoot", p.shoot)
	run("subject", "duplicates")
	twice := p.register("--name", markers["name"]+" voksen")
	run("subject", "merge", twice.ID, adult.ID)
	erased := p.register("--name", markers["erased"], "--email", markers["e-mail"]+"2@eksempel.example")
	p.must(nil, append([]string{"consent", "record", "--subject", erased.ID, "--signature", drawn}, answers...)...)
	run("subject", "export", child.ID, "--out", filepath.Join(out, "access.zip"), "--pictures")
	run("consent", "export", "--subject", child.ID, "--out", filepath.Join(out, "consents.jsonld"))
	run("subject", "erase", erased.ID, "--reason", markers["erasure"], "--yes")
	run("vault", "pin", "--pin-file", file("pin", markers["PIN"]))
	run("consent", "due", "--within", "3650")
	p.refused(1, "person", "subject", "add", "--shoot", p.shoot, "--name", "", "--notes", markers["note"])

	p.enrol()
	run("sync", "run")
	run("backup", "create", "--out", filepath.Join(out, "stick"))
	p.kill(50*time.Millisecond, "subject", "edit", child.ID, "--notes", markers["note"]+" igjen")
	run("audit", "verify")
}

// leaveMediaMarkers brings in what pictures, sounds, papers and folders tell, and lets pictures out for anybody to see.
func (p *photographer) leaveMediaMarkers(out string, run func(args ...string), code string) {
	p.t.Helper()
	folder := filepath.Join(out, markers["card's folder"])
	paper := func(marker string) string {
		path := filepath.Join(out, marker+".pdf")
		if err := os.WriteFile(path, []byte("%PDF-1.4 "+marker+"\n%%EOF"), 0o600); err != nil {
			p.t.Fatal(err)
		}
		return path
	}
	named := markers["file name"] + " ute." + markers["file name"] // what stands behind a full stop names people too
	for name, content := range map[string][]byte{
		named: picturetest.JPEG(600, 400, picturetest.Options{Seed: 71, TakenAt: noon, Make: "Nordlys", Model: "N7", Serial: "7007", GPS: true, Thumbnail: true,
			Description: markers["caption"], MakerNote: []byte(markers["maker note"]), Segments: [][]byte{picturetest.Segment(0xFE, markers["caption"], nil)}}),
		markers["recording"] + ".wav": picturetest.WAV(picturetest.SoundOptions{RecordedAt: noon, Device: "Recorder", Description: markers["recording"],
			Title: markers["recording"], Note: markers["recording"]}),
	} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			p.t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			p.t.Fatal(err)
		}
	}
	sound := markers["recording"] + ".wav"
	run("image", "import", filepath.Join(folder, sound), "--shoot", p.shoot, "--reference")
	run("image", "import", folder, "--shoot", p.shoot, "--slates", "--clock", "N7=+1m")
	run("image", "undecided")
	run("image", "settle", named, "--nobody")
	run("image", "people", named, sound, "0")
	run("image", "undo")
	run("image", "redo")
	run("image", "cameras", "--shoot", p.shoot)
	run("image", "check")
	var left struct{ Exported int }
	p.must(&left, "image", "export", "--channel", "web", "--out", filepath.Join(out, "for-anybody"), "--csv", "--contact-sheet")
	if left.Exported < 2 {
		p.t.Fatalf("only %d copies to look into", left.Exported)
	}
	run("image", "export", "--channel", "web", "--out", filepath.Join(out, "drawn-for-anybody"), "--size", "300", "--contact-sheet")
	run("image", "export", "--channel", "press", "--profile", "internal", "--out", filepath.Join(out, markers["exported to"]), "--csv", "--contact-sheet", "--raw")
	run("image", "export", "--again")

	run("form", "paper", "--shoot", p.shoot, "--subject", code, "--out", filepath.Join(out, "paper.pdf"))
	run("receipt", "cards", "--shoot", p.shoot, "--names", "--out", filepath.Join(out, "cards.pdf"))
	var papers []struct{ ID string }
	p.must(&papers, "paper", "add", paper(markers["signed paper"]), paper(markers["waiting paper"]), "--shoot", p.shoot, "--language", "nb")
	if len(papers) != 2 {
		p.t.Fatalf("%d papers", len(papers))
	}
	run("paper", "confirm", papers[0].ID, "--name", markers["read on paper"], "--email", markers["e-mail"]+"3@eksempel.example", "--yes", "web:*", "--no", "rest",
		"--witness", markers["witness"])
	run("paper", "list")
}

// findMarkers reads every file below a folder, names included.
func findMarkers(t *testing.T, root string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		reportMarkers(t, "the name of "+path, []byte(path))
		if !entry.Type().IsRegular() {
			return nil
		}
		files++
		content, err := os.ReadFile(path)
		reportMarkers(t, path, content)
		return err
	})
	if err != nil {
		t.Error(err)
	}
	t.Logf("%d files in %s", files, root)
}

// reportMarkers fails the test for each marker in some bytes.
func reportMarkers(t *testing.T, where string, content []byte) {
	t.Helper()
	lower := bytes.ToLower(content)
	for kind, marker := range markers {
		for encoding, form := range written(marker) {
			if bytes.Contains(lower, bytes.ToLower(form)) {
				t.Errorf("%s holds the %s as %s", where, kind, encoding)
			}
		}
	}
}

// written are the ways in which text ends up in files. Of base64 only the part that does not depend on what stands beside it.
func written(marker string) map[string][]byte {
	wide := make([]byte, 0, 2*len(marker))
	for _, unit := range utf16.Encode([]rune(marker)) {
		wide = append(wide, byte(unit), byte(unit>>8))
	}
	forms := map[string][]byte{"text": []byte(marker), "UTF-16": wide, "hex": []byte(hex.EncodeToString([]byte(marker)))}
	for shift, name := range []string{"base64", "base64 one on", "base64 two on"} {
		whole := marker[(3-shift)%3:]
		forms[name] = []byte(base64.RawStdEncoding.EncodeToString([]byte(whole[:len(whole)/3*3])))
	}
	return forms
}

// A marker that nobody can find proves nothing: each is found in each encoding, at any place.
func TestMarkersAreFound(t *testing.T) {
	t.Parallel()
	for kind, marker := range markers {
		text := []byte("before " + marker + " after")
		for shift := range 3 {
			shifted := append(bytes.Repeat([]byte("x"), shift), text...)
			encoded := base64.StdEncoding.EncodeToString(shifted)
			found := false
			for name, form := range written(marker) {
				found = found || (strings.HasPrefix(name, "base64") && strings.Contains(encoded, string(form)))
			}
			if !found {
				t.Errorf("the %s is not found in base64 after %d more bytes", kind, shift)
			}
		}
		if !bytes.Contains(text, written(marker)["text"]) || len(written(marker)["UTF-16"]) != 2*len(marker) {
			t.Errorf("the %s is not found as text", kind)
		}
	}
}
