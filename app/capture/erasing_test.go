package capture_test

import (
	"strings"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/problem"
	"samtykke/assets"
)

func (b *bench) erase(p capture.Person) capture.Erased {
	b.tb.Helper()
	done, err := b.Erase(b.ctx, capture.Erasure{Subject: p.ID, Reason: "request"})
	if err != nil {
		b.tb.Fatal(err)
	}
	return done
}

func (b *bench) mustAudit() {
	b.tb.Helper()
	audit, err := b.Audit(b.ctx)
	if err != nil || len(audit.Problems) > 0 || audit.Events == 0 {
		b.tb.Errorf("audit %+v, %v", audit, err)
	}
}

func (b *bench) counts() capture.Status {
	b.tb.Helper()
	status, err := b.Status(b.ctx)
	if err != nil {
		b.tb.Fatal(err)
	}
	return status
}

// Design §3.11: erasure erases the person and leaves the pseudonymous proof.
func TestErasureForgetsThePersonAndKeepsTheProof(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola Nordmann", Phone: "41234567", Email: "ola@example.no"})
	signed := b.sign(ola, "web:*")
	if _, err := b.WriteReceipt(b.ctx, signed.Record, ""); err != nil {
		t.Fatal(err)
	}
	frames := b.importCard(2, ola)
	for _, id := range frames {
		if err := b.SetPeople(b.ctx, 1, id); err != nil {
			t.Fatal(err)
		}
	}
	before := b.counts()

	done := b.erase(ola)
	if len(done.Affected) != 2 || len(done.Alone) != 3 || done.Subject != ola.ID || done.Already {
		t.Errorf("erased %+v", done)
	}
	for range 2 { // in memory, and as the next start reads it
		gone, err := b.Person(ola.ID)
		if err != nil || !gone.Erased || gone.Known || gone.Profile.Name != "" || gone.Signed != 1 {
			t.Errorf("after erasure: %+v, %v", gone, err)
		}
		for _, text := range []string{"Ola", "41234567", "ola@example.no", string(ola.Code)} {
			if found := b.Find(capture.Search{Text: text}); len(found) > 0 {
				t.Errorf("%q finds %+v", text, found)
			}
		}
		for _, id := range frames {
			if answer, err := b.Clear(id, "web", "en"); err != nil || answer.Answer != consent.No {
				t.Errorf("the picture is %+v, %v", answer, err)
			}
		}
		after := b.counts()
		if after.Subjects != before.Subjects-1 || after.Consents != before.Consents || after.Assets != before.Assets {
			t.Errorf("counts %+v, before %+v", after, before)
		}
		waiting, err := b.WaitingTransfers(b.ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range waiting {
			if w.Class == capture.ClassEvidence {
				t.Errorf("evidence still waits: %+v", w)
			}
		}
		if profiles, err := b.WaitingProfiles(b.ctx); err != nil || len(profiles) > 0 {
			t.Errorf("profiles still wait: %v, %v", profiles, err)
		}
		b.mustAudit()
		b.reopen()
	}

	// Nothing is taken up for somebody who is gone.
	if _, err := b.RecordConsent(b.ctx, b.signing(ola, "web:*")); problem.KindOf(err) != problem.NotFound {
		t.Errorf("a consent of an erased person: %v", err)
	}
	name := "Ola"
	if _, err := b.Amend(b.ctx, ola.ID, capture.Amendment{Name: &name}); problem.KindOf(err) != problem.NotFound {
		t.Errorf("a correction of an erased person: %v", err)
	}
	if _, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: ola.ID}); problem.KindOf(err) != problem.NotFound {
		t.Errorf("a withdrawal of an erased person: %v", err)
	}
	if _, err := b.WriteReceipt(b.ctx, signed.Record, ""); problem.KindOf(err) != problem.NotFound {
		t.Errorf("a receipt of an erased person: %v", err)
	}
	if _, err := b.ExportPerson(b.ctx, capture.AccessRequest{Subject: ola.ID, Out: t.TempDir() + "/x.zip"}); problem.Of(err).ID != "person-erased" {
		t.Errorf("an export of an erased person: %v", err)
	}
}

