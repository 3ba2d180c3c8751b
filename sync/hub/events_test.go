package hub_test

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/library"
	"samtykke/sync/wire"
)

func shoot(n int) evidence.Draft {
	return evidence.Draft{Type: "future.type", Body: map[string]any{"n": n, "text": "<æ & ø>"}}
}

func TestEventsAreAcceptedOnceAndComeBackUnchanged(t *testing.T) {
	s := mustServe(t)
	d := s.enrolled()
	first, _ := d.sign(shoot(1))
	second, _ := d.sign(shoot(2))
	for i, got := range d.send(first, second) {
		if got.Outcome != wire.Accepted || got.ServerSeq != uint64(i+1) || !got.ReceivedAt.Equal(s.clock.Now()) {
			t.Errorf("event %d: %+v", i, got)
		}
	}
	s.clock.turn(time.Minute)
	if got := d.send(first)[0]; got.Outcome != wire.Duplicate || got.ServerSeq != 1 || !got.ReceivedAt.Equal(s.clock.Now().Add(-time.Minute)) {
		t.Errorf("again: %+v", got)
	}
	changes := d.changes(0)
	if len(changes.Changes) != 2 || changes.More || changes.Next != 2 {
		t.Fatalf("changes %+v", changes)
	}
	for i, want := range []evidence.SignedEvent{first, second} {
		got := changes.Changes[i].Event
		if got == nil || string(got.Envelope) != string(want.Envelope) || got.Verify(d.key.Public()) != nil {
			t.Errorf("event %d came back as %s", i, got.Envelope)
		}
	}
	if err := changes.Trust.Verify(s.keys.Signing.Public()); err != nil || len(changes.Trust.Devices) != 2 {
		t.Errorf("trust list: %v with %d devices", err, len(changes.Trust.Devices))
	}
}

func TestGapAndForkAreQuarantinedAndAlarmed(t *testing.T) {
	s := mustServe(t)
	d := s.enrolled()
	first, _ := d.sign(shoot(1))
	atFirst := d.head
	second, _ := d.sign(shoot(2))
	third, _ := d.sign(shoot(3))
	for i, got := range d.send(second, third) {
		if got.Outcome != wire.Quarantined || !strings.Contains(got.Reason, "missing") {
			t.Errorf("after a gap, event %d: %+v", i, got)
		}
	}
	if r := s.verify(); r.OK() || len(r.Problems) != 2 {
		t.Errorf("verify does not tell of the gap: %v", r.Problems)
	}
	for i, got := range d.send(first, second, third) { // the gap closes: what was kept gets in
		if got.Outcome != wire.Accepted {
			t.Errorf("after the gap closed, event %d: %+v", i, got)
		}
	}
	if r := s.verify(); !r.OK() || r.Events != 3 {
		t.Errorf("after the gap closed: %+v", r)
	}
	whole := d.head
	d.head = atFirst // a copy of the laptop goes on from event 1
	fork, _ := d.sign(shoot(99))
	if got := d.send(fork)[0]; got.Outcome != wire.Quarantined || !strings.Contains(got.Reason, "two events") {
		t.Errorf("fork: %+v", got)
	}
	d.head = evidence.Head{Seq: whole.Seq, Hash: atFirst.Hash} // right number, wrong predecessor
	astray, _ := d.sign(shoot(100))
	if got := d.send(astray)[0]; got.Outcome != wire.Quarantined || !strings.Contains(got.Reason, "does not follow") {
		t.Errorf("wrong predecessor: %+v", got)
	}
	if r := s.verify(); len(r.Problems) != 2 {
		t.Errorf("verify: %v", r.Problems)
	}
}

func TestSameIdentifierWithOtherBytesIsQuarantined(t *testing.T) {
	s := mustServe(t)
	d := s.enrolled()
	first := d.happen(shoot(1))
	other := d.newEnvelope(first.ID, 2)
	if got := d.send(other)[0]; got.Outcome != wire.Quarantined || !strings.Contains(got.Reason, "identifier") {
		t.Errorf("got %+v", got)
	}
}

// newEnvelope signs an event under a given identifier.
func (d *device) newEnvelope(id consent.EventID, n int) evidence.SignedEvent {
	d.tb.Helper()
	signed, envelope, _, err := evidence.Append(d.key, d.head, d.server.clock.Now(), rand.Reader, shoot(n))
	if err != nil {
		d.tb.Fatal(err)
	}
	raw := strings.Replace(string(signed.Envelope), string(envelope.ID), string(id), 1)
	var value any
	if err := json.Unmarshal([]byte(raw), &value); err != nil {
		d.tb.Fatal(err)
	}
	sig, err := d.key.Sign(evidence.DomainEvent, value)
	if err != nil {
		d.tb.Fatal(err)
	}
	return evidence.SignedEvent{Envelope: []byte(raw), Signature: sig}
}

