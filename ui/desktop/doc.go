// Package desktop is the photographer's window: first start, unlocking, the shoot board, people, the way to the
// library, and settings. The two screens that are worlds of their own live beside it, in signing (what a subject
// sees) and pictures (the images).
//
// A screen shows and asks; it holds no rule. Everything it knows it gets from app/capture, on a goroutine of its
// own, as values with finished strings, and shows it back on Fyne's goroutine. Two helpers carry that:
//
//	background(w, job, done)   // job off Fyne's goroutine, done on it
//	latest                     // the same for what is fetched again and again: one run at a time, the last one wins
//
// Window is the frame: it holds the session, the language and what fills the window now. Shell is the frame of an
// open vault: tabs above, the two-state line below, the keys. Each screen has a file of its own and the methods of
// page.
//
// The words stand in assets/translations/desktop.*.json; a test holds the code to them.
package desktop
