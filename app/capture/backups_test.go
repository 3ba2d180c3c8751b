package capture_test

import (
	"testing"
	"time"

	"samtykke/app/capture"
)

func TestPauseIsThereAfterReopeningUntilSomebodyGoesOn(t *testing.T) {
	b := mustBench(t)
	paused := func() bool {
		t.Helper()
		status, err := b.Status(b.ctx)
		if err != nil {
			t.Fatal(err)
		}
		return status.Paused
	}
	for _, pause := range []bool{true, false} {
		if err := b.PauseSync(b.ctx, pause); err != nil {
			t.Fatal(err)
		}
		b.reopen()
		if paused() != pause {
			t.Errorf("paused is %v after it was set to %v and the vault was opened again", !pause, pause)
		}
	}
}

func TestBackupIsDueWhenConsentsAreHereAloneAndInNoBackupOfThisWeek(t *testing.T) {
	b := mustBench(t)
	due := func() bool {
		t.Helper()
		status, err := b.Status(b.ctx)
		if err != nil {
			t.Fatal(err)
		}
		return status.BackupDue(b.now)
	}
	if due() {
		t.Error("a backup is due of a vault without consents")
	}
	b.sign(b.person(capture.Registration{Shoot: b.shoot, Name: "Ola Nordmann"}), "web:photo")
	if !due() {
		t.Error("no backup is due although there never was one")
	}
	if err := b.NoteBackup(b.ctx, capture.Backup{Folder: "/media/stick/samtykke", Files: 4, Bytes: 1000}); err != nil {
		t.Fatal(err)
	}
	b.reopen()
	if due() {
		t.Error("a backup is due right after one")
	}
	b.now = b.now.Add(8 * 24 * time.Hour)
	if !due() {
		t.Error("no backup is due after eight days")
	}
}