func TestBadEventsAreRejectedAndHarmNoOther(t *testing.T) {
	s := mustServe(t)
	d, stranger := s.enrolled(), s.enrolled()
	good, _ := d.sign(shoot(1))
	forged := good
	forged.Signature = append([]byte(nil), good.Signature...)
	forged.Signature[7] ^= 1
	foreign, _ := stranger.sign(shoot(1))
	changed := good
	changed.Envelope = []byte(strings.Replace(string(good.Envelope), `"n":1`, `"n":2`, 1))
	odd := d.newEnvelope("not-a-uuid", 1)
	results := d.send(forged, foreign, changed, odd, evidence.SignedEvent{Envelope: []byte(`{}`)}, evidence.SignedEvent{Envelope: []byte(`7`)}, good)
	for i, got := range results[:len(results)-1] {
		if got.Outcome != wire.Rejected || got.Reason == "" {
			t.Errorf("bad event %d: %+v", i, got)
		}
	}
	if got := results[len(results)-1]; got.Outcome != wire.Accepted {
		t.Errorf("the good one: %+v", got)
	}
	if r := s.verify(); !r.OK() || r.Events != 1 {
		t.Errorf("verify: %+v", r)
	}
}

// Writers of JSON may space and escape as they like: it is the same event, and is taken once.
func TestAnEventSpacedOrEscapedIsTheSameEvent(t *testing.T) {
	s := mustServe(t)
	d := s.enrolled()
	good, _ := d.sign(shoot(1))
	if got := d.send(good)[0]; got.Outcome != wire.Accepted {
		t.Fatalf("got %+v", got)
	}
	spaced := fmt.Sprintf(`{"events":[{"envelope":%s,"sig":"%s"}]}`, strings.Replace(string(good.Envelope), `:`, `: `, 1),
		base64.StdEncoding.EncodeToString(good.Signature))
	var answer wire.EventsResponse
	d.must(d.do("POST", wire.PathEvents, []byte(spaced)))(&answer)
	if got := answer.Results[0]; got.Outcome != wire.Duplicate {
		t.Errorf("got %+v", got)
	}
}

func TestOversizeAndGarbageRequestsAreRefused(t *testing.T) {
	s := mustServe(t)
	d := s.enrolled()
	many := make([]evidence.SignedEvent, wire.MaxEvents+1)
	for i := range many {
		many[i].Envelope = []byte("{}")
	}
	refused(t, http.StatusRequestEntityTooLarge, "request-too-large")(d.do("POST", wire.PathEvents, wire.EventsRequest{Events: many}))
	huge := append([]byte(`{"events":[{"envelope":"`), make([]byte, wire.MaxJSON)...)
	for i := 24; i < len(huge); i++ {
		huge[i] = 'a'
	}
	refused(t, http.StatusRequestEntityTooLarge, "request-too-large")(d.do("POST", wire.PathEvents, huge))
	for _, garbage := range []string{"", "{", "[]", `{"events":7}`, "\x00\xff"} {
		refused(t, http.StatusBadRequest, "request-unreadable")(d.do("POST", wire.PathEvents, []byte(garbage)))
	}
	refused(t, http.StatusNotFound, "endpoint-unknown")(d.do("GET", "/v1/nothing", nil))
	refused(t, http.StatusNotFound, "endpoint-unknown")(d.do("GET", wire.PathEvents, nil))
	for _, query := range []string{"after=x", "after=-1", "limit=0", "limit=x", "after=99999999999999999999"} {
		refused(t, http.StatusBadRequest, "request-unreadable")(d.do("GET", wire.PathChanges+"?"+query, nil))
	}
	large, _ := d.sign(evidence.Draft{Type: "future.type", Body: strings.Repeat("a", evidence.MaxEnvelope)})
	if got := d.send(large)[0]; got.Outcome != wire.Rejected {
		t.Errorf("too large an envelope: %+v", got)
	}
}

func TestRevokedDevicesEventsAreQuarantinedAndNothingElseIsAnswered(t *testing.T) {
	s := mustServe(t)
	d := s.enrolled()
	d.happen(shoot(1))
	if err := library.Revoke(t.Context(), s.ledger, d.key.Device(), s.keys.Signing.Device(), s.clock.Now()); err != nil {
		t.Fatal(err)
	}
	event, _ := d.sign(shoot(2))
	if got := d.send(event)[0]; got.Outcome != wire.Quarantined || !strings.Contains(got.Reason, "revoked") {
		t.Errorf("event: %+v", got)
	}
	refused(t, http.StatusForbidden, "device-revoked")(d.do("GET", wire.PathChanges, nil))
	refused(t, http.StatusForbidden, "device-revoked")(d.do("POST", wire.PathToken, wire.TokenRequest{Device: d.key.Device()}))
	refused(t, http.StatusForbidden, "device-revoked")(d.enrol(s.invite()))
}

func TestChangesComeInPages(t *testing.T) {
	s := mustServe(t)
	d := s.enrolled()
	var events []evidence.SignedEvent
	for i := range 25 {
		e, _ := d.sign(shoot(i))
		events = append(events, e)
	}
	d.send(events...)
	var seen int
	for after := uint64(0); ; {
		var answer wire.ChangesResponse
		d.must(d.do("GET", fmt.Sprintf("%s?after=%d&limit=10", wire.PathChanges, after), nil))(&answer)
		if answer.Trust != nil {
			t.Error("a trust list nobody asked for")
		}
		for _, c := range answer.Changes {
			if string(c.Event.Envelope) != string(events[seen].Envelope) {
				t.Fatalf("change %d is another event", seen)
			}
			seen++
		}
		after = answer.Next
		if !answer.More {
			break
		}
	}
	if seen != len(events) {
		t.Errorf("saw %d of %d", seen, len(events))
	}
}

