//go:build cgo && !ci

package main

import (
	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.4/glfw"

	"samtykke/ui/desktop"
)

// screens asks GLFW, on which Fyne's windows rest, since Fyne itself tells no places. It is desktop.Screens.
type screens struct{}

// Bounds are those of a window without its frame. Wayland tells no places; Fyne is built for X11 there.
func (screens) Bounds(w fyne.Window) (b desktop.Bounds, ordinary bool) {
	drawing, ok := w.(interface{ RunWithContext(func()) })
	if !ok {
		return b, false
	}
	drawing.RunWithContext(func() { // whose context is current then belongs to the window
		native := glfw.GetCurrentContext()
		if native == nil {
			return
		}
		b.X, b.Y = native.GetPos()
		b.Width, b.Height = native.GetSize()
		ordinary = native.GetAttrib(glfw.Maximized) == glfw.False && native.GetAttrib(glfw.Iconified) == glfw.False
	})
	return b, ordinary
}

// Room is the work area of each monitor.
func (screens) Room() []desktop.Bounds {
	var room []desktop.Bounds
	for _, m := range glfw.GetMonitors() {
		x, y, width, height := m.GetWorkarea()
		room = append(room, desktop.Bounds{X: x, Y: y, Width: width, Height: height})
	}
	return room
}

// systemScreens is what this build knows of screens.
func systemScreens() desktop.Screens { return screens{} }
