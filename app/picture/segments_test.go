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
		if at+4 > len(file) || file[at] != 0xFF {
			tb.Fatalf("no marker at %d", at)
		}
		if file[at+1] == 0xDA {
			return list
		}
		n := 2 + int(binary.BigEndian.Uint16(file[at+2:]))
		list = append(list, segment{file[at+1], file[at : at+n]})
		at += n
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
