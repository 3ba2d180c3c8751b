package part

import (
	"time"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/look"
)

// Toasts says quietly that something went well: a line at the bottom that goes by itself, asks for
// nothing and keeps nobody from working. One shows at a time; the next takes its place.
//
// Errors are no toasts. What cannot be read in time must not be important.
type Toasts struct {
	root  *fyne.Container
	place *fyne.Container
	stop  func() bool

	// After calls f on the UI goroutine when d has passed, unless stop is called first. It is
	// time.AfterFunc with fyne.Do unless a test replaces it.
	After func(d time.Duration, f func()) (stop func() bool)
}

// NewToasts lays toasts over content.
func NewToasts(content fyne.CanvasObject) *Toasts {
	t := &Toasts{place: container.New(&bottom{})}
	t.root = container.NewStack(content, t.place)
	t.After = func(d time.Duration, f func()) func() bool {
		return time.AfterFunc(d, func() { fyne.Do(f) }).Stop
	}
	return t
}

// Content is what the window shows: the content, and the toasts over it.
func (t *Toasts) Content() *fyne.Container { return t.root }

// Show says a sentence.
func (t *Toasts) Show(mark Mark, sentence string) { t.ShowAction(mark, sentence, "", nil) }

// ShowAction says a sentence and offers to do something about it, such as "Undo". Doing it hides the toast.
func (t *Toasts) ShowAction(mark Mark, sentence, action string, do func()) {
	t.Hide()
	words := widget.NewLabel(sentence)
	line := container.New(&groups{}, NewStatusIcon(mark, ""), words)
	if mark == MarkNone {
		line.Objects = line.Objects[1:]
	}
	if do != nil {
		line.Add(NewQuietButton(action, func() { t.Hide(); do() }))
	}
	t.place.Add(container.NewStack(newGround(true), container.New(&insets{name: look.SizeGroup}, line)))
	t.place.Refresh()
	t.stop = t.After(readingTime(sentence), t.Hide)
}

// Hide takes the toast away, if there is one.
func (t *Toasts) Hide() {
	if t.stop != nil {
		t.stop()
		t.stop = nil
	}
	if len(t.place.Objects) > 0 {
		t.place.RemoveAll()
		t.place.Refresh() // Fyne draws nothing anew for what is gone
	}
}

// Shown is the sentence that shows now, or "".
func (t *Toasts) Shown() string {
	var found string
	walk(t.place, func(o fyne.CanvasObject) {
		if label, ok := o.(*widget.Label); ok {
			found = label.Text
		}
	})
	return found
}

// readingTime is how long a slow reader needs: four seconds and a second for every fifteen characters.
func readingTime(sentence string) time.Duration {
	return 4*time.Second + time.Duration(utf8.RuneCountInString(sentence))*time.Second/15
}

// walk visits an object and all in its containers.
func walk(o fyne.CanvasObject, visit func(fyne.CanvasObject)) {
	visit(o)
	if c, ok := o.(*fyne.Container); ok {
		for _, inner := range c.Objects {
			walk(inner, visit)
		}
	}
}

// bottom puts objects in the middle of the lower edge, as small as they are. It asks for no room itself,
// so that a toast never makes the window grow.
type bottom struct{}

func (bottom) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

func (bottom) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	margin := look.SizeFor(nil, look.SizeMargin)
	for _, o := range objects {
		min := o.MinSize()
		o.Resize(min)
		o.Move(fyne.NewPos((size.Width-min.Width)/2, size.Height-min.Height-2*margin))
	}
}
