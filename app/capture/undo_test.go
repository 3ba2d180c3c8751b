package capture_test

import (
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"reflect"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
)

// stands is what undo is about, of all images.
func (b *bench) stands() map[consent.AssetID][]any {
	all := map[consent.AssetID][]any{}
	for _, img := range b.Images(capture.ImageFilter{}) {
		all[img.ID] = []any{img.Appearances, img.PeopleCount, img.Ground, img.GroundWhy}
	}
	return all
}

func (b *bench) wantStands(t *testing.T, what string, want map[consent.AssetID][]any) {
	t.Helper()
	if got := b.stands(); !reflect.DeepEqual(got, want) {
		t.Errorf("%s: there is\n%v, want\n%v", what, got, want)
	}
}

func (b *bench) undo() capture.Undone {
	b.tb.Helper()
	undone, err := b.Undo(b.ctx)
	if err != nil {
		b.tb.Fatal(err)
	}
	return undone
}

func (b *bench) redo() capture.Undone {
	b.tb.Helper()
	redone, err := b.Redo(b.ctx)
	if err != nil {
		b.tb.Fatal(err)
	}
	return redone
}

// elsewhere is what another device said, and this one has just heard of.
func (b *bench) elsewhere(at time.Time, drafts ...evidence.Draft) {
	b.tb.Helper()
	key, err := evidence.NewKey(rand.Reader)
	if err != nil {
		b.tb.Fatal(err)
	}
	var head evidence.Head
	for _, d := range drafts {
		signed, _, next, err := evidence.Append(key, head, at, rand.Reader, d)
		if err != nil {
			b.tb.Fatal(err)
		}
		head = next
		if err := b.vault.Update(b.ctx, func(tx capture.Tx) error { return tx.AppendEvent(capture.StoredEvent{SignedEvent: signed}) }); err != nil {
			b.tb.Fatal(err)
		}
	}
	b.load()
}

func TestUndoTakesBackOnlyWhatTheActAdded(t *testing.T) {
	b := mustBench(t)
	ola, kari, per := b.person(capture.Registration{Name: "Ola"}), b.person(capture.Registration{Name: "Kari"}), b.person(capture.Registration{Name: "Per"})
	ids := b.importCard(3, ola) // three frames of Ola
	before := b.stands()
	made, err := b.LinkPeople(b.ctx, []consent.SubjectID{ola.ID, kari.ID, per.ID, kari.ID}, consent.Span{}, append(ids, ids[0])...)
	if err != nil || made != 6 {
		t.Fatalf("%d links, %v; want those of two people on three pictures", made, err)
	}
	undone := b.undo()
	if undone.Kind != capture.ActLinked || len(undone.Changed) != 3 || len(undone.Subjects) != 2 {
		t.Errorf("undone %+v", undone)
	}
	if got, want := b.Words(undone, "en"), fmt.Sprintf("Undone: %s, %s linked to 3 images.", kari.Code, per.Code); got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
	b.wantStands(t, "undone", before)
	b.mustAudit()
}

