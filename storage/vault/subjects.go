package vault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"samtykke/app/consent"
	"samtykke/app/problem"
	"samtykke/storage/sealing"
)

// The parts of a subject, behind the subject's hidden name. They stand together, so that one consent writes one page of them,
// and so that whoever deletes what begins with the name has deleted the subject.
const (
	partKey     = 1 // 32 bytes
	partProfile = 2 // JSON, with the subject's key
	partBlob    = 3 // class, «hash» of a blob that is theirs → nothing
)

const hiddenSize = 16

var errNoSubject = errors.New("no subject is named")

func (t *tx) subjectName(id consent.SubjectID) []byte { return t.keys.hidden(kindSubject, string(id)) }

func part(name []byte, of byte, more ...byte) []byte {
	return append(append(bytes.Clone(name), of), more...)
}

// SubjectKey returns a copy of the subject's key, drawing it the first time. In a View an unknown subject is a problem of kind
// NotFound.
func (t *tx) SubjectKey(id consent.SubjectID) ([]byte, error) {
	key, err := t.subjectKey(id)
	if err != nil {
		return nil, err
	}
	return key[:], nil
}

func (t *tx) subjectKey(id consent.SubjectID) (key sealing.Key, err error) {
	if id == "" {
		return key, errNoSubject
	}
	at := part(t.subjectName(id), partKey)
	raw, found, err := t.get(bucketSubjects, at, t.keys.values)
	if err != nil {
		return key, err
	}
	if found {
		return asKey(raw)
	}
	if !t.bolt.Writable() {
		return key, problem.New(problem.NotFound, "subject-key-missing",
			"There is nothing of this person on this device; nothing was changed; sync to fetch it.")
	}
	if err := draw(t.vault.options.Random, key[:]); err != nil {
		return key, err
	}
	return key, t.put(bucketSubjects, at, t.keys.values, key[:])
}

func asKey(raw []byte) (key sealing.Key, err error) {
	if len(raw) != len(key) {
		return key, damaged(databaseFile, fmt.Errorf("a subject's key has %d bytes", len(raw)))
	}
	return sealing.Key(raw), nil
}

// PutProfile stores a profile and whether the library still has to get it.
func (t *tx) PutProfile(p consent.Profile, waiting bool) error {
	key, err := t.subjectKey(p.Subject)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("write profile: %w", err)
	}
	name := t.subjectName(p.Subject)
	if err := t.put(bucketSubjects, part(name, partProfile), key, raw); err != nil {
		return err
	}
	if waiting {
		return t.put(bucketProfilesWaiting, name, t.keys.values, nil)
	}
	return t.delete(bucketProfilesWaiting, name)
}

// Profile reads a profile; false when there is none.
func (t *tx) Profile(id consent.SubjectID) (consent.Profile, bool, error) {
	return t.profile(t.subjectName(id))
}

func (t *tx) profile(name []byte) (p consent.Profile, found bool, err error) {
	subjects, key := t.bolt.Bucket(bucketSubjects), part(name, partProfile)
	sealed := subjects.Get(key)
	if sealed == nil {
		return p, false, nil
	}
	p, err = t.openProfile(entry{key: key, sealed: sealed, beside: subjects.Get(part(name, partKey))})
	return p, err == nil, err
}

// openProfile opens a profile, beside which stands the subject's sealed key.
func (t *tx) openProfile(e entry) (p consent.Profile, err error) {
	raw, err := openValue(bucketSubjects, part(e.key[:hiddenSize], partKey), e.beside, t.keys.values)
	if err != nil {
		return p, err
	}
	key, err := asKey(raw)
	if err != nil {
		return p, err
	}
	plain, err := openValue(bucketSubjects, e.key, e.sealed, key)
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal(plain, &p); err != nil {
		return p, damaged(databaseFile, err)
	}
	return p, nil
}

// EachProfile walks the profiles in no particular order.
func (t *tx) EachProfile(fn func(consent.Profile) error) error {
	subjects := t.bolt.Bucket(bucketSubjects)
	return walk(t, bucketSubjects, func(key []byte) (wanted bool, sealedKey []byte) {
		if len(key) != hiddenSize+1 || key[hiddenSize] != partProfile {
			return false, nil
		}
		return true, subjects.Get(part(key[:hiddenSize], partKey))
	}, t.openProfile, fn)
}

// WaitingProfiles returns the profiles that the library still has to get.
func (t *tx) WaitingProfiles() ([]consent.Profile, error) {
	var waiting []consent.Profile
	cursor := t.bolt.Bucket(bucketProfilesWaiting).Cursor()
	for name, _ := cursor.First(); name != nil; name, _ = cursor.Next() {
		p, found, err := t.profile(name)
		if err == nil && !found {
			err = damaged(databaseFile, errors.New("a waiting profile is missing"))
		}
		if err != nil {
			return nil, err
		}
		waiting = append(waiting, p)
	}
	return waiting, nil
}

// ForgetSubject removes the profile, every blob sealed for the subject with its place in the queue, and the key. The next Close
// removes what old pages and the snapshot still hold.
func (t *tx) ForgetSubject(id consent.SubjectID) error {
	if id == "" {
		return errNoSubject
	}
	name := t.subjectName(id)
	var parts [][]byte // collected first: deleting moves the cursor
	cursor := t.bolt.Bucket(bucketSubjects).Cursor()
	for key, _ := cursor.Seek(name); bytes.HasPrefix(key, name); key, _ = cursor.Next() {
		parts = append(parts, bytes.Clone(key))
	}
	if len(parts) == 0 {
		return nil
	}
	for _, key := range parts {
		if key[hiddenSize] == partBlob {
			at := key[hiddenSize+1:] // class and hash: the queue's keys are the same
			if err := errors.Join(t.delete(bucketBlobs, at), t.delete(bucketTransfers, at)); err != nil {
				return err
			}
		}
		if err := t.delete(bucketSubjects, key); err != nil {
			return err
		}
	}
	if err := t.delete(bucketProfilesWaiting, name); err != nil {
		return err
	}
	return t.shredLater()
}

// shredLater remembers, with the transaction, that freed pages hold what must not be found there.
func (t *tx) shredLater() error {
	t.forgot = true
	return t.put(bucketVault, keyErasing, t.keys.values, nil)
}
