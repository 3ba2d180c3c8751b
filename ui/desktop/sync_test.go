package desktop_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
	central "samtykke/app/library"
	"samtykke/app/picture/picturetest"
	"samtykke/app/problem"
	"samtykke/ui/desktop/part"
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
	d.see("Still to be sent: ")
	if got := d.library.enrolments; len(got) != 2 || got[1] != "https://library.example/i/abc" {
		t.Errorf("invitations: %q", got)
	}

	d.library.sync = func(context.Context, *capture.Session, func(capture.SyncProgress)) (capture.SyncReport, error) {
		return capture.SyncReport{}, problem.New(problem.Unavailable, "library-away-for-test", "The library cannot be reached; everything is safe here; try again later.")
	}
	d.press("Sync now")
	d.see("The library cannot be reached")
	d.see("Offline")

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

func TestPauseStopsAnUploadAtOnceHoldsAfterARestartAndGoesOnWhereItWas(t *testing.T) {
	d, m := joined(t)
	d.press("Sync")
	d.press("Sync now")
	d.see("Last synced")
	data := d.importPicture(3 << 20)
	reached, cut := make(chan struct{}, 10), make(chan struct{})
	cutNow := sync.OnceFunc(func() { close(cut) })
	defer cutNow() // or the library would never end
	m.through(narrow(1<<19, reached, cut))
	d.press("Sync now")
	<-reached
	d.see("Sending: ")
	d.press("Pause")
	d.see("Paused: nothing is sent")
	d.until("the exchange has ended", func() bool { return d.pressable("Go on") != nil })
	cutNow()
	if d.says("context canceled") || d.says("was stopped") {
		t.Error("a pause is told as a failure")
	}
	m.through(nil)

	d.window.Stop()
	if err := d.door.Close(); err != nil {
		t.Fatal(err)
	}
	d.open()
	d.unlock()
	d.see("Paused")
	d.press("Sync")
	var patched int64
	m.through(func(w http.ResponseWriter, r *http.Request, hub http.Handler) {
		if r.Method == http.MethodPatch {
			patched += r.ContentLength
		}
		hub.ServeHTTP(w, r)
	})
	d.press("Go on")
	d.until("everything has arrived", func() bool { return len(d.stand()) == 1 && d.stand()[capture.TransferReceived] > 0 })
	d.until("the exchange has ended", func() bool { return d.pressable("Sync now") != nil })
	if patched == 0 || patched >= int64(len(data)) {
		t.Errorf("%d bytes of %d were sent after the pause", patched, len(data))
	}
}

func TestSyncBeginsByItselfAndBacksOffWhileOffline(t *testing.T) {
	d := timed(t)
	if err := enrol(t.Context(), d.session(), ""); err != nil {
		t.Fatal(err)
	}
	var away atomic.Bool
	var tries atomic.Int32
	away.Store(true)
	d.library.sync = func(ctx context.Context, s *capture.Session, _ func(capture.SyncProgress)) (capture.SyncReport, error) {
		tries.Add(1)
		if away.Load() {
			return capture.SyncReport{}, problem.New(problem.Unavailable, "library-away-for-test", "The library cannot be reached; everything is safe here; try again later.")
		}
		return capture.SyncReport{}, s.SyncDone(ctx)
	}
	d.press("Sync")
	d.see("Not synced yet")
	d.see("Sync now")
	for at, step := range []time.Duration{10 * time.Second, time.Minute, 2 * time.Minute} {
		d.pass(step)
		d.see([]string{"Next try at 12:01", "Next try at 12:03", "Next try at 12:07"}[at])
	}
	d.see("Offline")
	away.Store(false)
	d.move() // or it would be locked
	d.pass(4 * time.Minute)
	d.see("Synced ")
	if tries.Load() != 4 {
		t.Errorf("%d tries, want 4", tries.Load())
	}
	d.move()
	d.pass(4 * time.Minute)
	d.settle()
	if tries.Load() != 4 {
		t.Errorf("%d tries four minutes later", tries.Load())
	}
	d.pass(time.Minute)
	d.until("it has begun by itself again", func() bool { return tries.Load() == 5 })

	d.press("Pause")
	d.see("Paused: nothing is sent")
	d.pass(14 * time.Minute)
	d.press("Go on")
	d.until("it goes on", func() bool { return tries.Load() >= 6 })
	if tries.Load() != 6 {
		t.Errorf("%d tries after a pause, want 6: it began by itself during the pause", tries.Load())
	}
}

