package part

import "fyne.io/fyne/v2"

// Settle draws everything below an object anew and gives it the place that it needs now: in a first round all learn how wide they are, in a
// second they know how high. Whoever shows or hides what others have to make room for calls it. Fyne by itself lays out anew what holds
// something of another size, but when several things change before one frame it does so for the last of them only.
func Settle(o fyne.CanvasObject) {
	o.Refresh()
	o.Refresh()
}
