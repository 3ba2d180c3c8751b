package signing_test

import (
	"runtime"
	"testing"

	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

// TestHandingOverAgainAndAgainHoldsNoMore: Fyne remembers for good each theme that was laid over a part of a window, and reads the fonts anew
// for it, so that a hand-over held some thirty megabytes more. What it remembers for a minute is less than is asked for here.
func TestHandingOverAgainAndAgainHoldsNoMore(t *testing.T) {
	d := newDesk(t)
	d.window = test.NewWindow(widget.NewLabel(""))
	t.Cleanup(d.window.Close)
	round := func() {
		d.handOver(nil, "nb")
		d.press("English")
		d.window.Canvas().Capture() // only what is drawn needs its fonts
		d.press("Myself")
		d.window.Canvas().Capture()
		d.flow.Stop()
	}
	for range 3 {
		round()
	}
	before := held()
	for range 4 {
		round()
	}
	if grown := held() - before; grown > 16<<20 {
		t.Errorf("four more hand-overs hold %d MB more", grown>>20)
	}
}

// held is how many bytes are held after a collection.
func held() int64 {
	runtime.GC()
	runtime.GC() // what had to be finalised
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
