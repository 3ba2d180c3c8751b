package capture_test

import (
	"fmt"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/picture/picturetest"
	"samtykke/app/receipt"
)

// shot is one file that a camera makes.
type shot struct {
	name   string
	camera string // model and serial number; "A" when empty
	after  time.Duration
	// shows are the people whose cards it shows, "end", "nobody" for a code of nobody here, or "smeared" for a card that cannot be read;
	// nothing for a frame.
	shows    []string
	caption  string
	sound    bool
	timeless bool
}

// roll is a memory card being filled, with the people whose cards are photographed.
type roll struct {
	*bench
	people map[string]capture.Person
	names  map[consent.SubjectID]string
	began  time.Time
	dir    string
}

func mustRoll(t *testing.T, names ...string) *roll {
	t.Helper()
	r := &roll{bench: mustBench(t), people: map[string]capture.Person{}, names: map[consent.SubjectID]string{}, dir: t.TempDir()}
	r.began = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	for _, name := range names {
		p := r.person(capture.Registration{Name: name})
		r.people[name], r.names[p.ID] = p, name
	}
	return r
}

// take writes the files.
func (r *roll) take(shots ...shot) {
	r.tb.Helper()
	for i, s := range shots {
		o := picturetest.Options{Seed: uint64(len(s.name)*1000 + i), Make: "Nordlys", Model: "N1", Serial: "1" + s.camera, TakenAt: r.began.Add(s.after), Description: s.caption, Orientation: 1}
		if s.timeless {
			o.TakenAt = time.Time{}
		}
		for _, c := range s.name {
			o.Seed = o.Seed*31 + uint64(c)
		}
		path := filepath.Join(r.dir, s.name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			r.tb.Fatal(err)
		}
		if err := os.WriteFile(path, r.develop(s, o), 0o600); err != nil {
			r.tb.Fatal(err)
		}
	}
}

func (r *roll) develop(s shot, o picturetest.Options) []byte {
	r.tb.Helper()
	if s.sound {
		return picturetest.WAV(picturetest.SoundOptions{RecordedAt: o.TakenAt, Duration: 10 * time.Minute, Device: "Recorder", Description: s.name})
	}
	if len(s.shows) == 0 {
		return picturetest.JPEG(120, 80, o)
	}
	img := picturetest.Scene(900, 500, o.Seed)
	for i, name := range s.shows {
		scene := picturetest.SceneOptions{CodeSide: 0.5, X: (float64(i) + 0.5) / float64(len(s.shows)), Y: 0.4}
		payload := capture.EndPayload
		switch name {
		case "end":
		case "smeared":
			payload = capture.CardPayload("K7Q2-M9XZ")
			picturetest.Paste(img, r.qr(payload), scene)
			for y := 130; y < 270; y++ { // the middle of the code is covered, the finder patterns are not
				for x := range 900 {
					if x > 405 && x < 540 && (y > 205 || x > 420) && y > 165 && y < 240 {
						img.Set(x, y, image.White)
					}
				}
			}
			continue
		case "nobody":
			payload = capture.CardPayload("0000-0000")
		default:
			payload = capture.CardPayload(r.people[name].Code)
		}
		picturetest.Paste(img, r.qr(payload), scene)
	}
	return picturetest.Encode(img, o)
}

func (r *roll) qr(payload string) image.Image {
	r.tb.Helper()
	qr, err := receipt.QR(payload, 400)
	if err != nil {
		r.tb.Fatal(err)
	}
	return qr
}

func (r *roll) bring() capture.ImportReport {
	r.tb.Helper()
	report, err := r.Import(r.ctx, capture.Import{Shoot: r.shoot, Paths: []string{r.dir}, Slates: true})
	if err != nil {
		r.tb.Fatal(err)
	}
	return report
}

