package capture

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// Image is one asset as people see it.
type Image struct {
	consent.Asset
	Name   string // the file's name; a piece of the hash when it was imported elsewhere
	File   AssetFile
	Here   bool // its bytes can be read on this device
	People []ImagePerson
	// Amiss is what the last check found wrong with a file of it that lies outside the vault; "" for nothing.
	Amiss ReferenceState
}

// ImagePerson is somebody who appears on an image.
type ImagePerson struct {
	ID   consent.SubjectID
	Code consent.Code
}

// ShowsCard tells whether the file is for certain a picture of a card, and so not one of people.
func (f AssetFile) ShowsCard() bool { return f.isCard() && f.Card != CardUnreadable }

// ImageFilter chooses images. The zero value chooses all.
type ImageFilter struct {
	Shoot   consent.ShootID
	Channel consent.Channel // with Verdict: those with this answer for the channel
	Verdict consent.Verdict
}

// Images lists assets that have not been removed, in order of capture, as far as that is known, else of import.
func (s *Session) Images(f ImageFilter) []Image {
	s.mu.RLock()
	defer s.mu.RUnlock()
	now := s.Clock()
	chosen := s.state.AssetsWhere(func(id consent.AssetID, shoot consent.ShootID) bool {
		if f.Shoot != "" && shoot != f.Shoot {
			return false
		}
		if f.Verdict == "" {
			return true
		}
		verdict, _ := s.index.Verdict(id, f.Channel, now)
		return verdict == f.Verdict
	})
	list := make([]Image, 0, len(chosen))
	for _, id := range chosen {
		if a, _ := s.state.Asset(id); !a.Removed {
			list = append(list, s.image(a))
		}
	}
	slices.SortFunc(list, func(a, b Image) int {
		return cmp.Or(a.File.TakenAt.Compare(b.File.TakenAt), a.Imported.Compare(b.Imported), strings.Compare(string(a.ID), string(b.ID)))
	})
	return list
}

// KnownShoot says when there is no such shoot.
func (s *Session) KnownShoot(id consent.ShootID) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, err := s.knownShoot(id)
	return err
}

// Image returns one asset.
func (s *Session) Image(id consent.AssetID) (Image, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	a, ok := s.state.Asset(id)
	if !ok {
		return Image{}, assetUnknown(string(id))
	}
	return s.image(a), nil
}

func (s *Session) image(a consent.Asset) Image {
	file, known := s.files[a.ID]
	img := Image{Asset: a, Name: file.Name, File: file, Here: known, Amiss: s.amiss[a.ID]}
	if !known {
		img.Name = a.ID.Short()
	}
	seen := map[consent.SubjectID]bool{}
	for _, ap := range a.Appearances {
		if id := s.state.Canonical(ap.Subject); !seen[id] {
			seen[id] = true
			sub, _ := s.state.Subject(id)
			img.People = append(img.People, ImagePerson{ID: id, Code: sub.Code})
		}
	}
	return img
}

// ResolveAsset finds the asset that a person typed: its identifier, at least six characters of it, or the file's name when only
// one asset has it.
func (s *Session) ResolveAsset(text string) (consent.AssetID, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if _, ok := s.state.Asset(consent.AssetID(text)); ok {
		return consent.AssetID(text), nil
	}
	var found []consent.AssetID
	for _, a := range s.state.Assets() {
		name := s.files[a.ID].Name
		if (len(text) >= 6 && strings.HasPrefix(string(a.ID), text)) || (name != "" && name == filepath.Base(text)) {
			found = append(found, a.ID)
		}
	}
	switch len(found) {
	case 0:
		return "", assetUnknown(text)
	case 1:
		return found[0], nil
	}
	return "", problem.New(problem.Invalid, "asset-ambiguous",
		"{{.count}} images go by {{.id}}; nothing was changed; name the one you mean by its id.", "count", len(found), "id", text)
}

