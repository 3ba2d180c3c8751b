package roster

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"samtykke/app/consent"
	"samtykke/app/problem"
)

// field is what a column holds.
type field string

const (
	fieldName     field = "name"
	fieldFirst    field = "first"
	fieldMiddle   field = "middle"
	fieldLast     field = "last"
	fieldPhone    field = "phone"
	fieldEmail    field = "email"
	fieldBorn     field = "born"
	fieldGroup    field = "group"
	fieldNotes    field = "notes"
	fieldAvoid    field = "avoid"
	fieldNational field = "national"
)

// column is a field of the person, or of a guardian, counted from 1.
type column struct {
	field    field
	guardian int
}

// maxGuardians is how many guardians a list may have columns for.
const maxGuardians = 2

// fields are the headings, in plain spelling and without spaces, in bokmål, nynorsk and English.
var fields = map[string]field{
	"navn": fieldName, "namn": fieldName, "name": fieldName, "fulltnavn": fieldName, "fulltnamn": fieldName, "fullname": fieldName,
	"elev": fieldName, "elevnavn": fieldName, "elevnamn": fieldName, "navnelev": fieldName, "barn": fieldName, "barnetsnavn": fieldName,
	"student": fieldName, "pupil": fieldName, "child": fieldName, "person": fieldName, "deltaker": fieldName, "deltakar": fieldName, "ansatt": fieldName,
	"fornavn": fieldFirst, "fornamn": fieldFirst, "forenamn": fieldFirst, "forenavn": fieldFirst, "firstname": fieldFirst, "givenname": fieldFirst,
	"mellomnavn": fieldMiddle, "mellomnamn": fieldMiddle, "middlename": fieldMiddle,
	"etternavn": fieldLast, "etternamn": fieldLast, "lastname": fieldLast, "surname": fieldLast, "familyname": fieldLast,
	"telefon": fieldPhone, "tlf": fieldPhone, "tel": fieldPhone, "telefonnummer": fieldPhone, "telefonnr": fieldPhone, "tlfnr": fieldPhone,
	"mobil": fieldPhone, "mobiltelefon": fieldPhone, "mobilnummer": fieldPhone, "mobilnr": fieldPhone, "mobiltlf": fieldPhone,
	"phone": fieldPhone, "phonenumber": fieldPhone, "telephone": fieldPhone, "mobile": fieldPhone, "mobilephone": fieldPhone, "cell": fieldPhone, "cellphone": fieldPhone,
	"epost": fieldEmail, "epostadresse": fieldEmail, "email": fieldEmail, "emailaddress": fieldEmail, "mail": fieldEmail, "mailadresse": fieldEmail,
	"fodselsdato": fieldBorn, "fodt": fieldBorn, "fodd": fieldBorn, "fodselsar": fieldBorn, "fodselsdag": fieldBorn, "fodelsdato": fieldBorn,
	"dateofbirth": fieldBorn, "birthdate": fieldBorn, "birthday": fieldBorn, "birthyear": fieldBorn, "yearofbirth": fieldBorn, "born": fieldBorn, "dob": fieldBorn,
	"klasse": fieldGroup, "gruppe": fieldGroup, "avdeling": fieldGroup, "trinn": fieldGroup, "basisgruppe": fieldGroup, "lag": fieldGroup, "klassegruppe": fieldGroup,
	"class": fieldGroup, "group": fieldGroup, "department": fieldGroup, "team": fieldGroup, "klassetrinn": fieldGroup,
	"notat": fieldNotes, "notater": fieldNotes, "notatar": fieldNotes, "merknad": fieldNotes, "merknader": fieldNotes, "merknadar": fieldNotes,
	"kommentar": fieldNotes, "kommentarer": fieldNotes, "notes": fieldNotes, "note": fieldNotes, "comment": fieldNotes, "comments": fieldNotes, "remarks": fieldNotes,
	"unnga": fieldAvoid, "avoid": fieldAvoid, "ikkefoto": fieldAvoid, "ikkefotograferes": fieldAvoid, "skalikkefotograferes": fieldAvoid,
	"ikkjefotograferast": fieldAvoid, "skalikkjefotograferast": fieldAvoid, "ikkjefoto": fieldAvoid, "donotphotograph": fieldAvoid, "nophoto": fieldAvoid, "nophotos": fieldAvoid,
	"fodselsnummer": fieldNational, "fodselsnr": fieldNational, "fodelsnummer": fieldNational, "personnummer": fieldNational, "personnr": fieldNational,
	"fnr": fieldNational, "pnr": fieldNational, "dnummer": fieldNational, "dnr": fieldNational, "ssn": fieldNational, "nationalid": fieldNational, "nationalidentitynumber": fieldNational,
	"nationalidnumber": fieldNational, "socialsecuritynumber": fieldNational, "personalnumber": fieldNational,
}

