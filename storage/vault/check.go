package vault

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/problem"
)

// Checked is what reading everything in a vault found.
type Checked struct {
	Values    int // of the database, unsealed
	Originals int // files, unsealed and hashed
	Problems  []string
}

// Check unseals every value of the database and compares every blob with its hash; with originals also every original, and whether each
// that was taken in is here, which takes as long as reading them all does. It changes nothing.
func (v *Vault) Check(ctx context.Context, withOriginals bool) (Checked, error) {
	var checked Checked
	var assets map[string]consent.AssetID
	err := v.View(ctx, func(tx capture.Tx) error {
		seen, err := readValues(tx)
		checked.Values, checked.Problems, assets = seen.values, seen.describe(), map[string]consent.AssetID{}
		for _, id := range seen.assets {
			assets[v.originals.FileName(id)] = id
		}
		if err != nil || !withOriginals {
			return err
		}
		err = tx.EachAssetFile(func(f capture.AssetFile) error {
			for _, part := range f.Parts() {
				if part.Path != "" || v.originals.Has(consent.AssetID(part.SHA256)) {
					continue
				}
				checked.Problems = append(checked.Problems, fmt.Sprintf(
					"the original of image %s is missing; import it again, or fetch it from a backup or the media library", part.SHA256[:min(12, len(part.SHA256))]))
			}
			return nil
		})
		if problem.KindOf(err) == problem.Damaged { // named among the values already
			return nil
		}
		return err
	})
	if err != nil || !withOriginals {
		return checked, err
	}
	files, err := v.originals.Files()
	if err != nil {
		return checked, err
	}
	for _, f := range files {
		if err := ctx.Err(); err != nil {
			return checked, err
		}
		checked.Originals++
		if _, err := v.originals.Check(ctx, f.Name, io.Discard); err != nil && ctx.Err() == nil {
			name := "the file " + f.Name
			if id, known := assets[f.Name]; known {
				name = "image " + id.Short()
			}
			checked.Problems = append(checked.Problems, fmt.Sprintf(
				"the original of %s was changed or cut short on the disk; import it again, or fetch it from a backup or the media library", name))
		}
	}
	return checked, ctx.Err()
}

// fault is one value that does not open, or opens to something else than its place promises.
type fault struct{ bucket, key []byte }

// reading is what reading all values of a database has found: how many there are, which do not open, and what is needed to say in
// words whose those are.
type reading struct {
	values int
	count  map[string]int // by bucket
	faults []fault

	tx     *tx
	codes  map[string]consent.Code       // «subject: id» → short code
	assets map[string]consent.AssetID    // «hash: id»
	seqs   map[consent.DeviceID][]uint64 // numbers of the events that open
}

// readValues unseals everything, bucket by bucket. Only what keeps it from reading on is an error.
func readValues(in capture.Tx) (*reading, error) {
	t, ours := in.(*tx)
	if !ours {
		return nil, errors.New("transaction of another store")
	}
	r := &reading{tx: t, count: map[string]int{}, codes: map[string]consent.Code{}, assets: map[string]consent.AssetID{}, seqs: map[consent.DeviceID][]uint64{}}
	for _, bucket := range allBuckets {
		err := t.bolt.Bucket(bucket).ForEach(func(key, sealed []byte) error {
			r.values++
			r.count[string(bucket)]++
			if r.values%batchEntries == 0 && t.ctx.Err() != nil {
				return t.ctx.Err()
			}
			if err := r.read(bucket, key, sealed); err != nil {
				r.faults = append(r.faults, fault{bucket, bytes.Clone(key)})
			}
			return nil
		})
		if err != nil {
			return r, err
		}
	}
	return r, nil
}

func (r *reading) read(bucket, key, sealed []byte) error {
	if !bytes.Equal(bucket, bucketEvents) {
		return r.tx.opens(bucket, key, sealed)
	}
	e, err := r.tx.openEvent(key, sealed)
	if err != nil {
		return err
	}
	r.learn(e)
	return nil
}

// learn remembers what an event says about names that are hidden elsewhere.
func (r *reading) learn(e consent.Envelope) {
	r.seqs[e.Device] = append(r.seqs[e.Device], e.Seq)
	if e.Asset != "" {
		r.assets[string(r.tx.keys.hidden(kindHash, string(e.Asset)))] = e.Asset
	}
	if e.Type == consent.SubjectRegistered {
		var body consent.SubjectBody
		if json.Unmarshal(e.Body, &body) == nil {
			r.codes[string(r.tx.subjectName(e.Subject))] = body.Code
		}
	}
}

