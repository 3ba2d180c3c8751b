package pictures

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// grounds asks why pictures may be used at all; now is the ground that they have.
func (d *side) grounds(now consent.Ground, of []consent.AssetID) fyne.CanvasObject {
	s := d.screen
	titles := make([]string, len(consent.Grounds))
	at := 0
	for i, g := range consent.Grounds {
		titles[i] = s.t("ground."+string(g), nil)
		if g == now {
			at = i
		}
	}
	why := part.NewTextEntry(s.t("pictures.ground.why", nil), 3)
	save := part.NewButton(s.t("pictures.ground.save", nil), nil)
	choice := part.NewSelect(titles, nil)
	choice.SetSelectedIndex(at)
	below := container.NewVBox(why, container.NewHBox(save))
	update := func(string) {
		changed := consent.Grounds[choice.SelectedIndex()] != now
		why.Hidden = consent.Grounds[choice.SelectedIndex()] == consent.GroundConsent
		below.Hidden = !changed && why.Hidden
		d.body.Refresh()
	}
	choice.OnChanged = update
	save.OnTapped = func() {
		ground, reason := consent.Grounds[choice.SelectedIndex()], why.Text
		s.do(of, func(ctx context.Context) error { return s.request.Session.SetGrounds(ctx, of, ground, reason) },
			func() { s.request.Toast(s.request.Texts.N("pictures.ground.done", len(of), nil)) })
	}
	update("")
	return container.NewVBox(part.FieldLabel(s.t("pictures.ground", nil)), part.Framed(choice), below)
}

// removal takes pictures out of the vault in two presses: the first says what that means, the second does it.
func (d *side) removal(of []consent.AssetID) fyne.CanvasObject {
	s := d.screen
	place := container.NewVBox()
	var begin func()
	begin = func() {
		place.Objects = []fyne.CanvasObject{container.NewHBox(part.NewQuietButton(s.request.Texts.N("pictures.remove", len(of), nil), func() {
			s.inBackground(func() func() {
				planned, err := s.request.Session.RemovalOf(s.ctx, of)
				return func() {
					if err != nil {
						s.failed(err)
						return
					}
					place.Objects = []fyne.CanvasObject{d.confirmRemoval(planned, begin)}
					d.body.Refresh()
				}
			})
		}))}
		d.body.Refresh()
	}
	begin()
	return place
}

func (d *side) confirmRemoval(planned capture.Removed, keep func()) fyne.CanvasObject {
	s := d.screen
	n := len(planned.Assets)
	words := []string{s.request.Texts.N("pictures.remove.means", n, nil)}
	if alone := len(planned.Unsent); alone > 0 {
		words = append(words, s.request.Texts.N("pictures.remove.alone", alone, nil))
	}
	if outside := len(planned.Outside); outside > 0 {
		words = append(words, s.request.Texts.N("pictures.remove.outside", outside, nil))
	}
	why := part.NewEntry(s.t("pictures.remove.why", nil))
	do := part.NewDangerButton(s.request.Texts.N("pictures.remove.do", n, nil), nil)
	do.OnTapped = func() {
		do.Disable()
		s.doSome(func(ctx context.Context) ([]consent.AssetID, error) {
			done, err := s.request.Session.RemoveImages(ctx, capture.Removal{Assets: planned.Assets, Reason: why.Text, Unsent: len(planned.Unsent) > 0})
			for _, id := range done.Assets {
				s.loader.Forget(string(id))
			}
			return done.Assets, err
		}, func() {
			s.request.Toast(s.request.Texts.N("pictures.removed", n, nil))
			s.grid.Select()
			s.focus()
		})
	}
	return container.NewVBox(part.Body(strings.Join(words, " ")), why,
		part.Flow(8, part.NewButton(s.t("pictures.remove.keep", nil), keep), do))
}

// selectTaken selects the pictures that were taken between two times. All of them show, whatever was shown before.
func (s *Screen) selectTaken(from, to string) {
	r := s.request
	s.inBackground(func() func() {
		taken, err := r.Session.TakenBetween(r.Shoot, from, to)
		return func() {
			if err != nil {
				s.failed(err)
				return
			}
			s.leaveLarge()
			s.tools.choose(filter{})
			wanted := make(map[consent.AssetID]bool, len(taken))
			for _, id := range taken {
				wanted[id] = true
			}
			var at []int
			for i := range s.shown {
				if wanted[s.at(i).id] {
					at = append(at, i)
				}
			}
			if len(at) > 0 {
				s.grid.Go(at[0])
			}
			s.grid.Select(at...)
		}
	})
}

// showPerson shows the pictures of one person, and no others.
func (s *Screen) showPerson(who found) {
	s.personName = who.word
	s.leaveLarge()
	s.tools.choose(filter{kind: ofPerson, person: who.id})
}
