package capture_test

import (
	"slices"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

func (b *bench) merge(from, into capture.Person) capture.Merged {
	b.tb.Helper()
	done, err := b.Merge(b.ctx, from.ID, into.ID)
	if err != nil {
		b.tb.Fatal(err)
	}
	return done
}

var internalPhoto = consent.Scope{Channel: "internal", Media: consent.Photo}

func TestMergingGivesWhatOnlyTheOtherHadAndUnmergingTakesItBack(t *testing.T) {
	b := mustBench(t)
	into := b.person(capture.Registration{Name: "Kari Nordmann", Phone: "41234567", Notes: "Rød genser", Guardians: []consent.Guardian{{Name: "Ola Nordmann", Phone: "91234567"}}})
	from := b.person(capture.Registration{Name: "Kari Normann", Phone: "41234568", Email: "kari@example.no", Born: "2016", Group: "5B", Notes: "Sitter foran",
		Guardians: []consent.Guardian{{Name: "ola nordmann"}, {Name: "Anne Nordmann"}}})
	done := b.merge(from, into)
	p := done.Person.Profile
	if done.Person.ID != into.ID || p.Phone != "+4741234567" || p.Email != "kari@example.no" || p.Born != "2016" || p.Group != "5B" || p.Notes != "Rød genser\nSitter foran" {
		t.Errorf("merged into %+v", p)
	}
	if len(p.Guardians) != 2 || p.Guardians[1] != from.Profile.Guardians[1] || p.Revision != 2 {
		t.Errorf("guardians %+v, revision %d", p.Guardians, p.Revision)
	}
	if g, ok := p.Guardian(from.Profile.Guardians[0].ID); !ok || g.ID != into.Profile.Guardians[0].ID {
		t.Errorf("the father's other pseudonym leads to %+v", g)
	}
	for _, text := range []string{"normann", string(from.Code), "41234568", "kari"} {
		if found := b.Find(capture.Search{Text: text}); len(found) != 1 || found[0].ID != into.ID {
			t.Errorf("%q finds %d people", text, len(found))
		}
	}
	if n := b.counts().Subjects; n != 1 {
		t.Errorf("counted as %d people", n)
	}
	b.reopen()
	apart, err := b.Unmerge(b.ctx, from.ID)
	if err != nil || apart.Person.ID != from.ID || apart.Person.Profile.Email != "kari@example.no" {
		t.Fatalf("taken apart: %+v, %v", apart, err)
	}
	again, err := b.Person(into.ID)
	if err != nil {
		t.Fatal(err)
	}
	if q := again.Profile; q.Email != "" || q.Born != "" || q.Group != "" || q.Notes != "Rød genser" || len(q.Guardians) != 1 || len(q.Taken) != 0 || q.Phone != "+4741234567" {
		t.Errorf("after taking apart the other keeps %+v", q)
	}
	if found := b.Find(capture.Search{Text: "kari"}); len(found) != 2 {
		t.Errorf("kari finds %d people", len(found))
	}
	if audit, err := b.Audit(b.ctx); err != nil || len(audit.Problems) > 0 {
		t.Errorf("audit %+v, %v", audit, err)
	}
}

func TestMergingIsRefusedWhereItMakesNoSense(t *testing.T) {
	b := mustBench(t)
	ola, kari := b.person(capture.Registration{Name: "Ola"}), b.person(capture.Registration{Name: "Kari"})
	_, err := b.Merge(b.ctx, ola.ID, ola.ID)
	wantProblem(t, err, "merge-same")
	_, err = b.Merge(b.ctx, ola.ID, "nobody")
	wantProblem(t, err, "subject-unknown")
	_, err = b.Unmerge(b.ctx, ola.ID)
	wantProblem(t, err, "not-merged")
	b.merge(ola, kari)
	for _, both := range [][2]consent.SubjectID{{kari.ID, ola.ID}, {ola.ID, kari.ID}} { // a ring, and once more
		_, err = b.Merge(b.ctx, both[0], both[1])
		wantProblem(t, err, "merge-same")
	}
}

// Whatever takes a subject acts on the one who stands, and what either registration signed stands for both.
func TestWhatIsDoneUnderEitherNameIsDoneToOnePerson(t *testing.T) {
	b := mustBench(t)
	into, from := b.person(capture.Registration{Name: "Ola Nordmann"}), b.person(capture.Registration{Name: "Ola Normann"})
	old := b.sign(from, "web:*,internal:*")
	ids := b.importCard(2, from)
	if done := b.merge(from, into); len(done.Affected) != 0 {
		t.Errorf("nothing changed for %v", done.Affected)
	}
	for _, text := range []string{string(from.Code), string(from.ID), string(into.Code)} {
		if id, err := b.Resolve(text); err != nil || id != into.ID {
			t.Errorf("%s is %s, %v", text, id, err)
		}
	}
	if p, err := b.Person(from.ID); err != nil || p.ID != into.ID || p.Signed != 1 {
		t.Errorf("shown is %+v, %v", p, err)
	}
	if got := b.status(into, webPhoto); got != consent.StatusGiven {
		t.Errorf("what was signed before is %s for the one who stands", got)
	}
	if file, err := b.WriteReceipt(b.ctx, old.Record, ""); err != nil || len(file) == 0 {
		t.Errorf("receipt of what was signed before: %d bytes, %v", len(file), err)
	}
	renewed := b.sign(from, "web:photo") // says no to internal
	if got := b.status(into, internalPhoto); got != consent.StatusRefused {
		t.Errorf("internal:photo is %s after a later no", got)
	}
	if history, err := b.History(from.ID); err != nil || len(history) != 2 {
		t.Errorf("history of %d, %v", len(history), err)
	}
	phone := "41234567"
	if p, err := b.Amend(b.ctx, from.ID, capture.Amendment{Phone: &phone}); err != nil || p.ID != into.ID || p.Profile.Phone != "+4741234567" {
		t.Errorf("corrected %+v, %v", p, err)
	}
	done, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: from.ID})
	if err != nil || len(done.Affected) != 2 || !slices.Contains(done.Affected, ids[0]) {
		t.Errorf("withdrawn %+v, %v; want both pictures", done, err)
	}
	for _, p := range []capture.Person{from, into} {
		if got := b.status(p, webPhoto); got != consent.StatusWithdrawn {
			t.Errorf("web:photo is %s under %s", got, p.Code)
		}
	}
	if people := b.People(b.shoot); len(people) != 1 {
		t.Errorf("%d people at the shoot", len(people))
	}
	if _, err := b.Unmerge(b.ctx, from.ID); err != nil {
		t.Fatal(err)
	}
	if history, err := b.History(from.ID); err != nil || len(history) != 1 || history[0].ID != consent.EventID(old.Record) {
		t.Errorf("%+v, %v are under the name that was given back, want only %s; %s was signed for the one who stood", history, err, old.Record, renewed.Record)
	}
}

