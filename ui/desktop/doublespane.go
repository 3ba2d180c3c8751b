package desktop

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// doubleView is a suspicion that two registrations are one person, ready to show.
type doubleView struct {
	one, other doubleSide
	why        string
	differs    []difference
}

// doubleSide is one of the two.
type doubleSide struct {
	id         consent.SubjectID
	code, name string
}

// difference is a detail of the two registrations; alike when both say the same.
type difference struct{ title, one, other string }

func newDoubleView(w *words, d capture.Double) doubleView {
	v := doubleView{one: doubleSide{d.A.ID, string(d.A.Code), personName(d.A, w)}, other: doubleSide{d.B.ID, string(d.B.Code), personName(d.B, w)},
		why: d.In(w.Language)}
	guardians := func(p consent.Profile) string {
		var names []string
		for _, g := range p.Guardians {
			names = append(names, join(", ", g.Name, w.phone(g.Phone), g.Email))
		}
		return join("; ", names...)
	}
	a, b := d.A.Profile, d.B.Profile
	for _, each := range []difference{
		{w.t("person.name"), a.Name, b.Name}, {w.t("person.phone"), w.phone(a.Phone), w.phone(b.Phone)}, {w.t("person.email"), a.Email, b.Email},
		{w.t("person.born"), w.date(a.Born), w.date(b.Born)}, {w.t("person.guardians"), guardians(a), guardians(b)},
		{w.t("person.group"), a.Group, b.Group}, {w.t("person.notes"), a.Notes, b.Notes},
		{w.t("double.registered"), w.moment(d.A.Registered), w.moment(d.B.Registered)},
		{w.t("double.signed"), w.n("count.consents", d.A.Signed), w.n("count.consents", d.B.Signed)},
	} {
		if each.one != "" || each.other != "" {
			v.differs = append(v.differs, each)
		}
	}
	return v
}

// compare shows two registrations beside each other. Only people decide whether they are one person.
func (p *sidePane) compare(v doubleView) {
	w := p.shell.window
	t := w.words.t
	p.person = v.one.id
	told := newNotice(w)
	table := container.New(&tight{}, container.NewGridWithColumns(2, bold(v.one.code), bold(v.other.code)))
	for _, d := range v.differs {
		one, other := part.Body(orDash(d.one)), part.Body(orDash(d.other))
		if d.one != d.other {
			one.TextStyle.Bold, other.TextStyle.Bold = true, true
		}
		table.Add(part.Note(d.title))
		table.Add(container.NewGridWithColumns(2, one, other))
	}
	keep := part.NewSelect([]string{t("double.keep", "code", v.one.code), t("double.keep", "code", v.other.code)}, nil)
	actions := container.NewVBox()
	var ask func()
	ask = func() {
		var different *part.Button
		different = part.NewButton(t("double.different"), func() {
			ready := busy(different, t("saving"))
			background(w, only(func(ctx context.Context) error { return w.session.Different(ctx, v.one.id, v.other.id) }), func(_ noResult, err error) {
				if ready(); err != nil {
					told.fail(err)
					return
				}
				w.toast(t("double.remembered"))
				p.showPerson(v.one.id)
				p.shell.changed() // a judgement is no event, and lists show it all the same
			})
		})
		actions.Objects = []fyne.CanvasObject{told.root, wrapping(part.NewButton(t("double.later"), func() { p.showPerson(v.one.id) }), different,
			part.NewButton(t("double.merge"), func() {
				from, into := v.other, v.one
				if keep.SelectedIndex() == 1 {
					from, into = into, from
				}
				actions.Objects = []fyne.CanvasObject{told.root, p.confirmMerge(from, into, told, ask)}
				p.refit()
			}))}
		p.refit()
	}
	p.showFields(t("double.title"), part.Stack(part.Body(t("double.because", "why", v.why)), table, part.Field(t("double.stays"), part.Framed(keep), t("double.stays.why"))), actions)
	ask()
}

// confirmMerge says what a merge does, before it is done.
func (p *sidePane) confirmMerge(from, into doubleSide, told *notice, keep func()) fyne.CanvasObject {
	w := p.shell.window
	t := w.words.t
	var do *part.Button
	do = part.NewDangerButton(t("double.merge.do", "code", from.code), func() {
		ready := busy(do, t("saving"))
		background(w, func(ctx context.Context) (capture.Merged, error) { return w.session.Merge(ctx, from.id, into.id) }, func(done capture.Merged, err error) {
			if ready(); err != nil {
				told.fail(err)
				return
			}
			w.toast(w.words.n("double.merged", len(done.Affected)))
			p.showPerson(done.Person.ID)
			p.changed(done.Person.ID)
		})
	})
	return container.NewVBox(part.Body(t("double.merge.what", "from", from.code, "into", into.code)), ends(part.NewButton(t("double.merge.keep"), keep), do))
}

// confirmUnmerge takes a merge back in two presses.
func (p *sidePane) confirmUnmerge(v personView, merged consent.SubjectID) {
	w := p.shell.window
	t := w.words.t
	told := newNotice(w)
	var do *part.Button
	do = part.NewDangerButton(t("double.apart.do"), func() {
		ready := busy(do, t("saving"))
		background(w, func(ctx context.Context) (capture.Merged, error) { return w.session.Unmerge(ctx, merged) }, func(done capture.Merged, err error) {
			if ready(); err != nil {
				told.fail(err)
				return
			}
			w.toast(w.words.n("double.parted", len(done.Affected)))
			p.showPerson(done.Person.ID)
			p.changed(done.Person.ID)
		})
	})
	p.showFields(t("double.apart.title", "name", v.name), part.Body(t("double.apart.what")),
		container.NewVBox(told.root, ends(part.NewButton(t("double.merge.keep"), func() { p.showPerson(v.id) }), do)))
}

func bold(text string) fyne.CanvasObject {
	label := part.Body(text)
	label.TextStyle.Bold = true
	return label
}

func orDash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}
