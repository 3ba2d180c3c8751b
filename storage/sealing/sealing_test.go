package sealing_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"testing"

	"samtykke/storage/sealing"
)

func testKey(fill byte) (key sealing.Key) {
	for i := range key {
		key[i] = fill
	}
	return key
}

func TestSealedValueOpensWithItsKeyInItsPlace(t *testing.T) {
	for _, plain := range [][]byte{nil, []byte("a"), bytes.Repeat([]byte("long "), 10_000)} {
		sealed := sealing.Seal(testKey(1), []byte("profiles/7"), plain)
		if len(sealed) != len(plain)+sealing.Overhead {
			t.Errorf("sealed %d bytes into %d, want %d more", len(plain), len(sealed), sealing.Overhead)
		}
		got, err := sealing.Open(testKey(1), []byte("profiles/7"), sealed)
		if err != nil || !bytes.Equal(got, plain) {
			t.Errorf("open %d bytes: got %d bytes, %v", len(plain), len(got), err)
		}
	}
}

func TestSealedValueOpensNowhereElse(t *testing.T) {
	sealed := sealing.Seal(testKey(1), []byte("profiles/7"), []byte("Kari Nordmann"))
	if _, err := sealing.Open(testKey(2), []byte("profiles/7"), sealed); !errors.Is(err, sealing.ErrSealed) {
		t.Errorf("another key: %v", err)
	}
	if _, err := sealing.Open(testKey(1), []byte("profiles/8"), sealed); !errors.Is(err, sealing.ErrSealed) {
		t.Errorf("another place: %v", err)
	}
}

func TestEveryChangedBitAndEveryCutShows(t *testing.T) {
	sealed := sealing.Seal(testKey(1), nil, []byte("Kari Nordmann"))
	for i := range sealed {
		for bit := range 8 {
			changed := bytes.Clone(sealed)
			changed[i] ^= 1 << bit
			if _, err := sealing.Open(testKey(1), nil, changed); !errors.Is(err, sealing.ErrSealed) {
				t.Fatalf("bit %d of byte %d: %v", bit, i, err)
			}
		}
		if _, err := sealing.Open(testKey(1), nil, sealed[:i]); !errors.Is(err, sealing.ErrSealed) {
			t.Fatalf("cut at %d: %v", i, err)
		}
	}
}

func TestSealingTwiceDiffersAndHidesThePlaintext(t *testing.T) {
	plain := []byte("Kari Nordmann")
	a, b := sealing.Seal(testKey(1), nil, plain), sealing.Seal(testKey(1), nil, plain)
	if bytes.Equal(a, b) || bytes.Equal(a[1:25], b[1:25]) {
		t.Error("two seals share their nonce")
	}
	if bytes.Contains(a, plain) {
		t.Error("the plaintext stands in the sealed value")
	}
	if one, other := sealing.NewKey(), sealing.NewKey(); one == other {
		t.Error("two new keys are the same")
	}
}

// TestSealedFormatStaysReadable opens a value written by the first version: what is on disks today must open tomorrow.
func TestSealedFormatStaysReadable(t *testing.T) {
	sealed, err := hex.DecodeString(golden)
	if err != nil {
		t.Fatal(err)
	}
	got, err := sealing.Open(testKey(7), []byte("golden"), sealed)
	if err != nil || string(got) != "samtykke" {
		t.Fatalf("got %q, %v", got, err)
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte{}, []byte{})
	f.Add([]byte("place"), sealing.Seal(testKey(1), []byte("place"), []byte("value")))
	f.Fuzz(func(t *testing.T, aad, sealed []byte) {
		plain, err := sealing.Open(testKey(3), aad, sealed) // sealed with key 1, or garbage: nothing may open
		if err == nil {
			t.Fatalf("garbage opened as %q", plain)
		}
	})
}

const golden = "0112914972316b05edd87a75716fe454b10188534034bdb19385a2c6d4f60ee3138836de8207de6074babe029671261773"
