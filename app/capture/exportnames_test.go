package capture_test

import (
	"path/filepath"
	"strings"
	"testing"
)

// Design §3.8: what somebody typed behind a full stop is no more fit for a stranger than what stands before it.
func TestNoPartOfATypedNameIsInTheNameOfAPublicCopy(t *testing.T) {
	t.Parallel()
	b := mustBench(t)
	b.withFiles(map[string][]byte{"Portrett av Ola.Nordmann": drawnPNG(80), "9b.Kari": drawnPNG(60), "uten": drawnPNG(40)})
	out := t.TempDir()
	if r := b.exportTo(out); r.Exported != 3 {
		t.Fatalf("%+v", r)
	}
	for _, name := range copiesIn(t, out) {
		if filepath.Ext(name) != ".png" || strings.ContainsAny(strings.TrimSuffix(name, ".png"), ".") {
			t.Errorf("a copy is called %s", name)
		}
	}
}
