package pictures

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/ui/desktop/part"
)

// relocating asks where the files of a folder lie now that is not where it was.
func (s *Screen) relocating(folder string) fyne.CanvasObject {
	return container.NewHBox(part.NewButton(s.t("pictures.relocate", nil), func() {
		s.request.Choose(part.Choice{Title: s.t("pictures.relocate", nil), Folder: true, Chosen: func(paths []string) { s.Relocate(folder, paths[0]) }})
	}))
}

// Relocate says that the files of a folder that was left where it lay are somewhere else now. Those that are not what was imported keep
// their old place.
func (s *Screen) Relocate(from, to string) {
	s.background(func() func() {
		done, err := s.request.Session.Relocate(s.ctx, from, to, nil)
		if err == nil {
			_, err = s.request.Session.CheckReferences(context.WithoutCancel(s.ctx), false, nil)
		}
		return func() {
			if err != nil {
				s.failed(err)
				return
			}
			s.relocated(done)
			s.Refresh()
			s.side.show(s.selection())
		}
	})
}

func (s *Screen) relocated(done capture.Relocation) {
	words := s.request.Texts.N("pictures.relocated", len(done.Moved), nil)
	if n := len(done.Unfit); n > 0 {
		words += " " + s.request.Texts.N("pictures.relocated.unfit", n, nil)
	}
	s.request.Toast(words)
}
