package vault

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"go.etcd.io/bbolt"

	"samtykke/storage/disk"
)

// migration leads the database from one format to the next. It runs inside the transaction that also notes the new format, so
// a crash leaves either format, and after a crash it runs again from the start.
type migration func(b *bbolt.Tx, k *keys) error

// migrations are the steps to currentFormat, by the format they start from. Format 1 is the first.
func migrations() map[int]migration {
	return map[int]migration{
		1: func(*bbolt.Tx, *keys) error { return nil }, // format 2 differs in the header alone
	}
}

// migrate leads an older vault to the program's format after setting a copy aside.
func (v *Vault) migrate(ctx context.Context) error {
	target := v.options.format
	from := 0
	err := guarded(databaseFile, func() error {
		return v.db.View(func(b *bbolt.Tx) (err error) {
			from, err = v.formatOf(b)
			return err
		})
	})
	switch {
	case err != nil:
		return err
	case from > target:
		return newerFormat(from, target)
	case from == target && v.header.Format == target:
		return nil
	case from == target: // the program ended between the database and the header
		return v.noteFormat(target)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	backup, err := v.backUp(target)
	if err != nil {
		return fmt.Errorf("back up before format %d: %w", target, err)
	}
	if err := v.runMigrations(from, target); err != nil {
		return fmt.Errorf("lead vault from format %d to %d: %w", from, target, err)
	}
	v.changed.Store(true)
	v.tell(broughtForward(from, target, backup))
	return v.noteFormat(target)
}

func (v *Vault) runMigrations(from, target int) error {
	err := guarded(databaseFile, func() error {
		return v.db.Update(func(b *bbolt.Tx) error {
			for f := from; f < target; f++ {
				step, ok := v.options.migrations[f]
				if !ok {
					return fmt.Errorf("no step leads from format %d", f)
				}
				if err := step(b, v.keys); err != nil {
					return err
				}
			}
			return v.putFormat(b, target)
		})
	})
	return disk.Explain(err)
}

func (v *Vault) noteFormat(format int) error {
	h := v.header
	h.Format = format
	return v.writeHeader(h)
}

// backUp copies header and database into a folder of their own, which appears as a whole.
func (v *Vault) backUp(target int) (name string, err error) {
	name = fmt.Sprintf("%s%d", copyPrefix, target)
	if _, err := os.Stat(v.path(name)); err == nil { // of an attempt that did not come to its end
		name += "-" + v.stamp()
	}
	partial := v.path(name + disk.Partial)
	if err := os.Mkdir(partial, 0o700); err != nil {
		return "", disk.Explain(err)
	}
	raw, err := os.ReadFile(v.path(headerFile))
	if err != nil {
		return "", disk.Explain(err)
	}
	if err := disk.WriteFile(partial+string(os.PathSeparator)+headerFile, raw); err != nil {
		return "", err
	}
	if err := v.db.copyTo(partial + string(os.PathSeparator) + databaseFile); err != nil {
		return "", err
	}
	return name, disk.Rename(partial, v.path(name))
}

// copyPrefix begins the names of the folders in which vaults of older formats were set aside.
const copyPrefix = "before-format-"

// copies are the folders in which this vault was set aside before a change of format.
func (v *Vault) copies() ([]string, error) {
	entries, err := os.ReadDir(v.dir)
	if err != nil {
		return nil, disk.Explain(fmt.Errorf("list vault: %w", err))
	}
	var dirs []string
	for _, e := range entries {
		if e.IsDir() && strings.HasPrefix(e.Name(), copyPrefix) && !strings.HasSuffix(e.Name(), disk.Partial) {
			dirs = append(dirs, v.path(e.Name()))
		}
	}
	return dirs, nil
}

// alignCopies gives the copies the slots of a header. Otherwise a passphrase or recovery key that was given up would go on opening
// them, and with them the data key of this vault. A copy whose header does not read, or is another vault's, is left alone.
func (v *Vault) alignCopies(h header) error {
	dirs, err := v.copies()
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		old, err := readHeader(dir, v.options.format)
		if err != nil || old.ID != h.ID || !old.authentic(v.keys) {
			continue
		}
		aligned := old
		aligned.Passphrase, aligned.Recovery = h.Passphrase, h.Recovery
		if old.Format >= keyringFormat {
			aligned.Keyring = h.Keyring
		}
		if raw := aligned.marshal(v.keys); aligned.Checksum != old.Checksum {
			if err := disk.WriteFile(filepath.Join(dir, headerFile), raw); err != nil {
				return fmt.Errorf("write header of a copy: %w", err)
			}
		}
	}
	return nil
}

// dropCopies removes what was set aside before changes of format: it holds what is to be erased.
func (v *Vault) dropCopies() error {
	dirs, err := v.copies()
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		if err := os.RemoveAll(dir); err != nil {
			return disk.Explain(fmt.Errorf("remove copy of an older format: %w", err))
		}
	}
	return nil
}

// furnish makes the buckets of a new database and writes whose it is.
func (v *Vault) furnish(b *bbolt.Tx) error {
	for _, name := range allBuckets {
		if _, err := b.CreateBucketIfNotExists(name); err != nil {
			return fmt.Errorf("make bucket %s: %w", name, err)
		}
	}
	if err := v.tx(b).put(bucketVault, keyID, v.keys.values, []byte(v.header.ID)); err != nil {
		return err
	}
	return v.putFormat(b, v.options.format)
}

// recognise checks that a database belongs to this vault and has all its buckets.
func (v *Vault) recognise(b *bbolt.Tx) error {
	id, found, err := v.tx(b).get(bucketVault, keyID, v.keys.values)
	if err != nil {
		return err
	}
	if !found || string(id) != v.header.ID {
		return damaged(databaseFile, errors.New("it belongs to another vault"))
	}
	for _, name := range allBuckets {
		if b.Bucket(name) == nil {
			return damaged(databaseFile, fmt.Errorf("it lacks the bucket %s", name))
		}
	}
	_, err = v.formatOf(b)
	return err
}

func (v *Vault) formatOf(b *bbolt.Tx) (int, error) {
	raw, found, err := v.tx(b).get(bucketVault, keyFormat, v.keys.values)
	if err != nil {
		return 0, err
	}
	if !found || len(raw) != 4 {
		return 0, damaged(databaseFile, errors.New("it does not name its format"))
	}
	return int(binary.BigEndian.Uint32(raw)), nil
}

func (v *Vault) putFormat(b *bbolt.Tx, format int) error {
	return v.tx(b).put(bucketVault, keyFormat, v.keys.values, binary.BigEndian.AppendUint32(nil, uint32(format)))
}
