package desktop_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"samtykke/ui/desktop/part"
)

// asked is a desk at which something is asked for, in a folder that holds names, and what was chosen.
type asked struct {
	*desk
	dir    string
	chosen []string
}

// ask opens the page for a choice. Names that end in a slash are folders.
func ask(t *testing.T, c part.Choice, names ...string) *asked {
	t.Helper()
	a := &asked{desk: seated(t), dir: t.TempDir()}
	for _, name := range names {
		path := filepath.Join(a.dir, name)
		if strings.HasSuffix(name, "/") {
			a.fatal(os.MkdirAll(path, 0o700))
		} else {
			a.fatal(os.WriteFile(path, []byte(name), 0o600))
		}
	}
	a.again(c)
	return a
}

func (a *asked) fatal(err error) {
	a.Helper()
	if err != nil {
		a.Fatal(err)
	}
}

// again asks once more, beginning in the folder of the test.
func (a *asked) again(c part.Choice) {
	a.Helper()
	c.Title, c.Chosen = "Choose something", func(paths []string) { a.chosen = paths }
	must(0, a.session().UseFolder(a.Context(), c.Kind(), a.dir))
	a.window.Choose(c)
	a.until("the folder to be read", func() bool {
		return a.says("Choose something") && !a.says("Reading") && len(a.entries()) > 0 && a.entries()[0].Text == a.dir
	})
}

func (a *asked) list() *part.RowList {
	for _, o := range a.shown() {
		if l, ok := o.(*part.RowList); ok {
			return l
		}
	}
	a.Fatal("there is no list")
	return nil
}

// names are those of the list, as far as they can be seen.
func (a *asked) names() (names []string) {
	l := a.list()
	for i := range l.Length() {
		cells := make([]part.Cell, 3)
		l.Row(i, cells)
		names = append(names, cells[0].Text)
	}
	return names
}

func (a *asked) keys(names ...fyne.KeyName) {
	for _, name := range names {
		a.list().Focusable().TypedKey(&fyne.KeyEvent{Name: name})
	}
}

// in waits until a folder shows.
func (a *asked) in(path string) {
	a.Helper()
	a.until("the folder "+path, func() bool { return a.entries()[0].Text == path })
}

// back waits until the board shows again.
func (a *asked) back() {
	a.Helper()
	a.until("the board to come back", func() bool { return a.says("Shoots") && !a.says("Choose something") })
}

func TestAFileIsChosenByKeysAlone(t *testing.T) {
	a := ask(t, part.Choice{Endings: []string{".csv"}}, "lists/", "note.txt", ".hidden.csv", "b.csv")
	if got := a.names(); !slices.Equal(got, []string{"lists", "b.csv"}) {
		t.Fatalf("the list holds %q", got)
	}
	a.see("1 file One more does not fit here")
	a.fatal(os.WriteFile(filepath.Join(a.dir, "lists", "list.csv"), nil, 0o600))
	a.keys(fyne.KeyDown, fyne.KeyReturn)
	a.in(filepath.Join(a.dir, "lists"))
	a.keys(fyne.KeyBackspace)
	a.in(a.dir)
	if a.list().Selected() != 0 {
		t.Error("whoever comes up does not find the folder they came from")
	}
	a.keys(fyne.KeyReturn)
	a.in(filepath.Join(a.dir, "lists"))
	a.keys(fyne.KeyDown, fyne.KeyReturn)
	a.back()
	if want := []string{filepath.Join(a.dir, "lists", "list.csv")}; !slices.Equal(a.chosen, want) {
		t.Errorf("chosen: %q", a.chosen)
	}
}

func TestEscapeLeavesAsItWasAndChoosesNothing(t *testing.T) {
	a := ask(t, part.Choice{}, "a.csv")
	a.key(fyne.KeyEscape)
	a.back()
	if a.chosen != nil {
		t.Errorf("chosen: %q", a.chosen)
	}
	a.see("Nobody is registered yet")
}

func TestSeveralFilesAreChosenInTheOrderOfTheList(t *testing.T) {
	a := ask(t, part.Choice{Many: true}, "IMG_10.JPG", "IMG_9.JPG", "IMG_11.JPG", "DCIM/")
	a.list().OnPressed(3)
	a.list().OnPressed(1)
	a.press("Choose 2 files")
	a.back()
	if want := []string{filepath.Join(a.dir, "IMG_9.JPG"), filepath.Join(a.dir, "IMG_11.JPG")}; !slices.Equal(a.chosen, want) {
		t.Errorf("chosen: %q", a.chosen)
	}
	a.again(part.Choice{Many: true})
	a.window.Shortcut(&fyne.ShortcutSelectAll{})
	a.see("Choose 3 files")
	a.keys(fyne.KeyDown, fyne.KeyDown, fyne.KeySpace, fyne.KeyReturn)
	a.back()
	if len(a.chosen) != 2 || slices.Contains(a.chosen, filepath.Join(a.dir, "IMG_9.JPG")) {
		t.Errorf("chosen: %q", a.chosen)
	}
}

