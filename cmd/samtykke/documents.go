package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/problem"
)

type consentExport struct {
	Consent consent.RecordID `help:"One consent." xor:"what" required:"" placeholder:"ID"`
	Subject string           `help:"All consents of a person: id or short code." xor:"what" required:"" placeholder:"ID"`
	Out     string           `required:"" help:"Where to." type:"path" placeholder:"FILE.jsonld"`
}

func (e *consentExport) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	records := []consent.RecordID{e.Consent}
	if e.Subject != "" {
		if records, err = recordsOf(s, e.Subject); err != nil {
			return err
		}
	}
	documents := make([]json.RawMessage, len(records))
	for i, id := range records {
		if documents[i], err = s.RecordDocument(c.context, id); err != nil {
			return err
		}
	}
	file := []byte(documents[0])
	if e.Subject != "" {
		if file, err = json.Marshal(documents); err != nil {
			return err
		}
	}
	if err := capture.WriteFile(e.Out, append(file, '\n')); err != nil {
		return err
	}
	return c.answer(map[string]any{"path": e.Out, "consents": records}, fmt.Sprintf("Signed consents in %s: %d", e.Out, len(records)))
}

// recordsOf lists the consents of a person, oldest first.
func recordsOf(s *capture.Session, subject string) ([]consent.RecordID, error) {
	id, err := s.Resolve(subject)
	if err != nil {
		return nil, err
	}
	history, err := s.History(id)
	if err != nil {
		return nil, err
	}
	var records []consent.RecordID
	for _, h := range history {
		if h.Record != nil {
			records = append(records, consent.RecordID(h.ID))
		}
	}
	if records == nil {
		return nil, problem.New(problem.NotFound, "consents-none",
			"This person has signed nothing; nothing was written; \"consent show\" tells what is known.")
	}
	return records, nil
}

// verifyMany checks a file of several signed documents, as "consent export --subject" writes it. It is good when all of them are.
func verifyMany(c *call, s *capture.Session, documents []json.RawMessage) error {
	receipts := make([]map[string]any, len(documents))
	var first error
	var lines []string
	for i, raw := range documents {
		found, err := s.Verify(raw)
		if first == nil {
			first = err
		}
		receipts[i] = verified(found, err)
		if err == nil {
			lines = append(lines, genuine(found))
		}
	}
	if len(documents) == 0 {
		_, first = s.Verify([]byte("{}"))
		receipts = []map[string]any{verified(capture.Verification{}, first)}
	}
	result := receipts[0]
	result["valid"], result["receipts"] = first == nil, receipts[1:]
	if first != nil {
		result["problem"] = problem.Of(first).Error()
		return errors.Join(c.answer(result, ""), first)
	}
	return c.answer(result, strings.Join(lines, "\n"))
}
