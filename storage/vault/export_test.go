package vault

import (
	"bytes"
	"encoding/json"

	"go.etcd.io/bbolt"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

// WithFormat makes the program one of another format, reached by these steps.
func (o Options) WithFormat(format int, steps map[int]func(*bbolt.Tx) error) Options {
	o.format, o.migrations = format, map[int]migration{}
	for from, step := range steps {
		o.migrations[from] = func(b *bbolt.Tx, _ *keys) error { return step(b) }
	}
	return o
}

// ParseHeader is parseHeader for the fuzzer.
func ParseHeader(raw []byte) error {
	_, err := parseHeader(raw, currentFormat)
	return err
}

// Inspect is inspect for the fuzzer.
func Inspect(raw []byte) error {
	_, err := inspectFile(bytes.NewReader(raw), int64(len(raw)))
	return err
}

// UnframeEvent tells whether a frame reads, and whether writing it again gives the same bytes.
func UnframeEvent(raw []byte) (same bool, err error) {
	e, err := unframeEvent(raw)
	return err == nil && string(frameEvent(e)) == string(raw), err
}

// Rechecksum gives a header that somebody has changed the checksum it must have to be read.
func Rechecksum(raw []byte) ([]byte, error) {
	var h header
	if err := json.Unmarshal(raw, &h); err != nil {
		return nil, err
	}
	h.Checksum = h.checksum()
	return json.Marshal(h)
}

// Opened opens every value of vault.db and previews.db, whatever seals it.
func (v *Vault) Opened() (plain [][]byte, err error) {
	err = v.db.View(func(b *bbolt.Tx) error {
		t := v.tx(b)
		return b.ForEach(func(bucket []byte, values *bbolt.Bucket) error {
			return values.ForEach(func(key, value []byte) error {
				switch {
				case string(bucket) == string(bucketBlobs):
					whose, sealed, err := t.openBlobInfo(key, value)
					if err != nil {
						return err
					}
					with, err := t.keyOf(whose.Subject)
					if err != nil {
						return err
					}
					data, err := openValue(bucket, key, sealed, with)
					plain = append(plain, data, []byte(whose.Subject))
					return err
				case string(bucket) == string(bucketSubjects) && key[hiddenSize] == partProfile:
					p, err := t.openProfile(entry{key: key, sealed: value, beside: values.Get(part(key[:hiddenSize], partKey))})
					if err != nil {
						return err
					}
					canonical, err := p.Canonical()
					plain = append(plain, canonical)
					return err
				}
				data, err := openValue(bucket, key, value, v.keys.values)
				plain = append(plain, data)
				return err
			})
		})
	})
	return plain, err
}

// SealedProfile is a profile as it lies on the disk.
func SealedProfile(in capture.Tx, id consent.SubjectID) []byte {
	t := in.(*tx)
	return bytes.Clone(t.bolt.Bucket(bucketSubjects).Get(part(t.subjectName(id), partProfile)))
}

// SealedValues are all values of a bucket as they lie on the disk.
func SealedValues(in capture.Tx, bucket string) (values [][]byte) {
	_ = in.(*tx).bolt.Bucket([]byte(bucket)).ForEach(func(_, value []byte) error {
		values = append(values, bytes.Clone(value))
		return nil
	})
	return values
}
