package library

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// Config is what a Library stands on.
type Config struct {
	Ledger  Ledger
	Objects Objects
	Key     evidence.Key     // the library's signing key
	Logger  *slog.Logger     // alarms; never personal data
	Now     func() time.Time // the library's clock
}

// Library holds the use cases and the folded state. It is safe for concurrent use.
type Library struct {
	ledger  Ledger
	objects Objects
	key     evidence.Key
	log     *slog.Logger
	now     func() time.Time
	storing hashLocks
	// mailWake has room for one: something may be there to be mailed.
	mailWake chan struct{}

	mu           sync.RWMutex // guards what follows
	state        *consent.State
	organisation consent.Organisation
	forms        []json.RawMessage // canonical bytes of the known forms
}

// Open makes the library its own first device if it is new, and folds every event in the ledger.
func Open(ctx context.Context, c Config) (*Library, error) {
	l := &Library{ledger: c.Ledger, objects: c.Objects, key: c.Key, log: c.Logger, now: c.Now, state: consent.NewState(), mailWake: make(chan struct{}, 1)}
	if err := l.foundChain(ctx); err != nil {
		return nil, err
	}
	if err := l.finishErasures(ctx); err != nil {
		return nil, err
	}
	return l, c.Ledger.View(ctx, func(r Reader) error {
		raw, err := r.Setting(settingOrganisation)
		if err != nil {
			return err
		}
		if raw != nil {
			if err := json.Unmarshal(raw, &l.organisation); err != nil {
				return fmt.Errorf("read organisation: %w", err)
			}
		}
		forms, err := r.Forms()
		if err != nil {
			return err
		}
		for _, hash := range forms {
			if err := l.learnForm(ctx, hash); err != nil {
				return err
			}
		}
		return eachEvent(r, func(e LoggedEvent) error { l.fold(e); return nil })
	})
}

// The settings that the ledger keeps.
const (
	settingOrganisation = "organisation"
	settingPublicURL    = "public_url"
)

// now whole milliseconds, as every time that travels.
func (l *Library) clock() time.Time { return l.now().UTC().Truncate(time.Millisecond) }

// ErrKeyForeign is returned when the ledger was kept under another key: opening it with this one would split the log in two.
var ErrKeyForeign = problem.New(problem.Damaged, "library-key-foreign",
	"The key file does not belong to this ledger; nothing was changed; put the two back together from the same backup.")

// foundChain gives the library its own certificate, under which it signs events.
func (l *Library) foundChain(ctx context.Context) error {
	return l.ledger.Update(ctx, func(tx Tx) error {
		if _, ok, err := tx.Device(l.key.Device()); ok || err != nil {
			return err
		}
		if others, err := tx.Devices(); err != nil || len(others) > 0 {
			if err == nil {
				err = ErrKeyForeign
			}
			return err
		}
		own := evidence.Certificate{Device: l.key.Device(), PublicKey: l.key.Public(), Name: "mediebank", IssuedAt: l.clock()}
		own, err := evidence.SignCertificate(l.key, own)
		if err != nil {
			return fmt.Errorf("sign own certificate: %w", err)
		}
		return tx.PutDevice(Device{Certificate: own})
	})
}

// page is how many rows are read at a time.
const page = 1000

func eachEvent(r Reader, each func(LoggedEvent) error) error {
	for after := uint64(0); ; {
		events, err := r.Events(after, page)
		if err != nil {
			return err
		}
		for _, e := range events {
			if err := each(e); err != nil {
				return err
			}
			after = e.ServerSeq
		}
		if len(events) < page {
			return nil
		}
	}
}

// fold takes an event of the log into the state.
func (l *Library) fold(e LoggedEvent) {
	envelope, err := e.Signed.Open()
	if err != nil {
		l.log.Error("event of the log not readable", "event", e.ID, "error", err)
		return
	}
	l.apply(consent.Received{Envelope: envelope, ReceivedAt: e.ReceivedAt})
}

// apply takes an accepted event into the state; the caller holds the lock. A body that cannot be read counts as the most
// restrictive thing it can be.
func (l *Library) apply(e consent.Received) {
	if err := l.state.Apply(e); err != nil {
		l.log.Warn("event body not understood", "event", e.ID, "error", err)
	}
}

