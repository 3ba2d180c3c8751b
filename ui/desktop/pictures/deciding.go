package pictures

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/assets"
	"samtykke/ui/desktop/part"
)

// asked is the question whose pictures are, ready to show.
type asked struct {
	why        string
	candidates []found
	card       bool // it may be a picture of a card, whose the pictures after it would be
}

// ask is the question about a picture that asks whose it is.
func ask(session *capture.Session, img capture.Image, texts *assets.Texts) (asked, error) {
	a := asked{why: texts.T("undecided."+string(img.File.Undecided), nil), card: img.File.Card == capture.CardUnreadable}
	for _, id := range img.File.Candidates {
		p, err := session.Person(id)
		if err != nil {
			return a, err
		}
		if !p.Erased {
			a.candidates = append(a.candidates, found{p.ID, personWord(p)})
		}
	}
	return a, nil
}

// keepAsking are the pictures among some that ask whose they are.
func keepAsking(rows []row) []consent.AssetID {
	var ids []consent.AssetID
	for _, r := range rows {
		if r.asks {
			ids = append(ids, r.id)
		}
	}
	return ids
}

// askTogether is the question about several pictures: each reason once, and everybody whose one of them may be.
func askTogether(session *capture.Session, ids []consent.AssetID, texts *assets.Texts) asked {
	var together asked
	var why []string
	said, named := map[string]bool{}, map[consent.SubjectID]bool{}
	for _, id := range ids {
		img, err := session.Image(id)
		if err != nil {
			continue // removed meanwhile; the reading that follows tells
		}
		one, err := ask(session, img, texts)
		if err != nil {
			continue
		}
		if !said[one.why] {
			said[one.why] = true
			why = append(why, one.why)
		}
		for _, f := range one.candidates {
			if !named[f.id] {
				named[f.id] = true
				together.candidates = append(together.candidates, f)
			}
		}
	}
	together.why = strings.Join(why, " ")
	return together
}

// deciding says why somebody has to say whose pictures are, and takes the answer with one press.
func (d *side) deciding(a asked, ids ...consent.AssetID) fyne.CanvasObject {
	s := d.screen
	box := container.NewVBox(part.FieldLabel(s.t("pictures.decide", nil)), part.Note(a.why))
	for _, f := range a.candidates {
		box.Add(part.NewButton(f.word, func() { d.decide(a, ids, f) }))
	}
	if len(a.candidates) > 1 {
		box.Add(part.NewButton(s.t("pictures.decide.all", nil), func() { d.decide(a, ids, a.candidates...) }))
	}
	nobody := "pictures.decide.nobody"
	switch {
	case a.card:
		nobody = "pictures.decide.no-card"
	case len(a.candidates) == 0:
		nobody = "pictures.decide.no-candidate"
	}
	box.Add(part.NewQuietButton(s.t(nobody, nil), func() { d.decide(a, ids) }))
	return box
}

// decide says whose pictures are. The focus goes back to the pictures, where the next one waits.
func (d *side) decide(a asked, ids []consent.AssetID, people ...found) {
	s := d.screen
	subjects := make([]consent.SubjectID, len(people))
	for i, f := range people {
		subjects[i] = f.id
	}
	said := s.request.Texts.N("pictures.decided", len(ids), nil)
	if !a.card {
		said += s.countNow()
	}
	s.do(ids, func(ctx context.Context) error {
		if a.card {
			_, err := s.request.Session.SettleCard(ctx, ids[0], subjects...)
			return err
		}
		return s.request.Session.Settle(ctx, ids, subjects...)
	}, func() { s.request.Toast(said) })
	s.focus()
}
