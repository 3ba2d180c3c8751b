package capture_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

func (b *bench) roster(text string) capture.RosterReport {
	b.tb.Helper()
	report, err := b.ImportRoster(b.ctx, capture.RosterImport{Shoot: b.shoot, Data: []byte(text)})
	if err != nil {
		b.tb.Fatal(err)
	}
	return report
}

// counts is a report in one line.
func counts(r capture.RosterReport) string {
	return fmt.Sprintf("%d added, %d updated, %d same, %d refused", r.Added, r.Updated, r.Same, r.Refused)
}

func TestAListIsTakenInOnceHoweverOftenItIsImported(t *testing.T) {
	b := mustBench(t)
	b.person(capture.Registration{Name: "Kari Nordmann", Phone: "41234567", Notes: "Rød genser", Guardians: []consent.Guardian{{Name: "Anne Nordmann"}}})
	const list = "navn;tlf;e-post;født;klasse;foresatt 1;foresatt 1 tlf;merknad;ikke foto\n" +
		"kari nordmann;412 34 567;kari@example.no;2015-04-30;5B;Anne Nordmann;91234567;Sitter foran;\n" + // is here already
		"Ola Hansen;;;;5B;;;;\nOla Hansen;;;;5B;;;;\n" + // two of one name stay two
		"Per Vik;12;;;;;;;\n" + // no phone number
		"Siv Berg;;;;5A;;;;x\n"
	checked, err := b.ImportRoster(b.ctx, capture.RosterImport{Shoot: b.shoot, Data: []byte(list), Check: true})
	if err != nil || counts(checked) != "3 added, 1 updated, 0 same, 1 refused" || len(b.People(b.shoot)) != 1 {
		t.Errorf("checked: %s, %v; %d people", counts(checked), err, len(b.People(b.shoot)))
	}
	first := b.roster(list)
	if counts(first) != counts(checked) || len(b.People(b.shoot)) != 4 {
		t.Errorf("first: %s; %d people", counts(first), len(b.People(b.shoot)))
	}
	known := first.Rows[0].Person.Profile
	if known.Email != "kari@example.no" || known.Born != "2015-04-30" || known.Group != "5B" || known.Notes != "Rød genser\nSitter foran" ||
		len(known.Guardians) != 1 || known.Guardians[0].Phone != "+4791234567" || known.Name != "Kari Nordmann" {
		t.Errorf("completed to %+v", known)
	}
	if row := first.Rows[3]; row.Result != capture.RosterRefused || row.Line != 5 || row.Column != "tlf" || row.Person.ID != "" {
		t.Errorf("refused: %+v", row)
	}
	if !first.Rows[4].Person.Avoid {
		t.Error("who is not to be photographed may be")
	}
	for range 2 {
		if again := b.roster(list); counts(again) != "0 added, 0 updated, 4 same, 1 refused" {
			t.Errorf("again: %s", counts(again))
		} else if again.Rows[1].Person.ID == again.Rows[2].Person.ID {
			t.Error("two rows of one name are the same person")
		}
		b.reopen()
	}
	if moved := b.roster("navn;klasse\nSiv Berg;6A\n"); counts(moved) != "1 added, 0 updated, 0 same, 0 refused" {
		t.Errorf("another Siv Berg in another class: %s", counts(moved))
	}
	if found := b.Find(capture.Search{Text: "5b ola"}); len(found) != 2 {
		t.Errorf("5B has %d Ola", len(found))
	}
	if audit, err := b.Audit(b.ctx); err != nil || len(audit.Problems) > 0 {
		t.Errorf("audit %+v, %v", audit, err)
	}
}

func TestPeopleOfOneListStandByName(t *testing.T) {
	b := mustBench(t)
	b.person(capture.Registration{Name: "Øystein Vik"})
	b.roster("navn\nPer Vik\nÅse Berg\nOla Hansen\nanne Moe\n")
	for _, shoot := range []consent.ShootID{b.shoot, ""} {
		var names []string
		for _, p := range b.People(shoot) {
			names = append(names, p.Profile.Name)
		}
		if got := strings.Join(names, ", "); got != "Øystein Vik, anne Moe, Ola Hansen, Per Vik, Åse Berg" {
			t.Errorf("they stand as %s", got)
		}
	}
}

func TestAListDoesNotRegisterAnewWhoWasMerged(t *testing.T) {
	b := mustBench(t)
	spot := b.person(capture.Registration{Name: "Nora B", Phone: "41234567"}) // on the spot, before the list came
	const list = "navn;født;klasse;merknad;tlf\nNora Berg;2017-03-03;4B;foran;\nNora Berg;2017-03-03;;bak;41234568\nPer Vik;;;;\n"
	first := b.roster(list)
	b.merge(first.Rows[0].Person, spot)
	b.merge(first.Rows[1].Person, spot)
	for _, later := range []string{list, strings.NewReplacer("4B", "5B", "bak", "ved vinduet").Replace(list)} {
		report := b.roster(later)
		if report.Added != 0 || report.Refused != 0 || report.Rows[0].Person.ID != spot.ID || report.Rows[1].Person.ID != spot.ID || len(b.People(b.shoot)) != 2 {
			t.Errorf("the list again: %s; %+v; %d people", counts(report), report.Rows, len(b.People(b.shoot)))
		}
	}
	if p, err := b.Person(spot.ID); err != nil || p.Profile.Group != "5B" || p.Profile.Phone != "+4741234567" || p.Profile.Notes != "foran\nbak\nved vinduet" || p.Profile.Revision != 5 {
		t.Errorf("the person is %+v, %v", p.Profile, err)
	}
	if audit, err := b.Audit(b.ctx); err != nil || len(audit.Problems) > 0 {
		t.Errorf("audit %+v, %v", audit, err)
	}
}

