package receipt

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
)

// ErrNoAttachment says that a file has no attachment: it is no receipt, or it was printed and scanned, or saved again by another
// program.
var ErrNoAttachment = errors.New("no attachment in the file")

// maxAttached bounds what is unpacked, in bytes; a record has some 60 kB.
const maxAttached = 4 << 20

// embedded is how Write puts a file into a PDF; no other program's files are read.
var embedded = regexp.MustCompile(`/Type /EmbeddedFile (?:/Subtype \S+ )?/Length (\d{1,9}) [^\n]*>>\s*stream\r?\n`)

// Attached takes the document for machines out of a receipt's PDF: AttachedRecord. It tells nothing about whether to trust it.
func Attached(pdf []byte) ([]byte, error) {
	found := embedded.FindAllSubmatchIndex(pdf, 2)
	if len(found) == 0 {
		return nil, ErrNoAttachment
	}
	if len(found) > 1 {
		return nil, errors.New("the file has several attachments")
	}
	length, err := strconv.Atoi(string(pdf[found[0][2]:found[0][3]]))
	content := pdf[found[0][1]:]
	if err != nil || length > len(content) {
		return nil, errors.New("the attachment is cut short")
	}
	unpacked, err := zlib.NewReader(bytes.NewReader(content[:length]))
	if err != nil {
		return nil, fmt.Errorf("unpack attachment: %w", err)
	}
	document, err := io.ReadAll(io.LimitReader(unpacked, maxAttached+1))
	if err != nil {
		return nil, fmt.Errorf("unpack attachment: %w", err)
	}
	if len(document) > maxAttached {
		return nil, errors.New("the attachment is too large")
	}
	return document, nil
}
