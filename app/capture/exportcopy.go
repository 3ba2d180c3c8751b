package capture

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"samtykke/app/consent"
	"samtykke/app/picture"
	"samtykke/app/problem"
	"samtykke/assets"
)

// plan is what the copy of a picture is to be.
type plan struct {
	image Image
	xmp   picture.XMP
	names []string // of the copy, then of what stands beside it
	raw   *CompanionFile
	says  string // see exportedCopy
}

// plan decides what a copy is called and says. Names that it has already stay.
func (x *exporting) plan(img Image) (plan, error) {
	p := plan{image: img, xmp: x.snapshot(img)}
	if x.Raw {
		p.raw = rawOf(img)
	}
	same := p.xmp
	same.CheckedAt, same.UsageTerms = time.Time{}, "" // these tell the time
	hash := sha256.New()
	err := json.NewEncoder(hash).Encode([]any{img.ID, same, x.language, x.Size, x.Profile, x.naming, p.raw, sidecarFor(img.Name, img, p.raw)})
	p.says = hex.EncodeToString(hash.Sum(nil))
	if own := x.folder.of(img.ID); own != nil && own.Says == p.says {
		for _, f := range own.Files {
			p.names = append(p.names, f.Name)
		}
		return p, err
	}
	name := exportName(img, x.Profile)
	if x.drawn(img) {
		name = strings.TrimSuffix(name, filepath.Ext(name)) + ".jpg"
	}
	ext := filepath.Ext(name)
	p.names = x.folder.free(x.folder.of(img.ID), strings.TrimSuffix(name, ext), func(stem string) []string {
		names := []string{stem + ext}
		if x.Profile != picture.ProfileInternal {
			return names
		}
		names = append(names, x.naming.sidecar(stem+ext, img.File.Format))
		if p.raw != nil {
			raw := stem + filepath.Ext(p.raw.Name)
			names = append(names, raw, x.naming.sidecar(raw, p.raw.Format))
		}
		return names
	})
	return p, err
}

// drawn tells whether a picture is drawn anew.
func (x *exporting) drawn(img Image) bool { return x.Size > 0 && img.Kind == consent.Photo }

// copying writes the files of one copy and remembers what they hold.
type copying struct {
	*exporting
	plan
	copied exportedCopy
}

// write makes a copy, in the file where the format and the file allow it, beside it as a sidecar where not. What the copy was before
// and is no longer goes.
func (x *exporting) write(ctx context.Context, p plan) error {
	original, err := x.OpenOriginal(p.image.ID)
	if err != nil {
		return err
	}
	defer original.Close()
	if err := x.unchanged(ctx, p.image, original); err != nil {
		return err
	}
	c := &copying{exporting: x, plan: p, copied: exportedCopy{Asset: p.image.ID, Says: p.says, Order: x.order}}
	inFile, err := c.writeMain(ctx, original)
	if err != nil {
		return err
	}
	if x.Profile == picture.ProfileInternal {
		if err := c.writeBeside(ctx, inFile); err != nil {
			return err
		}
	}
	return x.dropOthers(c.copied)
}

