package picture_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"samtykke/app/picture"
	"samtykke/app/picture/picturetest"
)

// quarters are the colours in the middle of the four quarters of an image, line by line from the upper left: r, g, b and y for
// yellow.
func quarters(tb testing.TB, file []byte) string {
	tb.Helper()
	img, err := jpeg.Decode(bytes.NewReader(file))
	if err != nil {
		tb.Fatal(err)
	}
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	seen := ""
	for _, at := range []image.Point{{w / 4, h / 4}, {3 * w / 4, h / 4}, {w / 4, 3 * h / 4}, {3 * w / 4, 3 * h / 4}} {
		c := color.RGBAModel.Convert(img.At(at.X, at.Y)).(color.RGBA)
		switch {
		case c.R > 180 && c.G > 180 && c.B < 90:
			seen += "y"
		case c.R > 180 && c.G < 90 && c.B < 90:
			seen += "r"
		case c.R < 90 && c.G > 130 && c.B < 90:
			seen += "g"
		case c.R < 90 && c.G < 90 && c.B > 180:
			seen += "b"
		default:
			tb.Fatalf("colour %v at %v", c, at)
		}
	}
	return seen
}

// TestHEICIsUprightOnceWhateverItsEXIFSays: the file's own turns are part of the image; the orientation in EXIF repeats them.
func TestHEICIsUprightOnceWhateverItsEXIFSays(t *testing.T) {
	t.Parallel()
	const w, h = picturetest.CodedWidth, picturetest.CodedHeight
	for _, c := range []struct {
		name          string
		opts          picturetest.HEICOptions
		width, height int
		quarters      string
	}{
		{"as stored", picturetest.HEICOptions{}, w, h, "rgyb"},
		{"a quarter turn", picturetest.HEICOptions{Turns: 1, Options: picturetest.Options{Orientation: 8}}, h, w, "gbry"},
		{"half a turn", picturetest.HEICOptions{Turns: 2, Options: picturetest.Options{Orientation: 3}}, w, h, "bygr"},
		{"three quarters", picturetest.HEICOptions{Turns: 3, Options: picturetest.Options{Orientation: 6}}, h, w, "yrbg"},
		{"mirrored", picturetest.HEICOptions{Mirrored: true}, w, h, "grby"},
		{"EXIF alone", picturetest.HEICOptions{Options: picturetest.Options{Orientation: 6}}, w, h, "rgyb"},
		{"two tiles", picturetest.HEICOptions{Grid: true, Turns: 1}, h, 2 * w, ""},
	} {
		file := picturetest.HEIC(c.opts)
		info := mustInspect(t, file)
		if info.Width != c.width || info.Height != c.height || info.Orientation != 1 {
			t.Errorf("%s: %d × %d, orientation %d", c.name, info.Width, info.Height, info.Orientation)
		}
		preview, err := picture.Preview(bytes.NewReader(file), int64(len(file)), 1000)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if config, err := jpeg.DecodeConfig(bytes.NewReader(preview)); err != nil || config.Width != c.width || config.Height != c.height {
			t.Errorf("%s: preview of %d × %d (%v)", c.name, config.Width, config.Height, err)
		}
		if c.quarters == "" {
			continue
		}
		if got := quarters(t, preview); got != c.quarters {
			t.Errorf("%s: seen as %s, want %s", c.name, got, c.quarters)
		}
	}
}

func TestHEICTellsWhatItsItemsSay(t *testing.T) {
	t.Parallel()
	opts := camera()
	opts.Serial, opts.Description = "4711", "K7Q2-M9XD"
	file := picturetest.HEIC(picturetest.HEICOptions{Options: opts, Turns: 3, C2PA: true})
	got := mustInspect(t, file)
	want := picture.Info{Kind: picture.Photo, Format: "heic", MIME: "image/heic", Width: picturetest.CodedHeight, Height: picturetest.CodedWidth,
		Orientation: 1, TakenAt: got.TakenAt, TakenAtOffsetKnown: true, Camera: "Canon EOS R5", Lens: "RF 50mm F1.8", Serial: "4711", HasGPS: true,
		HasC2PA: true, Texts: got.Texts}
	if !reflect.DeepEqual(got, want) || !got.TakenAt.Equal(opts.TakenAt) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	tags := rawTags(t, map[string][]byte{"a.heic": file})["a.heic"]
	for tag, want := range map[string]any{"IFD0:Model": "Canon EOS R5", "ExifIFD:DateTimeOriginal": "2026:06:20 11:30:05", "ExifIFD:LensModel": "RF 50mm F1.8",
		"QuickTime:Rotation": 270.0, "File:ImageWidth": float64(picturetest.CodedWidth), "File:ImageHeight": float64(picturetest.CodedHeight)} {
		if tags[tag] != want {
			t.Errorf("exiftool says %s is %v, want %v", tag, tags[tag], want)
		}
	}
}

