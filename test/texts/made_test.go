package texts_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	module         = "../.."
	problemPackage = "samtykke/app/problem"
)

// made is one place in the code that makes a problem.
type made struct {
	at       token.Position
	id       string // "" where the problem of somebody else is passed on
	sentence string
	values   [][]string // the names of the values, once for every way in which the place can be passed
}

// code is what the program's own files say about problems.
type code struct {
	places []made
	// unreadable are the places where a reader of the code alone cannot tell which sentence a person will see.
	unreadable []string
}

// byID gathers the places that make each problem.
func (c code) byID() map[string][]made {
	ids := map[string][]made{}
	for _, m := range c.places {
		if m.id != "" {
			ids[m.id] = append(ids[m.id], m)
		}
	}
	return ids
}

// sentences are the different sentences of these places, in the order in which they were found.
func sentences(places []made) []string {
	var all []string
	for _, m := range places {
		if !slices.Contains(all, m.sentence) {
			all = append(all, m.sentence)
		}
	}
	return all
}

// program reads all files of the module that are not tests.
func program(t *testing.T) code {
	t.Helper()
	packages := map[string][]*ast.File{}
	files := token.NewFileSet()
	err := filepath.WalkDir(module, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			if path != module && notOurs(path, entry.Name()) {
				return filepath.SkipDir
			}
			return nil
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if errors.Is(err, fs.ErrNotExist) { // a scratch file that an editor took away meanwhile
			return nil
		}
		if err == nil {
			packages[filepath.Dir(path)] = append(packages[filepath.Dir(path)], file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var c code
	for _, dir := range slices.Sorted(maps.Keys(packages)) {
		c.read(files, packages[dir])
	}
	return c
}

// notOurs are folders that Go itself leaves out: hidden ones, test data, other modules.
func notOurs(path, name string) bool {
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata" {
		return true
	}
	_, err := os.Stat(filepath.Join(path, "go.mod"))
	return err == nil
}

// read collects the problems of the files of one package.
func (c *code) read(files *token.FileSet, pkg []*ast.File) {
	sentinels := map[string]int{} // the name of a package variable → its place
	var copies []copied
	for _, file := range pkg {
		name, ok := problemName(file)
		if !ok {
			continue
		}
		r := reader{code: c, files: files, pkg: name, sentinels: sentinels}
		for _, declaration := range file.Decls {
			r.declaration(declaration)
		}
		copies = append(copies, r.copies...)
	}
	for _, again := range copies {
		at, ok := sentinels[again.of]
		if !ok {
			c.unreadable = append(c.unreadable, fmt.Sprintf("%s: no problem %s stands in a variable of this package", again.at, again.of))
			continue
		}
		// The variable itself is the pattern; what people see is its copy with values.
		c.places[at].values = append(c.places[at].values, again.values...)
	}
	for _, at := range sentinels {
		if v := c.places[at].values; len(v) > 1 && len(v[0]) == 0 {
			c.places[at].values = v[1:]
		}
	}
}

// problemName is what a file calls the package of problems; "" inside that package.
func problemName(file *ast.File) (string, bool) {
	if file.Name.Name == "problem" {
		return "", true
	}
	for _, spec := range file.Imports {
		if path, _ := strconv.Unquote(spec.Path.Value); path == problemPackage {
			if spec.Name != nil {
				return spec.Name.Name, true
			}
			return "problem", true
		}
	}
	return "", false
}

// copied is problem.New(Err.Kind, Err.ID, Err.Sentence, values…): a variable's problem, this time with values.
type copied struct {
	at     token.Position
	of     string
	values [][]string
}

// reader walks one file.
type reader struct {
	*code
	files     *token.FileSet
	pkg       string
	sentinels map[string]int
	copies    []copied
}

func (r *reader) declaration(d ast.Decl) {
	variables := map[ast.Node]string{}
	if g, ok := d.(*ast.GenDecl); ok {
		for _, spec := range g.Specs {
			if v, ok := spec.(*ast.ValueSpec); ok && len(v.Names) == len(v.Values) {
				for i, value := range v.Values {
					variables[value] = v.Names[i].Name
				}
			}
		}
	}
	ast.Inspect(d, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if r.isNew(n.Fun) {
				before := len(r.places)
				r.call(n, d)
				if name := variables[n]; name != "" && len(r.places) > before {
					r.sentinels[name] = before
				}
			}
		case *ast.CompositeLit:
			if s, ok := n.Type.(*ast.SelectorExpr); ok && r.pkg != "" && s.Sel.Name == "Problem" && isName(s.X, r.pkg) {
				r.complain(n, "a problem is made with problem.New, so that its sentence can be found")
			}
		}
		return true
	})
}

