package part

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Heading names a screen or a page. It wraps.
func Heading(text string) *widget.Label {
	return words(text, theme.SizeNameHeadingText, fyne.TextStyle{Bold: true}, widget.MediumImportance)
}

// Subheading names a group on a screen. It wraps.
func Subheading(text string) *widget.Label {
	return words(text, theme.SizeNameSubHeadingText, fyne.TextStyle{Bold: true}, widget.MediumImportance)
}

// Body is running text. It wraps.
func Body(text string) *widget.Label {
	return words(text, theme.SizeNameText, fyne.TextStyle{}, widget.MediumImportance)
}

// Note explains, in a muted colour. It wraps.
func Note(text string) *widget.Label {
	return words(text, theme.SizeNameText, fyne.TextStyle{}, widget.LowImportance)
}

// FieldLabel is the name above a field.
func FieldLabel(text string) *widget.Label {
	l := words(text, theme.SizeNameText, fyne.TextStyle{Bold: true}, widget.MediumImportance)
	l.Wrapping = fyne.TextWrapOff
	return l
}

// Code is a short code such as K7Q2-M9XD, in letters of equal width.
func Code(text string) *widget.Label {
	l := words(text, theme.SizeNameHeadingText, fyne.TextStyle{Bold: true, Monospace: true}, widget.MediumImportance)
	l.Wrapping = fyne.TextWrapOff
	return l
}

// Field puts a name above a control and, unless it is empty, the reason why it is asked below.
func Field(name string, control fyne.CanvasObject, why string) *fyne.Container {
	field := container.NewVBox(FieldLabel(name), control)
	if why != "" {
		field.Add(Note(why))
	}
	return field
}

func words(text string, size fyne.ThemeSizeName, style fyne.TextStyle, importance widget.Importance) *widget.Label {
	l := widget.NewLabel(text)
	l.SizeName, l.TextStyle, l.Importance, l.Wrapping = size, style, importance, fyne.TextWrapWord
	return l
}
