//go:build story

package window_test

import (
	"context"
	"image"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"samtykke/app/picture/picturetest"
	"samtykke/test/drive"
)

// TestWhatAFileManagerDropsGoesWhereItBelongs drops files and folders on the real window as a file manager does. What the commands then
// find in the vault is what was dropped, and nothing that was dropped before the vault was open or in front of a subject.
func TestWhatAFileManagerDropsGoesWhereItBelongs(test *testing.T) {
	program := drive.Samtykke{Bin: watched(test), Vault: filepath.Join(test.TempDir(), "vault")}
	for _, args := range [][]string{
		{"init", "--org-name", "Eksempel kommune", "--org-number", "999999999", "--contact", "bilder@eksempel.example"},
		{"shoot", "add", "--title", "A school"},
	} {
		if err := program.JSON(test.Context(), nil, args...); err != nil {
			test.Fatal(err)
		}
	}
	s := start(test, program)
	d := &dropped{screen: s, folder: test.TempDir()}

	s.titled("Unlock")
	early := d.picture("early.jpg")
	d.drop(early)
	s.see(t("desktop.drop.locked"))
	s.write(drive.Passphrase)
	s.press("Return")
	s.titled("A school")

	d.inFrontOfASubject(early)
	d.list()
	d.onThePageWhereFilesAreChosen()
	d.pictures()
	d.others()
	s.close()
	d.found()
}

// dropped is what lies in a folder, to be dropped.
type dropped struct {
	*screen
	folder string
	seeds  uint64
}

// file makes a file and gives its path.
func (d *dropped) file(name string, content []byte) string {
	d.Helper()
	path := filepath.Join(d.folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		d.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		d.Fatal(err)
	}
	return path
}

// picture makes a picture that is like no other.
func (d *dropped) picture(name string) string {
	d.Helper()
	d.seeds++
	return d.file(name, picturetest.JPEG(300, 200, picturetest.Options{Seed: d.seeds, Make: "Nordlys", Model: "N1", Orientation: 1, Thumbnail: true}))
}

// drop drops files in the middle of the window.
func (d *dropped) drop(paths ...string) {
	d.Helper()
	addresses := make([]string, len(paths))
	for i, path := range paths {
		addresses[i] = (&url.URL{Scheme: "file", Path: path}).String()
	}
	d.dropAddresses(addresses...)
}

func (d *dropped) dropAddresses(addresses ...string) {
	d.Helper()
	window, err := strconv.ParseUint(d.id, 10, 32)
	if err != nil {
		d.Fatal(err)
	}
	ctx, stop := context.WithTimeout(d.Context(), patience)
	defer stop()
	if err := d.display.Drop(ctx, uint32(window), image.Pt(683, 400), addresses...); err != nil {
		d.Fatal(err)
	}
	d.moveTo(image.Pt(3, 3)) // so that the pointer stands on no word
}

// inFrontOfASubject drops while the screen is handed over: nothing happens, and nothing is said.
func (d *dropped) inFrontOfASubject(path string) {
	d.Helper()
	d.press("h")
	d.titled(t("desktop.hand.title"))
	d.see(t("signing.language.title"))
	before := d.still()
	d.drop(path)
	if differing(before, d.still()) >= 100 {
		d.Error("a drop changes what a subject sees")
		d.keep("dropped-in-front-of-a-subject")
	}
	d.holdCorner()
	d.titled("A school")
}

// list drops a list of people while other things are looked at.
func (d *dropped) list() {
	d.Helper()
	d.press("ctrl+5")
	d.titled(t("desktop.tab.settings"))
	d.drop(d.file("Åsane skole, 4. trinn.csv", []byte("Name;Phone\nOla Nordmann;900 00 000\nKari Eksempel;900 00 001\n")))
	d.titled("A school")
	d.click(english.N("desktop.roster.do", 2, nil))
	d.see(english.N("desktop.roster.registered", 2, nil))
}

// onThePageWhereFilesAreChosen drops a folder, which opens there, and a file, which does not fit.
func (d *dropped) onThePageWhereFilesAreChosen() {
	d.Helper()
	d.press("ctrl+3")
	d.click(t("pictures.import.folder"))
	d.see(t("desktop.choose.take.folder"))
	single := d.picture("late/late.jpg")
	d.drop(single)
	d.see(t("desktop.choose.no-folder"))
	d.drop(filepath.Dir(single))
	d.see("late.jpg")
	d.click(t("desktop.choose.take.folder"))
	d.see(english.N("pictures.imported", 1, nil))
}

// pictures drops a folder, and then single files with names that an address has to write otherwise.
func (d *dropped) pictures() {
	d.Helper()
	for _, name := range []string{"NLY_0001.JPG", "NLY_0002.JPG", "DCIM/NLY_0003.JPG"} {
		d.picture(filepath.Join("Søndag på Ås #2 (100 %)", name))
	}
	d.drop(filepath.Join(d.folder, "Søndag på Ås #2 (100 %)"))
	d.titled(t("desktop.tab.images"))
	d.see(english.N("pictures.imported", 3, nil))
	d.press("ctrl+2")
	d.titled(t("desktop.tab.people"))
	d.drop(d.picture("Blåbær & rømme #1 50%25 +ø.jpg"), d.picture("two.jpg"))
	d.titled(t("desktop.tab.images"))
	d.see(english.N("pictures.imported", 2, nil))
}

// others drops what has no use, or not here, which is said.
func (d *dropped) others() {
	d.Helper()
	d.drop(d.file("letter.docx", []byte("x")))
	d.see("letter.docx cannot be used here.")
	d.drop(filepath.Join(d.folder, "gone.jpg"))
	d.see(t("desktop.drop.gone", "name", "gone.jpg"))
	d.dropAddresses("gphoto2://Nordlys_N1/store/DCIM/NLY_0009.JPG")
	d.see("NLY_0009.JPG is not on a disk")
	d.drop(d.file("form.json", []byte("{}")), d.picture("unused.jpg"))
	d.titled(t("desktop.form.wrong"))
	d.see(t("desktop.drop.others"))
}

// found checks by the commands what is in the vault.
func (d *dropped) found() {
	d.Helper()
	var people, images []struct{ Name string }
	for _, each := range []struct {
		into *[]struct{ Name string }
		args []string
		want []string
	}{
		{&people, []string{"subject", "find", "9000000"}, []string{"Kari Eksempel", "Ola Nordmann"}},
		{&images, []string{"image", "list"}, []string{"Blåbær & rømme #1 50%25 +ø.jpg", "NLY_0001.JPG", "NLY_0002.JPG", "NLY_0003.JPG", "late.jpg", "two.jpg"}},
	} {
		if err := d.program.JSON(d.Context(), each.into, each.args...); err != nil {
			d.Error(err)
		}
		var names []string
		for _, one := range *each.into {
			names = append(names, one.Name)
		}
		slices.Sort(names)
		if !slices.Equal(names, each.want) {
			d.Errorf("%v: %q, want %q", each.args, names, each.want)
		}
	}
}
