package pictures_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/assets"
	"samtykke/ui/desktop/look"
	"samtykke/ui/desktop/part"
)

// TestTheScreenFits shows every state of the screen in all languages, in light and dark and in the sizes of a laptop and of a
// tablet. With SAMTYKKE_SHOTS=DIR the pictures are kept to be looked at.
func TestTheScreenFits(t *testing.T) {
	d := newDesk(t)
	ola, kari := d.person("Ola Nordmann", consent.DecisionYes), d.person("Kari Olsen", consent.DecisionNo)
	empty, err := d.session.AddShoot(context.Background(), capture.ShootDetails{Title: "Empty"})
	d.must(err)
	d.load(d.card(24, ola.Code))
	pictures := d.session.Images(capture.ImageFilter{Shoot: d.shoot})
	ctx := context.Background()
	for i, img := range pictures[1:] {
		if i%3 == 0 {
			d.must(d.session.Link(ctx, kari.ID, img.ID))
		}
		if i%4 != 0 {
			d.must(d.session.SetPeople(ctx, 1+i%3, img.ID))
		}
	}
	full := d.shoot
	for _, lang := range assets.Languages {
		for _, preference := range []look.Preference{look.Light, look.Dark} {
			for _, size := range []fyne.Size{fyne.NewSize(1366, 700), fyne.NewSize(1024, 700)} {
				name := fmt.Sprintf("%s-%s-%.0f", lang, map[look.Preference]string{look.Light: "light", look.Dark: "dark"}[preference], size.Width)
				if os.Getenv("SAMTYKKE_SHOTS") == "" && (preference != look.Light || size.Width > 1024) {
					continue // what differs is looked at, not measured
				}
				t.Run(name, func(t *testing.T) {
					d := &desk{TB: t, session: d.session, shoot: empty, calls: make(chan func(), 1000)}
					fyne.CurrentApp().Settings().SetTheme(look.New(preference))
					show(d, full, lang, size, name)
				})
			}
		}
	}
}

func show(d *desk, full consent.ShootID, lang string, size fyne.Size, name string) {
	texts := assets.NewTexts(lang)
	w := func(id string) string { return texts.T("pictures."+id, nil) }
	n := 0
	see := func(state string) {
		d.Helper()
		n++
		d.settle()
		d.photograph(fmt.Sprintf("pictures-%s-%02d-%s", name, n, state))
		if min := d.window.Content().MinSize(); min.Width > size.Width || min.Height > size.Height {
			d.Errorf("%s needs %v of %v", state, min, size)
		}
		if wide := d.window.Canvas().Size().Width; wide != size.Width {
			d.Errorf("%s made the window %v wide", state, wide)
		}
	}
	d.open(lang)
	d.window.Resize(size)
	see("empty")
	d.shoot = full
	d.open(lang)
	d.window.Resize(size)
	d.until("the pictures show", func() bool {
		d.window.Canvas().Capture()
		for _, o := range d.objects() {
			if c, ok := o.(interface{ Loaded() bool }); ok && !c.Loaded() {
				return false
			}
		}
		return true
	})
	see("grid")
	d.selectPictures(4)
	see("one")
	d.selectPictures(2, 3, 4, 5, 8)
	d.name().SetText("o")
	see("many")
	d.selectPictures(0)
	see("card")
	only[*part.Select](d, 1).SetSelectedIndex(3)
	see("filtered")
	d.screen.Dropped([]string{filepath.Join(d.TempDir(), "gone")})
	see("imported")
	d.press(w("export"))
	see("export")
	for _, o := range d.objects() {
		if e, ok := o.(*part.Entry); ok && !e.MultiLine && e.Text == "" {
			e.SetText(filepath.Join(d.TempDir(), "out"))
		}
	}
	d.press(w("export.start"))
	see("exported")
	d.press(w("close"))
}
