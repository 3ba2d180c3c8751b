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
	"samtykke/app/picture"
	"samtykke/ui/desktop/part"
)

// previewMemory is how much the thumbnails may take, in bytes: some eight hundred of them.
const previewMemory = 96 << 20

var errNoPreview = errors.New("nothing here shows this picture")

// previews makes thumbnails of what the vault keeps, and of the original where it keeps none.
func previews(session *capture.Session) part.Source {
	return func(ctx context.Context, key string, edge int) (image.Image, error) {
		id := consent.AssetID(key)
		raw, found, err := session.Preview(id)
		if err != nil {
			return nil, err
		}
		if !found {
			if raw, err = fromOriginal(session, id, edge); err != nil {
				return nil, err
			}
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

func fromOriginal(session *capture.Session, id consent.AssetID, edge int) ([]byte, error) {
	original, err := session.OpenOriginal(id)
	if err != nil {
		return nil, err
	}
	defer original.Close()
	raw, err := picture.Preview(original, original.Size(), edge)
	if err == nil && len(raw) == 0 {
		err = errNoPreview
	}
	return raw, err
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
