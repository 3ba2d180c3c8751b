package pictures_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	qrcode "github.com/skip2/go-qrcode"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/picture/picturetest"
	"samtykke/assets"
	"samtykke/storage/vault"
	"samtykke/ui/desktop/look"
	"samtykke/ui/desktop/part"
	"samtykke/ui/desktop/pictures"
	"samtykke/ui/desktop/screentest"
)

// desk is a vault with a shoot, and a window that shows its pictures.
type desk struct {
	testing.TB
	session *capture.Session
	shoot   consent.ShootID
	window  fyne.Window
	screen  *pictures.Screen
	calls   chan func()
	toasts  []string
	errors  []error
	asked   *part.Choice // what the screen asked for last
	cards   pictures.Cards
	opened  chan string // the folders that were shown in the file manager
}

var day = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

func newDesk(t testing.TB) *desk {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(look.New(look.Light))
	d := &desk{TB: t, calls: make(chan func(), 1000), opened: make(chan string, 1)}
	ctx := context.Background()
	v, _, err := vault.Create(ctx, filepath.Join(t.TempDir(), "vault"), "correct horse battery", vault.Options{KDF: vault.KDF{Time: 1, MemoryKiB: 64, Threads: 1}})
	d.must(err)
	t.Cleanup(func() { d.must(v.Close()) })
	var ticks atomic.Int64
	parts := capture.Parts{Store: v, Originals: v.Originals(), Previews: v.Previews(),
		Clock: func() time.Time { return day.Add(time.Duration(ticks.Add(1)) * time.Millisecond) }}
	_, err = capture.Initialise(ctx, parts, capture.Setup{Organisation: consent.Organisation{Name: "Storhaug kommune", Number: "964965226", Contact: "post@example.no"}})
	d.must(err)
	d.session, err = capture.Open(ctx, parts)
	d.must(err)
	d.shoot, err = d.session.AddShoot(ctx, capture.ShootDetails{Title: "Åpning av Storhaug skole"})
	d.must(err)
	return d
}

// open shows the screen.
func (d *desk) open(language string) {
	d.Helper()
	d.window = test.NewWindow(widget.NewLabel(""))
	d.Cleanup(d.window.Close)
	d.window.SetPadded(false)
	d.screen = pictures.New(pictures.Request{Session: d.session, Shoot: d.shoot, Texts: assets.NewTexts(language), Window: d.window,
		Do: func(f func()) { d.calls <- f }, Choose: func(c part.Choice) { d.asked = &c }, Toast: func(s string) { d.toasts = append(d.toasts, s) },
		Copy:   fyne.CurrentApp().Clipboard().SetContent,
		Failed: func(err error) { d.errors = append(d.errors, err) }, Cards: d.cards,
		Open: func(path string) error { d.opened <- path; return nil }})
	d.Cleanup(d.screen.Stop)
	d.window.SetContent(d.screen.Content())
	d.window.Resize(fyne.NewSize(1366, 768))
	d.settle()
}

func (d *desk) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
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
			d.Fatalf("never: %s; errors %v; the screen says: %s", what, d.errors, d.said())
		}
	}
}

// settle runs what the background hands over until it is done with everything.
func (d *desk) settle() {
	d.Helper()
	d.until("the background is done", func() bool { return len(d.calls) == 0 && !d.screen.Working() })
}

// person registers somebody and, unless answer is "", lets them answer everything with it.
func (d *desk) person(name string, answer consent.Decision) capture.Person {
	d.Helper()
	ctx := context.Background()
	p, err := d.session.Register(ctx, capture.Registration{Shoot: d.shoot, Name: name, Born: "1980"})
	d.must(err)
	if answer == "" {
		return p
	}
	form, err := d.session.CurrentForm("default")
	d.must(err)
	answers := map[consent.Scope]consent.Decision{}
	for _, s := range form.Scopes() {
		answers[s] = answer
	}
	_, err = d.session.RecordConsent(ctx, capture.Signing{Subject: p.ID, Shoot: d.shoot, Form: "default", Language: "nb", Answers: answers,
		Method: capture.Typed, TypedName: name})
	d.must(err)
	return p
}

