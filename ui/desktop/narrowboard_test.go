package desktop_test

import (
	"testing"

	"fyne.io/fyne/v2"
)

func TestTheNarrowListNamesTheChannelThatItShows(t *testing.T) {
	d := seated(t)
	d.register("Kari Olsen")
	d.see("Kari Olsen")
	small := fyne.NewSize(683, 512)
	d.window.Fyne().Resize(small)
	d.see("Code, Name, Status, Web, Images")
	d.window.Fyne().Resize(fyne.NewSize(1366, 768))
	d.pick("Social media")
	d.window.Fyne().Resize(small)
	d.see("Code, Name, Status, Soc., Images")
}
