package capture

import (
	"context"
	"errors"
	"os"
	"slices"

	"github.com/google/uuid"

	"samtykke/app/consent"
	"samtykke/app/picture"
	"samtykke/app/problem"
	"samtykke/assets"
)

// Export writes cleared copies into a folder, or brings a folder that was exported earlier up to date.
type Export struct {
	Channel consent.Channel
	Out     string          // folder; made when it is not there
	Shoot   consent.ShootID // "" for all
	Profile picture.Profile // what the copies may tell; "" is public
	// Size is the longer side of pictures in pixels: they are drawn anew, upright and in sRGB, never enlarged. 0 copies the files
	// themselves, as films and sounds always are.
	Size int
	// Raw puts the raw files that came with pictures beside these. Internal only.
	Raw bool
	// CSV and ContactSheet write lists of the copies for a picture desk. Lists that a folder has are kept up to date without being
	// asked for.
	CSV, ContactSheet bool
	// Progress is told how many of how many are done; nil to not be told.
	Progress func(done, total int)
}

// ExportReport is what an export did.
type ExportReport struct {
	// Exported counts the copies that were written, Unchanged those that were there already as they should be.
	Exported, Unchanged int
	Refused             []RefusedAsset
	// Removed are the copies, by file name, that were taken out of the folder because they are no longer cleared.
	Removed []RefusedAsset
	// Kept are the files that should have been removed or written anew, and were not, because somebody has changed them since.
	Kept []RefusedAsset
	// Missing are the files of earlier copies that are not there any more, under the name they had: somebody has renamed, moved or deleted
	// them. Those that are still cleared were written anew.
	Missing []RefusedAsset
	// Smaller are the copies, by file name, that are smaller than was asked for: of a raw file only a preview can be drawn.
	Smaller []string
	// Lists are the names of the lists that were written.
	Lists []string
}

// RefusedAsset is an asset, or a file of it, with which something was not done, and why.
type RefusedAsset struct {
	Asset   consent.AssetID
	Name    string
	Reasons []ClearReason
}

// exporting is one run of an export.
type exporting struct {
	*Session
	Export
	language string
	naming   SidecarNaming
	order    string
	folder   *exportFolder
	report   ExportReport
}

// Export writes a copy of every asset that is cleared for the channel now, with what it may tell as XMP, and refuses the rest
// with reasons. Originals are not touched; a copy appears whole or not at all, and every one is recorded as delivered before it does.
// Slate cards are no pictures and are left out.
//
// A manifest in the folder says what was written. With it a further export leaves copies alone that are as they should be, writes
// those anew whose clearance, people or texts have changed, and removes what is no longer cleared, whatever shoot it is of. Files that
// the manifest does not name, or that somebody has changed since, are never touched. A folder holds copies for one channel and
// profile.
func (s *Session) Export(ctx context.Context, e Export, language string) (ExportReport, error) {
	x := &exporting{Session: s, Export: e, language: language, report: ExportReport{Refused: []RefusedAsset{}, Removed: []RefusedAsset{}, Kept: []RefusedAsset{}}}
	if err := x.check(ctx); err != nil {
		return x.report, err
	}
	if err := os.MkdirAll(e.Out, 0o755); err != nil { //nolint:gosec // exported copies are made to be shared
		return x.report, cannotWrite(e.Out, err)
	}
	folder, err := openExportFolder(e.Out, e.Channel, x.Profile)
	if err != nil {
		return x.report, err
	}
	x.folder = folder
	if err := s.rememberExport(ctx, x, x.order); err != nil { // first: after a crash a withdrawal still names the folder
		return x.report, err
	}
	err = x.run(ctx)
	err = errors.Join(err, x.folder.close(s.Clock()))
	if err == nil {
		err = x.writeLists(ctx)
	}
	return x.report, errors.Join(err, s.rememberExport(context.WithoutCancel(ctx), x))
}

// check refuses what cannot be done, before anything is written.
func (x *exporting) check(ctx context.Context) error {
	if err := OutsideVault(x.Folder, x.Out); err != nil {
		return err
	}
	if err := x.KnownChannel(x.Channel); err != nil {
		return err
	}
	if err := checkProfile(&x.Profile); err != nil {
		return err
	}
	if x.Shoot != "" {
		if err := x.KnownShoot(x.Shoot); err != nil {
			return err
		}
	}
	switch {
	case x.Size < 0 || x.Size > 0 && x.Size < 16 || x.Size > maxExportSize:
		return problem.New(problem.Invalid, "export-size-wrong",
			"{{.size}} is not a size for copies; nothing was written; name the longer side in pixels, from 16 to {{.most}}.", "size", x.Size, "most", maxExportSize)
	case x.Raw && x.Profile == picture.ProfilePublic:
		return problem.New(problem.Invalid, "export-raw-public",
			"Raw files tell what they were made with and where, and cannot be cleaned; nothing was written; leave the raw files out, or export with the profile internal.")
	}
	var err error
	if x.naming, err = x.SidecarNaming(ctx); err != nil {
		return err
	}
	if err := x.logWhole(ctx); err != nil {
		return err
	}
	order, err := uuid.NewV7FromReader(x.Random)
	x.order = order.String()
	return err
}

const maxExportSize = 20_000

