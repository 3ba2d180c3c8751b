package picture_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"samtykke/app/picture"
	"samtykke/app/picture/picturetest"
)

// rawCamera is what the made RAW files tell of their camera.
func rawCamera() picturetest.Options {
	return picturetest.Options{
		Orientation: 6, Model: "Model 7", Lens: "50mm F1.8", Serial: "B47110815", Description: "Skolestart", GPS: true,
		TakenAt: time.Date(2026, 6, 20, 11, 30, 5, 0, oslo),
	}
}

var rawMIME = map[string]string{"dng": "image/x-adobe-dng", "nef": "image/x-nikon-nef", "cr2": "image/x-canon-cr2", "arw": "image/x-sony-arw",
	"orf": "image/x-olympus-orf", "rw2": "image/x-panasonic-rw2", "pef": "image/x-pentax-pef", "raf": "image/x-fuji-raf",
	"srw": "image/x-samsung-srw"}

func TestInspectTellsWhatTheMakersOfRAWFilesWrite(t *testing.T) {
	t.Parallel()
	for _, format := range picturetest.RAWFormats {
		opts := rawCamera()
		info := mustInspect(t, picturetest.RAW(format, 600, 400, opts))
		if !strings.HasSuffix(info.Camera, " Model 7") || !info.TakenAt.Equal(opts.TakenAt) {
			t.Errorf("%s: taken at %v with %q", format, info.TakenAt, info.Camera)
		}
		got := fmt.Sprint(info.Kind, info.Format, info.MIME, info.Width, info.Height, info.Orientation, info.TakenAtOffsetKnown, info.Lens,
			info.Serial, info.HasGPS, info.Texts)
		want := fmt.Sprint(picture.Photo, format, rawMIME[format], 600, 400, 6, true, "50mm F1.8", "B47110815", true, []string{"Skolestart"})
		if got != want {
			t.Errorf("%s:\n got %s\nwant %s", format, got, want)
		}
	}
}

