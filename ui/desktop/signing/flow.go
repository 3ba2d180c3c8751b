package signing

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/problem"
	"samtykke/assets"
	"samtykke/ui/desktop/look"
	"samtykke/ui/desktop/viewing"
)

// Request is who signs where, and how the flow talks to the window around it.
type Request struct {
	Session  *capture.Session
	Shoot    consent.ShootID
	Person   *capture.Person // nil: the subject registers themselves
	Language string          // in which the first page speaks
	Window   fyne.Window
	// Layer lays the flow's large type over it; the same one serves one flow after the other. nil: no other window is to be seen, and nothing
	// but the flow stands in its own, so that the whole program can have its type.
	Layer *look.Layer
	Do    func(func())                            // runs a function on the UI goroutine
	Leave func()                                  // back to the board
	Guard *Guard                                  // what the photographer has to know to leave; nil: the corner is held
	Saved func(capture.Signed, consent.SubjectID) // after a consent is durable
	// Viewing is where the receipts lie that the person asked to see. The folder is emptied when the flow moves on.
	Viewing *viewing.Folder
	// After calls a function on the UI goroutine when a duration has passed, unless stop is called first. nil: the system's clock.
	After func(d time.Duration, f func()) (stop func() bool)
	// Preview walks through a form and records nothing; then there is no Session. nil: people sign.
	Preview *Preview
}

// Flow is one handing over of the screen.
type Flow struct {
	request Request
	theme   *fitted // of setting
	setting *setting
	form    *consent.Form // nil until it has been read
	// formHash names the version that is shown, also when a newer one arrives meanwhile.
	formHash consent.FormHash
	person   *capture.Person
	draft    *draft
	signed   []signer // who has signed since the flow began anew
	// before is what the person and their guardians said the last time, by their number in the profile.
	before map[int]map[consent.Scope]consent.Decision
	last   outcome // of the last signing; shown by the page of thanks

	at      step
	asked   step // what at is a page for on this screen; on another it may be another one
	page    page
	saving  bool
	stopped bool
	ctx     context.Context
	cancel  context.CancelFunc
	idle    idle
	fields  []*field                            // of the page that is being built
	packed  map[packedFor][]int                 // with which pieces pages begin
	notice  map[packedFor][]consent.FormSection // in pieces that fit
	again   func()                              // shows anew what shows now
	// guarding is the page that asks for the PIN; nil while it does not show.
	guarding *guarding

	speak func(language string) words
	texts words // of the draft's language
	frame *frame
}

// New prepares the flow and begins to read the form; Content shows it.
func New(r Request) *Flow {
	if r.After == nil {
		r.After = func(d time.Duration, f func()) func() bool {
			return time.AfterFunc(d, func() { r.Do(f) }).Stop
		}
	}
	f := &Flow{request: r, packed: map[packedFor][]int{}, notice: map[packedFor][]consent.FormSection{}, setting: newSetting(r.Layer), speak: textsIn}
	f.theme = f.setting.theme
	f.ctx, f.cancel = context.WithCancel(context.Background())
	f.idle = idle{after: r.After, ask: f.askWhoIsThere, clear: f.startAgain}
	f.frame = newFrame(f)
	f.setting.over(f.frame.root)
	f.startAgain()
	if r.Window != nil {
		f.frame.typing.listen(r.Window)
	}
	if r.Preview != nil {
		f.read(capture.PublishedForm{Form: r.Preview.Form}, nil)
		return f
	}
	f.ask()
	return f
}

// ask reads the form that is in use now.
func (f *Flow) ask() {
	r := f.request
	go func() {
		form, err := r.Session.ShootForm(r.Shoot)
		var before map[int]map[consent.Scope]consent.Decision
		if err == nil && r.Person != nil {
			before, err = r.Session.AnsweredBefore(r.Person.ID)
		}
		r.Do(func() {
			f.before = before
			f.read(form, err)
		})
	}()
}

// read takes over the form, unless somebody reads the one before it already: they sign what they read.
func (f *Flow) read(form capture.PublishedForm, err error) {
	if f.stopped || f.form != nil && (f.begun() || form.Hash == f.formHash && err == nil) {
		return
	}
	clear(f.packed)
	clear(f.notice)
	if err != nil {
		f.form, f.formHash = nil, ""
		f.show()
		f.fail(err)
		return
	}
	f.form, f.formHash = form.Form, form.Hash
	if f.guarding == nil { // else Back shows it
		f.show()
	}
}

// Content is what fills the window.
func (f *Flow) Content() fyne.CanvasObject { return f.setting.content() }

// Stop clears what was entered and ends what runs in the background. A signing that is being stored is stored.
func (f *Flow) Stop() {
	f.stopped = true
	f.cancel()
	f.idle.stop()
	f.forgetShown()
	f.draft = newDraft(f.request.Language)
	if f.request.Window != nil {
		f.frame.typing.deaf(f.request.Window)
	}
	f.setting.stop()
}

