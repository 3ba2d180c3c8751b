package library

import (
	"time"

	"samtykke/app/consent"
	"samtykke/app/problem"
)

// ErrLinkUnknown is what a personal link gets that no event here names: it may be mistyped, erased, or signed on a laptop that
// has not synced yet. The three look and take the same, so that nobody can probe for links.
var ErrLinkUnknown = problem.New(problem.NotFound, "link-unknown",
	"This link is not known here yet: the photographer's laptop may not have been online since you signed; your answer is safe with them; try again tomorrow, or write to the organisation.")

// PersonalView is what a subject sees behind their personal link: their own answers and what they can do. It shows nothing of
// anybody else and no picture, since a link on paper may be found by others.
type PersonalView struct {
	Organisation consent.Organisation
	Form         *consent.Form // the form of the newest record; never nil
	Language     string        // of the record that the link belongs to
	Code         consent.Code
	SignedAt     time.Time // of that record
	Erased       bool      // the personal data is gone; only the proof is left
	// Rows has the form's channels in order, each with its media kinds in order.
	Rows []PersonalRow
	// Assets is how many pictures, films and recordings the subject appears on.
	Assets int
	// History lists what happened, newest first.
	History []PersonalEvent
}

// PersonalRow is one channel.
type PersonalRow struct {
	Channel consent.Channel
	Cells   []PersonalCell
}

// PersonalCell is what stands for one scope.
type PersonalCell struct {
	Scope  consent.Scope
	Status consent.Status
	Until  time.Time // zero unless given or awaiting a guardian
	// Withdrawable: the subject can say no to it here and now.
	Withdrawable bool
}

// PersonalEvent is one line of the history.
type PersonalEvent struct {
	At time.Time
	// Withdrawal: something was withdrawn; otherwise answers were given.
	Withdrawal bool
	Scopes     []consent.Scope // what was withdrawn; empty means everything
	By         consent.Signer
	Yes, No    int // how many scopes were answered yes and no
}
