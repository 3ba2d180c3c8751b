package vault

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"strings"

	"samtykke/app/capture"
	"samtykke/app/problem"
	"samtykke/storage/sealing"
)

// Repaired is what a repair did.
type Repaired struct {
	Mended     int      // values that were put back from a copy, or made again
	Lost       []string // in words, what was set aside since no copy of it opens
	LostEvents int      // events among them
	Kept       string   // name of the damaged database beside the vault's; "" when nothing was wrong
}

// settingSetAside remembers which values a repair has set aside, so that a later one can bring them back from a backup.
const settingSetAside = "vault/set_aside"

// setAside is a place whose value was set aside.
type setAside struct {
	Bucket string `json:"bucket"`
	Key    []byte `json:"key"`
}

// Repair puts values that do not open back from the snapshot, or from a backup of this vault when one is given; what neither has is
// set aside, so that everything else can be used. The database is kept beside as it was. All of it happens in one transaction. What an
// earlier repair has set aside is brought back when the backup has it. Problems: backup-of-another-vault, disk-full.
func (v *Vault) Repair(ctx context.Context, from *Backup) (Repaired, error) {
	var done Repaired
	if from != nil && from.vault.header.ID != v.header.ID {
		return done, problem.New(problem.Invalid, "backup-of-another-vault",
			"The backup is of another vault, so its values do not open in this one; nothing was changed; name a backup of this vault, or take it in with \"backup merge\".")
	}
	var aside []setAside
	damage := false
	err := v.View(ctx, func(in capture.Tx) error {
		seen, err := readValues(in)
		if err != nil {
			return err
		}
		damage = len(seen.faults) > 0
		if _, err := in.Setting(settingSetAside, &aside); err != nil && problem.KindOf(err) != problem.Damaged {
			return err
		}
		return nil
	})
	if err != nil {
		return done, err
	}
	if damage {
		done.Kept = v.damagedName()
		if err := v.using(ctx, func() error { return v.db.copyTo(v.path(done.Kept)) }); err != nil {
			return done, err
		}
	}
	copies, release := v.copiesToMendFrom(from)
	defer release()
	err = v.Update(ctx, func(in capture.Tx) error {
		m := &mending{tx: in.(*tx), copies: copies}
		if err := m.run(aside); err != nil {
			return err
		}
		done.Mended, done.Lost, done.LostEvents = m.mended, m.lost, m.lostEvents
		return nil
	})
	if err == nil {
		v.suspect.Store(false)
	}
	return done, err
}

// copiesToMendFrom opens what may have a value whole: the snapshot, which is the newer one, then the backup.
func (v *Vault) copiesToMendFrom(from *Backup) (copies []*database, release func()) {
	release = func() {}
	if d, err := v.openToRead(v.path(snapshotFile)); err == nil { // a snapshot that does not open is as good as none
		copies = append(copies, d)
		release = func() { _ = d.close() }
	}
	if from != nil {
		copies = append(copies, from.vault.db)
	}
	return copies, release
}

// mending is a repair under way.
type mending struct {
	tx         *tx
	copies     []*database
	mended     int
	lost       []string
	lostEvents int
	aside      []setAside
	ids        map[string]string // arrival → id; nil until it is needed
}

func (m *mending) run(before []setAside) error {
	for _, place := range before {
		if err := m.bringBack(place); err != nil {
			return err
		}
	}
	seen, err := readValues(m.tx)
	if err != nil {
		return err
	}
	// Subjects' keys first: with one of them everything that it seals opens again.
	slices.SortStableFunc(seen.faults, func(a, b fault) int { return rankOf(a) - rankOf(b) })
	for _, f := range seen.faults {
		if err := m.mend(f, seen); err != nil {
			return err
		}
	}
	if len(seen.faults) > 0 || len(before) > 0 {
		if err := m.remakeIndexes(); err != nil {
			return err
		}
	}
	if len(m.aside) == 0 && len(before) == 0 {
		return nil
	}
	return m.tx.PutSetting(settingSetAside, m.aside)
}

