package pictures

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// openClocks lists the cameras of the shoot and asks by how much the clock of each is wrong.
func (s *Screen) openClocks() {
	r := s.request
	s.inBackground(func() func() {
		cameras, err := r.Session.Cameras(s.ctx, r.Shoot)
		return func() {
			if err != nil {
				s.failed(err)
				return
			}
			s.showClocks(cameras)
		}
	})
}

func (s *Screen) showClocks(cameras []capture.CameraSeen) {
	column := part.Stack(part.Body(s.t("pictures.clocks.why", nil)))
	if len(cameras) == 0 {
		column.Add(part.Note(s.t("pictures.clocks.none", nil)))
	}
	for _, c := range cameras {
		column.Add(s.clockFields(c))
	}
	s.open(s.t("pictures.clocks", nil), container.NewVScroll(container.NewPadded(part.Narrow(720, container.NewPadded(column)))),
		container.NewHBox(part.NewButton(s.t("pictures.close", nil), s.close)))
}

// clockFields ask for the correction of one camera.
func (s *Screen) clockFields(c capture.CameraSeen) fyne.CanvasObject {
	offset := part.NewEntry("+1:00:00")
	if c.Offset != 0 {
		offset.SetText(offsetWord(c.Offset))
	}
	note := part.Note(s.t("pictures.clocks.format", nil))
	set := part.NewButton(s.t("pictures.clocks.set", nil), func() {
		by, ok := readOffset(offset.Text)
		if !ok {
			note.SetText(s.t("pictures.clocks.wrong", nil))
			return
		}
		var done capture.Corrected
		s.doSome(func(ctx context.Context) (_ []consent.AssetID, err error) {
			done, err = s.request.Session.SetClockOffset(ctx, s.request.Shoot, capture.CameraClock{Camera: c.String(), Offset: by})
			return nil, err
		}, func() {
			s.request.Toast(s.request.Texts.N("pictures.clocks.done", done.Times, map[string]any{"Camera": c.Name}))
			s.openClocks()
		})
	})
	offset.OnSubmitted = func(string) { set.Tapped(nil) }
	about := s.request.Texts.N("pictures.clocks.files", c.Files, nil)
	if !c.First.IsZero() {
		about += " · " + c.First.Local().Format(s.t("pictures.moment", nil)) + " – " + c.Last.Local().Format(s.t("pictures.moment", nil))
	}
	return container.NewVBox(part.FieldLabel(c.String()), part.Note(about), container.NewBorder(nil, nil, nil, set, offset), note)
}

// readOffset reads by how much a clock is wrong: +1:02:03, -0:30 (hours and minutes), 1h2m3s, or nothing for not at all.
func readOffset(text string) (time.Duration, bool) {
	text = strings.ReplaceAll(strings.TrimSpace(text), "−", "-") // as it is typeset
	if text == "" {
		return 0, true
	}
	if !strings.Contains(text, ":") {
		by, err := time.ParseDuration(text)
		return by, err == nil
	}
	rest, fast := strings.CutPrefix(text, "-")
	fields := strings.Split(strings.TrimPrefix(rest, "+"), ":")
	if len(fields) > 3 {
		return 0, false
	}
	by := time.Duration(0)
	for i, unit := range []time.Duration{time.Hour, time.Minute, time.Second}[:len(fields)] {
		n, err := strconv.ParseUint(fields[i], 10, 20)
		if err != nil || i > 0 && n > 59 {
			return 0, false
		}
		by += time.Duration(n) * unit
	}
	if fast {
		by = -by
	}
	return by, true
}

// offsetWord writes a correction as readOffset reads it.
func offsetWord(by time.Duration) string {
	sign := "+"
	if by < 0 {
		sign = "-"
	}
	by = by.Abs().Round(time.Second)
	return fmt.Sprintf("%s%d:%02d:%02d", sign, int(by.Hours()), int(by.Minutes())%60, int(by.Seconds())%60)
}
