package picture_test

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// segment is a JPEG marker segment as the tests read it, independently of the package.
type segment struct {
	marker byte
	raw    []byte
}

// header lists the segments between SOI and SOS.
func header(tb testing.TB, file []byte) []segment {
	tb.Helper()
	var list []segment
	for at := 2; ; {
		start := at
		for at < len(file) && file[at] == 0xFF {
			at++ // the marker's first byte, and any fill bytes before it
		}
		if at == start || at+3 > len(file) {
			tb.Fatalf("no marker at %d", start)
		}
		marker := file[at]
		if marker == 0xDA {
			return list
		}
		at += 1 + int(binary.BigEndian.Uint16(file[at+1:]))
		list = append(list, segment{marker, file[start:at]})
	}
}

// fromSOS returns everything from the SOS marker on.
func fromSOS(tb testing.TB, file []byte) []byte {
	tb.Helper()
	at := 2
	for _, s := range header(tb, file) {
		at += len(s.raw)
	}
	return file[at:]
}

// afterImage returns what follows the first EOI marker of the image data.
func afterImage(tb testing.TB, file []byte) []byte {
	tb.Helper()
	data := fromSOS(tb, file)
	at := bytes.Index(data, []byte{0xFF, 0xD9})
	if at < 0 {
		tb.Fatal("no EOI")
	}
	return data[at+2:]
}
