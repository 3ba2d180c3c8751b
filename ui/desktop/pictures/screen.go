package pictures

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/assets"
)

// Request is which pictures are shown, and how the screen talks to the window around it.
type Request struct {
	Session *capture.Session
	Shoot   consent.ShootID
	Texts   *assets.Texts
	Window  fyne.Window
	Do      func(func()) // runs a function on the UI goroutine
	Toast   func(string) // says quietly that something went well
	Failed  func(error)  // says what went wrong
}

// Screen is the Images screen of one shoot.
type Screen struct {
	request Request
	root    *fyne.Container
}

// New prepares the screen and begins to read the pictures.
func New(r Request) *Screen { return &Screen{request: r, root: container.NewStack()} }

// Content is what the window shows.
func (s *Screen) Content() fyne.CanvasObject { return s.root }

// Dropped imports files and folders that were dropped on the window.
func (s *Screen) Dropped(uris []fyne.URI) {}

// Refresh reads the pictures anew; call it when the vault has changed.
func (s *Screen) Refresh() {}

// Stop ends what runs in the background. What was imported stays.
func (s *Screen) Stop() {}
