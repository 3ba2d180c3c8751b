package desktop_test

import (
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"samtykke/ui/desktop/part"
)

// walkPeople goes through the screens of people and shoots in the furnished vault, and then through a first start on a desk of its own.
func (g *gallery) walkPeople() {
	g.walkUnlock()
	g.walkBoard()
	g.walkPane()
	g.walkActs()
	g.walkEverybody()
	g.walkShoots()
	g.walkPapers()
	g.walkEndings()
	g.walkFirstStart()
}

// many is a text of the window that counts.
func (g *gallery) many(id string, count int) string { return g.texts.N("desktop."+id, count, nil) }

// with is a text of the window with a value in it.
func (g *gallery) with(id, key, value string) string {
	return g.texts.T("desktop."+id, map[string]any{key: value})
}

// openPerson opens somebody by their name, in the list that shows.
func (g *gallery) openPerson(name string) {
	g.Helper()
	if g.rowOf(name) < 0 && g.pressable(g.w("pane.close")) != nil { // on a small screen the pane stands before the list
		g.press(g.w("pane.close"))
	}
	g.until("the row of "+name, func() bool { return g.rowOf(name) >= 0 })
	g.choose(g.rowOf(name))
	g.see(g.w("person.history"))
}

// part shows a part of the person in the pane, whose tab may be called like one of the screens.
func (g *gallery) part(word string) {
	g.Helper()
	var last *part.Tab
	for _, o := range g.shown() {
		if tab, ok := o.(*part.Tab); ok && tab.Text() == word {
			last = tab
		}
	}
	if last == nil {
		g.Fatalf("no part of the person is called %q", word)
	}
	test.Tap(last)
}

// rowOf is the row of the list that shows in which a text stands, -1 for none.
func (g *gallery) rowOf(text string) int {
	for at, row := range g.rows() {
		if strings.Contains(row, text) {
			return at
		}
	}
	return -1
}

// refused presses a button and waits until the screen says why not.
func (g *gallery) refused(word string) {
	g.Helper()
	before := len(g.desk.texts())
	g.press(word)
	g.until("the refusal", func() bool { return len(g.desk.texts()) > before && g.pressable(word) != nil })
}

func (g *gallery) walkUnlock() {
	g.shows("unlock", g.w("unlock.open"))
	g.press(g.w("unlock.forgotten"))
	g.shows("recovery", g.w("passphrase.again"))
	g.press(g.w("back"))
	g.enter(0, "something else")
	g.refused(g.w("unlock.open"))
	g.shows("unlock-wrong", g.w("unlock.open"))
	g.enter(0, passphrase)
	g.press(g.w("unlock.open"))
}

func (g *gallery) walkBoard() {
	g.shows("board", "Ola Nordmann")
	for _, tally := range []struct {
		name, text string
	}{{"signed", g.many("board.signed", 2)}, {"waiting", g.many("board.waiting", 4)}, {"said-no", g.many("board.said-no", 1)}} {
		g.until(tally.text, func() bool { return g.counter(tally.text) != nil })
		test.Tap(g.counter(tally.text))
		g.shows("board-"+tally.name, tally.text)
		test.Tap(g.counter(tally.text))
	}
	g.enter(0, "nobody like this")
	g.shows("board-nobody", g.w("board.nobody"))
	g.key(fyne.KeyEscape)
	g.see("Ola Nordmann")
}

func (g *gallery) walkPane() {
	for _, whom := range []struct{ screen, name string }{{"adult", "Ola Nordmann"}, {"child", "Kari Nordmann"}, {"avoided", "red jacket"}} {
		g.openPerson(whom.name)
		for _, tab := range []string{"history", "images", "more", "answers"} {
			g.part(g.w("person." + tab))
			g.shows("person-"+whom.screen+"-"+tab, g.w("person.history"))
		}
	}
	g.press(g.w("pane.close"))
	g.press(g.w("person.new"))
	g.shows("new-person", g.w("person.avoid"))
	g.press(g.w("pane.close"))
}

