package desktop

import (
	"context"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/signing"
)

// handOver fills the screen with the signing, for a person who is registered or, when id is "", for somebody who
// registers themselves. Nothing of other people stays in reach until the photographer takes the screen back.
func (s *shell) handOver(shoot consent.ShootID, id consent.SubjectID) {
	w := s.window
	if shoot == "" {
		return
	}
	if id == "" {
		s.startSigning(shoot, nil)
		return
	}
	background(w, func(context.Context) (capture.Person, error) { return w.session.Person(id) }, func(p capture.Person, err error) {
		if err != nil {
			s.notice.fail(err)
			return
		}
		s.startSigning(shoot, &p)
	})
}

func (s *shell) startSigning(shoot consent.ShootID, person *capture.Person) {
	w := s.window
	var flow *signing.Flow
	flow = signing.New(signing.Request{Session: w.session, Shoot: shoot, Person: person, Language: w.words.Language, Window: w.window, Do: w.config.Do,
		Leave: func() {
			flow.Stop()
			w.window.SetFullScreen(false)
			s.fill()
			s.changed()
		},
		Saved: func(_ capture.Signed, id consent.SubjectID) { s.signed(id) }})
	w.window.SetFullScreen(true)
	w.fillPrivately(w.words.t("hand.title"), flow.Content(), keys{})
}

// signed shows the person who has just signed, once the photographer is back.
func (s *shell) signed(id consent.SubjectID) {
	if board, ok := s.pages[tabShoots].(*boardPage); ok {
		board.list.choose(id)
		board.side.showPerson(id)
	}
}
