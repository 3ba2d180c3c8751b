package pictures_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
	"samtykke/ui/desktop/pictures"
)

// slot is where memory cards are put in, and the clock by which somebody looks there.
type slot struct {
	volumes []string
	looks   int
	due     func()
	hidden  bool
}

func (s *slot) cards() pictures.Cards {
	return pictures.Cards{Volumes: func() []string { s.looks++; return s.volumes }, InView: func() bool { return !s.hidden },
		After: func(_ time.Duration, f func()) func() bool {
			s.due = f
			return func() bool { s.due = nil; return true }
		}}
}

// wait lets the time pass until somebody looks again.
func (d *desk) wait(s *slot) {
	d.Helper()
	if s.due == nil {
		d.Fatal("nobody looks for cards")
	}
	s.due()
	d.settle()
}

// memoryCard is a volume with a camera's folder of n pictures on it.
func (d *desk) memoryCard(n int) string {
	d.Helper()
	volume := filepath.Join(d.TempDir(), "EOS_DIGITAL")
	folder := filepath.Join(volume, "DCIM", "100CANON")
	d.must(os.MkdirAll(filepath.Dir(folder), 0o700))
	d.must(os.Rename(d.card(n), folder))
	return volume
}

func TestCardThatAppearsIsOfferedAndTakesTheOfferWithIt(t *testing.T) {
	d, in := newDesk(t), &slot{}
	d.cards = in.cards()
	d.open("en")
	if d.says("A card is here") {
		t.Fatal("a card is offered that is not there")
	}
	in.volumes = []string{t.TempDir(), d.memoryCard(3)} // the first is a stick with no pictures of a camera
	d.wait(in)
	d.expect("A card is here: EOS_DIGITAL, 3 files.")
	if n := len(d.session.Images(capture.ImageFilter{})); n != 0 {
		t.Fatalf("%d pictures came in unasked", n)
	}
	card := in.volumes
	in.volumes = nil
	d.wait(in)
	if d.says("A card is here") {
		t.Error("the card is gone and still offered")
	}
	in.volumes = card
	d.wait(in)
	d.press("Import")
	d.until("it is imported", func() bool { return d.says("3 pictures imported.") })
	d.settle()
	in.volumes = nil
	d.wait(in)
	in.volumes = card
	d.wait(in)
	d.expect("All 3 files were imported before.")
	d.press("Not now")
	d.wait(in)
	if d.says("A card is here") {
		t.Error("a card that was refused is offered again")
	}
}

func TestNobodyLooksForCardsWhileTheScreenIsNotInViewOrStopped(t *testing.T) {
	d, in := newDesk(t), &slot{}
	d.cards = in.cards()
	d.open("en")
	looked := in.looks
	in.hidden = true
	d.wait(in)
	d.wait(in)
	if in.looks != looked {
		t.Error("it looks while it cannot be seen")
	}
	in.hidden = false
	d.wait(in)
	if in.looks != looked+1 {
		t.Error("it no longer looks")
	}
	d.screen.Stop()
	if in.due != nil {
		t.Error("it goes on after it was stopped, as by the lock")
	}
}

func TestSkippedFilesAreListedInThePlaceOfThePictures(t *testing.T) {
	d := newDesk(t)
	d.open("en")
	dir := d.card(1)
	d.must(os.WriteFile(filepath.Join(dir, "notes.txt"), []byte("no picture"), 0o600))
	d.screen.Dropped([]string{dir})
	d.until("it is imported", func() bool { return d.says("1 picture imported.") })
	d.settle()
	d.press("Show why")
	d.expect("Skipped files", "notes.txt")
	if d.window.Canvas().Overlays().Top() != nil || d.says("IMG_0000.JPG") {
		t.Error("something lies over the window")
	}
	d.screen.Escape()
	d.settle()
	d.expect("IMG_0000.JPG")
}

