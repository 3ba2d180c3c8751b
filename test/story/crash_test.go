//go:build story

package story_test

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"samtykke/app/consent"
	"samtykke/test/drive"
)

// noon is when the made pictures are taken.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// rounds is how often the program is killed in one test; make soak asks for hundreds.
func rounds(normal int) int {
	if os.Getenv("SAMTYKKE_SOAK") != "" {
		return 300
	}
	return normal
}

// kill runs a command and ends it the hard way after a while. It tells whether the command had finished by itself.
func (p *photographer) kill(after time.Duration, args ...string) bool {
	p.t.Helper()
	cmd := exec.CommandContext(p.ctx, p.Bin, append([]string{"--vault", p.Vault}, args...)...)
	cmd.Env = append(os.Environ(), "SAMTYKKE_PASSPHRASE="+drive.Passphrase)
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	return cmd.Wait() == nil
}

// took runs a command to its end and tells how long that was, so that kills can fall anywhere within it.
func (p *photographer) took(args ...string) time.Duration {
	p.t.Helper()
	began := time.Now()
	p.must(nil, args...)
	return time.Since(began)
}

func TestKilledImportLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	rehearsal := newPhotographer(t)
	card := filepath.Join(t.TempDir(), "card")
	ola := rehearsal.register("--name", "Ola Nordmann")
	paths, err := drive.CardOfSmall(card, noon, 79, consent.Code(ola.Code))
	if err != nil {
		t.Fatal(err)
	}
	whole := rehearsal.took("image", "import", card, "--shoot", rehearsal.shoot)
	p := newPhotographer(t)
	for range rounds(6) {
		p.kill(time.Duration(rand.Int64N(int64(whole))), "image", "import", card, "--shoot", p.shoot)
		p.audit()
	}
	p.must(nil, "image", "import", card, "--shoot", p.shoot)
	if s := p.status(); s.Assets != len(paths) {
		t.Errorf("%d images after the kills, want %d", s.Assets, len(paths))
	}
	var images []struct{ ID string }
	p.must(&images, "image", "list")
	seen := map[string]bool{}
	for _, img := range images {
		if seen[img.ID] {
			t.Errorf("%s is there twice", img.ID)
		}
		seen[img.ID] = true
	}
	p.audit()
	if left, _ := filepath.Glob(filepath.Join(p.Vault, "originals", "*", "*tmp*")); len(left) > 0 {
		t.Errorf("half files are left: %v", left)
	}
}

func TestKilledSyncLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	p := newPhotographer(t)
	card := filepath.Join(t.TempDir(), "card")
	ola := p.register("--name", "Ola Nordmann")
	if _, err := drive.Card(card, noon, 39, consent.Code(ola.Code)); err != nil {
		t.Fatal(err)
	}
	p.record(ola.ID, "--yes", "web:*", "--no", "rest")
	p.must(nil, "image", "import", card, "--shoot", p.shoot)
	p.enrol()
	for range rounds(6) {
		p.kill(time.Duration(rand.Int64N(int64(4*time.Second))), "sync", "run")
		p.audit()
	}
	var synced struct{ Pending int }
	p.must(&synced, "sync", "run")
	if s := p.status(); synced.Pending != 0 || s.PendingEvents != 0 || s.PendingBlobs != 0 {
		t.Errorf("something still waits: %+v, %+v", synced, s)
	}
	var log struct{ Events int }
	p.must(&log, "audit", "verify")
	var library struct {
		OK       bool
		Events   int
		Problems []string
	}
	if err := p.library.JSON(p.ctx, &library, "verify"); err != nil || !library.OK || library.Events != log.Events {
		t.Errorf("the laptop has %d events, the library verifies as %+v, %v", log.Events, library, err)
	}
}

func TestSecondProcessIsToldWhoHoldsTheVault(t *testing.T) {
	t.Parallel()
	p := newPhotographer(t)
	card := filepath.Join(t.TempDir(), "card")
	if _, err := drive.Card(card, noon, 59, consent.Code(p.register("--name", "Ola").Code)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(p.ctx, p.Bin, "--vault", p.Vault, "image", "import", card, "--shoot", p.shoot)
	cmd.Env = append(os.Environ(), "SAMTYKKE_PASSPHRASE="+drive.Passphrase)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for { // until the first has the vault, the second can still get in
		_, stderr, code, err := p.Run(p.ctx, "status")
		if err != nil {
			t.Fatal(err)
		}
		if code == 1 {
			if pid := strconv.Itoa(cmd.Process.Pid); !strings.Contains(stderr, pid) {
				t.Errorf("the refusal does not name process %s: %q", pid, stderr)
			}
			if err := <-ended; err != nil {
				t.Errorf("the first process was disturbed: %v", err)
			}
			return
		}
		select {
		case err := <-ended:
			t.Fatalf("the first process ended before the second was refused: %v", err)
		default:
		}
	}
}
