package desktop

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"samtykke/ui/desktop/part"
)

// wrapping puts objects beside each other where there is room, and else below each other.
func wrapping(objects ...fyne.CanvasObject) *fyne.Container {
	return part.Flow(wrappingGap, objects...)
}

const wrappingGap = 16

// hide lets an object take no room, or shows it.
func hide(o fyne.CanvasObject, hidden bool) { shown(o, !hidden) }

// join puts texts together that are not empty.
func join(separator string, texts ...string) string {
	return strings.Join(keep(texts, func(s string) bool { return s != "" }), separator)
}

// beginning lets a text begin a sentence.
func beginning(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// keep gives the elements of a list that pass, in a new list.
func keep[T any](list []T, pass func(T) bool) []T {
	var kept []T
	for _, each := range list {
		if pass(each) {
			kept = append(kept, each)
		}
	}
	return kept
}
