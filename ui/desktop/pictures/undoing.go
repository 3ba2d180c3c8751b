package pictures

import (
	"context"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/problem"
	"samtykke/assets"
)

// Undo takes back what was linked, counted or given a ground last, and says what that was.
func (s *Screen) Undo() { s.turn(s.request.Session.Undo) }

// Redo does again what was undone last.
func (s *Screen) Redo() { s.turn(s.request.Session.Redo) }

func (s *Screen) turn(way func(context.Context) (capture.Undone, error)) {
	words, changed := "", []consent.AssetID(nil)
	s.doSome(func(ctx context.Context) ([]consent.AssetID, error) {
		turned, err := way(ctx)
		if err != nil {
			p := problem.Of(err)
			if p.Kind != problem.NotFound {
				return nil, err
			}
			words = p.In(s.request.Texts, assets.WindowArea) // nothing is wrong; there is nothing left
			return nil, nil
		}
		words, changed = s.request.Session.Words(turned, s.request.Texts.Language), turned.Changed
		return changed, nil
	}, func() {
		s.request.Toast(words)
		s.reveal(changed)
	})
}
