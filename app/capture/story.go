package capture

import (
	"context"
	"slices"
	"time"

	"samtykke/app/consent"
)

// Trace is something that was done with a person's data and that History and Corrections do not tell.
type Trace struct {
	At     time.Time
	Kind   TraceKind
	Assets []consent.AssetID // that it is about
	// Channel is where copies left for, of TraceDelivered.
	Channel consent.Channel
}

// TraceKind is what was done.
type TraceKind string

// What leaves a trace.
const (
	TraceReceipt   TraceKind = "receipt"   // a receipt was written
	TraceLinked    TraceKind = "linked"    // the person was linked to pictures
	TraceUnlinked  TraceKind = "unlinked"  // the person was taken off pictures
	TraceApproved  TraceKind = "approved"  // the person said yes to a very picture
	TraceRejected  TraceKind = "rejected"  // the person said no to a very picture
	TraceDelivered TraceKind = "delivered" // copies left for use on the person's consent
	TraceAccess    TraceKind = "access"    // all that is registered was handed out (GDPR art. 15)
)

// traceKinds are the events that leave a trace with the person they name.
var traceKinds = map[consent.EventType]TraceKind{consent.ReceiptIssued: TraceReceipt, consent.AssetAppearance: TraceLinked,
	consent.AssetAppearanceRemoved: TraceUnlinked, consent.AssetApproved: TraceApproved, consent.AssetRejected: TraceRejected}

// tracesTogether is how close acts of one kind are told as one: somebody links two hundred pictures in one afternoon.
const tracesTogether = time.Hour

// Traces reads what else was done with a person's data, under all registrations that were merged into one, oldest first. It walks
// the log, which takes about a second for 400,000 events.
func (s *Session) Traces(ctx context.Context, id consent.SubjectID) ([]Trace, error) {
	s.mu.RLock()
	ids := s.state.Registrations(id)
	var all []Trace
	for _, d := range s.deliveredTo(Withdrawal{Subject: ids[0]}) {
		all = append(all, Trace{At: d.At, Kind: TraceDelivered, Assets: []consent.AssetID{d.Asset}, Channel: d.Channel})
	}
	s.mu.RUnlock()
	err := s.Store.View(ctx, func(tx Tx) error {
		for _, each := range ids {
			var handedOut []time.Time
			if _, err := tx.Setting(accessSetting(each), &handedOut); err != nil {
				return err
			}
			for _, at := range handedOut {
				all = append(all, Trace{At: at, Kind: TraceAccess})
			}
		}
		return tx.EachEvent(func(stored StoredEvent) error {
			if err := ctx.Err(); err != nil || !stored.counts() {
				return err
			}
			e, err := stored.Open()
			kind, told := traceKinds[e.Type]
			if err != nil || !told || !slices.Contains(ids, e.Subject) {
				return nil //nolint:nilerr // what cannot be read is nobody's; the audit tells of it
			}
			t := Trace{At: e.At, Kind: kind}
			if e.Asset != "" {
				t.Assets = []consent.AssetID{e.Asset}
			}
			all = append(all, t)
			return nil
		})
	})
	slices.SortStableFunc(all, func(a, b Trace) int { return a.At.Compare(b.At) })
	return gather(all), err
}

// gather puts what was done in one go together.
func gather(all []Trace) []Trace {
	var told []Trace
	for _, t := range all {
		at := len(told) - 1
		for ; at >= 0 && t.At.Sub(told[at].At) <= tracesTogether; at-- {
			if told[at].Kind == t.Kind && told[at].Channel == t.Channel && t.Kind != TraceReceipt {
				break
			}
		}
		if at < 0 || t.At.Sub(told[at].At) > tracesTogether || t.Assets == nil {
			told = append(told, t)
			continue
		}
		for _, asset := range t.Assets {
			if !slices.Contains(told[at].Assets, asset) {
				told[at].Assets = append(told[at].Assets, asset)
			}
		}
	}
	return told
}

// StatementOf reads the sealed account of a signed act; false when it is on another device, or was erased.
func (s *Session) StatementOf(ctx context.Context, record consent.DecidedBody) (statement Statement, here bool, err error) {
	at := slices.IndexFunc(record.Evidence, func(ref consent.EvidenceRef) bool { return ref.Kind == consent.EvidenceStatement })
	if at < 0 {
		return statement, false, nil
	}
	err = s.Store.View(ctx, func(tx Tx) error {
		statement, here, err = readDetails[Statement](tx, record.Evidence[at].SHA256)
		return err
	})
	return statement, here, err
}
