package capture_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

func TestARemovedImageIsGoneAndDoesNotComeBack(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola"})
	frames := b.importCard(2, ola)
	_, err := b.RemoveImages(b.ctx, capture.Removal{Assets: frames[:1]})
	wantProblem(t, err, "removal-unsent")
	if !b.vault.Originals().Has(frames[0]) || len(b.Images(capture.ImageFilter{})) != 3 {
		t.Fatal("what was refused was done")
	}
	image, err := b.Image(frames[0])
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "again.jpg")
	original, err := b.OpenOriginal(frames[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(copied, readAll(t, original), 0o600); err != nil {
		t.Fatal(err)
	}

	done, err := b.RemoveImages(b.ctx, capture.Removal{Assets: []consent.AssetID{frames[0], frames[0]}, Reason: "uskarpt", Unsent: true})
	if err != nil || len(done.Assets) != 1 || len(done.Unsent) != 1 {
		t.Fatalf("removed %+v, %v", done, err)
	}
	again, err := b.Import(b.ctx, capture.Import{Shoot: b.shoot, Paths: []string{copied}})
	if err != nil || again.Imported != 0 || len(again.Skipped) != 1 || again.Skipped[0].Why != capture.SkipRemoved {
		t.Errorf("imported again: %+v, %v", again, err)
	}
	for range 2 {
		_, preview, err := b.Previews.Preview(frames[0])
		if b.vault.Originals().Has(frames[0]) || preview || err != nil {
			t.Errorf("original %t, preview %t, %v", b.vault.Originals().Has(frames[0]), preview, err)
		}
		err = b.vault.View(b.ctx, func(tx capture.Tx) error {
			_, file, err := tx.AssetFile(frames[0])
			_, details, err2 := tx.Blob(image.Details)
			_, queued, err3 := tx.Transfer(image.Details)
			_, waiting, err4 := tx.Transfer(consent.BlobHash(frames[0]))
			if file || details || queued || waiting {
				t.Errorf("left: file %t, details %t, queued %t, waiting %t", file, details, queued, waiting)
			}
			return errors.Join(err, err2, err3, err4)
		})
		if err != nil {
			t.Fatal(err)
		}
		if answer, err := b.Clear(frames[0], "web", "en"); err != nil || answer.Answer != consent.No {
			t.Errorf("%+v, %v", answer, err)
		}
		if images, status := b.Images(capture.ImageFilter{}), b.counts(); len(images) != 2 || status.Assets != 2 || status.SavedAssets != 2 {
			t.Errorf("%d images, %+v", len(images), status)
		}
		b.mustAudit()
		b.reopen()
	}
	if again, err := b.RemoveImages(b.ctx, capture.Removal{Assets: frames[:1]}); err != nil || len(again.Unsent) != 0 {
		t.Errorf("removed twice: %+v, %v", again, err)
	}
	_, err = b.RemoveImages(b.ctx, capture.Removal{Assets: []consent.AssetID{"nothing"}})
	wantProblem(t, err, "asset-unknown")
}

// stuck is a disk from which nothing can be deleted.
type stuck struct{ capture.Originals }

func (stuck) Remove(consent.AssetID) error { return errors.New("in use") }

// What a removal could not delete, because the disk failed or the program ended, goes at the next opening.
func TestARemovalIsFinishedAtTheNextOpening(t *testing.T) {
	b := mustBench(t)
	frames := b.importCard(1, b.person(capture.Registration{Name: "Ola"}))
	parts := b.parts()
	parts.Originals = stuck{parts.Originals}
	s, err := capture.Open(b.ctx, parts)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.RemoveImages(b.ctx, capture.Removal{Assets: frames, Unsent: true})
	wantProblem(t, err, "removal-unfinished")
	if !b.vault.Originals().Has(frames[0]) {
		t.Fatal("it was deleted all the same")
	}
	b.reopen()
	if b.vault.Originals().Has(frames[0]) {
		t.Error("the bytes are still here")
	}
	b.mustAudit()
}

func TestRemovingAReferencedImageLeavesItsFile(t *testing.T) {
	b := mustBench(t)
	b.importCard(1, b.person(capture.Registration{Name: "Ola"}))
	original, err := b.OpenOriginal(b.Images(capture.ImageFilter{})[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "lies-here.jpg")
	if err := os.WriteFile(path, append(readAll(t, original), 0), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Import(b.ctx, capture.Import{Shoot: b.shoot, Paths: []string{path}, Reference: true}); err != nil {
		t.Fatal(err)
	}
	id, err := b.ResolveAsset("lies-here.jpg")
	if err != nil {
		t.Fatal(err)
	}
	done, err := b.RemoveImages(b.ctx, capture.Removal{Assets: []consent.AssetID{id}})
	if err != nil || len(done.Outside) != 1 || done.Outside[0] != path {
		t.Errorf("removed %+v, %v", done, err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}
