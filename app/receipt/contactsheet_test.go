package receipt_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"samtykke/app/picture/picturetest"
	"samtykke/app/receipt"
	"samtykke/assets"
)

// Every picture is on a page with its name and its answer, and what is not given is not there.
func TestAContactSheetShowsEveryPictureOnItsPages(t *testing.T) {
	t.Parallel()
	small := picturetest.JPEG(120, 80, picturetest.Options{})
	for _, language := range assets.Languages {
		sheet := receipt.ContactSheet{Texts: assets.NewTexts(language).T, At: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), Day: "22.11.2026",
			Organisation: "Eksempel kommune", Channel: "Nettsted"}
		asked := 0
		for i := range 45 {
			p := receipt.ContactPicture{Name: fmt.Sprintf("bilde-%02d.jpg", i), Answer: "svar", Codes: []string{"K7Q2-M9XD"},
				Thumbnail: func() ([]byte, error) { asked++; return small, nil }}
			if i == 7 {
				p.Thumbnail, p.Mark = nil, "Film"
			}
			sheet.Pictures = append(sheet.Pictures, p)
		}
		var pdf bytes.Buffer
		if err := receipt.WriteContactSheet(&pdf, sheet); err != nil {
			t.Fatal(err)
		}
		text := pdfText(t, pdf.Bytes())
		checkLayout(t, pdf.Bytes())
		pages := strings.Count(text, "\f")
		if pages != 3 || strings.Contains(text, "contactsheet.") || strings.Contains(text, "{{") || !strings.Contains(text, "Film") || asked != 44 {
			t.Errorf("%s: %d pages, %d pictures asked for:\n%s", language, pages, asked, text)
		}
		for i := range 45 {
			if strings.Count(text, fmt.Sprintf("bilde-%02d.jpg", i)) != 1 {
				t.Errorf("%s: picture %d is not there once", language, i)
			}
		}
		if strings.Count(text, "K7Q2-M9XD") != 45 {
			t.Errorf("%s: codes are missing", language)
		}
	}
}

// PDF 32000-1, 7.3.7: no two entries of a dictionary have the same key.
func TestAPictureThatIsThereTwiceIsNamedOnce(t *testing.T) {
	t.Parallel()
	sheet := receipt.ContactSheet{Texts: assets.NewTexts("nb").T, At: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	for _, seed := range []uint64{1, 1, 2} {
		small := picturetest.JPEG(120, 80, picturetest.Options{Seed: seed})
		sheet.Pictures = append(sheet.Pictures, receipt.ContactPicture{Name: "bilde.jpg", Thumbnail: func() ([]byte, error) { return small, nil }})
	}
	var pdf bytes.Buffer
	if err := receipt.WriteContactSheet(&pdf, sheet); err != nil {
		t.Fatal(err)
	}
	names := map[string]int{}
	for _, name := range regexp.MustCompile(`/I[0-9a-f]+ \d+ 0 R`).FindAllString(pdf.String(), -1) {
		names[name]++
	}
	if len(names) != 2 {
		t.Errorf("%v", names)
	}
	for name, n := range names {
		if n != 1 {
			t.Errorf("%s stands %d times", name, n)
		}
	}
}