func TestErasingAgainChangesNothing(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola"})
	b.erase(ola)
	before, err := b.Audit(b.ctx)
	if err != nil {
		t.Fatal(err)
	}
	if again := b.erase(ola); !again.Already {
		t.Errorf("erased again: %+v", again)
	}
	if after, err := b.Audit(b.ctx); err != nil || after.Events != before.Events {
		t.Errorf("%d events, before %d, %v", after.Events, before.Events, err)
	}
	_, err = b.Erase(b.ctx, capture.Erasure{Subject: "nobody", Reason: "request"})
	wantProblem(t, err, "subject-unknown")
	_, err = b.Erase(b.ctx, capture.Erasure{Subject: ola.ID, Reason: " "})
	wantProblem(t, err, "erasure-reason-missing")
}

// A guardian's one signature for two children, a list that many signed: erasing one must not take it from the others.
func TestErasingOnePersonLeavesTheEvidenceOfOthers(t *testing.T) {
	for name, first := range map[string]int{"who signed first": 0, "who signed last": 1} {
		t.Run(name, func(t *testing.T) {
			b := mustBench(t)
			people := []capture.Person{b.person(capture.Registration{Name: "Kari Nordmann"}), b.person(capture.Registration{Name: "Ola Nordmann"})}
			var records []consent.RecordID
			for _, p := range people {
				records = append(records, b.sign(p, "web:*").Record) // the same strokes
			}
			done := b.erase(people[first])
			if words := wordsOf(done); !strings.Contains(words, "1 signature or signed paper is other people's evidence too") {
				t.Errorf("kept: %s", words)
			}
			b.reopen()
			if _, err := b.WriteReceipt(b.ctx, records[1-first], ""); err != nil {
				t.Errorf("the other's receipt: %v", err)
			}
			b.mustAudit()
			b.erase(people[1-first])
			b.reopen()
			b.mustAudit()
			if waiting, err := b.WaitingTransfers(b.ctx); err != nil || len(waiting) != 2 { // the form and the shoot's details
				t.Errorf("waiting %+v, %v", waiting, err)
			}
		})
	}
}

// What a union brings was signed on another device and is here all the same.
func TestErasingOnePersonLeavesTheEvidenceOfOthersThatAUnionBrought(t *testing.T) {
	a, b := mustBench(t), mustBench(t)
	kari, ola := b.person(capture.Registration{Name: "Kari Nordmann"}), b.person(capture.Registration{Name: "Ola Nordmann"})
	b.sign(ola, "web:*")
	b.sign(kari, "web:*") // the same strokes, sealed as hers
	a.uniteWith(b)
	a.erase(kari)
	a.reopen()
	left := map[consent.SubjectID]int{}
	err := a.vault.View(a.ctx, func(tx capture.Tx) error {
		return tx.EachBlobOfClass(capture.ClassEvidence, func(e capture.Blob) error { left[e.Subject]++; return nil })
	})
	if err != nil || len(left) != 1 || left[ola.ID] != 2 {
		t.Errorf("evidence by person: %v, %v; Ola's statement and the signature should be left", left, err)
	}
}

func wordsOf(done capture.Erased) string {
	var all []string
	for _, k := range done.Kept {
		all = append(all, k.Words(assets.NewTexts("en")))
	}
	return strings.Join(all, "\n")
}

