package pictures_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/picture/picturetest"
	"samtykke/app/problem"
	"samtykke/ui/desktop/part"
)

func TestEmptyScreenSaysWhatToDoFirst(t *testing.T) {
	d := newDesk(t)
	d.open("en")
	d.expect("No pictures yet", "Choose a folder …")
}

func TestFolderIsChosenFromTheDisk(t *testing.T) {
	d := newDesk(t)
	d.open("en")
	d.press("Choose a folder …")
	if d.asked == nil || !d.asked.Folder {
		t.Fatalf("the reader is asked for %+v", d.asked)
	}
	d.asked.Chosen([]string{d.card(3)})
	d.settle()
	d.expect("3 pictures")
}

func TestDroppedFolderIsImportedAndWhatIsSkippedIsListedWithReasons(t *testing.T) {
	d := newDesk(t)
	d.open("en")
	dir := d.card(40)
	d.must(os.WriteFile(filepath.Join(dir, "notes.txt"), []byte("no picture"), 0o600))
	d.screen.Dropped([]string{dir})
	d.expect("Looking through the files")
	d.until("it is imported", func() bool { return d.says("40 pictures imported.") })
	d.settle()
	d.expect("1 file skipped.", "40 pictures", "Something is missing")
	d.press("Show why")
	d.expect("notes.txt", "cannot be imported")
	if len(d.errors) > 0 {
		t.Error(d.errors)
	}
}

func TestStoppedImportKeepsWhatCameInAndGoesOn(t *testing.T) {
	d := newDesk(t)
	d.open("en")
	dir := d.card(100)
	d.screen.Dropped([]string{dir})
	d.until("the first batch is in", func() bool { return d.says(" of 100 files") })
	if !strings.Contains(d.said(), "B/s") || !strings.Contains(d.said(), "left") {
		t.Errorf("tells neither rate nor time left: %s", d.said())
	}
	d.press("Stop")
	d.until("it has stopped", func() bool { return d.says("The import has stopped") })
	d.settle()
	kept := len(d.session.Images(capture.ImageFilter{Shoot: d.shoot}))
	if kept == 0 || kept >= 100 {
		t.Fatalf("%d of 100 pictures are in after stopping", kept)
	}
	d.press("Continue")
	d.until("it is imported", func() bool { return d.says(fmt.Sprintf("%d were here already.", kept)) })
	if n := len(d.session.Images(capture.ImageFilter{Shoot: d.shoot})); n != 100 {
		t.Errorf("%d pictures are in", n)
	}
	if len(d.errors) > 0 {
		t.Errorf("stopping is told as a failure: %v", d.errors)
	}
}

func TestSecondDropWaitsForTheFirst(t *testing.T) {
	d := newDesk(t)
	d.open("en")
	one, two := d.card(3), d.card(5)
	d.screen.Dropped([]string{one})
	d.screen.Dropped([]string{two})
	d.until("both are in", func() bool { return len(d.session.Images(capture.ImageFilter{})) == 5 && !d.says("Looking through") }) // 3 of the 5 are the same
	d.settle()
	d.expect("3 were here already.")
}

func TestSlateCardIsMarkedAndItsPicturesBelongToThePerson(t *testing.T) {
	d := newDesk(t)
	ola := d.person("Ola Nordmann", consent.DecisionYes)
	d.open("en")
	d.screen.Dropped([]string{d.card(3, ola.Code)})
	d.until("it is imported", func() bool { return d.says("1 QR card found.") })
	d.settle()
	d.expect("3 pictures linked.", "CARD_0.JPG, QR card", "IMG_0000.JPG, Something is missing, "+string(ola.Code))
	d.selectPictures(0)
	d.expect("This is a photographed QR card", "Ola Nordmann")
	if d.says("Ground for use") {
		t.Error("a card has a ground")
	}
}

