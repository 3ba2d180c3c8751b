package desktop

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/assets"
	"samtykke/ui/desktop/part"
	"samtykke/ui/desktop/signing"
)

// paperForm is what somebody reads off a signed paper: whose it is, who signed and when, and the answers. Nothing is read by a machine.
type paperForm struct {
	page   *papersPage
	paper  paperView
	done   bool // it was confirmed or discarded
	person *capture.Person
	fresh  bool // the person is to be registered

	find        *part.Entry
	suggestions *fyne.Container
	chosen      *fyne.Container // whose paper it is, once that has been said
	newcomer    *newcomerFields
	signer      *part.Select
	signers     *fyne.Container
	sole        *part.Entry
	soleField   *fyne.Container
	day         *part.Entry
	witness     *part.Entry
	grid        *part.ScopeGrid
	notice      *notice
	confirm     *part.Button
	discarding  *fyne.Container
	content     fyne.CanvasObject
	searched    int // counts the searches, so that a late answer to an old one is passed over
}

// newcomerFields are those of somebody who is registered with their paper.
type newcomerFields struct {
	content                  *fyne.Container
	name, phone, email, born *part.Entry
	guardian                 *guardianFields
}

func newPaperForm(p *papersPage, paper paperView) *paperForm {
	return &paperForm{page: p, paper: paper}
}

// ask builds the form, once it is known which one was signed.
func (f *paperForm) ask(form *consent.Form) {
	w := f.page.shell.window
	t := w.words.t
	f.notice, f.discarding = newNotice(w), container.NewVBox()
	f.keep()
	if f.paper.Back {
		f.content = part.Pane(border(nil, container.NewVBox(f.notice.root, f.discarding), nil, nil, container.NewVBox(f.about(), part.Body(t("papers.back")))))
		return
	}
	f.find, f.suggestions, f.chosen = part.NewEntry(t("find.placeholder")), container.NewVBox(), container.NewVBox()
	f.find.OnChanged = func(string) { f.search() }
	f.newcomer = newNewcomerFields(w.words)
	f.newcomer.guardian.name.OnChanged = func(string) { f.listSigners() }
	f.newcomer.name.OnChanged = func(string) { f.listSigners() }
	f.signer, f.signers = part.NewSelect(nil, nil), container.NewVBox()
	f.sole, f.day, f.witness = part.NewEntry(""), part.NewEntry(t("papers.day.example")), part.NewEntry("")
	f.soleField = part.Field(t("papers.sole"), f.sole, "")
	f.signer.OnChanged = func(string) {
		f.soleField.Hidden = f.signer.SelectedIndex() <= 0
		f.soleField.Refresh()
	}
	text, err := form.Text(f.paper.Language)
	if err != nil { // the use case says so when it is confirmed
		text, _ = form.Text(form.Languages()[0])
	}
	f.grid = signing.Grid(form, text, assets.NewTexts(f.paper.Language), form.Channels)
	f.confirm = part.NewPrimaryButton(t("papers.confirm"), f.submit)
	scroll := container.NewVScroll(besideBar(part.Stack(f.about(), container.NewVBox(f.who(), f.newcomer.content), f.signers,
		container.NewGridWithColumns(2, part.Field(t("papers.day"), f.day, ""), part.Field(t("papers.witness"), f.witness, "")),
		container.NewVBox(part.FieldLabel(t("papers.answers")), part.Note(t("papers.answers.why"))), f.grid.Content())))
	f.content = part.Pane(border(nil, container.NewVBox(f.notice.root, ends(f.discarding, f.confirm)), nil, nil, scroll))
	f.listSigners()
	if f.paper.Code != "" || f.paper.Subject != "" {
		f.takeKnown()
	}
}

