package receipt_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"samtykke/app/receipt"
)

var update = flag.Bool("update", false, "write testdata anew")

func TestReceiptReadsAsAgreed(t *testing.T) {
	for _, language := range languages {
		for name, make := range map[string]func(testing.TB, string) receipt.Document{"adult": document, "child": childDocument} {
			t.Run(name+"."+language, func(t *testing.T) {
				got := pdfText(t, write(t, make(t, language)))
				path := filepath.Join("testdata", name+"."+language+".txt")
				if *update {
					if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if got != string(want) {
					t.Errorf("the text of the receipt has changed; if that is meant, run the test with -update\ngot:\n%s", got)
				}
			})
		}
	}
}

func TestReceiptHoldsTheWholeChecklist(t *testing.T) {
	for _, language := range languages {
		d := document(t, language)
		got := said(t, write(t, d))
		tr := func(id string) string { return d.Texts(id, nil) }
		want := []string{
			d.Number, "10:14", "2026-11-22 09:14:31 UTC",
			d.Organisation.Name, d.Organisation.Number, d.Organisation.Address, d.Organisation.Contact, d.Organisation.DPO,
			d.Organisation.Policy, d.SubjectName, d.SubjectCode, d.Photographer, d.Device, d.ShootTitle, d.ShootPlace,
			d.FormTitle, d.FormVersion, d.FormHash, d.KeyID, "GDPR", "104", "datatilsynet.no", "2029", "(" + language + ")",
			tr("receipt.status.given"), tr("receipt.status.refused"), tr("receipt.terms.withdraw.text"),
			tr("receipt.terms.storage.text"), tr("receipt.terms.abroad.text"), tr("receipt.terms.retention.text"),
			tr("receipt.terms.basis.text"), tr("receipt.terms.rights.text"), tr("receipt.terms.complaint.text"),
		}
		switch around(language) {
		case "nb", "nn", "se":
			want[1] = "10.14"
		}
		for _, text := range want {
			if !strings.Contains(got, flat(text)) {
				t.Errorf("%s: the receipt does not say %q", language, text)
			}
		}
		for _, answer := range d.Answers {
			if !strings.Contains(got, flat(answer.Title+": "+answer.Text)) {
				t.Errorf("%s: the receipt does not say what the channel %q means", language, answer.Title)
			}
		}
	}
}

func TestOrdinaryReceiptIsTwoPagesAndSmall(t *testing.T) {
	long := []string{"de", "lt", "pl", "se", "so", "uk"} // need up to a fifth more room than bokmål, and are not set smaller than can be read
	for _, language := range languages {
		pdf := write(t, document(t, language))
		if n := len(checkLayout(t, pdf)); n != 2 && (n != 3 || !slices.Contains(long, language)) {
			t.Errorf("%s: %d pages", language, n)
		}
		if len(pdf) > 150_000 {
			t.Errorf("%s: %d bytes", language, len(pdf))
		}
	}
}

func TestPhonesReadBothCodes(t *testing.T) {
	d := document(t, "nb")
	pdf := write(t, d)
	want := []string{d.Link, d.Token}
	slices.Sort(want)
	for _, dpi := range []int{300, 150} {
		if got := qrCodes(t, pdf, 1, dpi); !slices.Equal(got, want) {
			t.Errorf("at %d dpi: read %q", dpi, got)
		}
	}
}

func TestLargeTokenKeepsItsModulesReadable(t *testing.T) {
	d := document(t, "en")
	d.Token = "MC1:" + strings.Repeat("6BFOXN%TSMAHN-HBLS1", 32)
	d.Link += "/" + strings.Repeat("K7Q2M9XD", 12)
	pdf := write(t, d)
	checkLayout(t, pdf)
	var found []string
	for page := range pages(t, pdf) {
		found = append(found, qrCodes(t, pdf, page+1, 150)...)
	}
	for _, text := range []string{d.Token, d.Link} {
		if !slices.Contains(found, text) {
			t.Errorf("code not read: %.40s…", text)
		}
	}
}

func TestWithoutALinkTheReceiptTellsHowToWithdrawByContact(t *testing.T) {
	for _, language := range languages {
		d := document(t, language)
		d.Link = ""
		pdf := write(t, d)
		if language == languages[0] { // codes are in no language, and reading them takes a second
			if got := qrCodes(t, pdf, 1, 150); !slices.Equal(got, []string{d.Token}) {
				t.Errorf("codes %q, want only the token", got)
			}
		}
		text := said(t, pdf)
		want := d.Texts("receipt.change.contact", map[string]any{"Contact": d.Organisation.Contact}) + " " + d.SubjectCode
		if !strings.Contains(text, want) {
			t.Errorf("%s: the receipt does not say %q:\n%s", language, want, text)
		}
		if strings.Contains(text, flat(d.Texts("receipt.change.link", nil))) {
			t.Errorf("%s: the receipt promises a link it does not have", language)
		}
	}
}

func TestWithoutOptionalFactsNothingIsLeftHanging(t *testing.T) {
	d := document(t, "nb")
	d.Organisation = receipt.Organisation{Name: "Storhaug kommune"}
	d.SubjectName, d.SignerName, d.Photographer, d.Device, d.ShootPlace, d.KeyID, d.Token, d.Link = "", "", "", "", "", "", "", ""
	d.Signature, d.Notice, d.Summary, d.Purpose = nil, nil, nil, ""
	pdf := write(t, d)
	text := pdfText(t, pdf)
	checkLayout(t, pdf)
	for _, label := range []string{
		d.Texts("receipt.dpo", nil), d.Texts("receipt.policy", nil), d.Texts("receipt.photographer", nil) + ":",
		d.Texts("receipt.notice", nil), d.Texts("receipt.verify", nil),
	} {
		if strings.Contains(text, label) {
			t.Errorf("%q has nothing to say and is printed", label)
		}
	}
	if !strings.Contains(text, d.Texts("receipt.signature.kept", nil)) {
		t.Error("a drawn signature that is not printed is not explained")
	}
}

func TestLongTextsBreakAndNothingIsClipped(t *testing.T) {
	longer := func(s string) string {
		words := strings.Fields(s)
		return strings.Join(append(words, words[:(len(words)*3+9)/10]...), " ")
	}
	for _, language := range languages {
		d := childDocument(t, language)
		base := d.Texts
		d.Texts = func(id string, data map[string]any) string {
			text := base(id, data)
			if strings.Contains(id, ".month.") || strings.Contains(id, ".page") || strings.Contains(id, ".language") {
				return text
			}
			return longer(text)
		}
		d.SubjectName = "Maximiliane-Elisabeth Đặng Čáhppes von Hohenstein-Ålgård og Øvrebø-Kristoffersen"
		d.SignerName = "Wolfeschlegelsteinhausenbergerdorffvoralternwarengewissenhaft"
		d.Organisation.Name = "Indre Østfold og Nordre Follo interkommunale samarbeid for opplevelser og formidling"
		d.Organisation.Contact = strings.Repeat("kommunikasjon.og.samfunn", 4) + "@storhaug.example"
		d.ShootTitle = longer(longer(d.ShootTitle))
		d.FormTitle = longer(longer(d.FormTitle))
		for i := range d.MediaTitles {
			d.MediaTitles[i] = longer(d.MediaTitles[i])
		}
		for i := range d.Notice {
			d.Notice[i] = receipt.Section{Heading: longer(d.Notice[i].Heading), Text: longer(d.Notice[i].Text)}
		}
		for range 2 {
			d.Answers = append(d.Answers, d.Answers...) // 32 channels: the table crosses a page
		}
		for i := range d.Answers {
			d.Answers[i].Title = fmt.Sprintf("%s nr%d", longer(d.Answers[i].Title), i)
		}
		pdf := write(t, d)
		all := checkLayout(t, pdf)
		var words []string
		for _, page := range all {
			for _, w := range page.Words {
				words = append(words, w.Text)
			}
		}
		for i := range d.Answers {
			if !slices.Contains(words, fmt.Sprintf("nr%d", i)) {
				t.Errorf("%s: row %d is lost", language, i)
			}
		}
		letters := strings.Join(words, "")
		for _, s := range d.Notice {
			last := strings.Fields(s.Text)
			if tail := strings.Join(last[max(0, len(last)-3):], ""); !strings.Contains(letters, tail) {
				t.Errorf("%s: the end of %q is lost", language, s.Heading)
			}
		}
		if !strings.Contains(letters, "Kristoffersen") || !strings.Contains(letters, "Hohenstein-") {
			t.Errorf("%s: the long name is cut", language)
		}
	}
}

func TestLettersOfTheNeighboursAreDrawn(t *testing.T) {
	for _, name := range []string{
		"Ærlig Øystein Åse", "Čálliidlágádus Đoŋŋá Šaŋŋa Ŧuokkus Žižžo", "Zażółć gęślą jaźń", "Їжак Ґанок Єва Щука", "Ąžuolas Žėbė Šių Įgūdų",
		"A\u030ase Nordmann", // a decomposed Å, as some systems send it
	} {
		d := document(t, "nb")
		d.SubjectName = name
		want := strings.ReplaceAll(name, "A\u030a", "Å")
		if !strings.Contains(said(t, write(t, d)), want) {
			t.Errorf("%q is not in the receipt", want)
		}
	}
}

func TestUnknownLettersNeverBreakAReceipt(t *testing.T) {
	d := document(t, "nb")
	d.SubjectName = "Ola 🦊 \x00\x07\u202eNordmann \U0010FFFF 山田 \xff\xfe"
	if text := said(t, write(t, d)); !strings.Contains(text, "Nordmann") {
		t.Errorf("the readable part of the name is lost:\n%s", text)
	}
}

func TestEqualDocumentsGiveEqualBytes(t *testing.T) {
	d := document(t, "en")
	first := write(t, d)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			var again bytes.Buffer
			if err := receipt.Write(&again, d); err != nil {
				t.Error(err)
			} else if !bytes.Equal(first, again.Bytes()) {
				t.Error("two drawings of one document differ")
			}
		})
	}
	group.Wait()
}