// opens tells why a value does not open in its place; nil when it does.
func (t *tx) opens(bucket, key, sealed []byte) error {
	switch {
	case bytes.Equal(bucket, bucketEvents):
		_, err := t.openEvent(key, sealed)
		return err
	case bytes.Equal(bucket, bucketBlobs):
		return t.blobOpens(key, sealed)
	case bytes.Equal(bucket, bucketSubjects) && len(key) == hiddenSize+1 && key[hiddenSize] == partProfile:
		_, err := t.openProfile(entry{key: key, sealed: sealed, beside: t.bolt.Bucket(bucketSubjects).Get(part(key[:hiddenSize], partKey))})
		return err
	}
	_, err := openValue(bucket, key, sealed, t.keys.values)
	return err
}

func (t *tx) openEvent(key, sealed []byte) (consent.Envelope, error) {
	raw, err := openValue(bucketEvents, key, sealed, t.keys.values)
	if err != nil {
		return consent.Envelope{}, err
	}
	stored, err := unframeEvent(raw)
	if err != nil {
		return consent.Envelope{}, err
	}
	return stored.Open()
}

func (t *tx) blobOpens(key, sealed []byte) error {
	info, data, err := t.openBlobInfo(key, sealed)
	if err != nil {
		return err
	}
	with, err := t.keyOf(info.Subject)
	if err != nil {
		return err
	}
	plain, err := openValue(bucketBlobs, key, data, with)
	if sum := sha256.Sum256(plain); err == nil && hex.EncodeToString(sum[:]) != string(info.Hash) {
		err = errors.New("blob is not what its hash names")
	}
	return err
}

// describe says in words what does not open and whose it is, without a name.
func (r *reading) describe() []string {
	said := []string{}
	for _, f := range r.faults {
		if sentence := r.say(f); !slices.Contains(said, sentence) {
			said = append(said, sentence)
		}
	}
	return said
}

func (r *reading) say(f fault) string {
	switch {
	case bytes.Equal(f.bucket, bucketEvents):
		return "an event of the log does not open" + r.gaps()
	case bytes.Equal(f.bucket, bucketSubjects):
		return r.saySubject(f.key)
	case bytes.Equal(f.bucket, bucketBlobs):
		return r.sayBlob(f.key)
	case bytes.Equal(f.bucket, bucketAssetFiles):
		return fmt.Sprintf("what this device knows about the file of %s does not open", r.image(f.key))
	case bytes.Equal(f.bucket, bucketTransfers):
		return "an entry of the queue for the media library does not open; it can be made again"
	case bytes.Equal(f.bucket, bucketSettings):
		return "a setting does not open"
	}
	return fmt.Sprintf("an entry of the index %s does not open; it can be made again", f.bucket)
}

// gaps names the events that are missing between those that open.
func (r *reading) gaps() string {
	var missing []string
	for device, seqs := range r.seqs {
		slices.Sort(seqs)
		for i := range seqs {
			before := uint64(0)
			if i > 0 {
				before = seqs[i-1]
			}
			for seq := before + 1; seq < seqs[i] && len(missing) < 20; seq++ {
				missing = append(missing, fmt.Sprintf("%d of device %s", seq, device))
			}
		}
	}
	if len(missing) == 0 {
		return "" // it is the newest of its device
	}
	slices.Sort(missing)
	return "; missing: event " + strings.Join(missing, ", ")
}

func (r *reading) saySubject(key []byte) string {
	if len(key) <= hiddenSize {
		return "an entry about a person does not open"
	}
	switch key[hiddenSize] {
	case partKey, partOtherKey:
		return fmt.Sprintf("a key of %s does not open, and so nothing that it seals", r.person(key[:hiddenSize]))
	case partProfile:
		return fmt.Sprintf("the profile of %s does not open", r.person(key[:hiddenSize]))
	}
	return fmt.Sprintf("the note of a file of %s does not open; it can be made again", r.person(key[:hiddenSize]))
}

// sayBlob finds whose blob it is by the note that stands with its owner, since its own description may not open.
func (r *reading) sayBlob(key []byte) string {
	owner := ""
	cursor := r.tx.bolt.Bucket(bucketSubjects).Cursor()
	for at, _ := cursor.First(); at != nil; at, _ = cursor.Next() {
		if len(at) > hiddenSize+1 && at[hiddenSize] == partBlob && bytes.Equal(at[hiddenSize+1:], key) {
			owner = " of " + r.person(at[:hiddenSize])
			break
		}
	}
	if len(key) > 0 && int(key[0]) >= 1 && int(key[0]) <= len(classes) {
		switch classes[key[0]-1] {
		case capture.ClassForm:
			return "a consent form does not open"
		case capture.ClassDetails:
			return "the details of a shoot or of an image do not open"
		case capture.ClassEvidence:
			return "evidence" + owner + " does not open"
		}
	}
	return "a blob" + owner + " does not open"
}

func (r *reading) person(name []byte) string {
	if code, known := r.codes[string(name)]; known && code != "" {
		return string(code)
	}
	return "a person whose code is not known here"
}

func (r *reading) image(key []byte) string {
	if id, known := r.assets[string(key)]; known {
		return "image " + id.Short()
	}
	return "an image that no event names"
}
