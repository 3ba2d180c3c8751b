package evidence_test

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"testing"

	"samtykke/app/consent"
	"samtykke/app/evidence"
)

// FuzzOpenCanonical holds the quick reader of envelopes to the general one: what it reads, the other reads the same.
func FuzzOpenCanonical(f *testing.F) {
	vector := mustVector(f)
	f.Add(vector)
	for from, to := range map[string]string{`"v":1`: `"v":2`, `"seq":`: `"seq":0`, `"at":"2`: `"at":"+2`, `"body":{`: `"body":{"a":"\\\"}",`, `"tz":`: `"tz":"","tz":`} {
		f.Add(bytes.Replace(vector, []byte(from), []byte(to), 1))
	}
	f.Add([]byte(`{"at":"2026-11-22T12:00:00Z","body":{},"device":"d","id":"i","prev":"","seq":1,"type":"t","tz":"+01:00","v":1}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		quick, ok := evidence.OpenCanonical(raw)
		if !ok || !json.Valid(quick.Body) {
			return
		}
		var general consent.Envelope
		if err := json.Unmarshal(raw, &general); err != nil {
			t.Fatalf("only the quick reader reads %q: %v", raw, err)
		}
		if !general.At.Equal(quick.At) || !bytes.Equal(general.Body, quick.Body) {
			t.Fatalf("%q is read as %+v and as %+v", raw, quick, general)
		}
		general.At, general.Body = quick.At, quick.Body
		if !reflect.DeepEqual(general, quick) {
			t.Fatalf("%q is read as %+v and as %+v", raw, quick, general)
		}
	})
}

func TestWhatThisProgramSignsIsReadQuickly(t *testing.T) {
	vector := mustVector(t)
	if e, ok := evidence.OpenCanonical(vector); !ok || e.ID == "" || e.Seq == 0 || e.At.IsZero() || len(e.Body) == 0 {
		t.Errorf("read %t, %+v", ok, e)
	}
	if _, ok := evidence.OpenCanonical(append([]byte(" "), vector...)); ok {
		t.Error("what is not canonical is read too")
	}
}

func mustVector(tb testing.TB) []byte {
	tb.Helper()
	vector, err := os.ReadFile("testdata/envelope.json")
	if err != nil {
		tb.Fatal(err)
	}
	return bytes.TrimSpace(vector)
}
