package consent

import (
	"crypto/sha256"
	"encoding/json"
	"unique"
)

// answerSets keeps each set of answers once, by the hash of its text: a hundred thousand people give a few hundred different ones,
// and a form has two dozen scopes. Nobody changes a set that was read.
type answerSets map[[sha256.Size]byte]map[Scope]Decision

// readDecided reads the body of consent.decided.
func (sets answerSets) readDecided(raw json.RawMessage) (*DecidedBody, error) {
	var read struct {
		DecidedBody
		Answers json.RawMessage `json:"answers"` // in the place of the body's own
	}
	if err := json.Unmarshal(raw, &read); err != nil {
		return nil, err
	}
	body := read.DecidedBody
	body.Form, body.Language = Shared(body.Form), Shared(body.Language)
	if len(read.Answers) == 0 {
		return &body, nil
	}
	name := sha256.Sum256(read.Answers)
	answers, known := sets[name]
	if !known {
		if err := json.Unmarshal(read.Answers, &answers); err != nil {
			return nil, err
		}
		sets[name] = answers
	}
	body.Answers = answers
	return &body, nil
}

// Shared is a text that many events repeat, kept in memory once.
func Shared[T ~string](text T) T { return T(unique.Make(string(text)).Value()) }
