package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// start measures from the start of a program to its first frame, both by turns.
func (b *bench) start(ctx context.Context) error {
	dir, err := b.vault(ctx, "started", 0, 0)
	if err != nil {
		return err
	}
	var ours, theirs []time.Duration
	for n := range b.runs + 1 {
		for _, each := range []struct {
			took    *[]time.Duration
			program string
			args    []string
		}{{&ours, b.program, []string{"--vault", dir}}, {&theirs, b.empty, nil}} {
			w, err := b.open(ctx, each.program, each.args...)
			if err != nil {
				return err
			}
			took, err := w.painted()
			if err != nil {
				return err
			}
			time.Sleep(200 * time.Millisecond)
			if err := w.close(); err != nil {
				return err
			}
			if n > 0 { // the first fills the disk's cache
				*each.took = append(*each.took, took)
			}
		}
	}
	mine, base := spread(ours), spread(theirs)
	fmt.Printf("  start to first frame  samtykke %s\n                        empty    %s\n  ratio of the medians  %.2f (budget 1.3)\n", mine, base, ratio(mine.p50, base.p50))
	return nil
}

// idle measures what a window takes that nobody touches.
func (b *bench) idle(ctx context.Context) error {
	dir, err := b.vault(ctx, "idle", 0, 10)
	if err != nil {
		return err
	}
	w, err := b.unlock(ctx, dir)
	if err != nil {
		return err
	}
	mine, err := w.usage(b.options.idle)
	if err != nil {
		return err
	}
	if err := w.close(); err != nil {
		return err
	}
	if w, err = b.open(ctx, b.empty); err != nil {
		return err
	}
	if _, err := w.painted(); err != nil {
		return err
	}
	if err := w.still(time.Second); err != nil {
		return err
	}
	base, err := w.usage(b.options.idle)
	if err != nil {
		return err
	}
	fmt.Printf("  idle for %s  samtykke %v of processor, %d MB\n                empty    %v of processor, %d MB\n", b.options.idle, mine.processor, mine.memory>>20, base.processor, base.memory>>20)
	return w.close()
}

// usage is what a program takes.
type usage struct {
	processor time.Duration
	memory    int64 // resident, in bytes
}

// usage measures a program that nobody touches for a while.
func (w *window) usage(during time.Duration) (usage, error) {
	before, err := w.processor()
	if err != nil {
		return usage{}, err
	}
	time.Sleep(during)
	after, err := w.processor()
	if err != nil {
		return usage{}, err
	}
	statm, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", w.Process.Pid))
	if err != nil {
		return usage{}, err
	}
	pages, err := strconv.ParseInt(strings.Fields(string(statm))[1], 10, 64)
	return usage{after - before, pages * int64(os.Getpagesize())}, err
}

// processor is for how long a program has been running on a processor.
func (w *window) processor() (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", w.Process.Pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(stat)[strings.LastIndexByte(string(stat), ')')+1:])
	total := int64(0)
	for _, field := range fields[11:13] { // utime and stime, in hundredths of a second
		ticks, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, err
		}
		total += ticks
	}
	return time.Duration(total) * 10 * time.Millisecond, nil
}

// grid measures the frames while fifty thousand pictures go by, and while as many of Fyne's cells do.
func (b *bench) grid(ctx context.Context) error {
	dir, err := b.vault(ctx, "pictures", b.pictures, 100)
	if err != nil {
		return err
	}
	w, err := b.unlock(ctx, dir)
	if err != nil {
		return err
	}
	if err := b.order("key", "ctrl+3"); err != nil {
		return err
	}
	if err := w.still(3 * time.Second); err != nil {
		return err
	}
	mine, err := w.scrolled("samtykke")
	if err != nil {
		return err
	}
	if err := w.close(); err != nil {
		return err
	}
	return b.against(ctx, mine, "-grid", strconv.Itoa(b.pictures))
}

// against does with an empty window what was done with ours.
func (b *bench) against(ctx context.Context, mine summary, args ...string) error {
	w, err := b.open(ctx, b.empty, args...)
	if err != nil {
		return err
	}
	if _, err := w.painted(); err != nil {
		return err
	}
	if err := w.still(time.Second); err != nil {
		return err
	}
	base, err := w.scrolled("empty   ")
	if err != nil {
		return err
	}
	fmt.Printf("  ratio of the medians  %.2f, longest frame %v (budget 50ms)\n", ratio(mine.p50, base.p50), mine.longest)
	return w.close()
}

