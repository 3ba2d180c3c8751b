package signing

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"samtykke/app/consent"
	"samtykke/ui/desktop/look"
	"samtykke/ui/desktop/part"
)

// step is a page of the flow; index tells pages of a kind apart.
type step struct {
	kind  stepKind
	index int
}

type stepKind int

const (
	stepLanguage stepKind = iota
	stepWho               // me, or a child
	stepSelf              // the person's own details
	stepChild             // the child's details
	stepIsItYou           // the photographer has registered somebody
	stepNotYou            // it is somebody else
	stepSigner            // who answers for a child
	stepGuardian          // details of a guardian who is not registered
	stepAnother           // is there another guardian
	stepNotice            // the short notice
	stepRead              // the whole notice, a page at a time
	stepAnswers           // the channels, no page with more than one group of them
	stepExplain           // what a channel means, where there is no room for it beside the answers
	stepCheck             // the answers in sentences
	stepSign
	stepThanks
	stepOver // waits for the photographer
)

// build makes the page of a step from the draft.
func (f *Flow) build(s step) page {
	var p page
	switch s.kind {
	case stepLanguage:
		if p = f.languagePage(s); s.index == 0 {
			return p
		}
	case stepOver:
		return f.overPage()
	case stepThanks, stepRead:
		return f.packedPage(s)
	case stepWho:
		p = f.whoPage()
	case stepChild:
		p = f.childPage()
	case stepIsItYou:
		p = f.isItYouPage()
	case stepNotYou:
		p = page{title: f.t("signing.notyou.title", nil), body: part.Body(f.t("signing.notyou.text", nil)),
			onBack: func() { f.goTo(step{kind: stepIsItYou}) }}
		return p
	case stepSigner:
		p = f.signerPage()
	case stepAnother:
		p = f.anotherPage()
	case stepSelf, stepGuardian, stepNotice, stepAnswers, stepCheck:
		p = f.packedPage(s)
	case stepExplain:
		return f.explainPage(s.index)
	case stepSign:
		p = f.signPage()
	}
	p.onBack = f.back
	return p
}

// askWhoIsThere covers the page when nobody has touched it for a while.
func (f *Flow) askWhoIsThere() {
	f.guarding, f.fields, f.again = nil, nil, f.askWhoIsThere
	f.page = page{
		title: f.t("signing.idle.title", nil), body: part.Body(f.t("signing.idle.text", nil)),
		next: f.t("signing.idle.yes", nil), back: f.t("signing.idle.no", nil), onBack: f.startAgain,
		onNext: func() { f.goTo(f.asked) },
	}
	if f.at.kind == stepThanks { // nothing can be lost any more, and nobody must fear that it is
		f.page.body, f.page.back = part.Body(f.t("signing.thanks.title", nil)), f.t("signing.thanks.done", nil)
	}
	f.frame.show(f.page)
	f.setting.refresh()
}

// option is a large button that leads on; the one that was chosen before carries a tick.
func (f *Flow) option(text string, chosen bool, tapped func()) fyne.CanvasObject {
	return f.optionOf(f.size(look.SizeTarget)*[]float32{1.25, 1.25, 1}[f.theme.room], text, chosen, tapped)
}

// optionOf is an option of a given least height.
func (f *Flow) optionOf(height float32, text string, chosen bool, tapped func()) fyne.CanvasObject {
	b := part.NewButton(text, func() { f.idle.touch(); tapped() })
	if chosen {
		b.WithIcon(theme.ConfirmIcon())
	}
	return &fyne.Container{Layout: &tall{height}, Objects: []fyne.CanvasObject{b}}
}

// tall gives its object a least height.
type tall struct{ height float32 }

func (l *tall) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().Max(fyne.NewSize(0, l.height))
}

func (l *tall) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	place(objects[0], 0, 0, size.Width, size.Height)
}

func (f *Flow) whoPage() page {
	d := f.draft
	choose := func(child bool) func() {
		return func() {
			if d.chosen && d.forChild != child {
				d.signer = nobody
			}
			d.chosen, d.forChild = true, child
			f.forward()
		}
	}
	return page{title: f.t("signing.who.title", nil), body: newNarrow(640, newColumn(2*f.gap(),
		f.option(f.t("signing.who.me", nil), d.chosen && !d.forChild, choose(false)),
		f.option(f.t("signing.who.child", nil), d.chosen && d.forChild, choose(true))))}
}

