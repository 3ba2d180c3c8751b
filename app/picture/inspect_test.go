package picture_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image/png"
	"reflect"
	"strings"
	"testing"
	"time"

	"samtykke/app/picture"
	"samtykke/app/picture/picturetest"
)

func inspect(file []byte) (picture.Info, error) {
	return picture.Inspect(bytes.NewReader(file), int64(len(file)))
}

func mustInspect(tb testing.TB, file []byte) picture.Info {
	tb.Helper()
	info, err := inspect(file)
	if err != nil {
		tb.Fatalf("Inspect: %v", err)
	}
	return info
}

var oslo = time.FixedZone("", 2*60*60)

func camera() picturetest.Options {
	return picturetest.Options{
		Orientation: 6, Make: "Canon", Model: "Canon EOS R5", Lens: "RF 50mm F1.8", GPS: true, Thumbnail: true,
		TakenAt: time.Date(2026, 6, 20, 11, 30, 5, 0, oslo), MakerNote: []byte("Face: Kari Nordmann"),
	}
}

func TestInspectTellsWhatTheCameraWrote(t *testing.T) {
	t.Parallel()
	got := mustInspect(t, picturetest.JPEG(320, 200, camera()))
	want := picture.Info{
		Kind: picture.Photo, Format: "jpeg", MIME: "image/jpeg", Width: 320, Height: 200, Orientation: 6,
		TakenAt: got.TakenAt, TakenAtOffsetKnown: true, Camera: "Canon EOS R5", Lens: "RF 50mm F1.8", HasGPS: true,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	if at := time.Date(2026, 6, 20, 9, 30, 5, 0, time.UTC); !got.TakenAt.Equal(at) || got.TakenAt.Hour() != 11 {
		t.Errorf("taken at %v", got.TakenAt)
	}
}

func TestTimeWithoutOffsetIsTheClockFaceAndSaysSo(t *testing.T) {
	t.Parallel()
	opts := camera()
	opts.NoOffset = true
	got := mustInspect(t, picturetest.JPEG(32, 20, opts))
	if got.TakenAtOffsetKnown || !got.TakenAt.Equal(time.Date(2026, 6, 20, 11, 30, 5, 0, time.UTC)) {
		t.Errorf("taken at %v, known %v", got.TakenAt, got.TakenAtOffsetKnown)
	}
}

func TestPlainImageIsUprightAndTellsNothing(t *testing.T) {
	t.Parallel()
	got := mustInspect(t, picturetest.JPEG(32, 20, picturetest.Options{}))
	want := picture.Info{Kind: picture.Photo, Format: "jpeg", MIME: "image/jpeg", Width: 32, Height: 20, Orientation: 1}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}

func pngFile(tb testing.TB) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, picturetest.Scene(64, 48, 1)); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func TestInspectReadsPNG(t *testing.T) {
	t.Parallel()
	got := mustInspect(t, pngFile(t))
	want := picture.Info{Kind: picture.Photo, Format: "png", MIME: "image/png", Width: 64, Height: 48, Orientation: 1}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}