// A JPEG thumbnail is shown as it is stored, so it stands for an image only when that is not turned.
func TestJPEGThumbnailOfAnUnturnedHEICSavesDecodingIt(t *testing.T) {
	t.Parallel()
	for turns, want := range []error{nil, picture.ErrNoPreview} {
		file := picturetest.HEIC(picturetest.HEICOptions{JPEGThumbnail: true, Turns: turns})
		f, err := picture.Open(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.EmbeddedPreview(100); !errors.Is(err, want) {
			t.Errorf("%d turns: %v, want %v", turns, err, want)
		}
	}
}

// TestHEICWhoseCodingPromisesMoreThanItsHeaderIsRefused: the decoder believes the sizes inside the coded image, whatever the file's
// header says.
func TestHEICWhoseCodingPromisesMoreThanItsHeaderIsRefused(t *testing.T) {
	t.Parallel()
	file := picturetest.HEIC(picturetest.HEICOptions{Grid: true})
	grid := []byte{0, 0, 0, 1, 2 * picturetest.CodedWidth >> 8, 2 * picturetest.CodedWidth & 0xFF, 0, picturetest.CodedHeight}
	at := bytes.LastIndex(file, grid)
	if at < 0 {
		t.Fatal("no grid")
	}
	for _, c := range []struct {
		name   string
		change func(file []byte)
		want   error
	}{
		{"a canvas of four gigapixels", func(file []byte) { copy(file[at+4:], []byte{0xFF, 0xFF, 0xFF, 0xFF}) }, picture.ErrTooLarge},
		{"more rows than tiles", func(file []byte) { file[at+2] = 200 }, picture.ErrDamaged},
		{"a coded image of another size", func(file []byte) {
			// The sequence's parameters: behind the chroma format the width is written with twice as many bits.
			sps := bytes.Index(file, []byte{0x42, 0x01, 0x01, 0x04, 0x08})
			copy(file[sps+17:], []byte{0xA0, 0x00, 0x08, 0x00, 0x08, 0x00, 0x80})
		}, picture.ErrTooLarge},
	} {
		broken := bytes.Clone(file)
		c.change(broken)
		if _, err := picture.Preview(bytes.NewReader(broken), int64(len(broken)), 100); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func TestCutHEICIsDamaged(t *testing.T) {
	t.Parallel()
	file := picturetest.HEIC(picturetest.HEICOptions{Options: camera()})
	for cut := len(file) - 1; cut > 12; cut = min(cut-1, cut*9/10) {
		if _, err := inspect(file[:cut]); !errors.Is(err, picture.ErrDamaged) {
			t.Errorf("cut to %d of %d bytes: %v", cut, len(file), err)
		}
	}
}

// TestWhatFollowsAnHEICIsNotPartOfIt: telephones and programs add a trailer of their own, whose length no box says.
func TestWhatFollowsAnHEICIsNotPartOfIt(t *testing.T) {
	t.Parallel()
	file := picturetest.HEIC(picturetest.HEICOptions{Options: camera()})
	want := mustInspect(t, file)
	samsung := []byte("\x00\x00\x01\x0A\x0E\x00\x00\x00Image_UTC_Data1795341000000SEFH\x6B\x00\x00\x00\x01\x00\x00\x00SEFT")
	noise := make([]byte, 1000)
	rand.NewChaCha8([32]byte{1}).Read(noise) //nolint:errcheck // it never fails
	for name, trailer := range map[string][]byte{"Samsung's": samsung, "noise": noise, "a length of five": []byte("\x00\x00\x00\x05trailer"), "a few bytes": []byte("end"),
		"zeros": make([]byte, 100), "a text": bytes.Repeat([]byte("a text that somebody added "), 20)} {
		got, err := inspect(append(bytes.Clone(file), trailer...))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("with %s behind it: %+v, %v", name, got, err)
			continue
		}
		if _, err := picture.Preview(bytes.NewReader(append(bytes.Clone(file), trailer...)), int64(len(file)+len(trailer)), 100); err != nil {
			t.Errorf("with %s behind it no preview: %v", name, err)
		}
	}
}

// TestExiftoolReadsTheSameFromRealHEIC runs over the HEIC files of the folder that SAMTYKKE_CORPUS names.
func TestExiftoolReadsTheSameFromRealHEIC(t *testing.T) {
	dir := os.Getenv("SAMTYKKE_CORPUS")
	if dir == "" {
		t.Skip("SAMTYKKE_CORPUS names no folder of camera files")
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*.HEIC"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		info := mustInspect(t, file)
		tags := rawTags(t, map[string][]byte{"a.heic": file})["a.heic"]
		width, height := tags["File:ImageWidth"], tags["File:ImageHeight"]
		if r := tags["QuickTime:Rotation"]; r == 90.0 || r == 270.0 {
			width, height = height, width
		}
		if width != float64(info.Width) || height != float64(info.Height) {
			t.Errorf("%s: exiftool says %v × %v, we %d × %d", path, width, height, info.Width, info.Height)
		}
		if at := info.TakenAt.Format("2006:01:02 15:04:05"); tags["ExifIFD:DateTimeOriginal"] != at || tags["ExifIFD:LensModel"] != info.Lens {
			t.Errorf("%s: exiftool says %v, %v", path, tags["ExifIFD:DateTimeOriginal"], tags["ExifIFD:LensModel"])
		}
		if _, gps := tags["GPS:GPSLatitude"]; gps != info.HasGPS {
			t.Errorf("%s: exiftool sees a position: %v", path, gps)
		}
		preview, err := picture.Preview(bytes.NewReader(file), int64(len(file)), 512)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if p := mustInspect(t, preview); (p.Width > p.Height) != (info.Width > info.Height) {
			t.Errorf("%s: preview of %d × %d", path, p.Width, p.Height)
		}
	}
}
