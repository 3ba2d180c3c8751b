package web

import (
	"strconv"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // a small server may have no time zones of its own

	"samtykke/app/consent"
	"samtykke/app/library"
)

// zone is where days begin on these pages: the organisations, the law and nearly all readers are Norwegian, and a page without
// scripts cannot know better.
var zone = sync.OnceValue(func() *time.Location {
	oslo, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		panic(err) // the zones are compiled in
	}
	return oslo
})

// date is a day in words, such as "22. november 2026".
func (p *page) date(t time.Time) string {
	t = t.In(zone())
	return p.T("receipt.date", "Day", strconv.Itoa(t.Day()), "Month", p.T("receipt.month."+strconv.Itoa(int(t.Month()))),
		"Year", strconv.Itoa(t.Year()))
}

// moment is a time in words, with the name of its zone, as on receipts.
func (p *page) moment(t time.Time) string {
	return p.T("receipt.moment", "Date", p.date(t), "Hour", t.In(zone()).Format("15"), "Minute", t.In(zone()).Format("04")) + " " + t.In(zone()).Format("MST")
}

// lastDay is a time on the last day on which something still holds that ends at until.
func lastDay(until time.Time) time.Time { return until.Add(-time.Second) }

func sameDay(a, b time.Time) bool {
	return a.In(zone()).Format(time.DateOnly) == b.In(zone()).Format(time.DateOnly)
}

// historyLine puts one event into words.
func (p *page) historyLine(text consent.FormText, e library.PersonalEvent) historyLine {
	line := historyLine{When: p.moment(e.At), Time: e.At.UTC().Format(time.RFC3339), Who: p.signer(e.By)}
	switch {
	case !e.Withdrawal:
		line.What = p.T("web.history.answered", "yes", e.Yes, "no", e.No)
	case len(e.Scopes) == 0:
		line.What = p.T("web.history.everything")
	default:
		var parts []string
		for _, c := range byChannel(text, e.Scopes) {
			parts = append(parts, c.Channel+" ("+c.KindList()+")")
		}
		line.What = p.T("web.history.withdrawn", "what", strings.Join(parts, "; "))
	}
	return line
}

func (p *page) signer(by consent.Signer) string {
	switch by.Role {
	case consent.RoleSelf, consent.RoleGuardian, consent.RoleStaff:
		return p.T("web.history.by." + string(by.Role))
	}
	return ""
}

// channelScopes is some media kinds in one channel, in words.
type channelScopes struct {
	Channel string
	Kinds   []string
}

// byChannel gathers scopes by channel, both in the order in which they come.
func byChannel(text consent.FormText, scopes []consent.Scope) []channelScopes {
	var list []channelScopes
	at := map[consent.Channel]int{}
	for _, sc := range scopes {
		i, seen := at[sc.Channel]
		if !seen {
			i = len(list)
			at[sc.Channel] = i
			list = append(list, channelScopes{Channel: channelText(text, sc.Channel).Title})
		}
		list[i].Kinds = append(list[i].Kinds, mediaText(text, sc.Media))
	}
	return list
}

// KindList is the kinds on one line.
func (c channelScopes) KindList() string { return strings.Join(c.Kinds, ", ") }
