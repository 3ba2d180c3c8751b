package consent

import (
	"fmt"
	"slices"
	"strings"

	"samtykke/app/problem"
)

// Channel is where material is shown, by its machine key in the form: "web", "social", "print" and so on.
type Channel string

// MediaKind is what kind of recording of a person it is about.
type MediaKind string

// The media kinds.
const (
	Photo MediaKind = "photo"
	Video MediaKind = "video"
	Audio MediaKind = "audio"
)

// Scope is one thing that can be said yes or no to: a media kind in a channel. It is written "web:photo".
type Scope struct {
	Channel Channel
	Media   MediaKind
}

// String is the written form, "channel:media".
func (s Scope) String() string { return string(s.Channel) + ":" + string(s.Media) }

// MarshalText writes the scope as "channel:media", also as a JSON object key.
func (s Scope) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads "channel:media". Whether the scope belongs to a form is not its business.
func (s *Scope) UnmarshalText(text []byte) error {
	channel, media, ok := strings.Cut(string(text), ":")
	if !ok || channel == "" || media == "" {
		return fmt.Errorf("scope %q is not written channel:media", text)
	}
	s.Channel, s.Media = Channel(channel), MediaKind(media)
	return nil
}

// CompareScopes orders scopes by their written form.
func CompareScopes(a, b Scope) int { return strings.Compare(a.String(), b.String()) }

// ParseScopes reads a comma list of scopes of the form. "web:*" is every kind in a channel, "*:photo" a kind in every channel,
// "*:*" and "all" everything. A channel or kind the form does not have is a problem that names what there is.
func ParseScopes(list string, form *Form) ([]Scope, error) {
	found := map[Scope]bool{}
	for part := range strings.SplitSeq(list, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		if part == "all" {
			part = "*:*"
		}
		channel, media, ok := strings.Cut(part, ":")
		matched := false
		if ok {
			for _, s := range form.Scopes() {
				if (channel == "*" || channel == string(s.Channel)) && (media == "*" || media == string(s.Media)) {
					found[s], matched = true, true
				}
			}
		}
		if !matched {
			return nil, problem.New(problem.Invalid, "unknown-scope",
				"The form {{.form}} has no scope {{.scope}}; nothing was saved; write channel:kind with the channels {{.channels}} and the kinds {{.kinds}}.",
				"form", form.Key, "scope", part, "channels", join(form.channelKeys()), "kinds", join(form.Media))
		}
	}
	return SortedScopes(found), nil
}

// SortedScopes lists the keys of a set of scopes in their written order.
func SortedScopes[V any](set map[Scope]V) []Scope {
	scopes := make([]Scope, 0, len(set))
	for s := range set {
		scopes = append(scopes, s)
	}
	slices.SortFunc(scopes, CompareScopes)
	return scopes
}

func join[T ~string](words []T) string {
	plain := make([]string, len(words))
	for i, w := range words {
		plain[i] = string(w)
	}
	return strings.Join(plain, ", ")
}
