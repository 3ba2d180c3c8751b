package consent

import "encoding/json"

// Policy is what the organisation decides beyond its forms.
type Policy struct {
	// ReaskDays is how many days before a consent ends its people are to be asked again.
	ReaskDays int
}

// The bounds of Policy.ReaskDays, and what it is until somebody decides.
const (
	MinReaskDays     = 1
	MaxReaskDays     = 365
	DefaultReaskDays = 60
)

// Policy is what stands.
func (s *State) Policy() Policy {
	if top := s.policy.top(); top != nil {
		return top.value
	}
	return Policy{ReaskDays: DefaultReaskDays}
}

// applyPolicy takes up a decision. One that is out of bounds is none.
func (s *State) applyPolicy(e Received) error {
	var body PolicyBody
	if err := json.Unmarshal(e.Body, &body); err != nil {
		return err
	}
	if body.ReaskDays >= MinReaskDays && body.ReaskDays <= MaxReaskDays {
		s.policy.write(e, Policy(body), neutral)
	}
	return nil
}
