package capture

import (
	"context"
	"fmt"
	"strings"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/assets"
)

// Setup is what a new vault has to be told.
type Setup struct {
	Organisation consent.Organisation
	DeviceName   string // how people call this laptop or tablet; "" gives "laptop"
}

// Initialise prepares an empty store: it draws the device's key and publishes the embedded form in the organisation's name.
func Initialise(ctx context.Context, parts Parts, setup Setup) (Device, error) {
	parts = parts.withDefaults()
	if err := setup.Organisation.Validate(); err != nil {
		return Device{}, err
	}
	template, err := consent.ParseForm(assets.DefaultForm())
	if err != nil {
		return Device{}, fmt.Errorf("embedded form: %w", err)
	}
	form, err := template.Publish(setup.Organisation, parts.Clock())
	if err != nil {
		return Device{}, err
	}
	key, err := evidence.NewKey(parts.Random)
	if err != nil {
		return Device{}, err
	}
	device := Device{ID: key.Device(), Name: strings.TrimSpace(setup.DeviceName), PublicKey: key.Public()}
	if device.Name == "" {
		device.Name = "laptop"
	}
	s := &Session{Parts: parts, key: key, device: device, state: consent.NewState(), current: map[string]consent.FormHash{}}
	return device, s.change(ctx, func(c *change) error {
		for name, value := range map[string]any{settingSeed: key.Seed(), settingDevice: device, settingOrganisation: setup.Organisation} {
			if err := c.PutSetting(name, value); err != nil {
				return err
			}
		}
		_, err := c.publish(form)
		return err
	})
}

// publish stores a published form, says so in the log, and makes it known.
func (c *change) publish(form *consent.Form) (consent.FormHash, error) {
	raw, err := form.Canonical()
	if err != nil {
		return "", err
	}
	hash, err := c.blob(ClassForm, "", raw)
	if err != nil {
		return "", err
	}
	c.then(func() { _ = c.session.learnForm(raw) }) // it was read when it was published
	_, err = c.sign(evidence.Draft{Type: consent.FormPublished, Body: consent.FormBody{Form: consent.FormHash(hash), Key: form.Key}})
	return consent.FormHash(hash), err
}
