package desktop_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/picture/picturetest"
	"samtykke/app/problem"
	"samtykke/sync/device"
	"samtykke/ui/desktop/part"
)

// TestEveryScreenOfTheWorkIsWhole is TestEveryScreenIsWhole for the images, the exchange with a library, the backups and the settings.
func TestEveryScreenOfTheWorkIsWhole(t *testing.T) {
	goThrough(t, furnished(t), (*gallery).walkWork)
}

func (g *gallery) walkWork() {
	g.clock = &clock{now: dayOfShoot} // nothing begins by itself, and no reading rests before it is looked at
	festival, school := g.prepare()
	g.begin(festival)
	g.walkImporting()
	g.begin(school)
	g.walkImages()
	g.walkExport()
	g.walkSync()
	g.walkBackups()
	g.walkSettings()
	g.walkForms()
	g.walkLarge()
	g.walkPIN()
}

// p is a text of the images.
func (g *gallery) p(id string) string { return g.texts.T("pictures."+id, nil) }

// prepare brings into the vault what has to be there before the window opens, and gives its two shoots.
func (g *gallery) prepare() (festival, school consent.ShootID) {
	g.Helper()
	ctx := g.Context()
	s := must(g.door.Unlock(ctx, passphrase))
	for _, shoot := range s.Shoots() {
		if shoot.Assets == 0 {
			festival = shoot.ID
		} else {
			school = shoot.ID
		}
	}
	late := g.cardOf(2, dayOfShoot.Add(2*time.Hour))
	must(s.Import(ctx, capture.Import{Shoot: school, Paths: []string{late}, Slates: true}))
	outside := g.cardOf(1, dayOfShoot.Add(3*time.Hour))
	must(s.Import(ctx, capture.Import{Shoot: school, Paths: []string{outside}, Reference: true}))
	if err := os.Rename(outside, outside+"-moved"); err != nil {
		g.Fatal(err)
	}
	halfway, stop := context.WithCancel(ctx)
	if _, err := s.Import(halfway, capture.Import{Shoot: school, Paths: []string{g.cardOf(30, dayOfShoot.Add(4*time.Hour))},
		Progress: func(capture.ImportProgress) {
			stop()
		}}); err == nil {
		g.Fatal("the import did not break off")
	}
	stop()
	if err := g.door.Close(); err != nil {
		g.Fatal(err)
	}
	return festival, school
}

// cardOf is a folder with n pictures, taken one after the other.
func (g *gallery) cardOf(n int, at time.Time) string {
	g.Helper()
	dir := filepath.Join(g.TempDir(), "EOS_DIGITAL")
	if err := os.Mkdir(dir, 0o700); err != nil {
		g.Fatal(err)
	}
	for range n {
		at = at.Add(time.Second)
		file := picturetest.JPEG(640, 480, picturetest.Options{Seed: uint64(at.Unix()), TakenAt: at, Make: "Canon", Model: "EOS R6"})
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("R6_%d.JPG", at.Unix()%10_000)), file, 0o600); err != nil {
			g.Fatal(err)
		}
	}
	return dir
}

// begin opens the window anew in front of a shoot.
func (g *gallery) begin(shoot consent.ShootID) {
	g.Helper()
	if g.window != nil {
		g.window.Stop()
		if err := g.door.Close(); err != nil {
			g.Fatal(err)
		}
	}
	g.app.Preferences().SetString("shoot", string(shoot))
	g.open()
	g.fit()
	g.enter(0, passphrase)
	g.press(g.w("unlock.open"))
	g.see(g.w("tab.images"))
	g.press(g.w("tab.images"))
}

// calm lets toasts go.
func (g *gallery) calm() { g.pass(9 * time.Second) }

// drawn waits until no picture is waited for.
func (g *gallery) drawn() {
	g.Helper()
	g.layOut()
	g.until("the pictures show", func() bool {
		for _, o := range g.shown() {
			if c, ok := o.(interface{ Waits() bool }); ok && c.Waits() {
				return false
			}
		}
		return true
	})
}

