package receipt

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
)

// amendment is a text that goes into an object of a PDF, right behind the one place where another stands.
type amendment struct{ behind, text string }

// amendments are what the PDF library leaves out: the language, which screen readers go by (ISO 32000-1, 14.9.2), the title in the
// window's bar, and what an attachment is and how it belongs to the pages (ISO 32000-2, 7.11.4 and 14.13).
func amendments(language string, attached bool) []amendment {
	list := []amendment{{"\n/Type /Catalog\n", "/Lang (" + language + ")\n/ViewerPreferences << /DisplayDocTitle true >>\n"}}
	if attached {
		list = append(list, amendment{"<< /Type /EmbeddedFile ", "/Subtype /application#2Fld+json "},
			amendment{"<< /Type /Filespec ", "/AFRelationship /Data "})
	}
	return list
}

// amend puts texts into the objects of a finished PDF and moves the offsets of its cross-reference table along.
func amend(pdf []byte, list []amendment) ([]byte, error) {
	const entry = 20 // bytes: ten digits of the offset, five of the generation, n, and the end of the line
	table := bytes.LastIndex(pdf, []byte("\nxref\n")) + 1
	end := bytes.LastIndex(pdf, []byte("\ntrailer\n")) + 1
	first := bytes.IndexByte(pdf[max(table+5, 0):], '\n') + table + 6
	if table <= 0 || end < first || (end-first)%entry != 0 {
		return nil, fmt.Errorf("amend PDF: its cross-reference table is not where it should be")
	}
	type insertion struct {
		at   int
		text string
	}
	var insertions []insertion
	for _, a := range list {
		at := bytes.Index(pdf, []byte(a.behind))
		if at < 0 || bytes.LastIndex(pdf, []byte(a.behind)) != at {
			return nil, fmt.Errorf("amend PDF: %q does not stand there once", a.behind)
		}
		insertions = append(insertions, insertion{at + len(a.behind), a.text})
	}
	slices.SortFunc(insertions, func(a, b insertion) int { return a.at - b.at })
	moved := func(offset int) int {
		sum := offset
		for _, in := range insertions {
			if in.at <= offset {
				sum += len(in.text)
			}
		}
		return sum
	}
	var out []byte
	from := 0
	for _, in := range insertions {
		out, from = append(append(out, pdf[from:in.at]...), in.text...), in.at
	}
	out = append(out, pdf[from:first]...)
	for at := first; at < end; at += entry {
		offset, err := strconv.Atoi(string(pdf[at : at+10]))
		if err != nil {
			return nil, fmt.Errorf("amend PDF: %w", err)
		}
		out = append(fmt.Appendf(out, "%010d", moved(offset)), pdf[at+10:at+entry]...)
	}
	before, _, found := bytes.Cut(pdf[end:], []byte("\nstartxref\n"))
	if !found {
		return nil, fmt.Errorf("amend PDF: it has no end")
	}
	return fmt.Appendf(append(out, before...), "\nstartxref\n%d\n%%%%EOF\n", moved(table)), nil
}
