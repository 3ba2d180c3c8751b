package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"samtykke/app/picture/picturetest"
)

// TestAFolderThatMovedFailsTheExport: a script must not take it for up to date. What became of the others is told all the same.
func TestAFolderThatMovedFailsTheExport(t *testing.T) {
	k := &keeper{t, filepath.Join(t.TempDir(), "vault")}
	shoot, file := k.makes(before)
	picture := file("a.jpg", string(picturetest.JPEG(64, 48, picturetest.Options{})))
	k.must(before, "image", "import", picture, "--shoot", shoot)
	k.must(before, "image", "people", "a.jpg", "0")
	first, second := filepath.Join(t.TempDir(), "first"), filepath.Join(t.TempDir(), "second")
	for _, out := range []string{first, second} {
		k.must(before, "image", "export", "--channel", "web", "--out", out)
	}
	if err := os.Rename(first, first+"-moved"); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr strings.Builder
	code := run(t.Context(), []string{"--vault", k.vault, "image", "export", "--again"}, strings.NewReader(before), &stdout, &stderr)
	if code != 1 || !strings.Contains(stdout.String(), "0 exported to "+second+", 1 unchanged") || strings.Count(stderr.String(), first) != 1 {
		t.Errorf("exit %d: %s%s", code, stdout.String(), stderr.String())
	}
	copies, err := filepath.Glob(filepath.Join(second, "*.jpg"))
	if err != nil || len(copies) != 1 {
		t.Fatalf("%q, %v", copies, err)
	}
	if err := os.Rename(copies[0], filepath.Join(second, "holiday.jpg")); err != nil {
		t.Fatal(err)
	}
	if said := k.says(before, "image", "export", "--channel", "web", "--out", second); !strings.Contains(said, "\n  missing "+filepath.Base(copies[0])+": This copy is no longer") {
		t.Errorf("a copy that was renamed: %s", said)
	}
}
