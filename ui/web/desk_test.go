package web_test

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

// desk is a library with a few people behind links, kept in memory. It says yes to half of the form, and withdraws.
type desk struct {
	form *consent.Form
	now  func() time.Time

	mu        sync.Mutex
	views     map[evidence.LinkSecret]*library.PersonalView
	asked     []evidence.LinkSecret
	withdrawn [][]consent.Scope
	err       error // what every call answers, when set
	fails     error // what WithdrawByLink answers, when set
}

func newDesk(tb testing.TB, now func() time.Time) *desk {
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
	return &desk{form: form, now: now, views: map[evidence.LinkSecret]*library.PersonalView{}}
}

// add puts a person behind a new link. They said yes to everything but sound and free download.
func (d *desk) add(tb testing.TB, language string) evidence.LinkSecret {
	tb.Helper()
	secret, err := evidence.DeriveLink([]byte("subject key of a test"), language+time.Duration(len(d.views)).String())
	if err != nil {
		tb.Fatal(err)
	}
	signed := d.now().AddDate(0, -2, 0)
	view := &library.PersonalView{Organisation: d.form.Organisation, Form: d.form, Language: language, Code: "K7Q2-M9XD",
		SignedAt: signed, Assets: 4}
	yes, no := 0, 0
	for _, channel := range d.form.Channels {
		row := library.PersonalRow{Channel: channel.Key}
		for _, kind := range d.form.Media {
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
	d.views[secret] = view
	return secret
}

func (d *desk) Personal(_ context.Context, secret evidence.LinkSecret) (library.PersonalView, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked = append(d.asked, secret)
	if d.err != nil {
		return library.PersonalView{}, d.err
	}
	view, ok := d.views[secret]
	if !ok {
		return library.PersonalView{}, library.ErrLinkUnknown
	}
	copied := *view
	copied.Rows = slices.Clone(view.Rows)
	return copied, nil
}

func (d *desk) WithdrawByLink(_ context.Context, secret evidence.LinkSecret, scopes []consent.Scope) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fails != nil {
		return d.fails
	}
	view, ok := d.views[secret]
	if !ok {
		return library.ErrLinkUnknown
	}
	d.withdrawn = append(d.withdrawn, scopes)
	for _, row := range view.Rows {
		for i, cell := range row.Cells {
			if cell.Withdrawable && (len(scopes) == 0 || slices.Contains(scopes, cell.Scope)) {
				row.Cells[i] = library.PersonalCell{Scope: cell.Scope, Status: consent.StatusWithdrawn}
			}
		}
	}
	view.History = slices.Insert(view.History, 0, library.PersonalEvent{At: d.now(), Withdrawal: true, Scopes: scopes,
		By: consent.Signer{Role: consent.RoleSelf}})
	return nil
}

// cell finds what stands for a scope written "web:photo".
func (d *desk) cell(tb testing.TB, secret evidence.LinkSecret, scope string) *library.PersonalCell {
	tb.Helper()
	channel, _, _ := strings.Cut(scope, ":")
	for _, row := range d.views[secret].Rows {
		for i := range row.Cells {
			if string(row.Channel) == channel && row.Cells[i].Scope.String() == scope {
				return &row.Cells[i]
			}
		}
	}
	tb.Fatalf("the form has no scope %s", scope)
	return nil
}

func (d *desk) statuses(secret evidence.LinkSecret) map[string]consent.Status {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := map[string]consent.Status{}
	for _, row := range d.views[secret].Rows {
		for _, cell := range row.Cells {
			all[cell.Scope.String()] = cell.Status
		}
	}
	return all
}
