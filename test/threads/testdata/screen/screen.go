// Package screen is an example for the check: a screen that touches its widgets wherever it likes.
package screen

import (
	"context"
	"strconv"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"samtykke/app/capture"
	"samtykke/ui/desktop/part"
)

// Screen is what shows.
type Screen struct {
	session *capture.Session
	label   *widget.Label
	mark    *part.StatusMark
	root    *fyne.Container
	window  fyne.Window
	jobs    sync.WaitGroup
	do      func(func())
	told    func() // what a goroutine calls
}

// New makes a screen; nothing is wrong here.
func New(session *capture.Session, window fyne.Window) *Screen {
	s := &Screen{session: session, label: widget.NewLabel(""), window: window, do: fyne.Do}
	s.label.SetText("ready")
	s.root = container.NewVBox(s.label)
	s.told = s.refresh
	return s
}

// Start does it wrongly and rightly.
func (s *Screen) Start(ctx context.Context) {
	go func() {
		s.label.SetText("begun")                   // wrong
		s.label.Importance = widget.HighImportance // wrong
		s.do(func() { s.label.SetText("right") })
		fyne.Do(s.refresh)
		s.count(3)
	}()
	go s.close()
	go s.root.Refresh() // wrong
	go func() { s.told() }()
	s.jobs.Go(func() { s.root.Add(widget.NewLabel("late")) }) // wrong
	time.AfterFunc(time.Second, s.end)
	background(s, func() int { return s.measure() }, func(n int) { s.label.SetText(strconv.Itoa(n)) })
	s.session.OnChange(func() {
		s.mark.Set(part.MarkYes, "changed") // wrong
	})
	s.take(func(p capture.ImportProgress) {
		s.label.SetText(strconv.Itoa(p.Done)) // wrong
	})
	_, _ = s.session.Import(ctx, capture.Import{Progress: func(capture.ImportProgress) { s.do(s.refresh) }})
}

func (s *Screen) take(progress func(capture.ImportProgress)) {
	in := capture.Import{Shoot: "1"}
	in.Progress = progress
	_, _ = s.session.Import(context.Background(), in)
}

func (s *Screen) count(n int) {
	if n > 0 {
		s.label.Hide() // wrong
	}
}

func (s *Screen) close() { s.window.Close() } // wrong

func (s *Screen) refresh() { s.root.Refresh() } // wrong

func (s *Screen) end() { s.window.Canvas().Refresh(s.root) } // wrong

func (s *Screen) measure() int {
	return len(s.label.Text) + int(s.label.MinSize().Width) // wrong
}

// background is the right way: only the job runs elsewhere.
func background[T any](s *Screen, job func() T, done func(T)) {
	s.jobs.Go(func() {
		v := job()
		s.do(func() { done(v) })
	})
}
