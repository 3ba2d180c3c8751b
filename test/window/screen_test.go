//go:build story

// Package window_test drives the real window on a real X display, with keys as a photographer's hand gives them, and looks at what
// shows. It needs Xvfb, xdotool and zbarimg. With SAMTYKKE_SHOTS the pictures are kept.
package window_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"samtykke/test/display"
	"samtykke/test/drive"
)

// patience is how long anything on the screen may take, in software rendering on a busy machine.
const patience = 60 * time.Second

// onAnotherThread is what Fyne says when a widget is touched off its goroutine, in a program that was built without migrated_fynedo.
const onAnotherThread = "*** Error in Fyne call thread"

// screen is a running window.
type screen struct {
	*testing.T
	program drive.Samtykke
	display *display.Display
	home    string
	cmd     *exec.Cmd
	ended   chan error
	id      string // of the X window
	log     journal
	shots   string // folder for pictures
}

// journal is what a program says while it runs, to be read at any time.
type journal struct {
	mutex sync.Mutex
	said  []byte
}

// Write implements io.Writer.
func (j *journal) Write(more []byte) (int, error) {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	j.said = append(j.said, more...)
	return len(more), nil
}

// String is all that was said until now.
func (j *journal) String() string {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return string(j.said)
}

// start opens the window on a vault, in a home of its own.
func start(t *testing.T, program drive.Samtykke, environment ...string) *screen {
	t.Helper()
	shown, err := display.Start(context.Background(), t.TempDir(), 1440, 900)
	if err != nil {
		t.Fatal(err)
	}
	return startOn(t, shown, program, environment...)
}

// startOn opens the window on a display, which ends with the test.
func startOn(t *testing.T, shown *display.Display, program drive.Samtykke, environment ...string) *screen {
	t.Helper()
	t.Cleanup(func() {
		if err := shown.Stop(); err != nil {
			t.Error(err)
		}
	})
	s := &screen{T: t, program: program, display: shown, home: t.TempDir(), shots: os.Getenv("SAMTYKKE_SHOTS"), ended: make(chan error, 1)}
	if s.shots == "" {
		s.shots = t.TempDir()
	}
	if err := os.MkdirAll(filepath.Join(s.home, ".cache"), 0o700); err != nil {
		t.Fatal(err)
	}
	s.cmd = exec.Command(program.Bin, "--vault", program.Vault)
	s.cmd.Env = append(append(os.Environ(), "DISPLAY="+shown.Name, "LIBGL_ALWAYS_SOFTWARE=1", "HOME="+s.home, "XDG_CONFIG_HOME="+filepath.Join(s.home, ".config"), "LANG=en_GB.UTF-8", "LC_ALL="), environment...)
	s.cmd.Stdout, s.cmd.Stderr = &s.log, &s.log
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		s.ended <- s.cmd.Wait()
		close(s.ended)
	}()
	t.Cleanup(func() {
		_ = s.cmd.Process.Kill()
		<-s.ended
		if log := s.log.String(); strings.Contains(log, onAnotherThread) {
			t.Errorf("a widget was touched on another goroutine than Fyne's:\n%s", log)
		}
	})
	s.until("the window to show", func() bool {
		search := exec.Command("xdotool", "search", "--onlyvisible", "--pid", s.pid(), "--name", "^Samtykke")
		search.Env = append(os.Environ(), "DISPLAY="+shown.Name)
		out, err := search.Output()
		s.id, _, _ = strings.Cut(strings.TrimSpace(string(out)), "\n")
		return err == nil && s.id != ""
	})
	s.resize("1366", "768")
	s.xdotool("windowfocus", "--sync", s.id)
	return s
}

func (s *screen) pid() string { return strconv.Itoa(s.cmd.Process.Pid) }

func (s *screen) resize(width, height string) {
	s.Helper()
	s.until("the window to be "+width+" wide and "+height+" high", func() bool {
		s.xdotool("windowmove", s.id, "0", "0")
		s.xdotool("windowsize", s.id, width, height)
		time.Sleep(100 * time.Millisecond) // the program has its own say about its size while it starts
		geometry := s.xdotool("getwindowgeometry", "--shell", s.id)
		return strings.Contains(geometry, "WIDTH="+width+"\n") && strings.Contains(geometry, "HEIGHT="+height+"\n")
	})
}

func (s *screen) xdotool(args ...string) string {
	s.Helper()
	ctx, stop := context.WithTimeout(s.Context(), patience)
	defer stop()
	cmd := exec.CommandContext(ctx, "xdotool", args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+s.display.Name)
	out, err := cmd.Output()
	if err != nil {
		s.Fatalf("xdotool %s: %v\n%s", strings.Join(args, " "), err, s.log.String())
	}
	return strings.TrimSpace(string(out))
}

