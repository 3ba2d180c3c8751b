// Package look is how Samtykke looks: its colours in light and dark, and its sizes.
//
// New gives a fyne.Theme for the whole window; Large wraps it for subject mode, where
// a person who has never seen the program signs by touch. Both speak Fyne's own names,
// so that Fyne's entries, lists and dialogs follow, and a few names of our own (ColorYes,
// ColorNotYet, ColorNo, …) for what Fyne has no word for.
//
// A widget asks with ColorFor and SizeFor, which respect a theme override around it and
// still answer when another theme is in use. Code without a widget (a printed picture, a
// test) asks the table itself with Color.
//
// The table keeps WCAG 2.2 level AA: text on any ground it is used on has a contrast of at
// least 4.5, the edge of a control and the ring of focus at least 3. A test computes it.
package look
