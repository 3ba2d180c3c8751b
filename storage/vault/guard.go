package vault

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

// errUnsound marks what was found by running into it: the database panicked or its mapped file was not there to read. Nothing
// of it can be trusted until it has been opened, and checked, again.
var errUnsound = errors.New("database is unsound")

// guarded runs fn and turns the database's panics into vault-damaged with errUnsound inside. bbolt maps its file and trusts what
// it reads there, so damage shows as a failed assertion, an index out of range or a fault of the memory. Mistakes of the caller's
// own code stay panics.
func guarded(file string, fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		if !isDatabasePanic(r) {
			panic(r)
		}
		err = damaged(file, fmt.Errorf("%w: %v", errUnsound, r))
	}()
	return fn()
}

// isDatabasePanic tells whether a panic, about to be recovered by the calling deferred function, came from the database: from a
// fault in mapped memory, or from a function of bbolt.
func isDatabasePanic(r any) bool {
	if _, fault := r.(interface{ Addr() uintptr }); fault {
		return true
	}
	callers := make([]uintptr, 64)
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers)])
	for panicking := false; ; {
		frame, more := frames.Next()
		switch {
		case frame.Function == "runtime.gopanic":
			panicking = true
		case !panicking || isStandard(frame.Function):
		default:
			return strings.HasPrefix(frame.Function, "go.etcd.io/bbolt")
		}
		if !more {
			return false
		}
	}
}

// isStandard names the packages through which bbolt panics without standing on top of the stack itself.
func isStandard(function string) bool {
	for _, pkg := range []string{"runtime.", "sort.", "slices.", "bytes.", "encoding/binary.", "internal/"} {
		if strings.HasPrefix(function, pkg) {
			return true
		}
	}
	return false
}
