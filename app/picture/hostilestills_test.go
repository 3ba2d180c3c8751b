package picture_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"samtykke/app/picture"
	"samtykke/app/picture/picturetest"
)

// vast is a file that is as long as it says, but whose bytes are all the same after the first ones.
type vast struct {
	head []byte
	fill byte
	size int64
}

func (v vast) ReadAt(p []byte, off int64) (int, error) {
	for i := range p {
		p[i] = v.fill
	}
	if off < int64(len(v.head)) {
		copy(p, v.head[off:])
	}
	return len(p), nil
}

// littleTIFF lays out directories of longs one after the other from byte 8 on, each linked to the next and the last one to link.
func littleTIFF(link uint32, directories ...[][3]uint32) []byte {
	le := binary.LittleEndian
	b := []byte("II*\x00\x08\x00\x00\x00")
	for i, d := range directories {
		b = le.AppendUint16(b, uint16(len(d)))
		for _, f := range d {
			b = le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(b, uint16(f[0])), 4), f[1]), f[2])
		}
		next := uint32(len(b) + 4)
		if i == len(directories)-1 {
			next = link
		}
		b = le.AppendUint32(b, next)
	}
	return b
}

// hostile are files that lie about sizes, places and counts.
func hostile(tb testing.TB) map[string]vast {
	tb.Helper()
	exact := func(b []byte) vast { return vast{b, 0, int64(len(b))} }
	files := map[string]vast{}
	image := [][3]uint32{{0x0100, 1, 64}, {0x0101, 1, 48}, {0x0102, 1, 8}, {0x0103, 1, 1}, {0x0106, 1, 1}}
	with := func(more ...[3]uint32) [][3]uint32 { return append(append([][3]uint32{}, image...), more...) }

	files["TIFF whose directory is followed by itself"] = exact(littleTIFF(8, image))
	two := littleTIFF(8, image, image)
	files["TIFF with a circle of two directories"] = exact(two)
	files["TIFF that is its own SubIFD"] = exact(littleTIFF(0, with([3]uint32{0x014A, 1, 8}, [3]uint32{0x8769, 1, 8})))
	var pages [][][3]uint32
	for range 5000 {
		pages = append(pages, image)
	}
	files["TIFF of 5000 directories"] = exact(littleTIFF(0, pages...))
	pages = pages[:64]
	for i := range pages {
		pages[i] = with([3]uint32{0x0111, 1 << 30, 64}, [3]uint32{0x0117, 1 << 30, 64})
	}
	files["TIFF of 64 pages with strips of four gigabytes"] = vast{littleTIFF(0, pages...), 3, 1 << 40}
	files["TIFF of four thousand million SubIFDs"] = vast{littleTIFF(0, with([3]uint32{0x014A, math.MaxUint32, 8})), 7, 1 << 40}
	files["TIFF with strips of four gigabytes"] = vast{littleTIFF(0, with([3]uint32{0x0111, 1 << 30, 64}, [3]uint32{0x0117, 1 << 30, 64})), 3, 1 << 40}
	files["TIFF of one strip of four gigabytes"] = vast{littleTIFF(0, with([3]uint32{0x0111, 1, 64}, [3]uint32{0x0117, 1, math.MaxUint32})), 3, 1 << 40}
	files["TIFF with metadata of four gigabytes"] = vast{littleTIFF(0, with([3]uint32{0x02BC, math.MaxUint32, 64}, [3]uint32{0x83BB, math.MaxUint32, 64},
		[3]uint32{0x8649, math.MaxUint32, 64}, [3]uint32{0x8773, math.MaxUint32, 64})), 60, 1 << 40}
	files["TIFF of absurd size"] = exact(littleTIFF(0, [][3]uint32{{0x0100, 1, math.MaxUint32}, {0x0101, 1, math.MaxUint32}, {0x0111, 1, 8}, {0x0117, 1, 8}}))
	files["TIFF of a large size"] = exact(littleTIFF(0, [][3]uint32{{0x0100, 1, 60000}, {0x0101, 1, 60000}, {0x0111, 1, 8}, {0x0117, 1, 8}}))
	files["directories of 65535 fields"] = vast{[]byte("II*\x00\x08\x00\x00\x00\xFF\xFF"), 1, 1 << 40}
	long := bomb(tb)
	deflated := littleTIFF(0, [][3]uint32{{0x0100, 1, 9000}, {0x0101, 1, 9000}, {0x0102, 1, 8}, {0x0103, 1, 8}, {0x0106, 1, 1},
		{0x0111, 1, 138}, {0x0116, 1, 9000}, {0x0117, 1, uint32(len(long))}})
	files["TIFF with a deflate bomb"] = exact(append(append(deflated, make([]byte, 138-len(deflated))...), long...))
	files["TIFF of tiles that are all one deflate bomb"] = exact(append(littleTIFF(0, [][3]uint32{{0x0100, 1, 4096}, {0x0101, 1, 4096},
		{0x0102, 1, 8}, {0x0103, 1, 8}, {0x0106, 1, 1}, {0x0142, 1, 1024}, {0x0143, 1, 1024}, {0x0144, 16, 122}, {0x0145, 16, 186}}),
		append(append(bytes.Repeat([]byte{250, 0, 0, 0}, 16), bytes.Repeat([]byte{0, 0, 3, 0}, 16)...), long...)...))

	for _, format := range picturetest.RAWFormats {
		whole := picturetest.RAW(format, 64, 48, rawCamera())
		for _, fill := range []byte{0, 0x2A, 0xFF} {
			files[fmt.Sprintf("%s beginning, then %#x", format, fill)] = vast{whole[:min(len(whole), 200)], fill, 1 << 40}
		}
	}
	files["RAF of four gigabytes of JPEG"] = vast{append(append([]byte("FUJIFILMCCD-RAW "), make([]byte, 0x44)...),
		[]byte("\x00\x00\x00\x80\xFF\xFF\xFF\xFF\x00\x00\x00\x80\xFF\xFF\xFF\xFF\x00\x00\x00\x80\xFF\xFF\xFF\xFF")...), 0xFF, 1 << 40}

	riff := func(body string) []byte {
		return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body)+4)), "WEBP"+body...)
	}
	files["WebP of a million parts"] = exact(riff("VP8X\x0A\x00\x00\x00\x00\x00\x00\x00\x3F\x00\x00\x2F\x00\x00" + strings.Repeat("EXIF\x00\x00\x00\x00", 1_000_000)))
	files["WebP of absurd size"] = exact(riff("VP8X\x0A\x00\x00\x00\x10\x00\x00\x00\xFF\xFF\xFF\xFF\xFF\xFFALPH\x02\x00\x00\x00\x00\x00VP8 \x00\x00\x00\x00"))
	files["WebP of a large size"] = exact(riff("VP8L\x08\x00\x00\x00\x2F\xFF\xFF\xFF\x0F\x00\x00\x00"))
	files["WebP of four gigabytes"] = vast{[]byte("RIFF\xF0\xFF\xFF\xFFWEBPVP8X\x0A\x00\x00\x00\x00\x00\x00\x00\x3F\x00\x00\x2F\x00\x00EXIF\xA0\xFF\xFF\xFF"), 'I', 1 << 40}

	files["PNG with a bomb for a profile"] = exact(pngWith(tb, "iCCP", append([]byte("a\x00\x00"), long...)))
	files["PNG with a bomb for a text"] = exact(pngWith(tb, "zTXt", append([]byte("Title\x00\x00"), long...)))
	files["PNG with a bomb for XMP"] = exact(pngWith(tb, "iTXt", append([]byte("XML:com.adobe.xmp\x00\x01\x00\x00\x00"), long...)))
	for name, xmp := range map[string]string{
		"deep":   strings.Repeat("<a>", 200_000),
		"wide":   `<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:d="http://purl.org/dc/elements/1.1/"><d:title>` + strings.Repeat("<r:li>a</r:li>", 70_000),
		"entity": `<!DOCTYPE a [<!ENTITY b "` + strings.Repeat("b", 1000) + `">]><a>` + strings.Repeat("&b;", 100_000),
	} {
		files["XMP that is "+name] = exact(pngWith(tb, "iTXt", append([]byte("XML:com.adobe.xmp\x00\x00\x00\x00\x00"), xmp...)))
	}
	return files
}

