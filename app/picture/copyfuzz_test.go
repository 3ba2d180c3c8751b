package picture_test

import (
	"bytes"
	"encoding/binary"
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
		if !bytes.HasPrefix(once, []byte("\xFF\xD8")) && tells(metadataOf(once)) {
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

// metadataOf is a copy without what is seen and heard, and without what counts and measures it: there a changed length can bring any
// bytes in.
func metadataOf(file []byte) []byte {
	kept := bytes.Clone(file)
	for _, begin := range []string{"mdat", "data", "IDAT", "iCCP", "ICCP", "VP8 ", "VP8L", "ALPH", "ANMF", "ID3\x03"} {
		if at := bytes.Index(kept, []byte(begin)); at >= 0 {
			if index := bytes.Index(kept, []byte("moov")); begin == "mdat" && index > at {
				clear(kept[at:index])
				continue
			}
			clear(kept[at:])
		}
	}
	for _, numbers := range []string{"mvhd", "tkhd", "mdhd", "elst", "vmhd", "smhd", "stts", "ctts", "stss", "stsc", "stsz", "stco", "co64", "stsd", "clef"} {
		for at := 4; ; {
			next := bytes.Index(kept[min(at, len(kept)):], []byte(numbers))
			if next < 4 {
				break
			}
			at += next
			length := int(binary.BigEndian.Uint32(kept[at-4:]))
			clear(kept[at+4 : min(len(kept), max(at+4, at-4+length))])
			at += 4
		}
	}
	return kept
}
