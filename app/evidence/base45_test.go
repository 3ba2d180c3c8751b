package evidence_test

import (
	"bytes"
	"testing"

	"samtykke/app/evidence"
)

// The examples of RFC 9285 §4.3 and §4.4.
func TestBase45Examples(t *testing.T) {
	for plain, text := range map[string]string{"AB": "BB8", "Hello!!": "%69 VD92EX0", "base-45": "UJCLQE7W581", "ietf!": "QED8WEX0", "": ""} {
		if got := evidence.Base45Encode([]byte(plain)); got != text {
			t.Errorf("%q encodes to %q, want %q", plain, got, text)
		}
		if got, err := evidence.Base45Decode(text); err != nil || string(got) != plain {
			t.Errorf("%q decodes to %q, %v, want %q", text, got, err, plain)
		}
	}
	for _, bad := range []string{"GGW", ":::", "A", "AAAA", "é12", "ab"} {
		if got, err := evidence.Base45Decode(bad); err == nil {
			t.Errorf("%q decodes to %v", bad, got)
		}
	}
}

func FuzzBase45(f *testing.F) {
	f.Add([]byte("Hello!!"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if got, err := evidence.Base45Decode(evidence.Base45Encode(raw)); err != nil || !bytes.Equal(got, raw) {
			t.Errorf("%x comes back as %x, %v", raw, got, err)
		}
	})
}
