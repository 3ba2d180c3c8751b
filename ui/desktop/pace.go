package desktop

import "time"

// pace tells how fast something goes and how long it still takes, by what the last seconds brought. The zero value has seen nothing.
type pace struct{ marks []paceMark }

type paceMark struct {
	at   time.Time
	done int64
}

const (
	paceSpan  = 15 * time.Second // what is older says little about a field network
	paceLeast = time.Second      // before which nobody can tell
)

// saw takes down how much was done at a time.
func (p *pace) saw(at time.Time, done int64) {
	if n := len(p.marks); n > 0 && at.Sub(p.marks[n-1].at) < paceLeast/4 { // told a thousand times a second
		return
	}
	p.marks = append(p.marks, paceMark{at, done})
	for len(p.marks) > 2 && at.Sub(p.marks[1].at) >= paceSpan {
		p.marks = p.marks[1:]
	}
}

// rate is how much is done in a second, 0 while nobody can tell. It falls when nothing comes any more.
func (p *pace) rate(now time.Time) float64 {
	if len(p.marks) < 2 {
		return 0
	}
	first, last := p.marks[0], p.marks[len(p.marks)-1]
	span := now.Sub(first.at)
	if span < paceLeast || last.done <= first.done {
		return 0
	}
	return float64(last.done-first.done) / span.Seconds()
}

// words say the rate and how long the rest takes, "" while nobody can tell.
func (p *pace) words(w *words, now time.Time, rest int64) string {
	rate := p.rate(now)
	if rate == 0 {
		return ""
	}
	left := time.Duration(float64(rest) / rate * float64(time.Second))
	said := w.t("pace.rate", "rate", w.size(int64(rate)))
	switch {
	case rest <= 0:
		return said
	case left < time.Minute:
		return said + " · " + w.n("pace.seconds", max(int(left/time.Second), 1))
	case left < 90*time.Minute:
		return said + " · " + w.n("pace.minutes", int((left+30*time.Second)/time.Minute))
	}
	return said + " · " + w.n("pace.hours", int((left+30*time.Minute)/time.Hour))
}
