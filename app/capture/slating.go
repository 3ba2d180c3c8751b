package capture

import (
	"cmp"
	"slices"
	"strings"

	"samtykke/app/consent"
)

// slating is the cards of a shoot and what they tell of the other files. It is made anew of what was filed, however that came in, so
// that the order of imports does not matter.
type slating struct {
	session *Session
	cameras map[string]cards // by cameraOf
	// kinds are those of assets that memory does not know yet.
	kinds map[consent.AssetID]consent.ImportedBody
}

// slatingOf takes up the cards among files, and when frames followed them.
func (s *Session) slatingOf(files []AssetFile) *slating {
	sl := &slating{session: s, cameras: map[string]cards{}}
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
		n := of.last(entry.TakenAt, entry.place())
		if _, doubtful := of.inTheSecond(n, entry.TakenAt, entry.place()); n >= 0 && !doubtful {
			of[n].frame(entry.TakenAt)
		}
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
	next := slices.IndexFunc(of, func(t taken) bool { return t.asset != card.Asset && !t.before(card.TakenAt, card.place()) })
	for id, entry := range sl.session.files {
		a, ok := sl.session.state.Asset(id)
		if ok && !a.Removed && a.Shoot == shoot && cameraOf(entry) == cameraOf(card) && entry.Undecided == UndecidedUnreadable && !entry.isCard() &&
			sl.filed(card).before(entry.TakenAt, entry.place()) && (next < 0 || !of[next].before(entry.TakenAt, entry.place())) {
			after = append(after, entry)
		}
	}
	slices.SortFunc(after, func(a, b AssetFile) int { return cmp.Or(a.TakenAt.Compare(b.TakenAt), strings.Compare(a.Name, b.Name)) })
	return after
}

// filed is a card as its entry keeps it.
func (sl *slating) filed(entry AssetFile) taken {
	return taken{asset: entry.Asset, at: entry.TakenAt, path: entry.place(), subjects: sl.session.followable(entry.Slate), kind: entry.Card}
}

func (sl *slating) file(card taken, camera string) {
	sl.cameras[camera] = sl.cameras[camera].add(card)
}

// followable are the people, as they stand now, whose frames may follow their card.
func (s *Session) followable(subjects []consent.SubjectID) []consent.SubjectID {
	var standing []consent.SubjectID
	for _, id := range subjects {
		id = s.state.Canonical(id)
		if sub, ok := s.state.Subject(id); ok && !sub.Avoid && !sub.Erased {
			standing = append(standing, id)
		}
	}
	return once(standing)
}

// sighted is a file that an import has come to and whose people the cards may tell.
type sighted struct {
	asset consent.AssetID
	path  string
}

// sight takes up the next file in order of capture, whose entry has just been filed or was here already: whose card it shows, and whose
// codes stand in its caption. What the cards tell of the others is told once the whole batch is filed; see followCards.
func (b *filing) sight(f *candidate, entry AssetFile) error {
	if b.run.in.Slates {
		b.seen = append(b.seen, sighted{f.asset, f.path})
		switch settled := entry.Followed && len(f.slate.codes) == 0 && !f.slate.end; {
		case !settled && (f.slate.isCard() || entry.isCard()):
			return b.card(f, entry)
		case entry.isCard(): // somebody has said whose card it is, though it cannot be read
			return nil
		}
	}
	return b.caption(f, entry)
}

// card files whose card a picture shows. One of somebody unknown ends the previous person's frames all the same.
func (b *filing) card(f *candidate, entry AssetFile) error {
	kind, slate := entry.Card, entry.Slate
	if f.slate.isCard() {
		kind, slate = b.cardKind(f), b.session.slateEntry(f.slate)
	} else { // seen in an earlier import
		for _, id := range b.session.followable(entry.Slate) {
			sub, _ := b.session.state.Subject(id)
			b.did.Slates = append(b.did.Slates, SlateFound{Path: f.path, Subject: id, Code: sub.Code})
		}
	}
	if kind == entry.Card && slices.Equal(slate, entry.Slate) && (entry.Undecided == "" || kind == CardUnreadable) {
		return nil
	}
	entry.Card, entry.Slate, entry.Undecided, entry.Candidates = kind, slate, "", nil
	if kind == CardUnreadable {
		entry.Undecided, entry.Followed = UndecidedUnreadable, true
	}
	return b.put(entry)
}

// followCards lets what this batch has filed, and what was filed earlier at the shoot, follow the cards that are known now.
func (b *filing) followCards() error {
	if len(b.seen) == 0 {
		return nil
	}
	before := b.session.filesIn(b.run.in.Shoot)
	after, at := slices.Clone(before), map[consent.AssetID]int{}
	for n, file := range after {
		at[file.Asset] = n
	}
	asked := map[consent.AssetID]string{}
	for _, now := range b.seen {
		file, here, err := b.AssetFile(now.asset)
		if err != nil {
			return err
		}
		n, known := at[now.asset]
		a, _ := b.session.state.Asset(now.asset)
		switch _, fresh := b.imported[now.asset]; {
		case known:
			after[n] = file
		case here && (fresh && a.Shoot == "" || a.Shoot == b.run.in.Shoot): // one of another shoot stays with that
			at[now.asset], after = len(after), append(after, file)
		default:
			continue
		}
		asked[now.asset] = now.path
	}
	told, err := b.followAnew(following{before: before, after: after, asked: asked, fresh: b.imported})
	if err != nil {
		return err
	}
	b.did.Linked += told.linked
	b.told = told.files
	for _, file := range told.files {
		after[at[file.Asset]] = file
		if _, seen := asked[file.Asset]; !seen {
			b.undecided(file, file.Name)
		}
	}
	for _, now := range b.seen {
		if _, seen := asked[now.asset]; seen {
			b.undecided(after[at[now.asset]], now.path)
		}
	}
	return nil
}

// undecided lists a file about which there is a question.
func (b *filing) undecided(file AssetFile, path string) {
	if file.Undecided != "" {
		b.did.Undecided = append(b.did.Undecided, UndecidedFile{Path: path, Asset: file.Asset, Why: file.Undecided, Candidates: file.Candidates})
	}
}

// cardKind lists the people on a card, and says what kind of card it is.
func (b *filing) cardKind(f *candidate) (kind CardKind) {
	known := false
	for _, code := range f.slate.codes {
		id, ok := b.session.state.SubjectByCode(code)
		if !ok {
			b.did.Skipped = append(b.did.Skipped, SkippedFile{Path: f.path, Why: SkipCardUnknown, Detail: string(code)})
			kind = CardUnknown
			continue
		}
		if sub, _ := b.session.state.Subject(id); sub.Avoid || sub.Erased {
			b.did.Skipped = append(b.did.Skipped, SkippedFile{Path: f.path, Why: SkipCardAvoid, Detail: string(code)})
			kind = max(kind, CardAvoid)
			continue
		}
		known = true
		b.did.Slates = append(b.did.Slates, SlateFound{Path: f.path, Subject: id, Code: code})
	}
	switch {
	case f.slate.end && len(f.slate.codes) == 0:
		kind = CardEnd
		b.did.Slates = append(b.did.Slates, SlateFound{Path: f.path, Card: kind})
	case f.slate.unreadable:
		kind = CardUnreadable
	case kind == CardAvoid && known:
		kind = ""
	}
	return kind
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