// Somebody who was registered twice is erased under both registrations.
func TestErasureReachesEveryRegistrationOfThePerson(t *testing.T) {
	b := mustBench(t)
	once, twice := b.person(capture.Registration{Name: "Ola Nordmann"}), b.person(capture.Registration{Name: "Ola Nordman"})
	b.sign(once, "web:*")
	b.sign(twice, "print:*")
	b.merge(once, twice)
	b.erase(once)
	for _, p := range []capture.Person{once, twice} {
		if gone, err := b.Person(p.ID); err != nil || !gone.Erased || gone.Known {
			t.Errorf("%+v, %v", gone, err)
		}
	}
	b.reopen()
	b.mustAudit()
	if found := b.Find(capture.Search{Text: "Ola"}); len(found) > 0 {
		t.Errorf("found %+v", found)
	}
}

// The words of a reason could name the person; only words of the list are kept.
func TestAReasonInFreeWordsIsKeptNowhere(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola"})
	if _, err := b.Erase(b.ctx, capture.Erasure{Subject: ola.ID, Reason: "Ola Nordmann ringte"}); err != nil {
		t.Fatal(err)
	}
	reasons := 0
	err := b.vault.View(b.ctx, func(tx capture.Tx) error {
		return tx.EachEvent(func(e capture.StoredEvent) error {
			if strings.Contains(string(e.Envelope), `"reason":"other"`) {
				reasons++
			}
			if strings.Contains(string(e.Envelope), "ringte") {
				t.Errorf("%s", e.Envelope)
			}
			return nil
		})
	})
	if err != nil || reasons != 1 {
		t.Errorf("%d reasons, %v", reasons, err)
	}
}

// A consent screen may be open for the person while somebody erases them: what comes after finds nobody, and no key is drawn again.
func TestErasureBesideOtherWorkEndsInEitherOrder(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola"})
	signing := b.signing(ola, "web:*")
	ended := make(chan error, 20)
	for range cap(ended) {
		go func() {
			_, err := b.RecordConsent(b.ctx, signing)
			ended <- err
		}()
	}
	b.erase(ola)
	for range cap(ended) {
		if err := <-ended; err != nil && problem.KindOf(err) != problem.NotFound {
			t.Error(err)
		}
	}
	if got := b.status(ola, webPhoto); got != consent.StatusWithdrawn {
		t.Errorf("web:photo is %s", got)
	}
	err := b.vault.View(b.ctx, func(tx capture.Tx) error {
		_, err := tx.SubjectKey(ola.ID)
		return err
	})
	wantProblem(t, err, "subject-key-missing")
	b.mustAudit()
}

func TestErasureTakesThePicturesThatShowNobodyElseAlong(t *testing.T) {
	b := mustBench(t)
	ola, kari := b.person(capture.Registration{Name: "Ola"}), b.person(capture.Registration{Name: "Kari"})
	frames := b.importCard(3, ola)
	for i, people := range []int{1, 2, -1} {
		if people > 0 {
			if err := b.SetPeople(b.ctx, people, frames[i]); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := b.Link(b.ctx, kari.ID, frames[1]); err != nil {
		t.Fatal(err)
	}
	planned, err := b.ErasureOf(capture.Erasure{Subject: ola.ID, Pictures: true})
	if err != nil || len(planned.Alone) != 2 || len(planned.Affected) != 3 { // one frame and the card
		t.Fatalf("planned %+v, %v", planned, err)
	}
	if words := wordsOf(capture.Erased{Kept: planned.Kept}); !strings.Contains(words, "2 pictures that show the person stay") {
		t.Errorf("kept %s", words)
	}
	if _, err := b.Erase(b.ctx, capture.Erasure{Subject: ola.ID, Reason: "minor", Pictures: true}); err != nil {
		t.Fatal(err)
	}
	b.reopen()
	left := b.Images(capture.ImageFilter{})
	if len(left) != 2 {
		t.Errorf("%d pictures are left", len(left))
	}
	for _, img := range left {
		if img.ID == frames[0] {
			t.Error("the picture that shows nobody else is there")
		}
	}
	if b.vault.Originals().Has(frames[0]) || !b.vault.Originals().Has(frames[1]) {
		t.Error("the wrong bytes went")
	}
	b.mustAudit()
}