// whose tells who is on every frame: "Ola Kari", "-" for nobody, "?late Ola" for a question with candidates, "card" for a card.
func (r *roll) whose() map[string]string {
	all := map[string]string{}
	candidates := map[consent.AssetID]string{}
	for _, u := range r.Undecided(r.shoot) {
		text := "?" + string(u.File.Undecided)
		for _, c := range u.Candidates {
			text += " " + r.names[c.ID]
		}
		candidates[u.ID] = text
	}
	for _, img := range r.Images(capture.ImageFilter{Shoot: r.shoot}) {
		var words []string
		for _, p := range img.People {
			words = append(words, r.names[p.ID])
		}
		slices.Sort(words)
		if len(img.File.Slate) > 0 || img.File.Card == capture.CardEnd || img.File.Card == capture.CardUnknown {
			words = []string{"card"}
		}
		if asked, is := candidates[img.ID]; is {
			words = append(words, asked)
		}
		if all[img.Name] = strings.Join(words, " "); len(words) == 0 {
			all[img.Name] = "-"
		}
	}
	return all
}

func (r *roll) want(what string, want map[string]string) {
	r.tb.Helper()
	got := r.whose()
	for name, whose := range want {
		if got[name] != whose {
			r.tb.Errorf("%s: %s is %q, want %q", what, name, got[name], whose)
		}
	}
}

func (r *roll) asset(name string) consent.AssetID {
	r.tb.Helper()
	id, err := r.ResolveAsset(name)
	if err != nil {
		r.tb.Fatal(err)
	}
	return id
}

const second, minute = time.Second, time.Minute

func frame(name string, after time.Duration) shot { return shot{name: name, after: after} }
func card(name string, after time.Duration, shows ...string) shot {
	return shot{name: name, after: after, shows: shows}
}

func TestFramesFollowTheCardsOfTheirOwnCamera(t *testing.T) {
	t.Parallel()
	r := mustRoll(t, "Ola", "Kari")
	onB := func(s shot) shot { s.camera = "B"; return s }
	r.take(frame("IMG_0001.JPG", 0), card("IMG_0002.JPG", 10*second, "Ola"), frame("IMG_0003.JPG", 60*second),
		onB(frame("DSC_0001.JPG", 20*second)), onB(card("DSC_0002.JPG", 30*second, "Kari")), onB(frame("DSC_0003.JPG", 61*second)),
		card("IMG_0004.JPG", 90*second, "end"), frame("IMG_0005.JPG", 100*second), onB(frame("DSC_0004.JPG", 110*second)))
	r.bring()
	r.want("", map[string]string{"IMG_0001.JPG": "-", "IMG_0002.JPG": "card", "IMG_0003.JPG": "Ola", "DSC_0001.JPG": "-", "DSC_0003.JPG": "Kari",
		"IMG_0004.JPG": "card", "IMG_0005.JPG": "-", "DSC_0004.JPG": "Kari"})
}

func TestSeveralCardsMakeAGroupWhenTheyAreQuickEnough(t *testing.T) {
	t.Parallel()
	r := mustRoll(t, "Ola", "Kari", "Per")
	r.take(card("IMG_0001.JPG", 0, "Ola", "Kari"), frame("IMG_0002.JPG", 20*second), // on one picture
		card("IMG_0003.JPG", 60*second, "Ola"), card("IMG_0004.JPG", 67*second, "Kari"), card("IMG_0005.JPG", 75*second, "Per"), frame("IMG_0006.JPG", 90*second),
		card("IMG_0007.JPG", 5*minute, "Ola"), card("IMG_0008.JPG", 5*minute+40*second, "Kari"), frame("IMG_0009.JPG", 6*minute), // perhaps
		card("IMG_0010.JPG", 8*minute, "Ola"), card("IMG_0011.JPG", 11*minute, "Per"), frame("IMG_0012.JPG", 12*minute), // no group
		card("IMG_0013.JPG", 13*minute, "Kari"), card("IMG_0014.JPG", 13*minute+50*second, "Kari"), frame("IMG_0015.JPG", 14*minute)) // the same card again
	r.bring()
	r.want("", map[string]string{"IMG_0002.JPG": "Kari Ola", "IMG_0006.JPG": "Kari Ola Per", "IMG_0009.JPG": "?group Ola Kari", "IMG_0012.JPG": "Per", "IMG_0015.JPG": "Kari"})
}

