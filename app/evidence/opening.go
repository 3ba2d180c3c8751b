package evidence

import (
	"bytes"
	"encoding/json"
	"strconv"

	"samtykke/app/consent"
)

// openCanonical reads an envelope in the one form in which this program writes it: canonical JSON without escapes, its members in
// their order. Half a million are read at every start, and reading them as any JSON takes several times as long. What is not of this
// form is left to the general reader, which answers the same for what is; a fuzz target holds the two together. The body is part of
// raw, and whether it is JSON is for whoever reads it to see.
func openCanonical(raw []byte) (e consent.Envelope, ok bool) {
	s := scanner{rest: raw}
	s.token(`{`)
	e.Asset = consent.AssetID(s.optional("asset"))
	at := s.text("at")
	s.token(`"body":`)
	e.Body = s.object()
	s.token(`,`)
	e.Device = consent.Shared(consent.DeviceID(s.text("device")))
	e.ID = consent.EventID(s.text("id"))
	e.Prev = string(s.text("prev"))
	e.Seq = s.number("seq")
	e.Shoot = consent.Shared(consent.ShootID(s.optional("shoot")))
	e.Subject = consent.SubjectID(s.optional("subject"))
	e.Type = consent.Shared(consent.EventType(s.text("type")))
	e.TZ = consent.Shared(string(s.text("tz")))
	s.token(`"v":1}`)
	e.V = 1
	if s.failed || len(s.rest) > 0 {
		return consent.Envelope{}, false
	}
	return e, e.At.UnmarshalText(at) == nil
}

// scanner reads what it expects from the front of a text; once it met something else it has failed.
type scanner struct {
	rest   []byte
	failed bool
}

func (s *scanner) token(want string) {
	rest, found := bytes.CutPrefix(s.rest, []byte(want))
	if s.failed = s.failed || !found; found {
		s.rest = rest
	}
}

// optional reads a member that may be absent, with the comma after it.
func (s *scanner) optional(name string) []byte {
	if !bytes.HasPrefix(s.rest, []byte(`"`+name+`":`)) {
		return nil
	}
	return s.text(name)
}

// text reads a member whose value is a string of plain ASCII, with the comma after it.
func (s *scanner) text(name string) []byte {
	s.token(`"` + name + `":"`)
	if s.failed {
		return nil
	}
	for i, c := range s.rest {
		switch {
		case c == '"':
			value := s.rest[:i]
			s.rest = s.rest[i+1:]
			s.token(`,`)
			return value
		case c < ' ' || c > '~' || c == '\\':
			s.failed = true
			return nil
		}
	}
	s.failed = true
	return nil
}

// number reads a member that is a whole number without sign, with the comma after it.
func (s *scanner) number(name string) uint64 {
	s.token(`"` + name + `":`)
	end := bytes.IndexByte(s.rest, ',')
	if s.failed || end < 1 || (s.rest[0] == '0' && end > 1) || s.rest[0] == '+' {
		s.failed = true
		return 0
	}
	n, err := strconv.ParseUint(string(s.rest[:end]), 10, 64)
	s.failed, s.rest = s.failed || err != nil, s.rest[end+1:]
	return n
}

// object reads a value in braces.
func (s *scanner) object() json.RawMessage {
	depth, quoted := 0, false
	s.failed = s.failed || !bytes.HasPrefix(s.rest, []byte("{"))
	for i := 0; i < len(s.rest) && !s.failed; i++ {
		switch c := s.rest[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{':
			depth++
		case c == '}':
			depth--
		}
		if depth == 0 && !quoted {
			value := s.rest[:i+1]
			s.rest = s.rest[i+1:]
			return value
		}
	}
	s.failed = true
	return nil
}
