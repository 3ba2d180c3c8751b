package capture

import (
	"cmp"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/picture"
)

// Import brings picture files in.
type Import struct {
	Shoot consent.ShootID
	Paths []string // files and folders; folders with all they hold
	// Slates: look for photographed QR cards, and link the pictures after one to the person on it.
	Slates bool
	// Reference: leave the files where they are and remember only where that is.
	Reference bool
	// Progress is told how far it has come, from the goroutine that called Import; nil to not be told.
	Progress func(ImportProgress)
}

// ImportProgress is how far an import has come.
type ImportProgress struct {
	Done, Total           int
	DoneBytes, TotalBytes int64
}

// ImportReport is what an import did. It is true also when the import was stopped or failed: everything in it is saved.
type ImportReport struct {
	Imported   int
	Duplicates int // were here already
	Skipped    []SkippedFile
	Slates     []SlateFound
	Linked     int // appearances that the slates gave
}

// SkippedFile is a file that was not imported as it was meant, and why.
type SkippedFile struct {
	Path   string
	Why    SkipReason
	Detail string // what the file turned out to be, or whose card it shows; in English or a code, "" when there is none
}

// SlateFound is a photographed card and whose it is.
type SlateFound struct {
	Path    string
	Subject consent.SubjectID
	Code    consent.Code
}

// previewSide is the longer side of stored previews in pixels: sharp in a grid, and large enough to recognise people by.
const previewSide = 512

// importBatch is how many files are committed together. A batch costs two flushes to disk; what a crash can undo is one batch
// of index entries, and importing the same folder again takes it up.
const importBatch = 16

// candidate is a file on its way in.
type candidate struct {
	path     string
	size     int64
	modified time.Time
	info     picture.Info
	fail     error // why it is skipped

	asset   consent.AssetID
	preview []byte
	slate   slateSeen
}

// Import reads files, seals them, and files them in order of capture. Files that cannot be read are skipped with a reason.
// Importing the same files again, also after a stop or a crash, adds only what is missing. When ctx ends, what was committed
// stays and the report says what that was.
func (s *Session) Import(ctx context.Context, in Import) (ImportReport, error) {
	var report ImportReport
	if err := s.KnownShoot(in.Shoot); err != nil {
		return report, err
	}
	files, err := findFiles(in.Paths, &report)
	if err != nil {
		return report, err
	}
	if err := parallel(ctx, files, (*candidate).inspect); err != nil {
		return report, err
	}
	slices.SortStableFunc(files, byCapture)
	progress := ImportProgress{Total: len(files)}
	for _, f := range files {
		progress.TotalBytes += f.size
	}
	following := s.newSlating()
	for batch := range slices.Chunk(files, importBatch) {
		ended := parallel(ctx, batch, func(f *candidate) error { return s.take(ctx, in, f) })
		if ended != nil { // stopped, or the disk is full: what came in until then is in order, up to the first that did not
			if at := slices.IndexFunc(batch, (*candidate).unfinished); at >= 0 {
				batch = batch[:at]
			}
		}
		if following, err = s.commit(context.WithoutCancel(ctx), in, batch, following, &report); err != nil || ended != nil {
			return report, cmp.Or(ended, err)
		}
		for _, f := range batch {
			progress.Done++
			progress.DoneBytes += f.size
		}
		if in.Progress != nil {
			in.Progress(progress)
		}
	}
	return report, ctx.Err()
}

// findFiles walks the paths. Hidden files and folders are passed over, other things that are no regular files are skipped.
func findFiles(paths []string, report *ImportReport) ([]*candidate, error) {
	var files []*candidate
	seen := map[string]bool{}
	skip := func(path string, err error) { report.Skipped = append(report.Skipped, skipped(path, err)) }
	for _, root := range paths {
		root, err := filepath.Abs(root)
		if err != nil {
			return nil, err
		}
		err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				skip(path, err)
				return nil
			case path != root && strings.HasPrefix(entry.Name(), "."):
				if entry.IsDir() {
					return filepath.SkipDir
				}
				return nil
			case entry.IsDir() || seen[path]:
				return nil
			}
			seen[path] = true
			info, err := os.Stat(path)
			switch {
			case err != nil:
				skip(path, err)
			case !info.Mode().IsRegular():
				skip(path, errNotRegular)
			default:
				files = append(files, &candidate{path: path, size: info.Size(), modified: info.ModTime()})
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

func byCapture(a, b *candidate) int {
	if c := a.info.TakenAt.Compare(b.info.TakenAt); c != 0 {
		return c
	}
	return strings.Compare(a.path, b.path)
}

// parallel runs step for every file on all processors. A step that fails its file keeps that in the file; an error ends all.
func parallel(ctx context.Context, files []*candidate, step func(*candidate) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, f := range files {
		if f.fail != nil {
			continue
		}
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return step(f)
		})
	}
	return group.Wait()
}

// open opens the file; false when it cannot be opened, which is then why it is skipped.
func (f *candidate) open() (*os.File, bool) {
	file, err := os.Open(f.path)
	if err != nil {
		f.fail = err
	}
	return file, err == nil
}

