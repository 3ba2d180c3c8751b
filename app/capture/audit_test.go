package capture_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// hand is somebody who has the data key and changes what the vault hands out.
type hand struct {
	capture.Store
	events    func([]capture.StoredEvent) []capture.StoredEvent
	blob      func(capture.Blob) (capture.Blob, bool)
	rotten    consent.BlobHash // does not open, as when a bit of it has flipped
	transfers func(capture.Transfer) capture.Transfer
	head      *evidence.Head
}

type handled struct {
	capture.Tx
	by *hand
}

func (h *hand) View(ctx context.Context, fn func(capture.Tx) error) error {
	return h.Store.View(ctx, func(tx capture.Tx) error { return fn(handled{tx, h}) })
}

func (h handled) EachEvent(fn func(capture.StoredEvent) error) error {
	var all []capture.StoredEvent
	err := h.Tx.EachEvent(func(e capture.StoredEvent) error { all = append(all, e); return nil })
	if err != nil {
		return err
	}
	if h.by.events != nil {
		all = h.by.events(all)
	}
	for _, e := range all {
		if err := fn(e); err != nil {
			return err
		}
	}
	return nil
}

func (h handled) Blob(hash consent.BlobHash) (capture.Blob, bool, error) {
	if hash == h.by.rotten {
		return capture.Blob{}, false, problem.New(problem.Damaged, "vault-damaged", "It does not open.")
	}
	b, found, err := h.Tx.Blob(hash)
	if err == nil && found && h.by.blob != nil {
		b, found = h.by.blob(b)
	}
	return b, found, err
}

func (h handled) EachBlobOfClass(class capture.BlobClass, fn func(capture.Blob) error) error {
	return h.Tx.EachBlobOfClass(class, func(b capture.Blob) error {
		if h.by.blob != nil {
			changed, found := h.by.blob(b)
			if !found {
				return nil
			}
			b = changed
		}
		return fn(b)
	})
}

func (h handled) EachTransfer(fn func(capture.Transfer) error) error {
	return h.Tx.EachTransfer(func(t capture.Transfer) error {
		if h.by.transfers != nil {
			t = h.by.transfers(t)
		}
		return fn(t)
	})
}

func (h handled) Setting(name string, into any) (bool, error) {
	if head, ok := into.(*evidence.Head); ok && h.by.head != nil {
		*head = *h.by.head
		return true, nil
	}
	return h.Tx.Setting(name, into)
}

// log reads the events of the vault.
func (b *bench) log() []capture.StoredEvent {
	b.tb.Helper()
	var all []capture.StoredEvent
	err := b.vault.View(b.ctx, func(tx capture.Tx) error {
		return tx.EachEvent(func(e capture.StoredEvent) error { all = append(all, e); return nil })
	})
	if err != nil {
		b.tb.Fatal(err)
	}
	return all
}

// audited is what the audit says of a vault that somebody has had their hand in.
func (b *bench) audited(h hand) capture.Audit {
	b.tb.Helper()
	h.Store = b.vault
	b.Session.Store = &h
	defer func() { b.Session.Store = b.vault }()
	audit, err := b.Audit(b.ctx)
	if err != nil {
		b.tb.Fatal(err)
	}
	return audit
}

// about writes an event as the audit names it.
func about(tb testing.TB, e capture.StoredEvent) string {
	tb.Helper()
	opened, err := e.Open()
	if err != nil {
		tb.Fatal(err)
	}
	return fmt.Sprintf("event %d (%s %s)", opened.Seq, opened.Type, opened.ID)
}

// enrolled makes the bench a device of a library that also has a tablet, and returns both their keys.
func (b *bench) enrolled() (library, tablet evidence.Key) {
	b.tb.Helper()
	var certificates []evidence.Certificate
	library = newKey(b.tb)
	tablet = newKey(b.tb)
	for key, name := range map[string]string{string(b.Device().PublicKey): "laptop", string(tablet.Public()): "tablet", string(library.Public()): "library"} {
		public := evidence.PublicKey(key)
		c, err := evidence.SignCertificate(library, evidence.Certificate{Device: public.Device(), PublicKey: public, Name: name, IssuedAt: b.now})
		if err != nil {
			b.tb.Fatal(err)
		}
		certificates = append(certificates, c)
	}
	b.enrol(library, b.now, certificates...)
	return library, tablet
}

