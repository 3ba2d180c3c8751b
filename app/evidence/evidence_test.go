package evidence_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.FixedZone("", 3600))

// fixedKey is the same key in every run, for golden vectors.
func fixedKey(tb testing.TB) evidence.Key {
	tb.Helper()
	key, err := evidence.KeyFromSeed(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		tb.Fatal(err)
	}
	return key
}

func chain(tb testing.TB, key evidence.Key, n int) []evidence.SignedEvent {
	tb.Helper()
	var head evidence.Head
	events := make([]evidence.SignedEvent, n)
	for i := range events {
		var err error
		events[i], _, head, err = evidence.Append(key, head, noon.Add(time.Duration(i)*time.Second), rand.Reader,
			evidence.Draft{Type: consent.AssetPeople, Asset: "asset", Body: consent.PeopleBody{Count: i}})
		if err != nil {
			tb.Fatal(err)
		}
	}
	return events
}

func TestEnvelopeThatIsNotCanonicalIsRefused(t *testing.T) {
	key := fixedKey(t)
	e := chain(t, key, 1)[0]
	e.Envelope = append(bytes.Clone(e.Envelope), ' ')
	if e.Verify(key.Public()) == nil {
		t.Error("an envelope with a space after it verifies")
	}
}

func TestEventSurvivesWritersThatEscape(t *testing.T) {
	key := fixedKey(t)
	signed, _, _, err := evidence.Append(key, evidence.Head{}, noon, rand.Reader,
		evidence.Draft{Type: consent.AssetGround, Asset: "a", Body: map[string]string{"x": "<b> & é \u2028"}})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(signed) // escapes <, > and &
	if err != nil {
		t.Fatal(err)
	}
	var read evidence.SignedEvent
	if err := json.Unmarshal(raw, &read); err != nil {
		t.Fatal(err)
	}
	if err := read.Verify(key.Public()); err != nil || read.Hash() != signed.Hash() {
		t.Errorf("after the journey: %v", err)
	}
}

func token() evidence.Token {
	return evidence.Token{Organisation: "999999999", Code: "K7Q2-M9XD", Record: "0192f3a0-0000-7000-8000-000000000001",
		RecordHash: strings.Repeat("5a", 32), Form: "default 2026.1", Issued: noon, Until: noon.AddDate(3, 0, 0)}
}

func TestTokenIsReadBackByWhoeverKnowsTheKey(t *testing.T) {
	key := fixedKey(t)
	text, err := evidence.EncodeToken(key, token())
	if err != nil {
		t.Fatal(err)
	}
	got, err := evidence.DecodeToken(evidence.Keys{key.Public()}, " "+text+"\n")
	if err != nil {
		t.Fatal(err)
	}
	if got.Device != key.Device() || got.Record != token().Record || got.Code != token().Code || !got.Issued.Equal(noon) {
		t.Errorf("read back %+v", got)
	}
	if _, err := evidence.DecodeToken(nil, text); !errors.Is(err, &problem.Problem{ID: "token-stranger"}) {
		t.Errorf("with no keys: %v", err)
	}
}

func TestEveryChangedCharacterOfATokenShows(t *testing.T) {
	key := fixedKey(t)
	text, err := evidence.EncodeToken(key, token())
	if err != nil {
		t.Fatal(err)
	}
	for i := range text {
		for _, c := range []byte("0A:") {
			if text[i] == c {
				continue
			}
			if _, err := evidence.DecodeToken(evidence.Keys{key.Public()}, text[:i]+string(c)+text[i+1:]); err == nil {
				t.Fatalf("character %d changed to %c still verifies", i, c)
			}
		}
	}
}

