package capture_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/picture"
	"samtykke/test/drive"
)

// copiesIn lists the files of an exported folder but for the program's own.
func copiesIn(tb testing.TB, dir string) []string {
	tb.Helper()
	var names []string
	for _, e := range must1(os.ReadDir(dir)) {
		if !strings.HasPrefix(e.Name(), "samtykke-") {
			names = append(names, e.Name())
		}
	}
	return names
}

// export exports for the web, as public unless something else is asked for.
func (b *bench) exportTo(out string, also ...func(*capture.Export)) capture.ExportReport {
	b.tb.Helper()
	e := capture.Export{Channel: "web", Out: out}
	for _, f := range also {
		f(&e)
	}
	report, err := b.Export(b.ctx, e, "en")
	if err != nil {
		b.tb.Fatal(err)
	}
	return report
}

func internal(e *capture.Export) { e.Profile = picture.ProfileInternal }

// cleared is a bench with pictures that may be shown on the web, of one person each.
func cleared(t *testing.T, frames int, names ...string) (*bench, []capture.Person, []consent.AssetID) {
	t.Helper()
	b := mustBench(t)
	var people []capture.Person
	for _, name := range names {
		p := b.person(capture.Registration{Name: name})
		b.sign(p, "*:photo")
		people = append(people, p)
	}
	ids := b.importCard(frames, people...)
	if err := b.SetPeople(b.ctx, 1, ids...); err != nil {
		t.Fatal(err)
	}
	return b, people, ids
}

// shape is every file in a folder with its content and time.
func shape(tb testing.TB, dir string) map[string]string {
	tb.Helper()
	files := map[string]string{}
	for _, name := range copiesIn(tb, dir) {
		info := must1(os.Stat(filepath.Join(dir, name)))
		files[name] = info.ModTime().String() + string(mustRead(tb, filepath.Join(dir, name)))
	}
	return files
}

func TestExportingAgainLeavesCopiesAloneThatAreAsTheyShouldBe(t *testing.T) {
	b, _, ids := cleared(t, 3, "Ola")
	out := t.TempDir()
	for _, also := range []func(*capture.Export){func(*capture.Export) {}, internal} {
		out = filepath.Join(out, "x")
		if r := b.exportTo(out, also); r.Exported != 3 || r.Unchanged != 0 {
			t.Fatalf("%+v", r)
		}
		before, delivered := shape(t, out), len(b.Deliveries(ids[0]))
		b.now = b.now.AddDate(0, 0, 3)
		b.reopen()
		if r := b.exportTo(out, also); r.Exported != 0 || r.Unchanged != 3 || len(r.Removed)+len(r.Kept) > 0 {
			t.Errorf("again: %+v", r)
		}
		if !reflect.DeepEqual(shape(t, out), before) || len(b.Deliveries(ids[0])) != delivered {
			t.Error("copies were written or delivered again")
		}
	}
}

func TestWhatIsNoLongerClearedLeavesTheFolder(t *testing.T) {
	b, people, ids := cleared(t, 2, "Ola", "Kari")
	out := t.TempDir()
	own := filepath.Join(out, "mine.jpg")
	if err := os.WriteFile(own, []byte("not ours"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.exportTo(out, internal)
	before := copiesIn(t, out)
	done, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: people[0].ID})
	if err != nil {
		t.Fatal(err)
	}
	folders, err := b.FoldersWith(b.ctx, done.Delivered)
	if err != nil || !slices.Equal(folders, []string{out}) {
		t.Errorf("copies lie in %v, %v", folders, err)
	}
	r := b.exportTo(out, internal)
	if r.Unchanged != 2 || len(r.Removed) != 2 || len(r.Refused) != 2 || r.Removed[0].Reasons[0].Code != people[0].Code || r.Removed[0].Reasons[0].Status != string(consent.StatusWithdrawn) {
		t.Fatalf("%+v", r)
	}
	if after := copiesIn(t, out); len(after) != len(before)-2 || !slices.Contains(after, "mine.jpg") {
		t.Errorf("left %v of %v", after, before)
	}
	if _, err := b.RemoveImages(b.ctx, capture.Removal{Assets: ids[2:3], Unsent: true}); err != nil {
		t.Fatal(err)
	}
	if r := b.exportTo(out, internal, func(e *capture.Export) { e.Shoot = b.shoot }); len(r.Removed) != 1 || r.Removed[0].Asset != ids[2] {
		t.Errorf("taken out of use: %+v", r)
	}
	again, err := b.ExportAgain(b.ctx, "en", nil)
	if err != nil || len(again) != 1 || again[0].Problem != nil || again[0].Report.Unchanged != 1 {
		t.Errorf("%+v, %v", again, err)
	}
	if err := os.RemoveAll(out); err != nil {
		t.Fatal(err)
	}
	if again, err = b.ExportAgain(b.ctx, "en", nil); err != nil || len(again) != 1 || again[0].Problem == nil || again[0].Problem.ID != "export-folder-gone" {
		t.Errorf("gone: %+v, %v", again, err)
	}
}

