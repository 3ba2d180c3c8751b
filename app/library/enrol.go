package library

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// Problems of an enrolment. Whoever gets one has not used anything up and may try again with another invitation.
var (
	ErrInvitationUnknown = problem.New(problem.Unauthorised, "invitation-unknown",
		"The media library does not know this invitation; nothing was changed; check that the whole code was copied, or ask for a new one.")
	ErrInvitationUsed = problem.New(problem.Unauthorised, "invitation-used",
		"This invitation has been used already, and one invitation lets in one device; nothing was changed; ask for a new one.")
	ErrInvitationExpired = problem.New(problem.Unauthorised, "invitation-expired",
		"This invitation is too old, invitations hold for one day; nothing was changed; ask for a new one.")
)

// Invite makes an invitation that one device can use until it expires, and returns its secret, of which only the hash is kept.
// The name says whom it is for; it may be empty.
func Invite(ctx context.Context, ledger Ledger, name string, now time.Time, lifetime time.Duration) (secret string, err error) {
	secret = rand.Text()
	err = ledger.Update(ctx, func(tx Tx) error {
		return tx.PutInvitation(Invitation{Hash: hashSecret(secret), Name: name, Expires: now.Add(lifetime)})
	})
	if err != nil {
		return "", fmt.Errorf("keep invitation: %w", err)
	}
	return secret, nil
}

func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Enrolment is a device that asks to be let in. That it holds its key has been checked.
type Enrolment struct {
	Secret       string
	PublicKey    evidence.PublicKey
	Name         string
	Organisation consent.Organisation
}

// maxDeviceName is how many characters the name of a device may have.
const maxDeviceName = 100

// Enrol uses up an invitation and makes the device one of the library's. A library without an organisation takes the device's.
// A device that is enrolled already gets a new certificate and keeps its chain.
func (l *Library) Enrol(ctx context.Context, e Enrolment) (evidence.Certificate, error) {
	name := strings.Join(strings.Fields(e.Name), " ")
	if name == "" || utf8.RuneCountInString(name) > maxDeviceName {
		return evidence.Certificate{}, problem.New(problem.Invalid, "device-name-wrong",
			"The device needs a name of at most {{.max}} characters; nothing was changed; give it one such as \"Laptop 3\".", "max", maxDeviceName)
	}
	now := l.clock()
	certificate := evidence.Certificate{Device: e.PublicKey.Device(), PublicKey: e.PublicKey, Name: name, IssuedAt: now}
	certificate, err := evidence.SignCertificate(l.key, certificate)
	if err != nil {
		return certificate, fmt.Errorf("sign certificate: %w", err)
	}
	var adopted *consent.Organisation
	err = l.ledger.Update(ctx, func(tx Tx) error {
		if err := useInvitation(tx, e, now); err != nil {
			return err
		}
		device, _, err := tx.Device(certificate.Device)
		if err != nil {
			return err
		}
		if !device.Revoked.IsZero() {
			return ErrDeviceRevoked
		}
		device.Certificate = certificate
		if err := tx.PutDevice(device); err != nil {
			return err
		}
		adopted, err = adoptOrganisation(tx, e.Organisation)
		return err
	})
	if err != nil {
		return evidence.Certificate{}, err
	}
	if adopted != nil {
		l.mu.Lock()
		l.organisation = *adopted
		l.mu.Unlock()
	}
	l.log.Info("device enrolled", "device", certificate.Device)
	return certificate, nil
}

func useInvitation(tx Tx, e Enrolment, now time.Time) error {
	invitation, ok, err := tx.Invitation(hashSecret(e.Secret))
	switch {
	case err != nil:
		return err
	case !ok:
		return ErrInvitationUnknown
	case !invitation.Used.IsZero():
		return ErrInvitationUsed
	case !now.Before(invitation.Expires):
		return ErrInvitationExpired
	}
	invitation.Used, invitation.UsedBy = now, e.PublicKey.Device()
	return tx.PutInvitation(invitation)
}

// adoptOrganisation takes the device's organisation if the library has none, and returns it then.
func adoptOrganisation(tx Tx, o consent.Organisation) (*consent.Organisation, error) {
	if raw, err := tx.Setting(settingOrganisation); raw != nil || err != nil {
		return nil, err
	}
	if err := o.Validate(); err != nil {
		return nil, err
	}
	raw, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	return &o, tx.SetSetting(settingOrganisation, raw)
}

// ErrDeviceMissing is returned when the named device was never let in, or is the library itself.
var ErrDeviceMissing = problem.New(problem.NotFound, "device-missing",
	"The library has let in no device {{.device}}; nothing was changed; mediebank device list shows those it has.")

// Revoke shuts a device out. What it sent before stays; what it sends from now on is quarantined. The library itself, which is
// on the list of devices too, cannot be shut out.
func Revoke(ctx context.Context, ledger Ledger, id, own consent.DeviceID, now time.Time) error {
	return ledger.Update(ctx, func(tx Tx) error {
		d, ok, err := tx.Device(id)
		if err != nil {
			return err
		}
		if !ok || id == own {
			return problem.New(ErrDeviceMissing.Kind, ErrDeviceMissing.ID, ErrDeviceMissing.Sentence, "device", id)
		}
		if d.Revoked.IsZero() {
			d.Revoked = now.UTC()
		}
		return tx.PutDevice(d)
	})
}

// PublicURL is the address that the library was last served under, "" before it ever was.
func PublicURL(ctx context.Context, ledger Ledger) (address string, err error) {
	err = ledger.View(ctx, func(r Reader) error {
		raw, err := r.Setting(settingPublicURL)
		address = string(raw)
		return err
	})
	return address, err
}

// SetPublicURL keeps the address that the library is served under, for the invitations made from now on.
func SetPublicURL(ctx context.Context, ledger Ledger, address string) error {
	return ledger.Update(ctx, func(tx Tx) error { return tx.SetSetting(settingPublicURL, []byte(address)) })
}
