package desktop

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// formImport takes a form file in: it shows what is wrong with it, or the form as people will meet it, and publishes it.
type formImport struct {
	shell    *shell
	raw      []byte
	template *consent.Form // nil when it cannot be published
	preview  *consent.Form // with the organisation filled in
	findings []consent.Finding
	rest     string // what became of the other things that were dropped, "" once it has been said
	notice   *notice
}

// formFile is how the names of form files end.
const formFile = ".json"

// chooseForm asks for a form file.
func chooseForm(s *shell) {
	s.window.choose(part.Choice{Title: s.window.words.t("form.import"), Endings: []string{formFile},
		Chosen: func(paths []string) { importForm(s, paths[0], "") }}, s.notice)
}

// importForm reads a form file and shows what came of it. rest says what became of the other things that were dropped.
func importForm(s *shell, path, rest string) {
	session := s.window.session
	background(s.window, func(context.Context) (*formImport, error) {
		raw, err := capture.ReadFormFile(path)
		if err != nil {
			return nil, err
		}
		i := &formImport{shell: s, raw: raw, rest: rest}
		if i.template, i.findings = session.CheckForm(raw); i.template != nil {
			i.preview, err = i.template.Publish(session.Organisation(), session.Clock())
		}
		return i, err
	}, func(i *formImport, err error) {
		switch {
		case err != nil:
			s.notice.fail(err)
		case i.preview == nil:
			i.showFindings()
		default:
			i.showPreview(i.preview.Languages()[0])
		}
	})
}

func (i *formImport) showFindings() {
	t := i.shell.window.words.t
	column := part.Stack(container.NewVBox(part.Heading(t("form.wrong")), part.Body(t("form.wrong.text"))), i.findingList())
	again := part.NewButton(t("form.again"), func() { i.shell.fill(); chooseForm(i.shell) })
	i.fill(t("form.wrong"), column, again)
}

// findingList says each finding on a line of its own: where, and what to do.
func (i *formImport) findingList() fyne.CanvasObject {
	w := i.shell.window
	list := container.New(layout.NewCustomPaddedVBoxLayout(8))
	for _, f := range i.findings {
		mark := part.MarkNo
		if f.Warning {
			mark = part.MarkWarning
		}
		where := part.FieldLabel(join(" · ", w.words.t("form.line-number", "line", f.Line), f.Field))
		where.Wrapping = fyne.TextWrapBreak
		icon := container.New(markColumn{}, part.NewStatusIcon(mark, ""))
		list.Add(part.Pane(border(nil, nil, icon, nil, container.NewVBox(where, part.Body(w.words.problem(f.Problem))))))
	}
	return list
}

func (i *formImport) showPreview(language string) {
	w := i.shell.window
	t := w.words.t
	name := t("form.new", "key", i.preview.Key, "version", i.preview.Version)
	title := formTextFor(i.preview, w.words.Language).Title
	column := part.Stack(container.NewVBox(part.Heading(title), part.Note(name), part.Body(t("form.new.text", "organisation", i.preview.Organisation.Name))))
	if len(i.findings) > 0 {
		column.Add(i.findingList())
	}
	column.Add(container.NewHBox(part.NewButton(t("form.try"), func() { tryForm(i.shell, i.preview, func() { i.showPreview(language) }) })))
	column.Add(languageButtons(i.preview, i.showPreview))
	column.Add(formPages(i.shell, i.preview, language))
	var publish *part.Button
	publish = part.NewPrimaryButton(t("form.publish"), func() { i.publish(publish) })
	i.fill(name, column, publish)
}

func (i *formImport) publish(pressed *part.Button) {
	w := i.shell.window
	ready := busy(pressed, w.words.t("form.publishing"))
	background(w, func(ctx context.Context) (capture.PublishedForm, error) { return w.session.PublishForm(ctx, i.raw) },
		func(f capture.PublishedForm, err error) {
			ready()
			if err != nil {
				i.notice.fail(err)
				return
			}
			i.shell.fill()
			w.toast(w.words.t("form.published", "key", f.Form.Key, "version", f.Form.Version))
		})
}

// fill shows a page with a way back, and an action beside it.
func (i *formImport) fill(title string, column fyne.CanvasObject, action *part.Button) {
	i.notice = newNotice(i.shell.window)
	back := part.NewButton(i.shell.window.words.t("back"), i.shell.fill).WithKey("Esc")
	top := container.NewVBox(edgeBar(action, back), i.notice.root)
	var page fyne.CanvasObject = container.NewVScroll(part.Margin(part.Narrow(formWidth, column)))
	i.shell.window.fill(title, border(top, nil, nil, nil, page), keys{escape: i.shell.fill}, nil)
	if i.rest != "" {
		i.notice.warn(i.rest)
		i.rest = ""
	}
}
