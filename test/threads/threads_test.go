//go:build story

package threads_test

import (
	"bufio"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"samtykke/test/threads"
)

// callBack are the packages whose functions call back on whatever goroutine they work on.
var callBack = []string{"samtykke/app", "samtykke/storage", "samtykke/sync"}

func TestNoGoroutineTouchesAWidgetOutsideOfDo(t *testing.T) {
	found, err := threads.Touches("../..", callBack, "samtykke/ui/...")
	if err != nil {
		t.Fatal(err)
	}
	for _, touch := range found {
		t.Error(touch)
	}
}

// The example says with a comment which of its lines are wrong.
func TestEveryTouchOfTheExampleIsFound(t *testing.T) {
	const file = "testdata/screen/screen.go"
	found, err := threads.Touches(".", callBack, "./testdata/screen")
	if err != nil {
		t.Fatal(err)
	}
	named := map[int]bool{}
	for _, touch := range found {
		if filepath.Base(touch.At.Filename) == filepath.Base(file) {
			named[touch.At.Line] = true
		} else {
			t.Error("outside of the example: ", touch)
		}
	}
	wrong := map[int]bool{}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		if strings.HasSuffix(lines.Text(), "// wrong") {
			wrong[n] = true
		}
	}
	if len(wrong) == 0 || !maps.Equal(named, wrong) {
		t.Errorf("wrong are the lines %v, and %v were found", slices.Sorted(maps.Keys(wrong)), slices.Sorted(maps.Keys(named)))
	}
}
