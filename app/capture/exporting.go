package capture

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samtykke/app/consent"
	"samtykke/app/picture"
	"samtykke/app/problem"
	"samtykke/assets"
)

// Export writes cleared copies into a folder.
type Export struct {
	Channel consent.Channel
	Out     string          // folder; made when it is not there
	Shoot   consent.ShootID // "" for all
	Profile picture.Profile // what the copies may tell; "" is public
	// Progress is told how many of how many are done; nil to not be told.
	Progress func(done, total int)
}

// ExportReport is what an export did.
type ExportReport struct {
	Exported int
	Refused  []RefusedAsset
}

// RefusedAsset is an asset that was not written, and why.
type RefusedAsset struct {
	Asset   consent.AssetID
	Name    string
	Reasons []ClearReason
}

// Export writes a copy of every asset that is cleared for the channel now, with what it may tell as XMP, and refuses the rest
// with reasons. Originals are not touched; a copy appears whole or not at all, and every one is recorded as delivered before it does. Slate cards are no pictures and are left out.
func (s *Session) Export(ctx context.Context, e Export, language string) (ExportReport, error) {
	report := ExportReport{Refused: []RefusedAsset{}}
	if err := s.KnownChannel(e.Channel); err != nil {
		return report, err
	}
	if err := checkProfile(&e.Profile); err != nil {
		return report, err
	}
	if e.Shoot != "" {
		if err := s.KnownShoot(e.Shoot); err != nil {
			return report, err
		}
	}
	if err := s.logWhole(ctx); err != nil {
		return report, err
	}
	if err := os.MkdirAll(e.Out, 0o755); err != nil { //nolint:gosec // exported copies are made to be shared
		return report, cannotWrite(e.Out, err)
	}
	images := slices.DeleteFunc(s.Images(ImageFilter{Shoot: e.Shoot}), func(i Image) bool { return len(i.File.Slate) > 0 })
	order, err := uuid.NewV7FromReader(s.Random)
	if err != nil {
		return report, err
	}
	names := map[string]bool{}
	for i, img := range images {
		if err := ctx.Err(); err != nil {
			return report, err
		}
		answer, err := s.Clear(img.ID, e.Channel, language)
		if err != nil {
			return report, err
		}
		if answer.Answer != consent.Yes {
			report.Refused = append(report.Refused, RefusedAsset{Asset: img.ID, Name: img.Name, Reasons: answer.Reasons})
			continue
		}
		if err := s.exportOne(ctx, img, e, order.String(), freeName(names, exportName(img, e.Profile)), language); err != nil {
			p := problem.Of(err)
			if p.Kind == problem.Unavailable { // the disk is full, the folder gone: the rest would fare no better
				return report, err
			}
			report.Refused = append(report.Refused, RefusedAsset{Asset: img.ID, Name: img.Name,
				Reasons: []ClearReason{{Status: p.ID, Text: p.Error(), Verdict: consent.NotYet}}})
			continue
		}
		report.Exported++
		if e.Progress != nil {
			e.Progress(i+1, len(images))
		}
	}
	return report, nil
}

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

// exportOne writes one copy: into the file where the format and the file allow it, beside it as a sidecar where not.
func (s *Session) exportOne(ctx context.Context, img Image, e Export, order, name, language string) error {
	original, err := s.OpenOriginal(img.ID)
	if err != nil {
		return err
	}
	defer original.Close()
	if err := s.unchanged(img, original); err != nil {
		return err
	}
	xmp := s.snapshot(img, e, language)
	path := filepath.Join(e.Out, name)
	whole := func() io.Reader { return io.NewSectionReader(original, 0, original.Size()) }
	deliver := func(err error) error {
		if err != nil {
			return err
		}
		return s.deliver(ctx, img.ID, e.Channel, order)
	}
	if img.File.Format == "jpeg" {
		err = writeWhole(path, func(w io.Writer) error { return deliver(picture.WriteJPEG(w, whole(), xmp)) })
		if !errors.Is(err, picture.ErrC2PA) && !errors.Is(err, picture.ErrTooLargeForJPEG) {
			return err
		}
	}
	if e.Profile == picture.ProfilePublic {
		return problem.New(problem.NotFound, "cannot-strip",
			"This file cannot be copied without what it tells about people and places; nothing was written for it; export it with the profile internal, or convert it to JPEG first.")
	}
	sidecar, err := picture.Sidecar(nil, xmp)
	if err != nil {
		return err
	}
	if err := writeWhole(path, func(w io.Writer) error { _, err := io.Copy(w, whole()); return deliver(err) }); err != nil {
		return err
	}
	return writeWhole(path+".xmp", func(w io.Writer) error { _, err := w.Write(sidecar); return err })
}

