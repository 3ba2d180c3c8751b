//go:build story

package window_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// rests watches the program for two seconds in which nobody touches it: it must not work. A screen that is laid out by moving what is in its
// place already is drawn for ever, and takes half a processor; one that rests takes a fiftieth.
func (s *screen) rests() {
	s.Helper()
	s.still()
	before := s.worked()
	time.Sleep(2 * time.Second)
	if took := s.worked() - before; took > 500*time.Millisecond {
		s.Errorf("nobody touches the window, and it works for %v of two seconds", took)
	}
}

// worked is for how long the program has been on a processor.
func (s *screen) worked() time.Duration {
	s.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%s/stat", s.pid()))
	if err != nil {
		s.Fatal(err)
	}
	ticks := 0
	for _, field := range strings.Fields(string(stat)[strings.LastIndexByte(string(stat), ')')+1:])[11:13] { // in hundredths of a second
		n, err := strconv.Atoi(field)
		if err != nil {
			s.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}
