package vault

import (
	"context"
	"crypto/rand"
	"io"
	"time"

	"golang.org/x/crypto/argon2"

	"samtykke/storage/sealing"
)

// Options are what a vault needs from outside. The zero value is right outside tests.
type Options struct {
	Now    func() time.Time // nil: time.Now
	Random io.Reader        // where keys are drawn from; nil: the operating system
	KDF    KDF              // for a new passphrase; an old one keeps what it was wrapped with
	// Keyring is where the operating system keeps secrets for whoever is logged in; nil: there is none.
	Keyring Keyring

	// format and migrations are the program's format and the steps that lead there; tests replace them.
	format     int
	migrations map[int]migration
}

// Keyring keeps small secrets, each under the id of a vault, for as long as the user's account exists. Any error means that it
// did not: it is locked, or there is none on this machine. Its methods give up when ctx ends.
type Keyring interface {
	// Get returns a secret; an error when there is none under this id.
	Get(ctx context.Context, id string) ([]byte, error)
	// Set keeps a secret, in the place of one that is there.
	Set(ctx context.Context, id string, secret []byte) error
	// Delete removes a secret; removing none is no error.
	Delete(ctx context.Context, id string) error
}

// KDF are the parameters of argon2id. The zero value means the defaults: 3 passes over 64 MiB in 4 lanes, above the floor of
// RFC 9106 §4 for machines with little memory, and about a third of a second on a laptop.
type KDF struct {
	Time      uint32 `json:"time"`       // passes
	MemoryKiB uint32 `json:"memory_kib"` // KiB
	Threads   uint8  `json:"threads"`    // lanes
}

var defaultKDF = KDF{Time: 3, MemoryKiB: 64 << 10, Threads: 4}

// The bounds of what a header may ask for, so that a forged one, on a stick that somebody hands over, cannot take all memory or run for
// ever.
const (
	maxKDFTime    = 64
	maxKDFMemory  = 1 << 20 // KiB: 1 GiB
	maxKDFWork    = 4 << 20 // KiB, over all passes
	maxKDFThreads = 64
)

func (k KDF) sane() bool {
	return k.Time >= 1 && k.Time <= maxKDFTime && k.Threads >= 1 && k.Threads <= maxKDFThreads &&
		k.MemoryKiB >= 8*uint32(k.Threads) && k.MemoryKiB <= maxKDFMemory && k.Time*k.MemoryKiB <= maxKDFWork
}

// stretch makes a key of a passphrase.
func (k KDF) stretch(passphrase, salt []byte) (key sealing.Key) {
	made := argon2.IDKey(passphrase, salt, k.Time, k.MemoryKiB, k.Threads, uint32(len(key)))
	copy(key[:], made)
	clear(made)
	return key
}

func (o Options) complete() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.KDF == (KDF{}) {
		o.KDF = defaultKDF
	}
	if o.format == 0 {
		o.format, o.migrations = currentFormat, migrations()
	}
	return o
}
