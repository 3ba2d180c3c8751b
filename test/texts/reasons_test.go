package texts_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"samtykke/assets"
)

// computed are the texts whose identifiers end with a value that the code finds out: by the type of the value, where it is declared.
var computed = []struct {
	dir, of  string
	prefixes []string
	silent   string // values of which nothing is said, between spaces
}{
	{"app/capture", "SkipReason", []string{"skip."}, ""},
	{"app/picture", "Fault", []string{"phrase.file."}, ""},
	{"app/capture", "Undecided", []string{"undecided."}, ""},
	{"app/capture", "ReferenceState", []string{"reference."}, " same "},
	{"app/capture", "ActKind", []string{"act."}, ""},
	{"app/capture", "Progress", []string{"desktop.progress."}, ""},
	{"app/capture", "BlobClass", []string{"desktop.transfer."}, " paper "}, // stays here until it is confirmed
	{"app/consent", "ReasonKind", []string{"reason."}, ""},
	{"app/consent", "ReasonKind", []string{"pictures.why."}, " ground nobody "}, // these are behind a yes
	{"app/consent", "Status", []string{"desktop.status."}, ""},
	{"app/consent", "Verdict", []string{"desktop.verdict.", "pictures.verdict."}, ""},
	{"app/consent", "MediaKind", []string{"desktop.kind.", "pictures.filter."}, ""},
	{"app/consent", "Ground", []string{"ground."}, ""},
}

func TestWhateverTheCodeFindsOutIsSaidInEveryLanguage(t *testing.T) {
	all := map[string]map[string]bool{}
	for _, languages := range areas(t) {
		for lang, in := range languages {
			if all[lang] == nil {
				all[lang] = map[string]bool{}
			}
			for id := range in {
				all[lang][id] = true
			}
		}
	}
	for _, c := range computed {
		values := constantsOf(t, c.dir, c.of)
		if len(values) < 2 {
			t.Errorf("%s has no constants of the type %s any more: %q", c.dir, c.of, values)
		}
		for _, value := range values {
			for _, prefix := range c.prefixes {
				for _, lang := range assets.Languages {
					if !all[lang][prefix+value] && value != "" && !strings.Contains(c.silent, " "+value+" ") {
						t.Errorf("%s.%s %q is not said in %s: there is no %s", c.dir, c.of, value, lang, prefix+value)
					}
				}
			}
		}
	}
}

// constantsOf are the values of the constants of a type that a package declares.
func constantsOf(t *testing.T, dir, of string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(module, dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || spec.Type == nil || !isName(spec.Type, of) {
				return true
			}
			for _, value := range spec.Values {
				if written, ok := text(value); ok {
					values = append(values, written)
				}
			}
			return true
		})
	}
	return values
}

// The window turns an error into words in one place, where the reader's language is known.
func TestNoErrorReachesTheWindowInEnglish(t *testing.T) {
	seen := 0
	for _, pattern := range []string{"ui/desktop/*.go", "ui/desktop/*/*.go"} {
		files, err := filepath.Glob(filepath.Join(module, filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			seen++
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || len(call.Args) > 0 {
					return true
				}
				if s, ok := call.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "Error" {
					t.Errorf("%s: an error is made a text in English; ask the problem for its sentence in the reader's language", set.Position(n.Pos()))
				}
				return true
			})
		}
	}
	if seen < 50 {
		t.Errorf("only %d files of the window found", seen)
	}
}
