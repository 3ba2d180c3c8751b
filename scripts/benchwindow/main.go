// Command benchwindow measures the window as somebody in front of it would: on a display of its own, with keys and the wheel, by what shows
// and when. Beside every figure stands the same one of a window of Fyne's that does nothing (scripts/benchwindow/empty), measured in the same run
// and by turns, so that a slow machine is slow for both. The budgets are those of the design.
//
//	make bench-window
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// options say what to measure.
type options struct {
	program, empty string
	runs           int
	pictures       int
	people         int
	scroll, idle   time.Duration
	only           string
}

func main() {
	var o options
	flag.StringVar(&o.program, "program", "dist/samtykke", "the program")
	flag.StringVar(&o.empty, "empty", ".cache/bin/emptywindow", "the empty window, built with the same flags")
	flag.IntVar(&o.runs, "runs", 15, "how often each is started")
	flag.IntVar(&o.pictures, "pictures", 50_000, "pictures in the grid")
	flag.IntVar(&o.people, "people", 100_000, "people in the list")
	flag.DurationVar(&o.scroll, "scroll", 20*time.Second, "for how long to scroll")
	flag.DurationVar(&o.idle, "idle", 30*time.Second, "for how long to do nothing")
	flag.StringVar(&o.only, "only", "", "one of start, grid, people, idle; empty for all")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "benchwindow:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (err error) {
	b, err := begin(ctx, o)
	if err != nil {
		return err
	}
	defer b.end()
	for _, part := range []struct {
		name    string
		measure func(context.Context) error
	}{{"start", b.start}, {"idle", b.idle}, {"grid", b.grid}, {"people", b.people}} {
		if o.only != "" && o.only != part.name {
			continue
		}
		fmt.Printf("\n%s\n", part.name)
		if err := part.measure(ctx); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return nil
}
