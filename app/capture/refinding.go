package capture

import (
	"context"
	"maps"

	"samtykke/app/consent"
)

// leftAt is a file that was left outside the vault, as the import of the same bytes finds it.
func (s *Session) leftAt(hash consent.BlobHash) (outside, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	owner := consent.AssetID(hash)
	if _, here := s.files[owner]; !here {
		owner = s.companions[hash]
	}
	for _, left := range s.leftOutside(s.files[owner]) {
		if left.hash == hash {
			return left, true
		}
	}
	return outside{}, false
}

// lies decides where a file that an import meets is to be looked for from now on: in the vault, when it has just been taken in; where the
// import found it, when it no longer lies where it was left; otherwise where it was.
func (i *importing) lies(ctx context.Context, f *candidate) error {
	left, outside := i.session.leftAt(consent.BlobHash(f.asset))
	switch f.left = outside; {
	case !outside:
		return nil
	case !i.in.Reference || left.doubted || left.path == f.path:
		f.moved = true
		return nil
	}
	state, err := left.state(ctx, false)
	f.moved = state != ReferenceSame
	return err
}

// meet keeps where the files of an asset that were here already are to be looked for from now on.
func (b *filing) meet(id consent.AssetID, files ...*candidate) error {
	entry, here, err := b.AssetFile(id)
	if err != nil || !here {
		return err
	}
	places := map[consent.BlobHash]place{}
	for _, f := range files {
		if f.fail != nil || !f.left {
			continue
		}
		b.met[consent.BlobHash(f.asset)] = id
		if !f.moved {
			continue
		}
		var p place
		p.path, p.modified = b.outside(f)
		places[consent.BlobHash(f.asset)] = p
	}
	if len(places) == 0 {
		return nil
	}
	return b.put(entry.at(places))
}

// trustMet forgets what was amiss with files that this batch has met: their bytes were just read. An asset of which another file was
// not met waits for the next check.
func (b *filing) trustMet() error {
	s := b.session
	amiss, doubted := maps.Clone(s.amiss), maps.Clone(s.doubted)
	for hash, id := range b.met {
		delete(doubted, hash)
		all := true
		for _, left := range s.leftOutside(s.files[id]) {
			_, met := b.met[left.hash]
			all = all && met
		}
		if all {
			delete(amiss, id)
		}
	}
	if maps.Equal(amiss, s.amiss) && maps.Equal(doubted, s.doubted) {
		return nil
	}
	return b.keepReferences(amiss, doubted)
}
