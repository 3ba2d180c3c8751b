package capture

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"samtykke/app/consent"
	"samtykke/app/evidence"
)

// takePeople takes over profiles and the keys that go with them. A higher revision wins; of two changes with one number this device
// keeps its own and says so, since only people can tell which is right.
func (u *union) takePeople(ctx context.Context) error {
	s := u.session
	type person struct {
		profile consent.Profile
		keys    [][]byte
	}
	waits, err := u.whoWaits(ctx)
	if err != nil {
		return err
	}
	done := 0
	batch := batched[person]{most: 200, flush: func(people []person) error {
		taken := 0
		err := s.change(ctx, func(c *change) error {
			taken = 0
			for _, p := range people {
				fresh, err := u.takePerson(c, p.profile, p.keys, waits[p.profile.Subject])
				if err != nil {
					return err
				}
				if fresh {
					taken++
				}
			}
			return nil
		})
		done += len(people)
		u.done.Profiles += taken
		u.step(UnionPeople, done, 0)
		return err
	}}
	err = u.other.Store.View(ctx, func(tx Tx) error {
		return tx.EachProfile(func(p consent.Profile) error {
			keys, err := tx.SubjectKeys(p.Subject)
			if err != nil {
				return err
			}
			return batch.add(person{p, keys})
		})
	})
	if err != nil {
		return err
	}
	return batch.end()
}

// whoWaits lists whose profile the library has yet to get from this device, or from another copy of it. What another device has to send
// it sends itself.
func (u *union) whoWaits(ctx context.Context) (map[consent.SubjectID]bool, error) {
	waits := map[consent.SubjectID]bool{}
	list := func(tx Tx) error {
		waiting, err := tx.WaitingProfiles()
		for _, p := range waiting {
			waits[p.Subject] = true
		}
		return err
	}
	err := u.session.Store.View(ctx, list)
	if err == nil && u.sameDevice() {
		err = u.other.Store.View(ctx, list)
	}
	return waits, err
}

func (u *union) takePerson(c *change, theirs consent.Profile, keys [][]byte, waits bool) (fresh bool, err error) {
	s := c.session
	if c.erased(theirs.Subject) {
		return false, nil
	}
	sub, _ := s.state.Subject(theirs.Subject)
	if commit, err := evidence.CommitProfile(theirs); err != nil || u.named.commits[commit] != theirs.Subject {
		u.done.Problems = append(u.done.Problems, fmt.Sprintf(
			"the details of %s are not those that any signed event tells of and were not taken; sync both devices, or ask whoever made the backup", cmp.Or(string(sub.Code), string(theirs.Subject))))
		return false, nil //nolint:nilerr // one without a commit key commits to nothing
	}
	if err := c.takeKeys(theirs.Subject, keys); err != nil {
		return false, err
	}
	mine, known := s.profiles[theirs.Subject]
	switch {
	case known && mine.Revision == theirs.Revision && !sameProfile(mine, theirs):
		u.done.Problems = append(u.done.Problems, fmt.Sprintf("%s was corrected on both sides; what is here was kept; compare the two and correct it", sub.Code))
		return false, nil
	case known && mine.Revision >= theirs.Revision:
		return false, nil
	}
	c.then(func() { s.keepProfile(theirs) })
	return true, c.PutProfile(theirs, waits)
}

func sameProfile(a, b consent.Profile) bool {
	x, errX := a.Canonical()
	y, errY := b.Canonical()
	return errX == nil && errY == nil && bytes.Equal(x, y) && a.CommitKey == b.CommitKey
}

// takeKeys takes over the keys that another vault has for a person. Whoever is new here is sealed with theirs; of whoever is known on
// both sides both keys are kept, since the links on receipts that were printed there follow from theirs.
func (c *change) takeKeys(id consent.SubjectID, keys [][]byte) error {
	for _, key := range keys {
		if err := c.TakeSubjectKey(id, key); err != nil {
			return err
		}
	}
	return nil
}