// unfinished tells whether the file has neither come in nor been refused.
func (f *candidate) unfinished() bool { return f.asset == "" && f.fail == nil }

// inspect reads the metadata.
func (f *candidate) inspect() error {
	file, ok := f.open()
	if !ok {
		return nil
	}
	defer file.Close()
	f.info, f.fail = picture.Inspect(file, f.size)
	return nil
}

// take seals a file (or hashes it where it lies), makes its preview and looks for slates. What the vault could not do ends the
// import; what the file is to blame for skips the file.
func (s *Session) take(ctx context.Context, in Import, f *candidate) error {
	file, ok := f.open()
	if !ok {
		return nil
	}
	defer file.Close()
	var asset consent.AssetID
	var size int64
	var err error
	source := &noticing{reader: file}
	if in.Reference {
		asset, size, err = hashAll(source)
	} else {
		asset, size, err = s.Originals.Put(ctx, source)
	}
	switch {
	case source.err != nil: // the card was pulled out, the disk has a fault: this file's matter
		f.fail = source.err
		return nil
	case err != nil:
		return err
	case size != f.size:
		f.fail = errChanging
		return nil
	case s.isRemoved(asset): // on purpose: it does not come back with the next import of the same card
		f.fail = errRemoved
		return s.Originals.Remove(asset)
	}
	// A picture without a preview is still a picture; the grid makes one from the original when it can.
	if f.preview, err = picture.Preview(file, f.size, previewSide); err != nil {
		f.preview = nil
	}
	if in.Slates && f.info.Kind == picture.Photo {
		f.slate = lookForSlates(ctx, file, f.size)
		if err := ctx.Err(); err != nil {
			return err // the search was cut short: without the card its pictures would be nobody's
		}
	}
	f.asset = asset
	return nil
}

// commit files a batch in one transaction: imports, slates, links. It returns how far the cards have been followed.
func (s *Session) commit(ctx context.Context, in Import, batch []*candidate, before *slating, report *ImportReport) (*slating, error) {
	var did ImportReport
	following := before
	err := s.change(ctx, func(c *change) error {
		did, following = ImportReport{}, before.clone()
		arrived := map[consent.AssetID]bool{}
		for _, f := range batch {
			if f.fail != nil {
				did.Skipped = append(did.Skipped, skipped(f.path, f.fail))
				continue
			}
			entry, known := s.files[f.asset]
			if !known && !arrived[f.asset] {
				var err error
				if entry, err = c.importFile(in, f); err != nil {
					return err
				}
				arrived[f.asset] = true
				did.Imported++
			} else {
				did.Duplicates++
			}
			if err := following.next(c, f, entry, &did); err != nil {
				return err
			}
		}
		return c.undoable(following.linked)
	})
	if err != nil {
		return before, err
	}
	var previews errgroup.Group // all at once: they share the flushes to disk
	for _, f := range batch {
		if f.preview != nil {
			previews.Go(func() error { return s.Previews.PutPreview(f.asset, f.preview) })
		}
	}
	if err := previews.Wait(); err != nil {
		return following, err
	}
	for _, f := range batch {
		f.preview = nil
	}
	report.Imported += did.Imported
	report.Duplicates += did.Duplicates
	report.Skipped = append(report.Skipped, did.Skipped...)
	report.Slates = append(report.Slates, did.Slates...)
	report.Linked += did.Linked
	return following, nil
}

// importFile records one file: its entry, its sealed details, its place in the queue and the event.
func (c *change) importFile(in Import, f *candidate) (AssetFile, error) {
	entry := AssetFile{Asset: f.asset, Name: filepath.Base(f.path), Format: f.info.Format, Width: f.info.Width, Height: f.info.Height,
		Orientation: f.info.Orientation, TakenAt: f.info.TakenAt, Camera: f.info.Camera, Serial: f.info.Serial, HasC2PA: f.info.HasC2PA,
		Duration: f.info.Duration}
	if f.info.Orientation >= 5 { // 5 to 8 lie on their side
		entry.Width, entry.Height = entry.Height, entry.Width
	}
	if in.Reference {
		entry.Path, entry.Modified = f.path, f.modified
	}
	entry.Slate = c.session.slateEntry(f.slate)
	if err := c.PutAssetFile(entry); err != nil {
		return entry, err
	}
	c.then(func() { c.session.files[entry.Asset] = entry })
	shared := entry
	shared.Path, shared.Modified = "", time.Time{} // where it lay is of no use elsewhere
	ref, err := details(c, "", ClassDetails, shared)
	if err != nil {
		return entry, err
	}
	if err := c.queue(consent.BlobHash(f.asset), ClassOriginal, f.size); err != nil {
		return entry, err
	}
	_, err = c.sign(evidence.Draft{Type: consent.AssetImported, Shoot: in.Shoot, Asset: f.asset,
		Body: consent.ImportedBody{Kind: consent.MediaKind(f.info.Kind), Size: f.size, MIME: f.info.MIME, Details: ref.SHA256}})
	return entry, err
}
