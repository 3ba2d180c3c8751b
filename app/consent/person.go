package consent

import (
	"cmp"
	"slices"
	"time"
)

// person is one human, however often they were registered.
type person struct {
	members []SubjectID // the one that stands for them first; nil for somebody registered once
	acts    []*act
	// signers says which guardians' pseudonyms are one guardian, while the merge that said so stands: each points to the smallest.
	signers map[string]string
}

// person finds who a subject is.
func (s *State) person(id SubjectID) person {
	if len(s.persons) > 0 {
		id = s.Canonical(id)
		if p := s.persons[id]; p != nil {
			return *p
		}
	}
	if sub := s.subjects[id]; sub != nil {
		return person{acts: sub.acts}
	}
	return person{}
}

// Canonical follows merges to the subject that stands for the person. Two laptops may have merged a ring: then the smallest
// identifier on it stands for all.
func (s *State) Canonical(id SubjectID) SubjectID {
	if len(s.canon) == 0 {
		return id
	}
	if into, merged := s.canon[id]; merged {
		return into
	}
	return id
}

// group lists the subjects that are one person: the one that stands for them first, then all that were merged into it.
func (s *State) group(id SubjectID) []SubjectID {
	id = s.Canonical(id)
	if p := s.persons[id]; p != nil {
		return p.members
	}
	return []SubjectID{id}
}

// mergedInto is what a subject was merged into, as far as that stands.
func (s *State) mergedInto(id SubjectID) (MergedBody, bool) {
	sub := s.subjects[id]
	if sub == nil {
		return MergedBody{}, false
	}
	body := sub.merged.value()
	return body, body.Into != "" && !body.Undo
}

// regroup is called after every merge event about a subject. Whoever such an event can move was one person with the subject before:
// their merges lead through it. So only they are looked at, and a log with thousands of merges opens as fast as one without.
func (s *State) regroup(changed SubjectID) {
	before := slices.Clone(s.group(changed))
	delete(s.persons, before[0])
	for _, id := range before {
		if s.merged[id] {
			s.canon[id] = s.follow(id)
		}
	}
	joining := map[SubjectID][]SubjectID{} // by who stands for them now
	for _, id := range before {
		if into := s.Canonical(id); into != id {
			joining[into] = append(joining[into], id)
		}
	}
	for into, ids := range joining {
		if p := s.persons[into]; p != nil {
			ids = append(ids, p.members[1:]...)
		}
		slices.Sort(ids)
		s.persons[into] = s.join(append([]SubjectID{into}, ids...))
	}
	touched := before
	for _, id := range s.group(changed) {
		if !slices.Contains(touched, id) {
			touched = append(touched, id)
		}
	}
	for _, id := range touched {
		settle(s.person(id).acts)
		for asset := range s.bySubject[id] {
			s.show(s.assets[asset])
		}
		s.touchSubject(id)
	}
}

// join makes one person of several subjects, the one that stands for them first.
func (s *State) join(members []SubjectID) *person {
	p := &person{members: members, signers: s.signers(members)}
	for _, id := range members {
		if sub := s.subjects[id]; sub != nil { // merged into somebody whose registration has not arrived yet
			p.acts = append(p.acts, sub.acts...)
		}
	}
	settle(p.acts)
	return p
}

// follow walks the merges from a subject to the one that stands for the person.
func (s *State) follow(id SubjectID) SubjectID {
	path := []SubjectID{id}
	for {
		body, merged := s.mergedInto(id)
		if !merged {
			return id
		}
		id = body.Into
		if at := slices.Index(path, id); at >= 0 {
			return slices.Min(path[at:])
		}
		path = append(path, id)
	}
}

// signers joins the pseudonyms that the standing merges among these subjects call one guardian; nil when there are none. It is
// the same in whatever order the merges are looked at, also for chains and rings of them.
func (s *State) signers(members []SubjectID) map[string]string {
	var same map[string]string
	least := func(guardian string) string {
		for same[guardian] != "" && same[guardian] != guardian {
			guardian = same[guardian]
		}
		return guardian
	}
	for _, id := range members {
		body, merged := s.mergedInto(id)
		if !merged {
			continue
		}
		for from, into := range body.Guardians {
			if same == nil {
				same = map[string]string{}
			}
			a, b := least(from), least(into)
			same[max(a, b)] = min(a, b)
		}
	}
	for guardian := range same {
		same[guardian] = least(guardian)
	}
	return same
}

// signer is who gave an answer, the same for every pseudonym of one guardian.
func (p person) signer(a *act) Signer {
	by := a.by
	if one := p.signers[by.Guardian]; one != "" {
		by.Guardian = one
	}
	return by
}

// settle works out when the acts of one person count from. A device numbers what it signs: what it says by a no or a withdrawal is
// later than everything it took before, even when its clock was set back in between (design §3.4).
func settle(acts []*act) {
	for _, a := range acts {
		a.lifted = a.effective()
	}
	if len(acts) < 2 {
		return
	}
	ordered := slices.Clone(acts)
	slices.SortFunc(ordered, func(a, b *act) int { return cmp.Or(cmp.Compare(a.device, b.device), cmp.Compare(a.seq, b.seq)) })
	var before, latest time.Time // of what the device signed under smaller numbers, and of all so far
	for i, a := range ordered {
		switch {
		case i == 0 || a.device != ordered[i-1].device:
			before, latest = time.Time{}, time.Time{}
		case a.seq > ordered[i-1].seq:
			before = latest
		}
		if a.lifted.Before(before) {
			a.lifted = before
		}
		if a.lifted.After(latest) {
			latest = a.lifted
		}
	}
}
