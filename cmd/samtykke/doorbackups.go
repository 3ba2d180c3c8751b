package main

import (
	"context"
	"errors"

	"samtykke/app/capture"
	"samtykke/app/problem"
	"samtykke/storage/vault"
)

// CreateBackup copies the open vault into a new folder under out, reads it back, and notes when and where that was.
func (d *door) CreateBackup(ctx context.Context, s *capture.Session, out string, withReferenced bool, progress func(capture.BackupProgress)) (capture.BackupReport, error) {
	report, err := d.vault.CreateBackup(ctx, out, vault.BackupOptions{Program: "samtykke " + version, WithReferenced: withReferenced, Progress: progress})
	if err != nil {
		return report, err
	}
	return report, s.NoteBackup(ctx, capture.Backup{Folder: report.Path, Files: report.Files, Bytes: report.Bytes})
}

// VerifyBackup reads every byte of a backup. Without a passphrase only the files are compared with the manifest.
func (d *door) VerifyBackup(ctx context.Context, dir, passphrase string, progress func(capture.BackupProgress)) (capture.BackupCheck, error) {
	if passphrase == "" {
		check, err := vault.VerifyBackupFiles(ctx, dir, progress)
		return check.BackupCheck, err
	}
	from, err := d.openBackup(ctx, dir, passphrase)
	if err != nil {
		return capture.BackupCheck{}, err
	}
	check, err := from.Verify(ctx, progress)
	return check.BackupCheck, errors.Join(err, from.Close())
}

// MergeBackup takes in what a backup of this or another device has and the open vault lacks.
func (d *door) MergeBackup(ctx context.Context, s *capture.Session, dir, passphrase string, progress func(capture.UnionProgress)) (capture.United, error) {
	from, err := d.openBackup(ctx, dir, passphrase)
	if err != nil {
		return capture.United{}, err
	}
	done, err := s.Unite(ctx, capture.Other{Store: from, Originals: from.Originals()}, progress)
	return done, errors.Join(err, from.Close())
}

// RestoreBackup makes this door's vault of a backup, opens it and reads all of it again.
func (d *door) RestoreBackup(ctx context.Context, dir, passphrase string, progress func(capture.BackupProgress)) (*capture.Session, capture.Restored, error) {
	from, err := d.openBackup(ctx, dir, passphrase)
	if err != nil {
		return nil, capture.Restored{}, err
	}
	done := capture.Restored{Made: from.Made(), Files: from.Files()}
	if err := errors.Join(vault.Restore(ctx, from, d.dir, progress), from.Close()); err != nil {
		return nil, done, err
	}
	s, err := d.Unlock(ctx, passphrase)
	if err != nil {
		return nil, done, err
	}
	err = d.look(ctx, s, &done)
	return s, done, err
}

// look reads a vault that was just restored, down to the last original.
func (d *door) look(ctx context.Context, s *capture.Session, done *capture.Restored) error {
	if err := s.NoteRestored(ctx, done.Made); err != nil {
		return err
	}
	checked, err := d.vault.Check(ctx, true)
	if err != nil {
		return err
	}
	audit, err := s.Audit(ctx)
	if err != nil {
		return err
	}
	done.Events, done.Originals = audit.Events, checked.Originals
	done.Problems = append(listed(checked.Problems), audit.Problems...)
	return nil
}

// openBackup opens a backup, and says whose passphrase was wrong when one was: a vault and its backups may have different ones.
func (d *door) openBackup(ctx context.Context, dir, passphrase string) (*vault.Backup, error) {
	b, err := vault.OpenBackup(ctx, dir, passphrase, d.options)
	if problem.KindOf(err) == problem.Unauthorised {
		return nil, problem.New(problem.Unauthorised, "backup-passphrase",
			"The passphrase does not open this backup; nothing was changed; a backup keeps the passphrase that its vault had on the day: give that one.").Because(err)
	}
	return b, err
}
