package capture

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/picture"
)

// slating follows the cards through an import, file by file in order of capture, and says whose the frames between them are. What was
// filed earlier at the same shoot counts as if it were imported now: an import goes on where another one ended.
type slating struct {
	session *Session
	asked   bool             // for cards; without that only captions link
	cameras map[string]cards // by cameraOf
	recent  map[string][]sighted
	// loose are files of which no camera's cards tell anything: without a time, or of a device that takes no pictures of cards. They
	// become a question once cards surround them.
	loose  []sighted
	latest *taken   // the last card of any camera
	linked *keptAct // all links of this import, to be undone together
}

// sighted is a file that was decided on and may have to be decided on again.
type sighted struct {
	entry    AssetFile
	path     string
	subjects []consent.SubjectID // who was linked now
	before   []consent.SubjectID // whose card was photographed last, on any camera
}

func (s *Session) newSlating(in Import) *slating {
	sl := &slating{session: s, asked: in.Slates, cameras: map[string]cards{}, recent: map[string][]sighted{}, linked: &keptAct{Act: Act{Kind: ActSlates}}}
	if sl.asked {
		s.mu.RLock()
		defer s.mu.RUnlock()
		sl.recall(s.filesIn(in.Shoot))
	}
	return sl
}

// slatingWith follows the cards of a shoot as they are filed, with one of them changed. The caller is inside a change.
func (s *Session) slatingWith(shoot consent.ShootID, card AssetFile) *slating {
	sl := s.slatingOf(s.filesIn(shoot))
	sl.cameras[cameraOf(card)] = slices.DeleteFunc(sl.cameras[cameraOf(card)], func(t taken) bool { return t.asset == card.Asset })
	if card.isCard() {
		sl.file(sl.filed(card), cameraOf(card))
	}
	return sl
}

// unreadableAfter lists the files after a card of the same camera that are undecided because it could not be read.
func (sl *slating) unreadableAfter(shoot consent.ShootID, card AssetFile) []AssetFile {
	var after []AssetFile
	of := sl.cameras[cameraOf(card)]
	next := slices.IndexFunc(of, func(t taken) bool { return t.asset != card.Asset && !t.before(card.TakenAt, card.Name) })
	for id, entry := range sl.session.files {
		a, ok := sl.session.state.Asset(id)
		if ok && !a.Removed && a.Shoot == shoot && cameraOf(entry) == cameraOf(card) && entry.Undecided == UndecidedUnreadable && !entry.isCard() &&
			sl.filed(card).before(entry.TakenAt, entry.Name) && (next < 0 || !of[next].before(entry.TakenAt, entry.Name)) {
			after = append(after, entry)
		}
	}
	slices.SortFunc(after, func(a, b AssetFile) int { return cmp.Or(a.TakenAt.Compare(b.TakenAt), strings.Compare(a.Name, b.Name)) })
	return after
}

// recall takes up the cards that were filed earlier, and when frames followed them.
func (sl *slating) recall(files []AssetFile) {
	var frames []AssetFile
	for _, entry := range files {
		if entry.isCard() {
			sl.file(sl.filed(entry), cameraOf(entry))
		} else {
			frames = append(frames, entry)
		}
	}
	slices.SortFunc(frames, func(a, b AssetFile) int { return a.TakenAt.Compare(b.TakenAt) })
	for _, entry := range frames {
		of := sl.cameras[cameraOf(entry)]
		if n := of.last(entry.TakenAt, entry.Name); n >= 0 {
			of[n].frame(entry.TakenAt)
		}
	}
}

// filed is a card as its entry keeps it.
func (sl *slating) filed(entry AssetFile) taken {
	return taken{asset: entry.Asset, at: entry.TakenAt, path: entry.Name, subjects: sl.followable(entry.Slate), kind: entry.Card}
}

func (sl *slating) file(card taken, camera string) {
	sl.cameras[camera] = sl.cameras[camera].add(card)
}

// followable are the people, as they stand now, whose frames may follow their card.
func (sl *slating) followable(subjects []consent.SubjectID) []consent.SubjectID {
	var standing []consent.SubjectID
	for _, id := range subjects {
		id = sl.session.state.Canonical(id)
		if sub, ok := sl.session.state.Subject(id); ok && !sub.Avoid && !sub.Erased {
			standing = append(standing, id)
		}
	}
	return once(standing)
}

// clone lets a transaction go on from here without changing what was, because it may fail.
func (sl *slating) clone() *slating {
	other := *sl
	other.cameras, other.recent = maps.Clone(sl.cameras), maps.Clone(sl.recent)
	for camera, of := range other.cameras {
		other.cameras[camera] = slices.Clone(of)
	}
	other.loose = slices.Clone(sl.loose)
	return &other
}

