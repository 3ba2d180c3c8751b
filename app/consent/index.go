package consent

import (
	"slices"
	"sync"
	"time"
)

// Index keeps verdicts, so that a list of fifty thousand pictures is not asked anew for every look at it. It always says what Clear
// says: an event takes out exactly the verdicts that it can change, and each verdict knows until when it holds, since consents end
// by themselves. Its methods may be called from several goroutines while nobody changes the state.
type Index struct {
	state  *State
	mu     sync.Mutex // guards what follows
	assets map[AssetID]*keptVerdicts
	people map[SubjectID]*keptVerdicts // by who stands for the person
	// What was ever asked for, so that a verdict takes one byte.
	channels columns[Channel]
	scopes   columns[Scope]
}

// period is a time in which nothing changes by itself: from the first moment, up to but not with the last. Zero is unbounded.
type period struct{ from, to time.Time }

func (p period) holds(now time.Time) bool {
	return !now.Before(p.from) && (p.to.IsZero() || now.Before(p.to))
}

// narrow shortens the period to one that it overlaps.
func (p *period) narrow(other period) {
	if other.from.After(p.from) {
		p.from = other.from
	}
	if !other.to.IsZero() && (p.to.IsZero() || other.to.Before(p.to)) {
		p.to = other.to
	}
}

// keptVerdicts are what was asked of one asset or one person, and when it holds.
type keptVerdicts struct {
	period
	said []uint8 // by column: 0 while not asked, else 1 + weight
}

var byWeight = [...]Verdict{No, NotYet, Yes}

func (k *keptVerdicts) find(column int) (Verdict, bool) {
	if column >= len(k.said) || k.said[column] == 0 {
		return "", false
	}
	return byWeight[k.said[column]-1], true
}

func (k *keptVerdicts) keep(column int, verdict Verdict) {
	if missing := column + 1 - len(k.said); missing > 0 {
		k.said = append(k.said, make([]uint8, missing)...)
	}
	k.said[column] = uint8(1 + weight(verdict))
}

// columns numbers the few things that are asked for.
type columns[K comparable] []K

func (c *columns[K]) of(key K) int {
	if at := slices.Index(*c, key); at >= 0 {
		return at
	}
	*c = append(*c, key)
	return len(*c) - 1
}

// NewIndex returns an index of a state, which tells it of every event from now on.
func NewIndex(s *State) *Index {
	x := &Index{state: s, assets: map[AssetID]*keptVerdicts{}, people: map[SubjectID]*keptVerdicts{}}
	s.indexes = append(s.indexes, x)
	return x
}

// Verdict is what Clear answers, and until when it holds if no event comes; zero for ever.
func (x *Index) Verdict(id AssetID, channel Channel, now time.Time) (Verdict, time.Time) {
	x.mu.Lock()
	defer x.mu.Unlock()
	kept := x.assets[id]
	if kept == nil || !kept.holds(now) {
		kept = &keptVerdicts{}
		a := x.state.assets[id]
		if a != nil {
			for _, person := range a.shown {
				kept.narrow(x.person(person, now).period)
			}
		}
		x.assets[id] = kept
	}
	column := x.channels.of(channel)
	verdict, known := kept.find(column)
	if !known {
		c := clearing{state: x.state, channel: channel, voices: voices{state: x.state, index: x, now: now}}
		verdict = c.verdict(x.state.assets[id])
		kept.keep(column, verdict)
	}
	return x.state.guarded(verdict), kept.to
}

// Word is what VerdictOf says of a person's standing.
func (x *Index) Word(id SubjectID, scope Scope, now time.Time) Verdict {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.state.guarded(x.word(x.state.Canonical(id), scope, now))
}

// person returns what is kept of a person, emptied when it no longer holds. The caller holds the lock.
func (x *Index) person(id SubjectID, now time.Time) *keptVerdicts {
	kept := x.people[id]
	if kept == nil || !kept.holds(now) {
		kept = &keptVerdicts{period: x.state.person(id).steady(now)}
		x.people[id] = kept
	}
	return kept
}

// word is what a person's word amounts to. The caller holds the lock.
func (x *Index) word(id SubjectID, scope Scope, now time.Time) Verdict {
	kept, column := x.person(id, now), x.scopes.of(scope)
	verdict, known := kept.find(column)
	if !known {
		verdict = VerdictOf(x.state.person(id).stand(scope, now).Status)
		kept.keep(column, verdict)
	}
	return verdict
}

// steady is the time around a moment in which none of a person's consents ends, and none stops being ahead of the clock.
func (p person) steady(now time.Time) period {
	var steady period
	for _, a := range p.acts {
		if a.decided == nil {
			continue
		}
		steady.between(now, a.ends)
		if a.received.IsZero() {
			steady.between(now, a.nearest())
		}
	}
	return steady
}

// between shortens the period to the side of a change on which now is.
func (p *period) between(now, change time.Time) {
	if change.After(now) {
		p.narrow(period{to: change})
	} else {
		p.narrow(period{from: change})
	}
}

// touchAsset is called with every event that can change an asset's verdicts.
func (s *State) touchAsset(id AssetID) {
	for _, x := range s.indexes {
		x.mu.Lock()
		delete(x.assets, id)
		x.mu.Unlock()
	}
}

// touchPerson is called with every event that can change what a person's word amounts to.
func (s *State) touchPerson(id SubjectID) {
	for _, member := range s.group(id) {
		s.touchSubject(member)
	}
}

// touchSubject is touchPerson for one registration.
func (s *State) touchSubject(id SubjectID) {
	for _, x := range s.indexes {
		x.mu.Lock()
		delete(x.people, id)
		if len(x.assets) > 0 {
			for asset := range s.bySubject[id] {
				delete(x.assets, asset)
			}
		}
		x.mu.Unlock()
	}
}
