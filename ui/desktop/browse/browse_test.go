package browse_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"samtykke/app/problem"
	"samtykke/ui/desktop/browse"
)

// lay makes files and, where a name ends in a slash, folders.
func lay(t testing.TB, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		path := filepath.Join(dir, name)
		if name[len(name)-1] == '/' {
			must(t, os.MkdirAll(path, 0o700))
			continue
		}
		must(t, os.WriteFile(path, []byte(name), 0o600))
	}
	return dir
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func names(f browse.Folder) []string {
	var list []string
	for _, i := range f.Items {
		list = append(list, i.Name)
	}
	return list
}

func TestFoldersComeFirstAndNumbersCountAsNumbers(t *testing.T) {
	dir := lay(t, "IMG_10.JPG", "IMG_9.JPG", "img_0009b.jpg", "åpning.jpg", "b/", "A10/", "a9/", ".hidden", ".trash/")
	f, err := browse.Read(t.Context(), dir, nil)
	must(t, err)
	if want := []string{"a9", "A10", "b", "IMG_9.JPG", "img_0009b.jpg", "IMG_10.JPG", "åpning.jpg"}; !slices.Equal(names(f), want) {
		t.Errorf("%q", names(f))
	}
	if f.Files != 4 || f.Others != 0 {
		t.Errorf("%d files and %d others", f.Files, f.Others)
	}
	for _, i := range f.Items {
		if !i.Folder && (i.Size != int64(len(i.Name)) || i.Changed.IsZero()) {
			t.Errorf("%+v", i)
		}
	}
}

func TestFilesThatDoNotFitAreCountedAndNotShown(t *testing.T) {
	dir := lay(t, "list.csv", "LIST2.CSV", "letter.docx", "csv", "folder.csv/")
	f, err := browse.Read(t.Context(), dir, browse.EndsIn([]string{".csv"}))
	must(t, err)
	if want := []string{"folder.csv", "LIST2.CSV", "list.csv"}; !slices.Equal(names(f), want) || f.Files != 2 || f.Others != 2 {
		t.Errorf("%q, %d files, %d others", names(f), f.Files, f.Others)
	}
}

func TestLinksCountAsWhatTheyLeadTo(t *testing.T) {
	dir := lay(t, "card/", "a.jpg")
	for name, target := range map[string]string{"to-folder": "card", "to-file.jpg": "a.jpg", "to-nothing": "gone"} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Skip("this system makes no links:", err)
		}
	}
	f, err := browse.Read(t.Context(), dir, nil)
	must(t, err)
	if want := []string{"card", "to-folder", "a.jpg", "to-file.jpg"}; !slices.Equal(names(f), want) {
		t.Errorf("%q", names(f))
	}
}

func TestReadingSaysWhyItCannot(t *testing.T) {
	dir := lay(t, "a.jpg", "closed/")
	if _, err := browse.Read(t.Context(), filepath.Join(dir, "gone"), nil); problem.Of(err).ID != "folder-not-there" {
		t.Errorf("a folder that is not there: %v", err)
	}
	if _, err := browse.Read(t.Context(), filepath.Join(dir, "a.jpg"), nil); problem.Of(err).ID != "folder-unreadable" {
		t.Errorf("a file: %v", err)
	}
	must(t, os.Chmod(filepath.Join(dir, "closed"), 0))
	if _, err := os.ReadDir(filepath.Join(dir, "closed")); err == nil {
		t.Skip("this user may read everything")
	}
	if _, err := browse.Read(t.Context(), filepath.Join(dir, "closed"), nil); problem.Of(err).ID != "folder-forbidden" {
		t.Errorf("a folder of somebody else: %v", err)
	}
}

func TestReadingAHugeFolderCanBeBrokenOff(t *testing.T) {
	dir := t.TempDir()
	for i := range 2500 {
		must(t, os.WriteFile(filepath.Join(dir, fmt.Sprint(i)), nil, 0o600))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f, err := browse.Read(ctx, dir, nil)
	if !errors.Is(err, context.Canceled) || len(f.Items) >= 2500 {
		t.Errorf("%d of 2500 were read: %v", len(f.Items), err)
	}
}

func TestPathsAreTakenAsPeoplePasteThem(t *testing.T) {
	open, home := filepath.FromSlash("/media/card"), filepath.FromSlash("/home/ola")
	for typed, want := range map[string]string{
		"/tmp/a b":          "/tmp/a b",
		` "/tmp/a b" `:      "/tmp/a b",
		"file:///tmp/a%20b": "/tmp/a b",
		"~":                 "/home/ola",
		"~/Pictures/":       "/home/ola/Pictures",
		"DCIM":              "/media/card/DCIM",
		"..":                "/media",
		"":                  "/media/card",
	} {
		if got := browse.Path(typed, open, home); got != filepath.FromSlash(want) {
			t.Errorf("%q is %q, not %q", typed, got, want)
		}
	}
}

func TestPlacesAreThoseThatExistUnderTheNamesTheyHave(t *testing.T) {
	home := lay(t, "Bilder/", "Documents/", ".config/")
	must(t, os.WriteFile(filepath.Join(home, ".config", "user-dirs.dirs"), []byte("# made\nXDG_PICTURES_DIR=\"$HOME/Bilder\"\nXDG_DESKTOP_DIR=\"$HOME/\"\n"), 0o600))
	found := map[browse.PlaceKind]string{}
	for _, p := range browse.Places(home) {
		found[p.Kind] = p.Path
	}
	delete(found, browse.Volume)
	if len(found) != 3 || found[browse.Home] != home || found[browse.Pictures] != filepath.Join(home, "Bilder") || found[browse.Documents] != filepath.Join(home, "Documents") {
		t.Errorf("%v", found)
	}
}

func TestAFolderIsMadeOnceAndUnderAName(t *testing.T) {
	dir := t.TempDir()
	path, err := browse.MakeFolder(dir, " Export nettsted ")
	must(t, err)
	if info, err := os.Stat(path); err != nil || !info.IsDir() || filepath.Base(path) != "Export nettsted" {
		t.Errorf("%s: %v", path, err)
	}
	if _, err := browse.MakeFolder(dir, "Export nettsted"); problem.Of(err).ID != "folder-exists" {
		t.Errorf("a second time: %v", err)
	}
	for _, name := range []string{"", "..", "a/b", `a\b`, "what?"} {
		if _, err := browse.MakeFolder(dir, name); problem.Of(err).ID != "folder-name" {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestTheNearestFolderThatIsLeftIsFound(t *testing.T) {
	dir := lay(t, "a/")
	if got := browse.Nearest(filepath.Join(dir, "a", "b", "c")); got != filepath.Join(dir, "a") {
		t.Error(got)
	}
}

// BenchmarkReadOf50000 reads a folder of 50,000 pictures.
func BenchmarkReadOf50000(b *testing.B) {
	dir := b.TempDir()
	for i := range 50_000 {
		must(b, os.WriteFile(filepath.Join(dir, fmt.Sprintf("IMG_%05d.JPG", i)), nil, 0o600))
	}
	for b.Loop() {
		if f, err := browse.Read(b.Context(), dir, nil); err != nil || f.Files != 50_000 {
			b.Fatal(f.Files, err)
		}
	}
}
