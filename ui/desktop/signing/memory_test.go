package signing_test

import (
	"fmt"
	"runtime"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/look"
)

// TestHandingOverAgainAndAgainHoldsNoMore: Fyne remembers for good each theme that was laid over a part of a window, and reads the fonts anew
// for it, so that a hand-over held some thirty megabytes more. What it remembers for a minute is less than is asked for here.
func TestHandingOverAgainAndAgainHoldsNoMore(t *testing.T) {
	for where, layer := range map[string]*look.Layer{"alone": nil, "beside the photographer's window": {}} {
		t.Run(where, func(t *testing.T) {
			d := newDesk(t)
			d.layer = layer
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
		})
	}
}

// TestSigningBesideThePhotographersWindowIsSetAsAlone: what shows is as large where the type is laid over the flow alone, and the rest of the
// program keeps its own.
func TestSigningBesideThePhotographersWindowIsSetAsAlone(t *testing.T) {
	places := map[bool][]string{}
	for _, beside := range []bool{false, true} {
		d := newDesk(t)
		if beside {
			d.layer = &look.Layer{}
		}
		d.open(nil, "nb")
		for _, button := range []string{"", "English", "Myself", "Back", "Back", "Norsk bokmål"} {
			if button != "" {
				d.press(button)
			}
			d.photograph("beside-the-photographer")
			for _, o := range d.objects() {
				at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
				if _, drawn := o.(fyne.Widget); !drawn {
					places[beside] = append(places[beside], fmt.Sprintf("%s %T %v %v", button, o, at, o.Size()))
				}
			}
		}
		if size := fyne.CurrentApp().Settings().Theme().Size(theme.SizeNameText); (size == look.New(look.Light).Size(theme.SizeNameText)) != beside {
			t.Errorf("the program's text is %v", size)
		}
		d.flow.Stop()
	}
	alone := map[string]int{}
	for _, at := range places[false] {
		alone[at]++
	}
	for _, at := range places[true] {
		if alone[at]--; alone[at] < 0 {
			t.Errorf("beside the photographer's window: %s", at)
		}
	}
	if len(places[true]) < len(places[false]) || len(places[true]) < 100 {
		t.Errorf("%d objects, alone %d", len(places[true]), len(places[false]))
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
