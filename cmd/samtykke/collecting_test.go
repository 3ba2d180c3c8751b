package main

import (
	"runtime"
	"runtime/debug"
	"testing"
)

// TestMemoryIsGivenBackAtRestAndNotDuringWork: and only when there was work, since a window that rests must do nothing.
func TestMemoryIsGivenBackAtRestAndNotDuringWork(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // so that nothing is collected by itself
	var r rest
	var now runtime.MemStats
	collections := func() uint32 { runtime.ReadMemStats(&now); return now.NumGC }
	r.look()
	r.look()

	before := collections()
	for range 3 {
		take(restWorth)
		if r.look(); collections() != before {
			t.Fatal("memory was collected during work")
		}
	}
	worked := now
	if r.look(); collections() == before {
		t.Fatal("memory was not collected after work")
	}
	if now.HeapAlloc+2*restWorth > worked.HeapAlloc || now.HeapIdle-now.HeapReleased > 4<<20 {
		t.Errorf("%d MB are used after work and %d during it, and %d MB held in vain", now.HeapAlloc>>20, worked.HeapAlloc>>20, (now.HeapIdle-now.HeapReleased)>>20)
	}
	after := collections()
	for range 3 {
		if r.look(); collections() != after {
			t.Fatal("memory was collected again although nothing was done")
		}
	}
}

// taken keeps the compiler from taking nothing.
var taken []byte

func take(bytes int) {
	taken = make([]byte, bytes)
	taken = nil
}
