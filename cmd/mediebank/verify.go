package main

import (
	"fmt"
	"strings"

	"samtykke/app/library"
	"samtykke/app/problem"
)

type verifyCommand struct {
	dataFlags
}

// Run verifies a library, also beside one that serves.
func (v *verifyCommand) Run(c *call) error {
	storage, err := v.open(c, false)
	if err != nil {
		return err
	}
	defer storage.Close()
	report, err := library.Verify(c, storage.ledger, storage.objects, storage.keys.Signing.Public())
	if err != nil {
		return err
	}
	var text strings.Builder
	fmt.Fprintf(&text, "Read %d events and %d files.\n", report.Events, report.Blobs)
	for _, wrong := range report.Problems {
		fmt.Fprintf(&text, "▲ %s\n", wrong)
	}
	if report.OK() {
		text.WriteString("Nothing was changed, removed or slipped in.\n")
	}
	if err := c.answer(struct {
		OK       bool     `json:"ok"`
		Events   int      `json:"events"`
		Blobs    int      `json:"blobs"`
		Problems []string `json:"problems"`
	}{report.OK(), report.Events, report.Blobs, append([]string{}, report.Problems...)}, text.String()); err != nil {
		return err
	}
	if !report.OK() {
		return problem.New(problem.Damaged, "library-not-ok",
			"The library is not as it must be, {{.count}} findings; nothing was changed; look at each, and restore from a backup what is damaged.", "count", len(report.Problems))
	}
	return nil
}
