package picture

import (
	"bytes"
	"io"
)

// format is one file format, or one family of formats with the same first bytes, that the package reads.
type format struct {
	offset int // where in the file magic stands; within the first 32 bytes
	magic  string
	// read gathers the metadata and verifies the structure. What turns out to be of a family but not read is ErrUnsupported.
	read func(r io.ReaderAt, size int64) (metadata, error)
}

var formats = []format{
	{0, "\xFF\xD8\xFF", readJPEG},
	{0, "\x89PNG\r\n\x1A\n", readPNG},
	{8, "WEBP", readWebP},
	{0, "II*\x00", readTIFF},
	{0, "MM\x00*", readTIFF},
	{0, "IIRO", readTIFF}, // Olympus
	{0, "IIRS", readTIFF},
	{0, "MMOR", readTIFF},
	{0, "IIU\x00", readRW2},
	{0, "FUJIFILMCCD-RAW", readRAF},
	{4, "ftyp", readISOMedia},
	{4, "moov", readISOMedia}, // QuickTime, as it was before there were brands
	{4, "mdat", readISOMedia},
	{4, "wide", readISOMedia},
	{4, "free", readISOMedia},
	{4, "skip", readISOMedia},
	{4, "pnot", readISOMedia},
	{8, "WAVE", readWAV},
	{0, "ID3", readMP3},
	{0, "\xFF\xFB", readMP3},
	{0, "\xFF\xFA", readMP3},
	{0, "\xFF\xF3", readMP3},
	{0, "\xFF\xF2", readMP3},
	{0, "\xFF\xE3", readMP3},
	{0, "\xFF\xE2", readMP3},
}

// known names formats that are refused, so that the photographer learns which files stayed behind and why.
var known = []struct {
	offset             int
	magic, short, name string
}{
	{0, "II+\x00", "BigTIFF", "BigTIFF image"},
	{0, "MM\x00+", "BigTIFF", "BigTIFF image"},
	{0, "IIII", "IIQ", "Phase One RAW image (IIQ)"},
	{0, "\x00MRM", "MRW", "Minolta RAW image (MRW)"},
	{0, "FOVb", "X3F", "Sigma RAW image (X3F)"},
	{6, "HEAPCCDR", "CRW", "Canon RAW image (CRW)"},
	{4, "JXL ", "JPEG XL", "JPEG XL image"},
	{0, "\xFF\x0A", "JPEG XL", "JPEG XL image"},
	{4, "jP  ", "JPEG 2000", "JPEG 2000 image"},
	{0, "GIF8", "GIF", "GIF image"},
	{8, "AVI ", "AVI", "AVI video"},
	{0, "BM", "BMP", "BMP image"},
	{0, "8BPS", "PSD", "Photoshop document"},
	{0, "\x1A\x45\xDF\xA3", "Matroska/WebM", "Matroska or WebM video"},
	{8, "AIFF", "AIFF", "AIFF sound"},
	{8, "AIFC", "AIFF", "AIFF sound"},
	{0, "#!AMR", "AMR", "AMR sound"},
	{0, "fLaC", "FLAC", "FLAC sound"},
	{0, "OggS", "Ogg", "Ogg sound or video"},
	{0, "%PDF", "PDF", "PDF document"},
	{0, "PK\x03\x04", "ZIP", "ZIP archive or office document"},
}

// recognise finds the file's format by its first bytes; a file name says nothing here.
func recognise(r io.ReaderAt, size int64) (format, error) {
	if size <= 0 {
		return format{}, empty()
	}
	head := make([]byte, min(size, 32))
	if n, err := r.ReadAt(head, 0); n < len(head) {
		if err != nil && err != io.EOF {
			return format{}, err
		}
		return format{}, cutOff("the file is shorter than announced")
	}
	for _, f := range formats {
		if len(head) > f.offset && bytes.HasPrefix(head[f.offset:], []byte(f.magic)) {
			return f, nil
		}
	}
	for _, f := range formats {
		if f.offset == 0 && bytes.HasPrefix([]byte(f.magic), head) {
			return format{}, cutOff("image data ends early")
		}
	}
	for _, k := range known {
		if len(head) > k.offset && bytes.HasPrefix(head[k.offset:], []byte(k.magic)) {
			return format{}, foreign(k.short, k.name)
		}
	}
	return format{}, notMedia()
}
