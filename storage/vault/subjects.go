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

var errNoSubject = errors.New("no subject is named")

// SubjectKey returns a copy of the subject's key, drawing it the first time. In a View an unknown subject is a problem of kind
// NotFound.
func (t *tx) SubjectKey(id consent.SubjectID) ([]byte, error) {
	key, err := t.subjectKey(id)
	return key[:], err
}

func (t *tx) subjectKey(id consent.SubjectID) (key sealing.Key, err error) {
	if id == "" {
		return key, errNoSubject
	}
	name := t.keys.hidden(kindSubject, string(id))
	raw, found, err := t.get(bucketSubjectKeys, name, t.keys.values)
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
	return key, t.put(bucketSubjectKeys, name, t.keys.values, key[:])
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
	name := t.keys.hidden(kindSubject, string(p.Subject))
	if err := t.put(bucketProfiles, name, key, raw); err != nil {
		return err
	}
	if waiting {
		return t.put(bucketProfilesWaiting, name, t.keys.values, nil)
	}
	return t.delete(bucketProfilesWaiting, name)
}

// Profile reads a profile; false when there is none.
func (t *tx) Profile(id consent.SubjectID) (consent.Profile, bool, error) {
	return t.profile(t.keys.hidden(kindSubject, string(id)))
}

func (t *tx) profile(name []byte) (p consent.Profile, found bool, err error) {
	sealed := t.bolt.Bucket(bucketProfiles).Get(name)
	if sealed == nil {
		return p, false, nil
	}
	p, err = t.openProfile(entry{key: name, sealed: sealed, beside: t.bolt.Bucket(bucketSubjectKeys).Get(name)})
	return p, err == nil, err
}

// openProfile opens a profile, beside which stands the subject's sealed key.
func (t *tx) openProfile(e entry) (p consent.Profile, err error) {
	raw, err := openValue(bucketSubjectKeys, e.key, e.beside, t.keys.values)
	if err != nil {
		return p, err
	}
	key, err := asKey(raw)
	if err != nil {
		return p, err
	}
	plain, err := openValue(bucketProfiles, e.key, e.sealed, key)
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
	keys := t.bolt.Bucket(bucketSubjectKeys)
	return walk(t, bucketProfiles, nil, keys.Get, t.openProfile, fn)
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

// ForgetSubject removes the profile, every blob sealed for the subject, and the key. The next Close removes what old pages and
// the snapshot still hold. Transfers that name the blobs stay: the queue is not the subject's.
func (t *tx) ForgetSubject(id consent.SubjectID) error {
	if id == "" {
		return errNoSubject
	}
	name := t.keys.hidden(kindSubject, string(id))
	if !t.has(bucketSubjectKeys, name) {
		return nil
	}
	var owned [][]byte // collected first: deleting moves the cursor
	cursor := t.bolt.Bucket(bucketBlobsOf).Cursor()
	for key, _ := cursor.Seek(name); bytes.HasPrefix(key, name); key, _ = cursor.Next() {
		owned = append(owned, bytes.Clone(key))
	}
	for _, key := range owned {
		if err := t.deleteBlob(key[len(name):], name); err != nil {
			return err
		}
	}
	for _, bucket := range [][]byte{bucketProfiles, bucketProfilesWaiting, bucketSubjectKeys} {
		if err := t.delete(bucket, name); err != nil {
			return err
		}
	}
	t.forgot = true
	return t.put(bucketVault, keyErasing, t.keys.values, nil)
}
