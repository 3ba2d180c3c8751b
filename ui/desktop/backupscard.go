package desktop

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"samtykke/app/capture"
	"samtykke/ui/desktop/part"
)

// backupsCard is where backups are made, verified and taken in. It stands in Sync and in Settings and shows the same on both.
type backupsCard struct {
	shell   *shell
	content *fyne.Container
	data    latest[capture.Status]

	last    *widget.Label
	notice  *notice
	outside *part.Check
	choices *fyne.Container // what can be begun
	asked   *fyne.Container // what has to be answered before it begins
	running *fyne.Container
	step    *widget.Label
	bar     *widget.ProgressBar
	stop    *part.Button
	round   int
}

// newBackupsCard gives the card; refresh shows what is true.
func newBackupsCard(s *shell) *backupsCard {
	w := s.window
	t := w.words.t
	c := &backupsCard{shell: s, notice: newNotice(w), last: part.Body(""), step: part.Body(""), bar: widget.NewProgressBar()}
	c.last.Wrapping = fyne.TextWrapBreak
	c.bar.TextFormatter = func() string { return "" }
	c.outside = part.NewCheck(t("backups.outside"), nil)
	c.choices = container.NewVBox(c.outside, wrapping(part.NewButton(t("backups.copy"), c.chooseCopy),
		part.NewButton(t("backups.verify"), func() { c.chooseBackup(t("backups.verify"), c.askVerify) }),
		part.NewButton(t("backups.merge"), func() { c.chooseBackup(t("backups.merge"), c.askMerge) })))
	c.stop = part.NewButton(t("backups.stop"), func() {
		if b := w.backups; b.doing != backupNone {
			b.stop()
			c.stop.Disable()
		}
	})
	c.running = container.NewVBox(c.step, border(nil, nil, nil, c.stop, c.bar))
	c.asked = container.NewVBox()
	c.content = part.Stack(container.NewVBox(c.last, part.Note(t("backups.why"))), c.notice.root, c.choices, c.asked, c.running)
	c.data = latest[capture.Status]{window: w, show: c.read, fetch: func() func(context.Context) (capture.Status, error) { return w.session.Status }}
	s.backups = append(s.backups, c)
	c.told()
	return c
}

// refresh finds out when the last backup was made, and shows it.
func (c *backupsCard) refresh() { c.data.wish() }

func (c *backupsCard) read(status capture.Status, err error) {
	if err != nil {
		c.notice.fail(err)
		return
	}
	c.show(status)
}

// show shows when the last backup was made.
func (c *backupsCard) show(status capture.Status) {
	w := c.shell.window
	last := w.words.t("backups.never")
	if b := status.LastBackup; !b.Made.IsZero() {
		last = w.words.t("backups.last", "when", w.words.moment(b.Made), "path", b.Folder, "files", b.Files, "bytes", w.words.size(b.Bytes))
	}
	c.last.SetText(last)
	c.told()
}

// told shows how far the backup has come, or what came of it.
func (c *backupsCard) told() {
	b := c.shell.window.backups
	busy := b.doing != backupNone
	c.running.Hidden = !busy
	c.asked.Hidden = busy || len(c.asked.Objects) == 0
	c.choices.Hidden = busy || len(c.asked.Objects) > 0
	if b.round != c.round {
		c.round = b.round
		c.notice.hide()
		enable(c.stop, busy)
		switch {
		case b.err != nil:
			c.notice.fail(b.err)
		case b.result != "":
			c.notice.say(b.mark, b.result)
		}
	}
	if busy {
		words, done := backupWords(c.shell.window.words, b)
		c.step.SetText(join(" · ", words, b.pace.words(c.shell.window.words, c.shell.window.config.Now(), b.progress.Total-b.progress.Done)))
		c.bar.SetValue(done)
	}
	c.content.Refresh()
}

