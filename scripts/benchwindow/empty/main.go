// Command empty is what the window is measured against: an empty window of Fyne's, and what Fyne's own list and grid do with many rows and nothing
// to look up. It is built with the flags of the window.
package main

import (
	"flag"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

func main() {
	grid := flag.Int("grid", 0, "show a grid of so many cells")
	list := flag.Int("list", 0, "show a list of so many rows")
	flag.Parse()
	app.SetMetadata(fyne.AppMetadata{ID: "no.samtykke.empty", Name: "Empty", Migrations: map[string]bool{"fyneDo": true}})
	w := app.NewWithID("no.samtykke.empty").NewWindow("Samtykke – empty")
	switch {
	case *grid > 0:
		w.SetContent(widget.NewGridWrap(func() int { return *grid }, cell, func(i int, o fyne.CanvasObject) {
			o.(*fyne.Container).Objects[1].(*widget.Label).SetText(name(i))
		}))
	case *list > 0:
		w.SetContent(widget.NewList(func() int { return *list }, row, func(i int, o fyne.CanvasObject) {
			for _, label := range o.(*fyne.Container).Objects {
				label.(*widget.Label).SetText(name(i))
			}
		}))
	}
	w.Resize(fyne.NewSize(1280, 720))
	w.ShowAndRun()
}

func name(i int) string { return fmt.Sprintf("IMG_%05d.JPG", i) }

// cell is as large as a picture with its name in Samtykke.
func cell() fyne.CanvasObject {
	ground := canvas.NewRectangle(theme.Color(theme.ColorNamePrimary))
	ground.SetMinSize(fyne.NewSize(200, 150))
	return container.NewVBox(ground, widget.NewLabel(""))
}

func row() fyne.CanvasObject {
	return container.NewGridWithColumns(4, widget.NewLabel(""), widget.NewLabel(""), widget.NewLabel(""), widget.NewLabel(""))
}
