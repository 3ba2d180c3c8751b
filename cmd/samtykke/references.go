package main

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/assets"
)

// referenceJSON is a file outside the vault.
type referenceJSON struct {
	Asset consent.AssetID        `json:"asset"`
	Hash  consent.BlobHash       `json:"sha256"` // of the file: the asset's, or that of a file that came with it
	Name  string                 `json:"name"`
	Path  string                 `json:"path"`
	State capture.ReferenceState `json:"state"` // same, changed, gone or unreadable
}

func referencesOf(list []capture.Reference) []referenceJSON {
	out := []referenceJSON{}
	for _, r := range list {
		out = append(out, referenceJSON(r))
	}
	return out
}

// lines say of each reference that is not as it was where it is and what to do.
func lines(list []referenceJSON) string {
	texts := assets.NewTexts(language)
	var b strings.Builder
	for _, r := range list {
		if r.State != capture.ReferenceSame {
			fmt.Fprintf(&b, "\n  %s: %s", r.Path, texts.T("reference."+string(r.State), nil))
		}
	}
	return b.String()
}

type imageCheck struct {
	Full bool `help:"Read every file to its end, also those that nobody seems to have written to."`
}

func (ch *imageCheck) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	found, err := s.CheckReferences(c.context, ch.Full, c.counted("files checked"))
	if err != nil {
		return err
	}
	list := referencesOf(found)
	count := map[capture.ReferenceState]int{}
	for _, r := range list {
		count[r.State]++
	}
	text := "No file was left outside the vault."
	if len(list) > 0 {
		text = fmt.Sprintf("%d files outside the vault: %d as they were, %d changed, %d gone, %d unreadable", len(list), count[capture.ReferenceSame],
			count[capture.ReferenceChanged], count[capture.ReferenceGone], count[capture.ReferenceUnreadable]) + lines(list)
	}
	return c.answer(map[string]any{"checked": len(list), "full": ch.Full, "same": count[capture.ReferenceSame], "changed": count[capture.ReferenceChanged],
		"gone": count[capture.ReferenceGone], "unreadable": count[capture.ReferenceUnreadable], "references": list}, text)
}

type imageRelocate struct {
	From string `arg:"" type:"path" help:"The folder, or the file, as it was when the images were imported by reference."`
	To   string `arg:"" type:"path" help:"Where it is now."`
}

func (r *imageRelocate) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	done, err := s.Relocate(c.context, r.From, r.To, c.counted("files compared"))
	if err != nil {
		return err
	}
	unfit := referencesOf(done.Unfit)
	return c.answer(map[string]any{"moved": len(done.Moved), "unfit": unfit},
		fmt.Sprintf("%d files found in %s, %d not", len(done.Moved), r.To, len(unfit))+lines(unfit))
}

// counted shows how far something is, on a terminal only.
func (c *call) counted(what string) func(done, total int) {
	file, ok := c.stderr.(*os.File)
	if !ok || c.cli.JSON || !term.IsTerminal(int(file.Fd())) {
		return nil
	}
	return func(done, total int) {
		end := "\r"
		if done == total {
			end = "\n"
		}
		fmt.Fprintf(c.stderr, "%d of %d %s%s", done, total, what, end)
	}
}
