package ledger

import (
	"encoding/json"
	"fmt"

	"samtykke/app/consent"
	"samtykke/app/library"
)

// Setting implements library.Reader.
func (t *tx) Setting(name string) (value []byte, err error) {
	_, err = t.one([]any{&value}, "SELECT value FROM settings WHERE name = ?", name)
	return value, err
}

// SetSetting implements library.Tx.
func (t *tx) SetSetting(name string, value []byte) error {
	return t.exec("INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value)
}

// Invitation implements library.Reader.
func (t *tx) Invitation(hash string) (i library.Invitation, found bool, err error) {
	var expires int64
	var used *int64
	var usedBy *string
	found, err = t.one([]any{&i.Hash, &i.Name, &expires, &used, &usedBy},
		"SELECT hash, name, expires_at, used_at, used_by FROM invitations WHERE hash = ?", hash)
	i.Expires, i.Used = fromMillis(expires), fromMaybe(used)
	if usedBy != nil {
		i.UsedBy = consent.DeviceID(*usedBy)
	}
	return i, found, err
}

// PutInvitation implements library.Tx.
func (t *tx) PutInvitation(i library.Invitation) error {
	return t.exec(`INSERT INTO invitations (hash, name, expires_at, used_at, used_by) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (hash) DO UPDATE SET used_at = excluded.used_at, used_by = excluded.used_by`,
		i.Hash, i.Name, toMillis(i.Expires), maybeMillis(i.Used), ifSet(i.UsedBy != "", i.UsedBy))
}

const deviceColumns = "certificate, head_seq, head_hash, revoked_at"

func scanDevice(row scanner) (d library.Device, err error) {
	var certificate []byte
	var revoked *int64
	if err := row.Scan(&certificate, &d.Head.Seq, &d.Head.Hash, &revoked); err != nil {
		return d, err
	}
	d.Revoked = fromMaybe(revoked)
	if err := json.Unmarshal(certificate, &d.Certificate); err != nil {
		return d, fmt.Errorf("read certificate: %w", err)
	}
	return d, nil
}

// Device implements library.Reader.
func (t *tx) Device(id consent.DeviceID) (library.Device, bool, error) {
	found, err := list(t, scanDevice, "SELECT "+deviceColumns+" FROM devices WHERE id = ?", id)
	if err != nil || len(found) == 0 {
		return library.Device{}, false, err
	}
	return found[0], true, nil
}

// Devices implements library.Reader.
func (t *tx) Devices() ([]library.Device, error) {
	return list(t, scanDevice, "SELECT "+deviceColumns+" FROM devices ORDER BY number")
}

// PutDevice implements library.Tx.
func (t *tx) PutDevice(d library.Device) error {
	certificate, err := json.Marshal(d.Certificate)
	if err != nil {
		return err
	}
	return t.exec(`INSERT INTO devices (id, number, certificate, head_seq, head_hash, revoked_at)
		SELECT ?, count(*) + 1, ?, ?, ?, ? FROM devices WHERE true
		ON CONFLICT (id) DO UPDATE SET certificate = excluded.certificate, head_seq = excluded.head_seq,
			head_hash = excluded.head_hash, revoked_at = excluded.revoked_at`,
		d.Certificate.Device, certificate, int64(d.Head.Seq), d.Head.Hash, maybeMillis(d.Revoked))
}