// SetPeople answers how many identifiable people assets show.
func (s *Session) SetPeople(ctx context.Context, count int, assets ...consent.AssetID) error {
	if count < 0 || count > 10_000 {
		return problem.New(problem.Invalid, "people-count-wrong",
			"{{.count}} is not a number of people; nothing was changed; write how many people can be recognised, 0 for none.", "count", count)
	}
	return s.change(ctx, func(c *change) error {
		for _, asset := range assets {
			if _, ok := s.state.Asset(asset); !ok {
				return assetUnknown(string(asset))
			}
			if _, err := c.sign(evidence.Draft{Type: consent.AssetPeople, Asset: asset, Body: consent.PeopleBody{Count: count}}); err != nil {
				return err
			}
			if count == 0 { // whoever says that nobody is on it has said whose it is
				if err := c.decided(asset); err != nil {
					return err
				}
			}
		}
		return c.undoable(&keptAct{Act: Act{Kind: ActCounted, Count: count}})
	})
}

// SetGround says on which ground an asset may be used. Everything but consent needs a justification, which is kept sealed.
func (s *Session) SetGround(ctx context.Context, asset consent.AssetID, ground consent.Ground, why string) error {
	return s.SetGrounds(ctx, []consent.AssetID{asset}, ground, why)
}

// SetGrounds is SetGround for several assets, as one act: all of it or nothing.
func (s *Session) SetGrounds(ctx context.Context, assets []consent.AssetID, ground consent.Ground, why string) error {
	if !slices.Contains(consent.Grounds, ground) {
		return problem.New(problem.Invalid, "ground-unknown",
			"{{.ground}} is not a publication ground; nothing was changed; choose one of {{.grounds}}.", "ground", ground, "grounds", groundList())
	}
	why = strings.TrimSpace(why)
	if ground != consent.GroundConsent && why == "" {
		return problem.New(problem.Invalid, "ground-unjustified",
			"Using a picture without consent needs a written justification; nothing was changed; say why the ground applies.")
	}
	return s.change(ctx, func(c *change) error {
		for _, asset := range once(assets) {
			if _, ok := s.state.Asset(asset); !ok {
				return assetUnknown(string(asset))
			}
			body := consent.GroundBody{Ground: ground}
			if why != "" { // a blob for each, so that removing one asset leaves the others' justification
				ref, err := details(c, "", ClassDetails, why)
				if err != nil {
					return err
				}
				body.Why = ref.SHA256
			}
			if _, err := c.sign(evidence.Draft{Type: consent.AssetGround, Asset: asset, Body: body}); err != nil {
				return err
			}
		}
		return c.undoable(&keptAct{Act: Act{Kind: ActGround, Ground: ground}})
	})
}

// OpenOriginal gives the bytes of an asset or of a companion: from the vault, or from where a referenced file lies.
func (s *Session) OpenOriginal(id consent.AssetID) (Original, error) {
	if s.Originals.Has(id) {
		return s.Originals.Open(id)
	}
	path, here := s.pathOf(id)
	if !here || path == "" {
		return nil, problem.New(problem.NotFound, "original-elsewhere",
			"The bytes of this image are not on this device; nothing was changed; use the device that imported it, or the library.")
	}
	return openOutside(path)
}

// openOutside opens a file that was left where it was.
func openOutside(path string) (Original, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, problem.New(problem.NotFound, "reference-gone",
			"The file {{.path}} is no longer where it was imported from; nothing was changed; put the disk or card back.", "path", path).Because(err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return referenced{f, info.Size()}, nil
}

// referenced is an original that lies outside the vault.
type referenced struct {
	*os.File
	size int64
}

func (r referenced) Size() int64 { return r.size }

func groundList() string {
	names := make([]string, len(consent.Grounds))
	for i, g := range consent.Grounds {
		names[i] = string(g)
	}
	return strings.Join(names, ", ")
}

func assetUnknown(text string) error {
	return problem.New(problem.NotFound, "asset-unknown",
		"There is no image {{.id}} in this vault; nothing was changed; \"image list\" shows what there is.", "id", text)
}