func TestTypedNameAndEnterLinksTheSelectedPictures(t *testing.T) {
	d := newDesk(t)
	ola, kari := d.person("Ola Nordmann", consent.DecisionYes), d.person("Kari Olsen", consent.DecisionNo)
	d.load(d.card(5))
	d.open("en")
	d.selectPictures(1, 3)
	d.enter(d.name(), "nordm")
	if got := linked(d); !slices.Equal(got, []string{"", string(ola.Code), "", string(ola.Code), ""}) {
		t.Errorf("linked %q", got)
	}
	if len(d.toasts) != 1 || !strings.Contains(d.toasts[0], "Ola Nordmann is linked to 2 pictures") {
		t.Errorf("said %q", d.toasts)
	}
	d.selectPictures(0)
	d.enter(d.name(), strings.ToLower(strings.ReplaceAll(string(kari.Code), "-", "")))
	if got := linked(d)[0]; got != string(kari.Code) {
		t.Errorf("the code linked %q", got)
	}
}

func TestArrowChoosesAmongThoseWhoMayBeMeant(t *testing.T) {
	d := newDesk(t)
	second, first := d.person("Ola Nordmann", ""), d.person("Ola Hansen", "") // equally near: by name
	d.load(d.card(1))
	d.open("en")
	d.selectPictures(0)
	d.name().SetText("ola")
	d.settle()
	d.expect("Ola Nordmann", "Ola Hansen")
	d.name().TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	d.name().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	d.settle()
	if got := linked(d)[0]; got != string(second.Code) || got == string(first.Code) {
		t.Errorf("linked %q", got)
	}
}

func TestUnknownNameLinksNobody(t *testing.T) {
	d := newDesk(t)
	d.person("Ola Nordmann", "")
	d.load(d.card(1))
	d.open("en")
	d.selectPictures(0)
	d.enter(d.name(), "Zeppelin")
	d.expect("Nobody here has this name or code.")
	if got := linked(d)[0]; got != "" {
		t.Errorf("linked %q", got)
	}
}

func TestWhoIsNotToBePhotographedIsNotLinked(t *testing.T) {
	d := newDesk(t)
	p, err := d.session.Register(context.Background(), capture.Registration{Shoot: d.shoot, Name: "red jacket", Avoid: true})
	d.must(err)
	d.load(d.card(1))
	d.open("en")
	d.selectPictures(0)
	d.enter(d.name(), string(p.Code))
	if len(d.errors) != 1 || !errors.Is(d.errors[0], problem.New("", "subject-avoid", "")) {
		t.Errorf("told %v", d.errors)
	}
}

// linked is who is on each picture, in order.
func linked(d *desk) []string {
	var all []string
	for _, img := range d.session.Images(capture.ImageFilter{Shoot: d.shoot}) {
		var codes []string
		for _, p := range img.People {
			codes = append(codes, string(p.Code))
		}
		all = append(all, strings.Join(codes, " "))
	}
	return all
}

func TestDigitsCountThePeopleOfTheSelectedPictures(t *testing.T) {
	d := newDesk(t)
	d.load(d.card(4))
	d.open("en")
	d.selectPictures(0, 2)
	d.window.Canvas().Focus(d.grid().Focusable())
	d.window.Canvas().Focused().TypedRune('2')
	d.settle()
	for i, img := range d.session.Images(capture.ImageFilter{Shoot: d.shoot}) {
		if want := map[int]int{0: 2, 1: -1, 2: 2, 3: -1}[i]; img.PeopleCount != want {
			t.Errorf("picture %d shows %d people", i, img.PeopleCount)
		}
	}
	if got := d.grid().Selected(); !slices.Equal(got, []int{0, 2}) {
		t.Errorf("afterwards %v are selected", got)
	}
	d.selectPictures(1)
	d.enter(only[field](d, 1), "12")
	if img := d.session.Images(capture.ImageFilter{Shoot: d.shoot})[1]; img.PeopleCount != 12 {
		t.Errorf("a larger group counts %d", img.PeopleCount)
	}
	d.enter(only[field](d, 1), "many")
	if len(d.errors) != 1 {
		t.Error("what is no number is not told")
	}
}

