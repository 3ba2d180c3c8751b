package desktop

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// usualReceipts is where receipts are written until the reader chooses another folder in the settings: the one of the configuration, else
// Samtykke among the user's documents.
func (w *Window) usualReceipts() string {
	if w.config.Receipts != "" {
		return w.config.Receipts
	}
	home, err := os.UserHomeDir()
	if err != nil {
		home = os.TempDir()
	}
	return filepath.Join(home, "Documents", programName)
}

// receiptLine is what can be done with the receipt of something that happened, every string ready.
type receiptLine struct {
	record    consent.RecordID // "" when there is no receipt, or when another device writes it
	elsewhere bool             // another device writes it
	mail      string           // where it goes by e-mail and when, or why it does not
	mailable  bool
}

// receiptActions are the ways to hand a receipt out.
func (p *sidePane) receiptActions(code consent.Code, r receiptLine) fyne.CanvasObject {
	s := p.shell
	t := s.window.words.t
	var save, open, show, mail *part.Button
	save = part.NewButton(t("receipt.save"), func() { s.saveReceipt(save, r.record, code) })
	open = part.NewButton(t("receipt.open"), func() { s.openReceipt(open, r.record, code) })
	show = part.NewButton(t("receipt.codes"), func() { s.showCodes(show, r.record) })
	mail = part.NewButton(t("receipt.mail"), func() { s.mailReceipt(mail, r.record) })
	enable(mail, r.mailable)
	return container.NewVBox(wrapping(save, open, show, mail), part.Note(r.mail))
}

// receiptName names a receipt's file by code and time, never by a person's name.
func (w *Window) receiptName(code consent.Code) string {
	return fmt.Sprintf("%s-%s-%s.pdf", w.words.t("receipt.file"), code, time.Now().Format("20060102-150405"))
}

// saveReceipt writes a receipt into the folder for receipts, where it stays until the photographer deletes it.
func (s *shell) saveReceipt(pressed *part.Button, record consent.RecordID, code consent.Code) {
	w := s.window
	s.save(s.notice, pressed, w.receiptName(code), "receipt.written", func(ctx context.Context) ([]byte, error) { return w.session.WriteReceipt(ctx, record, "") })
}

// save makes a file in the folder for receipts and says, with a text that has its path, that it is there. n says what went wrong.
func (s *shell) save(n *notice, pressed *part.Button, name, written string, make func(context.Context) ([]byte, error)) {
	w := s.window
	ready := busy(pressed, w.words.t("receipt.writing"))
	session, usual := w.session, w.usualReceipts()
	background(w, func(ctx context.Context) (path string, err error) {
		file, err := make(ctx)
		if err != nil {
			return "", err
		}
		folder, err := session.ReceiptFolder(ctx, usual)
		if err != nil {
			return "", err
		}
		_ = os.MkdirAll(folder, 0o700) // what cannot be made cannot be written to, which says more
		path = filepath.Join(folder, name)
		return path, capture.WritePrivateFile(path, file)
	}, func(path string, err error) {
		ready()
		if err != nil {
			n.fail(err)
			return
		}
		n.hide()
		w.toast(w.words.t(written, "path", path))
	})
}

// openReceipt shows a receipt in another program, from which it can be printed.
func (s *shell) openReceipt(pressed *part.Button, record consent.RecordID, code consent.Code) {
	w := s.window
	s.open(s.notice, pressed, w.receiptName(code), func(ctx context.Context) ([]byte, error) { return w.session.WriteReceipt(ctx, record, "") })
}

// open makes a file and shows it with whatever the system shows such files with. It goes when the vault is locked (see viewing).
func (s *shell) open(n *notice, pressed *part.Button, name string, make func(context.Context) ([]byte, error)) {
	w := s.window
	ready := busy(pressed, w.words.t("receipt.writing"))
	background(w, func(ctx context.Context) (string, error) {
		file, err := make(ctx)
		if err != nil {
			return "", err
		}
		path, err := w.viewing.Write(name, file)
		if err != nil {
			return "", err
		}
		return path, w.viewing.Show(path)
	}, func(_ string, err error) {
		ready()
		if err != nil {
			n.fail(err)
			return
		}
		n.hide()
		w.toast(w.words.t("open.done"))
	})
}

// mailReceipt asks the library to send a receipt, with the next sync.
func (s *shell) mailReceipt(pressed *part.Button, record consent.RecordID) {
	w := s.window
	ready := busy(pressed, w.words.t("receipt.mailing"))
	background(w, func(ctx context.Context) (capture.MailAsked, error) { return w.session.MailReceipt(ctx, record, "") },
		func(_ capture.MailAsked, err error) {
			ready()
			if err != nil {
				s.notice.fail(err)
				return
			}
			if _, enrolled := w.session.Enrolment(); !enrolled {
				w.toast(w.words.t("receipt.mailed.alone"))
				return
			}
			w.toast(w.words.t("receipt.mailed"))
		})
}
