package vault

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"samtykke/app/problem"
	"samtykke/storage/disk"
	"samtykke/storage/sealing"
)

const (
	manifestFile   = "manifest.json"
	manifestFormat = 1
	// maxManifest bounds manifest.json, in bytes: about a million files.
	maxManifest = 256 << 20
)

// manifest is manifest.json of a backup: what belongs to it. Nothing in it is secret or names anybody.
type manifest struct {
	Format      int             `json:"format"`
	Program     string          `json:"program"`
	Vault       string          `json:"vault"` // the vault's id
	VaultFormat int             `json:"vault_format"`
	Made        time.Time       `json:"made"`
	Originals   int             `json:"originals"`
	NotIncluded int             `json:"not_included"` // files that the vault refers to and that are not here
	Files       []manifestEntry `json:"files"`
	// MAC is HMAC-SHA-256 in hex over all of the above, under a key of the vault: nobody without it can exchange a part.
	MAC string `json:"mac"`
}

// manifestEntry is one file of a backup.
type manifestEntry struct {
	Path   string `json:"path"` // within the backup, with slashes
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// backupKey authenticates manifests.
func (v *Vault) backupKey() sealing.Key { return expand(v.keys.data[:], []byte(v.header.ID), "backup") }

// statement is what the MAC covers: the manifest's own JSON without it.
func (m manifest) statement() []byte {
	m.MAC = ""
	raw, err := json.Marshal(m)
	if err != nil {
		panic(err) // strings, numbers and a time in UTC
	}
	return raw
}

func (m *manifest) mac(key sealing.Key) string {
	mac := hmac.New(sha256.New, key[:])
	mac.Write(m.statement())
	return hex.EncodeToString(mac.Sum(nil))
}

// marshal puts the files in order, adds the MAC and lays the manifest out for a file.
func (m *manifest) marshal(key sealing.Key) []byte {
	slices.SortFunc(m.Files, func(a, b manifestEntry) int { return strings.Compare(a.Path, b.Path) })
	m.MAC = m.mac(key)
	raw, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		panic(err) // as above
	}
	return append(raw, '\n')
}

// readManifest reads a backup's manifest; without one it is not a backup.
func readManifest(dir string) (m manifest, err error) {
	f, err := os.Open(filepath.Join(dir, manifestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return m, notABackup(dir)
	}
	if err != nil {
		return m, disk.Explain(err)
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxManifest))
	if err != nil {
		return m, backupDamaged(manifestFile, err)
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if err := decoder.Decode(&m); err != nil {
		return m, backupDamaged(manifestFile, err)
	}
	if m.Format > manifestFormat {
		return m, newerFormat(m.Format, manifestFormat)
	}
	return m, nil
}

// UnmarshalJSON refuses a file that backups do not have as soon as it is read: a list of millions of empty ones would fill the memory
// before anybody looked at them.
func (e *manifestEntry) UnmarshalJSON(raw []byte) error {
	type plain manifestEntry
	if err := json.Unmarshal(raw, (*plain)(e)); err != nil {
		return err
	}
	if !belongs(e.Path) || e.Bytes < 0 {
		return fmt.Errorf("it names %q", e.Path)
	}
	return nil
}

// belongs tells whether a path is one that backups have. A manifest may have been written by anybody until its MAC has been checked.
func belongs(name string) bool {
	return name == headerFile || name == databaseFile || strings.HasPrefix(name, originalsDir+"/") && path.Clean(name) == name && !strings.Contains(name, `\`)
}

func notABackup(dir string) error {
	return problem.New(problem.Invalid, "not-a-backup",
		"{{.folder}} holds no finished backup; nothing was changed; name the folder that holds manifest.json.", "folder", dir)
}

// backupDamaged names the file of a backup that is not what it must be.
func backupDamaged(file string, cause error) error {
	return problem.New(problem.Damaged, "backup-damaged",
		"The file {{.file}} of the backup is damaged or does not belong to it; nothing was changed; use another backup.", "file", file).Because(cause)
}
