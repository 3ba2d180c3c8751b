package evidence

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"samtykke/app/consent"
)

// envelopeMembers are the members of an envelope, by their exact names.
var envelopeMembers = []string{"v", "id", "type", "device", "seq", "prev", "at", "tz", "subject", "shoot", "asset", "body"}

// ErrAmbiguous is returned when two honest readers could understand an envelope in two ways, or an identifier in it could pass for
// something else.
var ErrAmbiguous = errors.New("can be read in two ways")

// unambiguous refuses envelopes with a member whose name differs from a known one in case alone (this reader takes it for that member,
// most others do not) and with identifiers that are none: they become names of files.
func unambiguous(raw json.RawMessage, e consent.Envelope) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return fmt.Errorf("read members: %w", err)
	}
	for _, known := range envelopeMembers {
		delete(members, known)
	}
	for name := range members {
		for _, known := range envelopeMembers {
			if strings.EqualFold(name, known) {
				return fmt.Errorf("it has a member %q: %w", name, ErrAmbiguous)
			}
		}
	}
	for _, id := range []string{string(e.ID), string(e.Subject), string(e.Shoot), string(e.Asset)} {
		if !identifies(id) {
			return fmt.Errorf("%q identifies nothing: %w", id[:min(len(id), maxIdentifier)], ErrAmbiguous)
		}
	}
	return nil
}

// maxIdentifier is the length of the longest identifier, a SHA-256 in hex.
const maxIdentifier = 64

// identifies tells whether a text can be an identifier, or is none at all.
func identifies(id string) bool {
	return len(id) <= maxIdentifier && !strings.ContainsFunc(id, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '-' && r != '_'
	})
}