func TestLetterOnTheGridBeginsAName(t *testing.T) {
	d := newDesk(t)
	ola := d.person("Ola Nordmann", "")
	d.load(d.card(2))
	d.open("en")
	d.selectPictures(1)
	d.window.Canvas().Focus(d.grid().Focusable())
	d.keys("ola")
	d.settle()
	d.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	d.settle()
	if got := linked(d)[1]; got != string(ola.Code) {
		t.Errorf("linked %q", got)
	}
	if d.window.Canvas().Focused() != d.grid().Focusable() {
		t.Error("the keys do not return to the grid")
	}
}

func TestSideAnswersEveryChannelInWords(t *testing.T) {
	d := newDesk(t)
	yes, no := d.person("Ola Nordmann", consent.DecisionYes), d.person("Kari Olsen", consent.DecisionNo)
	d.load(d.card(2))
	pictures := d.session.Images(capture.ImageFilter{Shoot: d.shoot})
	ctx := context.Background()
	d.must(d.session.Link(ctx, yes.ID, pictures[0].ID, pictures[1].ID))
	d.must(d.session.Link(ctx, no.ID, pictures[1].ID))
	d.must(d.session.SetPeople(ctx, 1, pictures[0].ID))
	d.must(d.session.SetPeople(ctx, 3, pictures[1].ID))
	d.open("en")
	d.selectPictures(0)
	d.expect("Our websites | "+string(yes.Code)+" said yes", "Ola Nordmann")
	d.selectPictures(1)
	d.expect("Our websites | Something is missing: ", "IMG_0001.JPG, Something is missing, 2 of 3")
	answer, err := d.session.Clear(pictures[1].ID, "web", "en")
	d.must(err)
	d.expect(answer.Reasons[0].Text)
	d.must(d.session.SetPeople(ctx, 2, pictures[1].ID))
	d.screen.Refresh()
	d.settle()
	answer, err = d.session.Clear(pictures[1].ID, "web", "en")
	d.must(err)
	d.expect("Our websites | May not be used: ", answer.Reasons[0].Text)
	if !strings.Contains(answer.Reasons[0].Text, string(no.Code)) {
		t.Errorf("the reason names nobody: %q", answer.Reasons[0].Text)
	}
	d.press("Remove") // whoever stands last
	d.settle()
	if got := linked(d)[1]; strings.Count(got, "-") != 1 {
		t.Errorf("after taking one off, %q are linked", got)
	}
}

func TestGroundNeedsAJustification(t *testing.T) {
	d := newDesk(t)
	d.load(d.card(1))
	d.open("en")
	d.selectPictures(0)
	ground := only[*part.Select](d, 2)
	ground.SetSelectedIndex(slices.Index(consent.Grounds, consent.GroundSection104C))
	d.press("Save the ground")
	d.settle()
	if len(d.errors) != 1 || !errors.Is(d.errors[0], problem.New("", "ground-unjustified", "")) {
		t.Fatalf("told %v", d.errors)
	}
	entries := 0
	for _, o := range d.objects() {
		if e, ok := o.(*part.Entry); ok && e.MultiLine {
			e.SetText("The opening was a public event.")
			entries++
		}
	}
	if entries != 1 {
		t.Fatalf("%d places for a justification", entries)
	}
	d.press("Save the ground")
	d.settle()
	if img := d.session.Images(capture.ImageFilter{})[0]; img.Ground != consent.GroundSection104C {
		t.Errorf("the ground is %s", img.Ground)
	}
	d.expect("Our websites | May be used without consent")
}

