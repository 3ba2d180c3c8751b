package capture

import (
	"context"
	"path/filepath"
	"slices"
	"time"

	"samtykke/app/consent"
)

// settingImports lists the imports that were begun and not brought to their end.
const settingImports = "imports_begun"

// keptImports is how many of them are remembered, the latest.
const keptImports = 8

// UnfinishedImport is an import that was begun and did not reach all its files: it was stopped, the card went away, the vault was
// locked, or the program ended. Importing the same paths again adds what is missing.
type UnfinishedImport struct {
	Shoot     consent.ShootID `json:"shoot"`
	Paths     []string        `json:"paths"` // absolute
	Slates    bool            `json:"slates,omitempty"`
	Reference bool            `json:"reference,omitempty"`
	Began     time.Time       `json:"began"`
}

// is tells whether it is about the same files of the same shoot.
func (u UnfinishedImport) is(other UnfinishedImport) bool {
	return u.Shoot == other.Shoot && slices.Equal(u.Paths, other.Paths)
}

// UnfinishedImports lists those of a shoot, the latest first. One that is under way is among them.
func (s *Session) UnfinishedImports(ctx context.Context, shoot consent.ShootID) ([]UnfinishedImport, error) {
	var all []UnfinishedImport
	err := s.Store.View(ctx, func(tx Tx) error {
		_, err := tx.Setting(settingImports, &all)
		return err
	})
	slices.Reverse(all)
	return slices.DeleteFunc(all, func(u UnfinishedImport) bool { return u.Shoot != shoot }), err
}

// ForgetImport no longer lists an import as unfinished. What it brought in stays.
func (s *Session) ForgetImport(ctx context.Context, u UnfinishedImport) error {
	return s.keepImports(ctx, func(all []UnfinishedImport) []UnfinishedImport { return slices.DeleteFunc(all, u.is) })
}

// rememberImport lists an import as unfinished until it is forgotten.
func (s *Session) rememberImport(ctx context.Context, u UnfinishedImport) error {
	return s.keepImports(ctx, func(all []UnfinishedImport) []UnfinishedImport {
		all = append(slices.DeleteFunc(all, u.is), u)
		return all[max(len(all)-keptImports, 0):]
	})
}

func (s *Session) keepImports(ctx context.Context, edit func([]UnfinishedImport) []UnfinishedImport) error {
	return s.change(ctx, func(c *change) error {
		var all []UnfinishedImport
		if _, err := c.Setting(settingImports, &all); err != nil {
			return err
		}
		if all = edit(all); len(all) == 0 {
			return c.DeleteSetting(settingImports)
		}
		return c.PutSetting(settingImports, all)
	})
}

// unfinished is what is remembered of an import while it is not finished.
func (in Import) unfinished(began time.Time) UnfinishedImport {
	u := UnfinishedImport{Shoot: in.Shoot, Slates: in.Slates, Reference: in.Reference, Began: began}
	for _, path := range in.Paths {
		if whole, err := filepath.Abs(path); err == nil {
			path = whole
		}
		u.Paths = append(u.Paths, path)
	}
	return u
}
