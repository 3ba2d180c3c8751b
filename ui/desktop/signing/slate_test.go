package signing_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"samtykke/app/capture"
	"samtykke/app/picture"
	"samtykke/app/picture/picturetest"
)

// The page of thanks is held before the camera instead of a card.
func TestPhotographOfThePageOfThanksNamesThePerson(t *testing.T) {
	d := newDesk(t)
	d.open(nil, "nb")
	d.press("Norsk bokmål", "Meg selv")
	d.fill("Ola Nordmann", "1980", "", "")
	d.press("Neste", "Neste", "Nei til alt", "Ja, det er riktig")
	d.draw()
	d.sign("Signer og lagre")
	person, err := d.session.Person(d.who[0])
	d.must(err)
	for _, size := range []fyne.Size{fyne.NewSize(1366, 768), fyne.NewSize(683, 512)} {
		d.window.Resize(size)
		d.photograph("slate")
		for name, scene := range map[string]picturetest.SceneOptions{
			"at a slant":        {CodeSide: 1.2, TiltX: 25, TiltY: 12, Rotation: 8, Noise: 12, Blur: 0.8, Room: 0.4},
			"from further away": {CodeSide: 0.8, Rotation: -5, Noise: 8, Screen: 0.1, Room: 0.5},
		} {
			photograph := picturetest.SlateScene(onScreen(d.picture()), scene)
			found, err := picture.FindSlates(context.Background(), bytes.NewReader(photograph), int64(len(photograph)),
				func(text string) (string, bool) { return text, true })
			d.must(err)
			if want := capture.CardPayload(person.Code); !slices.Equal(found.Values, []string{want}) {
				t.Errorf("%v %s: the picture shows %+v, want %q", size, name, found, want)
			}
		}
	}
}

// onScreen puts a page into a square, as the photographed thing is, with the black edge of a tablet above and below.
func onScreen(page *image.RGBA) *image.RGBA {
	edge := max(page.Rect.Dx(), page.Rect.Dy())
	square := image.NewRGBA(image.Rect(0, 0, edge, edge))
	draw.Draw(square, square.Rect, image.NewUniform(color.Black), image.Point{}, draw.Src)
	top := (edge - page.Rect.Dy()) / 2
	draw.Draw(square, page.Rect.Add(image.Pt(0, top)), page, image.Point{}, draw.Src)
	return square
}
