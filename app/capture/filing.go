package capture

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"samtykke/app/consent"
	"samtykke/app/evidence"
)

// filing is one batch of an import in one transaction.
type filing struct {
	*change
	run  *importing
	did  ImportReport
	seen []sighted   // what the cards may tell something of
	told []AssetFile // what the cards told something else of than before, of this batch and of what was here
	// imported is what this batch has signed of assets, and owners are the companions that it filed: memory knows them only when the
	// transaction is durable.
	imported map[consent.AssetID]consent.ImportedBody
	owners   map[consent.BlobHash]consent.AssetID
	met      map[consent.BlobHash]consent.AssetID // files that were left outside and that this batch has read, with their assets
}

// commit files a batch in one transaction: imports, companions, slates, and the links of all that follows them. Then it keeps the previews.
func (i *importing) commit(ctx context.Context, batch []*candidate) error {
	var b *filing
	err := i.session.change(ctx, func(c *change) error {
		b = &filing{change: c, run: i, imported: map[consent.AssetID]consent.ImportedBody{},
			owners: map[consent.BlobHash]consent.AssetID{}, met: map[consent.BlobHash]consent.AssetID{}}
		for _, f := range batch {
			if err := b.file(f); err != nil {
				return err
			}
		}
		if err := b.trustMet(); err != nil {
			return err
		}
		if err := b.followCards(); err != nil {
			return err
		}
		return b.undoable(i.linked)
	})
	if err != nil {
		return err
	}
	maps.Copy(i.known.owners, b.owners)
	i.report.Undecided = slices.DeleteFunc(i.report.Undecided, func(u UndecidedFile) bool {
		return slices.ContainsFunc(b.told, func(f AssetFile) bool { return f.Asset == u.Asset })
	})
	i.report.add(b.did)
	var previews errgroup.Group // all at once: they share the flushes to disk
	for _, f := range batch {
		if f.preview != nil {
			previews.Go(func() error { return i.session.Previews.PutPreview(f.asset, f.preview) })
		}
	}
	return previews.Wait()
}

// owner is the asset whose companion a file is.
func (b *filing) owner(id consent.AssetID) consent.AssetID {
	if owner, fresh := b.owners[consent.BlobHash(id)]; fresh {
		return owner
	}
	return b.run.known.owners[consent.BlobHash(id)]
}

// file files one picture with what came with it.
func (b *filing) file(f *candidate) error {
	b.did.Skipped = append(b.did.Skipped, f.skipped...)
	if f.fail != nil {
		b.skip(f)
		return nil //nolint:nilerr // the file's own failure is listed
	}
	if f.paper != nil {
		b.paper(f)
		return nil
	}
	if f.joins != "" {
		return b.attach(f.joins, f)
	}
	if owner := b.owner(f.asset); owner != "" { // a raw file that came alone, and whose JPEG is here
		b.did.Duplicates++
		if err := b.meet(owner, f); err != nil {
			return err
		}
		return b.attach(owner, f.companions...)
	}
	_, known, err := b.AssetFile(f.asset)
	if err != nil {
		return err
	}
	if !known {
		return b.arrive(f)
	}
	b.did.Duplicates++
	if err := b.meet(f.asset, f); err != nil {
		return err
	}
	if err := b.attach(f.asset, f.companions...); err != nil {
		return err
	}
	entry, _, err := b.AssetFile(f.asset)
	if err != nil {
		return err
	}
	return b.sight(f, entry)
}

// arrive files what was not here before: as the other half of a picture that is, or as a picture of its own.
func (b *filing) arrive(f *candidate) error {
	other, err := b.other(f)
	if err != nil {
		return err
	}
	if other != "" {
		return b.attach(other, append([]*candidate{f}, f.companions...)...)
	}
	entry, err := b.importFile(f)
	if err != nil {
		return err
	}
	b.did.Imported++
	return b.sight(f, entry)
}

// skip lists a file that did not come in, and its sidecars, which say nothing without it.
func (b *filing) skip(f *candidate) {
	b.did.Skipped = append(b.did.Skipped, skipped(f.path, f.fail))
	for _, c := range f.companions {
		why := errAlone
		if c.fail != nil {
			why = c.fail
		}
		b.did.Skipped = append(b.did.Skipped, skipped(c.path, why))
	}
}

// other is the asset of which a file is the other half: imported before without it, or of which its raw file is the asset.
func (b *filing) other(f *candidate) (consent.AssetID, error) {
	for _, c := range f.companions {
		if c.fail != nil || !rawFormats[c.format] {
			continue
		}
		if _, known, err := b.AssetFile(c.asset); known || err != nil {
			return c.asset, err
		}
	}
	return b.run.known.otherHalf(f), nil
}