func TestFileSaysNothingAboutThePersonOutsideItsPages(t *testing.T) {
	needTool(t, "pdfinfo")
	info := run(t, "pdfinfo", save(t, "receipt.pdf", write(t, document(t, "nb"))))
	if strings.Contains(info, "Nordmann") || strings.Contains(info, "K7Q2") {
		t.Errorf("the file's properties name the person:\n%s", info)
	}
	if !strings.Contains(info, "Storhaug kommune") {
		t.Errorf("the file's properties do not name the organisation:\n%s", info)
	}
}

func TestContradictingDocumentIsRefused(t *testing.T) {
	for name, spoil := range map[string]func(*receipt.Document){
		"unknown status":   func(d *receipt.Document) { d.Answers[0].Cells[0].Status = "probably" },
		"missing cell":     func(d *receipt.Document) { d.Answers[2].Cells = d.Answers[2].Cells[:1] },
		"missing title":    func(d *receipt.Document) { d.MediaTitles = d.MediaTitles[:2] },
		"no answers":       func(d *receipt.Document) { d.Answers = nil },
		"unknown role":     func(d *receipt.Document) { d.SignerRole = "friend" },
		"unknown method":   func(d *receipt.Document) { d.Method = "" },
		"no time":          func(d *receipt.Document) { d.Signed = time.Time{} },
		"no number":        func(d *receipt.Document) { d.Number = "" },
		"no code":          func(d *receipt.Document) { d.SubjectCode = "" },
		"no organisation":  func(d *receipt.Document) { d.Organisation.Name = "" },
		"no texts":         func(d *receipt.Document) { d.Texts = nil },
		"broken signature": func(d *receipt.Document) { d.Signature = []byte("not a picture") },
		"endless token":    func(d *receipt.Document) { d.Token = strings.Repeat("x", 5000) },
	} {
		d := document(t, "nb")
		spoil(&d)
		var out bytes.Buffer
		if err := receipt.Write(&out, d); err == nil {
			t.Errorf("%s: accepted", name)
		} else if out.Len() > 0 {
			t.Errorf("%s: %d bytes written before the refusal", name, out.Len())
		}
	}
}

