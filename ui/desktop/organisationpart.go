package desktop

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"samtykke/app/capture"
	"samtykke/ui/desktop/part"
)

// organisationPart is the section about whom this device works for.
type organisationPart struct {
	shell   *shell
	details *widget.Label
	why     *widget.Label
	change  *part.Button
	behind  *fyne.Container
	known   settingsData
}

func newOrganisationPart(s *shell) *organisationPart { return &organisationPart{shell: s} }

func (o *organisationPart) build() fyne.CanvasObject {
	w := o.shell.window
	o.details, o.why = part.Body(""), part.Note("")
	o.details.Wrapping, o.details.Selectable = fyne.TextWrapBreak, true
	o.change = part.NewButton(w.words.t("organisation.change"), o.ask)
	o.change.Disable()
	o.behind = container.NewVBox()
	return part.Stack(part.Pane(container.NewVBox(o.details, o.why, container.NewHBox(o.change))), o.behind)
}

func (o *organisationPart) show(d settingsData) {
	o.known = d
	t := o.shell.window.words.t
	labelled := func(id, text string) string {
		if text == "" {
			return ""
		}
		return t("organisation.line", "field", t(id), "text", text)
	}
	is := d.organisation
	o.details.SetText(lines(is.Name, t("organisation.is", "number", is.Number), is.Address, labelled("organisation.contact", is.Contact),
		labelled("organisation.dpo", is.DPO), labelled("organisation.policy", is.Policy)))
	why := "organisation.why.alone"
	if d.byLibrary {
		why = "organisation.why.library"
	}
	o.why.SetText(t(why))
	enable(o.change, !d.byLibrary)
	shown(o.change, !d.byLibrary)
	o.behind.RemoveAll()
	for _, f := range d.behind {
		o.behind.Add(part.NewStatusMark(part.MarkWarning, t("organisation.behind", "key", f.Form.Key, "version", f.Form.Version)))
	}
	if len(d.behind) > 0 {
		o.behind.Add(part.Note(t("organisation.behind.why")))
	}
	o.behind.Refresh()
}

// ask lets the reader correct the details. What people sign changes with them, which is said before.
func (o *organisationPart) ask() {
	w := o.shell.window
	t := w.words.t
	page := newEntrance(w, t("organisation.change.title"), t("organisation.change.why"))
	fields := newOrganisationFields(w.words)
	fields.show(o.known.organisation)
	if o.known.numberFixed {
		fields.number.Disable()
		page.add(part.Note(t("organisation.number.fixed")))
	}
	var save *part.Button
	save = part.NewPrimaryButton(t("organisation.save"), func() {
		page.notice.hide()
		ready, session, now := busy(save, t("saving")), w.session, fields.setup().Organisation
		background(w, func(ctx context.Context) (capture.OrganisationChange, error) {
			return session.ChangeOrganisation(ctx, now)
		},
			func(done capture.OrganisationChange, err error) {
				ready()
				if err != nil {
					page.notice.fail(err)
					return
				}
				o.shell.fill()
				o.shell.changed()
				if len(done.Published) > 0 {
					f := done.Published[0].Form
					w.toast(t("form.published", "key", f.Key, "version", f.Version))
				}
			})
	})
	fields.onEnter(func() { save.Tapped(nil) })
	page.focus, page.back = fields.name, o.shell.fill
	page.add(fields.details()).actions(save, part.NewButton(t("back"), o.shell.fill)).show()
}
