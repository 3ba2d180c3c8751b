package capture_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/assets"
)

// shootNow is what a device says that a shoot is called.
func (b *bench) shootNow(id consent.ShootID) capture.ShootDetails {
	b.tb.Helper()
	for _, s := range b.Shoots() {
		if s.ID == id {
			return s.ShootDetails
		}
	}
	b.tb.Fatal("the shoot is not known")
	return capture.ShootDetails{}
}

func (b *bench) changeShoot(to capture.ShootChange) {
	b.tb.Helper()
	if _, err := b.ChangeShoot(b.ctx, b.shoot, to); err != nil {
		b.tb.Fatal(err)
	}
}

// staffForm publishes a second form, which asks for less than the default one: without the channel "ads".
func (b *bench) staffForm() {
	b.tb.Helper()
	form := must1(consent.ParseForm(assets.DefaultForm()))
	form.Key, form.Version = "staff", "1"
	kept := form.Channels[:0]
	for _, c := range form.Channels {
		if c.Key != "ads" {
			kept = append(kept, c)
		}
	}
	form.Channels = kept
	delete(form.MinorPolicy.GuardiansFor, "ads")
	for language, text := range form.Texts {
		delete(text.Channels, "ads")
		form.Texts[language] = text
	}
	if _, err := b.PublishForm(b.ctx, must1(form.Canonical())); err != nil {
		b.tb.Fatal(err)
	}
}

func TestAChangedShootKeepsWhatWasNotChangedAndIsThereAfterReopening(t *testing.T) {
	b := mustBench(t)
	title, place := "  Åpning av Storhaug skole ", "Stavanger"
	b.changeShoot(capture.ShootChange{Title: &title, Place: &place})
	want := capture.ShootDetails{Title: "Åpning av Storhaug skole", Place: "Stavanger", Date: "2026-11-22", Photographer: "Fotografen"}
	if got := b.shootNow(b.shoot); got != want {
		t.Errorf("now it is %+v", got)
	}
	b.reopen()
	if got := b.shootNow(b.shoot); got != want {
		t.Errorf("after reopening it is %+v", got)
	}
	b.wantCleanAudit()
}

func TestAShootThatStaysAsItIsIsNoEvent(t *testing.T) {
	b := mustBench(t)
	before := must1(b.Audit(b.ctx)).Events
	title, form := "Åpning av ny skole", capture.DefaultForm
	b.changeShoot(capture.ShootChange{Title: &title, Form: &form})
	asTyped := must1(time.Parse(time.DateOnly, b.shootNow(b.shoot).Date)).Format("02.01.2006")
	b.changeShoot(capture.ShootChange{Date: &asTyped})
	if after := must1(b.Audit(b.ctx)).Events; after != before {
		t.Errorf("%d events were %d", after, before)
	}
}

func TestAWrongChangeOfAShootChangesNothing(t *testing.T) {
	b := mustBench(t)
	empty, day, form := " ", "31.11.2026", "nowhere"
	for id, to := range map[string]capture.ShootChange{"shoot-title-missing": {Title: &empty}, "shoot-date-wrong": {Date: &day}, "form-unknown": {Form: &form}} {
		_, err := b.ChangeShoot(b.ctx, b.shoot, to)
		wantProblem(t, err, id)
	}
	_, err := b.ChangeShoot(b.ctx, "elsewhere", capture.ShootChange{})
	wantProblem(t, err, "shoot-unknown")
	_, err = b.AddShoot(b.ctx, capture.ShootDetails{Title: "Another", Form: "nowhere"})
	wantProblem(t, err, "form-unknown")
	if len(b.Shoots()) != 1 || b.shootNow(b.shoot).Title != "Åpning av ny skole" {
		t.Errorf("now there are %+v", b.Shoots())
	}
}

// Design §3.5: in whichever order two devices get each other's changes, both call the shoot the same, and it is the later change.
func TestTwoDevicesThatChangeOneShootAgree(t *testing.T) {
	for _, name := range []string{"the second changes later", "the first changes later"} {
		a, b := mustBench(t), mustBench(t)
		b.uniteWith(a)
		b.shoot = a.shoot
		titleA, titleB, place := "By the first", "By the second", "Stavanger"
		want := titleB
		if name == "the first changes later" {
			a.now = b.now.Add(time.Minute)
			want = titleA
		} else {
			b.now = a.now.Add(time.Minute)
		}
		a.changeShoot(capture.ShootChange{Title: &titleA})
		b.changeShoot(capture.ShootChange{Title: &titleB, Place: &place})
		fromA, fromB := a.backUp(), b.backUp()
		for bench, dir := range map[*bench]string{a: fromB, b: fromA} {
			if _, err := bench.tryToUnite(bench.ctx, dir, nil); err != nil {
				t.Fatal(err)
			}
		}
		if one, two := a.shootNow(a.shoot), b.shootNow(a.shoot); one != two || one.Title != want {
			t.Errorf("%s: the first says %+v, the second %+v", name, one, two)
		}
		a.reopen()
		if one, two := a.shootNow(a.shoot), b.shootNow(a.shoot); one != two {
			t.Errorf("%s: after reopening the first says %+v, the second %+v", name, one, two)
		}
	}
}

