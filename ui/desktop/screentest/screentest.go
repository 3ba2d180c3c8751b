// Package screentest reads a screen in tests the way a person does: what can be seen, and what it says. It works on Fyne's test
// driver and looks into widgets, so that a test names words instead of positions in a tree.
package screentest

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// Visible lists everything below the roots that shows, widgets' inner parts included, in the order of drawing. What a hidden
// object holds is left out, and so is a root that is nil.
func Visible(roots ...fyne.CanvasObject) []fyne.CanvasObject {
	var found []fyne.CanvasObject
	for _, o := range roots {
		if o == nil || !o.Visible() {
			continue
		}
		found = append(found, o)
		switch o := o.(type) {
		case *fyne.Container:
			found = append(found, Visible(o.Objects...)...)
		case fyne.Widget:
			found = append(found, Visible(test.WidgetRenderer(o).Objects()...)...)
		}
	}
	return found
}

// Said is what the objects tell a screen reader, with bars between.
func Said(objects []fyne.CanvasObject) string {
	var texts []string
	for _, o := range objects {
		if a, ok := o.(fyne.Accessible); ok && a.AccessibilityLabel() != "" {
			texts = append(texts, a.AccessibilityLabel())
		}
	}
	return strings.Join(texts, " | ")
}
