package desktop

import (
	"context"
	"fmt"
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	qrcode "github.com/skip2/go-qrcode"

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
		qr, err := qrcode.New(capture.CardPayload(person.Code), qrcode.Medium)
		if err != nil {
			return card{}, fmt.Errorf("make QR code: %w", err)
		}
		return card{person.Code, qr.Image(-1)}, nil // -1: one pixel per module
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
		ground := canvas.NewRectangle(look.Color(look.ColorSurface, theme.VariantLight))
		back := part.NewButton(t("back"), s.fill).WithKey("Esc")
		sheet := border(container.NewHBox(layout.NewSpacer(), back), container.NewVBox(code, advice), nil, nil,
			part.NewQRImage(c.qr, 200, t("card.name", "code", c.code)))
		w.fillPrivately(t("card.title", "code", c.code), container.NewStack(ground, part.Margin(sheet)), keys{escape: s.fill, letter: func(r rune) {
			if r == 'q' {
				s.fill()
			}
		}})
	})
}
