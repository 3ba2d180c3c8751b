package hub_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/library"
	"samtykke/assets"
	"samtykke/storage/ledger"
	"samtykke/storage/objects"
	"samtykke/sync/hub"
	"samtykke/sync/wire"
)

// clock is a clock that tests turn.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }
func (c *clock) turn(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// server is a whole library: ledger, objects, hub, over HTTP.
type server struct {
	*httptest.Server
	tb      testing.TB
	dir     string
	clock   *clock
	keys    ledger.Keys
	ledger  *ledger.Ledger
	objects library.Objects
	library *library.Library
}

func mustServe(tb testing.TB) *server {
	tb.Helper()
	return mustServeAt(tb, tb.TempDir(), nil)
}

// mustServeAt opens the library in a folder; wrap may stand between it and its objects.
func mustServeAt(tb testing.TB, dir string, wrap func(library.Objects) library.Objects) *server {
	tb.Helper()
	s := &server{tb: tb, dir: dir, clock: &clock{now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}}
	var err error
	must := func(err error) {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
	}
	s.keys, err = ledger.LoadKeys(filepath.Join(dir, "library.key"))
	must(err)
	s.ledger, err = ledger.Open(tb.Context(), filepath.Join(dir, "ledger.db"), s.keys)
	must(err)
	store, err := objects.Open(filepath.Join(dir, "objects"))
	must(err)
	s.objects = store
	if wrap != nil {
		s.objects = wrap(store)
	}
	quiet := slog.New(slog.DiscardHandler)
	s.library, err = library.Open(tb.Context(), library.Config{Ledger: s.ledger, Objects: s.objects, Key: s.keys.Signing, Logger: quiet, Now: s.clock.Now})
	must(err)
	handler, err := hub.New(hub.Config{Library: s.library, Secret: s.keys.Derive("hub"), Staging: filepath.Join(dir, "staging"),
		PublicURL: "https://mediebank.example.no", Logger: quiet, Now: s.clock.Now})
	must(err)
	s.Server = httptest.NewServer(handler)
	tb.Cleanup(s.stop)
	return s
}

func (s *server) stop() {
	s.Close()
	_ = s.ledger.Close()
}

func (s *server) invite() string {
	s.tb.Helper()
	secret, err := library.Invite(context.Background(), s.ledger, "", s.clock.Now(), wire.InviteLifetime)
	if err != nil {
		s.tb.Fatal(err)
	}
	return secret
}

func (s *server) verify() library.Report {
	s.tb.Helper()
	report, err := library.Verify(s.tb.Context(), s.ledger, s.objects, s.keys.Signing.Public())
	if err != nil {
		s.tb.Fatal(err)
	}
	return report
}

// device is the smallest thing that speaks the protocol.
type device struct {
	tb     testing.TB
	server *server
	key    evidence.Key
	head   evidence.Head
	token  string
}

var organisation = consent.Organisation{Name: "Strandvik kommune", Number: "999999999", Contact: "post@strandvik.example"}

func (s *server) newDevice() *device {
	s.tb.Helper()
	key, err := evidence.NewKey(rand.Reader)
	if err != nil {
		s.tb.Fatal(err)
	}
	return &device{tb: s.tb, server: s, key: key}
}

func (s *server) enrolled() *device {
	s.tb.Helper()
	d := s.newDevice()
	if status, body := d.enrol(s.invite()); status != http.StatusOK {
		s.tb.Fatalf("enrol: %d %s", status, body)
	}
	d.signIn()
	return d
}

func (d *device) enrol(secret string) (int, []byte) {
	d.tb.Helper()
	claim := wire.EnrolClaim{Secret: secret, PublicKey: d.key.Public(), Name: "Laptop <3>"}
	proof, err := d.key.Sign(evidence.DomainEnrol, claim)
	if err != nil {
		d.tb.Fatal(err)
	}
	return d.do("POST", wire.PathEnrol, wire.EnrolRequest{EnrolClaim: claim, Proof: proof, Organisation: organisation})
}

func (d *device) signIn() {
	d.tb.Helper()
	var answer wire.TokenResponse
	d.must(d.do("POST", wire.PathToken, wire.TokenRequest{Device: d.key.Device()}))(&answer)
	sig, err := d.key.Sign(evidence.DomainToken, wire.TokenClaim{Device: d.key.Device(), Nonce: answer.Nonce})
	if err != nil {
		d.tb.Fatal(err)
	}
	d.must(d.do("POST", wire.PathToken, wire.TokenRequest{Device: d.key.Device(), Nonce: answer.Nonce, Signature: sig}))(&answer)
	d.token = answer.Token
}

// do sends a value as JSON, or bytes as they are.
func (d *device) do(method, path string, body any) (int, []byte) {
	d.tb.Helper()
	raw, ok := body.([]byte)
	if !ok && body != nil {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(body); err != nil {
			d.tb.Fatal(err)
		}
		raw = b.Bytes()
	}
	request, err := http.NewRequest(method, d.server.URL+path, bytes.NewReader(raw))
	if err != nil {
		d.tb.Fatal(err)
	}
	if d.token != "" {
		request.Header.Set("Authorization", "Bearer "+d.token)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		d.tb.Fatal(err)
	}
	defer answer.Body.Close()
	all, err := io.ReadAll(answer.Body)
	if err != nil {
		d.tb.Fatal(err)
	}
	return answer.StatusCode, all
}

// must fails unless the answer is a success, and decodes it.
func (d *device) must(status int, body []byte) func(into any) {
	d.tb.Helper()
	if status/100 != 2 {
		d.tb.Fatalf("status %d: %s", status, body)
	}
	return func(into any) {
		d.tb.Helper()
		if err := json.Unmarshal(body, into); err != nil {
			d.tb.Fatalf("%v in %s", err, body)
		}
	}
}

// refused fails unless the answer is this problem with a sentence.
func refused(tb testing.TB, wantStatus int, wantID string) func(int, []byte) {
	return func(status int, body []byte) {
		tb.Helper()
		var e wire.Error
		if err := json.Unmarshal(body, &e); err != nil || status != wantStatus || e.ID != wantID || !strings.Contains(e.Sentence, ";") || e.Kind == "" {
			tb.Errorf("got %d %s, want %d %s", status, body, wantStatus, wantID)
		}
	}
}

// sign makes the next event without sending it.
func (d *device) sign(draft evidence.Draft) (evidence.SignedEvent, consent.Envelope) {
	d.tb.Helper()
	signed, envelope, head, err := evidence.Append(d.key, d.head, d.server.clock.Now(), rand.Reader, draft)
	if err != nil {
		d.tb.Fatal(err)
	}
	d.head = head
	return signed, envelope
}

func (d *device) send(events ...evidence.SignedEvent) []wire.EventResult {
	d.tb.Helper()
	var answer wire.EventsResponse
	d.must(d.do("POST", wire.PathEvents, wire.EventsRequest{Events: events}))(&answer)
	if len(answer.Results) != len(events) {
		d.tb.Fatalf("%d results for %d events", len(answer.Results), len(events))
	}
	return answer.Results
}

// happen signs and sends one event that must be accepted.
func (d *device) happen(draft evidence.Draft) consent.Envelope {
	d.tb.Helper()
	signed, envelope := d.sign(draft)
	if got := d.send(signed)[0]; got.Outcome != wire.Accepted || got.ID != envelope.ID || got.ServerSeq == 0 || got.ReceivedAt.IsZero() {
		d.tb.Fatalf("event became %+v", got)
	}
	return envelope
}

func (d *device) changes(after uint64) wire.ChangesResponse {
	d.tb.Helper()
	var answer wire.ChangesResponse
	d.must(d.do("GET", fmt.Sprintf("%s?after=%d&trust=1", wire.PathChanges, after), nil))(&answer)
	return answer
}

// reply is what a test looks at of an answer, whose body has been read.
type reply struct {
	StatusCode int
	Header     http.Header
}

// tus sends one tus request; body nil for none.
func (d *device) tus(method, location string, header map[string]string, body io.Reader) (*reply, []byte, error) {
	d.tb.Helper()
	request, err := http.NewRequest(method, d.server.URL+location, body)
	if err != nil {
		d.tb.Fatal(err)
	}
	request.Header.Set("Tus-Resumable", "1.0.0")
	request.Header.Set("Authorization", "Bearer "+d.token)
	for k, v := range header {
		request.Header.Set(k, v)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer answer.Body.Close()
	all, err := io.ReadAll(answer.Body)
	return &reply{answer.StatusCode, answer.Header}, all, err
}

func (d *device) create(hash consent.BlobHash, size int) (*reply, []byte) {
	d.tb.Helper()
	answer, body, err := d.tus("POST", wire.PathUploads, map[string]string{"Upload-Length": strconv.Itoa(size),
		"Upload-Metadata": wire.MetaSHA256 + " " + base64.StdEncoding.EncodeToString([]byte(hash))}, nil)
	if err != nil {
		d.tb.Fatal(err)
	}
	return answer, body
}

func (d *device) patch(location string, offset int, part io.Reader) (*reply, []byte, error) {
	return d.tus("PATCH", location, map[string]string{"Upload-Offset": strconv.Itoa(offset), "Content-Type": "application/offset+octet-stream"}, part)
}

// upload sends a whole blob and returns the verified receipt.
func (d *device) upload(data []byte) evidence.StorageReceipt {
	d.tb.Helper()
	created, body := d.create(hashOf(data), len(data))
	if created.StatusCode != http.StatusCreated {
		d.tb.Fatalf("create: %d %s", created.StatusCode, body)
	}
	answer, body, err := d.patch(created.Header.Get("Location"), 0, bytes.NewReader(data))
	if err != nil || answer.StatusCode != http.StatusNoContent {
		d.tb.Fatalf("patch: %v %v %s", err, answer, body)
	}
	return d.receiptIn(answer, data)
}

func (d *device) receiptIn(answer *reply, data []byte) evidence.StorageReceipt {
	d.tb.Helper()
	raw, err := base64.StdEncoding.DecodeString(answer.Header.Get(wire.HeaderReceipt))
	if err != nil {
		d.tb.Fatal(err)
	}
	var receipt evidence.StorageReceipt
	if err := json.Unmarshal(raw, &receipt); err != nil {
		d.tb.Fatalf("receipt %q: %v", raw, err)
	}
	if err := receipt.Verify(d.server.keys.Signing.Public(), hashOf(data), int64(len(data))); err != nil {
		d.tb.Fatal(err)
	}
	return receipt
}

func (d *device) staged() []string {
	d.tb.Helper()
	list, err := filepath.Glob(filepath.Join(d.server.dir, "staging", "*"))
	if err != nil {
		d.tb.Fatal(err)
	}
	return list
}

func hashOf(b []byte) consent.BlobHash {
	sum := sha256.Sum256(b)
	return consent.BlobHash(hex.EncodeToString(sum[:]))
}

// publish publishes the default form and uploads it.
func (d *device) publish() (consent.FormHash, *consent.Form) {
	d.tb.Helper()
	form, err := consent.ParseForm(assets.DefaultForm())
	if err != nil {
		d.tb.Fatal(err)
	}
	if form, err = form.Publish(organisation, d.server.clock.Now()); err != nil {
		d.tb.Fatal(err)
	}
	raw, err := form.Canonical()
	if err != nil {
		d.tb.Fatal(err)
	}
	d.happen(evidence.Draft{Type: consent.FormPublished, Body: consent.FormBody{Form: consent.FormHash(hashOf(raw)), Key: form.Key}})
	d.upload(raw)
	return consent.FormHash(hashOf(raw)), form
}
