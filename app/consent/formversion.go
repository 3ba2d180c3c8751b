package consent

import (
	"cmp"
	"maps"
	"strconv"
	"strings"
)

// CompareVersions orders the versions of a form: part by part, numbers by their value, so that 2026.10 comes after 2026.9 and 2026.1
// after 2026. Parts that are no numbers, which only forms of before have, come after numbers and go by their letters.
func CompareVersions(a, b string) int {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(as), len(bs)) {
		x, errX := strconv.ParseUint(as[i], 10, 64)
		y, errY := strconv.ParseUint(bs[i], 10, 64)
		c := strings.Compare(as[i], bs[i])
		switch {
		case errX == nil && errY == nil:
			c = cmp.Compare(x, y)
		case errX == nil:
			c = -1
		case errY == nil:
			c = 1
		}
		if c != 0 {
			return c
		}
	}
	return cmp.Compare(len(as), len(bs))
}

// Newer tells whether a published form replaces another of the same key: by its version, then the day it was published, then its
// hash, so that every device comes to the same one in whatever order it learns of them (design §3.5).
func (f *Form) Newer(hash FormHash, other *Form, otherHash FormHash) bool {
	return cmp.Or(CompareVersions(f.Version, other.Version), strings.Compare(f.Published, other.Published),
		strings.Compare(string(hash), string(otherHash))) > 0
}

// Forms are the forms that are known, by their hashes.
func (s *State) Forms() map[FormHash]*Form { return maps.Clone(s.forms) }

// AskedBy counts how many consent records were signed on each form.
func (s *State) AskedBy() map[FormHash]int {
	signed := map[FormHash]int{}
	for _, r := range s.records {
		signed[r.act.decided.Form]++
	}
	return signed
}

// MustAnswer lists the scopes that a person cannot leave open: those of every channel that is not optional.
func (f *Form) MustAnswer() []Scope {
	var scopes []Scope
	for _, c := range f.Channels {
		if c.Optional {
			continue
		}
		for _, m := range f.Media {
			scopes = append(scopes, Scope{c.Key, m})
		}
	}
	return scopes
}