func TestAStoppedImportGoesOnWhereItWas(t *testing.T) {
	b := mustBench(t)
	var list strings.Builder
	list.WriteString("navn\n")
	const people = 600
	for i := range people {
		list.WriteString("Elev " + syllables(i) + "\n")
	}
	ctx, stop := context.WithCancel(b.ctx)
	report, err := b.ImportRoster(ctx, capture.RosterImport{Shoot: b.shoot, Data: []byte(list.String()), Progress: func(int, int) { stop() }})
	if !errors.Is(err, context.Canceled) || report.Added == 0 || report.Added >= people || len(b.People(b.shoot)) != report.Added {
		t.Fatalf("stopped after %d, %v, with %d people", report.Added, err, len(b.People(b.shoot)))
	}
	rest := b.roster(list.String())
	if rest.Same != report.Added || rest.Added != people-report.Added {
		t.Errorf("went on with %s after %d", counts(rest), report.Added)
	}
}

// between runs do while a list is taken in whose last row is about a person, after the rows before it are saved.
func (b *bench) between(p capture.Person, row string, do func()) error {
	b.tb.Helper()
	var list strings.Builder
	list.WriteString("navn;tlf;e-post\n")
	for n := range 250 { // as many as are saved at once
		fmt.Fprintf(&list, "Elev %d;;\n", n)
	}
	list.WriteString(p.Profile.Name + ";" + row + "\n")
	_, err := b.ImportRoster(b.ctx, capture.RosterImport{Shoot: b.shoot, Data: []byte(list.String()), Progress: func(done, all int) {
		if done < all {
			do()
		}
	}})
	return err
}

func TestWhoIsErasedWhileAListIsTakenInStaysErased(t *testing.T) {
	b := mustBench(t)
	kari := b.person(capture.Registration{Name: "Kari Nordmann"})
	wantProblem(t, b.between(kari, ";kari@example.no", func() { b.erase(kari) }), "person-erased")
	b.reopen()
	if p, err := b.Person(kari.ID); err != nil || p.Known || !p.Erased {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestWhatIsCorrectedWhileAListIsTakenInStays(t *testing.T) {
	b := mustBench(t)
	kari := b.person(capture.Registration{Name: "Kari Nordmann", Notes: "Rød genser"})
	phone, notes := "41234567", ""
	err := b.between(kari, "91234567;kari@example.no", func() {
		if _, err := b.Amend(b.ctx, kari.ID, capture.Amendment{Phone: &phone, Notes: &notes}); err != nil {
			t.Error(err)
		}
	})
	p, found := b.Person(kari.ID)
	if err != nil || found != nil || p.Profile.Phone != "+4741234567" || p.Profile.Email != "kari@example.no" || p.Profile.Notes != "" {
		t.Errorf("%+v, %v, %v", p.Profile, err, found)
	}
	b.mustAudit()
}

func TestAListForAnUnknownShootIsRefused(t *testing.T) {
	b := mustBench(t)
	_, err := b.ImportRoster(b.ctx, capture.RosterImport{Shoot: "nowhere", Data: []byte("navn\nOla\n")})
	wantProblem(t, err, "shoot-unknown")
	_, err = b.ImportRoster(b.ctx, capture.RosterImport{Shoot: b.shoot, Data: []byte("navn;fnr\nOla;\n")})
	wantProblem(t, err, "roster-national-id-column")
}

// The preview is the truth: it says of each row what the import then does, and whom it may be about.
func TestAPreviewTellsWhoMayBeHereAlready(t *testing.T) {
	b := mustBench(t)
	known := b.person(capture.Registration{Name: "Kari Nordmann", Phone: "41234567"})
	b.person(capture.Registration{Name: "rød jakke", Avoid: true})
	const list = "navn;tlf;klasse;foresatt 1;ikke foto;skostørrelse\n" +
		"Kari Normann;41234567;5B;Anne Nordmann;;38\n" + // nearly the name, the same phone
		"Ola Hansen;91234567;5B;;;\nOle Hansen;91234567;5B;;;\n" + // may be one
		"rød jakke;;;;x;\n" + // two red jackets are two
		"Siv Berg;;5A;;;\n"
	checked, err := b.ImportRoster(b.ctx, capture.RosterImport{Shoot: b.shoot, Data: []byte(list), Check: true})
	if err != nil {
		t.Fatal(err)
	}
	imported := b.roster(list)
	for name, report := range map[string]capture.RosterReport{"preview": checked, "import": imported} {
		if got := report.Doubtful(); got != 3 {
			t.Errorf("%s: %d rows are doubtful", name, got)
		}
		if like := report.Rows[0].Like; len(like) != 1 || like[0].Person.ID != known.ID || like[0].Line != 0 || like[0].Why[0] != capture.LikePhone {
			t.Errorf("%s: the first row is like %+v", name, like)
		}
		if like := report.Rows[1].Like; len(like) != 1 || like[0].Line != 4 || like[0].Person.ID != "" {
			t.Errorf("%s: the second row is like %+v", name, like)
		}
		fields := ""
		for _, c := range report.Columns {
			fields += fmt.Sprintf("%s=%s%d ", c.Heading, c.Field, c.Guardian)
		}
		if fields != "navn=name0 tlf=phone0 klasse=group0 foresatt 1=name1 ikke foto=avoid0 " || strings.Join(report.Unread, ",") != "skostørrelse" {
			t.Errorf("%s: read %s, and not %v", name, fields, report.Unread)
		}
	}
	if counts(checked) != counts(imported) {
		t.Errorf("the preview says %s, the import %s", counts(checked), counts(imported))
	}
}
