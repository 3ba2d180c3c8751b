package picture

import (
	"bytes"
	"io"
)

// Glance reads what a file tells about itself and as little else as it can: of a JPEG nothing from the image data on. It is for
// putting a card's files in order before each is read whole. What it answers says nothing about whether the file is whole: see
// [Open].
func Glance(r io.ReaderAt, size int64) (info Info, err error) {
	defer recovered(&err)
	f, err := recognise(r, size)
	if err != nil {
		return Info{}, err
	}
	if !bytes.HasPrefix([]byte(f.magic), []byte{0xFF, markerSOI}) {
		m, err := f.read(r, size)
		return m.info, err
	}
	m, err := newJPEGReader(io.NewSectionReader(r, 0, size)).header(size)
	return m.info, err
}
