package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
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

// TestNothingIsWrittenIntoTheVaultOrImportedFromIt, by whatever name it is reached.
func TestNothingIsWrittenIntoTheVaultOrImportedFromIt(t *testing.T) {
	k := &keeper{t, filepath.Join(t.TempDir(), "vault")}
	shoot, file := k.makes(before)
	picture := file("a.jpg", string(picturetest.JPEG(64, 48, picturetest.Options{})))
	links := t.TempDir()
	link, below := filepath.Join(links, "vault"), filepath.Join(links, "originals")
	if err := errors.Join(os.Symlink(k.vault, link), os.Symlink(filepath.Join(k.vault, "originals"), below)); err != nil {
		t.Fatal(err)
	}
	was := shapeOf(t, k.vault)
	for _, place := range []string{k.vault, filepath.Join(k.vault, "originals"), filepath.Join(k.vault, "new", "folder"), link, below, filepath.Join(below, "new")} {
		k.refuses(before, "lies within the vault", "image", "export", "--channel", "web", "--out", place)
		k.refuses(before, "lies within the vault", "receipt", "cards", "--shoot", shoot, "--out", filepath.Join(place, "cards.pdf"))
		k.refuses(before, "lies within the vault", "form", "template", "--out", filepath.Join(place, "form.json"))
		k.refuses(before, "lies within the vault", "backup", "create", "--out", place)
		k.refuses(before, "lies within the vault itself", "image", "import", place, "--shoot", shoot)
		k.refuses(before, "lies within the vault itself", "image", "import", picture, place, "--shoot", shoot)
	}
	if is := shapeOf(t, k.vault); !slices.Equal(was, is) {
		t.Errorf("it held %q and holds %q", was, is)
	}
	// A folder that the vault lies in has pictures beside it.
	if err := os.Rename(picture, filepath.Join(filepath.Dir(k.vault), "a.jpg")); err != nil {
		t.Fatal(err)
	}
	if r := k.must(before, "image", "import", filepath.Dir(k.vault), "--shoot", shoot); r["imported"] != 1.0 || len(r["skipped"].([]any)) != 0 {
		t.Errorf("beside the vault: %v", r)
	}
}

// shapeOf names every file in a folder.
func shapeOf(tb testing.TB, dir string) (names []string) {
	tb.Helper()
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		names = append(names, path)
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return names
}
