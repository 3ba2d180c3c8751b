package capture

import (
	"context"
	"slices"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
	"samtykke/assets"
)

// Undone is what an undo took back, or a redo did again.
type Undone struct {
	Act
	// Changed are the assets on which something changed by it. It may be fewer than the act was about: what somebody else said of them
	// since stands.
	Changed []consent.AssetID
	// Redone: it was done again.
	Redone bool
}

// Undo takes back the last act that stands: links, people counts and grounds are again as they would be had the act never been. The
// log keeps everything; what says otherwise is appended. What was said since, here or elsewhere, stands.
func (s *Session) Undo(ctx context.Context) (Undone, error) {
	return s.turn(ctx, false)
}

// Redo does again what was undone last, unless something else was done since.
func (s *Session) Redo(ctx context.Context) (Undone, error) {
	return s.turn(ctx, true)
}

// Words says in a language what was undone or done again. The people are named by code.
func (s *Session) Words(u Undone, language string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	texts := assets.NewTexts(language)
	id := "undo.done"
	switch {
	case u.Redone:
		id = "redo.done"
	case len(u.Changed) == 0:
		id = "undo.void"
	}
	return texts.T(id, map[string]any{"Act": s.words(u.Act, texts)})
}

func (s *Session) turn(ctx context.Context, redo bool) (Undone, error) {
	var turned Undone
	err := s.change(ctx, func(c *change) error {
		acts, err := c.acts()
		if err != nil {
			return err
		}
		at, err := turnable(acts, redo)
		if err != nil {
			return err
		}
		a := &acts[at]
		turned = Undone{Act: a.Act, Redone: redo}
		t := turning{change: c, redo: redo, gone: map[consent.EventID]bool{}}
		for i := range acts[at:] {
			if err := c.eachPart(&acts[at+i], func(p actPart) { t.take(p, i == 0) }); err != nil {
				return err
			}
			if last := acts[at+i].Last; c.at.Before(last) { // the clock was put back since; an earlier event would not count
				c.at = last.In(c.at.Location())
			}
		}
		if turned.Changed, err = t.run(); err != nil {
			return err
		}
		if a.State = actUndone; redo {
			a.State = actStands
		}
		part, err := c.part()
		if err != nil {
			return err
		}
		part.Turned = true
		if err := c.addPart(a, part); err != nil {
			return err
		}
		return c.PutSetting(settingActs, acts)
	})
	return turned, err
}

// turnable finds the act whose turn it is.
func turnable(acts []keptAct, redo bool) (int, error) {
	if !redo {
		for i, a := range slices.Backward(acts) {
			if a.State == actStands {
				return i, nil
			}
		}
		return 0, problem.New(problem.NotFound, "nothing-to-undo",
			"There is nothing to undo; nothing was changed; the last {{.count}} acts of linking, counting and giving grounds can be undone.", "count", keptActs)
	}
	if at := slices.IndexFunc(acts, func(a keptAct) bool { return a.State == actUndone }); at >= 0 {
		return at, nil
	}
	return 0, problem.New(problem.NotFound, "nothing-to-redo",
		"There is nothing to do again; nothing was changed; only what was undone last can be, as long as nothing else was done since.")
}

// turning brings assets to what they would be without some events.
type turning struct {
	*change
	redo      bool
	gone      map[consent.EventID]bool
	assets    []consent.AssetID
	questions map[consent.AssetID]question
}

// take takes up a part of the act, or of one after it. To undo, all their events are to be gone; to do again, all but those that did
// the act in the first place.
func (t *turning) take(p actPart, own bool) {
	if !own || !t.redo || p.Turned {
		for _, ids := range p.Events {
			for _, id := range ids {
				t.gone[id] = true
			}
		}
	}
	if own && !p.Turned {
		t.assets = append(t.assets, p.assets()...)
		if t.questions == nil {
			t.questions = map[consent.AssetID]question{}
		}
		for asset, q := range p.Questions {
			if first, again := t.questions[asset]; again {
				q.Before = first.Before
			}
			t.questions[asset] = q
		}
	}
}

