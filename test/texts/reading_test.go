package texts_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// readSource collects the problems of one made-up file.
func readSource(t *testing.T, source string) code {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "made_up.go", source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var c code
	c.read(files, []*ast.File{file})
	return c
}

// The rules are worth what the reading of the code is worth, so every way of making a problem is tried here.
func TestProblemsAreReadHoweverTheyAreMade(t *testing.T) {
	const head = "package p\nimport \"samtykke/app/problem\"\n"
	for _, c := range []struct {
		name, source, id, sentence, values string
	}{
		{"in a function", head + `func f() error { return problem.New(problem.Invalid, "a", "No {{.x}}; go on.", "x", 1) }`, "a", "No {{.x}}; go on.", "x"},
		{"with a cause", head + `func f(e error) error { return problem.New(problem.Invalid, "a", "No; go on.").Because(e) }`, "a", "No; go on.", ""},
		{"under another name", "package p\nimport p \"samtykke/app/problem\"\n" + `var e = p.New(p.Invalid, "a", "No; go on.")`, "a", "No; go on.", ""},
		{"in its own package", "package problem\n" + `func f() *Problem { return New(Internal, "a", "No {{.x}}; go on.", "x", 1) }`, "a", "No {{.x}}; go on.", "x"},
		{"in pieces", head + `var e = problem.New(problem.Invalid, "a", "No; " + ` + "`go on.`)", "a", "No; go on.", ""},
		{"with a list", head + `func f(b bool) error { v := []any{"x", 1}; if b { v = []any{"y", 2, "x", 3} }; return problem.New(problem.Invalid, "a", "No.", v...) }`, "a", "No.", "x|y x"},
		{"with a later value", head + `func f() error { e := problem.New(problem.Invalid, "a", "No."); e.Values["x"] = 1; return e }`, "a", "No.", "x"},
		{"copied from a variable", head + `var Err = problem.New(problem.Invalid, "a", "No {{.x}}.")
			func f() error { return problem.New(Err.Kind, Err.ID, Err.Sentence, "x", 1) }`, "a", "No {{.x}}.", "x"},
		{"copied before its variable", head + `func f() error { return problem.New(Err.Kind, Err.ID, Err.Sentence, "x", 1) }
			var Err = problem.New(problem.Invalid, "a", "No {{.x}}.")`, "a", "No {{.x}}.", "x"},
		{"passed on", head + `func f(said E) error { return problem.New(said.Kind, said.ID, "{{.sentence}}", "sentence", said.S) }`, "", "{{.sentence}}", "sentence"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := readSource(t, c.source)
			if len(got.unreadable) > 0 || len(got.places) != 1 {
				t.Fatalf("%d places, unreadable: %v", len(got.places), got.unreadable)
			}
			m := got.places[0]
			var values []string
			for _, names := range m.values {
				values = append(values, strings.Join(names, " "))
			}
			if m.id != c.id || m.sentence != c.sentence || strings.Join(values, "|") != c.values {
				t.Errorf("id %q, sentence %q, values %q", m.id, m.sentence, values)
			}
		})
	}
}

func TestProblemsThatCannotBeReadAreNamed(t *testing.T) {
	const head = "package p\nimport \"samtykke/app/problem\"\n"
	for name, source := range map[string]string{
		"a computed identifier":        `func f(id string) error { return problem.New(problem.Invalid, id, "No.") }`,
		"a computed sentence":          `func f(s string) error { return problem.New(problem.Invalid, "a", s) }`,
		"a copy of nothing":            `func f() error { return problem.New(Err.Kind, Err.ID, Err.Sentence) }`,
		"a list from elsewhere":        `func f(v []any) error { return problem.New(problem.Invalid, "a", "No.", v...) }`,
		"a computed name of a value":   `func f(n string) error { return problem.New(problem.Invalid, "a", "No.", n, 1) }`,
		"a name without its value":     `var e = problem.New(problem.Invalid, "a", "No.", "x")`,
		"a literal instead of problem": `var e = &problem.Problem{ID: "a"}`,
	} {
		if got := readSource(t, head+source); len(got.unreadable) != 1 {
			t.Errorf("%s: %d places, unreadable: %q", name, len(got.places), got.unreadable)
		}
	}
}