// writeMain writes the copy itself; inFile says that it holds the snapshot.
func (c *copying) writeMain(ctx context.Context, original Original) (inFile bool, err error) {
	deliver := func() error { return c.deliver(ctx, c.image.ID, c.Channel, c.order) }
	if c.drawn(c.image) {
		return true, c.file(c.names[0], deliver, func(w io.Writer) error { return c.draw(w, original) })
	}
	err = c.file(c.names[0], deliver, func(w io.Writer) error { return picture.WriteCopy(w, original, original.Size(), c.xmp) })
	beside := errors.Is(err, picture.ErrC2PA) || errors.Is(err, picture.ErrTooLargeForJPEG) || errors.Is(err, picture.ErrNoWriter)
	unclean := errors.Is(err, picture.ErrUnsupported) || errors.Is(err, picture.ErrDamaged) || errors.Is(err, picture.ErrTooLarge)
	switch {
	case err == nil || !beside && !unclean:
		return true, err
	case c.Profile == picture.ProfilePublic && c.image.Kind != consent.Photo:
		return false, problem.New(problem.NotFound, "cannot-strip-recording",
			"This film or sound cannot be copied without what it tells about people and places ({{.why}}); nothing was written for it; export it with the profile internal to those who may know, or save it from an editing program anew and import that.",
			"why", Cause(err))
	case c.Profile == picture.ProfilePublic:
		return false, problem.New(problem.NotFound, "cannot-strip",
			"This file cannot be copied without what it tells about people and places ({{.why}}); nothing was written for it; export pictures in another size, as JPEG drawn anew, or the file with the profile internal.",
			"why", Cause(err))
	}
	return false, c.file(c.names[0], deliver, func(w io.Writer) error {
		_, err := io.Copy(w, io.NewSectionReader(original, 0, original.Size()))
		return err
	})
}

// draw writes a resized copy.
func (c *copying) draw(w io.Writer, original Original) error {
	opened, err := picture.Open(original, original.Size())
	if err != nil {
		return cannotDraw(err)
	}
	side, whole, err := opened.WriteSized(w, c.Size, c.xmp)
	if err != nil {
		return cannotDraw(err)
	}
	if side < min(c.Size, whole) {
		c.report.Smaller = append(c.report.Smaller, c.names[0])
	}
	return nil
}

func cannotDraw(err error) error {
	for _, known := range []error{picture.ErrNoPreview, picture.ErrUnsupported, picture.ErrDamaged, picture.ErrTooLarge, picture.ErrTooLargeForJPEG} {
		if errors.Is(err, known) {
			return problem.New(problem.NotFound, "cannot-draw",
				"This picture cannot be drawn in another size ({{.why}}); nothing was written for it; export it in its own size.", "why", Cause(err)).Because(err)
		}
	}
	return err
}

// writeBeside writes the raw file and the sidecars. A picture that holds the snapshot itself gets one only when it came with one.
func (c *copying) writeBeside(ctx context.Context, inFile bool) error {
	existing, err := c.sidecar(ctx, c.image.Name)
	if err != nil {
		return err
	}
	if !inFile || existing != nil && !c.drawn(c.image) {
		if err := c.writeSidecar(c.names[1], existing); err != nil {
			return err
		}
	}
	if c.raw == nil {
		return nil
	}
	raw, err := c.openCompanion(*c.raw)
	if err != nil {
		return err
	}
	defer raw.Close()
	if err := c.file(c.names[2], nil, func(w io.Writer) error {
		_, err := io.Copy(w, Exactly(consent.AssetID(c.raw.SHA256), io.NewSectionReader(raw, 0, raw.Size())))
		return err
	}); err != nil {
		return c.doubtful(ctx, *c.raw, err)
	}
	if existing, err = c.sidecar(ctx, c.raw.Name); err != nil {
		return err
	}
	return c.writeSidecar(c.names[3], existing)
}

// sidecar is the content of the sidecar that came with a file; nil when none did.
func (c *copying) sidecar(ctx context.Context, name string) ([]byte, error) {
	companion := sidecarFor(name, c.image, c.raw)
	if companion == nil {
		return nil, nil
	}
	opened, err := c.openCompanion(*companion)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	content, err := io.ReadAll(Exactly(consent.AssetID(companion.SHA256), io.NewSectionReader(opened, 0, opened.Size())))
	return content, c.doubtful(ctx, *companion, err)
}

// doubtful returns why a companion could not be read, and notes when it is that other bytes lie outside the vault in its place.
func (c *copying) doubtful(ctx context.Context, f CompanionFile, err error) error {
	if err == nil || problem.Of(err).ID != "original-other-bytes" || f.Path == "" || c.Originals.Has(consent.AssetID(f.SHA256)) {
		return err
	}
	return cmp.Or(c.doubt(ctx, c.image.ID, f.SHA256), err)
}

