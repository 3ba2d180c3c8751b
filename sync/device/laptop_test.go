package device_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/picture/picturetest"
	"samtykke/app/problem"
	"samtykke/storage/vault"
	"samtykke/sync/device"
	"samtykke/test/drive"
)

const passphrase = "a quiet fjord in november"

// lightKDF keeps unlocking fast; the strength of the derivation is not what these tests are about.
var lightKDF = vault.Options{KDF: vault.KDF{Time: 1, MemoryKiB: 64, Threads: 1}}

var organisation = consent.Organisation{Name: "Eksempel kommune", Number: "999999999", Contact: "post@eksempel.example"}

// laptop is a session on a real vault.
type laptop struct {
	*capture.Session
	tb    testing.TB
	dir   string
	vault *vault.Vault
	shoot consent.ShootID
}

func mustLaptop(tb testing.TB) *laptop {
	tb.Helper()
	dir := filepath.Join(tb.TempDir(), "vault")
	v, _, err := vault.Create(context.Background(), dir, passphrase, lightKDF)
	must(tb, err)
	tb.Cleanup(func() { _ = v.Close() })
	parts := capture.Parts{Store: v, Originals: v.Originals(), Previews: v.Previews()}
	_, err = capture.Initialise(context.Background(), parts, capture.Setup{Organisation: organisation, DeviceName: "Laptop <3>"})
	must(tb, err)
	s, err := capture.Open(context.Background(), parts)
	must(tb, err)
	l := &laptop{Session: s, tb: tb, dir: dir, vault: v}
	l.shoot, err = s.AddShoot(context.Background(), capture.ShootDetails{Title: "Åpning av ny skole", Photographer: "Fotografen"})
	must(tb, err)
	return l
}

// enrolledLaptop is a laptop that belongs to the library.
func enrolledLaptop(tb testing.TB, p *place) *laptop {
	tb.Helper()
	l := mustLaptop(tb)
	must(tb, quick().Enrol(context.Background(), l.Session, p.invite()))
	return l
}

func (l *laptop) person(name string) capture.Person {
	l.tb.Helper()
	p, err := l.Register(context.Background(), capture.Registration{Shoot: l.shoot, Name: name, Phone: "41234567"})
	must(l.tb, err)
	return p
}

// sign says yes to the listed scopes and no to the rest.
func (l *laptop) sign(p capture.Person, yes string) capture.Signed {
	l.tb.Helper()
	form, err := l.CurrentForm("default")
	must(l.tb, err)
	scopes, err := consent.ParseScopes(yes, form)
	must(l.tb, err)
	answers := map[consent.Scope]consent.Decision{}
	for _, s := range form.Scopes() {
		answers[s] = consent.DecisionNo
	}
	for _, s := range scopes {
		answers[s] = consent.DecisionYes
	}
	signed, err := l.RecordConsent(context.Background(), capture.Signing{Subject: p.ID, Shoot: l.shoot, Form: "default", Language: "nb",
		Answers: answers, Method: capture.Drawn, Signature: signatureOf(p.ID)})
	must(l.tb, err)
	return signed
}

// signatureOf is somebody's own: nobody draws the same twice.
func signatureOf(id consent.SubjectID) []byte {
	return []byte(strings.Replace(drive.Signature, "<path ", fmt.Sprintf("<path id=%q ", id), 1))
}

// pictureOf is a picture file of some size: a small scene with a tail that no other picture has.
func pictureOf(size int, seed uint64) []byte {
	data := picturetest.JPEG(64, 48, picturetest.Options{})
	random := rand.New(rand.NewPCG(seed, 11))
	for len(data) < size {
		data = append(data, byte(random.Uint32()))
	}
	return data
}

func hashOf(data []byte) consent.AssetID {
	sum := sha256.Sum256(data)
	return consent.AssetID(hex.EncodeToString(sum[:]))
}

// importFile imports a picture into the vault, or by reference, and returns the path that it was imported from.
func (l *laptop) importFile(data []byte, reference bool) string {
	l.tb.Helper()
	path := filepath.Join(l.tb.TempDir(), fmt.Sprintf("%.8s.jpg", hashOf(data)))
	must(l.tb, os.WriteFile(path, data, 0o600))
	report, err := l.Import(context.Background(), capture.Import{Shoot: l.shoot, Paths: []string{path}, Reference: reference})
	must(l.tb, err)
	if report.Imported != 1 {
		l.tb.Fatalf("import: %+v", report)
	}
	return path
}

func (l *laptop) transfer(id consent.AssetID) capture.Transfer {
	l.tb.Helper()
	var t capture.Transfer
	must(l.tb, l.vault.View(context.Background(), func(tx capture.Tx) error {
		var found bool
		var err error
		if t, found, err = tx.Transfer(consent.BlobHash(id)); err == nil && !found {
			err = errors.New("no such transfer")
		}
		return err
	}))
	return t
}

// sync syncs and fails the test when that fails.
func (l *laptop) sync() capture.SyncReport {
	l.tb.Helper()
	report, err := quick().Sync(context.Background(), l.Session, nil)
	must(l.tb, err)
	return report
}

func (l *laptop) status(p consent.SubjectID, scope consent.Scope) consent.Status {
	l.tb.Helper()
	standings, err := l.Standings(p)
	must(l.tb, err)
	return standings[scope].Status
}

var webPhoto = consent.Scope{Channel: "web", Media: consent.Photo}

// quick is a client that does not wait between repetitions.
func quick() *device.Client { return device.New(device.Options{RetryWait: time.Nanosecond}) }

func wantProblem(tb testing.TB, err error, id string) {
	tb.Helper()
	if !errors.Is(err, &problem.Problem{ID: id}) || problem.Of(err).ID != id {
		tb.Errorf("got %v, want the problem %s", err, id)
	}
}