func TestChannelAndFilterChooseWhatShows(t *testing.T) {
	d := newDesk(t)
	yes, no := d.person("Ola", consent.DecisionYes), d.person("Kari", consent.DecisionNo)
	d.load(d.card(6, yes.Code)) // the first frame after a card and all others are Ola's
	ctx := context.Background()
	pictures := d.session.Images(capture.ImageFilter{Shoot: d.shoot})[1:]
	for i, img := range pictures[:4] {
		d.must(d.session.SetPeople(ctx, 1+i/2, img.ID))
	}
	d.must(d.session.Link(ctx, no.ID, pictures[2].ID, pictures[3].ID))
	d.open("en")
	f := only[*part.Select](d, 1)
	if !slices.Equal(f.Options, []string{"All (7)", "May be used (2)", "Something is missing (2)", "May not be used (2)", "To decide (0)",
		"Nobody linked (0)", "Number of people missing (2)"}) {
		t.Errorf("offers %q", f.Options)
	}
	for i, want := range []int{7, 2, 2, 2} {
		f.SetSelectedIndex(i)
		d.settle()
		if got := d.grid().Length(); got != want {
			t.Errorf("%s shows %d", f.Options[i], got)
		}
	}
	f.SetSelectedIndex(1)
	d.must(d.session.SetGround(ctx, pictures[2].ID, consent.GroundAnonymised, "blurred"))
	d.screen.Refresh()
	d.settle()
	if got := d.grid().Length(); got != 3 {
		t.Errorf("after a change %d may be used", got)
	}
	channel := only[*part.Select](d, 0)
	channel.SetSelectedIndex(1)
	d.settle()
	d.expect("3 pictures")
	if channel.Selected != "Social media" {
		t.Errorf("the channel is %q", channel.Selected)
	}
}

func TestExportWritesWhatIsClearedAndSaysWhyNotTheRest(t *testing.T) {
	d := newDesk(t)
	yes, no := d.person("Ola", consent.DecisionYes), d.person("Kari", consent.DecisionNo)
	d.load(d.card(3))
	ctx := context.Background()
	pictures := d.session.Images(capture.ImageFilter{Shoot: d.shoot})
	d.must(d.session.Link(ctx, yes.ID, pictures[0].ID))
	d.must(d.session.Link(ctx, no.ID, pictures[1].ID))
	d.must(d.session.SetPeople(ctx, 1, pictures[0].ID, pictures[1].ID))
	d.open("en")
	d.press("Export …")
	d.press("Export")
	d.expect("Choose a channel and a folder first.")
	out := filepath.Join(t.TempDir(), "out")
	for _, o := range d.objects() {
		if e, ok := o.(*part.Entry); ok && !e.MultiLine {
			e.SetText(out)
		}
	}
	d.press("Export")
	d.until("it is exported", func() bool { return d.says("1 picture exported") })
	d.expect("2 pictures may not be used here:", "IMG_0001.JPG", string(no.Code), "IMG_0002.JPG")
	files, err := filepath.Glob(filepath.Join(out, "*.JPG"))
	d.must(err)
	lower, err := filepath.Glob(filepath.Join(out, "*.jpg"))
	d.must(err)
	if len(files)+len(lower) != 1 {
		t.Errorf("wrote %q and %q", files, lower)
	}
	d.press("Close")
	if d.window.Canvas().Overlays().Top() != nil {
		t.Error("the dialog stays")
	}
}

func TestThumbnailsComeFromTheVault(t *testing.T) {
	d := newDesk(t)
	d.load(d.card(4))
	d.open("en")
	d.until("the pictures show", func() bool {
		d.window.Canvas().Capture()
		for _, o := range d.objects() {
			if c, ok := o.(interface{ Loaded() bool }); ok && !c.Loaded() {
				return false
			}
		}
		return true
	})
}

func TestNothingHappensAfterStop(t *testing.T) {
	d := newDesk(t)
	d.load(d.card(3))
	d.open("en")
	d.screen.Refresh()
	d.screen.Stop()
	d.settle()
	d.screen.Refresh()
	select {
	case <-d.calls:
		t.Error("still working")
	case <-time.After(200 * time.Millisecond):
	}
	if len(d.errors) > 0 {
		t.Error(d.errors)
	}
}

