package capture

import (
	"path/filepath"
	"time"

	"samtykke/app/consent"
	"samtykke/app/picture"
)

// candidate is a file on its way in. A card may hold a hundred thousand: what is kept of each from the first look to the end is small.
type candidate struct {
	path     string
	root     string // the path that was asked for and led to it
	size     int64
	modified time.Time
	format   string // sidecarFormat and thumbnailFormat, which the name tells, or the picture's
	kind     picture.Kind
	camera   *Camera   // nil when it does not say
	face     time.Time // when it was made by the camera's clock, zero when it does not say
	faceOnly bool      // the face of a clock in an unknown time zone
	takenAt  time.Time // the same, corrected
	offset   time.Duration
	order    time.Time // where it comes in the order of capture
	fail     error     // why it is skipped
	since    int       // failures of the card when it was last opened
	// companions are the files that came with it. joins is set on one that came alone and belongs to a picture that is here.
	companions []*candidate
	joins      consent.AssetID

	// What follows is set while the file is read, and given up once it is filed.
	asset   consent.AssetID
	info    picture.Info
	preview []byte
	slate   slateSeen
	left    bool          // the same bytes were left outside the vault by an earlier import
	moved   bool          // and are to be looked for elsewhere from now on
	paper   *paperTaken   // it is a photograph of a signed paper
	skipped []SkippedFile // others in whose place this one came
}

func (f *candidate) folder() string { return filepath.Dir(f.path) }

// count is how many files it is with its companions.
func (f *candidate) count() int { return 1 + len(f.companions) }

// bytes is how long they are together.
func (f *candidate) bytes() int64 {
	sum := f.size
	for _, c := range f.companions {
		sum += c.size
	}
	return sum
}

// forget gives up what was only needed for filing.
func (f *candidate) forget() {
	f.info, f.preview, f.slate, f.paper, f.companions, f.skipped = picture.Info{}, nil, slateSeen{}, nil, nil, nil
}

// learn keeps what a first look tells.
func (f *candidate) learn(info picture.Info, camera *Camera) {
	f.format, f.kind, f.camera, f.face, f.faceOnly = info.Format, info.Kind, camera, info.TakenAt, !info.TakenAtOffsetKnown
}