// about says which paper it is, and how far it has come.
func (f *paperForm) about() fyne.CanvasObject {
	w := f.page.shell.window
	about := container.NewVBox(part.Note(join(" · ", f.paper.Name, w.words.moment(f.paper.Imported))))
	if f.paper.Serial != "" {
		about.Add(part.Note(w.words.t("papers.sheet", "serial", f.paper.Serial)))
	}
	if f.paper.State() == capture.PaperConfirmed {
		about.Add(part.NewStatusMark(part.MarkYes, w.words.t("papers.confirmed")))
		about.Add(part.Note(w.words.t("papers.confirmed.why", "person", f.paper.whose)))
	}
	return about
}

func newNewcomerFields(w *words) *newcomerFields {
	t := w.t
	entry := func() *part.Entry { return part.NewEntry("") }
	n := &newcomerFields{name: entry(), phone: entry(), email: entry(), born: part.NewEntry(t("person.born.example")),
		guardian: &guardianFields{name: entry(), phone: entry(), email: entry()}}
	n.content = container.NewVBox(part.Field(t("person.name"), n.name, ""),
		container.NewGridWithColumns(2, part.Field(t("person.phone"), n.phone, ""), part.Field(t("person.born"), n.born, "")),
		part.Field(t("person.email"), n.email, ""),
		part.Field(t("papers.guardian"), n.guardian.name, t("papers.guardian.why")),
		container.NewGridWithColumns(2, part.Field(t("person.phone"), n.guardian.phone, ""), part.Field(t("person.email"), n.guardian.email, "")))
	n.content.Hide()
	return n
}

// who asks whose paper it is.
func (f *paperForm) who() fyne.CanvasObject {
	t := f.page.shell.window.words.t
	return container.NewVBox(part.FieldLabel(t("papers.who")), f.chosen, f.find, f.suggestions)
}

// takeKnown takes the person for whom the sheet was printed, or whose it is already.
func (f *paperForm) takeKnown() {
	w, paper := f.page.shell.window, f.paper
	background(w, func(context.Context) (capture.Person, error) {
		if paper.Subject != "" {
			return w.session.Person(paper.Subject)
		}
		id, err := w.session.ResolveExactly(string(paper.Code))
		if err != nil {
			return capture.Person{}, err
		}
		return w.session.Person(id)
	}, func(person capture.Person, err error) {
		if err == nil { // else somebody says who it is
			f.take(person)
			f.find.Hide()
		}
	})
}

// suggested is how many people are offered while a name is typed.
const suggested = 5

// search offers whoever may be meant by what is typed, and to register somebody of that name.
func (f *paperForm) search() {
	f.searched++
	w, asked, text := f.page.shell.window, f.searched, f.find.Text
	if consent.Plain(text) == "" {
		f.offer(nil, "")
		return
	}
	reading(w.context, w, func(context.Context) ([]capture.Person, error) {
		return w.session.Find(capture.Search{Text: text, Shoot: f.paper.Shoot, Limit: suggested}), nil
	}, func(people []capture.Person, _ error) {
		if asked == f.searched {
			f.offer(keep(people, func(p capture.Person) bool { return !p.Erased }), text)
		}
	})
}

func (f *paperForm) offer(people []capture.Person, text string) {
	w := f.page.shell.window
	f.suggestions.RemoveAll()
	for _, person := range people {
		f.suggestions.Add(part.NewButton(join(" · ", string(person.Code), personName(person, w.words)), func() { f.take(person) }))
	}
	if text != "" {
		f.suggestions.Add(part.NewButton(w.words.t("papers.register", "name", text), func() { f.register(text) }))
	}
	f.suggestions.Refresh()
}

// take says whose paper it is.
func (f *paperForm) take(person capture.Person) {
	f.person, f.fresh = &person, false
	f.newcomer.content.Hide()
	f.said(join(" · ", string(person.Code), personName(person, f.page.shell.window.words)))
}

// register says that the paper is of somebody who is not registered.
func (f *paperForm) register(name string) {
	f.person, f.fresh = nil, true
	f.newcomer.name.SetText(name)
	f.newcomer.content.Show()
	f.said(f.page.shell.window.words.t("papers.newcomer"))
}