// takeRecords takes over what was handed out with each consent, so that receipts can be written here and be the same, and who was
// judged not to be the same person.
func (u *union) takeRecords(ctx context.Context) error {
	s := u.session
	type record struct {
		id     consent.RecordID
		handed handedOut
	}
	batch := batched[record]{most: 500, flush: func(records []record) error {
		return s.change(ctx, func(c *change) error {
			for _, r := range records {
				_, subject, _, _, known := s.state.Record(r.id)
				if !known || s.isErased(subject) {
					continue
				}
				if token, err := evidence.DecodeToken(s.trusted(), r.handed.Token); err != nil || token.Record != r.id {
					continue // it would go on this record's receipt
				}
				if found, err := c.Setting(handedOutSetting(r.id), &handedOut{}); err != nil || found {
					if err != nil {
						return err
					}
					continue
				}
				if err := c.PutSetting(handedOutSetting(r.id), r.handed); err != nil {
					return err
				}
			}
			return nil
		})
	}}
	var pairs []pair
	err := u.other.Store.View(ctx, func(tx Tx) error {
		for _, id := range u.records {
			r := record{id: id}
			if found, err := tx.Setting(handedOutSetting(id), &r.handed); err != nil || !found {
				if err != nil {
					return err
				}
				continue
			}
			if err := batch.add(r); err != nil {
				return err
			}
		}
		_, err := tx.Setting(settingDifferent, &pairs)
		return err
	})
	if err != nil {
		return err
	}
	if err := batch.end(); err != nil {
		return err
	}
	return u.takeDifferent(ctx, pairs)
}

func (u *union) takeDifferent(ctx context.Context, theirs []pair) error {
	return u.session.change(ctx, func(c *change) error {
		var pairs []pair
		if _, err := c.Setting(settingDifferent, &pairs); err != nil {
			return err
		}
		before := len(pairs)
		for _, both := range theirs {
			if !slices.Contains(pairs, both) {
				pairs = append(pairs, both)
				c.then(func() { c.session.different[both] = true })
			}
		}
		if len(pairs) == before {
			return nil
		}
		return c.PutSetting(settingDifferent, pairs)
	})
}

// takeBlobs takes over forms, details and evidence, sealed anew with this vault's keys. A blob there that does not open is named.
func (u *union) takeBlobs(ctx context.Context) error {
	s := u.session
	batch := batched[blobWithKeys]{most: 256, bytes: 8 << 20, size: func(b blobWithKeys) int { return len(b.Data) }, flush: func(blobs []blobWithKeys) error {
		var count int
		var size int64
		err := s.change(ctx, func(c *change) error {
			count, size = 0, 0
			for _, b := range blobs {
				fresh, err := u.takeBlob(c, b)
				if err != nil {
					return err
				}
				if fresh {
					count++
					size += int64(len(b.Data))
				}
			}
			return nil
		})
		if err == nil {
			u.done.Blobs += count
			u.done.Bytes += size
		}
		return err
	}}
	for _, class := range []BlobClass{ClassForm, ClassDetails, ClassEvidence} {
		err := u.other.Store.View(ctx, func(tx Tx) error {
			return tx.EachBlobOfClass(class, func(b Blob) error {
				with := blobWithKeys{Blob: b}
				if b.Subject != "" {
					var err error
					if with.keys, err = tx.SubjectKeys(b.Subject); err != nil {
						return err
					}
				}
				return batch.add(with)
			})
		})
		if isDamage(err) {
			u.done.Problems = append(u.done.Problems, fmt.Sprintf("of the class %s not everything in the backup opens; what does was taken; repair that vault and make a new backup", class))
		} else if err != nil {
			return err
		}
	}
	if err := batch.end(); err != nil {
		return err
	}
	return u.learnShoots(ctx)
}

type blobWithKeys struct {
	Blob
	keys [][]byte // of the subject whose it is
}

func (u *union) takeBlob(c *change, b blobWithKeys) (fresh bool, err error) {
	owner, isNamed := u.ownerOf(c, b.Blob)
	if !isNamed {
		return false, nil
	}
	if _, here, err := c.Blob(b.Hash); err != nil || here {
		return false, err
	}
	if b.Class == ClassForm {
		return true, c.takeForms([][]byte{b.Data})
	}
	if owner == "" {
		b.Class = ClassDetails
	} else {
		b.Class = ClassEvidence
	}
	if owner == b.Subject && owner != "" {
		if err := c.takeKeys(owner, b.keys); err != nil {
			return false, err
		}
	}
	b.Subject = owner
	return true, c.PutBlob(b.Blob)
}

// learnShoots takes into memory what shoots are called whose details have come.
func (u *union) learnShoots(ctx context.Context) error {
	s := u.session
	return s.change(ctx, func(c *change) error {
		named, err := s.readShoots(c)
		if err == nil {
			c.then(func() { maps.Copy(s.shoots, named) })
		}
		return err
	})
}

// personalLink derives a record's personal link again, with whichever of the person's keys it was made with.
func (c *change) personalLink(subject consent.SubjectID, nonce, hash string) (evidence.LinkSecret, error) {
	keys, err := c.SubjectKeys(subject)
	if err != nil {
		return "", err
	}
	for _, key := range keys {
		link, err := evidence.DeriveLink(key, nonce)
		if err != nil || link.Hash() == hash {
			return link, err
		}
	}
	return "", evidenceElsewhere()
}
