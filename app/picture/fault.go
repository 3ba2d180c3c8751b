package picture

import (
	"errors"
	"fmt"
)

// Fault is what is wrong with a file, in the few kinds that matter to whoever took the picture. The error itself says it exactly, in
// English, for whoever knows the format.
type Fault string

// Faults are all there are.
var Faults = []Fault{FaultNotMedia, FaultFormat, FaultRare, FaultEmpty, FaultCutOff, FaultBroken, FaultTooLarge, FaultSealed, FaultFull, FaultNoCopy, FaultNothing}

// The faults.
const (
	FaultNotMedia Fault = "not-media" // neither a picture nor a film nor a sound
	FaultFormat   Fault = "format"    // one of a format that is not read; the error's last part is its name
	FaultRare     Fault = "rare"      // of a format that is read, in a form that is not
	FaultEmpty    Fault = "empty"
	FaultCutOff   Fault = "cut-off" // it ends before its end
	FaultBroken   Fault = "broken"  // what it holds does not fit together
	FaultTooLarge Fault = "too-large"
	FaultSealed   Fault = "sealed"     // a copy of it would break its seal
	FaultFull     Fault = "full"       // there is no room in it for what a copy would say
	FaultNoCopy   Fault = "no-copy"    // of a format of which no clean copies are made
	FaultNothing  Fault = "no-preview" // it holds nothing that can be shown
)

// FaultOf tells what is wrong with the file that an error of this package is about; "" for any other error.
func FaultOf(err error) Fault {
	var f *faulty
	if errors.As(err, &f) {
		return f.fault
	}
	if errors.As(err, new(cutBox)) {
		return FaultCutOff
	}
	for _, kind := range []struct {
		err   error
		fault Fault
	}{{ErrUnsupported, FaultRare}, {ErrDamaged, FaultBroken}, {ErrTooLarge, FaultTooLarge}, {ErrC2PA, FaultSealed}, {ErrTooLargeForJPEG, FaultFull},
		{ErrNoWriter, FaultNoCopy}, {ErrNoPreview, FaultNothing}} {
		if errors.Is(err, kind.err) {
			return kind.fault
		}
	}
	return ""
}

// FormatOf is what a format that is not read is called in every language, such as PDF; "" where FaultOf says something else.
func FormatOf(err error) string {
	var f *faulty
	if errors.As(err, &f) {
		return f.format
	}
	return ""
}

// faulty is an error with a fault that its kind does not tell by itself.
type faulty struct {
	kind   error
	fault  Fault
	reason string
	format string
}

func (f *faulty) Error() string { return fmt.Sprintf("%v: %s", f.kind, f.reason) }
func (f *faulty) Unwrap() error { return f.kind }

func damaged(reason string) error     { return fmt.Errorf("%w: %s", ErrDamaged, reason) }
func unsupported(reason string) error { return fmt.Errorf("%w: %s", ErrUnsupported, reason) }

// cutOff is damaged for a file that ends before its end.
func cutOff(reason string) error {
	return &faulty{kind: ErrDamaged, fault: FaultCutOff, reason: reason}
}

// foreign is unsupported for a file of a format that is only known by name: what everybody calls it, and what it is in English.
func foreign(format, name string) error {
	return &faulty{kind: ErrUnsupported, fault: FaultFormat, reason: name, format: format}
}

// notMedia is unsupported for a file of no format that is known.
func notMedia() error {
	return &faulty{kind: ErrUnsupported, fault: FaultNotMedia, reason: "not an image"}
}

// empty is damaged for a file without a byte.
func empty() error { return &faulty{kind: ErrDamaged, fault: FaultEmpty, reason: "the file is empty"} }
