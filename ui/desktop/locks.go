package desktop

import (
	"context"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/ui/desktop/part"
)

// locks are the sections of the settings about who gets in: the passphrase, the recovery key and the keyring; and when the vault locks, and
// the PIN for subject mode.
type locks struct {
	shell *shell
	data  latest[lockState]

	pin, noPIN *part.Button
	keyring    *part.Check
	aside      fyne.CanvasObject // the choice of the screen for subject mode
	shown      lockState
}

type lockState struct{ pin, keyring bool }

func newLocks(s *shell) *locks {
	l := &locks{shell: s}
	l.data = latest[lockState]{window: s.window, fetch: l.fetch, show: l.show}
	t := s.window.words.t
	l.pin, l.noPIN = part.NewButton(t("pin.set"), l.askPIN), part.NewButton(t("pin.remove"), l.removePIN)
	l.noPIN.Hide()
	l.keyring = part.NewCheck(t("keyring"), l.turnKeyring)
	l.aside = s.window.asideChoice()
	return l
}

// keys is the section about what opens the vault.
func (l *locks) keys() fyne.CanvasObject {
	t := l.shell.window.words.t
	return part.Stack(
		part.Card(t("passphrase"), l.passphrase()),
		part.Card(t("key"), container.NewVBox(part.Note(t("key.new.why")), container.NewHBox(part.NewButton(t("key.new"), l.askNewKey)))),
		part.Card(t("keyring.title"), container.NewVBox(l.keyring, part.Note(t("keyring.why")))))
}

// locking is the section about what closes it.
func (l *locks) locking() fyne.CanvasObject {
	t := l.shell.window.words.t
	return part.Stack(
		part.Card(t("locks"), container.NewVBox(part.Field(t("lock.after"), part.Framed(l.minutes()), t("lock.why")),
			container.NewHBox(part.NewButton(t("lock.now"), l.shell.window.LockNow).WithKey(controlName()+" L")))),
		part.Card(t("pin"), container.NewVBox(part.Note(t("pin.why")), wrapping(l.pin, l.noPIN),
			l.aside)))
}

func (l *locks) refresh() { l.data.wish() }

func (l *locks) fetch() func(context.Context) (lockState, error) {
	session, door := l.shell.window.session, l.shell.window.config.Door
	return func(ctx context.Context) (lockState, error) {
		pin, err := session.HasPIN(ctx)
		return lockState{pin: pin, keyring: door.InKeyring()}, err
	}
}

func (l *locks) show(state lockState, err error) {
	if err != nil {
		l.shell.notice.fail(err)
		return
	}
	l.shown = state
	t := l.shell.window.words.t
	if l.pin.SetText(t("pin.set")); state.pin {
		l.pin.SetText(t("pin.change"))
	}
	shown(l.noPIN, state.pin)
	if there := l.shell.window.config.SecondScreen(); there != l.aside.Visible() { // plugged in, or out, since
		shown(l.aside, there)
		part.Settle(l.shell.window.body)
	}
	l.pin.Refresh()
	if l.keyring.Checked != state.keyring {
		l.keyring.Checked = state.keyring
		l.keyring.Refresh()
	}
}

// minutes chooses after how long the vault locks.
func (l *locks) minutes() *part.Select {
	w := l.shell.window
	names := make([]string, len(lockChoices))
	for i, n := range lockChoices {
		names[i] = w.words.t("lock.minutes", "minutes", strconv.Itoa(n))
		if n == 0 {
			names[i] = w.words.t("lock.never")
		}
	}
	choose := part.NewSelect(names, nil)
	if at := slices.Index(lockChoices, offered(w.app.Preferences(), preferLock, lockUsual, lockChoices)); at >= 0 {
		choose.Selected = names[at]
	}
	choose.OnChanged = func(string) { w.app.Preferences().SetInt(preferLock, lockChoices[choose.SelectedIndex()]) }
	return choose
}

