package device_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/sync/wire"
)

func (l *laptop) erase(id consent.SubjectID) {
	l.tb.Helper()
	_, err := l.Erase(context.Background(), capture.Erasure{Subject: id, Reason: "request"})
	must(l.tb, err)
}

// evidenceOf lists the evidence that the log here names for a person.
func (l *laptop) evidenceOf(id consent.SubjectID) []consent.BlobHash {
	l.tb.Helper()
	history, err := l.History(id)
	must(l.tb, err)
	var hashes []consent.BlobHash
	for _, entry := range history {
		if entry.Record == nil {
			continue
		}
		for _, ref := range entry.Record.Evidence {
			hashes = append(hashes, ref.SHA256)
		}
	}
	return hashes
}

// knowsNothingOf fails the test when the laptop has more than the proof of a person.
func (l *laptop) knowsNothingOf(id consent.SubjectID) {
	l.tb.Helper()
	p, err := l.Person(id)
	must(l.tb, err)
	if !p.Erased || p.Known || l.status(id, webPhoto) != consent.StatusWithdrawn {
		l.tb.Errorf("known of the erased person: %+v, web:photo %s", p, l.status(id, webPhoto))
	}
	hashes := l.evidenceOf(id)
	must(l.tb, l.vault.View(context.Background(), func(tx capture.Tx) error {
		if _, found, err := tx.Profile(id); found || err != nil {
			l.tb.Errorf("a profile is here, %v", err)
		}
		for _, hash := range hashes {
			_, blob, err := tx.Blob(hash)
			if _, queued, err2 := tx.Transfer(hash); blob || queued || err != nil || err2 != nil {
				l.tb.Errorf("evidence is here %t, queued %t, %v %v", blob, queued, err, err2)
			}
		}
		_, err := tx.SubjectKey(id)
		wantProblem(l.tb, err, "subject-key-missing")
		return nil
	}))
}

// knowsNothingOf fails the test when the library has more than the proof of a person.
func (p *place) knowsNothingOf(id consent.SubjectID, hashes []consent.BlobHash) {
	p.tb.Helper()
	_, err := p.library.Profile(context.Background(), id)
	wantProblem(p.tb, err, "subject-erased")
	for _, hash := range hashes {
		if r, err := p.objects.Open(context.Background(), hash); err == nil {
			_ = r.Close()
			p.tb.Error("the library has evidence of the erased person")
		}
	}
	if report := p.verify(); !report.OK() {
		p.tb.Errorf("library: %v", report.Problems)
	}
}

// Design §3.11, §7: the erasure goes up and nothing that it erased does, also when it had begun to.
func TestNothingOfAnErasedPersonIsSent(t *testing.T) {
	p := mustServe(t)
	l := enrolledLaptop(t, p)
	l.sync()
	kari := l.person("Kari Nordmann")
	l.sign(kari, "web:photo")
	hashes := l.evidenceOf(kari.ID)
	l.erase(kari.ID)
	if report := l.sync(); report.ProfilesSent != 0 || report.BlobsSent != 0 || report.Pending != 0 || report.EventsSent == 0 {
		t.Errorf("report %+v", report)
	}
	l.knowsNothingOf(kari.ID)
	p.knowsNothingOf(kari.ID, hashes)
}

// Somebody is erased while a sync of the same device is sending their signature.
func TestErasureDuringAnUploadStopsIt(t *testing.T) {
	for _, at := range []string{"POST", "PATCH"} {
		t.Run(at, func(t *testing.T) {
			p := mustServe(t)
			l := enrolledLaptop(t, p)
			l.sync()
			kari := l.person("Kari Nordmann")
			l.sign(kari, "web:photo")
			hashes := l.evidenceOf(kari.ID)
			erased := false
			p.misbehave(func(w http.ResponseWriter, r *http.Request, hub http.Handler) {
				if r.Method == at && !erased && strings.HasPrefix(r.URL.Path, wire.PathUploads) {
					erased = true
					body, err := io.ReadAll(r.Body)
					must(t, err)
					l.erase(kari.ID)
					r.Body = io.NopCloser(bytes.NewReader(body))
				}
				hub.ServeHTTP(w, r)
			})
			report := l.sync()
			p.misbehave(nil)
			if !erased {
				t.Fatal("nothing was uploaded")
			}
			if report.Pending != 0 {
				t.Errorf("report %+v", report)
			}
			l.sync()
			l.knowsNothingOf(kari.ID)
			p.knowsNothingOf(kari.ID, hashes)
		})
	}
}

