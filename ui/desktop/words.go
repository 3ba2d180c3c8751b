package desktop

import (
	"fmt"
	"strings"
	"time"

	"samtykke/app/consent"
	"samtykke/app/problem"
	"samtykke/assets"
)

// words are the texts of the window in the reader's language, and what belongs to it: dates, sizes, problems.
type words struct{ *assets.Texts }

func newWords(language string) *words { return &words{assets.NewTexts(language)} }

// t is a text of the window; values come as name, value pairs.
func (w *words) t(id string, values ...any) string { return w.T("desktop."+id, pairs(values)) }

// n is a text of the window in the plural form of a count.
func (w *words) n(id string, count int) string {
	return w.N("desktop."+id, count, nil)
}

func pairs(values []any) map[string]any {
	data := make(map[string]any, len(values)/2)
	for i := 0; i+1 < len(values); i += 2 {
		data[values[i].(string)] = values[i+1]
	}
	return data
}

// problem is what to tell about an error: its sentence in the reader's language, which says what to do in the window, or in English where
// nobody has translated it.
func (w *words) problem(err error) string { return problem.Of(err).In(w.Texts, assets.WindowArea) }

// day writes a date as the reader does.
func (w *words) day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format(w.t("format.day"))
}

// moment writes a date with the time of day.
func (w *words) moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format(w.t("format.moment"))
}

// date writes a stored date, YYYY-MM-DD, as the reader does; what is none stays as it is.
func (w *words) date(stored string) string {
	day, err := time.ParseInLocation(time.DateOnly, stored, time.Local)
	if err != nil {
		return stored
	}
	return w.day(day)
}

// typed writes a stored date, YYYY-MM-DD, as the reader types one; what is none, such as a year, stays as it is.
func (w *words) typed(stored string) string {
	day, err := time.Parse(time.DateOnly, stored)
	if err != nil {
		return stored
	}
	return day.Format(w.t("format.day.typed"))
}

// size writes a number of bytes: 1.4 MB, with a comma where the reader uses one.
func (w *words) size(bytes int64) string {
	value, unit := float64(bytes), "B"
	for _, larger := range []string{"kB", "MB", "GB", "TB"} {
		if value < 1000 {
			break
		}
		value, unit = value/1000, larger
	}
	if unit == "B" {
		return fmt.Sprintf("%d B", bytes)
	}
	return strings.Replace(fmt.Sprintf("%.1f %s", value, unit), ".", w.t("format.decimal"), 1)
}

// phone writes a Norwegian number in the groups in which it is read aloud, a mobile's of three, two and three digits, and others as they are.
func (w *words) phone(e164 string) string {
	digits, norwegian := strings.CutPrefix(e164, "+47")
	if !norwegian || len(digits) != 8 {
		return e164
	}
	if digits[0] == '4' || digits[0] == '9' {
		return digits[:3] + " " + digits[3:5] + " " + digits[5:]
	}
	return digits[:2] + " " + digits[2:4] + " " + digits[4:6] + " " + digits[6:]
}

// short is a channel's name for the head of a narrow column: a translation where there is one, else the first letters
// of its title.
func (w *words) short(channel consent.Channel, title string) string {
	if id := "desktop.channel." + string(channel); w.Has(id) {
		return w.T(id, nil)
	}
	letters := []rune(title)
	if len(letters) > 5 {
		letters = append(letters[:4], '.')
	}
	return string(letters)
}
