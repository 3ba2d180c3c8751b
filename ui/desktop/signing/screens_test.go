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
	"samtykke/ui/desktop/signing"
)

// screens are the sizes of a laptop and of tablets, in units. The last one is 1024 × 768 at 150 %; the walk itself goes on it, since
// that is where most pages are.
var screens = []fyne.Size{fyne.NewSize(1366, 768), fyne.NewSize(1024, 768), fyne.NewSize(1024, 683), fyne.NewSize(683, 512)}

// TestEveryPageFitsTheScreen goes through all pages in every language and looks at each on every screen: nothing has to be scrolled,
// nothing is cut off, too small or too close for a finger, and the keyboard leaves the field in sight. With SAMTYKKE_SHOTS=DIR the
// pictures are kept to be looked at, in all looks.
func TestEveryPageFitsTheScreen(t *testing.T) {
	d := newDesk(t)
	form, err := d.session.CurrentForm("default")
	d.must(err)
	looks := map[string]look.Appearance{"light": {Preference: look.Light}}
	if os.Getenv("SAMTYKKE_SHOTS") != "" {
		looks["dark"], looks["contrast"] = look.Appearance{Preference: look.Dark}, look.Appearance{Preference: look.Light, HighContrast: true}
	}
	for name, appearance := range looks {
		fyne.CurrentApp().Settings().SetTheme(appearance.Theme())
		for _, lang := range form.Languages() {
			if name != "light" && !slices.Contains(assets.Languages, lang) {
				continue // what differs there are the colours
			}
			t.Run(lang+"-"+name, func(t *testing.T) { newWalk(d, t, lang, lang+"-"+name).through() })
		}
	}
}

// A translation may be a third longer than any that is there, in the form and in the program.
func TestLongerTextsFitAsWell(t *testing.T) {
	d := newDesk(t)
	w := newWalk(d, t, "nb", "longer")
	w.publishLonger()
	w.texts = longerTexts{w.texts}
	w.through()
}

// longerTexts are the program's own texts, a third longer.
type longerTexts struct{ signing.Words }

func (l longerTexts) T(id string, data map[string]any) string {
	said := l.Words.T(id, data)
	if strings.HasSuffix(id, ".key") { // a letter to press
		return said
	}
	return screentest.Longer(said)
}

// walk is somebody who goes through all pages.
type walk struct {
	*desk
	lang   string
	size   fyne.Size // of the screen that is looked at
	name   string
	texts  signing.Words
	form   *consent.Form
	person *capture.Person
	seen   int
	looked map[string]bool // at which screens with which text
}