// guardianWords are what guardians are called in headings.
var guardianWords = []string{"foresatt", "foresatte", "foresattes", "foresett", "foresette", "foresettes", "guardian", "guardians", "parent", "parents",
	"forelder", "foreldre", "verge", "mor", "mors", "far", "fars", "mother", "father"}

// headingsOf reads a line as headings; n is how many of them mean something.
func headingsOf(line string, separator rune) (t *table, n int, err error) {
	cells, err := newReader(line, separator).Read()
	if err != nil {
		return nil, 0, nil //nolint:nilerr // a line that is not even CSV has no headings; the next one may
	}
	t = &table{separator: separator}
	var guardians []string // how each is told apart in the headings, in their order
	for i, cell := range cells {
		heading := strings.TrimSpace(cell)
		c, guardian := columnOf(heading)
		if c.field == fieldNational {
			return nil, 0, problem.New(problem.Invalid, "roster-national-id-column",
				"Column {{.number}} of the list is for national identity numbers; nobody was registered, since such numbers are never read here; delete the column from the list.",
				"number", i+1)
		}
		if guardian != "" && c.field != "" {
			at := slices.Index(guardians, guardian)
			if at < 0 {
				at, guardians = len(guardians), append(guardians, guardian)
			}
			if c.guardian = at + 1; c.guardian > maxGuardians {
				c = column{}
			}
		}
		if c.field != "" {
			n++
		} else if heading != "" {
			t.unread = append(t.unread, heading)
		}
		if heading == "" {
			heading = fmt.Sprint(i + 1)
		}
		t.headings, t.columns = append(t.headings, heading), append(t.columns, c)
	}
	return t, n, nil
}

// columnOf reads one heading: what the column holds, and which guardian's it is, "" for the person's own.
func columnOf(heading string) (column, string) {
	words := strings.FieldsFunc(apart(consent.Plain(heading)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	guardian, number := "", ""
	var rest []string
	for _, word := range words {
		switch {
		case slices.Contains(guardianWords, word):
			guardian = strings.TrimRight(word, "es")
		case len(word) == 1 && unicode.IsDigit(rune(word[0])):
			number = word
		default:
			rest = append(rest, word)
		}
	}
	what := strings.Join(rest, "")
	if guardian == "" {
		return column{field: fields[what]}, ""
	}
	if number != "" {
		guardian = number
	}
	if what == "" || what == "s" {
		return column{field: fieldName}, guardian
	}
	switch f := fields[what]; f {
	case fieldName, fieldFirst, fieldMiddle, fieldLast, fieldPhone, fieldEmail, fieldNational:
		return column{field: f}, guardian
	}
	return column{}, guardian
}

// apart puts a space between letters and digits: foresatt1 is foresatt 1.
func apart(text string) string {
	var b strings.Builder
	digit := false
	for i, r := range text {
		if now := unicode.IsDigit(r); i > 0 && now != digit {
			b.WriteByte(' ')
		}
		digit = unicode.IsDigit(r)
		b.WriteRune(r)
	}
	return b.String()
}

// hasName tells whether there is a column for the person's name.
func (t *table) hasName() bool {
	return slices.ContainsFunc(t.columns, func(c column) bool {
		return c.guardian == 0 && (c.field == fieldName || c.field == fieldFirst || c.field == fieldLast)
	})
}
