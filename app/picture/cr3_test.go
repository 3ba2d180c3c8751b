package picture_test

import (
	"bytes"
	"errors"
	"image/jpeg"
	"reflect"
	"testing"

	"samtykke/app/picture"
	"samtykke/app/picture/picturetest"
)

func TestCR3TellsWhatTheCameraWroteAndExiftoolReadsTheSame(t *testing.T) {
	t.Parallel()
	opts := camera()
	opts.Serial, opts.Description = "4711", "K7Q2-M9XD"
	file := picturetest.CR3(600, 400, opts)
	got := mustInspect(t, file)
	want := picture.Info{Kind: picture.Photo, Format: "cr3", MIME: "image/x-canon-cr3", Width: 600, Height: 400, Orientation: 6, TakenAt: got.TakenAt,
		TakenAtOffsetKnown: true, Camera: "Canon EOS R5", Lens: "RF 50mm F1.8", Serial: "4711", HasGPS: true, Texts: []string{"K7Q2-M9XD"}}
	if !reflect.DeepEqual(got, want) || !got.TakenAt.Equal(opts.TakenAt) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	tags := rawTags(t, map[string][]byte{"a.cr3": file})["a.cr3"]
	for tag, want := range map[string]any{"File:FileType": "CR3", "IFD0:Model": "Canon EOS R5", "ExifIFD:DateTimeOriginal": "2026:06:20 11:30:05",
		"ExifIFD:LensModel": "RF 50mm F1.8", "ExifIFD:SerialNumber": 4711.0, "IFD0:Orientation": 6.0, "IFD0:ImageWidth": 600.0} {
		if tags[tag] != want {
			t.Errorf("exiftool says %s is %v, want %v", tag, tags[tag], want)
		}
	}
	for _, tag := range []string{"QuickTime:PreviewImage", "Canon:ThumbnailImage", "Track1:JpgFromRaw", "GPS:GPSLatitude"} {
		if tags[tag] == nil {
			t.Errorf("exiftool finds no %s", tag)
		}
	}
}

// TestPreviewOfACR3IsTheSmallestJPEGThatIsLargeEnough and stands upright, as no JPEG inside does.
func TestPreviewOfACR3IsTheSmallestJPEGThatIsLargeEnough(t *testing.T) {
	t.Parallel()
	file := picturetest.CR3(600, 400, picturetest.Options{Orientation: 6})
	f, err := picture.Open(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	for side, want := range map[int]int{100: 100, 300: 300, 500: 500, 2000: 600} {
		preview, err := f.EmbeddedPreview(side)
		if err != nil {
			t.Fatal(err)
		}
		config, err := jpeg.DecodeConfig(bytes.NewReader(preview))
		if err != nil || config.Height != want || config.Width >= config.Height {
			t.Errorf("at most %d: %d × %d (%v)", side, config.Width, config.Height, err)
		}
	}
}

func TestCutCR3IsDamaged(t *testing.T) {
	t.Parallel()
	file := picturetest.CR3(600, 400, camera())
	for cut := len(file) - 1; cut > 32; cut = min(cut-1, cut*9/10) {
		if _, err := inspect(file[:cut]); !errors.Is(err, picture.ErrDamaged) {
			t.Errorf("cut to %d of %d bytes: %v", cut, len(file), err)
		}
	}
}