func TestAFileThatSomebodyChangedIsNotTouchedAndIsNamed(t *testing.T) {
	b, people, _ := cleared(t, 2, "Ola")
	out := t.TempDir()
	b.exportTo(out)
	name := copiesIn(t, out)[0]
	if err := os.WriteFile(filepath.Join(out, name), []byte("edited"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := b.exportTo(out); r.Unchanged != 1 || len(r.Kept) != 1 || r.Kept[0].Name != name {
		t.Errorf("%+v", r)
	}
	if _, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: people[0].ID}); err != nil {
		t.Fatal(err)
	}
	if r := b.exportTo(out); len(r.Removed) != 1 || len(r.Kept) != 1 || r.Kept[0].Name != name || r.Kept[0].Reasons[0].Status != "export-file-changed" {
		t.Errorf("%+v", r)
	}
	if left := copiesIn(t, out); !slices.Equal(left, []string{name}) || string(mustRead(t, filepath.Join(out, name))) != "edited" {
		t.Errorf("left %v", left)
	}
	for range 2 { // for as long as it lies there
		if r := b.exportTo(out, func(e *capture.Export) { e.CSV = true }); len(r.Removed) != 0 || len(r.Kept) != 1 || r.Kept[0].Name != name {
			t.Errorf("it is named once and forgotten: %+v", r)
		}
		if listed := string(mustRead(t, filepath.Join(out, "samtykke-export.csv"))); strings.Contains(listed, name) {
			t.Errorf("it is offered to the picture desk: %s", listed)
		}
		if folders, err := b.ExportedFolders(b.ctx); err != nil || len(folders) != 1 {
			t.Errorf("the folder is forgotten: %+v, %v", folders, err)
		}
	}
	if err := os.Remove(filepath.Join(out, name)); err != nil {
		t.Fatal(err)
	}
	if r := b.exportTo(out); len(r.Removed)+len(r.Kept) != 0 {
		t.Errorf("gone, and still named: %+v", r)
	}
}

func TestAnErasureNamesTheFoldersThatHoldCopies(t *testing.T) {
	b, people, _ := cleared(t, 1, "Ola", "Kari")
	out := t.TempDir()
	b.exportTo(out)
	done := b.erase(people[0])
	if folders, err := b.FoldersWith(b.ctx, done.Delivered); err != nil || len(done.Delivered) != 1 || !slices.Equal(folders, []string{out}) {
		t.Errorf("copies lie in %v, delivered %+v, %v", folders, done.Delivered, err)
	}
	again, err := b.ExportAgain(b.ctx, "en", nil)
	if err != nil || len(again) != 1 || len(again[0].Report.Removed) != 1 || again[0].Report.Unchanged != 1 {
		t.Errorf("%+v, %v", again, err)
	}
}

