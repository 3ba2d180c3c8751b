package capture_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

// outsidePair imports a JPEG and its raw file by reference.
func (b *bench) outsidePair() (jpeg, raw string) {
	b.tb.Helper()
	card := newMadeCard(b.tb)
	jpeg, raw = card.jpeg("IMG_0001.JPG", 1), card.raw("IMG_0001.NEF", 1)
	b.refer(jpeg, raw)
	return jpeg, raw
}

func (b *bench) refer(paths ...string) {
	b.tb.Helper()
	if _, err := b.Import(b.ctx, capture.Import{Shoot: b.shoot, Paths: paths, Reference: true}); err != nil {
		b.tb.Fatal(err)
	}
}

func TestAnImportFindsAgainWhatWasLeftOutsideAndMoved(t *testing.T) {
	t.Parallel()
	b := mustBench(t)
	jpeg, raw := b.outsidePair()
	dir := t.TempDir()
	newJPEG, newRaw := filepath.Join(dir, "renamed.JPG"), filepath.Join(dir, "renamed.NEF")
	if err := errors.Join(os.Rename(jpeg, newJPEG), os.Rename(raw, newRaw)); err != nil {
		t.Fatal(err)
	}
	if states := b.states(false); states[jpeg] != capture.ReferenceGone || b.counts().ReferencesAmiss != 1 {
		t.Fatalf("%v", states)
	}
	b.refer(dir)
	if n := b.counts().ReferencesAmiss; n != 0 {
		t.Errorf("%d are still amiss", n)
	}
	b.reopen()
	if states := b.states(false); len(states) != 2 || states[newJPEG] != capture.ReferenceSame || states[newRaw] != capture.ReferenceSame {
		t.Errorf("%v", states)
	}
	if got := b.taken(); got != "IMG_0001.JPG+IMG_0001.NEF" {
		t.Errorf("here is %s", got)
	}
}

func TestAnImportFindsAgainWhatHoldsOtherBytesWhereItLay(t *testing.T) {
	t.Parallel()
	b := mustBench(t)
	jpeg, raw := b.outsidePair()
	whole, err := os.Stat(jpeg)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	bytesOf := mustRead(t, jpeg)
	spoilt := bytes.Clone(bytesOf)
	spoilt[len(spoilt)/2] ^= 1
	again := filepath.Join(dir, "IMG_0001.JPG")
	if err := errors.Join(os.WriteFile(again, bytesOf, 0o600), os.WriteFile(jpeg, spoilt, 0o600),
		os.Chtimes(jpeg, whole.ModTime(), whole.ModTime())); err != nil {
		t.Fatal(err)
	}
	if states := b.states(true); states[jpeg] != capture.ReferenceChanged {
		t.Fatalf("%v", states)
	}
	b.refer(again)
	for _, full := range []bool{false, true} {
		if states := b.states(full); len(states) != 2 || states[again] != capture.ReferenceSame || states[raw] != capture.ReferenceSame {
			t.Errorf("%v", states)
		}
	}
}

// A second copy is no reason to leave the first one.
func TestAnImportLeavesAReferenceThatHolds(t *testing.T) {
	t.Parallel()
	b := mustBench(t)
	jpeg, raw := b.outsidePair()
	again := filepath.Join(t.TempDir(), "IMG_0001.JPG")
	if err := os.WriteFile(again, mustRead(t, jpeg), 0o600); err != nil {
		t.Fatal(err)
	}
	b.refer(again)
	if states := b.states(true); len(states) != 2 || states[jpeg] != capture.ReferenceSame || states[raw] != capture.ReferenceSame {
		t.Errorf("%v", states)
	}
}

func TestAnImportIntoTheVaultTakesInWhatLayOutside(t *testing.T) {
	t.Parallel()
	b := mustBench(t)
	jpeg, raw := b.outsidePair()
	want := [][]byte{mustRead(t, jpeg), mustRead(t, raw)}
	b.take(jpeg)
	if states := b.states(true); len(states) != 1 || states[raw] != capture.ReferenceSame {
		t.Errorf("with the JPEG in the vault: %v", states)
	}
	b.take(jpeg, raw)
	if err := errors.Join(os.Remove(jpeg), os.Remove(raw)); err != nil {
		t.Fatal(err)
	}
	if states := b.states(true); len(states) != 0 {
		t.Errorf("with both: %v", states)
	}
	if got := b.taken(); got != "IMG_0001.JPG+IMG_0001.NEF" {
		t.Errorf("here is %s", got)
	}
	img := b.Images(capture.ImageFilter{})[0]
	for n, id := range []consent.AssetID{img.ID, consent.AssetID(img.File.Companions[0].SHA256)} {
		original, err := b.OpenOriginal(id)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(io.NewSectionReader(original, 0, original.Size()))
		if closed := original.Close(); err != nil || closed != nil || !bytes.Equal(got, want[n]) {
			t.Errorf("%s: %d bytes, %v", id, len(got), err)
		}
	}
}
