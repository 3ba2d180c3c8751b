package capture

import (
	"slices"
	"strings"
	"unicode"

	"samtykke/app/consent"
)

// Likeness is one way in which two registrations look like one person.
type Likeness string

// The ways, the strongest first.
const (
	LikePhone    Likeness = "phone"     // the same phone
	LikeEmail    Likeness = "email"     // the same e-mail address
	LikeBirthday Likeness = "birthday"  // born on the same day
	LikeGuardian Likeness = "guardian"  // a guardian in common
	LikeYear     Likeness = "year"      // born in the same year
	LikeName     Likeness = "name"      // the same name
	LikeNearName Likeness = "near-name" // nearly the same name
	LikePartName Likeness = "part-name" // the one name is a part of the other
)

// traits are what tells whether two registrations are one person, ready for comparing.
type traits struct {
	id        consent.SubjectID
	words     []string // of the name in plain spelling, sorted
	joined    string   // the name without spaces
	first     string   // its first word
	phone     string
	email     string
	born      string
	group     string
	guardians []string // phones, e-mail addresses and names, in plain spelling
}

func traitsOf(p consent.Profile) traits {
	plain := strings.FieldsFunc(consent.Plain(p.Name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	t := traits{id: p.Subject, joined: strings.Join(plain, ""), phone: p.Phone, email: strings.ToLower(p.Email), born: p.Born,
		group: consent.Plain(p.Group)}
	if len(plain) > 0 {
		t.first = plain[0]
	}
	slices.Sort(plain)
	t.words = plain
	for _, g := range p.Guardians {
		for _, mark := range []string{g.Phone, strings.ToLower(g.Email), consent.Plain(g.Name)} {
			if mark != "" {
				t.guardians = append(t.guardians, mark)
			}
		}
	}
	return t
}

// like says in which ways two registrations look like one person; nothing when they do not. The name has to fit, for brothers and
// sisters share phone and e-mail; the year of birth may not contradict, for father and son share a name. A name alone counts when
// nothing else is known that could tell the two apart.
func (t *traits) like(o *traits) []Likeness {
	name := t.likeName(o)
	if name == "" || year(t.born) != "" && year(o.born) != "" && year(t.born) != year(o.born) {
		return nil
	}
	var why []Likeness
	if t.phone != "" && t.phone == o.phone {
		why = append(why, LikePhone)
	}
	if t.email != "" && t.email == o.email {
		why = append(why, LikeEmail)
	}
	if len(why) == 0 && len(t.born) > 4 && len(o.born) > 4 && t.born != o.born {
		return nil
	}
	switch {
	case t.born == "" || year(t.born) != year(o.born):
	case t.born == o.born && len(t.born) > 4:
		why = append(why, LikeBirthday)
	case name != LikePartName && (len(why) > 0 || !differs(t.group, o.group)):
		why = append(why, LikeYear)
	}
	if slices.ContainsFunc(t.guardians, func(mark string) bool { return slices.Contains(o.guardians, mark) }) {
		why = append(why, LikeGuardian)
	}
	if len(why) == 0 && (name == LikePartName || differs(t.phone, o.phone) || differs(t.email, o.email) || differs(t.group, o.group)) {
		return nil
	}
	return append(why, name)
}

func year(born string) string { return born[:min(4, len(born))] }

// differs tells whether two things are known and not the same.
func differs(a, b string) bool { return a != "" && b != "" && a != b }

// likeName tells how near two names are, in whatever order their words stand; "" when they are two names.
func (t *traits) likeName(o *traits) Likeness {
	if len(t.words) == 0 || len(o.words) == 0 {
		return ""
	}
	if slices.Equal(t.words, o.words) {
		return LikeName
	}
	if t.joined == o.joined {
		return LikeNearName
	}
	fewer, more := t, o
	if len(fewer.words) > len(more.words) {
		fewer, more = more, fewer
	}
	var taken [8]bool
	if len(more.words) > len(taken) {
		return ""
	}
	exact := true
	for _, word := range fewer.words {
		at := slices.Index(more.words, word)
		if at < 0 || taken[at] {
			exact = false
			at = -1
			for i, other := range more.words {
				if !taken[i] && nearWord(word, other) {
					at = i
					break
				}
			}
		}
		if at < 0 {
			return ""
		}
		taken[at] = true
	}
	switch {
	case len(fewer.words) == len(more.words):
		return LikeNearName
	case exact && slices.Contains(fewer.words, more.first):
		return LikePartName
	}
	return ""
}

// nearWord tells whether two words in plain spelling may be one, misspelled. Short words have to keep their consonants, so that
// Anne and Arne stay two; from five letters one mistake is enough for doubt, from eight
// two, or three that leave the consonants.
func nearWord(a, b string) bool {
	if a == b {
		return true
	}
	switch longer := max(len(a), len(b)); {
	case longer < 3 || a == "" || b == "":
		return false
	case longer < 5:
		return skeleton(a) == skeleton(b) && within(a, b, 1)
	case longer < 8:
		return within(a, b, 1)
	}
	return within(a, b, 2) || skeleton(a) == skeleton(b) && within(a, b, 3)
}

// within tells whether two words are at most so many letters added, left out or changed apart (Levenshtein's distance, in bytes).
func within(a, b string, mistakes int) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > mistakes {
		return false
	}
	for len(a) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	switch {
	case len(a) == 0:
		return len(b) <= mistakes
	case mistakes == 0:
		return false
	}
	return within(a[1:], b[1:], mistakes-1) || within(a, b[1:], mistakes-1) || within(a[1:], b, mistakes-1)
}

// skeleton is what of a word in plain spelling survives most misspellings: its consonants, each once, those that sound alike as one.
func skeleton(word string) string {
	var bones []byte
	for i := range len(word) {
		letter := word[i]
		switch letter {
		case 'a', 'e', 'i', 'o', 'u', 'y':
			continue
		case 'h':
			if i > 0 {
				continue
			}
		case 'w':
			letter = 'v'
		case 'z':
			letter = 's'
		case 'c', 'q':
			letter = 'k'
		}
		if n := len(bones); n == 0 || bones[n-1] != letter {
			bones = append(bones, letter)
		}
	}
	return string(bones)
}