func (b *bench) enrol(library evidence.Key, issued time.Time, certificates ...evidence.Certificate) {
	b.tb.Helper()
	trust := b.trust(library, issued, certificates...)
	own := slices.IndexFunc(certificates, func(c evidence.Certificate) bool { return c.Device == b.Device().ID })
	err := b.Enrol(b.ctx, capture.Enrolment{Address: "https://bank.example.no", PublicURL: "https://bank.example.no", LibraryKey: library.Public(),
		Certificate: certificates[own], Trust: trust}, consent.Organisation{}, nil)
	if err != nil {
		b.tb.Fatal(err)
	}
}

func (b *bench) trust(library evidence.Key, issued time.Time, certificates ...evidence.Certificate) evidence.TrustList {
	b.tb.Helper()
	list, err := evidence.SignTrustList(library, evidence.TrustList{IssuedAt: issued, Devices: certificates})
	if err != nil {
		b.tb.Fatal(err)
	}
	return list
}

func newKey(tb testing.TB) evidence.Key {
	tb.Helper()
	key, err := evidence.NewKey(rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	return key
}

// One attack at a time, and the audit says what was done in one sentence, naming the device and the first bad event.
func TestAuditNamesEveryAttackOnTheLog(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Ola Nordmann"})
	b.sign(p, "web:*")
	if _, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: p.ID}); err != nil {
		t.Fatal(err)
	}
	log := b.log()
	n := len(log)
	if n < 5 {
		t.Fatalf("only %d events to attack", n)
	}
	stranger, _, _, err := evidence.Append(newKey(t), evidence.Head{}, b.now, rand.Reader, evidence.Draft{Type: consent.ConsentWithdrawn, Subject: p.ID, Body: consent.WithdrawnBody{}})
	if err != nil {
		t.Fatal(err)
	}
	with := func(change func(log []capture.StoredEvent) []capture.StoredEvent) hand {
		return hand{events: func(log []capture.StoredEvent) []capture.StoredEvent { return change(slices.Clone(log)) }}
	}
	for name, c := range map[string]struct {
		by   hand
		want []string
	}{
		"nothing": {with(func(l []capture.StoredEvent) []capture.StoredEvent { return l }), nil},
		"a no made a yes": {with(func(l []capture.StoredEvent) []capture.StoredEvent {
			l[3].Envelope = bytes.Replace(l[3].Envelope, []byte(`"ads:audio":"no"`), []byte(`"ads:audio":"yes"`), 1)
			return l
		}), []string{"laptop: " + about(t, log[3]) + " was changed after it was signed"}},
		"the withdrawal removed": {with(func(l []capture.StoredEvent) []capture.StoredEvent { return l[:n-1] }),
			[]string{fmt.Sprintf("laptop: the log ends at event %d, but %d were signed here: the last are missing", n-1, n)}},
		"the consent removed": {with(func(l []capture.StoredEvent) []capture.StoredEvent { return slices.Delete(l, 3, 4) }),
			[]string{"laptop: " + about(t, log[4]) + " comes after a gap: event 4 is missing"}},
		"everything removed": {with(func(l []capture.StoredEvent) []capture.StoredEvent { return nil }),
			[]string{fmt.Sprintf("laptop: the log ends at event 0, but %d were signed here: the last are missing", n)}},
		"an event doubled": {with(func(l []capture.StoredEvent) []capture.StoredEvent { return slices.Insert(l, 3, l[2]) }),
			[]string{"laptop: " + about(t, log[2]) + " stands in the log twice"}},
		"a stranger's event slipped in": {with(func(l []capture.StoredEvent) []capture.StoredEvent {
			return slices.Insert(l, 2, capture.StoredEvent{SignedEvent: stranger})
		}), []string{fmt.Sprintf("device %s signed 1 events and is not on the library's list: they were slipped in", must1(stranger.Open()).Device)}},
		"a space added": {with(func(l []capture.StoredEvent) []capture.StoredEvent {
			l[1].Envelope = append(bytes.Clone(l[1].Envelope), ' ')
			return l
		}), []string{"laptop: " + about(t, log[1]) + " is not in canonical JSON"}},
		"the last event's note put back": {hand{head: &evidence.Head{Seq: 2, Hash: log[1].Hash()}},
			[]string{fmt.Sprintf("laptop: the vault's note of its last event is behind: it says event 2, the log goes to %d", n)}},
	} {
		if got := b.audited(c.by).Problems; !slices.Equal(got, c.want) && len(got)+len(c.want) > 0 {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
		}
	}
}

