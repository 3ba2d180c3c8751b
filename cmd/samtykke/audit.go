package main

import (
	"fmt"
	"strings"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/problem"
)

type auditCommand struct {
	Verify auditVerify `cmd:"" help:"Verify every signature, every chain, and what they name."`
}

type auditVerify struct {
	Originals bool `help:"Read every original again and compare it with its name; this takes as long as copying them."`
}

// auditedJSON is one device's part of the log.
type auditedJSON struct {
	Device consent.DeviceID `json:"device"`
	Name   string           `json:"name"`
	Events int              `json:"events"`
	OK     bool             `json:"ok"`
}

func (v *auditVerify) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	audit, err := s.Audit(c.context)
	if err != nil {
		return err
	}
	result := map[string]any{"events": audit.Events}
	text := fmt.Sprintf("%d events, all in order", audit.Events)
	if v.Originals {
		read, wrong, err := s.VerifyOriginals(c.context, nil)
		if err != nil {
			return err
		}
		audit.Problems = append(audit.Problems, wrong...)
		result["originals"] = read
		text = fmt.Sprintf("%d events and %d originals, all in order", audit.Events, read)
	}
	ok := len(audit.Problems) == 0
	if !ok {
		text = fmt.Sprintf("%d events, with problems:\n  %s", audit.Events, strings.Join(audit.Problems, "\n  "))
	}
	if len(audit.Warnings) > 0 {
		text += "\nWorth a look:\n  " + strings.Join(audit.Warnings, "\n  ")
	}
	result["ok"], result["problems"], result["warnings"], result["devices"] = ok, audit.Problems, audit.Warnings, devicesOf(audit)
	if err := c.answer(result, text); err != nil || ok {
		return err
	}
	return problem.New(problem.Damaged, "audit-failed",
		"The log does not verify: {{.first}}; nothing was changed; keep this vault as it is and ask for help.", "first", audit.Problems[0])
}

func devicesOf(audit capture.Audit) []auditedJSON {
	devices := []auditedJSON{}
	for _, d := range audit.Devices {
		devices = append(devices, auditedJSON(d))
	}
	return devices
}
