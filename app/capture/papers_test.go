package capture_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/picture/picturetest"
	"samtykke/app/problem"
	"samtykke/app/receipt"
	"samtykke/test/drive"
)

// paperCode is the code of a sheet of the bench's shoot and form.
func (b *bench) paperCode(serial string, code consent.Code) capture.PaperCode {
	b.tb.Helper()
	forms := b.Forms()
	at := slices.IndexFunc(forms, func(f capture.PublishedForm) bool { return f.Current && f.Form.Key == "default" })
	return capture.PaperCode{Shoot: b.shoot, Form: string(forms[at].Hash)[:10], Language: "nb", Serial: serial, Code: code}
}

// scanned is a scan of a sheet, as far as a program looks at it; nth makes another one of the same sheet.
func scanned(tb testing.TB, code capture.PaperCode, nth int) []byte {
	tb.Helper()
	qr, err := receipt.QR(code.String(), 400+nth)
	if err != nil {
		tb.Fatal(err)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, qr); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// photographed is a photograph of a sheet that lies askew on a desk.
func photographed(tb testing.TB, code capture.PaperCode) []byte {
	tb.Helper()
	qr, err := receipt.QR(code.String(), 600)
	if err != nil {
		tb.Fatal(err)
	}
	return picturetest.SlateScene(qr, picturetest.SceneOptions{Options: picturetest.Options{Seed: 1, Orientation: 1}, Rotation: 3, Noise: 3, CodeSide: 0.25})
}

func (b *bench) addPaper(code capture.PaperCode, nth int) capture.SignedPaper {
	b.tb.Helper()
	paper, fresh, err := b.AddPaper(b.ctx, capture.PaperFile{Name: "sheet.png", Data: scanned(b.tb, code, nth)})
	if err != nil || !fresh || paper.Serial != code.Serial {
		b.tb.Fatalf("%+v, %t, %v", paper, fresh, err)
	}
	return paper
}

// confirmation says yes to the listed scopes and no to the rest.
func (b *bench) confirmation(paper capture.SignedPaper, p capture.Person, yes string) capture.PaperConfirmation {
	return capture.PaperConfirmation{Paper: paper.ID, Subject: p.ID, Answers: b.signing(p, yes).Answers}
}

func (b *bench) papers() []capture.ListedPaper {
	b.tb.Helper()
	list, err := b.Papers(b.ctx, b.shoot)
	if err != nil {
		b.tb.Fatal(err)
	}
	return list
}

func TestPrintedFormIsKnownWhenItIsPhotographed(t *testing.T) {
	if _, err := exec.LookPath("pdftoppm"); err != nil {
		t.Skip("pdftoppm is not installed")
	}
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola Nordmann"})
	var pdf bytes.Buffer
	if n, err := b.WritePaperForms(&pdf, capture.PaperPrint{Shoot: b.shoot, Form: "default", Language: "nb-simple", Copies: 1, Subjects: []consent.SubjectID{ola.ID}}); n != 1 || err != nil {
		t.Fatalf("%d sheets, %v", n, err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "form.pdf"), pdf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("pdftoppm", "-r", "150", "-png", "-singlefile", filepath.Join(dir, "form.pdf"), filepath.Join(dir, "scan")).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	paper, fresh, err := b.AddPaper(b.ctx, capture.PaperFile{Name: "scan.png", Data: mustRead(t, filepath.Join(dir, "scan.png"))})
	if err != nil || !fresh || paper.Code != ola.Code || paper.Shoot != b.shoot || paper.Language != "nb-simple" {
		t.Errorf("%+v, %v", paper, err)
	}
}

func TestWaitingPaperIsOnThisDeviceOnlyAndSurvivesARestart(t *testing.T) {
	b := mustBench(t)
	before, _ := b.Status(b.ctx)
	paper := b.addPaper(b.paperCode("7KQ2M9", ""), 1)
	b.reopen()
	after, _ := b.Status(b.ctx)
	if after.PendingBlobs != before.PendingBlobs || after.PendingEvents != before.PendingEvents || len(b.Images(capture.ImageFilter{})) != 0 {
		t.Errorf("a waiting paper is on its way: %+v, before %+v", after, before)
	}
	if after.WaitingPapers != 1 {
		t.Errorf("the status knows of %d papers", after.WaitingPapers)
	}
	list := b.papers()
	if len(list) != 1 || list[0].ID != paper.ID || list[0].State() != capture.PaperWaiting {
		t.Fatalf("%+v", list)
	}
	data, err := b.PaperBytes(b.ctx, paper.ID)
	if err != nil || !bytes.Equal(data, scanned(t, b.paperCode("7KQ2M9", ""), 1)) {
		t.Errorf("the photograph came back changed: %v", err)
	}
}

func TestConfirmedPaperIsTheEvidenceOfItsConsent(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola Nordmann"})
	paper := b.addPaper(b.paperCode("7KQ2M9", ola.Code), 1)
	c := b.confirmation(paper, ola, "web:photo")
	c.Subject = "" // the sheet says whose it is
	c.SignedOn, c.Witness = "2026-11-20", "Kari Nordmann"
	signed, err := b.ConfirmPaper(b.ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	history, _ := b.History(ola.ID)
	if len(history) != 1 || consent.RecordID(history[0].ID) != signed.Record || history[0].Record.Evidence[0].Kind != consent.EvidencePaper ||
		history[0].Record.Evidence[0].SHA256 != paper.ID || !history[0].At.After(b.now.Add(-time.Minute)) {
		t.Fatalf("%+v", history)
	}
	if want := time.Date(2029, 11, 20, 23, 59, 59, 0, time.Local); !history[0].Record.Until.Equal(want) {
		t.Errorf("it holds until %s, and three years from the day on the paper is %s", history[0].Record.Until, want)
	}
	transfers, err := b.WaitingTransfers(b.ctx)
	if err != nil || !slices.ContainsFunc(transfers, func(tr capture.Transfer) bool { return tr.Hash == paper.ID && tr.Class == capture.ClassEvidence }) {
		t.Errorf("the paper does not go to the library with its consent: %+v, %v", transfers, err)
	}
	if list := b.papers(); list[0].State() != capture.PaperConfirmed {
		t.Errorf("it still waits")
	}
	if audit, err := b.Audit(b.ctx); err != nil || len(audit.Problems) > 0 {
		t.Errorf("%v, %v", audit.Problems, err)
	}
	if err := b.DiscardPaper(b.ctx, paper.ID); problem.Of(err).ID != "paper-confirmed" {
		t.Errorf("evidence was discarded: %v", err)
	}
	if _, err := b.ConfirmPaper(b.ctx, c); problem.Of(err).ID != "paper-confirmed-already" {
		t.Errorf("confirmed twice: %v", err)
	}
	if pdf, err := b.WriteReceipt(b.ctx, signed.Record, ""); err != nil || len(pdf) > 200_000 {
		t.Errorf("a receipt of %d bytes, %v", len(pdf), err)
	}
}

func TestPaperThatWasOvertakenIsNoYes(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola Nordmann"})
	old, undated, mixed := b.addPaper(b.paperCode("7KQ2M1", ""), 1), b.addPaper(b.paperCode("7KQ2M2", ""), 2), b.addPaper(b.paperCode("7KQ2M3", ""), 3)
	if _, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: ola.ID, Scopes: []consent.Scope{{Channel: "web", Media: consent.Photo}}}); err != nil {
		t.Fatal(err)
	}
	b.now = b.now.Add(72 * time.Hour)
	c := b.confirmation(old, ola, "web:photo")
	c.SignedOn = "2026-11-21"
	if _, err := b.ConfirmPaper(b.ctx, c); problem.Of(err).ID != "paper-overtaken" {
		t.Errorf("a withdrawal lost to a paper of before: %v", err)
	}
	if _, err := b.ConfirmPaper(b.ctx, b.confirmation(undated, ola, "web:photo")); problem.Of(err).ID != "paper-overtaken" {
		t.Errorf("a withdrawal lost to a paper of nobody knows when: %v", err)
	}
	c = b.confirmation(mixed, ola, "web:photo,press:photo")
	c.SignedOn = "2026-11-24"
	if _, err := b.ConfirmPaper(b.ctx, c); err != nil {
		t.Errorf("a newer paper is refused: %v", err)
	}
	if _, err := b.ConfirmPaper(b.ctx, b.confirmation(undated, ola, "press:photo")); err != nil {
		t.Errorf("what was never withdrawn is refused: %v", err)
	}
	for _, day := range []string{"2026-12-24", "1926-01-01", "yesterday"} {
		c.SignedOn = day
		if _, err := b.ConfirmPaper(b.ctx, c); problem.Of(err).ID != "paper-date-wrong" {
			t.Errorf("signed on %s: %v", day, err)
		}
	}
}

func TestTwoPhotographsOfOneSheetAreListedTogether(t *testing.T) {
	b := mustBench(t)
	first := b.addPaper(b.paperCode("7KQ2M9", ""), 1)
	other := b.addPaper(b.paperCode("7KQ2M8", ""), 2)
	again := b.addPaper(b.paperCode("7KQ2M9", ""), 3)
	if _, fresh, err := b.AddPaper(b.ctx, capture.PaperFile{Data: scanned(t, b.paperCode("7KQ2M9", ""), 1)}); fresh || err != nil {
		t.Errorf("the same file came in twice: %v", err)
	}
	list := b.papers()
	if len(list) != 3 || list[0].ID != first.ID || list[1].ID != again.ID || list[2].ID != other.ID ||
		!slices.Equal(list[0].Same, []consent.BlobHash{again.ID}) || len(list[2].Same) != 0 {
		t.Errorf("%+v", list)
	}
	if err := b.DiscardPaper(b.ctx, again.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := b.PaperBytes(b.ctx, again.ID); problem.Of(err).ID != "paper-unknown" || len(b.papers()) != 2 {
		t.Errorf("it is still there: %v", err)
	}
}

func TestPaperConfirmsTheVersionThatWasPrinted(t *testing.T) {
	b := mustBench(t)
	printed := b.paperCode("7KQ2M9", "")
	if _, err := b.PublishForm(b.ctx, formFile(t, `"version": "2026.1"`, `"version": "2027.1"`)); err != nil {
		t.Fatal(err)
	}
	ola := b.person(capture.Registration{Name: "Ola Nordmann"})
	paper := b.addPaper(printed, 1)
	if _, err := b.ConfirmPaper(b.ctx, b.confirmation(paper, ola, "web:photo")); err != nil {
		t.Fatal(err)
	}
	history, _ := b.History(ola.ID)
	if form := string(history[0].Record.Form); !strings.HasPrefix(form, printed.Form) {
		t.Errorf("the record names %s, and the paper %s", form, printed.Form)
	}
	unknown := printed
	unknown.Form, unknown.Serial = "0000000000", "7KQ2M8"
	lost := b.addPaper(unknown, 2)
	if _, err := b.ConfirmPaper(b.ctx, b.confirmation(lost, ola, "web:photo")); problem.Of(err).ID != "paper-form-unknown" {
		t.Errorf("a form that is not here: %v", err)
	}
}

func TestPaperRegistersWhoeverIsNewAndRefusesMixedUpSheets(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola Nordmann"})
	paper := b.addPaper(b.paperCode("7KQ2M9", ""), 1)
	c := b.confirmation(paper, ola, "web:photo")
	c.Subject, c.New = "", &capture.Registration{Name: "Kari Nordmann", Born: "2015", Guardians: []consent.Guardian{{Name: "Ola Nordmann"}}}
	c.Guardian = 2
	if _, err := b.ConfirmPaper(b.ctx, c); problem.Of(err).ID != "guardian-unknown" || len(b.People(b.shoot)) != 1 {
		t.Errorf("registered, and then refused: %v", err)
	}
	c.Guardian = 1
	if _, err := b.ConfirmPaper(b.ctx, c); err != nil {
		t.Fatal(err)
	}
	people := b.People(b.shoot)
	if len(people) != 2 || people[1].Profile.Name != "Kari Nordmann" || people[1].Signed != 1 {
		t.Errorf("%+v", people)
	}
	for id, c := range map[string]capture.PaperConfirmation{
		"paper-confirmed-other": b.confirmation(paper, ola, "web:photo"),
		"paper-other-person":    b.confirmation(b.addPaper(b.paperCode("7KQ2M1", people[1].Code), 2), ola, "web:photo"),
		"paper-person-missing":  {Paper: b.addPaper(b.paperCode("7KQ2M2", ""), 3).ID, Answers: b.signing(ola, "").Answers},
		"scopes-unanswered":     {Paper: b.addPaper(b.paperCode("7KQ2M3", ""), 4).ID, Subject: ola.ID},
		"paper-unknown":         {Paper: "ffff", Subject: ola.ID, Answers: b.signing(ola, "").Answers},
	} {
		if _, err := b.ConfirmPaper(b.ctx, c); problem.Of(err).ID != id {
			t.Errorf("want %s, got %v", id, err)
		}
	}
}

func TestEverybodyGetsAsManySheetsAsAreAskedFor(t *testing.T) {
	b := mustBench(t)
	two := []consent.SubjectID{b.person(capture.Registration{Name: "Ola Nordmann"}).ID, b.person(capture.Registration{Name: "Kari Nordmann"}).ID}
	for _, order := range []struct {
		subjects     []consent.SubjectID
		copies, want int
	}{{two, 3, 6}, {two[:1], 2, 2}, {nil, 2, 2}} {
		got, err := b.WritePaperForms(io.Discard, capture.PaperPrint{Shoot: b.shoot, Form: "default", Language: "nb", Subjects: order.subjects, Copies: order.copies})
		if got != order.want || err != nil {
			t.Errorf("%d copies for %d people: %d sheets, %v", order.copies, len(order.subjects), got, err)
		}
	}
	for _, copies := range []int{0, -1, 1001} {
		if _, err := b.WritePaperForms(io.Discard, capture.PaperPrint{Shoot: b.shoot, Form: "default", Language: "nb", Subjects: two, Copies: copies}); problem.Of(err).ID != "paper-copies-wrong" {
			t.Errorf("%d copies for two: %v", copies, err)
		}
	}
}

// The back holds no answer: it goes where its front goes, waits for nobody, and is no picture of people.
func TestBackOfASheetBelongsToItsFront(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola Nordmann"})
	front := b.paperCode("7KQ2M9", "")
	reverse := front
	reverse.Back = true
	path := filepath.Join(t.TempDir(), "back.jpg")
	if err := os.WriteFile(path, photographed(t, reverse), 0o600); err != nil {
		t.Fatal(err)
	}
	report, err := b.Import(b.ctx, capture.Import{Shoot: b.shoot, Paths: []string{path}, Slates: true})
	if err != nil || report.Imported != 0 || len(report.Papers) != 1 || len(b.Images(capture.ImageFilter{})) != 0 {
		t.Fatalf("%+v, %v", report, err)
	}
	if status, _ := b.Status(b.ctx); status.WaitingPapers != 0 {
		t.Error("the back waits to be read")
	}
	paper := b.addPaper(front, 1)
	list := b.papers()
	if len(list) != 2 || list[0].State() != capture.PaperBack || !slices.Equal(list[0].Same, []consent.BlobHash{paper.ID}) {
		t.Errorf("%+v", list)
	}
	if _, err := b.ConfirmPaper(b.ctx, b.confirmation(list[0].SignedPaper, ola, "web:photo")); problem.Of(err).ID != "paper-is-back" {
		t.Errorf("a back was confirmed: %v", err)
	}
	if _, err := b.ConfirmPaper(b.ctx, b.confirmation(paper, ola, "web:photo")); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Erase(b.ctx, capture.Erasure{Subject: ola.ID, Reason: "request"}); err != nil || len(b.papers()) != 0 {
		t.Errorf("%+v, %v", b.papers(), err)
	}
}

// What is said not to have been saved is not: nobody is registered for a paper that then is refused.
func TestNobodyIsRegisteredForARefusedPaper(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola Nordmann"})
	printed, confirmed := b.addPaper(b.paperCode("7KQ2M1", ola.Code), 1), b.addPaper(b.paperCode("7KQ2M2", ""), 2)
	if _, err := b.ConfirmPaper(b.ctx, b.confirmation(confirmed, ola, "web:photo")); err != nil {
		t.Fatal(err)
	}
	blank := b.addPaper(b.paperCode("7KQ2M3", ""), 3)
	for id, c := range map[string]capture.PaperConfirmation{
		"paper-other-person":    {Paper: printed.ID},
		"paper-confirmed-other": {Paper: confirmed.ID},
		"paper-expired":         {Paper: blank.ID, SignedOn: "2016-11-21"},
		"paper-date-wrong":      {Paper: blank.ID, SignedOn: "2030-01-01"},
		"guardian-unknown":      {Paper: blank.ID, Guardian: 3},
		"scopes-unanswered":     {Paper: blank.ID},
	} {
		c.New = &capture.Registration{Name: "Kari Nordmann", Born: "2015"}
		if id != "scopes-unanswered" {
			c.Answers = b.signing(ola, "web:photo").Answers
		}
		if _, err := b.ConfirmPaper(b.ctx, c); problem.Of(err).ID != id || len(b.People(b.shoot)) != 1 {
			t.Errorf("want %s, got %v, and %d people", id, err, len(b.People(b.shoot)))
		}
	}
}

func TestErasureTakesThePapersToo(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola Nordmann"})
	confirmed, waiting := b.addPaper(b.paperCode("7KQ2M1", ""), 1), b.addPaper(b.paperCode("7KQ2M2", ola.Code), 2)
	others := b.addPaper(b.paperCode("7KQ2M3", ""), 3)
	again := b.addPaper(b.paperCode("7KQ2M1", ""), 4) // the sheet that is confirmed, photographed twice
	if _, err := b.ConfirmPaper(b.ctx, b.confirmation(confirmed, ola, "web:photo")); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Erase(b.ctx, capture.Erasure{Subject: ola.ID, Reason: "request"}); err != nil {
		t.Fatal(err)
	}
	b.reopen()
	if list := b.papers(); len(list) != 1 || list[0].ID != others.ID {
		t.Errorf("%+v", list)
	}
	for _, id := range []consent.BlobHash{confirmed.ID, waiting.ID, again.ID} {
		if err := b.vault.View(b.ctx, func(tx capture.Tx) error {
			if _, here, err := tx.Blob(id); here || err != nil {
				t.Errorf("%s is still here: %v", id, err)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestScanWithoutACodeIsOfWhatItIsSaidToBe(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola Nordmann"})
	pdf := []byte("%PDF-1.4 a scan\n%%EOF")
	if _, _, err := b.AddPaper(b.ctx, capture.PaperFile{Data: pdf}); problem.Of(err).ID != "paper-code-unread" {
		t.Errorf("a scan of nothing in particular: %v", err)
	}
	paper, _, err := b.AddPaper(b.ctx, capture.PaperFile{Name: "scan.pdf", Data: pdf, Shoot: b.shoot, Form: "default", Language: "nb"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.ConfirmPaper(b.ctx, b.confirmation(paper, ola, "web:photo")); err != nil {
		t.Fatal(err)
	}
	blank := image.NewGray(image.Rect(0, 0, 40, 40))
	blank.Set(3, 3, color.White)
	var out bytes.Buffer
	if err := png.Encode(&out, blank); err != nil {
		t.Fatal(err)
	}
	for id, f := range map[string]capture.PaperFile{
		"paper-code-unread": {Data: out.Bytes(), Shoot: b.shoot},
		"form-unknown":      {Data: out.Bytes(), Shoot: b.shoot, Language: "nb", Form: "none"},
		"shoot-unknown":     {Data: out.Bytes(), Shoot: "none", Language: "nb", Form: "default"},
		"paper-unreadable":  {Data: []byte("a text"), Shoot: b.shoot, Language: "nb", Form: "default"},
		"paper-too-large":   {Data: make([]byte, capture.MaxBlob+1)},
	} {
		if _, _, err := b.AddPaper(b.ctx, f); problem.Of(err).ID != id {
			t.Errorf("want %s, got %v", id, err)
		}
	}
}

func TestImportedPaperIsNoPictureOfPeople(t *testing.T) {
	b := mustBench(t)
	dir := t.TempDir()
	paths, err := drive.CardOfSmall(dir, b.now, 2, b.person(capture.Registration{Name: "Ola"}).Code)
	if err != nil {
		t.Fatal(err)
	}
	sheet := filepath.Join(dir, "ZZ_sheet.jpg")
	if err := os.WriteFile(sheet, photographed(t, b.paperCode("7KQ2M9", "")), 0o600); err != nil {
		t.Fatal(err)
	}
	in := capture.Import{Shoot: b.shoot, Paths: []string{dir}, Slates: true}
	report, err := b.Import(b.ctx, in)
	if err != nil || report.Imported != len(paths) || len(report.Papers) != 1 || report.Papers[0].Path != sheet {
		t.Fatalf("%+v, %v", report, err)
	}
	if images := b.Images(capture.ImageFilter{}); len(images) != len(paths) {
		t.Errorf("%d images", len(images))
	}
	id := report.Papers[0].ID
	if list := b.papers(); len(list) != 1 || list[0].ID != id || list[0].Serial != "7KQ2M9" || b.vault.Originals().Has(consent.AssetID(id)) {
		t.Errorf("%+v", list)
	}
	again, err := b.Import(b.ctx, in)
	if err != nil || again.Imported != 0 || len(again.Papers) != 0 || again.Duplicates != len(paths)+1 {
		t.Errorf("again: %+v, %v", again, err)
	}
	if !bytes.Equal(mustRead(t, sheet), photographed(t, b.paperCode("7KQ2M9", ""))) {
		t.Error("the file on the card was changed")
	}
}

// As evidence of one person it would show what the others have signed, and as a picture anybody might find it in an export.
func TestAPictureOfSeveralPapersIsNotTakenIn(t *testing.T) {
	b := mustBench(t)
	img := picturetest.Scene(1600, 900, 3)
	for i, serial := range []string{"7KQ2M8", "7KQ2M9"} {
		qr, err := receipt.QR(b.paperCode(serial, "").String(), 600)
		if err != nil {
			t.Fatal(err)
		}
		picturetest.Paste(img, qr, picturetest.SceneOptions{CodeSide: 0.6, X: 0.25 + 0.5*float64(i), Y: 0.5})
	}
	path := filepath.Join(t.TempDir(), "sheets.jpg")
	if err := os.WriteFile(path, picturetest.Encode(img, picturetest.Options{Seed: 3, Orientation: 1}), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		report, err := b.Import(b.ctx, capture.Import{Shoot: b.shoot, Paths: []string{path}, Slates: true})
		if err != nil || report.Imported+report.Duplicates+len(report.Papers) != 0 || len(report.Skipped) != 1 || report.Skipped[0].Why != capture.SkipPapers {
			t.Fatalf("%+v, %v", report, err)
		}
	}
	id := consent.AssetID(fmt.Sprintf("%x", sha256.Sum256(mustRead(t, path))))
	if len(b.Images(capture.ImageFilter{})) != 0 || len(b.papers()) != 0 || b.vault.Originals().Has(id) {
		t.Error("something of it is here")
	}
}

// GDPR art. 15(1): what waits to be read is kept of the person too.
func TestAccessExportHasThePapersThatWait(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola Nordmann"})
	confirmed, printed := b.addPaper(b.paperCode("7KQ2M1", ""), 1), b.addPaper(b.paperCode("7KQ2M2", ola.Code), 2)
	again, other := b.addPaper(b.paperCode("7KQ2M1", ""), 3), b.addPaper(b.paperCode("7KQ2M3", ""), 4)
	if _, err := b.ConfirmPaper(b.ctx, b.confirmation(confirmed, ola, "web:photo")); err != nil {
		t.Fatal(err)
	}
	parts := b.export(capture.AccessRequest{Subject: ola.ID, Language: "nb"})
	for paper, want := range map[consent.BlobHash]bool{confirmed.ID: false, printed.ID: true, again.ID: true, other.ID: false} {
		if _, there := parts["papers/"+consent.AssetID(paper).Short()+".png"]; there != want {
			t.Errorf("paper %s: %t, want %t", paper, there, want)
		}
	}
	if !bytes.Contains(parts["README.txt"], []byte("papers/: ")) {
		t.Errorf("the README does not name them:\n%s", parts["README.txt"])
	}
}
