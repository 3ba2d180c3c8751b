package capture

import (
	"slices"
	"time"

	"golang.org/x/text/collate"

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

// Tally is which of the board's counts a person is in: everybody who is registered is in one of them.
type Tally string

// The counts.
const (
	TallySigned  Tally = "signed"
	TallyWaiting Tally = "waiting" // also while a guardian is missing
	TallySaidNo  Tally = "said-no" // also who took everything back
	TallyAvoid   Tally = "avoid"
)

// Tallies lists the counts in the order of the board.
var Tallies = []Tally{TallySigned, TallyWaiting, TallySaidNo, TallyAvoid}

// BoardRow is one person on the shoot board.
type BoardRow struct {
	Person
	Progress Progress
	// Marks are the answers for pictures, per channel of the form in use at the shoot, of every current form where it is about no shoot.
	Marks  map[consent.Channel]consent.Verdict
	Images int
}

// Tally is the count that a person is in, "" for whoever was erased.
func (r BoardRow) Tally() Tally {
	switch {
	case r.Erased:
		return ""
	case r.Progress == ProgressSigned:
		return TallySigned
	case r.Progress == ProgressAvoid:
		return TallyAvoid
	case r.Progress == ProgressSaidNo, r.Progress == ProgressWithdrawn:
		return TallySaidNo
	}
	return TallyWaiting
}

// Board is what the photographer sees of a shoot, or of one group at it.
type Board struct {
	// Channels are those of the form in use at the shoot, in its order.
	Channels []consent.Channel
	Rows     []BoardRow
	// Registered counts those who are not erased, and Counts tells how many of them have come how far.
	Registered int
	Counts     map[Tally]int
	// MayAppear counts, per channel, who may appear in pictures there.
	MayAppear map[consent.Channel]int
}

// Board lists a shoot's people with what stands for pictures; everybody for "".
func (s *Session) Board(shoot consent.ShootID) Board {
	people := s.People(shoot)
	s.mu.RLock()
	defer s.mu.RUnlock()
	asked := s.askedAt(shoot)
	rows := make([]BoardRow, len(people))
	for i, p := range people {
		rows[i] = s.boardRow(p, asked)
	}
	return boardOf(asked.channels, rows)
}

func boardOf(channels []consent.Channel, rows []BoardRow) Board {
	board := Board{Channels: channels, Rows: rows, Counts: map[Tally]int{}, MayAppear: map[consent.Channel]int{}}
	for _, row := range rows {
		tally := row.Tally()
		if tally == "" {
			continue
		}
		board.Registered++
		board.Counts[tally]++
		for channel, verdict := range row.Marks {
			if verdict == consent.Yes {
				board.MayAppear[channel]++
			}
		}
	}
	return board
}

// Groups lists the classes or departments of the people on the board, by name.
func (b Board) Groups() []string {
	var groups []string
	for _, row := range b.Rows {
		if row.Profile.Group != "" {
			groups = append(groups, row.Profile.Group)
		}
	}
	slices.SortFunc(groups, alphabet(collate.IgnoreCase, collate.Numeric).CompareString)
	return slices.Compact(groups)
}

// Of is the board of one group alone, with counts of its own; of everybody for "".
func (b Board) Of(group string) Board {
	if group == "" {
		return b
	}
	var rows []BoardRow
	for _, row := range b.Rows {
		if row.Profile.Group == group {
			rows = append(rows, row)
		}
	}
	return boardOf(b.Channels, rows)
}

// BoardRow is one person as the board shows them, by every current form.
func (s *Session) BoardRow(id consent.SubjectID) (BoardRow, error) {
	p, err := s.Person(id)
	if err != nil {
		return BoardRow{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.boardRow(p, s.askedAt("")), nil
}

// asked is what people are asked: now, at one shoot or anywhere.
type asked struct {
	forms    []*consent.Form
	channels []consent.Channel
	now      time.Time
}

// askedAt is what people are asked at a shoot; by all current forms for "", and while the form of the shoot has not come to this device.
// The caller holds a lock.
func (s *Session) askedAt(shoot consent.ShootID) asked {
	if form, _, err := s.formAt(shoot, ""); err == nil {
		a := asked{forms: []*consent.Form{form}, now: s.Clock()}
		for _, c := range form.Channels {
			a.channels = append(a.channels, c.Key)
		}
		return a
	}
	return asked{s.currentForms(), s.channels(), s.Clock()}
}

func (s *Session) boardRow(p Person, a asked) BoardRow {
	row := BoardRow{Person: p, Progress: s.progress(p, a), Marks: make(map[consent.Channel]consent.Verdict, len(a.channels)),
		Images: len(s.state.AssetsOf(p.ID))}
	for _, channel := range a.channels {
		row.Marks[channel] = s.index.Word(p.ID, consent.Scope{Channel: channel, Media: consent.Photo}, a.now)
		if p.Avoid {
			row.Marks[channel] = consent.No
		}
	}
	return row
}

// progress sums up a person's standings in every scope that is asked.
func (s *Session) progress(p Person, a asked) Progress {
	if p.Avoid {
		return ProgressAvoid
	}
	var statuses []consent.Status
	for _, form := range a.forms {
		for _, standing := range s.state.Standings(p.ID, form, a.now) {
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
