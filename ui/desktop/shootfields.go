package desktop

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// shootFields make a new shoot.
type shootFields struct {
	title, place, date, photographer *part.Entry
	button                           *part.Button
	content                          fyne.CanvasObject
}

// newShootFields makes the shoot when the button is pressed and calls made with it.
func newShootFields(w *Window, n *notice, made func(consent.ShootID)) *shootFields {
	t := w.words.t
	optional := func(id string) string { return t("optional", "field", t(id)) }
	f := &shootFields{title: part.NewEntry(t("shoot.title.example")), place: part.NewEntry(""), date: part.NewEntry(""), photographer: part.NewEntry("")}
	f.date.SetText(time.Now().Format(time.DateOnly))
	f.button = part.NewPrimaryButton(t("shoot.make"), func() {
		n.hide()
		ready := busy(f.button, t("shoot.making"))
		details := capture.ShootDetails{Title: f.title.Text, Place: f.place.Text, Date: f.date.Text, Photographer: f.photographer.Text}
		session := w.session
		background(w, func(ctx context.Context) (consent.ShootID, error) {
			return session.AddShoot(ctx, details)
		}, func(id consent.ShootID, err error) {
			ready()
			if err != nil {
				n.fail(err)
				return
			}
			made(id)
		})
	})
	submit := func(string) { f.button.Tapped(nil) }
	for _, e := range []*part.Entry{f.title, f.place, f.date, f.photographer} {
		e.OnSubmitted = submit
	}
	f.content = part.Stack(
		part.Field(t("shoot.title"), f.title, ""),
		container.NewGridWithColumns(2, part.Field(optional("shoot.place"), f.place, ""), part.Field(t("shoot.date"), f.date, t("shoot.date.why"))),
		part.Field(optional("shoot.photographer"), f.photographer, ""))
	return f
}
