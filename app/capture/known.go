package capture

import (
	"cmp"
	"slices"

	"samtykke/app/consent"
	"samtykke/app/evidence"
)

// settingKnownDevices lists the devices that this one got to know by taking in their backups, where no library has listed them.
const settingKnownDevices = "known_devices"

// loadKnown reads the devices whose backups were taken in.
func (s *Session) loadKnown(tx Tx) error {
	var known []Device
	_, err := tx.Setting(settingKnownDevices, &known)
	s.known = known
	return err
}

// knowDevices remembers devices, so that their events go on verifying here.
func (c *change) knowDevices(devices []Device) error {
	known := slices.Clone(c.session.known)
	for _, d := range devices {
		if _, found := c.session.keyOf(d.ID); !found {
			known = append(known, d)
		}
	}
	if len(known) == len(c.session.known) {
		return nil
	}
	slices.SortFunc(known, func(a, b Device) int { return cmp.Compare(a.ID, b.ID) })
	c.then(func() { c.session.known = known })
	return c.PutSetting(settingKnownDevices, known)
}

// findDevice finds a device whose events verify here: this one, those on the library's list, and those whose backups were taken in.
func (s *Session) findDevice(id consent.DeviceID) (Device, bool) {
	if id == s.device.ID {
		return s.device, true
	}
	if s.enrolment != nil {
		if certificate, listed := s.enrolment.Trust.Find(id); listed {
			return Device{ID: id, Name: certificate.Name, PublicKey: certificate.PublicKey}, true
		}
	}
	at := slices.IndexFunc(s.known, func(d Device) bool { return d.ID == id })
	if at < 0 {
		return Device{}, false
	}
	return s.known[at], true
}

func (s *Session) keyOf(id consent.DeviceID) (evidence.PublicKey, bool) {
	d, known := s.findDevice(id)
	return d.PublicKey, known
}

// trusted are the keys whose signatures count here.
func (s *Session) trusted() evidence.Keys {
	keys := evidence.Keys{s.key.Public()}
	if s.enrolment != nil {
		keys = append(keys, s.enrolment.Trust.Keys()...)
	}
	for _, d := range s.known {
		keys = append(keys, d.PublicKey)
	}
	return keys
}

func (s *Session) deviceName(id consent.DeviceID) string {
	if d, known := s.findDevice(id); known {
		return d.Name
	}
	return string(id)
}
