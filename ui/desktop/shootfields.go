package desktop

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// shootFields say what a shoot is called, and which form people sign there.
type shootFields struct {
	window                           *Window
	title, place, date, photographer *part.Entry
	form                             *part.Select
	forms                            []formName // behind the options of form
	choice                           fyne.CanvasObject
	button                           *part.Button
	content                          fyne.CanvasObject
}

// formName is a form that can be signed, as a list names it.
type formName struct{ key, title string }

// formNames are the forms in use, the one that every vault begins with first.
func formNames(s *capture.Session, w *words) []formName {
	var names []formName
	for _, f := range s.Forms() {
		if !f.Current {
			continue
		}
		name := formName{f.Form.Key, f.Form.Key}
		for _, language := range []string{w.Language, "nb", "en"} {
			if text := f.Form.Texts[language].Title; text != "" {
				name.title = text + " (" + f.Form.Key + ")" // two forms may have one title
				break
			}
		}
		names = append(names, name)
	}
	slices.SortStableFunc(names, func(a, b formName) int {
		switch capture.DefaultForm {
		case a.key:
			return -1
		case b.key:
			return 1
		}
		return 0
	})
	return names
}

// newShootFields makes a shoot when the button is pressed and calls made with it.
func newShootFields(w *Window, n *notice, made func(consent.ShootID)) *shootFields {
	f := emptyShootFields(w, "shoot.make")
	f.date.SetText(w.words.typed(w.config.Now().Format(time.DateOnly)))
	f.button.OnTapped = func() {
		d := f.details()
		submitShoot(f, n, func(ctx context.Context, s *capture.Session) (consent.ShootID, error) { return s.AddShoot(ctx, d) }, made)
	}
	return f
}

// newShootCorrection changes a shoot when the button is pressed and calls changed.
func newShootCorrection(w *Window, n *notice, shoot capture.Shoot, forms []formName, changed func()) *shootFields {
	f := emptyShootFields(w, "save")
	f.offer(forms, shoot.FormKey())
	for entry, text := range map[*part.Entry]string{f.title: shoot.Title, f.place: shoot.Place, f.date: w.words.typed(shoot.Date), f.photographer: shoot.Photographer} {
		entry.SetText(text)
	}
	f.button.OnTapped = func() {
		d := f.details()
		to := capture.ShootChange{Title: &d.Title, Place: &d.Place, Date: &d.Date, Photographer: &d.Photographer}
		if d.Form != shoot.FormKey() && d.Form != "" { // else it may be one that has not come here yet
			to.Form = &d.Form
		}
		submitShoot(f, n, func(ctx context.Context, s *capture.Session) (capture.ShootDetails, error) {
			return s.ChangeShoot(ctx, shoot.ID, to)
		},
			func(capture.ShootDetails) { changed() })
	}
	return f
}

// submitShoot saves in the background what the fields say.
func submitShoot[T any](f *shootFields, n *notice, job func(context.Context, *capture.Session) (T, error), done func(T)) {
	n.hide()
	ready, session := busy(f.button, f.window.words.t("saving")), f.window.session
	background(f.window, func(ctx context.Context) (T, error) { return job(ctx, session) }, func(v T, err error) {
		ready()
		if err != nil {
			n.fail(err)
			return
		}
		done(v)
	})
}

func emptyShootFields(w *Window, save string) *shootFields {
	t := w.words.t
	optional := func(id string) string { return t("optional", "field", t(id)) }
	f := &shootFields{window: w, title: part.NewEntry(t("shoot.title.example")), place: part.NewEntry(""), date: part.NewEntry(""),
		photographer: part.NewEntry(""), form: part.NewSelect(nil, nil)}
	f.button = part.NewPrimaryButton(t(save), nil)
	submit := func(string) { f.button.Tapped(nil) }
	for _, e := range []*part.Entry{f.title, f.place, f.date, f.photographer} {
		e.OnSubmitted = submit
	}
	f.choice = part.Field(t("shoot.form"), part.Framed(f.form), t("shoot.form.why"))
	f.choice.Hide()
	f.content = part.Stack(
		part.Field(t("shoot.title"), f.title, ""),
		container.NewGridWithColumns(2, part.Field(optional("shoot.place"), f.place, ""), part.Field(t("shoot.date"), f.date, t("shoot.date.why"))),
		part.Field(optional("shoot.photographer"), f.photographer, ""), f.choice)
	return f
}

// offer lists the forms that can be chosen, when there is more than one.
func (f *shootFields) offer(forms []formName, chosen string) {
	if slices.Equal(f.forms, forms) {
		return
	}
	f.forms = forms
	titles := make([]string, len(forms))
	for i, form := range forms {
		titles[i] = form.title
		if form.key == chosen {
			f.form.Selected = form.title
		}
	}
	f.form.Options = titles
	f.form.Refresh()
	hide(f.choice, len(forms) < 2)
}

// details are what the fields say; the use case says what is wrong with it.
func (f *shootFields) details() capture.ShootDetails {
	d := capture.ShootDetails{Title: f.title.Text, Place: f.place.Text, Date: f.date.Text, Photographer: f.photographer.Text}
	if at := f.form.SelectedIndex(); at >= 0 && at < len(f.forms) {
		d.Form = f.forms[at].key
	}
	return d
}

// openShootPane changes the shoot that is worked on, in the pane beside its people.
func openShootPane(pane *sidePane, shoot capture.Shoot, forms []formName) {
	w := pane.shell.window
	n := newNotice(w)
	f := newShootCorrection(w, n, shoot, forms, func() {
		w.toast(w.words.t("shoot.changed"))
		pane.close()
	})
	pane.showFields(w.words.t("shoot.edit.heading"), f.content,
		container.NewVBox(n.root, ends(part.NewButton(w.words.t("cancel"), pane.close), f.button)))
	w.focus(f.title)
}
