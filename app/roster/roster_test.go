package roster_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"samtykke/app/consent"
	"samtykke/app/problem"
	"samtykke/app/roster"
)

// everybody is the list that every dialect in testdata holds.
var everybody = []roster.Row{
	{Name: "Ola Nordmann", Phone: "+4741234567", Email: "ola@example.no", Born: "2015-04-30", Group: "5B",
		Guardians: []consent.Guardian{{Name: "Kari Nordmann", Phone: "+4791234567", Email: "kari@example.no"}, {Name: "Per Nordmann"}}},
	{Name: "Åse Bjørndalen-Sæther", Born: "2016", Group: "4A", Notes: "Sitter ved vinduet; helst ikke foran", Avoid: true},
}

func same(a, b roster.Row) bool {
	return a.Trouble == nil && a.Name == b.Name && a.Phone == b.Phone && a.Email == b.Email && a.Born == b.Born && a.Group == b.Group &&
		strings.Join(strings.Fields(a.Notes), " ") == b.Notes && a.Avoid == b.Avoid && slices.Equal(a.Guardians, b.Guardians)
}

func TestEveryDialectReadsTheSame(t *testing.T) {
	files, err := filepath.Glob("testdata/dialects/*.csv")
	if err != nil || len(files) < 6 {
		t.Fatalf("only %d dialects, %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		list, err := roster.Read(data)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if len(list.Rows) != len(everybody) || !same(list.Rows[0], everybody[0]) || !same(list.Rows[1], everybody[1]) {
			t.Errorf("%s reads as %+v", file, list.Rows)
		}
	}
}

// with encodes a text as others write it.
func with(e encoding.Encoding) func(string) ([]byte, error) {
	return func(text string) ([]byte, error) { return e.NewEncoder().Bytes([]byte(text)) }
}

func TestEveryEncodingReadsTheSame(t *testing.T) {
	const text = "navn;klasse\nÅse Bjørndalen;5Æ\n"
	for name, encode := range map[string]func(string) ([]byte, error){
		"UTF-8":              func(s string) ([]byte, error) { return []byte(s), nil },
		"UTF-8 with a mark":  func(s string) ([]byte, error) { return []byte("\ufeff" + s), nil },
		"Windows-1252":       with(charmap.Windows1252),
		"Latin-1":            with(charmap.ISO8859_1),
		"UTF-16":             with(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)),
		"UTF-16, no mark":    with(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)),
		"UTF-16, big endian": with(unicode.UTF16(unicode.BigEndian, unicode.UseBOM)),
		"old Macintosh":      func(s string) ([]byte, error) { return []byte(strings.ReplaceAll(s, "\n", "\r")), nil },
	} {
		data, err := encode(text)
		if err != nil {
			t.Fatal(err)
		}
		list, err := roster.Read(data)
		if err != nil || len(list.Rows) != 1 || list.Rows[0].Name != "Åse Bjørndalen" || list.Rows[0].Group != "5Æ" {
			t.Errorf("%s reads as %+v, %v", name, list, err)
		}
	}
}

