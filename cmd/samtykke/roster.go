package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/problem"
)

type subjectImport struct {
	File  string          `arg:"" type:"path" help:"List of people as CSV." placeholder:"FILE.csv"`
	Shoot consent.ShootID `required:"" help:"The shoot." placeholder:"ID"`
	Check bool            `help:"Only say what would be done."`
}

// Help says what a list has to look like.
func (*subjectImport) Help() string {
	return `The headings stand in one of the first ten lines, in bokmål, nynorsk or English: "Navn", or "Fornavn" and "Etternavn"; and what there is of
"Telefon", "E-post", "Fødselsdato", "Klasse" (or "Gruppe", "Avdeling"), "Merknad", "Ikke foto", "Foresatt 1 navn", "Foresatt 1 telefon",
"Foresatt 1 e-post", and the same for "Foresatt 2". Semicolon, comma or tab; as a spreadsheet saves it. A list that is imported again adds
what is new and changes nothing else. A list with national identity numbers is refused.`
}

type rosterRowJSON struct {
	Line    int                  `json:"line"`
	Result  capture.RosterResult `json:"result"`
	ID      consent.SubjectID    `json:"id,omitempty"`
	Code    consent.Code         `json:"code,omitempty"`
	Column  string               `json:"column,omitempty"`
	Problem string               `json:"problem,omitempty"`
	Like    []rosterLikeJSON     `json:"like,omitempty"`
}

// rosterLikeJSON is somebody whom a row may be about: a person, or another line of the list.
type rosterLikeJSON struct {
	ID   consent.SubjectID `json:"id,omitempty"`
	Code consent.Code      `json:"code,omitempty"`
	Line int               `json:"line,omitempty"`
}

func (i *subjectImport) Run(c *call) error {
	data, err := capture.ReadRosterFile(i.File)
	if err != nil {
		return err
	}
	s, err := c.open()
	if err != nil {
		return err
	}
	report, err := s.ImportRoster(c.context, capture.RosterImport{Shoot: i.Shoot, Data: data, Check: i.Check})
	if err != nil {
		if done := report.Added + report.Updated; done > 0 && !i.Check {
			c.notes = append(c.notes, fmt.Sprintf("%d of the list were saved before it stopped; import it again to go on.", done))
		}
		return err
	}
	rows := []rosterRowJSON{}
	var text strings.Builder
	for _, r := range report.Rows {
		row := rosterRowJSON{Line: r.Line, Result: r.Result, ID: r.Person.ID, Code: r.Person.Code, Column: r.Column}
		for _, like := range r.Like {
			row.Like = append(row.Like, rosterLikeJSON{like.Person.ID, like.Person.Code, like.Line})
		}
		if r.Trouble != nil {
			row.Problem = problem.Of(r.Trouble).Error()
			where := fmt.Sprintf("Line %d", r.Line)
			if r.Column != "" {
				where += ", " + r.Column
			}
			fmt.Fprintf(&text, "%s: %s\n", where, row.Problem)
		}
		rows = append(rows, row)
	}
	if len(report.Unread) > 0 {
		fmt.Fprintf(&text, "Columns that were passed over: %s\n", strings.Join(report.Unread, ", "))
	}
	done := "Added %d, completed %d, already here %d, refused %d."
	if i.Check {
		done = "Nothing was saved. It would add %d, complete %d, leave %d as they are, and refuse %d."
	}
	fmt.Fprintf(&text, done, report.Added, report.Updated, report.Same, report.Refused)
	if doubtful := report.Doubtful(); doubtful > 0 && i.Check {
		fmt.Fprintf(&text, "\nMay be here already under another spelling, or twice on the list: %d.", doubtful)
	}
	if doubles := len(s.Doubles(i.Shoot)); doubles > 0 && !i.Check {
		fmt.Fprintf(&text, "\nMay be registered twice: %d. See subject duplicates --shoot %s", doubles, i.Shoot)
	}
	unread := report.Unread
	if unread == nil {
		unread = []string{}
	}
	return c.answer(map[string]any{"added": report.Added, "updated": report.Updated, "same": report.Same, "refused": report.Refused, "rows": rows,
		"doubtful": report.Doubtful(), "ignored": unread, "checked": i.Check}, text.String())
}

// readBounded reads a file, and one byte more than the bound of one that is larger, so that whoever bounds it sees that.
func readBounded(path string, bound int64) ([]byte, error) {
	var raw []byte
	f, err := os.Open(path)
	if err == nil {
		defer f.Close()
		raw, err = io.ReadAll(io.LimitReader(f, bound+1))
	}
	if err != nil {
		return nil, problem.New(problem.NotFound, "input-unreadable",
			"The file {{.path}} cannot be read; nothing was saved; check the name and that you may read it.", "path", path).Because(err)
	}
	return raw, nil
}