// mark selects pictures by their place in the grid.
func (g *gallery) mark(places ...int) {
	g.Helper()
	var grid *part.ThumbnailGrid
	g.until("a grid", func() bool {
		for _, o := range g.shown() {
			if found, ok := o.(*part.ThumbnailGrid); ok {
				grid = found
			}
		}
		return grid != nil
	})
	grid.Select(places...)
}

// option chooses in whatever offers it, by how it begins.
func (g *gallery) option(word string) {
	g.Helper()
	for _, o := range g.shown() {
		if s, ok := o.(*part.Select); ok {
			if at := slices.IndexFunc(s.Options, func(option string) bool { return len(option) >= len(word) && option[:len(word)] == word }); at >= 0 {
				s.SetSelectedIndex(at)
				return
			}
		}
	}
	g.Fatalf("nothing offers %q", word)
}

func (g *gallery) walkImporting() {
	g.shows("images-empty", g.p("empty"))
	g.press(g.p("import.folder"))
	g.see(g.w("choose.take.folder"))
	g.key(fyne.KeyEscape)
	g.press(g.p("import"))
	g.shows("images-import", g.p("import.why"))
	g.press(g.p("cancel"))
	card := g.cardOf(12, dayOfShoot)
	if err := os.WriteFile(filepath.Join(card, "notes.txt"), []byte("no picture"), 0o600); err != nil {
		g.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(card, "R6_0001.JPG"), []byte("no picture either"), 0o600); err != nil {
		g.Fatal(err)
	}
	g.window.Drop([]fyne.URI{storage.NewFileURI(card)})
	g.showsMeanwhile("images-importing", g.p("importing.search"))
	g.see(g.p("skipped.show"))
	g.drawn()
	g.shows("images-imported", g.p("skipped.show"))
	g.press(g.p("skipped.show"))
	g.selectRow(0)
	g.shows("images-skipped", g.p("skipped.title"))
	g.press(g.p("close"))
	g.press(g.p("close"))
	volume := g.TempDir()
	if err := os.CopyFS(filepath.Join(volume, "DCIM", "100CANON"), os.DirFS(g.cardOf(3, dayOfShoot.Add(time.Hour)))); err != nil {
		g.Fatal(err)
	}
	g.volumes = []string{volume}
	g.until("the card is found", func() bool { g.pass(2 * time.Second); return g.pressable(g.p("card.import")) != nil })
	g.drawn()
	g.shows("images-card", g.p("card.not-now"))
	g.press(g.p("card.not-now"))
	g.volumes = nil
}

func (g *gallery) walkImages() {
	g.see(g.p("broken-off.forget"))
	g.see("R6_1000")
	g.drawn()
	g.shows("images-broken-off", g.p("broken-off.forget"))
	g.press(g.p("broken-off.forget"))
	g.until("the offer is gone", func() bool { return g.pressable(g.p("broken-off.forget")) == nil })
	g.drawn()
	g.shows("images", g.p("taken.select"))
	g.mark(2)
	g.drawn()
	g.shows("images-one", g.p("copy"))
	g.option(g.texts.T("ground.avl104_b", nil))
	g.shows("images-ground", g.p("ground.save"))
	g.mark(1)
	g.see(g.p("copy"))
	g.mark(1, 2, 3, 8, 9)
	g.see(g.texts.T("pictures.of", map[string]any{"Linked": "3", "Count": "5"}))
	g.shows("images-many", g.texts.N("pictures.remove", 5, nil))
	g.press(g.texts.N("pictures.remove", 5, nil))
	g.shows("images-removal", g.texts.N("pictures.remove.do", 5, nil))
	g.press(g.p("remove.keep"))
	g.mark(0)
	g.shows("images-slate", g.p("card.is"))
	g.mark(18)
	g.shows("images-film", g.p("cut.why"))
	g.option(g.p("filter.asking"))
	g.mark(0)
	g.drawn()
	g.shows("images-asking", g.p("decide"))
	g.option(g.p("verdict.yes"))
	g.drawn()
	g.mark()
	g.shows("images-filtered", g.p("verdict.yes"))
	g.option(g.p("filter.all"))
	g.mark(21)
	g.drawn()
	g.shows("images-gone", g.p("relocate"))
	g.mark(2)
	g.see(g.p("copy"))
	for _, o := range g.shown() {
		if grid, ok := o.(*part.ThumbnailGrid); ok {
			grid.OnOpened(2)
		}
	}
	g.drawn()
	g.shows("images-large", g.p("large.next"))
	g.press(g.p("large.back"))
	g.press(g.p("import"))
	g.press(g.p("clocks.open"))
	g.shows("images-clocks", g.p("clocks.set"))
	g.press(g.p("close"))
}