func TestBadRowsAreNamedByLineAndColumnAndGoodOnesStay(t *testing.T) {
	const text = "Navn;Mobil;E-post;Født;Foresatt 1 navn;Foresatt 1 mobil;Ikke foto\n" + // line 1
		"Ola Nordmann;12;;;;;\n" +
		"\n" +
		";;;;;;\n" +
		"Kari Nordmann;41234567;;;;;\n" + // 5
		"Per;4,12346E+07;;;;;\n" +
		"Per;;per@;;;;\n" +
		"Per;;;30.04.15;;;\n" +
		"Per;;;31.02.2015;;;\n" +
		";41234567;;;;;\n" + // 10
		"Per;;;;;41234567;\n" +
		"Per;;;;;;kanskje\n" +
		"Per;;;;;;;;one too many\n" +
		"\"Per;;;;;;\n" +
		"Anne \"Nordmann;;;;;;\n" + // 15
		"\"Anne\nNordmann\";;;;;;\n" +
		"Siv;;;;;;\n"
	list, err := roster.Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range list.Rows {
		what := row.Name
		if row.Trouble != nil {
			what = problem.Of(row.Trouble).ID + " " + row.Column
			if strings.Contains(row.Trouble.Error(), "Per") || strings.Contains(row.Trouble.Error(), "4123") {
				t.Errorf("line %d: %q repeats what stands there", row.Line, row.Trouble)
			}
		}
		got = append(got, fmt.Sprintf("%d %s", row.Line, what))
	}
	want := []string{"2 roster-bad-phone Mobil", "5 Kari Nordmann", "6 roster-rounded-number Mobil", "7 roster-bad-email E-post", "8 roster-bad-date Født",
		"9 roster-bad-date Født", "10 roster-name-missing ", "11 roster-guardian-nameless ", "12 roster-unclear-mark Ikke foto",
		"13 roster-too-many-cells ", "14 roster-quotes ", "15 roster-quotes ", "16 Anne Nordmann", "18 Siv"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestListsThatCannotBeTakenAreRefusedWhole(t *testing.T) {
	for text, id := range map[string]string{
		"":                                                 "roster-no-headings",
		"Ola Nordmann;41234567\n":                          "roster-no-headings",
		"telefon;e-post\n41234567;\n":                      "roster-no-headings",
		"PK\x03\x04 a workbook":                            "roster-spreadsheet",
		"navn;\x00klasse\nOla;1A\n":                        "roster-not-text",
		"navn;fødselsnummer\nOla;\n":                       "roster-national-id-column",
		"navn;Foresatt personnr.\nOla;\n":                  "roster-national-id-column",
		"navn;født\nOla;01819000049\n":                     "roster-national-id",
		"navn;nr\nOla;018190 00049\n":                      "roster-national-id",
		"navn;klasse\nOla (41819000032);\n":                "roster-national-id",
		"navn\n" + strings.Repeat("a\n", roster.MaxRows+1): "roster-too-long",
		"navn\n" + strings.Repeat(" ", roster.MaxBytes):    "roster-too-large",
	} {
		if _, err := roster.Read([]byte(text)); problem.Of(err).ID != id {
			t.Errorf("%.40q: %v, want %s", text, err, id)
		}
	}
}

func TestHeadingsAreKnownInThreeLanguagesAndWhatIsNotIsNamed(t *testing.T) {
	for headings, want := range map[string]roster.Row{
		"Fornavn;ETTERNAVN;tlf.;E-postadresse":                {Name: "A B", Phone: "+4741234567", Email: "a@example.no"},
		"Førenamn,Etternamn,Mobil nr,Epost":                   {Name: "A B", Phone: "+4741234567", Email: "a@example.no"},
		"First name\tLast name\tPhone number\tE-mail":         {Name: "A B", Phone: "+4741234567", Email: "a@example.no"},
		"Etternavn;Fornavn;Telefon;E-post":                    {Name: "B A", Phone: "+4741234567", Email: "a@example.no"},
		"Elev;Mor;Mors mobil;Mor e-post":                      {Name: "A", Guardians: []consent.Guardian{{Name: "B", Phone: "+4741234567", Email: "a@example.no"}}},
		"Navn;Foresatt1 navn;foresatt1 tlf;FORESATT1 EPOST":   {Name: "A", Guardians: []consent.Guardian{{Name: "B", Phone: "+4741234567", Email: "a@example.no"}}},
		"Name;Guardian 2;Phone guardian 2;Guardian 2 (email)": {Name: "A", Guardians: []consent.Guardian{{Name: "B", Phone: "+4741234567", Email: "a@example.no"}}},
		"Name;Class;Telephone;Mail":                           {Name: "A", Group: "B", Phone: "+4741234567", Email: "a@example.no"},
	} {
		separator := strings.TrimFunc(strings.Map(func(r rune) rune {
			if strings.ContainsRune(";,\t", r) {
				return r
			}
			return -1
		}, headings), func(rune) bool { return false })[:1]
		list, err := roster.Read([]byte(headings + "\r\n" + strings.Join([]string{"A", "B", "412 34 567", "a@example.no"}, separator)))
		if err != nil || len(list.Rows) != 1 || !same(list.Rows[0], want) || len(list.Unread) > 0 {
			t.Errorf("%q reads as %+v, %v", headings, list, err)
		}
	}
	list, err := roster.Read([]byte("navn;adresse;foresatt 1;foresatt 2;foresatt 3\nOla;;;;\n"))
	if err != nil || !slices.Equal(list.Unread, []string{"adresse", "foresatt 3"}) {
		t.Errorf("passed over %+v, %v", list, err)
	}
}

func TestDatesAreReadAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]string{"30.04.2015": "2015-04-30", "30.4.2015": "2015-04-30", "30/4-2015": "2015-04-30", "30. 4. 2015": "2015-04-30",
		"2015-04-30": "2015-04-30", "2015-04-30 00:00:00": "2015-04-30", "2015": "2015", "04/30/2015": "", "1042015": "", "42124": "", "i mai": ""} {
		list, err := roster.Read([]byte("navn;født\nOla;" + text + "\n"))
		if err != nil || len(list.Rows) != 1 || list.Rows[0].Born != want || (want == "") != (list.Rows[0].Trouble != nil) {
			t.Errorf("%q reads as %+v, %v", text, list, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/dialects/*.csv")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("navn;tlf\n\"Ola;1\n\"\"\"\n\"a\"\"\n"))
	f.Add([]byte("sep=,\nname,\"class\n\"\n=\"0123\",\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := roster.Read(data)
		if err != nil {
			if problem.KindOf(err) == problem.Internal {
				t.Errorf("no sentence for people: %v", err)
			}
			return
		}
		last := 0
		for _, row := range list.Rows {
			if row.Line <= last {
				t.Fatalf("line %d after line %d", row.Line, last)
			}
			last = row.Line
			if row.Trouble == nil && row.Name == "" {
				t.Errorf("line %d is good without a name", row.Line)
			}
		}
	})
}
