package hub_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/sync/wire"
)

func TestEnrolledDeviceGetsEverythingItTrusts(t *testing.T) {
	s := mustServe(t)
	d := s.newDevice()
	var answer wire.EnrolResponse
	d.must(d.enrol(s.invite()))(&answer)
	key := s.keys.Signing.Public()
	if string(answer.LibraryKey) != string(key) || answer.Certificate.Verify(key) != nil || answer.Certificate.Device != d.key.Device() {
		t.Errorf("certificate %+v", answer.Certificate)
	}
	if answer.Trust.Verify(key) != nil || len(answer.Trust.Devices) != 2 {
		t.Errorf("trust %+v", answer.Trust)
	}
	if _, ok := answer.Trust.Find(key.Device()); !ok {
		t.Error("the library is not on its own list")
	}
	if answer.Organisation != organisation || answer.PublicURL != "https://mediebank.example.no" || len(answer.Forms) != 0 {
		t.Errorf("organisation %+v, address %q, %d forms", answer.Organisation, answer.PublicURL, len(answer.Forms))
	}
	d.signIn()
	hash, _ := d.publish()
	other := s.newDevice()
	other.must(other.enrol(s.invite()))(&answer)
	if len(answer.Forms) != 1 || consent.FormHash(hashOf(answer.Forms[0])) != hash {
		t.Errorf("the second device got %d forms, or other bytes", len(answer.Forms))
	}
	s.stop()
	s = mustServeAt(t, s.dir, nil)
	if len(s.library.Forms()) != 1 || s.library.Organisation() != organisation {
		t.Error("forms or organisation are forgotten after a restart")
	}
}

func TestInvitationLetsInOneDeviceForOneDay(t *testing.T) {
	s := mustServe(t)
	secret, old := s.invite(), s.invite()
	first := s.newDevice()
	first.must(first.enrol(secret))
	refused(t, http.StatusForbidden, "invitation-used")(s.newDevice().enrol(secret))
	refused(t, http.StatusForbidden, "invitation-unknown")(s.newDevice().enrol("NOTHING"))
	s.clock.turn(wire.InviteLifetime)
	refused(t, http.StatusForbidden, "invitation-expired")(s.newDevice().enrol(old))
	first.must(first.enrol(s.invite())) // the same key with a new invitation
}

func TestEnrolmentNeedsProofNameAndOrganisation(t *testing.T) {
	s := mustServe(t)
	secret := s.invite()
	d, other := s.newDevice(), s.newDevice()
	claim := wire.EnrolClaim{Secret: secret, PublicKey: d.key.Public(), Name: "Laptop"}
	proof := func(c wire.EnrolClaim, by *device) []byte {
		sig, err := by.key.Sign(evidence.DomainEnrol, c)
		if err != nil {
			t.Fatal(err)
		}
		return sig
	}
	enrol := func(c wire.EnrolClaim, sig []byte, org consent.Organisation) (int, []byte) {
		return d.do("POST", wire.PathEnrol, wire.EnrolRequest{EnrolClaim: c, Proof: sig, Organisation: org})
	}
	refused(t, http.StatusForbidden, "enrol-proof-wrong")(enrol(claim, proof(claim, other), organisation))
	refused(t, http.StatusBadRequest, "request-unreadable")(enrol(wire.EnrolClaim{Secret: secret}, nil, organisation))
	refused(t, http.StatusForbidden, "enrol-proof-wrong")(d.do("POST", wire.PathEnrol, []byte(`{"secret":"`+secret+`"}`)))
	nameless := claim
	nameless.Name = strings.Repeat(" ", 3)
	refused(t, http.StatusBadRequest, "device-name-wrong")(enrol(nameless, proof(nameless, d), organisation))
	refused(t, http.StatusBadRequest, "organisation-name-missing")(enrol(claim, proof(claim, d), consent.Organisation{}))
	refused(t, http.StatusBadRequest, "request-unreadable")(d.do("POST", wire.PathEnrol, []byte(`{"public_key":"AAAA"}`)))
	d.must(enrol(claim, proof(claim, d), organisation)) // none of the refusals used the invitation up
}