func rankOf(f fault) int {
	if bytes.Equal(f.bucket, bucketSubjects) && len(f.key) == hiddenSize+1 && f.key[hiddenSize] == partKey {
		return 0
	}
	return 1
}

// bringBack fills a place that an earlier repair has emptied, unless it has been filled since.
func (m *mending) bringBack(place setAside) error {
	f := fault{[]byte(place.Bucket), place.Key}
	if !slices.ContainsFunc(allBuckets, func(b []byte) bool { return bytes.Equal(b, f.bucket) }) || m.tx.bolt.Bucket(f.bucket).Get(f.key) != nil {
		return nil
	}
	found, err := m.fromCopies(f)
	if err == nil && !found {
		m.aside = append(m.aside, place)
	}
	return err
}

// mend puts one value back, or sets it aside.
func (m *mending) mend(f fault, seen *reading) error {
	sealed := m.tx.bolt.Bucket(f.bucket).Get(f.key)
	if sealed == nil || m.tx.opens(f.bucket, f.key, sealed) == nil {
		return nil // opens now that the subject's key does
	}
	if found, err := m.fromCopies(f); err != nil || found {
		return err
	}
	if made, err := m.makeAgain(f); err != nil || made {
		return err
	}
	if err := m.tx.delete(f.bucket, f.key); err != nil {
		return err
	}
	if isIndex(f.bucket) {
		m.mended++
		return nil // remakeIndexes does it
	}
	if bytes.Equal(f.bucket, bucketEvents) {
		m.lostEvents++
	}
	m.aside = append(m.aside, setAside{Bucket: string(f.bucket), Key: f.key})
	if sentence := seen.say(f); !slices.Contains(m.lost, sentence) {
		m.lost = append(m.lost, sentence)
	}
	return nil
}

func isIndex(bucket []byte) bool {
	return bytes.Equal(bucket, bucketEventIDs) || bytes.Equal(bucket, bucketEventsWaiting)
}

// fromCopies takes over the value of a copy that opens here in the same place.
func (m *mending) fromCopies(f fault) (bool, error) {
	for _, d := range m.copies {
		var found []byte
		err := guarded(d.name, func() error {
			t, err := d.Begin(false)
			if err != nil {
				return err
			}
			defer func() { _ = t.Rollback() }()
			if b := t.Bucket(f.bucket); b != nil {
				found = bytes.Clone(b.Get(f.key))
			}
			return nil
		})
		if err != nil || found == nil || m.tx.opens(f.bucket, f.key, found) != nil || !m.fits(f, found) {
			continue
		}
		if err := m.tx.bolt.Bucket(f.bucket).Put(f.key, found); err != nil {
			return false, err
		}
		m.mended++
		return true, nil
	}
	return false, nil
}

// fits tells whether an event of a copy is the one that arrived here under this number: after a snapshot has taken a database's place
// numbers may have been given anew.
func (m *mending) fits(f fault, sealed []byte) bool {
	if !bytes.Equal(f.bucket, bucketEvents) {
		return true
	}
	e, err := m.tx.openEvent(f.key, sealed)
	if err != nil {
		return false
	}
	id, known := m.arrivedAs(f.key)
	return !known || id == string(e.ID)
}

// arrivedAs finds, in the index, which event arrived under a number.
func (m *mending) arrivedAs(arrival []byte) (id string, known bool) {
	if m.ids == nil {
		m.ids = map[string]string{}
		_ = m.tx.bolt.Bucket(bucketEventIDs).ForEach(func(id, sealed []byte) error {
			if at, err := openValue(bucketEventIDs, id, sealed, m.tx.keys.values); err == nil { // one that does not open is made again
				m.ids[string(at)] = string(id)
			}
			return nil
		})
	}
	id, known = m.ids[string(arrival)]
	return id, known
}

