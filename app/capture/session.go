package capture

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"sync"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// Parts are what a session stands on.
type Parts struct {
	Store     Store
	Originals Originals
	Previews  Previews
	Folder    string    // of the vault: nothing is exported into it or imported from it; "" when there is none
	Clock     Clock     // nil: the system's
	Random    io.Reader // nil: the system's
	Log       *slog.Logger
}

// Session is an unlocked vault in use. Its methods may be called from any goroutine.
type Session struct {
	Parts
	key          evidence.Key
	device       Device
	making       previewMaking
	organisation consent.Organisation

	writing sync.Mutex // held for a whole change, so that the chain has one end

	mu        sync.RWMutex // guards what follows
	state     *consent.State
	index     *consent.Index // of state; it guards itself
	head      evidence.Head
	gap       bool                                  // own events were missing when the log was read
	current   map[string]consent.FormHash           // form key → newest published form
	profiles  map[consent.SubjectID]consent.Profile // written by keepProfile and dropProfile alone
	finder    finder
	different map[pair]bool                     // who was judged not to be the same person
	shoots    map[consent.BlobHash]ShootDetails // what shoots were called, by the hashes that their events name; see shootDetails
	files     map[consent.AssetID]AssetFile
	amiss     map[consent.AssetID]ReferenceState // see settingReferences
	doubted   map[consent.BlobHash]bool          // see settingDoubted
	enrolment *Enrolment
	known     []Device // see settingKnownDevices
	oddities  []string // events whose body could not be read, in words
	listeners []func()
	tally     *tally // nil until somebody asks for it

	// companions names the asset that a companion belongs to, as far as it was imported here. See keepFile.
	companions map[consent.BlobHash]consent.AssetID
}

// Device is this installation.
type Device struct {
	ID   consent.DeviceID `json:"device"`
	Name string           `json:"name"`
	// PublicKey is what others verify this device's events and receipts with.
	PublicKey evidence.PublicKey `json:"public_key"`
}

// Names of settings.
const (
	settingSeed         = "device_seed"
	settingDevice       = "device"
	settingOrganisation = "organisation"
	settingHead         = "head"
	settingEnrolment    = "enrolment"
	settingCursor       = "cursor"
	settingLastSync     = "last_sync"
	settingHeld         = "held_events"
	settingPIN          = "pin"
	settingDifferent    = "different_people"
)

// Open loads a session from a store that Initialise has prepared.
func Open(ctx context.Context, parts Parts) (*Session, error) {
	s := &Session{Parts: parts.withDefaults(), making: newPreviewMaking(), state: consent.NewState(), current: map[string]consent.FormHash{},
		profiles: map[consent.SubjectID]consent.Profile{}, finder: newFinder(), different: map[pair]bool{},
		shoots: map[consent.BlobHash]ShootDetails{}, files: map[consent.AssetID]AssetFile{}, companions: map[consent.BlobHash]consent.AssetID{}}
	s.index = consent.NewIndex(s.state)
	err := s.Store.View(ctx, func(tx Tx) error {
		var seed []byte
		if found, err := tx.Setting(settingSeed, &seed); err != nil || !found {
			return orMissing(err, "device key")
		}
		var err error
		if s.key, err = evidence.KeyFromSeed(seed); err != nil {
			return err
		}
		for name, into := range map[string]any{settingDevice: &s.device, settingOrganisation: &s.organisation} {
			if found, err := tx.Setting(name, into); err != nil || !found {
				return orMissing(err, name)
			}
		}
		if _, err := tx.Setting(settingHead, &s.head); err != nil {
			return err
		}
		var enrolment Enrolment
		if found, err := tx.Setting(settingEnrolment, &enrolment); err != nil {
			return err
		} else if found {
			s.enrolment = &enrolment
		}
		if err := s.loadKnown(tx); err != nil {
			return err
		}
		if err := s.loadDifferent(tx); err != nil {
			return err
		}
		if err := s.loadAmiss(tx); err != nil {
			return err
		}
		return s.load(tx)
	})
	if err != nil {
		return nil, fmt.Errorf("open session: %w", err)
	}
	if err := s.finishRemoving(ctx); err != nil { // the disk cannot be written: everything else can go on
		s.Log.Warn("files of removed assets not deleted", "error", err)
	}
	return s, nil
}