func TestWhatACrashLeftHalfWrittenGoesAndItsFolderIsKnown(t *testing.T) {
	b, people, _ := cleared(t, 1, "Ola")
	out := t.TempDir()
	own := filepath.Join(out, ".samtykke-mine")
	left := filepath.Join(out, ".samtykke-1234567890")
	for _, path := range []string{own, left} {
		if err := os.WriteFile(path, []byte("a picture"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	known := 0
	b.exportTo(out, func(e *capture.Export) {
		e.Progress = func(int, int) {
			folders, _ := b.ExportedFolders(b.ctx)
			known = len(folders)
		}
	})
	if known != 1 {
		t.Error("while it is written nobody knows of the folder")
	}
	if left := copiesIn(t, out); len(left) != 2 || left[0] != ".samtykke-mine" {
		t.Errorf("left are %v", left)
	}
	if _, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: people[0].ID}); err != nil {
		t.Fatal(err)
	}
	b.exportTo(out)
	if folders, err := b.ExportedFolders(b.ctx); err != nil || len(folders) != 0 {
		t.Errorf("a folder without copies is remembered: %+v, %v", folders, err)
	}
}

func TestACopyIsWrittenAnewWhenWhatItSaysHasChanged(t *testing.T) {
	b, _, ids := cleared(t, 2, "Ola")
	out := t.TempDir()
	b.exportTo(out, internal)
	names := copiesIn(t, out)
	kari := b.person(capture.Registration{Name: "Kari"})
	b.sign(kari, "*:photo")
	if err := b.Link(b.ctx, kari.ID, ids[0]); err != nil {
		t.Fatal(err)
	}
	if err := b.SetPeople(b.ctx, 2, ids[0]); err != nil {
		t.Fatal(err)
	}
	if r := b.exportTo(out, internal); r.Exported != 1 || r.Unchanged != 1 || len(r.Kept) > 0 {
		t.Fatalf("%+v", r)
	}
	if now := copiesIn(t, out); !slices.Equal(now, names) || !bytes.Contains(mustRead(t, filepath.Join(out, names[0])), []byte(kari.Code)) {
		t.Errorf("%v, before %v", now, names)
	}
	if sent := b.Deliveries(ids[0]); len(sent) != 2 || len(sent[1].Records) != 2 {
		t.Errorf("delivered %+v", sent)
	}
}

func TestAFolderHoldsCopiesForOneChannelAndProfile(t *testing.T) {
	b, _, _ := cleared(t, 1, "Ola")
	out := t.TempDir()
	b.exportTo(out)
	before := shape(t, out)
	for _, e := range []capture.Export{{Channel: "print", Out: out}, {Channel: "web", Out: out, Profile: picture.ProfileInternal}} {
		_, err := b.Export(b.ctx, e, "en")
		wantProblem(t, err, "export-folder-other")
	}
	if !reflect.DeepEqual(before, shape(t, out)) {
		t.Error("the folder was changed")
	}
	outside := filepath.Join(filepath.Dir(out), "outside.jpg")
	if err := os.WriteFile(outside, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(out, "samtykke-export.json")
	forged := bytes.Replace(mustRead(t, path), []byte(copiesIn(t, out)[0]), []byte("../outside.jpg"), 1)
	if err := os.WriteFile(path, forged, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := b.Export(b.ctx, capture.Export{Channel: "web", Out: out}, "en")
	wantProblem(t, err, "export-manifest-damaged")
}

// A power cut leaves the folder as it was at some moment. Whatever moment that is, a further export knows every copy.
func TestAfterACrashEveryCopyIsKnownAndCanBeRemoved(t *testing.T) {
	b, people, ids := cleared(t, 6, "Ola")
	out := t.TempDir()
	var moments []string
	keep := func() {
		moment := t.TempDir()
		if err := os.CopyFS(moment, os.DirFS(out)); err != nil {
			t.Fatal(err)
		}
		moments = append(moments, moment)
	}
	b.exportTo(out, internal, func(e *capture.Export) { e.Progress = func(int, int) { keep() } })
	kari := b.person(capture.Registration{Name: "Kari"})
	b.sign(kari, "*:photo")
	if err := b.Link(b.ctx, kari.ID, ids...); err != nil {
		t.Fatal(err)
	}
	if err := b.SetPeople(b.ctx, 2, ids...); err != nil {
		t.Fatal(err)
	}
	b.exportTo(out, internal, func(e *capture.Export) { e.Progress = func(int, int) { keep() } })
	if len(moments) != 12 {
		t.Fatalf("%d moments", len(moments))
	}
	for i, moment := range moments {
		if i%2 == 0 { // the line that was being written is cut off
			path := filepath.Join(moment, ".samtykke-export.journal")
			if journal, err := os.ReadFile(path); err == nil {
				if err := os.WriteFile(path, append(journal, `{"copy":{"asset":"`...), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
		if i == 3 || i == 9 { // the last copy had been named and had not got its name
			names := copiesIn(t, moment)
			if err := os.Remove(filepath.Join(moment, names[len(names)-1])); err != nil {
				t.Fatal(err)
			}
		}
		r := b.exportTo(moment, internal)
		if r.Exported+r.Unchanged != 6 || len(r.Kept) > 0 || len(copiesIn(t, moment)) != 6 {
			t.Errorf("moment %d: %+v, %v", i, r, copiesIn(t, moment))
		}
	}
	if _, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: people[0].ID}); err != nil {
		t.Fatal(err)
	}
	for i, moment := range moments {
		if r := b.exportTo(moment, internal); len(r.Removed) != 6 || len(copiesIn(t, moment)) != 0 {
			t.Errorf("moment %d: %+v, %v", i, r, copiesIn(t, moment))
		}
	}
}

func TestAStoppedExportKnowsWhatItWrote(t *testing.T) {
	b, _, _ := cleared(t, 4, "Ola")
	out := t.TempDir()
	ctx, stop := context.WithCancel(b.ctx)
	_, err := b.Export(ctx, capture.Export{Channel: "web", Out: out, Progress: func(done, _ int) {
		if done == 2 {
			stop()
		}
	}}, "en")
	if err == nil || len(copiesIn(t, out)) != 2 {
		t.Fatalf("%v, %v", err, copiesIn(t, out))
	}
	if r := b.exportTo(out); r.Unchanged != 2 || r.Exported != 2 {
		t.Errorf("%+v", r)
	}
}

// withFiles imports files that were made here and clears them.
func (b *bench) withFiles(files map[string][]byte) map[string]consent.AssetID {
	b.tb.Helper()
	dir := b.tb.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			b.tb.Fatal(err)
		}
	}
	if _, err := b.Import(b.ctx, capture.Import{Shoot: b.shoot, Paths: []string{dir}}); err != nil {
		b.tb.Fatal(err)
	}
	ids := map[string]consent.AssetID{}
	for _, img := range b.Images(capture.ImageFilter{}) {
		ids[img.Name] = img.ID
		if err := b.SetPeople(b.ctx, 0, img.ID); err != nil {
			b.tb.Fatal(err)
		}
	}
	return ids
}

func drawnPNG(side int) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, side, side/2))
	for i := range side / 2 {
		img.SetNRGBA(i, i, color.NRGBA{200, uint8(i), 40, 255})
	}
	var out bytes.Buffer
	_ = png.Encode(&out, img)
	return out.Bytes()
}

