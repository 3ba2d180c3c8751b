package desktop

import (
	"context"
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
	"samtykke/ui/desktop/pictures"
)

// still is one of somebody's pictures, ready to show; its picture is nil where nothing here shows it.
type still struct {
	name    string
	picture image.Image
}

const (
	stillEdge   = 88  // units
	stillPixels = 192 // sharp also where a unit is two pixels
)

// readStills makes the first of some pictures small, and tells how many are left.
func readStills(ctx context.Context, s *capture.Session, ids []consent.AssetID) (stills []still, left int) {
	make := pictures.Previews(s)
	for _, id := range ids[:min(len(ids), mostStills)] {
		img, err := s.Image(id)
		if err != nil || ctx.Err() != nil {
			continue
		}
		made, err := make(ctx, string(id), stillPixels)
		if err != nil {
			made = nil // its name is there all the same
		}
		stills = append(stills, still{img.Name, made})
	}
	return stills, len(ids) - len(stills)
}

// showStills shows pictures beside and below each other, and how many there are beyond them.
func showStills(w *words, stills []still, left int) fyne.CanvasObject {
	wall := wrapping()
	for _, s := range stills {
		wall.Add(part.NewStill(s.picture, s.name, stillEdge))
	}
	column := container.NewVBox(indented(wall))
	if left > 0 {
		column.Add(part.Note(w.n("stills.left", left)))
	}
	return column
}

// picturesTab shows the newest of a person's pictures.
func (p *sidePane) picturesTab(v personView) fyne.CanvasObject {
	column := container.NewVBox(part.Body(v.images))
	if p.more.id == v.id {
		column.Add(showStills(p.shell.window.words, p.more.stills, p.more.left))
	}
	return column
}
