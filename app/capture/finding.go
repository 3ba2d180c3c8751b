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
	for id := range s.finder.present[q.Shoot] {
		if at, ok := s.finder.at[id]; ok {
			best.consider(&s.finder.people[at], needles)
		}
	}
	found := best.sorted()
	if !q.OnlyShoot && (q.Limit == 0 || len(found) < q.Limit) {
		rest := ranking{limit: max(q.Limit-len(found), 0), state: s.state, without: map[consent.SubjectID]bool{}}
		for _, h := range found {
			rest.without[h.id] = true
		}
		for i := range s.finder.people {
			rest.consider(&s.finder.people[i], needles)
		}
		found = append(found, rest.sorted()...)
	}
	people := make([]Person, 0, len(found))
	for _, h := range found {
		if !s.isErased(h.id) { // the code that is left of them finds nobody
			people = append(people, s.person(h.id))
		}
	}
	return people
}

// finder has what can be searched of everybody in plain spelling. The session brings it up to date with each change.
type finder struct {
	people []findable
	at     map[consent.SubjectID]int
	// present is who was registered or signed at each shoot.
	present map[consent.ShootID]map[consent.SubjectID]bool
}

// findable is one person. The text begins with the name and has one field on each line, words set apart by one space; it begins and
// ends with a line feed.
type findable struct {
	id   consent.SubjectID
	text string
}

func newFinder() finder {
	return finder{at: map[consent.SubjectID]int{}, present: map[consent.ShootID]map[consent.SubjectID]bool{}}
}

// take adds a person, or replaces what is known of them.
func (f *finder) take(id consent.SubjectID, code consent.Code, p consent.Profile) {
	at, known := f.at[id]
	if !known {
		at = len(f.people)
		f.at[id] = at
		f.people = append(f.people, findable{id: id})
	}
	f.people[at].text = plainPerson(code, p)
}

// attend notes at which shoot somebody was.
func (f *finder) attend(e consent.Envelope) {
	if e.Shoot == "" || e.Subject == "" || e.Asset != "" {
		return
	}
	if f.present[e.Shoot] == nil {
		f.present[e.Shoot] = map[consent.SubjectID]bool{}
	}
	f.present[e.Shoot][e.Subject] = true
}

// plainPerson is what a person can be found by.
func plainPerson(code consent.Code, p consent.Profile) string {
	var b strings.Builder
	line := func(text string) {
		b.WriteString(text)
		b.WriteByte('\n')
	}
	line("")
	line(consent.Plain(p.Name))
	line(plainCode(code))
	line(digits(p.Phone))
	line(consent.Plain(p.Email))
	for _, g := range p.Guardians {
		line(consent.Plain(g.Name))
		line(digits(g.Phone))
		line(consent.Plain(g.Email))
	}
	line(consent.Plain(p.Group))
	line(consent.Plain(p.Notes))
	return b.String()
}

func plainCode(code consent.Code) string {
	return consent.Plain(strings.ReplaceAll(string(code), "-", ""))
}

func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, text)
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
	text string
	id   consent.SubjectID
}

func (h hit) compare(other hit) int {
	return cmp.Or(h.rank-other.rank, strings.Compare(h.text, other.text), strings.Compare(string(h.id), string(other.id)))
}

// ranking keeps the best hits.
type ranking struct {
	limit   int // 0: all
	state   *consent.State
	without map[consent.SubjectID]bool // who has been found before
	hits    []hit                      // in order when there is a limit
	merged  bool                       // somebody was found by a name that was merged away
}

func (r *ranking) consider(f *findable, needles []string) {
	worst := fitsWhole
	for _, needle := range needles {
		if worst = max(worst, fit(f.text, needle)); worst == fitsNot {
			return
		}
	}
	rank := 2 * worst
	if len(needles) > 0 && !strings.HasPrefix(f.text[1:], needles[0]) {
		rank++
	}
	h := hit{rank: rank, text: f.text, id: r.state.Canonical(f.id)}
	if full := r.limit > 0 && len(r.hits) == r.limit; full && h.compare(r.hits[r.limit-1]) >= 0 {
		return
	}
	if r.without[h.id] {
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
	if r.limit == 0 {
		r.hits = append(r.hits, h)
		return
	}
	at, _ := slices.BinarySearchFunc(r.hits, h, hit.compare)
	r.hits = slices.Insert(r.hits, at, h)
	r.hits = r.hits[:min(len(r.hits), r.limit)]
}

func (r *ranking) sorted() []hit {
	if r.limit == 0 {
		slices.SortFunc(r.hits, hit.compare)
	}
	return r.hits
}
