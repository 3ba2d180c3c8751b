// Package part holds the pieces that Samtykke's screens are built of.
//
// A part presents and reports: it shows ready-made, translated strings and calls its On…
// functions, always on the UI goroutine. It knows no vault, no rule and no network; a screen
// joins the two. Colours and sizes come from package look, so the same part serves the
// photographer's window and the larger type of subject mode.
//
// Every control can be reached and worked by keyboard, shows where the focus is, and says to
// assistive technology what it is. Fyne's bridge to screen readers walks containers but not the
// inside of widgets, therefore parts that hold other controls are containers (Card, EmptyState)
// or hand one out (ScopeGrid.Content), and only leaves are widgets of their own.
//
// A status is never shown by colour alone: see Mark.
package part
