package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"time"

	"samtykke/ui/desktop/ending"
)

// endingCommand waits beside a window for its end, and writes a report when that is a crash. The window starts it.
type endingCommand struct {
	Folder string `arg:"" help:"Where the report goes." type:"path"`
}

// Run reads what the window's runtime writes until the window has ended, however long that takes: no signal to both of them ends it sooner.
func (e *endingCommand) Run(c *call) error {
	return ending.New(e.Folder).Keep(c.stdin, ending.About{
		Program: "Samtykke " + version,
		System:  fmt.Sprintf("%s %s, %s", runtime.GOOS, runtime.GOARCH, runtime.Version()),
		When:    time.Now().UTC().Format("2006-01-02 15:04 MST"),
	})
}

// watchEnding lets another process of this program wait for a crash of this one. The window works without.
func watchEnding(ctx context.Context, folder *ending.Folder) (stop func() error) {
	program, err := os.Executable()
	if err == nil {
		stop, err = ending.Watch(ctx, program, "watch-ending", folder.Path())
	}
	if err != nil {
		slog.Warn("Nobody watches for a crash: should there be one, there will be no report of it.", "error", err)
		return func() error { return nil }
	}
	return stop
}
