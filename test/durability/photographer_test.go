//go:build story

package durability_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/picture/picturetest"
	"samtykke/test/drive"
)

// deed is one use case. The photographer prints it twice, as lines of JSON: before it begins, and with Done when the use case has
// returned. From then on it must survive whatever happens.
type deed struct {
	Kind    string            `json:"kind"`
	Done    bool              `json:"done,omitempty"`
	Subject consent.SubjectID `json:"subject,omitempty"`
	Name    string            `json:"name,omitempty"`
	Record  consent.RecordID  `json:"record,omitempty"`
	Event   consent.EventID   `json:"event,omitempty"`
	Yes     bool              `json:"yes,omitempty"`
	Asset   consent.AssetID   `json:"asset,omitempty"`
	Count   int               `json:"count,omitempty"`
}

// The kinds of deeds.
const (
	registered = "registered"
	amended    = "amended"
	signed     = "signed"
	withdrew   = "withdrew"
	imported   = "imported"
	linked     = "linked"
	counted    = "counted"
	issued     = "issued"
)

// photographer works on one vault without a pause, until the process is killed.
type photographer struct {
	*capture.Session
	ctx    context.Context
	random *rand.Rand
	shoot  consent.ShootID
	card   string // folder of the pictures
	people []consent.SubjectID
	assets []consent.AssetID
	signed []consent.RecordID
}

// work is what the child process does.
func work(dir string) error {
	ctx := context.Background()
	v, s, err := open(ctx, dir)
	if err != nil {
		return err
	}
	defer v.Close()
	p := &photographer{Session: s, ctx: ctx, random: rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())), card: filepath.Join(filepath.Dir(dir), "card")}
	if err := os.MkdirAll(p.card, 0o700); err != nil {
		return err
	}
	if shoots := s.Shoots(); len(shoots) > 0 {
		p.shoot = shoots[0].ID
	} else if p.shoot, err = s.AddShoot(ctx, capture.ShootDetails{Title: "Åpning av ny skole"}); err != nil {
		return err
	}
	for _, person := range s.People(p.shoot) {
		p.people = append(p.people, person.ID)
		history, err := s.History(person.ID)
		if err != nil {
			return err
		}
		for _, entry := range history {
			if entry.Record != nil {
				p.signed = append(p.signed, consent.RecordID(entry.ID))
			}
		}
	}
	for _, img := range s.Images(capture.ImageFilter{}) {
		p.assets = append(p.assets, img.ID)
	}
	for out := json.NewEncoder(os.Stdout); ; {
		d := p.next()
		if err := out.Encode(d); err != nil {
			return err
		}
		if err := p.do(&d); err != nil {
			return fmt.Errorf("%s: %w", d.Kind, err)
		}
		d.Done = true
		if err := out.Encode(d); err != nil {
			return err
		}
	}
}

// next decides what to do.
func (p *photographer) next() deed {
	what := p.random.IntN(100)
	switch {
	case len(p.people) == 0 || what < 25:
		return deed{Kind: registered, Name: fmt.Sprintf("Ola %08x", p.random.Uint32())}
	case what < 55:
		return deed{Kind: signed, Subject: pick(p, p.people), Yes: p.random.IntN(2) == 0}
	case what < 65:
		return deed{Kind: withdrew, Subject: pick(p, p.people)}
	case what < 72:
		return deed{Kind: amended, Subject: pick(p, p.people), Name: fmt.Sprintf("Kari %08x", p.random.Uint32())}
	case len(p.assets) == 0 || what < 82:
		return deed{Kind: imported}
	case what < 88:
		return deed{Kind: linked, Subject: pick(p, p.people), Asset: pick(p, p.assets)}
	case what < 94 || len(p.signed) == 0:
		return deed{Kind: counted, Asset: pick(p, p.assets), Count: p.random.IntN(9)}
	}
	return deed{Kind: issued, Record: pick(p, p.signed)}
}

// do does it and notes what came of it.
func (p *photographer) do(d *deed) error {
	switch d.Kind {
	case registered:
		person, err := p.Register(p.ctx, capture.Registration{Shoot: p.shoot, Name: d.Name})
		d.Subject = person.ID
		p.people = append(p.people, person.ID)
		return err
	case signed:
		return p.sign(d)
	case withdrew:
		w, err := p.Withdraw(p.ctx, capture.Withdrawal{Subject: d.Subject, Reason: "ombestemt seg"})
		d.Event = w.Event
		return err
	case amended:
		_, err := p.Amend(p.ctx, d.Subject, capture.Amendment{Name: &d.Name})
		return err
	case imported:
		return p.imports(d)
	case linked:
		return p.Link(p.ctx, d.Subject, d.Asset)
	case counted:
		return p.SetPeople(p.ctx, d.Count, d.Asset)
	case issued:
		_, err := p.WriteReceipt(p.ctx, d.Record, "")
		return err
	}
	return errors.New("not a deed")
}

func (p *photographer) sign(d *deed) error {
	form, err := p.CurrentForm("default")
	if err != nil {
		return err
	}
	answers := map[consent.Scope]consent.Decision{}
	for _, scope := range form.Scopes() {
		answers[scope] = consent.DecisionNo
		if d.Yes {
			answers[scope] = consent.DecisionYes
		}
	}
	done, err := p.RecordConsent(p.ctx, capture.Signing{Subject: d.Subject, Shoot: p.shoot, Form: "default", Language: "nb", Answers: answers,
		Method: capture.Drawn, Signature: []byte(drive.Signature)})
	d.Record = done.Record
	p.signed = append(p.signed, done.Record)
	return err
}

func (p *photographer) imports(d *deed) error {
	file := picturetest.JPEG(64, 48, picturetest.Options{Seed: p.random.Uint64(), TakenAt: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)})
	sum := sha256.Sum256(file)
	d.Asset = consent.AssetID(hex.EncodeToString(sum[:]))
	path := filepath.Join(p.card, string(d.Asset[:12])+".jpg")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		return err
	}
	report, err := p.Import(p.ctx, capture.Import{Shoot: p.shoot, Paths: []string{path}})
	if err == nil && report.Imported != 1 {
		err = errors.New("a new picture was not imported")
	}
	p.assets = append(p.assets, d.Asset)
	return err
}

func pick[T any](p *photographer, of []T) T { return of[p.random.IntN(len(of))] }
