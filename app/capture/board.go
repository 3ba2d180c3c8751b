package capture

import (
	"slices"
	"time"

	"samtykke/app/consent"
)

// Progress is how far one person at a shoot has come.
type Progress string

// The steps, as the shoot board shows them.
const (
	ProgressWaiting   Progress = "waiting"   // registered, nothing answered
	ProgressSigned    Progress = "signed"    // answered, with a yes to something
	ProgressPartly    Progress = "partly"    // a guardian has signed, another has not
	ProgressSaidNo    Progress = "said-no"   // answered, with a no to everything
	ProgressWithdrawn Progress = "withdrawn" // had said yes, and took all of it back
	ProgressAvoid     Progress = "avoid"     // not to be photographed
)

// BoardRow is one person on the shoot board.
type BoardRow struct {
	Person
	Progress Progress
	// Marks are the answers for pictures, per channel of the current forms.
	Marks  map[consent.Channel]consent.Verdict
	Images int
}

// Board is what the photographer sees of a shoot.
type Board struct {
	Rows []BoardRow
	// Registered counts those who are not erased. Said counts those of them who said no to everything.
	Registered, Signed, Waiting, Said int
	// MayAppear counts, per channel, who may appear in pictures there.
	MayAppear map[consent.Channel]int
}

// Board lists a shoot's people with what stands for pictures.
func (s *Session) Board(shoot consent.ShootID) Board {
	people := s.People(shoot)
	s.mu.RLock()
	defer s.mu.RUnlock()
	board := Board{MayAppear: map[consent.Channel]int{}}
	channels, now := s.channels(), s.Clock()
	for _, p := range people {
		row := s.boardRow(p, channels, now)
		if board.Rows = append(board.Rows, row); p.Erased {
			continue
		}
		board.Registered++
		for channel, verdict := range row.Marks {
			if verdict == consent.Yes {
				board.MayAppear[channel]++
			}
		}
		switch row.Progress {
		case ProgressSigned:
			board.Signed++
		case ProgressWaiting, ProgressPartly:
			board.Waiting++
		case ProgressSaidNo, ProgressWithdrawn:
			board.Said++
		}
	}
	return board
}

// BoardRow is one person as the board shows them.
func (s *Session) BoardRow(id consent.SubjectID) (BoardRow, error) {
	p, err := s.Person(id)
	if err != nil {
		return BoardRow{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.boardRow(p, s.channels(), s.Clock()), nil
}

func (s *Session) boardRow(p Person, channels []consent.Channel, now time.Time) BoardRow {
	row := BoardRow{Person: p, Progress: s.progress(p), Marks: make(map[consent.Channel]consent.Verdict, len(channels)),
		Images: len(s.state.AssetsOf(p.ID))}
	for _, channel := range channels {
		row.Marks[channel] = s.index.Word(p.ID, consent.Scope{Channel: channel, Media: consent.Photo}, now)
		if p.Avoid {
			row.Marks[channel] = consent.No
		}
	}
	return row
}

// progress sums up a person's standings in every scope of the current forms.
func (s *Session) progress(p Person) Progress {
	if p.Avoid {
		return ProgressAvoid
	}
	var statuses []consent.Status
	for _, hash := range s.current {
		for _, standing := range s.state.Standings(p.ID, s.state.Form(hash), s.Clock()) {
			statuses = append(statuses, standing.Status)
		}
	}
	has := func(status consent.Status) bool { return slices.Contains(statuses, status) }
	switch {
	case has(consent.StatusAwaitingGuardian):
		return ProgressPartly
	case has(consent.StatusGiven):
		return ProgressSigned
	case has(consent.StatusWithdrawn):
		return ProgressWithdrawn
	case has(consent.StatusRefused):
		return ProgressSaidNo
	}
	return ProgressWaiting
}