// load folds the log and reads what is kept in memory.
func (s *Session) load(tx Tx) error {
	if err := tx.EachBlobOfClass(ClassForm, func(b Blob) error {
		if err := s.learnForm(b.Data); err != nil { // what was signed on it waits for review; everything else goes on
			s.oddities = append(s.oddities, fmt.Sprintf("read form %s: %v", b.Hash, err))
		}
		return nil
	}); err != nil {
		return err
	}
	if err := tx.EachProfile(func(p consent.Profile) error { s.profiles[p.Subject] = p; return nil }); err != nil {
		return err
	}
	if err := tx.EachAssetFile(func(f AssetFile) error { s.keepFile(f); return nil }); err != nil {
		return err
	}
	if err := s.fold(tx); err != nil {
		return err
	}
	named, err := s.readShoots(tx)
	if err != nil {
		return err
	}
	maps.Copy(s.shoots, named)
	for _, sub := range s.state.Subjects() {
		s.finder.take(sub.ID, sub.Code, s.profiles[sub.ID])
	}
	return nil
}

// foldBatch is how many events are handed to the fold at once.
const foldBatch = 512

// fold reads the log. Events are opened on one goroutine and folded, in their order, on another.
func (s *Session) fold(tx Tx) error {
	batches, folded := make(chan []consent.Received, 4), make(chan struct{})
	go func() {
		defer close(folded)
		for batch := range batches {
			for _, e := range batch {
				s.apply(e)
			}
		}
	}()
	var next []consent.Received
	own := uint64(0)
	err := tx.EachEvent(func(stored StoredEvent) error {
		if !stored.counts() {
			return nil
		}
		e, err := stored.Open()
		if err != nil {
			return err
		}
		if stored.Own {
			own++
		}
		if e.Device == s.device.ID && e.Seq > s.head.Seq { // the end of the chain was mended from an older copy
			s.head = evidence.Head{Seq: e.Seq, Hash: stored.Hash()}
		}
		if next = append(next, consent.Received{Envelope: e, ReceivedAt: stored.ReceivedAt}); len(next) == foldBatch {
			batches <- next
			next = make([]consent.Received, 0, foldBatch)
		}
		return nil
	})
	batches <- next
	close(batches)
	<-folded
	s.setGap(own < s.head.Seq)
	return err
}

// apply folds one event; a body that cannot be read is remembered for the audit.
func (s *Session) apply(e consent.Received) {
	s.finder.attend(e.Envelope)
	if err := s.state.Apply(e); err != nil {
		s.oddities = append(s.oddities, err.Error())
	}
}

// learnForm makes a published form known. Its name is the hash of its bytes: a newer program may have written more into it than this
// one reads.
func (s *Session) learnForm(raw []byte) error {
	form, err := consent.ParseForm(raw)
	if err != nil {
		return err
	}
	_, hash, err := consent.HashForm(raw)
	if err != nil {
		return err
	}
	if s.state.Form(hash) != nil {
		return nil
	}
	s.state.AddForm(hash, form)
	if newest := s.state.Form(s.current[form.Key]); newest == nil || form.Newer(hash, newest, s.current[form.Key]) {
		s.current[form.Key] = hash
	}
	return nil
}

// OnChange calls told after every change, on the goroutine that made it. There is no way to unsubscribe: a listener lives as
// long as the session.
func (s *Session) OnChange(told func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listeners = append(s.listeners, told)
}

// Device describes this installation.
func (s *Session) Device() Device { return s.device }

// Organisation is whom this device works for.
func (s *Session) Organisation() consent.Organisation {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.organisation
}

func (p Parts) withDefaults() Parts {
	if p.Clock == nil {
		p.Clock = time.Now
	}
	if p.Random == nil {
		p.Random = rand.Reader
	}
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	return p
}

func orMissing(err error, what string) error {
	if err != nil {
		return err
	}
	return problem.New(problem.Damaged, "vault-incomplete",
		"The vault was not set up to the end; nothing in it was lost; make a new vault or restore a backup.").Because(fmt.Errorf("no %s", what))
}
