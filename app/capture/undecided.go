package capture

// Undecided is why a person has to say whose picture this is.
type Undecided string

// The reasons. Their texts are "undecided." and the reason in the translations.
const (
	// UndecidedUnreadable: a card is in the picture, or in the one that the picture follows, and cannot be read.
	UndecidedUnreadable Undecided = "unreadable"
	// UndecidedUnknown: the picture follows a card of nobody here.
	UndecidedUnknown Undecided = "unknown"
	// UndecidedTime: cards surround it and the times do not tell on which side of them it was taken.
	UndecidedTime Undecided = "time"
	// UndecidedLate: so long after the last card that somebody else may stand before the camera.
	UndecidedLate Undecided = "late"
)
