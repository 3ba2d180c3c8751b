// Package vault is the device's encrypted memory: it implements capture.Store over one folder that tells nothing to whoever
// steals it.
//
//	v, recoveryKey, err := vault.Create(ctx, dir, passphrase, vault.Options{})
//	v, err := vault.Open(ctx, dir, passphrase, vault.Options{})
//	defer v.Close()
//	for _, p := range v.Report() { … }             // what opening had to mend
//
// The folder holds:
//
//	vault.json            the header: how the data key is wrapped; public, authenticated
//	vault.db              the database (bbolt); every value sealed, every key a number or a keyed hash
//	vault.db.snapshot     a copy of vault.db from the last clean end
//	previews.db           small pictures, sealed; can be made again
//	originals/            imported files, sealed (package originals)
//	vault.lock            who has the vault open
//
// and, after something has happened, vault.db.damaged-<time> and before-format-<n>/. The format stands in docs/formats.md to
// the byte.
//
// # Keys
//
// A random data key opens everything. It is wrapped under a key that argon2id makes of the passphrase, and under one that HKDF
// makes of the recovery key, which is printed once; and, when the user wants that, under a secret that lies in the operating
// system's keyring. Changing the passphrase or the recovery key wraps the data key anew and touches nothing else. Values, names, previews and the header's MAC each have a key of their own, derived from the data key. Each subject has a
// random key too, which seals their profile and their blobs, so that forgetting the key forgets the person.
//
// # Durability
//
// An Update is one bbolt transaction: written, flushed, made current by one checksummed page, flushed. A crash leaves the state
// before or after it. Opening after an unclean end checks the whole database; when it is damaged the file is kept beside and the
// snapshot is put in its place, and Report says what that means. Without a snapshot nothing is touched.
//
// # Erasure
//
// ForgetSubject deletes, but a database reuses its pages only later. The next Close (or, after a crash, the next opening) therefore
// writes the database anew without what was deleted, replaces the snapshot, and removes what was set aside before changes of format.
// Damaged files keep what they hold until somebody removes them.
package vault
