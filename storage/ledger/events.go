package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/library"
)

func toMillis(t time.Time) int64    { return t.UnixMilli() }
func fromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
func maybeMillis(t time.Time) any   { return ifSet(!t.IsZero(), t.UnixMilli()) }
func fromMaybe(ms *int64) (t time.Time) {
	if ms != nil {
		t = fromMillis(*ms)
	}
	return t
}

// ifSet is the value, or SQL's NULL.
func ifSet[T any](set bool, value T) any {
	if set {
		return value
	}
	return nil
}

const eventColumns = "server_seq, id, device, seq, received_at, envelope, signature"

func scanEvent(row scanner) (e library.LoggedEvent, err error) {
	var received int64
	var envelope []byte
	err = row.Scan(&e.ServerSeq, &e.ID, &e.Device, &e.Seq, &received, &envelope, &e.Signed.Signature)
	e.ReceivedAt, e.Signed.Envelope = fromMillis(received), envelope
	return e, err
}

// Event implements library.Reader.
func (t *tx) Event(id consent.EventID) (library.LoggedEvent, bool, error) {
	found, err := list(t, scanEvent, "SELECT "+eventColumns+" FROM events WHERE id = ?", id)
	if err != nil || len(found) == 0 {
		return library.LoggedEvent{}, false, err
	}
	return found[0], true, nil
}

// Events implements library.Reader.
func (t *tx) Events(after uint64, limit int) ([]library.LoggedEvent, error) {
	return list(t, scanEvent, "SELECT "+eventColumns+" FROM events WHERE server_seq > ? ORDER BY server_seq LIMIT ?", int64(after), limit)
}

// AppendEvent implements library.Tx.
func (t *tx) AppendEvent(e library.LoggedEvent, firstHash int64, hashes []tlog.Hash) error {
	if err := t.exec("INSERT INTO events ("+eventColumns+") VALUES (?, ?, ?, ?, ?, ?, ?)",
		int64(e.ServerSeq), e.ID, e.Device, int64(e.Seq), toMillis(e.ReceivedAt), []byte(e.Signed.Envelope), e.Signed.Signature); err != nil {
		return err
	}
	for i, hash := range hashes {
		if err := t.exec("INSERT INTO tree_hashes (position, hash) VALUES (?, ?)", firstHash+int64(i), hash[:]); err != nil {
			return err
		}
	}
	return t.addChange(e.ReceivedAt, int64(e.ServerSeq), nil)
}

// addChange puts a line at the end of the change feed.
func (t *tx) addChange(at time.Time, serverSeq, subject any) error {
	return t.exec("INSERT INTO changes (received_at, server_seq, subject) VALUES (?, ?, ?)", toMillis(at), serverSeq, subject)
}

// LogSize implements library.Reader.
func (t *tx) LogSize() (size uint64, err error) {
	_, err = t.one([]any{&size}, "SELECT coalesce(max(server_seq), 0) FROM events")
	return size, err
}

// ReadHashes implements library.Reader.
func (t *tx) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		var raw []byte
		found, err := t.one([]any{&raw}, "SELECT hash FROM tree_hashes WHERE position = ?", at)
		if err != nil {
			return nil, err
		}
		if !found || len(raw) != tlog.HashSize {
			return nil, fmt.Errorf("hash %d of the log is missing", at)
		}
		hashes[i] = tlog.Hash(raw)
	}
	return hashes, nil
}

// Quarantine implements library.Reader.
func (t *tx) Quarantine() ([]library.QuarantinedEvent, error) {
	return list(t, func(row scanner) (q library.QuarantinedEvent, err error) {
		var received int64
		var envelope []byte
		err = row.Scan(&q.ID, &q.Device, &q.Seq, &received, &q.Reason, &envelope, &q.Signed.Signature)
		q.ReceivedAt, q.Signed.Envelope = fromMillis(received), envelope
		return q, err
	}, "SELECT id, device, seq, received_at, reason, envelope, signature FROM quarantine WHERE released_at IS NULL ORDER BY received_at, device, seq")
}

// PutQuarantine implements library.Tx.
func (t *tx) PutQuarantine(q library.QuarantinedEvent) (bool, error) {
	n, err := t.execCount(`INSERT INTO quarantine (fingerprint, id, device, seq, received_at, reason, envelope, signature)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (fingerprint) DO NOTHING`,
		q.Signed.Hash(), q.ID, q.Device, int64(q.Seq), toMillis(q.ReceivedAt), q.Reason, []byte(q.Signed.Envelope), q.Signed.Signature)
	return n > 0, err
}

// ReleaseQuarantine implements library.Tx.
func (t *tx) ReleaseQuarantine(e evidence.SignedEvent, at time.Time) error {
	sum := sha256.Sum256(e.Envelope)
	return t.exec("UPDATE quarantine SET released_at = ? WHERE fingerprint = ?", toMillis(at), hex.EncodeToString(sum[:]))
}

// Changes implements library.Reader.
func (t *tx) Changes(after uint64, limit int) ([]library.Change, error) {
	type line struct {
		change  library.Change
		subject *string
	}
	lines, err := list(t, func(row scanner) (l line, err error) {
		var received int64
		var envelope, signature []byte
		err = row.Scan(&l.change.Seq, &received, &l.subject, &envelope, &signature)
		l.change.ReceivedAt = fromMillis(received)
		if l.subject == nil {
			l.change.Event = &evidence.SignedEvent{Envelope: envelope, Signature: signature}
		}
		return l, err
	}, `SELECT c.seq, c.received_at, c.subject, e.envelope, e.signature FROM changes c LEFT JOIN events e ON e.server_seq = c.server_seq
		WHERE c.seq > ? ORDER BY c.seq LIMIT ?`, int64(after), limit)
	if err != nil {
		return nil, err
	}
	changes := make([]library.Change, len(lines))
	for i, l := range lines {
		changes[i] = l.change
		if l.subject == nil {
			continue
		}
		profile, found, err := t.Profile(consent.SubjectID(*l.subject))
		if err != nil || !found {
			return nil, fmt.Errorf("profile of the change feed: found %t: %w", found, err)
		}
		changes[i].Profile = &profile
	}
	return changes, nil
}
