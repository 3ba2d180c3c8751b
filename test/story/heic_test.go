//go:build story

package story_test

import (
	"debug/buildinfo"
	"slices"
	"strings"
	"testing"
)

// TestTheProgramDecodesHEICOnlyInsideTheSandbox: the tag nodynamic leaves out the way to a libheif of the system, which would read
// the bytes of any memory card inside the program's own memory.
func TestTheProgramDecodesHEICOnlyInsideTheSandbox(t *testing.T) {
	t.Parallel()
	info, err := buildinfo.ReadFile(binary(t, "SAMTYKKE_BIN"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range info.Settings {
		if s.Key == "-tags" && slices.Contains(strings.Split(s.Value, ","), "nodynamic") {
			return
		}
	}
	t.Errorf("built with %v, not with the tag nodynamic", info.Settings)
}
