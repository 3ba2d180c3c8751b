package capture_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/picture/picturetest"
	"samtykke/app/problem"
	"samtykke/assets"
)

func TestWhyAFileWasSkippedIsSaidInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	b := mustBench(t)
	dir := t.TempDir()
	whole := picturetest.JPEG(120, 80, picturetest.Options{Seed: 1})
	want := map[string]string{"cut.jpg": "slutten mangler", "empty.jpg": "den er tom", "notes.txt": "verken et bilde", "form.pdf": "formatet er PDF"}
	for name, content := range map[string][]byte{"cut.jpg": whole[:len(whole)/3], "empty.jpg": nil, "notes.txt": []byte("not a picture"), "form.pdf": []byte("%PDF-1.7 and more than that")} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	report, err := b.Import(b.ctx, capture.Import{Shoot: b.shoot, Paths: []string{dir}})
	if err != nil || len(report.Skipped) != len(want) {
		t.Fatalf("%+v, %v", report, err)
	}
	for _, f := range report.Skipped {
		said := f.Words(assets.NewTexts("nb"))
		if name := filepath.Base(f.Path); !strings.Contains(said, want[name]) {
			t.Errorf("%s: %q does not say %q", name, said, want[name])
		}
		if f.Detail == "" || strings.Contains(said, f.Detail) {
			t.Errorf("%q says %q in English", said, f.Detail)
		}
	}
}

func TestWhatADiskSaysIsSaidInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	for says, want := range map[error]string{
		syscall.ENOSPC: "det er ikke plass igjen", syscall.EROFS: "disken er skrivebeskyttet", syscall.EIO: "disken eller kortet melder om feil",
		fs.ErrPermission: "du har ikke tilgang", fs.ErrNotExist: "det finnes ikke noe der", fs.ErrExist: "noe har det navnet fra før",
		errors.New("flux"): "systemet melder «flux»",
	} {
		why := capture.Cause(fmt.Errorf("write: %w", &fs.PathError{Op: "write", Path: "/somewhere", Err: says}))
		if why.String() != says.Error() || why.In(assets.NewTexts("nb")) != want {
			t.Errorf("%v is %q, in Norwegian %q", says, why, why.In(assets.NewTexts("nb")))
		}
		p := problem.New(problem.Unavailable, "cannot-write", "{{.path}} cannot be written ({{.why}}).", "path", "/somewhere", "why", why)
		if said := p.In(assets.NewTexts("nb")); !strings.Contains(said, want) {
			t.Errorf("%q does not say %q", said, want)
		}
		if said := p.Error(); !strings.Contains(said, says.Error()) {
			t.Errorf("%q does not quote %q", said, says)
		}
	}
}

func TestWhyAFileWasNotExportedIsSaidInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	b := mustBench(t)
	id := b.withFiles(map[string][]byte{"a.jpg": picturetest.JPEG(120, 80, picturetest.Options{Seed: 7})})["a.jpg"]
	count := func(n int) {
		if err := b.SetPeople(b.ctx, n, id); err != nil {
			t.Fatal(err)
		}
	}
	count(0)
	out := t.TempDir()
	export := func() capture.ExportReport {
		report, err := b.Export(b.ctx, capture.Export{Channel: "web", Out: out}, "nb")
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	if first := export(); first.Exported != 1 {
		t.Fatalf("%+v", first)
	}
	written, err := filepath.Glob(filepath.Join(out, "*.jpg"))
	if err != nil || len(written) != 1 {
		t.Fatalf("%v, %v", written, err)
	}
	if err := os.WriteFile(written[0], []byte("somebody's own"), 0o600); err != nil {
		t.Fatal(err)
	}
	count(1) // is not cleared any more
	again := export()
	if len(again.Kept) != 1 || !strings.Contains(again.Kept[0].Reasons[0].Text, "Noen har endret") {
		t.Errorf("%+v", again.Kept)
	}
}
