package capture_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/test/drive"
)

// referenced imports a made card by reference and returns its folder and the files in it, by path.
func (b *bench) referenced() (dir string, files []string) {
	b.tb.Helper()
	dir = filepath.Join(b.tb.TempDir(), "disk", "shoot")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.tb.Fatal(err)
	}
	if _, err := drive.Card(dir, b.now, 3, b.person(capture.Registration{Name: "Ola"}).Code); err != nil {
		b.tb.Fatal(err)
	}
	report, err := b.Import(b.ctx, capture.Import{Shoot: b.shoot, Paths: []string{dir}, Reference: true})
	if err != nil || report.Imported != 4 {
		b.tb.Fatalf("import %+v, %v", report, err)
	}
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		b.tb.Fatal(err)
	}
	return dir, files
}

// states are what a check finds, by path.
func (b *bench) states(full bool) map[string]capture.ReferenceState {
	b.tb.Helper()
	found, err := b.CheckReferences(b.ctx, full, nil)
	if err != nil {
		b.tb.Fatal(err)
	}
	states := map[string]capture.ReferenceState{}
	for _, r := range found {
		states[r.Path] = r.State
	}
	return states
}

func TestFilesThatWereLeftOutsideAreNoticedWhenTheyChangeOrGo(t *testing.T) {
	b := mustBench(t)
	_, files := b.referenced()
	for path, state := range b.states(true) {
		if state != capture.ReferenceSame {
			t.Errorf("%s is %s", path, state)
		}
	}
	later := time.Now().Add(time.Hour)
	raw := mustRead(t, files[0])
	raw[len(raw)/2] ^= 1
	for _, err := range []error{
		os.WriteFile(files[0], raw, 0o644), os.Chtimes(files[0], later, later), // as many bytes, but others
		os.Remove(files[1]),
		os.Chtimes(files[2], later, later), // copied back: the same bytes
		os.WriteFile(files[3], raw[:100], 0o644),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	want := []capture.ReferenceState{capture.ReferenceChanged, capture.ReferenceGone, capture.ReferenceSame, capture.ReferenceChanged}
	for _, full := range []bool{false, true} {
		states := b.states(full)
		for i, path := range files {
			if states[path] != want[i] {
				t.Errorf("full %t: %s is %q, want %q", full, path, states[path], want[i])
			}
		}
	}
	b.reopen()
	if status := b.counts(); status.ReferencesAmiss != 3 {
		t.Errorf("after the next start %d are amiss", status.ReferencesAmiss)
	}
	for _, img := range b.Images(capture.ImageFilter{}) {
		i := slices.Index(files, img.File.Path)
		state, err := b.CheckReference(b.ctx, img.ID)
		if err != nil || state != want[i] || (want[i] != capture.ReferenceSame) != (img.Amiss == want[i]) {
			t.Errorf("%s is %s, remembered as %q, %v; want %s", img.Name, state, img.Amiss, err, want[i])
		}
	}
}

// The quick check may trust a file that nobody has written to; the full one trusts none.
func TestTheFullCheckFindsWhatOnlyTheBytesTell(t *testing.T) {
	b := mustBench(t)
	_, files := b.referenced()
	info, err := os.Stat(files[0])
	if err != nil {
		t.Fatal(err)
	}
	raw := mustRead(t, files[0])
	raw[len(raw)/2] ^= 1
	if err := errors.Join(os.WriteFile(files[0], raw, 0o644), os.Chtimes(files[0], info.ModTime(), info.ModTime())); err != nil {
		t.Fatal(err)
	}
	if quick, full := b.states(false)[files[0]], b.states(true)[files[0]]; quick != capture.ReferenceSame || full != capture.ReferenceChanged {
		t.Errorf("quick %s, full %s", quick, full)
	}

	// What the full check knows the quick one does not take back: not the next time, not after a start, not after the disk was away.
	away := files[0] + ".away"
	for _, do := range []func() error{func() error { return nil }, func() error { b.reopen(); return nil },
		func() error {
			if err := os.Rename(files[0], away); err != nil || b.states(false)[files[0]] != capture.ReferenceGone {
				t.Errorf("it is not missed: %v", err)
			}
			return os.Rename(away, files[0])
		}} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
		if quick := b.states(false)[files[0]]; quick != capture.ReferenceChanged || b.counts().ReferencesAmiss != 1 {
			t.Errorf("the quick check says %s again, and %d are amiss", quick, b.counts().ReferencesAmiss)
		}
		if state, err := b.CheckReference(b.ctx, b.imageAt(files[0]).ID); err != nil || state != capture.ReferenceChanged {
			t.Errorf("alone it is %s, %v", state, err)
		}
	}
	raw[len(raw)/2] ^= 1
	if err := errors.Join(os.WriteFile(files[0], raw, 0o644), os.Chtimes(files[0], info.ModTime(), info.ModTime())); err != nil {
		t.Fatal(err)
	}
	if quick := b.states(false)[files[0]]; quick != capture.ReferenceSame || b.counts().ReferencesAmiss != 0 {
		t.Errorf("put back as it was it is %s", quick)
	}
}

