package picture

import (
	"strings"
	"time"
)

// movieTimes are the times that a film says it was taken at, by who says it. The earliest in this list that there is counts: a
// time with its offset before one without, and the movie header last, because the standard wants UTC there (ISO/IEC 14496-12
// §8.2.2) and many cameras write the face of their clock.
type movieTimes [4]struct {
	at          time.Time
	offsetKnown bool
}

const (
	saidByKey   = iota // com.apple.quicktime.creationdate
	saidByMaker        // what Sony adds
	saidByDay          // ©day, with the time of day
	saidByStill        // EXIF of the still that Canon adds
)

func (m *movieTimes) note(who int, at time.Time, offsetKnown bool) {
	m[who].at, m[who].offsetKnown = at, offsetKnown
}

// text notes a time written out; a date alone is none.
func (m *movieTimes) text(who int, s string) {
	if at, known, ok := parseTime(s); ok {
		m.note(who, at, known)
	}
}

// settle sets when the film was taken. created is the movie header's time; utc tells whether it is known to be UTC, otherwise it
// is taken for the face of a clock.
func (m *movieTimes) settle(info *Info, created uint64, utc bool) {
	for _, known := range []bool{true, false} {
		for _, said := range m {
			if !said.at.IsZero() && said.offsetKnown == known {
				info.TakenAt, info.TakenAtOffsetKnown = said.at, known
				return
			}
		}
	}
	if created == 0 || created > 1<<40 {
		return
	}
	// Seconds since 1904; before films were digital they were counted from 1970 by mistake.
	const from1904to1970 = (66*365 + 17) * 24 * 60 * 60
	at := int64(created)
	if at >= from1904to1970 {
		at -= from1904to1970
	}
	info.TakenAt, info.TakenAtOffsetKnown = time.Unix(at, 0).UTC(), utc
}

// parseTime reads a date and a time of day in the spellings of ISO 8601 that films and recordings use.
func parseTime(s string) (at time.Time, offsetKnown, ok bool) {
	s = strings.Replace(oneLine(s), " ", "T", 1)
	for _, layout := range []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05Z07",
		"2006-01-02T15:04:05", "2006:01:02T15:04:05Z07:00", "2006:01:02T15:04:05"} {
		t, err := time.Parse(layout, s)
		if err != nil || t.Year() < 1900 {
			continue
		}
		offsetKnown = strings.Contains(layout, "Z07")
		if offsetKnown {
			_, offset := t.Zone()
			t = t.In(time.FixedZone("", offset))
		}
		return t, offsetKnown, true
	}
	return time.Time{}, false, false
}