func TestFramesLongAfterACardAreAskedAbout(t *testing.T) {
	t.Parallel()
	r := mustRoll(t, "Ola")
	shots := []shot{card("IMG_0001.JPG", 0, "Ola"), frame("IMG_0002.JPG", 19*minute), frame("IMG_0003.JPG", 23*minute), frame("IMG_0004.JPG", 29*minute), frame("IMG_0005.JPG", 30*minute)}
	r.take(shots...)
	r.bring()
	r.want("", map[string]string{"IMG_0002.JPG": "Ola", "IMG_0003.JPG": "Ola", "IMG_0004.JPG": "?late Ola", "IMG_0005.JPG": "?late Ola"})

	sitting := mustRoll(t, "Kari")
	shots = []shot{card("IMG_0001.JPG", 0, "Kari")}
	for n := 1; n <= 24; n++ {
		shots = append(shots, frame(fmt.Sprintf("IMG_%04d.JPG", n+1), time.Duration(4*n)*minute))
	}
	sitting.take(shots...)
	sitting.bring()
	sitting.want("without a pause", map[string]string{"IMG_0020.JPG": "Kari", "IMG_0023.JPG": "Kari", "IMG_0024.JPG": "?late Kari", "IMG_0025.JPG": "?late Kari"})
}

func TestWhatWasTakenInTheSecondOfACardIsAskedAboutUnlessItsNameTells(t *testing.T) {
	t.Parallel()
	r := mustRoll(t, "Ola", "Kari")
	r.take(card("IMG_0001.JPG", 0, "Ola"), frame("IMG_0002.JPG", 30*second), card("IMG_0003.JPG", 30*second, "Kari"), frame("IMG_0004.JPG", 30*second),
		frame("A.JPG", 30*second), frame("X.JPG", 30*second), frame("IMG_0005.JPG", 31*second))
	r.bring()
	r.want("", map[string]string{"IMG_0002.JPG": "Ola", "IMG_0004.JPG": "Kari", "IMG_0005.JPG": "Kari", "A.JPG": "?time Ola Kari", "X.JPG": "?time Ola Kari"})
	r.mustAudit()
}

func TestCardsThatNameNobodyEndThePreviousPersonsFramesAndSaySo(t *testing.T) {
	t.Parallel()
	r := mustRoll(t, "Ola")
	avoid := r.person(capture.Registration{Name: "red jacket", Avoid: true})
	r.people["avoid"] = avoid
	r.take(card("IMG_0001.JPG", 0, "Ola"), frame("IMG_0002.JPG", 10*second), card("IMG_0003.JPG", 60*second, "nobody"), frame("IMG_0004.JPG", 70*second),
		card("IMG_0005.JPG", 3*minute, "avoid"), frame("IMG_0006.JPG", 4*minute), card("IMG_0007.JPG", 7*minute, "smeared"), frame("IMG_0008.JPG", 8*minute))
	report := r.bring()
	r.want("", map[string]string{"IMG_0002.JPG": "Ola", "IMG_0003.JPG": "card", "IMG_0004.JPG": "?unknown", "IMG_0006.JPG": "-",
		"IMG_0007.JPG": "?unreadable", "IMG_0008.JPG": "?unreadable"})
	if len(report.Undecided) != 3 || len(report.Skipped) != 2 || report.Linked != 1 {
		t.Errorf("reported %+v", report)
	}
}

// Whoever changes their mind photographs the end card right after somebody's, which makes no group of the two.
func TestTheEndCardEndsAPersonOfWhomThereIsNoFrameYet(t *testing.T) {
	t.Parallel()
	r := mustRoll(t, "Ola", "Kari")
	r.take(card("IMG_0001.JPG", 0, "Ola"), card("IMG_0002.JPG", 2*second, "end"), frame("IMG_0003.JPG", 10*second),
		card("IMG_0004.JPG", 20*second, "Kari"), frame("IMG_0005.JPG", 30*second))
	r.bring()
	r.want("", map[string]string{"IMG_0003.JPG": "-", "IMG_0005.JPG": "Kari"})
}

