package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"samtykke/test/display"
	"samtykke/test/drive"
)

// bench is one display and everything that runs on it.
type bench struct {
	options
	dir     string
	display *display.Display
	keys    *exec.Cmd // xdotool, which takes one order a line
	orders  io.WriteCloser
}

func begin(ctx context.Context, o options) (*bench, error) {
	dir, err := os.MkdirTemp("", "benchwindow")
	if err != nil {
		return nil, err
	}
	b := &bench{options: o, dir: dir}
	if b.display, err = display.Start(ctx, dir, 1366, 768); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	b.keys = exec.CommandContext(ctx, "xdotool", "-")
	b.keys.Env = append(os.Environ(), "DISPLAY="+b.display.Name)
	if b.orders, err = b.keys.StdinPipe(); err == nil {
		err = b.keys.Start()
	}
	if err != nil {
		b.end()
		return nil, err
	}
	return b, nil
}

func (b *bench) end() {
	if b.orders != nil {
		_ = b.orders.Close()
		_ = b.keys.Wait()
	}
	_ = b.display.Stop()
	_ = os.RemoveAll(b.dir)
}

// order gives one line to xdotool, without waiting for it.
func (b *bench) order(words ...string) error {
	_, err := fmt.Fprintln(b.orders, strings.Join(words, " "))
	return err
}

// window is a running program.
type window struct {
	*exec.Cmd
	bench   *bench
	started time.Time
	ended   chan struct{}
	log     bytes.Buffer
}

// open starts a program in a home of its own.
func (b *bench) open(ctx context.Context, program string, args ...string) (*window, error) {
	home := filepath.Join(b.dir, "home-"+filepath.Base(program))
	if err := os.MkdirAll(filepath.Join(home, ".cache"), 0o700); err != nil {
		return nil, err
	}
	w := &window{Cmd: exec.CommandContext(ctx, program, args...), bench: b, ended: make(chan struct{})}
	w.Env = append(os.Environ(), "DISPLAY="+b.display.Name, "LIBGL_ALWAYS_SOFTWARE=1", "HOME="+home, "XDG_CONFIG_HOME="+filepath.Join(home, ".config"), "LANG=en_GB.UTF-8", "LC_ALL=", "FYNE_THEME=light")
	w.Stderr = &w.log
	w.started = time.Now()
	if err := w.Start(); err != nil {
		return nil, err
	}
	go func() { _ = w.Wait(); close(w.ended) }()
	return w, nil
}

// close ends the program and waits until the screen is empty again.
func (w *window) close() error {
	_ = w.Process.Signal(os.Interrupt)
	select {
	case <-w.ended:
	case <-time.After(20 * time.Second):
		_ = w.Process.Kill()
		<-w.ended
	}
	return w.until("an empty screen", func() (bool, error) { shows, err := w.shows(); return !shows, err })
}

// until asks every half millisecond.
func (w *window) until(what string, so func() (bool, error)) error {
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(500 * time.Microsecond) {
		if yes, err := so(); yes || err != nil {
			return err
		}
	}
	return fmt.Errorf("in vain: %s\n%s", what, w.log.String())
}

// shows tells whether anything is painted: the screen itself is black, and so is a window before its first frame.
func (w *window) shows() (bool, error) {
	size := w.bench.display.Size
	for _, at := range []image.Point{size.Div(2), size.Div(4), {X: size.X / 3, Y: size.Y / 2}} {
		c, err := w.bench.display.At(at)
		if err != nil {
			return false, err
		}
		if int(c.R)+int(c.G)+int(c.B) > 30 {
			return true, nil
		}
	}
	return false, nil
}

// painted waits for the first frame and tells how long it took from the start.
func (w *window) painted() (time.Duration, error) {
	err := w.until("a first frame", w.shows)
	return time.Since(w.started), err
}

// titled waits until the window's title holds a text, and gives it the keys.
func (w *window) titled(ctx context.Context, text string) error {
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		search := exec.CommandContext(ctx, "xdotool", "search", "--onlyvisible", "--name", text, "windowmove", "0", "0", "windowsize", strconv.Itoa(w.bench.display.Size.X),
			strconv.Itoa(w.bench.display.Size.Y), "windowfocus")
		search.Env = append(os.Environ(), "DISPLAY="+w.bench.display.Name)
		if search.Run() == nil {
			return nil
		}
	}
	return fmt.Errorf("the window is never titled %q\n%s", text, w.log.String())
}

// still waits until nothing has changed for a while, apart from a cursor.
func (w *window) still(quiet time.Duration) error {
	e := w.bench.eye(0, w.bench.display.Size.Y)
	last := time.Now()
	return w.until("the window to stand still", func() (bool, error) {
		changed, err := e.changed()
		if changed {
			last = time.Now()
		}
		return time.Since(last) > quiet, err
	})
}

// unlock opens the program's window on a vault and waits until its board stands still.
func (b *bench) unlock(ctx context.Context, vault string) (*window, error) {
	w, err := b.open(ctx, b.program, "--vault", vault)
	if err != nil {
		return nil, err
	}
	err = w.titled(ctx, "Unlock")
	if err == nil {
		time.Sleep(300 * time.Millisecond) // the program has its own say about its size while it starts
		err = w.titled(ctx, "Unlock")
	}
	if err == nil {
		err = b.order("type", "--delay", "5", `"`+drive.Passphrase+`"`)
	}
	if err == nil {
		err = b.order("key", "Return")
	}
	if err == nil {
		err = w.titled(ctx, shootTitle)
	}
	if err == nil {
		err = w.still(time.Second)
	}
	if err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

// eye watches some lines of the screen.
type eye struct {
	display *display.Display
	at      []int
	before  []byte
	now     []byte
}

// eye watches lines spread over a part of the height.
func (b *bench) eye(top, bottom int) *eye {
	e := &eye{display: b.display}
	for y := top + 3; y < bottom; y += max((bottom-top)/23, 1) { // no multiple of a row's height
		e.at = append(e.at, y)
	}
	return e
}

// changed tells whether anything on the lines is not as it was when it was asked last. A blinking cursor is less than what counts.
func (e *eye) changed() (bool, error) {
	e.now = e.now[:0]
	for _, y := range e.at {
		line, err := e.display.Lines(y, y+1, nil)
		if err != nil {
			return false, err
		}
		e.now = append(e.now, line...)
	}
	different := 0
	if len(e.before) == len(e.now) {
		for i := 0; i < len(e.now); i += 4 {
			if e.now[i] != e.before[i] || e.now[i+1] != e.before[i+1] {
				different++
			}
		}
	}
	e.before, e.now = e.now, e.before
	return different > 8, nil
}
