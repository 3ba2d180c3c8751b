package receipt_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"samtykke/app/receipt"
	"samtykke/assets"
)

const (
	paperPayload = "SMP1:01JBST048HE00800000000005A.4B7C0D1E9F.NB.7KQ2M"
	backPayload  = "SMB1:01JBST048HE00800000000005A.4B7C0D1E9F.NB.7KQ2M"
)

// paperForm is the embedded form as it is printed.
func paperForm(tb testing.TB, language string, sheets ...receipt.PaperSheet) receipt.PaperForm {
	tb.Helper()
	d := document(tb, language)
	var f form
	readJSON(tb, filepath.Join("..", "..", "assets", "forms", "default.json"), &f)
	p := receipt.PaperForm{Language: language, Texts: assets.NewTexts(language).T, Printed: d.Issued, OrganisationName: d.Organisation.Name,
		ShootTitle: d.ShootTitle, ShootPlace: d.ShootPlace, Title: d.FormTitle, Key: d.FormKey, Version: d.FormVersion, Hash: d.FormHash,
		MachineMade: d.MachineMade, Purpose: d.Purpose, Summary: d.Summary, Notice: d.Notice, MediaTitles: d.MediaTitles,
		Statement: d.Statement, GuardianStatement: f.Texts[language].Guardian, SoleConsentAge: 18, Sheets: sheets}
	for _, answer := range d.Answers {
		p.Channels = append(p.Channels, receipt.PaperChannel{Title: answer.Title, Text: answer.Text})
	}
	p.Channels[1].Remarks = []string{p.Texts("signing.thirdcountry", nil)}
	if len(sheets) == 0 {
		p.Sheets = []receipt.PaperSheet{{Serial: "7KQ2M9", Payload: paperPayload + "9", BackPayload: backPayload + "9"}}
	}
	return p
}

func writePaper(tb testing.TB, f receipt.PaperForm) []byte {
	tb.Helper()
	var out bytes.Buffer
	if err := receipt.WritePaperForms(&out, f); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

func TestPaperFormStandsOnOneSheetInEveryLanguage(t *testing.T) {
	for _, language := range languages {
		t.Run(language, func(t *testing.T) {
			f := paperForm(t, language)
			pdf := writePaper(t, f)
			if all := checkLayout(t, pdf); len(all) != 2 {
				t.Errorf("%d pages", len(all))
			}
			front := flat(run(t, "pdftotext", "-raw", "-l", "1", save(t, "form.pdf", pdf), "-"))
			want := []string{f.OrganisationName, f.Title, f.Purpose, f.Statement, f.GuardianStatement, f.Texts("paper.signature", nil), "7KQ2M9"}
			for _, line := range append(want, f.Summary...) {
				if !strings.Contains(front, flat(line)) {
					t.Errorf("the front does not say %q", line)
				}
			}
			for _, answer := range []string{"signing.yes", "signing.no"} {
				words := 0
				for _, w := range strings.Fields(front) {
					if w == f.Texts(answer, nil) {
						words++
					}
				}
				if least := len(f.Channels) * len(f.MediaTitles); words < least {
					t.Errorf("%s stands %d times for %d boxes", answer, words, least)
				}
			}
			whole := said(t, pdf)
			for _, section := range f.Notice {
				if !strings.Contains(whole, flat(section.Heading)) {
					t.Errorf("the back lacks %q", section.Heading)
				}
			}
			resolutions := []int{150}
			if language == "nb" { // the code is the same in all of them
				resolutions = append(resolutions, 300)
			}
			for _, dpi := range resolutions {
				if got := qrCodes(t, pdf, 1, dpi); !slices.Equal(got, []string{paperPayload + "9"}) {
					t.Errorf("at %d dpi the front reads %q", dpi, got)
				}
				if got := qrCodes(t, pdf, 2, dpi); !slices.Equal(got, []string{backPayload + "9"}) {
					t.Errorf("at %d dpi the back reads %q", dpi, got)
				}
			}
		})
	}
}

func TestEverySheetHasItsOwnCodeAndName(t *testing.T) {
	var sheets []receipt.PaperSheet
	for i := range 3 {
		sheets = append(sheets, receipt.PaperSheet{Serial: fmt.Sprintf("7KQ2M%d", i), Payload: fmt.Sprintf("%s%d.K7Q2M9XD", paperPayload, i), BackPayload: fmt.Sprintf("%s%d.K7Q2M9XD", backPayload, i),
			Name: fmt.Sprintf("Ola Nordmann %d", i), Code: "K7Q2-M9XD"})
	}
	pdf := writePaper(t, paperForm(t, "nb", sheets...))
	for i, sheet := range sheets {
		if got := qrCodes(t, pdf, 2*i+1, 150); !slices.Equal(got, []string{sheet.Payload}) {
			t.Errorf("sheet %d reads %q", i, got)
		}
		if got := qrCodes(t, pdf, 2*i+2, 150); !slices.Equal(got, []string{sheet.BackPayload}) {
			t.Errorf("the back of sheet %d reads %q", i, got)
		}
	}
	words := said(t, pdf)
	for _, sheet := range sheets {
		if strings.Count(words, sheet.Name) != 1 || strings.Count(words, sheet.Serial) < 2 {
			t.Errorf("sheet %s does not say whose it is on one side and its number on both", sheet.Serial)
		}
	}
}

func TestPaperFormThatAsksNothingIsRefused(t *testing.T) {
	for name, spoil := range map[string]func(*receipt.PaperForm){
		"no texts":     func(f *receipt.PaperForm) { f.Texts = nil },
		"no channels":  func(f *receipt.PaperForm) { f.Channels = nil },
		"no statement": func(f *receipt.PaperForm) { f.Statement = "" },
		"no sheets":    func(f *receipt.PaperForm) { f.Sheets = nil },
		"no serial":    func(f *receipt.PaperForm) { f.Sheets[0].Serial = "" },
		"no back":      func(f *receipt.PaperForm) { f.Sheets[0].BackPayload = "" },
		"too much":     func(f *receipt.PaperForm) { f.Channels = slices.Repeat(f.Channels, 4) },
	} {
		f := paperForm(t, "nb")
		spoil(&f)
		var out bytes.Buffer
		if receipt.WritePaperForms(&out, f) == nil || out.Len() > 0 {
			t.Errorf("%s: accepted", name)
		}
	}
}
