package capture

import (
	"errors"
	"io/fs"
	"slices"
	"syscall"

	"samtykke/app/picture"
	"samtykke/app/problem"
)

// Cause is the innermost reason of an error of the file system or of reading a picture, without the path that stands beside it, as words
// that a reader of any language is told. What nobody has words for is quoted.
func Cause(err error) problem.Phrase {
	says := err.Error()
	var number syscall.Errno
	if path := new(fs.PathError); errors.As(err, &path) {
		says = path.Err.Error()
	} else if errors.As(err, &number) {
		says = number.Error()
	}
	if fault := picture.FaultOf(err); fault != "" {
		return ofFile(err, fault)
	}
	for _, known := range []struct {
		id string
		is func(error) bool
	}{{"disk.full", oneOf(diskFull)}, {"disk.read-only", oneOf(diskReadOnly)}, {"disk.failing", oneOf(diskFailing)}, {"disk.gone", oneOf(diskGone)},
		{"disk.name-too-long", oneOf(diskNameTooLong)}, {"disk.forbidden", is(fs.ErrPermission)}, {"disk.absent", is(fs.ErrNotExist)},
		{"disk.there-already", is(fs.ErrExist)}} {
		if known.is(err) {
			return problem.Phrase{ID: known.id, English: says}
		}
	}
	return problem.Phrase{ID: "system", English: says, Values: map[string]any{"says": says}}
}

// ofFile says what is wrong with a file.
func ofFile(err error, fault picture.Fault) problem.Phrase {
	return problem.Phrase{ID: "file." + string(fault), English: exactWords(err), Values: map[string]any{"format": picture.FormatOf(err)}}
}

func is(target error) func(error) bool { return func(err error) bool { return errors.Is(err, target) } }

func oneOf(numbers []syscall.Errno) func(error) bool {
	return func(err error) bool {
		var number syscall.Errno
		return errors.As(err, &number) && slices.Contains(numbers, number)
	}
}