// walkActs opens everything that is done with somebody, and does some of it.
func (g *gallery) walkActs() {
	g.openPerson("Ola Nordmann")
	g.press(g.w("person.correct"))
	g.shows("correct", g.w("person.avoid"))
	g.press(g.w("cancel"))
	g.press(g.w("withdraw.begin"))
	g.shows("withdraw", g.w("withdraw.keep"))
	g.press(g.w("withdraw.keep"))
	g.press(g.w("spoken.begin"))
	g.shows("said-aloud", g.w("spoken.note"))
	g.press(g.w("pane.close"))
	g.openPerson("Ola Nordmann")
	g.press(g.w("receipt.codes"))
	g.shows("receipt-codes", g.w("codes.proof"))
	g.key(fyne.KeyEscape)
	g.openPerson("Ola Nordmann")
	g.letter('q')
	g.shows("card", strings.TrimSpace(g.with("card.name", "code", "")))
	g.key(fyne.KeyEscape)
	g.openPerson("Ola Nordmann")
	g.part(g.w("person.more"))
	g.press(g.w("access.begin"))
	g.shows("access", g.w("access.safely"))
	g.press(g.w("access.choose"))
	g.see(g.w("choose.take.folder"))
	g.enter(0, g.shelf())
	g.entries()[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	g.shows("choose-folder", "earlier requests")
	g.key(fyne.KeyEscape)
	g.see(g.w("access.safely"))
	g.press(g.w("pane.close"))
	g.openPerson("Ola Nordman ")
	g.press(g.w("double.look"))
	g.shows("compare", g.w("double.different"))
	g.press(g.w("double.merge"))
	g.shows("merge", g.w("double.merge.keep"))
	g.press(g.w("double.merge.keep"))
	g.press(g.w("pane.close"))
	g.openPerson("Samira Hussein")
	g.part(g.w("person.more"))
	g.press(g.w("erase.begin"))
	g.shows("erase", g.w("erase.stays"))
	g.pick(g.w("erase.reason.request"))
	g.shows("erase-ready", g.with("erase.do", "name", "Samira Hussein"))
	g.press(g.with("erase.do", "name", "Samira Hussein"))
	g.shows("erased", g.w("back"))
	g.press(g.w("back"))
}

// shelf is a folder with files and folders in it.
func (g *gallery) shelf() string {
	g.Helper()
	dir := filepath.Join(g.folder, "shelf")
	if err := os.MkdirAll(filepath.Join(dir, "earlier requests"), 0o700); err != nil {
		g.Fatal(err)
	}
	for _, name := range []string{"class 4B.csv", "list from the school office.csv"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(rosterWithMistakes), 0o600); err != nil {
			g.Fatal(err)
		}
		if err := os.Chtimes(filepath.Join(dir, name), dayOfShoot, dayOfShoot); err != nil {
			g.Fatal(err)
		}
	}
	if err := os.Chtimes(filepath.Join(dir, "earlier requests"), dayOfShoot, dayOfShoot); err != nil {
		g.Fatal(err)
	}
	return dir
}

const rosterWithMistakes = "navn;tlf;klasse;foresatt 1;skostørrelse\nOla Hansen;91234567;4B;Anne Hansen;38\nPer Vik;12;4B;;\nÅse Ødegaard;41234567;4B;;\nLiv Vik;;4B;;\n"

func (g *gallery) walkEverybody() {
	g.press(g.w("tab.people"))
	g.shows("people", "Nordmann")
	g.openPerson(g.w("person.erased"))
	g.shows("person-erased", g.w("person.history"))
	g.press(g.w("pane.close"))
	g.enter(0, "nobody like this")
	g.shows("people-nobody", g.w("board.nobody"))
	g.key(fyne.KeyEscape)
	g.openPerson("Kari Nordmann")
	g.shows("people-child", g.w("person.history"))
	g.press(g.w("pane.close"))
	g.pick(g.w("people.due"))
	g.shows("due", g.many("people.due.count", 1))
	g.pick(g.w("people.twice"))
	g.shows("doubles", g.many("people.twice.count", 1))
	g.choose(0)
	g.shows("doubles-compare", g.w("double.different"))
	g.press(g.w("pane.close"))
	g.pick(g.w("people.everybody"))
	g.key(fyne.KeyF1)
	g.shows("shortcuts-people", g.w("shortcuts"))
	g.press(g.w("back"))
}

