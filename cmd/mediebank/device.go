package main

import (
	"fmt"
	"strings"
	"time"

	"samtykke/app/consent"
	"samtykke/app/library"
)

type deviceCommand struct {
	List   deviceListCommand   `cmd:"" help:"List the devices that were let in."`
	Revoke deviceRevokeCommand `cmd:"" help:"Shut a lost device out. What it sent before stays."`
}

type deviceListCommand struct {
	dataFlags
}

// listed is one device in an answer.
type listed struct {
	ID       consent.DeviceID `json:"id"`
	Name     string           `json:"name"`
	Enrolled time.Time        `json:"enrolled"`
	Events   uint64           `json:"events"`
	Revoked  time.Time        `json:"revoked,omitzero"`
}

// Run lists the devices, the library itself first.
func (d *deviceListCommand) Run(c *call) error {
	storage, err := d.open(c, false)
	if err != nil {
		return err
	}
	defer storage.Close()
	list := []listed{}
	err = storage.ledger.View(c, func(r library.Reader) error {
		devices, err := r.Devices()
		for _, one := range devices {
			list = append(list, listed{one.Certificate.Device, one.Certificate.Name, one.Certificate.IssuedAt, one.Head.Seq, one.Revoked})
		}
		return err
	})
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, one := range list {
		state := ""
		if !one.Revoked.IsZero() {
			state = ", shut out " + one.Revoked.Format(time.DateOnly)
		}
		fmt.Fprintf(&text, "%s  %s  %d events%s  %s\n", one.ID, one.Enrolled.Format(time.DateOnly), one.Events, state, one.Name)
	}
	return c.answer(list, text.String())
}

type deviceRevokeCommand struct {
	dataFlags
	ID string `arg:"" help:"Identifier of the device, from device list."`
}

// Run shuts a device out, at once also of a library that serves.
func (d *deviceRevokeCommand) Run(c *call) error {
	storage, err := d.open(c, false)
	if err != nil {
		return err
	}
	defer storage.Close()
	id := consent.DeviceID(d.ID)
	if err := library.Revoke(c, storage.ledger, id, storage.keys.Signing.Device(), time.Now()); err != nil {
		return err
	}
	return c.answer(struct {
		ID consent.DeviceID `json:"id"`
	}{id}, fmt.Sprintf("Device %s is shut out.\n", id))
}