func TestEveryEventHasAnInclusionProof(t *testing.T) {
	s := mustServe(t)
	d := s.enrolled()
	key := s.keys.Signing.Public()
	var checkpoint library.Checkpoint
	d.must(d.do("GET", wire.PathCheckpoint, nil))(&checkpoint)
	if checkpoint.Size != 0 || checkpoint.Verify(key) != nil {
		t.Errorf("empty log: %+v", checkpoint)
	}
	var events []evidence.SignedEvent
	var ids []consent.EventID
	for i := range 21 {
		e, envelope := d.sign(shoot(i))
		events, ids = append(events, e), append(ids, envelope.ID)
	}
	d.send(events[:4]...)
	d.send(events[4:]...)
	d.must(d.do("GET", wire.PathCheckpoint, nil))(&checkpoint)
	if checkpoint.Size != 21 || checkpoint.Verify(key) != nil {
		t.Errorf("checkpoint %+v", checkpoint)
	}
	for i, id := range ids {
		var proof library.InclusionProof
		d.must(d.do("GET", wire.PathCheckpoint+"/proof?event="+string(id), nil))(&proof)
		if err := proof.Verify(key, events[i].Envelope); err != nil {
			t.Errorf("event %d: %v", i, err)
		}
		if proof.Verify(key, events[(i+1)%len(events)].Envelope) == nil {
			t.Errorf("the proof of event %d proves another", i)
		}
	}
	refused(t, http.StatusNotFound, "event-unknown")(d.do("GET", wire.PathCheckpoint+"/proof?event=x", nil))
}

func TestStateAndChainSurviveARestart(t *testing.T) {
	s := mustServe(t)
	d := s.enrolled()
	d.happen(shoot(1))
	s.stop()
	s = mustServeAt(t, s.dir, nil)
	d.server = s
	d.happen(shoot(2)) // the token still holds, and so does the head
	if r := s.verify(); !r.OK() || r.Events != 2 {
		t.Errorf("verify: %+v", r)
	}
}

func TestFailedTransactionTakesInNothing(t *testing.T) {
	s := mustServe(t)
	d := s.enrolled()
	event, _ := d.sign(shoot(1))
	broken := errors.New("power cut")
	if err := s.ledger.Update(t.Context(), func(tx library.Tx) error {
		if err := tx.Declare(library.Declaration{Hash: "x", Device: d.key.Device(), Class: library.ClassAsset}); err != nil {
			return err
		}
		return broken
	}); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	if got := d.send(event)[0]; got.Outcome != wire.Accepted || got.ServerSeq != 1 {
		t.Errorf("after the failure: %+v", got)
	}
}

func FuzzEventsRequest(f *testing.F) {
	s := mustServe(f)
	d := s.enrolled()
	good, _ := d.sign(shoot(1))
	raw, err := json.Marshal(wire.EventsRequest{Events: []evidence.SignedEvent{good}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte(`{"events":[{"envelope":{"v":1,"seq":18446744073709551615},"sig":"AA=="}]}`))
	f.Add([]byte(`{"events":[{"envelope":null,"sig":null},{}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		d.tb = t
		status, answer := d.do("POST", wire.PathEvents, body)
		if !json.Valid(answer) || (status != http.StatusOK && status != http.StatusBadRequest && status != http.StatusRequestEntityTooLarge) {
			t.Fatalf("status %d: %s", status, answer)
		}
		if size := logSize(t, s); size > 1 { // only the one event that the device signed can ever get in
			t.Fatalf("%d events in the log", size)
		}
	})
}

func logSize(tb testing.TB, s *server) (size uint64) {
	tb.Helper()
	if err := s.ledger.View(tb.Context(), func(r library.Reader) (err error) { size, err = r.LogSize(); return err }); err != nil {
		tb.Fatal(err)
	}
	return size
}

func TestMain(m *testing.M) {
	if dir := os.Getenv("SAMTYKKE_HUB_CRASH_DIR"); dir != "" {
		crashChild(dir)
		return
	}
	os.Exit(m.Run())
}

// BenchmarkEventsOverHTTP is the intake as a device sees it: a full request over a real connection.
func BenchmarkEventsOverHTTP(b *testing.B) {
	d := mustServe(b).enrolled()
	n := 0
	for b.Loop() {
		b.StopTimer()
		events := make([]evidence.SignedEvent, wire.MaxEvents)
		for i := range events {
			events[i], _ = d.sign(shoot(i))
		}
		b.StartTimer()
		if got := d.send(events...); got[len(got)-1].Outcome != wire.Accepted {
			b.Fatal(got[len(got)-1])
		}
		n += len(events)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
}