// imageAt is the image that was imported by reference from a path.
func (b *bench) imageAt(path string) capture.Image {
	b.tb.Helper()
	for _, img := range b.Images(capture.ImageFilter{}) {
		if img.File.Path == path {
			return img
		}
	}
	b.tb.Fatalf("no image lies at %s", path)
	return capture.Image{}
}

// TestWhatAnExportFindsInAFileOutsideStaysKnown: it reads the file, which a quick check does not.
func TestWhatAnExportFindsInAFileOutsideStaysKnown(t *testing.T) {
	b := mustBench(t)
	_, files := b.referenced()
	path := files[len(files)-1]
	img := b.imageAt(path)
	if err := b.SetPeople(b.ctx, 0, img.ID); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	raw := mustRead(t, path)
	raw[len(raw)/2] ^= 1
	if err := errors.Join(os.WriteFile(path, raw, 0o644), os.Chtimes(path, info.ModTime(), info.ModTime())); err != nil {
		t.Fatal(err)
	}
	report := b.exportTo(t.TempDir())
	if !slices.ContainsFunc(report.Refused, func(r capture.RefusedAsset) bool {
		return r.Asset == img.ID && r.Reasons[0].Status == "reference-changed"
	}) {
		t.Fatalf("the export refuses %+v", report.Refused)
	}
	if img, _ := b.Image(img.ID); img.Amiss != capture.ReferenceChanged || b.states(false)[path] != capture.ReferenceChanged {
		t.Errorf("it is %q, and a quick check says %q", img.Amiss, b.states(false)[path])
	}
}

func TestWhatIsImportedIntoTheVaultIsNoLongerLookedForOutside(t *testing.T) {
	b := mustBench(t)
	_, files := b.referenced()
	if err := os.Remove(files[0]); err != nil {
		t.Fatal(err)
	}
	if b.states(false)[files[0]] != capture.ReferenceGone || b.counts().ReferencesAmiss != 1 {
		t.Error("it is not missed")
	}
	for _, img := range b.Images(capture.ImageFilter{}) {
		if img.File.Path == files[0] {
			if _, err := b.RemoveImages(b.ctx, capture.Removal{Assets: []consent.AssetID{img.ID}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if states := b.states(false); len(states) != 3 || b.counts().ReferencesAmiss != 0 {
		t.Errorf("%v, %d amiss", states, b.counts().ReferencesAmiss)
	}
}

func TestReferencesFollowAFolderThatMoved(t *testing.T) {
	b := mustBench(t)
	dir, files := b.referenced()
	moved := filepath.Join(t.TempDir(), "archive")
	if err := os.Rename(filepath.Dir(dir), moved); err != nil {
		t.Fatal(err)
	}
	now := make([]string, len(files))
	for i, path := range files {
		rel, err := filepath.Rel(filepath.Dir(dir), path)
		if err != nil {
			t.Fatal(err)
		}
		now[i] = filepath.Join(moved, rel)
	}
	if err := os.WriteFile(now[1], []byte("another picture"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := b.Relocate(b.ctx, filepath.Join(moved, "nowhere"), moved, nil)
	wantProblem(t, err, "relocate-nothing")
	report, err := b.Relocate(b.ctx, filepath.Dir(dir)+string(filepath.Separator), moved, nil)
	if err != nil || len(report.Moved) != 3 || len(report.Unfit) != 1 || report.Unfit[0].Path != now[1] || report.Unfit[0].State != capture.ReferenceChanged {
		t.Fatalf("%+v, %v", report, err)
	}
	b.reopen()
	states := b.states(false)
	for i := range files {
		at, want := now[i], capture.ReferenceSame
		if i == 1 {
			at, want = files[i], capture.ReferenceGone
		}
		if states[at] != want {
			t.Errorf("%s is %q, want %s", at, states[at], want)
		}
	}
}
