package signing

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/ui/desktop/look"
)

// setting sets a flow in large type. A theme that is laid over a part of a window is never forgotten by Fyne, nor are the fonts that it reads
// for it each time: many megabytes for everybody who signs. So where nothing else is to be seen the whole program gets the sizes of the
// flow, until it stops.
type setting struct {
	theme    *fitted
	end      func()                   // gives the program its own sizes back; nil when it has kept them
	override *container.ThemeOverride // over the flow; nil when the program has its sizes
	root     *fyne.Container
}

// newSetting prepares the type. When the flow is alone, all that is made from now on has its sizes.
func newSetting(alone bool) *setting {
	program := fyne.CurrentApp().Settings().Theme()
	s := &setting{theme: &fitted{Theme: look.Large(program)}}
	if alone {
		s.end, _ = look.Resize(program, s.theme)
	}
	return s
}

// over sets what stands in root.
func (s *setting) over(root *fyne.Container) {
	if s.root = root; s.end == nil {
		s.override = container.NewThemeOverride(root, s.theme)
	}
}

// content is what is shown.
func (s *setting) content() fyne.CanvasObject {
	if s.override != nil {
		return s.override
	}
	return s.root
}

// refresh shows anew what has changed.
func (s *setting) refresh() { s.content().Refresh() }

// measured sets something that is not to be shown, so that its size is what it would be.
func (s *setting) measured(o fyne.CanvasObject) {
	if s.end == nil {
		container.NewThemeOverride(o, s.theme)
	}
}

// stop gives the program its own sizes back. What is shown after the flow has to be shown anew.
func (s *setting) stop() {
	if s.end != nil {
		s.end()
	}
}
