package capture

import (
	"io"

	"samtykke/app/receipt"
	"samtykke/assets"
)

// endCard is the card that ends a person's frames.
func (s *Session) endCard(language string) receipt.Card {
	texts := assets.NewTexts(language)
	return receipt.Card{Language: language, Texts: texts.T, Code: texts.T("card.end", nil), Payload: EndPayload,
		OrganisationName: s.Organisation().Name, End: texts.T("card.end.use", nil)}
}

// WriteEndCardPDF writes the card that ends a person's frames, to print: those after it are nobody's until the next card.
func (s *Session) WriteEndCardPDF(w io.Writer, language string) error {
	return receipt.WriteCardPDF(w, s.endCard(language))
}

// WriteEndCardPNG writes the same card as a picture, to show on a screen.
func (s *Session) WriteEndCardPNG(w io.Writer, language string) error {
	return receipt.WriteCardPNG(w, s.endCard(language))
}
