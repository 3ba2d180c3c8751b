package desktop_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"samtykke/assets"
	"samtykke/ui/desktop/look"
	"samtykke/ui/desktop/screentest"
)

// format is a screen on which the window fills everything.
type format struct {
	name  string
	size  fyne.Size // in Fyne's units
	scale float32
}

// formats are a small laptop, a large screen, and a tablet whose user has set everything to 150 per cent.
var formats = []format{
	{"1366x768", fyne.NewSize(1366, 768), 1},
	{"1920x1080", fyne.NewSize(1920, 1080), 1},
	{"1024x768-150", fyne.NewSize(683, 512), 1.5},
}

// gallery goes through the window's screens in one language and format, and looks at each.
type gallery struct {
	*desk
	texts  *assets.Texts
	format format
	dir    string // where the pictures go; "" for nowhere
	n      int
}

// TestEveryScreenIsWhole goes through the screens of a furnished vault in every language, and finds what is cut: also with texts that are
// 30 per cent longer. With SAMTYKKE_SHOTS=DIR every screen is photographed, in light and dark and in all formats.
func TestEveryScreenIsWhole(t *testing.T) {
	goThrough(t, furnished(t), (*gallery).walk)
}

// goThrough walks through screens in every language and format, each time with a copy of the vault.
func goThrough(t *testing.T, d *desk, walk func(*gallery)) {
	shots := os.Getenv("SAMTYKKE_SHOTS")
	for _, language := range assets.Languages {
		for _, f := range formats {
			for _, preference := range []look.Preference{look.Light, look.Dark} {
				variant := map[look.Preference]string{look.Light: "light", look.Dark: "dark"}[preference]
				if shots == "" && preference == look.Dark {
					continue // colours are looked at, and measured in look
				}
				name := strings.Join([]string{language, f.name, variant}, "-")
				t.Run(name, func(t *testing.T) {
					g := &gallery{desk: d.copied(t), texts: assets.NewTexts(language), format: f}
					if shots != "" {
						g.dir = filepath.Join(shots, name)
						if err := os.MkdirAll(g.dir, 0o700); err != nil {
							t.Fatal(err)
						}
					}
					g.app.Preferences().SetString("language", language)
					g.app.Preferences().SetInt("variant", int(preference))
					walk(g)
				})
			}
		}
	}
}

// copied is another desk with a copy of the vault.
func (d *desk) copied(t *testing.T) *desk {
	t.Helper()
	other := sit(t)
	other.now = func() time.Time { return dayOfShoot }
	other.door.clock = other.now
	if err := os.CopyFS(other.door.dir, os.DirFS(d.door.dir)); err != nil {
		t.Fatal(err)
	}
	return other
}

// w is a text of the window.
func (g *gallery) w(id string) string { return g.texts.T("desktop."+id, nil) }

// shows waits for a text, and until everything that belongs to it has come, and looks at the screen.
func (g *gallery) shows(screen, text string) {
	g.Helper()
	g.see(text)
	for again := true; again; again = g.settle() {
		g.window.Rest()
	}
	g.look(screen)
}

// showsMeanwhile is shows while something works in the background that has no end of its own.
func (g *gallery) showsMeanwhile(screen, text string) {
	g.Helper()
	g.see(text)
	g.look(screen)
}

func (g *gallery) look(screen string) {
	g.Helper()
	g.n++
	g.layOut()
	g.photographAs(fmt.Sprintf("%02d-%s", g.n, screen))
	g.whole(screen)
	if g.dir == "" && g.texts.Language == "en" && g.format.name == formats[0].name && !slices.Contains(chancy, screen) {
		screentest.SameOutline(g, filepath.Join("testdata", "screens", screen+".txt"),
			screentest.Outline(g.window.Fyne().Content(), g.format.size, g.steady))
	}
	if g.dir == "" && g.texts.Language == "en" && !slices.Contains(tight30, screen) {
		restore := screentest.Lengthen(g.window.Fyne())
		g.layOut()
		g.whole(screen + " with longer texts")
		restore()
	}
}

// steady replaces what is another in every run.
func (g *gallery) steady(text string) string {
	text = ages.ReplaceAllString(strings.ReplaceAll(text, g.folder, "FOLDER"), "Kari Nordmann (AGE)")
	for _, each := range passing {
		text = each.pattern.ReplaceAllString(text, each.by)
	}
	return codes.ReplaceAllString(text, "CODE")
}

// tight30 are the screens that have no room for longer texts on the smallest format: two fields beside each other are four units too wide.
var tight30 = []string{"start-organisation", "start-organisation-wrong"}

// chancy are the screens on which a code drawn at random decides who comes first, or how wide a button is.
var chancy = []string{"merge", "doubles", "doubles-compare", "compare"}

var (
	codes = regexp.MustCompile(`\b[0-9A-Z]{4}-[0-9A-Z]{4}\b`) // drawn at random
	ages  = regexp.MustCompile(`Kari Nordmann \(\d+\)`)       // another one after her birthday
)

// fit gives the window the size and the scale of the format.
func (g *gallery) fit() {
	window := g.window.Fyne()
	window.Canvas().(interface{ SetScale(float32) }).SetScale(g.format.scale)
	window.Resize(g.format.size)
}

// layOut does what the window does between frames: what wraps knows its height then.
func (g *gallery) layOut() {
	for range 3 {
		g.window.Fyne().Content().Refresh()
	}
}

func (g *gallery) whole(screen string) {
	g.Helper()
	content := g.window.Fyne().Content()
	if least := content.MinSize(); least.Width > g.format.size.Width || least.Height > g.format.size.Height {
		g.Errorf("%s needs %v of %v", screen, least, g.format.size)
	}
	for _, cut := range screentest.Cut(content, g.format.size, g.ours) {
		g.Errorf("%s: %s", screen, cut)
	}
}

// ours tells of a text whether it is one of the program's, which is never shortened. The reader's own names and paths may be, and so may
// the sections of a law, which can be read in full where they are chosen.
func (g *gallery) ours(text string) bool {
	return !slices.ContainsFunc([]string{"Maximiliane", "Stoorhaauug", "@", "/", "R6_", "åndsverk"}, func(own string) bool { return strings.Contains(text, own) })
}

func (g *gallery) photographAs(name string) {
	g.Helper()
	if g.dir == "" {
		return
	}
	screentest.Photograph(g, g.window.Fyne().Canvas(), filepath.Join(g.dir, name+".png"))
}

// walk goes through the screens of the furnished vault, and then through those of an empty one, on a desk of its own.
func (g *gallery) walk() {
	g.open()
	g.fit()
	g.walkPeople()
}
