package ledger

import (
	"fmt"

	"samtykke/app/consent"
	"samtykke/app/library"
	"samtykke/storage/sealing"
)

func scanHash(row scanner) (hash consent.BlobHash, err error) { return hash, row.Scan(&hash) }

// Declare implements library.Tx.
func (t *tx) Declare(d library.Declaration) error {
	if d.Subject != "" {
		if err := t.share(d.Hash, d.Subject); err != nil {
			return err
		}
	}
	return t.exec("INSERT INTO declarations (sha256, device, class, subject) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
		d.Hash, d.Device, d.Class, d.Subject)
}

// Declarations implements library.Reader.
func (t *tx) Declarations(hash consent.BlobHash) ([]library.Declaration, error) {
	return list(t, func(row scanner) (d library.Declaration, err error) {
		return d, row.Scan(&d.Hash, &d.Device, &d.Class, &d.Subject)
	}, "SELECT sha256, device, class, subject FROM declarations WHERE sha256 = ? ORDER BY device, class, subject", hash)
}

const blobColumns = "sha256, size, stored_at, class, personal"

func scanBlob(row scanner) (b library.Blob, err error) {
	var stored int64
	err = row.Scan(&b.Hash, &b.Size, &stored, &b.Class, &b.Personal)
	b.StoredAt = fromMillis(stored)
	return b, err
}

// Blob implements library.Reader.
func (t *tx) Blob(hash consent.BlobHash) (library.Blob, bool, error) {
	found, err := list(t, scanBlob, "SELECT "+blobColumns+" FROM blobs WHERE sha256 = ?", hash)
	if err != nil || len(found) == 0 {
		return library.Blob{}, false, err
	}
	return found[0], true, nil
}

// Blobs implements library.Reader.
func (t *tx) Blobs(after consent.BlobHash, limit int) ([]library.Blob, error) {
	return list(t, scanBlob, "SELECT "+blobColumns+" FROM blobs WHERE sha256 > ? ORDER BY sha256 LIMIT ?", after, limit)
}

// Forms implements library.Reader.
func (t *tx) Forms() ([]consent.BlobHash, error) {
	return list(t, scanHash, "SELECT sha256 FROM blobs WHERE class = ? ORDER BY stored_at, sha256", library.ClassForm)
}

// PutBlob implements library.Tx. A file that nobody can open, because everybody it belongs to was erased while it was on its
// way, is refused.
func (t *tx) PutBlob(b library.Blob) error {
	if b.Personal {
		if _, found, err := t.blobKey(b.Hash); err != nil || !found {
			if err == nil {
				err = library.ErrSubjectErased
			}
			return err
		}
	}
	return t.exec("INSERT INTO blobs ("+blobColumns+") VALUES (?, ?, ?, ?, ?) ON CONFLICT (sha256) DO NOTHING",
		b.Hash, b.Size, toMillis(b.StoredAt), b.Class, b.Personal)
}

// SealBlob implements library.Tx. A file of people gets a key of its own, which is kept sealed under the key of each.
func (t *tx) SealBlob(hash consent.BlobHash, subjects []consent.SubjectID, plain []byte) ([]byte, error) {
	if len(subjects) == 0 {
		return sealing.Seal(t.keys.details, []byte("blobs/"+hash), plain), nil
	}
	if err := t.exec("DELETE FROM blob_keys WHERE sha256 = ?", hash); err != nil { // of an upload that never finished
		return nil, err
	}
	key := sealing.NewKey()
	for _, subject := range subjects {
		if err := t.wrapBlobKey(hash, subject, key); err != nil {
			return nil, err
		}
	}
	return sealing.Seal(key, []byte("blobs/"+hash), plain), nil
}

func (t *tx) wrapBlobKey(hash consent.BlobHash, subject consent.SubjectID, key sealing.Key) error {
	own, err := t.makeSubjectKey(subject)
	if err != nil {
		return err
	}
	return t.exec("INSERT INTO blob_keys (sha256, subject, wrapped) VALUES (?, ?, ?) ON CONFLICT (sha256, subject) DO NOTHING",
		hash, subject, sealing.Seal(own, []byte("blob_keys/"+hash), key[:]))
}

// blobKey opens the key of a personal file with the first subject's key that there is.
func (t *tx) blobKey(hash consent.BlobHash) (key sealing.Key, found bool, err error) {
	var subject consent.SubjectID
	var wrapped []byte
	found, err = t.one([]any{&subject, &wrapped}, "SELECT subject, wrapped FROM blob_keys WHERE sha256 = ? ORDER BY subject LIMIT 1", hash)
	if err != nil || !found {
		return key, false, err
	}
	own, found, err := t.subjectKey(subject)
	if err != nil || !found {
		return key, false, err
	}
	raw, err := sealing.Open(own, []byte("blob_keys/"+hash), wrapped)
	if err != nil || len(raw) != len(key) {
		return key, false, fmt.Errorf("unwrap key of file %s: %w", hash, err)
	}
	return sealing.Key(raw), true, nil
}

// share lets one more subject open a personal file that is sealed already.
func (t *tx) share(hash consent.BlobHash, subject consent.SubjectID) error {
	key, found, err := t.blobKey(hash)
	if err != nil || !found {
		return err
	}
	if erased, err := t.Erased(subject); err != nil || erased {
		return err
	}
	return t.wrapBlobKey(hash, subject, key)
}

// OpenBlob implements library.Reader.
func (t *tx) OpenBlob(b library.Blob, sealed []byte) ([]byte, error) {
	key := t.keys.details
	if b.Personal {
		var found bool
		var err error
		if key, found, err = t.blobKey(b.Hash); err != nil || !found {
			return nil, fmt.Errorf("open file %s: key found %t: %w", b.Hash, found, err)
		}
	}
	plain, err := sealing.Open(key, []byte("blobs/"+b.Hash), sealed)
	if err != nil {
		return nil, fmt.Errorf("open file %s: %w", b.Hash, err)
	}
	return plain, nil
}
