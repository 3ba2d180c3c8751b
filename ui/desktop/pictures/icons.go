package pictures

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"samtykke/app/consent"
)

// icon draws a themed icon by the path of its shape, on a ground of 24 by 24.
func icon(name, path string) fyne.Resource {
	return theme.NewThemedResource(fyne.NewStaticResource(name, []byte(
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24"><path fill="#000" fill-rule="evenodd" d="`+path+`"/></svg>`)))
}

var (
	// cardIcon marks a photographed card: a card with a code on it.
	cardIcon = icon("card.svg", "M3 3 H21 V21 H3 Z M5 5 V19 H19 V5 Z M7 7 H11 V11 H7 Z M13 7 H17 V11 H13 Z M7 13 H11 V17 H7 Z M13 13 H15 V15 H13 Z M15 15 H17 V17 H15 Z")
	// filmIcon is a strip of film with the sign for playing.
	filmIcon = icon("film.svg", "M2 4 H22 V20 H2 Z M7 6 V18 H17 V6 Z M3.5 6 V8.5 H5.5 V6 Z M3.5 10.75 V13.25 H5.5 V10.75 Z M3.5 15.5 V18 H5.5 V15.5 Z "+
		"M18.5 6 V8.5 H20.5 V6 Z M18.5 10.75 V13.25 H20.5 V10.75 Z M18.5 15.5 V18 H20.5 V15.5 Z M10 8.5 L15 12 L10 15.5 Z")
	// soundIcon is a sound as it swings.
	soundIcon = icon("sound.svg", "M2 10 H4 V14 H2 Z M6 7 H8 V17 H6 Z M10 3 H12 V21 H10 Z M14 8 H16 V16 H14 Z M18 5 H20 V19 H18 Z M22 10 H23.5 V14 H22 Z")
)

// kindIcon marks films and sounds; nil for a photo.
func kindIcon(kind consent.MediaKind) fyne.Resource {
	switch kind {
	case consent.Video:
		return filmIcon
	case consent.Audio:
		return soundIcon
	}
	return nil
}
