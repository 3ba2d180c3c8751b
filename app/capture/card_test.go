package capture_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"samtykke/app/capture"
)

func TestACardThatGoesAwayEndsTheImportWithOneSentence(t *testing.T) {
	b := mustBench(t)
	r := newMadeCard(t)
	for n := range 150 {
		r.jpeg(fmt.Sprintf("DCIM/A%03d.JPG", n), uint64(n))
	}
	away := r.dir + "-away"
	in := capture.Import{Shoot: b.shoot, Paths: []string{r.dir}, Progress: func(p capture.ImportProgress) {
		if p.Phase == capture.ImportTaking && p.Done == 1 {
			if err := os.Rename(r.dir, away); err != nil {
				t.Error(err)
			}
		}
	}}
	first, err := b.Import(b.ctx, in)
	wantProblem(t, err, "import-card-gone")
	if first.Imported == 0 || first.NotReached == 0 || first.Imported+first.NotReached != 150 || len(first.Skipped) > 0 {
		t.Errorf("%+v", first)
	}
	if !strings.Contains(fmt.Sprint(err), fmt.Sprintf("%d that are left", first.NotReached)) {
		t.Error(err)
	}
	if err := os.Rename(away, r.dir); err != nil {
		t.Fatal(err)
	}
	in.Progress = nil
	second, err := b.Import(b.ctx, in)
	if err != nil || first.Imported+second.Imported != 150 || second.Duplicates != first.Imported {
		t.Errorf("then %+v, %v", second, err)
	}
}

// failing is a card whose reader gives up after so many bytes.
type failing struct {
	*os.File
	left *atomic.Int64
}

func (f failing) ReadAt(b []byte, at int64) (int, error) {
	if f.left.Add(-int64(len(b))) < 0 {
		return 0, &fs.PathError{Op: "read", Path: f.Name(), Err: syscall.EIO}
	}
	return f.File.ReadAt(b, at)
}

func TestAReaderThatGivesUpIsToldApartFromOneBadFile(t *testing.T) {
	b := mustBench(t)
	r := newMadeCard(t)
	for n := range 60 {
		r.jpeg(fmt.Sprintf("A%03d.JPG", n), uint64(n))
	}
	var left atomic.Int64
	left.Store(1 << 40)
	bad := filepath.Join(r.dir, "A007.JPG")
	in := capture.Import{Shoot: b.shoot, Paths: []string{r.dir}, Open: func(path string) (capture.CardFile, error) {
		f, err := os.Open(path)
		if path == bad {
			return failing{f, new(atomic.Int64)}, err
		}
		return failing{f, &left}, err
	}}
	report, err := b.Import(b.ctx, in)
	if err != nil || report.Imported != 59 || len(report.Skipped) != 1 || report.Skipped[0].Path != bad || report.Skipped[0].Why != capture.SkipUnreadable {
		t.Errorf("one bad file: %+v, %v", report, err)
	}
	bad = ""
	b = mustBench(t)
	in.Shoot = b.shoot
	open, opened := in.Open, atomic.Int64{}
	in.Open = func(path string) (capture.CardFile, error) {
		if opened.Add(1) == 60+20 { // all have been looked at, and a third is being taken in
			left.Store(200 << 10)
		}
		return open(path)
	}
	report, err = b.Import(b.ctx, in)
	wantProblem(t, err, "import-card-gone")
	if len(report.Skipped) > 0 || report.Imported+report.NotReached != 60 {
		t.Errorf("a reader that gave up: %+v", report)
	}
}

func TestAFileThatIsStillWrittenIsLeftForTheNextImport(t *testing.T) {
	b := mustBench(t)
	r := newMadeCard(t)
	whole := mustRead(t, r.jpeg("B.JPG", 1))
	growing := r.write("A.JPG", whole[:len(whole)-100])
	in := capture.Import{Shoot: b.shoot, Paths: []string{r.dir}, Progress: func(p capture.ImportProgress) {
		if p.Phase == capture.ImportLooking && p.Done == p.Total {
			if err := os.WriteFile(growing, whole, 0o600); err != nil {
				t.Error(err)
			}
		}
	}}
	report, err := b.Import(b.ctx, in)
	if err != nil || report.Imported != 1 || len(report.Skipped) != 1 || report.Skipped[0].Why != capture.SkipChanging {
		t.Errorf("%+v, %v", report, err)
	}
}

