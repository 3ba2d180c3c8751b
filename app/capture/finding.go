package capture

import (
	"cmp"
	"slices"
	"strings"

	"samtykke/app/consent"
)

// Search is what somebody looks for among the people.
type Search struct {
	// Text is any part of a name, phone, e-mail, code, group, guardian or note; of several words all have to fit, in any order.
	Text string
	// Shoot puts the people of one shoot first; OnlyShoot leaves all others out.
	Shoot     consent.ShootID
	OnlyShoot bool
	Limit     int // how many are wanted, the best first; 0: all
}

// Find lists the people whom a text may mean, however it is spelled (å as aa or a, ø as o; phone numbers with or without spaces
// and country code). Whole words count more than beginnings of words, these more than what lies inside, and names that begin so
// more than others. Somebody who was merged into another is found by both names, as the one who stands.
func (s *Session) Find(q Search) []Person {
	s.mu.RLock()
	defer s.mu.RUnlock()
	needles := needlesOf(q.Text)
	if code, err := consent.ParseCode(q.Text); err == nil {
		if _, known := s.state.SubjectByCode(code); known {
			needles = []string{plainCode(code)}
		}
	}
	best := ranking{limit: q.Limit, state: s.state}
	for _, word := range needles {
		best.needles = append(best.needles, needleOf(word))
	}
	for id := range s.finder.present[q.Shoot] {
		if at, ok := s.finder.at[id]; ok {
			best.consider(&s.finder, at)
		}
	}
	found := best.sorted()
	if !q.OnlyShoot && (q.Limit == 0 || len(found) < q.Limit) {
		rest := ranking{needles: best.needles, limit: max(q.Limit-len(found), 0), state: s.state, without: map[consent.SubjectID]bool{}}
		for _, h := range found {
			rest.without[h.id] = true
		}
		for at := range s.finder.people {
			rest.consider(&s.finder, at)
		}
		found = append(found, rest.sorted()...)
	}
	people := make([]Person, 0, len(found))
	for _, h := range found {
		if !s.isErased(h.id) {
			people = append(people, s.person(h.id))
			continue
		}
		for _, id := range s.living(h.id) { // nobody, as a rule: the code that is left finds nobody
			people = append(people, s.person(id))
		}
	}
	return people
}

// phoneDigits is how many digits in a row, spaces between, are taken for one number and no longer for several.
const phoneDigits = 5

// needlesOf are the words of a search, in plain spelling. A phone number is one word however it is typed.
func needlesOf(text string) []string {
	var needles, number []string
	finish := func() {
		joined := strings.TrimPrefix(digits(strings.Join(number, "")), "00")
		if len(joined) >= phoneDigits {
			number = []string{joined}
		}
		for _, part := range number {
			if part = digits(part); part != "" {
				needles = append(needles, part)
			}
		}
		number = nil
	}
	for _, word := range strings.Fields(consent.Plain(text)) {
		if strings.Trim(word, "+().0123456789") == "" {
			number = append(number, word)
			continue
		}
		finish()
		needles = append(needles, word)
	}
	finish()
	return needles
}

// How well a text fits, the best first.
const (
	fitsWhole = iota
	fitsBeginning
	fitsInside
	fitsNot
)

// fit tells how well a needle fits a findable text.
func fit(text, needle string) int {
	best := fitsNot
	for from := 0; ; {
		at := strings.Index(text[from:], needle)
		if at < 0 {
			return best
		}
		at += from
		end := at + len(needle)
		switch {
		case text[at-1] != ' ' && text[at-1] != '\n':
			best = min(best, fitsInside)
		case text[end] == ' ' || text[end] == '\n':
			return fitsWhole
		default:
			best = fitsBeginning
		}
		from = end
	}
}

// hit is a person who was found, and how well.
type hit struct {
	rank int
	name uint64 // how the name begins, see initials
	text string
	id   consent.SubjectID
}

func (h hit) compare(other hit) int {
	if h.rank != other.rank {
		return h.rank - other.rank
	}
	if h.name != other.name { // most hits end here, and their texts need not be fetched
		return cmp.Compare(h.name, other.name)
	}
	return cmp.Or(strings.Compare(h.text, other.text), strings.Compare(string(h.id), string(other.id)))
}

// ranking keeps the best hits.
type ranking struct {
	needles []needle
	limit   int // 0: all
	state   *consent.State
	without map[consent.SubjectID]bool // who has been found before
	hits    []hit                      // in order, and each once, when there is a limit
	merged  bool                       // with a limit: somebody was found by a name that was merged away
}

func (r *ranking) consider(all *finder, at int) {
	m := &all.marks[at]
	best := fitsWhole // no needle can fit better than its marks tell
	for i := range r.needles {
		if best = max(best, r.needles[i].mayFit(m)); best == fitsNot {
			return
		}
	}
	full := r.limit > 0 && len(r.hits) == r.limit
	if full && 2*best > r.hits[r.limit-1].rank {
		return
	}
	f := &all.people[at]
	begins := len(r.needles) == 0 || r.needles[0].begins(m, f)
	h := hit{rank: rank(best, begins), name: f.initials, text: f.text, id: f.id}
	if full && h.compare(r.hits[r.limit-1]) >= 0 {
		return
	}
	worst := fitsWhole
	for _, n := range r.needles {
		if worst = max(worst, fit(f.text, n.word)); worst == fitsNot {
			return
		}
	}
	h.rank, h.id = rank(worst, begins), r.state.Canonical(f.id)
	if full && h.compare(r.hits[r.limit-1]) >= 0 {
		return
	}
	if r.without[h.id] {
		return
	}
	if r.limit == 0 {
		r.hits = append(r.hits, h)
		return
	}
	if r.merged = r.merged || h.id != f.id; r.merged {
		if at := slices.IndexFunc(r.hits, func(other hit) bool { return other.id == h.id }); at >= 0 {
			if r.hits[at].compare(h) <= 0 {
				return
			}
			r.hits = slices.Delete(r.hits, at, at+1)
		}
	}
	place, _ := slices.BinarySearchFunc(r.hits, h, hit.compare)
	r.hits = slices.Insert(r.hits, place, h)
	r.hits = r.hits[:min(len(r.hits), r.limit)]
}

// rank puts the names that begin with what was typed before the others that fit as well.
func rank(fits int, begins bool) int {
	if begins {
		return 2 * fits
	}
	return 2*fits + 1
}

// sorted are the hits in order, each person once, by the name that fits best.
func (r *ranking) sorted() []hit {
	if r.limit > 0 {
		return r.hits
	}
	slices.SortFunc(r.hits, hit.compare)
	seen := make(map[consent.SubjectID]bool, len(r.hits))
	return slices.DeleteFunc(r.hits, func(h hit) bool {
		again := seen[h.id]
		seen[h.id] = true
		return again
	})
}
