package receipt_test

import (
	"bytes"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"samtykke/app/receipt"
)

var placeholder = regexp.MustCompile(`\{\{\.\w+\}\}`)

func TestEveryLanguageHasTheSameTextsAndPlaceholders(t *testing.T) {
	load := func(language string) map[string]struct{ Other string } {
		var messages map[string]struct{ Other string }
		readJSON(t, filepath.Join("..", "..", "assets", "translations", "receipt."+around(language)+".json"), &messages)
		return messages
	}
	base := load("nb")
	for _, language := range languages {
		messages := load(language)
		if got, want := slices.Sorted(maps.Keys(messages)), slices.Sorted(maps.Keys(base)); !slices.Equal(got, want) {
			t.Errorf("%s has other identifiers than nb", language)
		}
		for id, message := range messages {
			got := placeholder.FindAllString(message.Other, -1)
			want := placeholder.FindAllString(base[id].Other, -1)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%s %s: placeholders %v, in nb %v", language, id, got, want)
			}
		}
	}
}

// A text that nothing prints is a promise that nobody reads.
func TestEveryTextIsPrintedSomewhere(t *testing.T) {
	unused := make(map[string]struct{ Other string })
	readJSON(t, filepath.Join("..", "..", "assets", "translations", "receipt.nb.json"), &unused)
	record := func(base receipt.Texts) receipt.Texts {
		return func(id string, data map[string]any) string {
			delete(unused, id)
			return base(id, data)
		}
	}
	changes := []func(*receipt.Document){
		func(d *receipt.Document) {},
		func(d *receipt.Document) { d.Link = "" },
		func(d *receipt.Document) { d.SignedIn = "Norsk nynorsk" },
		func(d *receipt.Document) { d.MachineMade = true },
		func(d *receipt.Document) { d.Link, d.Organisation.Contact = "", "" },
		func(d *receipt.Document) { d.Organisation.Contact = "" },
		func(d *receipt.Document) { d.Method, d.Signature, d.Witness = "verbal", nil, "Siri Ravn" },
		func(d *receipt.Document) { d.Method, d.Signature = "paper", nil },
		func(d *receipt.Document) { d.Method, d.Signature, d.TypedName = "typed", nil, "Ola Nordmann" },
		func(d *receipt.Document) { d.SubjectName = "محمد" },
	}
	for month := range 12 {
		changes = append(changes, func(d *receipt.Document) { d.Signed = d.Signed.AddDate(0, month-10, 0) })
	}
	for _, change := range changes {
		for _, d := range []receipt.Document{document(t, "nb"), childDocument(t, "nb")} {
			change(&d)
			d.Texts = record(d.Texts)
			write(t, d)
		}
	}
	for _, kind := range kinds {
		d := kindDocument(t, "nb", kind)
		d.Texts = record(d.Texts)
		write(t, d)
	}
	c := card(t, "nb")
	c.Texts = record(c.Texts)
	if err := receipt.WriteCardPDF(&bytes.Buffer{}, c); err != nil {
		t.Fatal(err)
	}
	for id := range unused {
		t.Errorf("%s is never printed", id)
	}
}

// A letter that the family lacks would be printed as a question mark.
func TestEveryLetterOfEveryLanguageIsInTheFonts(t *testing.T) {
	for _, language := range languages {
		missing := map[rune]bool{}
		look := func(texts ...string) {
			for _, text := range texts {
				for _, r := range receipt.Missing(text) {
					missing[r] = true
				}
			}
		}
		var messages map[string]struct{ Other string }
		readJSON(t, filepath.Join("..", "..", "assets", "translations", "receipt."+around(language)+".json"), &messages)
		for _, message := range messages {
			look(message.Other)
		}
		for _, d := range []receipt.Document{document(t, language), childDocument(t, language)} {
			look(append([]string{d.FormTitle, d.Purpose, d.Statement}, append(d.Summary, d.MediaTitles...)...)...)
			for _, section := range d.Notice {
				look(section.Heading, section.Text)
			}
			for _, answer := range d.Answers {
				look(answer.Title)
			}
		}
		for r := range missing {
			t.Errorf("%s: no font has %q (%U)", language, r, r)
		}
	}
	if got := string(receipt.Missing("Ola 山")); got != "山" {
		t.Errorf("missing are %q", got)
	}
}

func TestMachineMadeTranslationSaysSoUntilItHasBeenRead(t *testing.T) {
	for _, language := range []string{"pl", "uk"} {
		d := document(t, language)
		mark := d.Texts("receipt.machine-made", nil)
		if !strings.Contains(said(t, write(t, d)), mark) {
			t.Errorf("%s: the receipt does not say that a machine made its text", language)
		}
		d.MachineMade = false
		if strings.Contains(said(t, write(t, d)), mark) {
			t.Errorf("%s: a text that has been read still says that a machine made it", language)
		}
	}
}
