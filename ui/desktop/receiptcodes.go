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

// showCodes fills the window with the codes of a receipt, for a person to photograph: their own page at the library, as far as there is
// one, and the proof. It names nobody. Black on white also in the dark.
func (s *shell) showCodes(pressed *part.Button, record consent.RecordID) {
	w := s.window
	type shown struct {
		capture.ReceiptCodes
		link, proof image.Image // link is nil while no library is known
	}
	ready := busy(pressed, w.words.t("receipt.writing"))
	background(w, func(ctx context.Context) (v shown, err error) {
		if v.ReceiptCodes, err = w.session.ReceiptCodes(ctx, record); err != nil {
			return v, err
		}
		if v.proof, err = codeImage(v.Token); err == nil && v.Link != "" {
			v.link, err = codeImage(v.Link)
		}
		return v, err
	}, func(v shown, err error) {
		ready()
		if err != nil {
			s.notice.fail(err)
			return
		}
		t := w.words.t
		codes := container.NewGridWithRows(1)
		if v.link != nil {
			codes.Add(captioned(part.NewQRImage(v.link, 200, t("codes.link")), t("codes.link")))
		}
		codes.Add(captioned(part.NewQRImage(v.proof, 200, t("codes.proof")), t("codes.proof")))
		w.fillPrivately(t("codes.title", "code", v.Code), sheet(w, t("codes.title", "code", v.Code), codes, s.fill), keys{escape: s.fill})
	})
}

// codeImage draws a QR code with one pixel per module.
func codeImage(text string) (image.Image, error) {
	qr, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("make QR code: %w", err)
	}
	return qr.Image(-1), nil
}

// captioned puts words on white below something.
func captioned(o fyne.CanvasObject, words string) fyne.CanvasObject {
	return border(nil, onWhite(words, 18, false), nil, nil, o)
}

// onWhite are words that are read off a sheet, also in the dark.
func onWhite(words string, size float32, bold bool) *canvas.Text {
	text := canvas.NewText(words, look.Color(theme.ColorNameForeground, theme.VariantLight))
	text.TextSize, text.Alignment, text.TextStyle = size, fyne.TextAlignCenter, fyne.TextStyle{Bold: bold}
	return text
}

// sheet is a white sheet over the whole window that somebody else photographs, with the way back.
func sheet(w *Window, heading string, content fyne.CanvasObject, back func()) fyne.CanvasObject {
	ground := canvas.NewRectangle(look.Color(look.ColorSurface, theme.VariantLight))
	away := part.NewButton(w.words.t("back"), back).WithKey("Esc")
	top := container.NewHBox(onWhite(heading, 24, true), layout.NewSpacer(), away)
	return container.NewStack(ground, part.Margin(border(top, nil, nil, nil, content)))
}
