package vault

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
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

// A blob's value is the length of the sealed description (u16, big-endian), the sealed description, and the sealed bytes to the
// end, so that one page more is written and not two. The bytes are sealed with the subject's key, when the blob is somebody's.
type blobInfo struct {
	Class   capture.BlobClass `json:"class"`
	Hash    consent.BlobHash  `json:"hash"`
	Subject consent.SubjectID `json:"subject,omitempty"`
}

// placeBlobInfo takes a bucket's part in binding a description to its key, so that it never opens as a blob's bytes.
var placeBlobInfo = []byte("blobs.info")

// PutBlob keeps a blob under its hash, which is checked. A blob that is here already is sealed for whoever it is put for last.
func (t *tx) PutBlob(b capture.Blob) error {
	if len(b.Data) > capture.MaxBlob {
		return blobTooLarge(len(b.Data), capture.MaxBlob)
	}
	if sum := sha256.Sum256(b.Data); hex.EncodeToString(sum[:]) != string(b.Hash) {
		return fmt.Errorf("blob is not what its hash %q names", b.Hash)
	}
	sealWith := t.keys.values
	if b.Subject != "" {
		var err error
		if sealWith, err = t.subjectKey(b.Subject); err != nil {
			return err
		}
	}
	hash := t.keys.hidden(kindHash, string(b.Hash))
	info := blobInfo{Class: b.Class, Hash: b.Hash, Subject: b.Subject}
	if old := t.findClassed(bucketBlobs, hash); old != nil {
		kept, _, err := t.openBlobInfo(old, t.bolt.Bucket(bucketBlobs).Get(old))
		if err != nil || kept == info {
			return err
		}
		if err := t.deleteBlob(old, kept.Subject); err != nil {
			return err
		}
	}
	raw, err := json.Marshal(info)
	if err != nil {
		return fmt.Errorf("write blob's description: %w", err)
	}
	key := append([]byte{classRank(b.Class)}, hash...)
	described := sealing.Seal(t.keys.values, place(placeBlobInfo, key), raw)
	value := binary.BigEndian.AppendUint16(make([]byte, 0, 2+len(described)+len(b.Data)+sealing.Overhead), uint16(len(described)))
	value = append(append(value, described...), sealing.Seal(sealWith, place(bucketBlobs, key), b.Data)...)
	if err := t.bolt.Bucket(bucketBlobs).Put(key, value); err != nil {
		return fmt.Errorf("put blob: %w", err)
	}
	if b.Subject == "" {
		return nil
	}
	return t.put(bucketSubjects, part(t.subjectName(b.Subject), partBlob, key...), t.keys.values, nil)
}

// deleteBlob removes a blob and its owner's note of it.
func (t *tx) deleteBlob(key []byte, owner consent.SubjectID) error {
	if owner != "" {
		if err := t.delete(bucketSubjects, part(t.subjectName(owner), partBlob, key...)); err != nil {
			return err
		}
	}
	return t.delete(bucketBlobs, key)
}

// DeleteBlob removes a blob. The next Close removes what old pages and the snapshot still hold of it.
func (t *tx) DeleteBlob(hash consent.BlobHash) error {
	key := t.findClassed(bucketBlobs, t.keys.hidden(kindHash, string(hash)))
	if key == nil {
		return nil
	}
	info, _, err := t.openBlobInfo(key, t.bolt.Bucket(bucketBlobs).Get(key))
	if err != nil {
		return err
	}
	if err := t.deleteBlob(key, info.Subject); err != nil {
		return err
	}
	return t.shredLater()
}

// Blob returns a blob; false when it is not here.
func (t *tx) Blob(hash consent.BlobHash) (capture.Blob, bool, error) {
	key := t.findClassed(bucketBlobs, t.keys.hidden(kindHash, string(hash)))
	if key == nil {
		return capture.Blob{}, false, nil
	}
	b, err := t.blob(key)
	return b, err == nil, err
}

// openBlobInfo opens a blob's description and returns its sealed bytes.
func (t *tx) openBlobInfo(key, value []byte) (info blobInfo, sealed []byte, err error) {
	if len(value) < 2 || len(value)-2 < int(binary.BigEndian.Uint16(value)) {
		return info, nil, damaged(databaseFile, errors.New("a blob has no description"))
	}
	end := 2 + int(binary.BigEndian.Uint16(value))
	raw, err := openValue(placeBlobInfo, key, value[2:end], t.keys.values)
	if err != nil {
		return info, nil, err
	}
	if err := json.Unmarshal(raw, &info); err != nil {
		return info, nil, damaged(databaseFile, err)
	}
	return info, value[end:], nil
}

func (t *tx) blob(key []byte) (b capture.Blob, err error) {
	info, sealed, err := t.openBlobInfo(key, t.bolt.Bucket(bucketBlobs).Get(key))
	if err != nil {
		return b, err
	}
	with, err := t.keyOf(info.Subject)
	if err != nil {
		return b, err
	}
	data, err := openValue(bucketBlobs, key, sealed, with)
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
	raw, found, err := t.get(bucketSubjects, part(t.subjectName(id), partKey), t.keys.values)
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
	cursor := t.bolt.Bucket(bucketBlobs).Cursor()
	for key, _ := cursor.Seek(prefix); bytes.HasPrefix(key, prefix); key, _ = cursor.Next() {
		found = append(found, bytes.Clone(key))
	}
	for _, key := range found {
		if err := t.ctx.Err(); err != nil {
			return err
		}
		if t.bolt.Bucket(bucketBlobs).Get(key) == nil {
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
