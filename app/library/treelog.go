package library

import (
	"encoding/json"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// Checkpoint is the library's signed word on its whole log: so many events, and this root over all of them (RFC 6962). Whoever
// keeps one can tell later whether anything before it was changed or taken away.
type Checkpoint struct {
	Size      uint64    `json:"size"` // events
	Root      []byte    `json:"root"` // SHA-256 Merkle tree head
	Time      time.Time `json:"time"`
	Signature []byte    `json:"sig,omitempty"` // by the library over the rest (evidence.DomainCheckpoint)
}

// Verify checks the library's signature.
func (c Checkpoint) Verify(library evidence.PublicKey) error {
	sig := c.Signature
	c.Signature = nil
	if err := library.Verify(evidence.DomainCheckpoint, c, sig); err != nil {
		return fmt.Errorf("checkpoint of %d events: %w", c.Size, err)
	}
	return nil
}

// InclusionProof shows that an event stands in the log that a checkpoint signs.
type InclusionProof struct {
	Index      uint64     `json:"index"` // from 0: server_seq less one
	Leaf       []byte     `json:"leaf"`  // SHA-256(0x00 || canonical envelope)
	Path       [][]byte   `json:"path"`  // sibling hashes, from the leaf up
	Checkpoint Checkpoint `json:"checkpoint"`
}

// Verify checks that this envelope is the leaf, that the path leads from it to the root, and that the library signed the root.
func (p InclusionProof) Verify(library evidence.PublicKey, envelope []byte) error {
	if err := p.Checkpoint.Verify(library); err != nil {
		return err
	}
	if len(p.Checkpoint.Root) != tlog.HashSize {
		return fmt.Errorf("checkpoint root has %d bytes", len(p.Checkpoint.Root))
	}
	path := make(tlog.RecordProof, len(p.Path))
	for i, h := range p.Path {
		if len(h) != tlog.HashSize {
			return fmt.Errorf("hash %d of the proof has %d bytes", i, len(h))
		}
		path[i] = tlog.Hash(h)
	}
	return tlog.CheckRecord(path, int64(p.Checkpoint.Size), tlog.Hash(p.Checkpoint.Root), int64(p.Index), tlog.RecordHash(envelope))
}

// treeLog appends leaves inside a transaction. It remembers the hashes that it wrote, since the next leaf needs them.
type treeLog struct {
	tx    Tx
	size  uint64
	fresh map[int64]tlog.Hash
}

func openTreeLog(tx Tx) (*treeLog, error) {
	size, err := tx.LogSize()
	return &treeLog{tx: tx, size: size, fresh: map[int64]tlog.Hash{}}, err
}

// ReadHashes answers from what was just written, and asks the ledger for the rest.
func (l *treeLog) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	var missing []int64
	for _, at := range indexes {
		if _, ok := l.fresh[at]; !ok {
			missing = append(missing, at)
		}
	}
	if len(missing) > 0 {
		found, err := l.tx.ReadHashes(missing)
		if err != nil {
			return nil, err
		}
		for i, at := range missing {
			l.fresh[at] = found[i]
		}
	}
	for i, at := range indexes {
		hashes[i] = l.fresh[at]
	}
	return hashes, nil
}

// add appends an event as the next leaf and writes both in the ledger.
func (l *treeLog) add(e LoggedEvent) (LoggedEvent, error) {
	hashes, err := tlog.StoredHashes(int64(l.size), e.Signed.Envelope, l)
	if err != nil {
		return e, fmt.Errorf("hash leaf: %w", err)
	}
	first := tlog.StoredHashIndex(0, int64(l.size))
	for i, h := range hashes {
		l.fresh[first+int64(i)] = h
	}
	l.size++
	e.ServerSeq = l.size
	return e, l.tx.AppendEvent(e, first, hashes)
}

const settingCheckpoint = "checkpoint"

// sign writes the checkpoint of the log as it stands, so that a log cut short shows even before anybody asked for one.
func (l *treeLog) sign(key evidence.Key, at time.Time) error {
	root, err := tlog.TreeHash(int64(l.size), l)
	if err != nil {
		return fmt.Errorf("hash log: %w", err)
	}
	c := Checkpoint{Size: l.size, Root: root[:], Time: at}
	if c.Signature, err = key.Sign(evidence.DomainCheckpoint, c); err != nil {
		return fmt.Errorf("sign checkpoint: %w", err)
	}
	raw, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return l.tx.SetSetting(settingCheckpoint, raw)
}

func readCheckpoint(r Reader) (c Checkpoint, found bool, err error) {
	raw, err := r.Setting(settingCheckpoint)
	if err != nil || raw == nil {
		return c, false, err
	}
	if err := json.Unmarshal(raw, &c); err != nil {
		return c, false, fmt.Errorf("read checkpoint: %w", err)
	}
	return c, true, nil
}

// ErrEventUnknown is returned for an event that is not in the log.
var ErrEventUnknown = problem.New(problem.NotFound, "event-unknown",
	"The library's log has no event {{.event}}; nothing was changed; send the event first, then ask for its proof.")

// reader is what tlog wants of a Reader.
type hashes struct{ Reader }

// Prove shows that an event stands in the log, or returns ErrEventUnknown.
func Prove(r Reader, id consent.EventID) (InclusionProof, error) {
	e, ok, err := r.Event(id)
	if err != nil {
		return InclusionProof{}, err
	}
	if !ok {
		return InclusionProof{}, problem.New(ErrEventUnknown.Kind, ErrEventUnknown.ID, ErrEventUnknown.Sentence, "event", id)
	}
	c, ok, err := readCheckpoint(r)
	if err != nil || !ok {
		return InclusionProof{}, fmt.Errorf("no checkpoint of the log: %w", err)
	}
	path, err := tlog.ProveRecord(int64(c.Size), int64(e.ServerSeq-1), hashes{r})
	if err != nil {
		return InclusionProof{}, fmt.Errorf("prove event: %w", err)
	}
	leaf := tlog.RecordHash(e.Signed.Envelope)
	proof := InclusionProof{Index: e.ServerSeq - 1, Leaf: leaf[:], Path: make([][]byte, len(path)), Checkpoint: c}
	for i := range path {
		proof.Path[i] = path[i][:]
	}
	return proof, nil
}
