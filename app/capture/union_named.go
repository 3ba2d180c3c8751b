package capture

import (
	"context"
	"encoding/json"
	"slices"

	"samtykke/app/consent"
)

// named is what the events here name. A union takes profiles and blobs only when they are among it: whoever made the other vault can
// write anything into it, but an event takes the key of a known device.
type named struct {
	commits map[string]consent.SubjectID             // commitments of profiles
	blobs   map[consent.BlobHash][]consent.SubjectID // whose each is; "" for what is nobody's
}

// readNames reads what the log names, once their events are in it.
func (u *union) readNames(ctx context.Context) error {
	u.named = named{commits: map[string]consent.SubjectID{}, blobs: map[consent.BlobHash][]consent.SubjectID{}}
	return u.session.Store.View(ctx, func(tx Tx) error {
		return tx.EachEvent(func(stored StoredEvent) error {
			e, err := stored.Open()
			if err != nil || !stored.counts() {
				return err
			}
			u.named.read(e)
			return nil
		})
	})
}

// read adds what one event names. What cannot be read names nothing; the audit tells of it.
func (n *named) read(e consent.Envelope) {
	var body struct {
		PIICommit string                `json:"pii_commit"`
		Form      consent.FormHash      `json:"form"`
		Details   consent.BlobHash      `json:"details"`
		Why       consent.BlobHash      `json:"why"`
		Evidence  []consent.EvidenceRef `json:"evidence"`
	}
	if json.Unmarshal(e.Body, &body) != nil {
		return
	}
	if body.PIICommit != "" {
		n.commits[body.PIICommit] = e.Subject
	}
	for _, hash := range []consent.BlobHash{consent.BlobHash(body.Form), body.Details, body.Why} {
		n.add(hash, "")
	}
	for _, ref := range body.Evidence {
		n.add(ref.SHA256, e.Subject)
	}
}

func (n *named) add(hash consent.BlobHash, owner consent.SubjectID) {
	if hash != "" && !slices.Contains(n.blobs[hash], owner) {
		n.blobs[hash] = append(n.blobs[hash], owner)
	}
}

// ownerOf is for whom a blob is to be sealed, by the events: whoever it was for there, or else somebody whose evidence it is and who is
// not erased. False when no event names it for anybody who is left.
func (u *union) ownerOf(c *change, b Blob) (consent.SubjectID, bool) {
	left := slices.DeleteFunc(slices.Clone(u.named.blobs[b.Hash]), func(id consent.SubjectID) bool { return id != "" && c.erased(id) })
	switch {
	case len(left) == 0:
		return "", false
	case slices.Contains(left, b.Subject):
		return b.Subject, true
	}
	return slices.Max(left), true // somebody's before nobody's
}
