package roster

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"samtykke/app/consent"
	"samtykke/app/problem"
)

// row makes a person of the cells of a row.
func (t *table) row(line int, cells []string) Row {
	row := Row{Line: line}
	names := map[column]string{}
	guardians := make([]consent.Guardian, maxGuardians)
	fail := func(column string, err error) {
		if row.Trouble == nil && err != nil {
			row.Trouble, row.Column = err, column
		}
	}
	for i, cell := range cells {
		value := clean(cell)
		if value == "" {
			continue
		}
		if i >= len(t.columns) {
			fail("", problem.New(problem.Invalid, "roster-too-many-cells",
				"This row has more cells than there are headings; it was left out; put quotation marks around a text with a separator in it."))
			break
		}
		c := t.columns[i]
		phone, email := &row.Phone, &row.Email
		if c.guardian > 0 {
			phone, email = &guardians[c.guardian-1].Phone, &guardians[c.guardian-1].Email
		}
		var err error
		switch c.field {
		case fieldName, fieldFirst, fieldMiddle, fieldLast:
			if names[c] == "" {
				names[c] = value
			}
		case fieldPhone:
			err = fill(phone, value, phoneOf)
		case fieldEmail:
			err = fill(email, value, emailOf)
		case fieldBorn:
			err = fill(&row.Born, value, bornOf)
		case fieldGroup:
			err = fill(&row.Group, value, asItIs)
		case fieldNotes:
			row.Notes = strings.TrimSpace(row.Notes + "\n" + value)
		case fieldAvoid:
			row.Avoid, err = yesOf(value)
		}
		fail(t.headings[i], err)
	}
	row.Name = nameOf(names, 0)
	if row.Name == "" {
		fail("", problem.New(problem.Invalid, "roster-name-missing", "This row has no name; it was left out; write who it is."))
	}
	for i, g := range guardians {
		if g.Name = nameOf(names, i+1); g.Name == "" && (g.Phone != "" || g.Email != "") {
			fail("", problem.New(problem.Invalid, "roster-guardian-nameless",
				"Guardian {{.number}} of this row has no name; the row was left out; write who it is.", "number", i+1))
		}
		if g.Name != "" {
			row.Guardians = append(row.Guardians, g)
		}
	}
	return row
}

// fill sets a field that no earlier column has set.
func fill(into *string, value string, read func(string) (string, error)) error {
	got, err := read(value)
	if err == nil && *into == "" {
		*into = got
	}
	return err
}

func asItIs(value string) (string, error) { return value, nil }

// nameOf puts a name together: whole, or first, middle and last.
func nameOf(names map[column]string, guardian int) string {
	if whole := names[column{fieldName, guardian}]; whole != "" && names[column{fieldLast, guardian}] == "" {
		if last, first, reversed := strings.Cut(whole, ","); reversed && !strings.Contains(first, ",") {
			whole = first + " " + last // Nordmann, Ola
		}
		return strings.Join(strings.Fields(whole), " ")
	}
	first := names[column{fieldFirst, guardian}]
	if first == "" {
		first = names[column{fieldName, guardian}]
	}
	return strings.Join(strings.Fields(first+" "+names[column{fieldMiddle, guardian}]+" "+names[column{fieldLast, guardian}]), " ")
}

// clean takes away what spreadsheets put around a text.
func clean(cell string) string {
	cell = strings.TrimSpace(cell)
	if inner, ok := strings.CutPrefix(cell, `="`); ok {
		cell = strings.TrimSuffix(inner, `"`)
	}
	return strings.TrimSpace(strings.TrimPrefix(cell, "'"))
}

var scientific = regexp.MustCompile(`^[0-9]+([.,][0-9]+)?[eE]\+?[0-9]+$`)

// phoneOf reads a phone number; one that a spreadsheet has rounded is refused, for its last digits are gone.
func phoneOf(value string) (string, error) {
	if scientific.MatchString(value) {
		return "", problem.New(problem.Invalid, "roster-rounded-number",
			"A spreadsheet has rounded this number, and its last digits are gone; the row was left out; format the column as text and write the number again.")
	}
	phone, err := consent.NormalisePhone(strings.TrimSuffix(value, ".0"))
	if err != nil {
		return "", problem.New(problem.Invalid, "roster-bad-phone",
			"This is no phone number that can be called; the row was left out; write it with eight digits, or with + and the country code.").Because(err)
	}
	return phone, nil
}

func emailOf(value string) (string, error) {
	email, err := consent.NormaliseEmail(value)
	if err != nil {
		return "", problem.New(problem.Invalid, "roster-bad-email",
			"This is no complete e-mail address; the row was left out; write it like name@example.no.").Because(err)
	}
	return email, nil
}

var (
	yearAlone = regexp.MustCompile(`^[0-9]{4}$`)
	clockTime = regexp.MustCompile(`[T ]00:00(:00(\.0+)?)?Z?$`)
)

// bornOf reads a date or year of birth, see consent.ReadDay.
func bornOf(value string) (string, error) {
	bad := problem.New(problem.Invalid, "roster-bad-date",
		"This is no date of birth that can be read; the row was left out; write 30.04.2015, 2015-04-30 or the year.")
	value = strings.ReplaceAll(clockTime.ReplaceAllString(value, ""), " ", "")
	if yearAlone.MatchString(value) {
		return value, nil
	}
	day, ok := consent.ReadDay(value)
	if !ok {
		return "", bad
	}
	return day.Format(time.DateOnly), nil
}

// yesOf reads a mark in a column for yes or no.
func yesOf(value string) (bool, error) {
	switch plain := consent.Plain(value); {
	case slices.Contains([]string{"ja", "j", "x", "yes", "y", "true", "sant", "1"}, plain):
		return true, nil
	case slices.Contains([]string{"nei", "n", "no", "false", "usant", "0", ""}, plain):
		return false, nil
	}
	return false, problem.New(problem.Invalid, "roster-unclear-mark",
		"This is neither yes nor no; the row was left out; write yes, no, or leave it empty.")
}
