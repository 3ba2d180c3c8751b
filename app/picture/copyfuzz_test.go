package picture_test

import (
	"bytes"
	"testing"

	"samtykke/app/picture"
)

// FuzzWriteCopy breaks files of every format that public copies are made of: a copy is refused for a reason with a name, or can be
// copied again to the same bytes. Texts in the seeds stand only where no copy may take them from.
func FuzzWriteCopy(f *testing.F) {
	film := madeMovie("isom", true)
	for _, m := range []made{madePNG(), madeWebP(), madeSimpleWebP(), madeAnimatedWebP(), madeWAV(), madeMP3(), film, madeMovie("qt  ", false), madeSound()} {
		f.Add(m.file)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		once, err := writeCopy(t, file, picture.ProfilePublic)
		if !named(err) {
			t.Fatalf("unnamed error %v", err)
		}
		if err != nil {
			return
		}
		if isBoxes := len(once) > 8 && !bytes.HasPrefix(once, []byte("\xFF\xD8")); isBoxes && tells(metadataOf(once)) {
			t.Fatalf("the copy tells %q", secret)
		}
		twice, err := writeCopy(t, once, picture.ProfilePublic)
		if err != nil {
			t.Fatalf("cannot read back what was written: %v", err)
		}
		if !bytes.Equal(once, twice) {
			t.Fatal("the second copy differs")
		}
	})
}

// metadataOf is a copy without what is seen and heard: there a changed length can bring any bytes in.
func metadataOf(file []byte) []byte {
	kept := bytes.Clone(file)
	for _, begin := range []string{"mdat", "data", "IDAT", "iCCP", "ICCP", "VP8 ", "VP8L", "ALPH", "ANMF", "ID3\x03"} {
		if at := bytes.Index(kept, []byte(begin)); at >= 0 {
			if begin == "mdat" {
				if index := bytes.Index(kept, []byte("moov")); index > at {
					clear(kept[at:index])
					continue
				}
			}
			clear(kept[at:])
		}
	}
	return kept
}
