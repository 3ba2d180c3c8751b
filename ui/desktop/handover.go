package desktop

import (
	"context"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/look"
	"samtykke/ui/desktop/signing"
)

// handOver fills the screen with the signing, for a person who is registered or, when id is "", for somebody who
// registers themselves. Nothing of other people stays in reach until the photographer takes the screen back.
func (s *shell) handOver(shoot consent.ShootID, id consent.SubjectID) {
	w := s.window
	if shoot == "" || w.flow != nil && !s.freesAside() {
		return
	}
	session := w.session
	type found struct {
		person *capture.Person
		pin    bool
	}
	background(w, func(ctx context.Context) (f found, err error) {
		if f.pin, err = session.HasPIN(ctx); err != nil || id == "" {
			return f, err
		}
		p, err := session.Person(id)
		f.person = &p
		return f, err
	}, func(f found, err error) {
		if err != nil {
			s.notice.fail(err)
			return
		}
		s.startSigning(shoot, f.person, f.pin)
	})
}

func (s *shell) startSigning(shoot consent.ShootID, person *capture.Person, pin bool) {
	w := s.window
	if w.flow != nil { // pressed twice
		return
	}
	request := signing.Request{Session: w.session, Shoot: shoot, Person: person, Language: w.words.Language, Window: w.window, Do: w.config.Do,
		Viewing: w.viewing.Within("subject"),
		Leave: func() {
			w.endSigning()
			if !w.returned() {
				s.fill()
			}
			s.changed()
		},
		Saved: func(_ capture.Signed, id consent.SubjectID) { s.signed(id) }}
	if pin {
		request.Guard = w.guard()
	}
	if w.signsAside() {
		s.startAside(request)
		return
	}
	flow := signing.New(request)
	w.flow = flow
	w.window.SetFullScreen(true)
	w.fillPrivately(w.words.t("hand.title"), flow.Content(), keys{})
}

// large lays the type of subject mode over parts of windows: on the second screen, and where a form is tried.
type large struct{ aside, tried look.Layer }

// endSigning gives the window back to the photographer, who fills it next.
func (w *Window) endSigning() {
	w.flow, w.warned = nil, false
	if w.aside != nil {
		w.aside.Close()
		w.aside = nil
		w.shell.beside.hide()
		return
	}
	w.window.SetFullScreen(false)
}

// guard asks for the PIN, or the passphrase instead, in the photographer's language.
func (w *Window) guard() *signing.Guard {
	session, door, t := w.session, w.config.Door, w.words.t
	return &signing.Guard{
		PIN: session.TryPIN,
		Passphrase: func(ctx context.Context, passphrase string) error {
			if err := door.CheckPassphrase(ctx, passphrase); err != nil {
				return err
			}
			return session.ForgivePINTries(ctx)
		},
		Sentence: w.words.problem,
		Words: signing.GuardWords{Leave: t("guard.leave"), Title: t("guard.title"), PassphraseTitle: t("guard.title.passphrase"), Why: t("guard.why"),
			Open: t("guard.open"), Trying: t("guard.trying"), Back: t("back"), UsePassphrase: t("guard.use-passphrase"), UsePIN: t("guard.use-pin"),
			PINField: t("pin"), PassphraseField: t("passphrase"), Erase: t("guard.erase"),
			Clear: t("guard.clear")}}
}

// signed shows the person who has just signed, once the photographer is back.
func (s *shell) signed(id consent.SubjectID) {
	if board, ok := s.pages[tabShoots].(*boardPage); ok {
		board.list.choose(id)
		board.side.showPerson(id)
	}
}
