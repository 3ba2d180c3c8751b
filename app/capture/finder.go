package capture

import (
	"encoding/binary"
	"strings"

	"samtykke/app/consent"
)

// finder has what can be searched of everybody in plain spelling. The session brings it up to date with each change.
type finder struct {
	people []findable
	marks  []marks // of each of the people: in a place of their own, since a search passes over most people by these alone
	at     map[consent.SubjectID]int
	// present is who was registered or signed at each shoot.
	present map[consent.ShootID]map[consent.SubjectID]bool
}

// findable is one person. The text begins with the name and has one field on each line, words set apart by one space; it begins and
// ends with a line feed.
type findable struct {
	id       consent.SubjectID
	initials uint64 // of the name, see initials
	text     string
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
		f.people, f.marks = append(f.people, findable{id: id}), append(f.marks, marks{})
	}
	f.people[at].text, f.people[at].initials = plainPerson(code, p), initials(p.Name)
	f.marks[at] = marksOf(f.people[at].text)
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

// marks say at a glance what cannot be in a text. The sets of bits are Bloom filters: a bit that is missing proves that no
// word has what the bit stands for.
type marks struct {
	pairs  [8]uint64 // every letter, and every two letters in a row
	starts [2]uint64 // the first one, two and three letters of every word
	wholes [2]uint64 // every word
	name   uint64    // the first eight letters of the text
}

func marksOf(text string) marks {
	var m marks
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ' ' || r == '\n' }) {
		n := needleOf(word)
		for i := range m.pairs {
			m.pairs[i] |= n.pairs[i]
		}
		for i := range m.starts {
			m.starts[i] |= n.starts[i]
			m.wholes[i] |= n.wholes[i]
		}
	}
	m.name = beginning(text[1:])
	return m
}

// beginning is the first eight bytes of a text as a number.
func beginning(text string) uint64 {
	var first [8]byte
	copy(first[:], text)
	return binary.BigEndian.Uint64(first[:])
}

// needle is one word of a search with its marks.
type needle struct {
	word string
	marks
	length uint64 // ones where the name has letters of the word
}

func needleOf(word string) needle {
	n := needle{word: word, length: ^(^uint64(0) >> (8 * min(len(word), 8)))}
	n.name = beginning(word)
	for i := range len(word) {
		setBit(n.pairs[:], spread(uint32(word[i])))
		if i > 0 {
			setBit(n.pairs[:], spread(uint32(word[i-1])<<8|uint32(word[i])))
		}
	}
	whole := uint32(2166136261)
	for i := range len(word) {
		if whole = (whole ^ uint32(word[i])) * 16777619; i < 3 {
			setBit(n.starts[:], spread(whole))
		}
	}
	setBit(n.wholes[:], spread(whole))
	return n
}

func spread(hash uint32) uint32 { return hash * 2654435761 >> 16 }

func setBit(set []uint64, hash uint32) {
	at := hash % uint32(64*len(set))
	set[at/64] |= 1 << (at % 64)
}

// begins tells whether a person's name begins with the needle.
func (n *needle) begins(m *marks, f *findable) bool {
	return m.name&n.length == n.name && (len(n.word) <= 8 || strings.HasPrefix(f.text[1:], n.word))
}

// mayFit is how well a needle can fit a text with these marks at best.
func (n *needle) mayFit(m *marks) int {
	for i, want := range n.pairs {
		if m.pairs[i]&want != want {
			return fitsNot
		}
	}
	switch {
	case n.starts[0]&^m.starts[0]|n.starts[1]&^m.starts[1] != 0:
		return fitsInside
	case n.wholes[0]&^m.wholes[0]|n.wholes[1]&^m.wholes[1] != 0:
		return fitsBeginning
	}
	return fitsWhole
}
