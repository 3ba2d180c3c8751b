package desktop_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/assets"
	"samtykke/storage/vault"
)

// takeFolder chooses a folder on the page that asks for one.
func (d *desk) takeFolder(path string) {
	d.Helper()
	within := "in-" + filepath.Base(path)
	if err := os.MkdirAll(filepath.Join(path, within), 0o700); err != nil {
		d.Fatal(err)
	}
	d.see("Choose this folder")
	d.entries()[0].SetText(path)
	d.entries()[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	d.see(within)
	d.press("Choose this folder")
}

// stick is a disk with a backup of the desk's vault, made in the window.
func (d *desk) stick() (stick, backup string) {
	d.Helper()
	stick = d.TempDir()
	d.press("Sync")
	d.press("Copy everything to a USB stick")
	d.takeFolder(stick)
	d.see("The backup is made, and all of it was read back")
	made := must(filepath.Glob(filepath.Join(stick, "samtykke-*")))
	if len(made) != 1 {
		d.Fatalf("on the stick: %v", made)
	}
	return stick, made[0]
}

func TestEverythingIsCopiedToAStickAndCheckedThere(t *testing.T) {
	d := seated(t)
	d.sign(d.register("Ola Nordmann").ID, consent.DecisionYes)
	d.importPicture(100_000)
	_, backup := d.stick()
	d.see("Last backup: ")
	if status := must(d.session().Status(t.Context())); status.LastBackup.Folder != backup || status.BackupDue(time.Now()) {
		t.Errorf("the vault says of its last backup: %+v", status.LastBackup)
	}
	check := func(how, said string) {
		t.Helper()
		d.press("Check a backup")
		d.takeFolder(backup)
		if how == "Check everything" {
			d.see("Passphrase of the backup")
			e := d.entries()
			e[len(e)-1].SetText(passphrase)
		}
		d.press(how)
		d.see(said)
	}
	check("Check everything", "The backup is whole, down to the last value and picture")
	check("Check the files only", "Whether all of it opens was not checked")
	database := filepath.Join(backup, "vault.db")
	bytes := must(os.ReadFile(database))
	bytes[len(bytes)/2] ^= 1
	if err := os.WriteFile(database, bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	check("Check the files only", "is not whole")
}

func TestABackupOfAnotherComputerIsTakenIn(t *testing.T) {
	other := seated(t)
	person := other.register("Kari Nordmann")
	_, backup := other.stick()
	d := seated(t)
	d.press("Sync")
	d.press("Take in another computer's backup")
	d.takeFolder(backup)
	d.see("Passphrase of the backup")
	e := d.entries()
	e[len(e)-1].SetText("wrong")
	d.press("Take it in")
	d.see("The passphrase")
	d.press("Take in another computer's backup")
	d.takeFolder(backup)
	d.see("Passphrase of the backup")
	e = d.entries()
	e[len(e)-1].SetText(passphrase)
	d.press("Take it in")
	d.see("New here: ")
	if got := must(d.session().Person(person.ID)); got.Profile.Name != "Kari Nordmann" {
		t.Errorf("taken in: %+v", got)
	}
}

func TestANewComputerBeginsWithABackup(t *testing.T) {
	lost := seated(t)
	person := lost.register("Kari Nordmann")
	_, backup := lost.stick()

	d := sit(t)
	d.open()
	d.press("English")
	d.press("I have a backup")
	d.press("Choose the folder")
	d.takeFolder(backup)
	d.see(backup)
	d.enter(0, "not the one")
	d.press("Restore")
	d.until("it is refused", func() bool { return d.pressable("Restore") != nil || d.says("Restored from") })
	if d.door.Exists() {
		t.Fatal("there is a vault after a wrong passphrase")
	}
	d.enter(0, passphrase)
	d.press("Restore")
	d.see("Restored from the backup of")
	if got := must(d.session().Person(person.ID)); got.Profile.Name != "Kari Nordmann" {
		t.Errorf("restored: %+v", got)
	}
}

func TestConsentsThatAreHereAloneRemindOfABackupOnce(t *testing.T) {
	d, _ := joined(t)
	d.sign(d.register("Ola Nordmann").ID, consent.DecisionYes)
	d.press("Sync")
	d.see("1 consent is on this computer alone")
	d.press("Close")
	d.sign(d.register("Kari Nordmann").ID, consent.DecisionYes)
	d.see("Saved on this laptop: 2 consents")
	if d.says("on this computer alone") {
		t.Error("it nags")
	}
}

func TestSyncFitsASmallScreenInEveryLanguage(t *testing.T) {
	room := fyne.NewSize(683, 384)
	for _, language := range assets.Languages {
		d, _ := joined(t)
		d.importPicture(10_000)
		d.window.Stop()
		if err := d.door.Close(); err != nil {
			t.Fatal(err)
		}
		d.app.Preferences().SetString("language", language)
		say := func(id string) string { return assets.NewTexts(language).T("desktop."+id, nil) }
		d.open()
		d.enter(0, passphrase)
		d.press(say("unlock.open"))
		d.see(say("tab.sync"))
		for _, page := range []string{"tab.sync", "backups.copy"} {
			d.press(say(page))
			d.see(say("backups.copy"))
			d.window.Fyne().Resize(room)
			d.window.Fyne().Content().Refresh()
			if least := d.window.Fyne().Content().MinSize(); least.Width > room.Width || least.Height > room.Height {
				t.Errorf("%s in %s needs %v of %v", page, language, least, room)
			}
		}
	}
}

// BenchmarkQueueOf100000 is what showing Sync reads when a hundred thousand files are on their way.
func BenchmarkQueueOf100000(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "vault")
	d := &door{dir: dir}
	s, _, err := d.Create(b.Context(), passphrase, capture.Setup{Organisation: organisation, DeviceName: "laptop"})
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	fill(b, d.vault, 100_000)
	b.Run("queue", func(b *testing.B) {
		for b.Loop() {
			if items := must(s.Queue(b.Context())); len(items) < 100_000 {
				b.Fatal(len(items))
			}
		}
	})
	b.Run("status", func(b *testing.B) {
		for b.Loop() {
			must(s.Status(b.Context()))
		}
	})
}

func fill(b *testing.B, v *vault.Vault, n int) {
	b.Helper()
	for begin := 0; begin < n; begin += 1000 {
		if err := v.Update(b.Context(), func(tx capture.Tx) error {
			for i := begin; i < begin+1000; i++ {
				if err := tx.PutTransfer(capture.Transfer{Hash: consent.BlobHash(hashOf(i)), Class: capture.ClassOriginal, Size: 8 << 20, State: capture.TransferWaiting}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
}

// hashOf is a made-up hash for a number.
func hashOf(i int) string {
	sum := sha256.Sum256([]byte(strconv.Itoa(i)))
	return hex.EncodeToString(sum[:])
}
