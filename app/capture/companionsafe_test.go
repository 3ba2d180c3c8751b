package capture_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/storage/vault"
)

// pair is a bench with one exposure of three files, and their bytes.
func pair(tb testing.TB) (b *bench, r *madeCard, files [][]byte) {
	tb.Helper()
	b, r = mustBench(tb), newMadeCard(tb)
	for _, path := range []string{r.jpeg("A.JPG", 1), r.raw("A.NEF", 1), r.write("A.xmp", []byte("<x/>"))} {
		files = append(files, mustRead(tb, path))
	}
	b.take(r.dir)
	b.wantTaken("A.JPG+A.NEF+A.xmp")
	return b, r, files
}

// wantFiles wants the one image here to have these bytes, its companions' after its own.
func (b *bench) wantFiles(files [][]byte) {
	b.tb.Helper()
	images := b.Images(capture.ImageFilter{})
	if len(images) != 1 || len(images[0].Companions) != len(files)-1 {
		b.tb.Fatalf("there are %+v", images)
	}
	ids := []consent.AssetID{images[0].ID}
	for _, c := range images[0].File.Companions {
		ids = append(ids, consent.AssetID(c.SHA256))
	}
	for n, id := range ids {
		o, err := b.OpenOriginal(id)
		if err != nil {
			b.tb.Errorf("file %d: %v", n, err)
		} else if !bytes.Equal(readAll(b.tb, o), files[n]) {
			b.tb.Errorf("file %d came back changed", n)
		}
	}
}

func TestCompanionsComeOverWithAUnion(t *testing.T) {
	b, r, files := pair(t)
	a := mustBench(t)
	if done := a.uniteWith(b); done.Originals != len(files) || len(done.Problems) > 0 {
		t.Errorf("%+v", done)
	}
	for range 2 { // and after a restart
		a.wantTaken("A.JPG+A.NEF+A.xmp")
		a.wantFiles(files)
		a.wantCleanAudit()
		a.reopen()
	}
	a.shoot = b.shoot
	if report := a.take(r.dir); report.Imported+report.Companions != 0 || report.Duplicates != len(files) {
		t.Errorf("the card that the other one had imported: %+v", report)
	}
	if done := b.uniteWith(a); done.Originals != 0 {
		t.Errorf("the way back brings %+v", done)
	}
}

// One laptop took the JPEG, the other the raw file as well.
func TestARawFileOfAnotherDeviceJoinsThePictureThatIsHere(t *testing.T) {
	b, r, files := pair(t)
	a := mustBench(t)
	other := mustBench(t)
	other.take(filepath.Join(r.dir, "A.JPG"))
	a.uniteWith(other)
	a.wantTaken("A.JPG")
	a.uniteWith(b)
	a.wantTaken("A.JPG+A.NEF+A.xmp")
	a.wantFiles(files)
	a.wantCleanAudit()
}

func TestCompanionsAreInABackupAndInWhatIsRestored(t *testing.T) {
	b, _, files := pair(t)
	from, err := vault.OpenBackup(b.ctx, b.backUp(), passphrase, lightKDF)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	if checked, err := from.Verify(b.ctx, nil); err != nil || len(checked.Problems) > 0 {
		t.Errorf("the backup: %+v, %v", checked, err)
	}
	if left := from.Originals(); !left.Has(b.Images(capture.ImageFilter{})[0].ID) || len(sealedFiles(t, b.dir)) != len(files) {
		t.Errorf("%d files were sealed, want %d", len(sealedFiles(t, b.dir)), len(files))
	}
	restored := b.twin()
	restored.wantTaken("A.JPG+A.NEF+A.xmp")
	restored.wantFiles(files)
	restored.wantCleanAudit()
	if checked, err := restored.vault.Check(b.ctx, true); err != nil || len(checked.Problems) > 0 {
		t.Errorf("what was restored: %q, %v", checked.Problems, err)
	}
}

func TestACompanionThatIsMissingIsFoundAndComesBackFromABackup(t *testing.T) {
	b, _, files := pair(t)
	from, err := vault.OpenBackup(b.ctx, b.backUp(), passphrase, lightKDF)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	for _, lost := range sealedFiles(t, b.dir) {
		if err := os.Remove(lost); err != nil {
			t.Fatal(err)
		}
		if found, err := b.Audit(b.ctx); err != nil || len(found.Problems) != 1 {
			t.Errorf("the audit says %q, %v", found.Problems, err)
		}
		if checked, err := b.vault.Check(b.ctx, true); err != nil || len(checked.Problems) != 1 {
			t.Errorf("the check says %q, %v", checked.Problems, err)
		}
		if done, err := b.MendOriginals(b.ctx, from.Originals()); err != nil || done.Mended != 1 || done.Lost != nil {
			t.Errorf("%+v, %v", done, err)
		}
	}
	b.wantFiles(files)
}