// field is a name, an entry and the reason why it is asked.
func (f *Flow) field(id string, purpose part.Purpose, value *string) (*fyne.Container, *part.Entry) {
	e := part.NewEntry("")
	e.SetText(*value)
	e.OnChanged = func(text string) { f.idle.touch(); f.frame.say(""); *value = text }
	e.OnSubmitted = func(string) { f.next() }
	label := part.FieldLabel(f.t("signing."+id, nil))
	label.Wrapping = fyne.TextWrapWord
	root := newColumn(-f.gap(), label, e)
	if id != "typed" || f.theme.room != small { // beside the pad there is only room for what is typed
		root.Add(part.Note(f.t("signing."+id+".why", nil)))
	}
	f.asks(root, e, purpose)
	return root, e
}

// asks makes an entry a field of the page, which can be filled from the keyboard on the screen.
func (f *Flow) asks(root fyne.CanvasObject, e *part.Entry, purpose part.Purpose) {
	f.fields = append(f.fields, &field{root: root, entry: e, purpose: purpose})
}

// pair puts two fields beside each other.
func (f *Flow) pair(a, b *fyne.Container) fyne.CanvasObject {
	return &fyne.Container{Layout: &inStep{gap: f.group()}, Objects: []fyne.CanvasObject{a, b}}
}

// rows is a page with some rows of two fields each; the first field gets the focus.
func (f *Flow) rows(title string, rows []func() (fyne.CanvasObject, *part.Entry), onNext func()) page {
	body := newColumn(f.gap())
	p := page{title: title, body: body, next: f.t("signing.next", nil), wide: true, onNext: onNext}
	for i, row := range rows {
		o, first := row()
		if body.Add(o); i == 0 {
			p.focus = first
		}
	}
	return p
}

// reached are the rows in which somebody can be reached.
func (f *Flow) reached(phone, email *string) func() (fyne.CanvasObject, *part.Entry) {
	return func() (fyne.CanvasObject, *part.Entry) {
		p, first := f.field("phone", part.TypePhone, phone)
		e, _ := f.field("email", part.TypeMail, email)
		return f.pair(p, e), first
	}
}

// selfOn asks for some of the person's own details: who they are, and where they can be reached.
func (f *Flow) selfOn(from, to int) page {
	p := &f.draft.typed
	rows := []func() (fyne.CanvasObject, *part.Entry){func() (fyne.CanvasObject, *part.Entry) {
		name, first := f.field("name", part.TypeName, &p.Name)
		born, _ := f.field("born", part.TypeNumber, &p.Born)
		return f.pair(name, born), first
	}, f.reached(&p.Phone, &p.Email)}
	return f.rows(f.t("signing.self.title", nil), rows[from:to], func() {
		asked := *p
		if to == 1 {
			asked = consent.Profile{Name: p.Name, Born: p.Born}
		}
		if !f.accept(asked) {
			return
		}
		if minor(*p, f.form, f.now()) && !heard(*p, f.form, f.now()) {
			f.frame.say(f.t("signing.problem.child-too-young", nil))
			return
		}
		f.draft.signer = self
		f.forward()
	})
}

func (f *Flow) childPage() page {
	p := &f.draft.typed
	name, first := f.field("child.name", part.TypeName, &p.Name)
	born, _ := f.field("child.born", part.TypeNumber, &p.Born)
	return page{title: f.t("signing.child.title", nil), body: f.pair(name, born), wide: true, next: f.t("signing.next", nil), focus: first,
		onNext: func() {
			if !f.accept(consent.Profile{Name: p.Name, Born: p.Born}) {
				return
			}
			if !minor(*p, f.form, f.now()) {
				f.frame.say(f.t("signing.problem.of-age", nil))
				return
			}
			if f.draft.signer == nobody && !heard(*p, f.form, f.now()) {
				f.draft.signer = newcomer // nobody else could
			}
			f.forward()
		}}
}

// accept checks details as the vault will, and says what is wrong. Without a year nobody knows whether a guardian is needed.
func (f *Flow) accept(p consent.Profile) bool {
	p.Guardians = nil
	if err := p.Normalise(); err != nil {
		f.fail(err)
		return false
	}
	if strings.TrimSpace(p.Born) == "" {
		f.frame.say(f.t("signing.problem.birth-year-missing", nil))
		return false
	}
	return true
}

func (f *Flow) isItYouPage() page {
	p := f.person
	name := part.Heading(p.Profile.Name)
	title, right := f.t("signing.isit.you", nil), f.t("signing.isit.yes", nil)
	if f.child() {
		title, right = f.t("signing.isit.child", nil), f.t("signing.isit.right", nil)
	}
	wrong := part.NewButton(f.t("signing.isit.no", nil), func() { f.goTo(step{kind: stepNotYou}) })
	return page{title: title, next: right, body: newColumn(f.group(), newColumn(f.close(), name, part.Code(string(p.Code))), newLine(f.gap(), wrong)),
		onNext: func() {
			f.draft.known = true
			if !f.child() {
				f.draft.signer = self
			}
			f.forward()
		}}
}

