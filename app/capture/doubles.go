package capture

import (
	"cmp"
	"context"
	"hash/maphash"
	"slices"
	"strings"

	"samtykke/app/consent"
	"samtykke/app/problem"
	"samtykke/assets"
)

// Double is a suspicion: two registrations that may be one person. Only people decide; see Merge and Different.
type Double struct {
	A, B Person
	Why  []Likeness
}

// In says in a language why the two may be one person.
func (d Double) In(language string) string {
	texts := assets.NewTexts(language)
	words := make([]string, len(d.Why))
	for i, why := range d.Why {
		words[i] = texts.T("likeness."+string(why), nil)
	}
	return strings.Join(words, ", ")
}

// DoublesOf lists who may be the same person as A, the likeliest first.
func (s *Session) DoublesOf(id consent.SubjectID) []Double {
	s.mu.RLock()
	defer s.mu.RUnlock()
	id = s.state.Canonical(id)
	profile, known := s.profiles[id]
	if !known {
		return nil
	}
	one := traitsOf(profile)
	var doubles []Double
	for other, p := range s.profiles {
		if other == id || s.state.Canonical(other) != other || s.different[pairOf(id, other)] {
			continue
		}
		two := traitsOf(p)
		if why := s.alike(&one, &two); why != nil {
			doubles = append(doubles, Double{A: s.person(id), B: s.person(other), Why: why})
		}
	}
	sortDoubles(doubles)
	return doubles
}

// Doubles lists everybody who may be registered twice, or those of whom one is at a shoot, the likeliest first.
func (s *Session) Doubles(shoot consent.ShootID) []Double {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var everybody []traits
	for id, p := range s.profiles {
		if s.state.Canonical(id) == id {
			everybody = append(everybody, traitsOf(p))
		}
	}
	here := map[consent.SubjectID]bool{}
	for id := range s.finder.present[shoot] {
		here[s.state.Canonical(id)] = true
	}
	var doubles []Double
	judged := map[pair]bool{}
	eachBlock(everybody, func(a, b *traits) {
		why := s.alike(a, b)
		if why == nil {
			return
		}
		both := pairOf(a.id, b.id)
		if judged[both] || s.different[both] || shoot != "" && !here[a.id] && !here[b.id] {
			return
		}
		judged[both] = true
		doubles = append(doubles, Double{A: s.person(both[0]), B: s.person(both[1]), Why: why})
	})
	sortDoubles(doubles)
	return doubles
}

// alike is like for two who may be described and not named, because they are not to be photographed: two red jackets are not one
// person, unless one phone or e-mail address is given for both.
func (s *Session) alike(a, b *traits) []Likeness {
	return alike(a, b, func(id consent.SubjectID) bool {
		sub, _ := s.state.Subject(id)
		return sub.Avoid
	})
}

func alike(a, b *traits, avoided func(consent.SubjectID) bool) []Likeness {
	why := a.like(b)
	if why == nil || slices.Contains(why, LikePhone) || slices.Contains(why, LikeEmail) {
		return why
	}
	if avoided(a.id) || avoided(b.id) {
		return nil
	}
	return why
}

func sortDoubles(doubles []Double) {
	slices.SortFunc(doubles, func(x, y Double) int {
		return cmp.Or(len(y.Why)-len(x.Why), strings.Compare(string(x.A.Code), string(y.A.Code)), strings.Compare(string(x.B.Code), string(y.B.Code)))
	})
}

// crowd is how many people may share a key before it says nothing: so many Ola Hansens are not one.
const crowd = 64

// eachBlock calls fn for every two registrations that have something in common, instead of for every two: at least those whom like
// finds alike share one of the keys, unless a whole crowd does.
func eachBlock(everybody []traits, fn func(a, b *traits)) {
	type keyed struct {
		key uint64
		at  int
	}
	keys := make([]keyed, 0, 10*len(everybody))
	seed := maphash.MakeSeed()
	for at := range everybody {
		everybody[at].keys(func(parts ...string) {
			var h maphash.Hash
			h.SetSeed(seed)
			for _, part := range parts {
				_, _ = h.WriteString(part) // a hash takes everything
				_ = h.WriteByte(0)
			}
			keys = append(keys, keyed{h.Sum64(), at})
		})
	}
	slices.SortFunc(keys, func(a, b keyed) int { return cmp.Compare(a.key, b.key) })
	for len(keys) > 0 {
		n := 1
		for n < len(keys) && keys[n].key == keys[0].key {
			n++
		}
		for i := 1; i < n && n <= crowd; i++ {
			for j := range i {
				if keys[i].at != keys[j].at {
					fn(&everybody[keys[i].at], &everybody[keys[j].at])
				}
			}
		}
		keys = keys[n:]
	}
}

// keys are what a registration has in common with others of the same person: contacts, and the name in spite of misspellings.
func (t *traits) keys(add func(parts ...string)) {
	if len(t.words) == 0 {
		return
	}
	initials := make([]byte, len(t.words))
	bones := make([]string, len(t.words))
	for i, word := range t.words {
		initials[i], bones[i] = word[0], skeleton(word)
	}
	if t.phone != "" {
		add("contact", t.phone)
	}
	if t.email != "" {
		add("contact", t.email)
	}
	for _, mark := range t.guardians {
		add("guardian", mark)
	}
	whole := strings.Join(bones, " ")
	add("name", whole)
	add("name and year", whole, year(t.born))
	add("joined", skeleton(t.joined))
	if len(t.born) > 4 {
		add("birthday", t.born, t.joined[:1])
	}
	for i, word := range t.words { // one word right, of the others at least how they begin
		if len(t.words) > 1 {
			add("word", word, string(initials[:i]), string(initials[i+1:]))
		}
	}
}

// pair is two registrations, the smaller identifier first.
type pair [2]consent.SubjectID

func pairOf(a, b consent.SubjectID) pair { return pair{min(a, b), max(a, b)} }

// Different remembers that two registrations are two people, so that nobody is asked again.
func (s *Session) Different(ctx context.Context, a, b consent.SubjectID) error {
	return s.change(ctx, func(c *change) error {
		for _, id := range []*consent.SubjectID{&a, &b} {
			*id = s.state.Canonical(*id)
			if _, err := s.knownProfile(*id); err != nil {
				return err
			}
		}
		if a == b {
			return problem.New(problem.Conflict, "same-person",
				"These two are one person in this vault; nothing was changed; take them apart with \"subject unmerge\" first.")
		}
		var pairs []pair
		if _, err := c.Setting(settingDifferent, &pairs); err != nil {
			return err
		}
		both := pairOf(a, b)
		if slices.Contains(pairs, both) {
			return nil
		}
		c.then(func() { s.different[both] = true })
		return c.PutSetting(settingDifferent, append(pairs, both))
	})
}

// loadDifferent reads who was judged not to be the same person.
func (s *Session) loadDifferent(tx Tx) error {
	var pairs []pair
	if _, err := tx.Setting(settingDifferent, &pairs); err != nil {
		return err
	}
	for _, p := range pairs {
		s.different[p] = true
	}
	return nil
}