func TestUndoBringsACountBackToUnanswered(t *testing.T) {
	b := mustBench(t)
	id := b.importCard(1, b.person(capture.Registration{Name: "Ola"}))[0]
	for _, count := range []int{2, 1} {
		if err := b.SetPeople(b.ctx, count, id); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []int{2, -1} {
		b.undo()
		b.reopen() // also for the next start of the program
		if img, err := b.Image(id); err != nil || img.PeopleCount != want {
			t.Errorf("it shows %d people, %v; want %d", img.PeopleCount, err, want)
		}
	}
	if c, err := b.Clear(id, "web", "en"); err != nil || c.Answer != consent.NotYet {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestALinkOfTheWholeIsUndoneAndItsPartsStay(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola"})
	film := b.film()
	if err := b.LinkPart(b.ctx, ola.ID, consent.Span{From: 1, To: 2}, film); err != nil {
		t.Fatal(err)
	}
	before := b.stands()
	if err := b.Link(b.ctx, ola.ID, film); err != nil {
		t.Fatal(err)
	}
	b.undo()
	b.wantStands(t, "the whole is undone", before)
	if err := b.Unlink(b.ctx, ola.ID, film); err != nil {
		t.Fatal(err)
	}
	b.undo()
	b.wantStands(t, "taking off is undone", before)
}

func TestTheLinksOfAnImportAreOneAct(t *testing.T) {
	b := mustBench(t)
	ids := b.importCard(9, b.person(capture.Registration{Name: "Ola"}), b.person(capture.Registration{Name: "Kari"})) // more than one batch
	undone := b.undo()
	if undone.Kind != capture.ActSlates || len(undone.Changed) != len(ids) {
		t.Errorf("undone %+v, want all of %d", undone, len(ids))
	}
	for id, stands := range b.stands() {
		if len(stands[0].([]consent.Appearance)) > 0 {
			t.Errorf("%s has %v", id, stands)
		}
	}
	if _, err := b.Undo(b.ctx); err == nil {
		t.Error("there was a second act")
	}
}

func TestWhatOthersSaidMeanwhileIsNotUndone(t *testing.T) {
	b := mustBench(t)
	ola, kari := b.person(capture.Registration{Name: "Ola"}), b.person(capture.Registration{Name: "Kari"})
	ids := b.importCard(3, b.person(capture.Registration{Name: "Per"}))
	if _, err := b.LinkPeople(b.ctx, []consent.SubjectID{ola.ID, kari.ID}, consent.Span{}, ids...); err != nil {
		t.Fatal(err)
	}
	b.elsewhere(b.now.Add(time.Second),
		evidence.Draft{Type: consent.AssetAppearance, Subject: ola.ID, Asset: ids[0], Body: consent.AppearanceBody{}},         // linked there too
		evidence.Draft{Type: consent.AssetAppearanceRemoved, Subject: kari.ID, Asset: ids[1], Body: consent.AppearanceBody{}}, // and taken off there
		evidence.Draft{Type: consent.AssetPeople, Asset: ids[2], Body: consent.PeopleBody{Count: 7}})
	b.now = b.now.Add(time.Minute)
	b.undo()
	for i, want := range []int{2, 1, 1} {
		if img, err := b.Image(ids[i]); err != nil || len(img.People) != want {
			t.Errorf("picture %d shows %v, %v; want %d people", i, img.People, err, want)
		}
	}
	if img, _ := b.Image(ids[2]); img.PeopleCount != 7 {
		t.Errorf("counted %d", img.PeopleCount)
	}
	b.redo()
	for i, want := range []int{3, 2, 3} {
		if img, err := b.Image(ids[i]); err != nil || len(img.People) != want {
			t.Errorf("done again, picture %d shows %v, %v; want %d people", i, img.People, err, want)
		}
	}
}

func TestAClockThatWasPutBackDoesNotKeepAnUndoFromCounting(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola"})
	id := b.importCard(1, b.person(capture.Registration{Name: "Per"}))[0]
	before := b.stands()
	b.now = b.now.Add(24 * time.Hour)
	if err := b.Link(b.ctx, ola.ID, id); err != nil {
		t.Fatal(err)
	}
	b.now = b.now.Add(-24 * time.Hour)
	b.undo()
	b.wantStands(t, "undone", before)
	b.redo()
	if img, _ := b.Image(id); len(img.People) != 2 {
		t.Errorf("done again it shows %v", img.People)
	}
}

func TestWhatWasUndoneStaysUndoneAfterSomethingElse(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola"})
	id := b.importCard(1, b.person(capture.Registration{Name: "Per"}))[0]
	if _, err := b.Redo(b.ctx); err == nil {
		t.Error("nothing was undone")
	}
	for _, step := range []func() error{
		func() error { return b.Link(b.ctx, ola.ID, id) },
		func() error { _, err := b.Undo(b.ctx); return err },
		func() error { return b.SetPeople(b.ctx, 1, id) },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	_, err := b.Redo(b.ctx)
	wantProblem(t, err, "nothing-to-redo")
	if undone := b.undo(); undone.Kind != capture.ActCounted {
		t.Errorf("undone %+v", undone)
	}
}

// Whatever is done in whatever order: undoing leads back through every state it led through, and doing again forward.
func TestUndoingRetracesEveryStep(t *testing.T) {
	for seed := range uint64(6) {
		b := mustBench(t)
		random := mathrand.New(mathrand.NewPCG(seed, 4))
		people := []capture.Person{b.person(capture.Registration{Name: "Ola"}), b.person(capture.Registration{Name: "Kari"}), b.person(capture.Registration{Name: "Per"})}
		ids := append(b.importCard(2, people[0]), b.film())
		parts := []consent.Span{{}, {From: 1, To: 2}, {From: 3, To: 5}}
		some := func() []consent.AssetID { return ids[random.IntN(len(ids)):] }
		trail := []map[consent.AssetID][]any{b.stands()}
		at := 0   // where on the trail we are
		acts := 1 // how many there were, with that of the cards
		for range 30 {
			who := []consent.SubjectID{people[random.IntN(3)].ID, people[random.IntN(3)].ID}
			var err error
			switch n := random.IntN(7); {
			case n == 0 && at > 0:
				b.undo()
				at--
			case n == 1 && at+1 < len(trail):
				b.redo()
				at++
			case n <= 1:
				continue
			default:
				switch n {
				case 2:
					_, err = b.LinkPeople(b.ctx, who, consent.Span{}, some()...)
				case 3:
					_, err = b.LinkPeople(b.ctx, who, parts[random.IntN(3)], ids[len(ids)-1])
				case 4:
					err = b.UnlinkPeople(b.ctx, who, consent.Span{}, some()...)
				case 5:
					err = b.SetPeople(b.ctx, random.IntN(3), some()...)
				case 6:
					err = b.SetGround(b.ctx, some()[0], []consent.Ground{consent.GroundConsent, consent.GroundAnonymised}[random.IntN(2)], "slik")
				}
				if err != nil {
					t.Fatal(err)
				}
				now := b.stands()
				if n <= 3 && reflect.DeepEqual(now, trail[at]) {
					continue // nothing new was linked: no act
				}
				trail = append(trail[:at+1], now)
				at++
				acts++
			}
			b.wantStands(t, fmt.Sprintf("seed %d", seed), trail[at])
		}
		for ; at > 0; at-- {
			if _, err := b.Undo(b.ctx); err != nil {
				wantProblem(t, err, "nothing-to-undo")
				if acts < 20 {
					t.Errorf("seed %d: only %d acts were kept", seed, acts)
				}
				break
			}
			b.wantStands(t, fmt.Sprintf("seed %d, step %d", seed, at), trail[at-1])
		}
		b.wantStands(t, "all undone", trail[at])
		b.reopen()
		b.wantStands(t, "after the next start", trail[at])
	}
}

func TestTheOldestActsAreForgotten(t *testing.T) {
	b := mustBench(t)
	id := b.importCard(1, b.person(capture.Registration{Name: "Ola"}))[0]
	for count := range 30 {
		if err := b.SetPeople(b.ctx, count, id); err != nil {
			t.Fatal(err)
		}
	}
	for range 20 {
		b.undo()
	}
	_, err := b.Undo(b.ctx)
	wantProblem(t, err, "nothing-to-undo")
	if img, _ := b.Image(id); img.PeopleCount != 9 {
		t.Errorf("counted %d, want what stood before the last twenty", img.PeopleCount)
	}
}

// An answer that links nobody is an act like any other, and can be undone on its own.
func TestAnswersWithoutLinksAreUndoneOneByOne(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola"})
	ids := b.importCard(3, ola)
	if err := b.vault.Update(b.ctx, func(tx capture.Tx) error {
		for _, id := range ids {
			file, _, err := tx.AssetFile(id)
			if err != nil {
				return err
			}
			file.Undecided, file.Candidates = capture.UndecidedLate, []consent.SubjectID{ola.ID}
			if err := tx.PutAssetFile(file); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	b.undo() // the links of the card
	b.load()
	asking := func(want int) {
		t.Helper()
		if got := b.Undecided(b.shoot); len(got) != want {
			t.Errorf("%d ask, want %d", len(got), want)
		}
	}
	asking(3)
	for _, step := range []error{b.Settle(b.ctx, ids[:1]), b.SetPeople(b.ctx, 0, ids[1]), b.Link(b.ctx, ola.ID, ids[2])} {
		if step != nil {
			t.Fatal(step)
		}
	}
	asking(0)
	for want := range 3 {
		b.undo()
		asking(want + 1)
	}
	for want := range 3 {
		b.redo()
		asking(2 - want)
	}
	b.reopen()
	asking(0)
}
