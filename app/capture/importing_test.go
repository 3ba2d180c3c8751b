package capture_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/picture"
	"samtykke/assets"
	"samtykke/test/drive"
)

// Design §3.3: original bytes are never changed.
func TestOriginalsComeBackByteForByte(t *testing.T) {
	b := mustBench(t)
	dir := t.TempDir()
	paths, err := drive.Card(dir, b.now, 2, b.person(capture.Registration{Name: "Ola"}).Code)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Import(b.ctx, capture.Import{Shoot: b.shoot, Paths: []string{dir}}); err != nil {
		t.Fatal(err)
	}
	b.reopen()
	images := b.Images(capture.ImageFilter{})
	if len(images) != len(paths) {
		t.Fatalf("%d images, want %d", len(images), len(paths))
	}
	for i, img := range images {
		o, err := b.OpenOriginal(img.ID)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(readAll(t, o), mustRead(t, paths[i])) {
			t.Errorf("%s came back changed", img.Name)
		}
		if preview, ok, err := b.Preview(b.ctx, img.ID); err != nil || !ok || len(preview) == 0 {
			t.Errorf("%s has no preview: %v", img.Name, err)
		}
	}
}

func TestFramesBelongToTheSlateBeforeThem(t *testing.T) {
	b := mustBench(t)
	ola, kari := b.person(capture.Registration{Name: "Ola"}), b.person(capture.Registration{Name: "Kari"})
	b.importCard(3, ola, kari)
	var codes []string
	for _, img := range b.Images(capture.ImageFilter{}) {
		if len(img.File.Slate) > 0 {
			codes = append(codes, "card")
			continue
		}
		codes = append(codes, string(img.People[0].Code))
	}
	o, k := string(ola.Code), string(kari.Code)
	if got, want := strings.Join(codes, " "), strings.Join([]string{"card", o, o, o, "card", k, k, k}, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestImportingAgainAddsNothing(t *testing.T) {
	b := mustBench(t)
	dir := t.TempDir()
	paths, err := drive.Card(dir, b.now, 1, b.person(capture.Registration{Name: "Ola"}).Code)
	if err != nil {
		t.Fatal(err)
	}
	in := capture.Import{Shoot: b.shoot, Paths: []string{dir}, Slates: true}
	if _, err := b.Import(b.ctx, in); err != nil {
		t.Fatal(err)
	}
	before, _ := b.Status(b.ctx)
	report, err := b.Import(b.ctx, in)
	if err != nil || report.Imported != 0 || report.Duplicates != len(paths) || report.Linked != 0 {
		t.Errorf("again: %+v, %v", report, err)
	}
	if after, _ := b.Status(b.ctx); after != before {
		t.Errorf("importing again changed %+v to %+v", before, after)
	}
}

func TestBrokenFilesAreSkippedWithReasonsAndTheRestComesIn(t *testing.T) {
	b := mustBench(t)
	dir := t.TempDir()
	paths, err := drive.Card(dir, b.now, 1, b.person(capture.Registration{Name: "Ola"}).Code)
	if err != nil {
		t.Fatal(err)
	}
	whole := mustRead(t, paths[0])
	for name, content := range map[string][]byte{"cut.jpg": whole[:len(whole)/3], "empty.jpg": nil, "notes.txt": []byte("not a picture"), ".hidden": whole} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	report, err := b.Import(b.ctx, capture.Import{Shoot: b.shoot, Paths: []string{dir, filepath.Join(dir, "absent.jpg")}})
	wantProblem(t, err, "import-path-missing")
	if report.Imported != len(paths) || len(report.Skipped) != 4 {
		t.Fatalf("%+v", report)
	}
	for _, s := range report.Skipped {
		for _, language := range assets.Languages {
			if words := s.Words(assets.NewTexts(language)); strings.HasPrefix(words, "skip.") || strings.Contains(words, dir) || strings.Contains(words, "<no value>") {
				t.Errorf("%s was skipped because %q", s.Path, words)
			}
		}
	}
}

func TestStoppedImportGoesOnWhereItWas(t *testing.T) {
	b := mustBench(t)
	dir := t.TempDir()
	ola, kari := b.person(capture.Registration{Name: "Ola"}), b.person(capture.Registration{Name: "Kari"})
	paths, err := drive.CardOfSmall(dir, b.now, 74, ola.Code, kari.Code) // more than are read ahead
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.ctx)
	in := capture.Import{Shoot: b.shoot, Paths: []string{dir}, Slates: true, Progress: func(p capture.ImportProgress) {
		if p.Phase == capture.ImportTaking {
			stop()
		}
	}}
	first, err := b.Import(ctx, in)
	if !errors.Is(err, context.Canceled) || first.Imported == 0 || first.NotReached == 0 || first.Imported+first.NotReached != len(paths) {
		t.Fatalf("stopped import: %+v, %v", first, err)
	}
	b.reopen()
	in.Progress = nil
	second, err := b.Import(b.ctx, in)
	if err != nil || first.Imported+second.Imported != len(paths) || first.Linked+second.Linked != len(paths)-2 {
		t.Errorf("first %+v, then %+v, %v; want %d in all", first, second, err, len(paths))
	}
}

func TestReferencedFilesStayAndAreMissedWhenGone(t *testing.T) {
	b := mustBench(t)
	dir := t.TempDir()
	paths, err := drive.Card(dir, b.now, 0, b.person(capture.Registration{Name: "Ola"}).Code)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Import(b.ctx, capture.Import{Shoot: b.shoot, Paths: paths, Reference: true}); err != nil {
		t.Fatal(err)
	}
	img := b.Images(capture.ImageFilter{})[0]
	o, err := b.OpenOriginal(img.ID)
	if err != nil || !bytes.Equal(readAll(t, o), mustRead(t, paths[0])) {
		t.Errorf("the referenced file is not what it was: %v", err)
	}
	if err := os.Remove(paths[0]); err != nil {
		t.Fatal(err)
	}
	_, err = b.OpenOriginal(img.ID)
	wantProblem(t, err, "reference-gone")
}

func TestOnlyClearedCopiesLeaveAndSayWhy(t *testing.T) {
	b := mustBench(t)
	ola, per := b.person(capture.Registration{Name: "Ola Nordmann"}), b.person(capture.Registration{Name: "Per Hansen"})
	b.sign(ola, "web:photo")
	b.sign(per, "print:photo")
	ids := b.importCard(1, ola, per)
	if err := b.SetPeople(b.ctx, 1, ids...); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "web")
	report, err := b.Export(b.ctx, capture.Export{Channel: "web", Out: out, Profile: picture.ProfileInternal}, "en")
	if err != nil || report.Exported != 1 || len(report.Refused) != 1 {
		t.Fatalf("%+v, %v", report, err)
	}
	if r := report.Refused[0].Reasons[0]; r.Code != per.Code || r.Status != string(consent.StatusRefused) || !strings.Contains(r.Text, string(per.Code)) {
		t.Errorf("refused because %+v", r)
	}
	files := copiesIn(t, out)
	if len(files) != 1 {
		t.Fatalf("%d files written", len(files))
	}
	copied := mustRead(t, filepath.Join(out, files[0]))
	if !bytes.Contains(copied, []byte(ola.Code)) || bytes.Contains(copied, []byte("Nordmann")) {
		t.Error("the copy must name the code and not the person")
	}
	_, err = b.Export(b.ctx, capture.Export{Channel: "radio", Out: out}, "en")
	wantProblem(t, err, "channel-unknown")
	_, err = b.Export(b.ctx, capture.Export{Channel: "web", Out: filepath.Join(out, files[0])}, "en")
	wantProblem(t, err, "cannot-write")
}

