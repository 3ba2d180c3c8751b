//go:build cgo && !ci

package main

import (
	"image"

	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.4/glfw"

	"samtykke/ui/desktop"
)

// screens asks GLFW, on which Fyne's windows rest, since Fyne itself tells no places. It is desktop.Screens.
type screens struct{}

// Bounds are those of a window without its frame. Wayland tells no places; Fyne is built for X11 there.
func (screens) Bounds(w fyne.Window) (b desktop.Bounds, ordinary bool) {
	native := nativeOf(w)
	if native == nil {
		return b, false
	}
	b.X, b.Y = native.GetPos()
	b.Width, b.Height = native.GetSize()
	return b, native.GetAttrib(glfw.Maximized) == glfw.False && native.GetAttrib(glfw.Iconified) == glfw.False
}

// nativeOf is GLFW's window below one of Fyne's; nil while it has none.
func nativeOf(w fyne.Window) (native *glfw.Window) {
	if drawing, ok := w.(interface{ RunWithContext(func()) }); ok {
		drawing.RunWithContext(func() { native = glfw.GetCurrentContext() }) // which belongs to the window then
	}
	return native
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

// Fill lets a window fill a screen other than the one that another window is on. Fyne by itself fills the first screen whose name is not that
// of the primary one, also where the other window is on that, and on Windows two screens may have the same name.
func (s screens) Fill(w, beside fyne.Window) bool {
	native := nativeOf(w)
	if native == nil {
		return false
	}
	b, _ := s.Bounds(beside)
	taken, filled := origin(monitorOf(b)), native.GetMonitor()
	if filled != nil && origin(filled) != taken {
		return true
	}
	for _, m := range glfw.GetMonitors() {
		if mode := m.GetVideoMode(); mode != nil && origin(m) != taken { // one of the same origin shows the same
			native.SetMonitor(m, 0, 0, mode.Width, mode.Height, mode.RefreshRate)
			return true
		}
	}
	return false
}

// monitorOf is the monitor that has the middle of a window; the primary one when none has.
func monitorOf(b desktop.Bounds) *glfw.Monitor {
	middle := image.Pt(b.X+b.Width/2, b.Y+b.Height/2)
	for _, m := range glfw.GetMonitors() {
		if mode := m.GetVideoMode(); mode != nil && middle.In(image.Rect(0, 0, mode.Width, mode.Height).Add(origin(m))) {
			return m
		}
	}
	return glfw.GetPrimaryMonitor()
}

// origin is where a monitor begins on the desktop that all monitors share.
func origin(m *glfw.Monitor) (at image.Point) {
	if m != nil {
		at.X, at.Y = m.GetPos()
	}
	return at
}

// systemScreens is what this build knows of screens.
func systemScreens() desktop.Screens { return screens{} }
