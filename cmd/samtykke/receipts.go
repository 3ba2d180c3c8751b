package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/problem"
)

type receiptCommand struct {
	Write  receiptWrite  `cmd:"" help:"Write the receipt of a consent as PDF."`
	Verify receiptVerify `cmd:"" help:"Check a receipt (PDF, JSON-LD) or a verification token, without a network."`
	Card   receiptCard   `cmd:"" help:"Write a person's QR card, to hand out or to photograph."`
}

type receiptWrite struct {
	Consent  consent.RecordID `required:"" help:"The consent." placeholder:"ID"`
	Out      string           `required:"" help:"Where to." type:"path" placeholder:"FILE.pdf"`
	Language string           `help:"Another language than the one it was signed in." placeholder:"L"`
}

func (w *receiptWrite) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	file, err := s.WriteReceipt(c.context, w.Consent, w.Language)
	if err != nil {
		return err
	}
	if err := capture.WriteFile(w.Out, file); err != nil {
		return err
	}
	return c.answer(map[string]any{"path": w.Out}, "The receipt is in "+w.Out)
}

type receiptVerify struct {
	What string `arg:"" help:"A receipt's PDF or JSON-LD, or the text of a token." placeholder:"FILE|TOKEN"`
}

func (v *receiptVerify) Run(c *call) error {
	input := []byte(v.What)
	if !strings.HasPrefix(v.What, "SMT1:") {
		raw, err := readBounded(v.What, capture.MaxBlob)
		if err != nil {
			return err
		}
		input = bytes.TrimSpace(raw)
		if bytes.HasPrefix(raw, []byte("%PDF-")) {
			input = raw
		}
	}
	s, err := c.open()
	if err != nil {
		return err
	}
	var several []json.RawMessage
	if bytes.HasPrefix(input, []byte("[")) && json.Unmarshal(input, &several) == nil {
		return verifyMany(c, s, several)
	}
	found, err := s.Verify(input)
	if err != nil {
		return errors.Join(c.answer(verified(found, err), ""), err)
	}
	return c.answer(verified(found, nil), genuine(found))
}

// verified is what a check found, for JSON.
func verified(found capture.Verification, err error) map[string]any {
	result := map[string]any{"valid": err == nil, "signed_by": found.SignedBy, "record": found.Record, "code": found.Code,
		"organisation": found.Organisation, "form": found.Form, "issued": moment(found.Issued), "until": moment(found.Until),
		"known_here": found.KnownHere, "withdrawn_since": found.WithdrawnSince}
	if err != nil {
		result["problem"] = problem.Of(err).Error()
	}
	return result
}

// genuine says what a check found when all was well.
func genuine(found capture.Verification) string {
	text := fmt.Sprintf("Genuine. Signed by %s on %s, for %s, form %s.", found.SignedBy, found.Issued.Local().Format("2006-01-02 15:04"), found.Code, found.Form)
	if found.WithdrawnSince {
		text += "\nSomething in it has been withdrawn since."
	}
	return text
}

type receiptCard struct {
	Subject  string `required:"" help:"Id or short code." placeholder:"ID"`
	Out      string `required:"" help:"A PDF or a PNG." type:"path" placeholder:"FILE.pdf|png"`
	Language string `help:"Language of the card." default:"nb" placeholder:"L"`
}

func (r *receiptCard) Run(c *call) error {
	var write func(*capture.Session, io.Writer, consent.SubjectID, string) error
	switch strings.ToLower(filepath.Ext(r.Out)) {
	case ".pdf":
		write = (*capture.Session).WriteCardPDF
	case ".png":
		write = (*capture.Session).WriteCardPNG
	default:
		return fmt.Errorf("%w: --out must end in .pdf or .png", errUsage)
	}
	s, id, err := c.openFor(r.Subject)
	if err != nil {
		return err
	}
	var card bytes.Buffer
	if err := write(s, &card, id, r.Language); err != nil {
		return err
	}
	if err := capture.WriteFile(r.Out, card.Bytes()); err != nil {
		return err
	}
	return c.answer(map[string]any{"path": r.Out}, "The card is in "+r.Out)
}