// press presses keys, one after the other.
func (s *screen) press(keys ...string) { s.Helper(); s.xdotool(append([]string{"key"}, keys...)...) }

// write types a text.
func (s *screen) write(text string) { s.Helper(); s.xdotool("type", text) }

// title is what the window is titled now.
func (s *screen) title() string { return s.xdotool("getwindowname", s.id) }

// titled waits until the window's title holds a text.
func (s *screen) titled(text string) {
	s.Helper()
	s.until("the title "+text, func() bool { return strings.Contains(s.title(), text) })
}

// until asks again and again until something is so.
func (s *screen) until(what string, so func() bool) {
	s.Helper()
	for deadline := time.Now().Add(patience); !so(); time.Sleep(50 * time.Millisecond) {
		select {
		case err := <-s.ended:
			s.Fatalf("while waiting for %s the program ended: %v\n%s", what, err, s.log.String())
		default:
		}
		if time.Now().After(deadline) {
			s.keep("failed")
			s.Fatalf("in vain: %s; the window is titled %q\n%s", what, s.title(), s.log.String())
		}
	}
}

// grab takes a picture of the window.
func (s *screen) grab() *image.RGBA {
	s.Helper()
	var x, y, width, height int
	if _, err := fmt.Sscanf(s.xdotool("getwindowgeometry", "--shell", s.id), "WINDOW=%d\nX=%d\nY=%d\nWIDTH=%d\nHEIGHT=%d", new(int), &x, &y, &width, &height); err != nil {
		s.Fatal(err)
	}
	picture, err := s.display.Picture(image.Rect(x, y, x+width, y+height))
	if err != nil {
		s.Fatalf("take a picture: %v", err)
	}
	return picture
}

// still waits until the screen has stopped changing, apart from a blinking cursor, and gives the picture.
func (s *screen) still() *image.RGBA {
	s.Helper()
	before := s.grab()
	s.until("the screen to stand still", func() bool {
		time.Sleep(150 * time.Millisecond)
		now := s.grab()
		same := differing(before, now) < 100
		before = now
		return same
	})
	return before
}

// toasts is how high the strip at the lower edge is in which sentences come and go by themselves, in pixels.
const toasts = 130

// drawnAnew compares what shows with what shows once everything has been laid out and drawn again: a window that stands still must not
// wait for the next movement of the mouse to show what is so. Subject mode fills the screen and has no other size.
func (s *screen) drawnAnew(name string, shows *image.RGBA) {
	s.Helper()
	size := shows.Bounds().Size()
	if size != image.Pt(1366, 768) {
		return
	}
	s.resize("1366", "767")
	s.resize("1366", "768")
	anew := s.still()
	if above := image.Rect(0, 0, size.X, size.Y-toasts); differing(cut(shows, above), cut(anew, above)) >= 100 {
		s.save(name+"-anew", anew)
		s.Errorf("%s shows something else once it is drawn anew", name)
	}
}

// keep waits for the screen to stand still and keeps a picture of it under a name.
func (s *screen) keep(name string) string {
	s.Helper()
	if name == "failed" {
		return s.save(name, s.grab())
	}
	picture := s.still()
	s.drawnAnew(name, picture)
	return s.save(name, picture)
}

func (s *screen) save(name string, picture *image.RGBA) string {
	s.Helper()
	path := filepath.Join(s.shots, name+".png")
	var encoded bytes.Buffer
	if err := errors.Join(png.Encode(&encoded, picture), os.MkdirAll(s.shots, 0o750)); err != nil {
		s.Fatal(err)
	}
	if err := os.WriteFile(path, encoded.Bytes(), 0o600); err != nil {
		s.Fatal(err)
	}
	return path
}

// close asks the program to end, as the system does when the user logs out, and waits for it.
func (s *screen) close() {
	s.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		s.Fatal(err)
	}
	select {
	case err := <-s.ended:
		if err != nil {
			s.Errorf("the program ended badly: %v\n%s", err, s.log.String())
		}
	case <-time.After(patience):
		s.Fatal("the program does not end when it is asked to")
	}
}

// differing counts the pixels that are not the same.
func differing(a, b *image.RGBA) int {
	if a.Bounds() != b.Bounds() {
		return max(a.Bounds().Dx()*a.Bounds().Dy(), b.Bounds().Dx()*b.Bounds().Dy())
	}
	n := 0
	for y := a.Rect.Min.Y; y < a.Rect.Max.Y; y++ {
		for x := a.Rect.Min.X; x < a.Rect.Max.X; x++ {
			if a.RGBAAt(x, y) != b.RGBAAt(x, y) {
				n++
			}
		}
	}
	return n
}
