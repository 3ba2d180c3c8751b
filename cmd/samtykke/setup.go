package main

import (
	"errors"
	"fmt"
	"os"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/storage/vault"
)

type initCommand struct {
	OrgName    string `required:"" help:"Name of the organisation." placeholder:"S"`
	OrgNumber  string `required:"" help:"Organisation number." placeholder:"S"`
	Contact    string `required:"" help:"E-mail for questions and withdrawal." placeholder:"EMAIL"`
	OrgAddress string `help:"Postal address of the organisation." placeholder:"S"`
	DPO        string `help:"E-mail of the data protection officer." placeholder:"EMAIL"`
	Policy     string `help:"Address of the privacy notice." placeholder:"URL"`
	DeviceName string `help:"What people call this device." placeholder:"S"`
}

func (i *initCommand) Run(c *call) error {
	dir, err := c.vaultDir()
	if err != nil {
		return err
	}
	setup := capture.Setup{DeviceName: i.DeviceName, Organisation: consent.Organisation{Name: i.OrgName, Number: i.OrgNumber,
		Contact: i.Contact, Address: i.OrgAddress, DPO: i.DPO, Policy: i.Policy}}
	if err := setup.Organisation.Validate(); err != nil {
		return err // before a passphrase is asked for and a folder made
	}
	passphrase, err := c.passphrase("New passphrase: ")
	if err != nil {
		return err
	}
	v, recovery, device, err := createVault(c, dir, passphrase, setup)
	if err != nil {
		return err
	}
	c.vault = v
	return c.answer(map[string]any{"vault": dir, "device": device.ID, "recovery_key": recovery},
		fmt.Sprintf("The vault is in %s.\nRecovery key, print it and keep it apart from this machine; it is not shown again:\n\n    %s\n", dir, recovery))
}

// createVault makes a vault and sets it up; when the second step fails nothing is left of the first.
func createVault(c *call, dir, passphrase string, setup capture.Setup) (*vault.Vault, string, capture.Device, error) {
	v, recovery, err := vault.Create(c.context, dir, passphrase, vault.Options{})
	if err != nil {
		return nil, "", capture.Device{}, err
	}
	device, err := capture.Initialise(c.context, partsOf(v), setup)
	if err != nil {
		return nil, "", device, errors.Join(err, v.Close(), os.RemoveAll(dir))
	}
	return v, recovery, device, nil
}