func TestPeopleAreAskedTheFormOfTheShoot(t *testing.T) {
	b := mustBench(t)
	b.staffForm()
	if got := must1(b.ShootForm(b.shoot)); got.Form.Key != capture.DefaultForm {
		t.Fatalf("a shoot for which nobody has chosen asks %s", got.Form.Key)
	}
	p := b.person(capture.Registration{Name: "Ola Nordmann", Born: "1980"})
	b.sign(p, "web:*")
	board := b.Board(b.shoot)
	if board.Counts[capture.TallySigned] != 1 || board.MayAppear["web"] != 1 {
		t.Fatalf("the board of the default form: %+v", board)
	}
	form := "staff"
	b.changeShoot(capture.ShootChange{Form: &form})
	if got := must1(b.ShootForm(b.shoot)); got.Form.Key != "staff" {
		t.Errorf("it asks %s", got.Form.Key)
	}
	board = b.Board(b.shoot)
	for _, channel := range board.Channels {
		if channel == "ads" {
			t.Error("the board has a channel that the form of the shoot does not ask for")
		}
	}
	if _, has := board.Rows[0].Marks["ads"]; has || board.MayAppear["web"] != 1 {
		t.Errorf("the board of the form for staff: %+v", board)
	}
	var file bytes.Buffer
	if _, err := b.WritePaperForms(&file, capture.PaperPrint{Shoot: b.shoot, Language: "nb", Copies: 1}); err != nil || file.Len() == 0 {
		t.Errorf("paper: %v", err)
	}
	at := must1(b.AddShoot(b.ctx, capture.ShootDetails{Title: "Another", Form: "staff"}))
	if got := must1(b.ShootForm(at)); got.Form.Key != "staff" {
		t.Errorf("the other shoot asks %s", got.Form.Key)
	}
}

// Design §3.8: what a shoot is called may name people.
func TestEventsOfAShootSayNothingOfWhatItIsCalled(t *testing.T) {
	b := mustBench(t)
	title := "Portrett av Ola Nordmann"
	b.changeShoot(capture.ShootChange{Title: &title})
	found := 0
	err := b.vault.View(b.ctx, func(tx capture.Tx) error {
		return tx.EachEvent(func(stored capture.StoredEvent) error {
			e, err := stored.Open()
			if e.Type == consent.ShootChanged {
				found++
				if strings.Contains(string(e.Body), "Ola") || strings.Contains(string(e.Body), "staff") {
					t.Errorf("it says %s", e.Body)
				}
			}
			return err
		})
	})
	if err != nil || found != 1 {
		t.Errorf("%d events, %v", found, err)
	}
}

func TestEverybodyOnTheBoardIsCountedOnce(t *testing.T) {
	b := mustBench(t)
	yes := b.person(capture.Registration{Name: "Ja Jensen", Born: "1980", Group: "4B"})
	no := b.person(capture.Registration{Name: "Nei Nilsen", Born: "1980", Group: "4B"})
	back := b.person(capture.Registration{Name: "Tilbake Tangen", Born: "1980", Group: "10A"})
	b.person(capture.Registration{Name: "Vente Vik", Born: "1980", Group: "10A"})
	b.person(capture.Registration{Name: "rød jakke", Avoid: true})
	gone := b.person(capture.Registration{Name: "Borte Berg", Born: "1980", Group: "4B"})
	b.sign(yes, "web:*")
	b.sign(no, "")
	b.sign(back, "*:photo")
	if _, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: back.ID}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Erase(b.ctx, capture.Erasure{Subject: gone.ID, Reason: string(consent.ErasedMistake)}); err != nil {
		t.Fatal(err)
	}
	board := b.Board(b.shoot)
	if got := strings.Join(board.Groups(), " "); got != "4B 10A" {
		t.Errorf("groups: %s", got)
	}
	for group, want := range map[string]map[capture.Tally]int{"": {capture.TallySigned: 1, capture.TallyWaiting: 1, capture.TallySaidNo: 2, capture.TallyAvoid: 1},
		"4B": {capture.TallySigned: 1, capture.TallySaidNo: 1}, "10A": {capture.TallySaidNo: 1, capture.TallyWaiting: 1}} {
		of, sum := board.Of(group), 0
		for _, tally := range capture.Tallies {
			sum += of.Counts[tally]
			if of.Counts[tally] != want[tally] {
				t.Errorf("group %q: %s is %d", group, tally, of.Counts[tally])
			}
		}
		if sum != of.Registered {
			t.Errorf("group %q: %d are counted of %d", group, sum, of.Registered)
		}
	}
	if got := board.Of("4B").MayAppear["web"]; got != 1 {
		t.Errorf("%d of 4B may appear", got)
	}
}
