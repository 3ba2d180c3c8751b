package main

import (
	"fmt"

	"samtykke/app/capture"
)

type subjectExport struct {
	ID               string `arg:"" help:"Id or short code."`
	Out              string `required:"" help:"Where to; a file that is there is not overwritten." type:"path" placeholder:"FILE.zip"`
	Language         string `help:"Language of the words in it: nb, nn or en." default:"nb" placeholder:"L"`
	Pictures         bool   `help:"Add the pictures that show this person and nobody else."`
	GuardianContacts bool   `help:"Add how to reach the guardians; ask yourself who will read it."`
}

func (e *subjectExport) Run(c *call) error {
	s, id, err := c.openFor(e.ID)
	if err != nil {
		return err
	}
	done, err := s.ExportPerson(c.context, capture.AccessRequest{Subject: id, Out: e.Out, Language: e.Language, Pictures: e.Pictures,
		GuardianContacts: e.GuardianContacts})
	if err != nil {
		return err
	}
	return c.answer(map[string]any{"file": done.File, "sha256": done.SHA256, "files": done.Files},
		fmt.Sprintf("%s has %d files.\nRead README.txt and the notes in profile.json through before you hand it out, and send it sealed: it is personal data.",
			done.File, len(done.Files)))
}
