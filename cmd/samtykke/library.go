package main

import (
	"fmt"
	"strings"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/sync/device"
)

type deviceCommand struct {
	Enrol deviceEnrol `cmd:"" help:"Join a media library with an invitation."`
	Show  deviceShow  `cmd:"" help:"Show this device and its library."`
}

// library is the way to the media library.
func (c *call) library() capture.Library { return device.New(device.Options{}) }

type deviceEnrol struct {
	Invitation []string `arg:"" help:"The code or the address that \"mediebank invite\" printed." name:"address|code"`
}

func (e *deviceEnrol) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	if err := c.library().Enrol(c.context, s, strings.Join(e.Invitation, " ")); err != nil {
		return err
	}
	enrolment, _ := s.Enrolment()
	return c.answer(deviceOf(s), "This device belongs to "+enrolment.Address)
}

type deviceShow struct{}

func (*deviceShow) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	d := s.Device()
	text := fmt.Sprintf("%s  %s\n%s", d.ID, d.Name, s.Organisation().Name)
	if e, ok := s.Enrolment(); ok {
		text += "\nbelongs to " + e.Address
	}
	return c.answer(deviceOf(s), text)
}

func deviceOf(s *capture.Session) map[string]any {
	d := s.Device()
	result := map[string]any{"device": d.ID, "name": d.Name, "public_key": d.PublicKey, "organisation": s.Organisation().Name, "enrolled": false}
	if e, ok := s.Enrolment(); ok {
		result["enrolled"], result["library"], result["public_url"] = true, e.Address, e.PublicURL
	}
	return result
}

type syncCommand struct {
	Run syncRun `cmd:"" help:"Send what waits and take in what is new."`
}

type syncRun struct{}

func (*syncRun) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	report, err := c.library().Sync(c.context, s, nil)
	if err != nil {
		return err
	}
	status, err := s.Status(c.context)
	if err != nil {
		return err
	}
	troubles, err := troublesOf(c, s)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("Sent: %d events, %d profiles, %d files (%d bytes). Received: %d events. Still waiting: %d.",
		report.EventsSent, report.ProfilesSent, report.BlobsSent, report.BytesSent, report.EventsReceived, report.Pending)
	for _, t := range troubles {
		text += "\n  " + t.File + ": " + t.Trouble
	}
	if status.HeldEvents > 0 {
		text += fmt.Sprintf("\nThe library put aside %d events of this device for a person to look at; tell whoever runs it.", status.HeldEvents)
	}
	return c.answer(map[string]any{"events_sent": report.EventsSent, "events_received": report.EventsReceived, "profiles_sent": report.ProfilesSent,
		"blobs_sent": report.BlobsSent, "bytes_sent": report.BytesSent, "pending": report.Pending, "held_events": status.HeldEvents, "troubles": troubles}, text)
}

// troubleJSON is a file that stays behind, and why.
type troubleJSON struct {
	File    string `json:"file"`
	Trouble string `json:"trouble"`
}

func troublesOf(c *call, s *capture.Session) ([]troubleJSON, error) {
	waiting, err := s.WaitingTransfers(c.context)
	troubles := []troubleJSON{}
	for _, t := range waiting {
		if t.Trouble == "" {
			continue
		}
		name := string(t.Hash)
		if img, err := s.Image(consent.AssetID(t.Hash)); err == nil {
			name = img.Name
		}
		troubles = append(troubles, troubleJSON{File: name, Trouble: t.Trouble})
	}
	return troubles, err
}

type statusCommand struct{}

func (*statusCommand) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	st, err := s.Status(c.context)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("Saved on this device: %d people, %d consents, %d images\nReceived by the library: %d consents, %d images\nWaiting: %d events, %d files and profiles",
		st.Subjects, st.Consents, st.SavedAssets, st.ReceivedConsents, st.ReceivedAssets, st.PendingEvents, st.PendingBlobs)
	if !st.RestoredFrom.IsZero() {
		text += fmt.Sprintf("\nRestored from the backup of %s", st.RestoredFrom.Local().Format("2006-01-02 15:04"))
		if st.Enrolled {
			text += "; sync before anything else"
		}
	}
	text += papersWaiting(st.WaitingPapers)
	if st.HeldEvents > 0 {
		text += fmt.Sprintf("\nThe library put %d events aside for a person to look at", st.HeldEvents)
	}
	if st.ReferencesAmiss > 0 {
		text += fmt.Sprintf("\nFiles outside the vault had changed or gone for %d images when that was last checked: \"image check\" lists them", st.ReferencesAmiss)
	}
	return c.answer(map[string]any{"subjects": st.Subjects, "consents": st.Consents, "assets": st.Assets, "pending_events": st.PendingEvents,
		"pending_blobs": st.PendingBlobs, "received_blobs": st.ReceivedBlobs, "last_sync": moment(st.LastSync), "held_events": st.HeldEvents, "references_missing": st.ReferencesAmiss, "waiting_papers": st.WaitingPapers}, text)
}
