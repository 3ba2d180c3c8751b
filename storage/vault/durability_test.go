package vault_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/problem"
	"samtykke/storage/vault"
)

func TestSecondProgramIsToldWhoHoldsTheVault(t *testing.T) {
	dir := t.TempDir()
	v, _ := MustCreate(t, dir)
	MustClose(t, v)
	other, out, said := child(t, "hold", dir)
	in, err := other.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := out.ReadString('\n'); err != nil || line != "open\n" {
		t.Fatalf("%q, %v, %s", line, err, said)
	}
	_, err = vault.Open(t.Context(), dir, passphrase, light)
	wantProblem(t, err, problem.Conflict, "vault-busy")
	if text := err.Error(); !strings.Contains(text, strconv.Itoa(other.Process.Pid)) || !strings.Contains(text, strconv.Itoa(time.Now().Year())) {
		t.Errorf("%q names neither process nor time", text)
	}
	_, _, err = vault.Create(t.Context(), dir, passphrase, light)
	wantProblem(t, err, problem.Conflict, "vault-exists")
	_ = in.Close()
	if err := other.Wait(); err != nil {
		t.Fatal(err, said)
	}
	if r := MustOpen(t, dir).Report(); len(r) != 0 {
		t.Error(r)
	}
}

func TestSameProgramCannotOpenTwice(t *testing.T) {
	dir := t.TempDir()
	MustCreate(t, dir)
	_, err := vault.Open(t.Context(), dir, passphrase, light)
	wantProblem(t, err, problem.Conflict, "vault-busy")
}

func TestOpeningWaitsForAProgramThatIsEnding(t *testing.T) {
	dir := t.TempDir()
	v, _ := MustCreate(t, dir)
	time.AfterFunc(200*time.Millisecond, func() { _ = v.Close() })
	MustOpen(t, dir)
}

// TestAcknowledgedConsentsSurviveBeingKilled kills a process that commits consents, at random points, and checks after each
// kill that everything it had acknowledged is there, and that nothing is there by half.
func TestAcknowledgedConsentsSurviveBeingKilled(t *testing.T) {
	kills := 30
	if text := os.Getenv("SAMTYKKE_KILLS"); text != "" {
		var err error
		if kills, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	v, _ := MustCreate(t, dir)
	MustClose(t, v)
	acknowledged, told := -1, 0
	for range kills {
		cmd, out, said := child(t, "commit", dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// The clock starts with the first commit, so that every kill falls among commits.
		var kill *time.Timer
		for {
			line, err := out.ReadString('\n')
			if err != nil {
				break
			}
			if acknowledged, err = strconv.Atoi(strings.TrimSpace(line)); err != nil {
				t.Fatal(line, err)
			}
			if kill == nil {
				kill = time.AfterFunc(time.Duration(rand.IntN(80_000))*time.Microsecond, func() { _ = cmd.Process.Kill() })
			}
		}
		_ = cmd.Wait()
		if kill == nil || cmd.ProcessState.Exited() {
			t.Fatalf("the child ended by itself: %v %s", cmd.ProcessState, said)
		}
		v := MustOpen(t, dir)
		told += len(v.Report())
		checkConsents(t, v, acknowledged)
		MustClose(t, v)
	}
	if acknowledged < kills {
		t.Fatalf("only %d commits between %d kills", acknowledged, kills)
	}
	if told < kills {
		t.Errorf("%d openings after kills reported %d times", kills, told)
	}
	t.Logf("%d kills, %d consents", kills, acknowledged+1)
}

func checkConsents(t *testing.T, v *vault.Vault, acknowledged int) {
	t.Helper()
	MustView(t, v, func(tx capture.Tx) error {
		next, events := 0, 0
		if _, err := tx.Setting("next", &next); err != nil {
			return err
		}
		if next < acknowledged+1 {
			t.Fatalf("%d consents were acknowledged and %d are here", acknowledged+1, next)
		}
		if err := tx.EachEvent(func(e capture.StoredEvent) error {
			events++
			if open, err := e.Open(); err != nil || open.Seq != uint64(events) {
				return fmt.Errorf("event %d has number %d: %w", events, open.Seq, err)
			}
			return nil
		}); err != nil {
			return err
		}
		waiting, err := tx.CountWaitingEvents()
		if events != next || waiting != next {
			t.Fatalf("%d consents, %d events, %d waiting", next, events, waiting)
		}
		for n := range next {
			p, profile, err := tx.Profile(subjectOf(n))
			if err != nil {
				return err
			}
			b, drawn, err := tx.Blob(drawnOf(n).Hash)
			if err != nil {
				return err
			}
			_, transfer, err := tx.Transfer(drawnOf(n).Hash)
			if err != nil {
				return err
			}
			erased := n%10 == 0 && n+9 < next
			switch {
			case profile == erased || drawn == erased || transfer == erased:
				t.Fatalf("of consent %d (erased: %v) profile %v, evidence %v, transfer %v are here", n, erased, profile, drawn, transfer)
			case !erased && (p.Name != fmt.Sprint("Kari ", n) || string(b.Data) != string(drawnOf(n).Data)):
				t.Fatalf("consent %d is another", n)
			}
		}
		return err
	})
}

func TestHolderIsReadableWhileHeldAndGoneAfterwards(t *testing.T) {
	dir := t.TempDir()
	v, _ := MustCreate(t, dir)
	raw, err := os.ReadFile(filepath.Join(dir, "vault.lock"))
	var holder struct{ PID int }
	if err != nil || json.Unmarshal(raw, &holder) != nil || holder.PID != os.Getpid() {
		t.Errorf("%q, %v", raw, err)
	}
	MustClose(t, v)
	if raw, err := os.ReadFile(filepath.Join(dir, "vault.lock")); err != nil || len(raw) != 0 {
		t.Errorf("%q, %v", raw, err)
	}
}
