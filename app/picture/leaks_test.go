package picture_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"testing"

	"samtykke/app/picture"
	"samtykke/app/picture/picturetest"
)

// soundFrames are frames of 128 kbit/s and 44,100 Hz: 417 bytes each.
func soundFrames(n int) []byte {
	var sound []byte
	for i := range n {
		sound = append(append(sound, 0xFF, 0xFB, 0x90, 0x64), bytes.ReplaceAll(noise(byte(i), 413), []byte{0xFF}, []byte{0})...)
	}
	return sound
}

// TestPublicSoundKeepsNothingThatLiesInACutFrame: where sounds were joined, and where a program put a tag, the length of a frame that
// is cut off covers what follows.
func TestPublicSoundKeepsNothingThatLiesInACutFrame(t *testing.T) {
	t.Parallel()
	sound := soundFrames(20)
	tag := append([]byte("ID3\x03\x00\x00\x00\x00\x01\x00TPE1\x00\x00\x00\x10\x00\x00\x00"), secret...)
	tag = append(tag, make([]byte, 10+128-len(tag))...)
	large := append([]byte("ID3\x04\x00\x00\x00\x00\x08\x00"), bytes.Repeat([]byte(secret+"\xFF\xFB\x90\x64"), 64)...)
	large = large[:10+1024]
	ape := append(append([]byte("APETAGEX"), make([]byte, 24)...), secret+"\x00\x00\x00\x00"...)
	for name, between := range map[string][]byte{"a tag": tag, "a tag of another version": large, "a tag of no length": ape, "a text": bytes.Repeat([]byte(secret), 60)} {
		for _, at := range []int{417 * 10, 417*10 + 1, 417*10 + 200, 417*11 - 5} {
			file := bytes.Join([][]byte{sound[:at], between, sound[at:]}, nil)
			after, err := writeCopy(t, file, picture.ProfilePublic)
			if err != nil || bytes.Contains(after, []byte(secret)) {
				t.Errorf("%s at %d: the copy tells it, or %v", name, at, err)
			}
			if !bytes.Contains(after, sound[:417*9]) || !bytes.Contains(after, sound[417*11:]) {
				t.Errorf("%s at %d: frames are gone that were whole", name, at)
			}
			if twice, err := writeCopy(t, after, picture.ProfilePublic); err != nil || !bytes.Equal(twice, after) {
				t.Errorf("%s at %d: a copy of the copy differs: %v", name, at, err)
			}
		}
	}
}

// packed is data as PNG packs it.
func packed(tb testing.TB, data []byte) string {
	tb.Helper()
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	if _, err := z.Write(data); err != nil {
		tb.Fatal(err)
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.String()
}

// withProfile are files of each format that embeds colour profiles, with this one.
func withProfile(tb testing.TB, profile []byte) map[string][]byte {
	tb.Helper()
	film := madeMovie("qt  ", false).file
	at := bytes.Index(film, []byte("avcC")) - 4
	colour := picturetest.Box("colr", []byte("prof"), profile)
	file := append(bytes.Clone(film[:at]), colour...)
	file = append(file, film[at:]...)
	for _, kind := range []string{"avc1", "stsd", "stbl", "minf", "mdia", "trak", "moov"} {
		head := bytes.LastIndex(file[:at], []byte(kind)) - 4
		binary.BigEndian.PutUint32(file[head:], binary.BigEndian.Uint32(file[head:])+uint32(len(colour)))
	}
	return map[string][]byte{
		"jpeg": picturetest.JPEG(64, 48, picturetest.Options{Segments: [][]byte{picturetest.Segment(0xE2, "ICC_PROFILE\x00\x01\x01", profile)}}),
		"png":  pngWith(tb, "iCCP", []byte("a\x00\x00"+packed(tb, profile))),
		"webp": riffFile("WEBP", riff("VP8X", []byte{0x2C, 0, 0, 0, 23, 0, 0, 15, 0, 0}), riff("ICCP", profile), lossless()),
		"mp4":  file,
	}
}

func TestPublicCopyHasAColourProfileOnlyWhenItIsOne(t *testing.T) {
	t.Parallel()
	whole := adobeRGBProfile()
	class := bytes.Clone(whole)
	copy(class[12:], "Kari")
	mark := bytes.Clone(whole)
	copy(mark[36:], "Kari")
	long := bytes.Clone(whole)
	binary.BigEndian.PutUint32(long, uint32(len(whole)+1000))
	outside := bytes.Clone(whole)
	binary.BigEndian.PutUint32(outside[136:], uint32(len(whole)))
	for name, p := range map[string][]byte{"no header": nil, "another class": class, "no mark": mark, "a length beyond its end": long, "a tag beyond its end": outside} {
		for format, file := range withProfile(t, append(bytes.Clone(p), secret...)) {
			after, err := writeCopy(t, file, picture.ProfilePublic)
			if err != nil || bytes.Contains(after, []byte(secret)) || bytes.Contains(after, []byte("iCCP")) {
				t.Errorf("%s in a %s stays: %v", name, format, err)
			}
		}
	}
	// Of a profile stays what its tags name.
	spacious := append(bytes.Clone(whole), secret...)
	binary.BigEndian.PutUint32(spacious, uint32(len(spacious)))
	copy(spacious[100:], secret)
	want := append(bytes.Clone(whole), make([]byte, len(secret))...)
	binary.BigEndian.PutUint32(want, uint32(len(want)))
	for format, file := range withProfile(t, append(spacious, secret...)) {
		after, err := writeCopy(t, file, picture.ProfilePublic)
		if err != nil || bytes.Contains(after, []byte(secret)) {
			t.Errorf("what no tag of a profile in a %s names stays: %v", format, err)
		}
		if kept := string(want); !bytes.Contains(after, want) && !bytes.Contains(after, []byte(packed(t, []byte(kept)))) {
			t.Errorf("the profile in a %s is gone", format)
		}
	}
}

func TestALongColourProfileStaysWhole(t *testing.T) {
	t.Parallel()
	profile := adobeRGBProfile()
	profile = append(profile, noise('p', 100_000)...) // the last tag's
	binary.BigEndian.PutUint32(profile, uint32(len(profile)))
	binary.BigEndian.PutUint32(profile[132+5*12+8:], uint32(16+100_000))
	file := picturetest.JPEG(64, 48, picturetest.Options{Segments: [][]byte{picturetest.Segment(0xE2, "ICC_PROFILE\x00\x02\x02", profile[50_000:]),
		picturetest.Segment(0xE2, "ICC_PROFILE\x00\x01\x02", profile[:50_000])}})
	after, err := writeCopy(t, file, picture.ProfilePublic)
	if err != nil {
		t.Fatal(err)
	}
	most := 1<<16 - 1 - 2 - 14
	for n, piece := range [][]byte{profile[:most], profile[most:]} {
		if !bytes.Contains(after, picturetest.Segment(0xE2, "ICC_PROFILE\x00"+string(rune(n+1))+"\x02", piece)) {
			t.Errorf("piece %d is gone", n+1)
		}
	}
}
