// Package problem is how errors reach people.
//
// A Problem has a kind that code can branch on and one sentence that says what happened, what is safe and what to do. The
// sentence is written in English where the problem arises, as a text/template over named values; the same identifier finds
// its translation ("problem.<id>") at the edge, where the reader's language is known. Any other error is an internal one:
// it is shown as such and kept whole for the log.
//
// Values in a sentence may name files, scopes and short codes. They never carry a person's name, phone, e-mail or a secret,
// because sentences end up in terminals and logs.
package problem

import (
	"errors"
	"fmt"
	"strings"
	"text/template"
)

// Kind says what sort of thing went wrong, so that code can decide without reading sentences.
type Kind string

// The kinds of problem.
const (
	Invalid      Kind = "invalid"      // what was asked or given is not acceptable as it stands
	NotFound     Kind = "not-found"    // the named thing is not here
	Conflict     Kind = "conflict"     // somebody else holds it or changed it first
	Unauthorised Kind = "unauthorised" // passphrase, invitation or signature does not open this door
	Unavailable  Kind = "unavailable"  // a server or device cannot be reached now; trying later may help
	Damaged      Kind = "damaged"      // bytes are not what they must be
	Internal     Kind = "internal"     // a mistake of the program
	Notice       Kind = "notice"       // nothing went wrong, but the person should know
)

// Problem is an error with a kind and a sentence for a human.
type Problem struct {
	Kind Kind
	// ID names the sentence; translations are found under "problem."+ID.
	ID string
	// Sentence is the English text, a template over Values.
	Sentence string
	// Values fills the template, in any language.
	Values map[string]any
	// Cause is what lies underneath; it is logged, never shown.
	Cause error
}

// New makes a problem. Values come as name, value pairs and are used in the sentence as {{.name}}.
func New(kind Kind, id, sentence string, values ...any) *Problem {
	if len(values)%2 != 0 {
		panic("problem.New: values must be name, value pairs")
	}
	p := &Problem{Kind: kind, ID: id, Sentence: sentence, Values: make(map[string]any, len(values)/2)}
	for i := 0; i < len(values); i += 2 {
		p.Values[values[i].(string)] = values[i+1]
	}
	return p
}

// Because returns a copy of the problem that remembers its cause.
func (p *Problem) Because(cause error) *Problem {
	c := *p
	c.Cause = cause
	return &c
}

// Error is the English sentence.
func (p *Problem) Error() string { return Fill(p.Sentence, p.Values) }

// Unwrap gives the cause to errors.Is and errors.As.
func (p *Problem) Unwrap() error { return p.Cause }

// Is makes two problems with the same ID equal to errors.Is, whatever their values.
func (p *Problem) Is(target error) bool {
	other, ok := target.(*Problem)
	return ok && other.ID == p.ID
}

// Of finds the problem inside err; an error that holds none becomes an internal one around it.
func Of(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	return New(Internal, "internal",
		"Something went wrong inside the program ({{.detail}}); what was saved before is safe; try again, and report it if it happens twice.",
		"detail", fmt.Sprint(err)).Because(err)
}

// KindOf is Of(err).Kind, and "" for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	return Of(err).Kind
}

// Fill renders a sentence template with values. A template that does not fit is returned as it is, so that a mistake in a
// translation never hides the problem itself.
func Fill(sentence string, values map[string]any) string {
	t, err := template.New("").Option("missingkey=zero").Parse(sentence)
	if err != nil {
		return sentence
	}
	var b strings.Builder
	if err := t.Execute(&b, values); err != nil {
		return sentence
	}
	return b.String()
}
