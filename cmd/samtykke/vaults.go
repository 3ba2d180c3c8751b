package main

import (
	"fmt"

	"samtykke/app/problem"
)

type vaultCommand struct {
	Passphrase  vaultPassphrase  `cmd:"" help:"Change the passphrase."`
	RecoveryKey vaultRecoveryKey `cmd:"" help:"Make a new recovery key; the old one stops working."`
	Recover     vaultRecover     `cmd:"" help:"Open the vault with the recovery key and choose a new passphrase."`
	Keyring     vaultKeyring     `cmd:"" help:"Let the system's keyring open the vault, or not."`
	PIN         vaultPIN         `cmd:"" name:"pin" help:"Set the PIN that is asked for when subject mode is left."`
	Check       vaultCheck       `cmd:"" help:"Read every value, and with --originals every original."`
	Repair      vaultRepair      `cmd:"" help:"Put damaged values back from the last copy or from a backup."`
}

// newPassphrase is where a new passphrase comes from.
type newPassphrase struct {
	NewPassphraseFile string `help:"File whose first line is the new passphrase." type:"path" placeholder:"FILE"`
}

func (n *newPassphrase) read(c *call) (string, error) {
	return c.read(secret{variable: newPassphraseVariable, file: n.NewPassphraseFile, prompt: "New passphrase: ", again: "New passphrase again: ",
		missing: problem.New(problem.Unauthorised, "new-passphrase-missing",
			"No new passphrase was given; nothing was changed; set SAMTYKKE_NEW_PASSPHRASE, use --new-passphrase-file, or type it when asked.")})
}

type vaultPassphrase struct{ newPassphrase }

func (p *vaultPassphrase) Run(c *call) error {
	_, old, err := c.openWithPassphrase()
	if err != nil {
		return err
	}
	replacement, err := p.read(c)
	if err != nil {
		return err
	}
	if err := c.door.ChangePassphrase(c.context, old, replacement); err != nil {
		return err
	}
	return c.answer(map[string]any{"changed": true}, "The passphrase has been changed.")
}

type vaultRecoveryKey struct{}

func (*vaultRecoveryKey) Run(c *call) error {
	_, passphrase, err := c.openWithPassphrase()
	if err != nil {
		return err
	}
	key, err := c.door.NewRecoveryKey(c.context, passphrase)
	if err != nil {
		return err
	}
	return c.answer(map[string]any{"recovery_key": key},
		fmt.Sprintf("The old recovery key has stopped working. The new one, print it and keep it apart from this machine; it is not shown again:\n\n    %s\n", key))
}

type vaultRecover struct {
	newPassphrase
	RecoveryKeyFile string `help:"File whose first line is the recovery key." type:"path" placeholder:"FILE"`
}

func (r *vaultRecover) Run(c *call) error {
	d, err := c.existing()
	if err != nil {
		return err
	}
	key, err := c.read(secret{variable: recoveryKeyVariable, file: r.RecoveryKeyFile, prompt: "Recovery key: ",
		missing: problem.New(problem.Unauthorised, "recovery-key-missing",
			"No recovery key was given; the vault stays locked; set SAMTYKKE_RECOVERY_KEY, use --recovery-key-file, or type it when asked.")})
	if err != nil {
		return err
	}
	replacement, err := r.read(c)
	if err != nil {
		return err
	}
	s, err := d.Recover(c.context, key, replacement)
	if err != nil {
		return err
	}
	c.tell(d)
	return c.answer(map[string]any{"vault": d.dir, "device": s.Device().ID, "changed": true},
		"The vault opens with the new passphrase. The recovery key stays as it is.")
}

type vaultKeyring struct {
	On  bool `help:"Turn it on: whoever is logged in as this user can then open the vault." xor:"keyring"`
	Off bool `help:"Turn it off." xor:"keyring"`
}

func (k *vaultKeyring) Run(c *call) error {
	d, err := c.existing()
	if err != nil {
		return err
	}
	switch {
	case k.On:
		_, passphrase, err := c.openWithPassphrase()
		if err != nil {
			return err
		}
		if err := d.KeepInKeyring(c.context, passphrase); err != nil {
			return err
		}
	case k.Off:
		if _, err := c.open(); err != nil {
			return err
		}
		if err := d.LeaveKeyring(c.context); err != nil {
			return err
		}
	}
	on := d.InKeyring()
	text := "Only the passphrase and the recovery key open the vault."
	if on {
		text = "The system's keyring opens the vault: whoever is logged in as this user can."
	}
	return c.answer(map[string]any{"keyring": on}, text)
}

type vaultPIN struct {
	PINFile string `name:"pin-file" help:"File whose first line is the PIN." type:"path" placeholder:"FILE"`
	Off     bool   `help:"Take the PIN away: the corner is then held to leave subject mode."`
}

func (p *vaultPIN) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	if p.Off {
		if err := s.RemovePIN(c.context); err != nil {
			return err
		}
		return c.answer(map[string]any{"pin": false}, "Subject mode is left by holding the corner.")
	}
	pin, err := c.read(secret{variable: pinVariable, file: p.PINFile, prompt: "New PIN: ", again: "New PIN again: ",
		missing: problem.New(problem.Unauthorised, "pin-missing",
			"No PIN was given; nothing was changed; set SAMTYKKE_PIN, use --pin-file, or type it when asked.")})
	if err != nil {
		return err
	}
	if err := s.SetPIN(c.context, pin); err != nil {
		return err
	}
	return c.answer(map[string]any{"pin": true}, "Subject mode asks for the PIN when it is left.")
}
