package desktop

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// mostGuardians is how many guardians the form takes; nobody has more who must be asked.
const mostGuardians = 2

// personForm registers a person, or corrects one.
type personForm struct {
	pane                     *sidePane
	heading                  string
	name, phone, email, born *part.Entry
	group, notes             *part.Entry
	avoid                    *part.Check
	guardians                []*guardianFields
	place                    *fyne.Container // of the guardians
	more                     *part.Button
	save                     *part.Button
	notice                   *notice
	content, actions         fyne.CanvasObject

	first  string // what was written when it opened
	warned bool   // that it is not saved, since something was written last
}

// guardianFields are those of one guardian; id is their pseudonym when they have one.
type guardianFields struct {
	id                 string
	name, phone, email *part.Entry
}

func newPersonForm(p *sidePane, shoot consent.ShootID) *personForm {
	w := p.shell.window
	f := emptyPersonForm(p)
	f.heading = w.words.t("person.new")
	f.save.OnTapped = func() {
		r := capture.Registration{Shoot: shoot, Name: f.name.Text, Phone: f.phone.Text, Email: f.email.Text, Born: f.born.Text,
			Guardians: f.guardianList(), Group: f.group.Text, Notes: f.notes.Text, Avoid: f.avoid.Checked}
		f.submit(func(ctx context.Context) (capture.Person, error) { return w.session.Register(ctx, r) }, "person.registered")
	}
	return f
}

func newCorrectionForm(p *sidePane, person capture.Person) *personForm {
	w := p.shell.window
	f := emptyPersonForm(p)
	f.heading = w.words.t("person.correct.heading", "code", person.Code)
	for entry, text := range map[*part.Entry]string{f.name: person.Profile.Name, f.phone: w.words.phone(person.Profile.Phone),
		f.email: person.Profile.Email, f.born: w.words.typed(person.Profile.Born), f.group: person.Profile.Group, f.notes: person.Profile.Notes} {
		entry.SetText(text)
	}
	f.avoid.SetChecked(person.Avoid)
	for _, g := range person.Profile.Guardians {
		f.addGuardian(g)
	}
	before := person.Avoid
	f.save.OnTapped = func() {
		guardians := f.guardianList()
		a := capture.Amendment{Name: &f.name.Text, Phone: &f.phone.Text, Email: &f.email.Text, Born: &f.born.Text, Group: &f.group.Text, Notes: &f.notes.Text,
			Guardians: &guardians}
		if avoid := f.avoid.Checked; avoid != before {
			a.Avoid = &avoid
		}
		f.submit(func(ctx context.Context) (capture.Person, error) { return w.session.Amend(ctx, person.ID, a) }, "person.corrected")
	}
	return f
}

func emptyPersonForm(p *sidePane) *personForm {
	w := p.shell.window
	t := w.words.t
	f := &personForm{pane: p, notice: newNotice(w), place: container.NewVBox()}
	f.name, f.phone, f.email, f.born = f.entry(""), f.entry(""), f.entry(""), f.entry(t("person.born.example"))
	f.group, f.notes = f.entry(t("person.group.example")), f.entry("")
	f.avoid = part.NewCheck(t("person.avoid"), nil)
	f.save = part.NewPrimaryButton(t("save"), nil)
	f.more = part.NewQuietButton(t("guardian.add"), func() {
		f.addGuardian(consent.Guardian{})
		p.refit() // so that the focus finds where they are
		w.focus(f.guardians[len(f.guardians)-1].name)
	})
	f.content = container.NewVBox(
		part.Field(t("person.name"), f.name, ""),
		container.NewGridWithColumns(2, part.Field(t("person.phone"), f.phone, ""), part.Field(t("person.born"), f.born, "")),
		container.NewGridWithColumns(2, part.Field(t("person.email"), f.email, ""), part.Field(t("person.group"), f.group, "")),
		part.Field(t("person.notes"), f.notes, ""),
		f.place, container.NewHBox(f.more),
		f.avoid, part.Note(t("person.avoid.why")))
	f.actions = container.NewVBox(f.notice.root, ends(part.NewButton(t("cancel"), f.cancel), f.save))
	return f
}

// written is everything that stands in the form.
func (f *personForm) written() string {
	var all []string
	for _, e := range []*part.Entry{f.name, f.phone, f.email, f.born, f.group, f.notes} {
		all = append(all, e.Text)
	}
	return fmt.Sprint(all, f.avoid.Checked, f.guardianList())
}

// stays tells whether the form must not go yet, since what is written in it is saved nowhere. It says so once; whoever then goes on in the
// same way wants to be rid of it.
func (f *personForm) stays() bool {
	if f.warned || f.written() == f.first {
		return false
	}
	f.warned = true
	f.notice.warn(f.pane.shell.window.words.t("person.unsaved"))
	f.pane.shell.window.focus(f.name)
	return true
}

// entry makes a field in which Enter saves.
func (f *personForm) entry(placeholder string) *part.Entry {
	e := part.NewEntry(placeholder)
	e.OnChanged = func(string) { f.warned = false }
	e.OnSubmitted = func(string) { f.save.Tapped(nil) }
	return e
}

func (f *personForm) addGuardian(g consent.Guardian) {
	t := f.pane.shell.window.words.t
	fields := &guardianFields{id: g.ID, name: f.entry(""), phone: f.entry(""), email: f.entry("")}
	fields.name.SetText(g.Name)
	fields.phone.SetText(f.pane.shell.window.words.phone(g.Phone))
	fields.email.SetText(g.Email)
	f.guardians = append(f.guardians, fields)
	f.place.Add(container.NewVBox(
		part.Field(t("guardian.name", "number", len(f.guardians)), fields.name, ""),
		container.NewGridWithColumns(2, part.Field(t("person.phone"), fields.phone, ""), part.Field(t("person.email"), fields.email, ""))))
	f.more.Hidden = len(f.guardians) >= mostGuardians
	f.more.Refresh()
}

// guardianList gives the guardians that were filled in; one whose fields are all empty was not meant.
func (f *personForm) guardianList() []consent.Guardian {
	var list []consent.Guardian
	for _, g := range f.guardians {
		if g.name.Text != "" || g.phone.Text != "" || g.email.Text != "" {
			list = append(list, consent.Guardian{ID: g.id, Name: g.name.Text, Phone: g.phone.Text, Email: g.email.Text})
		}
	}
	return list
}

func (f *personForm) submit(job func(context.Context) (capture.Person, error), said string) {
	w := f.pane.shell.window
	f.notice.hide()
	ready := busy(f.save, w.words.t("saving"))
	background(w, job, func(person capture.Person, err error) {
		ready()
		if err != nil {
			f.notice.fail(err)
			return
		}
		w.toast(w.words.t(said, "name", person.Profile.Name))
		w.window.Canvas().Unfocus()
		f.pane.filling = nil
		f.pane.showPerson(person.ID)
		f.pane.changed(person.ID)
	})
}

func (f *personForm) cancel() {
	f.pane.filling = nil
	if f.pane.person == "" {
		f.pane.close()
		return
	}
	f.pane.showPerson(f.pane.person)
}
