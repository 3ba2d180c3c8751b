package capture_test

import (
	"testing"

	"samtykke/app/capture"
	"samtykke/app/problem"
)

func TestEvidenceThatDoesMoreThanShowIsRefused(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Ola", Born: "1980"})
	drawing := func(inside string) []byte {
		return []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0 L5 5 L9 1" stroke="black"/>` + inside + `</svg>`)
	}
	for what, c := range map[string]struct {
		method capture.Method
		file   []byte
	}{
		"script":           {capture.Drawn, drawing(`<script>1</script>`)},
		"handler":          {capture.Drawn, drawing(`<g onload="1"/>`)},
		"reference":        {capture.Drawn, drawing(`<image href="https://somewhere.example/"/>`)},
		"linked style":     {capture.Drawn, drawing(`<g style="fill: url(https://somewhere.example/)"/>`)},
		"page inside":      {capture.Drawn, drawing(`<desc><b xmlns="http://www.w3.org/1999/xhtml"/></desc>`)},
		"entities":         {capture.Drawn, append([]byte(`<!DOCTYPE svg [<!ENTITY a "b">]>`), drawing("")...)},
		"style sheet":      {capture.Drawn, append([]byte(`<?xml-stylesheet href="https://somewhere.example/"?>`), drawing("")...)},
		"scan cut short":   {capture.Paper, []byte("%PDF-1.4\n1 0 obj")},
		"scan with no end": {capture.Paper, append([]byte("%PDF-1.4\n%%EOF"), make([]byte, 2000)...)},
	} {
		g := b.signing(p, "web:*")
		g.Method, g.Signature = c.method, c.file
		if _, err := b.RecordConsent(b.ctx, g); problem.Of(err).ID != "signature-unreadable" {
			t.Errorf("%s: %v", what, err)
		}
	}
	for what, file := range map[string][]byte{
		"plain":       drawing(""),
		"with a note": drawing(`<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></metadata>`),
	} {
		g := b.signing(p, "web:*")
		g.Signature = file
		if _, err := b.RecordConsent(b.ctx, g); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}
