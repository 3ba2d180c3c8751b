package signing

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

// Request is who signs where, and how the flow talks to the window around it.
type Request struct {
	Session  *capture.Session
	Shoot    consent.ShootID
	Person   *capture.Person // nil: the subject registers themselves
	Language string          // in which the first page speaks
	Window   fyne.Window
	Do       func(func())                            // runs a function on the UI goroutine
	Leave    func()                                  // back to the board
	Saved    func(capture.Signed, consent.SubjectID) // after a consent is durable
}

// Flow is one handing over of the screen.
type Flow struct {
	request Request
	root    *fyne.Container
}

// New prepares the flow; Content shows it.
func New(r Request) *Flow { return &Flow{request: r, root: container.NewStack()} }

// Content is what fills the window.
func (f *Flow) Content() fyne.CanvasObject { return f.root }

// Stop clears what was entered and ends what runs in the background.
func (f *Flow) Stop() {}