// startAgain forgets everything that was entered and shows the first page. After a consent of somebody whom the photographer had
// chosen there is nothing to begin again; then the screen waits for the photographer.
func (f *Flow) startAgain() {
	done := len(f.signed) > 0 && f.request.Person != nil
	f.person, f.draft, f.signed, f.last = f.request.Person, newDraft(f.request.Language), nil, outcome{}
	f.forgetShown()
	f.forgetPacked()
	f.frame.typing.away = false
	f.asked = step{kind: stepLanguage}
	if done {
		f.asked = step{kind: stepOver}
	}
	f.idle.stop()
	f.show()
	if f.form != nil && f.request.Preview == nil && !done {
		f.ask() // a screen that stays in subject mode for a week asks each person the form of their day
	}
}

// begun tells whether somebody has gone on from the first page.
func (f *Flow) begun() bool {
	return f.at.kind != stepLanguage || f.idle.cancel != nil || f.guarding != nil
}

// forgetShown takes away the receipts that were opened. One that a viewer still holds, on Windows, goes with the next person.
func (f *Flow) forgetShown() { _ = f.request.Viewing.Clear() }

// leave is called when the photographer has held the corner, or pressed it where a PIN is asked for.
func (f *Flow) leave() { f.Leave(f.request.Leave) }

// Waiting tells whether nobody has entered anything that is not stored, or touched the screen, since the flow began or was cleared.
func (f *Flow) Waiting() bool { return !f.saving && f.idle.cancel == nil }

// Guarded tells whether leaving asks for the PIN.
func (f *Flow) Guarded() bool { return f.request.Guard != nil }

// steps lists the pages that lie ahead of this person, in order.
func (f *Flow) steps() []step {
	if f.form == nil {
		return []step{{kind: stepLanguage}}
	}
	list := f.stepsOf(stepLanguage)
	switch {
	case len(f.signed) > 0:
	case f.request.Person != nil:
		list = append(list, step{kind: stepIsItYou})
	case f.draft.forChild:
		list = append(list, step{kind: stepWho}, step{kind: stepChild})
	default:
		list = append(append(list, step{kind: stepWho}), f.stepsOf(stepSelf)...)
	}
	if f.asksForSigner() {
		list = append(list, step{kind: stepSigner})
		if f.draft.signer == newcomer {
			list = append(list, f.stepsOf(stepGuardian)...)
		}
		if f.asksForAnother() {
			list = append(list, step{kind: stepAnother})
		}
	}
	for _, kind := range []stepKind{stepNotice, stepAnswers, stepCheck} {
		list = append(list, f.stepsOf(kind)...)
	}
	return append(list, step{kind: stepSign})
}

// profile is what is known about the person: their profile, or what has been entered.
func (f *Flow) profile() consent.Profile {
	if f.person != nil {
		return f.person.Profile
	}
	p := f.draft.typed
	p.Guardians = nil // they become guardians when the consent is stored
	return p
}

// child tells whether others may answer for the person.
func (f *Flow) child() bool {
	if f.person == nil && f.draft.forChild {
		return true
	}
	return f.form != nil && minor(f.profile(), f.form, f.now())
}

// asksForSigner: whoever registers for themselves answers for themselves; otherwise a child has several who may.
func (f *Flow) asksForSigner() bool {
	return f.child() && (f.person != nil || f.draft.forChild)
}

// asksForAnother: a guardian is asked about a second one when the form needs two for something and only one is known.
func (f *Flow) asksForAnother() bool {
	d := f.draft
	if d.signer == nobody || d.signer == self || !secondGuardian(f.form) {
		return false
	}
	known := len(f.profile().Guardians)
	if d.signer == newcomer {
		known++
	}
	return known < 2
}

// forward goes to the next page.
func (f *Flow) forward() { f.move(1) }

func (f *Flow) back() { f.move(-1) }

func (f *Flow) move(by int) {
	f.idle.touch()
	list := f.steps()
	at := slices.Index(list, f.at)
	if at < 0 || at+by < 0 || at+by >= len(list) {
		return
	}
	f.goTo(list[at+by])
}

func (f *Flow) goTo(to step) {
	f.idle.touch()
	f.asked = to
	f.show()
}

// show builds the page for where the flow is.
func (f *Flow) show() {
	f.guarding, f.again = nil, f.show
	f.texts = f.speak(f.draft.language)
	if f.at = f.asked; f.form != nil {
		f.at = f.onPage(f.asked)
	}
	f.fields = nil
	f.page = f.build(f.at)
	f.frame.show(f.page)
	f.setting.refresh()
	if f.page.focus != nil && f.request.Window != nil {
		f.request.Window.Canvas().Focus(f.page.focus)
	}
}

// next is pressed.
func (f *Flow) next() {
	f.idle.touch()
	if f.saving {
		return
	}
	f.frame.say("")
	if f.page.onNext != nil {
		f.page.onNext()
	}
}

