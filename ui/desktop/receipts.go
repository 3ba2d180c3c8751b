package desktop

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// receiptFolder is where receipts are written: the folder that was chosen in the settings, else the one of the
// configuration, else Samtykke among the user's documents.
func (w *Window) receiptFolder() string {
	if chosen := w.app.Preferences().String(preferReceipts); chosen != "" {
		return chosen
	}
	if w.config.Receipts != "" {
		return w.config.Receipts
	}
	home, err := os.UserHomeDir()
	if err != nil {
		home = os.TempDir()
	}
	return filepath.Join(home, "Documents", programName)
}

// writeReceipt writes a receipt into the folder for receipts and opens it with whatever shows PDFs here. The file is
// named by code and time, never by a person's name.
func (s *shell) writeReceipt(pressed *part.Button, record consent.RecordID, code consent.Code) {
	w := s.window
	ready := busy(pressed, w.words.t("receipt.writing"))
	name := fmt.Sprintf("%s-%s-%s.pdf", w.words.t("receipt.file"), code, time.Now().Format("20060102-150405"))
	path := filepath.Join(w.receiptFolder(), name)
	background(w, func(ctx context.Context) (string, error) {
		pdf, err := w.session.WriteReceipt(ctx, record, "")
		if err != nil {
			return "", err
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return "", fmt.Errorf("make folder for receipts: %w", err)
		}
		if err := os.WriteFile(path, pdf, 0o600); err != nil {
			return "", fmt.Errorf("write receipt: %w", err)
		}
		return path, nil
	}, func(path string, err error) {
		ready()
		if err != nil {
			s.notice.fail(err)
			return
		}
		if err := w.app.OpenURL(fileURL(path)); err != nil {
			s.notice.warn(w.words.t("receipt.unopened", "path", path))
			return
		}
		w.toast(w.words.t("receipt.written", "path", path))
	})
}
