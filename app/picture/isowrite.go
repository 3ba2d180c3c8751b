package picture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
)

// maxMovie bounds the index of a film that is held in memory; an hour has some megabytes.
const maxMovie = 64 << 20

// isoBox is one box at the top of a file (ISO/IEC 14496-12 §4.2).
type isoBox struct {
	kind string
	head []byte // size, kind, and the long size when there is one
	data byteRange
}

// copiedBrands are the brands that a copy may name; another one becomes isom, so that no text passes as a brand.
var copiedBrands = map[string]bool{"isom": true, "iso2": true, "iso3": true, "iso4": true, "iso5": true, "iso6": true, "mp41": true,
	"mp42": true, "avc1": true, "hvc1": true, "qt  ": true, "M4A ": true, "M4B ": true, "M4V ": true, "mmp4": true, "MSNV": true,
	"3gp4": true, "3gp5": true, "3gp6": true, "3gp7": true, "3gp8": true, "3gp9": true, "3g2a": true, "3g2b": true, "3g2c": true,
	"XAVC": true, "CAEP": true, "niko": true, "pana": true}

// isoStills are the brands of pictures and of what else is not a film in boxes: their bytes lie where no track names them.
var isoStills = map[string]bool{"heic": true, "heix": true, "heim": true, "heis": true, "hevc": true, "hevx": true, "mif1": true,
	"mif2": true, "msf1": true, "avif": true, "avis": true, "crx ": true, "jpx ": true, "jp2 ": true}

// seiMDPM begins the message inside H.264 frames in which camcorders write time and place (AVCHD).
var seiMDPM = []byte("\x17\xEE\x8C\x60\xF8\x4D\x11\xD9\x8C\xD6\x08\x00\x20\x0C\x9A\x66MDPM")

// isoFile is a film or a sound in boxes, taken apart.
type isoFile struct {
	boxes []isoBox
	movie []byte // the whole moov box, cleaned
	media []byteRange
	own   []byte // the packet in the file
}

// copyISO writes a public copy of a film or a sound in boxes. Nothing moves, so that every offset stays right.
func copyISO(w io.Writer, r io.ReaderAt, size int64, x XMP) error {
	f, err := openISO(r, size)
	if err != nil {
		return err
	}
	if refersToC2PA(f.own) {
		return ErrC2PA
	}
	packet, err := x.publicPacket(f.own)
	if err != nil {
		return err
	}
	for _, b := range f.boxes {
		if err := f.copyBox(w, r, b); err != nil {
			return err
		}
	}
	box := binary.BigEndian.AppendUint32(nil, uint32(8+len(uuidXMP)+len(packet)))
	_, err = w.Write(append(append(append(box, "uuid"...), uuidXMP...), packet...))
	return err
}

func openISO(r io.ReaderAt, size int64) (*isoFile, error) {
	f := &isoFile{}
	if err := f.list(r, size); err != nil {
		return nil, err
	}
	for last := len(f.boxes) - 1; last >= 0 && f.boxes[last].kind != "moov" && f.boxes[last].kind != "mdat"; last-- {
		f.boxes = f.boxes[:last] // what ends a file can go without moving anything
	}
	for _, b := range f.boxes {
		if b.kind != "moov" {
			continue
		}
		whole, err := part(r, byteRange{b.data.offset - int64(len(b.head)), b.data.length + int64(len(b.head))}, maxMovie)
		if err != nil {
			return nil, err
		}
		if f.movie != nil {
			return nil, damaged("it has two indexes")
		}
		if packet := isoOwnXMP(whole[len(b.head):]); f.own == nil {
			f.own = packet
		}
		f.movie = whole
		movie := isoMovie{}
		if err := movie.clean(whole[len(b.head):]); err != nil {
			return nil, err
		}
		f.media = movie.media
	}
	if f.movie == nil {
		return nil, cutOff("the recording was cut off")
	}
	slices.SortFunc(f.media, func(a, b byteRange) int { return int(min(1, max(-1, a.offset-b.offset))) })
	return f, f.within()
}

// list reads the boxes at the top. What follows the last whole one, once index and media are there, is none.
func (f *isoFile) list(r io.ReaderAt, size int64) error {
	have, boxes := map[string]bool{}, newBoxReader(r, size)
	for at := int64(0); size-at >= 8; {
		b, err := boxes.at(at, size)
		switch {
		case err != nil && have["moov"] && have["mdat"]:
			return nil
		case err != nil:
			return err
		}
		if err := f.take(boxes, b); err != nil {
			return err
		}
		have[b.kind] = true
		at = b.offset + b.length
	}
	return nil
}

