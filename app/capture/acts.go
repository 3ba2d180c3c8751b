package capture

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samtykke/app/consent"
	"samtykke/assets"
)

// Act is one thing that somebody did to pictures in one go and can take back.
type Act struct {
	Kind     ActKind             `json:"kind"`
	At       time.Time           `json:"at"`
	Subjects []consent.SubjectID `json:"subjects,omitempty"` // who was linked or taken off
	Assets   int                 `json:"assets"`             // on how many
	Count    int                 `json:"count,omitempty"`    // of people, for ActCounted
	Ground   consent.Ground      `json:"ground,omitempty"`   // for ActGround
}

// ActKind is what somebody did. The texts are "act." and the kind in the translations.
type ActKind string

// The kinds of acts. What a person says of a picture, and what was removed, is not taken back like this.
const (
	ActLinked   ActKind = "linked"
	ActUnlinked ActKind = "unlinked"
	ActCounted  ActKind = "counted"
	ActGround   ActKind = "ground"
	ActSlates   ActKind = "slates"  // what the cards of one import linked
	ActSettled  ActKind = "settled" // whose an undecided picture is
	ActClock    ActKind = "clock"   // what cards tell after a camera's clock was corrected
)

// keptActs is how many acts can be taken back.
const keptActs = 20

// settingActs lists them, the oldest first; settingActs and a name after a slash has their events, see actPart.
const settingActs = "acts"

// keptAct is an act as the vault remembers it.
type keptAct struct {
	Act
	ID    string    `json:"id"`
	Last  time.Time `json:"last"`  // the time of its newest event, by the clock that signed it
	Parts int       `json:"parts"` // how many settings have its events
	State actState  `json:"state"`
}

// actState is whether an act stands.
type actState string

const (
	actStands  actState = ""
	actUndone  actState = "undone"
	actGivenUp actState = "given-up" // undone, and something else was done since: it cannot be done again
)

// actPart has events of an act. An act that grows, as an import does, gets one more part with every change.
type actPart struct {
	Events map[consent.AssetID][]consent.EventID `json:"events"`
	// Turned: these events took the act back, or did it again.
	Turned bool `json:"turned,omitempty"`
	// Questions are those that the act answered.
	Questions map[consent.AssetID]question `json:"questions,omitempty"`
}

// question is what an entry said of whose a picture is, before the act answered that and after.
type question struct {
	Before decision `json:"before"`
	After  decision `json:"after"`
}

// decision is what an entry says of whose a picture is.
type decision struct {
	Undecided  Undecided           `json:"undecided,omitempty"`
	Candidates []consent.SubjectID `json:"candidates,omitempty"`
	Slate      []consent.SubjectID `json:"slate,omitempty"`
	Card       CardKind            `json:"card,omitempty"`
	Followed   bool                `json:"followed,omitempty"`
}

func decisionOf(f AssetFile) decision {
	return decision{f.Undecided, f.Candidates, f.Slate, f.Card, f.Followed}
}

func (d decision) equal(other decision) bool {
	return d.Undecided == other.Undecided && slices.Equal(d.Candidates, other.Candidates) && slices.Equal(d.Slate, other.Slate) &&
		d.Card == other.Card && d.Followed == other.Followed
}

func (d decision) put(f AssetFile) AssetFile {
	f.Undecided, f.Candidates, f.Slate, f.Card, f.Followed = d.Undecided, d.Candidates, d.Slate, d.Card, d.Followed
	return f
}

func (a *keptAct) setting(part int) string { return fmt.Sprintf("%s/%s/%d", settingActs, a.ID, part) }

// acts reads what can be taken back.
func (c *change) acts() ([]keptAct, error) {
	var acts []keptAct
	_, err := c.Setting(settingActs, &acts)
	return acts, err
}

