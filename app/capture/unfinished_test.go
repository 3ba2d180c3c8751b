package capture_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/test/drive"
)

func TestImportThatWasBrokenOffIsRememberedUntilItIsFinished(t *testing.T) {
	b := mustBench(t)
	dir := t.TempDir()
	if _, err := drive.CardOfSmall(dir, b.now, 80, b.person(capture.Registration{Name: "Ola"}).Code); err != nil {
		t.Fatal(err)
	}
	in := capture.Import{Shoot: b.shoot, Paths: []string{dir}, Slates: true}
	ctx, stop := context.WithCancel(b.ctx)
	in.Progress = func(p capture.ImportProgress) {
		if p.Phase == capture.ImportTaking && p.Done > 0 {
			stop()
		}
	}
	report, err := b.Import(ctx, in)
	if !errors.Is(err, context.Canceled) || report.NotReached == 0 {
		t.Fatalf("%d files are left, %v", report.NotReached, err)
	}
	b.reopen()
	unfinished := func() []capture.UnfinishedImport {
		t.Helper()
		list, err := b.UnfinishedImports(b.ctx, b.shoot)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	list := unfinished()
	if len(list) != 1 || len(list[0].Paths) != 1 || list[0].Paths[0] != dir || !list[0].Slates {
		t.Fatalf("remembers %+v", list)
	}
	if other, err := b.UnfinishedImports(b.ctx, "another"); err != nil || len(other) > 0 {
		t.Errorf("another shoot has %+v, %v", other, err)
	}
	in.Progress = nil
	if _, err := b.Import(b.ctx, in); err != nil {
		t.Fatal(err)
	}
	if list := unfinished(); len(list) > 0 {
		t.Errorf("a finished import is still remembered: %+v", list)
	}
}

func TestPlanCountsEachPictureOnceAndWritesNothing(t *testing.T) {
	b := mustBench(t)
	yes, no := b.person(capture.Registration{Name: "Ola", Born: "1980"}), b.person(capture.Registration{Name: "Kari", Born: "1980"})
	b.sign(yes, "*:*")
	b.sign(no, "print:photo")
	dir := t.TempDir()
	if _, err := drive.CardOfSmall(dir, b.now, 5, yes.Code); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Import(b.ctx, capture.Import{Shoot: b.shoot, Paths: []string{dir}}); err != nil {
		t.Fatal(err)
	}
	ids := ids(b.Images(capture.ImageFilter{}))
	for _, err := range []error{
		b.SetPeople(b.ctx, 1, ids[:4]...), b.Link(b.ctx, yes.ID, ids[0]), b.Link(b.ctx, no.ID, ids[1], ids[2]), // the fourth shows somebody who is not linked
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	plan, err := b.PlanExport(b.ctx, "web", b.shoot)
	if err != nil {
		t.Fatal(err)
	}
	got := map[consent.ReasonKind]int{}
	for _, r := range plan.Not {
		got[r.Reason] = r.Count
	}
	if plan.May != 1 || plan.Refused() != 5 || got["refused"] != 2 || got[consent.ReasonPeopleUnanswered] != 2 || got[consent.ReasonUnidentified] != 1 {
		t.Errorf("plans %d and not %v", plan.May, plan.Not)
	}
	report, err := b.Export(b.ctx, capture.Export{Channel: "web", Out: filepath.Join(t.TempDir(), "out"), Shoot: b.shoot}, "en")
	if err != nil || report.Exported != plan.May || len(report.Refused) != plan.Refused() {
		t.Errorf("exports %d and refuses %d, %v", report.Exported, len(report.Refused), err)
	}
}

func ids(images []capture.Image) []consent.AssetID {
	list := make([]consent.AssetID, len(images))
	for i, img := range images {
		list[i] = img.ID
	}
	return list
}

func TestCardTellsHowMuchOnItIsNew(t *testing.T) {
	b := mustBench(t)
	dir := t.TempDir()
	folder := filepath.Join(dir, "100NORDL")
	if _, err := drive.CardOfSmall(folder, b.now, 2, b.person(capture.Registration{Name: "Ola"}).Code); err != nil {
		t.Fatal(err)
	}
	count := func(want capture.CardCount) {
		t.Helper()
		if got, err := b.CountCard(b.ctx, b.shoot, dir); err != nil || got != want {
			t.Errorf("counts %+v, %v; want %+v", got, err, want)
		}
	}
	count(capture.CardCount{Files: 3, New: 3})
	if _, err := b.Import(b.ctx, capture.Import{Shoot: b.shoot, Paths: []string{dir}}); err != nil {
		t.Fatal(err)
	}
	count(capture.CardCount{Files: 3})
	if err := os.WriteFile(filepath.Join(folder, "NLY_0001.JPG"), []byte("another picture under an old name"), 0o600); err != nil {
		t.Fatal(err)
	}
	count(capture.CardCount{Files: 3, New: 1})
}

func TestOneGroundForSeveralImagesIsOneAct(t *testing.T) {
	b := mustBench(t)
	b.importCard(3, b.person(capture.Registration{Name: "Ola"}))
	all := ids(b.Images(capture.ImageFilter{}))[1:] // the first is the card
	if err := b.SetGrounds(b.ctx, append(all[:3:3], "nothing"), consent.GroundAnonymised, "blurred"); err == nil {
		t.Error("an unknown image is given a ground")
	}
	if err := b.SetGrounds(b.ctx, all, consent.GroundAnonymised, "blurred"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.RemoveImages(b.ctx, capture.Removal{Assets: all[:1], Unsent: true}); err != nil {
		t.Fatal(err)
	}
	if d, err := b.ImageDetails(b.ctx, all[1]); err != nil || d.GroundWhy == nil || *d.GroundWhy != "blurred" {
		t.Errorf("after another was removed the justification is %v, %v", d.GroundWhy, err)
	}
	undone, err := b.Undo(b.ctx)
	if err != nil || len(undone.Changed) != 2 {
		t.Errorf("undoing changed %v, %v", undone.Changed, err)
	}
}
