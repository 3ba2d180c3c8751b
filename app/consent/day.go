package consent

import (
	"regexp"
	"strings"
	"time"
)

var (
	dayFirst  = regexp.MustCompile(`^([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})$`)
	yearFirst = regexp.MustCompile(`^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})$`)
)

// ReadDay reads a day as people write it, 30.04.2015, 30/4-2015 or 2015-04-30, and tells whether it is one. A year in two digits is
// none: nobody knows the century.
func ReadDay(text string) (time.Time, bool) {
	text = strings.Join(strings.Fields(text), "")
	parts := yearFirst.FindStringSubmatch(text)
	if parts == nil {
		if parts = dayFirst.FindStringSubmatch(text); parts == nil {
			return time.Time{}, false
		}
		parts[1], parts[3] = parts[3], parts[1]
	}
	day, err := time.Parse("2006-1-2", strings.Join(parts[1:], "-"))
	return day, err == nil
}