func TestSettlingACardThatCouldNotBeReadDecidesWhatFollowsIt(t *testing.T) {
	t.Parallel()
	r := mustRoll(t, "Ola", "Kari")
	r.take(card("IMG_0001.JPG", 0, "Ola"), frame("IMG_0002.JPG", 10*second), card("IMG_0003.JPG", 60*second, "smeared"), frame("IMG_0004.JPG", 70*second),
		frame("IMG_0005.JPG", 80*second), card("IMG_0006.JPG", 3*minute, "smeared"), frame("IMG_0007.JPG", 4*minute))
	r.bring()
	r.want("before", map[string]string{"IMG_0004.JPG": "?unreadable Ola", "IMG_0007.JPG": "?unreadable Ola"})
	if n, err := r.SettleCard(r.ctx, r.asset("IMG_0003.JPG"), r.people["Kari"].ID); err != nil || n != 2 {
		t.Errorf("decided %d, %v", n, err)
	}
	r.want("it is Kari's", map[string]string{"IMG_0003.JPG": "card", "IMG_0004.JPG": "Kari", "IMG_0005.JPG": "Kari", "IMG_0007.JPG": "?unreadable Ola"})
	if n, err := r.SettleCard(r.ctx, r.asset("IMG_0006.JPG")); err != nil || n != 1 {
		t.Errorf("decided %d, %v", n, err)
	}
	r.want("it is none", map[string]string{"IMG_0006.JPG": "Kari", "IMG_0007.JPG": "Kari"})
	r.bring()
	r.want("imported again", map[string]string{"IMG_0003.JPG": "card", "IMG_0004.JPG": "Kari", "IMG_0006.JPG": "Kari", "IMG_0007.JPG": "Kari"})
	_, err := r.SettleCard(r.ctx, r.asset("IMG_0002.JPG"), r.people["Kari"].ID)
	wantProblem(t, err, "no-unreadable-card")
	r.reopen()
	r.mustAudit()
}

func TestWhatWasDecidedStaysDecidedWhenItIsImportedAgain(t *testing.T) {
	t.Parallel()
	r := mustRoll(t, "Ola", "Kari")
	r.take(card("IMG_0001.JPG", 0, "Ola"), frame("IMG_0002.JPG", 10*second), frame("IMG_0003.JPG", 30*minute), frame("IMG_0004.JPG", 31*minute), frame("IMG_0005.JPG", 32*minute))
	r.bring()
	if err := r.Unlink(r.ctx, r.people["Ola"].ID, r.asset("IMG_0002.JPG")); err != nil {
		t.Fatal(err)
	}
	if err := r.Settle(r.ctx, []consent.AssetID{r.asset("IMG_0003.JPG")}); err != nil {
		t.Fatal(err)
	}
	if err := r.Settle(r.ctx, []consent.AssetID{r.asset("IMG_0004.JPG")}, r.people["Kari"].ID); err != nil {
		t.Fatal(err)
	}
	if err := r.SetPeople(r.ctx, 0, r.asset("IMG_0005.JPG")); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"IMG_0002.JPG": "-", "IMG_0003.JPG": "-", "IMG_0004.JPG": "Kari", "IMG_0005.JPG": "-"}
	r.want("settled", want)
	r.reopen()
	if report := r.bring(); report.Linked != 0 || len(report.Undecided) != 0 {
		t.Errorf("reported %+v", report)
	}
	r.want("imported again", want)
	r.undo()
	r.undo()
	r.want("undone", map[string]string{"IMG_0005.JPG": "?late Ola", "IMG_0004.JPG": "?late Ola"})
}

// A card in a picture that was imported before counts as if it were imported now.
func TestAnImportGoesOnWithTheCardOfTheOneBefore(t *testing.T) {
	t.Parallel()
	r := mustRoll(t, "Ola", "Kari")
	r.take(card("IMG_0001.JPG", 0, "Ola"), frame("IMG_0002.JPG", 10*second), card("IMG_0003.JPG", 20*second, "Kari"))
	r.bring()
	r.reopen()
	r.dir = t.TempDir()
	r.take(frame("IMG_0004.JPG", 30*second), shot{name: "B_0001.JPG", camera: "B", after: 31 * second})
	r.bring()
	r.want("the rest", map[string]string{"IMG_0004.JPG": "Kari", "B_0001.JPG": "-"})
	other, err := r.AddShoot(r.ctx, capture.ShootDetails{Title: "Another"})
	if err != nil {
		t.Fatal(err)
	}
	r.shoot, r.dir = other, t.TempDir()
	r.take(frame("IMG_0005.JPG", 40*second))
	r.bring()
	r.want("another shoot", map[string]string{"IMG_0005.JPG": "-"})
}