func (f *paperForm) said(words string) {
	known := part.Body(words)
	known.TextStyle.Bold = true
	f.chosen.Objects = []fyne.CanvasObject{known}
	f.chosen.Refresh()
	f.searched++
	f.find.OnChanged = nil
	f.find.SetText("")
	f.find.OnChanged = func(string) { f.search() }
	f.offer(nil, "")
	f.listSigners()
}

// listSigners lists who may have signed: the person, and the guardians in their order.
func (f *paperForm) listSigners() {
	t := f.page.shell.window.words.t
	names := []string{t("papers.self")}
	switch {
	case f.person != nil:
		for _, g := range f.person.Profile.Guardians {
			names = append(names, t("papers.by-guardian", "name", g.Name))
		}
	case f.fresh && f.newcomer.guardian.name.Text != "":
		names = append(names, t("papers.by-guardian", "name", f.newcomer.guardian.name.Text))
	}
	at := min(max(f.signer.SelectedIndex(), 0), len(names)-1)
	f.signer.SetOptions(names)
	f.signer.SetSelectedIndex(at)
	f.signers.Objects = []fyne.CanvasObject{part.Field(t("papers.signer"), part.Framed(f.signer), ""), f.soleField}
	f.signers.Refresh()
}

func (f *paperForm) confirmation() capture.PaperConfirmation {
	c := capture.PaperConfirmation{Paper: f.paper.ID, Answers: signing.Answered(f.grid.Answers()), Guardian: max(f.signer.SelectedIndex(), 0),
		SignedOn: f.day.Text, Witness: f.witness.Text}
	if c.Guardian > 0 {
		c.SoleGuardian = f.sole.Text
	}
	switch {
	case f.person != nil:
		c.Subject = f.person.ID
	case f.fresh:
		n := f.newcomer
		c.New = &capture.Registration{Name: n.name.Text, Phone: n.phone.Text, Email: n.email.Text, Born: n.born.Text}
		if g := n.guardian; g.name.Text != "" {
			c.New.Guardians = []consent.Guardian{{Name: g.name.Text, Phone: g.phone.Text, Email: g.email.Text}}
		}
	}
	return c
}

func (f *paperForm) submit() {
	w := f.page.shell.window
	f.notice.hide()
	if open := f.grid.Unanswered(); len(open) > 0 {
		f.notice.say(part.MarkNo, w.words.t("papers.unanswered"))
		f.grid.FocusFirstUnanswered()
		return
	}
	ready, asked := busy(f.confirm, w.words.t("saving")), f.confirmation()
	background(w, func(ctx context.Context) (capture.Signed, error) { return w.session.ConfirmPaper(ctx, asked) }, func(_ capture.Signed, err error) {
		ready()
		if err != nil {
			f.notice.fail(err)
			return
		}
		f.finished(w.words.t("papers.saved"))
	})
}

// keep offers to discard the paper, in two presses: what is discarded is gone.
func (f *paperForm) keep() {
	t := f.page.shell.window.words.t
	f.discarding.RemoveAll()
	if f.paper.State() == capture.PaperConfirmed {
		f.discarding.Refresh()
		return
	}
	f.discarding.Add(part.NewButton(t("papers.discard"), func() {
		var discard *part.Button
		discard = part.NewDangerButton(t("papers.discard.do"), func() { f.discard(discard) })
		f.discarding.Objects = []fyne.CanvasObject{apart(discard, part.NewButton(t("papers.keep"), f.keep))}
		f.discarding.Refresh()
	}))
	f.discarding.Refresh()
}

func (f *paperForm) discard(pressed *part.Button) {
	w, id := f.page.shell.window, f.paper.ID
	ready := busy(pressed, w.words.t("papers.discarding"))
	background(w, only(func(ctx context.Context) error { return w.session.DiscardPaper(ctx, id) }), func(_ noResult, err error) {
		ready()
		if err != nil {
			f.notice.fail(err)
			return
		}
		f.finished(w.words.t("papers.discarded"))
	})
}

// finished goes on to the next paper.
func (f *paperForm) finished(said string) {
	f.done = true
	f.page.shell.window.toast(said)
	f.page.shell.board.refresh()
}
