package desktop_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// viewed are the files that lie where other programs show them from.
func (d *desk) viewed() []string {
	d.Helper()
	return must(filepath.Glob(filepath.Join(d.folder, "viewing", "*.pdf")))
}

func TestOpenedReceiptIsReadByThisUserOnlyAndGoesWithTheLock(t *testing.T) {
	d, _ := chosen(t)
	d.press("Open or print")
	d.see("deleted when Samtykke locks")
	files := d.viewed()
	if len(files) != 1 || strings.Contains(files[0], "Kari") || len(d.receipts()) != 0 {
		t.Fatalf("opened %v, saved %v", files, d.receipts())
	}
	if info := must(os.Stat(files[0])); info.Mode().Perm() != 0o600 {
		t.Errorf("others may read it: %v", info.Mode())
	}
	d.window.LockNow()
	d.see("Unlock")
	if left := d.viewed(); len(left) > 0 {
		t.Errorf("%v stays behind", left)
	}
}

func TestWhenNothingShowsAReceiptTheWindowSaysWhereItLies(t *testing.T) {
	d, _ := chosen(t)
	d.blind = errors.New("no such program")
	d.press("Open or print")
	d.see("No program on this machine could show")
	files := d.viewed()
	if len(files) != 1 {
		t.Fatalf("opened %v", files)
	}
	d.see(files[0])
	d.press("Copy the address")
	if got := d.app.Clipboard().Content(); got != files[0] {
		t.Errorf("the clipboard has %q", got)
	}
}

func TestWhatACrashLeftOpenGoesWhenTheProgramStarts(t *testing.T) {
	d := seated(t)
	d.window.Stop()
	left := filepath.Join(d.folder, "viewing", "receipt.pdf")
	if err := os.MkdirAll(filepath.Dir(left), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(left, []byte("%PDF-"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := d.door.Close(); err != nil {
		t.Fatal(err)
	}
	d.open()
	if files := d.viewed(); len(files) > 0 {
		t.Errorf("%v is still there", files)
	}
}

func TestReceiptIsQueuedForEMailOnlyWhereThereIsAnAddress(t *testing.T) {
	d, person := chosen(t)
	d.see("whoever signed has no address here")
	if d.pressable("Send by e-mail") != nil {
		t.Error("an e-mail to nobody can be sent")
	}
	address := "kari@example.no"
	must(d.session().Amend(d.Context(), person.ID, capture.Amendment{Email: &address}))
	d.see("By e-mail it goes to kari@example.no once this computer belongs to a media library")
	d.press("Send by e-mail")
	d.see("Queued. It goes out once")
	if err := enrol(t.Context(), d.session(), ""); err != nil {
		t.Fatal(err)
	}
	d.see("By e-mail it goes to kari@example.no")
	before := must(d.session().Status(d.Context())).PendingBlobs
	d.press("Send by e-mail")
	d.see("Queued. The library sends it")
	if after := must(d.session().Status(d.Context())).PendingBlobs; after != before {
		t.Errorf("asked twice, %d files wait for the library, before %d: one mail is enough", after, before)
	}
}

func TestEveryAnswerAndWithdrawalHasItsReceipt(t *testing.T) {
	d := seated(t)
	person := d.register("Kari Nordmann")
	d.sign(person.ID, consent.DecisionYes)
	must(d.session().Withdraw(d.Context(), capture.Withdrawal{Subject: person.ID}))
	d.see("Kari Nordmann")
	d.choose(0)
	d.see("withdrew everything")
	d.press("History")
	d.until("a receipt of each", func() bool { return len(d.buttons("Receipt")) == 2 })
	test.Tap(d.buttons("Receipt")[1]) // of the consent; that of the withdrawal can be handed out with one press
	d.see("said yes to everything")
	d.press("Save")
	d.until("it is written", func() bool { return len(d.receipts()) == 1 })
	raw := must(os.ReadFile(d.receipts()[0]))
	if v := must(d.session().Verify(raw)); v.Record == "" {
		t.Errorf("verified: %+v", v)
	}
}

func TestCodesOfAReceiptNameNobody(t *testing.T) {
	d, _ := chosen(t)
	d.press("Show QR")
	d.see("Proof of what you answered")
	codes := 0
	for _, o := range d.shown() {
		if _, ok := o.(*part.QRImage); ok {
			codes++
		}
	}
	if codes != 1 || d.says("Kari") || strings.Contains(d.window.Fyne().Title(), "Kari") {
		t.Errorf("%d codes without a library; the screen says %v", codes, d.texts())
	}
	d.key(fyne.KeyEscape)
	if err := enrol(t.Context(), d.session(), ""); err != nil {
		t.Fatal(err)
	}
	d.press("Show QR")
	d.see("Your own page")
}
