package capture

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"samtykke/app/consent"
	"samtykke/app/picture"
	"samtykke/app/problem"
)

// ExportedFolder is a folder that this device has exported to and that still holds copies, as far as the device knows.
type ExportedFolder struct {
	Out     string          `json:"out"` // absolute
	Channel consent.Channel `json:"channel"`
	Profile picture.Profile `json:"profile"`
	Shoot   consent.ShootID `json:"shoot,omitempty"`
	Size    int             `json:"size,omitempty"`
	Raw     bool            `json:"raw,omitempty"`
	At      time.Time       `json:"at"` // of the last export
	// Orders are the deliveries whose copies it holds.
	Orders []string `json:"orders"`
}

// settingExports lists the folders, so that a withdrawal can name them and they can all be brought up to date.
const settingExports = "exported_folders"

// rememberExport keeps what a later run of the same export needs. A folder without copies is forgotten, unless one is about to be written
// for a delivery.
func (s *Session) rememberExport(ctx context.Context, x *exporting, about ...string) error {
	out, err := filepath.Abs(x.Out)
	if err != nil {
		return err
	}
	now := ExportedFolder{Out: out, Channel: x.Channel, Profile: x.Profile, Shoot: x.Shoot, Size: x.Size, Raw: x.Raw, At: s.Clock().UTC(), Orders: about}
	for _, c := range x.folder.manifest.Copies {
		if !slices.Contains(now.Orders, c.Order) {
			now.Orders = append(now.Orders, c.Order)
		}
	}
	return s.change(ctx, func(c *change) error {
		var folders []ExportedFolder
		if _, err := c.Setting(settingExports, &folders); err != nil {
			return err
		}
		folders = slices.DeleteFunc(folders, func(f ExportedFolder) bool { return f.Out == out })
		if len(now.Orders) > 0 {
			folders = append(folders, now)
		}
		return c.PutSetting(settingExports, folders)
	})
}

// ExportedFolders lists the folders that this device exported to, the latest last.
func (s *Session) ExportedFolders(ctx context.Context) ([]ExportedFolder, error) {
	folders := []ExportedFolder{}
	err := s.Store.View(ctx, func(tx Tx) error {
		_, err := tx.Setting(settingExports, &folders)
		return err
	})
	return folders, err
}

// FoldersWith lists the exported folders, by path, that hold copies of these deliveries. Exporting to them again removes what is no
// longer cleared.
func (s *Session) FoldersWith(ctx context.Context, delivered []consent.Delivery) ([]string, error) {
	folders, err := s.ExportedFolders(ctx)
	paths := []string{}
	for _, f := range folders {
		if slices.ContainsFunc(delivered, func(d consent.Delivery) bool { return slices.Contains(f.Orders, d.Order) }) {
			paths = append(paths, f.Out)
		}
	}
	return paths, err
}

// ExportedAgain is what became of one folder.
type ExportedAgain struct {
	Folder ExportedFolder
	Report ExportReport
	// Problem says why the folder could not be brought up to date; nil when it was.
	Problem *problem.Problem
}

// ExportAgain brings every folder that this device exported to up to date. One that cannot be reached is named, and the others go on.
func (s *Session) ExportAgain(ctx context.Context, language string, progress func(done, total int)) ([]ExportedAgain, error) {
	folders, err := s.ExportedFolders(ctx)
	if err != nil {
		return nil, err
	}
	again := make([]ExportedAgain, 0, len(folders))
	for _, f := range folders {
		if err := ctx.Err(); err != nil {
			return again, err
		}
		done := ExportedAgain{Folder: f}
		if done.Report, err = s.exportAgain(ctx, f, language, progress); errors.Is(err, context.Canceled) {
			return again, err
		} else if err != nil {
			done.Problem = problem.Of(err)
		}
		again = append(again, done)
	}
	return again, nil
}

// isThere tells whether there is a file, or may be: that it cannot be looked at is for whoever reads it to say.
func isThere(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

func (s *Session) exportAgain(ctx context.Context, f ExportedFolder, language string, progress func(done, total int)) (ExportReport, error) {
	if !isThere(filepath.Join(f.Out, exportManifestName)) && !isThere(filepath.Join(f.Out, exportJournalName)) {
		return ExportReport{}, problem.New(problem.NotFound, "export-folder-gone",
			"The folder {{.folder}} is not where it was, or holds no list of what was exported; it was left as it is; put it back, or take down what is shown from it.",
			"folder", f.Out)
	}
	return s.Export(ctx, Export{Channel: f.Channel, Out: f.Out, Shoot: f.Shoot, Profile: f.Profile, Size: f.Size, Raw: f.Raw, Progress: progress}, language)
}