func TestAnotherPictureUnderTheOldNameIsNotExported(t *testing.T) {
	b := mustBench(t)
	dir := t.TempDir()
	paths, err := drive.Card(dir, b.now, 1, b.person(capture.Registration{Name: "Ola"}).Code)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Import(b.ctx, capture.Import{Shoot: b.shoot, Paths: paths[1:], Reference: true}); err != nil {
		t.Fatal(err)
	}
	img := b.Images(capture.ImageFilter{})[0]
	if err := b.SetPeople(b.ctx, 0, img.ID); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(paths[1], mustRead(t, paths[0]), 0o600); err != nil {
		t.Fatal(err)
	}
	report, err := b.Export(b.ctx, capture.Export{Channel: "web", Out: t.TempDir()}, "en")
	if err != nil || report.Exported != 0 || len(report.Refused) != 1 || report.Refused[0].Reasons[0].Status != "reference-changed" {
		t.Errorf("exported %+v, %v", report, err)
	}
}

func TestACopyNamesTheEarliestEndOfAllConsents(t *testing.T) {
	b := mustBench(t)
	adult := b.person(capture.Registration{Name: "Ola", Born: "1980"})
	child := b.person(capture.Registration{Name: "Kari", Born: "2016", Guardians: []consent.Guardian{{Name: "Anne"}}})
	b.sign(adult, "internal:photo")
	g := b.signing(child, "internal:photo")
	g.Guardian = 1
	if _, err := b.RecordConsent(b.ctx, g); err != nil {
		t.Fatal(err)
	}
	ids := b.importCard(1, adult)
	for _, who := range []consent.SubjectID{child.ID, adult.ID} { // the adult last, whose consent ends later
		if err := b.Link(b.ctx, who, ids...); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.SetPeople(b.ctx, 2, ids...); err != nil {
		t.Fatal(err)
	}
	out := t.TempDir()
	report, err := b.Export(b.ctx, capture.Export{Channel: "internal", Out: out, Profile: picture.ProfileInternal}, "en")
	if err != nil || report.Exported != 1 {
		t.Fatalf("%+v, %v", report, err)
	}
	if copied := mustRead(t, filepath.Join(out, copiesIn(t, out)[0])); !bytes.Contains(copied, []byte("Valid until 2027-11-22.")) {
		t.Error("the copy does not name the child's end, which comes first")
	}
}

// filling is a disk that takes some files and then no more.
type filling struct {
	capture.Originals
	left atomic.Int32
}

var errFull = errors.New("no space left")

func (f *filling) Put(ctx context.Context, r io.Reader) (consent.AssetID, int64, error) {
	if f.left.Add(-1) < 0 {
		return "", 0, errFull
	}
	return f.Originals.Put(ctx, r)
}

func TestImportThatADiskEndsKeepsWhatCameIn(t *testing.T) {
	b := mustBench(t)
	dir := t.TempDir()
	paths, err := drive.CardOfSmall(dir, b.now, 69, b.person(capture.Registration{Name: "Ola"}).Code)
	if err != nil {
		t.Fatal(err)
	}
	parts := b.parts()
	full := &filling{Originals: parts.Originals}
	full.left.Store(50) // not a whole number of batches
	parts.Originals = full
	if b.Session, err = capture.Open(b.ctx, parts); err != nil {
		t.Fatal(err)
	}
	in := capture.Import{Shoot: b.shoot, Paths: []string{dir}}
	first, err := b.Import(b.ctx, in)
	if !errors.Is(err, errFull) || first.Imported == 0 || first.Imported > 50 || first.Imported+first.NotReached != len(paths) {
		t.Fatalf("the import that the disk ended: %+v, %v", first, err)
	}
	b.reopen()
	if got := len(b.Images(capture.ImageFilter{})); got != first.Imported {
		t.Errorf("%d images are there, %d were reported", got, first.Imported)
	}
	second, err := b.Import(b.ctx, in)
	if err != nil || first.Imported+second.Imported != len(paths) {
		t.Errorf("first %+v, then %+v, %v; want %d in all", first, second, err, len(paths))
	}
}
