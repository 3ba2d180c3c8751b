package main

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// restEvery is how often it is looked whether the window rests.
	restEvery = 15 * time.Second
	// restTakes is how much memory may be taken between two looks at a window that rests, for a blinking cursor or a clock that moves on.
	restTakes = 1 << 20
	// restWorth is how much must have been taken since memory was given back the last time, for it to be worth the work again.
	restWorth = 16 << 20
)

// rest gives memory that is no longer used back to the system whenever the window has come to rest after work. To decode a picture or to try
// a passphrase takes hundreds of megabytes for a second. Left alone, Go collects them when as much again has been taken, or after two minutes,
// and keeps as much as is in use for what may come.
//
// How much could be given back only a collection tells, so that what was taken since the last time has to stand for it.
type rest struct {
	before uint64 // what was taken at the last look
	given  uint64 // what was taken when memory was given back the last time
}

// watch looks again and again until ctx ends.
func (r *rest) watch(ctx context.Context) {
	looks := time.NewTicker(restEvery)
	defer looks.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-looks.C:
			r.look()
		}
	}
}

// look gives memory back if there was work since the last time, and none since the last look.
func (r *rest) look() {
	taken := memoryTaken()
	if taken-r.before < restTakes && taken-r.given > restWorth {
		debug.FreeOSMemory()
		r.given = taken
	}
	r.before = taken
}

// memoryTaken is how much memory the program has taken since it began, in bytes, without what C libraries take.
func memoryTaken() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
