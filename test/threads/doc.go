//go:build story

// Package threads reads the source of the window for widgets that are touched on the wrong goroutine.
//
// Fyne draws on one goroutine, and everything that shows has to be read and changed there. What runs elsewhere hands over with fyne.Do
// or with the function that stands for it. A widget that is touched without it works on most days, which is why no test of a screen
// would find it. The check follows every function that begins on another goroutine through the calls it makes, and names the calls that
// reach a widget.
package threads