func (f *Flow) signerPage() page {
	d, list := f.draft, newColumn(2*f.gap())
	profile := f.profile()
	add := func(text string, who signer) {
		for _, s := range f.signed {
			if s == who {
				return
			}
		}
		list.Add(f.option(text, d.signer == who, func() {
			if d.signer != who {
				d.another = open
			}
			d.signer = who
			f.forward()
		}))
	}
	if heard(profile, f.form, f.now()) {
		add(f.t("signing.signer.self", map[string]any{"Name": profile.Name}), self)
	}
	for i, g := range profile.Guardians {
		add(f.t("signing.signer.guardian", map[string]any{"Name": g.Name}), signer(i+1))
	}
	switch len(profile.Guardians) {
	case 0:
		add(f.t("signing.signer.first", nil), newcomer)
	case 1:
		add(f.t("signing.signer.other", nil), newcomer)
	}
	if f.childIsStillToBeHeard() {
		list.Add(part.Note(f.t("signing.signer.heard", map[string]any{"Name": profile.Name})))
	}
	return page{title: f.t("signing.signer.title", map[string]any{"Name": profile.Name}), body: newNarrow(640, list)}
}

// guardianOn asks for some of the details of a guardian who is not registered.
func (f *Flow) guardianOn(from, to int) page {
	d := f.draft
	if len(d.typed.Guardians) == 0 {
		d.typed.Guardians = []consent.Guardian{{}}
	}
	g := &d.typed.Guardians[0]
	rows := []func() (fyne.CanvasObject, *part.Entry){func() (fyne.CanvasObject, *part.Entry) {
		name, first := f.field("guardian.name", part.TypeName, &g.Name)
		return f.pair(name, newColumn(0)), first
	}, f.reached(&g.Phone, &g.Email)}
	return f.rows(f.t("signing.guardian.title", nil), rows[from:to], func() {
		asked := *g
		if to == 1 {
			asked = consent.Guardian{Name: g.Name}
		}
		check := consent.Profile{Name: "-", Guardians: []consent.Guardian{asked}}
		if err := check.Normalise(); err != nil {
			f.fail(err)
			return
		}
		f.forward()
	})
}

func (f *Flow) anotherPage() page {
	d, name := f.draft, map[string]any{"Name": f.profile().Name}
	choose := func(c choice) func() {
		return func() { d.another = c; f.show() }
	}
	body := newColumn(f.group(), newEither(f.group(),
		f.option(f.t("signing.another.yes", nil), d.another == yes, choose(yes)),
		f.option(f.t("signing.another.no", nil), d.another == no, choose(no))))
	p := page{title: f.t("signing.another.title", name), body: body, next: f.t("signing.next", nil), wide: true}
	var answer *fyne.Container
	switch d.another {
	case yes:
		other, e := f.field("another.name", part.TypeName, &d.otherName)
		answer, p.focus = other, e
	case no:
		why, e := f.field("another.sole", part.TypeText, &d.sole)
		answer, p.focus = why, e
	}
	if answer != nil {
		body.Add(newNarrow(880, answer))
		if !f.fits(p) {
			answer.Objects = answer.Objects[:2] // without the reason
		}
	}
	p.onNext = func() {
		switch {
		case d.another == open:
			f.frame.say(f.t("signing.problem.choose", nil))
		case d.another == no && strings.TrimSpace(d.sole) == "":
			f.frame.say(f.t("signing.problem.reason", nil))
		default:
			f.forward()
		}
	}
	return p
}

// noticeLines are the purpose and the short lines about it, and that a machine translated them if one did.
func (f *Flow) noticeLines() []fyne.CanvasObject {
	text := f.text()
	lines := []fyne.CanvasObject{part.Body(text.Purpose)}
	for _, sentence := range text.Summary {
		lines = append(lines, part.Body("•  "+sentence))
	}
	if text.MachineMade {
		lines = append(lines, f.machineNote(f.draft.language))
	}
	return lines
}

func (f *Flow) noticeOn(from, to int) page {
	all := part.NewButton(f.t("signing.read.all", nil), func() { f.goTo(step{kind: stepRead}) })
	return page{title: f.text().Title, body: newColumn(f.loose(), f.noticeLines()[from:to]...), extra: []fyne.CanvasObject{all},
		next: f.t("signing.next", nil), onNext: f.forward}
}

// overPage waits for the photographer: what comes behind shows other people.
func (f *Flow) overPage() page {
	return page{title: f.t("signing.over.title", nil), body: part.Body(f.t("signing.over.text", nil))}
}
