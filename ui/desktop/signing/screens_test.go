package signing_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/assets"
	"samtykke/ui/desktop/look"
	"samtykke/ui/desktop/part"
	"samtykke/ui/desktop/screentest"
)

// screens are the sizes of a laptop and of tablets, in units. The last one is 1024 × 768 at 150 %.
var screens = []fyne.Size{fyne.NewSize(1366, 768), fyne.NewSize(1024, 768), fyne.NewSize(1024, 683), fyne.NewSize(683, 512)}

// TestEveryPageFitsTheScreen goes through all pages in every language on every screen: nothing has to be scrolled, nothing is too small or
// too close for a finger, and the keyboard leaves the field in sight. With SAMTYKKE_SHOTS=DIR the pictures are kept to be looked at, in
// light and dark.
func TestEveryPageFitsTheScreen(t *testing.T) {
	form, err := consent.ParseForm(assets.DefaultForm())
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range form.Languages() {
		for _, preference := range []look.Preference{look.Light, look.Dark} {
			for _, size := range screens {
				variant := map[look.Preference]string{look.Light: "light", look.Dark: "dark"}[preference]
				name := fmt.Sprintf("%s-%s-%.0fx%.0f", lang, variant, size.Width, size.Height)
				if os.Getenv("SAMTYKKE_SHOTS") == "" && (preference != look.Light || lang != "nb" && lang != "pl" && size != screens[3]) {
					continue // what fits the smallest screen, and the longest language, fit the others
				}
				t.Run(name, func(t *testing.T) { newWalk(t, lang, preference, size, name).through() })
			}
		}
	}
}

// A translation may be a third longer than any that is there.
func TestLongerTextsFitAsWell(t *testing.T) {
	for _, size := range screens {
		t.Run(fmt.Sprintf("%.0fx%.0f", size.Width, size.Height), func(t *testing.T) {
			w := newWalk(t, "nb", look.Light, size, fmt.Sprintf("longer-%.0f", size.Height))
			w.publishLonger()
			w.through()
		})
	}
}

// walk is somebody who goes through all pages.
type walk struct {
	*desk
	lang   string
	size   fyne.Size
	name   string
	texts  *assets.Texts
	form   *consent.Form
	person *capture.Person
	seen   int
}

func newWalk(t *testing.T, lang string, preference look.Preference, size fyne.Size, name string) *walk {
	w := &walk{desk: newDesk(t), lang: lang, size: size, name: name, texts: assets.NewTexts(lang)}
	fyne.CurrentApp().Settings().SetTheme(look.New(preference))
	var err error
	w.form, err = w.session.CurrentForm("default")
	w.must(err)
	w.person = w.register(capture.Registration{Name: "Kari Nordmann-Hansen", Born: "2015",
		Guardians: []consent.Guardian{{Name: "Ola Nordmann", Phone: "91234567"}}})
	return w
}

var words = regexp.MustCompile(`\{[^}]*\}+|[^{]+`)

// publishLonger publishes the form with texts that are a third longer.
func (w *walk) publishLonger() {
	w.Helper()
	published, err := w.session.PublishForm(context.Background(), w.longerForm())
	w.must(err)
	w.form = published.Form
}

func (w *walk) longerForm() []byte {
	w.Helper()
	var form map[string]any
	w.must(json.Unmarshal(assets.DefaultForm(), &form))
	form["version"] = "2099.1"
	var longer func(v any) any
	longer = func(v any) any {
		switch v := v.(type) {
		case string:
			return words.ReplaceAllStringFunc(v, func(said string) string {
				if strings.HasPrefix(said, "{") {
					return said
				}
				return strings.NewReplacer("e", "ee", "a", "aa", "i", "ii", "o", "oo").Replace(said)
			})
		case []any:
			for i := range v {
				v[i] = longer(v[i])
			}
		case map[string]any:
			for key := range v {
				v[key] = longer(v[key])
			}
		}
		return v
	}
	for _, text := range form["texts"].(map[string]any) {
		for key, value := range text.(map[string]any) {
			switch key {
			case "title", "purpose", "summary", "groups", "channels", "statement", "guardian_statement":
				text.(map[string]any)[key] = longer(value)
			}
		}
	}
	file, err := json.Marshal(form)
	w.must(err)
	return file
}

func (w *walk) t(id string) string { return w.texts.T("signing."+id, nil) }

