// Package licences holds the licences of everything that is linked into the window's program: name, full text and copyright lines
// of each part, as they stand in the part itself. It is a leaf like assets.
//
// The texts are written by scripts/licences from the modules' own files, each text once and compressed. The test of this package
// fails when a module is linked that has no licence here, or when the text of one has changed.
package licences

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
)

//go:embed licences.json.gz
var archive []byte

// Part is something that is linked into the program.
type Part struct {
	Name    string // the path of a Go module, or what else people call it
	Licence string // SPDX identifiers, with " AND " between them when parts of the part have others
	Texts   []Text
}

// Text is one licence file of a part.
type Text struct {
	File string // in the part, "LICENSE"
	Text string
}

// Archive is the form in which the parts are kept: each text once, and parts that point to them.
type Archive struct {
	Texts []string       `json:"texts"`
	Parts []ArchivedPart `json:"parts"`
}

// ArchivedPart is a part in an archive.
type ArchivedPart struct {
	Name    string         `json:"name"`
	Licence string         `json:"licence"`
	Files   []ArchivedFile `json:"files"`
}

// ArchivedFile is a licence file in an archive; Text counts from 0 in Archive.Texts.
type ArchivedFile struct {
	Name string `json:"name"`
	Text int    `json:"text"`
}

// All reads the licences, by name. It takes some milliseconds, so the caller keeps them.
func All() ([]Part, error) {
	unpacked, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return nil, fmt.Errorf("unpack licences: %w", err)
	}
	raw, err := io.ReadAll(io.LimitReader(unpacked, largest))
	if err != nil {
		return nil, fmt.Errorf("unpack licences: %w", err)
	}
	var kept Archive
	if err := json.Unmarshal(raw, &kept); err != nil {
		return nil, fmt.Errorf("read licences: %w", err)
	}
	parts := make([]Part, len(kept.Parts))
	for i, p := range kept.Parts {
		parts[i] = Part{Name: p.Name, Licence: p.Licence, Texts: make([]Text, len(p.Files))}
		for j, f := range p.Files {
			parts[i].Texts[j] = Text{File: f.Name, Text: kept.Texts[f.Text]}
		}
	}
	return parts, nil
}

// largest is more than all licences together can be, in bytes.
const largest = 16 << 20