func TestEveryChangedByteOfASealedFileShows(t *testing.T) {
	key := fixedKey(t)
	file, err := evidence.SealFile(key, []byte("%PDF-1.3\nsomething\n%%EOF"), token())
	if err != nil {
		t.Fatal(err)
	}
	keys := evidence.Keys{key.Public()}
	if _, err := evidence.OpenFile(keys, file); err != nil {
		t.Fatal(err)
	}
	if _, err := evidence.OpenFile(keys, append(bytes.Clone(file), '\n')); err == nil {
		t.Error("a file with a line added still verifies")
	}
	for i := range file {
		changed := bytes.Clone(file)
		changed[i] ^= 1
		if _, err := evidence.OpenFile(keys, changed); err == nil {
			t.Fatalf("byte %d of %d changed still verifies", i, len(file))
		}
	}
	if _, err := evidence.OpenFile(keys, []byte("%PDF-1.3\nsomething\n%%EOF")); !errors.Is(err, &problem.Problem{ID: "receipt-unsealed"}) {
		t.Errorf("without a seal: %v", err)
	}
}

func TestLinkIsTheSameEveryTimeAndDiffersBetweenPeople(t *testing.T) {
	one, err := evidence.DeriveLink([]byte("key of one"), "nonce")
	if err != nil {
		t.Fatal(err)
	}
	again, _ := evidence.DeriveLink([]byte("key of one"), "nonce")
	other, _ := evidence.DeriveLink([]byte("key of other"), "nonce")
	if one != again || one == other || len(one) != 32 {
		t.Errorf("links %s, %s, %s", one, again, other)
	}
	if got, ok := evidence.ParseLinkSecret(strings.ToLower(string(one))); !ok || got != one {
		t.Errorf("read back %s, %v", got, ok)
	}
	if url := one.URL("https://bank.example/"); url != "https://bank.example/P/"+string(one) {
		t.Errorf("address %s", url)
	}
}

func TestCommitmentCoversTheProfileAndNeedsItsKey(t *testing.T) {
	p := consent.Profile{Subject: "s", Name: "Ola Nordmann", CommitKey: strings.Repeat("11", 32)}
	first, err := evidence.CommitProfile(p)
	if err != nil {
		t.Fatal(err)
	}
	p.Name = "Kari Nordmann"
	changed, _ := evidence.CommitProfile(p)
	p.CommitKey = strings.Repeat("12", 32)
	rekeyed, _ := evidence.CommitProfile(p)
	if first == changed || changed == rekeyed {
		t.Error("the commitment does not cover the name or the key")
	}
	if _, err := evidence.CommitProfile(consent.Profile{Name: "Ola"}); err == nil {
		t.Error("a profile without a key has a commitment that anybody could guess")
	}
}

func TestLibrarysStatementsVerifyOnlyWhole(t *testing.T) {
	library, device := fixedKey(t), chainKey(t)
	certificate, err := evidence.SignCertificate(library, evidence.Certificate{Device: device.Device(), PublicKey: device.Public(), Name: "laptop", IssuedAt: noon})
	if err != nil {
		t.Fatal(err)
	}
	list, err := evidence.SignTrustList(library, evidence.TrustList{IssuedAt: noon, Devices: []evidence.Certificate{certificate}})
	if err != nil {
		t.Fatal(err)
	}
	receipt, err := evidence.SignStorageReceipt(library, evidence.StorageReceipt{SHA256: "aa", Size: 3, StoredAt: noon})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(certificate.Verify(library.Public()), list.Verify(library.Public()), receipt.Verify(library.Public(), "aa", 3)); err != nil {
		t.Fatal(err)
	}
	renamed := certificate
	renamed.Name = "another"
	swapped := list
	swapped.Devices = []evidence.Certificate{renamed}
	for what, err := range map[string]error{
		"a renamed certificate":             renamed.Verify(library.Public()),
		"another's certificate":             certificate.Verify(device.Public()),
		"a list with a renamed certificate": swapped.Verify(library.Public()),
		"a receipt for other bytes":         receipt.Verify(library.Public(), "bb", 3),
		"a receipt of another size":         receipt.Verify(library.Public(), "aa", 4),
		"a receipt of another library":      receipt.Verify(device.Public(), "aa", 3),
	} {
		if err == nil {
			t.Errorf("%s verifies", what)
		}
	}
}

func chainKey(t *testing.T) evidence.Key {
	t.Helper()
	key, err := evidence.NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