// writeSidecar merges the snapshot into the sidecar that came with a file. One that cannot be read is left where it is, in the vault.
func (c *copying) writeSidecar(name string, existing []byte) error {
	sidecar, err := picture.Sidecar(existing, c.xmp)
	if errors.Is(err, picture.ErrDamaged) || errors.Is(err, picture.ErrTooLarge) {
		sidecar, err = picture.Sidecar(nil, c.xmp)
	}
	if err != nil {
		return err
	}
	return c.file(name, nil, func(w io.Writer) error { _, err := w.Write(sidecar); return err })
}

// file writes one file of a copy. Before it gets its name the journal names it, and deliver, when there is any, has recorded that it
// leaves.
func (c *copying) file(name string, deliver func() error, write func(io.Writer) error) error {
	path := c.folder.path(name)
	file := exportedFile{Name: name}
	if own := c.folder.of(c.image.ID); own != nil {
		if i := slices.IndexFunc(own.Files, func(f exportedFile) bool { return f.Name == name }); i >= 0 {
			file.Was = own.Files[i].SHA256
		}
	}
	sum := sha256.New()
	written := counting{to: sum}
	err := writeWhole(path, func(w io.Writer) error {
		if err := write(io.MultiWriter(w, &written)); err != nil {
			return err
		}
		if deliver != nil {
			if err := deliver(); err != nil {
				return err
			}
		}
		file.SHA256, file.Size = hex.EncodeToString(sum.Sum(nil)), written.bytes
		named := c.copied
		named.Files = append(slices.Clone(named.Files), file)
		return c.folder.note(journalEntry{Copy: c.withOlder(named)})
	})
	if err != nil {
		return err
	}
	if info, err := os.Lstat(path); err == nil {
		file.Modified = info.ModTime()
	}
	file.Was = ""
	c.folder.names[strings.ToLower(name)] = true
	c.copied.Files = append(c.copied.Files, file)
	c.folder.put(c.withOlder(c.copied))
	return nil
}

// withOlder adds the files that an earlier copy has and this one has not got yet, so that none is ever without an entry.
func (c *copying) withOlder(now exportedCopy) exportedCopy {
	own := c.folder.of(c.image.ID)
	if own == nil {
		return now
	}
	now.Files = slices.Clone(now.Files)
	for _, f := range own.Files {
		if !slices.ContainsFunc(now.Files, func(n exportedFile) bool { return n.Name == f.Name }) {
			now.Files = append(now.Files, f)
		}
	}
	return now
}

// dropOthers removes the files that a copy had and has no longer, and notes the copy as it is.
func (x *exporting) dropOthers(c exportedCopy) error {
	for _, f := range x.folder.of(c.Asset).Files {
		if slices.ContainsFunc(c.Files, func(n exportedFile) bool { return n.Name == f.Name }) {
			continue
		}
		was, err := x.folder.delete(f)
		if err != nil {
			return err
		}
		if was == fileForeign {
			x.report.Kept = append(x.report.Kept, RefusedAsset{Asset: c.Asset, Name: f.Name, Reasons: x.because(exportFileChanged())})
		}
	}
	x.folder.put(c)
	return nil
}

// counting counts what passes.
type counting struct {
	to    io.Writer
	bytes int64
}

func (c *counting) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.bytes += int64(n)
	return n, err
}

// openCompanion gives the bytes of a file that came with a picture.
func (s *Session) openCompanion(f CompanionFile) (Original, error) {
	id := consent.AssetID(f.SHA256)
	if s.Originals.Has(id) || f.Path == "" {
		return s.Originals.Open(id)
	}
	return openOutside(f.Path)
}

