package consent

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"time"
)

// Ground is why an asset may be used at all.
type Ground string

// The publication grounds. Everything but consent needs a written justification.
const (
	GroundConsent         Ground = "consent"
	GroundSection104A     Ground = "avl104_a" // åndsverkloven §104 a: of current and general interest
	GroundSection104B     Ground = "avl104_b" // §104 b: the person is less important than the main content
	GroundSection104C     Ground = "avl104_c" // §104 c: assemblies, processions, events of general interest
	GroundSection104D     Ground = "avl104_d" // §104 d: the photographer's own advertising
	GroundSection104E     Ground = "avl104_e" // §104 e: uses the law names (portraits in biographies, investigation)
	GroundAnonymised      Ground = "anonymised"
	GroundNotIdentifiable Ground = "not-identifiable"
)

// Grounds lists every ground that can be set.
var Grounds = []Ground{GroundConsent, GroundSection104A, GroundSection104B, GroundSection104C, GroundSection104D,
	GroundSection104E, GroundAnonymised, GroundNotIdentifiable}

// Short is enough of an identifier to tell pictures apart in a sentence or a list.
func (id AssetID) Short() string { return string(id[:min(12, len(id))]) }

// Asset is what the events say about one image, film or sound.
type Asset struct {
	ID      AssetID
	Kind    MediaKind
	Size    int64
	MIME    string
	Details BlobHash
	// Companions are the files that belong to it, ordered by hash.
	Companions []Companion
	Shoot      ShootID // of the earliest import
	Imported   time.Time
	// PeopleCount is how many identifiable people it shows, -1 while nobody has said.
	PeopleCount int
	// Ground is the one that counts: consent, unless another one was set with a justification.
	Ground      Ground
	GroundWhy   BlobHash
	Removed     bool
	Appearances []Appearance // ordered by subject, then by where they begin; somebody may have several
	// Rejected are the subjects who said no to this very asset.
	Rejected []SubjectID
	// Answers are what people last said of this very asset, ordered by subject.
	Answers []AssetAnswer
}

// Appearance links a subject to an asset, or to a part of it.
type Appearance struct {
	Subject SubjectID
	Span
}

// AssetAnswer is what a subject said of one very asset.
type AssetAnswer struct {
	Subject  SubjectID
	At       time.Time
	Approved bool
	Evidence []EvidenceRef // their reason, sealed
}

// Delivery is an asset that left the library or a device for use.
type Delivery struct {
	ID     EventID
	Asset  AssetID
	At     time.Time
	Device DeviceID
	DeliveryBody
}

// asset is the fold of one asset's events.
type asset struct {
	first       firstImport
	companions  []Companion   // of all imports, ordered by hash
	people      register[int] // peopleUnreadable when what was said cannot be understood
	ground      register[GroundBody]
	removed     bool
	appearances map[SubjectID]*appearance
	answers     map[SubjectID]*register[AssetAnswer]
	deliveries  []Delivery
	// shown are the people who appear, each once however often they were registered, in the order of their ids. It follows
	// from appearances and merges and is brought up to date with each of their events, because every question asks for it.
	shown []SubjectID
}

// firstImport is the earliest import of an asset, of equal times the one with the smaller id.
type firstImport struct {
	at    time.Time
	id    EventID
	shoot ShootID
	body  ImportedBody
}

// peopleUnreadable is a count that makes no sense: as good as no answer, until somebody counts again.
const peopleUnreadable = -1

func newAsset() *asset {
	return &asset{appearances: map[SubjectID]*appearance{}, answers: map[SubjectID]*register[AssetAnswer]{}}
}

// known tells whether its import has arrived.
func (a *asset) known() bool { return a.first.id != "" }

func (a *asset) imported(e Received, body ImportedBody) {
	f := &a.first
	if f.id == "" || cmp.Or(e.At.Compare(f.at), cmp.Compare(e.ID, f.id)) < 0 {
		*f = firstImport{at: e.At, id: e.ID, shoot: e.Shoot, body: body}
	}
	for _, c := range body.Companions {
		at, known := slices.BinarySearchFunc(a.companions, c, compareCompanions)
		if !known {
			a.companions = slices.Insert(a.companions, at, c)
		}
	}
}

