package hub_test

import (
	"bufio"
	"context"
	cryptorand "crypto/rand"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"samtykke/app/evidence"
	"samtykke/app/library"
	"samtykke/storage/ledger"
	"samtykke/storage/objects"
	"samtykke/sync/wire"
)

const crashBatch = 40

// crashChild takes in batches for ever and says after each how many events were acknowledged.
func crashChild(dir string) {
	ctx := context.Background()
	fail := func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(3)
		}
	}
	keys, err := ledger.LoadKeys(filepath.Join(dir, "library.key"))
	fail(err)
	l, err := ledger.Open(ctx, filepath.Join(dir, "ledger.db"), keys)
	fail(err)
	store, err := objects.Open(filepath.Join(dir, "objects"))
	fail(err)
	lib, err := library.Open(ctx, library.Config{Ledger: l, Objects: store, Key: keys.Signing, Logger: slog.New(slog.DiscardHandler), Now: time.Now})
	fail(err)
	key, err := evidence.NewKey(cryptorand.Reader)
	fail(err)
	secret, err := library.Invite(ctx, l, "", time.Now(), wire.InviteLifetime)
	fail(err)
	_, err = lib.Enrol(ctx, library.Enrolment{Secret: secret, PublicKey: key.Public(), Name: "child", Organisation: organisation})
	fail(err)
	var head evidence.Head
	for n := crashBatch; ; n += crashBatch {
		events := make([]evidence.SignedEvent, crashBatch)
		for i := range events {
			events[i], _, head, err = evidence.Append(key, head, time.Now(), cryptorand.Reader, shoot(i))
			fail(err)
		}
		_, err := lib.Intake(ctx, key.Device(), events)
		fail(err)
		fmt.Println(n)
	}
}

func TestKilledIntakeIsAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	random := rand.New(rand.NewPCG(1, 2))
	rounds := 12
	if testing.Short() {
		rounds = 3
	}
	var before int
	for round := range rounds {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), "SAMTYKKE_HUB_CRASH_DIR="+dir)
		child.Stderr = os.Stderr
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		acknowledged := 0
		lines := bufio.NewScanner(out)
		if lines.Scan() { // the first batch is in: from here on, any moment
			acknowledged, _ = strconv.Atoi(strings.TrimSpace(lines.Text()))
			time.AfterFunc(time.Duration(random.IntN(40_000))*time.Microsecond, func() { _ = child.Process.Kill() })
		}
		for lines.Scan() {
			acknowledged, _ = strconv.Atoi(strings.TrimSpace(lines.Text()))
		}
		_ = child.Wait() // it was killed
		s := mustServeAt(t, dir, nil)
		report := s.verify()
		size := int(logSize(t, s))
		s.stop()
		if !report.OK() || report.Events != size {
			t.Fatalf("round %d: %+v, log of %d", round, report, size)
		}
		if got := size - before; acknowledged == 0 || got%crashBatch != 0 || got < acknowledged {
			t.Fatalf("round %d: acknowledged %d, in the log %d", round, acknowledged, got)
		}
		before = size
	}
}
