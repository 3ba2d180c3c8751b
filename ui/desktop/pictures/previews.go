package pictures

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"

	"golang.org/x/image/draw"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// previewMemory is how much the thumbnails may take, in bytes: some eight hundred of them.
const previewMemory = 96 << 20

var errNoPreview = errors.New("nothing here shows this picture")

// Previews makes thumbnails.
func Previews(session *capture.Session) part.Source {
	return func(ctx context.Context, key string, edge int) (image.Image, error) {
		id := consent.AssetID(key)
		raw, found, err := session.Preview(ctx, id)
		if err != nil {
			return nil, err
		}
		if !found {
			return nil, errNoPreview
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		full, err := jpeg.Decode(bytes.NewReader(raw))
		if err != nil {
			return nil, err
		}
		return fit(full, edge), nil
	}
}

// fit makes a picture at most edge wide and high, in the form that the window draws without converting.
func fit(full image.Image, edge int) *image.RGBA {
	size := full.Bounds().Size()
	width, height := size.X, size.Y
	if longer := max(width, height); longer > edge {
		width, height = max(width*edge/longer, 1), max(height*edge/longer, 1)
	}
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.ApproxBiLinear.Scale(out, out.Rect, full, full.Bounds(), draw.Src, nil)
	return out
}