func (g *gallery) walkShoots() {
	g.press(g.w("tab.shoots"))
	g.act("roster.import")
	g.enter(0, g.shelf())
	g.entries()[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	g.shows("choose-files", "list from the school office")
	g.key(fyne.KeyEscape)
	g.shows("roster", g.w("roster.choose"))
	g.window.Drop([]fyne.URI{storage.NewFileURI(filepath.Join(g.shelf(), "class 4B.csv"))})
	g.shows("roster-preview", g.many("roster.do", 3))
	g.press(g.many("roster.do", 3))
	g.shows("roster-report", g.w("roster.done"))
	g.press(g.w("roster.done"))
	g.act("print")
	g.shows("cards-and-forms", g.w("cards"))
	g.press(g.w("pane.close"))
	g.act("shoot.edit")
	g.shows("edit-shoot-beside", g.w("shoot.edit.heading"))
	g.press(g.w("pane.close"))
	g.act("shoot.others")
	g.shows("shoots", "Summer festival")
	g.choose(1)
	g.shows("shoots-one", "Summer festival")
	g.press(g.w("shoot.edit"))
	g.shows("edit-shoot", g.w("shoot.edit.heading"))
	g.press(g.w("cancel"))
	g.press(g.w("shoot.new"))
	g.shows("new-shoot", g.w("shoot.make"))
	g.key(fyne.KeyEscape)
	g.see(g.w("hand"))
}

// act presses one of the board's buttons for the shoot, which a small board keeps behind another.
func (g *gallery) act(id string) {
	g.Helper()
	g.see(g.w("hand"))
	if g.pressable(g.w(id)) == nil {
		g.press(g.w("board.more"))
		g.shows("board-more", g.w(id))
	}
	g.press(g.w(id))
}

func (g *gallery) walkPapers() {
	g.press(g.many("papers.waiting", 1))
	g.shows("papers", g.w("papers.confirm"))
	g.press(g.w("papers.discard"))
	g.shows("papers-discard", g.w("papers.discard.do"))
	g.press(g.w("papers.keep"))
	g.press(g.w("back"))
	g.see(g.w("hand"))
}

// walkEndings hands the screen over, locks the vault, and opens it again after an end that nobody had asked for.
func (g *gallery) walkEndings() {
	g.letter('h')
	g.shows("handed-over", "Norsk")
	g.marked("shoot")
	g.die("goroutine 1 [running]:\nsamtykke/ui/desktop.(*boardPage).show(...)\n")
	g.open()
	g.fit()
	g.enter(0, passphrase)
	g.press(g.w("unlock.open"))
	g.shows("ended", g.w("ended.go-on"))
	g.window.LockNow()
	g.shows("locked", g.w("unlock.now"))
}

// walkFirstStart goes from nothing to the first shoot, which is empty.
func (g *gallery) walkFirstStart() {
	before := g.desk
	g.desk = sit(g.TB)
	g.app.Preferences().SetString("language", g.texts.Language)
	g.app.Preferences().SetInt("variant", before.app.Preferences().Int("variant"))
	g.now = before.now
	g.open()
	g.fit()
	g.shows("start-language", g.w("language.name"))
	g.press(g.w("language.name"))
	g.shows("start-passphrase", g.w("passphrase.advice"))
	g.enter(0, passphrase)
	g.enter(1, passphrase)
	g.shows("start-passphrase-strong", g.w("passphrase.strong"))
	g.press(g.w("next"))
	g.shows("start-organisation", g.w("start.organisation"))
	g.enter(0, organisation.Name)
	g.enter(1, organisation.Number)
	g.enter(2, "not an address")
	g.refused(g.w("start.create"))
	g.shows("start-organisation-wrong", g.w("start.organisation"))
	g.enter(2, organisation.Contact)
	g.press(g.w("start.create"))
	g.shows("start-key", g.w("start.key.why"))
	g.tick(g.w("key.kept"))
	g.press(g.w("next"))
	g.shows("start-library", g.w("start.alone"))
	g.press(g.w("start.alone"))
	g.shows("start-shoot", g.w("shoot.make"))
	g.enter(0, "Opening of Storhaug school")
	g.press(g.w("shoot.make"))
	g.shows("board-empty", g.w("board.empty"))
	g.press(g.w("tab.people"))
	g.shows("people-empty", g.w("people.empty"))
}
