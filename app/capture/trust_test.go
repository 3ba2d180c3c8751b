package capture_test

import (
	"cmp"
	"crypto/rand"
	"slices"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
)

func TestOlderListOfDevicesIsRefused(t *testing.T) {
	b := mustBench(t)
	library, _ := b.enrolled()
	enrolment, _ := b.Enrolment()
	certificates := enrolment.Trust.Devices
	newer := b.trust(library, b.now.Add(time.Hour), certificates[:2]...)
	if _, err := b.TakeIn(b.ctx, capture.Incoming{Trust: &newer}); err != nil {
		t.Fatal(err)
	}
	older := b.trust(library, newer.IssuedAt.Add(-consent.ClockTolerance-time.Second), certificates...)
	_, err := b.TakeIn(b.ctx, capture.Incoming{Trust: &older})
	wantProblem(t, err, "trust-older")
	if now, _ := b.Enrolment(); len(now.Trust.Devices) != 2 {
		t.Errorf("the older list is in force, with %d devices", len(now.Trust.Devices))
	}
	enrolment.Trust = older
	wantProblem(t, b.Enrol(b.ctx, enrolment, consent.Organisation{}, nil), "trust-older")
	// A library whose clock was set back by a minute is not shut out, and the newer list stays.
	slightly := b.trust(library, newer.IssuedAt.Add(-time.Minute), certificates...)
	if _, err := b.TakeIn(b.ctx, capture.Incoming{Trust: &slightly}); err != nil {
		t.Fatal(err)
	}
	if now, _ := b.Enrolment(); !now.Trust.IssuedAt.Equal(newer.IssuedAt) {
		t.Errorf("the list of %s is in force", now.Trust.IssuedAt)
	}
}

// What the library had from a device before it was shut out counts; what came later is kept in its chain and counts for nothing.
func TestEventsOfADeviceThatWasShutOutAreHeld(t *testing.T) {
	b := mustBench(t)
	library, tablet := b.enrolled()
	p := b.person(capture.Registration{Name: "Ola Nordmann"})
	b.sign(p, "web:*")
	enrolment, _ := b.Enrolment()
	revoked := b.now.Add(time.Hour)
	list := must1(evidence.SignTrustList(library, evidence.TrustList{IssuedAt: revoked.Add(time.Minute), Devices: enrolment.Trust.Devices,
		Revoked: map[consent.DeviceID]time.Time{tablet.Device(): revoked}}))
	var head evidence.Head
	event := func(kind consent.EventType, body any, received time.Time) capture.StoredEvent {
		e, _, next, err := evidence.Append(tablet, head, b.now, rand.Reader, evidence.Draft{Type: kind, Subject: p.ID, Body: body})
		if err != nil {
			t.Fatal(err)
		}
		head = next
		return capture.StoredEvent{SignedEvent: e, ReceivedAt: received}
	}
	before := event(consent.SubjectAvoid, consent.AvoidBody{Avoid: true}, revoked.Add(-time.Minute))
	after := event(consent.SubjectAvoid, consent.AvoidBody{Avoid: false}, revoked.Add(time.Minute))
	fresh, err := b.TakeIn(b.ctx, capture.Incoming{Events: []capture.StoredEvent{before, after}, Trust: &list})
	if err != nil || fresh != 1 {
		t.Fatalf("%d events taken in: %v", fresh, err)
	}
	for _, when := range []string{"at once", "after the next start"} {
		if person, err := b.Person(p.ID); err != nil || !person.Avoid {
			t.Errorf("%s the event from before counts for nothing, or the one from after counts: %+v, %v", when, person.Subject, err)
		}
		audit := b.audited(hand{})
		if len(audit.Problems) > 0 || !slices.ContainsFunc(audit.Devices, func(d capture.AuditedDevice) bool { return d.Name == "tablet" && d.Events == 2 && d.OK }) {
			t.Errorf("%s the chain is not kept whole: %+v", when, audit)
		}
		b.reopen()
	}
}

// Whoever has a lost laptop can print receipts and date them back; those of consents that came in time stay good.
func TestReceiptsOfADeviceThatWasShutOutNeedTheirRecord(t *testing.T) {
	b, lost := mustBench(t), mustBench(t)
	known := lost.sign(lost.person(capture.Registration{Name: "Ola Nordmann"}), "web:*")
	b.uniteWith(lost)
	forged := lost.sign(lost.person(capture.Registration{Name: "Kari Nordmann"}), "web:*")
	library := newKey(t)
	certify := func(key evidence.PublicKey) evidence.Certificate {
		return must1(evidence.SignCertificate(library, evidence.Certificate{Device: key.Device(), PublicKey: key, IssuedAt: b.now}))
	}
	devices := []evidence.Certificate{certify(b.Device().PublicKey), certify(lost.Device().PublicKey), certify(library.Public())}
	b.enrol(library, b.now, devices...)
	verify := func(signed capture.Signed) error {
		file := must1(lost.WriteReceipt(lost.ctx, signed.Record, ""))
		_, err := b.Verify(file)
		_, byToken := b.Verify([]byte(signed.Token))
		if (err == nil) != (byToken == nil) {
			t.Errorf("the file: %v, the token: %v", err, byToken)
		}
		return err
	}
	if err := cmp.Or(verify(known), verify(forged)); err != nil {
		t.Fatalf("before: %v", err)
	}
	list := must1(evidence.SignTrustList(library, evidence.TrustList{IssuedAt: b.now.Add(time.Minute), Devices: devices,
		Revoked: map[consent.DeviceID]time.Time{lost.Device().ID: b.now.Add(time.Minute)}}))
	if _, err := b.TakeIn(b.ctx, capture.Incoming{Trust: &list}); err != nil {
		t.Fatal(err)
	}
	wantProblem(t, verify(forged), "token-shut-out")
	if err := verify(known); err != nil {
		t.Errorf("what is in the log: %v", err)
	}
}
