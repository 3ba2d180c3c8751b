package ledger

import (
	"encoding/json"
	"fmt"
	"time"

	"samtykke/app/consent"
	"samtykke/app/library"
	"samtykke/storage/sealing"
)

// subjectKey returns a subject's key; false when there is none, or none any more.
func (t *tx) subjectKey(id consent.SubjectID) (key sealing.Key, found bool, err error) {
	var wrapped []byte
	found, err = t.one([]any{&wrapped}, "SELECT wrapped FROM subject_keys WHERE subject = ? AND wrapped IS NOT NULL", id)
	if err != nil || !found {
		return key, false, err
	}
	raw, err := sealing.Open(t.keys.wrapping, []byte("subject_keys/"+id), wrapped)
	if err != nil || len(raw) != len(key) {
		return key, false, fmt.Errorf("unwrap key of subject %s: %w", id, err)
	}
	return sealing.Key(raw), true, nil
}

// makeSubjectKey returns a subject's key and draws one when there is none; an erased subject gets none.
func (t *tx) makeSubjectKey(id consent.SubjectID) (sealing.Key, error) {
	if key, found, err := t.subjectKey(id); found || err != nil {
		return key, err
	}
	if erased, err := t.Erased(id); err != nil || erased {
		if err == nil {
			err = library.ErrSubjectErased
		}
		return sealing.Key{}, err
	}
	key := sealing.NewKey()
	return key, t.exec("INSERT INTO subject_keys (subject, wrapped) VALUES (?, ?)", id,
		sealing.Seal(t.keys.wrapping, []byte("subject_keys/"+id), key[:]))
}

// Erased implements library.Reader.
func (t *tx) Erased(id consent.SubjectID) (bool, error) {
	var one int
	return t.one([]any{&one}, "SELECT 1 FROM subject_keys WHERE subject = ? AND erased_at IS NOT NULL", id)
}

// Profile implements library.Reader.
func (t *tx) Profile(id consent.SubjectID) (p consent.Profile, found bool, err error) {
	var sealed []byte
	if found, err = t.one([]any{&sealed}, "SELECT sealed FROM profiles WHERE subject = ?", id); err != nil || !found {
		return p, false, err
	}
	key, found, err := t.subjectKey(id)
	if err != nil || !found {
		return p, false, fmt.Errorf("open profile of %s: key found %t: %w", id, found, err)
	}
	raw, err := sealing.Open(key, []byte("profiles/"+id), sealed)
	if err != nil {
		return p, false, fmt.Errorf("open profile of %s: %w", id, err)
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return p, false, fmt.Errorf("read profile of %s: %w", id, err)
	}
	return p, true, nil
}

// Profiles implements library.Reader.
func (t *tx) Profiles(after consent.SubjectID, limit int) ([]consent.SubjectID, error) {
	return list(t, func(row scanner) (id consent.SubjectID, err error) { return id, row.Scan(&id) },
		"SELECT subject FROM profiles WHERE subject > ? ORDER BY subject LIMIT ?", after, limit)
}

// PutProfile implements library.Tx. The feed names a subject once, so that it does not grow with every revision.
func (t *tx) PutProfile(p consent.Profile, at time.Time) error {
	key, err := t.makeSubjectKey(p.Subject)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if err := t.exec(`INSERT INTO profiles (subject, revision, sealed, received_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (subject) DO UPDATE SET revision = excluded.revision, sealed = excluded.sealed, received_at = excluded.received_at`,
		p.Subject, p.Revision, sealing.Seal(key, []byte("profiles/"+p.Subject), raw), toMillis(at)); err != nil {
		return err
	}
	if err := t.exec("DELETE FROM changes WHERE subject = ?", p.Subject); err != nil {
		return err
	}
	return t.addChange(at, nil, p.Subject)
}

// EraseSubject implements library.Tx.
func (t *tx) EraseSubject(id consent.SubjectID, at time.Time) ([]consent.BlobHash, error) {
	gone, err := list(t, scanHash, `SELECT sha256 FROM blob_keys mine WHERE subject = ? AND NOT EXISTS
		(SELECT 1 FROM blob_keys theirs WHERE theirs.sha256 = mine.sha256 AND theirs.subject <> mine.subject) ORDER BY sha256`, id)
	if err != nil {
		return nil, err
	}
	for _, hash := range gone {
		if err := t.exec("DELETE FROM blobs WHERE sha256 = ?", hash); err != nil {
			return nil, err
		}
		if err := t.exec("INSERT INTO erasures (sha256, erased_at) VALUES (?, ?) ON CONFLICT (sha256) DO NOTHING", hash, toMillis(at)); err != nil {
			return nil, err
		}
	}
	for _, statement := range []string{"DELETE FROM blob_keys WHERE subject = ?", "DELETE FROM changes WHERE subject = ?", "DELETE FROM profiles WHERE subject = ?"} {
		if err := t.exec(statement, id); err != nil {
			return nil, err
		}
	}
	if err := t.stopMail(id, at); err != nil {
		return nil, err
	}
	return gone, t.exec(`INSERT INTO subject_keys (subject, wrapped, erased_at) VALUES (?, NULL, ?)
		ON CONFLICT (subject) DO UPDATE SET wrapped = NULL, erased_at = excluded.erased_at`, id, toMillis(at))
}

// Unremoved implements library.Reader.
func (t *tx) Unremoved() ([]consent.BlobHash, error) {
	return list(t, scanHash, "SELECT sha256 FROM erasures ORDER BY sha256")
}

// Removed implements library.Tx.
func (t *tx) Removed(hash consent.BlobHash) error {
	return t.exec("DELETE FROM erasures WHERE sha256 = ?", hash)
}