func (g *gallery) walkExport() {
	g.press(g.p("export"))
	g.shows("export", g.p("why.people-unanswered"))
	g.press(g.p("export.start"))
	g.shows("export-missing", g.p("export.missing"))
	out := filepath.Join(g.folder, "Website")
	g.enter(0, out)
	g.press(g.p("export.start"))
	g.shows("exported", g.p("folder.open"))
	g.selectRow(0)
	g.press(g.p("close"))
	g.press(g.p("export"))
	g.see(g.p("why.people-unanswered"))
	g.shows("export-again", g.p("export.again"))
	g.press(g.p("export.again"))
	g.shows("exported-again", g.p("folder.open"))
	g.press(g.p("close"))
}

func (g *gallery) walkSync() {
	ctx := g.Context()
	g.press(g.w("tab.sync"))
	g.shows("sync-alone", g.w("sync.join"))
	m := serve(g.TB)
	client := device.New(device.Options{RetryWait: time.Nanosecond})
	g.library.enrol, g.library.sync = client.Enrol, client.Sync
	if err := client.Enrol(ctx, g.session(), m.invite()); err != nil {
		g.Fatal(err)
	}
	g.shows("sync-waiting", g.w("sync.never"))
	going, finish := make(chan struct{}), make(chan struct{})
	queue := must(g.session().Queue(ctx))
	largest := slices.MaxFunc(queue, func(a, b capture.QueueItem) int { return int(a.Size - b.Size) })
	g.library.sync = func(_ context.Context, _ *capture.Session, progress func(capture.SyncProgress)) (capture.SyncReport, error) {
		progress(capture.SyncProgress{Step: capture.StepBlobs, Done: 3, Total: 18, DoneBytes: 250_000, TotalBytes: 1_000_000, Item: largest.Hash, ItemDone: largest.Size / 3})
		close(going)
		<-finish
		return capture.SyncReport{}, away
	}
	g.press(g.w("sync.now"))
	<-going
	g.showsMeanwhile("sync-underway", g.texts.T("desktop.step.blobs", nil))
	close(finish)
	g.shows("sync-offline", g.w("sync.retry"))
	g.library.sync = client.Sync
	g.press(g.w("sync.retry"))
	g.until("it has ended", func() bool { return g.pressable(g.w("sync.now")) != nil })
	g.shows("sync-done", g.w("sync.now"))
	g.until("the list is read", func() bool { return g.stand()[capture.TransferReceived] > 0 })
	g.tabStarting("sync.filter.failed")
	g.selectRow(0)
	g.shows("sync-failed", g.w("sync.retry.one"))
	g.tabStarting("sync.filter.arrived")
	g.selectRow(0)
	g.shows("sync-arrived", g.w("transfer.proof.good"))
	g.tabStarting("sync.filter.sending")
	g.shows("sync-nothing", g.w("sync.nothing"))
	g.hold()
	g.tabStarting("sync.filter.failed")
	g.until("what was put aside shows", func() bool { return g.says(g.w("transfer.held")) })
	g.selectRow(0)
	g.shows("sync-held", g.w("transfer.held.what"))
	g.tabStarting("sync.filter.all")
	g.library.sync = func(context.Context, *capture.Session, func(capture.SyncProgress)) (capture.SyncReport, error) {
		return capture.SyncReport{ClockAhead: 3 * time.Hour}, nil
	}
	g.press(g.w("sync.now"))
	g.until("it has ended", func() bool { return g.pressable(g.w("sync.now")) != nil })
	g.calm()
	g.shows("sync-clock", g.w("sync.now"))
	g.press(g.w("sync.pause"))
	g.shows("sync-paused", g.w("sync.paused"))
}

