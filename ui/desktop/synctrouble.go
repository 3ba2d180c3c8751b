package desktop

import (
	"time"

	"samtykke/app/problem"
	"samtykke/ui/desktop/part"
)

// showTrouble says what the last exchange ended with and offers what can be done about it. It speaks once about each.
func (p *syncPage) showTrouble() {
	w := p.shell.window
	s := w.syncing
	if s.round == p.round {
		return
	}
	p.round = s.round
	p.notice.hide()
	switch {
	case s.running:
	case s.err != nil:
		p.notice.fail(s.err, p.remedies(s.err)...)
	case s.report.ClockAhead > 0:
		p.notice.warn(w.words.t("sync.clock.ahead", "time", roughly(w.words, s.report.ClockAhead)))
	case s.report.ClockAhead < 0:
		p.notice.warn(w.words.t("sync.clock.behind", "time", roughly(w.words, -s.report.ClockAhead)))
	}
}

// remedies are the buttons for what went wrong.
func (p *syncPage) remedies(err error) []*part.Button {
	t := p.shell.window.words.t
	again := part.NewButton(t("sync.retry"), p.shell.window.syncing.start)
	copies := part.NewButton(t("backups.copy"), p.showCopies)
	switch {
	case problem.KindOf(err) == problem.Unauthorised: // the library has shut the device out, or does not know it any more
		return []*part.Button{part.NewButton(t("sync.invitation"), func() { p.invited = true; p.refresh() }), copies}
	case problem.Of(err).ID == "library-full":
		return []*part.Button{again, copies}
	}
	return []*part.Button{again}
}

// showReminder says quietly that what is here alone is in no fresh backup, unless there is something more urgent to say or it is just
// being sent. Once put away it stays away until the window opens again.
func (p *syncPage) showReminder() {
	w := p.shell.window
	status := p.queue.status
	switch due := status.BackupDue(w.config.Now()); {
	case !due:
		p.remind.hide()
		p.reminded = false
	case p.notice.said != "" || w.syncing.running:
		if p.remind.said != "" {
			p.remind.hide()
			p.reminded = false // nobody has put it away
		}
	case !p.reminded:
		p.reminded = true
		p.remind.say(part.MarkWarning, w.words.n("backups.due", status.Consents-status.ReceivedConsents),
			part.NewButton(w.words.t("backups.copy"), p.showCopies))
	}
}

// roughly says a long time in its largest unit.
func roughly(w *words, d time.Duration) string {
	switch {
	case d < 2*time.Hour:
		return w.n("time.minutes", int(d/time.Minute))
	case d < 48*time.Hour:
		return w.n("time.hours", int(d/time.Hour))
	}
	return w.n("time.days", int(d/(24*time.Hour)))
}