// TestForeignReaderFindsTheSamePreviewsInRAWFiles proves that the made files are laid out as the makers' are.
func TestForeignReaderFindsTheSamePreviewsInRAWFiles(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("exiftool"); err != nil {
		t.Skip("exiftool is not installed")
	}
	tags := map[string]string{"dng": "PreviewImage", "nef": "JpgFromRaw", "cr2": "PreviewImage", "arw": "PreviewImage", "orf": "PreviewImage",
		"rw2": "JpgFromRaw", "pef": "JpgFromRaw", "raf": "PreviewImage", "srw": "JpgFromRaw"}
	dir := t.TempDir()
	for _, format := range picturetest.RAWFormats {
		if err := os.WriteFile(filepath.Join(dir, "a."+format), picturetest.RAW(format, 600, 400, rawCamera()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.CommandContext(t.Context(), "exiftool", "-j", "-n", "-b", "-FileType", "-Model", "-SerialNumber", "-LensModel", "-Orientation",
		"-DateTimeOriginal", "-OffsetTimeOriginal", "-ImageDescription", "-PreviewImage", "-JpgFromRaw", dir).Output()
	if err != nil {
		t.Fatal(err)
	}
	var read []map[string]any
	if err := json.Unmarshal(out, &read); err != nil {
		t.Fatal(err)
	}
	if len(read) != len(picturetest.RAWFormats) {
		t.Errorf("exiftool read %d files", len(read))
	}
	for _, file := range read {
		format := strings.ToLower(fmt.Sprint(file["FileType"]))
		encoded, _ := strings.CutPrefix(fmt.Sprint(file[tags[format]]), "base64:")
		theirs, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			t.Fatal(err)
		}
		config, err := jpeg.DecodeConfig(bytes.NewReader(theirs))
		if err != nil || config.Width != 600 || config.Height != 400 {
			t.Errorf("%s: exiftool's %s is %d × %d (%v)", format, tags[format], config.Width, config.Height, err)
		}
		got := fmt.Sprint(filepath.Base(file["SourceFile"].(string)), file["Model"], file["SerialNumber"], file["LensModel"], file["Orientation"],
			file["DateTimeOriginal"], file["OffsetTimeOriginal"], file["ImageDescription"])
		want := fmt.Sprint("a."+format, "Model 7", rawCamera().Serial, "50mm F1.8", 6, "2026:06:20 11:30:05", "+02:00", "Skolestart")
		if got != want {
			t.Errorf("%s: exiftool reads %s", format, got)
		}
	}
}

func TestPreviewOfRAWIsUprightInAllEightOrientations(t *testing.T) {
	t.Parallel()
	scene := picturetest.Scene(480, 320, 3)
	for _, format := range append([]string{"tiff", "webp"}, picturetest.RAWFormats...) {
		for orientation := 1; orientation <= 8; orientation++ {
			opts := picturetest.Options{Orientation: orientation, Model: "Model 7"}
			img := preview(t, encodeAs(format, stored(scene, orientation), opts), 240)
			if got := img.Bounds().Size(); got != image.Pt(240, 160) {
				t.Errorf("%s, orientation %d: preview of %v, want 240 × 160", format, orientation, got)
			}
			if got := cornerColours(img); got != "red green blue yellow " {
				t.Errorf("%s, orientation %d: corners are %s", format, orientation, got)
			}
		}
	}
}

// encodeAs writes an image in one of the formats that picturetest makes.
func encodeAs(format string, img image.Image, opts picturetest.Options) []byte {
	switch format {
	case "jpeg":
		return picturetest.Encode(img, opts)
	case "tiff":
		return picturetest.EncodeTIFF(img, opts)
	case "webp":
		return picturetest.EncodeWebP(img, opts)
	}
	return picturetest.EncodeRAW(format, img, opts)
}

func TestRAWIsShownByItsLargestPreviewWhereNoneIsLargeEnough(t *testing.T) {
	t.Parallel()
	for _, format := range picturetest.RAWFormats {
		opts := rawCamera()
		opts.Orientation, opts.PreviewSide = 1, 240
		file := picturetest.RAW(format, 600, 400, opts)
		want := image.Pt(240, 160)
		if format == "nef" {
			want = image.Pt(320, 213) // in its maker note
		}
		if got := preview(t, file, 512).Bounds().Size(); got != want {
			t.Errorf("%s: preview of %v, want %v", format, got, want)
		}
		if info := mustInspect(t, file); info.Width != 600 && info.Width != 608 || info.Height != 400 && info.Height != 408 {
			t.Errorf("%s: %d × %d pixels", format, info.Width, info.Height)
		}
		f, err := picture.Open(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.EmbeddedPreview(512); err != nil {
			t.Errorf("%s: the embedded preview: %v", format, err)
		}
	}
}

func TestCutRAWIsDamaged(t *testing.T) {
	t.Parallel()
	for _, format := range append([]string{"tiff", "webp"}, picturetest.RAWFormats...) {
		whole := encodeAs(format, picturetest.Scene(300, 200, 1), rawCamera())
		for _, part := range []float64{0.001, 0.02, 0.1, 0.3, 0.6, 0.9} {
			cut := whole[:1+int(part*float64(len(whole)-1))]
			if format == "rw2" && part > 0.8 {
				continue // the sensor data of an RW2 file has no known length
			}
			if _, err := inspect(cut); !errors.Is(err, picture.ErrDamaged) {
				t.Errorf("%s cut at %d of %d bytes: %v", format, len(cut), len(whole), err)
			}
		}
	}
}

func TestEmbeddedPreviewNeverDecodesTheImage(t *testing.T) {
	t.Parallel()
	for format, want := range map[string]error{"jpeg": picture.ErrNoPreview, "tiff": picture.ErrNoPreview, "webp": picture.ErrNoPreview, "nef": nil} {
		file := encodeAs(format, picturetest.Scene(300, 200, 1), picturetest.Options{Orientation: 1, Model: "Model 7"})
		f, err := picture.Open(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.EmbeddedPreview(200); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", format, err, want)
		}
	}
	with := picturetest.JPEG(300, 200, picturetest.Options{PreviewSide: 250})
	f, err := picture.Open(bytes.NewReader(with), int64(len(with)))
	if err != nil {
		t.Fatal(err)
	}
	for side, want := range map[int]error{200: nil, 280: picture.ErrNoPreview} {
		if _, err := f.EmbeddedPreview(side); !errors.Is(err, want) {
			t.Errorf("%d pixels from a preview of 250: %v, want %v", side, err, want)
		}
	}
}

func TestPreviewStoredUprightIsNotTurnedAgain(t *testing.T) {
	t.Parallel()
	scene := picturetest.Scene(480, 320, 3)
	turned := stored(scene, 6)
	// The sensor data lies on its side and the file says so; the preview inside was stored upright by another program.
	file := picturetest.EncodeRAW("arw", turned, picturetest.Options{Orientation: 6, Model: "Model 7", Preview: scene})
	img := preview(t, file, 240)
	if got := cornerColours(img); img.Bounds().Size() != image.Pt(240, 160) || got != "red green blue yellow " {
		t.Errorf("preview of %v, corners are %s", img.Bounds().Size(), got)
	}
}

func TestPreviewWithItsOwnEXIFKnowsWhichWayUpItIs(t *testing.T) {
	t.Parallel()
	// The first directory is little-endian and says 3; after this it says 1. The JPEG inside still says 3.
	file := picturetest.EncodeRAW("rw2", stored(picturetest.Scene(480, 320, 3), 3), picturetest.Options{Orientation: 3, Model: "Model 7"})
	says := func(n byte) []byte { return []byte{0x12, 0x01, 3, 0, 1, 0, 0, 0, n, 0} }
	if bytes.Count(file, says(3)) != 1 {
		t.Fatal("the orientation is not where it was")
	}
	file = bytes.Replace(file, says(3), says(1), 1)
	if got := cornerColours(preview(t, file, 240)); got != "red green blue yellow " {
		t.Errorf("corners are %s", got)
	}
}