// away is what a library says that is not there.
var away = problem.New(problem.Unavailable, "library-unreachable",
	"The media library cannot be reached; everything is safe on this device; try again where there is a network.")

// hold lets the library put an answer aside.
func (g *gallery) hold() {
	g.Helper()
	ctx := g.Context()
	people := g.session().Find(capture.Search{Text: "Samira"})
	g.desk.sign(people[0].ID, consent.DecisionNo)
	events := must(g.session().WaitingEvents(ctx, 10))
	var answers []capture.Answer
	for _, e := range events {
		answers = append(answers, capture.Answer{ID: must(e.Open()).ID, Held: "its time is three hours after it arrived"})
	}
	if err := g.session().EventsAnswered(ctx, events, answers); err != nil {
		g.Fatal(err)
	}
}

// tabStarting presses the tab of a filter, whatever its number.
func (g *gallery) tabStarting(id string) {
	g.Helper()
	word := g.texts.T("desktop."+id, map[string]any{"count": ""})
	g.pressStarting(word)
}

func (g *gallery) walkBackups() {
	g.press(g.w("backups.copy"))
	g.shows("backups", g.w("backups.never"))
	stick := filepath.Join(g.folder, "stick")
	g.press(g.w("backups.copy"))
	g.shows("choosing-folder", g.w("choose.take.folder"))
	g.take(stick)
	g.until("it is made", func() bool { return g.pressable(g.w("backups.verify")) != nil })
	g.shows("backups-made", g.w("backups.verify"))
	backup := must(filepath.Glob(filepath.Join(stick, "samtykke-*")))[0]
	g.press(g.w("backups.verify"))
	g.take(backup)
	g.shows("backups-verify", g.w("backups.verify.why"))
	g.press(g.w("backups.verify.quick"))
	g.until("it is read", func() bool { return g.pressable(g.w("backups.merge")) != nil })
	g.shows("backups-verified", g.w("backups.merge"))
	g.press(g.w("backups.merge"))
	g.take(backup)
	g.shows("backups-merge", g.w("backups.merge.why"))
	g.press(g.w("cancel"))
}