func TestTokensHoldForAnHourAndForOneDevice(t *testing.T) {
	s := mustServe(t)
	d, other := s.enrolled(), s.enrolled()
	d.must(d.do("GET", wire.PathChanges, nil))
	good := d.token
	for name, token := range map[string]string{
		"none": "", "garbage": "x", "cut": good[:len(good)-4], "another device's": string(other.key.Device()) + good[strings.Index(good, "."):],
	} {
		d.token = token
		want := "token-expired"
		if token == "" {
			want = "token-missing"
		}
		t.Run(name, func(t *testing.T) {
			refused(t, http.StatusUnauthorized, want)(d.do("GET", wire.PathChanges, nil))
			refused(t, http.StatusUnauthorized, want)(d.do("POST", wire.PathUploads, nil))
		})
	}
	d.token = good
	s.clock.turn(wire.TokenLifetime)
	refused(t, http.StatusUnauthorized, "token-expired")(d.do("GET", wire.PathChanges, nil))
	d.signIn()
	d.must(d.do("GET", wire.PathChanges, nil))
}

func TestSignInNeedsTheDevicesKeyAndAFreshNonce(t *testing.T) {
	s := mustServe(t)
	d, other := s.enrolled(), s.enrolled()
	refused(t, http.StatusForbidden, "device-unknown")(d.do("POST", wire.PathToken, wire.TokenRequest{Device: "nobody"}))
	var answer wire.TokenResponse
	d.must(d.do("POST", wire.PathToken, wire.TokenRequest{Device: d.key.Device()}))(&answer)
	sign := func(by *device) []byte {
		sig, err := by.key.Sign(evidence.DomainToken, wire.TokenClaim{Device: d.key.Device(), Nonce: answer.Nonce})
		if err != nil {
			t.Fatal(err)
		}
		return sig
	}
	ask := func(nonce string, sig []byte) (int, []byte) {
		return d.do("POST", wire.PathToken, wire.TokenRequest{Device: d.key.Device(), Nonce: nonce, Signature: sig})
	}
	refused(t, http.StatusForbidden, "token-refused")(ask(answer.Nonce, sign(other)))
	refused(t, http.StatusUnauthorized, "nonce-expired")(ask("AAAA", sign(d)))
	s.clock.turn(2 * time.Minute)
	refused(t, http.StatusUnauthorized, "nonce-expired")(ask(answer.Nonce, sign(d)))
}

func TestProfileRevisionsNeverOverwriteEachOther(t *testing.T) {
	s := mustServe(t)
	a, b := s.enrolled(), s.enrolled()
	const id = "5d0e9c5e-1111-4111-8111-000000000001"
	path := wire.PathSubjects + id + "/profile"
	p := consent.Profile{Subject: id, Revision: 1, Name: "Kari & Ola", Phone: "+4799999999", CommitKey: "00"}
	refused(t, http.StatusNotFound, "profile-unknown")(a.do("GET", path, nil))
	a.must(a.do("PUT", path, wire.ProfileRequest{Profile: p}))
	a.must(a.do("PUT", path, wire.ProfileRequest{Profile: p})) // the answer got lost
	theirs := p
	theirs.Name = "Kari"
	status, body := b.do("PUT", path, wire.ProfileRequest{Profile: theirs})
	var conflict wire.ProfileConflict
	if status == http.StatusConflict {
		b.must(http.StatusOK, body)(&conflict)
	}
	if conflict.ID != "profile-conflict" || conflict.Current.Name != p.Name || conflict.Sentence == "" {
		t.Errorf("other content of one revision: %d %s", status, body)
	}
	theirs.Revision = 3
	refused(t, http.StatusConflict, "profile-conflict")(b.do("PUT", path, wire.ProfileRequest{Profile: theirs}))
	theirs.Revision = 2
	b.must(b.do("PUT", path, wire.ProfileRequest{Profile: theirs}))
	var got wire.ProfileRequest
	a.must(a.do("GET", path, nil))(&got)
	if got.Profile.Name != "Kari" || got.Profile.Revision != 2 {
		t.Errorf("got %+v", got.Profile)
	}
	if changes := a.changes(0).Changes; len(changes) != 1 || changes[0].Profile == nil || changes[0].Profile.Revision != 2 {
		t.Errorf("changes %+v", changes)
	}
	refused(t, http.StatusBadRequest, "request-unreadable")(a.do("PUT", wire.PathSubjects+"other/profile", wire.ProfileRequest{Profile: p}))

	a.happen(evidence.Draft{Type: consent.SubjectErased, Subject: id, Body: struct{}{}})
	refused(t, http.StatusGone, "subject-erased")(a.do("GET", path, nil))
	theirs.Revision = 3
	refused(t, http.StatusGone, "subject-erased")(a.do("PUT", path, wire.ProfileRequest{Profile: theirs}))
	if r := s.verify(); !r.OK() {
		t.Errorf("verify after erasure: %v", r.Problems)
	}
}
