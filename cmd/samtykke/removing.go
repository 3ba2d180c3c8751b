package main

import (
	"fmt"
	"strings"

	"samtykke/app/capture"
)

type imageRemove struct {
	Assets []string `arg:"" name:"asset" help:"Images, by id or name."`
	Reason string   `help:"Why; kept sealed." placeholder:"S"`
	Yes    bool     `help:"Do not ask, and remove also what the library has not confirmed to have."`
}

func (r *imageRemove) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	ids, err := resolveAssets(s, r.Assets)
	if err != nil {
		return err
	}
	removal := capture.Removal{Assets: ids, Reason: r.Reason, Unsent: r.Yes}
	if !r.Yes && c.atTerminal() {
		planned, err := s.RemovalOf(c.context, ids)
		if err != nil {
			return err
		}
		if !c.confirmed(removalInWords(planned)) {
			return c.answer(nil, "Nothing was changed.")
		}
		removal.Unsent = true
	}
	done, err := s.RemoveImages(c.context, removal)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("Removed: %d. Copies that were exported or delivered must be taken down where they are shown.", len(done.Assets))
	if len(done.Outside) > 0 {
		text += "\nThese files lie outside the vault and stay: " + strings.Join(done.Outside, ", ")
	}
	return c.answer(map[string]any{"removed": done.Assets, "unsent": done.Unsent, "outside": done.Outside}, text)
}

func removalInWords(r capture.Removed) string {
	words := fmt.Sprintf("Images that are taken out of use everywhere and deleted from this device: %d. It cannot be undone.", len(r.Assets))
	if n := len(r.Unsent); n > 0 {
		words += fmt.Sprintf(" Of these, on this device alone, since the media library has not confirmed them: %d.", n)
	}
	return words
}
