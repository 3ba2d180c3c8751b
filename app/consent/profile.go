package consent

import (
	"encoding/json"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/gowebpki/jcs"
	"github.com/nyaruka/phonenumbers"

	"samtykke/app/problem"
)

// Profile is the personal data of one subject. It lives sealed in the vault and in the library, never in an event; erasing it
// erases the person.
type Profile struct {
	Subject   SubjectID  `json:"subject"`
	Revision  int        `json:"revision"` // grows by one with each change; the library refuses to overwrite a newer one
	Name      string     `json:"name"`
	Phone     string     `json:"phone,omitempty"` // E.164
	Email     string     `json:"email,omitempty"`
	Born      string     `json:"born,omitempty"` // YYYY or YYYY-MM-DD; "" when nobody asked
	Guardians []Guardian `json:"guardians,omitempty"`
	// Group is where the person belongs at the shoot, in a word that the photographer knows: a class, a department.
	Group string `json:"group,omitempty"`
	Notes string `json:"notes,omitempty"`
	// Taken is what this profile has from others who turned out to be the same person, so that it can be given back.
	Taken []Taken `json:"taken,omitempty"`
	// CommitKey is the random key of the commitment that events carry (hex). It goes when the profile goes.
	CommitKey string `json:"commit_key"`
}

// Guardian is a parent or legal guardian who answers for a subject.
type Guardian struct {
	ID    string `json:"id"` // pseudonym within the subject, used in events
	Name  string `json:"name"`
	Phone string `json:"phone,omitempty"`
	Email string `json:"email,omitempty"`
}

// Taken is what a profile has from another registration of the same person.
type Taken struct {
	From   SubjectID `json:"from"`
	Fields []string  `json:"fields,omitempty"` // "phone", "email", "born", "group", "notes"
	// Guardians are the pseudonyms of those who came along; Same leads from the other registration's pseudonyms to those here.
	Guardians []string          `json:"guardians,omitempty"`
	Same      map[string]string `json:"same,omitempty"`
}

// homeRegion is where phone numbers without a country code belong.
const homeRegion = "NO"

// Normalise checks the profile and puts phone numbers into E.164 and a date of birth into the order of its stored form. A subject who must not be photographed may be nameless;
// whoever is asked for consent has a name.
func (p *Profile) Normalise() error {
	p.Name = strings.Join(strings.Fields(p.Name), " ")
	p.Group = strings.Join(strings.Fields(p.Group), " ")
	p.Notes = strings.TrimSpace(p.Notes)
	if p.Name == "" {
		return problem.New(problem.Invalid, "name-missing", "The person has no name; nothing was saved; type a name or a description such as \"red jacket\".")
	}
	var err error
	if p.Phone, err = NormalisePhone(p.Phone); err != nil {
		return err
	}
	if p.Email, err = NormaliseEmail(p.Email); err != nil {
		return err
	}
	if p.Born != "" {
		if _, err := bornBy(p.Born); err != nil {
			return err
		}
		if day, ok := ReadDay(p.Born); ok {
			p.Born = day.Format(time.DateOnly)
		}
	}
	if len(p.Name) > maxLine || len(p.Group) > maxLine || len(p.Notes) > maxNotes {
		return errTooLong()
	}
	if HasNationalID(p.Name) || HasNationalID(p.Group) || HasNationalID(p.Notes) {
		return errNationalID()
	}
	for i := range p.Guardians {
		g := &p.Guardians[i]
		if g.Name = strings.Join(strings.Fields(g.Name), " "); g.Name == "" {
			return problem.New(problem.Invalid, "guardian-name-missing",
				"Guardian {{.number}} has no name; nothing was saved; write \"name;phone;email\", where phone and e-mail may be empty.", "number", i+1)
		}
		if g.Phone, err = NormalisePhone(g.Phone); err != nil {
			return err
		}
		if g.Email, err = NormaliseEmail(g.Email); err != nil {
			return err
		}
		if len(g.Name) > maxLine {
			return errTooLong()
		}
		if HasNationalID(g.Name) {
			return errNationalID()
		}
		if slices.ContainsFunc(p.Guardians[:i], func(other Guardian) bool { return Plain(other.Name) == Plain(g.Name) }) {
			return problem.New(problem.Invalid, "guardian-twice",
				"Guardian {{.number}} stands there already under the same name; nothing was saved; name each guardian once, two of one name with what sets them apart.",
				"number", i+1)
		}
	}
	return nil
}

// How long what is typed may be, in bytes: more than any name has, and less than what makes every list slow.
const (
	maxLine  = 300
	maxNotes = 10_000
)

