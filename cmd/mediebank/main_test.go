package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"io"
	"io/fs"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/sync/wire"
)

// serving is a server in this process.
type serving struct {
	Listening string `json:"listening"`
	PublicURL string `json:"public_url"`
	log       *lines
	stop      func() int
}

// lines is a buffer that several goroutines may use.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) { l.mu.Lock(); defer l.mu.Unlock(); return l.b.Write(p) }
func (l *lines) String() string              { l.mu.Lock(); defer l.mu.Unlock(); return l.b.String() }

func mustServe(t *testing.T, args ...string) *serving {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	s := &serving{log: &lines{}}
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, append([]string{"serve", "--json", "--listen", "127.0.0.1:0"}, args...), in, s.log)
		_ = in.Close()
	}()
	var once sync.Once
	var exit int
	s.stop = func() int { once.Do(func() { cancel(); exit = <-code }); return exit }
	t.Cleanup(func() { s.stop() })
	if err := json.NewDecoder(out).Decode(s); err != nil {
		t.Fatalf("%v: %s", err, s.log)
	}
	return s
}

func call1(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = run(t.Context(), args, &out, &err)
	return code, out.String(), err.String()
}

func mustInvite(t *testing.T, args ...string) wire.Invitation {
	t.Helper()
	code, out, stderr := call1(t, append([]string{"invite", "--json"}, args...)...)
	var answer struct{ Code, URL string }
	if err := json.Unmarshal([]byte(out), &answer); code != 0 || err != nil {
		t.Fatalf("invite: %d %s %s", code, out, stderr)
	}
	byCode, err := wire.ParseInvitation(answer.Code)
	if err != nil {
		t.Fatal(err)
	}
	byURL, err := wire.ParseInvitation(answer.URL)
	if err != nil || byURL != byCode {
		t.Errorf("code says %+v, address %+v, %v", byCode, byURL, err)
	}
	return byCode
}

func enrol(t *testing.T, client *http.Client, at string, secret string) int {
	t.Helper()
	key, err := evidence.NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	claim := wire.EnrolClaim{Secret: secret, PublicKey: key.Public(), Name: "Laptop"}
	proof, err := key.Sign(evidence.DomainEnrol, claim)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(wire.EnrolRequest{EnrolClaim: claim, Proof: proof,
		Organisation: consent.Organisation{Name: "Strandvik", Number: "1", Contact: "post@strandvik.example"}})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := client.Post(at+wire.PathEnrol, "application/json", bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}

func TestInvitationsWorkBeforeDuringAndAfterServing(t *testing.T) {
	data := filepath.Join(t.TempDir(), "library")
	early := mustInvite(t, "--data", data)
	if early.Address != "http://127.0.0.1:8330" {
		t.Errorf("before it was ever served: %s", early.Address)
	}
	if named := mustInvite(t, "--data", data, "--public-url", "https://mediebank.example.no/"); named.Address != "https://mediebank.example.no" {
		t.Errorf("named address: %s", named.Address)
	}
	s := mustServe(t, "--data", data)
	if strings.HasSuffix(s.Listening, ":0") || s.PublicURL != s.Listening {
		t.Errorf("listening %q, public %q", s.Listening, s.PublicURL)
	}
	during := mustInvite(t, "--data", data, "--name", "Ola")
	if during.Address != s.Listening {
		t.Errorf("while serving: %s, not %s", during.Address, s.Listening)
	}
	for _, invitation := range []wire.Invitation{early, during} {
		if status := enrol(t, http.DefaultClient, s.Listening, invitation.Secret); status != http.StatusOK {
			t.Errorf("enrol: %d", status)
		}
	}
	if status := enrol(t, http.DefaultClient, s.Listening, early.Secret); status != http.StatusForbidden {
		t.Errorf("used invitation: %d", status)
	}
	code, out, _ := call1(t, "verify", "--json", "--data", data)
	if code != 0 || out != `{"ok":true,"events":0,"blobs":0,"problems":[]}`+"\n" {
		t.Errorf("verify beside the server: %d %s", code, out)
	}
	var list []listed
	if _, out, _ := call1(t, "device", "list", "--json", "--data", data); json.Unmarshal([]byte(out), &list) != nil || len(list) != 3 {
		t.Fatalf("devices: %s", out)
	}
	if code, _, stderr := call1(t, "device", "revoke", "--data", data, string(list[1].ID)); code != 0 {
		t.Errorf("revoke: %s", stderr)
	}
	if code, _, _ := call1(t, "device", "revoke", "--data", data, string(list[0].ID)); code != 1 {
		t.Error("the library let itself be shut out")
	}
	if code := s.stop(); code != 0 {
		t.Errorf("stopped with %d: %s", code, s.log)
	}
	if after := mustInvite(t, "--data", data); after.Address != s.PublicURL {
		t.Errorf("after serving: %s", after.Address)
	}
}

func TestSecondServerIsRefusedInOneSentence(t *testing.T) {
	data := t.TempDir()
	mustServe(t, "--data", data)
	code, out, stderr := call1(t, "serve", "--data", data, "--listen", "127.0.0.1:0")
	if code != 1 || out != "" || !strings.Contains(stderr, "already") || strings.Count(stderr, "\n") != 1 {
		t.Errorf("%d %q %q", code, out, stderr)
	}
}

func TestWrongFlagsAreRefusedInOneSentenceAndMakeNothing(t *testing.T) {
	data := filepath.Join(t.TempDir(), "library")
	for want, args := range map[string][]string{
		"Without TLS":              {"serve", "--data", data, "--listen", "0.0.0.0:0"},
		"without tls":              {"serve", "--data", data, "--listen", ":0", "--public-url", "http://mediebank.example.no"},
		"certificate":              {"serve", "--data", data, "--listen", "127.0.0.1:0", "--tls-cert", "missing.pem"},
		"address to listen":        {"serve", "--data", data, "--listen", "x"},
		"public address":           {"serve", "--data", data, "--public-url", "mediebank"},
		"database postgres":        {"serve", "--data", data, "--database", "postgres://localhost/x"},
		"object store s3":          {"serve", "--data", data, "--objects", "s3://bucket"},
		"database mysql":           {"invite", "--data", data, "--database", "mysql://localhost/x"},
		"There is no library":      {"verify", "--data", data},
		"there is no library":      {"device", "list", "--data", data},
		"missing flags: --data":    {"serve"},
		"unexpected argument nope": {"nope"},
	} {
		code, out, stderr := call1(t, args...)
		wantCode := 1
		if strings.HasPrefix(want, "missing") || strings.HasPrefix(want, "unexpected") {
			wantCode = 2
		}
		if code != wantCode || out != "" || !strings.Contains(strings.ToLower(stderr), strings.ToLower(want)) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%v: %d %q %q", args, code, out, stderr)
		}
		if _, err := os.Stat(data); err == nil {
			t.Fatalf("%v made %s", args, data)
		}
	}
}

