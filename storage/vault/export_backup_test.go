package vault

import (
	"bytes"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

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
