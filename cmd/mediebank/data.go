package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"samtykke/app/problem"
	"samtykke/storage/ledger"
	"samtykke/storage/objects"
)

// dataFlags say where the library is kept. The data folder holds the keys and remembers the two other places, so that every
// command finds what serve was told once.
type dataFlags struct {
	Data     string `required:"" type:"path" placeholder:"DIR" help:"Folder of the library: its keys, and unless said otherwise all it keeps."`
	Database string `placeholder:"URL" help:"SQLite file of the ledger; ledger.db in the data folder unless said otherwise."`
	Objects  string `placeholder:"URL" help:"Folder of the files; objects in the data folder unless said otherwise."`
}

// Names in the data folder.
const (
	fileKey     = "library.key"
	filePlaces  = "places.json"
	fileServing = "serve.lock"
	fileSetup   = "setup.lock"
	dirStaging  = "staging"
)

// places is what the data folder remembers.
type places struct {
	Database string `json:"database"`
	Objects  string `json:"objects"`
}

// opened is a library's storage.
type opened struct {
	folder  string
	keys    ledger.Keys
	ledger  *ledger.Ledger
	objects *objects.Store
}

// open opens the storage; a library that is not there is made when create is set, and otherwise a problem.
func (d dataFlags) open(c *call, create bool) (*opened, error) {
	key := filepath.Join(d.Data, fileKey)
	if _, err := os.Stat(key); errors.Is(err, fs.ErrNotExist) {
		if !create {
			return nil, problem.New(problem.NotFound, "library-missing",
				"There is no library in {{.folder}}; nothing was changed; give the folder that mediebank serve was started with.", "folder", d.Data)
		}
		if _, err := os.Stat(filepath.Join(d.Data, filePlaces)); err == nil {
			return nil, problem.New(problem.Damaged, "library-key-missing",
				"The library in {{.folder}} has lost its key file {{.file}}; nothing was changed; put back the copy that was made when the library was set up.",
				"folder", d.Data, "file", fileKey)
		}
	}
	if err := d.supported(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(d.Data, 0o700); err != nil {
		return nil, problem.New(problem.Unavailable, "data-folder-unmade",
			"The data folder {{.folder}} cannot be made; nothing was changed; name another with --data, or make it and let this user write to it.",
			"folder", d.Data).Because(err)
	}
	setup, err := ledger.Lock(filepath.Join(d.Data, fileSetup), true) // one process at a time makes keys and tables
	if err != nil {
		return nil, err
	}
	defer setup.Close()
	at, err := d.places()
	if err != nil {
		return nil, err
	}
	o := &opened{folder: d.Data}
	if o.keys, err = ledger.LoadKeys(key); err != nil {
		return nil, err
	}
	if o.objects, err = objects.Open(at.Objects); err != nil {
		return nil, err
	}
	if o.ledger, err = ledger.Open(c, at.Database, o.keys); err != nil {
		_ = o.objects.Close()
		return nil, err
	}
	return o, d.remember(at)
}

// supported refuses places that cannot be used, before anything is made.
func (d dataFlags) supported() error {
	at, err := d.places()
	if err != nil {
		return err
	}
	return errors.Join(ledger.Supported(at.Database), objects.Supported(at.Objects))
}

func (o *opened) Close() error { return errors.Join(o.ledger.Close(), o.objects.Close()) }

// places are the flags, or what was said before, or the data folder itself.
func (d dataFlags) places() (places, error) {
	at := places{Database: filepath.Join(d.Data, "ledger.db"), Objects: filepath.Join(d.Data, "objects")}
	raw, err := os.ReadFile(filepath.Join(d.Data, filePlaces))
	if err == nil {
		var before places
		if err := json.Unmarshal(raw, &before); err != nil {
			return at, fmt.Errorf("read %s: %w", filePlaces, err)
		}
		// What lies in the data folder is remembered as "", so that the folder can be moved.
		at.Database, at.Objects = orElse(before.Database, at.Database), orElse(before.Objects, at.Objects)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return at, fmt.Errorf("read %s: %w", filePlaces, err)
	}
	at.Database, at.Objects = orElse(d.Database, at.Database), orElse(d.Objects, at.Objects)
	return at, nil
}

func orElse(value, otherwise string) string {
	if value != "" {
		return value
	}
	return otherwise
}

// remember keeps the places for the next command.
func (d dataFlags) remember(at places) error {
	if at.Database == filepath.Join(d.Data, "ledger.db") {
		at.Database = ""
	}
	if at.Objects == filepath.Join(d.Data, "objects") {
		at.Objects = ""
	}
	raw, err := json.Marshal(at)
	if err != nil {
		return err
	}
	path := filepath.Join(d.Data, filePlaces)
	if before, err := os.ReadFile(path); err == nil && string(before) == string(raw) {
		return nil
	}
	temporary := path + ".new"
	if err := os.WriteFile(temporary, raw, 0o600); err != nil {
		return fmt.Errorf("remember places: %w", err)
	}
	return os.Rename(temporary, path)
}
