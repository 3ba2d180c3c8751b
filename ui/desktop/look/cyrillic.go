package look

import (
	"encoding/binary"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Fyne's text shaper applies the rule by which the font takes the dot off a Cyrillic і under an accent also where no accent
// stands, so that Ukrainian loses the dots of one letter in twenty. The fonts here are Fyne's without that rule. Composed
// letters, ї among them, do not need it.

var (
	regularFont = sync.OnceValue(func() fyne.Resource { return withoutCyrillicComposition(theme.DefaultTheme().Font(fyne.TextStyle{})) })
	boldFont    = sync.OnceValue(func() fyne.Resource {
		return withoutCyrillicComposition(theme.DefaultTheme().Font(fyne.TextStyle{Bold: true}))
	})
)

// withoutCyrillicComposition gives a copy of an OpenType font in which Cyrillic text has no "glyph composition" feature; the font
// itself when it is none, or has no such feature.
func withoutCyrillicComposition(font fyne.Resource) fyne.Resource {
	data := append([]byte(nil), font.Content()...)
	if !dropFeature(data, "cyrl", "ccmp") {
		return font
	}
	return fyne.NewStaticResource("cyrillic-"+font.Name(), data)
}

// dropFeature renames a feature of one script in a font's GSUB table to a name that no shaper asks for, and tells whether the font
// had it. The layout is that of OpenType: a script list and a feature list, both of tagged offsets.
func dropFeature(font []byte, script, feature string) (dropped bool) {
	defer func() {
		if recover() != nil { // an offset that leads out of a broken font
			dropped = false
		}
	}()
	u16 := func(at int) int { return int(binary.BigEndian.Uint16(font[at:])) }
	gsub := 0
	for i := range u16(4) {
		if record := 12 + 16*i; string(font[record:record+4]) == "GSUB" {
			gsub = int(binary.BigEndian.Uint32(font[record+8:]))
		}
	}
	if gsub == 0 {
		return false
	}
	scripts, features := gsub+u16(gsub+4), gsub+u16(gsub+6)
	drop := func(system int) {
		for i := range u16(system + 4) {
			record := features + 2 + 6*u16(system+6+2*i)
			if string(font[record:record+4]) == feature {
				copy(font[record:], "zzzz")
				dropped = true
			}
		}
	}
	for i := range u16(scripts) {
		record := scripts + 2 + 6*i
		if string(font[record:record+4]) != script {
			continue
		}
		table := scripts + u16(record+4)
		if system := u16(table); system != 0 {
			drop(table + system)
		}
		for j := range u16(table + 2) {
			drop(table + u16(table+4+6*j+4))
		}
	}
	return dropped
}