// unchanged makes sure that the file is still the picture that was cleared. Outside the vault another may lie under its name now;
// within it somebody may have exchanged two sealed files, which both open.
func (s *Session) unchanged(ctx context.Context, img Image, original Original) error {
	inVault := s.Originals.Has(img.ID)
	hash, err := hashAll(io.NewSectionReader(original, 0, original.Size()))
	switch {
	case err != nil && inVault:
		return err
	case err != nil:
		return cannotRead(img.File.Path, err)
	case hash != img.ID && inVault:
		return otherBytes(img.ID)
	case hash != img.ID:
		if err := s.doubt(ctx, img.ID, consent.BlobHash(img.ID)); err != nil {
			return err
		}
		return problem.New(problem.NotFound, "reference-changed",
			"The file {{.path}} is not the one that was imported; it was not exported; put the original back, or import the new one and answer for it.", "path", img.File.Path)
	}
	return nil
}

// snapshot is what a copy says about consent at this moment.
func (x *exporting) snapshot(img Image) picture.XMP {
	s := x.Session
	s.mu.RLock()
	defer s.mu.RUnlock()
	now := s.Clock()
	clearance := s.state.Clear(img.ID, x.Channel, now)
	words, shoot := assets.NewTexts(x.language), s.shootDetails(img.Shoot)
	xmp := picture.XMP{Profile: x.Profile, Kind: picture.Kind(img.Kind), Marked: true, WebStatement: s.organisation.Policy, CheckedAt: now,
		Creator: shoot.Photographer, ConsentState: string(clearance.Verdict), EventID: "urn:uuid:" + string(img.Shoot), EventName: shoot.Title,
		UsageTerms:         words.T("export.terms", map[string]any{"Channel": s.channelTitle(x.Channel, x.language), "Organisation": s.organisation.Name, "Day": day(now, x.language)}),
		ModelReleaseStatus: s.releaseOf(img, now)}
	for _, p := range img.People {
		xmp.PersonCodes = append(xmp.PersonCodes, string(p.Code))
		xmp.PersonIDs = append(xmp.PersonIDs, "urn:uuid:"+string(p.ID))
	}
	for _, r := range clearance.Reasons {
		if r.Subject != "" && r.Standing.Record != "" {
			xmp.ModelReleaseIDs = append(xmp.ModelReleaseIDs, "urn:uuid:"+string(r.Standing.Record))
		}
	}
	if until := earliestEnd(clearance); !until.IsZero() {
		xmp.OtherConstraints = words.T("export.until", map[string]any{"Until": day(until, x.language)})
	}
	return xmp
}

// earliestEnd is, of several people, whose consent ends first; zero when none does.
func earliestEnd(c consent.Clearance) time.Time {
	var until time.Time
	for _, r := range c.Reasons {
		if u := r.Standing.Until; r.Subject != "" && !u.IsZero() && (until.IsZero() || u.Before(until)) {
			until = u
		}
	}
	return until
}

// releaseOf answers IPTC's model release status: not applicable where nobody can be recognised, limited where anybody who appears has
// given a consent to anything, none otherwise. The caller holds a lock.
func (s *Session) releaseOf(img Image, now time.Time) picture.ModelReleaseStatus {
	recognisable := img.PeopleCount != 0 || len(img.People) > 0
	if !recognisable || img.Ground == consent.GroundAnonymised || img.Ground == consent.GroundNotIdentifiable {
		return picture.ModelReleaseNotApplicable
	}
	for _, p := range img.People {
		for _, hash := range s.current {
			for _, standing := range s.state.Standings(p.ID, s.state.Form(hash), now) {
				if standing.Status == consent.StatusGiven {
					return picture.ModelReleaseLimited
				}
			}
		}
	}
	return picture.ModelReleaseNone
}

// exportName is what a copy is called. A public copy gets no name that somebody once typed, and no ending either, which is anything
// after a full stop: file names name people too.
func exportName(img Image, profile picture.Profile) string {
	if profile == picture.ProfileInternal && img.Here {
		return filepath.Base(img.Name)
	}
	stamp := img.File.TakenAt
	if stamp.IsZero() {
		stamp = img.Imported
	}
	ending := img.File.Format
	if ending == "jpeg" {
		ending = "jpg"
	}
	return stamp.Format("20060102-150405") + "_" + string(img.ID[:min(8, len(img.ID))]) + "." + ending
}
