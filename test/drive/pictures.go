package drive

import (
	"fmt"
	"image"
	"os"
	"path/filepath"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/picture/picturetest"
	"samtykke/app/receipt"
)

// Signature is a drawn signature as an SVG file's content.
const Signature = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 200" width="600" height="200">` +
	`<path d="M40 140 C 80 20, 120 20, 110 120 S 160 160, 190 90 S 240 40, 250 120 S 300 150, 330 80 S 420 60, 430 120 S 500 140, 560 70" ` +
	`fill="none" stroke="#15202B" stroke-width="6" stroke-linecap="round"/></svg>`

// Card makes a memory card's worth of pictures: for each code a photographed slate card and then some frames, a minute apart.
// It returns the paths in order of capture.
func Card(dir string, started time.Time, frames int, codes ...consent.Code) ([]string, error) {
	return card(dir, started, frames, image.Pt(1200, 800), 1024, codes)
}

// CardOfSmall is Card with frames that are quickly looked through, for those who need many and look at none.
func CardOfSmall(dir string, started time.Time, frames int, codes ...consent.Code) ([]string, error) {
	return card(dir, started, frames, image.Pt(300, 200), 0, codes)
}

func card(dir string, started time.Time, frames int, size image.Point, preview int, codes []consent.Code) ([]string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	var paths []string
	add := func(make func(options picturetest.Options) []byte) error {
		n := len(paths) + 1
		raw := make(picturetest.Options{Seed: uint64(n), TakenAt: started.Add(time.Duration(n) * time.Minute), Make: "Nordlys", Model: "N1",
			Orientation: 1, Thumbnail: true, PreviewSide: preview, GPS: true})
		path := filepath.Join(dir, fmt.Sprintf("NLY_%04d.JPG", n))
		paths = append(paths, path)
		return os.WriteFile(path, raw, 0o600)
	}
	for _, code := range codes {
		qr, err := receipt.QR(capture.CardPayload(code), 600)
		if err != nil {
			return nil, err
		}
		err = add(func(o picturetest.Options) []byte {
			return picturetest.SlateScene(qr, picturetest.SceneOptions{Options: o, Rotation: 6, TiltX: 12, Blur: 1, Noise: 4, CodeSide: 0.35})
		})
		if err != nil {
			return nil, err
		}
		for range frames {
			if err := add(func(o picturetest.Options) []byte { return picturetest.JPEG(size.X, size.Y, o) }); err != nil {
				return nil, err
			}
		}
	}
	return paths, nil
}