// next takes up the next file in order of capture, whose entry has just been filed or was here already, and links it. What it did
// and what it could not do is added to the report.
func (sl *slating) next(c *change, f *candidate, entry AssetFile, did *ImportReport) error {
	now := sighted{entry: entry, path: f.path}
	if !sl.asked {
		_, err := sl.caption(c, f, &now, did)
		return err
	}
	switch followed := entry.Followed && len(f.slate.codes) == 0 && !f.slate.end; {
	case !followed && (f.slate.isCard() || entry.isCard()):
		return sl.card(c, f, now, did)
	case entry.isCard(): // somebody has said whose card it is, though it cannot be read
		return sl.reached(c, now, taken{asset: f.asset, at: entry.TakenAt, path: f.path, subjects: sl.followable(entry.Slate), kind: entry.Card}, did)
	}
	return sl.frame(c, f, now, did)
}

// card takes up a picture of cards. One of somebody unknown ends the previous person's frames all the same.
func (sl *slating) card(c *change, f *candidate, now sighted, did *ImportReport) error {
	entry := now.entry
	card := taken{asset: f.asset, at: entry.TakenAt, path: f.path, kind: entry.Card}
	if f.slate.isCard() {
		card.kind = ""
		card.subjects, card.kind = sl.subjects(f, did)
		entry.Slate = sl.session.slateEntry(f.slate)
	} else { // seen in an earlier import
		card.subjects = sl.followable(entry.Slate)
		for _, id := range card.subjects {
			sub, _ := sl.session.state.Subject(id)
			did.Slates = append(did.Slates, SlateFound{Path: f.path, Subject: id, Code: sub.Code})
		}
	}
	if card.kind != entry.Card || !slices.Equal(entry.Slate, now.entry.Slate) || entry.Undecided != "" {
		entry.Card, entry.Undecided, entry.Candidates = card.kind, "", nil
		if err := sl.put(c, entry); err != nil {
			return err
		}
	}
	now.entry = entry
	if card.kind == CardUnreadable {
		if err := sl.ask(c, now, answer{why: UndecidedUnreadable, candidates: sl.before(cameraOf(entry))}, did); err != nil {
			return err
		}
	}
	return sl.reached(c, now, card, did)
}

// before is whose card a camera took last.
func (sl *slating) before(camera string) []consent.SubjectID {
	return sl.cameras[camera].candidates(len(sl.cameras[camera]) - 1)
}

// reached files a card and looks again at what was decided before it was seen.
func (sl *slating) reached(c *change, now sighted, card taken, did *ImportReport) error {
	camera := cameraOf(now.entry)
	for _, frame := range sl.recent[camera] {
		if !sameSecond(frame.entry.TakenAt, card.at) || namesTell(frame.path, card.path) {
			continue
		}
		for _, subject := range frame.subjects {
			if _, err := c.sign(evidence.Draft{Type: consent.AssetAppearanceRemoved, Subject: subject, Asset: frame.entry.Asset,
				Body: consent.AppearanceBody{}}); err != nil {
				return err
			}
			did.Linked--
		}
		if err := sl.ask(c, frame, answer{why: UndecidedTime, candidates: together(frame.subjects, card.subjects)}, did); err != nil {
			return err
		}
	}
	delete(sl.recent, camera)
	for _, loose := range sl.loose {
		during := card.at.Before(loose.entry.TakenAt.Add(loose.entry.Duration)) && !loose.entry.TakenAt.IsZero()
		candidates := loose.before
		if during {
			candidates = together(candidates, card.subjects)
		}
		if loose.entry.TakenAt.IsZero() && card.at.IsZero() && namesTell(loose.path, card.path) {
			continue
		}
		if loose.entry.TakenAt.IsZero() || len(loose.before) > 0 || during {
			if err := sl.ask(c, loose, answer{why: UndecidedTime, candidates: candidates}, did); err != nil {
				return err
			}
		}
	}
	sl.loose, sl.latest = nil, &card
	sl.file(card, camera)
	return nil
}

