package capture

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// Merged is what came of saying that two registrations are one person, or of taking that back.
type Merged struct {
	// Person stands for both; after taking apart, the one who was given back.
	Person Person
	// Affected are the assets that may be used in more or in fewer channels than before.
	Affected []consent.AssetID
}

// Merge says that two registrations are one person: what stands for the one then stands for both, and a no under either is a no.
// The one merged into gets what only the other had; the other's profile stays, so that Unmerge can give it back.
func (s *Session) Merge(ctx context.Context, from, into consent.SubjectID) (Merged, error) {
	var before map[consent.AssetID][]consent.Verdict
	err := s.change(ctx, func(c *change) error {
		from, into = s.state.Canonical(from), s.state.Canonical(into)
		for _, id := range []consent.SubjectID{from, into} {
			if sub, known := s.state.Subject(id); !known {
				return subjectUnknown(string(id))
			} else if sub.Erased {
				return problem.New(problem.Conflict, "merge-erased",
					"{{.code}} is erased and can no longer be merged; nothing was changed; register the person anew if they are here again.", "code", sub.Code)
			}
		}
		if from == into {
			return problem.New(problem.Conflict, "merge-same",
				"Both are one person in this vault already; nothing was changed; name two people.")
		}
		theirs, err := s.knownProfile(from)
		if err != nil {
			return err
		}
		ours, err := s.knownProfile(into)
		if err != nil {
			return err
		}
		before = s.appearing(from, into)
		taken := takeOver(&ours, theirs)
		if _, err := c.sign(evidence.Draft{Type: consent.SubjectMerged, Subject: from, Body: consent.MergedBody{Into: into, Guardians: taken.Same}}); err != nil {
			return err
		}
		return c.amend(ours)
	})
	if err != nil {
		return Merged{}, err
	}
	return s.merged(into, before), nil
}

// Unmerge takes back that a registration is the same person as another: each has again what it had, and what was signed and linked
// under each name stays with that name.
func (s *Session) Unmerge(ctx context.Context, from consent.SubjectID) (Merged, error) {
	var before map[consent.AssetID][]consent.Verdict
	err := s.change(ctx, func(c *change) error {
		sub, known := s.state.Subject(from)
		if !known {
			return subjectUnknown(string(from))
		}
		if sub.MergedInto == "" {
			return problem.New(problem.Conflict, "not-merged",
				"{{.code}} is not merged into anybody; nothing was changed; name the one that was merged away, by its own code.", "code", sub.Code)
		}
		theirs, err := s.knownProfile(from)
		if err != nil {
			return err
		}
		before = s.appearing(from, sub.MergedInto)
		if _, err := c.sign(evidence.Draft{Type: consent.SubjectMerged, Subject: from, Body: consent.MergedBody{Into: sub.MergedInto, Undo: true}}); err != nil {
			return err
		}
		return c.giveBack(from, theirs, nil, map[consent.SubjectID]bool{from: true})
	})
	if err != nil {
		return Merged{}, err
	}
	return s.merged(from, before), nil
}

// takeOver gives a profile what only another registration of the person has, and notes what that was.
func takeOver(ours *consent.Profile, theirs consent.Profile) consent.Taken {
	taken := consent.Taken{From: theirs.Subject, Same: map[string]string{}}
	for _, field := range []string{"phone", "email", "born", "group"} {
		if mine, other := fieldOf(ours, field), fieldOf(&theirs, field); *mine == "" && *other != "" {
			*mine, taken.Fields = *other, append(taken.Fields, field)
		}
	}
	if theirs.Notes != "" && !strings.Contains(ours.Notes, theirs.Notes) {
		ours.Notes, taken.Fields = strings.TrimSpace(ours.Notes+"\n"+theirs.Notes), append(taken.Fields, "notes")
	}
	own := slices.Clone(ours.Guardians)
	for _, g := range theirs.Guardians {
		if at := slices.IndexFunc(own, func(o consent.Guardian) bool { return oneGuardian(o, g) }); at >= 0 {
			taken.Same[g.ID] = own[at].ID
			continue
		}
		name := g.Name
		for n := 2; slices.ContainsFunc(ours.Guardians, func(o consent.Guardian) bool { return sameName(o, g) }); n++ {
			g.Name = fmt.Sprintf("%s (%d)", name, n)
		}
		ours.Guardians, taken.Guardians = append(ours.Guardians, g), append(taken.Guardians, g.ID)
	}
	for _, earlier := range theirs.Taken { // guardians by the pseudonyms of those who had been merged into the other
		for id, same := range earlier.Same {
			if here, ok := taken.Same[same]; ok {
				same = here
			}
			taken.Same[id] = same
		}
	}
	ours.Taken = append(slices.Clone(ours.Taken), taken)
	return taken
}

