package capture

import (
	"context"
	"crypto/ed25519"
	"errors"
	"slices"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// Other is another device's vault, or another copy of this device's, opened for reading.
type Other struct {
	Store interface {
		View(ctx context.Context, fn func(Tx) error) error
	}
	Originals Originals
}

// United is what a union brought. All of it was new here.
type United struct {
	Events, Profiles, Blobs, Originals int
	Bytes                              int64 // of blobs and originals
	// Problems are in words what could not be brought, or needs a person to look at.
	Problems []string
}

// UnionProgress is where a union is.
type UnionProgress struct {
	Step        UnionStep
	Done, Total int // of the step's items
}

// UnionStep is what a union is doing.
type UnionStep string

// The steps, in order.
const (
	UnionReading   UnionStep = "reading"
	UnionEvents    UnionStep = "events" // before anything else: a withdrawal must be known first
	UnionPeople    UnionStep = "people"
	UnionFiles     UnionStep = "files"
	UnionTransfers UnionStep = "transfers"
)

// union is one under way. See Unite.
type union struct {
	session  *Session
	other    Other
	progress func(UnionProgress)
	done     United

	device    Device     // theirs, proved by the key in their vault
	enrolment *Enrolment // theirs
	devices   map[consent.DeviceID]Device
	chains    map[consent.DeviceID]*twoChains
	records   []consent.RecordID // of their events
	named     named
}

// Unite brings over what another vault has and this one lacks: events, people, evidence, pictures. Nothing is taken away here but what
// an erasure there takes away, and who was erased on either side never comes back. It can end anywhere and be repeated; done in both
// directions both sides know the same. The other vault is only read.
//
// Events must verify: by this device's key, by the library's list, or by the key of a device whose vault was opened with its
// passphrase and of those that it had taken in, which are remembered. Of everything else only what an event here names is taken.
// Problems: union-other-organisation, union-other-library, union-chain-broken, union-stranger, disk-full.
func (s *Session) Unite(ctx context.Context, other Other, progress func(UnionProgress)) (United, error) {
	if progress == nil {
		progress = func(UnionProgress) {}
	}
	u := &union{session: s, other: other, progress: progress, done: United{Problems: []string{}},
		devices: map[consent.DeviceID]Device{}, chains: map[consent.DeviceID]*twoChains{}}
	for _, step := range []func(context.Context) error{u.meet, u.readChains, u.takeEvents, u.readNames, u.takePeople, u.takeRecords, u.takeBlobs, u.takeFiles, u.takeTransfers} {
		if err := step(ctx); err != nil {
			return u.done, err
		}
	}
	return u.done, nil
}

// meet finds out whose vault it is and which devices it vouches for.
func (u *union) meet(ctx context.Context) error {
	s := u.session
	var organisation consent.Organisation
	var known []Device
	err := u.other.Store.View(ctx, func(tx Tx) error {
		var seed []byte
		var enrolment Enrolment
		for name, into := range map[string]any{settingSeed: &seed, settingDevice: &u.device, settingOrganisation: &organisation} {
			if found, err := tx.Setting(name, into); err != nil || !found {
				return orMissing(err, name)
			}
		}
		key, err := evidence.KeyFromSeed(seed)
		if err != nil {
			return err
		}
		u.device.ID, u.device.PublicKey = key.Device(), key.Public() // the key is the proof, whatever else is written there
		if _, err := tx.Setting(settingKnownDevices, &known); err != nil {
			return err
		}
		if found, err := tx.Setting(settingEnrolment, &enrolment); err != nil {
			return err
		} else if found {
			u.enrolment = &enrolment
		}
		return nil
	})
	if err != nil {
		return err
	}
	if organisation.Number != s.Organisation().Number {
		return problem.New(problem.Invalid, "union-other-organisation",
			"The backup belongs to another organisation ({{.number}}); nothing was taken from it; take it in on a device of that organisation.", "number", organisation.Number)
	}
	ours, enrolled := s.Enrolment()
	if enrolled && u.enrolment != nil && !slices.Equal(ours.LibraryKey, u.enrolment.LibraryKey) {
		return problem.New(problem.Invalid, "union-other-library",
			"The backup belongs to a device of another media library; nothing was taken from it; take it in on a device of that library.")
	}
	if u.enrolment != nil && u.enrolment.Trust.Verify(u.enrolment.LibraryKey) == nil {
		for _, c := range u.enrolment.Trust.Devices {
			known = append(known, Device{ID: c.Device, Name: c.Name, PublicKey: c.PublicKey})
		}
	}
	for _, d := range append(known, u.device) {
		if len(d.PublicKey) == ed25519.PublicKeySize && d.ID == d.PublicKey.Device() {
			u.devices[d.ID] = d
		}
	}
	return nil
}

// keyOf finds the key of a device by what is known here, then by what their vault vouches for.
func (u *union) keyOf(id consent.DeviceID) (evidence.PublicKey, bool) {
	u.session.mu.RLock()
	defer u.session.mu.RUnlock()
	if key, known := u.session.keyOf(id); known {
		return key, true
	}
	d, known := u.devices[id]
	return d.PublicKey, known
}

// sameDevice tells whether it is a copy of this very vault: restored from a backup, or carried to a second machine.
func (u *union) sameDevice() bool { return u.device.ID == u.session.device.ID }

// step says how far a step has come.
func (u *union) step(step UnionStep, done, total int) {
	u.progress(UnionProgress{Step: step, Done: done, Total: total})
}

// batched hands values of a walk over in batches, so that a union of any size neither holds everything in memory nor keeps one
// transaction open for long.
type batched[T any] struct {
	most  int // values
	bytes int // of a batch, as size counts them; 0: any number
	size  func(T) int
	flush func([]T) error

	held   []T
	filled int
}

func (b *batched[T]) add(value T) error {
	b.held = append(b.held, value)
	if b.size != nil {
		b.filled += b.size(value)
	}
	if len(b.held) >= b.most || b.bytes > 0 && b.filled >= b.bytes {
		return b.end()
	}
	return nil
}

// end hands over what is left.
func (b *batched[T]) end() error {
	if len(b.held) == 0 {
		return nil
	}
	held := b.held
	b.held, b.filled = nil, 0
	return b.flush(held)
}

// isDamage tells whether a value of the other vault does not open: it is named and passed over.
func isDamage(err error) bool {
	return problem.KindOf(err) == problem.Damaged && !errors.Is(err, context.Canceled)
}
