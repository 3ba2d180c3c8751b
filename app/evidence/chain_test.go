package evidence_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"samtykke/app/consent"
	"samtykke/app/evidence"
)

// audit follows every chain of a log and says what is wrong, one line for each device. Heads are what each device last signed.
func audit(signers evidence.Signers, heads map[consent.DeviceID]evidence.Head, log []evidence.SignedEvent) []string {
	chains := map[consent.DeviceID][]evidence.Link{}
	for _, e := range log {
		l := signers.Inspect(e)
		chains[l.Device] = append(chains[l.Device], l)
	}
	var wrong []string
	for device, links := range chains {
		chain := evidence.FollowChain(links)
		switch {
		case chain.Fault != nil:
			wrong = append(wrong, fmt.Sprintf("event %d %s", chain.Fault.Seq, chain.Fault.What))
		case chain.Head != heads[device]:
			wrong = append(wrong, "ends early")
		}
	}
	for device := range heads {
		if chains[device] == nil {
			wrong = append(wrong, "is gone")
		}
	}
	return wrong
}

func headOf(events []evidence.SignedEvent) evidence.Head {
	return evidence.Head{Seq: uint64(len(events)), Hash: events[len(events)-1].Hash()}
}

// Design §3.10: whatever single event is changed, removed, doubled, swapped or slipped in, in whatever mixture of devices, it shows.
func TestEverySingleTamperingWithALogOfSeveralDevicesShows(t *testing.T) {
	signers, heads := evidence.Signers{}, map[consent.DeviceID]evidence.Head{}
	var chains [][]evidence.SignedEvent
	for n := range 3 {
		key, err := evidence.KeyFromSeed(bytes.Repeat([]byte{byte(n + 1)}, 32))
		if err != nil {
			t.Fatal(err)
		}
		events := chain(t, key, 6)
		signers[key.Device()], heads[key.Device()] = key.Public(), headOf(events)
		chains = append(chains, events)
	}
	stranger := chain(t, chainKey(t), 3)
	rapid.Check(t, func(rt *rapid.T) {
		// Devices arrive in any interleaving; each in its own order.
		var log []evidence.SignedEvent
		var owner []int
		taken := make([]int, len(chains))
		for len(log) < 18 {
			d := rapid.IntRange(0, 2).Draw(rt, "device")
			if taken[d] == len(chains[d]) {
				continue
			}
			log, owner = append(log, chains[d][taken[d]]), append(owner, d)
			taken[d]++
		}
		if wrong := audit(signers, heads, log); wrong != nil {
			rt.Fatalf("an untouched log: %v", wrong)
		}
		at := rapid.IntRange(0, len(log)-1).Draw(rt, "at")
		switch rapid.SampledFrom([]string{"change", "signature", "remove", "double", "swap", "stranger", "another's"}).Draw(rt, "how") {
		case "change":
			raw := bytes.Clone(log[at].Envelope)
			raw[rapid.IntRange(0, len(raw)-1).Draw(rt, "byte")] ^= byte(1 << rapid.IntRange(0, 7).Draw(rt, "bit"))
			log[at].Envelope = raw
		case "signature":
			sig := bytes.Clone(log[at].Signature)
			sig[rapid.IntRange(0, len(sig)-1).Draw(rt, "byte")] ^= byte(1 << rapid.IntRange(0, 7).Draw(rt, "bit"))
			log[at].Signature = sig
		case "remove":
			log = append(log[:at:at], log[at+1:]...)
		case "double":
			to := rapid.IntRange(0, len(log)).Draw(rt, "to")
			log = append(log[:to:to], append([]evidence.SignedEvent{log[at]}, log[to:]...)...)
		case "swap":
			var others []int
			for i := range log {
				if i != at && owner[i] == owner[at] {
					others = append(others, i)
				}
			}
			with := rapid.SampledFrom(others).Draw(rt, "with")
			log[at], log[with] = log[with], log[at]
		case "stranger":
			log[at] = stranger[rapid.IntRange(0, 2).Draw(rt, "which")]
		case "another's": // a device signs under another's name
			other, err := evidence.KeyFromSeed(bytes.Repeat([]byte{byte((owner[at]+1)%3 + 1)}, 32))
			if err != nil {
				rt.Fatal(err)
			}
			log[at] = forge(rt, other, log[at], func(e *consent.Envelope) { e.TZ = "+02:00" })
		}
		if wrong := audit(signers, heads, log); len(wrong) == 0 {
			rt.Fatal("the tampering does not show")
		}
	})
}