func TestWhatHasNoTimeIsAskedAboutUnlessItsNameTells(t *testing.T) {
	t.Parallel()
	r := mustRoll(t, "Ola")
	r.take(card("IMG_0001.JPG", 0, "Ola"), shot{name: "IMG_0002.JPG", timeless: true})
	r.bring()
	r.want("one without a time", map[string]string{"IMG_0002.JPG": "?time Ola"})

	scanned := mustRoll(t, "Kari")
	scanned.take(shot{name: "IMG_0001.JPG", timeless: true}, shot{name: "IMG_0002.JPG", timeless: true, shows: []string{"Kari"}},
		shot{name: "IMG_0003.JPG", timeless: true}, shot{name: "other.JPG", timeless: true})
	scanned.bring()
	scanned.want("none has a time", map[string]string{"IMG_0001.JPG": "-", "IMG_0003.JPG": "Kari", "other.JPG": "?time Kari"})
}

func TestARecordingIsAskedAboutWhenCardsSurroundIt(t *testing.T) {
	t.Parallel()
	r := mustRoll(t, "Ola", "Kari", "Per")
	r.take(shot{name: "R0.WAV", after: -minute, sound: true, camera: "R"}, card("IMG_0001.JPG", 20*minute, "Ola"), shot{name: "R1.WAV", after: 21 * minute, sound: true, camera: "R"},
		card("IMG_0002.JPG", 25*minute, "Kari"), card("IMG_0003.JPG", 40*minute, "Per"), shot{name: "R2.WAV", after: 41 * minute, sound: true, camera: "R"})
	r.bring()
	r.want("", map[string]string{"R0.WAV": "-", "R1.WAV": "?time Ola Kari", "R2.WAV": "-"})
}

func TestACodeInTheCaptionLinksThatFrameAndNoOther(t *testing.T) {
	t.Parallel()
	r := mustRoll(t, "Ola", "Kari", "Per")
	plain := func(name string) string { return strings.ReplaceAll(string(r.people[name].Code), "-", "") }
	captioned := func(name string, after time.Duration, caption string) shot {
		return shot{name: name, after: after, caption: caption}
	}
	r.take(captioned("IMG_0001.JPG", 0, string(r.people["Ola"].Code)+", "+strings.ToLower(plain("Per"))), frame("IMG_0002.JPG", second),
		card("IMG_0003.JPG", minute, "Ola"), captioned("IMG_0004.JPG", 2*minute, capture.CardPayload(r.people["Kari"].Code)), frame("IMG_0005.JPG", 3*minute),
		captioned("IMG_0006.JPG", 40*minute, plain("Kari")), captioned("IMG_0007.JPG", 4*minute, "Kari and "+string(r.people["Kari"].Code)),
		captioned("IMG_0008.JPG", 5*minute, "SMK1:0000-0000"), captioned("IMG_0009.JPG", 6*minute, "Kari"))
	report := r.bring()
	r.want("", map[string]string{"IMG_0001.JPG": "Ola Per", "IMG_0002.JPG": "-", "IMG_0004.JPG": "Kari Ola", "IMG_0005.JPG": "Ola", "IMG_0006.JPG": "Kari",
		"IMG_0007.JPG": "Ola", "IMG_0008.JPG": "Ola", "IMG_0009.JPG": "Ola"})
	if len(report.Skipped) != 1 || report.Skipped[0].Why != capture.SkipCaptionUnknown || report.Skipped[0].Detail != "0000-0000" {
		t.Errorf("skipped %+v", report.Skipped)
	}
	captions := mustRoll(t, "Ola")
	captions.take(captioned("IMG_0001.JPG", 0, string(captions.people["Ola"].Code)))
	if _, err := captions.Import(captions.ctx, capture.Import{Shoot: captions.shoot, Paths: []string{captions.dir}}); err != nil {
		t.Fatal(err)
	}
	captions.want("without looking for cards", map[string]string{"IMG_0001.JPG": "Ola"})
}
