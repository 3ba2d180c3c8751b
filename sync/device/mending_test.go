package device_test

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/library"
	"samtykke/storage/vault"
)

// losing closes a laptop's vault, destroys the stored event with this number of arrival and every copy of it, and opens it again.
func (l *laptop) losing(arrival uint64) {
	l.tb.Helper()
	must(l.tb, l.vault.Close())
	must(l.tb, os.Remove(filepath.Join(l.dir, "vault.db.snapshot")))
	db, err := bbolt.Open(filepath.Join(l.dir, "vault.db"), 0o600, nil)
	must(l.tb, err)
	must(l.tb, db.Update(func(b *bbolt.Tx) error {
		events, key := b.Bucket([]byte("events")), binary.BigEndian.AppendUint64(nil, arrival)
		broken := append([]byte(nil), events.Get(key)...)
		broken[len(broken)-1] ^= 1
		return events.Put(key, broken)
	}))
	must(l.tb, db.Close())
	l.vault, err = vault.Open(context.Background(), l.dir, passphrase, lightKDF)
	must(l.tb, err)
	l.tb.Cleanup(func() { _ = l.vault.Close() })
	mended, err := l.vault.Mend(context.Background())
	if must(l.tb, err); mended.LostEvents != 1 {
		l.tb.Fatalf("mended %+v", mended)
	}
	l.Session, err = capture.Open(context.Background(), capture.Parts{Store: l.vault, Originals: l.vault.Originals(), Previews: l.vault.Previews()})
	must(l.tb, err)
	must(l.tb, l.ReadLibraryAgain(context.Background()))
}

// arrivalOf is the number under which an own event with a number of the chain lies in the vault.
func (l *laptop) arrivalOf(seq uint64) uint64 {
	l.tb.Helper()
	var at, found uint64
	must(l.tb, l.vault.View(context.Background(), func(tx capture.Tx) error {
		return tx.EachEvent(func(stored capture.StoredEvent) error {
			at++
			if e, err := stored.Open(); err == nil && stored.Own && e.Seq == seq {
				found = at
			}
			return nil
		})
	}))
	return found
}

// An own event is lost beyond repair before it was ever sent. The library would put everything after it aside, a withdrawal among
// it: mending signs anew what is left, says in the log what is lost, and the withdrawal arrives.
func TestWhatFollowsALostEventStillArrives(t *testing.T) {
	p := mustServe(t)
	a, b := enrolledLaptop(t, p), enrolledLaptop(t, p)
	ola := a.person("Ola Nordmann")
	a.sign(ola, "web:photo")
	a.sync()
	waiting, err := a.WaitingEvents(t.Context(), 10)
	must(t, err)
	if len(waiting) != 0 {
		t.Fatalf("%d events wait after a sync", len(waiting))
	}
	kari := a.person("Kari Nordmann") // this registration will be lost
	withdrawn, err := a.Withdraw(t.Context(), capture.Withdrawal{Subject: ola.ID})
	must(t, err)
	waiting, err = a.WaitingEvents(t.Context(), 10)
	must(t, err)
	first, err := waiting[0].Open()
	must(t, err)
	if first.Subject != kari.ID {
		t.Fatalf("the first event that waits is %s", first.Type)
	}
	a.losing(a.arrivalOf(first.Seq))

	a.sync() // without mending: the library puts the withdrawal aside
	b.sync()
	if got := b.status(ola.ID, webPhoto); got != consent.StatusGiven {
		t.Fatalf("without mending web:photo is %s on the other laptop", got)
	}
	done, err := a.MendChain(t.Context())
	must(t, err)
	if want := (consent.NumberRange{From: first.Seq, To: first.Seq}); len(done.Lost) != 1 || done.Lost[0] != want || done.SignedAnew != 1 {
		t.Errorf("mended %+v, want the loss of %+v", done, want)
	}
	for range 2 {
		a.sync()
		b.sync()
	}
	for _, l := range []*laptop{a, b} {
		if got := l.status(ola.ID, webPhoto); got != consent.StatusWithdrawn {
			t.Errorf("web:photo is %s", got)
		}
		audit, err := l.Audit(t.Context())
		if must(t, err); len(audit.Problems) > 0 || !strings.Contains(strings.Join(audit.Warnings, "\n"), "once lost what it had signed") {
			t.Errorf("the audit finds %v and warns of %v", audit.Problems, audit.Warnings)
		}
	}
	if status, err := a.Status(t.Context()); err != nil || status.HeldEvents != 0 || status.PendingEvents != 0 {
		t.Errorf("status %+v, %v", status, err)
	}
	p.tells(t, withdrawn.Event, done.Lost[0])
	again, err := a.MendChain(t.Context())
	must(t, err)
	if len(again.Lost) != 0 || again.SignedAnew != 0 {
		t.Errorf("mended again: %+v", again)
	}
	report, err := library.Verify(t.Context(), p.ledger, p.objects, p.library.Key())
	if must(t, err); len(report.Problems) > 0 {
		t.Errorf("the library finds %v", report.Problems)
	}
}

// tells fails the test unless the library's log has the withdrawal and an event that names what was lost.
func (p *place) tells(t *testing.T, withdrawal consent.EventID, lost consent.NumberRange) {
	t.Helper()
	changes, _, err := p.library.Changes(t.Context(), 0, 500)
	must(t, err)
	var has, names bool
	for _, change := range changes {
		if change.Event == nil {
			continue
		}
		e, err := change.Event.Open()
		must(t, err)
		has = has || e.ID == withdrawal
		var body consent.ChainMendedBody
		if e.Type == consent.ChainMended && json.Unmarshal(e.Body, &body) == nil {
			names = len(body.Lost) == 1 && body.Lost[0] == lost
		}
	}
	if !has || !names {
		t.Errorf("the library's log has the withdrawal: %t, names what was lost: %t", has, names)
	}
}

// An event that the library had is lost here: nothing is signed anew, the next sync brings it back.
func TestALostEventThatTheLibraryHasComesBack(t *testing.T) {
	p := mustServe(t)
	a := enrolledLaptop(t, p)
	ola := a.person("Ola Nordmann")
	a.sign(ola, "web:photo")
	a.sync()
	waiting, err := a.Withdraw(t.Context(), capture.Withdrawal{Subject: ola.ID})
	must(t, err)
	a.losing(a.arrivalOf(2))
	done, err := a.MendChain(t.Context())
	must(t, err)
	if len(done.Lost) != 0 || done.SignedAnew != 0 {
		t.Errorf("mended %+v", done)
	}
	a.sync()
	audit, err := a.Audit(t.Context())
	if must(t, err); len(audit.Problems) > 0 {
		t.Errorf("the audit finds %v", audit.Problems)
	}
	if got := a.status(ola.ID, webPhoto); got != consent.StatusWithdrawn {
		t.Errorf("web:photo is %s after %s", got, waiting.Event)
	}
}
