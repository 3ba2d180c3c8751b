package receipt_test

import (
	"bytes"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"samtykke/app/receipt"
)

var placeholder = regexp.MustCompile(`\{\{\.\w+\}\}`)

func TestEveryLanguageHasTheSameTextsAndPlaceholders(t *testing.T) {
	load := func(language string) map[string]struct{ Other string } {
		var messages map[string]struct{ Other string }
		readJSON(t, filepath.Join("..", "..", "assets", "translations", "receipt."+language+".json"), &messages)
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
		func(d *receipt.Document) { d.Link, d.Organisation.Contact = "", "" },
		func(d *receipt.Document) { d.Organisation.Contact = "" },
		func(d *receipt.Document) { d.Method, d.Signature, d.Witness = "verbal", nil, "Siri Ravn" },
		func(d *receipt.Document) { d.Method, d.Signature = "paper", nil },
		func(d *receipt.Document) { d.Method, d.Signature, d.TypedName = "typed", nil, "Ola Nordmann" },
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
	c := card(t, "nb")
	c.Texts = record(c.Texts)
	if err := receipt.WriteCardPDF(&bytes.Buffer{}, c); err != nil {
		t.Fatal(err)
	}
	for id := range unused {
		t.Errorf("%s is never printed", id)
	}
}
