package desktop

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"samtykke/app/capture"
	"samtykke/ui/desktop/part"
)

// restoring is the first start of somebody who has a backup: of a computer that was lost, or of the one before this. back leads to where
// it was asked for.
type restoring struct {
	window *Window
	page   *entrance
	back   func()
	dir    string

	where      *widget.Label
	passphrase *part.Entry
	choose     *part.Button
	next       *part.Button
	leave      *part.Button
	step       *widget.Label
	bar        *widget.ProgressBar
	running    *fyne.Container
	pace       pace
}

// showRestoring asks for a backup and its passphrase and makes the vault of it.
func (w *Window) showRestoring(back func()) {
	t := w.words.t
	r := &restoring{window: w, back: back, page: newEntrance(w, t("restore"), t("restore.why"))}
	r.where, r.passphrase, r.step, r.bar = part.Body(t("restore.none")), part.NewPasswordEntry(), part.Body(""), widget.NewProgressBar()
	r.where.Wrapping = fyne.TextWrapBreak
	r.bar.TextFormatter = func() string { return "" }
	r.choose = part.NewButton(t("restore.choose"), func() {
		w.choose(part.Choice{Title: t("restore.choose"), Folder: true, Chosen: r.chosen}, r.page.notice)
	})
	r.next = part.NewPrimaryButton(t("restore.do"), r.restore)
	r.leave = part.NewButton(t("back"), back)
	r.passphrase.OnChanged = func(string) { r.ready() }
	r.passphrase.OnSubmitted = func(string) { r.next.Tapped(nil) }
	r.running = container.NewVBox(r.step, r.bar)
	r.running.Hide()
	r.ready()
	r.page.back = func() {
		if !r.leave.Disabled() {
			back()
		}
	}
	r.page.add(container.NewVBox(r.where, container.NewHBox(r.choose)),
		part.Field(t("backups.passphrase"), r.passphrase, t("backups.passphrase.why")), r.running)
	r.page.actions(r.next, r.leave).show()
}

func (r *restoring) chosen(paths []string) {
	r.dir = paths[0]
	r.where.SetText(r.dir)
	r.ready()
	r.window.focus(r.passphrase)
}

func (r *restoring) ready() { enable(r.next, r.dir != "" && r.passphrase.Text != "") }

func (r *restoring) restore() {
	w := r.window
	r.page.notice.hide()
	r.pace = pace{}
	ready := busy(r.next, w.words.t("restore.doing"))
	dir, passphrase := r.dir, r.passphrase.Text
	r.passphrase.Disable()
	r.choose.Disable()
	r.leave.Disable()
	r.show(capture.BackupProgress{})
	r.running.Show()
	type restored struct {
		session *capture.Session
		done    capture.Restored
	}
	told := relay(w, r.show)
	background(w, func(ctx context.Context) (restored, error) {
		s, done, err := w.config.Door.RestoreBackup(ctx, dir, passphrase, told)
		return restored{s, done}, err
	}, func(d restored, err error) {
		ready()
		r.running.Hide()
		r.passphrase.Enable()
		r.choose.Enable()
		r.leave.Enable()
		if d.session == nil {
			r.page.notice.fail(err)
			return
		}
		r.passphrase.SetText("")
		w.opened(d.session)
		w.enter()
		w.tellRestored(d.done, err)
	})
}

// show shows how far it has come.
func (r *restoring) show(p capture.BackupProgress) {
	w := r.window
	r.pace.saw(w.config.Now(), p.Done)
	words, done := copyWords(w.words, p, false)
	if !p.Verifying && p.Total > 0 && p.Done >= p.Total {
		words = w.words.t("restore.looking")
	}
	r.step.SetText(join(" · ", words, r.pace.words(w.words, w.config.Now(), p.Total-p.Done)))
	r.bar.SetValue(done)
}

// tellRestored says what the vault is now, above the board.
func (w *Window) tellRestored(done capture.Restored, err error) {
	t := w.words.t
	said := []string{t("restore.done", "when", w.words.moment(done.Made))}
	if _, enrolled := w.session.Enrolment(); enrolled {
		said = append(said, t("restore.sync"))
	}
	if err != nil {
		said = append(said, w.words.problem(err))
	}
	said = append(said, w.words.findings(done.Problems)...)
	w.shell.notice.warn(lines(said...))
}