func compareCompanions(a, b Companion) int {
	return cmp.Or(cmp.Compare(a.SHA256, b.SHA256), cmp.Compare(a.Size, b.Size), cmp.Compare(a.MIME, b.MIME))
}

// peopleCount is how many people it shows; false while nobody has said so that it can be understood.
func (a *asset) peopleCount() (int, bool) {
	top := a.people.top()
	if top == nil || top.value == peopleUnreadable {
		return 0, false
	}
	return top.value, true
}

// readPeople reads a count. A body without one, or with an impossible one, is no answer and wins over any answer of its moment.
func readPeople(raw json.RawMessage) (count, how int, err error) {
	var body struct{ Count *int }
	if err = json.Unmarshal(raw, &body); err != nil || body.Count == nil || *body.Count < 0 {
		return peopleUnreadable, math.MaxInt, err
	}
	return *body.Count, *body.Count, nil // of two counts the greater is the stricter
}

// carried is the ground that counts. One that is not known here or has no justification carries nothing; then it takes consent.
func (a *asset) carried() GroundBody {
	top := a.ground.top()
	if top == nil || !top.value.justified() {
		return GroundBody{Ground: GroundConsent}
	}
	return top.value
}

// justified tells whether it is a ground other than consent, with a written reason.
func (g GroundBody) justified() bool {
	return g.Ground != GroundConsent && g.Why != "" && slices.Contains(Grounds, g.Ground)
}

func (a *asset) appearance(s SubjectID) *appearance {
	if a.appearances[s] == nil {
		a.appearances[s] = &appearance{}
	}
	return a.appearances[s]
}

func (a *asset) answer(s SubjectID) *register[AssetAnswer] {
	if a.answers[s] == nil {
		a.answers[s] = &register[AssetAnswer]{}
	}
	return a.answers[s]
}

// learn takes up the receipt time of one of the asset's events.
func (a *asset) learn(e Received) bool {
	switch e.Type {
	case AssetPeople:
		return a.people.learn(e)
	case AssetGround:
		return a.ground.learn(e)
	case AssetApproved, AssetRejected:
		return a.answer(e.Subject).learn(e)
	case AssetAppearance, AssetAppearanceRemoved:
		changed := false
		for i := range a.appearance(e.Subject).parts {
			part := &a.appearances[e.Subject].parts[i]
			changed = part.linked.learn(e) || part.removed.learn(e) || changed
		}
		return changed
	}
	return false
}

// appearance keeps, for every part that was ever named, the links and the removals. Removing the whole removes every part.
type appearance struct {
	parts []appearancePart
}

type appearancePart struct {
	span            Span
	linked, removed register[struct{}]
}

func (a *appearance) part(span Span) *appearancePart {
	for i := range a.parts {
		if a.parts[i].span == span {
			return &a.parts[i]
		}
	}
	a.parts = append(a.parts, appearancePart{span: span})
	return &a.parts[len(a.parts)-1]
}

// standing lists the parts in which the subject appears, in order.
func (a *appearance) standing() []Span {
	var whole *written[struct{}]
	for i := range a.parts {
		if a.parts[i].span.Whole() {
			whole = a.parts[i].removed.top()
		}
	}
	var spans []Span
	for i := range a.parts {
		part := &a.parts[i]
		linked := part.linked.top()
		if linked != nil && outlasts(linked, part.removed.top()) && outlasts(linked, whole) {
			spans = append(spans, part.span)
		}
	}
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return spans
}

// stands tells whether the subject appears at all.
func (a *appearance) stands() bool { return len(a.standing()) > 0 }

// linkedOnce tells whether the subject was ever said to appear.
func (a *appearance) linkedOnce() bool {
	return slices.ContainsFunc(a.parts, func(p appearancePart) bool { return len(p.linked.writes) > 0 })
}

// outlasts: of a link and a removal of the same moment the removal wins.
func outlasts(linked, removed *written[struct{}]) bool {
	return removed == nil || linked.effective().After(removed.effective())
}
