package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

type receiptCommand struct {
	Write  receiptWrite  `cmd:"" help:"Write the receipt of a consent, a refusal or a withdrawal as PDF."`
	Verify receiptVerify `cmd:"" help:"Check a receipt (PDF, JSON-LD) or a verification token, without a network."`
	Card   receiptCard   `cmd:"" help:"Write a person's QR card, to hand out or to photograph."`
	Cards  receiptCards  `cmd:"" help:"Write sheets of QR cards for the people of a shoot."`
	Mail   receiptMail   `cmd:"" help:"Have the library mail a receipt to whoever signed."`
}

type receiptWrite struct {
	Consent  consent.RecordID `required:"" help:"The consent or the withdrawal." placeholder:"ID"`
	Out      string           `required:"" help:"Where to." type:"path" placeholder:"FILE.pdf"`
	Language string           `help:"Another language than the one it was signed in." placeholder:"L"`
}

func (w *receiptWrite) Run(c *call) error {
	if !strings.EqualFold(filepath.Ext(w.Out), ".pdf") {
		return fmt.Errorf("%w: --out must end in .pdf", errUsage)
	}
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
	still := found.StillGiven
	if still == nil {
		still = []consent.Scope{}
	}
	result := map[string]any{"valid": err == nil, "kind": kindOf(found), "signed_by": found.SignedBy, "record": found.Record, "code": found.Code,
		"organisation": found.Organisation, "form": found.Form, "issued": moment(found.Issued), "until": moment(found.Until),
		"known_here": found.KnownHere, "withdrawn_since": found.WithdrawnSince, "withdrawn_at": moment(found.WithdrawnAt), "still_given": still,
		"erased": found.Erased}
	if err != nil {
		result["problem"] = problem.Of(err).Error()
	}
	return result
}

// kindOf is what was checked: consent, refusal or withdrawal. Only who has the record knows a refusal from a consent.
func kindOf(found capture.Verification) string {
	if found.Refusal {
		return "refusal"
	}
	return found.Kind.String()
}

// genuine says what a check found when all was well: who signed what and when, and what is known of it since.
func genuine(found capture.Verification) string {
	const toTheMinute = "2006-01-02 15:04 MST"
	text := fmt.Sprintf("Genuine and unchanged. The %s of %s on the form %s, signed by %s on %s",
		kindOf(found), found.Code, found.Form, found.SignedBy, found.Issued.Local().Format(toTheMinute))
	if !found.Until.IsZero() && !found.Refusal {
		text += ", valid until " + found.Until.Local().Format(time.DateOnly)
	}
	text += ". "
	still := strings.Join(scopeTexts(found.StillGiven), ", ")
	switch {
	case !found.KnownHere:
		return text + "Its record is not in this vault, so whether it was withdrawn later is not known here."
	case found.Erased:
		return text + "The person was erased since: nothing of it is in use."
	case found.Refusal:
		return text + "It says no to everything."
	case found.Kind == evidence.TokenWithdrawal && still != "":
		return text + "Given again since, or by others: " + still + "."
	case found.Kind == evidence.TokenWithdrawal:
		return text + "No later consent is known here."
	case found.WithdrawnSince && still != "":
		return text + fmt.Sprintf("Part of it has been withdrawn or refused since, the last time on %s. What still stands: %s.",
			found.WithdrawnAt.Local().Format(toTheMinute), still)
	case found.WithdrawnSince:
		return text + fmt.Sprintf("Everything it said yes to has been withdrawn or refused since, the last time on %s.",
			found.WithdrawnAt.Local().Format(toTheMinute))
	case still == "":
		return text + "Nothing in it counts as a yes today. No later withdrawal is known here."
	}
	return text + "No later withdrawal is known here."
}

func scopeTexts(scopes []consent.Scope) []string {
	texts := make([]string, len(scopes))
	for i, scope := range scopes {
		texts[i] = scope.String()
	}
	return texts
}

type receiptCard struct {
	Subject  string `xor:"whose" required:"" help:"Id or short code." placeholder:"ID"`
	End      bool   `xor:"whose" required:"" help:"The card that ends a person's pictures: those after it are nobody's until the next card."`
	Out      string `required:"" help:"A PDF or a PNG." type:"path" placeholder:"FILE.pdf|png"`
	Language string `help:"Language of the card." default:"nb" placeholder:"L"`
}

func (r *receiptCard) Run(c *call) error {
	var write func(*capture.Session, io.Writer, consent.SubjectID, string) error
	var writeEnd func(*capture.Session, io.Writer, string) error
	switch strings.ToLower(filepath.Ext(r.Out)) {
	case ".pdf":
		write, writeEnd = (*capture.Session).WriteCardPDF, (*capture.Session).WriteEndCardPDF
	case ".png":
		write, writeEnd = (*capture.Session).WriteCardPNG, (*capture.Session).WriteEndCardPNG
	default:
		return fmt.Errorf("%w: --out must end in .pdf or .png", errUsage)
	}
	s, err := c.open()
	if err != nil {
		return err
	}
	var card bytes.Buffer
	if r.End {
		err = writeEnd(s, &card, r.Language)
	} else {
		var id consent.SubjectID
		if id, err = s.Resolve(r.Subject); err == nil {
			err = write(s, &card, id, r.Language)
		}
	}
	if err != nil {
		return err
	}
	if err := capture.WriteFile(r.Out, card.Bytes()); err != nil {
		return err
	}
	return c.answer(map[string]any{"path": r.Out}, "The card is in "+r.Out)
}
