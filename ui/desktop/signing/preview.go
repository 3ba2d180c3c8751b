package signing

import (
	"time"

	"samtykke/app/consent"
)

// Preview lets somebody walk through a form as its subjects do. A request with a preview has no session: there is nothing that anything
// could be stored in.
type Preview struct {
	Form  *consent.Form
	Clock func() time.Time
	// Done is called where a subject would have signed.
	Done func()
}

// now is the time by which ages count.
func (f *Flow) now() time.Time {
	if f.request.Preview != nil {
		return f.request.Preview.Clock()
	}
	return f.request.Session.Clock()
}