// forge signs a changed envelope with any key, leaving in it whose it claims to be.
func forge(tb rapid.TB, key evidence.Key, signed evidence.SignedEvent, change func(*consent.Envelope)) evidence.SignedEvent {
	e, err := signed.Open()
	if err != nil {
		tb.Fatal(err)
	}
	change(&e)
	raw, err := evidence.Canonical(e)
	if err != nil {
		tb.Fatal(err)
	}
	private := ed25519.NewKeyFromSeed(key.Seed())
	return evidence.SignedEvent{Envelope: raw, Signature: ed25519.Sign(private, append([]byte(evidence.DomainEvent), raw...))}
}

// The audit says what happened to the first bad event, and names that one.
func TestEveryKindOfTamperingIsNamed(t *testing.T) {
	key, other := fixedKey(t), chainKey(t)
	signers := evidence.Signers{key.Device(): key.Public(), other.Device(): other.Public()}
	whole := chain(t, key, 6)
	resigned := func(at int, change func(*consent.Envelope)) evidence.SignedEvent {
		return forge(t, key, whole[at], change)
	}
	at := func(i int, e evidence.SignedEvent) []evidence.SignedEvent {
		log := append([]evidence.SignedEvent{}, whole...)
		log[i] = e
		return log
	}
	changed := evidence.SignedEvent{Envelope: bytes.Replace(whole[2].Envelope, []byte(`"count":2`), []byte(`"count":9`), 1), Signature: whole[2].Signature}
	spaced := evidence.SignedEvent{Envelope: append(bytes.Clone(whole[2].Envelope), ' '), Signature: whole[2].Signature}
	for name, c := range map[string]struct {
		log  []evidence.SignedEvent
		want string
	}{
		"changed":       {at(2, changed), "event 3 was changed after it was signed"},
		"not canonical": {at(2, spaced), "event 3 is not in canonical JSON"},
		"another's":     {at(2, forge(t, other, whole[2], func(*consent.Envelope) {})), "event 3 was signed by another device"},
		"one removed":   {append(append([]evidence.SignedEvent{}, whole[:2]...), whole[3:]...), "event 4 comes after a gap: event 3 is missing"},
		"two removed":   {append(append([]evidence.SignedEvent{}, whole[:2]...), whole[4:]...), "event 5 comes after a gap: events 3 to 4 are missing"},
		"swapped":       {[]evidence.SignedEvent{whole[0], whole[1], whole[3], whole[2], whole[4], whole[5]}, "event 4 stands before event 3: events were swapped"},
		"doubled":       {[]evidence.SignedEvent{whole[0], whole[1], whole[1], whole[2], whole[3], whole[4], whole[5]}, "event 2 stands in the log twice"},
		"slipped in":    {[]evidence.SignedEvent{whole[0], whole[1], changed, whole[2], whole[3], whole[4], whole[5]}, "event 3 was slipped in: this device did not sign it"},
		"two chains": {append(append([]evidence.SignedEvent{}, whole[:3]...), resigned(2, func(e *consent.Envelope) { e.TZ = "+02:00" })),
			"event 3 has the number of another (" + string(signers.Inspect(whole[2]).ID) + "): the device signed two chains"},
		"replaced": {at(2, resigned(2, func(e *consent.Envelope) { e.TZ = "+02:00" })),
			"event 4 does not follow from event 3: one of the two is not the one that was signed here first"},
		"a number skipped": {append(append([]evidence.SignedEvent{}, whole...), forge(t, key, whole[5], func(e *consent.Envelope) {
			e.Seq, e.Prev = 9, whole[5].Hash()
		})), "event 9 comes after a gap: events 7 to 8 are missing"},
		"the last removed": {whole[:5], "ends early"},
	} {
		wrong := audit(signers, map[consent.DeviceID]evidence.Head{key.Device(): headOf(whole)}, c.log)
		if got := strings.Join(wrong, "; "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestClockThatGoesBackIsToldAndNoFault(t *testing.T) {
	key := fixedKey(t)
	var head evidence.Head
	var links []evidence.Link
	for _, hours := range []int{0, 1, -22, -50, -49} {
		e, _, next, err := evidence.Append(key, head, noon.Add(time.Duration(hours)*time.Hour), rand.Reader, evidence.Draft{Type: consent.AssetRemoved, Asset: "a"})
		if err != nil {
			t.Fatal(err)
		}
		head = next
		links = append(links, evidence.Signers{key.Device(): key.Public()}.Inspect(e))
	}
	found := evidence.FollowChain(links)
	if found.Fault != nil || len(found.Backwards) != 1 || found.Backwards[0].Seq != 4 {
		t.Errorf("found %+v", found)
	}
}

func BenchmarkInspect(b *testing.B) {
	key := fixedKey(b)
	e := chain(b, key, 1)[0]
	signers := evidence.Signers{key.Device(): key.Public()}
	b.ReportAllocs()
	for b.Loop() {
		if signers.Inspect(e).Wrong != nil {
			b.Fatal("a sound event is wrong")
		}
	}
}
