// Package display is an X display in memory, whose picture can be read at any moment without asking anybody: the server keeps it in
// a file. That takes a millisecond, which is what it needs to see single frames, and disturbs no program that shows something.
//
// It needs Xvfb and runs where that runs.
package display

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/jezek/xgb"
)

// Display is a running X server. Programs show on it whose DISPLAY is its name.
type Display struct {
	// Name is what DISPLAY must be, such as ":3".
	Name string
	// Size is how large the screen is, in pixels; zero where it has several monitors.
	Size   image.Point
	cmd    *exec.Cmd
	file   *os.File  // in which the server keeps its picture
	conn   *xgb.Conn // by which it is asked for its picture, where it keeps none in a file
	header int       // bytes before the first pixel
	stride int       // bytes from one line to the next
}

// Start starts a server with a screen of its own; its files lie in a folder. The context ends it.
func Start(ctx context.Context, folder string, width, height int) (*Display, error) {
	d, err := launch(exec.CommandContext(ctx, "Xvfb", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", width, height), "-nolisten", "tcp", "-fbdir", folder))
	if err != nil {
		return nil, err
	}
	if err := d.open(filepath.Join(folder, "Xvfb_screen0")); err != nil {
		return nil, errors.Join(err, d.Stop())
	}
	return d, nil
}

// launch starts a server that says in its file 3 which number its display has.
func launch(server *exec.Cmd) (*Display, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer read.Close()
	d := &Display{cmd: server}
	d.cmd.ExtraFiles = []*os.File{write}
	err = d.cmd.Start()
	_ = write.Close()
	if err != nil {
		return nil, fmt.Errorf("start an X server: %w", err)
	}
	number, err := io.ReadAll(read) // until the server has written it and closed its end
	if err != nil || len(number) == 0 {
		return nil, errors.Join(errors.New("the X server says no number of a display"), err, d.Stop())
	}
	d.Name = ":" + strings.TrimSpace(string(number))
	return d, nil
}

// open reads the head of the file, which is in the format of xwd: numbers of four bytes, most significant first.
func (d *Display) open(path string) error {
	var err error
	if d.file, err = os.Open(path); err != nil {
		return fmt.Errorf("open the picture of the screen: %w", err)
	}
	head := make([]byte, 100)
	if _, err := d.file.ReadAt(head, 0); err != nil {
		return fmt.Errorf("read the picture of the screen: %w", err)
	}
	field := func(n int) int { return int(binary.BigEndian.Uint32(head[4*n:])) }
	const colour = 12 // bytes of an entry of the colour map
	d.Size, d.stride = image.Pt(field(4), field(5)), field(12)
	d.header = field(0) + colour*field(19)
	if bits := field(11); bits != 32 {
		return fmt.Errorf("the screen has %d bits per pixel", bits)
	}
	return nil
}

// Lines reads the lines from top to bottom, without bottom, as they stand on the screen now: four bytes a pixel, blue, green, red.
func (d *Display) Lines(top, bottom int, into []byte) ([]byte, error) {
	if n := (bottom - top) * d.stride; cap(into) < n {
		into = make([]byte, n)
	} else {
		into = into[:n]
	}
	_, err := d.file.ReadAt(into, int64(d.header+top*d.stride))
	return into, err
}

// Picture is what the screen shows now, or the part of it within a rectangle.
func (d *Display) Picture(within image.Rectangle) (*image.RGBA, error) {
	if d.file == nil {
		return d.asked(within)
	}
	within = within.Intersect(image.Rectangle{Max: d.Size})
	lines, err := d.Lines(within.Min.Y, within.Max.Y, nil)
	if err != nil {
		return nil, err
	}
	return coloured(lines, d.stride, within.Sub(image.Pt(0, within.Min.Y))), nil
}

// coloured is a part of lines of pixels, blue first, that are a number of bytes apart.
func coloured(lines []byte, stride int, within image.Rectangle) *image.RGBA {
	picture := image.NewRGBA(image.Rect(0, 0, within.Dx(), within.Dy()))
	for y := range within.Dy() {
		from, to := lines[(within.Min.Y+y)*stride+4*within.Min.X:], picture.Pix[y*picture.Stride:]
		for x := range within.Dx() {
			to[4*x], to[4*x+1], to[4*x+2], to[4*x+3] = from[4*x+2], from[4*x+1], from[4*x], 255
		}
	}
	return picture
}

// At is the colour of a pixel now.
func (d *Display) At(p image.Point) (color.RGBA, error) {
	var pixel [4]byte
	_, err := d.file.ReadAt(pixel[:], int64(d.header+p.Y*d.stride+4*p.X))
	return color.RGBA{R: pixel[2], G: pixel[1], B: pixel[0], A: 255}, err
}

// Stop ends the server.
func (d *Display) Stop() error {
	if d.file != nil {
		_ = d.file.Close()
	}
	if d.conn != nil {
		d.conn.Close()
	}
	if err := d.cmd.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() { _ = d.cmd.Wait(); close(ended) }()
	select {
	case <-ended:
		return nil
	case <-time.After(10 * time.Second):
		return d.cmd.Process.Kill()
	}
}
