package desktop_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"samtykke/app/capture"
	"samtykke/app/picture/picturetest"
	"samtykke/app/problem"
	"samtykke/storage/disk/disktest"
)

// Design §3.1 and §3.12 in the window: a disk that is full, cannot be written to or was taken out is said in one sentence, nothing half is
// left, and everything goes on once the disk does.

// onSmallDisk sits before a window whose vault lies on a disk of its own.
func onSmallDisk(t *testing.T) (*desk, *disktest.Disk) {
	t.Helper()
	small := disktest.Mount(t, t.TempDir(), 6<<10) // before the desk, which closes the vault when the test ends
	d := sit(t)
	d.door.dir = filepath.Join(small.Path, "vault")
	return d.begins(), small
}

// exhaust fills the disk and what the database has free within itself, until nobody more fits.
func (d *desk) exhaust(small *disktest.Disk) {
	d.Helper()
	small.Fill(0)
	for _, length := range []int{290, 40, 1} {
		for refused := 0; refused < 3; {
			_, err := d.session().Register(d.Context(), capture.Registration{Shoot: d.session().Shoots()[0].ID, Name: strings.Repeat("x", length)})
			if err == nil {
				continue
			}
			if refused++; problem.Of(err).ID != "disk-full" {
				d.Fatal(err)
			}
		}
	}
}

// card is a folder with so many pictures.
func (d *desk) card(count int) string {
	d.Helper()
	folder := d.TempDir()
	for i := range count {
		jpeg := picturetest.Encode(picturetest.Scene(320, 240, uint64(i+1)), picturetest.Options{})
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("IMG_%d.jpg", i)), jpeg, 0o600); err != nil {
			d.Fatal(err)
		}
	}
	return folder
}

