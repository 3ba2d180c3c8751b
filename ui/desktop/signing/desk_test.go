package signing_test

import (
	"context"
	"image"
	"image/draw"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/storage/vault"
	"samtykke/ui/desktop/look"
	"samtykke/ui/desktop/part"
	"samtykke/ui/desktop/screentest"
	"samtykke/ui/desktop/signing"
	"samtykke/ui/desktop/viewing"
)

// desk is a vault with a shoot, and a window in which somebody signs.
type desk struct {
	*testing.T
	session *capture.Session
	store   *faulty
	shoot   consent.ShootID
	window  fyne.Window
	flow    *signing.Flow
	layer   *look.Layer // over the flow; nil when it is alone
	calls   chan func()
	shown   string // the folder of what other programs show
	timers  []*timer
	passed  time.Duration

	left  int
	saved []capture.Signed
	who   []consent.SubjectID
}

// faulty is a store that can be made to refuse.
type faulty struct {
	capture.Store
	mu     sync.Mutex
	refuse error
	from   int           // when set, Updates are refused from this one on
	gate   chan struct{} // when set, an Update waits until it is closed
}

func (f *faulty) Update(ctx context.Context, fn func(capture.Tx) error) error {
	f.mu.Lock()
	refuse, gate := f.refuse, f.gate
	if f.from > 0 {
		if f.from--; f.from == 0 {
			f.refuse, refuse = errNoRoom, errNoRoom
		}
	}
	f.mu.Unlock()
	if gate != nil {
		<-gate
	}
	if refuse != nil {
		return refuse
	}
	return f.Store.Update(ctx, fn)
}

func (f *faulty) set(refuse error, gate chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refuse, f.gate = refuse, gate
}

type timer struct {
	at time.Duration
	f  func()
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(look.New(look.Light))
	d := &desk{shown: filepath.Join(t.TempDir(), "shown"), T: t, calls: make(chan func(), 1000)}
	ctx := context.Background()
	v, _, err := vault.Create(ctx, filepath.Join(t.TempDir(), "vault"), "correct horse battery", vault.Options{KDF: vault.KDF{Time: 1, MemoryKiB: 64, Threads: 1}})
	d.must(err)
	t.Cleanup(func() { d.must(v.Close()) })
	d.store = &faulty{Store: v}
	day := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	var ticks atomic.Int64
	parts := capture.Parts{Store: d.store, Originals: v.Originals(), Previews: v.Previews(),
		Clock: func() time.Time { return day.Add(time.Duration(ticks.Add(1)) * time.Millisecond) }}
	_, err = capture.Initialise(ctx, parts, capture.Setup{Organisation: consent.Organisation{Name: "Storhaug kommune", Number: "964965226",
		Contact: "post@example.no", Address: "Torget 1, 4001 Stavanger", Policy: "https://example.no/personvern"}})
	d.must(err)
	d.session, err = capture.Open(ctx, parts)
	d.must(err)
	d.shoot, err = d.session.AddShoot(ctx, capture.ShootDetails{Title: "Åpning av Storhaug skole", Photographer: "Foto Graf"})
	d.must(err)
	return d
}

// register registers somebody as the photographer would.
func (d *desk) register(r capture.Registration) *capture.Person {
	d.Helper()
	r.Shoot = d.shoot
	p, err := d.session.Register(context.Background(), r)
	d.must(err)
	return &p
}

// open hands the screen over.
func (d *desk) open(person *capture.Person, language string) {
	d.Helper()
	d.window = test.NewWindow(widget.NewLabel(""))
	d.Cleanup(d.window.Close)
	d.handOver(person, language)
}

// handOver hands the screen over in the window that there is.
func (d *desk) handOver(person *capture.Person, language string) {
	d.Helper()
	d.window.SetPadded(false)
	d.flow = signing.New(signing.Request{Session: d.session, Shoot: d.shoot, Person: person, Language: language, Window: d.window, Layer: d.layer,
		Do: func(f func()) { d.calls <- f }, Leave: func() { d.left++ },
		Saved: func(s capture.Signed, id consent.SubjectID) { d.saved = append(d.saved, s); d.who = append(d.who, id) },
		After: d.after, Viewing: viewing.New(d.shown)})
	d.Cleanup(d.flow.Stop)
	d.window.SetContent(d.flow.Content())
	d.window.Resize(fyne.NewSize(1366, 768))
	d.until("the form is read", func() bool { return d.find("Norsk bokmål") != nil })
}

func (d *desk) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

func (d *desk) after(wait time.Duration, f func()) func() bool {
	t := &timer{d.passed + wait, f}
	d.timers = append(d.timers, t)
	return func() bool {
		at := slices.Index(d.timers, t)
		if at >= 0 {
			d.timers = slices.Delete(d.timers, at, at+1)
		}
		return at >= 0
	}
}

