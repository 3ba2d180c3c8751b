// Package webtest is a library's desk in memory, for tests of the pages and of what stands around them.
package webtest

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/library"
	"samtykke/assets"
)

// Desk knows a few people behind links, says yes to most of the default form for them, and withdraws. Its fields may be changed between
// requests.
type Desk struct {
	// Form is the published default form, which everybody answered.
	Form *consent.Form
	// Now dates what happens.
	Now func() time.Time

	mu    sync.Mutex
	Views map[evidence.LinkSecret]*library.PersonalView
	// Asked lists the secrets that were looked up, and Withdrawn what was withdrawn, empty for everything.
	Asked     []evidence.LinkSecret
	Withdrawn [][]consent.Scope
	// Err is what every call answers when it is set, WithdrawErr what WithdrawByLink answers.
	Err, WithdrawErr error
}

// NewDesk is a desk where nobody has answered yet.
func NewDesk(tb testing.TB, now func() time.Time) *Desk {
	tb.Helper()
	form, err := consent.ParseForm(assets.DefaultForm())
	if err != nil {
		tb.Fatal(err)
	}
	org := consent.Organisation{Name: "Storhaug kommune", Number: "964965226", Address: "Postboks 1, 4001 Storhaug",
		Contact: "samtykke@storhaug.example", DPO: "ombud@storhaug.example", Policy: "https://storhaug.example/personvern"}
	if form, err = form.Publish(org, now()); err != nil {
		tb.Fatal(err)
	}
	return &Desk{Form: form, Now: now, Views: map[evidence.LinkSecret]*library.PersonalView{}}
}

// Add puts a person behind a new link. Two months ago they said yes to everything but sound and free download.
func (d *Desk) Add(tb testing.TB, language string) evidence.LinkSecret {
	tb.Helper()
	secret, err := evidence.DeriveLink([]byte("subject key of a test"), language+time.Duration(len(d.Views)).String())
	if err != nil {
		tb.Fatal(err)
	}
	signed := d.Now().AddDate(0, -2, 0)
	view := &library.PersonalView{Organisation: d.Form.Organisation, Form: d.Form, Language: language, Code: "K7Q2-M9XD",
		SignedAt: signed, Assets: 4}
	yes, no := 0, 0
	for _, channel := range d.Form.Channels {
		row := library.PersonalRow{Channel: channel.Key}
		for _, kind := range d.Form.Media {
			cell := library.PersonalCell{Scope: consent.Scope{Channel: channel.Key, Media: kind}, Status: consent.StatusRefused}
			if kind != consent.Audio && channel.Key != "open" {
				cell.Status, cell.Until, cell.Withdrawable = consent.StatusGiven, signed.AddDate(3, 0, 0), true
				yes++
			} else {
				no++
			}
			row.Cells = append(row.Cells, cell)
		}
		view.Rows = append(view.Rows, row)
	}
	view.History = []library.PersonalEvent{{At: signed, By: consent.Signer{Role: consent.RoleSelf}, Yes: yes, No: no}}
	d.Views[secret] = view
	return secret
}

// Personal is library.Library.Personal.
func (d *Desk) Personal(_ context.Context, secret evidence.LinkSecret) (library.PersonalView, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.Asked = append(d.Asked, secret)
	if d.Err != nil {
		return library.PersonalView{}, d.Err
	}
	view, ok := d.Views[secret]
	if !ok {
		return library.PersonalView{}, library.ErrLinkUnknown
	}
	copied := *view
	copied.Rows = slices.Clone(view.Rows)
	return copied, nil
}

// WithdrawByLink is library.Library.WithdrawByLink.
func (d *Desk) WithdrawByLink(_ context.Context, secret evidence.LinkSecret, scopes []consent.Scope) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.WithdrawErr != nil {
		return d.WithdrawErr
	}
	view, ok := d.Views[secret]
	if !ok {
		return library.ErrLinkUnknown
	}
	changed := false
	for _, row := range view.Rows {
		for i, cell := range row.Cells {
			if cell.Withdrawable && (len(scopes) == 0 || slices.Contains(scopes, cell.Scope)) {
				row.Cells[i] = library.PersonalCell{Scope: cell.Scope, Status: consent.StatusWithdrawn}
				changed = true
			}
		}
	}
	if !changed {
		return nil
	}
	d.Withdrawn = append(d.Withdrawn, scopes)
	view.History = slices.Insert(view.History, 0, library.PersonalEvent{At: d.Now(), Withdrawal: true, Scopes: scopes,
		By: consent.Signer{Role: consent.RoleSelf}})
	return nil
}

// Cell finds what stands for a scope written "web:photo".
func (d *Desk) Cell(tb testing.TB, secret evidence.LinkSecret, scope string) *library.PersonalCell {
	tb.Helper()
	channel, _, _ := strings.Cut(scope, ":")
	for _, row := range d.Views[secret].Rows {
		for i := range row.Cells {
			if string(row.Channel) == channel && row.Cells[i].Scope.String() == scope {
				return &row.Cells[i]
			}
		}
	}
	tb.Fatalf("the form has no scope %s", scope)
	return nil
}

// Statuses is what stands for every scope, by its written form.
func (d *Desk) Statuses(secret evidence.LinkSecret) map[string]consent.Status {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := map[string]consent.Status{}
	for _, row := range d.Views[secret].Rows {
		for _, cell := range row.Cells {
			all[cell.Scope.String()] = cell.Status
		}
	}
	return all
}