func TestAPNGLeavesCleanForThePublicAndWithASidecarInside(t *testing.T) {
	b := mustBench(t)
	b.withFiles(map[string][]byte{"skisse.png": drawnPNG(80)})
	public, inside := t.TempDir(), t.TempDir()
	b.exportTo(public)
	b.exportTo(inside, internal)
	names := copiesIn(t, public)
	if len(names) != 1 || strings.Contains(names[0], "skisse") || !bytes.Contains(mustRead(t, filepath.Join(public, names[0])), []byte("DMI-PROHIBITED")) {
		t.Errorf("public: %v", names)
	}
	if names := copiesIn(t, inside); !slices.Equal(names, []string{"skisse.png", "skisse.png.xmp"}) || !bytes.Equal(mustRead(t, filepath.Join(inside, "skisse.png")), drawnPNG(80)) {
		t.Errorf("internal: %v", names)
	}
}

func TestResizedCopiesAreJPEGOfThatSizeAndNeverLarger(t *testing.T) {
	b := mustBench(t)
	b.withFiles(map[string][]byte{"stor.png": drawnPNG(400), "liten.png": drawnPNG(60)})
	out := t.TempDir()
	if r := b.exportTo(out, internal, func(e *capture.Export) { e.Size = 100 }); r.Exported != 2 || len(r.Smaller) > 0 {
		t.Fatalf("%+v", r)
	}
	for name, want := range map[string]int{"stor.jpg": 100, "liten.jpg": 60} {
		config, err := jpeg.DecodeConfig(bytes.NewReader(mustRead(t, filepath.Join(out, name))))
		if err != nil || config.Width != want || config.Height != want/2 {
			t.Errorf("%s: %+v, %v", name, config, err)
		}
	}
	if len(copiesIn(t, out)) != 2 {
		t.Errorf("%v", copiesIn(t, out))
	}
	_, err := b.Export(b.ctx, capture.Export{Channel: "web", Out: out, Size: 7}, "en")
	wantProblem(t, err, "export-size-wrong")
	_, err = b.Export(b.ctx, capture.Export{Channel: "web", Out: out, Raw: true}, "en")
	wantProblem(t, err, "export-raw-public")
}