// frame takes up what is no card.
func (sl *slating) frame(c *change, f *candidate, now sighted, did *ImportReport) error {
	camera := cameraOf(now.entry)
	of := sl.cameras[camera]
	at := now.entry.TakenAt
	told := answer{}
	n := of.last(at, f.path)
	isLoose := n < 0 && at.IsZero() || len(of) == 0 && f.info.Kind != picture.Photo
	if !isLoose {
		if told = of.whose(at, f.path); told.why != UndecidedTime && n >= 0 {
			of[n].frame(at)
		}
	}
	captioned, err := sl.caption(c, f, &now, did)
	if err != nil || captioned && told.why != "" || now.entry.Followed && now.entry.Undecided == "" { // a code in the caption says more than a card in doubt
		return err
	}
	switch {
	case isLoose && !captioned:
		if sl.latest != nil {
			now.before = sl.latest.subjects
		}
		if at.IsZero() && sl.latest != nil {
			return sl.ask(c, now, answer{why: UndecidedTime, candidates: now.before}, did)
		}
		sl.loose = append(sl.loose, now)
		return nil
	case told.why != "" && len(told.subjects) == 0:
		return sl.ask(c, now, told, did)
	}
	if now.subjects, err = sl.link(c, f.asset, told.subjects, did); err != nil {
		return err
	}
	if told.why != "" {
		return sl.ask(c, now, told, did)
	}
	if len(told.subjects) > 0 {
		now.entry.Undecided, now.entry.Candidates, now.entry.Followed = "", nil, true
		if err := sl.put(c, now.entry); err != nil {
			return err
		}
	}
	sl.remember(camera, now)
	return nil
}

// remember keeps the frames of the last second.
func (sl *slating) remember(camera string, now sighted) {
	recent := slices.DeleteFunc(slices.Clone(sl.recent[camera]), func(other sighted) bool { return now.entry.TakenAt.Sub(other.entry.TakenAt) >= time.Second })
	sl.recent[camera] = append(recent, now)
}

// link links people who were not taken off the file by hand, and returns those who are linked now and were not before.
func (sl *slating) link(c *change, asset consent.AssetID, subjects []consent.SubjectID, did *ImportReport) (fresh []consent.SubjectID, err error) {
	for _, subject := range subjects {
		if sl.session.state.Appeared(subject, asset) {
			continue
		}
		linked, err := c.link(subject, asset, consent.Span{})
		if err != nil {
			return fresh, err
		}
		if linked {
			fresh = append(fresh, subject)
			did.Linked++
		}
	}
	return fresh, nil
}

// ask files a question.
func (sl *slating) ask(c *change, now sighted, a answer, did *ImportReport) error {
	now.entry.Undecided, now.entry.Candidates, now.entry.Followed = a.why, a.candidates, true
	did.Undecided = append(did.Undecided, UndecidedFile{Path: now.path, Asset: now.entry.Asset, Why: a.why, Candidates: a.candidates})
	return sl.put(c, now.entry)
}

func (sl *slating) put(c *change, entry AssetFile) error {
	c.then(func() { sl.session.keepFile(entry) })
	return c.PutAssetFile(entry)
}

// subjects are the known people on a slate whose frames follow it; without any it says what kind of card it is.
func (sl *slating) subjects(f *candidate, did *ImportReport) (subjects []consent.SubjectID, kind CardKind) {
	for _, code := range f.slate.codes {
		id, ok := sl.session.state.SubjectByCode(code)
		if !ok {
			did.Skipped = append(did.Skipped, SkippedFile{Path: f.path, Why: SkipCardUnknown, Detail: string(code)})
			kind = CardUnknown
			continue
		}
		if sub, _ := sl.session.state.Subject(id); sub.Avoid || sub.Erased {
			did.Skipped = append(did.Skipped, SkippedFile{Path: f.path, Why: SkipCardAvoid, Detail: string(code)})
			kind = max(kind, CardAvoid)
			continue
		}
		subjects = append(subjects, id)
		did.Slates = append(did.Slates, SlateFound{Path: f.path, Subject: id, Code: code})
	}
	switch {
	case f.slate.end && len(f.slate.codes) == 0:
		kind = CardEnd
	case f.slate.unreadable:
		kind = CardUnreadable
	case kind == CardAvoid && len(subjects) > 0:
		kind = ""
	}
	return subjects, kind
}

// isSlated tells whether a picture was searched for cards in an earlier import, and nothing is left to find out.
func (s *Session) isSlated(id consent.AssetID) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	entry := s.files[id]
	return entry.Followed || len(entry.Slate) > 0 && entry.Card == ""
}

// slateEntry are the people here whose cards a picture shows, as its entry keeps them.
func (s *Session) slateEntry(seen slateSeen) []consent.SubjectID {
	var subjects []consent.SubjectID
	for _, code := range seen.codes {
		if id, ok := s.state.SubjectByCode(code); ok {
			subjects = append(subjects, id)
		}
	}
	return subjects
}
