//go:build story

package story_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"samtykke/app/consent"
	"samtykke/app/picture/picturetest"
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
	pid := strconv.Itoa(cmd.Process.Pid)
	for holder := ""; !strings.Contains(holder, pid); { // a second one that came before it would keep the first out
		select {
		case err := <-ended:
			t.Fatalf("the first process ended before it had the vault: %v", err)
		default:
		}
		raw, err := os.ReadFile(filepath.Join(p.Vault, "vault.lock"))
		if err != nil {
			t.Fatal(err)
		}
		holder = string(raw)
	}
	if err := cmd.Process.Signal(syscall.SIGSTOP); err != nil { // it must not be done before the second has asked
		t.Fatal(err)
	}
	p.refused(1, pid, "status")
	if err := cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("the first process was disturbed: %v", err)
	}
}

// pairedCard is a card of exposures that are a JPEG, a raw file and a sidecar each. It returns how many files that is.
func pairedCard(t *testing.T, exposures int) (dir string, files int) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "card")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for n := range exposures {
		o := picturetest.Options{Seed: uint64(n), Make: "Nordlys", Model: "N1", TakenAt: noon.Add(time.Duration(n) * time.Second)}
		name := filepath.Join(dir, fmt.Sprintf("NLY_%04d", n))
		for ending, raw := range map[string][]byte{".JPG": picturetest.JPEG(300, 200, o), ".NEF": picturetest.RAW("nef", 300, 200, o),
			".xmp": fmt.Appendf(nil, "<x n=\"%d\"/>", n)} {
			if err := os.WriteFile(name+ending, raw, 0o600); err != nil {
				t.Fatal(err)
			}
			files++
		}
	}
	return dir, files
}

// imported is what image import answers.
type imported struct {
	Imported, Companions, Duplicates int
	NotReached                       int `json:"not_reached"`
	Undecided                        []struct{ Path string }
}

func TestKilledImportTearsNoExposureApart(t *testing.T) {
	t.Parallel()
	rehearsal := newPhotographer(t)
	card, files := pairedCard(t, 40)
	whole := rehearsal.took("image", "import", card, "--shoot", rehearsal.shoot)
	want := rehearsal.status()
	p := newPhotographer(t)
	for range rounds(6) {
		p.kill(time.Duration(rand.Int64N(int64(whole))), "image", "import", card, "--shoot", p.shoot)
		p.audit()
	}
	p.must(nil, "image", "import", card, "--shoot", p.shoot)
	var again imported
	p.must(&again, "image", "import", card, "--shoot", p.shoot)
	if again.Imported+again.Companions != 0 || again.Duplicates != files {
		t.Errorf("after all: %+v", again)
	}
	if s := p.status(); s.Assets != 40 || s.PendingBlobs != want.PendingBlobs {
		t.Errorf("after the kills %+v, without any %+v", s, want)
	}
	var images []struct {
		Name       string
		Companions []struct{ Name string }
	}
	p.must(&images, "image", "list")
	for _, img := range images {
		if len(img.Companions) != 2 {
			t.Errorf("%s has %v", img.Name, img.Companions)
		}
	}
	p.audit()
	var checked struct{ OK bool }
	if p.must(&checked, "vault", "check", "--originals"); !checked.OK {
		t.Error("the vault's check finds something wrong")
	}
}

// Ctrl-C: what came in is told and stays, one sentence says so, and importing again takes in the rest.
func TestInterruptedImportSaysWhatIsSafe(t *testing.T) {
	t.Parallel()
	p := newPhotographer(t)
	card, files := pairedCard(t, 150)
	cmd := exec.CommandContext(p.ctx, p.Bin, "--vault", p.Vault, "--json", "image", "import", card, "--shoot", p.shoot)
	cmd.Env = append(os.Environ(), "SAMTYKKE_PASSPHRASE="+drive.Passphrase)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for sealed := 0; sealed < 40; { // once some pictures have come in, and before all have
		select {
		case err := <-ended:
			t.Fatalf("ended before it was interrupted: %v: %s", err, &stderr)
		default:
		}
		found, err := filepath.Glob(filepath.Join(p.Vault, "originals", "*", "*.age"))
		if err != nil {
			t.Fatal(err)
		}
		sealed = len(found)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	err := <-ended
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("ended with %v", err)
	}
	if line := strings.TrimSuffix(stderr.String(), "\n"); !strings.Contains(line, "safe") || strings.Contains(line, "\n") {
		t.Errorf("said %q, want one sentence that says what is safe", stderr.String())
	}
	var stopped imported
	if err := json.Unmarshal(stdout.Bytes(), &stopped); err != nil {
		t.Fatalf("answered %q: %v", stdout.String(), err)
	}
	here := stopped.Imported + stopped.Companions
	if here == 0 || stopped.NotReached == 0 || here+stopped.NotReached != files || stopped.Undecided == nil {
		t.Errorf("answered %+v of %d files", stopped, files)
	}
	p.audit()
	if s := p.status(); s.Assets != stopped.Imported {
		t.Errorf("%d images are there, %d were told", s.Assets, stopped.Imported)
	}
	var rest imported
	p.must(&rest, "image", "import", card, "--shoot", p.shoot)
	if rest.Duplicates != here || rest.Imported+rest.Companions != stopped.NotReached {
		t.Errorf("the rest: %+v after %+v", rest, stopped)
	}
}
