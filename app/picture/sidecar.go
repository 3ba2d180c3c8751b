package picture

import (
	"fmt"
)

// maxSidecar bounds the sidecar that is merged; develop settings with masks reach a few megabytes.
const maxSidecar = 32 << 20

// Sidecar returns the content of the file "name.ext.xmp" that stands beside "name.ext". When existing holds a sidecar,
// its other properties, such as develop settings, are kept; with [ProfilePublic] only those that a public copy may have,
// see [WriteJPEG]. An existing sidecar that cannot be parsed is
// [ErrDamaged] and must not be overwritten.
func Sidecar(existing []byte, x XMP) (sidecar []byte, err error) {
	defer recovered(&err)
	if err := x.check(); err != nil {
		return nil, err
	}
	if len(existing) == 0 {
		return packet(x.apply(newXMPDocument()), 0)
	}
	if len(existing) > maxSidecar {
		return nil, fmt.Errorf("%w: sidecar of %d bytes", ErrTooLarge, len(existing))
	}
	doc, err := parseXMP(existing)
	if err != nil {
		return nil, fmt.Errorf("merge sidecar: %w", err)
	}
	doc = x.apply(doc)
	if x.public() {
		return packet(doc, 0) // built anew, without what stood around the old one
	}
	return serialise(doc)
}