func TestContentCredentialsAreSeen(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string]picturetest.Options{
		"manifest": {Segments: [][]byte{c2paSegment()}},
		"remote manifest": {XMP: []byte(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
			xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
			xmlns:dcterms="http://purl.org/dc/terms/" dcterms:provenance="https://example.org/m.c2pa"/></rdf:RDF></x:xmpmeta>`)},
	} {
		if !mustInspect(t, picturetest.JPEG(32, 20, opts)).HasC2PA {
			t.Errorf("%s not seen", name)
		}
	}
}

func c2paSegment() []byte {
	return picturetest.Segment(0xEB, "JP\x00\x01\x00\x00\x00\x01", []byte("\x00\x00\x00\x2Ajumb\x00\x00\x00\x1Ejumdc2pa\x00\x11\x00\x10c2pa\x00"))
}

func TestFilesAreRefusedByName(t *testing.T) {
	t.Parallel()
	whole := picturetest.JPEG(320, 200, camera())
	cut := func(part float64) []byte { return whole[:int(part*float64(len(whole)))] }
	broken := bytes.Clone(whole)
	copy(broken[len(broken)/2:], []byte{0xFF, 0xC0, 0xFF, 0x01})
	brokenPNG := pngFile(t)
	brokenPNG[len(brokenPNG)/2] ^= 1
	for _, c := range []struct {
		name   string
		file   []byte
		kind   error
		reason string
	}{
		{"empty", nil, picture.ErrDamaged, "empty"},
		{"text", []byte("not an image at all"), picture.ErrUnsupported, "not an image"},
		{"one byte", []byte{0xFF}, picture.ErrDamaged, "ends early"},
		{"only SOI", []byte{0xFF, 0xD8, 0xFF}, picture.ErrDamaged, "ends early"},
		{"cut in the header", cut(0.1), picture.ErrDamaged, "ends early"},
		{"cut in the image", cut(0.8), picture.ErrDamaged, "ends early"},
		{"last byte missing", whole[:len(whole)-1], picture.ErrDamaged, "ends early"},
		{"overwritten", broken, picture.ErrDamaged, "broken"},
		{"no image data", []byte{0xFF, 0xD8, 0xFF, 0xD9}, picture.ErrDamaged, "no image data"},
		{"PNG cut", pngFile(t)[:100], picture.ErrDamaged, "ends early"},
		{"PNG overwritten", brokenPNG, picture.ErrDamaged, "checksum"},
		{"HEIC", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), picture.ErrDamaged, "no image data"},
		{"film without its contents", []byte("\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"), picture.ErrDamaged, "cut off"},
		{"AVIF", []byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif"), picture.ErrUnsupported, "AVIF"},
		{"RAW", []byte("FOVb\x00\x00\x02\x00\x00\x00\x00\x00"), picture.ErrUnsupported, "X3F"},
		{"RAW cut", []byte("II*\x00\x10\x00\x00\x00CR\x02\x00"), picture.ErrDamaged, "ends early"},
		{"BigTIFF", []byte("II+\x00\x08\x00\x00\x00\x10\x00"), picture.ErrUnsupported, "BigTIFF"},
		{"PDF", []byte("%PDF-1.7\n"), picture.ErrUnsupported, "PDF"},
	} {
		_, err := inspect(c.file)
		if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.reason) {
			t.Errorf("%s: %v, want %v with %q", c.name, err, c.kind, c.reason)
		}
		if _, err := picture.Preview(bytes.NewReader(c.file), int64(len(c.file)), 100); !errors.Is(err, c.kind) {
			t.Errorf("%s: Preview says %v, want %v", c.name, err, c.kind)
		}
		if _, err := picture.FindSlates(t.Context(), bytes.NewReader(c.file), int64(len(c.file)), parseCard); !errors.Is(err, c.kind) {
			t.Errorf("%s: FindSlates says %v, want %v", c.name, err, c.kind)
		}
	}
}

func TestFileShorterThanAnnouncedIsDamaged(t *testing.T) {
	t.Parallel()
	if _, err := picture.Inspect(bytes.NewReader(nil), 100); !errors.Is(err, picture.ErrDamaged) {
		t.Errorf("got %v", err)
	}
}

// TestAbsurdSizeIsRefusedByTheHeader: of the other formats see hostile.
func TestAbsurdSizeIsRefusedByTheHeader(t *testing.T) {
	t.Parallel()
	jpeg := picturetest.JPEG(32, 20, picturetest.Options{})
	copy(jpeg[bytes.Index(jpeg, []byte{0xFF, 0xC0})+5:], []byte{0xFF, 0xFF, 0xFF, 0xFF})
	png := func(side uint32) []byte {
		file := pngFile(t)
		binary.BigEndian.PutUint32(file[16:], side)
		binary.BigEndian.PutUint32(file[20:], side)
		binary.BigEndian.PutUint32(file[29:], crc32.ChecksumIEEE(file[12:29]))
		return file
	}
	heic := picturetest.HEIC(picturetest.HEICOptions{})
	copy(heic[bytes.Index(heic, []byte("ispe"))+8:], []byte{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}) // whose product has no 64 bits
	for name, file := range map[string][]byte{"JPEG": jpeg, "PNG": png(60_000), "PNG of the largest sides": png(1<<31 - 1), "HEIC": heic} {
		if _, err := inspect(file); !errors.Is(err, picture.ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