// run appends what leads there and returns the assets that it changed. What opens comes a moment after what closes, because of a link
// and a removal of one moment the removal wins.
func (t *turning) run() ([]consent.AssetID, error) {
	slices.Sort(t.assets)
	t.assets = slices.Compact(t.assets)
	var opening []evidence.Draft
	changed := []consent.AssetID{}
	for _, id := range t.assets {
		now, ok := t.session.state.Asset(id)
		if !ok || now.Removed {
			continue
		}
		then, _ := t.session.state.AssetWithout(id, func(e consent.EventID) bool { return t.gone[e] })
		closes, opens := turns(now, then)
		for _, d := range closes {
			if _, err := t.sign(d); err != nil {
				return nil, err
			}
			if err := t.takenOff(id, d.Subject); err != nil {
				return nil, err
			}
		}
		opening = append(opening, opens...)
		asked, err := t.ask(id)
		if err != nil {
			return nil, err
		}
		if asked || len(closes)+len(opens) > 0 {
			changed = append(changed, id)
		}
	}
	t.at = t.at.Add(time.Millisecond)
	for _, d := range opening {
		if _, err := t.sign(d); err != nil {
			return nil, err
		}
	}
	return changed, nil
}

// turns are the events that make an asset of what it is now what it is to be: those that take people off, and all others.
func turns(now, then consent.Asset) (closes, opens []evidence.Draft) {
	whole := map[consent.SubjectID]bool{} // who is taken off the whole, and so off every part
	for _, ap := range now.Appearances {
		if !slices.Contains(then.Appearances, ap) {
			closes = append(closes, evidence.Draft{Type: consent.AssetAppearanceRemoved, Subject: ap.Subject, Asset: now.ID, Body: consent.AppearanceBody(ap.Span)})
			whole[ap.Subject] = whole[ap.Subject] || ap.Whole()
		}
	}
	for _, ap := range then.Appearances {
		if whole[ap.Subject] || !slices.Contains(now.Appearances, ap) {
			opens = append(opens, evidence.Draft{Type: consent.AssetAppearance, Subject: ap.Subject, Asset: now.ID, Body: consent.AppearanceBody(ap.Span)})
		}
	}
	if now.PeopleCount != then.PeopleCount {
		var body any = consent.PeopleBody{Count: then.PeopleCount}
		if then.PeopleCount < 0 {
			body = consent.UncountedBody{}
		}
		opens = append(opens, evidence.Draft{Type: consent.AssetPeople, Asset: now.ID, Body: body})
	}
	if now.Ground != then.Ground || now.GroundWhy != then.GroundWhy {
		opens = append(opens, evidence.Draft{Type: consent.AssetGround, Asset: now.ID, Body: consent.GroundBody{Ground: then.Ground, Why: then.GroundWhy}})
	}
	return closes, opens
}

// ask puts the question of an asset again that the act answered, or takes it away again. What was said of it since stands.
func (t *turning) ask(id consent.AssetID) (bool, error) {
	q, asked := t.questions[id]
	file, here := t.session.files[id]
	from, to := q.After, q.Before
	if t.redo {
		from, to = to, from
	}
	if !asked || !here || !decisionOf(file).equal(from) {
		return false, nil
	}
	file, _, err := t.AssetFile(id)
	if err != nil {
		return false, err
	}
	return true, t.putDecision(to.put(file))
}

// decided ends the question whose an asset is, if there was one, and remembers it for the act. It comes before whatever else the change
// does to the entry.
func (c *change) decided(id consent.AssetID) error {
	file, here := c.session.files[id]
	if _, again := c.answered[id]; again || !here || file.Undecided == "" {
		return nil
	}
	c.answering(id)
	file.Undecided, file.Candidates, file.Followed = "", nil, true
	return c.putDecision(file)
}

// answering remembers for the act what an entry says before the change.
func (c *change) answering(id consent.AssetID) {
	file, here := c.session.files[id]
	if !here { // it comes with this very change
		return
	}
	if c.answered == nil {
		c.answered = map[consent.AssetID]decision{}
	}
	c.answered[id] = decisionOf(file)
}

func (c *change) putDecision(file AssetFile) error {
	c.then(func() { c.session.keepFile(file) })
	return c.PutAssetFile(file)
}
