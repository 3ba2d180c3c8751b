package receipt

import (
	"strconv"
	"strings"
	"time"
	"unicode"
)

// date is a day in words, such as "22. november 2026".
func (p *page) date(t time.Time) string {
	return p.doc.Texts("receipt.date", map[string]any{
		"Day":   strconv.Itoa(t.Day()),
		"Month": p.t("month." + strconv.Itoa(int(t.Month()))),
		"Year":  strconv.Itoa(t.Year()),
	})
}

// shortDate is a day in figures that no language reads two ways.
func (p *page) shortDate(t time.Time) string { return t.Format("2006-01-02") }

// moment is a time in words, in the zone that t carries, which is named.
func (p *page) moment(t time.Time) string {
	return p.doc.Texts("receipt.moment", map[string]any{
		"Date": p.date(t), "Hour": t.Format("15"), "Minute": t.Format("04"),
	}) + " " + zone(t)
}

// zone is the short name of a time's zone, "CET", or its distance from UTC when it has no name of its own.
func zone(t time.Time) string {
	if name, _ := t.Zone(); strings.IndexFunc(name, unicode.IsLetter) >= 0 {
		return name
	}
	return t.Format("UTC-07:00")
}

// momentUTC is the same time where no zone can be mistaken.
func (p *page) momentUTC(t time.Time) string {
	return p.tf("moment.utc", "Time", t.UTC().Format("2006-01-02 15:04:05"))
}
