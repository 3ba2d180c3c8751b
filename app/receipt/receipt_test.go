package receipt_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"samtykke/app/picture"
	"samtykke/app/receipt"
)

var update = flag.Bool("update", false, "write testdata anew")

func TestReceiptReadsAsAgreed(t *testing.T) {
	for _, language := range languages {
		some := map[string]receipt.Document{"adult": document(t, language), "child": childDocument(t, language)}
		if language == "nb" || language == "en" {
			for _, kind := range kinds[1:] {
				some[strings.ReplaceAll(kind, " ", "-")] = kindDocument(t, language, kind)
			}
		}
		for name, d := range some {
			t.Run(name+"."+language, func(t *testing.T) {
				got := pdfText(t, write(t, d))
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

// The points are those that a receipt has to hold (GDPR art. 7 and 13, ISO/IEC TS 27560), numbered.
func TestReceiptHoldsTheWholeChecklist(t *testing.T) {
	needTool(t, "pdfimages")
	for _, language := range languages {
		for _, d := range []receipt.Document{document(t, language), kindDocument(t, language, "first guardian")} {
			pdf := write(t, d)
			got := said(t, pdf)
			tr := func(id string) string { return d.Texts(id, nil) }
			terms := func(ids ...string) []string {
				var texts []string
				for _, id := range ids {
					texts = append(texts, tr("receipt.terms."+id)+".", tr("receipt.terms."+id+".text"))
				}
				return texts
			}
			clock := map[bool]string{true: "10.14 CET", false: "10:14 CET"}[slices.Contains([]string{"nb", "nn", "se"}, around(language))]
			if around(language) == "de" {
				clock = "10:14 Uhr CET"
			}
			answers := []string{tr("receipt.status.given"), tr("receipt.status.refused"), d.Purpose, "2029"}
			for _, answer := range d.Answers {
				answers = append(answers, answer.Title, answer.Title+": "+answer.Text)
			}
			signer := d.Texts("receipt.signer."+d.SignerRole, map[string]any{"Name": d.SignerName})
			for point, want := range map[string][]string{
				"1 number and time":        {d.Number, clock, "2026-11-22 09:14:31 UTC"},
				"2 controller":             {d.Organisation.Name, d.Organisation.Number, d.Organisation.Address, d.Organisation.Contact},
				"3 data protection":        {d.Organisation.DPO, d.Organisation.Policy},
				"4 person and code":        {d.SubjectName, d.SubjectCode},
				"5 who signed":             {signer, d.Statement},
				"6 answers":                append(answers, d.MediaTitles...),
				"7 storage and recipients": terms("storage", "abroad"),
				"8 retention":              terms("retention"),
				"9 basis":                  append(terms("basis"), "GDPR", "104"),
				"10 withdrawal":            append(terms("withdraw"), tr("receipt.change.free")),
				"11 rights":                terms("rights"),
				"12 complaint":             append(terms("complaint"), "datatilsynet.no"),
				"13 notice":                {d.FormTitle, d.FormVersion, d.FormHash, d.Notice[0].Heading, d.Notice[len(d.Notice)-1].Heading},
				"14 occasion":              {d.ShootTitle, d.ShootPlace, d.Photographer, d.Device},
				"16 personal link":         {strings.TrimPrefix(d.Link, "https://mediebank.storhaug.example/S/"), tr("receipt.change")},
				"17 verification":          {d.KeyID, tr("receipt.verify.text")},
				"18 pages and language":    {d.Texts("receipt.page", map[string]any{"Page": 2, "Pages": 2}), tr("receipt.language") + " (" + language + ")"},
			} {
				for _, text := range want {
					if !strings.Contains(got, flat(text)) {
						t.Errorf("%s, point %s: the receipt does not say %q", language, point, text)
					}
				}
			}
			if images := run(t, "pdfimages", "-list", save(t, "receipt.pdf", pdf)); strings.Count(images, "\n") != 2+3 { // two lines of heads
				t.Errorf("%s, points 15 to 17: not the signature and two codes:\n%s", language, images)
			}
		}
	}
}

// One sheet of paper, printed on both sides, in every language, whatever the receipt is of.
func TestEveryKindInEveryLanguageIsOneSheet(t *testing.T) {
	for _, language := range languages {
		for _, kind := range kinds {
			d := kindDocument(t, language, kind)
			pdf := write(t, d)
			if n := len(checkLayout(t, pdf)); n > 2 {
				t.Errorf("%s in %s: %d pages", kind, language, n)
			}
			if size := receipt.TextSize(d); size < 7 {
				t.Errorf("%s in %s: small print of %.1f points", kind, language, size)
			}
			if len(pdf) > 150_000 {
				t.Errorf("%s in %s: %d bytes", kind, language, len(pdf))
			}
		}
	}
}

// Codes are in no language and stand elsewhere in each: every kind is read in one language, every language in one kind.
func TestPhonesReadBothCodesOnEveryKind(t *testing.T) {
	for i := range max(len(kinds), len(languages)) {
		kind, language := kinds[i%len(kinds)], languages[i%len(languages)]
		d := kindDocument(t, language, kind)
		pdf := write(t, d)
		want := []string{d.Link, d.Token}
		slices.Sort(want)
		resolutions := []int{150}
		if i%5 == 0 { // takes three times as long
			resolutions = append(resolutions, 300)
		}
		for _, dpi := range resolutions {
			if got := qrCodes(t, pdf, 1, dpi); !slices.Equal(got, want) {
				t.Errorf("%s in %s at %d dpi: read %q", kind, language, dpi, got)
			}
		}
	}
}

// What finds the cards in pictures of a shoot reads receipts as well.
func TestOurOwnReaderReadsBothCodes(t *testing.T) {
	for kind, dpi := range map[string]int{"consent": 150, "withdrawal": 150, "first guardian": 300} {
		d := kindDocument(t, "uk", kind)
		var page bytes.Buffer
		if err := (&png.Encoder{CompressionLevel: png.NoCompression}).Encode(&page, rendered(t, write(t, d), 1, dpi)); err != nil {
			t.Fatal(err)
		}
		every := func(text string) (string, bool) { return text, true }
		found, err := picture.FindSlates(t.Context(), bytes.NewReader(page.Bytes()), int64(page.Len()), every)
		if err != nil || !slices.Contains(found.Values, d.Link) || !slices.Contains(found.Values, d.Token) {
			t.Errorf("%s at %d dpi: read %q, %v", kind, dpi, found.Values, err)
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

// A name that would be printed as boxes, in the wrong order or unjoined is not printed: the code stands for the person.
func TestNameInAnotherScriptGivesWayToTheCode(t *testing.T) {
	for i, name := range []string{"محمد", "李小龍", "שרה כהן", "Li 李", "สมชาย", "नरेन्द्र", "Ana ანა"} {
		d := document(t, languages[i%len(languages)])
		d.SubjectName, d.SignerName, d.Witness, d.Notice = name, name, name, nil // whose headings ask
		text := said(t, write(t, d))
		if strings.Contains(text, name) || strings.Contains(text, "?") {
			t.Errorf("%q is printed:\n%s", name, text)
		}
		signer := d.Texts("receipt.signer.self", map[string]any{"Name": d.SubjectCode + " *"})
		for _, want := range []string{"* " + d.Texts("receipt.name.elsewhere", nil), signer, d.Texts("receipt.witness", map[string]any{"Name": "*"})} {
			if !strings.Contains(text, flat(want)) {
				t.Errorf("%q: the receipt does not say %q", name, want)
			}
		}
	}
	d := kindDocument(t, "nb", "first guardian")
	d.SignerName = "محمد"
	if text := said(t, write(t, d)); !strings.Contains(text, d.Texts("receipt.signer.guardian", map[string]any{"Name": "*"})) || !strings.Contains(text, d.SubjectName) {
		t.Errorf("a guardian's name hides the child's, or has no mark:\n%s", text)
	}
}

func TestUnknownSignsNeverBreakAReceipt(t *testing.T) {
	d := document(t, "nb")
	d.SubjectName = "Ola 🦊 \x00\x07\u202eNordmann \U0010FFFF \xff\xfe"
	d.ShootTitle = "山田"
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

func TestRefusalIsToldWithoutReproach(t *testing.T) {
	for _, language := range languages {
		d := kindDocument(t, language, "refusal")
		text := said(t, write(t, d))
		tr := func(id string) string { return flat(d.Texts(id, nil)) }
		for _, want := range []string{tr("receipt.title.refusal"), tr("receipt.lead.refusal"), tr("receipt.change.refusal"), tr("receipt.terms.refused.text")} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the receipt does not say %q", language, want)
			}
		}
		if strings.Contains(text, tr("receipt.change.link")) || strings.Contains(text, tr("receipt.terms.withdraw.text")) {
			t.Errorf("%s: who said no is told how to withdraw", language)
		}
	}
}

func TestWithdrawalSaysWhatWhenByWhomAndWhatStillStands(t *testing.T) {
	for _, language := range languages {
		d := kindDocument(t, language, "withdrawal of some")
		text := said(t, write(t, d))
		tr := func(id, name, value string) string { return flat(d.Texts(id, map[string]any{name: value})) }
		for _, want := range append(d.Withdrawn, tr("receipt.title.withdrawal", "", ""), tr("receipt.signer.staff", "Name", "PC-Ravn"),
			tr("receipt.status.withdrawn", "", ""), tr("receipt.was", "Answer", tr("receipt.status.given", "", "")), tr("receipt.stands", "", ""),
			tr("receipt.terms.withdraw.text", "", ""), tr("receipt.terms.published.text", "", ""), tr("receipt.verify.withdrawal", "", ""),
			"2026-11-22 09:14:31 UTC", d.Organisation.Contact) {
			if !strings.Contains(text, flat(want)) {
				t.Errorf("%s: the receipt does not say %q:\n%s", language, want, text)
			}
		}
		if !strings.Contains(strings.ReplaceAll(text, " ", ""), d.Concerns[0].Record) {
			t.Errorf("%s: the receipt does not name the consent", language)
		}
		if strings.Contains(text, tr("receipt.statement", "", "")) {
			t.Errorf("%s: the receipt has a signature's place", language)
		}
	}
}

func TestChangeShowsWhatWasBefore(t *testing.T) {
	d := kindDocument(t, "nb", "change")
	text := said(t, write(t, d))
	if n := strings.Count(text, "før: Ja") + strings.Count(text, "før: Nei"); n != 8 {
		t.Errorf("%d changes are marked, want 8:\n%s", n, text)
	}
	if !strings.Contains(text, "25. januar 2026") {
		t.Errorf("the receipt does not say which answers it replaces:\n%s", text)
	}
}

func TestContradictingDocumentIsRefused(t *testing.T) {
	for name, spoil := range map[string]func(*receipt.Document){
		"unknown status":    func(d *receipt.Document) { d.Answers[0].Cells[0].Status = "probably" },
		"missing cell":      func(d *receipt.Document) { d.Answers[2].Cells = d.Answers[2].Cells[:1] },
		"missing title":     func(d *receipt.Document) { d.MediaTitles = d.MediaTitles[:2] },
		"no answers":        func(d *receipt.Document) { d.Answers = nil },
		"unknown role":      func(d *receipt.Document) { d.SignerRole = "friend" },
		"unknown method":    func(d *receipt.Document) { d.Method = "" },
		"no time":           func(d *receipt.Document) { d.Signed = time.Time{} },
		"no number":         func(d *receipt.Document) { d.Number = "" },
		"no code":           func(d *receipt.Document) { d.SubjectCode = "" },
		"no organisation":   func(d *receipt.Document) { d.Organisation.Name = "" },
		"no texts":          func(d *receipt.Document) { d.Texts = nil },
		"huge signature":    func(d *receipt.Document) { d.Signature = image.NewUniform(color.Black) },
		"unknown kind":      func(d *receipt.Document) { d.Kind = "gift" },
		"change of nothing": func(d *receipt.Document) { d.Kind = receipt.KindChange },
		"staff consents":    func(d *receipt.Document) { d.SignerRole = "staff" },
		"unknown step":      func(d *receipt.Document) { d.Guardians = "asleep" },
		"unknown before":    func(d *receipt.Document) { d.Answers[0].Cells[0].Was = "perhaps" },
		"endless token":     func(d *receipt.Document) { d.Token = strings.Repeat("x", 5000) },
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

// A screen reader has to know in which language it reads.
func TestFileSaysItsLanguageAndWhatIsAttached(t *testing.T) {
	needTool(t, "pdftotext")
	for _, language := range languages {
		d := document(t, language)
		d.Record = []byte(`{}`)
		pdf := write(t, d)
		for _, want := range []string{"/Lang (" + language + ")", "/DisplayDocTitle true", "/Subtype /application#2Fld+json", "/AFRelationship /Data"} {
			if bytes.Count(pdf, []byte(want)) != 1 {
				t.Errorf("%s: the file does not say %q once", language, want)
			}
		}
		table := bytes.LastIndex(pdf, []byte("\nxref\n")) + 1
		if !bytes.HasSuffix(pdf, fmt.Appendf(nil, "startxref\n%d\n%%%%EOF\n", table)) {
			t.Errorf("%s: the file ends with %q", language, pdf[len(pdf)-40:])
		}
		for n, line := range strings.Split(string(pdf[table:]), "\n")[3:] { // every offset leads to its object
			offset, _, used := strings.Cut(line, " 00000 n")
			if !used {
				break
			}
			at, err := strconv.Atoi(offset)
			if want := fmt.Sprintf("%d 0 obj", n+1); err != nil || !bytes.HasPrefix(pdf[at:], []byte(want)) {
				t.Errorf("%s: at %s stands %q, not %s", language, offset, pdf[at:at+12], want)
			}
		}
	}
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