// makeAgain makes what follows from other values: notes that hold nothing, and entries of the queue.
func (m *mending) makeAgain(f fault) (bool, error) {
	t := m.tx
	switch {
	case bytes.Equal(f.bucket, bucketProfilesWaiting),
		bytes.Equal(f.bucket, bucketSubjects) && len(f.key) > hiddenSize && f.key[hiddenSize] == partBlob:
		m.mended++
		return true, t.put(f.bucket, f.key, t.keys.values, nil)
	case bytes.Equal(f.bucket, bucketTransfers):
		sealed := t.bolt.Bucket(bucketBlobs).Get(f.key)
		if sealed == nil {
			return false, nil
		}
		info, data, err := t.openBlobInfo(f.key, sealed)
		if err != nil {
			return false, nil //nolint:nilerr // the blob is a fault of its own
		}
		m.mended++
		return true, t.putJSON(bucketTransfers, f.key, capture.Transfer{Hash: info.Hash, Class: info.Class,
			Size: int64(len(data) - sealing.Overhead), State: capture.TransferWaiting})
	}
	return false, nil
}

// remakeIndexes makes the indexes of the log and of the waiting profiles say what is there.
func (m *mending) remakeIndexes() error {
	t := m.tx
	for _, bucket := range [][]byte{bucketEventIDs, bucketEventsWaiting} {
		var keys [][]byte
		if err := t.bolt.Bucket(bucket).ForEach(func(key, _ []byte) error { keys = append(keys, bytes.Clone(key)); return nil }); err != nil {
			return err
		}
		for _, key := range keys {
			if err := t.delete(bucket, key); err != nil {
				return err
			}
		}
	}
	var arrivals [][]byte
	if err := t.bolt.Bucket(bucketEvents).ForEach(func(key, _ []byte) error { arrivals = append(arrivals, bytes.Clone(key)); return nil }); err != nil {
		return err
	}
	for _, arrival := range arrivals {
		stored, err := t.event(arrival)
		if err != nil {
			return err
		}
		e, err := stored.Open()
		if err != nil {
			return err
		}
		if _, twice, err := t.get(bucketEventIDs, []byte(e.ID), t.keys.values); err != nil || twice {
			err = errors.Join(err, t.delete(bucketEvents, arrival)) // it came back by another way meanwhile
			if err != nil {
				return err
			}
			continue
		}
		if err := t.put(bucketEventIDs, []byte(e.ID), t.keys.values, arrival); err != nil {
			return err
		}
		if err := t.putEvent(arrival, e.Seq, stored); err != nil {
			return err
		}
	}
	return m.dropEmptyWaits()
}

// dropEmptyWaits takes subjects off the queue of profiles whose profile is not there any more.
func (m *mending) dropEmptyWaits() error {
	t := m.tx
	var gone [][]byte
	err := t.bolt.Bucket(bucketProfilesWaiting).ForEach(func(name, _ []byte) error {
		if t.bolt.Bucket(bucketSubjects).Get(part(name, partProfile)) == nil {
			gone = append(gone, bytes.Clone(name))
		}
		return nil
	})
	for _, name := range gone {
		err = errors.Join(err, t.delete(bucketProfilesWaiting, name))
	}
	return err
}

// waitingKey is where an own event without an answer stands: in the order of the events' numbers.
func waitingKey(seq uint64, arrival []byte) []byte {
	return append(binary.BigEndian.AppendUint64(nil, seq), arrival...)
}

// Mend is Repair without a backup, for an opening that has met damage. Report says what it did.
func (v *Vault) Mend(ctx context.Context) (Repaired, error) {
	done, err := v.Repair(ctx, nil)
	if err != nil || done.Kept == "" {
		return done, err
	}
	if len(done.Lost) > 0 {
		v.tell(problem.New(problem.Damaged, "vault-values-lost",
			"Something in the database was damaged and no copy of it is here: {{.lost}}; everything else is whole and the damaged file is kept as {{.kept}}; sync, or run \"vault repair --from\" with a backup.",
			"lost", strings.Join(done.Lost, "; "), "kept", done.Kept))
	} else {
		v.tell(problem.New(problem.Damaged, "vault-values-mended",
			"{{.count}} values of the database were damaged and have been put back from the last copy; the damaged file is kept as {{.kept}}; sync, so that what is newer comes back too.",
			"count", done.Mended, "kept", done.Kept))
	}
	return done, nil
}
