package vault

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"filippo.io/age"
	"github.com/google/uuid"

	"samtykke/app/capture"
	"samtykke/app/problem"
	"samtykke/storage/disk"
	"samtykke/storage/originals"
	"samtykke/storage/sealing"
)

// The names within a vault's folder.
const (
	headerFile    = "vault.json"
	newHeaderFile = "vault.json.new" // only while a vault is being made
	databaseFile  = "vault.db"
	snapshotFile  = "vault.db.snapshot"
	previewsFile  = "previews.db"
	lockFile      = "vault.lock"
	originalsDir  = "originals"
)

// Vault is an opened vault. Its methods may be called at the same time.
type Vault struct {
	dir     string
	options Options
	lock    *lock
	report  []*problem.Problem

	// use is held for reading by everything that uses the databases and for writing by Close and whatever changes the header.
	use       sync.RWMutex
	closed    bool
	header    header
	keys      *keys
	db        *database
	previews  *database
	originals *originals.Store

	changed   atomic.Bool // since the snapshot
	forgotten atomic.Bool // something was erased that old pages and the snapshot still hold
	suspect   atomic.Bool // damage was met, so the next opening shall check everything
}

var _ capture.Store = (*Vault)(nil)

// Exists tells whether there is a vault in a folder, whole or not.
func Exists(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, headerFile))
	return err == nil
}

// Create makes a vault in a folder that is empty or not there yet and opens it. The recovery key is returned this once; it
// opens the vault when the passphrase is lost, so it belongs on paper. Problems: vault-exists, not-a-vault-folder,
// passphrase-too-short, vault-busy, vault-read-only, disk-full.
func Create(ctx context.Context, dir, passphrase string, o Options) (v *Vault, recoveryKey string, err error) {
	o = o.complete()
	if Exists(dir) {
		return nil, "", exists(dir)
	}
	if err := checkPassphrase(passphrase); err != nil {
		return nil, "", err
	}
	_, err = os.Stat(filepath.Join(dir, newHeaderFile))
	interrupted := err == nil // an earlier Create ended before it answered, so nobody relies on what it left
	if err := lookAround(dir); !interrupted && !errors.Is(err, missing(dir)) {
		return nil, "", err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, "", disk.Explain(fmt.Errorf("make folder: %w", err))
	}
	l, err := acquire(ctx, dir, o.Now())
	if err != nil {
		return nil, "", err
	}
	v = &Vault{dir: dir, options: o, lock: l}
	defer func() {
		if err != nil {
			v.abandon()
			v, recoveryKey = nil, ""
		}
	}()
	if Exists(dir) { // made by another program while this one waited
		return v, "", exists(dir)
	}
	if recoveryKey, err = v.makeKeys(passphrase); err != nil {
		return v, "", err
	}
	if err := v.makeFiles(); err != nil {
		return v, "", err
	}
	v.changed.Store(true)
	return v, recoveryKey, v.openFiles(ctx)
}

// makeKeys draws the keys and writes the header in memory.
func (v *Vault) makeKeys(passphrase string) (recoveryKey string, err error) {
	o := v.options
	var data sealing.Key
	if err := draw(o.Random, data[:]); err != nil {
		return "", err
	}
	id, err := uuid.NewRandomFromReader(o.Random)
	if err != nil {
		return "", fmt.Errorf("draw id: %w", err)
	}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return "", fmt.Errorf("draw identity: %w", err)
	}
	v.header = header{Format: o.format, ID: id.String(), Created: o.Now().UTC().Truncate(time.Second)}
	v.keys = derive(data, v.header.ID)
	v.header.Originals = sealing.Seal(v.keys.originals, v.header.originalsPlace(), []byte(identity.String()))
	if err := v.header.wrapForPassphrase(v.keys, passphrase, o); err != nil {
		return "", err
	}
	recoveryKey, secret, err := newRecoveryKey(o.Random)
	if err != nil {
		return "", err
	}
	v.header.Recovery, err = v.header.wrapForSecret(v.keys, slotRecovery, secret, o)
	return recoveryKey, err
}

// makeFiles writes a new vault's files. The last rename, of the header, makes it a vault.
func (v *Vault) makeFiles() error {
	newHeader := v.path(newHeaderFile)
	if err := disk.WriteFile(newHeader, v.header.marshal(v.keys)); err != nil {
		return fmt.Errorf("write header: %w", err)
	}
	partial := v.path(databaseFile + disk.Partial)
	if err := os.Remove(partial); err != nil && !errors.Is(err, os.ErrNotExist) {
		return disk.Explain(err)
	}
	if err := v.makeDatabase(partial); err != nil {
		_ = os.Remove(partial)
		_ = os.Remove(newHeader)
		return err
	}
	if err := disk.Rename(partial, v.path(databaseFile)); err != nil {
		return err
	}
	return disk.Rename(newHeader, v.path(headerFile))
}

func (v *Vault) makeDatabase(path string) error {
	d, err := openDatabase(path, databaseFile)
	if err != nil {
		return err
	}
	return errors.Join(disk.Explain(d.Update(v.furnish)), d.close())
}

// Open opens a vault with its passphrase. What it had to mend stands in Report. Problems: vault-missing, not-a-vault-folder,
// wrong-passphrase, vault-busy, vault-newer-format, vault-damaged, vault-read-only, disk-full.
func Open(ctx context.Context, dir, passphrase string, o Options) (*Vault, error) {
	return open(ctx, dir, o, func(h *header) (*keys, error) { return h.unlockWithPassphrase(passphrase) })
}