// The order of arrival says nothing by itself: a backup that is taken in brings events between others. It is told all the same.
func TestAuditTellsOfEventsThatStandInAnotherOrder(t *testing.T) {
	b := mustBench(t)
	b.sign(b.person(capture.Registration{Name: "Ola Nordmann"}), "web:*")
	log := b.log()
	audit := b.audited(hand{events: func(l []capture.StoredEvent) []capture.StoredEvent { l[2], l[3] = l[3], l[2]; return l }})
	want := "laptop: " + about(t, log[2]) + " stands after event 4, as when a backup was taken in"
	if len(audit.Problems) > 0 || !slices.Equal(audit.Warnings, []string{want}) {
		t.Errorf("got %q and %q, want the warning %q", audit.Problems, audit.Warnings, want)
	}
}

func must1[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestAuditNamesWhatIsMissingOrChangedBesideTheLog(t *testing.T) {
	b := mustBench(t)
	b.enrolled()
	p := b.person(capture.Registration{Name: "Ola Nordmann"})
	signed := b.sign(p, "web:*")
	withdrawn, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: p.ID, Reason: "vil ikke"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.WriteReceipt(b.ctx, signed.Record, ""); err != nil {
		t.Fatal(err)
	}
	if audit := b.audited(hand{}); len(audit.Problems)+len(audit.Warnings) > 0 {
		t.Fatalf("an untouched vault: %+v", audit)
	}
	var statement, reason consent.BlobHash
	for _, e := range b.log() {
		opened := must1(e.Open())
		switch opened.Type {
		case consent.ConsentDecided:
			statement = consent.BlobHash(between(string(opened.Body), `"kind":"statement","mime":"application/json","sha256":"`, `"`))
		case consent.ConsentWithdrawn:
			reason = consent.BlobHash(between(string(opened.Body), `"sha256":"`, `"`))
		}
	}
	blob := func(hash consent.BlobHash, keep bool) hand {
		return hand{blob: func(b capture.Blob) (capture.Blob, bool) {
			if b.Hash == hash {
				b.Data = append(bytes.Clone(b.Data), ' ')
				return b, keep
			}
			return b, true
		}}
	}
	form := consent.BlobHash(must1(must1(b.CurrentForm("default")).Hash()))
	forged := must1(evidence.SignStorageReceipt(newKey(t), evidence.StorageReceipt{SHA256: statement, Size: 3, StoredAt: b.now}))
	transfer := func(r *evidence.StorageReceipt) hand {
		return hand{transfers: func(t capture.Transfer) capture.Transfer {
			if t.Hash == statement {
				t.State, t.Receipt = capture.TransferReceived, r
			}
			return t
		}}
	}
	for name, c := range map[string]struct {
		by   hand
		want string
	}{
		"statement gone":    {blob(statement, false), fmt.Sprintf("the statement evidence of consent.decided %s is missing", signed.Record)},
		"statement changed": {blob(statement, true), fmt.Sprintf("the statement evidence of consent.decided %s was changed", signed.Record)},
		"statement rotten":  {hand{rotten: statement}, fmt.Sprintf("the statement evidence of consent.decided %s does not open: it was changed or damaged", signed.Record)},
		"reason gone":       {blob(reason, false), fmt.Sprintf("the statement evidence of consent.withdrawn %s is missing", withdrawn.Event)},
		"form changed":      {blob(form, true), fmt.Sprintf("the form %s was changed", form)},
		"receipt forged":    {transfer(&forged), fmt.Sprintf("the library's receipt for evidence %s does not verify", statement)},
		"no receipt":        {transfer(nil), fmt.Sprintf("evidence %s counts as received by the library, without its receipt", statement)},
	} {
		if got := b.audited(c.by).Problems; !slices.Equal(got, []string{c.want}) {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
		}
	}
}

// rewrite changes a setting of the vault past the use cases and opens it again.
func rewrite[T any](b *bench, name string, change func(*T)) {
	b.tb.Helper()
	err := b.vault.Update(b.ctx, func(tx capture.Tx) error {
		var value T
		if found, err := tx.Setting(name, &value); err != nil || !found {
			return fmt.Errorf("setting %s: %v, %w", name, found, err)
		}
		change(&value)
		return tx.PutSetting(name, value)
	})
	if err != nil {
		b.tb.Fatal(err)
	}
	b.reopen()
}

func TestAuditFindsAListOfDevicesThatTheLibraryDidNotSign(t *testing.T) {
	b := mustBench(t)
	_, tablet := b.enrolled()
	rewrite(b, "enrolment", func(e *capture.Enrolment) {
		e.Trust.Revoked = map[consent.DeviceID]time.Time{tablet.Device(): b.now}
	})
	if got, want := b.audited(hand{}).Problems, []string{"the library's list of devices does not verify: trust list: signature does not fit"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAuditFindsAReceiptOfAConsentThatIsNotInTheLog(t *testing.T) {
	b := mustBench(t)
	_, tablet := b.enrolled()
	p := b.person(capture.Registration{Name: "Ola Nordmann"})
	other := b.person(capture.Registration{Name: "Kari Nordmann"})
	signed := b.sign(p, "web:*")
	var head evidence.Head
	var names []string
	for _, body := range []consent.ReceiptBody{{Record: "nothing", SHA256: consent.BlobHash(strings.Repeat("0a", 32))},
		{Record: signed.Record, SHA256: consent.BlobHash(strings.Repeat("0a", 32))}, {Record: signed.Record, SHA256: "short"}} {
		subject := p.ID
		if len(names) == 1 {
			subject = other.ID
		}
		e, opened, next, err := evidence.Append(tablet, head, b.now, rand.Reader, evidence.Draft{Type: consent.ReceiptIssued, Subject: subject, Body: body})
		if err != nil {
			t.Fatal(err)
		}
		head = next
		names = append(names, string(opened.ID))
		if _, err := b.TakeIn(b.ctx, capture.Incoming{Events: []capture.StoredEvent{{SignedEvent: e, ReceivedAt: b.now}}}); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"tablet: " + names[0] + " was issued for the consent nothing, which is not in the log",
		"tablet: " + names[1] + " was issued to another person than the consent " + string(signed.Record) + " is of",
		"tablet: " + names[2] + " does not say which file was issued"}
	if got := b.audited(hand{}).Problems; !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func between(text, before, after string) string {
	_, rest, _ := strings.Cut(text, before)
	found, _, _ := strings.Cut(rest, after)
	return found
}

// putProfile stores a profile past the use cases, as somebody with the data key can.
func (b *bench) putProfile(p consent.Profile) {
	b.tb.Helper()
	if err := b.vault.Update(b.ctx, func(tx capture.Tx) error { return tx.PutProfile(p, false) }); err != nil {
		b.tb.Fatal(err)
	}
	b.reopen()
}

func TestAuditFindsAProfileThatItsEventsDoNotCommitTo(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Ola Nordmann"})
	first := p.Profile
	name := "Kari Nordmann"
	if _, err := b.Amend(b.ctx, p.ID, capture.Amendment{Name: &name}); err != nil {
		t.Fatal(err)
	}
	if audit := b.audited(hand{}); len(audit.Problems)+len(audit.Warnings) > 0 {
		t.Fatalf("an honest change: %+v", audit)
	}
	b.putProfile(first)
	if audit := b.audited(hand{}); len(audit.Problems) > 0 || len(audit.Warnings) != 1 || !strings.Contains(audit.Warnings[0], string(p.Code)) {
		t.Errorf("an older profile: %+v", audit)
	}
	first.Name = "Per Nordmann"
	b.putProfile(first)
	want := fmt.Sprintf("the profile of %s is not what its events commit to: it was changed", p.Code)
	if audit := b.audited(hand{}); !slices.Equal(audit.Problems, []string{want}) {
		t.Errorf("a changed profile: %q", audit.Problems)
	}
}

func TestAuditOfAnotherDevicesEventsNamesThatDevice(t *testing.T) {
	b := mustBench(t)
	_, tablet := b.enrolled()
	p := b.person(capture.Registration{Name: "Ola Nordmann"})
	var head evidence.Head
	var incoming []capture.StoredEvent
	for range 3 {
		e, _, next, err := evidence.Append(tablet, head, b.now, rand.Reader, evidence.Draft{Type: consent.SubjectAvoid, Subject: p.ID, Body: consent.AvoidBody{}})
		if err != nil {
			t.Fatal(err)
		}
		head = next
		incoming = append(incoming, capture.StoredEvent{SignedEvent: e, ReceivedAt: b.now})
	}
	if _, err := b.TakeIn(b.ctx, capture.Incoming{Events: incoming}); err != nil {
		t.Fatal(err)
	}
	audit := b.audited(hand{})
	if len(audit.Problems) > 0 || len(audit.Devices) != 2 || audit.Devices[0].Name != "laptop" || audit.Devices[1].Name != "tablet" || audit.Devices[1].Events != 3 {
		t.Fatalf("untouched: %+v", audit)
	}
	audit = b.audited(hand{events: func(l []capture.StoredEvent) []capture.StoredEvent {
		return slices.DeleteFunc(l, func(e capture.StoredEvent) bool { return e.Hash() == incoming[1].Hash() })
	}})
	want := "tablet: " + about(t, incoming[2]) + " comes after a gap: event 2 is missing"
	if !slices.Equal(audit.Problems, []string{want}) || !audit.Devices[0].OK || audit.Devices[1].OK {
		t.Errorf("got %+v, want %q", audit, want)
	}
}

func TestOriginalsAreReadAgainWhenAsked(t *testing.T) {
	b := mustBench(t)
	b.importCard(1, b.person(capture.Registration{Name: "Ola"}))
	images := len(b.Images(capture.ImageFilter{}))
	read, wrong, err := b.VerifyOriginals(b.ctx, nil)
	if err != nil || read != images || read == 0 || wrong != nil {
		t.Fatalf("untouched: %d of %d, %v, %v", read, images, wrong, err)
	}
	path := sealedFile(t, b.dir)
	raw := mustRead(t, path)
	raw[len(raw)-20] ^= 1
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, wrong, err = b.VerifyOriginals(b.ctx, nil); err != nil || len(wrong) != 1 || !strings.HasPrefix(wrong[0], "the original of image ") {
		t.Errorf("one bit changed: %q, %v", wrong, err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if audit := b.audited(hand{}); len(audit.Problems) != 1 || !strings.HasSuffix(audit.Problems[0], " is missing") {
		t.Errorf("removed: %q", audit.Problems)
	}
}

// sealedFile is one of the originals as it lies on the disk.
func sealedFile(tb testing.TB, dir string) string {
	tb.Helper()
	found := sealedFiles(tb, dir)
	if len(found) == 0 {
		tb.Fatal("no sealed original")
	}
	return found[0]
}

func TestProfileThatWasSettledOnIsWhatItsEventsCommitTo(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Ola Nordmann"})
	theirs := p.Profile
	theirs.Revision, theirs.Phone = 2, "+4791234567"
	settled, err := b.ProfileConflict(b.ctx, theirs)
	if err != nil || settled.Phone != theirs.Phone || settled.Revision != 3 {
		t.Fatalf("settled on %+v: %v", settled, err)
	}
	if audit := b.audited(hand{}); len(audit.Problems)+len(audit.Warnings) > 0 {
		t.Errorf("after settling: %+v", audit)
	}
}
