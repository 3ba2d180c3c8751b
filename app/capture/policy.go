package capture

import (
	"context"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// Policy is what the organisation has decided beyond its forms.
func (s *Session) Policy() consent.Policy {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.state.Policy()
}

// SetPolicy records a decision, for every device of the organisation.
func (s *Session) SetPolicy(ctx context.Context, p consent.Policy) error {
	if p.ReaskDays < consent.MinReaskDays || p.ReaskDays > consent.MaxReaskDays {
		return problem.New(problem.Invalid, "reask-days-wrong",
			"People cannot be asked again {{.days}} days before their consent ends; nothing was changed; choose {{.min}} to {{.max}} days.",
			"days", p.ReaskDays, "min", consent.MinReaskDays, "max", consent.MaxReaskDays)
	}
	return s.change(ctx, func(c *change) error {
		_, err := c.sign(evidence.Draft{Type: consent.PolicyChanged, Body: consent.PolicyBody(p)})
		return err
	})
}
