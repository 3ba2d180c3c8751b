package capture

import (
	"context"
	"time"
)

// settingBackup is the last backup that was made of this vault.
const settingBackup = "last_backup"

// Backup is a copy of the whole vault that was made and read back.
type Backup struct {
	Made   time.Time `json:"made"`
	Folder string    `json:"folder"` // where it was put; the disk may be elsewhere by now
	Files  int       `json:"files"`
	Bytes  int64     `json:"bytes"`
}

// NoteBackup remembers that a backup was made, so that the status can say how old the last one is.
func (s *Session) NoteBackup(ctx context.Context, b Backup) error {
	b.Made = s.Clock().UTC()
	return s.change(ctx, func(c *change) error { return c.PutSetting(settingBackup, b) })
}

// BackupProgress is how far the writing and the reading back of a backup have come.
type BackupProgress struct {
	Verifying   bool  // reading back; before that: writing
	Done, Total int64 // bytes
}

// BackupReport is what a backup became.
type BackupReport struct {
	Path   string // its folder
	Files  int    // the manifest left out
	Bytes  int64  // of them
	Events int
	// NotIncluded are the paths of files that the vault refers to and that are not in the backup.
	NotIncluded []string
	// Problems are in words what does not open in the vault itself, and so not in its backup either. A backup without any was read
	// back and found whole.
	Problems []string
}

// BackupCheck is what reading a backup found.
type BackupCheck struct {
	Files  int   // of the manifest
	Bytes  int64 // of them
	Events int   // 0 without the passphrase
	// Complete: every value was unsealed and every original hashed, which takes the passphrase. Otherwise only the files were
	// compared with the manifest, which whoever exchanged them may have written anew.
	Complete bool
	Problems []string // in words; empty when nothing is wrong
}

// Restored is what a vault became that was made of a backup.
type Restored struct {
	Made      time.Time // when the backup was made
	Files     int       // of the backup
	Events    int
	Originals int
	Problems  []string // in words what is not as it should be; empty when nothing is
}

// backupAge is how old the last backup may be while there are consents that only this device has.
const backupAge = 7 * 24 * time.Hour

// BackupDue tells whether there are consents that exist on this device alone, and in no backup younger than a week.
func (s Status) BackupDue(now time.Time) bool {
	return s.Consents > s.ReceivedConsents && now.Sub(s.LastBackup.Made) > backupAge
}