func (r *reader) isNew(fun ast.Expr) bool {
	if r.pkg == "" {
		return isName(fun, "New")
	}
	s, ok := fun.(*ast.SelectorExpr)
	return ok && s.Sel.Name == "New" && isName(s.X, r.pkg)
}

// call reads problem.New(kind, id, sentence, name, value…) inside a declaration.
func (r *reader) call(n *ast.CallExpr, inside ast.Decl) {
	if len(n.Args) < 3 {
		r.complain(n, "problem.New has too few arguments")
		return
	}
	values, ok := r.values(n, inside)
	if !ok {
		return
	}
	id, known := text(n.Args[1])
	sentence, written := text(n.Args[2])
	switch from, field := source(n.Args[1]); {
	case known && written:
		r.places = append(r.places, made{at: r.files.Position(n.Pos()), id: id, sentence: sentence, values: values})
	case field == "ID" && written: // said.ID: what somebody else said, in words that stand here
		r.places = append(r.places, made{at: r.files.Position(n.Pos()), sentence: sentence, values: values})
	case field == "ID" && from != "":
		r.copies = append(r.copies, copied{at: r.files.Position(n.Pos()), of: from, values: values})
	default:
		r.complain(n, "the identifier and the sentence of a problem are written where it is made")
	}
}

// values are the names of the values that a call passes: for New(…, values...) once for every list that values is set to.
func (r *reader) values(n *ast.CallExpr, inside ast.Decl) ([][]string, bool) {
	if !n.Ellipsis.IsValid() {
		names, ok := r.names(n, n.Args[3:])
		return [][]string{append(names, later(n, inside)...)}, ok
	}
	variable, ok := n.Args[3].(*ast.Ident)
	var all [][]string
	ast.Inspect(inside, func(node ast.Node) bool {
		set, isSet := node.(*ast.AssignStmt)
		if !ok || !isSet || len(set.Lhs) != 1 || !isName(set.Lhs[0], variable.Name) {
			return true
		}
		list, isList := set.Rhs[0].(*ast.CompositeLit)
		if !isList {
			ok = false
			return true
		}
		var names []string
		names, ok = r.names(list, list.Elts)
		all = append(all, names)
		return true
	})
	if !ok || len(all) == 0 {
		r.complain(n, "the names of a problem's values are written in the function that makes it")
		return nil, false
	}
	return all, true
}

// names are the first of every two expressions.
func (r *reader) names(at ast.Node, pairs []ast.Expr) ([]string, bool) {
	var names []string
	for i := 0; i < len(pairs); i += 2 {
		name, ok := text(pairs[i])
		if !ok || i+1 == len(pairs) {
			r.complain(at, "values are pairs of a written name and a value")
			return nil, false
		}
		names = append(names, name)
	}
	return names, true
}

// later are the names of values that the same function sets afterwards: p := New(…); p.Values["name"] = value.
func later(n *ast.CallExpr, inside ast.Decl) []string {
	var variable string
	var names []string
	ast.Inspect(inside, func(node ast.Node) bool {
		set, ok := node.(*ast.AssignStmt)
		if !ok || len(set.Lhs) != 1 || len(set.Rhs) != 1 {
			return true
		}
		if id, ok := set.Lhs[0].(*ast.Ident); ok && set.Rhs[0] == n {
			variable = id.Name
		}
		if index, ok := set.Lhs[0].(*ast.IndexExpr); ok && variable != "" {
			from, field := source(index.X)
			if name, written := text(index.Index); written && from == variable && field == "Values" {
				names = append(names, name)
			}
		}
		return true
	})
	return names
}

func (r *reader) complain(at ast.Node, what string) {
	r.unreadable = append(r.unreadable, fmt.Sprintf("%s: %s", r.files.Position(at.Pos()), what))
}

// text is a written string, also one put together of several with +.
func text(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		v := constant.MakeFromLiteral(e.Value, e.Kind, 0)
		return constantText(v)
	case *ast.BinaryExpr:
		left, one := text(e.X)
		right, two := text(e.Y)
		return left + right, one && two && e.Op == token.ADD
	case *ast.ParenExpr:
		return text(e.X)
	}
	return "", false
}

func constantText(v constant.Value) (string, bool) {
	if v.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(v), true
}

// source splits name.Field.
func source(e ast.Expr) (name, field string) {
	if s, ok := e.(*ast.SelectorExpr); ok {
		if from, ok := s.X.(*ast.Ident); ok {
			return from.Name, s.Sel.Name
		}
	}
	return "", ""
}

func isName(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}
