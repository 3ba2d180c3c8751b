package capture_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
	"samtykke/storage/vault"
)

// backUp makes a backup of a bench's vault, as it would come over on a USB stick.
func (b *bench) backUp() (dir string) {
	b.tb.Helper()
	report, err := b.vault.CreateBackup(b.ctx, b.tb.TempDir(), vault.BackupOptions{})
	if err != nil || len(report.Problems) > 0 {
		b.tb.Fatal(report.Problems, err)
	}
	return report.Path
}

// uniteWith takes in another bench's backup.
func (b *bench) uniteWith(other *bench) capture.United {
	b.tb.Helper()
	done, err := b.tryToUnite(b.ctx, other.backUp(), nil)
	if err != nil {
		b.tb.Fatal(err)
	}
	return done
}

func (b *bench) tryToUnite(ctx context.Context, dir string, progress func(capture.UnionProgress)) (capture.United, error) {
	b.tb.Helper()
	from, err := vault.OpenBackup(b.ctx, dir, passphrase, lightKDF)
	if err != nil {
		b.tb.Fatal(err)
	}
	defer from.Close()
	return b.Unite(ctx, capture.Other{Store: from, Originals: from.Originals()}, progress)
}

// twin is a copy of a bench's vault on another machine: the same device twice.
func (b *bench) twin() *bench {
	b.tb.Helper()
	from, err := vault.OpenBackup(b.ctx, b.backUp(), passphrase, lightKDF)
	if err != nil {
		b.tb.Fatal(err)
	}
	defer from.Close()
	twin := &bench{tb: b.tb, ctx: b.ctx, dir: filepath.Join(b.tb.TempDir(), "twin"), now: b.now.Add(time.Minute), shoot: b.shoot}
	if err := vault.Restore(b.ctx, from, twin.dir, nil); err != nil {
		b.tb.Fatal(err)
	}
	v, err := vault.Open(b.ctx, twin.dir, passphrase, lightKDF)
	if err != nil {
		b.tb.Fatal(err)
	}
	twin.vault = v
	b.tb.Cleanup(func() { _ = twin.vault.Close() })
	twin.load()
	return twin
}

func (b *bench) wantCleanAudit() {
	b.tb.Helper()
	audit, err := b.Audit(b.ctx)
	if err != nil || len(audit.Problems) > 0 {
		b.tb.Errorf("audit: %v, %v", audit.Problems, err)
	}
}

// known is everything that a device can say about people and pictures.
func (b *bench) known() map[string]any {
	b.tb.Helper()
	known := map[string]any{}
	for _, p := range b.People("") {
		standings, err := b.Standings(p.ID)
		if err != nil {
			b.tb.Fatal(err)
		}
		known[string(p.ID)] = p
		for scope, s := range standings {
			known[string(p.ID)+scope.String()] = s.Status
		}
	}
	for _, img := range b.Images(capture.ImageFilter{}) {
		o, err := b.OpenOriginal(img.ID)
		known[string(img.ID)] = []any{img.PeopleCount, img.File.Name, err == nil, o != nil && o.Size() > 0}
		if o != nil {
			_ = o.Close()
		}
	}
	for _, s := range b.Shoots() {
		known[string(s.ID)] = s
	}
	return known
}

func wantSame(t *testing.T, benches ...*bench) {
	t.Helper()
	first := benches[0].known()
	for n, b := range benches[1:] {
		for key, value := range b.known() {
			if !reflect.DeepEqual(value, first[key]) {
				t.Errorf("device %d knows of %s: %v, the first: %v", n+2, key, value, first[key])
			}
		}
		if a, b := len(first), len(b.known()); a != b {
			t.Errorf("device %d knows %d things, the first %d", n+2, b, a)
		}
	}
}

