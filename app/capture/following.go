package capture

import (
	"maps"
	"slices"

	"samtykke/app/consent"
)

// following is what is to be told anew of a shoot: its files before something changed and after.
type following struct {
	before, after []AssetFile
	// asked are those of which the cards have told nothing yet, unless they were followed already.
	asked map[consent.AssetID]string
	// fresh are those that memory does not know yet.
	fresh map[consent.AssetID]consent.ImportedBody
}

// followed is what came of it.
type followed struct {
	files  []AssetFile // of which something else holds now, as they are filed now
	linked int         // links that were made, less those that were taken away
}

// followAnew says again whose the files of a shoot are, after cards or frames came or times were corrected: where nobody has said otherwise
// than the cards told before, it is as they tell now.
//
// It is the only way in which cards link. What comes later may have been taken earlier: another memory card, another folder of the same
// camera, or a camera whose clock was wrong. A card between a card and its frames takes those over, a frame between two cards parts a
// group, and one between two frames bridges a pause.
func (c *change) followAnew(f following) (followed, error) {
	var done followed
	was, is := c.session.slatingOf(f.before), c.session.slatingOf(f.after)
	is.kinds = f.fresh
	earlier := make(map[consent.AssetID]AssetFile, len(f.before))
	for _, file := range f.before {
		earlier[file.Asset] = file
	}
	for _, file := range f.after {
		tells, told := is.tells(file), answer{}
		old, here := earlier[file.Asset]
		_, asked := f.asked[file.Asset]
		first := !here || asked && !old.Followed
		if first { // who was taken off it by hand stays off
			tells.subjects = slices.DeleteFunc(slices.Clone(tells.subjects), func(id consent.SubjectID) bool {
				return c.session.state.Appeared(id, file.Asset) && !slices.Contains(file.Told, id)
			})
		} else {
			told = was.tells(old)
		}
		if told.equal(tells) || !first && c.saidOtherwise(old, told) {
			continue
		}
		now, linked, err := c.follow(file.Asset, told, tells)
		if err != nil {
			return done, err
		}
		done.files, done.linked = append(done.files, now), done.linked+linked
	}
	return done, nil
}

// tells is what the cards tell of a file, whoever has said what of it since. A code in its caption says more than a card in doubt.
func (sl *slating) tells(file AssetFile) answer {
	if file.isCard() {
		return answer{}
	}
	told := sl.cardsTell(file)
	if told.why != "" && len(file.Captioned) > 0 {
		return answer{}
	}
	return told
}

func (sl *slating) cardsTell(file AssetFile) answer {
	of := sl.cameras[cameraOf(file)]
	switch {
	case file.TakenAt.IsZero():
		return sl.timeless(file)
	case len(of) > 0:
		return of.whose(file.TakenAt, file.place())
	case sl.kindOf(file.Asset) == consent.Photo:
		return answer{}
	}
	return sl.surrounding(file)
}

func (sl *slating) kindOf(id consent.AssetID) consent.MediaKind {
	if body, fresh := sl.kinds[id]; fresh {
		return body.Kind
	}
	a, _ := sl.session.state.Asset(id)
	return a.Kind
}

// timeless is what the cards tell of a file that does not say when it was made: only its name can tell more than that somebody has to
// be asked.
func (sl *slating) timeless(file AssetFile) answer {
	of := sl.cameras[cameraOf(file)]
	if told := of.whose(file.TakenAt, file.place()); told.why != "" || of.last(file.TakenAt, file.place()) >= 0 {
		return told
	}
	doubtful := false
	var before *taken // the last whose name says that it came before
	for _, camera := range slices.Sorted(maps.Keys(sl.cameras)) {
		for _, card := range sl.cameras[camera] {
			if card.at.IsZero() && namesTell(file.place(), card.path) {
				continue
			}
			doubtful = true
			if namesTell(card.path, file.place()) && (before == nil || namesTell(before.path, card.path)) {
				before = &card
			}
		}
	}
	switch {
	case !doubtful:
		return answer{}
	case before == nil:
		return answer{why: UndecidedTime}
	}
	return answer{why: UndecidedTime, candidates: before.subjects}
}

// surrounding is what the cards of any camera tell of a recording of a device that photographs none.
func (sl *slating) surrounding(file AssetFile) answer {
	var before, after *taken
	for _, of := range sl.cameras {
		for _, card := range of {
			switch earlier := card.before(file.TakenAt, file.place()); {
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

// saidOtherwise tells whether something else stands of a file than the cards told and its caption says, or somebody has said that it
// shows nobody.
func (c *change) saidOtherwise(file AssetFile, told answer) bool {
	a, _ := c.session.state.Asset(file.Asset)
	var linked, captioned []consent.SubjectID
	for _, ap := range a.Appearances {
		if !ap.Whole() {
			return true
		}
		linked = append(linked, c.session.state.Canonical(ap.Subject))
	}
	for _, id := range file.Captioned {
		captioned = append(captioned, c.session.state.Canonical(id))
	}
	return a.PeopleCount == 0 || file.Undecided != told.why || !sameOnes(linked, together(told.subjects, captioned))
}

// follow makes a file follow other cards than before, and tells how many links that made. It becomes a question where that would link
// somebody who was taken off it by hand, and where it would take somebody off who was there when the people on it were counted.
func (c *change) follow(id consent.AssetID, told, tells answer) (file AssetFile, linked int, err error) {
	if file, _, err = c.AssetFile(id); err != nil {
		return file, 0, err
	}
	off := func(id consent.SubjectID) bool {
		return !slices.Contains(told.subjects, id) && !slices.Contains(file.Told, id) && c.session.state.Appeared(id, file.Asset)
	}
	a, _ := c.session.state.Asset(id)
	counted := a.PeopleCount > 0 && !isSubset(told.subjects, tells.subjects)
	if counted || slices.ContainsFunc(tells.subjects, off) {
		tells = answer{why: UndecidedTime, candidates: together(told.subjects, together(tells.subjects, tells.candidates))}
	}
	for _, id := range told.subjects {
		if slices.Contains(tells.subjects, id) || slices.Contains(file.Captioned, id) {
			continue
		}
		if err := c.unlink(id, file.Asset, consent.Span{}); err != nil {
			return file, linked, err
		}
		linked--
	}
	for _, id := range tells.subjects {
		fresh, err := c.link(id, file.Asset, consent.Span{})
		if err != nil {
			return file, linked, err
		}
		if fresh {
			linked++
		}
	}
	file.Told = together(file.Told, tells.subjects)
	if !file.isCard() { // of a card that cannot be read there is a question of its own
		c.answering(file.Asset)
		file.Undecided, file.Candidates, file.Followed = tells.why, tells.candidates, true
	}
	return file, linked, c.putDecision(file)
}

// takenOff notes that people were taken off a file on purpose: cards do not put them back on it.
func (c *change) takenOff(id consent.AssetID, people ...consent.SubjectID) error {
	file, here, err := c.AssetFile(id)
	if err != nil || !here {
		return err
	}
	told := slices.DeleteFunc(slices.Clone(file.Told), func(id consent.SubjectID) bool {
		return slices.ContainsFunc(people, func(off consent.SubjectID) bool {
			return c.session.state.Canonical(off) == c.session.state.Canonical(id)
		})
	})
	if len(told) == len(file.Told) {
		return nil
	}
	file.Told = told
	return c.putDecision(file)
}