func newWalk(d *desk, t *testing.T, lang, name string) *walk {
	own := *d
	own.T = t
	w := &walk{desk: &own, lang: lang, name: name, texts: assets.NewTexts(lang), looked: map[string]bool{}}
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

// see looks at the page that shows, on every screen. A sentence above Back and Next goes when the screen turns; again names what calls
// it back.
func (w *walk) see(page string, again ...string) {
	w.Helper()
	w.seen++
	for _, w.size = range screens {
		w.window.Resize(w.size)
		w.press(again...)
		if where := fmt.Sprint(w.size, again, w.said()); !w.looked[where] {
			w.looked[where] = true
			w.judge(page)
		}
	}
}

func (w *walk) judge(page string) {
	w.Helper()
	name := fmt.Sprintf("%s-%.0fx%.0f-%02d-%s", w.name, w.size.Width, w.size.Height, w.seen, page)
	if i := slices.IndexFunc(w.objects(), func(o fyne.CanvasObject) bool { _, ok := o.(*part.Entry); return ok }); i >= 0 {
		w.judgeTyping(page, w.objects()[i].(*part.Entry), name)
	}
	w.photograph(name)
	page = fmt.Sprintf("%s at %v", page, w.size)
	if min := w.window.Content().MinSize(); min.Width > w.size.Width || min.Height > w.size.Height {
		w.Errorf("%s needs %v", page, min)
	}
	if wide := w.window.Canvas().Size().Width; wide != w.size.Width {
		w.Errorf("%s made the window %v wide", page, wide)
	}
	for _, cut := range screentest.Cut(w.window.Content(), w.size, func(string) bool { return true }) {
		w.Errorf("%s: %s", page, cut)
	}
	w.judgeTargets(page)
	for _, o := range w.objects() {
		if scroll, ok := o.(*container.Scroll); ok && scroll.Content.Size().Height > scroll.Size().Height {
			w.Errorf("%s has %.0f of %.0f in sight: %s", page, scroll.Size().Height, scroll.Content.Size().Height, w.said())
		}
	}
}

// photograph lets the window come to rest, and keeps a picture where that shows something new.
func (w *walk) photograph(name string) {
	w.Helper()
	if w.showsMore() {
		w.desk.photograph(name)
	} else {
		w.rest()
	}
}

// showsMore tells whether the page is photographed here: in the program's own languages on every screen, in other looks than light on the
// largest and on the smallest, where most is seen, and in other languages on the smallest, where something could be cut off.
func (w *walk) showsMore() bool {
	switch smallest := w.size == screens[len(screens)-1]; {
	case !slices.Contains(assets.Languages, w.lang):
		return smallest
	case !strings.HasSuffix(w.name, "-light"):
		return smallest || w.size == screens[0]
	}
	return true
}

// judgeEither holds two answers of equal weight to being equally wide, and to filling the room they have.
func (w *walk) judgeEither() {
	w.Helper()
	for _, w.size = range screens {
		w.window.Resize(w.size)
		w.window.Content().MinSize() // as the window asks for in every frame
		a, b := w.box(w.find(w.t("another.yes")).(fyne.CanvasObject)), w.box(w.find(w.t("another.no")).(fyne.CanvasObject))
		if narrower := (a.right - a.left) - (b.right - b.left); max(narrower, -narrower) > 1 || max(a.right, b.right) < w.size.Width-2*32-1 || a.left != min(a.left, b.left) {
			w.Errorf("at %v yes is %v and no is %v", w.size, a, b)
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
	type place struct {
		box
		key bool
	}
	var places []place
	hidden := w.outOfSight()
	for _, o := range w.targets() {
		b, wide := w.box(o), float32(target)
		if hidden(o, b) {
			continue
		}
		if isKey(o) && w.size.Width < 900 {
			wide = narrowKey
		}
		if width, height := b.right-b.left, b.bottom-b.top; width < wide || height < target {
			w.Errorf("%s: %q is %.0f × %.0f", page, b.what, width, height)
		}
		for _, c := range places { // a key covers what lies under the keyboard
			if b.left < c.right+apart-1 && c.left < b.right+apart-1 && b.top < c.bottom+apart-1 && c.top < b.bottom+apart-1 && isKey(o) == c.key {
				w.Errorf("%s: %q (%v) is too close to %q (%v)", page, b.what, b, c.what, c.box)
			}
		}
		places = append(places, place{b, isKey(o)})
	}
}

// outOfSight gives a function that tells whether something has been scrolled away, or scrolls: above the keyboard there is not always
// room for the whole page.
func (w *walk) outOfSight() func(fyne.CanvasObject, box) bool {
	if w.find(w.t("keyboard.hide")) == nil {
		return func(fyne.CanvasObject, box) bool { return false }
	}
	var view box
	var scrolled []fyne.CanvasObject
	for _, each := range w.objects() {
		if scroll, ok := each.(*container.Scroll); ok {
			view, scrolled = w.box(scroll), screentest.Visible(scroll)
			break // what a field scrolls by itself comes later
		}
	}
	return func(o fyne.CanvasObject, b box) bool {
		return fmt.Sprintf("%T", o) == "*widget.scrollBarArea" || (b.top < view.top || b.bottom > view.bottom) && slices.Contains(scrolled, o)
	}
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

// judgeTyping touches a field and holds it to being seen, whole, above the keyboard, which it then puts away.
func (w *walk) judgeTyping(page string, entry *part.Entry, name string) {
	w.Helper()
	if w.find(w.t("keyboard.hide")) == nil {
		w.touchAt(entry)
	}
	hide := w.find(w.t("keyboard.hide"))
	if hide == nil {
		w.Errorf("%s at %v: touching the field brings no keyboard", page, w.size)
		return
	}
	w.photograph(name + "-typing")
	keys := float32(0)
	for _, o := range w.objects() {
		if isKey(o) {
			if b := w.box(o); keys == 0 || b.top < keys {
				keys = b.top
			}
		}
	}
	if focused, ok := w.window.Canvas().Focused().(*part.Entry); !ok {
		w.Errorf("%s at %v: the keyboard shows, and no field has the focus", page, w.size)
	} else if b := w.box(focused); b.bottom > keys || b.top < 0 {
		w.Errorf("%s at %v: the field is at %v, the keyboard begins at %.0f", page, w.size, b, keys)
	}
	w.judgeTargets(page + ", typing")
	test.Tap(hide)
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
	w.flow.Speak(func(lang string) signing.Words {
		if _, longer := w.texts.(longerTexts); longer {
			return longerTexts{assets.NewTexts(lang)}
		}
		return assets.NewTexts(lang)
	})
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
		w.see("answers")
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
	w.see("self-wrong", w.t("next"))
	w.fillAll("Ola Nordmann", "1980", "912 34 567", "ola@example.no")
	w.see("notice")
	w.press(w.t("read.all"))
	w.see("read")
	w.on("read", w.t("read.done"))
	w.press(w.t("read.done"))
	w.on("notice", w.t("all.no"))
	w.see("answers-empty")
	w.see("answers-unanswered", w.t("next"))
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
	w.see("sign-wrong", w.t("sign.save"))
	w.draw()
	w.see("sign")
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
	w.judgeEither()
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