// see looks at the page that shows.
func (w *walk) see(page string) {
	w.Helper()
	w.seen++
	w.photograph(fmt.Sprintf("%s-%02d-%s", w.name, w.seen, page))
	if min := w.window.Content().MinSize(); min.Width > w.size.Width || min.Height > w.size.Height {
		w.Errorf("%s needs %v of %v", page, min, w.size)
	}
	if wide := w.window.Canvas().Size().Width; wide != w.size.Width {
		w.Errorf("%s made the window %v wide", page, wide)
	}
	w.judgeTargets(page)
	if hide := w.find(w.t("keyboard.hide")); hide != nil {
		w.judgeTyping(page, hide)
		test.Tap(hide)
		w.photograph(fmt.Sprintf("%s-%02d-%s-whole", w.name, w.seen, page))
		w.judgeTargets(page)
	}
	for _, o := range w.objects() {
		if scroll, ok := o.(*container.Scroll); ok && scroll.Content.Size().Height > scroll.Size().Height {
			w.Errorf("%s has %.0f of %.0f in sight: %s", page, scroll.Size().Height, scroll.Content.Size().Height, w.said())
		}
	}
}

// box is where something stands in the window.
type box struct {
	what                     string
	left, top, right, bottom float32
}

func (w *walk) box(o fyne.CanvasObject) box {
	at, size := fyne.CurrentApp().Driver().AbsolutePositionForObject(o), o.Size()
	b := box{fmt.Sprintf("%T", o), at.X, at.Y, at.X + size.Width, at.Y + size.Height}
	if a, ok := o.(fyne.Accessible); ok {
		b.what = a.AccessibilityLabel()
	}
	return b
}

// targets are what a finger can hit on the page.
func (w *walk) targets() []fyne.CanvasObject {
	var found []fyne.CanvasObject
	inEntry := map[fyne.CanvasObject]bool{} // the parts of an entry are the entry
	for _, o := range w.objects() {
		if inEntry[o] {
			continue
		}
		if e, ok := o.(*part.Entry); ok {
			for _, inner := range objectsIn(e) {
				inEntry[inner] = true
			}
		}
		_, tapped := o.(fyne.Tappable)
		_, held := o.(desktop.Mouseable)
		if b := w.box(o); (tapped || held) && b.top < w.size.Height && reflect.TypeOf(o).String() != "*widget.Label" {
			found = append(found, o)
		}
	}
	return found
}

// judgeTargets holds what a finger has to hit to 12 mm, which are 56 units on a tablet of 120 units to the inch. The keys of the keyboard
// may be narrower on the smallest screen, whose units are larger than that; they are as high as everything else.
func (w *walk) judgeTargets(page string) {
	w.Helper()
	const target, narrowKey, apart = 56, 44, 8
	targets := slices.DeleteFunc(w.targets(), w.outOfSight)
	for i, o := range targets {
		b, wide := w.box(o), float32(target)
		key := strings.HasSuffix(fmt.Sprintf("%T", o), "keyCap")
		if key && w.size.Width < 900 {
			wide = narrowKey
		}
		if width, height := b.right-b.left, b.bottom-b.top; width < wide || height < target {
			w.Errorf("%s: %q is %.0f × %.0f", page, b.what, width, height)
		}
		for _, other := range targets[i+1:] {
			c := w.box(other)
			if b.left < c.right+apart-1 && c.left < b.right+apart-1 && b.top < c.bottom+apart-1 && c.top < b.bottom+apart-1 && !w.covered(o, other) {
				w.Errorf("%s: %q (%v) is too close to %q (%v)", page, b.what, b, c.what, c)
			}
		}
	}
}

// outOfSight tells whether something has been scrolled away, or scrolls: above the keyboard there is not always room for the whole page.
func (w *walk) outOfSight(o fyne.CanvasObject) bool {
	if w.find(w.t("keyboard.hide")) == nil {
		return false
	}
	if fmt.Sprintf("%T", o) == "*widget.scrollBarArea" {
		return true
	}
	for _, each := range w.objects() {
		if scroll, ok := each.(*container.Scroll); ok {
			view, b := w.box(scroll), w.box(o)
			return slices.Contains(screentest.Visible(scroll), o) && (b.top < view.top || b.bottom > view.bottom)
		}
	}
	return false
}

// press presses what is called so, with the keyboard out of the way.
func (w *walk) press(names ...string) {
	w.Helper()
	for _, name := range names {
		if hide := w.find(w.t("keyboard.hide")); hide != nil {
			test.Tap(hide)
		}
		w.desk.press(name)
	}
}

// covered tells whether one of the two lies under the keyboard, out of reach.
func (w *walk) covered(a, b fyne.CanvasObject) bool {
	isKey := func(o fyne.CanvasObject) bool { return strings.HasSuffix(fmt.Sprintf("%T", o), "keyCap") }
	return isKey(a) != isKey(b)
}

