package device_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"unicode"
	"unicode/utf8"

	"samtykke/app/problem"
	"samtykke/sync/device"
	"samtykke/sync/wire"
)

func TestUploadsStayAtTheLibrarysOwnAddress(t *testing.T) {
	for location, want := range map[string]string{
		"/v1/uploads/abc":                           "/v1/uploads/abc",
		"http://internal:8080/v1/uploads/abc?x#y":   "/v1/uploads/abc",
		"https://proxy.example/prefix/v1/uploads/a": "/v1/uploads/a",
		"/v1/uploads/":                              "",
		"/v1/uploads/..":                            "",
		"/v1/uploads/a/b":                           "",
		"/v1/events":                                "",
		"":                                          "",
		"://":                                       "",
		"/v1/uploads/a%2Fb":                         "/v1/uploads/a%2Fb",
		"//evil.example/v1/uploads/a":               "/v1/uploads/a",
	} {
		if got, ok := device.UploadAt(location); got != want || ok != (want != "") {
			t.Errorf("%q became %q, %v", location, got, ok)
		}
	}
}

// Whatever a library answers as the place of an upload, the next request goes to an upload at the address that we know.
func FuzzUploadAt(f *testing.F) {
	f.Add("/v1/uploads/0123abcd")
	f.Add("https://other.example/v1/uploads/x?y#z")
	f.Add("/v1/uploads/%2e%2e")
	f.Fuzz(func(t *testing.T, location string) {
		path, ok := device.UploadAt(location)
		if !ok {
			return
		}
		u, err := url.Parse("https://ours.example" + path)
		if err != nil || u.Host != "ours.example" || u.RawQuery != "" || u.Fragment != "" || !strings.HasPrefix(u.EscapedPath(), wire.PathUploads) {
			t.Errorf("%q became %q: %v", location, path, err)
		}
	})
}

// Whatever a library says about an error, people get one bounded line, without our secrets.
func FuzzPassOn(f *testing.F) {
	f.Add("not-found", "library-full", "No room.")
	f.Add("", "Ø\n", "a\x1b[31mred{{.x}}\nSECRET-WORD")
	f.Add("invalid", "SECRET-WORD", strings.Repeat("æ", 2000))
	f.Fuzz(func(t *testing.T, kind, id, sentence string) {
		id, sentence = device.PassOn(wire.Error{Kind: problem.Kind(kind), ID: id, Sentence: sentence}, "SECRET-WORD")
		if strings.Contains(sentence+id, "SECRET-WORD") || strings.ContainsFunc(sentence, unicode.IsControl) || utf8.RuneCountInString(sentence) > 501 || id == "" {
			t.Errorf("%q: %q", id, sentence)
		}
	})
}

func TestTokenIsNotSentToOtherHosts(t *testing.T) {
	p := mustServe(t)
	l := enrolledLaptop(t, p)
	l.sign(l.person("Kari"), "web:photo")
	var strangers atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strangers.Add(1) }))
	defer other.Close()
	for _, at := range []string{"GET " + wire.PathChanges, "POST " + wire.PathEvents, create, patch} {
		p.misbehaveAt(at, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL+r.URL.Path, http.StatusTemporaryRedirect)
		})
		_, err := quick().Sync(t.Context(), l.Session, nil)
		wantProblem(t, err, "library-not-ours")
	}
	if n := strangers.Load(); n != 0 {
		t.Errorf("another host got %d requests", n)
	}
	p.misbehave(func(w http.ResponseWriter, r *http.Request, hub http.Handler) {
		if r.URL.Query().Get("moved") == "" && r.Method == http.MethodGet {
			http.Redirect(w, r, r.URL.Path+"?moved=1&"+r.URL.RawQuery, http.StatusTemporaryRedirect)
			return
		}
		hub.ServeHTTP(w, r)
	})
	l.sync() // within the library it is followed
	p.hasAll(l)
}

func TestLibraryIsReachedOverTLS(t *testing.T) {
	p := mustServe(t)
	secure := httptest.NewUnstartedServer(p)
	secure.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	secure.EnableHTTP2 = true
	secure.StartTLS()
	defer secure.Close()
	l := mustLaptop(t)
	l.importFile(pictureOf(3<<20, 60), false)
	client := device.New(device.Options{Transport: secure.Client().Transport})
	invited, err := wire.ParseInvitation(p.invite())
	must(t, err)
	invited.Address = secure.URL
	must(t, client.Enrol(t.Context(), l.Session, invited.URL()))
	_, err = client.Sync(t.Context(), l.Session, nil)
	must(t, err)
	p.hasAll(l)
}
