package hub_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/library"
	"samtykke/app/problem"
	"samtykke/assets"
	"samtykke/sync/wire"
	"samtykke/ui/web"
)

const kari = consent.SubjectID("5d0e9c5e-1111-4111-8111-000000000003")

var link = evidence.LinkSecret("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

var signature = []byte("<svg>EVIDENCE-MARKER strokes of Kari's signature</svg>")

// consentTo records a consent of Kari's with a yes to web and no to the rest.
func (d *device) consentTo(form consent.FormHash, f *consent.Form, signer consent.Signer, at time.Duration) {
	d.tb.Helper()
	answers := map[consent.Scope]consent.Decision{}
	for _, scope := range f.Scopes() {
		answers[scope] = consent.DecisionNo
		if scope.Channel == "web" {
			answers[scope] = consent.DecisionYes
		}
	}
	d.server.clock.turn(at)
	defer d.server.clock.turn(-at)
	signed, _ := d.sign(evidence.Draft{Type: consent.ConsentDecided, Subject: kari, Body: consent.DecidedBody{Form: form, Language: "nb",
		Answers: answers, Signer: signer, Minor: signer.Role == consent.RoleGuardian, SoleGuardian: signer.Role == consent.RoleGuardian,
		Until: d.server.clock.Now().AddDate(5, 0, 0), Link: link.Hash(),
		Evidence: []consent.EvidenceRef{{Kind: consent.EvidenceDrawn, SHA256: hashOf(signature), Size: int64(len(signature)), MIME: "image/svg+xml"}}}})
	d.server.clock.turn(-at)
	defer d.server.clock.turn(at)
	if got := d.send(signed)[0]; got.Outcome != wire.Accepted {
		d.tb.Fatalf("consent became %+v", got)
	}
}

var webPhoto = consent.Scope{Channel: "web", Media: consent.Photo}

func (s *server) status(scope consent.Scope) consent.Status {
	s.tb.Helper()
	view, err := s.library.Personal(s.tb.Context(), link)
	if err != nil {
		s.tb.Fatal(err)
	}
	for _, row := range view.Rows {
		for _, cell := range row.Cells {
			if cell.Scope == scope {
				return cell.Status
			}
		}
	}
	s.tb.Fatalf("no cell for %s", scope)
	return ""
}

func TestWithdrawalByLinkReachesTheDevices(t *testing.T) {
	s := mustServe(t)
	d := s.enrolled()
	hash, form := d.publish()
	d.happen(evidence.Draft{Type: consent.SubjectRegistered, Subject: kari, Body: consent.SubjectBody{Code: "K7Q2-M9XD"}})
	d.consentTo(hash, form, consent.Signer{Role: consent.RoleSelf}, 4*time.Minute) // by a clock that runs ahead, but not too far
	if got := s.status(webPhoto); got != consent.StatusGiven {
		t.Fatalf("before: %s", got)
	}
	cursor := d.changes(0).Next
	if err := s.library.WithdrawByLink(t.Context(), link, []consent.Scope{webPhoto}); err != nil {
		t.Fatal(err)
	}
	if got := s.status(webPhoto); got != consent.StatusWithdrawn {
		t.Errorf("after: %s", got)
	}
	if got := s.status(consent.Scope{Channel: "web", Media: consent.Video}); got != consent.StatusGiven {
		t.Errorf("what was not withdrawn: %s", got)
	}
	changes := d.changes(cursor)
	if len(changes.Changes) != 1 {
		t.Fatalf("%d changes", len(changes.Changes))
	}
	event := changes.Changes[0].Event
	certificate, ok := changes.Trust.Find(s.keys.Signing.Device())
	if !ok || event.Verify(certificate.PublicKey) != nil {
		t.Fatal("a device cannot verify the library's event")
	}
	envelope, err := event.Open()
	if err != nil {
		t.Fatal(err)
	}
	var body consent.WithdrawnBody
	if err := json.Unmarshal(envelope.Body, &body); err != nil {
		t.Fatal(err)
	}
	if envelope.Type != consent.ConsentWithdrawn || envelope.Subject != kari || body.Via != "link" || body.Signer.Role != consent.RoleSelf || len(body.Scopes) != 1 {
		t.Errorf("event %+v %+v", envelope, body)
	}
	for range 2 { // everything, and once more, which changes nothing
		if err := s.library.WithdrawByLink(t.Context(), link, nil); err != nil {
			t.Fatal(err)
		}
	}
	if got := d.changes(changes.Next).Changes; len(got) != 1 {
		t.Errorf("withdrawing everything twice made %d events", len(got))
	}
	if err := s.library.WithdrawByLink(t.Context(), link, []consent.Scope{{Channel: "moon", Media: consent.Photo}}); problem.KindOf(err) != problem.Invalid {
		t.Errorf("a scope of no form: %v", err)
	}
	if r := s.verify(); !r.OK() {
		t.Errorf("verify: %v", r.Problems)
	}
	s.stop()
	s = mustServeAt(t, s.dir, nil)
	if got := s.status(webPhoto); got != consent.StatusWithdrawn {
		t.Errorf("after a restart: %s", got)
	}
}

func TestPersonalViewTellsOnesOwnAndNothingElse(t *testing.T) {
	s := mustServe(t)
	d := s.enrolled()
	if _, err := s.library.Personal(t.Context(), link); !errors.Is(err, library.ErrLinkUnknown) {
		t.Errorf("unknown link: %v", err)
	}
	if err := s.library.WithdrawByLink(t.Context(), link, nil); !errors.Is(err, library.ErrLinkUnknown) {
		t.Errorf("withdraw by unknown link: %v", err)
	}
	form, err := consent.ParseForm(assets.DefaultForm())
	if err != nil {
		t.Fatal(err)
	}
	d.consentTo("not-uploaded-yet", form, consent.Signer{Role: consent.RoleSelf}, 0)
	if _, err := s.library.Personal(t.Context(), link); !errors.Is(err, library.ErrLinkUnknown) {
		t.Errorf("form not here: %v", err)
	}
	hash, form := d.publish()
	guardian := consent.Signer{Role: consent.RoleGuardian, Guardian: "g1"}
	s.clock.turn(time.Minute)
	d.happen(evidence.Draft{Type: consent.SubjectRegistered, Subject: kari, Body: consent.SubjectBody{Code: "K7Q2-M9XD"}})
	d.consentTo(hash, form, guardian, 0)
	for i, picture := range [][]byte{[]byte("a"), []byte("b")} {
		d.declare(picture)
		d.happen(evidence.Draft{Type: consent.AssetAppearance, Subject: kari, Asset: consent.AssetID(hashOf(picture)), Body: consent.AppearanceBody{}})
		if i == 0 {
			d.happen(evidence.Draft{Type: consent.AssetRemoved, Asset: consent.AssetID(hashOf(picture)), Body: struct{}{}})
		}
	}
	view, err := s.library.Personal(t.Context(), link)
	if err != nil {
		t.Fatal(err)
	}
	if view.Organisation != organisation || view.Language != "nb" || view.Code != "K7Q2-M9XD" || view.Assets != 1 || view.Erased || view.SignedAt.IsZero() ||
		len(view.Rows) != len(form.Channels) || len(view.History) != 2 || view.History[0].Yes != 3 {
		t.Errorf("view %+v", view)
	}
	if cell := view.Rows[0].Cells[0]; cell.Status != consent.StatusGiven || !cell.Withdrawable || cell.Until.IsZero() {
		t.Errorf("cell %+v", cell)
	}
	if err := s.library.WithdrawByLink(t.Context(), link, nil); err != nil {
		t.Fatal(err)
	}
	view, err = s.library.Personal(t.Context(), link)
	if err != nil || !view.History[0].Withdrawal || view.History[0].By != guardian || view.Rows[0].Cells[0].Withdrawable {
		t.Errorf("after the guardian withdrew: %+v %v", view.History, err)
	}
	d.happen(evidence.Draft{Type: consent.SubjectErased, Subject: kari, Body: struct{}{}})
	if view, err := s.library.Personal(t.Context(), link); err != nil || !view.Erased {
		t.Errorf("after erasure: %+v %v", view, err)
	}
}

// seen lists the files under a folder that hold any of the markers.
func seen(tb testing.TB, dir string, markers ...string) (found []string) {
	tb.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, marker := range markers {
			if bytes.Contains(raw, []byte(marker)) {
				found = append(found, path+": "+marker)
			}
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return found
}

func TestNoFileOfTheLibraryTellsWhoSomebodyIs(t *testing.T) {
	s := mustServe(t)
	d := s.enrolled()
	hash, form := d.publish()
	markers := []string{"Marker Nordmann", "+4791234567", "EVIDENCE-MARKER", "DETAILS-MARKER", string(link)}
	details := []byte(`{"title":"DETAILS-MARKER at Nordmanns"}`)
	d.must(d.do("PUT", wire.PathSubjects+string(kari)+"/profile", wire.ProfileRequest{Profile: consent.Profile{Subject: kari, Revision: 1,
		Name: markers[0], Phone: markers[1], CommitKey: "00"}}))
	d.consentTo(hash, form, consent.Signer{Role: consent.RoleSelf}, 0)
	d.happen(evidence.Draft{Type: consent.ShootCreated, Shoot: "s1", Body: consent.ShootBody{Details: hashOf(details)}})
	for _, data := range [][]byte{signature, details} { // looked at half-way, in staging, too
		created, _ := d.create(hashOf(data), len(data))
		if _, _, err := d.patch(created.Header.Get("Location"), 0, bytes.NewReader(data[:len(data)-1])); err != nil {
			t.Fatal(err)
		}
		if found := seen(t, s.dir, markers...); len(found) != 0 || len(d.staged()) == 0 {
			t.Errorf("in the clear: %v", found)
		}
		answer, body, err := d.patch(created.Header.Get("Location"), len(data)-1, bytes.NewReader(data[len(data)-1:]))
		if err != nil || answer.StatusCode != http.StatusNoContent {
			t.Fatalf("%v %v %s", err, answer, body)
		}
		d.receiptIn(answer, data)
	}
	if found := seen(t, s.dir, markers...); len(found) != 0 {
		t.Errorf("in the clear: %v", found)
	}
	if r := s.verify(); !r.OK() || r.Blobs != 3 {
		t.Errorf("verify opens what is sealed: %+v", r)
	}
	if found := seen(t, s.dir, string(hash)[:12]); len(found) == 0 {
		t.Error("the search finds nothing at all: it proves nothing")
	}
}

func TestErasureRemovesTheEvidence(t *testing.T) {
	s := mustServe(t)
	d := s.enrolled()
	hash, form := d.publish()
	d.consentTo(hash, form, consent.Signer{Role: consent.RoleSelf}, 0)
	d.upload(signature)
	d.happen(evidence.Draft{Type: consent.SubjectErased, Subject: kari, Body: struct{}{}})
	if _, err := s.objects.Open(t.Context(), hashOf(signature)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the object: %v", err)
	}
	var check wire.BlobsCheckResponse
	d.must(d.do("POST", wire.PathBlobsCheck, wire.BlobsCheckRequest{Hashes: []consent.BlobHash{hashOf(signature)}}))(&check)
	if len(check.Missing) != 0 || len(check.Receipts) != 0 {
		t.Errorf("check after erasure: %+v", check)
	}
	answer, body := d.create(hashOf(signature), len(signature))
	refused(t, http.StatusGone, "subject-erased")(answer.StatusCode, body)
	if r := s.verify(); !r.OK() {
		t.Errorf("verify: %v", r.Problems)
	}
	if !strings.Contains(string(d.changes(0).Changes[1].Event.Envelope), "consent.decided") {
		t.Error("the proof that consent was given is gone")
	}
}

// TestPersonalPageShowsWhatTheLibraryKnows opens the real pages over the real library, as a phone that scanned the receipt does.
func TestPersonalPageShowsWhatTheLibraryKnows(t *testing.T) {
	s := mustServe(t)
	d := s.enrolled()
	hash, form := d.publish()
	d.happen(evidence.Draft{Type: consent.SubjectRegistered, Subject: kari, Body: consent.SubjectBody{Code: "K7Q2-M9XD"}})
	d.consentTo(hash, form, consent.Signer{Role: consent.RoleSelf}, 0)
	pages := httptest.NewTLSServer(web.New(s.library, s.keys.Derive("web"), slog.New(slog.DiscardHandler)))
	defer pages.Close()
	phone := pages.Client()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	phone.Jar = jar
	read := func(path string) (string, int) {
		answer, err := phone.Get(pages.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		raw, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw), answer.StatusCode
	}
	page, status := read("/P/" + string(link))
	if status != http.StatusOK || !strings.Contains(page, "K7Q2-M9XD") || !strings.Contains(page, organisation.Name) {
		t.Errorf("status %d: %s", status, page)
	}
	before := page
	if err := s.library.WithdrawByLink(t.Context(), link, nil); err != nil {
		t.Fatal(err)
	}
	if page, _ = read("/my"); page == before {
		t.Error("the page does not show the withdrawal")
	}
	if page, status := read("/P/ABCDEFGHIJKLMNOPQRSTUVWXYZ222222"); status != http.StatusNotFound || strings.Contains(page, "K7Q2") {
		t.Errorf("unknown link: %d %s", status, page)
	}
}