// undoable remembers what this change has signed and answered as an act, or as more of one. It is called last in a change. An act of
// which nothing came is none. The caller's act is brought up to date once the change is durable.
func (c *change) undoable(a *keptAct) error {
	part, err := c.part()
	if err != nil || len(part.Events) == 0 && len(part.Questions) == 0 {
		return err
	}
	acts, err := c.acts()
	if err != nil {
		return err
	}
	at := slices.IndexFunc(acts, func(other keptAct) bool { return other.ID == a.ID && other.State == actStands })
	if at < 0 {
		id, err := uuid.NewRandomFromReader(c.session.Random)
		if err != nil {
			return err
		}
		grown := *a
		grown.ID, grown.Parts, grown.Assets, grown.At, grown.State = id.String(), 0, 0, c.at, actStands
		grown.Subjects = slices.Clone(a.Subjects)
		for i := range acts { // another thing was done: what was undone before stays undone
			if acts[i].State == actUndone {
				acts[i].State = actGivenUp
			}
		}
		at, acts = len(acts), append(acts, grown)
	}
	grown := &acts[at]
	grown.Assets += len(part.assets())
	for _, e := range c.events {
		if e.Subject != "" && e.Asset != "" && !slices.Contains(grown.Subjects, e.Subject) {
			grown.Subjects = append(grown.Subjects, e.Subject)
		}
	}
	if err := c.addPart(grown, part); err != nil {
		return err
	}
	durable := *grown
	c.then(func() { *a = durable })
	for len(acts) > keptActs {
		if err := c.dropAct(&acts[0]); err != nil {
			return err
		}
		acts = acts[1:]
	}
	return c.PutSetting(settingActs, acts)
}

// part collects what this change has done that can be taken back.
func (c *change) part() (actPart, error) {
	part := actPart{Events: map[consent.AssetID][]consent.EventID{}, Questions: map[consent.AssetID]question{}}
	for id, before := range c.answered {
		now, _, err := c.AssetFile(id)
		if err != nil {
			return part, err
		}
		part.Questions[id] = question{Before: before, After: decisionOf(now)}
	}
	for _, e := range c.events {
		switch e.Type {
		case consent.AssetAppearance, consent.AssetAppearanceRemoved, consent.AssetPeople, consent.AssetGround:
			part.Events[e.Asset] = append(part.Events[e.Asset], e.ID)
		}
	}
	return part, nil
}

// assets are those that a part is about, in order.
func (p actPart) assets() []consent.AssetID {
	var ids []consent.AssetID
	for id := range p.Events {
		ids = append(ids, id)
	}
	for id := range p.Questions {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (c *change) addPart(a *keptAct, part actPart) error {
	if err := c.PutSetting(a.setting(a.Parts), part); err != nil {
		return err
	}
	a.Parts++
	a.Last = c.at
	return nil
}

// eachPart reads the events of an act.
func (c *change) eachPart(a *keptAct, fn func(actPart)) error {
	for i := range a.Parts {
		var part actPart
		if _, err := c.Setting(a.setting(i), &part); err != nil {
			return err
		}
		fn(part)
	}
	return nil
}

func (c *change) dropAct(a *keptAct) error {
	for i := range a.Parts {
		if err := c.DeleteSetting(a.setting(i)); err != nil {
			return err
		}
	}
	return nil
}

// namedPeople is up to how many people an act is told with their codes.
const namedPeople = 3

// words says what an act was, in the texts' language. The caller holds a lock or is inside a change.
func (s *Session) words(a Act, texts *assets.Texts) string {
	var codes []string
	for _, id := range a.Subjects {
		sub, _ := s.state.Subject(s.state.Canonical(id))
		if code := string(sub.Code); !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	people := strings.Join(codes, ", ")
	if len(codes) > namedPeople {
		people = texts.N("act.people", len(codes), nil)
	}
	return texts.N("act."+string(a.Kind), a.Assets, map[string]any{"People": people, "Count": a.Count, "Ground": texts.T("ground."+string(a.Ground), nil)})
}