func TestWhatCamerasKeepForThemselvesIsPassedOver(t *testing.T) {
	b := mustBench(t)
	r := newMadeCard(t)
	r.jpeg("DCIM/100NORDL/A.JPG", 1)
	for _, name := range []string{".DS_Store", "._A.JPG", "Thumbs.db", "DCIM/100NORDL/A.LRV", "PRIVATE/AVCHD/INDEX.BDM", "MISC/M0100.CTG", "System Volume Information/x"} {
		r.write(name, []byte("nobody's picture"))
	}
	r.write("notes.txt", []byte("a list"))
	if err := os.Symlink(r.dir, filepath.Join(r.dir, "DCIM", "loop")); err != nil {
		t.Skipf("this system lets whoever runs this make no symbolic links: %v", err)
	}
	report := b.take(r.dir)
	if report.Imported != 1 || len(report.Skipped) != 2 {
		t.Errorf("%+v", report)
	}
	link := filepath.Join(t.TempDir(), "card")
	if err := os.Symlink(r.dir, link); err != nil {
		t.Fatal(err)
	}
	if report := b.take(link); report.Duplicates != 1 {
		t.Errorf("through a link: %+v", report)
	}
}

func TestAClockThatIsWrongIsCorrected(t *testing.T) {
	b := mustBench(t)
	r := newMadeCard(t)
	r.jpeg("1.JPG", 1)
	r.model, r.taken = "N2", r.taken.Add(-2*time.Hour).Add(time.Minute) // two hours behind
	r.jpeg("2.JPG", 2)
	r.model, r.taken = "N1", r.taken.Add(2*time.Hour).Add(time.Minute)
	r.jpeg("3.JPG", 3)
	b.take(r.dir)
	b.wantTaken("2.JPG 1.JPG 3.JPG")
	done, err := b.SetClockOffset(b.ctx, b.shoot, capture.CameraClock{Camera: "n2", Offset: 2 * time.Hour})
	if err != nil || done.Times != 1 || done.Name != "Nordlys N2" || done.Offset != 2*time.Hour {
		t.Errorf("%+v, %v", done, err)
	}
	b.wantTaken("1.JPG 2.JPG 3.JPG")
	b.reopen()
	b.wantTaken("1.JPG 2.JPG 3.JPG")
	r.model, r.taken = "N2", r.taken.Add(-2*time.Hour).Add(time.Minute)
	report := b.take(r.jpeg("4.JPG", 4)) // the correction is kept
	if len(report.Clocks) != 1 || report.Clocks[0].Offset != 2*time.Hour {
		t.Errorf("%+v", report)
	}
	b.wantTaken("1.JPG 2.JPG 3.JPG 4.JPG")
	if done, err := b.SetClockOffset(b.ctx, b.shoot, capture.CameraClock{Camera: "N2"}); err != nil || done.Times != 2 {
		t.Errorf("back: %+v, %v", done, err)
	}
	b.wantTaken("2.JPG 4.JPG 1.JPG 3.JPG")
	for text, id := range map[string]string{"N3": "clock-camera-unknown", "Nordlys": "clock-camera-ambiguous"} {
		_, err := b.SetClockOffset(b.ctx, b.shoot, capture.CameraClock{Camera: text, Offset: time.Hour})
		wantProblem(t, err, id)
	}
}

func TestFilesWithoutATimeFollowTheOneBeforeThem(t *testing.T) {
	b := mustBench(t)
	r := newMadeCard(t)
	paths := []string{r.jpeg("A1.JPG", 1)}
	with := r.taken
	r.taken = time.Time{}
	paths = append(paths, r.jpeg("A2.JPG", 2))
	r.taken = with.Add(time.Minute)
	paths = append(paths, r.jpeg("A3.JPG", 3))
	var order []string
	if _, err := b.Import(b.ctx, capture.Import{Shoot: b.shoot, Paths: paths}); err != nil {
		t.Fatal(err)
	}
	err := b.vault.View(b.ctx, func(tx capture.Tx) error {
		return tx.EachEvent(func(e capture.StoredEvent) error {
			if opened, err := e.Open(); err == nil && opened.Asset != "" {
				file, _, _ := tx.AssetFile(opened.Asset)
				order = append(order, file.Name)
			}
			return nil
		})
	})
	if got := strings.Join(order, " "); err != nil || got != "A1.JPG A2.JPG A3.JPG" {
		t.Errorf("filed as %s, %v", got, err)
	}
}

// A preview that no camera has made is made when somebody looks at the picture first.
func TestAMissingPreviewIsMadeWhenItIsAskedFor(t *testing.T) {
	b := mustBench(t)
	r := newMadeCard(t)
	b.take(r.jpeg("A.JPG", 1))
	id := b.Images(capture.ImageFilter{})[0].ID
	if _, kept, err := b.Previews.Preview(id); kept || err != nil {
		t.Errorf("made already: %v", err)
	}
	made, found, err := b.Preview(b.ctx, id)
	if !found || err != nil || len(made) == 0 {
		t.Errorf("not made: %v", err)
	}
	if _, kept, err := b.Previews.Preview(id); !kept || err != nil {
		t.Errorf("not kept: %v", err)
	}
}