// wait lets time pass.
func (d *desk) wait(span time.Duration) {
	until := d.passed + span
	for {
		var next *timer
		for _, t := range d.timers {
			if t.at <= until && (next == nil || t.at < next.at) {
				next = t
			}
		}
		if next == nil {
			d.passed = until
			return
		}
		d.timers = slices.DeleteFunc(d.timers, func(t *timer) bool { return t == next })
		d.passed = next.at
		next.f()
	}
}

// until runs what the background hands over until something is so.
func (d *desk) until(what string, so func() bool) {
	d.Helper()
	end := time.After(90 * time.Second)
	for !so() {
		select {
		case f := <-d.calls:
			f()
		case <-end:
			d.Fatalf("never: %s; the screen says: %s", what, d.said())
		}
	}
}

// objects are all that can be seen.
func (d *desk) objects() []fyne.CanvasObject { return screentest.Visible(d.window.Content()) }

// find gives what can be pressed and is called so; nil when there is none.
func (d *desk) find(name string) fyne.Tappable {
	for _, o := range d.objects() {
		if a, ok := o.(fyne.Accessible); ok && a.AccessibilityLabel() == name {
			if t, ok := o.(fyne.Tappable); ok {
				return t
			}
		}
	}
	return nil
}

// press presses what is called so.
func (d *desk) press(names ...string) {
	d.Helper()
	for _, name := range names {
		t := d.find(name)
		if t == nil {
			d.Fatalf("there is no %q; the screen says: %s", name, d.said())
		}
		if w, ok := t.(fyne.Disableable); ok && w.Disabled() {
			d.Fatalf("%q cannot be pressed now", name)
		}
		test.Tap(t)
	}
}

// fill types into the entries of the page, in order.
func (d *desk) fill(texts ...string) {
	d.Helper()
	i := 0
	for _, o := range d.objects() {
		if e, ok := o.(*part.Entry); ok && i < len(texts) {
			e.SetText(texts[i])
			i++
		}
	}
	if i != len(texts) {
		d.Fatalf("%d fields for %d texts", i, len(texts))
	}
}

// entries are what stands in the fields of the page.
func (d *desk) entries() []string {
	var texts []string
	for _, o := range d.objects() {
		if e, ok := o.(*part.Entry); ok {
			texts = append(texts, e.Text)
		}
	}
	return texts
}

// said is all the text on the screen.
func (d *desk) said() string { return screentest.Said(d.objects()) }

func (d *desk) says(want string) bool { return strings.Contains(d.said(), want) }

func (d *desk) expect(wants ...string) {
	d.Helper()
	for _, want := range wants {
		if !d.says(want) {
			d.Errorf("the screen does not say %q but: %s", want, d.said())
		}
	}
}

// pad is the signature pad on the page.
func (d *desk) pad() *part.SignaturePad {
	d.Helper()
	for _, o := range d.objects() {
		if p, ok := o.(*part.SignaturePad); ok {
			return p
		}
	}
	d.Fatal("there is no pad; the screen says: " + d.said())
	return nil
}

// draw signs with a finger.
func (d *desk) draw() {
	d.Helper()
	p := d.pad()
	for i, at := range []fyne.Position{{X: 40, Y: 90}, {X: 80, Y: 40}, {X: 120, Y: 110}, {X: 200, Y: 60}, {X: 260, Y: 100}} {
		if i > 0 {
			p.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: at}, Dragged: fyne.Delta{DX: 30, DY: 10}})
		}
	}
	p.DragEnd()
}

// sign saves and waits for the answer.
func (d *desk) sign(button string) {
	d.Helper()
	before := len(d.saved)
	d.press(button)
	d.until("it is saved", func() bool { return len(d.saved) > before })
}

// standing is what the vault says about a scope of whoever signed last.
func (d *desk) standing(scope string) consent.Status {
	d.Helper()
	standings, err := d.session.Standings(d.who[len(d.who)-1])
	d.must(err)
	var s consent.Scope
	d.must(s.UnmarshalText([]byte(scope)))
	return standings[s].Status
}

// photograph lets the window come to rest, and keeps a picture of it when SAMTYKKE_SHOTS names a folder.
func (d *desk) photograph(name string) {
	d.Helper()
	d.rest()
	dir := os.Getenv("SAMTYKKE_SHOTS")
	if dir == "" {
		return // drawing is what costs: a second for some pages
	}
	screentest.Photograph(d, d.window.Canvas(), filepath.Join(dir, name+".png"))
}

// rest does what the window does between frames: what wraps knows its height then.
func (d *desk) rest() {
	for range 3 {
		d.window.Content().Refresh()
	}
}

// picture draws the window.
func (d *desk) picture() *image.RGBA {
	picture := d.window.Canvas().Capture()
	out := image.NewRGBA(picture.Bounds())
	draw.Draw(out, out.Rect, picture, picture.Bounds().Min, draw.Src)
	return out
}

// refuseFrom lets Updates fail from the nth on.
func (f *faulty) refuseFrom(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.from = n
}

// filesIn lists all files below a folder.
func filesIn(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// objectsIn are the parts of a widget.
func objectsIn(w fyne.Widget) []fyne.CanvasObject { return screentest.Visible(w)[1:] }