func TestAMergeNamesThePicturesThatItChanges(t *testing.T) {
	b := mustBench(t)
	into, from := b.person(capture.Registration{Name: "Ola Nordmann"}), b.person(capture.Registration{Name: "Ola Normann"})
	b.sign(from, "web:*")
	ids := b.importCard(1, from)
	if err := b.SetPeople(b.ctx, 1, ids...); err != nil {
		t.Fatal(err)
	}
	b.sign(into, "internal:*")
	if done := b.merge(from, into); !slices.Equal(done.Affected, ids) {
		t.Errorf("affected %v, want %v", done.Affected, ids)
	}
	apart, err := b.Unmerge(b.ctx, from.ID)
	if err != nil || !slices.Equal(apart.Affected, ids) {
		t.Errorf("affected %v, %v, want %v", apart.Affected, err, ids)
	}
}

// A card that was handed out before the merge still names the person.
func TestASlateWithTheOldCodeNamesTheOneWhoStands(t *testing.T) {
	b := mustBench(t)
	into, from := b.person(capture.Registration{Name: "Ola Nordmann"}), b.person(capture.Registration{Name: "Ola Normann"})
	b.merge(from, into)
	ids := b.importCard(1, from)
	img, err := b.Image(ids[0])
	if err != nil || len(img.People) != 1 || img.People[0].ID != into.ID {
		t.Fatalf("the picture shows %+v, %v", img.People, err)
	}
	if err := b.Unlink(b.ctx, from.ID, ids...); err != nil {
		t.Fatal(err)
	}
	if img, err = b.Image(ids[0]); err != nil || len(img.People) != 0 {
		t.Errorf("after taking the person off it shows %+v, %v", img.People, err)
	}
	if err := b.Link(b.ctx, from.ID, ids...); err != nil {
		t.Fatal(err)
	}
	if img, err = b.Image(ids[0]); err != nil || len(img.People) != 1 || img.People[0].ID != into.ID {
		t.Errorf("linked by the old name it shows %+v, %v", img.People, err)
	}
}

// One mother who signed under both registrations is one guardian.
func TestOneGuardianOfTwoRegistrationsCountsOnce(t *testing.T) {
	b := mustBench(t)
	child := capture.Registration{Name: "Kari", Born: "2016", Guardians: []consent.Guardian{{Name: "Anne Nordmann", Phone: "41234567"}}}
	into, from := b.person(child), b.person(child)
	for _, p := range []capture.Person{into, from} {
		g := b.signing(p, "web:photo")
		g.Guardian = 1
		if _, err := b.RecordConsent(b.ctx, g); err != nil {
			t.Fatal(err)
		}
	}
	b.merge(from, into)
	if got := b.status(into, webPhoto); got != consent.StatusAwaitingGuardian {
		t.Errorf("web:photo is %s with one mother who signed twice", got)
	}
}

func TestAMergedPersonGivenOnIsGivenBackAlongTheWholeWay(t *testing.T) {
	b := mustBench(t)
	one := b.person(capture.Registration{Name: "Ola", Email: "ola@example.no", Guardians: []consent.Guardian{{Name: "Per"}}})
	two, three := b.person(capture.Registration{Name: "Ola N"}), b.person(capture.Registration{Name: "Ola Nordmann"})
	b.merge(one, two)
	b.merge(two, three)
	if p, _ := b.Person(one.ID); p.ID != three.ID || p.Profile.Email != "ola@example.no" || len(p.Profile.Guardians) != 1 {
		t.Errorf("stands as %+v", p)
	}
	if _, err := b.Unmerge(b.ctx, one.ID); err != nil {
		t.Fatal(err)
	}
	for _, p := range []capture.Person{two, three} {
		if q, _ := b.Person(p.ID); q.ID != three.ID || q.Profile.Email != "" || len(q.Profile.Guardians) != 0 {
			t.Errorf("after giving back: %+v", q)
		}
	}
}
