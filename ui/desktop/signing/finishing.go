package signing

import (
	"context"
	"image"
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	qrcode "github.com/skip2/go-qrcode"

	"samtykke/app/capture"
	"samtykke/ui/desktop/part"
)

func (f *Flow) signPage() page {
	d, text := f.draft, f.text()
	statement, who := text.Statement, f.profile().Name
	if d.signer != self && f.child() {
		statement = text.GuardianStatement
		if list := d.guardians(f.profile()); d.signer == newcomer {
			who = list[len(f.profile().Guardians)].Name
		} else {
			who = list[d.signer-1].Name
		}
	}
	if d.pad == nil {
		d.pad = part.NewSignaturePad(f.t("signing.pad.hint", nil))
		d.pad.Drawn = f.t("signing.pad.drawn", nil)
	}
	d.pad.OnChanged = func() { f.idle.touch(); f.frame.say("") }
	typed, _ := f.field("typed", part.TypeName, &d.typedName)
	again := []fyne.CanvasObject{part.NewButton(f.t("signing.pad.undo", nil), d.pad.Undo), part.NewButton(f.t("signing.pad.clear", nil), d.pad.Clear)}
	beside, title := newColumn(f.gap(), typed), f.t("signing.sign.title", nil)
	words := newColumn(f.close(), part.Body(statement))
	by := f.t("signing.sign.by", map[string]any{"Name": strings.TrimSpace(who)})
	if f.theme.room == small {
		title = by
		again = []fyne.CanvasObject{part.NewButton("", d.pad.Undo).WithIcon(theme.ContentUndoIcon()).WithName(f.t("signing.pad.undo", nil)),
			part.NewButton("", d.pad.Clear).WithIcon(theme.ContentClearIcon()).WithName(f.t("signing.pad.clear", nil))}
	} else {
		words.Add(part.Note(by))
	}
	both := newColumns(f.group(), []float32{2, 1}, d.pad, beside)
	return page{title: title, body: newGrowingColumn(f.gap(), both, words, both), grows: true, yields: []fyne.CanvasObject{words, typed.Objects[0]}, wide: true, extra: again,
		next: f.t("signing.sign.save", nil), onNext: func() {
			if d.pad.Empty() && strings.TrimSpace(d.typedName) == "" {
				f.frame.say(f.t("signing.problem.signature-empty", nil))
				return
			}
			f.save()
		}}
}

// link is the address of the personal link, "" while no library is known that answers there.
func (f *Flow) link() string {
	if link := f.last.signed.Link; strings.HasPrefix(link, "http://") || strings.HasPrefix(link, "https://") {
		return link
	}
	return ""
}

// thanksPieces are the card and, where there is one, the personal link.
func (f *Flow) thanksPieces() int {
	if f.link() == "" {
		return 1
	}
	return 2
}

// thanksOn says that the consent is stored and hands out what belongs to the person. The card on it is the slate card. Where there is
// little room, the sentences that the receipt says as well are left out.
func (f *Flow) thanksOn(from, to int) page {
	const sentences = 2
	p := f.thanksWith(from, to, sentences)
	for left := sentences - 1; left >= 0 && !f.fits(p); left-- {
		p = f.thanksWith(from, to, left)
	}
	return p
}

func (f *Flow) thanksWith(from, to, sentences int) page {
	p := page{title: f.t("signing.thanks.title", nil), wide: true, grows: true, next: f.t("signing.thanks.done", nil), onNext: f.startAgain}
	var row []fyne.CanvasObject
	var shares []float32
	if from == 0 {
		row, shares = []fyne.CanvasObject{f.thanksWords(sentences), f.card()}, []float32{5, 4}
	}
	if to == 2 {
		edge := f.cardEdge()
		if from == 1 {
			edge *= 1.2
		}
		link := newColumn(f.gap(), qr(f.link(), edge, f.t("signing.thanks.link", nil)), part.Note(f.t("signing.thanks.link", nil)))
		row, shares = append(row, link), append(shares, 4)
	}
	if to < f.thanksPieces() {
		p.next, p.onNext = f.t("signing.next", nil), func() { f.goTo(step{stepThanks, to}) }
	}
	if from > 0 {
		p.onBack = func() { f.goTo(step{kind: stepThanks}) }
	}
	p.body = newColumns(f.group(), shares, row...)
	return p
}