// unchanged makes sure that the file is still the picture that was cleared. Outside the vault another may lie under its name now;
// within it somebody may have exchanged two sealed files, which both open.
func (s *Session) unchanged(img Image, original Original) error {
	inVault := s.Originals.Has(img.ID)
	hash, _, err := hashAll(io.NewSectionReader(original, 0, original.Size()))
	switch {
	case err != nil && inVault:
		return err
	case err != nil:
		return cannotRead(img.File.Path, err)
	case hash != img.ID && inVault:
		return otherBytes(img.ID)
	case hash != img.ID:
		return problem.New(problem.NotFound, "reference-changed",
			"The file {{.path}} is not the one that was imported; it was not exported; put the original back, or import the new one and answer for it.", "path", img.File.Path)
	}
	return nil
}

// snapshot is what a copy says about consent at this moment.
func (s *Session) snapshot(img Image, e Export, language string) picture.XMP {
	s.mu.RLock()
	defer s.mu.RUnlock()
	now := s.Clock()
	clearance := s.state.Clear(img.ID, e.Channel, now)
	words := assets.NewTexts(language)
	x := picture.XMP{Profile: e.Profile, Marked: true, WebStatement: s.organisation.Policy, CheckedAt: now,
		ConsentState: string(clearance.Verdict), EventID: "urn:uuid:" + string(img.Shoot), EventName: s.shoots[img.Shoot].Title,
		UsageTerms: words.T("export.terms", map[string]any{"Channel": s.channelTitle(e.Channel, language), "Organisation": s.organisation.Name, "Day": day(now, language)})}
	x.ModelReleaseStatus = picture.ModelReleaseNotApplicable
	var until time.Time
	for _, r := range clearance.Reasons {
		if r.Subject == "" {
			continue
		}
		x.ModelReleaseStatus = picture.ModelReleaseLimited
		x.PersonCodes = append(x.PersonCodes, string(r.Code))
		x.PersonIDs = append(x.PersonIDs, "urn:uuid:"+string(r.Subject))
		if r.Standing.Record != "" {
			x.ModelReleaseIDs = append(x.ModelReleaseIDs, "urn:uuid:"+string(r.Standing.Record))
		}
		if u := r.Standing.Until; !u.IsZero() && (until.IsZero() || u.Before(until)) {
			until = u
		}
	}
	if !until.IsZero() { // of several people, whose consent ends first
		x.OtherConstraints = words.T("export.until", map[string]any{"Until": day(until, language)})
	}
	return x
}

// exportName is what a copy is called. A public copy gets no name that somebody once typed: file names name people too.
func exportName(img Image, profile picture.Profile) string {
	ext := strings.ToLower(filepath.Ext(img.Name))
	if profile == picture.ProfileInternal && img.Here {
		return filepath.Base(img.Name)
	}
	stamp := img.File.TakenAt
	if stamp.IsZero() {
		stamp = img.Imported
	}
	return stamp.Format("20060102-150405") + "_" + string(img.ID[:min(8, len(img.ID))]) + ext
}

// freeName tells two pictures of one name apart.
func freeName(taken map[string]bool, name string) string {
	ext := filepath.Ext(name)
	free := name
	for n := 2; taken[strings.ToLower(free)]; n++ {
		free = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, ext), n, ext)
	}
	taken[strings.ToLower(free)] = true
	return free
}
