package desktop_test

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

func TestDeviceJoinsALibraryAndSyncs(t *testing.T) {
	d := seated(t)
	person := d.register("Ola Nordmann")
	d.sign(person.ID, consent.DecisionYes)
	d.press("Sync")
	d.see("This computer belongs to no media library yet")

	d.library.enrol = func(context.Context, *capture.Session, string) error {
		return problem.New(problem.Unauthorised, "invitation-used-for-test", "The invitation has been used; nothing was changed; ask for a new one.")
	}
	d.enter(0, "https://library.example/i/abc")
	d.press("Connect")
	d.see("ask for a new one")

	d.library.enrol = enrol
	d.press("Connect")
	d.see("https://library.example")
	d.see("Not synced yet")
	d.see("Waiting to be sent")
	if got := d.library.enrolments; len(got) != 2 || got[1] != "https://library.example/i/abc" {
		t.Errorf("invitations: %q", got)
	}

	d.library.sync = func(context.Context, *capture.Session, func(capture.SyncProgress)) (capture.SyncReport, error) {
		return capture.SyncReport{}, problem.New(problem.Unavailable, "library-away-for-test", "The library cannot be reached; everything is safe here; try again later.")
	}
	d.press("Sync now")
	d.see("The library cannot be reached")
	d.see("Last sync failed")

	going, finish := make(chan struct{}), make(chan struct{})
	d.library.sync = func(ctx context.Context, s *capture.Session, progress func(capture.SyncProgress)) (capture.SyncReport, error) {
		progress(capture.SyncProgress{Step: capture.StepBlobs, Done: 1, Total: 4, DoneBytes: 250_000, TotalBytes: 1_000_000})
		close(going)
		<-finish
		return capture.SyncReport{EventsSent: 7, BlobsSent: 4, BytesSent: 1_000_000}, s.SyncDone(ctx)
	}
	d.press("Try again")
	<-going
	d.see("Sending files: 1 of 4, 250.0 kB of 1.0 MB")
	if d.pressable("Sync now") != nil {
		t.Error("a second sync can be started beside the first")
	}
	close(finish)
	d.see("Sent: 7 events")
	d.see("Last synced")
	if d.says("The library cannot be reached") {
		t.Error("the old trouble is still said")
	}
}

func TestSyncCanBeStopped(t *testing.T) {
	d := seated(t)
	if err := enrol(t.Context(), d.session(), ""); err != nil {
		t.Fatal(err)
	}
	d.library.sync = func(ctx context.Context, _ *capture.Session, _ func(capture.SyncProgress)) (capture.SyncReport, error) {
		<-ctx.Done()
		return capture.SyncReport{EventsSent: 2}, ctx.Err()
	}
	d.press("Sync")
	d.press("Sync now")
	d.press("Stop")
	d.see("Sent: 2 events")
	for _, text := range d.texts() {
		if strings.Contains(text, "canceled") {
			t.Errorf("stopping is told as a failure: %s", text)
		}
	}
}

// enrol makes a device one of a library's.
func enrol(ctx context.Context, s *capture.Session, _ string) error {
	key, err := evidence.NewKey(rand.Reader)
	if err != nil {
		return err
	}
	device := s.Device()
	certificate, err := evidence.SignCertificate(key, evidence.Certificate{Device: device.ID, PublicKey: device.PublicKey, Name: device.Name})
	if err != nil {
		return err
	}
	trust, err := evidence.SignTrustList(key, evidence.TrustList{Devices: []evidence.Certificate{certificate}})
	if err != nil {
		return err
	}
	return s.Enrol(ctx, capture.Enrolment{Address: "https://library.example", PublicURL: "https://library.example", LibraryKey: key.Public(),
		Certificate: certificate, Trust: trust}, consent.Organisation{}, nil)
}
