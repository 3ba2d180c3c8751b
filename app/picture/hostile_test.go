package picture_test

import (
	"bytes"
	"encoding/binary"
	"runtime"
	"slices"
	"testing"
	"time"

	"samtykke/app/picture"
	"samtykke/app/picture/picturetest"
)

// huge is the header of a box that says to be longer than any disk.
func huge(kind string) []byte {
	return append(append([]byte{0, 0, 0, 1}, kind...), 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF)
}

// nested puts a box into itself n times.
func nested(kind string, n int) []byte {
	file := make([]byte, 0, 8*n)
	for i := range n {
		file = append(binary.BigEndian.AppendUint32(file, uint32(8*(n-i))), kind...)
	}
	return file
}

// heicWith is an HEIC file whose header holds the given boxes.
func heicWith(boxes ...[]byte) []byte {
	meta := picturetest.Box("meta", append([][]byte{make([]byte, 4)}, boxes...)...)
	return slices.Concat(picturetest.Box("ftyp", []byte("heic\x00\x00\x00\x00mif1heic")), meta, picturetest.Box("mdat", make([]byte, 64)))
}

// TestFilesThatLieAreAnsweredAtOnceAndFromLittleMemory: sizes that no disk has, counts that no file holds, structures that contain or
// point at themselves, and a million of the smallest pieces.
func TestFilesThatLieAreAnsweredAtOnceAndFromLittleMemory(t *testing.T) {
	film := picturetest.Box("ftyp", []byte("mp42\x00\x00\x00\x00"))
	many := bytes.Repeat(picturetest.Box("free"), 1_000_000)
	full := []byte{0xFF, 0xFF, 0xFF, 0xFF}
	zero := make([]byte, 4)
	header := picturetest.Film(picturetest.FilmOptions{Fragments: 1, Duration: 200 * time.Millisecond})
	header = header[:bytes.Index(header, []byte("moof"))-4]
	fragment := func(run ...[]byte) []byte {
		return slices.Concat(header, picturetest.Box("moof", picturetest.Box("traf", picturetest.Box("tfhd", zero, []byte{0, 0, 0, 1}),
			picturetest.Box("trun", run...))))
	}
	infos := make([][]byte, 0, 100_000)
	for i := range 100_000 {
		infos = append(infos, picturetest.Box("infe", []byte{3, 0, 0, 0}, binary.BigEndian.AppendUint32(nil, uint32(i)), []byte("\x00\x00hvc1\x00")))
	}
	// An item whose place is that of the list of places.
	places := picturetest.Box("iloc", zero, []byte{0x44, 0, 0, 1}, []byte{0, 1, 0, 0, 0, 1}, []byte{0, 0, 0, 36}, []byte{0, 0, 0, 30})
	exif := picturetest.Box("infe", []byte{2, 0, 0, 0, 0, 1, 0, 0}, []byte("Exif\x00"))
	itself := heicWith(picturetest.Box("iinf", zero, []byte{0, 1}, exif), places)

	// Four thousand items that say everything in the same megabyte, and an image with a property that it has a million times.
	var places4000, infos4000 []byte
	for i := range uint16(4000) {
		kind := "Exif"
		if i == 0 {
			kind = "hvc1"
		}
		id := binary.BigEndian.AppendUint16(nil, i)
		infos4000 = append(infos4000, picturetest.Box("infe", []byte{2, 0, 0, 0}, id, zero[:2], []byte(kind+"\x00"))...)
		places4000 = append(append(places4000, id...), 0, 0, 0, 1, 0, 0, 0, 0, 0, 0x0F, 0xFF, 0xF0)
	}
	primary := picturetest.Box("pitm", zero, zero[:2])
	crowd := heicWith(primary, picturetest.Box("iinf", zero, []byte{0x0F, 0xA0}, infos4000), picturetest.Box("iloc", zero, []byte{0x44, 0, 0x0F, 0xA0}, places4000),
		picturetest.Box("iprp", picturetest.Box("ipco", picturetest.Box("colr", []byte("nclx"), make([]byte, 1<<20-64)), picturetest.Box("ispe", zero, []byte{0, 0, 0, 100, 0, 0, 0, 100})),
			picturetest.Box("ipma", zero, []byte{0, 0, 0x0F, 0xA0}, bytes.Repeat(append([]byte{0, 0, 255, 2}, bytes.Repeat([]byte{1}, 254)...), 4000))))

	chunks := append([]byte("RIFF\x00\x00\x00\x00WAVE"), bytes.Repeat([]byte("JUNK\x00\x00\x00\x00"), 1_000_000)...)
	binary.LittleEndian.PutUint32(chunks[4:], uint32(len(chunks)-8))
	frames := append([]byte("ID3\x04\x00\x00\x7F\x7F\x7F\x7F"), bytes.Repeat([]byte("TIT2\x00\x00\x00\x02\x00\x00\x03a"), 100_000)...)

	for name, file := range map[string][]byte{
		"a film of 2^63 bytes":             slices.Concat(film, huge("mdat")),
		"an index of 2^63 bytes":           slices.Concat(film, huge("moov"), zero),
		"a long size that is cut":          slices.Concat(film, []byte{0, 0, 0, 1}, []byte("moov"), zero),
		"a box shorter than its header":    slices.Concat(film, []byte{0, 0, 0, 4}, []byte("moov"), zero),
		"a million boxes":                  slices.Concat(film, many),
		"a million boxes in the index":     slices.Concat(film, picturetest.Box("moov", many)),
		"a million boxes in an HEIC":       heicWith(many),
		"an index within an index":         slices.Concat(film, nested("moov", 100_000)),
		"a track within a track":           slices.Concat(film, picturetest.Box("moov", nested("trak", 100_000))),
		"a medium within a medium":         slices.Concat(film, picturetest.Box("moov", picturetest.Box("trak", nested("mdia", 100_000)))),
		"a hundred thousand tracks":        slices.Concat(film, picturetest.Box("moov", bytes.Repeat(picturetest.Box("trak"), 100_000))),
		"metadata within metadata":         slices.Concat(film, picturetest.Box("moov", nested("meta", 100_000))),
		"user data within user data":       slices.Concat(film, picturetest.Box("moov", nested("udta", 100_000))),
		"a run of 2^32 samples":            fragment(zero, full),
		"a run of 2^32 told samples":       fragment([]byte{0, 0, 1, 0}, full, zero),
		"2^32 items":                       heicWith(picturetest.Box("iloc", []byte{2, 0, 0, 0}, []byte{0x44, 0}, full)),
		"items of no bytes without end":    heicWith(picturetest.Box("iloc", []byte{2, 0, 0, 0}, []byte{0, 0}, full, bytes.Repeat(full, 1<<17))),
		"a hundred thousand items":         heicWith(picturetest.Box("iinf", []byte{1, 0, 0, 0}, full, slices.Concat(infos...))),
		"2^32 properties of items":         heicWith(picturetest.Box("iprp", picturetest.Box("ipma", []byte{1, 0, 0, 1}, full, make([]byte, 1<<19)))),
		"four thousand items in one place": crowd,
		"an item that is where it is":      itself,
		"a million chunks":                 chunks,
		"a tag of 256 MB":                  []byte("ID3\x04\x00\x00\x7F\x7F\x7F\x7FTIT2\x7F\x7F\x7F\x7F\x00\x00\x03"),
		"a hundred thousand texts":         frames,
		"a sound of nothing but nearly it": append([]byte("\xFF\xFB\x90\xC0"), bytes.Repeat([]byte("\xFF\xFB\x00"), 1_000_000)...),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		f, err := picture.Open(bytes.NewReader(file), int64(len(file)))
		if err == nil {
			_, err = f.Preview(100)
		}
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		t.Logf("%-34s %8v %6d kB  %v", name, took.Round(time.Microsecond), (after.TotalAlloc-before.TotalAlloc)>>10, err)
		if !named(err) || err == nil {
			t.Errorf("%s: %v", name, err)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 24<<20 || took > 5*time.Second {
			t.Errorf("%s took %v and %d MB", name, took, used>>20)
		}
	}
}
