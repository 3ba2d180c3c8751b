package desktop

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/ui/desktop/part"
)

// entrance is a page in front of the vault: a column in the middle with a heading, what it is about, the fields, and
// what to do next. It scrolls when the window is small.
type entrance struct {
	window  *Window
	notice  *notice
	heading string
	column  *fyne.Container
	next    *part.Button // the primary button, nil for none
	focus   fyne.Focusable
	scroll  *container.Scroll
	back    func()
	gone    func() // is called when something else fills the window
}

// newEntrance begins a page. why may be empty.
func newEntrance(w *Window, heading, why string) *entrance {
	e := &entrance{window: w, notice: newNotice(w), heading: heading}
	head := container.NewVBox(part.Heading(heading))
	if why != "" {
		head.Add(part.Body(why))
	}
	e.column = part.Stack(head)
	return e
}

// add puts things below each other.
func (e *entrance) add(objects ...fyne.CanvasObject) *entrance {
	for _, o := range objects {
		e.column.Add(o)
	}
	return e
}

// actions ends the page with buttons: the primary one first, at the right as everywhere, then the others.
func (e *entrance) actions(next *part.Button, others ...*part.Button) *entrance {
	e.next = next
	row := apart()
	for _, b := range others {
		row.Add(b)
	}
	e.column.Add(e.notice.root)
	e.column.Add(ends(row, next))
	return e
}

// step says how far the first start has come, above the heading.
func (e *entrance) step(current int) *entrance {
	s := part.NewSteps(firstStartSteps)
	s.Set(current, firstStartSteps, e.window.words.t("step", "current", current+1, "count", firstStartSteps))
	e.column.Objects = append([]fyne.CanvasObject{indented(s)}, e.column.Objects...)
	return e
}

// show fills the window with the page.
func (e *entrance) show() {
	e.scroll = container.NewVScroll(part.Narrow(720, container.NewVBox(part.Margin(e.column))))
	e.notice.shown = e.scroll.ScrollToBottom // it stands above the buttons, which may be below the edge now
	e.window.fill(e.heading, e.scroll, keys{escape: e.back, gone: e.gone}, e.focus)
}
