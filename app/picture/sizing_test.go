package picture_test

import (
	"bytes"
	"fmt"
	"image"
	"strings"
	"testing"

	"samtykke/app/picture"
	"samtykke/app/picture/picturetest"
)

func writeSized(tb testing.TB, file []byte, side int, profile picture.Profile) ([]byte, int) {
	tb.Helper()
	opened, err := picture.Open(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		tb.Fatal(err)
	}
	x := snapshot(profile)
	x.Creator = "Fotografen"
	var out bytes.Buffer
	drawn, _, err := opened.WriteSized(&out, side, x)
	if err != nil {
		tb.Fatal(err)
	}
	return out.Bytes(), drawn
}

func TestAResizedCopyIsUprightAndHoldsOnlyWhatWeWroteAndWhoHasRights(t *testing.T) {
	t.Parallel()
	opts := camera() // turned by a quarter
	opts.XMP, opts.PreviewSide = []byte(foreignXMP), 200
	file := picturetest.JPEG(400, 300, opts)
	for _, profile := range []picture.Profile{picture.ProfilePublic, picture.ProfileInternal} {
		small, side := writeSized(t, file, 160, profile)
		config, format, err := image.DecodeConfig(bytes.NewReader(small))
		if err != nil || format != "jpeg" || config.Width != 120 || config.Height != 160 || side != 160 {
			t.Errorf("%s: %d × %d, %s, %v", profile, config.Width, config.Height, format, err)
		}
		for tag, value := range exiftool(t, small, "a.jpg") {
			group, _, _ := strings.Cut(tag, ":")
			if group != "File" && group != "ExifTool" && group != "System" && group != "Composite" && !strings.HasPrefix(group, "XMP-") && tag != "SourceFile" {
				t.Errorf("%s: it also tells %s = %v", profile, tag, value)
			}
			if strings.HasSuffix(tag, ":Orientation") || strings.Contains(fmt.Sprint(value), "Nordmann") {
				t.Errorf("%s: %s = %v", profile, tag, value)
			}
		}
		if !bytes.Contains(small, []byte("Per Fotograf")) || bytes.Contains(small, []byte("Fotografen")) {
			t.Errorf("%s: the photographer whom the file names is not named", profile)
		}
		if bytes.Contains(small, []byte("K7Q2-M9XD")) != (profile == picture.ProfileInternal) {
			t.Errorf("%s: codes", profile)
		}
	}
	if same, side := writeSized(t, file, 4000, picture.ProfilePublic); side != 400 {
		t.Errorf("enlarged to %d, %d bytes", side, len(same))
	}
	plain, _ := writeSized(t, picturetest.JPEG(40, 30, picturetest.Options{}), 20, picture.ProfilePublic)
	if got := exiftool(t, plain, "a.jpg")["XMP-dc:Creator"]; fmt.Sprint(got) != "[Fotografen]" {
		t.Errorf("the creator is %v", got)
	}
}

// A preview that was left behind when the picture was blurred must not come to light.
func TestAResizedCopyIsNotMadeFromAnEmbeddedPreview(t *testing.T) {
	t.Parallel()
	file := picturetest.JPEG(400, 300, picturetest.Options{PreviewSide: 200, Seed: 1})
	other := picturetest.JPEG(400, 300, picturetest.Options{PreviewSide: 200, Seed: 2})
	mixed := append(bytes.Clone(file[:len(file)-len(afterImage(t, file))]), afterImage(t, other)...)
	a, _ := writeSized(t, file, 100, picture.ProfilePublic)
	b, _ := writeSized(t, mixed, 100, picture.ProfilePublic)
	if !bytes.Equal(fromSOS(t, a), fromSOS(t, b)) {
		t.Error("the copy shows the preview")
	}
}

func TestTheCreatorIsNamedOnceAndWritingAgainChangesNothing(t *testing.T) {
	t.Parallel()
	for _, profile := range []picture.Profile{picture.ProfilePublic, picture.ProfileInternal} {
		x := snapshot(profile)
		x.Creator = "Åse Fotograf"
		once := writeJPEG(t, picturetest.JPEG(64, 48, picturetest.Options{}), x)
		if got := fmt.Sprint(exiftool(t, once, "a.jpg")["XMP-dc:Creator"]); got != "[Åse Fotograf]" {
			t.Errorf("%s: %s", profile, got)
		}
		if twice := writeJPEG(t, once, x); !bytes.Equal(once, twice) {
			t.Errorf("%s: the second copy differs\n%q\n%q", profile, once[:2000], twice[:2000])
		}
		if got := fmt.Sprint(exiftool(t, writeJPEG(t, picturetest.JPEG(64, 48, picturetest.Options{XMP: []byte(foreignXMP)}), x), "a.jpg")["XMP-dc:Creator"]); got != "[Per Fotograf]" {
			t.Errorf("%s: %s", profile, got)
		}
	}
}