type fullDisk struct{}

var errFull = errors.New("disk full")

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

func TestFailingWriterIsReported(t *testing.T) {
	if err := receipt.Write(fullDisk{}, document(t, "nb")); !errors.Is(err, errFull) {
		t.Errorf("got %v", err)
	}
}

func BenchmarkWrite(b *testing.B) {
	d := document(b, "nb")
	size := 0
	for b.Loop() {
		size = len(write(b, d))
	}
	b.ReportMetric(float64(size), "bytes/receipt")
}

func TestAttachedRecordComesOutByteForByteAndKeepsTheFileTheSame(t *testing.T) {
	needTool(t, "pdfdetach")
	d := document(t, "nb")
	d.Record = []byte(`{"@type":"dpv:ConsentReceipt","dct:title":"Åpning"}`)
	file := write(t, d)
	if !bytes.Equal(file, write(t, d)) {
		t.Error("equal documents with a record give different files")
	}
	path := save(t, "receipt.pdf", file)
	if list := run(t, "pdfdetach", "-list", path); !strings.Contains(list, receipt.AttachedRecord) {
		t.Errorf("attached is %q", list)
	}
	run(t, "pdfdetach", "-save", "1", "-o", path+".jsonld", path)
	if out, err := os.ReadFile(path + ".jsonld"); err != nil || !bytes.Equal(out, d.Record) {
		t.Errorf("came out as %q: %v", out, err)
	}
}
