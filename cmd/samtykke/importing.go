package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/assets"
)

type imageImport struct {
	Paths     []string        `arg:"" name:"path" help:"Files and folders."`
	Shoot     consent.ShootID `required:"" help:"The shoot." placeholder:"ID"`
	Slates    bool            `help:"Look for photographed QR cards and link the pictures after each to its person."`
	Reference bool            `help:"Leave the files where they are."`
	Clock     []clockFlag     `help:"A camera whose clock is wrong, by model or serial number, and what to add to its times; kept for later imports." placeholder:"CAMERA=+1h2m3s" sep:"none"`
}

// clockFlag is a camera and its offset, written CAMERA=+1h2m3s.
type clockFlag capture.CameraClock

// UnmarshalText reads the flag.
func (f *clockFlag) UnmarshalText(text []byte) error {
	at := strings.LastIndex(string(text), "=")
	if at < 1 {
		return errors.New("write it like CAMERA=+1h2m3s")
	}
	offset, err := time.ParseDuration(strings.TrimSpace(string(text[at+1:])))
	if err != nil {
		return errors.New("write the offset like +1h2m3s or -30s")
	}
	*f = clockFlag{Camera: strings.TrimSpace(string(text[:at])), Offset: offset}
	return nil
}

type skippedJSON struct {
	Path   string `json:"path"`
	Reason string `json:"reason"`
}

type slateJSON struct {
	Path    string            `json:"path"`
	Subject consent.SubjectID `json:"subject,omitempty"`
	Code    consent.Code      `json:"code,omitempty"`
	Card    capture.CardKind  `json:"card,omitempty"` // "end", without a subject, on one that ends a person's frames
}

type undecidedFileJSON struct {
	Path       string              `json:"path"`
	ID         consent.AssetID     `json:"id"`
	Undecided  capture.Undecided   `json:"undecided"`
	Candidates []consent.SubjectID `json:"candidates"`
}

type clockJSON struct {
	Camera  string `json:"camera"`
	Seconds int64  `json:"seconds"` // added to its times
}

// Run imports. What was done until a stop or until the card went away is told all the same, before the reason.
func (i *imageImport) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	order := capture.Import{Shoot: i.Shoot, Paths: i.Paths, Slates: i.Slates, Reference: i.Reference, Progress: c.importProgress()}
	for _, clock := range i.Clock {
		order.Clocks = append(order.Clocks, capture.CameraClock(clock))
	}
	report, err := s.Import(c.context, order)
	if err != nil && report.Imported+report.Companions+report.Duplicates+len(report.Skipped) == 0 {
		return err
	}
	return errors.Join(c.answer(importAnswer(report)), err)
}

// importAnswer is a report as JSON and as text.
func importAnswer(report capture.ImportReport) (answer map[string]any, text string) {
	skipped, slates, clocks := []skippedJSON{}, []slateJSON{}, []clockJSON{}
	text = fmt.Sprintf("%d imported, %d were here already, %d skipped, %d cards found, %d links made",
		report.Imported, report.Duplicates, len(report.Skipped), len(report.Slates), report.Linked)
	if report.Companions > 0 {
		text += fmt.Sprintf("\nRaw files and sidecars taken in beside them: %d", report.Companions)
	}
	if report.NotReached > 0 {
		text += fmt.Sprintf("\n%d files were not reached; import the same again to go on", report.NotReached)
	}
	for _, clock := range report.Clocks {
		clocks = append(clocks, clockJSON{clock.Camera, int64(clock.Offset.Seconds())})
		text += fmt.Sprintf("\nThe clock of %s was corrected by %s", clock.Camera, signed(clock.Offset))
	}
	for _, f := range report.Skipped {
		reason := f.Words(assets.NewTexts(language))
		if f.What.ID != "" { // whoever reads this may want to know it exactly
			reason += " [" + f.Detail + "]"
		}
		skipped = append(skipped, skippedJSON{Path: f.Path, Reason: reason})
		text += fmt.Sprintf("\n  skipped %s: %s", plain(f.Path), plain(reason))
	}
	papers := []paperFoundJSON{}
	for _, p := range report.Papers {
		papers = append(papers, paperFoundJSON(p))
		text += fmt.Sprintf("\n  a signed paper, to be read and confirmed: %s  %.12s", plain(p.Path), p.ID)
	}
	for _, f := range report.Slates {
		slates = append(slates, slateJSON(f))
	}
	undecided := []undecidedFileJSON{}
	for _, f := range report.Undecided {
		undecided = append(undecided, undecidedFileJSON{f.Path, f.Asset, f.Why, append([]consent.SubjectID{}, f.Candidates...)})
	}
	if len(undecided) > 0 {
		text += fmt.Sprintf("\n%d are undecided; \"image undecided\" lists them", len(undecided))
	}
	return map[string]any{"imported": report.Imported, "companions": report.Companions, "duplicates": report.Duplicates, "skipped": skipped,
		"slates": slates, "linked": report.Linked, "undecided": undecided, "not_reached": report.NotReached, "clocks": clocks, "papers": papers}, text
}

