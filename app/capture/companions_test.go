package capture_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/picture/picturetest"
)

// madeCard is a folder with made pictures of one camera.
type madeCard struct {
	tb    testing.TB
	dir   string
	taken time.Time
	model string
}

func newMadeCard(tb testing.TB) *madeCard {
	return &madeCard{tb: tb, dir: tb.TempDir(), taken: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), model: "N1"}
}

func (r *madeCard) options(seed uint64) picturetest.Options {
	return picturetest.Options{Seed: seed, Make: "Nordlys", Model: r.model, TakenAt: r.taken}
}

func (r *madeCard) write(name string, raw []byte) string {
	r.tb.Helper()
	path := filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		r.tb.Fatal(err)
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		r.tb.Fatal(err)
	}
	return path
}

func (r *madeCard) jpeg(name string, seed uint64) string {
	return r.write(name, picturetest.JPEG(300, 200, r.options(seed)))
}

func (r *madeCard) raw(name string, seed uint64) string {
	return r.write(name, picturetest.RAW("nef", 300, 200, r.options(seed)))
}

func (b *bench) take(paths ...string) capture.ImportReport {
	b.tb.Helper()
	report, err := b.Import(b.ctx, capture.Import{Shoot: b.shoot, Paths: paths})
	if err != nil {
		b.tb.Fatal(err)
	}
	return report
}

// taken says what is here, in a line.
func (b *bench) taken() string {
	var list []string
	for _, img := range b.Images(capture.ImageFilter{}) {
		line := img.Name
		for _, c := range img.File.Companions {
			line += "+" + c.Name
		}
		list = append(list, line)
	}
	return strings.Join(list, " ")
}

func (b *bench) wantTaken(want string) {
	b.tb.Helper()
	if got := b.taken(); got != want {
		b.tb.Errorf("here are %q, want %q", got, want)
	}
}

func TestWhatOneExposureMadeIsOnePicture(t *testing.T) {
	for name, make := range map[string]func(*madeCard) string{
		"in one folder": func(r *madeCard) string {
			r.jpeg("A.JPG", 1)
			r.raw("a.nef", 1)
			r.write("A.JPG.xmp", []byte("<x/>"))
			r.write("A.xmp", []byte("<y/>"))
			return "A.JPG+a.nef+A.JPG.xmp+A.xmp"
		},
		"in two folders": func(r *madeCard) string {
			r.jpeg("JPG/A.JPG", 1)
			r.raw("RAW/A.NEF", 1)
			return "A.JPG+A.NEF"
		},
		"alone": func(r *madeCard) string {
			r.raw("A.NEF", 1)
			r.write("A.NEF.xmp", []byte("<x/>"))
			return "A.NEF+A.NEF.xmp"
		},
		"not of another time": func(r *madeCard) string {
			r.jpeg("A.JPG", 1)
			r.taken = r.taken.Add(time.Minute)
			r.raw("A.NEF", 1)
			return "A.JPG A.NEF"
		},
		"not of another camera": func(r *madeCard) string {
			r.jpeg("JPG/A.JPG", 1)
			r.model, r.taken = "N2", r.taken.Add(time.Second)
			r.raw("RAW/A.NEF", 1)
			return "A.JPG A.NEF"
		},
		"when the JPEG is cut off": func(r *madeCard) string {
			whole := picturetest.JPEG(300, 200, r.options(1))
			r.write("A.JPG", whole[:len(whole)-300])
			r.raw("A.NEF", 1)
			return "A.NEF"
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := mustBench(t)
			r := newMadeCard(t)
			want := make(r)
			report := b.take(r.dir)
			b.wantTaken(want)
			if files := strings.Count(want, "+"); report.Companions != files || report.Imported != len(strings.Fields(want)) {
				t.Errorf("%+v", report)
			}
			b.reopen()
			b.wantTaken(want)
			before, _ := b.Status(b.ctx)
			again := b.take(r.dir)
			after, _ := b.Status(b.ctx)
			if again.Imported+again.Companions != 0 || before != after {
				t.Errorf("again: %+v changed %+v to %+v", again, before, after)
			}
			if found, err := b.Audit(b.ctx); err != nil || len(found.Problems) > 0 {
				t.Error(found.Problems, err)
			}
		})
	}
}

