//go:build !windows

package browse

import "strings"

// hidden tells whether the system does not show a file unasked.
func hidden(_, name string) bool { return strings.HasPrefix(name, ".") }
