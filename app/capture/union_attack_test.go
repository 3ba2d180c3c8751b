package capture_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/storage/vault"
)

// What follows is what somebody can try who has a vault of the organisation, knows its passphrase, and hands over a backup of it.

// intruder is a vault that has met another and then says what it likes.
func intruder(t *testing.T, met *bench) *bench {
	c := mustBench(t)
	c.uniteWith(met)
	return c
}

// tamper writes into a vault past the use cases.
func (b *bench) tamper(fn func(tx capture.Tx) error) {
	b.tb.Helper()
	if err := b.vault.Update(b.ctx, fn); err != nil {
		b.tb.Fatal(err)
	}
}

// claim makes a vault say of its events of a type what only the library can say.
func (b *bench) claim(kind consent.EventType, claim func(*capture.StoredEvent)) {
	b.tb.Helper()
	for _, stored := range b.log() {
		if e, err := stored.Open(); err != nil || e.Type != kind {
			continue
		}
		claim(&stored)
		b.tamper(func(tx capture.Tx) error { return tx.ReplaceEvent(stored) })
	}
}

func TestAUnionDoesNotPutAWithdrawalAside(t *testing.T) {
	for what, claim := range map[string]func(*capture.StoredEvent){
		"held":         func(e *capture.StoredEvent) { e.Held = "looks odd" },
		"received old": func(e *capture.StoredEvent) { e.ReceivedAt = time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC) },
	} {
		b := mustBench(t)
		p := b.person(capture.Registration{Name: "Ola"})
		b.sign(p, "web:*")
		a := mustBench(t)
		a.uniteWith(b)
		if _, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: p.ID}); err != nil {
			t.Fatal(err)
		}
		c := intruder(t, b)
		c.claim(consent.ConsentWithdrawn, claim)
		a.uniteWith(c)
		for _, when := range []string{"at once", "after the next start"} {
			if got := a.status(p, webPhoto); got != consent.StatusWithdrawn {
				t.Errorf("%s, %s: %s", what, when, got)
			}
			a.reopen()
		}
	}
}

func TestAUnionTakesNothingOffTheQueue(t *testing.T) {
	a := mustBench(t)
	p := a.person(capture.Registration{Name: "Ola"})
	a.sign(p, "web:*")
	c := intruder(t, a)
	for _, e := range c.log() {
		e.ServerSeq, e.ReceivedAt = 7, a.now
		c.tamper(func(tx capture.Tx) error { return tx.AppendEvent(e) })
	}
	before, err := a.WaitingEvents(a.ctx, 100)
	if err != nil {
		t.Fatal(err)
	}
	a.uniteWith(c)
	after, err := a.WaitingEvents(a.ctx, 100)
	if err != nil || len(after) != len(before) {
		t.Errorf("%d events wait for the library, before the union %d; %v", len(after), len(before), err)
	}
}

// Somebody has a laptop that was shut out, and its passphrase.
func TestADeviceThatWasShutOutDoesNotComeBackWithAUnion(t *testing.T) {
	a := mustBench(t)
	p := a.person(capture.Registration{Name: "Ola"})
	c := intruder(t, a)
	library := newKey(t)
	certify := func(key evidence.PublicKey, name string) evidence.Certificate {
		return must1(evidence.SignCertificate(library, evidence.Certificate{Device: key.Device(), PublicKey: key, Name: name, IssuedAt: a.now}))
	}
	devices := []evidence.Certificate{certify(a.Device().PublicKey, "laptop"), certify(c.Device().PublicKey, "lost"), certify(library.Public(), "library")}
	a.enrol(library, a.now, devices...)
	revoked := a.now.Add(time.Minute)
	list := must1(evidence.SignTrustList(library, evidence.TrustList{IssuedAt: revoked, Devices: devices,
		Revoked: map[consent.DeviceID]time.Time{c.Device().ID: revoked}}))
	if _, err := a.TakeIn(a.ctx, capture.Incoming{Trust: &list}); err != nil {
		t.Fatal(err)
	}
	c.sign(p, "web:*")
	c.claim(consent.ConsentDecided, func(e *capture.StoredEvent) { e.ServerSeq, e.ReceivedAt = 3, revoked.Add(-time.Second) })
	a.uniteWith(c)
	for _, when := range []string{"at once", "after the next start"} {
		if got := a.status(p, webPhoto); got != consent.StatusUnanswered {
			t.Errorf("%s a device that was shut out says yes: %s", when, got)
		}
		a.reopen()
	}
	// The library had it in time after all, and says so itself.
	in := capture.Incoming{}
	for i, e := range c.log() {
		if open := must1(e.Open()); open.Device == c.Device().ID {
			in.Events = append(in.Events, capture.StoredEvent{SignedEvent: e.SignedEvent, ServerSeq: uint64(i + 1), ReceivedAt: revoked.Add(-time.Second)})
		}
	}
	for _, form := range c.Forms() {
		in.Forms = append(in.Forms, must1(form.Form.Canonical()))
	}
	if _, err := a.TakeIn(a.ctx, in); err != nil {
		t.Fatal(err)
	}
	for _, when := range []string{"at once", "after the next start"} {
		if got := a.status(p, webPhoto); got != consent.StatusGiven {
			t.Errorf("%s what the library had in time does not count: %s", when, got)
		}
		a.reopen()
	}
}