// learnForm reads a stored form and makes it known. One that is not a form stays a file and is reported.
func (l *Library) learnForm(ctx context.Context, hash consent.BlobHash) error {
	r, err := l.objects.Open(ctx, hash)
	if err != nil {
		return fmt.Errorf("open form: %w", err)
	}
	defer r.Close()
	raw, err := io.ReadAll(io.LimitReader(r, maxSealed))
	if err != nil {
		return fmt.Errorf("read form: %w", err)
	}
	form, err := consent.ParseForm(raw)
	if err != nil {
		l.log.Warn("stored form not understood", "form", hash, "error", err)
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.state.Form(consent.FormHash(hash)) == nil {
		l.state.AddForm(consent.FormHash(hash), form)
		l.forms = append(l.forms, raw)
	}
	return nil
}

// Key is the public key that everything the library signs is checked with.
func (l *Library) Key() evidence.PublicKey { return l.key.Public() }

// Organisation is the data controller; its name is empty until the first device has enrolled.
func (l *Library) Organisation() consent.Organisation {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.organisation
}

// Forms are the canonical bytes of every published form that has arrived.
func (l *Library) Forms() []json.RawMessage {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return append([]json.RawMessage(nil), l.forms...)
}

// Trust is the signed list of every device that was ever enrolled, the library first. A revoked one stays on it: what it signed
// before still counts, and what it signs after never gets into the log.
func (l *Library) Trust(ctx context.Context) (evidence.TrustList, error) {
	list := evidence.TrustList{IssuedAt: l.clock()}
	err := l.ledger.View(ctx, func(r Reader) error {
		devices, err := r.Devices()
		for _, d := range devices {
			list.Devices = append(list.Devices, d.Certificate)
			if !d.Revoked.IsZero() {
				if list.Revoked == nil {
					list.Revoked = map[consent.DeviceID]time.Time{}
				}
				list.Revoked[d.Certificate.Device] = d.Revoked
			}
		}
		return err
	})
	if err != nil {
		return list, err
	}
	return evidence.SignTrustList(l.key, list)
}

// ErrDeviceUnknown and ErrDeviceRevoked are what a device gets that is not, or no longer, one of the library's.
var (
	ErrDeviceUnknown = problem.New(problem.Unauthorised, "device-unknown",
		"This device is not enrolled with the media library; everything on it is safe; ask the library for an invitation and enrol.")
	ErrDeviceRevoked = problem.New(problem.Unauthorised, "device-revoked",
		"This device has been shut out of the media library; what it sent before is kept; ask whoever runs the library why.")
)

// Device returns an enrolled device; ErrDeviceUnknown, or ErrDeviceRevoked together with the device.
func (l *Library) Device(ctx context.Context, id consent.DeviceID) (d Device, err error) {
	err = l.ledger.View(ctx, func(r Reader) error {
		found, ok, err := r.Device(id)
		if err != nil {
			return err
		}
		if !ok {
			return ErrDeviceUnknown
		}
		if d = found; !d.Revoked.IsZero() {
			return ErrDeviceRevoked
		}
		return nil
	})
	return d, err
}

// Checkpoint is the newest signed tree head. An empty log is signed when it is first asked for.
func (l *Library) Checkpoint(ctx context.Context) (c Checkpoint, err error) {
	var found bool
	err = l.ledger.View(ctx, func(r Reader) (err error) {
		c, found, err = readCheckpoint(r)
		return err
	})
	if found || err != nil {
		return c, err
	}
	err = l.ledger.Update(ctx, func(tx Tx) error {
		log, err := openTreeLog(tx)
		if err != nil {
			return err
		}
		if _, found, err := readCheckpoint(tx); err != nil || (log.size != 0 && !found) {
			return errors.Join(err, errors.New("the log has events but no checkpoint; run mediebank verify"))
		}
		if log.size == 0 {
			if err := log.sign(l.key, l.clock()); err != nil {
				return err
			}
		}
		c, _, err = readCheckpoint(tx)
		return err
	})
	return c, err
}

// Prove shows that an event stands in the log.
func (l *Library) Prove(ctx context.Context, id consent.EventID) (p InclusionProof, err error) {
	err = l.ledger.View(ctx, func(r Reader) error {
		p, err = Prove(r, id)
		return err
	})
	return p, err
}

// append signs an event on the library's own chain and takes it in the way every event is taken in.
func (l *Library) append(ctx context.Context, at time.Time, d evidence.Draft) error {
	var logged LoggedEvent
	err := l.ledger.Update(ctx, func(tx Tx) error {
		own, ok, err := tx.Device(l.key.Device())
		if err != nil || !ok {
			return fmt.Errorf("find own chain: %w", err)
		}
		signed, envelope, head, err := evidence.Append(l.key, own.Head, at, rand.Reader, d)
		if err != nil {
			return err
		}
		log, err := openTreeLog(tx)
		if err != nil {
			return err
		}
		received := l.clock()
		if logged, err = log.add(logEntry(signed, envelope, received)); err != nil {
			return err
		}
		own.Head = head
		if err := tx.PutDevice(own); err != nil {
			return err
		}
		return log.sign(l.key, received)
	})
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fold(logged)
	return nil
}

func logEntry(s evidence.SignedEvent, e consent.Envelope, received time.Time) LoggedEvent {
	return LoggedEvent{ReceivedAt: received, Signed: s, ID: e.ID, Device: e.Device, Seq: e.Seq}
}
