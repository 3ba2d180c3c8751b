package desktop_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"samtykke/assets"
)

// TestScreensFitALaptopAtTwiceTheSize holds the screens to a laptop of 1366 × 768 whose user has set everything to 200 %.
func TestScreensFitALaptopAtTwiceTheSize(t *testing.T) {
	room := fyne.NewSize(683, 384)
	for _, language := range assets.Languages {
		t.Run(language, func(t *testing.T) {
			d := seated(t)
			d.register("Maximiliane Fredrikke Andersen-Bergstrøm")
			d.window.Stop()
			if err := d.door.Close(); err != nil {
				t.Fatal(err)
			}
			d.app.Preferences().SetString("language", language)
			say := func(id string) string { return assets.NewTexts(language).T("desktop."+id, nil) }
			fits := func(screen string) {
				t.Helper()
				if least := d.window.Fyne().Content().MinSize(); least.Width > room.Width || least.Height > room.Height {
					t.Errorf("%s needs %v of %v", screen, least, room)
				}
			}
			d.open()
			d.window.Fyne().Resize(room)
			fits("unlock")
			d.enter(0, passphrase)
			d.press(say("unlock.open"))
			d.see("Maximiliane")
			fits("board")
			d.choose(0)
			d.see(say("person.history"))
			fits("person")
			d.press(say("person.correct"))
			d.see(say("person.avoid"))
			fits("form")
			d.paper("7KQ2M9", "")
			d.press(say("pane.close"))
			d.press(say("board.more"))
			d.see(say("print"))
			fits("board with everything")
			d.press(say("print"))
			d.see(say("cards"))
			fits("cards and forms")
			d.press(say("pane.close"))
			d.register("Per Eksempel") // reads the board again
			d.press(assets.NewTexts(language).N("desktop.papers.waiting", 1, nil))
			d.see(say("papers.who"))
			fits("papers")
			d.press(say("back"))
			d.see("Maximiliane")
			d.press(say("tab.people"))
			d.see("Maximiliane")
			fits("people")
			d.press(say("tab.sync"))
			d.see(say("sync.join"))
			fits("invitation")
			if err := enrol(t.Context(), d.session(), ""); err != nil {
				t.Fatal(err)
			}
			d.see(say("sync.now"))
			fits("sync")
			d.press(say("tab.settings"))
			d.see(say("organisation.change"))
			fits("settings")
		})
	}
}
