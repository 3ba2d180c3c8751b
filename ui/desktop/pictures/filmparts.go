package pictures

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// partFields ask in which part of a film or a sound somebody is. They show only while exactly one is selected.
type partFields struct {
	content   *fyne.Container
	of        *part.Entry
	submitted func()
}

func newPartFields(s *Screen) *partFields {
	p := &partFields{of: part.NewEntry("0:12–0:34")}
	p.of.OnSubmitted = func(string) {
		if p.submitted != nil {
			p.submitted()
		}
	}
	p.content = container.NewVBox(part.Field(s.t("pictures.part", nil), p.of, s.t("pictures.part.why", nil)))
	p.content.Hide()
	return p
}

// show shows the fields for what is selected. What stood in them was about something else.
func (p *partFields) show(rows []row) {
	film := len(rows) == 1 && rows[0].kind != consent.Photo && !rows[0].slate
	if p.content.Hidden == film {
		p.clear()
		p.content.Hidden = !film
	}
}

func (p *partFields) clear() { p.of.SetText("") }

// span is the part that is meant, the whole when nothing is written; false when it cannot be read.
func (p *partFields) span() (consent.Span, bool) {
	if p.content.Hidden {
		return consent.Span{}, true
	}
	return readSpan(p.of.Text)
}

// readSpan reads a part of a film: 0:12–0:34 or 0:12-0:34, or nothing for the whole.
func readSpan(text string) (consent.Span, bool) {
	text = strings.NewReplacer("—", "–", "−", "–", "-", "–", " ", "").Replace(text)
	if text == "" {
		return consent.Span{}, true
	}
	from, to, both := strings.Cut(text, "–")
	begin, begins := seconds(from)
	end, ends := seconds(to)
	return consent.Span{From: begin, To: end}, both && begins && ends && end > begin
}

// seconds reads a place in a film: 83, 1:23, 1:02:03, with tenths behind a point or a comma.
func seconds(text string) (float64, bool) {
	total := 0.0
	for i, field := range strings.Split(text, ":") {
		n, err := strconv.ParseFloat(strings.Replace(field, ",", ".", 1), 64)
		if err != nil || n < 0 || i > 2 || (i > 0 && n >= 60) {
			return 0, false
		}
		total = total*60 + n
	}
	return total, true
}

// clock writes how long something lasts, "1:23" or "1:02:03"; nothing for what has no length.
func clock(length time.Duration) string {
	if length <= 0 {
		return ""
	}
	return place(max(length.Round(time.Second), time.Second).Seconds())
}

// place writes a place in a film, with tenths where there are any.
func place(at float64) string {
	tenths := int(at*10 + 0.5)
	hours, minutes, rest := tenths/36000, tenths/600%60, tenths%600
	text := fmt.Sprintf("%d:%02d", minutes, rest/10)
	if hours > 0 {
		text = fmt.Sprintf("%d:%02d:%02d", hours, minutes, rest/10)
	}
	if rest%10 > 0 {
		text += fmt.Sprintf(".%d", rest%10)
	}
	return text
}

// spanWord writes a part of a film.
func spanWord(of consent.Span) string { return place(of.From) + "–" + place(of.To) }
