package picture_test

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	_ "golang.org/x/image/webp"

	"samtykke/app/picture"
	"samtykke/app/picture/picturetest"
)

// secret stands wherever a file can hold a text; secretWide is the same in UTF-16.
const secret = "KariNordmann"

var secretWide = func() string {
	var b []byte
	for _, u := range utf16.Encode([]rune(secret)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return string(b)
}()

func tells(file []byte) bool {
	return bytes.Contains(file, []byte(secret)) || bytes.Contains(bytes.ReplaceAll(file, []byte{0}, nil), []byte(secret))
}

const rightsXMP = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:Credit="Kommunen" photoshop:City="` + secret + `"/>
</rdf:RDF></x:xmpmeta>`

func writeCopy(tb testing.TB, file []byte, profile picture.Profile) ([]byte, error) {
	tb.Helper()
	var out bytes.Buffer
	err := picture.WriteCopy(&out, bytes.NewReader(file), int64(len(file)), snapshot(profile))
	return out.Bytes(), err
}

// made is a file with texts in it, and what of it must come out unchanged.
type made struct {
	name  string
	file  []byte
	media [][]byte
}

// exifTelling is an EXIF structure with a caption, a position and an orientation.
func exifTelling() []byte {
	opts := camera()
	opts.MakerNote = []byte(secret)
	file := picturetest.JPEG(32, 24, opts)
	at := bytes.Index(file, []byte("Exif\x00\x00"))
	return file[at+6 : at-2+int(binary.BigEndian.Uint16(file[at-2:]))]
}

func pngChunk(kind string, data []byte) []byte {
	c := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	c = append(append(c, kind...), data...)
	return binary.BigEndian.AppendUint32(c, crc32.ChecksumIEEE(c[4:]))
}

func madePNG() made {
	img := image.NewNRGBA(image.Rect(0, 0, 40, 30))
	for i := range 40 {
		img.SetNRGBA(i, i*3/4, color.NRGBA{uint8(6 * i), 40, 80, 255})
	}
	var plain, packed bytes.Buffer
	if err := png.Encode(&plain, img); err != nil {
		panic(err)
	}
	z := zlib.NewWriter(&packed)
	_, _ = z.Write([]byte(secret))
	_ = z.Close()
	var profile bytes.Buffer
	z = zlib.NewWriter(&profile)
	_, _ = z.Write(adobeRGBProfile())
	_ = z.Close()
	p := plain.Bytes()
	const head = 8 + 25 // signature and IHDR
	file := bytes.Clone(p[:head])
	for kind, data := range map[string]string{
		"tEXt": "Comment\x00" + secret, "zTXt": secret + "\x00\x00" + packed.String(), "tIME": "\x07\xEA\x0B\x16\x0A\x0F\x00",
		"iCCP": secret + "\x00\x00" + profile.String(), "sPLT": secret + "\x00\x08", "eXIf": string(exifTelling()), "prVt": secret, "gAMA": "\x00\x00\xB1\x8F" + secret,
		"pHYs": "\x00\x00\x0B\x13\x00\x00\x0B\x13\x01",
	} {
		file = append(file, pngChunk(kind, []byte(data))...)
	}
	file = append(file, pngChunk("iTXt", []byte("XML:com.adobe.xmp\x00\x00\x00\x00\x00"+rightsXMP))...)
	file = append(file, pngChunk("iTXt", []byte("Title\x00\x00\x00nb\x00\x00"+secret))...)
	idat := p[head : len(p)-12]
	file = append(append(append(file, idat...), pngChunk("tEXt", []byte("Author\x00"+secretWide))...), p[len(p)-12:]...)
	return made{"a.png", append(file, secret...), [][]byte{idat}}
}

func riff(id string, data []byte) []byte {
	c := binary.LittleEndian.AppendUint32([]byte(id), uint32(len(data)))
	return append(append(c, data...), make([]byte, len(data)%2)...)
}

func riffFile(kind string, chunks ...[]byte) []byte {
	return riff("RIFF", append([]byte(kind), bytes.Join(chunks, nil)...))
}

// lossless is the image data of a WebP file of 24 × 16 pixels.
func lossless() []byte {
	file, err := base64.StdEncoding.DecodeString("UklGRnAAAABXRUJQVlA4TGQAAAAvF8ADAHAcSZITlWfgGXgGniXqtHgjaNs2ZrYx+5n9zIKgbduY2cbsZ/YzS/8nIiJKKaiqlJKIACAipdQFVXeV8jp6qFzRE+KfKmPmrBGPwwDL5dOiSYNSW7d+Vb06Ne/39JcC")
	if err != nil {
		panic(err)
	}
	return file[12:]
}

func madeWebP() made {
	frame := lossless()
	file := riffFile("WEBP", riff("VP8X", []byte{0x2C, 0, 0, 0, 23, 0, 0, 15, 0, 0}), riff("ICCP", adobeRGBProfile()), frame,
		riff("EXIF", exifTelling()), riff("XMP ", []byte(rightsXMP)), riff("KARI", []byte(secret)), riff("KARJ", []byte(secretWide)))
	return made{"a.webp", append(file, secret...), [][]byte{frame}}
}

func madeSimpleWebP() made {
	return made{"simple.webp", riffFile("WEBP", lossless()), [][]byte{lossless()}}
}

func madeAnimatedWebP() made {
	frame := append([]byte{0, 0, 0, 0, 0, 0, 23, 0, 0, 15, 0, 0, 100, 0, 0, 0}, lossless()...)
	return made{"moving.webp", riffFile("WEBP", riff("VP8X", []byte{0x02, 0, 0, 0, 23, 0, 0, 15, 0, 0}), riff("ANIM", make([]byte, 6)),
		riff("ANMF", append(bytes.Clone(frame), riff("KARI", []byte(secret))...)), riff("ANMF", frame)), [][]byte{frame, frame}}
}

func noise(seed byte, n int) []byte {
	data := make([]byte, 0, n+32)
	for sum := sha256.Sum256([]byte{seed}); len(data) < n; sum = sha256.Sum256(sum[:]) {
		data = append(data, sum[:]...)
	}
	return data[:n]
}

func madeWAV() made {
	format := []byte{1, 0, 1, 0, 0x44, 0xAC, 0, 0, 0x88, 0x58, 1, 0, 2, 0, 16, 0}
	sound := noise('w', 4410)
	file := riffFile("WAVE", riff("bext", append([]byte(secret), make([]byte, 602)...)), riff("fmt ", format),
		riff("LIST", append([]byte("INFO"), riff("INAM", []byte(secretWide))...)), riff("iXML", []byte("<BWFXML>"+secret+"</BWFXML>")),
		riff("data", sound), riff("id3 ", []byte(secret)), riff("_PMX", []byte(rightsXMP)))
	return made{"a.wav", append(file, secret...), [][]byte{sound}}
}

func madeMP3() made {
	sound := soundFrames(20)
	tag := append([]byte("ID3\x03\x00\x00\x00\x00\x00\x40TIT2\x00\x00\x00\x30\x00\x00\x01\xFF\xFE"), secretWide...)
	tag = append(tag, make([]byte, 10+0x40-len(tag))...)
	ape := append([]byte("APETAGEX"+secret), make([]byte, 44)...)
	end := append([]byte("TAG"+secret), make([]byte, 128-3-len(secret))...)
	file := bytes.Join([][]byte{tag, tag, sound[:417*10], []byte(secret), sound[417*10:], ape, end}, nil)
	return made{"a.mp3", file, [][]byte{sound[:417*9], sound[417*10:]}} // the tenth frame may be cut off: no frame follows
}

func TestPublicCopiesOfEveryFormatTellNothingAndKeepTheirMedia(t *testing.T) {
	t.Parallel()
	for _, m := range []made{madePNG(), madeWebP(), madeSimpleWebP(), madeAnimatedWebP(), madeWAV(), madeMP3(), madeMovie("isom", true),
		madeMovie("qt  ", false), madeSound()} {
		after, err := writeCopy(t, m.file, picture.ProfilePublic)
		if err != nil {
			t.Errorf("%s: %v", m.name, err)
			continue
		}
		if tells(after) {
			t.Errorf("%s: the public copy tells %q", m.name, secret)
		}
		rest := after
		for i, media := range m.media {
			at := bytes.Index(rest, media)
			if at < 0 {
				t.Fatalf("%s: piece %d of the media differs", m.name, i)
			}
			rest = rest[at+len(media):]
		}
		tags := exiftool(t, after, m.name)
		wantNoNewWarnings(t, m.name, m.file, after)
		if tags["XMP-xmpRights:UsageTerms"] != snapshot("").UsageTerms || tags["XMP-plus:DataMining"] == nil {
			t.Errorf("%s: exiftool reads no terms", m.name)
		}
		if bytes.Contains(m.file, []byte("Kommunen")) && tags["XMP-photoshop:Credit"] != "Kommunen" {
			t.Errorf("%s: the credit is gone", m.name)
		}
		if twice, err := writeCopy(t, after, picture.ProfilePublic); err != nil || !bytes.Equal(twice, after) {
			t.Errorf("%s: a copy of the copy differs: %v", m.name, err)
		}
		switch filepath.Ext(m.name) {
		case ".png", ".webp":
			if m.name == "moving.webp" {
				break // no decoder at hand plays it
			}
			was, _, err1 := image.Decode(bytes.NewReader(m.file))
			is, _, err2 := image.Decode(bytes.NewReader(after))
			if err := errors.Join(err1, err2); err != nil {
				t.Errorf("%s: %v", m.name, err)
			} else if was.Bounds() != is.Bounds() || was.At(9, 6) != is.At(9, 6) {
				t.Errorf("%s: it shows something else", m.name)
			}
		}
		if m.name == "a.png" && tags["IFD0:Orientation"] == nil {
			t.Errorf("%s: the orientation is gone: %v", m.name, tags)
		}
	}
}

func TestInternalMetadataOfOtherFormatsGoesBesideThem(t *testing.T) {
	t.Parallel()
	for _, m := range []made{madePNG(), madeWebP(), madeWAV(), madeMP3(), madeMovie("isom", true)} {
		if out, err := writeCopy(t, m.file, picture.ProfileInternal); !errors.Is(err, picture.ErrNoWriter) || len(out) > 0 {
			t.Errorf("%s: %v, %d bytes", m.name, err, len(out))
		}
	}
	for _, head := range []string{"II*\x00\x08\x00\x00\x00\x00\x00\x00\x00", "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "\x00\x00\x00\x18ftypcrx \x00\x00\x00\x00crx isom", "%PDF-1.4 and so on"} {
		if _, err := writeCopy(t, []byte(head), picture.ProfilePublic); !errors.Is(err, picture.ErrNoWriter) {
			t.Errorf("%q: %v", head, err)
		}
	}
}

func TestSealedFilesOfEveryFormatAreNotRewritten(t *testing.T) {
	t.Parallel()
	film := madeMovie("isom", true).file
	p := madePNG().file
	for name, file := range map[string][]byte{
		"png":  append(bytes.Clone(p[:33]), append(pngChunk("caBX", []byte("c2pa")), p[33:]...)...),
		"webp": riffFile("WEBP", lossless(), riff("C2PA", []byte("c2pa"))),
		"wav":  riffFile("WAVE", riff("fmt ", make([]byte, 16)), riff("data", make([]byte, 8)), riff("C2PA", []byte("c2pa"))),
		"mp4":  append(bytes.Clone(film), box("uuid", []byte("\xD8\xFE\xC3\xD6\x1B\x0E\x48\x3C\x92\x97\x58\x28\x87\x7E\xC4\x81manifest"))...),
		"jpeg": picturetest.JPEG(64, 48, picturetest.Options{Segments: [][]byte{c2paSegment()}}),
	} {
		if out, err := writeCopy(t, file, picture.ProfilePublic); !errors.Is(err, picture.ErrC2PA) || len(out) > 0 {
			t.Errorf("%s: %v, %d bytes", name, err, len(out))
		}
	}
}

func TestFilmsThatCannotBeCleanedAreRefused(t *testing.T) {
	t.Parallel()
	film := madeMovie("isom", true).file
	stream := func(kind byte) []byte {
		described := bytes.Replace(film, []byte("KARI"+secret), []byte{'e', 's', 'd', 's', 0, 0, 0, 0, 3, 6, 0, 1, 0, 4, 1, kind}, 1)
		return bytes.Replace(described, []byte("avc1\x00\x00\x00\x00\x00\x00\x00\x01"), []byte("mp4v\x00\x00\x00\x00\x00\x00\x00\x01"), 1)
	}
	if _, err := writeCopy(t, stream(0x20), picture.ProfilePublic); err != nil {
		t.Errorf("MPEG-4: %v", err)
	}
	for name, file := range map[string][]byte{
		"JPEG in a stream": stream(0x6C),
		"fragments":        append(bytes.Clone(film), box("moof", nil)...),
		"frames of JPEG":   bytes.Replace(film, []byte("avc1\x00\x00\x00\x00\x00\x00\x00\x01"), []byte("jpeg\x00\x00\x00\x00\x00\x00\x00\x01"), 1),
		"place in frames": bytes.Replace(film, noise('v', 900)[100:120],
			[]byte("\x17\xEE\x8C\x60\xF8\x4D\x11\xD9\x8C\xD6\x08\x00\x20\x0C\x9A\x66MDPM"), 1),
		"media elsewhere": bytes.Replace(film, []byte("url \x00\x00\x00\x01"), []byte("url \x00\x00\x00\x00"), 1),
	} {
		if bytes.Equal(file, film) {
			t.Fatalf("%s: nothing was put in", name)
		}
		if _, err := writeCopy(t, file, picture.ProfilePublic); !errors.Is(err, picture.ErrUnsupported) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := writeCopy(t, film[:len(film)/2], picture.ProfilePublic); !errors.Is(err, picture.ErrDamaged) {
		t.Errorf("cut off: %v", err)
	}
}

// TestExiftoolFindsNothingInCopiesOfRealFilesThatWeCaused compares what exiftool says before and after.
func TestExiftoolFindsNothingInCopiesOfRealFilesThatWeCaused(t *testing.T) {
	dir := os.Getenv("SAMTYKKE_CORPUS")
	if dir == "" {
		t.Skip("SAMTYKKE_CORPUS names no folder of camera files")
	}
	t.Parallel()
	paths, err := filepath.Glob(filepath.Join(dir, "*.*"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files in %s: %v", dir, err)
	}
	for _, path := range paths {
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, profile := range []picture.Profile{picture.ProfileInternal, picture.ProfilePublic} {
			after, err := writeCopy(t, file, profile)
			if err != nil {
				t.Logf("%s, %s: %v", filepath.Base(path), profile, err) // refused, and named
				continue
			}
			wantNoNewWarnings(t, filepath.Base(path), file, after)
			if profile == picture.ProfileInternal && !bytes.Equal(fromSOS(t, file), fromSOS(t, after)) {
				t.Errorf("%s: the image data differs", filepath.Base(path))
			}
		}
	}
}

// wantNoNewWarnings makes sure that exiftool finds nothing in a copy that was not in the file.
func wantNoNewWarnings(tb testing.TB, name string, before, after []byte) {
	tb.Helper()
	known := warnings(tb, before, name)
	for _, w := range warnings(tb, after, name) {
		if !slices.Contains(known, w) {
			tb.Errorf("%s: exiftool says %q", name, w)
		}
	}
}

func warnings(tb testing.TB, file []byte, name string) []string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), name)
	if err := os.WriteFile(path, file, 0o600); err != nil {
		tb.Fatal(err)
	}
	out, err := exec.Command(tool(tb, "exiftool"), "-validate", "-warning", "-error", "-a", "-s3", path).Output()
	if err != nil {
		tb.Fatalf("exiftool: %v\n%s", err, out)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")[1:] // after its count
}
