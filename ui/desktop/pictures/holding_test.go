package pictures_test

import (
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
)

// late imports a card of somebody, a picture of theirs, and some so long after it that the window asks whose they are.
func (d *desk) late(of capture.Person, n int) {
	d.Helper()
	dir := d.card(1, of.Code)
	for i := range n {
		at := day.Add(time.Hour + time.Duration(i)*time.Second)
		d.must(os.WriteFile(filepath.Join(dir, fmt.Sprintf("LATE_%d.JPG", i)),
			picturetest.JPEG(640, 480, picturetest.Options{Seed: uint64(50 + i), TakenAt: at, Make: "Canon", Model: "EOS R6"}), 0o600))
	}
	_, err := d.session.Import(d.Context(), capture.Import{Shoot: d.shoot, Paths: []string{dir}, Slates: true})
	d.must(err)
}

// counts are how many people each late picture shows, -1 for nobody knows.
func (d *desk) counts() []int {
	var counts []int
	for _, img := range d.session.Images(capture.ImageFilter{Shoot: d.shoot}) {
		if strings.HasPrefix(img.Name, "LATE") {
			counts = append(counts, img.PeopleCount)
		}
	}
	return counts
}

func TestADigitAfterAnAnswerCountsThePictureThatWasAnswered(t *testing.T) {
	d := newDesk(t)
	ola := d.person("Ola Nordmann", consent.DecisionYes)
	d.late(ola, 3)
	d.open("nb")
	d.show("Må avgjøres (3)")
	d.selectPictures(0)
	d.enter(d.name(), "Ola")
	if said := d.toasts[len(d.toasts)-1]; !strings.Contains(said, "Nå et siffer") {
		t.Errorf("it says %q", said)
	}
	d.keys("2")
	d.settle()
	if got := d.counts(); !slices.Equal(got, []int{2, -1, -1}) {
		t.Fatalf("counted %v", got)
	}
	if said := d.toasts[len(d.toasts)-1]; !strings.HasPrefix(said, "LATE_0.JPG: 2 personer") {
		t.Errorf("it says %q", said)
	}
	d.expect("LATE_1.JPG", "Avgjør hvem") // the next one waits
	d.screen.Undo()
	d.settle()
	if got := d.counts(); !slices.Equal(got, []int{-1, -1, -1}) {
		t.Errorf("after undoing, counted %v", got)
	}
	d.keys("1")
	d.settle()
	if got := d.counts(); !slices.Equal(got, []int{1, -1, -1}) {
		t.Errorf("what was undone is not what the keys act on: %v", got)
	}
}

func TestWhatWasAnsweredGoesWhenSomebodyGoesOn(t *testing.T) {
	d := newDesk(t)
	ola := d.person("Ola Nordmann", consent.DecisionYes)
	d.late(ola, 3)
	d.open("nb")
	d.show("Må avgjøres (3)")
	d.selectPictures(0)
	d.press(string(ola.Code) + "  Ola Nordmann")
	d.settle()
	if !d.says("LATE_0.JPG") {
		t.Error("it went before it was counted")
	}
	d.key(fyne.KeyRight)
	d.settle()
	if d.says("LATE_0.JPG") {
		t.Error("it shows though it asks no more and nobody is at it")
	}
	d.keys("3")
	d.settle()
	if got := d.counts(); !slices.Equal(got, []int{-1, 3, -1}) {
		t.Errorf("counted %v", got)
	}
}
