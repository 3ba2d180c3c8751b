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
	return t.exec("INSERT INTO declarations (sha256, device, class, subject) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
		d.Hash, d.Device, d.Class, d.Subject)
}

// Declarations implements library.Reader.
func (t *tx) Declarations(hash consent.BlobHash) ([]library.Declaration, error) {
	return list(t, func(row scanner) (d library.Declaration, err error) {
		return d, row.Scan(&d.Hash, &d.Device, &d.Class, &d.Subject)
	}, "SELECT sha256, device, class, subject FROM declarations WHERE sha256 = ? ORDER BY device, class, subject", hash)
}

const blobColumns = "sha256, size, stored_at, class, subject"

func scanBlob(row scanner) (b library.Blob, err error) {
	var stored int64
	var subject *string
	err = row.Scan(&b.Hash, &b.Size, &stored, &b.Class, &subject)
	b.StoredAt = fromMillis(stored)
	if subject != nil {
		b.Subject = consent.SubjectID(*subject)
	}
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

// PutBlob implements library.Tx. A subject who was erased while the file was on its way keeps none.
func (t *tx) PutBlob(b library.Blob) error {
	if b.Subject != "" {
		if erased, err := t.Erased(b.Subject); err != nil || erased {
			if err == nil {
				err = library.ErrSubjectErased
			}
			return err
		}
	}
	return t.exec("INSERT INTO blobs ("+blobColumns+") VALUES (?, ?, ?, ?, ?) ON CONFLICT (sha256) DO NOTHING",
		b.Hash, b.Size, toMillis(b.StoredAt), b.Class, ifSet(b.Subject != "", b.Subject))
}

// SealBlob implements library.Tx.
func (t *tx) SealBlob(hash consent.BlobHash, subject consent.SubjectID, plain []byte) ([]byte, error) {
	key := t.keys.details
	if subject != "" {
		var err error
		if key, err = t.makeSubjectKey(subject); err != nil {
			return nil, err
		}
	}
	return sealing.Seal(key, []byte("blobs/"+hash), plain), nil
}

// OpenBlob implements library.Reader.
func (t *tx) OpenBlob(b library.Blob, sealed []byte) ([]byte, error) {
	key := t.keys.details
	if b.Subject != "" {
		var found bool
		var err error
		if key, found, err = t.subjectKey(b.Subject); err != nil || !found {
			return nil, fmt.Errorf("open file of subject %s: key found %t: %w", b.Subject, found, err)
		}
	}
	plain, err := sealing.Open(key, []byte("blobs/"+b.Hash), sealed)
	if err != nil {
		return nil, fmt.Errorf("open file %s: %w", b.Hash, err)
	}
	return plain, nil
}