func TestAPathCanBePastedAndAWrongOneIsExplained(t *testing.T) {
	a := ask(t, part.Choice{Endings: []string{".csv"}}, "lists/", "lists/a.csv", "note.txt")
	enter := func(path string) {
		a.entries()[0].SetText(path)
		a.entries()[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	}
	enter(filepath.Join(a.dir, "gone"))
	a.see("There is nothing at")
	enter("note.txt")
	a.see("Its name must end in .csv")
	enter("lists")
	a.in(filepath.Join(a.dir, "lists"))
	enter(`"` + filepath.Join(a.dir, "lists", "a.csv") + `"`)
	a.back()
	if want := []string{filepath.Join(a.dir, "lists", "a.csv")}; !slices.Equal(a.chosen, want) {
		t.Errorf("chosen: %q", a.chosen)
	}
}

func TestAFolderIsChosenAndCanBeMadeFirst(t *testing.T) {
	a := ask(t, part.Choice{Folder: true}, "b.jpg")
	a.press("New folder")
	a.enter(1, "what?")
	a.press("Make the folder")
	a.see("No folder can have this name")
	a.enter(1, "Export")
	a.press("Make the folder")
	a.in(filepath.Join(a.dir, "Export"))
	a.press("Choose this folder")
	a.back()
	if want := []string{filepath.Join(a.dir, "Export")}; !slices.Equal(a.chosen, want) {
		t.Errorf("chosen: %q", a.chosen)
	}
	choice := part.Choice{Title: "Choose something", Folder: true}
	a.until("the folder to be remembered", func() bool {
		return must(a.session().LastFolder(a.Context(), choice.Kind())) == filepath.Join(a.dir, "Export")
	})
	a.window.Choose(choice)
	a.until("the folder that was used last", func() bool { return len(a.entries()) > 0 && a.entries()[0].Text == filepath.Join(a.dir, "Export") })
}

func TestAFolderThatIsGoneOrClosedIsSaidAndTheOneBeforeStays(t *testing.T) {
	a := ask(t, part.Choice{Folder: true}, "card/", "b.jpg")
	a.fatal(os.Remove(filepath.Join(a.dir, "card")))
	a.list().OnPressed(0)
	a.see("There is no folder")
	if got := a.entries()[0].Text; got != a.dir || len(a.names()) != 2 {
		t.Errorf("%s shows with %q", got, a.names())
	}
}

func TestWhatIsDroppedOnThePageIsChosen(t *testing.T) {
	a := ask(t, part.Choice{Endings: []string{".csv"}}, "lists/", "lists/a.csv")
	a.window.Drop([]fyne.URI{storage.NewFileURI(filepath.Join(a.dir, "lists"))})
	a.in(filepath.Join(a.dir, "lists"))
	a.window.Drop([]fyne.URI{storage.NewFileURI(filepath.Join(a.dir, "lists", "a.csv"))})
	a.back()
	if len(a.chosen) != 1 {
		t.Errorf("chosen: %q", a.chosen)
	}
}

func TestALockTakesThePageAwayForGood(t *testing.T) {
	a := ask(t, part.Choice{}, "a.csv")
	a.window.LockNow()
	a.see("Unlock")
	a.key(fyne.KeyEscape)
	a.enter(0, passphrase)
	a.press("Unlock")
	a.see("Nobody is registered yet")
	if a.says("Choose something") {
		t.Error("the page is still there")
	}
}

func TestALetterLeadsToTheNextNameThatBeginsWithIt(t *testing.T) {
	a := ask(t, part.Choice{}, "a.csv", "Å.csv", "b1.csv", "B2.csv")
	for _, want := range []string{"b1.csv", "B2.csv", "b1.csv"} {
		a.letter('b')
		if got := a.names()[a.list().Selected()]; got != want {
			t.Errorf("b leads to %s, not %s", got, want)
		}
	}
}

func TestTheChooserFitsASmallWindow(t *testing.T) {
	a := ask(t, part.Choice{Folder: true}, "a.csv")
	a.press("New folder")
	if least := a.window.Fyne().Content().MinSize(); least.Width > 683 || least.Height > 384 {
		t.Errorf("the page needs %v", least)
	}
}

// TestAHugeFolderOnlyShowsWhatCanBeSeen opens a folder of 50,000 files; BenchmarkReadOf50000 in browse measures the reading, which happens in
// the background.
func TestAHugeFolderOnlyShowsWhatCanBeSeen(t *testing.T) {
	if testing.Short() {
		t.Skip("makes 50,000 files")
	}
	var names []string
	for i := range 50_000 {
		names = append(names, fmt.Sprintf("IMG_%05d.JPG", i))
	}
	a := ask(t, part.Choice{}, names...)
	a.see("50000 files")
	if n := len(a.texts()); n > 500 {
		t.Errorf("%d things are drawn", n)
	}
	test.Type(a.entries()[0], "") // the page answers
	a.keys(fyne.KeyEnd)
	if got := a.names()[a.list().Selected()]; got != "IMG_49999.JPG" {
		t.Errorf("End leads to %s", got)
	}
}