// judgeTyping holds the field that is typed into to being seen, whole, above the keyboard.
func (w *walk) judgeTyping(page string, key fyne.Tappable) {
	w.Helper()
	keys := float32(0)
	for _, o := range w.objects() {
		if strings.HasSuffix(fmt.Sprintf("%T", o), "keyCap") {
			if b := w.box(o); keys == 0 || b.top < keys {
				keys = b.top
			}
		}
	}
	entry, ok := w.window.Canvas().Focused().(*part.Entry)
	if !ok {
		w.Errorf("%s: the keyboard shows, and no field has the focus", page)
		return
	}
	if b := w.box(entry); b.bottom > keys || b.top < 0 {
		w.Errorf("%s: the field is at %v, the keyboard begins at %.0f", page, b, keys)
	}
}

// on presses Next, and looks at every page, until something can be pressed.
func (w *walk) on(page string, until string) {
	w.Helper()
	for i := 0; w.find(until) == nil; i++ {
		if i == 40 {
			w.Fatalf("%q never comes; the screen says: %s", until, w.said())
		}
		w.press(w.t("next"))
		w.see(fmt.Sprintf("%s-%d", page, i+1))
	}
}

// language chooses one, which may stand on the next page.
func (w *walk) language() {
	w.Helper()
	w.window.Resize(w.size)
	w.see("language")
	for w.find(w.form.Texts[w.lang].Name) == nil {
		for _, o := range w.objects() {
			if b, ok := o.(*part.Button); ok && strings.Contains(b.Text(), "·") {
				test.Tap(b)
				break
			}
		}
		w.see("languages")
	}
	w.press(w.form.Texts[w.lang].Name)
}

// fillAll fills the fields of this page and, if they do not all stand here, the next.
func (w *walk) fillAll(texts ...string) {
	w.Helper()
	for len(texts) > 0 {
		n := len(w.entries())
		w.fill(texts[:n]...)
		texts = texts[n:]
		w.see("details")
		w.press(w.t("next"))
	}
}

// answerAll answers the pages of questions until they are to be checked.
func (w *walk) answerAll() {
	w.Helper()
	for i := 0; w.find(w.t("check.right")) == nil; i++ {
		w.pressAll(w.t([]string{"row.yes", "row.no"}[i%2]))
		w.press(w.t("next"))
		if i == 40 {
			w.Fatalf("the questions do not end; the screen says: %s", w.said())
		}
	}
}

func (w *walk) through() {
	w.open(nil, w.lang)
	w.language()
	w.see("who")
	w.press(w.t("who.me"))
	w.press(w.t("next"))
	w.see("self-wrong")
	w.fillAll("Ola Nordmann", "1980", "912 34 567", "ola@example.no")
	w.see("notice")
	w.press(w.t("read.all"))
	w.see("read")
	w.on("read", w.t("read.done"))
	w.press(w.t("read.done"))
	w.on("notice", w.t("all.no"))
	w.see("answers-empty")
	w.press(w.t("next"))
	w.see("answers-unanswered")
	w.press(w.t("row.yes"))
	w.press(w.t("explain"))
	w.see("answers-explained")
	if w.find(w.t("all.yes")) == nil {
		w.press(w.t("back"))
	}
	w.answerAll()
	for w.find(w.t("sign.save")) == nil {
		w.see("check")
		w.press(w.t("check.right"))
	}
	w.see("sign-empty")
	w.press(w.t("sign.save"))
	w.see("sign-wrong")
	w.draw()
	w.sign(w.t("sign.save"))
	w.see("thanks")
	w.wait(61e9)
	w.see("idle")

	w.open(w.person, w.lang)
	w.language()
	w.see("child-isit")
	w.press(w.t("isit.no"))
	w.see("child-not")
	w.press(w.t("back"), w.t("isit.right"))
	w.see("child-signer")
	w.press(w.texts.T("signing.signer.guardian", map[string]any{"Name": "Ola Nordmann"}))
	w.see("child-another")
	w.press(w.t("another.no"))
	w.see("child-sole")
	w.press(w.t("another.yes"))
	w.see("child-second")
	w.press(w.t("next"))
	w.on("child-notice", w.t("all.no"))
	w.press(w.t("all.no"))
	for w.find(w.t("sign.save")) == nil {
		w.press(w.t("check.right"))
	}
	w.see("child-sign")
	w.fill("Ola Nordmann")
	w.sign(w.t("sign.save"))
	w.see("child-thanks")
	w.press(w.t("thanks.done"))
	w.see("child-over")
}