func checkProfile(profile *picture.Profile) error {
	switch *profile {
	case "":
		*profile = picture.ProfilePublic
	case picture.ProfilePublic, picture.ProfileInternal:
	default:
		return problem.New(problem.Invalid, "export-profile-unknown",
			"There is no export profile {{.profile}}; nothing was written; choose public or internal.", "profile", string(*profile))
	}
	return nil
}

// run goes through the folder's copies and the chosen pictures.
func (x *exporting) run(ctx context.Context) error {
	images := slices.DeleteFunc(x.Images(ImageFilter{}), func(i Image) bool {
		return i.File.ShowsCard() || x.Shoot != "" && i.Shoot != x.Shoot && !x.folder.has(i.ID)
	})
	listed := make(map[consent.AssetID]bool, len(images))
	for _, img := range images {
		listed[img.ID] = true
	}
	for _, c := range x.folder.copies() { // what was taken out of use since; pictures of another vault are not ours to judge
		if img, err := x.Image(c.Asset); err == nil && !listed[c.Asset] {
			if err := x.unlisted(img); err != nil {
				return err
			}
		}
	}
	for i, img := range images {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := x.one(ctx, img); err != nil {
			return err
		}
		if x.Progress != nil {
			x.Progress(i+1, len(images))
		}
	}
	return nil
}

// unlisted removes the copy of a picture that is not among those to be exported, unless it may stay.
func (x *exporting) unlisted(img Image) error {
	if !img.Removed && img.File.ShowsCard() { // known to be one only since it was exported
		return x.remove(img.ID, x.because(problem.New(problem.Conflict, "export-card",
			"This is a picture of a QR card, which names a person and is for nobody to see; the original is safe; there is nothing more to do.")))
	}
	answer, err := x.Clear(img.ID, x.Channel, x.language)
	if err != nil || answer.Answer == consent.Yes {
		return err
	}
	return x.remove(img.ID, answer.Reasons)
}

// one brings the copy of one picture up to date. An error means that the rest would fare no better.
func (x *exporting) one(ctx context.Context, img Image) error {
	answer, err := x.Clear(img.ID, x.Channel, x.language)
	if err != nil {
		return err
	}
	if answer.Answer != consent.Yes {
		x.refuse(img, answer.Reasons)
		return x.remove(img.ID, answer.Reasons)
	}
	p, err := x.plan(img)
	if err != nil {
		return err
	}
	switch state, err := x.folder.stateOf(p); {
	case err != nil:
		return err
	case state == copyAsPlanned:
		x.report.Unchanged++
		return nil
	case state == copyChanged:
		x.report.Kept = append(x.report.Kept, RefusedAsset{Asset: img.ID, Name: x.folder.of(img.ID).Files[0].Name, Reasons: x.because(exportFileChanged())})
		return nil
	}
	x.miss(img.ID, nil)
	err = x.write(ctx, p)
	switch kind := problem.KindOf(err); {
	case err == nil:
		x.report.Exported++
		return nil
	case kind == problem.Unavailable: // the disk is full, the folder gone
		return err
	}
	x.refuse(img, x.because(problem.Of(err)))
	if problem.Of(err).ID == "export-no-longer-cleared" {
		return x.remove(img.ID, x.because(problem.Of(err)))
	}
	return nil
}

func (x *exporting) refuse(img Image, reasons []ClearReason) {
	x.report.Refused = append(x.report.Refused, RefusedAsset{Asset: img.ID, Name: img.Name, Reasons: reasons})
}

// because gives a problem as the reason why something was not done.
func (x *exporting) because(p *problem.Problem) []ClearReason {
	return []ClearReason{{Status: p.ID, Text: p.In(assets.NewTexts(x.language)), Verdict: consent.NotYet}}
}

// remove takes the files of a copy out of the folder, but for those that somebody has changed.
func (x *exporting) remove(id consent.AssetID, reasons []ClearReason) error {
	c := x.folder.of(id)
	if c == nil {
		return nil
	}
	x.miss(id, reasons)
	removed, changed, err := x.folder.remove(id)
	for _, name := range removed {
		x.report.Removed = append(x.report.Removed, RefusedAsset{Asset: id, Name: name, Reasons: reasons})
	}
	for _, name := range changed {
		x.report.Kept = append(x.report.Kept, RefusedAsset{Asset: id, Name: name, Reasons: append(x.because(exportFileChanged()), reasons...)})
	}
	return err
}

// miss names the files of a copy that are gone, with the reasons why the copy must be, if there are any.
func (x *exporting) miss(id consent.AssetID, reasons []ClearReason) {
	for _, name := range x.folder.missing(id) {
		x.report.Missing = append(x.report.Missing, RefusedAsset{Asset: id, Name: name, Reasons: append(x.because(exportFileMissing()), reasons...)})
	}
}

func exportFileMissing() *problem.Problem {
	return problem.New(problem.NotFound, "export-file-missing",
		"This copy is no longer where it was exported to: somebody has renamed, moved or deleted it; nothing else was touched; find it, and delete it if it must not be used any more.")
}

func exportFileChanged() *problem.Problem {
	return problem.New(problem.Conflict, "export-file-changed",
		"Somebody has changed this file since it was exported; it was left as it is; look at it, and delete it if it must not be used any more.")
}