func TestCtrlZUndoesWhatWasLinkedAndSaysSo(t *testing.T) {
	d := newDesk(t)
	ola := d.person("Ola Nordmann", consent.DecisionYes)
	d.load(d.card(3))
	d.open("en")
	d.selectPictures(0, 2)
	d.enter(d.name(), "ola")
	grid := d.grid().Focusable().(fyne.Shortcutable)
	grid.TypedShortcut(&fyne.ShortcutUndo{})
	d.settle()
	if got := linked(d); !slices.Equal(got, []string{"", "", ""}) {
		t.Errorf("after undoing, %q are linked", got)
	}
	d.expect("IMG_0000.JPG, Something is missing")
	grid.TypedShortcut(&fyne.ShortcutRedo{})
	d.settle()
	if got := linked(d); got[0] != string(ola.Code) || got[2] != string(ola.Code) {
		t.Errorf("done again, %q are linked", got)
	}
	grid.TypedShortcut(&fyne.ShortcutRedo{}) // nothing left: no failure, only a word
	d.settle()
	want := []string{"Ola Nordmann is linked", "Undone: " + string(ola.Code) + " linked to 2 images.", "Done again: ", "There is nothing to do again"}
	for i, said := range want {
		if i >= len(d.toasts) || !strings.Contains(d.toasts[i], said) {
			t.Errorf("said %q, want %q", d.toasts, want)
		}
	}
	if len(d.errors) > 0 {
		t.Error(d.errors)
	}
}

func TestAFileThatWasLeftOutsideAndChangedIsNotShownAsIfNothingWere(t *testing.T) {
	d := newDesk(t)
	dir := d.card(2)
	_, err := d.session.Import(context.Background(), capture.Import{Shoot: d.shoot, Paths: []string{dir}, Reference: true})
	d.must(err)
	d.must(os.WriteFile(filepath.Join(dir, "IMG_0001.JPG"), []byte("something else"), 0o600))
	d.open("en")
	d.expect("IMG_0000.JPG, Something is missing", "IMG_0001.JPG, Something is missing, File has changed")
	if d.says("IMG_0000.JPG, Something is missing, File") {
		t.Error("what did not change is marked")
	}
	d.must(os.Remove(filepath.Join(dir, "IMG_0000.JPG")))
	d.selectPictures(1)
	d.expect("The file lies outside the vault and has changed since")
	d.selectPictures(0)
	d.expect("is no longer where it was")
}

func TestFolderThatHasMovedIsFoundAgain(t *testing.T) {
	d := newDesk(t)
	dir := d.card(2)
	d.open("en")
	d.press("Import …")
	only[*part.Check](d, 1).SetChecked(true) // leave the files where they are
	d.screen.Dropped([]string{dir})
	d.until("it is imported", func() bool { return d.says("2 pictures imported.") })
	d.settle()
	now := filepath.Join(t.TempDir(), "moved")
	d.must(os.Rename(dir, now))
	d.must(os.Remove(filepath.Join(now, "IMG_0001.JPG")))
	d.selectPictures(0)
	d.expect("is no longer where it was", "The folder has moved …")
	d.screen.Relocate(dir, now)
	d.settle()
	if len(d.toasts) != 1 || !strings.Contains(d.toasts[0], "1 file was found") || !strings.Contains(d.toasts[0], "1 file is not there") {
		t.Errorf("said %q", d.toasts)
	}
	if d.says("is no longer where it was") {
		t.Error("the picture is still missing")
	}
}

