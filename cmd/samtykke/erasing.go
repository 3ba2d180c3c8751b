package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/assets"
)

type subjectErase struct {
	ID       string `arg:"" help:"Id or short code."`
	Reason   string `required:"" help:"request, mistake, retention, minor or other. Other words are kept nowhere: they could name the person." placeholder:"S"`
	Pictures bool   `help:"Remove the pictures that show this person and nobody else along."`
	Yes      bool   `help:"Do not ask."`
}

func (e *subjectErase) Run(c *call) error {
	s, id, err := c.openFor(e.ID)
	if err != nil {
		return err
	}
	erasure := capture.Erasure{Subject: id, Reason: e.Reason, Pictures: e.Pictures}
	if !e.Yes && c.atTerminal() {
		planned, err := s.ErasureOf(erasure)
		if err != nil {
			return err
		}
		if !c.confirmed(erasureInWords(planned, e.Pictures)) {
			return c.answer(nil, "Nothing was changed.")
		}
	}
	done, err := s.Erase(c.context, erasure)
	if err != nil {
		return err
	}
	removed := []consent.AssetID{}
	if e.Pictures {
		removed = done.Alone
	}
	kept := keptInWords(done)
	text := "Erased. It cannot be undone."
	if done.Already {
		text = "Nothing of this person was left to erase."
	}
	if !done.Already && !strings.EqualFold(string(done.Reason), strings.TrimSpace(e.Reason)) {
		text += fmt.Sprintf(" The log gives the reason %q; your words were kept nowhere, since they could name the person.", done.Reason)
	}
	if alone := len(done.Alone); alone > 0 && e.Pictures {
		text += fmt.Sprintf("\nImages removed: %d.", alone)
	} else if alone > 0 {
		text += fmt.Sprintf("\nImages that show this person and nobody else: %d. Run it again with --pictures to remove them.", alone)
	}
	folders, copies, err := c.foldersWith(s, done.Delivered)
	if err != nil {
		return err
	}
	return c.answer(map[string]any{"id": done.Subject, "code": done.Code, "reason": done.Reason, "affected": done.Affected, "alone": done.Alone, "removed": removed,
		"kept": kept, "exported": folders}, text+copies+"\nWhat stays:\n- "+strings.Join(kept, "\n- "))
}

func keptInWords(e capture.Erased) []string {
	kept := []string{}
	for _, k := range e.Kept {
		kept = append(kept, k.Words(assets.NewTexts(language)))
	}
	return kept
}

func erasureInWords(e capture.Erased, pictures bool) string {
	gone := "name, contact details, notes, signatures and statements"
	if pictures {
		gone += fmt.Sprintf(", and the images that show nobody else (%d)", len(e.Alone))
	}
	return fmt.Sprintf("Erasing %s forgets %s. It cannot be undone. Images that can no longer be used with this consent: %d.\nWhat stays:\n- %s",
		e.Code, gone, len(e.Affected), strings.Join(keptInWords(e), "\n- "))
}

// atTerminal tells whether a person is there to answer. A script has decided already.
func (c *call) atTerminal() bool {
	file, ok := c.stdin.(*os.File)
	return ok && !c.cli.JSON && term.IsTerminal(int(file.Fd()))
}

// confirmed asks a person at the terminal; only the word yes is a yes.
func (c *call) confirmed(what string) bool {
	fmt.Fprintf(c.stderr, "%s\nType yes to go on: ", what)
	line, err := bufio.NewReader(c.stdin).ReadString('\n')
	return err == nil && strings.EqualFold(strings.TrimSpace(line), "yes")
}
