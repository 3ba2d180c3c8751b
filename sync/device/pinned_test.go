package device_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/library"
	"samtykke/app/problem"
	"samtykke/sync/wire"
)

func TestLibraryWithAnotherKeyGetsNothing(t *testing.T) {
	ours, other := mustServe(t), mustServe(t)
	l := enrolledLaptop(t, ours)
	l.sign(l.person("Kari"), "web:photo")
	secret, err := library.Invite(t.Context(), other.ledger, "", l.Clock(), wire.InviteLifetime)
	must(t, err)
	_, err = other.library.Enrol(t.Context(), library.Enrolment{Secret: secret, PublicKey: l.Device().PublicKey, Name: "Laptop", Organisation: organisation})
	must(t, err)
	ours.misbehave(func(w http.ResponseWriter, r *http.Request, _ http.Handler) { other.hub.ServeHTTP(w, r) })
	_, err = quick().Sync(t.Context(), l.Session, nil)
	wantProblem(t, err, "library-not-ours")
	for _, at := range []string{"POST " + wire.PathEvents, "PUT " + wire.PathSubjects + "…", "POST " + wire.PathBlobsCheck, create} {
		if n := ours.count(at); n != 0 {
			t.Errorf("%s was asked %d times", at, n)
		}
	}
	ours.misbehave(nil)
	l.sync()
	ours.hasAll(l)
}

func TestRevokedDeviceIsToldWhy(t *testing.T) {
	p := mustServe(t)
	l := enrolledLaptop(t, p)
	l.sync()
	must(t, library.Revoke(t.Context(), p.ledger, l.Device().ID, p.library.Key().Device(), l.Clock()))
	_, err := quick().Sync(t.Context(), l.Session, nil)
	wantProblem(t, err, "device-revoked")
	if problem.KindOf(err) != problem.Unauthorised || !strings.Contains(err.Error(), "shut out") {
		t.Errorf("the library's sentence became %q", err)
	}
}

func TestEventsThatTheLibraryPutsAsideWaitNoMoreButAreNamed(t *testing.T) {
	p := mustServe(t)
	l := enrolledLaptop(t, p)
	l.sync()
	l.sign(l.person("Kari"), "web:photo")
	before, err := l.Status(t.Context())
	must(t, err)
	p.misbehave(func(w http.ResponseWriter, r *http.Request, hub http.Handler) {
		if r.URL.Path == wire.PathEvents {
			if err := quarantineAll(w, r); err != nil {
				t.Error(err)
			}
			return
		}
		hub.ServeHTTP(w, r)
	})
	report, err := quick().Sync(t.Context(), l.Session, nil)
	must(t, err)
	after, err := l.Status(t.Context())
	must(t, err)
	if after.HeldEvents != before.PendingEvents || after.PendingEvents != 0 || report.EventsSent != 0 {
		t.Errorf("status %+v, report %+v", after, report)
	}
	waiting, err := l.WaitingTransfers(t.Context())
	must(t, err)
	for _, w := range waiting { // no event that the library took names them
		if w.Trouble == "" {
			t.Errorf("left without words: %+v", w)
		}
	}
	if report.Pending != len(waiting) || len(waiting) == 0 {
		t.Errorf("%d files wait, report %+v", len(waiting), report)
	}
}

func TestTwoChangesOfOneProfileAreSettled(t *testing.T) {
	p := mustServe(t)
	a, b := enrolledLaptop(t, p), enrolledLaptop(t, p)
	kari := a.person("Kari")
	for _, name := range []string{"Kari N.", "Kari Nordmann"} { // the library has no revision yet when it gets the third
		_, err := a.Amend(t.Context(), kari.ID, capture.Amendment{Name: &name})
		must(t, err)
	}
	a.sync()
	b.sync()
	email, guardians := "kari@example.no", []consent.Guardian{{Name: "Ola"}}
	_, err := a.Amend(t.Context(), kari.ID, capture.Amendment{Email: &email})
	must(t, err)
	_, err = b.Amend(t.Context(), kari.ID, capture.Amendment{Guardians: &guardians})
	must(t, err)
	a.sync()
	if report := b.sync(); report.ProfilesSent != 1 || report.Pending != 0 {
		t.Errorf("report %+v", report)
	}
	a.sync()
	for _, l := range []*laptop{a, b} {
		got, err := l.Person(kari.ID)
		must(t, err)
		if got.Profile.Email != email || len(got.Profile.Guardians) != 1 || got.Profile.Name != "Kari Nordmann" {
			t.Errorf("profile %+v", got.Profile)
		}
	}
	p.hasAll(a, b)
}

func TestProfileThatIsRefusedHoldsNothingElseUp(t *testing.T) {
	p := mustServe(t)
	l := enrolledLaptop(t, p)
	l.sign(l.person("Kari"), "web:photo")
	p.misbehaveAt("PUT "+wire.PathSubjects+"…", saying(http.StatusBadRequest, wire.Error{Kind: problem.Invalid, ID: "profile-odd", Sentence: "Odd."}))
	report, err := quick().Sync(t.Context(), l.Session, nil)
	wantProblem(t, err, "profile-odd")
	if report.Pending != 1 || report.BlobsSent == 0 {
		t.Errorf("report %+v", report)
	}
	p.misbehave(nil)
	l.sync()
	p.hasAll(l)
}

// A device that is enrolled while another one reads its way through the changes is no stranger.
func TestDeviceEnrolledDuringASyncIsNoStranger(t *testing.T) {
	p := mustServe(t)
	a, b := enrolledLaptop(t, p), enrolledLaptop(t, p)
	for range wire.MaxChanges/2 + 1 {
		a.person("Kari")
	}
	a.sync()
	late := mustLaptop(t)
	var pages []string
	p.misbehave(func(w http.ResponseWriter, r *http.Request, hub http.Handler) {
		if r.Method+" "+r.URL.Path == "GET "+wire.PathChanges {
			if pages = append(pages, r.URL.Query().Get("trust")); len(pages) == 2 {
				p.misbehave(nil)
				must(t, quick().Enrol(t.Context(), late.Session, p.invite()))
				late.sync()
			}
		}
		hub.ServeHTTP(w, r)
	})
	if report := b.sync(); report.Pending != 0 {
		t.Errorf("report %+v", report)
	}
	if !slices.Equal(pages, []string{"1", ""}) {
		t.Fatalf("asked for the list of devices: %q", pages)
	}
	if got := len(b.Shoots()); got != 3 {
		t.Errorf("%d shoots are known", got)
	}
}
