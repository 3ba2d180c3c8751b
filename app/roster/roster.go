// Package roster reads lists of people as schools and offices have them: CSV in the dialects that spreadsheets write.
//
// Comma, semicolon or tab; UTF-8, UTF-16 or Windows-1252; with or without byte order mark and "sep=" line; headings in Norwegian or
// English, in any order. What cannot be read is named by line and column, never by what stands there: such sentences end up in
// terminals. Columns with national identity numbers are not read at all: the list is refused.
package roster

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"samtykke/app/consent"
	"samtykke/app/problem"
)

// The bounds of a list: more than any organisation's, less than what fills the memory.
const (
	MaxBytes = 16 << 20
	MaxRows  = 50_000
)

// Roster is a list of people.
type Roster struct {
	Rows []Row
	// Columns are those that were read, in the order of the list.
	Columns []Column
	// Unread are the headings of columns that say nothing to this program.
	Unread []string
}

// Column is what a column of the list was taken for.
type Column struct {
	Heading string
	// Field is one of "name", "first", "middle", "last", "phone", "email", "born", "group", "notes" and "avoid".
	Field string
	// Guardian is whose it is: 0 the person's own, else a guardian's, counted from 1.
	Guardian int
}

// Row is one person on a list.
type Row struct {
	Line      int // in the file, from 1
	Name      string
	Phone     string // E.164
	Email     string
	Born      string // YYYY or YYYY-MM-DD
	Group     string
	Notes     string
	Guardians []consent.Guardian
	Avoid     bool
	// Trouble is what is wrong with the row, and Column the heading of the column in which it is; nil for a good row.
	Trouble error
	Column  string
}

// Read reads a list. An error is about the list as a whole; what is wrong with single rows stands in these.
func Read(data []byte) (*Roster, error) {
	if len(data) > MaxBytes {
		return nil, problem.New(problem.Invalid, "roster-too-large",
			"The list is larger than {{.megabytes}} MB; nobody was registered; cut it into several lists.", "megabytes", MaxBytes>>20)
	}
	text, err := decode(data)
	if err != nil {
		return nil, err
	}
	t, err := findTable(text)
	if err != nil {
		return nil, err
	}
	list := &Roster{Unread: t.unread}
	for i, c := range t.columns {
		if c.field != "" {
			list.Columns = append(list.Columns, Column{Heading: t.headings[i], Field: string(c.field), Guardian: c.guardian})
		}
	}
	err = t.each(func(line int, cells []string, trouble error) error {
		if trouble == nil && blank(cells) {
			return nil
		}
		if len(list.Rows) == MaxRows {
			return problem.New(problem.Invalid, "roster-too-long",
				"The list has more than {{.rows}} rows; nobody was registered; cut it into several lists.", "rows", MaxRows)
		}
		for i, cell := range cells {
			if consent.HasNationalID(cell) {
				return errNationalID(line, t.heading(i))
			}
		}
		row := Row{Line: line, Trouble: trouble}
		if trouble == nil {
			row = t.row(line, cells)
		}
		list.Rows = append(list.Rows, row)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

func blank(cells []string) bool { return strings.TrimSpace(strings.Join(cells, "")) == "" }

// table is the text below the headings, and what its columns are.
type table struct {
	separator rune
	headings  []string
	columns   []column
	unread    []string
	text      string // from the line after the headings
	line      int    // of that line in the file
}

func (t *table) heading(i int) string {
	if i < len(t.headings) {
		return t.headings[i]
	}
	return ""
}

// findTable finds the separator and the headings: the first line that has a name's heading in it, read with the separator that makes
// the most sense of it. A few lines may stand above it.
func findTable(text string) (*table, error) {
	rest, line := text, 1
	only := rune(0)
	for range 10 {
		head, below, more := strings.Cut(rest, "\n")
		head = strings.TrimSuffix(head, "\r")
		if named, ok := strings.CutPrefix(strings.ToLower(head), "sep="); ok && line == 1 && len(named) == 1 {
			only = rune(named[0])
			rest, line = below, 2
			continue
		}
		var best *table
		known := 0
		for _, separator := range []rune{';', ',', '\t'} {
			if only != 0 && separator != only {
				continue
			}
			t, n, err := headingsOf(head, separator)
			if err != nil {
				return nil, err
			}
			if n > known {
				best, known = t, n
			}
		}
		if best != nil && best.hasName() {
			best.text, best.line = below, line+1
			return best, nil
		}
		if !more {
			break
		}
		rest, line = below, line+1
	}
	return nil, problem.New(problem.Invalid, "roster-no-headings",
		"The list has no column for names; nobody was registered; write headings in its first line, such as name, phone, e-mail, born, class.")
}

// each reads the rows. A row whose quotes do not match is handed on as trouble, and reading goes on with the next line.
func (t *table) each(fn func(line int, cells []string, trouble error) error) error {
	text, line := t.text, t.line
	for text != "" {
		r := t.reader(text)
		for {
			start := r.InputOffset()
			cells, err := r.Read()
			if errors.Is(err, io.EOF) {
				return nil
			}
			var broken *csv.ParseError
			if errors.As(err, &broken) {
				if err := fn(line+broken.StartLine-1, nil, errQuotes()); err != nil {
					return err
				}
				text, line = below(text, start, broken.StartLine), line+broken.StartLine
				break
			}
			if err != nil {
				return err
			}
			at, _ := r.FieldPos(0)
			if err := fn(line+at-1, cells, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// below is the text after the line with a number, which lies at or after an offset.
func below(text string, offset int64, line int) string {
	lines := strings.Count(text[:offset], "\n")
	rest := text[offset:]
	for ; lines < line; lines++ {
		_, after, more := strings.Cut(rest, "\n")
		if !more {
			return ""
		}
		rest = after
	}
	return rest
}

func (t *table) reader(text string) *csv.Reader { return newReader(text, t.separator) }

func newReader(text string, separator rune) *csv.Reader {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.TrimLeadingSpace = separator, -1, separator != '\t'
	return r
}

func errQuotes() error {
	return problem.New(problem.Invalid, "roster-quotes",
		"The quotation marks of this row do not match; the row was left out; write each mark inside a text twice, or none.")
}

func errNationalID(line int, column string) error {
	return problem.New(problem.Invalid, "roster-national-id",
		"There is a national identity number in line {{.line}}, column {{.column}}; nobody was registered, since such numbers are never read here; delete the column from the list.",
		"line", line, "column", column)
}