func TestPlainHTTPBehindAProxyAndTLSAreServed(t *testing.T) {
	proxied := mustServe(t, "--data", t.TempDir(), "--listen", "0.0.0.0:0", "--public-url", "https://mediebank.example.no/")
	if proxied.PublicURL != "https://mediebank.example.no" {
		t.Errorf("public address %q", proxied.PublicURL)
	}
	cert, key := selfSigned(t)
	data := t.TempDir()
	s := mustServe(t, "--data", data, "--tls-cert", cert, "--tls-key", key)
	if !strings.HasPrefix(s.Listening, "https://") {
		t.Fatalf("listening on %s", s.Listening)
	}
	pem, err := os.ReadFile(cert)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	defer client.CloseIdleConnections()
	if status := enrol(t, client, s.Listening, mustInvite(t, "--data", data).Secret); status != http.StatusOK {
		t.Errorf("enrol over TLS: %d", status)
	}
}

func selfSigned(t *testing.T) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mediebank"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name, kind string, der []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	return write("cert.pem", "CERTIFICATE", cert), write("key.pem", "PRIVATE KEY", secret)
}

func TestLogTellsNoSecretsAndNoPeople(t *testing.T) {
	s := mustServe(t, "--data", t.TempDir())
	const secret = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	for _, path := range []string{"/P/" + secret, "/p/" + secret, "/" + secret, "/v1/changes?after=" + secret, "/v1/subjects/" + secret + "/profile", "/v1/uploads/" + secret} {
		answer, err := http.Get(s.Listening + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
	}
	s.stop()
	if log := s.log.String(); strings.Contains(log, "ABCDEF") || strings.Contains(log, "127.0.0.1:") || strings.Count(log, "msg=request") != 6 {
		t.Errorf("log:\n%s", log)
	}
}

func TestPlacesAreRememberedForTheOtherCommands(t *testing.T) {
	data, elsewhere := t.TempDir(), t.TempDir()
	s := mustServe(t, "--data", data, "--database", filepath.Join(elsewhere, "l.db"), "--objects", filepath.Join(elsewhere, "files"))
	if status := enrol(t, http.DefaultClient, s.Listening, mustInvite(t, "--data", data).Secret); status != http.StatusOK {
		t.Errorf("enrol: %d", status)
	}
	if _, err := os.Stat(filepath.Join(data, "ledger.db")); err == nil {
		t.Error("a second ledger was made in the data folder")
	}
}

func TestSecretFilesAreForTheOwnerAlone(t *testing.T) {
	data := filepath.Join(t.TempDir(), "library")
	mustServe(t, "--data", data)
	mustInvite(t, "--data", data)
	err := filepath.WalkDir(data, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestLostOrForeignKeyIsNotReplaced(t *testing.T) {
	data, other := t.TempDir(), t.TempDir()
	mustInvite(t, "--data", data)
	s := mustServe(t, "--data", data)
	s.stop()
	key := filepath.Join(data, "library.key")
	kept, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := call1(t, "serve", "--data", data, "--listen", "127.0.0.1:0"); code != 1 || !strings.Contains(stderr, "lost its key") {
		t.Errorf("lost key: %d %s", code, stderr)
	}
	mustInvite(t, "--data", other)
	foreign, err := os.ReadFile(filepath.Join(other, "library.key"))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"foreign": foreign, "own": kept} {
		if err := os.WriteFile(key, content, 0o600); err != nil {
			t.Fatal(err)
		}
		code, _, _ := call1(t, "verify", "--data", data)
		if wantCode := map[string]int{"foreign": 1, "own": 0}[name]; code != wantCode {
			t.Errorf("verify with the %s key: %d", name, code)
		}
		if name == "foreign" {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			var stderr bytes.Buffer
			code := run(ctx, []string{"serve", "--data", data, "--listen", "127.0.0.1:0"}, io.Discard, &stderr)
			cancel()
			if code != 1 || !strings.Contains(stderr.String(), "does not belong") {
				t.Errorf("serve with the foreign key: %d %s", code, &stderr)
			}
		}
	}
}
