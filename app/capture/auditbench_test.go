package capture_test

import (
	"crypto/rand"
	"fmt"
	"os"
	"strconv"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
)

// BenchmarkAudit verifies a log of 20,000 events of two devices, or of as many as SAMTYKKE_AUDIT_EVENTS says.
func BenchmarkAudit(b *testing.B) {
	n := 20_000
	if text := os.Getenv("SAMTYKKE_AUDIT_EVENTS"); text != "" {
		n, _ = strconv.Atoi(text)
	}
	s := mustBench(b)
	library, tablet := s.enrolled()
	heads := map[consent.DeviceID]evidence.Head{}
	for from := 0; from < n; from += 10_000 {
		s.fill(heads, []evidence.Key{library, tablet}, min(10_000, n-from))
	}
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		audit, err := s.Audit(s.ctx)
		if err != nil || len(audit.Problems) > 0 {
			b.Fatalf("%v, %q", err, audit.Problems)
		}
		b.ReportMetric(float64(audit.Events), "events")
	}
}

// fill appends events of other devices as a sync does, in one transaction.
func (b *bench) fill(heads map[consent.DeviceID]evidence.Head, keys []evidence.Key, n int) {
	b.tb.Helper()
	err := b.vault.Update(b.ctx, func(tx capture.Tx) error {
		for i := range n {
			key := keys[i%len(keys)]
			e, _, head, err := evidence.Append(key, heads[key.Device()], b.now, rand.Reader, evidence.Draft{Type: consent.AssetPeople,
				Asset: consent.AssetID(fmt.Sprintf("%064d", i)), Body: consent.PeopleBody{Count: i}})
			if err != nil {
				return err
			}
			heads[key.Device()] = head
			if err := tx.AppendEvent(capture.StoredEvent{SignedEvent: e, ServerSeq: 1}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.tb.Fatal(err)
	}
}
