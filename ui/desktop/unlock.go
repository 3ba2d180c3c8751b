package desktop

import (
	"context"

	"samtykke/app/capture"
	"samtykke/ui/desktop/part"
)

// showUnlock asks for the passphrase.
func (w *Window) showUnlock() { w.askPassphrase(w.words.t("unlock.why"), nil) }

// tryKeyring lets the operating system's keyring open the vault, when the program starts and the vault asks for it. After a lock it does
// not: whoever sits at the computer then has to know the passphrase.
func (w *Window) tryKeyring() {
	if !w.config.Door.InKeyring() {
		return
	}
	page := newEntrance(w, w.words.t("unlock"), w.words.t("unlock.keyring"))
	page.show()
	background(w, w.config.Door.UnlockWithKeyring, func(s *capture.Session, err error) {
		if err != nil {
			w.askPassphrase(w.words.t("unlock.why"), err)
			return
		}
		w.opened(s)
		w.enter()
	})
}

// askPassphrase is the page in front of the vault. why says how it stands; trouble, which may be nil, what went wrong on the way here.
func (w *Window) askPassphrase(why string, trouble error) {
	page := newEntrance(w, w.words.t("unlock"), why)
	entry := part.NewPasswordEntry()
	var open *part.Button
	open = part.NewPrimaryButton(w.words.t("unlock.open"), func() {
		page.notice.hide()
		ready := busy(open, w.words.t("unlock.opening"))
		passphrase := entry.Text
		background(w, func(ctx context.Context) (*capture.Session, error) {
			return w.config.Door.Unlock(ctx, passphrase)
		}, func(s *capture.Session, err error) {
			ready()
			entry.SetText("")
			if err != nil {
				page.notice.fail(err)
				w.focus(entry)
				return
			}
			w.opened(s)
			w.enter()
		})
	})
	entry.OnSubmitted = func(string) { open.Tapped(nil) }
	page.focus = entry
	page.add(part.Field(w.words.t("passphrase"), entry, ""))
	page.actions(open, part.NewQuietButton(w.words.t("unlock.forgotten"), w.showRecover)).show()
	if trouble != nil {
		page.notice.fail(trouble)
	}
}

// showRecover asks for the recovery key and a new passphrase.
func (w *Window) showRecover() {
	page := newEntrance(w, w.words.t("recover"), w.words.t("recover.why"))
	key, fields := part.NewTextEntry("", 2), newNewPassphrase(w)
	var open *part.Button
	open = part.NewPrimaryButton(w.words.t("recover.open"), func() {
		page.notice.hide()
		ready := busy(open, w.words.t("unlock.opening"))
		recoveryKey, passphrase := key.Text, fields.first.Text
		background(w, func(ctx context.Context) (*capture.Session, error) {
			return w.config.Door.Recover(ctx, recoveryKey, passphrase)
		}, func(s *capture.Session, err error) {
			ready()
			if err != nil {
				page.notice.fail(err)
				return
			}
			key.SetText("")
			fields.clear()
			w.opened(s)
			w.enter()
			w.toast(w.words.t("passphrase.changed"))
		})
	})
	open.Disable()
	changed := func(bool) { enable(open, fields.ready() && key.Text != "") }
	fields.onChanged = changed
	key.OnChanged = func(string) { changed(true) }
	fields.second.OnSubmitted = func(string) { open.Tapped(nil) }
	page.focus, page.back = key, w.showUnlock
	page.add(part.Field(w.words.t("recover.key"), key, w.words.t("recover.key.why")), fields.content)
	page.actions(open, part.NewButton(w.words.t("back"), w.showUnlock)).show()
}