func TestAUnionTakesNoProfileThatNobodySignedFor(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Ola", Phone: "901 23 456"})
	a := mustBench(t)
	a.uniteWith(b)
	c := intruder(t, b)
	forged := p.Profile
	forged.Name, forged.Phone, forged.Revision = "Kari", "+4790000000", 99
	c.putProfile(forged)
	c.putProfile(consent.Profile{Subject: "0198c0de-0000-7000-8000-000000000001", Revision: 1, Name: "Nobody", CommitKey: strings.Repeat("ab", 32)})
	done := a.uniteWith(c)
	if person, err := a.Person(p.ID); err != nil || person.Profile.Name != "Ola" || person.Profile.Phone != "+4790123456" {
		t.Errorf("%+v, %v", person.Profile, err)
	}
	if len(done.Problems) != 2 || !strings.Contains(strings.Join(done.Problems, " "), string(p.Code)) {
		t.Errorf("it is not told: %q", done.Problems)
	}
	a.tamper(func(tx capture.Tx) error {
		return tx.EachProfile(func(p consent.Profile) error {
			if p.Name == "Nobody" {
				t.Error("a profile was taken that nobody can ever erase")
			}
			return nil
		})
	})
}

// Evidence that is filed under nobody's name, or another's, would outlive its person; what no event names would fill the disk.
func TestAUnionFilesEvidenceUnderWhoseItIs(t *testing.T) {
	for what, owner := range map[string]consent.SubjectID{"nobody's": "", "another's": "0198c0de-0000-7000-8000-000000000002"} {
		b := mustBench(t)
		p := b.person(capture.Registration{Name: "Ola"})
		b.sign(p, "web:*")
		c := intruder(t, b)
		var hashes []consent.BlobHash
		junk := []byte("nobody has ever named this")
		sum := sha256.Sum256(junk)
		c.tamper(func(tx capture.Tx) error {
			var blobs []capture.Blob
			if err := tx.EachBlobOfClass(capture.ClassEvidence, func(b capture.Blob) error { blobs = append(blobs, b); return nil }); err != nil {
				return err
			}
			for _, b := range blobs {
				hashes = append(hashes, b.Hash)
				b.Subject, b.Class = owner, capture.ClassDetails
				if err := tx.PutBlob(b); err != nil {
					return err
				}
			}
			return tx.PutBlob(capture.Blob{Hash: consent.BlobHash(hex.EncodeToString(sum[:])), Class: capture.ClassDetails, Data: junk})
		})
		a := mustBench(t)
		a.uniteWith(c)
		here := func(hash consent.BlobHash) (found bool) {
			a.tamper(func(tx capture.Tx) (err error) { _, found, err = tx.Blob(hash); return err })
			return found
		}
		if here(consent.BlobHash(hex.EncodeToString(sum[:]))) {
			t.Errorf("%s: bytes that no event names were taken", what)
		}
		for _, hash := range hashes {
			if !here(hash) {
				t.Errorf("%s: evidence did not come", what)
			}
		}
		a.erase(p)
		for _, hash := range hashes {
			if here(hash) {
				t.Errorf("%s: evidence outlived its person", what)
			}
		}
	}
}

