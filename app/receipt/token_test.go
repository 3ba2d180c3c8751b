package receipt_test

import (
	"bytes"
	"errors"
	"testing"

	"samtykke/app/receipt"
)

func TestTokenIsFoundInTheFile(t *testing.T) {
	for _, token := range []string{sampleToken, "A", `TOKEN (with) \ marks`} {
		d := document(t, "nb")
		d.Token = token
		if got, err := receipt.Token(write(t, d)); err != nil || got != token {
			t.Errorf("got %q, %v; want %q", got, err, token)
		}
	}
}

func TestFileWithoutTokenSaysSo(t *testing.T) {
	d := document(t, "nb")
	d.Token = ""
	var page bytes.Buffer
	if err := receipt.WriteCardPDF(&page, card(t, "nb")); err != nil {
		t.Fatal(err)
	}
	whole := write(t, document(t, "nb"))
	cut := whole[:bytes.LastIndex(whole, []byte("/Keywords ("))+40]
	for name, data := range map[string][]byte{
		"receipt without": write(t, d), "card": page.Bytes(), "empty": nil, "text": []byte("/Keywords (X)"), "cut short": cut,
	} {
		if got, err := receipt.Token(data); !errors.Is(err, receipt.ErrNoToken) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func FuzzTokenIsPrintableOrAbsent(f *testing.F) {
	f.Add([]byte("%PDF-1.3\n/Keywords (MC1:ABC)"))
	f.Add([]byte("%PDF-1.3\n/Keywords (\\(\\))"))
	f.Add([]byte("%PDF-1.3\n/Keywords (\\"))
	f.Fuzz(func(t *testing.T, data []byte) {
		token, err := receipt.Token(data)
		if err != nil && token != "" || err == nil && (token == "" || len(token) > 4296) {
			t.Errorf("token of %d bytes with %v", len(token), err)
		}
	})
}
