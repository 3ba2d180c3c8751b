package desktop

import (
	"context"
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/look"
	"samtykke/ui/desktop/part"
)

// showCard fills the window with a person's slate card, to be photographed: the QR code as large as it gets and the
// short code. It says nothing else about the person. Black on white also in the dark.
func showCard(s *shell, id consent.SubjectID) {
	w := s.window
	if id == "" {
		return
	}
	type card struct {
		code consent.Code
		qr   image.Image
	}
	background(w, func(context.Context) (card, error) {
		person, err := w.session.Person(id)
		if err != nil {
			return card{}, err
		}
		qr, err := codeImage(capture.CardPayload(person.Code))
		return card{person.Code, qr}, err
	}, func(c card, err error) {
		if err != nil {
			s.notice.fail(err)
			return
		}
		t := w.words.t
		code := canvas.NewText(string(c.code), look.Color(theme.ColorNameForeground, theme.VariantLight))
		code.TextSize, code.Alignment, code.TextStyle = 72, fyne.TextAlignCenter, fyne.TextStyle{Bold: true, Monospace: true}
		advice := canvas.NewText(t("card.advice"), look.Color(look.ColorMuted, theme.VariantLight))
		advice.TextSize, advice.Alignment = 18, fyne.TextAlignCenter
		shown := border(nil, container.NewVBox(code, advice), nil, nil, part.NewQRImage(c.qr, 200, t("card.name", "code", c.code)))
		w.fillPrivately(t("card.title", "code", c.code), sheet(w, "", shown, s.fill), keys{escape: s.fill, letters: []letterKey{{letter: 'q', act: s.fill}}})
	})
}