// A file in the backup that holds another picture's bytes neither passes for its own nor takes the other one away here.
func TestAUnionWithSwappedOriginalsHarmsNone(t *testing.T) {
	a := mustBench(t)
	ids := a.importCard(2, a.person(capture.Registration{Name: "Ola"}))
	c := intruder(t, a)
	store := c.vault.Originals()
	file := func(id consent.AssetID) string {
		return filepath.Join(c.dir, "originals", filepath.FromSlash(store.FileName(id)))
	}
	if err := os.WriteFile(file(ids[0]), must1(os.ReadFile(file(ids[1]))), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := c.vault.Originals().Remove(ids[1]); err != nil {
		t.Fatal(err)
	}
	report, err := c.vault.CreateBackup(c.ctx, t.TempDir(), vault.BackupOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.vault.Originals().Remove(ids[0]); err != nil {
		t.Fatal(err)
	}
	done, err := a.tryToUnite(a.ctx, report.Path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if a.vault.Originals().Has(ids[0]) || !a.vault.Originals().Has(ids[1]) {
		t.Errorf("of the two originals %v and %v are here", a.vault.Originals().Has(ids[0]), a.vault.Originals().Has(ids[1]))
	}
	if !strings.Contains(strings.Join(done.Problems, " "), string(ids[0][:12])) {
		t.Errorf("it is not told: %q", done.Problems)
	}
}

// The token of another record would go on a receipt that is written here.
func TestAUnionTakesTheTokenOfNoOtherRecord(t *testing.T) {
	b := mustBench(t)
	p, other := b.person(capture.Registration{Name: "Ola"}), b.person(capture.Registration{Name: "Kari"})
	signed, otherwise := b.sign(p, "web:*"), b.sign(other, "*:photo")
	c := intruder(t, b)
	c.tamper(func(tx capture.Tx) error {
		var handed any
		if _, err := tx.Setting("handed_out/"+string(otherwise.Record), &handed); err != nil {
			return err
		}
		return tx.PutSetting("handed_out/"+string(signed.Record), handed)
	})
	a := mustBench(t)
	a.uniteWith(c)
	_, err := a.WriteReceipt(a.ctx, signed.Record, "")
	wantProblem(t, err, "evidence-elsewhere")
	a.uniteWith(b)
	if file, err := a.WriteReceipt(a.ctx, signed.Record, ""); err != nil || must1(a.Verify(file)).Record != signed.Record {
		t.Errorf("the genuine one did not come: %v", err)
	}
}

// The list of devices that the library signed comes over too, so that a lost laptop is shut out where no network is; never an older one.
func TestTheNewerListOfDevicesComesWithAUnion(t *testing.T) {
	a, b := mustBench(t), mustBench(t)
	p := a.person(capture.Registration{Name: "Ola"})
	lost := intruder(t, a)
	library := newKey(t)
	var devices []evidence.Certificate
	for _, key := range []evidence.PublicKey{a.Device().PublicKey, b.Device().PublicKey, lost.Device().PublicKey, library.Public()} {
		devices = append(devices, must1(evidence.SignCertificate(library, evidence.Certificate{Device: key.Device(), PublicKey: key, IssuedAt: a.now})))
	}
	a.enrol(library, a.now, devices...)
	b.enrol(library, a.now, devices...)
	revoked := a.now.Add(time.Hour)
	list := must1(evidence.SignTrustList(library, evidence.TrustList{IssuedAt: revoked, Devices: devices,
		Revoked: map[consent.DeviceID]time.Time{lost.Device().ID: revoked}}))
	if _, err := b.TakeIn(b.ctx, capture.Incoming{Trust: &list}); err != nil {
		t.Fatal(err)
	}
	lost.sign(p, "web:*")
	a.uniteWith(b)
	b.uniteWith(a) // the newer list stays
	for name, d := range map[string]*bench{"a": a, "b": b} {
		d.uniteWith(lost)
		d.reopen()
		if got := d.status(p, webPhoto); got != consent.StatusUnanswered {
			t.Errorf("on %s the lost device says yes: %s", name, got)
		}
	}
	a.wantCleanAudit()
}