func TestAUnionBringsPeopleConsentsPicturesAndReceipts(t *testing.T) {
	a, b := mustBench(t), mustBench(t)
	kari := a.person(capture.Registration{Name: "Kari Nordmann", Phone: "41234567"})
	ola := b.person(capture.Registration{Name: "Ola Nordmann", Email: "ola@eksempel.example"})
	a.sign(kari, "web:*")
	signed := b.sign(ola, "web:photo")
	ids := b.importCard(2, ola)
	receipt, err := b.WriteReceipt(b.ctx, signed.Record, "nb")
	if err != nil {
		t.Fatal(err)
	}
	done := a.uniteWith(b)
	if done.Events == 0 || done.Profiles != 1 || done.Blobs == 0 || done.Originals != 3 || done.Bytes == 0 || len(done.Problems) > 0 {
		t.Errorf("%+v", done)
	}
	if again := a.uniteWith(b); again.Events+again.Profiles+again.Blobs+again.Originals != 0 {
		t.Errorf("the same again brings %+v", again)
	}
	for range 2 { // and after a restart
		if got := a.status(ola, webPhoto); got != consent.StatusGiven {
			t.Errorf("web:photo is %s", got)
		}
		if found := a.Find(capture.Search{Text: "ola"}); len(found) != 1 || found[0].Profile.Email != "ola@eksempel.example" {
			t.Errorf("found %+v", found)
		}
		for _, id := range ids {
			here, err := a.OpenOriginal(id)
			if err != nil {
				t.Fatal(err)
			}
			there, err := b.OpenOriginal(id)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(readAll(t, here), readAll(t, there)) {
				t.Error("another picture")
			}
		}
		v, err := a.Verify(receipt)
		if err != nil || !v.KnownHere {
			t.Errorf("the receipt of the other device: %+v, %v", v, err)
		}
		if file, err := a.WriteReceipt(a.ctx, signed.Record, "nb"); err != nil || len(file) == 0 {
			t.Error("writing the receipt of a consent that was signed there:", err)
		}
		if shoots := a.Shoots(); len(shoots) != 2 {
			t.Errorf("%d shoots", len(shoots))
		}
		a.wantCleanAudit()
		a.reopen()
	}
	if s, err := a.Status(a.ctx); err != nil || s.PendingBlobs == 0 {
		t.Error(s, err)
	}
}

// Design §3.4, over USB: a withdrawal on one laptop beats an earlier yes on another, whoever takes in whom.
func TestAWithdrawalComesOverWithAUnion(t *testing.T) {
	a := mustBench(t)
	p := a.person(capture.Registration{Name: "Ola"})
	a.sign(p, "web:*")
	b := mustBench(t)
	b.uniteWith(a)
	b.now = a.now.Add(time.Hour)
	if _, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: p.ID}); err != nil {
		t.Fatal(err)
	}
	a.uniteWith(b)
	if got := a.status(p, webPhoto); got != consent.StatusWithdrawn {
		t.Errorf("web:photo is %s", got)
	}
}