func TestImportThatBrokeOffIsOfferedWhenTheProgramStartsAgain(t *testing.T) {
	d := newDesk(t)
	dir := d.card(100)
	ctx, stop := context.WithCancel(context.Background())
	_, err := d.session.Import(ctx, capture.Import{Shoot: d.shoot, Paths: []string{dir}, Progress: func(p capture.ImportProgress) {
		if p.Phase == capture.ImportTaking && p.Done > 0 {
			stop()
		}
	}})
	if err == nil {
		t.Fatal("it did not break off")
	}
	d.open("en")
	d.expect("An import did not finish: " + filepath.Base(dir))
	d.press("Continue")
	d.until("it is imported", func() bool { return d.says("pictures imported.") })
	d.settle()
	if n := len(d.session.Images(capture.ImageFilter{})); n != 100 {
		t.Errorf("%d pictures are in", n)
	}
	if d.says("did not finish") {
		t.Error("it is still offered")
	}
}

func TestExportSaysWhatItWillDoBeforeItDoesAnything(t *testing.T) {
	d := newDesk(t)
	yes, no := d.person("Ola", consent.DecisionYes), d.person("Kari", consent.DecisionNo)
	d.load(d.card(4))
	ctx := context.Background()
	all := d.session.Images(capture.ImageFilter{Shoot: d.shoot})
	d.must(d.session.Link(ctx, yes.ID, all[0].ID))
	d.must(d.session.Link(ctx, no.ID, all[1].ID))
	d.must(d.session.SetPeople(ctx, 1, all[0].ID, all[1].ID))
	d.open("en")
	d.press("Export …")
	d.settle()
	d.expect("1 picture may be used here and is exported", "3 are not exported:", "2 · nobody has said how many people it shows", "1 · somebody said no")
	out := filepath.Join(t.TempDir(), "out")
	for _, o := range d.objects() {
		if e, ok := o.(*part.Entry); ok && !e.MultiLine {
			e.SetText(out)
		}
	}
	d.press("Export")
	d.until("it is exported", func() bool { return d.says("1 picture exported") })
	d.press("Open the folder")
	if opened := <-d.opened; opened != out {
		t.Errorf("opened %q", opened)
	}
	d.expect("1 picture exported") // until it is closed
}

func TestCutOfASoundIsAnsweredForThoseWhoAreInIt(t *testing.T) {
	d := newDesk(t)
	yes, no := d.person("Ola Nordmann", consent.DecisionYes), d.person("Kari Olsen", consent.DecisionNo)
	dir := t.TempDir()
	d.must(os.WriteFile(filepath.Join(dir, "SOUND.WAV"), silence(83), 0o600))
	d.load(dir)
	ctx := context.Background()
	sound := d.session.Images(capture.ImageFilter{})[0].ID
	d.must(d.session.LinkPart(ctx, yes.ID, consent.Span{From: 5, To: 30}, sound))
	d.must(d.session.LinkPart(ctx, no.ID, consent.Span{From: 40, To: 60}, sound))
	d.must(d.session.SetPeople(ctx, 2, sound))
	d.open("en")
	d.selectPictures(0)
	d.expect("0:05–0:30", "0:40–1:00", "Our websites | May not be used")
	cut := only[field](d, 3)
	d.enter(cut, "0:30-0:12")
	d.expect("Write it like 0:12–0:34")
	d.enter(cut, "0:12-0:28")
	d.expect("Our websites | May not be used", "Our websites | "+string(yes.Code)+" said yes")
	d.press("Copy the answers")
	copied := fyne.CurrentApp().Clipboard().Content()
	for _, want := range []string{"SOUND.WAV\n", "Our websites: May not be used: " + string(no.Code), "SOUND.WAV, 0:12–0:28\nOur websites: " + string(yes.Code) + " said yes", "Social media: "} {
		if !strings.Contains(copied, want) {
			t.Errorf("copied %q without %q", copied, want)
		}
	}
}
