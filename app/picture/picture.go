// Package picture reads and writes what Samtykke needs from pictures, films and sounds: is this a whole file, when was it
// taken, what does it look like, whose slate card does it show, and a copy that says what the people in it agreed to.
//
// A caller opens a file once, with [Open], and asks the [File] that it gets.
//
// It works on bytes and files only. It knows no person, no database and no screen, and imports nothing else of this
// module, so the desktop program, the commands and the library use the same code.
//
// Three rules hold throughout:
//
//   - Files come from cameras, cards and the network and may be broken or hostile. Every function answers with one of
//     the errors below; none panics, and memory is bounded by the image's size in pixels, which is checked first, and
//     never by what a field says.
//   - An original is never changed. [WriteJPEG] and [Sidecar] make copies; compressed image data is never re-encoded.
//   - What a public copy must not tell is removed from everything the copy consists of; see [ProfilePublic].
//
// The formats are the rows of the table in format.go. Those with pixels that can be decoded here are shown in full. RAW files
// are shown by the JPEG previews that the cameras put into them, and nothing else of the sensor data is touched. Films and
// sounds are shown by the picture inside, where there is one. HEIC is decoded by C code inside a WebAssembly sandbox, which
// needs the build tag nodynamic where the system has a libheif.
package picture

import (
	"errors"
	"fmt"
	"image"
	"io"
	"time"
)

// Kind is what sort of medium a file holds. The values are the media kinds of a consent form.
type Kind string

// The media kinds.
const (
	Photo Kind = "photo"
	Video Kind = "video"
	Audio Kind = "audio"
)

// The reasons why a file is refused. Errors from this package wrap exactly one of them and add a short reason in
// English, for example "damaged image: image data ends early".
var (
	// ErrUnsupported: the file is whole as far as anyone can tell, but of a format that is not read, or it holds pixels of a
	// kind that is not decoded. The reason names what it is when that can be seen.
	ErrUnsupported = errors.New("unsupported file")
	// ErrDamaged: the file begins as a known image and is cut off or broken.
	ErrDamaged = errors.New("damaged image")
	// ErrNoPreview: the file is whole and holds no smaller picture of itself that would do.
	ErrNoPreview = errors.New("no preview")
	// ErrTooLarge: the header promises more pixels or metadata than the program is willing to hold in memory.
	ErrTooLarge = errors.New("image too large")
)

// MaxPixels is the largest image, width times height, that [Open] takes of a format whose pixels are decoded: the largest sensors that
// are carried around have some 108 million. RAW files, of which only the previews are decoded, and films may be larger.
const MaxPixels = 120_000_000

// Info is what a file tells about itself without being decoded.
type Info struct {
	// Kind is the media kind; [Photo] for every image.
	Kind Kind
	// Format is the short lower-case name of the file format, for example "jpeg", "heic", "nef" or "mp4".
	Format string
	// MIME is the media type, for example "image/jpeg".
	MIME string
	// Width and Height are in pixels as stored, before Orientation is applied.
	Width, Height int
	// Orientation is the EXIF orientation, 1 to 8; 1 when the file has none or an impossible one.
	Orientation int
	// TakenAt is when the picture was taken, by the camera's clock; zero when the file does not say. Without a known
	// offset the clock's face is given in UTC.
	TakenAt time.Time
	// TakenAtOffsetKnown tells whether TakenAt is a moment, or only the face of a clock in an unknown time zone. The header of a film,
	// where the standard wants UTC and many cameras write their clock's face, makes a moment only when a phone wrote it.
	TakenAtOffsetKnown bool
	// Camera is maker and model, Lens the lens model; empty when unknown.
	Camera, Lens string
	// HasC2PA is true when the file carries a C2PA provenance manifest or refers to one. Changing any byte of such a
	// file breaks its seal, so its metadata goes to a sidecar.
	HasC2PA bool
	// HasGPS is true when EXIF or XMP hold a position.
	HasGPS bool
	// Duration is how long a film or a recording lasts; 0 for images, and when the file does not say.
	Duration time.Duration
	// Serial is the serial number of the camera's body; "" when unknown. With Camera it tells two cameras of one model apart.
	Serial string
	// Texts are what people wrote into the file by hand: title, caption, keywords, comments, as far as they were found. They may
	// hold anything.
	Texts []string
}

// metadata is everything the package learns about a file before decoding it.
type metadata struct {
	info Info
	// previews are the smaller JPEG images that the file carries, as byte ranges of the file.
	previews []byteRange
	// icc is the embedded colour profile, nil when there is none.
	icc []byte
	// decode reads the pixels, as stored; nil where this package cannot: then only the previews are seen.
	decode func(r io.Reader) (image.Image, error)
}

type byteRange struct{ offset, length int64 }

// recovered turns a panic, which only a fault in a third-party parser can cause, into ErrDamaged.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("%w: cannot be read (%v)", ErrDamaged, p)
	}
}

// checkPixels refuses an image that is empty or would not fit in memory when decoded.
func checkPixels(width, height int) error {
	if width <= 0 || height <= 0 {
		return damaged("the image has no size")
	}
	if width > MaxPixels/height {
		return fmt.Errorf("%w: %d × %d pixels", ErrTooLarge, width, height)
	}
	return nil
}