const develop = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" crs:Exposure2012="+0.35"/></rdf:RDF></x:xmpmeta>`

// companion puts a file beside a picture, as an import does that finds it there.
func (b *bench) companion(id consent.AssetID, name, format, content string) {
	b.tb.Helper()
	hash, size, err := b.vault.Originals().Put(b.ctx, strings.NewReader(content))
	if err != nil {
		b.tb.Fatal(err)
	}
	file := must1(b.Image(id)).File
	file.Companions = append(slices.Clone(file.Companions), capture.CompanionFile{SHA256: consent.BlobHash(hash), Name: name, Format: format, Size: size})
	if err := b.vault.Update(b.ctx, func(tx capture.Tx) error { return tx.PutAssetFile(file) }); err != nil {
		b.tb.Fatal(err)
	}
	b.reopen()
}

func TestRawFilesAndTheirSidecarsGoBesideThePicture(t *testing.T) {
	b := mustBench(t)
	card := t.TempDir()
	paths := must1(drive.CardOfSmall(card, b.now, 1, b.person(capture.Registration{Name: "Ola"}).Code))
	id := b.withFiles(map[string][]byte{"IMG_1.JPG": mustRead(t, paths[1])})["IMG_1.JPG"]
	b.companion(id, "IMG_1.NEF", "nef", "raw bytes")
	b.companion(id, "IMG_1.xmp", "xmp", "<old/>")
	b.companion(id, "IMG_1.XMP", "xmp", develop) // came later, and is the one that counts
	out := t.TempDir()
	raw := func(e *capture.Export) { internal(e); e.Raw = true }
	if b.exportTo(out, internal); !slices.Equal(copiesIn(t, out), []string{"IMG_1.JPG"}) {
		t.Errorf("without raw files: %v", copiesIn(t, out))
	}
	b.exportTo(out, raw)
	if !slices.Equal(copiesIn(t, out), []string{"IMG_1.JPG", "IMG_1.NEF", "IMG_1.NEF.xmp"}) {
		t.Errorf("with them: %v", copiesIn(t, out))
	}
	if err := b.SetSidecarNaming(b.ctx, capture.SidecarsAdobe); err != nil {
		t.Fatal(err)
	}
	if r := b.exportTo(out, raw); r.Exported != 1 || !slices.Equal(copiesIn(t, out), []string{"IMG_1.JPG", "IMG_1.NEF", "IMG_1.xmp"}) {
		t.Errorf("as Adobe names them: %+v, %v", r, copiesIn(t, out))
	}
	sidecar := mustRead(t, filepath.Join(out, "IMG_1.xmp"))
	if !bytes.Contains(sidecar, []byte("Exposure2012")) || !bytes.Contains(sidecar, []byte("UsageTerms")) || string(mustRead(t, filepath.Join(out, "IMG_1.NEF"))) != "raw bytes" {
		t.Errorf("%s", sidecar)
	}
	wantProblem(t, b.SetSidecarNaming(b.ctx, "lightroom"), "sidecar-naming-unknown")
}

