package evidence_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"samtykke/app/evidence"
)

// What a known device may sign all the same must not be understood in one way here and in another elsewhere, nor name files.
func TestAmbiguousEnvelopesAreRefused(t *testing.T) {
	key := fixedKey(t)
	const id = "0192f3a0-0000-7000-8000-000000000001"
	envelope := func(more map[string]any) map[string]any {
		e := map[string]any{"v": 1, "id": id, "type": "subject.avoid", "device": key.Device(), "seq": 1, "prev": "", "at": "2026-11-22T11:00:00Z", "tz": "+01:00",
			"body": map[string]any{"avoid": true}}
		for name, value := range more {
			e[name] = value
		}
		return e
	}
	sign := func(canonical []byte) evidence.SignedEvent {
		return evidence.SignedEvent{Envelope: canonical, Signature: evidence.SignRaw(key, append([]byte(evidence.DomainEvent), canonical...))}
	}
	canonical := func(e map[string]any) []byte {
		raw, err := evidence.Canonical(e)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	if err := sign(canonical(envelope(map[string]any{"subject": "s-1", "tomorrow": 1}))).Verify(key.Public()); err != nil {
		t.Fatalf("an honest one with a member of tomorrow: %v", err)
	}
	for what, raw := range map[string][]byte{
		"another case":        canonical(envelope(map[string]any{"Subject": "s-2"})),
		"both cases":          canonical(envelope(map[string]any{"subject": "s-1", "SUBJECT": "s-2"})),
		"a letter that folds": canonical(envelope(map[string]any{"subject": "s-1", "\u017fubject": "s-2"})),
		"a path as the asset": canonical(envelope(map[string]any{"asset": "../../etc/passwd"})),
		"a path as the id":    canonical(envelope(map[string]any{"id": `..\x`})),
		"a long shoot":        canonical(envelope(map[string]any{"shoot": strings.Repeat("a", 65)})),
	} {
		if err := sign(raw).Verify(key.Public()); !errors.Is(err, evidence.ErrAmbiguous) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for what, raw := range map[string][]byte{
		"bytes that are no text":     []byte(strings.Replace(string(canonical(envelope(map[string]any{"tomorrow": "@"}))), "@", "\xff", 1)),
		"a member that stands twice": []byte(strings.Replace(string(canonical(envelope(map[string]any{"subject": "s-1"}))), `"subject":"s-1"`, `"subject":"s-1","subject":"s-2"`, 1)),
	} {
		if sign(raw).Verify(key.Public()) == nil {
			t.Errorf("%s verifies", what)
		}
	}
	bomb := evidence.SignedEvent{Envelope: json.RawMessage(`{"v":1,"body":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}`)}
	if _, err := bomb.Open(); err == nil {
		t.Error("nesting of 20,000 is read")
	}
}
