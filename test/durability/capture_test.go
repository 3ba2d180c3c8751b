//go:build story

// Package durability_test kills a device's program while a photographer works, again and again, and looks whether everything
// that was acknowledged is there (design §3.1).
package durability_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/storage/vault"
)

const (
	passphrase = "a quiet fjord in november"
	// childVault names the vault on which the test binary works as the photographer instead of testing.
	childVault = "SAMTYKKE_DURABILITY_VAULT"
)

// light keeps unlocking fast; the strength of the derivation is not what this is about.
var light = vault.Options{KDF: vault.KDF{Time: 1, MemoryKiB: 64, Threads: 1}}

func TestMain(m *testing.M) {
	dir := os.Getenv(childVault)
	if dir == "" {
		os.Exit(m.Run())
	}
	fmt.Fprintln(os.Stderr, work(dir)) // only a failure ends it
	os.Exit(1)
}

func open(ctx context.Context, dir string) (*vault.Vault, *capture.Session, error) {
	v, err := vault.Open(ctx, dir, passphrase, light)
	if err != nil {
		return nil, nil, err
	}
	s, err := capture.Open(ctx, partsOf(v))
	if err != nil {
		return nil, nil, errors.Join(err, v.Close())
	}
	return v, s, nil
}

func partsOf(v *vault.Vault) capture.Parts {
	return capture.Parts{Store: v, Originals: v.Originals(), Previews: v.Previews()}
}

// kills is how often the photographer is killed; make soak asks for hundreds.
func kills() int {
	if os.Getenv("SAMTYKKE_SOAK") != "" {
		return 300
	}
	return 30
}

func TestEverythingAcknowledgedSurvivesKillsDuringCapture(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "vault")
	v, _, err := vault.Create(t.Context(), dir, passphrase, light)
	if err != nil {
		t.Fatal(err)
	}
	organisation := consent.Organisation{Name: "Eksempel kommune", Number: "999999999", Contact: "post@eksempel.example"}
	if _, err := capture.Initialise(t.Context(), partsOf(v), capture.Setup{Organisation: organisation}); err != nil {
		t.Fatal(err)
	}
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	w := &witness{t: t, dir: dir, names: map[consent.SubjectID]string{}, counts: map[consent.AssetID]int{}}
	total, within := 0, 0
	for range kills() {
		done, begun := workUntilKilled(t, dir)
		total += len(done)
		if begun != nil {
			within++
		}
		w.check(done, begun)
	}
	if total < kills() {
		t.Errorf("only %d deeds were acknowledged in %d rounds: the kills come too early to prove anything", total, kills())
	}
	t.Logf("%d kills, %d of them in the midst of a deed; %d deeds acknowledged", kills(), within, total)
}

// workUntilKilled lets the photographer work and kills the process somewhere within what it does next. It returns what was
// acknowledged until then, and what was begun and not acknowledged, nil when nothing was.
func workUntilKilled(t *testing.T, dir string) (done []deed, begun *deed) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childVault+"="+dir)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	after, within := rand.IntN(40), time.Duration(rand.Int64N(int64(15*time.Millisecond)))
	read := 0
	for lines := bufio.NewScanner(out); lines.Scan(); read++ { // to the end of the pipe: what was printed before the kill counts
		if read == after {
			time.AfterFunc(within, func() { _ = cmd.Process.Kill() })
		}
		var d deed
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			break // the line that the kill cut off
		}
		if begun = &d; d.Done {
			done, begun = append(done, d), nil
		}
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.Exited() {
		t.Fatalf("the photographer ended without being killed: %v: %s", err, said.String())
	}
	return done, begun
}