// signed writes an offset with its sign.
func signed(offset time.Duration) string {
	if offset < 0 {
		return offset.String()
	}
	return "+" + offset.String()
}

// importProgress shows how far an import is, on a terminal only and a few times a second.
func (c *call) importProgress() func(capture.ImportProgress) {
	file, ok := c.stderr.(*os.File)
	if !ok || c.cli.JSON || !term.IsTerminal(int(file.Fd())) {
		return nil
	}
	var told time.Time
	phases := map[capture.ImportPhase]string{capture.ImportLooking: "Looking at", capture.ImportTaking: "Taking in"}
	return func(p capture.ImportProgress) {
		last := p.Done == p.Total
		if !last && time.Since(told) < 200*time.Millisecond {
			return
		}
		told = time.Now()
		line := fmt.Sprintf("%s %d of %d files", phases[p.Phase], p.Done, p.Total)
		if p.Rate > 0 {
			line += fmt.Sprintf(", %d of %d MB, %d MB/s, %s left", p.DoneBytes>>20, p.TotalBytes>>20, p.Rate>>20, p.Remaining.Round(time.Second))
		}
		end := "\r"
		if last {
			end = "\n"
		}
		fmt.Fprintf(c.stderr, "%-70s%s", line, end)
	}
}

type imageCameras struct {
	Shoot consent.ShootID `required:"" help:"The shoot." placeholder:"ID"`
	Set   []clockFlag     `help:"Correct what a camera took at this shoot, and what is imported from it later; 0s says that its clock is right." placeholder:"CAMERA=+1h2m3s" sep:"none"`
}

type cameraJSON struct {
	Camera  string     `json:"camera"`
	Serial  string     `json:"serial,omitempty"`
	Files   int        `json:"files"`
	First   *time.Time `json:"first"` // of its files, corrected; null when none says
	Last    *time.Time `json:"last"`
	Seconds int64      `json:"seconds"` // added to the times of its next files
	// With --set: Changed are files whose times changed, Followed those of which the cards tell something else by them.
	Changed  *int `json:"changed,omitempty"`
	Followed *int `json:"followed,omitempty"`
}

// Run lists the cameras, after correcting those that were named.
func (i *imageCameras) Run(c *call) error {
	s, err := c.openAt(i.Shoot)
	if err != nil {
		return err
	}
	changed := map[capture.Camera]capture.Corrected{}
	for _, clock := range i.Set {
		done, err := s.SetClockOffset(c.context, i.Shoot, capture.CameraClock(clock))
		if err != nil {
			return err
		}
		changed[done.Camera] = done
	}
	cameras, err := s.Cameras(c.context, i.Shoot)
	if err != nil {
		return err
	}
	rows, lines := []cameraJSON{}, []string{}
	for _, camera := range cameras {
		row := cameraJSON{Camera: camera.Name, Serial: camera.Serial, Files: camera.Files, First: moment(camera.First), Last: moment(camera.Last),
			Seconds: int64(camera.Offset.Seconds())}
		line := fmt.Sprintf("%s  %d files", camera, camera.Files)
		if row.First != nil {
			line += fmt.Sprintf("  %s to %s", camera.First.Local().Format("2006-01-02 15:04:05"), camera.Last.Local().Format("2006-01-02 15:04:05"))
		}
		if camera.Offset != 0 {
			line += "  corrected by " + signed(camera.Offset)
		}
		if done, was := changed[camera.Camera]; was {
			row.Changed, row.Followed = &done.Times, &done.Followed
			line += fmt.Sprintf("  %d times changed", done.Times)
			if done.Followed > 0 {
				line += fmt.Sprintf("; of %d files the cards tell something else by them (\"image undo\" takes that back)", done.Followed)
			}
		}
		rows, lines = append(rows, row), append(lines, line)
	}
	return c.answer(rows, strings.Join(lines, "\n"))
}
