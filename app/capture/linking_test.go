package capture_test

import (
	"crypto/rand"
	"strings"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
)

// film makes a film known that another device imported.
func (b *bench) film() consent.AssetID {
	b.tb.Helper()
	film := consent.AssetID(strings.Repeat("f", 64))
	key, err := evidence.NewKey(rand.Reader)
	if err != nil {
		b.tb.Fatal(err)
	}
	signed, _, _, err := evidence.Append(key, evidence.Head{}, b.now, rand.Reader, evidence.Draft{Type: consent.AssetImported, Shoot: b.shoot, Asset: film,
		Body: consent.ImportedBody{Kind: consent.Video, Size: 1, MIME: "video/mp4"}})
	if err != nil {
		b.tb.Fatal(err)
	}
	if err := b.vault.Update(b.ctx, func(tx capture.Tx) error { return tx.AppendEvent(capture.StoredEvent{SignedEvent: signed}) }); err != nil {
		b.tb.Fatal(err)
	}
	b.load()
	return film
}

func TestPeopleAreLinkedToPartsOfAFilm(t *testing.T) {
	b := mustBench(t)
	yes, no := b.person(capture.Registration{Name: "Ola"}), b.person(capture.Registration{Name: "Kari"})
	b.sign(yes, "*:*")
	b.sign(no, "")
	film := b.film()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(b.SetPeople(b.ctx, 2, film))
	must(b.Link(b.ctx, yes.ID, film))
	must(b.LinkPart(b.ctx, no.ID, consent.Span{From: 10, To: 20}, film))
	must(b.LinkPart(b.ctx, no.ID, consent.Span{From: 30, To: 40}, film))
	answer := func(cut consent.Span) consent.Verdict {
		t.Helper()
		clear, err := b.ClearPart(film, "web", cut, "en")
		must(err)
		return clear.Answer
	}
	if whole, cut := answer(consent.Span{}), answer(consent.Span{From: 21, To: 29}); whole != consent.No || cut != consent.Yes {
		t.Errorf("the whole is %s, a cut without her %s", whole, cut)
	}
	wantProblem(t, b.UnlinkPart(b.ctx, no.ID, consent.Span{From: 11, To: 20}, film), "part-not-linked")
	must(b.UnlinkPart(b.ctx, no.ID, consent.Span{From: 10, To: 20}, film))
	if got := answer(consent.Span{From: 12, To: 13}); got != consent.Yes {
		t.Errorf("a cut without her any more is %s", got)
	}
	img, err := b.Image(film)
	must(err)
	if len(img.Appearances) != 2 || len(img.People) != 2 {
		t.Errorf("appear %+v, people %+v", img.Appearances, img.People)
	}
	must(b.Unlink(b.ctx, no.ID, film))
	if img, err = b.Image(film); err != nil || len(img.People) != 1 {
		t.Errorf("people %+v, %v after everything was unlinked", img.People, err)
	}
}

func TestImpossiblePartsAreRefused(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola"})
	photo, film := b.importCard(1, ola)[0], b.film()
	for _, part := range []consent.Span{{From: 5, To: 2}, {From: 5}, {From: -1, To: 2}, {From: 3, To: 3}, {From: 0, To: 1e9}} {
		wantProblem(t, b.LinkPart(b.ctx, ola.ID, part, film), "part-impossible")
		_, err := b.ClearPart(film, "web", part, "en")
		wantProblem(t, err, "part-impossible")
	}
	wantProblem(t, b.LinkPart(b.ctx, ola.ID, consent.Span{From: 1, To: 2}, photo), "part-of-photo")
	if img, _ := b.Image(film); len(img.People) != 0 {
		t.Errorf("people %+v", img.People)
	}
}

func TestOnlyWhoAppearsOrAppearedHasASayAboutAnImage(t *testing.T) {
	b := mustBench(t)
	ola, kari := b.person(capture.Registration{Name: "Ola"}), b.person(capture.Registration{Name: "Kari"})
	b.sign(ola, "*:*")
	id := b.importCard(1, ola)[0]
	if err := b.SetPeople(b.ctx, 1, id); err != nil {
		t.Fatal(err)
	}
	wantProblem(t, b.Approve(b.ctx, capture.Approval{Subject: kari.ID, Assets: []consent.AssetID{id}}), "approval-not-pictured")
	reject := capture.Approval{Subject: ola.ID, Assets: []consent.AssetID{id}, Reason: "Jeg blunker"}
	if err := b.Approve(b.ctx, reject); err != nil {
		t.Fatal(err)
	}
	clear := func(want consent.Verdict, status string) {
		t.Helper()
		c, err := b.Clear(id, "web", "en")
		if err != nil || c.Answer != want || c.Reasons[0].Status != status {
			t.Errorf("%+v, %v; want %s because %s", c, err, want, status)
		}
	}
	clear(consent.No, "rejected")
	if err := b.SetGround(b.ctx, id, consent.GroundSection104C, "17. mai"); err != nil {
		t.Fatal(err)
	}
	clear(consent.No, "objection")
	b.reopen()
	details, err := b.ImageDetails(b.ctx, id)
	if err != nil || details.GroundWhy == nil || *details.GroundWhy != "17. mai" || details.People[0].Said != "rejected" || details.People[0].Reason != "Jeg blunker" {
		t.Errorf("known: %+v, %v", details, err)
	}
	if err := b.Approve(b.ctx, capture.Approval{Subject: ola.ID, Assets: []consent.AssetID{id}, Approved: true}); err != nil {
		t.Fatal(err)
	}
	clear(consent.Yes, "ground")
	if err := b.Unlink(b.ctx, ola.ID, id); err != nil {
		t.Fatal(err)
	}
	if err := b.Approve(b.ctx, reject); err != nil {
		t.Errorf("somebody who appeared once may object still: %v", err)
	}
}
