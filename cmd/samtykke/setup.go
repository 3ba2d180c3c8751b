package main

import (
	"fmt"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

type initCommand struct {
	OrgName    string `required:"" help:"Name of the organisation." placeholder:"S"`
	OrgNumber  string `required:"" help:"Organisation number." placeholder:"S"`
	Contact    string `required:"" help:"E-mail for questions and withdrawal." placeholder:"EMAIL"`
	OrgAddress string `help:"Postal address of the organisation." placeholder:"S"`
	DPO        string `help:"E-mail of the data protection officer; the contact when left out." placeholder:"EMAIL"`
	Policy     string `help:"Web address of the privacy notice; forms lose the line about suppliers without it." placeholder:"URL"`
	DeviceName string `help:"What people call this device." placeholder:"S"`
}

func (i *initCommand) Run(c *call) error {
	d, err := c.findDoor()
	if err != nil {
		return err
	}
	setup := capture.Setup{DeviceName: i.DeviceName, Organisation: consent.Organisation{Name: i.OrgName, Number: i.OrgNumber,
		Contact: i.Contact, Address: i.OrgAddress, DPO: i.DPO, Policy: i.Policy}}
	if err := setup.Organisation.Validate(); err != nil {
		return err // before a passphrase is asked for
	}
	passphrase, err := c.read(secret{variable: passphraseVariable, file: c.cli.PassphraseFile, prompt: "New passphrase: ",
		again: "New passphrase again: ", missing: errPassphraseMissing})
	if err != nil {
		return err
	}
	s, recovery, err := d.Create(c.context, passphrase, setup)
	if err != nil {
		return err
	}
	return c.answer(map[string]any{"vault": d.dir, "device": s.Device().ID, "recovery_key": recovery},
		fmt.Sprintf("The vault is in %s.\nRecovery key, print it and keep it apart from this machine; it is not shown again:\n\n    %s\n", d.dir, recovery))
}