// importFile records one file: its entry, its sealed details, its place in the queue and the event.
func (b *filing) importFile(f *candidate) (AssetFile, error) {
	entry := AssetFile{Asset: f.asset, Name: filepath.Base(f.path), Format: f.info.Format, Width: f.info.Width, Height: f.info.Height,
		Orientation: f.info.Orientation, TakenAt: f.takenAt, Camera: f.info.Camera, Serial: f.info.Serial, HasC2PA: f.info.HasC2PA,
		Duration: f.info.Duration, ClockOffset: f.offset, Folder: folderOf(f.path)}
	entry.Path, entry.Modified = b.outside(f)
	if f.info.Orientation >= 5 { // 5 to 8 lie on their side
		entry.Width, entry.Height = entry.Height, entry.Width
	}
	entry.Slate = b.session.slateEntry(f.slate)
	if err := b.queue(consent.BlobHash(f.asset), ClassOriginal, f.size); err != nil {
		return entry, err
	}
	return b.record(entry, f.companions, consent.ImportedBody{Kind: consent.MediaKind(f.info.Kind), Size: f.size, MIME: f.info.MIME})
}

// attach adds to an asset the files that came with it and are not known to. Those of an asset that was imported elsewhere are where it is.
func (b *filing) attach(id consent.AssetID, companions ...*candidate) error {
	if err := b.meet(id, companions...); err != nil {
		return err
	}
	entry, here, err := b.AssetFile(id)
	if err != nil {
		return err
	}
	fresh := slices.DeleteFunc(slices.Clone(companions), func(c *candidate) bool {
		return c.fail == nil && (!here || c.asset == id || entry.hasCompanion(c.asset))
	})
	b.did.Duplicates += len(companions) - len(fresh)
	if !slices.ContainsFunc(fresh, func(c *candidate) bool { return c.fail == nil }) {
		for _, c := range fresh {
			b.did.Skipped = append(b.did.Skipped, skipped(c.path, c.fail))
		}
		return nil
	}
	a, _ := b.session.state.Asset(id)
	body := consent.ImportedBody{Kind: a.Kind, Size: a.Size, MIME: a.MIME}
	if signed, fresh := b.imported[id]; fresh { // of this very batch: memory does not know it yet
		body = signed
	}
	_, err = b.record(entry, fresh, body)
	return err
}

// record keeps an asset's entry with further companions, and signs that they were imported.
func (b *filing) record(entry AssetFile, companions []*candidate, body consent.ImportedBody) (AssetFile, error) {
	entry.Companions = slices.Clone(entry.Companions)
	body.Companions = nil
	for _, c := range companions {
		switch hash := consent.BlobHash(c.asset); {
		case c.fail != nil:
			b.did.Skipped = append(b.did.Skipped, skipped(c.path, c.fail))
		case entry.hasCompanion(c.asset) || c.asset == entry.Asset:
			b.did.Duplicates++
		default:
			entry.Companions = append(entry.Companions, b.companion(c))
			body.Companions = append(body.Companions, consent.Companion{SHA256: hash, Size: c.size, MIME: c.companionMIME()})
			if !c.isSidecar() {
				b.owners[hash] = entry.Asset
			}
			if err := b.queue(hash, ClassOriginal, c.size); err != nil {
				return entry, err
			}
			b.did.Companions++
		}
	}
	if err := b.put(entry); err != nil {
		return entry, err
	}
	ref, err := details(b.change, "", ClassDetails, entry.shared())
	if err != nil {
		return entry, err
	}
	body.Details = ref.SHA256
	b.imported[entry.Asset] = body
	_, err = b.sign(evidence.Draft{Type: consent.AssetImported, Shoot: b.run.in.Shoot, Asset: entry.Asset, Body: body})
	return entry, err
}

// put keeps an entry.
func (b *filing) put(entry AssetFile) error {
	if err := b.PutAssetFile(entry); err != nil {
		return err
	}
	b.then(func() { b.session.keepFile(entry) })
	return nil
}

// outside is where a file goes on to lie, and as of when; nothing when it was taken in.
func (b *filing) outside(f *candidate) (path string, modified time.Time) {
	if b.run.in.Reference {
		return f.path, f.modified
	}
	return "", time.Time{}
}

// companion is a file as the entry of its asset keeps it.
func (b *filing) companion(f *candidate) CompanionFile {
	c := CompanionFile{SHA256: consent.BlobHash(f.asset), Name: filepath.Base(f.path), Format: f.format, Size: f.size}
	c.Path, c.Modified = b.outside(f)
	return c
}

// shared is an entry without what is of no use elsewhere: where the files lay.
func (f AssetFile) shared() AssetFile {
	f.Path, f.Modified = "", time.Time{}
	f.Companions = slices.Clone(f.Companions)
	for n := range f.Companions {
		f.Companions[n].Path, f.Companions[n].Modified = "", time.Time{}
	}
	return f
}

func (f AssetFile) hasCompanion(id consent.AssetID) bool {
	return slices.ContainsFunc(f.Companions, func(c CompanionFile) bool { return c.SHA256 == consent.BlobHash(id) })
}
