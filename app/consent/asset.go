package consent

import (
	"cmp"
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

// Asset is what the events say about one image, film or sound.
type Asset struct {
	ID       AssetID
	Kind     MediaKind
	Size     int64
	MIME     string
	Details  BlobHash
	Shoot    ShootID // of the earliest import
	Imported time.Time
	// PeopleCount is how many identifiable people it shows, -1 while nobody has said.
	PeopleCount int
	Ground      Ground
	GroundWhy   BlobHash
	Removed     bool
	Appearances []Appearance // ordered by subject
	// Rejected are the subjects who said no to this very asset.
	Rejected []SubjectID
}

// Appearance links a subject to an asset.
type Appearance struct {
	Subject  SubjectID
	From, To float64 // seconds; both 0 for the whole
}

// register is a value whose last writer wins: the later time, and of equal times the greater id.
type register[T any] struct {
	at    time.Time
	id    EventID
	value T
}

func (r *register[T]) write(e Envelope, value T) {
	if r.id == "" || e.At.After(r.at) || (e.At.Equal(r.at) && cmp.Compare(e.ID, r.id) > 0) {
		r.at, r.id, r.value = e.At, e.ID, value
	}
}

// asset is the fold of one asset's events.
type asset struct {
	first       register[ImportedBody] // the earliest import; kept by comparing the other way round
	shoot       ShootID
	people      register[int]
	ground      register[GroundBody]
	removed     bool
	appearances map[SubjectID]*appearance
	rejected    map[SubjectID]*register[bool]
	// shown are the people who appear, each once however often they were registered, in the order of their ids. It follows
	// from appearances and merges and is brought up to date with each of their events, because every question asks for it.
	shown []SubjectID
}

// appearance keeps the last link and the last removal; of equal times the removal wins.
type appearance struct {
	linked  register[AppearanceBody]
	removed register[struct{}]
}

func (a *appearance) stands() bool {
	return a.linked.id != "" && (a.removed.id == "" || a.linked.at.After(a.removed.at))
}

func newAsset() *asset {
	return &asset{appearances: map[SubjectID]*appearance{}, rejected: map[SubjectID]*register[bool]{}}
}

func (a *asset) imported(e Envelope, body ImportedBody) {
	f := &a.first
	if f.id == "" || e.At.Before(f.at) || (e.At.Equal(f.at) && cmp.Compare(e.ID, f.id) < 0) {
		f.at, f.id, f.value = e.At, e.ID, body
		a.shoot = e.Shoot
	}
}

func (a *asset) appearance(s SubjectID) *appearance {
	if a.appearances[s] == nil {
		a.appearances[s] = &appearance{}
	}
	return a.appearances[s]
}

func (a *asset) rejection(s SubjectID) *register[bool] {
	if a.rejected[s] == nil {
		a.rejected[s] = &register[bool]{}
	}
	return a.rejected[s]
}
