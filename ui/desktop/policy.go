package desktop

import (
	"context"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// minorsPart is the section about children: what the forms in use say about them, in words, and what the organisation decides beyond
// its forms.
type minorsPart struct {
	shell  *shell
	rules  *fyne.Container
	days   *part.Entry
	save   *part.Button
	notice *notice
	policy consent.Policy
}

func newMinorsPart(s *shell) *minorsPart { return &minorsPart{shell: s} }

func (m *minorsPart) build() fyne.CanvasObject {
	w := m.shell.window
	t := w.words.t
	m.rules, m.notice = part.Stack(), newNotice(w)
	m.days = part.NewEntry("")
	m.save = part.NewButton(t("save"), m.decide)
	m.save.Disable()
	m.days.OnChanged = func(text string) { enable(m.save, strings.TrimSpace(text) != strconv.Itoa(m.policy.ReaskDays)) }
	m.days.OnSubmitted = func(string) { m.save.Tapped(nil) }
	asking := part.Stack(part.Body(t("minors.reask")),
		part.Field(t("minors.days"), container.New(&narrowLeft{width: 160}, m.days), t("minors.days.why", "min", consent.MinReaskDays, "max", consent.MaxReaskDays)),
		m.notice.root, container.NewHBox(m.save))
	return part.Stack(m.rules, part.Card(t("minors.again"), asking))
}

func (m *minorsPart) show(d settingsData) {
	w := m.shell.window
	m.rules.RemoveAll()
	for _, f := range d.forms {
		if f.Current {
			which := part.Note(w.words.t("form.new", "key", f.Form.Key, "version", f.Form.Version))
			m.rules.Add(part.Card(formTextFor(f.Form, w.words.Language).Title, container.NewVBox(which, part.Body(minorRules(w.words, f.Form)))))
		}
	}
	m.rules.Add(part.Note(w.words.t("minors.why")))
	m.rules.Refresh()
	if m.policy != d.policy || m.days.Text == "" { // else what is being typed stays
		m.policy = d.policy
		m.days.SetText(strconv.Itoa(d.policy.ReaskDays))
		m.save.Disable()
	}
}

// decide records the decision, for every device of the organisation.
func (m *minorsPart) decide() {
	w := m.shell.window
	m.notice.hide()
	days, err := strconv.Atoi(strings.TrimSpace(m.days.Text))
	if err != nil {
		m.notice.say(part.MarkNo, w.words.t("minors.days.number", "days", m.policy.ReaskDays))
		return
	}
	ready, session := busy(m.save, w.words.t("saving")), w.session
	background(w, only(func(ctx context.Context) error { return session.SetPolicy(ctx, consent.Policy{ReaskDays: days}) }), func(_ noResult, err error) {
		ready()
		if err != nil {
			m.notice.fail(err)
			return
		}
		m.policy.ReaskDays = days
		m.save.Disable()
		w.toast(w.words.n("minors.saved", days))
	})
}

// minorRules says in words what a form rules about children, a point on each line.
func minorRules(words *words, form *consent.Form) string {
	p := form.MinorPolicy
	var more []string // what more guardians are needed for than usual
	most := p.Guardians
	text := formTextFor(form, words.Language)
	for _, c := range form.Channels {
		if n := p.GuardiansRequired(c.Key); n > p.Guardians {
			more, most = append(more, text.Channels[c.Key].Title), n
		}
	}
	said := []string{
		words.t("minors.alone", "age", p.SoleConsentAge),
		words.t("minors.heard", "age", p.HeardFrom),
		words.t("minors.refuse", "age", p.RefuseFrom),
		words.n("minors.guardians", p.Guardians),
	}
	if len(more) > 0 {
		said = append(said, words.t("minors.more", "count", most, "channels", strings.Join(more, ", ")), words.t("minors.sole"))
	}
	said = append(said, words.t("minors.months", "minor", form.MinorValidityMonths, "adult", form.ValidityMonths), words.t("minors.grown", "age", p.SoleConsentAge))
	return "•  " + strings.Join(said, "\n•  ")
}

// formTextFor is a form in the reader's language, or else in the first that it has.
func formTextFor(form *consent.Form, language string) consent.FormText {
	text, err := form.Text(language)
	if err != nil {
		text = form.Texts[form.Languages()[0]]
	}
	return text
}
