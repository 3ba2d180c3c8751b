package desktop

import (
	"context"
	"fmt"
	"path/filepath"

	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/assets"
	"samtykke/ui/desktop/part"
)

// handOutEverything asks what a file with everything about one person is to hold, and writes it (GDPR art. 15).
func (p *sidePane) handOutEverything(v personView) {
	w := p.shell.window
	t := w.words.t
	told := newNotice(w)
	language := part.NewSelect(languageNames(), nil)
	for at, each := range assets.Languages {
		if each == w.words.Language {
			language.Selected = languageNames()[at]
		}
	}
	alone, contacts := part.NewCheck(t("access.pictures"), nil), part.NewCheck(t("access.contacts"), nil)
	var write *part.Button
	back := part.NewButton(t("cancel"), nil)
	write = part.NewPrimaryButton(t("access.choose"), func() {
		w.choose(part.Choice{Title: t("access.where"), Folder: true, Chosen: func(paths []string) {
			name := fmt.Sprintf("%s-%s-%s.zip", t("access.file"), v.code, w.config.Now().Format("20060102-150405"))
			asked := capture.AccessRequest{Subject: v.id, Out: filepath.Join(paths[0], name), Language: assets.Languages[language.SelectedIndex()],
				Pictures: alone.Checked, GuardianContacts: contacts.Checked}
			told.hide()
			ctx, stop := context.WithCancel(w.context)
			ready := busy(write, t("access.writing"))
			back.OnTapped = stop
			backgroundIn(ctx, w, func(ctx context.Context) (capture.AccessExport, error) { return w.session.ExportPerson(ctx, asked) },
				func(done capture.AccessExport, err error) {
					stop()
					ready()
					back.OnTapped = func() { p.showPerson(v.id) }
					switch {
					case ctx.Err() != nil && err != nil:
						told.warn(t("access.stopped"))
					case err != nil:
						told.fail(err)
					default:
						p.handedOut(v, done)
					}
				})
		}}, told)
	})
	back.OnTapped = func() { p.showPerson(v.id) }
	p.showFields(t("access.title", "name", v.name),
		part.Stack(part.Body(t("access.what")), part.Field(t("access.language"), part.Framed(language), ""),
			container.NewVBox(alone, part.Note(t("access.pictures.why"))), container.NewVBox(contacts, part.Note(t("access.contacts.why"))),
			remark(part.MarkWarning, t("access.safely"))),
		container.NewVBox(told.root, ends(back, write)))
}

// handedOut says where the file is and how to hand it over.
func (p *sidePane) handedOut(v personView, done capture.AccessExport) {
	t := p.shell.window.words.t
	p.showFields(t("access.title", "name", v.name),
		part.Stack(remark(part.MarkYes, t("access.done", "path", done.File)), part.Body(p.shell.window.words.n("access.files", len(done.Files))),
			remark(part.MarkWarning, t("access.advice"))),
		ends(nil, part.NewPrimaryButton(t("back"), func() { p.showPerson(v.id) })))
}
