package main

import (
	"fmt"
	"strings"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

type consentDue struct {
	Within *int            `help:"Days before a consent ends; the policy's when left out." placeholder:"DAYS"`
	Shoot  consent.ShootID `help:"Only people of this shoot." placeholder:"ID"`
}

type dueJSON struct {
	Subject consent.SubjectID `json:"subject"`
	Code    consent.Code      `json:"code"`
	Reason  consent.DueReason `json:"reason"`
	Scopes  []consent.Scope   `json:"scopes"`
	Until   *time.Time        `json:"until"` // null when it has no end
	Text    string            `json:"text"`
}

func (d *consentDue) Run(c *call) error {
	filter := capture.DueFilter{Shoot: d.Shoot}
	if d.Within != nil {
		if filter.Within = *d.Within; filter.Within < consent.MinReaskDays || filter.Within > 10*consent.MaxReaskDays {
			return fmt.Errorf("%w: --within is %d to %d days", errUsage, consent.MinReaskDays, 10*consent.MaxReaskDays)
		}
	}
	s, err := c.openAt(d.Shoot)
	if err != nil {
		return err
	}
	list := []dueJSON{}
	lines := []string{}
	for _, entry := range s.Due(filter, language) {
		list = append(list, dueJSON{entry.Subject, entry.Code, entry.Reason, entry.Scopes, moment(entry.Until), entry.Text})
		lines = append(lines, strings.TrimSpace(entry.Text+"  "+entry.Person.Profile.Name))
	}
	if len(lines) == 0 {
		lines = []string{"Nobody has to be asked again."}
	}
	return c.answer(list, strings.Join(lines, "\n"))
}

type policyCommand struct {
	Show policyShow `cmd:"" help:"Show what the organisation decided beyond its forms."`
	Set  policySet  `cmd:"" help:"Decide, for every device of the organisation."`
}

type policyShow struct{}

func (*policyShow) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	return c.answerPolicy(s)
}

type policySet struct {
	ReaskDays int `required:"" help:"How many days before a consent ends people are to be asked again." placeholder:"N"`
}

func (p *policySet) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	if err := s.SetPolicy(c.context, consent.Policy{ReaskDays: p.ReaskDays}); err != nil {
		return err
	}
	return c.answerPolicy(s)
}

func (c *call) answerPolicy(s *capture.Session) error {
	days := s.Policy().ReaskDays
	return c.answer(map[string]any{"reask_days": days}, fmt.Sprintf("People are asked again %d days before their consent ends.", days))
}

// deliveryJSON is a copy that left for use.
type deliveryJSON struct {
	Asset   consent.AssetID    `json:"asset"`
	Channel consent.Channel    `json:"channel"`
	At      time.Time          `json:"at"`
	Ground  consent.Ground     `json:"ground,omitempty"`
	Records []consent.RecordID `json:"records,omitempty"`
}

func deliveriesOf(deliveries []consent.Delivery, whole bool) []deliveryJSON {
	list := []deliveryJSON{}
	for _, d := range deliveries {
		j := deliveryJSON{Asset: d.Asset, Channel: d.Channel, At: d.At}
		if whole {
			j.Ground, j.Records = d.Ground, d.Records
		}
		list = append(list, j)
	}
	return list
}