func TestSidecarsOfTwoRawFilesOfOneNameDoNotCollide(t *testing.T) {
	b := mustBench(t)
	if err := b.SetSidecarNaming(b.ctx, capture.SidecarsAdobe); err != nil {
		t.Fatal(err)
	}
	card := t.TempDir()
	paths := must1(drive.CardOfSmall(card, b.now, 2, b.person(capture.Registration{Name: "Ola"}).Code))
	ids := b.withFiles(map[string][]byte{"a.jpg": mustRead(t, paths[1]), "b.jpg": mustRead(t, paths[2])})
	for _, name := range []string{"a.jpg", "b.jpg"} {
		file := must1(b.Image(ids[name])).File
		file.Name = "IMG_1.JPG"
		if err := b.vault.Update(b.ctx, func(tx capture.Tx) error { return tx.PutAssetFile(file) }); err != nil {
			t.Fatal(err)
		}
		b.reopen()
		b.companion(ids[name], "IMG_1.CR2", "cr2", "raw of "+name)
	}
	out := t.TempDir()
	b.exportTo(out, internal, func(e *capture.Export) { e.Raw = true })
	want := []string{"IMG_1-2.CR2", "IMG_1-2.JPG", "IMG_1-2.xmp", "IMG_1.CR2", "IMG_1.JPG", "IMG_1.xmp"}
	if got := copiesIn(t, out); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}

func TestListsForPictureDesksNameWhatIsThereAndNobodyInPublic(t *testing.T) {
	b, people, _ := cleared(t, 3, "Ola", "Kari")
	for profile, tells := range map[picture.Profile]bool{picture.ProfilePublic: false, picture.ProfileInternal: true} {
		out := t.TempDir()
		lists := func(e *capture.Export) { e.Profile, e.CSV, e.ContactSheet = profile, true, true }
		if r := b.exportTo(out, lists); len(r.Lists) != 2 {
			t.Fatalf("%+v", r)
		}
		raw := mustRead(t, filepath.Join(out, "samtykke-export.csv"))
		rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\uFEFF")))).ReadAll()
		if err != nil || len(rows) != 7 || !slices.Contains(copiesIn(t, out), rows[1][0]) || rows[1][3] != "yes" || rows[1][5] != "Fotografen" {
			t.Errorf("%v, %v", rows, err)
		}
		if bytes.Contains(raw, []byte(people[0].Code)) != tells || bytes.Contains(raw, []byte("skole")) {
			t.Errorf("%s: %s", profile, raw)
		}
		if sheet := mustRead(t, filepath.Join(out, "samtykke-contact-sheet.pdf")); !bytes.HasPrefix(sheet, []byte("%PDF")) {
			t.Error("the contact sheet is no PDF")
		}
		if tells {
			continue
		}
		// A list stays true without being asked for.
		if _, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: people[0].ID}); err != nil {
			t.Fatal(err)
		}
		b.exportTo(out, func(e *capture.Export) { e.Profile = profile })
		if rows := strings.Count(string(mustRead(t, filepath.Join(out, "samtykke-export.csv"))), "\r\n"); rows != 4 {
			t.Errorf("%d rows after a withdrawal", rows)
		}
		b.sign(people[0], "*:photo")
	}
}

func TestACellOfATableIsNoFormula(t *testing.T) {
	b := mustBench(t)
	card := t.TempDir()
	paths := must1(drive.CardOfSmall(card, b.now, 1, b.person(capture.Registration{Name: "Ola"}).Code))
	b.withFiles(map[string][]byte{"=cmd('x').jpg": mustRead(t, paths[1])})
	out := t.TempDir()
	b.exportTo(out, internal, func(e *capture.Export) { e.CSV = true })
	if raw := mustRead(t, filepath.Join(out, "samtykke-export.csv")); !bytes.Contains(raw, []byte("\r\n'=cmd(")) {
		t.Errorf("%s", raw)
	}
}

func TestManifestsCarryNoPersonalData(t *testing.T) {
	b, people, _ := cleared(t, 1, "Ola Nordmann")
	out := t.TempDir()
	b.exportTo(out, internal)
	raw := mustRead(t, filepath.Join(out, "samtykke-export.json"))
	var manifest map[string]any
	if err := json.Unmarshal(raw, &manifest); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"Nordmann", string(people[0].Code), string(people[0].ID), "skole", string(b.shoot)} {
		if bytes.Contains(raw, []byte(secret)) {
			t.Errorf("the manifest tells %q:\n%s", secret, raw)
		}
	}
	if _, err := os.Stat(filepath.Join(out, ".samtykke-export.journal")); err == nil || !strings.Contains(err.Error(), fs.ErrNotExist.Error()) && !os.IsNotExist(err) {
		t.Errorf("the journal is left: %v", err)
	}
}