// OpenWithRecoveryKey opens a vault with the key that Create returned and gives it a new passphrase. The recovery key stays
// valid. Problems: those of Open, recovery-key-mistyped, wrong-recovery-key, passphrase-too-short.
func OpenWithRecoveryKey(ctx context.Context, dir, recoveryKey, newPassphrase string, o Options) (*Vault, error) {
	if err := checkPassphrase(newPassphrase); err != nil {
		return nil, err
	}
	v, err := open(ctx, dir, o, func(h *header) (*keys, error) { return h.unlockWithRecoveryKey(recoveryKey) })
	if err != nil {
		return nil, err
	}
	if err := v.setPassphrase(newPassphrase); err != nil {
		return nil, errors.Join(err, v.Close())
	}
	return v, nil
}

func open(ctx context.Context, dir string, o Options, unlock func(*header) (*keys, error)) (_ *Vault, err error) {
	o = o.complete()
	if _, err := readHeader(dir, o.format); err != nil {
		return nil, err // before anything is written: the folder may be anybody's
	}
	l, err := acquire(ctx, dir, o.Now())
	if err != nil {
		return nil, err
	}
	v := &Vault{dir: dir, options: o, lock: l}
	defer func() {
		if err != nil {
			v.abandon()
		}
	}()
	if v.header, err = readHeader(dir, o.format); err != nil { // again: it may have changed until it was ours
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if v.keys, err = unlock(&v.header); err != nil {
		return nil, err
	}
	if err := v.openFiles(ctx); err != nil {
		return nil, err
	}
	return v, nil
}

// openFiles opens everything that the data key opens and mends what an unclean end has left.
func (v *Vault) openFiles(ctx context.Context) error {
	if err := v.removePartials(); err != nil {
		return err
	}
	if err := v.openMain(); err != nil {
		return err
	}
	if err := v.migrate(ctx); err != nil {
		return err
	}
	if err := v.alignCopies(v.header); err != nil {
		return err
	}
	if v.forgotten.Load() {
		if err := v.shred(); errors.Is(err, disk.ErrFull) && v.db != nil { // a full disk keeps nobody from reading
			v.tell(problem.Of(untidy(err, v.forgotten.Load())))
		} else if err != nil {
			return err
		}
	}
	if err := v.openPreviews(); err != nil {
		return err
	}
	store, leftovers, err := v.originalsIn(v.path(originalsDir))
	if err != nil {
		return err
	}
	v.originals = store
	if leftovers > 0 {
		v.tell(importsInterrupted(leftovers))
	}
	return nil
}

// removePartials removes files that were being written when the program ended. What they were to replace is still there.
func (v *Vault) removePartials() error {
	entries, err := os.ReadDir(v.dir)
	if err != nil {
		return disk.Explain(fmt.Errorf("list vault: %w", err))
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), disk.Partial) {
			if err := os.RemoveAll(v.path(e.Name())); err != nil {
				return disk.Explain(fmt.Errorf("remove unfinished file: %w", err))
			}
		}
	}
	return nil
}

// Close ends the use of the vault. It waits for what is running, writes the snapshot when something has changed, gives the vault
// back and forgets the keys. After an error, too, the vault is closed and everything that was saved is in it. Closing again does
// nothing.
func (v *Vault) Close() error {
	v.use.Lock()
	defer v.use.Unlock()
	if v.closed {
		return nil
	}
	v.closed = true
	errs := []error{v.inPlace()}
	here := errs[0] == nil // else the snapshot would come to lie in somebody else's folder
	if here && !v.db.unsound.Load() {
		errs = append(errs, untidy(v.tidy(), v.forgotten.Load()))
	}
	if here && v.previews != nil && !v.previews.unsound.Load() {
		errs = append(errs, v.shredPreviews())
	}
	clean := errors.Join(errs...) == nil && !v.suspect.Load()
	errs = append(errs, v.closeFiles(), v.lock.release(clean))
	v.keys.zero()
	return errors.Join(errs...)
}

// tidy leaves nothing of what was erased and a fresh snapshot.
func (v *Vault) tidy() error {
	if v.forgotten.Load() {
		return v.shred()
	}
	_, err := os.Stat(v.path(snapshotFile))
	if err == nil && !v.changed.Load() {
		return nil
	}
	return v.db.copyTo(v.path(snapshotFile))
}

// abandon gives up an opening. Whether the last end was clean stays as it was.
func (v *Vault) abandon() {
	_ = v.closeFiles() // the opening's own error is the one to tell
	_ = v.lock.release(!v.lock.unclean)
	if v.keys != nil {
		v.keys.zero()
	}
	v.closed = true
}

func (v *Vault) closeFiles() error {
	var errs []error
	for _, d := range []*database{v.db, v.previews} {
		if d != nil {
			errs = append(errs, d.close())
		}
	}
	return errors.Join(errs...)
}

// Report says what opening had to mend or has changed. It is empty after a clean end.
func (v *Vault) Report() []*problem.Problem { return slices.Clone(v.report) }

// Folder is where the vault lies.
func (v *Vault) Folder() string { return v.dir }

// Originals keeps the imported files.
func (v *Vault) Originals() *originals.Store { return v.originals }

func (v *Vault) tell(p *problem.Problem) { v.report = append(v.report, p) }

func (v *Vault) path(name string) string { return filepath.Join(v.dir, name) }

// stamp is the present time for names of files and folders.
func (v *Vault) stamp() string { return v.options.Now().UTC().Format("20060102T150405Z") }