// take notes a box, unless it says that no copy can be made.
func (f *isoFile) take(boxes *boxReader, b box) error {
	switch {
	case b.kind == "ftyp":
		brand, err := boxes.head(b.byteRange, 4)
		if err != nil {
			return err
		}
		if isoStills[string(brand)] {
			return ErrNoWriter
		}
	case b.kind == "moof":
		return unsupported("a film in fragments")
	case b.uuid == uuidC2PA:
		return ErrC2PA
	case b.uuid == uuidXMP && f.own == nil:
		var err error
		if f.own, err = part(boxes.r, b.byteRange, maxSidecar); err != nil {
			return err
		}
	}
	head := make([]byte, min(16, b.offset-b.start)) // an extended type behind it belongs to what is taken out
	if err := boxes.read(head, b.start); err != nil {
		return err
	}
	if length := binary.BigEndian.Uint32(head); length != 1 {
		head = head[:8]
		whole := b.offset + b.length - b.start
		if length == 0 && whole > math.MaxUint32 {
			return unsupported("a film whose length is not written")
		}
		binary.BigEndian.PutUint32(head, uint32(whole)) // of one that goes on to the end of the file, behind which our box follows
	}
	start := b.start + int64(len(head))
	f.boxes = append(f.boxes, isoBox{kind: b.kind, head: head, data: byteRange{start, b.offset + b.length - start}})
	return nil
}

// within makes sure that all sound and pictures lie where media data does.
func (f *isoFile) within() error {
	for _, m := range f.media {
		if !slices.ContainsFunc(f.boxes, func(b isoBox) bool {
			return b.kind == "mdat" && m.offset >= b.data.offset && m.offset+m.length <= b.data.offset+b.data.length
		}) {
			return cutOff("the recording was cut off")
		}
	}
	return nil
}

func (f *isoFile) copyBox(w io.Writer, r io.ReaderAt, b isoBox) error {
	switch b.kind {
	case "moov":
		_, err := w.Write(f.movie)
		return err
	case "mdat":
		if _, err := w.Write(b.head); err != nil {
			return err
		}
		return f.copyMedia(w, r, b.data)
	case "ftyp":
		brands, err := part(r, b.data, 4096)
		if err != nil {
			return err
		}
		for i := 0; i < len(brands); i += 4 {
			if i == 4 { // the minor version: a number of the brand's own
				clear(brands[4:min(8, len(brands))])
				continue
			}
			if brand := brands[i:min(i+4, len(brands))]; !copiedBrands[string(brand)] {
				copy(brand, "isom")
			}
		}
		_, err = w.Write(append(b.head, brands...))
		return err
	}
	head := bytes.Clone(b.head)
	copy(head[4:], "free")
	if _, err := w.Write(head); err != nil {
		return err
	}
	return writeZeros(w, b.data.length)
}

// copyMedia writes what tracks that stay name of a box of media data, and zeros for the rest.
func (f *isoFile) copyMedia(w io.Writer, r io.ReaderAt, box byteRange) error {
	at, end := box.offset, box.offset+box.length
	watch := &watching{to: w, sought: seiMDPM}
	for _, m := range f.media {
		from, to := max(at, m.offset), min(end, m.offset+m.length)
		if from >= to {
			continue
		}
		if err := writeZeros(w, from-at); err != nil {
			return err
		}
		if err := copyPart(watch, r, byteRange{from, to - from}); err != nil {
			return err
		}
		at = to
	}
	return writeZeros(w, end-at)
}

// watching stops a copy in which a sequence of bytes passes.
type watching struct {
	to     io.Writer
	sought []byte
	tail   []byte // the end of what passed before
}

func (w *watching) Write(p []byte) (int, error) {
	edge := append(w.tail, p[:min(len(p), len(w.sought)-1)]...)
	if bytes.Contains(edge, w.sought) || bytes.Contains(p, w.sought) {
		return 0, unsupported("a film with time and place inside its frames")
	}
	if len(p) >= len(w.sought) {
		w.tail = append(w.tail[:0], p[len(p)-len(w.sought)+1:]...)
	} else {
		w.tail = edge[max(0, len(edge)-len(w.sought)+1):]
	}
	return w.to.Write(p)
}

// isoOwnXMP finds the packet in the user data of an index.
func isoOwnXMP(movie []byte) []byte {
	var packet []byte
	_ = eachBox(movie, func(kind string, box, data []byte) error {
		if kind != "udta" {
			return nil
		}
		return eachBox(data, func(kind string, _, data []byte) error {
			if kind == "XMP_" {
				packet = bytes.Clone(data)
			}
			return nil
		})
	})
	return packet
}

// eachBox walks the boxes in a piece of memory. What is too short to be one at the end becomes zero.
func eachBox(data []byte, visit func(kind string, box, content []byte) error) error {
	for len(data) >= 8 {
		length, head := uint64(binary.BigEndian.Uint32(data)), 8
		switch {
		case length == 0:
			length = uint64(len(data))
		case length == 1 && len(data) >= 16:
			length, head = binary.BigEndian.Uint64(data[8:]), 16
		}
		if length < uint64(head) || length > uint64(len(data)) {
			return cutOff("a box ends early")
		}
		if err := visit(string(data[4:8]), data[:length], data[head:length]); err != nil {
			return err
		}
		data = data[length:]
	}
	clear(data)
	return nil
}

func codingRefused(kind string) error {
	return fmt.Errorf("%w: a film or a sound in the coding %q, whose frames may hold texts", ErrUnsupported, kind)
}
