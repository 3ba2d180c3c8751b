package evidence_test

import (
	"bytes"
	"strings"
	"testing"

	"samtykke/app/evidence"
)

// Each target holds one reader of foreign bytes to three promises: it ends, it does not fall over, and nothing but what was signed
// verifies.

func FuzzEnvelope(f *testing.F) {
	key, signed := fixedKey(f), fixedEvent(f)
	f.Add([]byte(signed.Envelope), signed.Signature)
	f.Add([]byte(signed.Envelope), make([]byte, 64))
	f.Add([]byte(`{"v":1}`), []byte{})
	f.Fuzz(func(t *testing.T, envelope, signature []byte) {
		e := evidence.SignedEvent{Envelope: envelope, Signature: signature}
		if e.Verify(key.Public()) == nil && !bytes.Equal(envelope, signed.Envelope) {
			t.Errorf("%q verifies", envelope)
		}
		links := []evidence.Link{evidence.Signers{key.Device(): key.Public()}.Inspect(e)}
		if evidence.FollowChain(links).Fault == nil {
			t.Errorf("%q is a whole chain", envelope)
		}
	})
}

func FuzzEventFromTheNetwork(f *testing.F) {
	key := fixedKey(f)
	f.Add([]byte(`{"envelope":{"v":1},"sig":"AAAA"}`))
	f.Add([]byte(`{"envelope":[[[["\ud800"]]]],"sig":null}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var e evidence.SignedEvent
		if e.UnmarshalJSON(raw) == nil && e.Verify(key.Public()) == nil {
			t.Errorf("%q verifies", raw)
		}
	})
}

func FuzzDecodeToken(f *testing.F) {
	key := fixedKey(f)
	text, err := evidence.EncodeToken(key, token())
	if err != nil {
		f.Fatal(err)
	}
	keys := evidence.Keys{key.Public()}
	want, err := evidence.DecodeToken(keys, text)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add("SMT1:")
	f.Add(text[:len(text)/2])
	f.Fuzz(func(t *testing.T, text string) {
		if got, err := evidence.DecodeToken(keys, text); err == nil && got != want {
			t.Errorf("%q verifies as %+v", text, got)
		}
	})
}

func FuzzOpenFile(f *testing.F) {
	keys, whole := evidence.Keys{fixedKey(f).Public()}, sealed(f)
	f.Add(whole)
	f.Add(append(bytes.Clone(whole), whole...))
	f.Add([]byte("%PDF-1.3\n%SAMTYKKE-SEAL SMT1:\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if _, err := evidence.OpenFile(keys, file); err == nil && !bytes.Equal(file, whole) {
			t.Errorf("%q is sealed", file)
		}
	})
}

func FuzzParseLinkSecret(f *testing.F) {
	f.Add("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
	f.Add(" abcdefghijklmnopqrstuvwxyz234567\n")
	f.Add("ABCDEFGHIJKLMNOPQRSTUVWXYZ23456=")
	f.Fuzz(func(t *testing.T, text string) {
		link, ok := evidence.ParseLinkSecret(text)
		if !ok {
			return
		}
		again, still := evidence.ParseLinkSecret(string(link))
		if len(link) != 32 || strings.Trim(string(link), "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "" || !still || again != link {
			t.Errorf("%q is the link %q", text, link)
		}
	})
}

func FuzzOpenDocument(f *testing.F) {
	signed, keys := signedAccount(f), evidence.Keys{fixedKey(f).Public()}
	want, err := evidence.OpenDocument(keys, signed)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(signed)
	f.Add([]byte(`{"@context":{},"proof":{}}`))
	f.Add(bytes.Replace(signed, []byte("ConsentRefused"), []byte("ConsentGiven"), 1))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := evidence.OpenDocument(keys, raw)
		if err == nil && (!bytes.Equal(got.Body, want.Body) || !got.Created.Equal(want.Created)) {
			t.Errorf("%q verifies", raw)
		}
		if _, err := evidence.OpenReceipt(keys, raw); err == nil && got.Body == nil {
			t.Errorf("%q is a receipt", raw)
		}
	})
}
