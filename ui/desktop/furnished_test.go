package desktop_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/skip2/go-qrcode"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/picture/picturetest"
)

// dayOfShoot is when a furnished vault is looked at.
var dayOfShoot = time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)

// furnished is a desk with a vault as it is after a day's work: people who said yes, no and something between, a child whose second guardian is
// missing, somebody to avoid, pictures that belong to them, a film, and a paper that waits. The vault is locked and the window not made yet.
func furnished(t *testing.T) *desk {
	t.Helper()
	d := sit(t)
	now := dayOfShoot.Add(-2 * time.Hour)
	d.door.clock = func() time.Time { // everything has its moment, so that it has its order in every run
		now = now.Add(time.Second)
		return now
	}
	ctx := t.Context()
	s, _ := must2(d.door.Create(ctx, passphrase, capture.Setup{Organisation: organisation, DeviceName: "kamera-laptop"}))
	must(s.AddShoot(ctx, capture.ShootDetails{Title: "Summer festival", Place: "Byparken", Date: "2026-06-19"}))
	shoot := must(s.AddShoot(ctx, capture.ShootDetails{Title: "Opening of Storhaug school", Place: "Stavanger", Date: "2026-11-22"}))

	register := func(r capture.Registration) capture.Person {
		r.Shoot = shoot
		return must(s.Register(ctx, r))
	}
	ola := register(capture.Registration{Name: "Ola Nordmann", Phone: "90123456", Email: "ola@example.no", Born: "1980", Group: "Parents"})
	kari := register(capture.Registration{Name: "Kari Nordmann", Born: "2017-03-02", Group: "4B",
		Guardians: []consent.Guardian{{Name: "Ola Nordmann", Phone: "90123456"}, {Name: "Anne Nordmann", Email: "anne@example.no"}}})
	per := register(capture.Registration{Name: "Per Eksempel", Born: "1975", Notes: "Caretaker. Wants to see the pictures before they are printed."})
	aase := register(capture.Registration{Name: "Åse Ødegård", Born: "1962", Phone: "41234567"})
	samira := register(capture.Registration{Name: "Samira Hussein", Born: "1991", Group: "Teachers"})
	register(capture.Registration{Name: "Maximiliane Fredrikke Andersen-Bergstrøm", Email: "maximiliane.fredrikke.andersen-bergstrom@example.no", Group: "Teachers"})
	register(capture.Registration{Name: "Ola Nordman", Phone: "90123456"})
	register(capture.Registration{Name: "red jacket", Avoid: true})

	sign := func(p capture.Person, guardian int, yes func(consent.Scope) bool) {
		form := must(s.CurrentForm("default"))
		answers := map[consent.Scope]consent.Decision{}
		for _, scope := range form.Scopes() {
			answers[scope] = consent.DecisionNo
			if yes(scope) {
				answers[scope] = consent.DecisionYes
			}
		}
		must(s.RecordConsent(ctx, capture.Signing{Subject: p.ID, Shoot: shoot, Form: "default", Language: "nb", Answers: answers, Guardian: guardian,
			Method: capture.Typed, TypedName: p.Profile.Name}))
	}
	sign(ola, 0, func(consent.Scope) bool { return true })
	sign(kari, 1, func(scope consent.Scope) bool {
		return scope.Channel == "internal" || scope.Channel == "web" && scope.Media == consent.Photo
	})
	sign(per, 0, func(consent.Scope) bool { return false })
	sign(aase, 0, func(scope consent.Scope) bool { return scope.Media == consent.Photo && scope.Channel != "ads" })
	must(s.Withdraw(ctx, capture.Withdrawal{Subject: aase.ID, Scopes: []consent.Scope{{Channel: "social", Media: consent.Photo}}}))

	card := filepath.Join(d.folder, "card")
	if err := os.Mkdir(card, 0o700); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, must(time.LoadLocation("Europe/Oslo"))) // where the pictures say they are
	take := func(name string, file func(picturetest.Options) []byte) {
		at = at.Add(40 * time.Second)
		if err := os.WriteFile(filepath.Join(card, name), file(picturetest.Options{Seed: uint64(at.Unix()), TakenAt: at, Make: "Canon", Model: "EOS R6"}), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for i, p := range []capture.Person{ola, kari, aase} {
		code := must(qrcode.New(capture.CardPayload(p.Code), qrcode.Medium))
		take(fmt.Sprintf("R6_%d000.JPG", i+1), func(o picturetest.Options) []byte {
			return picturetest.SlateScene(code.Image(-6), picturetest.SceneOptions{Options: o})
		})
		for n := range 5 {
			take(fmt.Sprintf("R6_%d%03d.JPG", i+1, n+1), func(o picturetest.Options) []byte { return picturetest.JPEG(640, 480, o) })
		}
	}
	take("R6_4000.MP4", func(o picturetest.Options) []byte {
		return picturetest.Film(picturetest.FilmOptions{Width: 640, Height: 360, Duration: 95 * time.Second, Created: o.TakenAt})
	})
	must(s.Import(ctx, capture.Import{Shoot: shoot, Paths: []string{card}, Slates: true}))
	images := s.Images(capture.ImageFilter{Shoot: shoot})
	for i, image := range images {
		if i%4 != 3 && len(image.People) > 0 {
			if err := s.SetPeople(ctx, 1, image.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.Link(ctx, samira.ID, images[3].ID); err != nil {
		t.Fatal(err)
	}
	d.paper("7KQ2M9", "")
	if err := d.door.Close(); err != nil {
		t.Fatal(err)
	}
	return d
}

// must2 is must for what has two results.
func must2[T, U any](v T, u U, err error) (T, U) {
	if err != nil {
		panic(err)
	}
	return v, u
}