// A laptop that had not heard of the erasure comes online with its own correction, consent and signature.
func TestNothingBringsAnErasedPersonBack(t *testing.T) {
	p := mustServe(t)
	a, b := enrolledLaptop(t, p), enrolledLaptop(t, p)
	kari := a.person("Kari Nordmann")
	a.sign(kari, "web:photo")
	a.sync()
	b.sync()
	name := "Kari Nordmann Hansen"
	_, err := b.Amend(t.Context(), kari.ID, capture.Amendment{Name: &name})
	must(t, err)
	b.sign(kari, "web:photo")
	hashes := append(a.evidenceOf(kari.ID), b.evidenceOf(kari.ID)...)
	a.erase(kari.ID)
	a.sync()
	for range 2 {
		if report := b.sync(); report.ProfilesSent != 0 || report.BlobsSent > 2 || report.Pending != 0 { // its own form and shoot
			t.Errorf("report %+v", report)
		}
		a.sync()
	}
	for _, l := range []*laptop{a, b} {
		l.knowsNothingOf(kari.ID)
	}
	p.knowsNothingOf(kari.ID, hashes)
}

// A laptop that had not heard of the erasure says that another registration is the same person: nothing of it may be used, and it
// stays in sight, so that it can be erased too.
func TestRegistrationMergedWithAnErasedPersonStaysInSight(t *testing.T) {
	p := mustServe(t)
	a, b := enrolledLaptop(t, p), enrolledLaptop(t, p)
	once, twice := a.person("Kari Nordmann"), a.person("Kari Nordmann")
	a.sign(twice, "web:photo")
	a.sync()
	b.sync()
	_, err := b.Merge(t.Context(), twice.ID, once.ID)
	must(t, err)
	a.erase(once.ID)
	for range 2 {
		a.sync()
		b.sync()
	}
	for _, l := range []*laptop{a, b} {
		found := l.Find(capture.Search{Text: "Kari"})
		if len(found) != 1 || found[0].ID != twice.ID || len(l.People("")) != 2 {
			t.Errorf("found %+v", found)
		}
		if got := l.status(twice.ID, webPhoto); got != consent.StatusWithdrawn {
			t.Errorf("web:photo is %s", got)
		}
	}
	b.erase(twice.ID)
	b.sync()
	a.sync()
	for _, l := range []*laptop{a, b} {
		l.knowsNothingOf(once.ID)
		l.knowsNothingOf(twice.ID)
	}
}

// TestErasureEndsTheSameEverywhere lets three laptops register, answer, correct, erase and sync in any order. When all have synced,
// all of them and the library agree, and of everybody who was erased there is only the proof.
func TestErasureEndsTheSameEverywhere(t *testing.T) {
	left := 12 // each costs three laptops and a library
	if os.Getenv("SAMTYKKE_SOAK") != "" {
		left = math.MaxInt
	}
	rapid.Check(t, func(r *rapid.T) {
		if left--; left < 0 {
			return
		}
		tb := &draw{t, r}
		p := mustServe(tb)
		laptops := []*laptop{enrolledLaptop(tb, p), enrolledLaptop(tb, p), enrolledLaptop(tb, p)}
		var people []consent.SubjectID
		erased := map[consent.SubjectID]bool{}
		hashes := map[consent.SubjectID][]consent.BlobHash{}
		for i := range rapid.IntRange(4, 14).Draw(r, "steps") {
			l := laptops[rapid.IntRange(0, 2).Draw(r, "laptop")]
			step := rapid.SampledFrom([]string{"register", "sign", "correct", "erase", "sync", "sync"}).Draw(r, "step")
			if step == "register" || len(people) == 0 {
				people = append(people, l.person(fmt.Sprintf("Kari %c", 'A'+i)).ID)
				continue
			}
			id := people[rapid.IntRange(0, len(people)-1).Draw(r, "person")]
			here, err := l.Person(id)
			known := err == nil && here.Known
			switch {
			case step == "sync":
				l.sync()
			case !known:
			case step == "sign":
				l.sign(here, "web:photo")
				hashes[id] = append(hashes[id], l.evidenceOf(id)...)
			case step == "correct":
				notes := fmt.Sprint("note ", i)
				_, err := l.Amend(context.Background(), id, capture.Amendment{Notes: &notes})
				must(tb, err)
			case step == "erase":
				l.erase(id)
				erased[id] = true
			}
		}
		for range 3 { // what the first learns from the last comes with another round
			for _, l := range laptops {
				l.sync()
			}
		}
		for _, l := range laptops {
			if audit, err := l.Audit(context.Background()); err != nil || len(audit.Problems) > 0 {
				r.Errorf("audit %v, %v", audit.Problems, err)
			}
			for _, id := range people {
				if erased[id] {
					l.knowsNothingOf(id)
				} else if here, err := l.Person(id); err != nil || !here.Known || here.Erased {
					r.Errorf("%+v is not here, %v", here, err)
				}
			}
		}
		for id := range erased {
			p.knowsNothingOf(id, hashes[id])
		}
	})
}

// draw is a test within a property: what it makes lies in the test's folders, and what fails is shrunk by the property.
type draw struct {
	testing.TB
	r *rapid.T
}

func (d *draw) Errorf(format string, args ...any) { d.r.Helper(); d.r.Errorf(format, args...) }
func (d *draw) Error(args ...any)                 { d.r.Helper(); d.r.Error(args...) }
func (d *draw) Fatalf(format string, args ...any) { d.r.Helper(); d.r.Fatalf(format, args...) }
func (d *draw) Fatal(args ...any)                 { d.r.Helper(); d.r.Fatal(args...) }