// card gives n pictures on a memory card; people's slate cards come first when there are any.
func (d *desk) card(n int, slates ...consent.Code) string {
	d.Helper()
	dir := d.TempDir()
	at := day
	write := func(name string, file []byte) {
		d.must(os.WriteFile(filepath.Join(dir, name), file, 0o600))
	}
	for i, code := range slates {
		q, err := qrcode.New(capture.CardPayload(code), qrcode.Medium)
		d.must(err)
		at = at.Add(time.Second)
		write(fmt.Sprintf("CARD_%d.JPG", i), picturetest.SlateScene(q.Image(-6), picturetest.SceneOptions{Options: picturetest.Options{TakenAt: at, Make: "Canon", Model: "EOS R6"}}))
	}
	for i := range n {
		at = at.Add(time.Second)
		write(fmt.Sprintf("IMG_%04d.JPG", i), picturetest.JPEG(640, 480, picturetest.Options{Seed: uint64(i + 1), TakenAt: at, Make: "Canon", Model: "EOS R6"}))
	}
	return dir
}

// load imports a card behind the screen's back.
func (d *desk) load(dir string) {
	d.Helper()
	_, err := d.session.Import(context.Background(), capture.Import{Shoot: d.shoot, Paths: []string{dir}, Slates: true})
	d.must(err)
}

// objects are all that can be seen, also in dialogs.
func (d *desk) objects() []fyne.CanvasObject {
	return screentest.Visible(append([]fyne.CanvasObject{d.window.Content()}, d.window.Canvas().Overlays().List()...)...)
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

// press presses the button of a name, the topmost where there are several.
func (d *desk) press(name string) {
	d.Helper()
	var last *part.Button
	for _, o := range d.objects() {
		if b, ok := o.(*part.Button); ok && b.Text() == name {
			last = b
		}
	}
	if last == nil {
		d.Fatalf("there is no %q; the screen says: %s", name, d.said())
	}
	test.Tap(last)
}

// only is the one object of a kind on the screen, or the nth.
func only[T any](d *desk, n int) T {
	d.Helper()
	var all []T
	for _, o := range d.objects() {
		if found, ok := o.(T); ok {
			all = append(all, found)
		}
	}
	if n >= len(all) {
		d.Fatalf("there are %d %T; the screen says: %s", len(all), all, d.said())
	}
	return all[n]
}

func (d *desk) grid() *part.ThumbnailGrid { return only[*part.ThumbnailGrid](d, 0) }

// selectPictures selects pictures by number and waits for the side.
func (d *desk) selectPictures(indices ...int) {
	d.Helper()
	d.grid().Select(indices...)
	d.settle()
}

// field is an entry.
type field interface {
	fyne.Focusable
	SetText(string)
	SelectedText() string
}

// name is where a name or a code is typed: the first entry of the side.
func (d *desk) name() field {
	d.Helper()
	return only[field](d, 0)
}

// enter types into an entry and presses Enter.
func (d *desk) enter(f field, text string) {
	d.Helper()
	d.window.Canvas().Focus(f)
	f.SetText("")
	d.keys(text)
	d.settle()
	f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	d.settle()
}

// keys types on whatever has the focus.
func (d *desk) keys(text string) {
	d.Helper()
	for _, r := range text {
		focused := d.window.Canvas().Focused()
		if focused == nil {
			d.Fatal("nothing has the focus")
		}
		focused.TypedRune(r)
	}
}

// photograph lets the window come to rest, and keeps a picture of it when SAMTYKKE_SHOTS names a folder.
func (d *desk) photograph(name string) {
	d.Helper()
	for range 3 { // as the window does between frames: what wraps knows its height now
		d.window.Content().Refresh()
	}
	dir := os.Getenv("SAMTYKKE_SHOTS")
	if dir == "" {
		return // drawing is what costs
	}
	picture := d.window.Canvas().Capture()
	out := image.NewRGBA(picture.Bounds())
	draw.Draw(out, out.Rect, picture, picture.Bounds().Min, draw.Src)
	var b bytes.Buffer
	d.must(png.Encode(&b, out))
	d.must(os.WriteFile(filepath.Join(dir, name+".png"), b.Bytes(), 0o600))
}
