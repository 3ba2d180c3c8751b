package capture

import (
	"context"

	"samtykke/app/consent"
)

// ReceiptCodes are what the two QR codes of a receipt say.
type ReceiptCodes struct {
	Code  consent.Code // whose receipt it is
	Token string       // verification token
	Link  string       // address of the personal link; "" while no library is known
}

// ReceiptCodes gives what the codes on the receipt of a record or of a withdrawal say, to be shown on a screen. They are the same ones
// that the paper has, and like these they open somebody's answers to whoever photographs them. Nothing is noted in the log.
func (s *Session) ReceiptCodes(ctx context.Context, id consent.RecordID) (ReceiptCodes, error) {
	var codes ReceiptCodes
	err := s.change(ctx, func(c *change) error {
		r, err := s.receiptOf(c, id, "")
		codes = ReceiptCodes{Code: r.token.Code, Token: r.doc.Token, Link: r.doc.Link}
		return err
	})
	return codes, err
}
