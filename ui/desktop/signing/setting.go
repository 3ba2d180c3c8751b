package signing

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/look"
)

// setting sets a flow in large type. Where nothing else is to be seen the whole program gets the sizes of the flow, until it stops.
// Elsewhere they are laid over the flow alone.
type setting struct {
	theme *fitted
	end   func()      // gives the program its own sizes back; nil when it has kept them
	layer *look.Layer // over the flow; nil when the program has its sizes
	root  *fyne.Container
	shown fyne.CanvasObject
}

// newSetting prepares the type, which a layer lays over the flow. Without a layer the flow is alone: all that is made from now on has its
// sizes.
func newSetting(layer *look.Layer) *setting {
	program := fyne.CurrentApp().Settings().Theme()
	s := &setting{theme: &fitted{Theme: look.Large(program)}}
	if layer == nil {
		s.end, _ = look.Resize(program, s.theme)
	}
	if s.end == nil {
		if s.layer = layer; layer == nil {
			s.layer = &look.Layer{} // under a theme that is not ours
		}
		s.layer.Use(s.theme)
	}
	return s
}

// over sets what stands in root.
func (s *setting) over(root *fyne.Container) {
	s.root, s.shown = root, root
	if s.layer != nil {
		s.shown = newSized(s, root)
	}
	s.refresh()
}

// content is what is shown.
func (s *setting) content() fyne.CanvasObject { return s.shown }

// refresh shows anew what has changed.
func (s *setting) refresh() {
	if s.layer == nil {
		s.root.Refresh()
		return
	}
	s.dress(s.root)
}

// dress sets what has come into the flow since it was shown.
func (s *setting) dress(o fyne.CanvasObject) {
	if s.layer != nil {
		defer s.lend()()
		s.layer.Over(o)
	}
}

// measure sets what is not to be shown in the type that it would be set in, so that its size is what it would be, until done is called. A
// theme that is laid over something for that would stay in Fyne's memory, and all that it is laid over.
func (s *setting) measure(objects ...fyne.CanvasObject) (done func()) {
	done = s.lend()
	for _, o := range objects {
		o.Refresh()
	}
	return done
}

// lend gives the whole program the sizes of the flow until back is called, which has to be before anything else is shown.
func (s *setting) lend() (back func()) {
	if s.layer != nil {
		if back, ok := look.Resize(fyne.CurrentApp().Settings().Theme(), s.theme); ok {
			return back
		}
	}
	return func() {}
}

// stop gives the program its own sizes back. What is shown after the flow has to be shown anew.
func (s *setting) stop() {
	if s.end != nil {
		s.end()
	}
}

// sized shows what a setting lays its type over. A layout belongs to no widget; those in it ask the program for sizes, which has the
// setting's while they run.
type sized struct {
	widget.BaseWidget
	setting *setting
	content fyne.CanvasObject
}

func newSized(s *setting, content fyne.CanvasObject) *sized {
	o := &sized{setting: s, content: content}
	o.ExtendBaseWidget(o)
	return o
}

// CreateRenderer implements fyne.Widget.
func (o *sized) CreateRenderer() fyne.WidgetRenderer { return &sizedRenderer{o} }

type sizedRenderer struct{ *sized }

func (r *sizedRenderer) MinSize() fyne.Size {
	defer r.setting.lend()()
	return r.content.MinSize()
}

func (r *sizedRenderer) Layout(size fyne.Size) {
	defer r.setting.lend()()
	r.content.Resize(size)
}

func (r *sizedRenderer) Refresh()                     {}
func (r *sizedRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.content} }
func (r *sizedRenderer) Destroy()                     {}