func TestTheOtherHalfOfAPictureJoinsItWhenItComesLater(t *testing.T) {
	for _, first := range []string{"JPG/A.JPG", "RAW/A.NEF"} {
		b := mustBench(t)
		r := newMadeCard(t)
		paths := map[string]string{"JPG/A.JPG": r.jpeg("JPG/A.JPG", 1), "RAW/A.NEF": r.raw("RAW/A.NEF", 1)}
		b.take(paths[first])
		delete(paths, first)
		for _, second := range paths {
			if report := b.take(second); report.Companions != 1 || report.Imported != 0 {
				t.Errorf("%s came after %s: %+v", second, first, report)
			}
			b.wantTaken(filepath.Base(first) + "+" + filepath.Base(second))
			if again := b.take(second); again.Duplicates != 1 || again.Imported+again.Companions != 0 {
				t.Errorf("%s again: %+v", second, again)
			}
			img := b.Images(capture.ImageFilter{})[0]
			if len(img.Companions) != 1 || img.Companions[0].SHA256 != img.File.Companions[0].SHA256 {
				t.Errorf("the log names %v", img.Companions)
			}
		}
	}
}

func TestAChangedSidecarIsKeptBesideTheOlder(t *testing.T) {
	b := mustBench(t)
	r := newMadeCard(t)
	r.jpeg("A.JPG", 1)
	sidecar := r.write("A.xmp", []byte("<first/>"))
	b.take(r.dir)
	r.write("A.xmp", []byte("<second/>"))
	if report := b.take(sidecar); report.Companions != 1 {
		t.Errorf("%+v", report)
	}
	b.wantTaken("A.JPG+A.xmp+A.xmp")
	last := b.Images(capture.ImageFilter{})[0].File.Companions[1]
	o, err := b.OpenOriginal(consent.AssetID(last.SHA256))
	if err != nil || string(readAll(t, o)) != "<second/>" {
		t.Errorf("the last is not the newest: %v", err)
	}
	report := b.take(r.write("B.xmp", []byte("<alone/>")))
	if len(report.Skipped) != 1 || report.Skipped[0].Why != capture.SkipAlone {
		t.Errorf("a sidecar of nothing: %+v", report)
	}
}

func TestCompanionsGoWithTheirPictureAndWaitForTheLibrary(t *testing.T) {
	b := mustBench(t)
	r := newMadeCard(t)
	r.jpeg("A.JPG", 1)
	r.raw("A.NEF", 1)
	r.jpeg("B.JPG", 2)
	for _, name := range []string{"A.xmp", "B.xmp"} {
		r.write(name, []byte("<alike/>"))
	}
	b.take(r.dir)
	waiting, err := b.WaitingTransfers(b.ctx)
	if err != nil {
		t.Fatal(err)
	}
	originals := 0
	for _, w := range waiting {
		if w.Class == capture.ClassOriginal {
			originals++
			o, err := b.OpenTransfer(b.ctx, w)
			if err != nil || int64(len(readAll(t, o))) != w.Size {
				t.Errorf("what waits to be sent cannot be read: %v", err)
			}
		}
	}
	if originals != 4 { // two pictures, a raw file, a sidecar that is both's
		t.Errorf("%d originals wait", originals)
	}
	images := b.Images(capture.ImageFilter{})
	raw, both := images[0].File.Companions[0].SHA256, images[1].File.Companions[0].SHA256
	if _, err := b.RemoveImages(b.ctx, capture.Removal{Assets: []consent.AssetID{images[0].ID}, Unsent: true}); err != nil {
		t.Fatal(err)
	}
	if store := b.vault.Originals(); store.Has(consent.AssetID(raw)) || !store.Has(consent.AssetID(both)) {
		t.Error("the raw file stayed, or the other picture's sidecar went")
	}
	if report := b.take(filepath.Join(r.dir, "A.NEF")); len(report.Skipped) != 1 || report.Skipped[0].Why != capture.SkipRemoved {
		t.Errorf("the raw file of a removed picture: %+v", report)
	}
	var named []string
	err = b.vault.View(b.ctx, func(tx capture.Tx) error {
		return tx.EachBlobOfClass(capture.ClassDetails, func(blob capture.Blob) error {
			var details struct{ Value struct{ Name string } }
			if json.Unmarshal(blob.Data, &details) == nil && details.Value.Name == "A.JPG" {
				named = append(named, fmt.Sprint(blob.Hash))
			}
			return nil
		})
	})
	if err != nil || len(named) > 0 {
		t.Errorf("details that name a removed picture are left: %v, %v", named, err)
	}
}
