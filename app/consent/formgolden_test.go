package consent_test

import (
	"bytes"
	"os"
	"reflect"
	"strings"
	"testing"

	"samtykke/app/consent"
)

// What a file becomes when it is published, to the byte: records name these bytes for ever, so they may never come out otherwise.
func TestPublishedBytesAreThoseOfTheVector(t *testing.T) {
	read := func(name string) []byte {
		raw, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	form, findings := consent.CheckForm(read("form-file.json"))
	if form == nil || len(findings) > 0 {
		t.Fatal(findings)
	}
	published, err := form.Publish(kommune, noon)
	if err != nil {
		t.Fatal(err)
	}
	canonical, err := published.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(canonical, read("form.json")) {
		t.Errorf("published as\n%s", canonical)
	}
	_, hash, err := consent.HashForm(read("form.json"))
	if err != nil || string(hash) != strings.TrimSpace(string(read("form.sha256"))) {
		t.Errorf("the hash is %s, %v", hash, err)
	}
}

// Whoever writes a form finds every field in docs/forms.md.
func TestEveryFieldOfAFormIsDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/forms.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []reflect.Type{reflect.TypeFor[consent.Form](), reflect.TypeFor[consent.FormChannel](), reflect.TypeFor[consent.MinorPolicy](),
		reflect.TypeFor[consent.FormText](), reflect.TypeFor[consent.FormSection](), reflect.TypeFor[consent.ChannelText]()} {
		for _, field := range reflect.VisibleFields(kind) {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if !strings.Contains(string(page), "`"+name+"`") {
				t.Errorf("docs/forms.md does not say what %s of %s is", name, kind.Name())
			}
		}
	}
}
