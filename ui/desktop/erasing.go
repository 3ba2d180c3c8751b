package desktop

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// erase shows what erasing a person would do and what stays, and does it with the second press.
func (p *sidePane) erase(v personView) {
	w := p.shell.window
	t := w.words.t
	told := newNotice(w)
	reasons := []string{t("erase.reason.choose")}
	for _, reason := range consent.ErasureReasons {
		reasons = append(reasons, t("erase.reason."+string(reason)))
	}
	reason := part.NewSelect(reasons, nil)
	what, alone := container.NewVBox(part.Body(t("erase.looking"))), part.NewCheck("", nil)
	alone.Hide()
	var do *part.Button
	asked := func() capture.Erasure {
		erasure := capture.Erasure{Subject: v.id, Pictures: alone.Checked}
		if at := reason.SelectedIndex(); at > 0 {
			erasure.Reason = string(consent.ErasureReasons[at-1])
		}
		return erasure
	}
	look := func() {
		plan := asked()
		reading(w.context, w, func(context.Context) (capture.Erased, error) { return w.session.ErasureOf(plan) }, func(will capture.Erased, err error) {
			if err != nil {
				told.fail(err)
				return
			}
			if alone.Text = w.words.n("erase.alone", len(will.Alone)); len(will.Alone) > 0 {
				alone.Show()
			}
			alone.Refresh()
			what.Objects = []fyne.CanvasObject{part.Body(t("erase.goes")), part.Body(w.words.n("erase.affected", len(will.Affected))), p.kept(will)}
			p.refit()
			enable(do, reason.SelectedIndex() > 0)
		})
	}
	reason.OnChanged = func(string) { enable(do, reason.SelectedIndex() > 0) }
	alone.OnChanged = func(bool) { look() }
	do = part.NewDangerButton(t("erase.do", "name", shortened(v.name)), func() {
		ready, erasure := busy(do, t("erase.doing")), asked()
		type erased struct {
			capture.Erased
			folders []string
			unread  error // why they could not be listed; the erasure holds
		}
		session := w.session
		background(w, func(ctx context.Context) (done erased, err error) {
			ctx = context.WithoutCancel(ctx) // what was pressed is done, also when somebody locks the vault meanwhile
			if done.Erased, err = session.Erase(ctx, erasure); err == nil {
				done.folders, done.unread = session.FoldersWith(ctx, done.Delivered)
			}
			return done, err
		}, func(done erased, err error) {
			ready()
			if err != nil {
				told.fail(err)
				return
			}
			p.wasErased(done.Erased, done.folders)
			if done.unread != nil {
				p.shell.notice.fail(done.unread)
			}
		})
	})
	do.Disable()
	look()
	p.showFields(t("erase.title", "name", v.name), part.Stack(part.Field(t("erase.reason"), part.Framed(reason), t("erase.reason.why")), alone, what),
		container.NewVBox(told.root, ends(part.NewButton(t("erase.keep"), func() { p.showPerson(v.id) }), do)))
}

// kept lists what an erasure does not reach.
func (p *sidePane) kept(e capture.Erased) fyne.CanvasObject {
	w := p.shell.window.words
	list := container.New(&tight{}, part.FieldLabel(w.t("erase.stays")))
	for _, k := range e.Kept {
		list.Add(part.Note("– " + k.Words(w.Texts)))
	}
	return list
}

// wasErased says what is left to be done by people.
func (p *sidePane) wasErased(done capture.Erased, folders []string) {
	t := p.shell.window.words.t
	column := part.Stack(remark(part.MarkYes, t("erase.done", "code", done.Code)))
	if len(folders) > 0 {
		column.Add(remark(part.MarkWarning, t("withdraw.exported", "folders", join(", ", folders...))))
	}
	column.Add(p.kept(done))
	p.showFields(t("person.erased"), column, ends(nil, part.NewPrimaryButton(t("back"), p.close)))
}

// longestName is how many letters of a name a button bears.
const longestName = 28

func shortened(name string) string {
	if letters := []rune(name); len(letters) > longestName {
		return string(letters[:longestName-1]) + "…"
	}
	return name
}