// take chooses a folder on the page that asks for one.
func (g *gallery) take(folder string) {
	g.Helper()
	inside := "in-" + filepath.Base(folder)
	if err := os.MkdirAll(filepath.Join(folder, inside), 0o700); err != nil {
		g.Fatal(err)
	}
	g.see(g.w("choose.take.folder"))
	g.entries()[0].SetText(folder)
	g.entries()[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	g.see(inside)
	g.press(g.w("choose.take.folder"))
}

// section brings a section of the settings into view, from the list or from what stands for it.
func (g *gallery) section(id string) {
	g.Helper()
	word := g.w("settings." + id)
	for _, o := range g.shown() {
		if s, ok := o.(*part.Select); ok && slices.Contains(s.Options, word) && slices.Contains(s.Options, g.w("settings.about")) {
			s.SetSelected(word)
			return
		}
	}
	g.press(word)
}

func (g *gallery) walkSettings() {
	g.press(g.w("tab.settings"))
	g.see("964965226")
	g.shows("settings-organisation", "964965226")
	for _, each := range [][2]string{{"device", "kamera-laptop"}, {"forms", g.w("form.try")}, {"languages", g.w("settings.languages")},
		{"minors", g.w("settings.minors")}, {"keys", g.w("passphrase")}, {"locks", g.w("pin")}, {"receipts", g.w("receipts.folder")},
		{"backups", g.w("backups.copy")}, {"appearance", g.w("settings.appearance")}, {"about", "1.2.3"}} {
		g.section(each[0])
		g.settle()
		g.shows("settings-"+each[0], each[1])
	}
	g.press(g.w("licences"))
	g.shows("licences", g.w("licences.read"))
	g.press(g.w("licences.read"))
	g.shows("licence", "MIT License")
	g.key(fyne.KeyEscape)
	g.key(fyne.KeyEscape)
	g.section("locks")
	g.press(g.w("pin.set"))
	g.shows("pin-set", g.w("pin.save"))
	g.key(fyne.KeyEscape)
	g.section("keys")
	g.press(g.w("key.new"))
	g.shows("key-new", g.w("key.make"))
	g.enter(0, passphrase)
	g.press(g.w("key.make"))
	g.shows("key-made", g.w("key.kept"))
	g.tick(g.w("key.kept"))
	g.press(g.w("key.done"))
}

func (g *gallery) walkForms() {
	g.section("forms")
	g.press(g.w("form.read"))
	g.shows("form-read", g.w("back"))
	g.key(fyne.KeyEscape)
	g.press(g.w("form.try"))
	g.shows("form-try", g.w("form.try.line"))
	g.press(g.w("form.try.end"))
	g.dropForm(`"2026.1"`, `"2026.2"`, `"guardians": 1`, `"guardians": 5`, `{organisation} vil gjerne`, `{organisatoin} vil gjerne`)
	g.shows("form-wrong", g.w("form.wrong"))
	g.key(fyne.KeyEscape)
	g.dropForm(`"2026.1"`, `"2026.2"`)
	g.shows("form-new", g.w("form.publish"))
	g.key(fyne.KeyEscape)
}

// walkLarge looks again with text at 150 per cent in high contrast, where there is room for that.
func (g *gallery) walkLarge() {
	if g.format.size.Width < 1024 {
		return
	}
	g.section("appearance")
	g.option("150")
	g.tick(g.w("appearance.contrast"))
	g.shows("large-settings", g.w("settings.appearance"))
	g.press(g.w("tab.images"))
	g.mark(2)
	g.drawn()
	g.shows("large-images", g.p("copy"))
	g.press(g.w("tab.sync"))
	g.key(fyne.KeyEscape) // the backups
	g.see(g.w("sync.paused"))
	g.tabStarting("sync.filter.arrived")
	g.selectRow(0)
	g.shows("large-sync", g.w("transfer.proof.good"))
	g.press(g.w("tab.settings"))
	g.option("100 ")
	g.tick(g.w("appearance.contrast"))
}

func (g *gallery) walkPIN() {
	if err := g.session().SetPIN(g.Context(), "4711"); err != nil {
		g.Fatal(err)
	}
	g.press(g.w("tab.shoots"))
	g.press(g.w("hand"))
	g.press(g.w("guard.leave"))
	g.shows("pin", g.w("guard.title"))
	g.press(g.w("guard.use-passphrase"))
	if hide := g.texts.T("signing.keyboard.hide", nil); g.says(hide) {
		g.hideKeys(hide)
	}
	g.shows("pin-passphrase", g.w("guard.open"))
}

// hideKeys puts the keyboard on the screen away.
func (g *gallery) hideKeys(word string) {
	for _, o := range g.shown() {
		if key, ok := o.(fyne.Tappable); ok {
			if a, ok := o.(fyne.Accessible); ok && a.AccessibilityLabel() == word {
				key.Tapped(nil)
				return
			}
		}
	}
}

// passing is what another run shows otherwise, with what stands for it in an outline.
var passing = []struct {
	pattern *regexp.Regexp
	by      string
}{
	{regexp.MustCompile(`http://127\.0\.0\.1:\d+`), "LIBRARY"},
	{regexp.MustCompile(`/[^ /]+(?:/[^ /]+)*/EOS_DIGITAL`), "CARD"},
	{regexp.MustCompile(`\bsamtykke-[0-9a-f]{8}-\d{8}T\d{6}Z\b`), "BACKUP"},
	{regexp.MustCompile(`\bR6_\d{4}\.(?:JPG|MP4)\b`), "PICTURE"},
	{regexp.MustCompile(`\b\d{1,2} [A-Z][a-z]+ 20\d\d \d\d:\d\d\b`), "MOMENT"},
	{regexp.MustCompile(`\b[0-9a-f]{8}(?:[0-9a-f]{24}|[0-9a-f]{56})?\b`), "HASH"},
	{regexp.MustCompile(`\b\d+(?:\.\d)? [kM]?B\b`), "SIZE"},
	{regexp.MustCompile(`\(\d+ bytes\)`), "(BYTES)"},
}
