package ending

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
)

// Watch lets another process wait for a crash of this one: it starts a command whose standard input gets what the Go runtime writes, and
// which is to call Keep. stop ends the watching, and that process with it; it ends by itself when this one does.
func Watch(ctx context.Context, program string, arguments ...string) (stop func() error, err error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make pipe: %w", err)
	}
	watcher := exec.CommandContext(context.WithoutCancel(ctx), program, arguments...)
	watcher.Stdin = read
	err = watcher.Start()
	if closing := read.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = debug.SetCrashOutput(write, debug.CrashOptions{}) // keeps a copy
	}
	if closing := write.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return nil, fmt.Errorf("watch for a crash: %w", err)
	}
	return func() error {
		if err := debug.SetCrashOutput(nil, debug.CrashOptions{}); err != nil {
			return fmt.Errorf("end watching: %w", err)
		}
		return watcher.Wait()
	}, nil
}

// Keep is what the watching process does: it reads until the other one has ended and, when that was by a crash, writes a report.
func (f *Folder) Keep(crash io.Reader, about About) error {
	written, err := io.ReadAll(io.LimitReader(crash, longest)) // until the window has ended: only then its last screen is known
	if err != nil {
		return fmt.Errorf("wait for the end: %w", err)
	}
	about.Screen = f.screen()
	report, err := Report(bytes.NewReader(written), about)
	if err != nil || report == "" {
		return err
	}
	return f.write(reportFile, []byte(report))
}

// screen is the tab that was in view when the window last said so.
func (f *Folder) screen() string {
	p, err := f.place()
	if err != nil || p.Screen == "" {
		return "before the vault was opened"
	}
	return p.Screen
}
