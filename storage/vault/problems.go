package vault

import (
	"time"

	"samtykke/app/problem"
)

// The problems of a vault that have no values.
var (
	errWrongPassphrase = problem.New(problem.Unauthorised, "wrong-passphrase",
		"The passphrase does not open this vault; everything in it is safe; try again, or open it with the recovery key.")
	errWrongRecoveryKey = problem.New(problem.Unauthorised, "wrong-recovery-key",
		"This recovery key belongs to another vault; everything in this one is safe; look for the paper that was printed with it.")
	errRecoveryKeyMistyped = problem.New(problem.Invalid, "recovery-key-mistyped",
		"The recovery key is not typed as it was printed; nothing was changed; compare the eight groups of four characters one by one.")
	errPassphraseTooShort = problem.New(problem.Invalid, "passphrase-too-short",
		"The passphrase is shorter than {{.least}} characters; nothing was changed; choose a longer one, such as four words.",
		"least", minPassphrase)
	errKeyringOff = problem.New(problem.Invalid, "keyring-off",
		"The system's keyring does not open this vault; nothing was changed; open it with the passphrase.")
	errKeyringUnavailable = problem.New(problem.Unavailable, "keyring-unavailable",
		"The system's keyring is locked, or does not know this vault; everything in the vault is safe; open it with the passphrase.")
	errKeyringRefused = problem.New(problem.Unavailable, "keyring-refused",
		"The system's keyring did not keep the vault's secret; nothing was changed; unlock the keyring and try again, or go on with the passphrase.")
	errWrongKeyring = problem.New(problem.Unauthorised, "wrong-keyring",
		"What the system's keyring keeps does not open this vault; everything in the vault is safe; open it with the passphrase and turn the keyring on anew.")
	errKeyringLeft = problem.New(problem.Unavailable, "keyring-left",
		"The vault no longer opens with the system's keyring, but the keyring did not let go of its secret; the secret opens nothing any more; remove it there when you can.")
	errClosed = problem.New(problem.Unavailable, "vault-closed",
		"The vault was closed; everything that was saved is in it; open it again.")
)

// What an opening tells. None of it is an error; the sentences are problems so that they find their translations.
var (
	errEndedUncleanly = problem.New(problem.Notice, "vault-unclean",
		"The program ended without closing the vault; its database was checked and is in order.")
	errPreviewsDropped = problem.New(problem.Notice, "previews-dropped",
		"The previews were damaged and will be made again from the pictures; nothing else was touched.")
)

func importsInterrupted(count int) *problem.Problem {
	return problem.New(problem.Notice, "imports-interrupted",
		"{{.count}} imports had been interrupted; their unfinished files were removed; import those pictures again.", "count", count)
}

func broughtForward(from, to int, copied string) *problem.Problem {
	return problem.New(problem.Notice, "vault-brought-forward",
		"The vault was brought from format {{.from}} to {{.to}}; nothing was lost; a copy of how it was is kept in {{.copy}} until somebody is erased.",
		"from", from, "to", to, "copy", copied)
}

// snapshotRestored tells that the snapshot of a time took the place of the database, which is kept, unless it was missing.
func snapshotRestored(taken time.Time, kept string) *problem.Problem {
	since := taken.Local().Format("2006-01-02 15:04")
	if kept == "" {
		return problem.New(problem.Damaged, "vault-snapshot-missing",
			"The database was missing; the copy of {{.since}} was put in its place; what was saved after that is not in it; sync to fetch what the media library has.",
			"since", since)
	}
	return problem.New(problem.Damaged, "vault-snapshot-damaged",
		"The database was damaged; the copy of {{.since}} was put in its place; what was saved after that is not in it; the damaged file is kept as {{.kept}}; sync to fetch what the media library has.",
		"since", since, "kept", kept)
}

// untidy says what a closing could not do, without taking back what is saved: all changes were on the disk before.
func untidy(err error, forgotten bool) error {
	switch {
	case err == nil:
		return nil
	case forgotten:
		return problem.New(problem.Unavailable, "vault-not-shredded",
			"What was done is saved, but what was erased still lies in the vault's files, sealed, since they could not be written anew; make room on the disk, check that you may write in the vault's folder, and open the vault once more, which wipes it.").Because(err)
	}
	return problem.New(problem.Unavailable, "vault-not-copied",
		"What was done is saved, but the copy that mends a damaged database could not be made; make room on the disk, and check that you may write in the vault's folder; the next closing tries again.").Because(err)
}

func missing(dir string) error {
	return problem.New(problem.NotFound, "vault-missing",
		"There is no vault in {{.folder}}; nothing was changed; name the folder of an existing one, or make a new one.", "folder", dir)
}

func exists(dir string) error {
	return problem.New(problem.Conflict, "vault-exists",
		"There is a vault in {{.folder}} already; it was left as it is; open it, or choose another folder for a new one.", "folder", dir)
}

func notAVaultFolder(dir string) error {
	return problem.New(problem.Invalid, "not-a-vault-folder",
		"{{.folder}} holds other things and no vault; nothing was changed; name the folder that holds vault.json, or an empty one for a new vault.",
		"folder", dir)
}

func newerFormat(found, known int) error {
	return problem.New(problem.Invalid, "vault-newer-format",
		"This vault was used with a newer version of the program (format {{.found}}, this one knows {{.known}}); it is safe and unchanged; install the newer version.",
		"found", found, "known", known)
}

// damaged names the file that is not what it must be. The folder is left as it is.
func damaged(file string, cause error) error {
	return problem.New(problem.Damaged, "vault-damaged",
		"The file {{.file}} of the vault is damaged; all files were kept as they are; restore the newest backup, and keep this folder until that has worked.",
		"file", file).Because(cause)
}

func busy(h holder) error {
	values := []any{"pid", 0, "program", "", "since", ""}
	if h.PID != 0 {
		values = []any{"pid", h.PID, "program", h.Program, "since", h.Since.Local().Format("2006-01-02 15:04")}
	}
	return problem.New(problem.Conflict, "vault-busy",
		"The vault is open in {{if .pid}}{{.program}} (process {{.pid}}) since {{.since}}{{else}}another program{{end}}; nothing was changed; close it there, then try again.",
		values...)
}

func blobTooLarge(size, most int) error {
	return problem.New(problem.Invalid, "blob-too-large",
		"The file has {{.size}} MB, more than the {{.most}} MB that fit; nothing was saved; scan it with a lower resolution.",
		"size", (size+1<<20-1)>>20, "most", most>>20)
}
