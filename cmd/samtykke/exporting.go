package main

import (
	"errors"
	"fmt"
	"strings"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/picture"
)

type imageExport struct {
	Channel      consent.Channel       `help:"The channel." placeholder:"C"`
	Out          string                `help:"Folder for the copies. One that was exported before is brought up to date." type:"path" placeholder:"DIR"`
	Shoot        consent.ShootID       `help:"Only of this shoot." placeholder:"ID"`
	Profile      picture.Profile       `help:"What the copies tell: public says nothing of people and places." default:"public" placeholder:"public|internal"`
	Size         *int                  `help:"Draw pictures anew as JPEG with this longer side." placeholder:"PIXELS"`
	Raw          bool                  `help:"With the profile internal: put the raw files beside the pictures."`
	CSV          bool                  `name:"csv" help:"Write a table of the copies."`
	ContactSheet bool                  `help:"Write a contact sheet (PDF) of the copies."`
	Sidecars     capture.SidecarNaming `help:"How sidecars are named, from now on: IMG_1.NEF.xmp (ext), or IMG_1.xmp beside raw files (adobe)." placeholder:"ext|adobe"`
	Again        bool                  `help:"Bring every folder up to date that this device exported to; with no other flags."`
}

type refusedJSON struct {
	Asset   consent.AssetID `json:"asset"`
	Name    string          `json:"name"`
	Reasons []reasonJSON    `json:"reasons"`
}

func refusedOf(refused []capture.RefusedAsset) []refusedJSON {
	list := []refusedJSON{}
	for _, r := range refused {
		list = append(list, refusedJSON{r.Asset, r.Name, reasonsOf(r.Reasons)})
	}
	return list
}

func (e *imageExport) Run(c *call) error {
	if e.Again && (e.Channel != "" || e.Out != "") || !e.Again && (e.Channel == "" || e.Out == "") {
		return fmt.Errorf("%w: name --channel and --out, or --again alone", errUsage)
	}
	size := 0
	if e.Size != nil {
		if size = *e.Size; size < 1 {
			return fmt.Errorf("%w: --size is a number of pixels, at least 1", errUsage)
		}
	}
	s, err := c.open()
	if err != nil {
		return err
	}
	if e.Sidecars != "" {
		if err := s.SetSidecarNaming(c.context, e.Sidecars); err != nil {
			return err
		}
	}
	if e.Again {
		return c.exportAgain(s)
	}
	report, err := s.Export(c.context, capture.Export{Channel: e.Channel, Out: e.Out, Shoot: e.Shoot, Profile: e.Profile,
		Size: size, Raw: e.Raw, CSV: e.CSV, ContactSheet: e.ContactSheet}, language)
	if err != nil {
		return err
	}
	return c.answer(exportJSON(report), exportText(report, e.Out))
}

// exportJSON is the answer for scripts. What a first export has nothing of is left out.
func exportJSON(r capture.ExportReport) map[string]any {
	answer := map[string]any{"exported": r.Exported, "unchanged": r.Unchanged, "refused": refusedOf(r.Refused), "removed": refusedOf(r.Removed)}
	if len(r.Kept) > 0 {
		answer["kept"] = refusedOf(r.Kept)
	}
	if len(r.Missing) > 0 {
		answer["missing"] = refusedOf(r.Missing)
	}
	if len(r.Smaller) > 0 {
		answer["smaller"] = r.Smaller
	}
	if len(r.Lists) > 0 {
		answer["lists"] = r.Lists
	}
	return answer
}

func exportText(r capture.ExportReport, out string) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%d exported to %s, %d unchanged, %d refused, %d removed", r.Exported, out, r.Unchanged, len(r.Refused), len(r.Removed))
	tell := func(what string, list []capture.RefusedAsset) {
		for _, one := range list {
			for _, reason := range one.Reasons {
				fmt.Fprintf(&text, "\n  %s%s: %s", what, one.Name, reason.Text)
			}
		}
	}
	tell("", r.Refused)
	tell("removed ", r.Removed)
	tell("left ", r.Kept)
	tell("missing ", r.Missing)
	for _, name := range r.Smaller {
		fmt.Fprintf(&text, "\n  %s is smaller than was asked for: only a preview of the raw file can be drawn", name)
	}
	return text.String()
}

// exportAgain brings every exported folder up to date, and fails when one could not be, after it has told what became of all.
func (c *call) exportAgain(s *capture.Session) error {
	again, err := s.ExportAgain(c.context, language, nil)
	if err != nil {
		return err
	}
	folders, texts, failed := []map[string]any{}, []string{}, error(nil)
	for _, f := range again {
		answer := exportJSON(f.Report)
		answer["out"], answer["channel"], answer["profile"] = f.Folder.Out, f.Folder.Channel, f.Folder.Profile
		if f.Problem != nil {
			answer = map[string]any{"out": f.Folder.Out, "problem": f.Problem.Error()}
			c.notes, failed = append(c.notes, f.Problem.Error()), f.Problem
		} else {
			texts = append(texts, exportText(f.Report, f.Folder.Out))
		}
		folders = append(folders, answer)
	}
	if len(again) == 0 {
		texts = append(texts, "This device has exported to no folder that still holds copies.")
	}
	return errors.Join(c.answer(map[string]any{"folders": folders}, strings.Join(texts, "\n")), failed)
}