func TestASyncThatBeganByItselfIsNoUseOfTheWindow(t *testing.T) {
	d := timed(t)
	if err := enrol(t.Context(), d.session(), ""); err != nil {
		t.Fatal(err)
	}
	began := make(chan struct{}, 10)
	d.library.sync = func(ctx context.Context, s *capture.Session, _ func(capture.SyncProgress)) (capture.SyncReport, error) {
		began <- struct{}{}
		if err := s.SyncDone(ctx); err != nil { // it changes something
			return capture.SyncReport{}, err
		}
		<-ctx.Done() // and does not end by itself
		return capture.SyncReport{}, ctx.Err()
	}
	d.see("Not synced yet")
	d.pass(20 * time.Second)
	<-began
	d.pass(13 * time.Minute)
	d.locks()
}

func TestEveryItemTellsHowItStandsAndWhatToDo(t *testing.T) {
	d, _ := joined(t)
	d.sign(d.register("Ola Nordmann").ID, consent.DecisionYes)
	d.importPicture(40_000)
	changed := filepath.Join(t.TempDir(), "IMG_7.jpg")
	d.importFrom(changed, 50_000, true)
	original := must(os.ReadFile(changed))
	if err := os.WriteFile(changed, picture(50_001), 0o600); err != nil {
		t.Fatal(err)
	}
	d.press("Sync")
	d.press("Sync now")
	d.see("Failed 1")
	d.see("1 file could not be sent") // the bottom line
	d.pressStarting("Failed")
	d.see("no longer what was imported")
	d.selectRow(0)
	d.see("put the original file back")
	d.until("a way to the images", func() bool { return d.pressable("Show the images") != nil })
	if err := os.WriteFile(changed, original, 0o600); err != nil {
		t.Fatal(err)
	}
	d.press("Try this one again")
	d.see("Failed 0")
	d.pressStarting("Arrived")
	d.selectRow(0)
	d.see("The library's storage receipt")
	d.see("Genuine")
	d.press("Copy as text")
	if text := d.app.Clipboard().Content(); !strings.Contains(text, "sig: ") || !strings.Contains(text, "sha256: ") {
		t.Errorf("the receipt as text: %q", text)
	}
	d.until("the bottom line speaks of no trouble", func() bool { return !d.says("1 file could not be sent") })
}

func TestCutConnectionSaysOfflineAndGoesOn(t *testing.T) {
	d, m := joined(t)
	d.press("Sync")
	d.press("Sync now")
	d.see("Last synced")
	d.importPicture(1 << 20)
	m.through(gone)
	d.press("Sync now")
	d.see("cannot be reached")
	d.see("Offline")
	d.see("Next try at")
	m.through(nil)
	d.press("Try again")
	d.until("everything has arrived", func() bool { return len(d.stand()) == 1 && d.stand()[capture.TransferReceived] > 0 })
	d.until("the trouble is gone", func() bool { return !d.says("cannot be reached") && !d.says("Offline") })
}

func TestARevokedDeviceIsOfferedANewInvitation(t *testing.T) {
	d, m := joined(t)
	if err := central.Revoke(t.Context(), m.ledger, d.session().Device().ID, m.key.Device(), time.Now()); err != nil {
		t.Fatal(err)
	}
	d.press("Sync")
	d.press("Sync now")
	d.see("Last sync failed")
	d.press("Use a new invitation")
	d.see("Paste the whole address")
	d.key(fyne.KeyEscape)
	d.see("Last sync failed")
}

// picture is a picture file of some size.
func picture(size int) []byte {
	data := picturetest.Encode(picturetest.Scene(64, 48, uint64(size)), picturetest.Options{})
	tail := make([]byte, max(size-len(data), 0))
	_, _ = rand.Read(tail) // never fails
	return append(data, tail...)
}

func (d *desk) importPicture(size int) []byte {
	d.Helper()
	return d.importFrom(filepath.Join(d.TempDir(), "IMG_1.jpg"), size, false)
}

// importFrom writes a picture to a path and imports it behind the window's back.
func (d *desk) importFrom(path string, size int, reference bool) []byte {
	d.Helper()
	data := picture(size)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		d.Fatal(err)
	}
	report := must(d.session().Import(d.Context(), capture.Import{Shoot: d.session().Shoots()[0].ID, Paths: []string{path}, Reference: reference}))
	if report.Imported != 1 {
		d.Fatalf("import: %+v", report)
	}
	return data
}

// pressStarting presses the tab whose word begins like this: the number behind it changes.
func (d *desk) pressStarting(word string) {
	d.Helper()
	for _, o := range d.shown() {
		if tab, ok := o.(*part.Tab); ok && strings.HasPrefix(tab.Text(), word) {
			test.Tap(tab)
			return
		}
	}
	d.Fatalf("there is no tab %q", word)
}

// selectRow selects a row of the list that shows.
func (d *desk) selectRow(row int) {
	d.Helper()
	for _, o := range d.shown() {
		if list, ok := o.(*part.RowList); ok {
			list.Select(row)
			return
		}
	}
	d.Fatal("there is no list")
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
