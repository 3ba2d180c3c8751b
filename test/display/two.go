package display

import (
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// first is the size of the monitor that is always there.
const first = "1366x768"

// twoMonitors is a server that shows nothing anywhere and has as many monitors as are wanted. It takes no device of the machine: what is
// typed and pressed comes from xdotool.
const twoMonitors = `
Section "ServerFlags"
  Option "AutoAddDevices" "false"
  Option "AutoAddGPU" "false"
EndSection
Section "Device"
  Identifier "memory"
  Driver "dummy"
  VideoRam 65536
EndSection
Section "Monitor"
  Identifier "monitor"
  HorizSync 5.0-1000.0
  VertRefresh 5.0-200.0
  Modeline "1366x768" 85.25 1366 1440 1576 1784 768 771 781 798
EndSection
Section "Screen"
  Identifier "screen"
  Device "memory"
  Monitor "monitor"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Virtual 4096 2048
  EndSubSection
EndSection
`

// StartTwo starts a server with a monitor of 1366 × 768 at the left, and room for another one, which Plug plugs in. It needs Xorg with the
// driver "dummy", and xrandr.
func StartTwo(ctx context.Context, folder string) (*Display, error) {
	config := filepath.Join(folder, "xorg.conf")
	if err := os.WriteFile(config, []byte(twoMonitors), 0o600); err != nil {
		return nil, err
	}
	d, err := launch(exec.CommandContext(ctx, "Xorg", "-displayfd", "3", "-config", config, "-logfile", filepath.Join(folder, "Xorg.log"),
		"-noreset", "-nolisten", "tcp", "-novtswitch", "-sharevts", "-quiet"))
	if err != nil {
		return nil, err
	}
	if err := d.xrandr(ctx, "--output", "DUMMY0", "--mode", first, "--pos", "0x0", "--primary"); err != nil {
		return nil, errors.Join(err, d.Stop())
	}
	if d.conn, err = xgb.NewConnDisplay(d.Name); err != nil {
		return nil, errors.Join(fmt.Errorf("connect to the X server: %w", err), d.Stop())
	}
	return d, nil
}

// Plug plugs a second monitor in, at the right of the first: one of a size such as "1920x1080".
func (d *Display) Plug(ctx context.Context, size string) error {
	if err := d.xrandr(ctx, "--addmode", "DUMMY1", size); err != nil {
		return err
	}
	if err := d.xrandr(ctx, "--output", "DUMMY1", "--mode", size, "--right-of", "DUMMY0"); err != nil {
		return err
	}
	return d.xrandr(ctx, "--query") // lets the server look what is plugged in
}

// Unplug takes the second monitor away.
func (d *Display) Unplug(ctx context.Context) error {
	return d.xrandr(ctx, "--output", "DUMMY1", "--off")
}

func (d *Display) xrandr(ctx context.Context, args ...string) error {
	cmd := exec.CommandContext(ctx, "xrandr", args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+d.Name)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("xrandr %v: %w: %s", args, err, out)
	}
	return nil
}

// asked is a part of what a server shows that keeps its picture in no file.
func (d *Display) asked(within image.Rectangle) (*image.RGBA, error) {
	root := xproto.Setup(d.conn).DefaultScreen(d.conn).Root
	got, err := xproto.GetImage(d.conn, xproto.ImageFormatZPixmap, xproto.Drawable(root), int16(within.Min.X), int16(within.Min.Y),
		uint16(within.Dx()), uint16(within.Dy()), ^uint32(0)).Reply()
	if err != nil {
		return nil, fmt.Errorf("ask for the picture: %w", err)
	}
	return coloured(got.Data, 4*within.Dx(), within.Sub(within.Min)), nil
}