// backupWords say what is being done and how much of it is done, from 0 to 1.
func backupWords(w *words, b *backups) (string, float64) {
	if b.doing == backupMerging {
		step := w.t("backups.step." + string(b.united.Step))
		if b.united.Step == "" {
			step = w.t("backups.step.reading")
		}
		if b.united.Total == 0 {
			return step, 0
		}
		return w.t("sync.items", "step", step, "done", b.united.Done, "total", b.united.Total), float64(b.united.Done) / float64(b.united.Total)
	}
	return copyWords(w, b.progress, b.doing == backupVerifying)
}

// copyWords say how far the copying of a backup, or the reading of one, has come.
func copyWords(w *words, p capture.BackupProgress, reading bool) (string, float64) {
	step := w.t("backups.writing")
	if p.Verifying || reading {
		step = w.t("backups.reading")
	}
	if p.Total == 0 {
		return step, 0
	}
	return w.t("backups.bytes", "step", step, "done", w.size(p.Done), "total", w.size(p.Total)), float64(p.Done) / float64(p.Total)
}

func (c *backupsCard) chooseCopy() {
	w := c.shell.window
	w.choose(part.Choice{Title: w.words.t("backups.copy"), Folder: true, Chosen: func(paths []string) {
		w.backups.create(paths[0], c.outside.Checked)
	}}, c.notice)
}

func (c *backupsCard) chooseBackup(title string, chosen func(dir string)) {
	c.shell.window.choose(part.Choice{Title: title, Folder: true, Chosen: func(paths []string) { chosen(paths[0]) }}, c.notice)
}

// askVerify asks how thoroughly to read a backup.
func (c *backupsCard) askVerify(dir string) {
	t := c.shell.window.words.t
	passphrase := c.askPassphrase(dir, t("backups.verify.why"))
	whole := part.NewButton(t("backups.verify.whole"), func() {
		c.begin(passphrase, func(p string) { c.shell.window.backups.verify(dir, p) })
	})
	quick := part.NewButton(t("backups.verify.quick"), func() {
		c.begin(passphrase, func(string) { c.shell.window.backups.verify(dir, "") })
	})
	c.withPassphrase(passphrase, whole, quick)
}

// askMerge asks for what opens a backup of another device.
func (c *backupsCard) askMerge(dir string) {
	t := c.shell.window.words.t
	passphrase := c.askPassphrase(dir, t("backups.merge.why"))
	c.withPassphrase(passphrase, part.NewButton(t("backups.merge.do"), func() {
		c.begin(passphrase, func(p string) { c.shell.window.backups.merge(dir, p) })
	}))
}

func (c *backupsCard) askPassphrase(dir, why string) *part.Entry {
	t := c.shell.window.words.t
	entry := part.NewPasswordEntry()
	folder := part.Body(dir)
	folder.Wrapping = fyne.TextWrapBreak
	c.notice.hide()
	c.asked.Objects = []fyne.CanvasObject{folder, part.Note(why), part.Field(t("backups.passphrase"), entry, t("backups.passphrase.why"))}
	return entry
}

// withPassphrase ends the question with buttons; the first needs the passphrase.
func (c *backupsCard) withPassphrase(entry *part.Entry, first *part.Button, others ...*part.Button) {
	first.Disable()
	entry.OnChanged = func(text string) { enable(first, text != "") }
	entry.OnSubmitted = func(text string) {
		if text != "" {
			first.Tapped(nil)
		}
	}
	row := wrapping(first)
	for _, b := range others {
		row.Add(b)
	}
	row.Add(part.NewQuietButton(c.shell.window.words.t("cancel"), func() { c.begin(entry, nil) }))
	c.asked.Add(row)
	c.told()
	c.shell.window.focus(entry)
}

// begin forgets what was asked and does it, unless do is nil.
func (c *backupsCard) begin(entry *part.Entry, do func(passphrase string)) {
	passphrase := entry.Text
	entry.SetText("")
	c.asked.RemoveAll()
	c.asked.Refresh()
	if do != nil {
		do(passphrase)
	}
	c.told()
}
