package capture

import (
	"slices"

	"samtykke/app/consent"
)

// followAnew says again whose the files of a shoot are after times were corrected: where nobody has said otherwise than the cards told by
// the old times, it is as they tell by the new ones. The files stand in the same order in both lists. It returns of how many something
// else holds now.
//
// A camera's cards and frames are corrected alike, so that most stay with their cards. Others come between other cards: frames of an
// import that knew of the offset, at a shoot where an earlier one did not, and recordings, around which the cards of cameras stand.
func (c *change) followAnew(before, after []AssetFile) (int, error) {
	was, is := c.session.slatingOf(before), c.session.slatingOf(after)
	followed := 0
	for n, file := range after {
		told, tells := was.tells(before[n]), is.tells(file)
		if file.isCard() || told.equal(tells) || c.saidOtherwise(before[n], told) {
			continue
		}
		if err := c.follow(file, told, tells); err != nil {
			return followed, err
		}
		followed++
	}
	return followed, nil
}

// slatingOf follows the cards among files, as if all of them had been filed.
func (s *Session) slatingOf(files []AssetFile) *slating {
	sl := &slating{session: s, cameras: map[string]cards{}}
	sl.recall(files)
	return sl
}

// tells is what the cards tell of a file, whoever has said what of it since.
func (sl *slating) tells(file AssetFile) answer {
	of := sl.cameras[cameraOf(file)]
	a, known := sl.session.state.Asset(file.Asset)
	switch {
	case !known || file.TakenAt.IsZero():
		return answer{}
	case len(of) > 0:
		return of.whose(file.TakenAt, file.Name)
	case a.Kind == consent.Photo:
		return answer{}
	}
	return sl.surrounding(file)
}

// surrounding is what the cards of any camera tell of a recording of a device that photographs none.
func (sl *slating) surrounding(file AssetFile) answer {
	var before, after *taken
	for _, of := range sl.cameras {
		for _, card := range of {
			switch earlier := card.before(file.TakenAt, file.Name); {
			case earlier && (before == nil || before.before(card.at, card.path)):
				before = &card
			case !earlier && (after == nil || card.before(after.at, after.path)):
				after = &card
			}
		}
	}
	if after == nil {
		return answer{}
	}
	var candidates []consent.SubjectID
	if before != nil {
		candidates = before.subjects
	}
	during := after.at.Before(file.TakenAt.Add(file.Duration))
	if during {
		candidates = together(candidates, after.subjects)
	}
	if !during && len(candidates) == 0 {
		return answer{}
	}
	return answer{why: UndecidedTime, candidates: candidates}
}

func (a answer) equal(other answer) bool {
	return a.why == other.why && sameOnes(a.subjects, other.subjects) && sameOnes(a.candidates, other.candidates)
}

func sameOnes(a, b []consent.SubjectID) bool { return isSubset(a, b) && isSubset(b, a) }

// saidOtherwise tells whether something else stands of a file than the cards told, or somebody has counted its people.
func (c *change) saidOtherwise(file AssetFile, told answer) bool {
	a, _ := c.session.state.Asset(file.Asset)
	var linked []consent.SubjectID
	for _, ap := range a.Appearances {
		if !ap.Whole() {
			return true
		}
		linked = append(linked, c.session.state.Canonical(ap.Subject))
	}
	return a.PeopleCount >= 0 || file.Undecided != told.why || !sameOnes(linked, told.subjects)
}

// follow makes a file follow other cards than before. Where that would link somebody who was taken off it, it becomes a question.
func (c *change) follow(file AssetFile, told, tells answer) error {
	off := func(id consent.SubjectID) bool {
		return !slices.Contains(told.subjects, id) && c.session.state.Appeared(id, file.Asset)
	}
	if slices.ContainsFunc(tells.subjects, off) {
		tells = answer{why: UndecidedTime, candidates: together(told.subjects, tells.subjects)}
	}
	for _, id := range told.subjects {
		if slices.Contains(tells.subjects, id) {
			continue
		}
		if err := c.unlink(id, file.Asset, consent.Span{}); err != nil {
			return err
		}
	}
	for _, id := range tells.subjects {
		if _, err := c.link(id, file.Asset, consent.Span{}); err != nil {
			return err
		}
	}
	c.answering(file.Asset)
	file.Undecided, file.Candidates, file.Followed = tells.why, tells.candidates, true
	return c.putDecision(file)
}
