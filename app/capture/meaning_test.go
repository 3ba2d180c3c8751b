package capture_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/problem"
)

func TestANameMeansSomebodyWhenItFitsExactlyOnePersonOfTheShoot(t *testing.T) {
	b := mustBench(t)
	nordmann := b.person(capture.Registration{Name: "Ola Nordmann"})
	hansen := b.person(capture.Registration{Name: "Ola Hansen", Notes: "spør Per"})
	b.person(capture.Registration{Name: "Ola Hansen Berg"})
	åse := b.person(capture.Registration{Name: "Åse Marie Dahl", Guardians: []consent.Guardian{{Name: "Kari Dahl"}}})
	here := b.shoot
	var err error
	if b.shoot, err = b.AddShoot(b.ctx, capture.ShootDetails{Title: "Et annet sted"}); err != nil {
		t.Fatal(err)
	}
	per := b.person(capture.Registration{Name: "Per Vik"})
	for _, c := range []struct {
		shoot consent.ShootID
		text  string
		want  consent.SubjectID
		fails string
	}{
		{here, "ola nord", nordmann.ID, ""},
		{here, "Ola Hansen", hansen.ID, ""}, // she of the longer name goes behind
		{here, "aase dahl", åse.ID, ""},
		{here, "marie", åse.ID, ""},
		{here, string(per.Code), per.ID, ""},
		{here, string(per.ID), per.ID, ""},
		{here, "ola", "", "name-several"},
		{here, "ola ola", "", "name-nobody"},
		{here, "kari", "", "name-nobody"}, // only her guardian
		{here, "per", "", "name-elsewhere"},
		{"", "per vik", per.ID, ""},
		{here, "", "", "subject-unknown"},
		{here, "0000-0000", "", "subject-unknown"},
	} {
		got, err := b.WhoIs(c.shoot, c.text)
		if c.fails != "" {
			wantProblem(t, err, c.fails)
		} else if err != nil || got != c.want {
			t.Errorf("%q is %s, %v; want %s", c.text, got, err, c.want)
		}
	}
	everybody, err := b.WhoAre(here, []string{"ola n", "marie", string(per.Code), "ola nordmann"})
	if err != nil || !slices.Equal(everybody, []consent.SubjectID{nordmann.ID, åse.ID, per.ID}) {
		t.Errorf("they are %v, %v", everybody, err)
	}
	_, err = b.WhoAre(here, []string{"marie", "ola"})
	wantProblem(t, err, "name-several")
}

func TestATimeRangeChoosesThePicturesTakenInIt(t *testing.T) {
	b := mustBench(t)
	b.now = time.Date(2026, 11, 22, 13, 59, 30, 0, time.Local)
	ids := b.importCard(4, b.person(capture.Registration{Name: "Ola"})) // a card, then a frame every so often
	var times []time.Time
	for _, id := range ids {
		img, err := b.Image(id)
		if err != nil {
			t.Fatal(err)
		}
		times = append(times, img.File.TakenAt)
	}
	minutes, seconds := "15:04", "15:04:05"
	day := times[0].Format(time.DateOnly)
	for _, c := range []struct {
		from, to string
		want     []consent.AssetID
	}{
		{times[1].Format(seconds), times[2].Format(seconds), ids[1:3]},
		{times[0].Format(minutes), times[3].Format(minutes), ids},
		{day + " " + times[1].Format(seconds), day + "T" + times[1].Format(seconds), ids[1:2]},
		{times[2].Format(time.RFC3339), times[3].Format(time.RFC3339), ids[2:]},
	} {
		got, err := b.TakenBetween(b.shoot, c.from, c.to)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("from %s to %s: %v, %v; want %v", c.from, c.to, got, err, c.want)
		}
	}
	_, err := b.TakenBetween(b.shoot, "02:00", "03:00")
	wantProblem(t, err, "taken-nothing")
	if said := problem.Of(err).Error(); !strings.Contains(said, day+" 02:00:00 and "+day+" 03:00:59") {
		t.Errorf("it does not say which day it took: %v", err)
	}
	_, err = b.TakenBetween(b.shoot, "klokka to", "03:00")
	wantProblem(t, err, "taken-unreadable")
	_, err = b.TakenBetween("nothing", "01:00", "03:00")
	wantProblem(t, err, "shoot-unknown")
	if got, err := b.TakenBetween(b.shoot, "13:00", "01:00"); err != nil || len(got) != len(ids) { // until after midnight
		t.Errorf("%v, %v", got, err)
	}
}