// askPIN sets the PIN.
func (l *locks) askPIN() {
	w := l.shell.window
	page := newEntrance(w, w.words.t("pin.title"), w.words.t("pin.choose"))
	first, second := part.NewPasswordEntry(), part.NewPasswordEntry()
	var set *part.Button
	set = part.NewPrimaryButton(w.words.t("pin.save"), func() {
		if first.Text != second.Text {
			page.notice.say(part.MarkNo, w.words.t("pin.differ"))
			return
		}
		page.notice.hide()
		ready, session, pin := busy(set, w.words.t("pin.saving")), w.session, first.Text
		background(w, only(func(ctx context.Context) error { return session.SetPIN(ctx, pin) }), func(_ noResult, err error) {
			ready()
			if err != nil {
				page.notice.fail(err)
				return
			}
			l.done(w.words.t("pin.isset"))
		})
	})
	second.OnSubmitted = func(string) { set.Tapped(nil) }
	page.focus, page.back = first, l.shell.fill
	page.add(part.Field(w.words.t("pin.new"), first, w.words.t("pin.digits")), part.Field(w.words.t("pin.again"), second, ""))
	page.actions(set, part.NewButton(w.words.t("back"), l.shell.fill)).show()
}

func (l *locks) removePIN() {
	w, session := l.shell.window, l.shell.window.session
	background(w, only(session.RemovePIN), func(_ noResult, err error) {
		if err != nil {
			l.shell.notice.fail(err)
			return
		}
		l.done(w.words.t("pin.removed"))
	})
}

// askNewKey asks for the passphrase, makes a new recovery key and shows it, as the first start does.
func (l *locks) askNewKey() {
	w := l.shell.window
	withPassphrase(l.shell, w.words.t("key.new"), w.words.t("key.new.why"), w.words.t("key.make"), w.config.Door.NewRecoveryKey, l.showNewKey)
}

func (l *locks) showNewKey(key string) {
	w := l.shell.window
	page := newEntrance(w, w.words.t("start.key"), w.words.t("key.new.made"))
	sheet := newRecoverySheet(w, key, page.notice)
	next := part.NewPrimaryButton(w.words.t("key.done"), func() { l.done("") })
	next.Disable()
	kept := part.NewCheck(w.words.t("key.kept"), func(kept bool) { enable(next, kept) })
	page.focus, page.gone = kept, sheet.destroy
	page.add(sheet.content, kept).actions(next).show()
}

// turnKeyring is called when the check is pressed. On needs the passphrase; the check shows what is so, not what was wished.
func (l *locks) turnKeyring(on bool) {
	w := l.shell.window
	if on == l.shown.keyring {
		return
	}
	l.keyring.Checked = l.shown.keyring
	l.keyring.Refresh()
	if on {
		withPassphrase(l.shell, w.words.t("keyring"), w.words.t("keyring.why"), w.words.t("keyring.on"), func(ctx context.Context, passphrase string) (noResult, error) {
			return noResult{}, w.config.Door.KeepInKeyring(ctx, passphrase)
		}, func(noResult) { l.done(w.words.t("keyring.is-on")) })
		return
	}
	background(w, only(w.config.Door.LeaveKeyring), func(_ noResult, err error) {
		if err != nil {
			l.shell.notice.fail(err)
			l.refresh()
			return
		}
		l.done(w.words.t("keyring.is-off"))
	})
}

// done goes back to the settings and says, quietly, what was done.
func (l *locks) done(said string) {
	l.shell.fill()
	l.refresh()
	if said != "" {
		l.shell.window.toast(said)
	}
}

// withPassphrase asks for the passphrase, before something that an open vault alone does not allow, and does it.
func withPassphrase[T any](s *shell, heading, why, button string, do func(ctx context.Context, passphrase string) (T, error), then func(T)) {
	w := s.window
	page := newEntrance(w, heading, why)
	entry := part.NewPasswordEntry()
	var next *part.Button
	next = part.NewPrimaryButton(button, func() {
		page.notice.hide()
		ready, passphrase := busy(next, w.words.t("passphrase.checking")), entry.Text
		background(w, func(ctx context.Context) (T, error) { return do(ctx, passphrase) }, func(v T, err error) {
			ready()
			entry.SetText("")
			if err != nil {
				page.notice.fail(err)
				w.focus(entry)
				return
			}
			then(v)
		})
	})
	entry.OnSubmitted = func(string) { next.Tapped(nil) }
	page.focus, page.back = entry, s.fill
	page.add(part.Field(w.words.t("passphrase.old"), entry, ""))
	page.actions(next, part.NewButton(w.words.t("back"), s.fill)).show()
}