func errTooLong() error {
	return problem.New(problem.Invalid, "text-too-long",
		"A name, a group or the notes are too long; nothing was saved; names and groups have up to {{.line}} characters, notes up to {{.notes}}.",
		"line", maxLine, "notes", maxNotes)
}

// NormalisePhone puts a phone number into E.164; a number without a country code is Norwegian. "" stays "".
func NormalisePhone(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	number, err := phonenumbers.Parse(text, homeRegion)
	if err != nil || !phonenumbers.IsValidNumber(number) {
		return "", problem.New(problem.Invalid, "bad-phone",
			"The phone number is not one that can be called; nothing was saved; write it with eight digits, or with + and the country code.")
	}
	return phonenumbers.Format(number, phonenumbers.E164), nil
}

// NormaliseEmail checks an e-mail address. "" stays "".
func NormaliseEmail(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	address, err := mail.ParseAddress(text)
	if err != nil || address.Address != text || !strings.Contains(text[strings.LastIndexByte(text, '@'):], ".") {
		return "", problem.New(problem.Invalid, "bad-email",
			"The e-mail address is not complete; nothing was saved; write it like name@example.no.")
	}
	return text, nil
}

// bornBy is the last day on which somebody with this birth date or year can have been born.
func bornBy(born string) (time.Time, error) {
	if day, ok := ReadDay(born); ok {
		return day, nil
	}
	if year, err := time.Parse("2006", born); err == nil {
		return year.AddDate(1, 0, -1), nil
	}
	return time.Time{}, problem.New(problem.Invalid, "bad-birth-date",
		"The date of birth cannot be read; nothing was saved; write a year like 2015 or a day like 2015-04-30.")
}

// CheckBorn refuses a year of birth that nobody who stands here on that day can have.
func (p *Profile) CheckBorn(day time.Time) error {
	last, err := bornBy(p.Born)
	if p.Born == "" {
		return nil
	}
	if err != nil {
		return err
	}
	if last.Year() < day.Year()-125 || last.Year() > day.Year() {
		return problem.New(problem.Invalid, "impossible-birth-date",
			"{{.year}} cannot be the year of birth of somebody who is here; nothing was saved; check it.", "year", last.Year())
	}
	return nil
}

// Minor tells whether the subject is below an age on a day. Somebody of whom only the year is known counts as below it for the
// whole year in which they may reach it; somebody without a birth date is a minor when they have guardians.
func (p *Profile) Minor(age int, day time.Time) bool {
	last, err := bornBy(p.Born)
	if p.Born == "" || err != nil {
		return len(p.Guardians) > 0
	}
	return day.Before(last.AddDate(age, 0, 0))
}

// AtLeast tells whether the subject has certainly reached an age on a day; unknown birth dates have not.
func (p *Profile) AtLeast(age int, day time.Time) bool {
	last, err := bornBy(p.Born)
	return p.Born != "" && err == nil && !day.Before(last.AddDate(age, 0, 0))
}

// Until is when a yes given on a day ends: the form's validity in whole days, and for a child not later than the beginning of
// the month after which they answer alone. Only the month is used, so that the event does not tell a birthday.
func (p *Profile) Until(form *Form, day time.Time) time.Time {
	minor := p.Minor(form.MinorPolicy.SoleConsentAge, day)
	months := form.ValidityMonths
	if minor {
		months = form.MinorValidityMonths
	}
	until := endOfDay(day.AddDate(0, months, 0))
	if last, err := bornBy(p.Born); minor && p.Born != "" && err == nil {
		ofAge := last.AddDate(form.MinorPolicy.SoleConsentAge, 0, 0)
		month := time.Date(ofAge.Year(), ofAge.Month(), 1, 0, 0, 0, 0, day.Location())
		if month.After(day) && month.Before(until) {
			return month.UTC()
		}
		if ofAge.Before(until) { // in the very month: to the day, or the consent would be over before it began
			return time.Date(ofAge.Year(), ofAge.Month(), ofAge.Day(), 0, 0, 0, 0, day.Location()).UTC()
		}
	}
	return until
}

func endOfDay(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 23, 59, 59, 0, day.Location()).UTC()
}

// Guardian finds a guardian by pseudonym, also by one that they had in a registration that was merged into this one.
func (p *Profile) Guardian(id string) (Guardian, bool) {
	for _, taken := range p.Taken {
		if same, ok := taken.Same[id]; ok {
			id = same
		}
	}
	for _, g := range p.Guardians {
		if g.ID == id {
			return g, true
		}
	}
	return Guardian{}, false
}

// Canonical is the profile as canonical JSON without its commit key: what a commitment covers.
func (p *Profile) Canonical() ([]byte, error) {
	c := *p
	c.CommitKey = ""
	raw, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	return jcs.Transform(raw)
}