// save stores the signing. The page of thanks comes when the vault has answered, not before.
func (f *Flow) save() {
	if f.saving {
		return
	}
	if f.request.Preview != nil {
		f.request.Preview.Done()
		return
	}
	f.saving = true
	f.idle.stop()
	f.frame.typing.close()
	f.frame.busy(f.t("signing.saving", nil))
	d := f.draft
	a := act{session: f.request.Session, shoot: f.request.Shoot, person: f.person, typed: d.typed, language: d.language,
		added: d.guardians(f.profile())[len(f.profile().Guardians):]}
	var drawn []byte
	if d.pad != nil {
		drawn = d.pad.SVG()
	}
	snapshot := *d
	snapshot.pad, snapshot.answers = nil, nil
	answers, form := d.answered(), f.form.Key
	a.signing = func(p capture.Person) capture.Signing {
		g := snapshot.signing(f.request.Shoot, p)
		g.Answers, g.Form, g.Version = answers, form, f.formHash
		if drawn != nil {
			g.Method, g.Signature = capture.Drawn, drawn
		}
		return g
	}
	go func() { // not f.ctx: leaving does not undo what was signed
		out := a.record(context.WithoutCancel(f.ctx))
		f.request.Do(func() { f.saved(out) })
	}()
}

// saved takes over the vault's answer.
func (f *Flow) saved(out outcome) {
	f.saving = false
	if out.err == nil && f.request.Saved != nil {
		f.request.Saved(out.signed, out.person.ID)
	}
	if f.stopped {
		return
	}
	before := 0
	if f.person != nil {
		before = len(f.person.Profile.Guardians)
	}
	f.person = out.person
	by := f.draft.signer
	if out.added { // whoever was entered is a guardian like the others now
		if by == newcomer {
			by = signer(before + 1)
		}
		f.draft.signer, f.draft.typed.Guardians, f.draft.otherName = by, nil, ""
	}
	f.frame.idle()
	f.idle.touch()
	if out.err != nil {
		f.fail(out.err)
		return
	}
	f.signed = append(f.signed, by)
	f.last = out
	f.draft.pad, f.draft.typedName = nil, ""
	f.goTo(step{kind: stepThanks})
}

// nextGuardian begins the answers of another guardian of the same child.
func (f *Flow) nextGuardian() {
	f.draft = f.draft.forNext()
	f.goTo(step{kind: stepSigner})
}

// childIsStillToBeHeard tells whether the form asks a child of that age, and it has not answered, neither now nor before.
func (f *Flow) childIsStillToBeHeard() bool {
	return f.child() && heard(f.profile(), f.form, f.now()) && !slices.Contains(f.signed, self) && len(f.before[int(self)]) == 0
}

// nextSelf begins the child's own answers.
func (f *Flow) nextSelf() {
	f.draft = f.draft.forNext()
	f.draft.signer = self
	f.goTo(step{kind: stepNotice})
}

// fail shows what went wrong. What was entered stays.
func (f *Flow) fail(err error) { f.frame.say(f.sentenceOf(problem.Of(err))) }

// sentenceOf is a problem in the subject's own words, where there are any. In a language that the program speaks to subjects only,
// all other problems ask for the photographer, who gets the sentence in theirs.
func (f *Flow) sentenceOf(p *problem.Problem) string {
	if id := "signing.problem." + p.ID; f.texts.Has(id) {
		return f.texts.T(id, p.Values)
	}
	told := f.texts
	ours := slices.Contains(assets.Languages, assets.BaseLanguage(f.draft.language))
	if !ours {
		told = f.speak(f.request.Language)
	}
	sentence := p.In(told, assets.WindowArea)
	if ours {
		return sentence
	}
	return f.t("signing.problem.failed", map[string]any{"Sentence": sentence})
}

// words are the program's own texts in a language.
type words interface {
	T(id string, data map[string]any) string
	Has(id string) bool
}

func textsIn(language string) words { return assets.NewTexts(language) }

func (f *Flow) t(id string, data map[string]any) string { return f.texts.T(id, data) }

// text is the form in the person's language.
func (f *Flow) text() consent.FormText {
	text, err := f.form.Text(f.draft.language)
	if err != nil { // the first page offers only what the form has
		text, _ = f.form.Text(f.form.Languages()[0])
	}
	return text
}

func (f *Flow) size(name fyne.ThemeSizeName) float32 { return f.theme.Size(name) }

func (f *Flow) gap() float32 { return f.size(theme.SizeNamePadding) }

// close is the gap between texts that belong together; each brings room of its own above and below.
func (f *Flow) close() float32 { return -1.6 * f.size(theme.SizeNameInnerPadding) }

// loose is the gap between texts that stand on their own.
func (f *Flow) loose() float32 {
	return []float32{-1, -1.2, -1.5}[f.theme.room] * f.size(theme.SizeNameInnerPadding)
}

func (f *Flow) group() float32 { return f.size(look.SizeGroup) }
