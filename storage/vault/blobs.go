package vault

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/storage/sealing"
)

// classes are the classes in the order in which they are sent; a class stands in keys as its place in this list, so that the
// queue is walked in that order. Classes of a newer program come last.
var classes = []capture.BlobClass{capture.ClassForm, capture.ClassDetails, capture.ClassEvidence, capture.ClassOriginal}

const otherClass = 0xFF

func classRank(class capture.BlobClass) byte {
	for i, c := range classes {
		if c == class {
			return byte(i + 1)
		}
	}
	return otherClass
}

// findClassed finds the key under which a hash stands in a bucket that is ordered by class; nil when it does not.
func (t *tx) findClassed(bucket, hash []byte) []byte {
	b := t.bolt.Bucket(bucket)
	for _, class := range classes {
		if key := append([]byte{classRank(class)}, hash...); b.Get(key) != nil {
			return key
		}
	}
	if key := append([]byte{otherClass}, hash...); b.Get(key) != nil {
		return key
	}
	return nil
}

type blobInfo struct {
	Class   capture.BlobClass `json:"class"`
	Hash    consent.BlobHash  `json:"hash"`
	Subject consent.SubjectID `json:"subject,omitempty"`
}

// PutBlob keeps a blob under its hash, which is checked. A blob that is here already is sealed for whoever it is put for last.
func (t *tx) PutBlob(b capture.Blob) error {
	if len(b.Data) > capture.MaxBlob {
		return blobTooLarge(len(b.Data), capture.MaxBlob)
	}
	if sum := sha256.Sum256(b.Data); hex.EncodeToString(sum[:]) != string(b.Hash) {
		return fmt.Errorf("blob is not what its hash %q names", b.Hash)
	}
	key := t.keys.values
	if b.Subject != "" {
		var err error
		if key, err = t.subjectKey(b.Subject); err != nil {
			return err
		}
	}
	hash := t.keys.hidden(kindHash, string(b.Hash))
	info := blobInfo{Class: b.Class, Hash: b.Hash, Subject: b.Subject}
	if old := t.findClassed(bucketBlobInfo, hash); old != nil {
		kept, err := t.blobInfo(old)
		if err != nil || kept == info {
			return err
		}
		if err := t.deleteBlob(old, t.keys.hidden(kindSubject, string(kept.Subject))); err != nil {
			return err
		}
	}
	raw, err := json.Marshal(info)
	if err != nil {
		return fmt.Errorf("write blob's class: %w", err)
	}
	classed := append([]byte{classRank(b.Class)}, hash...)
	if err := t.put(bucketBlobInfo, classed, t.keys.values, raw); err != nil {
		return err
	}
	if b.Subject != "" {
		owned := append(t.keys.hidden(kindSubject, string(b.Subject)), classed...)
		if err := t.put(bucketBlobsOf, owned, t.keys.values, nil); err != nil {
			return err
		}
	}
	return t.put(bucketBlobs, hash, key, b.Data)
}

// deleteBlob removes a blob by its key in blob_info and its owner's hidden name.
func (t *tx) deleteBlob(classed, owner []byte) error {
	if err := t.delete(bucketBlobsOf, append(bytes.Clone(owner), classed...)); err != nil {
		return err
	}
	if err := t.delete(bucketBlobInfo, classed); err != nil {
		return err
	}
	return t.delete(bucketBlobs, classed[1:])
}

// Blob returns a blob; false when it is not here.
func (t *tx) Blob(hash consent.BlobHash) (capture.Blob, bool, error) {
	classed := t.findClassed(bucketBlobInfo, t.keys.hidden(kindHash, string(hash)))
	if classed == nil {
		return capture.Blob{}, false, nil
	}
	b, err := t.blob(classed)
	return b, err == nil, err
}

func (t *tx) blobInfo(classed []byte) (info blobInfo, err error) {
	raw, _, err := t.get(bucketBlobInfo, classed, t.keys.values)
	if err != nil {
		return info, err
	}
	if err := json.Unmarshal(raw, &info); err != nil {
		return info, damaged(databaseFile, err)
	}
	return info, nil
}

func (t *tx) blob(classed []byte) (b capture.Blob, err error) {
	info, err := t.blobInfo(classed)
	if err != nil {
		return b, err
	}
	key, err := t.keyOf(info.Subject)
	if err != nil {
		return b, err
	}
	data, found, err := t.get(bucketBlobs, classed[1:], key)
	if err == nil && !found {
		err = damaged(databaseFile, errors.New("a blob is missing"))
	}
	if err != nil {
		return b, err
	}
	return capture.Blob{Hash: info.Hash, Class: info.Class, Subject: info.Subject, Data: data}, nil
}

// keyOf is the key that opens a blob. Unlike subjectKey it never draws one.
func (t *tx) keyOf(id consent.SubjectID) (key sealing.Key, err error) {
	if id == "" {
		return t.keys.values, nil
	}
	raw, found, err := t.get(bucketSubjectKeys, t.keys.hidden(kindSubject, string(id)), t.keys.values)
	if err == nil && !found {
		err = damaged(databaseFile, errors.New("a subject's key is missing"))
	}
	if err != nil {
		return key, err
	}
	return asKey(raw)
}

// EachBlobOfClass walks the blobs of one class in no particular order.
func (t *tx) EachBlobOfClass(class capture.BlobClass, fn func(capture.Blob) error) error {
	prefix := []byte{classRank(class)}
	var found [][]byte // keys first: fn may put and forget blobs
	cursor := t.bolt.Bucket(bucketBlobInfo).Cursor()
	for key, _ := cursor.Seek(prefix); bytes.HasPrefix(key, prefix); key, _ = cursor.Next() {
		found = append(found, bytes.Clone(key))
	}
	for _, key := range found {
		if err := t.ctx.Err(); err != nil {
			return err
		}
		if !t.has(bucketBlobInfo, key) {
			continue
		}
		b, err := t.blob(key)
		if err != nil {
			return err
		}
		if b.Class != class { // two classes of a newer program share a place
			continue
		}
		if err := fn(b); err != nil {
			return err
		}
	}
	return nil
}
