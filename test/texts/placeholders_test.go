package texts_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"text/template"
	"text/template/parse"
)

// placeholders are the names that a text asks for, sorted, each once: {{.name}}, also inside {{if}}.
func placeholders(text string) ([]string, error) {
	t, err := template.New("").Parse(text)
	if err != nil {
		return nil, err
	}
	w := &walker{}
	w.walk(t.Root)
	slices.Sort(w.names)
	return slices.Compact(w.names), w.err
}

// asks is placeholders for a text that must be readable.
func asks(t *testing.T, where, text string) []string {
	t.Helper()
	names, err := placeholders(text)
	if err != nil {
		t.Errorf("%s: %v", where, err)
	}
	return names
}

type walker struct {
	names []string
	err   error
}

func (w *walker) walk(node parse.Node) {
	switch n := node.(type) {
	case *parse.ListNode:
		if n != nil { // the else that is not there
			for _, child := range n.Nodes {
				w.walk(child)
			}
		}
	case *parse.ActionNode:
		w.walk(n.Pipe)
	case *parse.IfNode:
		w.walk(n.Pipe)
		w.walk(n.List)
		w.walk(n.ElseList)
	case *parse.PipeNode:
		if len(n.Decl) > 0 {
			w.err = fmt.Errorf("%s is more than a text may use", node)
		}
		for _, command := range n.Cmds {
			for _, argument := range command.Args {
				w.walk(argument)
			}
		}
	case *parse.FieldNode:
		w.names = append(w.names, strings.Join(n.Ident, "."))
	case *parse.TextNode, *parse.CommentNode, *parse.StringNode, *parse.NumberNode, *parse.IdentifierNode, *parse.BoolNode:
	default: // {{range}}, {{with}}, {{template}} and variables move the dot; texts for people need none of them
		w.err = fmt.Errorf("%s is more than a text may use", node)
	}
}

func TestPlaceholdersAreFoundWhereverTheyStand(t *testing.T) {
	for text, want := range map[string]string{
		"plain":                          "",
		"{{.b}} and {{.a}} and {{ .b }}": "a b",
		"{{if .pid}}{{.who}}{{else}}{{.x}}{{end}}": "pid who x",
		"{{if eq .a 1}}one{{end}}":                 "a",
		"{{printf \"%d\" .n}}":                     "n",
	} {
		names, err := placeholders(text)
		if got := strings.Join(names, " "); err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"{{.a", "{{with .a}}{{.b}}{{end}}", "{{$x := .a}}"} {
		if _, err := placeholders(text); err == nil {
			t.Errorf("%s is accepted", text)
		}
	}
}
