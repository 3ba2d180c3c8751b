package device_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/problem"
	"samtykke/sync/device"
	"samtykke/sync/wire"
)

// answering answers every request alike.
func answering(status int, kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func saying(status int, e wire.Error) http.HandlerFunc {
	body, _ := json.Marshal(e) // three strings always encode
	return answering(status, "application/json; charset=utf-8", string(body))
}

func hangUp(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// silence never answers: it waits until the client has given up.
func silence(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

// endless answers more than any client should read.
func endless(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	spaces := bytes.Repeat([]byte(" "), 1<<20)
	for range wire.MaxJSON>>20 + 2 {
		if _, err := w.Write(spaces); err != nil {
			return
		}
	}
}

// login is what a wireless network does with those who have not signed in.
func login(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "http://login.example/?from="+r.Host, http.StatusFound)
}

// misdeeds are the ways to answer nonsense, with the problem that people shall see. Answers to HEAD have no body, so some cannot
// be told from others there.
var misdeeds = map[string]struct {
	by   http.HandlerFunc
	want string
}{
	"login page":        {answering(http.StatusOK, "text/html", "<h1>Welcome to our network</h1>"), "library-not-ours"},
	"login redirect":    {login, "library-not-ours"},
	"page not found":    {answering(http.StatusNotFound, "text/html", "<h1>404</h1>"), "library-not-ours"},
	"truncated JSON":    {answering(http.StatusOK, "application/json", `{"results": [{"id":`), "library-not-ours"},
	"other JSON":        {answering(http.StatusOK, "application/json", `{"hello":"world"}`), "library-not-ours"},
	"JSON of no object": {answering(http.StatusOK, "application/json", `["<h1>"]`), "library-not-ours"},
	"endless answer":    {endless, "library-not-ours"},
	"broken connection": {hangUp, "library-unreachable"},
	"server error":      {answering(http.StatusInternalServerError, "text/plain", "boom"), "library-unreachable"},
	"proxy without":     {answering(http.StatusBadGateway, "text/html", "<h1>502</h1>"), "library-unreachable"},
	"silence":           {silence, "library-slow"},
	"revoked":           {saying(http.StatusForbidden, wire.Error{Kind: problem.Unauthorised, ID: "device-revoked", Sentence: "Shut out."}), "device-revoked"},
	"nameless refusal":  {saying(http.StatusForbidden, wire.Error{Sentence: "No {{.thing}}."}), "library-refused"},
}

// journal is a log that is searched for what must not stand in it.
type journal struct {
	mu sync.Mutex
	bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.Buffer.Write(p)
}

func (j *journal) tells(tb testing.TB, secrets ...string) {
	tb.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, secret := range secrets {
		if secret != "" && strings.Contains(j.String(), secret) {
			tb.Errorf("the log tells %q:\n%s", secret, j.String())
		}
	}
}

// client writes everything down. A hasty one gives up after a moment.
func client(j *journal, hasty bool) *device.Client {
	o := device.Options{RetryWait: time.Nanosecond, Logger: slog.New(slog.NewTextHandler(j, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	if hasty {
		o.Timeouts.Answer = 100 * time.Millisecond
	}
	return device.New(o)
}

func TestWhateverAnswersAnEnrolmentNothingIsChanged(t *testing.T) {
	p := mustServe(t)
	l := mustLaptop(t)
	invitation := p.invite()
	parsed, err := wire.ParseInvitation(invitation)
	must(t, err)
	var log journal
	for name, c := range misdeeds {
		p.misbehaveAt("POST "+wire.PathEnrol, c.by)
		err := client(&log, name == "silence").Enrol(t.Context(), l.Session, invitation)
		if wantProblem(t, err, c.want); strings.Contains(fmt.Sprintf("%v %+v", err, problem.Of(err).Cause), parsed.Secret) {
			t.Errorf("%s: the secret stands in %v", name, err)
		}
		if _, enrolled := l.Enrolment(); enrolled {
			t.Fatalf("%s: enrolled", name)
		}
	}
	p.misbehaveAt("POST "+wire.PathEnrol, saying(http.StatusForbidden, wire.Error{Kind: problem.Unauthorised, ID: "invitation-unknown", Sentence: "Who knows " + parsed.Secret + "?"}))
	if err := client(&log, false).Enrol(t.Context(), l.Session, invitation); err == nil || strings.Contains(err.Error(), parsed.Secret) {
		t.Errorf("a refusal that repeats the secret became %v", err)
	}
	p.misbehave(nil)
	must(t, quick().Enrol(t.Context(), l.Session, invitation))
	wantProblem(t, quick().Enrol(t.Context(), l.Session, invitation), "invitation-used")
	wantProblem(t, quick().Enrol(t.Context(), mustLaptop(t).Session, "hello"), "invitation-unreadable")
	other := mustServe(t)
	wantProblem(t, quick().Enrol(t.Context(), l.Session, other.invite()), "enrolled-elsewhere")
	log.tells(t, parsed.Secret, "Eksempel", l.Device().Name)
}

func TestEnrolmentIsSentOnlyWhereNobodyReadsAlong(t *testing.T) {
	l := mustLaptop(t)
	for address, want := range map[string]string{
		"http://mediebank.example.no":        "insecure-address",
		"http://10.0.0.7:8080":               "insecure-address",
		"http://localhost.example.no":        "insecure-address",
		"http://127.0.0.1@mediebank.example": "library-address-wrong",
		"http://127.0.0.1:1":                 "library-unreachable",
		"http://[::1]:1":                     "library-unreachable",
		"https://127.0.0.1:1":                "library-unreachable",
	} {
		err := quick().Enrol(t.Context(), l.Session, wire.Invitation{Address: address, Secret: "secret"}.Code())
		if wantProblem(t, err, want); t.Failed() {
			t.Fatal(address)
		}
	}
}

func TestLibraryWithAForeignCertificateIsNotOurs(t *testing.T) {
	s := httptest.NewTLSServer(answering(http.StatusOK, "application/json", "{}"))
	defer s.Close()
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	err := quick().Enrol(t.Context(), mustLaptop(t).Session, wire.Invitation{Address: s.URL, Secret: "secret"}.Code())
	wantProblem(t, err, "library-not-ours")
}

// Each endpoint misbehaves in each way; the sync says so, and the next one loses and doubles nothing.
func TestWhateverAnswersASyncNothingIsLostOrDoubled(t *testing.T) {
	for _, at := range []string{"POST " + wire.PathToken, "GET " + wire.PathChanges, "POST " + wire.PathEvents, "PUT " + wire.PathSubjects + "…",
		"POST " + wire.PathBlobsCheck, "POST " + wire.PathUploads, "PATCH " + wire.PathUploads + "…", "HEAD " + wire.PathUploads + "…"} {
		t.Run(strings.ReplaceAll(at, "/", "_"), func(t *testing.T) {
			t.Parallel()
			p := mustServe(t)
			l := enrolledLaptop(t, p)
			var log journal
			var token string
			for name, c := range misdeeds {
				l.sign(l.person("Solveig Hemmelig"), "web:photo")
				if strings.HasPrefix(at, "HEAD") {
					p.misbehaveAt("PATCH "+wire.PathUploads+"…", hangUp) // something begun is left behind
					_, err := quick().Sync(t.Context(), l.Session, nil)
					wantProblem(t, err, "library-unreachable")
				}
				p.misbehave(func(w http.ResponseWriter, r *http.Request, hub http.Handler) {
					if strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
						p.mu.Lock()
						token = r.Header.Get("Authorization")[7:]
						p.mu.Unlock()
					}
					if r.Method+" "+endpoint(r.URL.Path) == at {
						c.by(w, r)
						return
					}
					hub.ServeHTTP(w, r)
				})
				before, err := l.Status(t.Context())
				must(t, err)
				_, err = client(&log, name == "silence").Sync(t.Context(), l.Session, nil)
				switch {
				case strings.HasPrefix(at, "HEAD") && (name == "revoked" || name == "nameless refusal"):
					wantProblem(t, err, "library-refused")
				case strings.HasPrefix(at, "HEAD") && name == "page not found", strings.HasPrefix(at, "PATCH") && name == "page not found":
					must(t, err) // as if the uploads had expired: begun again, or left with words
				case strings.HasPrefix(at, "HEAD") && name == "endless answer":
					wantProblem(t, err, "library-not-ours")
				default:
					wantProblem(t, err, c.want)
				}
				after, err := l.Status(t.Context())
				must(t, err)
				if after.LastSync != before.LastSync && name != "page not found" {
					t.Errorf("%s: counts as a sync", name)
				}
				p.misbehave(nil)
				l.sync()
				if p.hasAll(l); t.Failed() {
					t.Fatal(name)
				}
			}
			log.tells(t, token, "Hemmelig", "41234567")
			if token == "" && at != "POST "+wire.PathToken {
				t.Error("no token was seen")
			}
		})
	}
}

// lose lets the library do its work and cuts the connection instead of answering.
func lose(hub http.Handler, r *http.Request) {
	hub.ServeHTTP(httptest.NewRecorder(), r)
	panic(http.ErrAbortHandler)
}

func TestLostAnswersDoubleNothing(t *testing.T) {
	p := mustServe(t)
	l := enrolledLaptop(t, p)
	l.sign(l.person("Kari"), "web:photo")
	l.importFile(pictureOf(5<<20, 3), false)
	lost := map[string]bool{}
	p.misbehave(func(w http.ResponseWriter, r *http.Request, hub http.Handler) {
		p.mu.Lock()
		key := r.Method + " " + endpoint(r.URL.Path)
		again := lost[key]
		lost[key] = true
		p.mu.Unlock()
		if !again {
			lose(hub, r)
		}
		hub.ServeHTTP(w, r)
	})
	syncs := 0
	for ; ; syncs++ {
		if _, err := quick().Sync(t.Context(), l.Session, nil); err == nil {
			break
		} else if wantProblem(t, err, "library-unreachable"); syncs > 10 {
			t.Fatal("it never ends")
		}
	}
	if len(lost) < 7 || syncs > 3 {
		t.Errorf("%d endpoints lost an answer, %d syncs failed", len(lost), syncs)
	}
	p.hasAll(l)
}

func TestRepetitionsHonourWhatTheLibraryAsks(t *testing.T) {
	p := mustServe(t)
	l := enrolledLaptop(t, p)
	for after, want := range map[string]int{"": 3, "0": 3, "3600": 1, time.Now().Add(time.Hour).UTC().Format(http.TimeFormat): 1, "soon": 3} {
		before := p.count("GET " + wire.PathChanges)
		p.misbehaveAt("GET "+wire.PathChanges, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", after)
			saying(http.StatusServiceUnavailable, wire.Error{Kind: problem.Unavailable, ID: "library-busy", Sentence: "Busy."})(w, r)
		})
		_, err := quick().Sync(t.Context(), l.Session, nil)
		wantProblem(t, err, "library-busy")
		if got := p.count("GET "+wire.PathChanges) - before; got != want {
			t.Errorf("Retry-After %q: asked %d times, want %d", after, got, want)
		}
	}
}

func TestExpiredTokenIsRenewedOnTheWay(t *testing.T) {
	p := mustServe(t)
	l := enrolledLaptop(t, p)
	l.sign(l.person("Kari"), "web:photo")
	expired := map[string]bool{}
	p.misbehave(func(w http.ResponseWriter, r *http.Request, hub http.Handler) {
		p.mu.Lock()
		if key := r.Method + " " + endpoint(r.URL.Path); !expired[key] && r.Header.Get("Authorization") != "" {
			expired[key] = true
			r.Header.Set("Authorization", "Bearer old")
		}
		p.mu.Unlock()
		hub.ServeHTTP(w, r)
	})
	l.sync()
	if len(expired) < 6 {
		t.Errorf("only %d endpoints were met with an old token", len(expired))
	}
	p.hasAll(l)
	p.misbehave(func(w http.ResponseWriter, r *http.Request, hub http.Handler) {
		if r.Header.Get("Authorization") != "" {
			r.Header.Set("Authorization", "Bearer old")
		}
		hub.ServeHTTP(w, r)
	})
	_, err := quick().Sync(t.Context(), l.Session, nil)
	wantProblem(t, err, "token-expired") // and not for ever
}

func TestLongSyncRenewsItsTokenInTime(t *testing.T) {
	p := mustServe(t)
	l := enrolledLaptop(t, p)
	l.sign(l.person("Kari"), "web:photo")
	now := time.Now()
	ageing := device.New(device.Options{Now: func() time.Time { now = now.Add(wire.TokenLifetime); return now }})
	if _, err := ageing.Sync(t.Context(), l.Session, nil); err != nil {
		t.Fatal(err)
	}
	if tokens := p.count("POST " + wire.PathToken); tokens < 10 {
		t.Errorf("asked for a token %d times", tokens)
	}
}

func TestStoppedSyncEndsAtOnceAndSaysSo(t *testing.T) {
	p := mustServe(t)
	l := enrolledLaptop(t, p)
	ctx, cancel := context.WithCancel(t.Context())
	p.misbehaveAt("GET "+wire.PathChanges, func(w http.ResponseWriter, r *http.Request) {
		cancel()
		silence(w, r)
	})
	report, err := device.New(device.Options{}).Sync(ctx, l.Session, nil)
	if wantProblem(t, err, "sync-stopped"); !errors.Is(err, context.Canceled) || report.Pending == 0 {
		t.Errorf("%v, report %+v", err, report)
	}
}

func TestDeviceWithoutLibraryIsToldSo(t *testing.T) {
	_, err := quick().Sync(t.Context(), mustLaptop(t).Session, nil)
	wantProblem(t, err, "not-enrolled")
}

func TestSyncsAtTheSameTimeTakeTurns(t *testing.T) {
	p := mustServe(t)
	l := enrolledLaptop(t, p)
	l.sign(l.person("Kari"), "web:photo")
	shared := quick()
	var both sync.WaitGroup
	var reports [2]capture.SyncReport
	for i := range reports {
		both.Go(func() {
			var err error
			if reports[i], err = shared.Sync(t.Context(), l.Session, nil); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	if reports[0].EventsSent*reports[1].EventsSent != 0 {
		t.Errorf("both sent: %+v", reports)
	}
	p.hasAll(l)
}

// quarantineAll answers as a library does that finds a gap before the first event.
func quarantineAll(w http.ResponseWriter, r *http.Request) error {
	var asked wire.EventsRequest
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		return err
	}
	var answer wire.EventsResponse
	for _, signed := range asked.Events {
		e, err := signed.Open()
		if err != nil {
			return err
		}
		answer.Results = append(answer.Results, wire.EventResult{ID: e.ID, Outcome: wire.Quarantined, Reason: "events 1 to 2 are missing"})
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(answer)
}
