package device_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
)

func TestTwoLaptopsAndAWithdrawalByLinkAgree(t *testing.T) {
	p := mustServe(t)
	a, b := enrolledLaptop(t, p), enrolledLaptop(t, p)
	if e, ok := a.Enrolment(); !ok || e.Address != p.URL || e.PublicURL != p.URL || !bytes.Equal(e.LibraryKey, p.library.Key()) {
		t.Fatalf("enrolment %+v", e)
	}
	ola := a.person("Ola Nordmann")
	signed := a.sign(ola, "web:*")
	data := pictureOf(3<<20, 1)
	a.importFile(data, false)

	var steps []capture.SyncStep
	var last capture.SyncProgress
	report, err := quick().Sync(t.Context(), a.Session, func(p capture.SyncProgress) {
		if last = p; len(steps) == 0 || steps[len(steps)-1] != p.Step {
			steps = append(steps, p.Step)
		}
		if p.Step == capture.StepBlobs && (p.Done > p.Total || p.DoneBytes > p.TotalBytes) {
			t.Errorf("progress %+v", p)
		}
	})
	must(t, err)
	if report.EventsSent == 0 || report.ProfilesSent != 1 || report.BlobsSent < 5 || report.BytesSent < int64(len(data)) || report.Pending != 0 {
		t.Errorf("report %+v", report)
	}
	want := []capture.SyncStep{capture.StepConnecting, capture.StepChanges, capture.StepEvents, capture.StepProfiles, capture.StepBlobs, capture.StepChanges}
	if len(steps) != len(want) {
		t.Errorf("steps %v, last %+v", steps, last)
	}
	if !bytes.Equal(p.stored(hashOf(data)), data) {
		t.Error("the library stored other bytes")
	}

	if got := b.sync(); got.EventsReceived == 0 || got.Pending != 0 {
		t.Errorf("second laptop: %+v", got)
	}
	if got := b.status(ola.ID, webPhoto); got != consent.StatusGiven {
		t.Errorf("on the second laptop web:photo is %s", got)
	}
	for _, shoot := range b.Shoots() {
		if shoot.Title == "" {
			t.Errorf("the second laptop does not know what shoot %s is called", shoot.ID)
		}
	}
	if there, err := b.Person(ola.ID); err != nil || there.Profile.Name != "Ola Nordmann" {
		t.Errorf("on the second laptop: %+v, %v", there, err)
	}

	secret, ok := evidence.ParseLinkSecret(signed.Link[strings.LastIndex(signed.Link, "/")+1:])
	if !ok || !strings.HasPrefix(signed.Link, p.URL) {
		t.Fatalf("link %s", signed.Link)
	}
	must(t, p.library.WithdrawByLink(context.Background(), secret, nil))
	for _, l := range []*laptop{a, b} {
		l.sync()
		if got := l.status(ola.ID, webPhoto); got != consent.StatusWithdrawn {
			t.Errorf("after the withdrawal by link web:photo is %s", got)
		}
	}
	p.hasAll(a, b)
	if again := a.sync(); again != (capture.SyncReport{}) {
		t.Errorf("nothing was new, but %+v", again)
	}
}

func TestLaptopThatWasNeverOnlineSendsEverythingAtOnce(t *testing.T) {
	p := mustServe(t)
	a := mustLaptop(t)
	for range 150 { // more events than one request takes
		a.sign(a.person("Kari"), "web:photo")
		a.sign(a.person("Ola"), "*:photo")
	}
	must(t, quick().Enrol(t.Context(), a.Session, p.invite()))
	report := a.sync()
	if report.ProfilesSent != 300 || report.EventsSent < 600 {
		t.Errorf("report %+v", report)
	}
	p.hasAll(a)
	b := enrolledLaptop(t, p)
	if got := b.sync(); got.EventsReceived < report.EventsSent {
		t.Errorf("received %d of %d events", got.EventsReceived, report.EventsSent)
	}
}