// unfinished are files that were being written.
func unfinished(t *testing.T, folder string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		name := e.Name()
		if strings.HasSuffix(name, ".partial") || strings.HasSuffix(name, ".new") || strings.HasPrefix(name, ".samtykke-") {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestSigningOnAFullDiskSavesOnceThereIsRoom(t *testing.T) {
	if !disktest.Alone(t) {
		return
	}
	d, small := onSmallDisk(t)
	d.exhaust(small)
	d.press("New person")
	d.enter(1, "Ola Nordmann")
	d.press("Save")
	d.see("The disk is full; what was saved before is safe")
	if found := d.session().Find(capture.Search{Text: "Ola"}); len(found) > 0 {
		t.Errorf("half registered: %+v", found)
	}
	d.press("Cancel")

	d.press("Hand over for signing")
	d.press("English")
	d.press("Myself")
	d.until("the fields", func() bool { return len(d.signingEntries()) > 1 })
	test.Type(d.signingEntries()[0], "Kari Nordmann")
	test.Type(d.signingEntries()[1], "1980")
	for d.pressable("Yes to everything") == nil {
		d.press("Next")
	}
	d.press("Yes to everything")
	d.press("Yes, that is right")
	d.until("the field for the name", func() bool { return len(d.signingEntries()) > 0 })
	test.Type(d.signingEntries()[0], "Kari Nordmann")
	d.press("Sign and save")
	d.see("The disk is full; what was saved before is safe")
	if status := must(d.session().Status(t.Context())); d.says("Your answers are saved") || status.Consents > 0 {
		t.Fatalf("%d consents, and the screen says %q", status.Consents, d.texts())
	}
	small.Free()
	d.press("Sign and save")
	d.see("Your answers are saved")
	found := d.session().Find(capture.Search{Text: "Kari"})
	if status := must(d.session().Status(t.Context())); len(found) != 1 || status.Consents != 1 {
		t.Errorf("%d people and %d consents of one who signed", len(found), status.Consents)
	}
	if left := unfinished(t, small.Path); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

func TestImportOnAFullDiskStopsAndGoesOn(t *testing.T) {
	if !disktest.Alone(t) {
		return
	}
	d, small := onSmallDisk(t)
	small.Fill(24)
	d.press("Images")
	d.drop(d.card(6))
	d.see("The disk is full; what was saved before is safe")
	d.see("The import has stopped; what was imported is safe.")
	images := d.session().Images(capture.ImageFilter{})
	if len(images) == 6 {
		t.Fatal("all pictures had room")
	}
	for _, image := range images {
		kept, err := d.session().OpenOriginal(image.ID)
		if err != nil {
			t.Error(err)
			continue
		}
		_ = kept.Close()
	}
	small.Free()
	d.press("Continue")
	d.see("Saved on this laptop: 0 consents, 6 images")
	if left := unfinished(t, small.Path); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

func TestFilesThatNoDiskHasRoomForAreSaidAndNothingHalfIsLeft(t *testing.T) {
	if !disktest.Alone(t) {
		return
	}
	d, person := chosen(t)
	d.photograph(person.ID, 1)
	full := func(path string) *disktest.Disk {
		small := disktest.Mount(t, path, 100)
		small.Fill(0)
		return small
	}
	receipts, viewing, running, stick := full(filepath.Join(d.folder, "receipts")), full(filepath.Join(d.folder, "viewing")),
		full(filepath.Join(d.folder, "running")), full(t.TempDir())
	d.press("Save")
	d.see("cannot be written")
	d.press("Open or print")
	d.see("where files lie while another program shows them; the vault is untouched")
	receipts.Free()
	viewing.Free()
	d.press("Save")
	d.see("The receipt is in")
	d.press("Open or print")
	d.see("deleted when Samtykke locks")

	d.press("Sync") // which is noted in a file that has no room
	d.press("Copy everything to a USB stick")
	d.see("Choose this folder")
	d.entries()[0].SetText(stick.Path)
	d.entries()[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	d.see("1 file")
	d.press("Choose this folder")
	d.see("The backup cannot be written to " + stick.Path)
	if left := must(filepath.Glob(filepath.Join(stick.Path, "samtykke-*"))); len(left) > 0 {
		t.Errorf("of the backup is left: %v", left)
	}
	d.window.Rest()
	for _, folder := range []string{receipts.Path, viewing.Path, running.Path, stick.Path} {
		if left := unfinished(t, folder); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	}
}

func TestVaultOnADiskThatWasTakenOutSavesNothingAndOpensOnceItIsBack(t *testing.T) {
	if !disktest.Alone(t) {
		return
	}
	d, small := onSmallDisk(t)
	d.register("Kari Nordmann")
	away := filepath.Join(t.TempDir(), "away")
	if err := os.Mkdir(away, 0o700); err != nil {
		t.Fatal(err)
	}
	disktest.Move(t, small.Path, away)
	d.press("New person")
	d.enter(1, "Ola Nordmann")
	d.press("Save")
	d.see("it was moved, or its disk was taken out; what was saved before is in it")
	if d.says("is saved on this laptop") {
		t.Error("it was acknowledged")
	}
	d.window.LockNow()
	d.see("Unlock the vault")
	d.see("it was moved, or its disk was taken out; what was saved before is in it")
	d.enter(0, passphrase)
	d.press("Unlock")
	d.see("any more; nothing was changed; put its disk back in")
	disktest.Move(t, away, small.Path)
	d.enter(0, passphrase)
	d.press("Unlock")
	d.see("Kari Nordmann")
	d.see("The program ended without closing the vault; its database was checked and is in order.")
}

func TestVaultThatCannotBeWrittenToIsNotOpened(t *testing.T) {
	if !disktest.Alone(t) {
		return
	}
	d, small := onSmallDisk(t)
	d.window.LockNow()
	d.see("Unlock the vault")
	d.window.Rest()
	small.ReadOnly()
	d.enter(0, passphrase)
	d.press("Unlock")
	d.see("The vault's folder cannot be written to; nothing was changed")
}
