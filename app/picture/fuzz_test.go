package picture_test

import (
	"bytes"
	"errors"
	"testing"

	"samtykke/app/picture"
	"samtykke/app/picture/picturetest"
)

// seeds are small whole files that reach most branches; the fuzzer breaks them.
func seeds(f *testing.F) {
	f.Helper()
	opts := camera()
	opts.XMP, opts.PreviewSide = []byte(foreignXMP), 20
	opts.Segments = [][]byte{
		picturetest.Segment(0xED, "Photoshop 3.0\x00", []byte("8BIM")),
		picturetest.Segment(0xE2, "ICC_PROFILE\x00\x01\x01", adobeRGBProfile()),
	}
	f.Add(picturetest.JPEG(24, 16, opts))
	f.Add(picturetest.JPEG(24, 16, picturetest.Options{}))
	f.Add(picturetest.JPEG(24, 16, picturetest.Options{Segments: [][]byte{c2paSegment()}}))
	f.Add([]byte("\x89PNG\r\n\x1A\n\x00\x00\x00\rIHDR"))
	f.Add([]byte("II*\x00"))
	f.Add([]byte{})
}

// named tells whether an error is one of those a caller can show.
func named(err error) bool {
	return err == nil || errors.Is(err, picture.ErrUnsupported) || errors.Is(err, picture.ErrDamaged) || errors.Is(err, picture.ErrTooLarge) ||
		errors.Is(err, picture.ErrNoPreview) || errors.Is(err, picture.ErrC2PA) || errors.Is(err, picture.ErrTooLargeForJPEG) || errors.Is(err, picture.ErrNoWriter)
}

func FuzzInspect(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, file []byte) {
		info, err := inspect(file)
		if !named(err) {
			t.Fatalf("unnamed error %v", err)
		}
		if err == nil && (info.Kind == picture.Photo && (info.Width <= 0 || info.Height <= 0) || info.Orientation < 1 || info.Orientation > 8) {
			t.Fatalf("impossible image %+v", info)
		}
	})
}

func FuzzPreview(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, file []byte) {
		// Large pictures are a matter of time, not of soundness.
		if info, err := inspect(file); err == nil && info.Width*info.Height > 1<<20 {
			return
		}
		p, err := picture.Preview(bytes.NewReader(file), int64(len(file)), 64)
		if !named(err) {
			t.Fatalf("unnamed error %v", err)
		}
		if err != nil {
			return
		}
		if info := mustInspect(t, p); max(info.Width, info.Height) > 64 || info.Orientation != 1 {
			t.Fatalf("preview %+v", info)
		}
	})
}

func FuzzWriteJPEG(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, file []byte) {
		for _, profile := range []picture.Profile{picture.ProfileInternal, picture.ProfilePublic} {
			var once, twice bytes.Buffer
			err := picture.WriteJPEG(&once, bytes.NewReader(file), snapshot(profile))
			if !named(err) {
				t.Fatalf("%s: unnamed error %v", profile, err)
			}
			if err != nil {
				continue
			}
			if !bytes.HasSuffix(file, fromSOS(t, once.Bytes())) && profile == picture.ProfileInternal {
				t.Fatalf("%s: image data changed", profile)
			}
			if info, err := inspect(once.Bytes()); profile == picture.ProfilePublic && err == nil && info.HasGPS {
				t.Fatal("a public copy has a position")
			}
			if err := picture.WriteJPEG(&twice, bytes.NewReader(once.Bytes()), snapshot(profile)); err != nil {
				t.Fatalf("%s: cannot read back what was written: %v", profile, err)
			}
			if !bytes.Equal(once.Bytes(), twice.Bytes()) {
				t.Fatalf("%s: the second write differs", profile)
			}
		}
	})
}

func FuzzSidecar(f *testing.F) {
	f.Add([]byte(foreignXMP), "Bare nettsted", "K7Q2-M9XD")
	f.Add([]byte(""), "x\x00\xFF\uFFFE]]>&", "")
	f.Add([]byte(`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>`), "a\r\nb", "\t")
	f.Add([]byte(`<RDF xmlns="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><Description about="a&#10;b"/></RDF>`), "", "")
	f.Fuzz(func(t *testing.T, existing []byte, terms, code string) {
		for _, profile := range []picture.Profile{picture.ProfileInternal, picture.ProfilePublic} {
			x := snapshot(profile)
			x.UsageTerms, x.PersonCodes = terms, []string{code}
			once, err := picture.Sidecar(existing, x)
			if !named(err) {
				t.Fatalf("unnamed error %v", err)
			}
			if err != nil {
				continue
			}
			twice, err := picture.Sidecar(once, x)
			if err != nil {
				t.Fatalf("cannot read back what was written: %v\n%s", err, once)
			}
			if !bytes.Equal(once, twice) {
				t.Fatalf("the second write differs\n%s\n%s", once, twice)
			}
		}
	})
}