// scrolled turns the wheel and tells how long each frame stood.
func (w *window) scrolled(who string) (summary, error) {
	b := w.bench
	const every = 16 * time.Millisecond
	turns := int(b.scroll / every)
	for _, order := range [][]string{{"mousemove", "400", "450"}, {"click", "--repeat", strconv.Itoa(turns), "--delay", "16", "5"}} {
		if err := b.order(order...); err != nil {
			return summary{}, err
		}
	}
	e := b.eye(250, 700)
	var frames []time.Duration
	var last time.Time
	for deadline := time.Now().Add(b.scroll - time.Second); time.Now().Before(deadline); time.Sleep(500 * time.Microsecond) {
		changed, err := e.changed()
		if err != nil {
			return summary{}, err
		}
		if !changed {
			continue
		}
		now := time.Now()
		if !last.IsZero() {
			frames = append(frames, now.Sub(last))
		}
		last = now
	}
	s := spread(frames)
	fmt.Printf("  frames while the wheel turns  %s %s, %d frames, %d over 50ms\n", who, s, len(frames), over(frames, 50*time.Millisecond))
	return s, w.still(time.Second)
}

// people measures the list of a hundred thousand: coming to it, scrolling, and typing a name.
func (b *bench) people(ctx context.Context) error {
	dir, err := b.vault(ctx, "people", 0, b.options.people)
	if err != nil {
		return err
	}
	w, err := b.unlock(ctx, dir)
	if err != nil {
		return err
	}
	opened, err := w.answer(func() error { return b.order("key", "ctrl+2") })
	if err != nil {
		return err
	}
	fmt.Printf("  People opens in %v\n", opened)
	mine, err := w.scrolled("samtykke")
	if err != nil {
		return err
	}
	// The display draws the mouse's arrow anew with every blink of the cursor: it must not stand where answers are looked for.
	for _, order := range [][]string{{"mousemove", strconv.Itoa(b.display.Size.X - 1), strconv.Itoa(b.display.Size.Y - 1)}, {"key", "ctrl+f"}} {
		if err := b.order(order...); err != nil {
			return err
		}
	}
	time.Sleep(300 * time.Millisecond)
	var keys []time.Duration
	for range 3 {
		for _, key := range []string{"k", "a", "r", "i", "space", "n", "o", "BackSpace", "BackSpace", "BackSpace", "BackSpace", "BackSpace", "BackSpace", "BackSpace"} {
			took, err := w.answer(func() error { return b.order("key", key) })
			if err != nil {
				return err
			}
			keys = append(keys, took)
		}
	}
	fmt.Printf("  from a key in Find to the list that shows  %s\n", spread(keys))
	if err := w.close(); err != nil {
		return err
	}
	return b.against(ctx, mine, "-list", strconv.Itoa(b.options.people))
}

// answer does something and tells after how long the screen changed for the last time, before it stood still for a second.
func (w *window) answer(do func() error) (time.Duration, error) {
	e := w.bench.eye(60, 720)
	if _, err := e.changed(); err != nil {
		return 0, err
	}
	began := time.Now()
	if err := do(); err != nil {
		return 0, err
	}
	last := began
	err := w.until("an answer", func() (bool, error) {
		changed, err := e.changed()
		if changed {
			last = time.Now()
		}
		return time.Since(last) > time.Second && time.Since(began) > time.Second, err
	})
	return last.Sub(began), err
}

// summary is how durations are spread.
type summary struct{ p50, p95, p99, longest time.Duration }

func spread(all []time.Duration) summary {
	if len(all) == 0 {
		return summary{}
	}
	sorted := slices.Clone(all)
	slices.Sort(sorted)
	at := func(percent int) time.Duration {
		return sorted[(len(sorted)-1)*percent/100].Round(100 * time.Microsecond)
	}
	return summary{at(50), at(95), at(99), at(100)}
}

func (s summary) String() string {
	return fmt.Sprintf("median %v, p95 %v, p99 %v, longest %v", s.p50, s.p95, s.p99, s.longest)
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(max(b, 1)) }

func over(all []time.Duration, limit time.Duration) int {
	n := 0
	for _, d := range all {
		if d > limit {
			n++
		}
	}
	return n
}