// IPTC's release status: nobody is released where somebody can be recognised who has not been asked, whatever ground carries the use.
func TestReleaseStatusIsNoneWhereNobodyWasAsked(t *testing.T) {
	b, _, ids := cleared(t, 1, "Ola")
	card := t.TempDir()
	paths := must1(drive.CardOfSmall(card, b.now.Add(time.Hour), 2, b.person(capture.Registration{Name: "Per"}).Code))
	others := b.withFiles(map[string][]byte{"parade.jpg": mustRead(t, paths[1]), "empty.jpg": mustRead(t, paths[2])})
	if err := b.SetPeople(b.ctx, 1, ids...); err != nil {
		t.Fatal(err)
	}
	if err := b.SetPeople(b.ctx, 40, others["parade.jpg"]); err != nil {
		t.Fatal(err)
	}
	if err := b.SetGround(b.ctx, others["parade.jpg"], consent.GroundSection104C, "17. mai"); err != nil {
		t.Fatal(err)
	}
	out := t.TempDir()
	if r := b.exportTo(out, internal); r.Exported != 3 {
		t.Fatalf("%+v", r)
	}
	for name, status := range map[string]string{"parade.jpg": "MR-NON", "empty.jpg": "MR-NAP", must1(b.Image(ids[0])).Name: "MR-LMR"} {
		if !bytes.Contains(mustRead(t, filepath.Join(out, name)), []byte(status)) {
			t.Errorf("%s is not %s", name, status)
		}
	}
}

// TestACopyThatIsNoLongerWhereItWasExportedToIsNamed: renamed, it would be shown on, and no further export could take it back.
func TestACopyThatIsNoLongerWhereItWasExportedToIsNamed(t *testing.T) {
	b, people, _ := cleared(t, 2, "Ola")
	out := t.TempDir()
	b.exportTo(out)
	names := copiesIn(t, out)
	rename := func(name, to string) {
		t.Helper()
		if err := os.Rename(filepath.Join(out, name), filepath.Join(out, to)); err != nil {
			t.Fatal(err)
		}
	}
	missing := func(r capture.ExportReport) (list []string) {
		for _, m := range r.Missing {
			if m.Reasons[0].Status != "export-file-missing" {
				t.Errorf("%s is missing because of %+v", m.Name, m.Reasons)
			}
			list = append(list, m.Name)
		}
		return list
	}
	rename(names[0], "holiday.jpg")
	if r := b.exportTo(out); !slices.Equal(missing(r), names[:1]) || r.Exported != 1 || r.Unchanged != 1 {
		t.Errorf("still cleared: %+v", r)
	}
	if r := b.exportTo(out); len(r.Missing) != 0 || r.Unchanged != 2 {
		t.Errorf("when all are there: %+v", r)
	}
	rename(names[1], "holiday-2.jpg")
	if _, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: people[0].ID}); err != nil {
		t.Fatal(err)
	}
	again, err := b.ExportAgain(b.ctx, "en", nil)
	if err != nil || len(again) != 1 || len(again[0].Report.Removed) != 1 || !slices.Equal(missing(again[0].Report), names[1:]) {
		t.Errorf("withdrawn: %+v, %v", again, err)
	}
	if left := copiesIn(t, out); !slices.Equal(left, []string{"holiday-2.jpg", "holiday.jpg"}) {
		t.Errorf("what the list does not name was touched: %q are left", left)
	}
}

// TestTheSessionItselfRefusesTheVaultsFolder: the window knows no flags.
func TestTheSessionItselfRefusesTheVaultsFolder(t *testing.T) {
	b := mustBench(t)
	b.Folder = b.vault.Folder()
	for _, place := range []string{b.Folder, filepath.Join(b.Folder, "originals", "new")} {
		_, err := b.Export(b.ctx, capture.Export{Channel: "web", Out: place}, "en")
		wantProblem(t, err, "out-inside-vault")
		_, err = b.Import(b.ctx, capture.Import{Shoot: b.shoot, Paths: []string{place}})
		wantProblem(t, err, "import-inside-vault")
	}
}
