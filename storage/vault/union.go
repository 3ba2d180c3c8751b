package vault

import (
	"bytes"
	"crypto/sha256"
	"errors"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

// partOtherKey follows a subject's name in the bucket of subjects, before the first eight bytes of the hash of the key it holds: a key
// that another vault had for the subject. It goes with everything else that begins with the name.
const partOtherKey = 4

// TakeSubjectKey takes over the key that another vault has for a subject.
func (t *tx) TakeSubjectKey(id consent.SubjectID, raw []byte) error {
	if id == "" {
		return errNoSubject
	}
	key, err := asKey(raw)
	if err != nil {
		return err
	}
	name := t.subjectName(id)
	kept, found, err := t.get(bucketSubjects, part(name, partKey), t.keys.values)
	switch {
	case err != nil:
		return err
	case !found:
		return t.put(bucketSubjects, part(name, partKey), t.keys.values, key[:])
	case bytes.Equal(kept, key[:]):
		return nil
	}
	sum := sha256.Sum256(key[:])
	return t.put(bucketSubjects, part(name, partOtherKey, sum[:8]...), t.keys.values, key[:])
}

// SubjectKeys returns the subject's keys, first the one that seals.
func (t *tx) SubjectKeys(id consent.SubjectID) ([][]byte, error) {
	name := t.subjectName(id)
	first, found, err := t.get(bucketSubjects, part(name, partKey), t.keys.values)
	if err != nil || !found {
		return nil, err
	}
	keys := [][]byte{first}
	prefix := part(name, partOtherKey)
	cursor := t.bolt.Bucket(bucketSubjects).Cursor()
	for key, sealed := cursor.Seek(prefix); bytes.HasPrefix(key, prefix); key, sealed = cursor.Next() {
		other, err := openValue(bucketSubjects, key, sealed, t.keys.values)
		if err != nil {
			return nil, err
		}
		keys = append(keys, other)
	}
	return keys, nil
}

// ReplaceEvent puts an event in the place of the one with the same id.
func (t *tx) ReplaceEvent(e capture.StoredEvent) error {
	open, err := e.Open()
	if err != nil {
		return err
	}
	arrival, found, err := t.get(bucketEventIDs, []byte(open.ID), t.keys.values)
	if err == nil && !found {
		err = errors.New("replace event: it is not here")
	}
	if err != nil {
		return err
	}
	kept, err := t.event(arrival)
	if err != nil {
		return err
	}
	return t.replaceEvent(arrival, kept, open.Seq, e)
}

// replaceEvent puts an event with another number in the place of one that arrived here.
func (t *tx) replaceEvent(arrival []byte, kept capture.StoredEvent, seq uint64, e capture.StoredEvent) error {
	old, err := kept.Open()
	if err != nil {
		return err
	}
	if err := t.delete(bucketEventsWaiting, waitingKey(old.Seq, arrival)); err != nil {
		return err
	}
	return t.putEvent(arrival, seq, e)
}