func fieldOf(p *consent.Profile, name string) *string {
	return map[string]*string{"phone": &p.Phone, "email": &p.Email, "born": &p.Born, "group": &p.Group, "notes": &p.Notes}[name]
}

// oneGuardian tells whether two guardians of one person's registrations are one human: one name, and no contact that contradicts.
func oneGuardian(a, b consent.Guardian) bool {
	return sameName(a, b) && !differs(a.Phone, b.Phone) && !differs(strings.ToLower(a.Email), strings.ToLower(b.Email))
}

// giveBack takes out of whoever was given something by a registration what came from there, if nobody has changed it since; so too
// out of those who got it on from them. Nil means all that was taken.
func (c *change) giveBack(from consent.SubjectID, theirs consent.Profile, only *consent.Taken, visited map[consent.SubjectID]bool) error {
	s := c.session
	for _, holder := range slices.Sorted(maps.Keys(s.profiles)) {
		p := s.profiles[holder]
		at := slices.IndexFunc(p.Taken, func(t consent.Taken) bool { return t.From == from })
		if at < 0 || visited[holder] {
			continue
		}
		visited[holder] = true
		taken := p.Taken[at]
		lost := consent.Taken{}
		for _, name := range taken.Fields {
			mine, other := fieldOf(&p, name), *fieldOf(&theirs, name)
			switch {
			case only != nil && !slices.Contains(only.Fields, name):
				continue
			case name == "notes":
				*mine = strings.TrimSpace(strings.TrimSuffix(*mine, other))
			case *mine == other:
				*mine = ""
			}
			lost.Fields = append(lost.Fields, name)
		}
		signed := s.signedFor(holder)
		p.Guardians = slices.DeleteFunc(slices.Clone(p.Guardians), func(g consent.Guardian) bool {
			gone := slices.Contains(taken.Guardians, g.ID) && !signed[g.ID] && (only == nil || slices.Contains(only.Guardians, g.ID))
			if gone {
				lost.Guardians = append(lost.Guardians, g.ID)
			}
			return gone
		})
		p.Taken = slices.Clone(p.Taken)
		if only == nil {
			p.Taken = slices.Delete(p.Taken, at, at+1)
		}
		if err := c.amend(p); err != nil {
			return err
		}
		if err := c.giveBack(holder, theirs, &lost, visited); err != nil {
			return err
		}
	}
	return nil
}

// signedFor are the guardians who signed for a person under this very registration.
func (s *Session) signedFor(id consent.SubjectID) map[string]bool {
	signed := map[string]bool{}
	for _, h := range s.state.History(id) {
		if _, subject, _, _, ok := s.state.Record(consent.RecordID(h.ID)); ok && subject == id {
			signed[h.By.Guardian] = true
		}
	}
	return signed
}

// appearing are the assets on which these people appear, with what they clear to.
func (s *Session) appearing(people ...consent.SubjectID) map[consent.AssetID][]consent.Verdict {
	assets := map[consent.AssetID][]consent.Verdict{}
	for _, id := range people {
		for _, asset := range s.state.AssetsOf(id) {
			assets[asset] = s.verdicts(asset)
		}
	}
	return assets
}

// verdicts is what an asset clears to, channel by channel.
func (s *Session) verdicts(asset consent.AssetID) []consent.Verdict {
	now := s.Clock()
	var verdicts []consent.Verdict
	for _, channel := range s.channels() {
		verdicts = append(verdicts, s.state.Clear(asset, channel, now).Verdict)
	}
	return verdicts
}

// merged compares what the assets cleared to before with what they clear to now.
func (s *Session) merged(id consent.SubjectID, before map[consent.AssetID][]consent.Verdict) Merged {
	s.mu.RLock()
	defer s.mu.RUnlock()
	done := Merged{Person: s.person(id), Affected: []consent.AssetID{}}
	for _, asset := range slices.Sorted(maps.Keys(before)) {
		if !slices.Equal(s.verdicts(asset), before[asset]) {
			done.Affected = append(done.Affected, asset)
		}
	}
	return done
}