func TestWhoWasErasedNeverComesBackWithAUnion(t *testing.T) {
	for _, erasedThere := range []bool{false, true} {
		a := mustBench(t)
		p := a.person(capture.Registration{Name: "Ola"})
		a.sign(p, "web:*")
		b := mustBench(t)
		b.uniteWith(a)
		a.uniteWith(b)
		older := a.backUp()
		eraser, keeper := a, b
		if erasedThere {
			eraser, keeper = b, a
		}
		if _, err := eraser.Erase(eraser.ctx, capture.Erasure{Subject: p.ID, Reason: "request"}); err != nil {
			t.Fatal(err)
		}
		done := eraser.uniteWith(keeper) // the keeper still has everything
		if done.Profiles != 0 || done.Blobs != 0 {
			t.Errorf("erased there %v: %+v came back", erasedThere, done)
		}
		if _, err := eraser.tryToUnite(eraser.ctx, older, nil); err != nil {
			t.Fatal(err)
		}
		keeper.uniteWith(eraser)
		for _, d := range []*bench{eraser, keeper} {
			if found := d.Find(capture.Search{Text: "Ola"}); len(found) != 0 {
				t.Errorf("erased there %v: %+v is found", erasedThere, found)
			}
			if err := d.vault.View(d.ctx, func(tx capture.Tx) error {
				keys, err := tx.SubjectKeys(p.ID)
				if len(keys) != 0 {
					t.Errorf("erased there %v: a key is left", erasedThere)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			d.wantCleanAudit()
		}
	}
}

// Links on printed receipts follow from the key that the person had on the device that printed them.
func TestReceiptsOfBothDevicesKeepTheirLinksAfterAUnion(t *testing.T) {
	a := mustBench(t)
	p := a.person(capture.Registration{Name: "Ola"})
	b := mustBench(t)
	b.uniteWith(a)
	b.forgetKey(p) // as if b had heard of the person from the library: then it has drawn a key of its own
	onA, onB := a.sign(p, "web:*"), b.sign(p, "web:photo")
	a.uniteWith(b)
	b.uniteWith(a)
	for name, d := range map[string]*bench{"a": a, "b": b} {
		for on, signed := range map[string]capture.Signed{"a": onA, "b": onB} {
			file, err := d.WriteReceipt(d.ctx, signed.Record, "")
			if err != nil {
				t.Errorf("on %s the receipt of %s: %v", name, on, err)
			}
			if v, err := d.Verify(file); err != nil || v.Record != signed.Record {
				t.Errorf("on %s the receipt of %s: %+v, %v", name, on, v, err)
			}
			if link, err := d.PersonalLink(d.ctx, signed.Record); err != nil || link != signed.Link {
				t.Errorf("on %s the link of %s is %s, %v; printed is %s", name, on, link, err, signed.Link)
			}
		}
		if err := d.vault.View(d.ctx, func(tx capture.Tx) error {
			keys, err := tx.SubjectKeys(p.ID)
			if len(keys) != 2 {
				t.Errorf("%s has %d keys of the person", name, len(keys))
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// A third device that has met both copies of a device brings both chains in one backup.
func TestAForkThatComesByAThirdDeviceIsWovenToo(t *testing.T) {
	a, b := mustBench(t), mustBench(t)
	p := a.person(capture.Registration{Name: "Ola"})
	one, two := a.twin(), a.twin() // both sign on after a's last event, and a signs nothing
	one.sign(p, "social:*")
	one.person(capture.Registration{Name: "Kari"})
	two.sign(p, "web:*")
	b.uniteWith(one)
	b.uniteWith(two)
	a.uniteWith(b)
	a.wantCleanAudit()
	b.uniteWith(a)
	b.wantCleanAudit()
	if got := len(a.People("")); got != 2 {
		t.Errorf("%d people", got)
	}
}

// forgetKey gives a person another key in a vault, with the same profile.
func (b *bench) forgetKey(p capture.Person) {
	b.tb.Helper()
	if err := b.vault.Update(b.ctx, func(tx capture.Tx) error {
		profile, _, err := tx.Profile(p.ID)
		return errors.Join(err, tx.ForgetSubject(p.ID), tx.PutProfile(profile, false))
	}); err != nil {
		b.tb.Fatal(err)
	}
}

func TestTheHigherRevisionOfAProfileWinsAndATieIsTold(t *testing.T) {
	a := mustBench(t)
	p := a.person(capture.Registration{Name: "Ola"})
	b := mustBench(t)
	b.uniteWith(a)
	name, other := "Ola Nordmann", "Ole Nordmann"
	if _, err := b.Amend(b.ctx, p.ID, capture.Amendment{Name: &name}); err != nil {
		t.Fatal(err)
	}
	if done := a.uniteWith(b); done.Profiles != 1 || len(a.Find(capture.Search{Text: "Ola Nordmann"})) != 1 {
		t.Errorf("%+v", done)
	}
	for d, name := range map[*bench]*string{a: &name, b: &other} {
		if _, err := d.Amend(d.ctx, p.ID, capture.Amendment{Notes: name}); err != nil {
			t.Fatal(err)
		}
	}
	if done := a.uniteWith(b); done.Profiles != 0 || len(done.Problems) != 1 || !strings.Contains(done.Problems[0], string(p.Code)) {
		t.Errorf("%+v", done)
	}
}

// Two copies of one vault, used side by side: decision 0005 without a library.
func TestTwoCopiesOfOneDeviceComeToOneChain(t *testing.T) {
	a := mustBench(t)
	p := a.person(capture.Registration{Name: "Ola"})
	twin := a.twin()
	a.sign(p, "web:*")
	twin.sign(p, "social:*")
	kari := twin.person(capture.Registration{Name: "Kari"})
	twin.now = a.now.Add(time.Minute)
	if _, err := twin.Withdraw(twin.ctx, capture.Withdrawal{Subject: p.ID}); err != nil {
		t.Fatal(err)
	}
	onA, onTwin := a.backUp(), twin.backUp()
	for d, dir := range map[*bench]string{a: onTwin, twin: onA} {
		if _, err := d.tryToUnite(d.ctx, dir, nil); err != nil {
			t.Fatal(err)
		}
		d.wantCleanAudit()
		if got := d.status(p, webPhoto); got != consent.StatusWithdrawn {
			t.Errorf("web:photo is %s", got)
		}
		if found := d.Find(capture.Search{Text: "kari"}); len(found) != 1 || found[0].ID != kari.ID {
			t.Errorf("found %+v", found)
		}
	}
	if x, y := a.chain(), twin.chain(); !slices.Equal(x, y) {
		t.Errorf("the chains differ:\n%v\n%v", x, y)
	}
	a.sign(kari, "web:*") // and on from there
	twin.uniteWith(a)
	a.reopen()
	wantSame(t, a, twin)
	a.wantCleanAudit()
	twin.wantCleanAudit()
}

// chain lists this device's own events by number and signature.
func (b *bench) chain() []string {
	b.tb.Helper()
	var chain []string
	if err := b.vault.View(b.ctx, func(tx capture.Tx) error {
		return tx.EachEvent(func(stored capture.StoredEvent) error {
			e, err := stored.Open()
			if e.Device == b.Device().ID {
				chain = append(chain, fmt.Sprintf("%04d %s %s", e.Seq, e.ID, stored.Hash()))
			}
			return err
		})
	}); err != nil {
		b.tb.Fatal(err)
	}
	slices.Sort(chain)
	return chain
}

func TestAUnionRefusesWhatDoesNotVerify(t *testing.T) {
	a, b := mustBench(t), mustBench(t)
	b.sign(b.person(capture.Registration{Name: "Ola"}), "web:*")
	for what, c := range map[string]struct {
		id, says string
		damage   func(tx capture.Tx, e capture.StoredEvent, seq uint64) error
	}{
		"changed": {"union-chain-broken", "event 2 of device", func(tx capture.Tx, e capture.StoredEvent, seq uint64) error {
			if seq == 2 {
				e.Envelope = bytes.Replace(e.Envelope, []byte(`"tz":"`), []byte(`"tz":"x`), 1)
			}
			return tx.AppendEvent(e)
		}},
		"removed": {"union-chain-broken", "event 2 of device", func(tx capture.Tx, e capture.StoredEvent, seq uint64) error {
			if seq == 2 {
				return nil
			}
			return tx.AppendEvent(e)
		}},
		"rewritten with the device's own key": {"union-chain-broken", "does not follow", func(tx capture.Tx, e capture.StoredEvent, seq uint64) error {
			if seq == 2 {
				e.SignedEvent = b.rewritten(e)
			}
			return tx.AppendEvent(e)
		}},
		"stranger": {"union-stranger", "neither", func(tx capture.Tx, e capture.StoredEvent, _ uint64) error {
			e.Envelope = bytes.Replace(e.Envelope, []byte(`"device":"`+b.Device().ID[:4]), []byte(`"device":"0000`), 1)
			return tx.AppendEvent(e)
		}},
	} {
		forged := b.forge(c.damage)
		_, err := a.tryToUnite(a.ctx, forged, nil)
		if p := problem.Of(err); p.ID != c.id || !strings.Contains(p.Error(), c.says) {
			t.Errorf("%s: %v", what, err)
		}
		if len(a.Find(capture.Search{Text: "Ola"})) != 0 {
			t.Errorf("%s: something was taken all the same", what)
		}
	}
	other := mustBench(t)
	if err := other.vault.Update(other.ctx, func(tx capture.Tx) error {
		changed := organisation
		changed.Number = "888888888"
		return tx.PutSetting("organisation", changed)
	}); err != nil {
		t.Fatal(err)
	}
	_, err := a.tryToUnite(a.ctx, other.backUp(), nil)
	wantProblem(t, err, "union-other-organisation")
}

// rewritten signs an event of b's anew with another time, in its old place.
func (b *bench) rewritten(e capture.StoredEvent) evidence.SignedEvent {
	b.tb.Helper()
	var seed []byte
	if err := b.vault.View(b.ctx, func(tx capture.Tx) error { _, err := tx.Setting("device_seed", &seed); return err }); err != nil {
		b.tb.Fatal(err)
	}
	key, err := evidence.KeyFromSeed(seed)
	if err != nil {
		b.tb.Fatal(err)
	}
	open, err := e.Open()
	if err != nil {
		b.tb.Fatal(err)
	}
	open.At = open.At.Add(-time.Hour)
	signed, _, err := evidence.Resign(key, evidence.Head{Seq: open.Seq - 1, Hash: open.Prev}, open)
	if err != nil {
		b.tb.Fatal(err)
	}
	return signed
}

// forge makes a backup of a vault with b's device key and a log that somebody has changed.
func (b *bench) forge(change func(tx capture.Tx, e capture.StoredEvent, seq uint64) error) string {
	b.tb.Helper()
	v, _, err := vault.Create(b.ctx, filepath.Join(b.tb.TempDir(), "forged"), passphrase, lightKDF)
	if err != nil {
		b.tb.Fatal(err)
	}
	defer v.Close()
	if err := b.vault.View(b.ctx, func(from capture.Tx) error {
		return v.Update(b.ctx, func(to capture.Tx) error {
			for _, name := range []string{"device_seed", "device", "organisation"} {
				var value any
				if _, err := from.Setting(name, &value); err != nil {
					return err
				}
				if err := to.PutSetting(name, value); err != nil {
					return err
				}
			}
			return from.EachEvent(func(e capture.StoredEvent) error {
				open, err := e.Open()
				return errors.Join(err, change(to, e, open.Seq))
			})
		})
	}); err != nil {
		b.tb.Fatal(err)
	}
	report, err := v.CreateBackup(b.ctx, b.tb.TempDir(), vault.BackupOptions{})
	if err != nil {
		b.tb.Fatal(err)
	}
	return report.Path
}

func TestAUnionThatIsCutOffAnywhereCanBeRepeated(t *testing.T) {
	b := mustBench(t)
	for n := range 3 {
		b.sign(b.person(capture.Registration{Name: fmt.Sprint("Ola ", n)}), "web:*")
	}
	b.importCard(2, b.person(capture.Registration{Name: "Kari"}))
	dir := b.backUp()
	steps := 0
	if _, err := mustBench(t).tryToUnite(t.Context(), dir, func(capture.UnionProgress) { steps++ }); err != nil || steps < 6 {
		t.Fatal(steps, err)
	}
	for cut := 1; cut <= steps; cut++ {
		a := mustBench(t)
		ctx, stop := context.WithCancel(a.ctx)
		left := cut
		_, err := a.tryToUnite(ctx, dir, func(capture.UnionProgress) {
			if left--; left == 0 {
				stop()
			}
		})
		stop()
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		a.reopen()
		if _, err := a.tryToUnite(a.ctx, dir, nil); err != nil {
			t.Fatal(err)
		}
		a.wantCleanAudit()
		knows := a.known()
		for key, value := range b.known() {
			if !reflect.DeepEqual(value, knows[key]) {
				t.Errorf("cut at %d, then repeated: of %s it knows %v, not %v", cut, key, knows[key], value)
			}
		}
	}
}

// Three devices, one of them twice, do things in any order and take each other in in any order: in the end all know the same.
func TestUnionsInAnyOrderEndWithTheSame(t *testing.T) {
	for seed := range uint64(rounds()) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 7))
			a, b := mustBench(t), mustBench(t)
			a.person(capture.Registration{Name: "Kari"})
			twin := a.twin()
			devices := []*bench{a, b, twin}
			for range 12 {
				act(random, devices)
			}
			for range 2 { // everybody hears of everybody, by way of others too
				for _, i := range random.Perm(3) {
					for _, j := range random.Perm(3) {
						if i != j {
							devices[i].uniteWith(devices[j])
						}
					}
				}
			}
			for _, d := range devices { // asked at one time: what another's clock is ahead of waits
				d.now = slices.MaxFunc(devices, func(a, b *bench) int { return a.now.Compare(b.now) }).now
			}
			wantSame(t, devices...)
			if x, y := a.chain(), twin.chain(); !slices.Equal(x, y) {
				t.Errorf("the copies' chains differ:\n%v\n%v", x, y)
			}
			for _, d := range devices {
				d.wantCleanAudit()
			}
		})
	}
}

func rounds() int {
	if os.Getenv("SAMTYKKE_SOAK") != "" {
		return 100
	}
	return 2
}

// act lets one device do one thing, or take another in.
func act(random *rand.Rand, devices []*bench) {
	d := devices[random.IntN(len(devices))]
	d.now = d.now.Add(time.Duration(random.IntN(3600)) * time.Second)
	people := slices.DeleteFunc(d.People(""), func(p capture.Person) bool { return p.Erased || !p.Known })
	if len(people) == 0 {
		d.person(capture.Registration{Name: fmt.Sprint("Person ", random.Uint32())})
		return
	}
	p := people[random.IntN(len(people))]
	switch random.IntN(8) {
	case 0:
		d.person(capture.Registration{Name: fmt.Sprint("Person ", random.Uint32())})
	case 1, 2:
		d.sign(p, []string{"web:*", "social:photo", "web:photo,print:photo"}[random.IntN(3)])
	case 3:
		if _, err := d.Withdraw(d.ctx, capture.Withdrawal{Subject: p.ID}); err != nil {
			d.tb.Fatal(err)
		}
	case 4:
		d.importCard(1, p)
	case 5:
		if random.IntN(3) == 0 {
			if _, err := d.Erase(d.ctx, capture.Erasure{Subject: p.ID, Reason: "request"}); err != nil {
				d.tb.Fatal(err)
			}
		}
	default:
		if other := devices[random.IntN(len(devices))]; other != d {
			d.uniteWith(other)
		}
	}
}
