package capture

import (
	"slices"
	"strings"
	"time"

	"samtykke/app/consent"
	"samtykke/app/problem"
)

// WhoIs finds the person whom somebody means by a text: an identifier, a short code, or a name that fits exactly one person of the
// shoot; of everybody when shoot is "". A name fits when each of its words begins a word of the person's name; whoever has just these
// words goes before others. When several fit, or none, the problem has the codes that may help and never the name.
func (s *Session) WhoIs(shoot consent.ShootID, text string) (consent.SubjectID, error) {
	text = strings.TrimSpace(text)
	if id, err := s.Resolve(text); err == nil {
		return id, nil
	}
	if _, err := consent.ParseCode(text); err == nil || consent.Plain(text) == "" { // a code of nobody is no name
		return "", subjectUnknown(text)
	}
	here := s.named(Search{Text: text, Shoot: shoot, OnlyShoot: shoot != ""})
	switch {
	case len(here) == 1:
		return here[0].ID, nil
	case len(here) > 1:
		return "", problem.New(problem.Invalid, "name-several",
			"{{.count}} people at this shoot fit that name: {{.codes}}; nothing was changed; name the one you mean by code.", "count", len(here), "codes", someCodes(here))
	}
	if elsewhere := s.named(Search{Text: text}); shoot != "" && len(elsewhere) > 0 {
		return "", problem.New(problem.NotFound, "name-elsewhere",
			"Nobody at this shoot has that name, but elsewhere {{.codes}} do; nothing was changed; name the one you mean by code.", "codes", someCodes(elsewhere))
	}
	return "", problem.New(problem.NotFound, "name-nobody",
		"Nobody at this shoot has that name; nothing was changed; name the person by code, or register them first.")
}

// WhoAre is WhoIs for several texts. Who is named twice is there once.
func (s *Session) WhoAre(shoot consent.ShootID, texts []string) ([]consent.SubjectID, error) {
	people := make([]consent.SubjectID, len(texts))
	for n, text := range texts {
		var err error
		if people[n], err = s.WhoIs(shoot, text); err != nil {
			return nil, err
		}
	}
	return once(people), nil
}

// named are the people whose name a search fits; those who have no other words in their name alone, if there are any.
func (s *Session) named(q Search) []Person {
	words := strings.Fields(consent.Plain(q.Text))
	fits := func(whole bool) func(Person) bool {
		return func(p Person) bool {
			name := strings.Fields(consent.Plain(p.Profile.Name))
			if p.Erased || (whole && len(name) != len(words)) {
				return false
			}
			for _, word := range words {
				at := slices.IndexFunc(name, func(n string) bool { return n == word || (!whole && strings.HasPrefix(n, word)) })
				if at < 0 {
					return false
				}
				name = slices.Delete(name, at, at+1)
			}
			return true
		}
	}
	found := s.Find(q) // by notes and guardians too; those are not whom a name means
	if whole := keep(found, fits(true)); len(whole) > 0 {
		return whole
	}
	return keep(found, fits(false))
}

func keep[T any](list []T, wanted func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(list), func(one T) bool { return !wanted(one) })
}

// codesTold is how many codes a sentence names.
const codesTold = 8

func someCodes(people []Person) string {
	var codes []string
	for _, p := range people[:min(len(people), codesTold)] {
		codes = append(codes, string(p.Code))
	}
	if len(people) > codesTold {
		codes = append(codes, "…")
	}
	return strings.Join(codes, ", ")
}

// TakenBetween lists the images of a shoot that were taken between two times, both included, in order of capture; cards are none. A
// time is what a clock at the shoot showed: 14:05 or 14:05:30 on the shoot's day, 2026-11-22 14:05 on another, or a moment in RFC 3339.
// An end without seconds includes its whole minute; an end that lies before its beginning is one on the day after.
func (s *Session) TakenBetween(shoot consent.ShootID, from, to string) ([]consent.AssetID, error) {
	s.mu.RLock()
	details, err := s.knownShoot(shoot)
	s.mu.RUnlock()
	if err != nil {
		return nil, err
	}
	begin, err := readTaken(from, details.Date)
	if err != nil {
		return nil, err
	}
	end, err := readTaken(to, details.Date)
	if err != nil {
		return nil, err
	}
	if end.ofDay && end.at.Before(begin.at) {
		end.at = end.at.AddDate(0, 0, 1)
	}
	end.at = end.at.Add(end.unit - 1)
	var taken []consent.AssetID
	for _, img := range s.Images(ImageFilter{Shoot: shoot}) {
		if at := img.File.TakenAt; !at.IsZero() && !img.File.ShowsCard() && begin.compare(at) <= 0 && end.compare(at) >= 0 {
			taken = append(taken, img.ID)
		}
	}
	if len(taken) == 0 {
		return nil, problem.New(problem.NotFound, "taken-nothing",
			"No picture of this shoot was taken between {{.from}} and {{.to}}; nothing was changed; \"image list\" shows when they were taken, and a time without a day is of the shoot's day.",
			"from", begin.at.Format(time.DateTime), "to", end.at.Format(time.DateTime))
	}
	return taken, nil
}

// takenTime is one end of a time range.
type takenTime struct {
	at    time.Time
	unit  time.Duration // how long what was written lasts: a minute, a second
	ofDay bool          // only a time of day was written
	face  bool          // what a clock showed, in UTC
}

func readTaken(text, day string) (takenTime, error) {
	text = strings.TrimSpace(text)
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return takenTime{at: at, unit: time.Second}, nil
	}
	for layout, unit := range map[string]time.Duration{"2006-01-02 15:04": time.Minute, "2006-01-02 15:04:05": time.Second} {
		if at, err := time.Parse(layout, strings.Replace(text, "T", " ", 1)); err == nil {
			return takenTime{at: at, unit: unit, face: true}, nil
		}
		if at, err := time.Parse(layout, day+" "+text); err == nil {
			return takenTime{at: at, unit: unit, face: true, ofDay: true}, nil
		}
	}
	return takenTime{}, problem.New(problem.Invalid, "taken-unreadable",
		"The time {{.text}} cannot be read; nothing was changed; write it like 14:05, 14:05:30, 2026-11-22 14:05 or 2026-11-22T14:05:00+01:00.", "text", text)
}

// compare compares with when a picture was taken. Where the clock's zone is not known, on either side, what the clocks showed is
// compared; the metadata of such a picture has its face in UTC.
func (t takenTime) compare(taken time.Time) int {
	if _, offset := taken.Zone(); t.face || offset == 0 {
		return face(t.at).Compare(face(taken))
	}
	return t.at.Compare(taken)
}

// face is what a clock in a time's zone shows, as if that were UTC.
func face(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}
