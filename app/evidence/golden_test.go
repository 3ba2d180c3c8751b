package evidence_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
)

// golden compares what is written today with what was always written, and returns the stored bytes for reading. With
// SAMTYKKE_UPDATE set it writes them anew.
func golden(t *testing.T, path, got string) []byte {
	t.Helper()
	if os.Getenv("SAMTYKKE_UPDATE") != "" {
		if err := os.WriteFile(path, []byte(got+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	stored := strings.TrimSuffix(string(want), "\n")
	if got != stored {
		t.Errorf("%s changed:\n got %s\nwant %s", path, got, stored)
	}
	return []byte(stored)
}

// goldenJSON is golden for a value as the vault and the library keep it, read back into another.
func goldenJSON(t *testing.T, path string, value, into any) {
	t.Helper()
	raw, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(golden(t, path, string(raw)), into); err != nil {
		t.Fatal(err)
	}
}

// fixedEvent is the same in every run; a drawn identifier would tell the clock.
func fixedEvent(tb testing.TB) evidence.SignedEvent {
	tb.Helper()
	body, err := json.Marshal(consent.WithdrawnBody{Scopes: []consent.Scope{webPhoto}, Signer: consent.Signer{Role: consent.RoleSelf}, Via: "link"})
	if err != nil {
		tb.Fatal(err)
	}
	signed, _, err := evidence.Resign(fixedKey(tb), evidence.Head{Seq: 41, Hash: strings.Repeat("ab", 32)}, consent.Envelope{V: 1,
		ID: "00000000-0000-7000-8000-000000000000", Type: consent.ConsentWithdrawn, At: noon.UTC(), TZ: "+01:00",
		Subject: "7a1c0000-0000-4000-8000-000000000001", Body: body})
	if err != nil {
		tb.Fatal(err)
	}
	return signed
}

func TestEventFormatIsWhatItAlwaysWas(t *testing.T) {
	golden(t, "testdata/envelope.json", string(fixedEvent(t).Envelope))
	var read evidence.SignedEvent
	goldenJSON(t, "testdata/event.json", fixedEvent(t), &read)
	e, err := read.Open()
	if err := errors.Join(err, read.Verify(fixedKey(t).Public())); err != nil || e.Seq != 42 || e.Type != consent.ConsentWithdrawn {
		t.Errorf("read back %+v: %v", e, err)
	}
}

func TestTokenFormatIsWhatItAlwaysWas(t *testing.T) {
	text, err := evidence.EncodeToken(fixedKey(t), token())
	if err != nil {
		t.Fatal(err)
	}
	stored := golden(t, "testdata/token.txt", text)
	if len(text) > 400 {
		t.Errorf("the token has %d characters: too many for a small QR code", len(text))
	}
	read, err := evidence.DecodeToken(evidence.Keys{fixedKey(t).Public()}, string(stored))
	if err != nil || read.Record != token().Record || !read.Until.Equal(token().Until) {
		t.Errorf("read back %+v: %v", read, err)
	}
}

// A withdrawal has no end, and its token says what it is; tokens without a kind are of consents, as those from before there were kinds.
func TestTokenOfAWithdrawalIsWhatItAlwaysWas(t *testing.T) {
	withdrawal := token()
	withdrawal.Kind, withdrawal.Until = evidence.TokenWithdrawal, time.Time{}
	text, err := evidence.EncodeToken(fixedKey(t), withdrawal)
	if err != nil {
		t.Fatal(err)
	}
	stored := golden(t, "testdata/token-withdrawal.txt", text)
	read, err := evidence.DecodeToken(evidence.Keys{fixedKey(t).Public()}, string(stored))
	if err != nil || read.Kind != evidence.TokenWithdrawal || !read.Until.IsZero() || read.Record != withdrawal.Record || read.Kind.String() != "withdrawal" {
		t.Errorf("read back %+v: %v", read, err)
	}
	if before, err := os.ReadFile("testdata/token.txt"); err != nil {
		t.Fatal(err)
	} else if read, err := evidence.DecodeToken(evidence.Keys{fixedKey(t).Public()}, string(before)); err != nil || read.Kind != evidence.TokenConsent {
		t.Errorf("an old token reads as %s: %v", read.Kind, err)
	}
	withdrawal.Kind++
	unknown, err := evidence.EncodeToken(fixedKey(t), withdrawal)
	if err != nil {
		t.Fatal(err)
	}
	if read, err := evidence.DecodeToken(evidence.Keys{fixedKey(t).Public()}, unknown); err == nil {
		t.Errorf("a token of an unknown kind is read as one of a %s", read.Kind)
	}
}

func sealed(tb testing.TB) []byte {
	tb.Helper()
	file, err := evidence.SealFile(fixedKey(tb), []byte("%PDF-1.3\nsomething\n%%EOF"), token())
	if err != nil {
		tb.Fatal(err)
	}
	return file
}

func TestSealFormatIsWhatItAlwaysWas(t *testing.T) {
	stored := golden(t, "testdata/sealed.pdf", strings.TrimSuffix(string(sealed(t)), "\n"))
	read, err := evidence.OpenFile(evidence.Keys{fixedKey(t).Public()}, append(stored, '\n'))
	if err != nil || read.Record != token().Record || read.File == nil {
		t.Errorf("read back %+v: %v", read, err)
	}
}

func TestLinkFormatIsWhatItAlwaysWas(t *testing.T) {
	link, err := evidence.DeriveLink([]byte(strings.Repeat("k", 32)), strings.Repeat("0f", 16))
	if err != nil {
		t.Fatal(err)
	}
	stored := string(golden(t, "testdata/link.txt", link.URL("https://bank.example.no")+"\n"+link.Hash()))
	address, hash, _ := strings.Cut(stored, "\n")
	read, ok := evidence.ParseLinkSecret(address[strings.LastIndexByte(address, '/')+1:])
	if !ok || read.Hash() != hash {
		t.Errorf("read back %s, %v", read, ok)
	}
}

func TestFormatsOfTheLibraryAreWhatTheyAlwaysWere(t *testing.T) {
	library := fixedKey(t)
	signed, err := evidence.SignCertificate(library, evidence.Certificate{Device: library.Device(), PublicKey: library.Public(), Name: "Laptop æøå <1>", IssuedAt: noon.UTC()})
	if err != nil {
		t.Fatal(err)
	}
	var certificate evidence.Certificate
	goldenJSON(t, "testdata/certificate.json", signed, &certificate)
	list, err := evidence.SignTrustList(library, evidence.TrustList{IssuedAt: noon.UTC(), Devices: []evidence.Certificate{signed}})
	if err != nil {
		t.Fatal(err)
	}
	var trust evidence.TrustList
	goldenJSON(t, "testdata/trust.json", list, &trust)
	list.Revoked = map[consent.DeviceID]time.Time{library.Device(): noon.UTC()}
	if list, err = evidence.SignTrustList(library, list); err != nil {
		t.Fatal(err)
	}
	var shut evidence.TrustList
	goldenJSON(t, "testdata/trust-revoked.json", list, &shut)
	stored, err := evidence.SignStorageReceipt(library, evidence.StorageReceipt{SHA256: "aa", Size: 3, StoredAt: noon.UTC()})
	if err != nil {
		t.Fatal(err)
	}
	var receipt evidence.StorageReceipt
	goldenJSON(t, "testdata/storage-receipt.json", stored, &receipt)
	for what, err := range map[string]error{"certificate": certificate.Verify(library.Public()), "trust list": trust.Verify(library.Public()),
		"trust list with a revoked device": shut.Verify(library.Public()), "storage receipt": receipt.Verify(library.Public(), "aa", 3)} {
		if err != nil {
			t.Errorf("the stored %s: %v", what, err)
		}
	}
	if shut.Counts(library.Device(), noon.Add(time.Second)) || !shut.Counts(library.Device(), noon) || shut.Counts(library.Device(), time.Time{}) {
		t.Error("the moment of shutting out is not the border")
	}
	delete(shut.Revoked, library.Device())
	if shut.Verify(library.Public()) == nil {
		t.Error("a device let in again by hand verifies")
	}
}

func TestCommitmentIsWhatItAlwaysWas(t *testing.T) {
	var p consent.Profile
	goldenJSON(t, "testdata/profile.json", consent.Profile{Subject: "7a1c0000-0000-4000-8000-000000000001", Revision: 2, Name: "Ola Nordmann",
		Phone: "+4791234567", Email: "ola@example.no", Born: "2015", Guardians: []consent.Guardian{{ID: "00ff", Name: "Kari Nordmann"}},
		Notes: "rød jakke", CommitKey: strings.Repeat("11", 32)}, &p)
	commit, err := evidence.CommitProfile(p)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/commitment.txt", commit)
}

func TestReceiptDocumentIsWhatItAlwaysWas(t *testing.T) {
	stored := golden(t, "testdata/receipt.jsonld", string(signedAccount(t)))
	found, err := evidence.OpenDocument(evidence.Keys{fixedKey(t).Public()}, stored)
	if err != nil || found.Device != fixedKey(t).Device() || !found.Created.Equal(account().Created) {
		t.Fatalf("opened %s: %v", found.Created, err)
	}
	receipt, err := evidence.ReadReceipt(found.Body)
	if err != nil || receipt.Identifier != account().Record || receipt.Event.SHA256 != account().Hash {
		t.Errorf("read %+v: %v", receipt.Event, err)
	}
	token, err := evidence.OpenReceipt(evidence.Keys{fixedKey(t).Public()}, stored)
	if err != nil || token.Code != account().Code || token.Organisation != "999999999" || !token.Until.Equal(account().Body.Until) {
		t.Errorf("as a token: %+v, %v", token, err)
	}
}