func TestSomebodyIsLinkedToAPartOfAFilmAndTakenOffIt(t *testing.T) {
	d := newDesk(t)
	ola := d.person("Ola Nordmann", consent.DecisionYes)
	dir := d.card(1)
	d.must(os.WriteFile(filepath.Join(dir, "SOUND.WAV"), silence(83), 0o600))
	d.load(dir)
	d.open("en")
	sound := slices.IndexFunc(d.session.Images(capture.ImageFilter{Shoot: d.shoot}), func(img capture.Image) bool { return img.Kind == consent.Audio })
	d.expect("SOUND.WAV, 1:23, Something is missing")
	d.selectPictures(1 - sound)
	if d.says("In which part?") {
		t.Error("a photo has parts")
	}
	d.selectPictures(sound)
	d.expect("In which part?")
	name, of := only[field](d, 0), only[field](d, 1)
	parts := func() []consent.Span {
		return d.session.PartsOf(ola.ID, d.session.Images(capture.ImageFilter{Shoot: d.shoot})[sound].ID)
	}
	of.SetText("0:10")
	d.enter(name, "ola")
	d.expect("Write both where it begins and where it ends")
	of.SetText("0:10–1:02,5")
	d.enter(name, "ola")
	if got := parts(); !slices.Equal(got, []consent.Span{{From: 10, To: 62.5}}) {
		t.Fatalf("linked to %v", got)
	}
	d.expect("0:10–1:02.5")
	of.SetText("70 - 80")
	d.enter(name, "ola")
	d.expect("1:10–1:20")
	d.press("Remove") // whichever stands last
	d.settle()
	if got := parts(); !slices.Equal(got, []consent.Span{{From: 10, To: 62.5}}) {
		t.Errorf("linked to %v", got)
	}
}

func TestUndecidedPicturesAreDecidedWithOnePressAndUndone(t *testing.T) {
	d := newDesk(t)
	ola := d.person("Ola Nordmann", consent.DecisionYes)
	dir := d.card(1, ola.Code)
	for i := range 3 { // long after the card
		at := day.Add(time.Hour + time.Duration(i)*time.Second)
		d.must(os.WriteFile(filepath.Join(dir, fmt.Sprintf("LATE_%d.JPG", i)),
			picturetest.JPEG(640, 480, picturetest.Options{Seed: uint64(50 + i), TakenAt: at, Make: "Canon", Model: "EOS R6"}), 0o600))
	}
	d.open("en")
	d.screen.Dropped([]string{dir})
	d.until("it is imported", func() bool { return d.says("3 pictures have to be decided.") })
	d.settle()
	asks := func(want int) {
		t.Helper()
		if said := only[*part.Select](d, 1).Selected; said != fmt.Sprintf("To decide (%d)", want) {
			t.Errorf("it shows %q, want %d", said, want)
		}
	}
	d.press("Decide")
	d.settle()
	asks(3)
	d.expect("LATE_0.JPG, Something is missing, whose?")
	if d.says("IMG_0000.JPG") {
		t.Error("what is decided shows too")
	}
	d.selectPictures(0)
	d.expect("Whose picture is this?", "so long after the last card")
	d.press(string(ola.Code) + "  Ola Nordmann")
	d.settle()
	asks(2)
	if got := linked(d); !slices.Equal(got, []string{"", string(ola.Code), string(ola.Code), "", ""}) {
		t.Errorf("linked %q", got)
	}
	d.key(fyne.KeyRight)
	d.settle()
	d.selectPictures(0, 1)
	d.press("None of them")
	d.settle()
	asks(0)
	if got := linked(d); got[3] != "" || got[4] != "" {
		t.Errorf("linked %q", got)
	}
	d.screen.Undo()
	d.settle()
	asks(2)
	d.screen.Undo()
	d.settle()
	asks(3)
	if got := linked(d)[2]; got != "" {
		t.Errorf("after undoing, %q is linked", got)
	}
	if len(d.errors) > 0 {
		t.Error(d.errors)
	}
}

// silence is a sound that lasts so many seconds.
func silence(seconds uint32) []byte {
	const rate = 8000
	wav := []byte("RIFF\x00\x00\x00\x00WAVEfmt ")
	number := binary.LittleEndian
	wav = number.AppendUint32(wav, 16)
	for _, n := range []uint16{1, 1, rate, 0, rate, 0, 1, 8} { // of PCM, one channel, bytes
		wav = number.AppendUint16(wav, n)
	}
	wav = number.AppendUint32(append(wav, "data"...), seconds*rate)
	wav = append(wav, bytes.Repeat([]byte{0x80}, int(seconds*rate))...)
	number.PutUint32(wav[4:], uint32(len(wav)-8))
	return wav
}