// thanksWords are what there is to know and to do after signing.
func (f *Flow) thanksWords(sentences int) fyne.CanvasObject {
	words := newColumn(f.loose())
	if sentences > 0 {
		words.Add(part.Body(f.t("signing.thanks.saved", nil)))
	}
	waiting := f.last.waiting && f.child()
	name := map[string]any{"Name": f.profile().Name}
	if waiting {
		words.Add(part.Body(f.t("signing.thanks.waiting", name)))
	}
	actions := newColumn(f.gap(), part.NewButton(f.t("signing.thanks.receipt", nil), f.openReceipt))
	if f.last.address != "" {
		actions.Add(f.mailing())
	}
	if waiting {
		actions.Add(part.NewButton(f.t("signing.thanks.another", nil), f.nextGuardian))
	}
	if f.childIsStillToBeHeard() {
		actions.Add(part.NewButton(f.t("signing.signer.self", name), f.nextSelf))
	}
	all := newColumn(f.gap(), words, actions)
	if sentences > 1 {
		all.Add(part.Note(f.t("signing.thanks.card", nil)))
	}
	return all
}

// cardEdge is the least width of a code to photograph.
func (f *Flow) cardEdge() float32 { return []float32{220, 200, 150}[f.theme.room] }

func (f *Flow) card() fyne.CanvasObject {
	code := f.person.Code
	return slate(capture.CardPayload(code), string(code), f.cardEdge(), f.t("signing.thanks.cardname", map[string]any{"Code": string(code)}))
}

// mailing offers to have the library mail the receipt, once, and says when it does.
func (f *Flow) mailing() fyne.CanvasObject {
	place := newColumn(0)
	var send *part.Button
	send = part.NewButton(f.t("signing.thanks.mail", nil), func() {
		f.idle.touch()
		send.Disable()
		session, record, language, address := f.request.Session, f.last.signed.Record, f.draft.language, f.last.address
		go func() {
			_, err := session.MailReceipt(context.WithoutCancel(f.ctx), record, language) // leaving does not undo what was asked for
			f.request.Do(func() {
				if f.stopped || f.at.kind != stepThanks {
					return
				}
				if err != nil {
					send.Enable()
					f.fail(err)
					return
				}
				place.Objects = []fyne.CanvasObject{part.Note(f.t("signing.thanks.mailed", map[string]any{"Address": address}))}
				f.setting.refresh()
			})
		}()
	})
	place.Add(send)
	return place
}

// openReceipt writes the receipt into a private folder and opens it, from where it can be printed or kept.
func (f *Flow) openReceipt() {
	f.idle.touch()
	session, record, language, code := f.request.Session, f.last.signed.Record, f.draft.language, f.person.Code
	go func() {
		pdf, err := session.WriteReceipt(f.ctx, record, language)
		f.request.Do(func() {
			if f.stopped {
				return
			}
			if err != nil {
				f.fail(err)
				return
			}
			path, err := f.request.Viewing.Write(string(code)+".pdf", pdf) // here, so that it is there when the others go
			if err != nil {
				f.fail(notShown(err))
				return
			}
			f.showReceipt(path)
		})
	}()
}

// slate is a card to photograph: black on white in every theme, the code as large as the card.
func slate(payload, code string, edge float32, name string) fyne.CanvasObject {
	words := canvas.NewText(code, color.Black)
	words.TextStyle = fyne.TextStyle{Monospace: true, Bold: true}
	words.Alignment = fyne.TextAlignCenter
	return &fyne.Container{Layout: slateLayout{}, Objects: []fyne.CanvasObject{canvas.NewRectangle(color.White), qr(payload, edge, name), words}}
}

// slateLayout puts the code below its QR code and makes it as wide as the card.
type slateLayout struct{}

const slateMargin = 16

func (slateLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	edge := objects[1].MinSize().Width
	return fyne.NewSize(edge+2*slateMargin, edge+edge/3+2*slateMargin)
}

func (slateLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	place(objects[0], 0, 0, size.Width, size.Height)
	words := objects[2].(*canvas.Text)
	inner := size.Width - 2*slateMargin
	one := fyne.MeasureText(words.Text, 10, words.TextStyle).Width
	words.TextSize = min(inner/one*10, size.Height/4)
	for tries := 0; words.MinSize().Width > inner && tries < 10; tries++ { // letters do not grow evenly
		words.TextSize *= 0.99
	}
	height := words.MinSize().Height
	place(words, slateMargin, size.Height-slateMargin/2-height, inner, height)
	place(objects[1], slateMargin, slateMargin, inner, max(size.Height-height-2*slateMargin, 0))
}

// qr is a code to photograph, at least edge wide.
func qr(text string, edge float32, name string) fyne.CanvasObject {
	var picture image.Image
	if code, err := qrcode.New(text, qrcode.Medium); err == nil { // a link and a code always fit
		picture = code.Image(-1)
	}
	return part.NewQRImage(picture, edge, name)
}
