package desktop

import "time"

// ago says how long something is past, as people say it; what is more than a week past has its date.
func (w *words) ago(at, now time.Time) string {
	past := now.Sub(at)
	days := int(startOfDay(now).Sub(startOfDay(at)).Hours()+12) / 24 // a day may have 23 or 25 hours
	switch {
	case past < 0: // by another computer's clock
		return w.moment(at)
	case past < time.Minute:
		return w.t("ago.now")
	case past < time.Hour:
		return w.n("ago.minutes", int(past.Minutes()))
	case days == 0:
		return w.n("ago.hours", int(past.Hours()))
	case days == 1:
		return w.t("ago.yesterday")
	case days < 7:
		return w.n("ago.days", days)
	}
	return w.day(at)
}

// agoExactly is ago with the exact time behind it.
func (w *words) agoExactly(at, now time.Time) string {
	exact := w.moment(at)
	if ago := w.ago(at, now); ago != exact && ago != w.day(at) {
		return ago + " · " + exact
	}
	return exact
}

func startOfDay(t time.Time) time.Time {
	year, month, day := t.Local().Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.Local)
}
