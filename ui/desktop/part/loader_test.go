package part_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"samtykke/ui/desktop/part"
)

// desk collects what a loader delivers, as the UI goroutine does between frames.
type desk struct {
	mu   sync.Mutex
	work []func()
}

func (d *desk) do(f func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.work = append(d.work, f)
}

// frame runs what has been delivered and tells how much it was.
func (d *desk) frame() int {
	d.mu.Lock()
	work := d.work
	d.work = nil
	d.mu.Unlock()
	for _, f := range work {
		f()
	}
	return len(work)
}

func square(edge int) image.Image { return image.NewRGBA(image.Rect(0, 0, edge, edge)) }

func TestLoaderAnswersFromMemoryAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var made atomic.Int32
		d := &desk{}
		l := part.NewLoader(func(_ context.Context, _ string, edge int) (image.Image, error) {
			made.Add(1)
			return square(edge), nil
		}, 2, 1<<20, d.do)
		defer l.Close()
		came := 0
		first, wish := l.Load("a", 64, func(i image.Image, err error) { came++ })
		_, second := l.Load("a", 64, func(i image.Image, err error) { came++ })
		if first != nil || wish == nil || second == nil {
			t.Fatal("a picture came from nowhere")
		}
		synctest.Wait()
		if came != 0 {
			t.Error("a picture came outside of deliver")
		}
		d.frame()
		if came != 2 || made.Load() != 1 {
			t.Errorf("%d came of %d made; two wishes for one picture make it once", came, made.Load())
		}
		again, wish := l.Load("a", 64, func(image.Image, error) { t.Error("called for a picture from memory") })
		if again == nil || wish != nil {
			t.Error("memory does not answer")
		}
		if _, ok := l.Picture("a", 128); ok {
			t.Error("another size is another picture")
		}
	})
}

func TestLoaderMakesTheLatestWishFirstAndNoMoreAtOnceThanAllowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var order []string
		var now, most int
		d := &desk{}
		l := part.NewLoader(func(ctx context.Context, key string, edge int) (image.Image, error) {
			mu.Lock()
			order = append(order, key)
			now++
			most = max(most, now)
			mu.Unlock()
			time.Sleep(time.Second)
			mu.Lock()
			now--
			mu.Unlock()
			return square(edge), nil
		}, 2, 1<<20, d.do)
		defer l.Close()
		for _, key := range []string{"1", "2"} {
			l.Load(key, 8, func(image.Image, error) {})
		}
		synctest.Wait() // both are being made
		for _, key := range []string{"3", "4", "5"} {
			l.Load(key, 8, func(image.Image, error) {})
		}
		time.Sleep(10 * time.Second)
		mu.Lock()
		defer mu.Unlock()
		if most != 2 || len(order) != 5 || order[4] != "3" {
			t.Errorf("made in the order %v, %d at once", order, most)
		}
	})
}

func TestCancelledWishIsNeitherMadeNorDelivered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var made atomic.Int32
		var ended atomic.Bool
		d := &desk{}
		l := part.NewLoader(func(ctx context.Context, key string, edge int) (image.Image, error) {
			made.Add(1)
			select {
			case <-ctx.Done():
				ended.Store(true)
				return nil, ctx.Err()
			case <-time.After(time.Second):
				return square(edge), nil
			}
		}, 1, 1<<20, d.do)
		defer l.Close()
		never := func(image.Image, error) { t.Error("a cancelled wish came true") }
		_, begun := l.Load("begun", 8, never)
		synctest.Wait()
		_, queued := l.Load("queued", 8, never)
		queued.Cancel()
		begun.Cancel()
		begun.Cancel() // twice does no harm
		synctest.Wait()
		if !ended.Load() || made.Load() != 1 {
			t.Errorf("ended %v, made %d", ended.Load(), made.Load())
		}
		// Cancelled between being delivered and being run: the cell shows something else by now.
		_, late := l.Load("late", 8, never)
		time.Sleep(2 * time.Second)
		late.Cancel()
		if d.frame() != 1 {
			t.Error("nothing was delivered")
		}
	})
}

func TestLoaderKeepsToItsMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &desk{}
		const edge, each = 10, 10 * 10 * 4
		l := part.NewLoader(func(_ context.Context, _ string, edge int) (image.Image, error) { return square(edge), nil },
			1, 3*each, d.do)
		defer l.Close()
		for i := range 3 {
			l.Load(fmt.Sprint(i), edge, func(image.Image, error) {})
			synctest.Wait()
		}
		l.Picture("0", edge) // used last
		l.Load("3", edge, func(image.Image, error) {})
		synctest.Wait()
		for key, want := range map[string]bool{"0": true, "1": false, "2": true, "3": true} {
			if _, ok := l.Picture(key, edge); ok != want {
				t.Errorf("picture %s in memory: %v", key, ok)
			}
		}
		l.Forget("3")
		if _, ok := l.Picture("3", edge); ok {
			t.Error("a picture was not forgotten")
		}
		l.Load("large", 1000, func(image.Image, error) {})
		synctest.Wait()
		if _, ok := l.Picture("large", 1000); ok {
			t.Error("a picture beyond the budget is kept")
		}
	})
}

func TestBrokenFileCostsItsOwnPictureOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &desk{}
		l := part.NewLoader(func(_ context.Context, key string, edge int) (image.Image, error) {
			switch key {
			case "panics":
				panic("index out of range")
			case "fails":
				return nil, errors.New("not a picture")
			}
			return square(edge), nil
		}, 1, 1<<20, d.do)
		defer l.Close()
		failed := map[string]bool{}
		for _, key := range []string{"panics", "fails", "fine"} {
			l.Load(key, 8, func(_ image.Image, err error) { failed[key] = err != nil })
		}
		synctest.Wait()
		d.frame()
		if len(failed) != 3 || !failed["panics"] || !failed["fails"] || failed["fine"] {
			t.Errorf("failed: %v", failed)
		}
	})
}

func TestClosedLoaderLeavesNothingBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &desk{}
		l := part.NewLoader(func(ctx context.Context, _ string, _ int) (image.Image, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}, 2, 1<<20, d.do)
		for i := range 9 {
			l.Load(fmt.Sprint(i), 8, func(image.Image, error) { t.Error("delivered after Close") })
		}
		synctest.Wait()
		l.Close()
		d.frame()
		if _, wish := l.Load("x", 8, nil); wish != nil {
			t.Error("a closed loader takes wishes")
		}
	}) // synctest fails if a goroutine is left
}

func TestLoaderIsIdleWhenNothingIsWished(t *testing.T) {
	before := runtime.NumGoroutine()
	l := part.NewLoader(nil, 4, 1<<20, func(func()) {})
	defer l.Close()
	if n := runtime.NumGoroutine(); n > before {
		t.Errorf("%d goroutines wait for nothing", n-before)
	}
}