// bomb is 256 megabytes of zeros, deflated.
func bomb(tb testing.TB) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	zeros := make([]byte, 1<<20)
	for range 256 {
		if _, err := w.Write(zeros); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// pngWith returns a small PNG image with one further chunk.
func pngWith(tb testing.TB, kind string, content []byte) []byte {
	tb.Helper()
	plain := pngFile(tb)
	const afterHeader = 8 + 25
	chunk := append(binary.BigEndian.AppendUint32(nil, uint32(len(content))), kind...)
	chunk = append(chunk, content...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	return append(append(bytes.Clone(plain[:afterHeader]), chunk...), plain[afterHeader:]...)
}

// TestHostileStillsAreAnsweredSoonAndWithinMemory opens each, and makes a preview of what opens.
func TestHostileStillsAreAnsweredSoonAndWithinMemory(t *testing.T) { // not in parallel: it measures the whole program's memory
	files := hostile(t)
	for name, file := range files {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		began := time.Now()
		f, err := picture.Open(file, file.size)
		if !named(err) {
			t.Errorf("%s: unnamed error %v", name, err)
		}
		runtime.ReadMemStats(&after)
		if took, held := time.Since(began), after.TotalAlloc-before.TotalAlloc; took > 2*time.Second || held > 30<<20 {
			t.Errorf("%s: opened in %v with %d MB: %v", name, took.Round(time.Millisecond), held>>20, err)
		}
		if absurd := strings.Contains(name, "million parts") || strings.Contains(name, "size"); absurd && !errors.Is(err, picture.ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil {
			continue
		}
		began = time.Now()
		_, err = f.Preview(100)
		runtime.ReadMemStats(&before)
		if took, held := time.Since(began), before.TotalAlloc-after.TotalAlloc; took > 5*time.Second || held > 200<<20 {
			t.Errorf("%s: shown in %v with %d MB: %v", name, took.Round(time.Millisecond), held>>20, err)
		}
		if absurd := name == "TIFF with a deflate bomb"; !named(err) || absurd && !errors.Is(err, picture.ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
