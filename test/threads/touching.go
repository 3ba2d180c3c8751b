//go:build story

package threads

import (
	"cmp"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/callgraph"
	"golang.org/x/tools/go/callgraph/vta"
	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"
)

// Touch is a place where a widget is touched off Fyne's goroutine.
type Touch struct {
	At   token.Position
	What string   // that is called or written
	Path []string // the functions that lead there, from the one that begins on another goroutine
}

// String says where, what, and how one gets there.
func (t Touch) String() string {
	return fmt.Sprintf("%s: %s, reached from %s", t.At, t.What, strings.Join(t.Path, " → "))
}

// fynePath begins the import path of every package of Fyne.
const fynePath = "fyne.io/fyne/v2"

// begins are the functions of the standard library and others that run what they are given on a goroutine of its own.
var begins = []string{"(*sync.WaitGroup).Go", "time.AfterFunc", "context.AfterFunc", "(*golang.org/x/sync/errgroup.Group).Go"}

// shown are Fyne's interfaces of what is on the screen. fyne.URI, fyne.Resource, fyne.Preferences and the like may be used anywhere.
var shown = []string{"CanvasObject", "Widget", "WidgetRenderer", "Window", "Canvas", "OverlayStack", "Focusable", "Disableable", "Tappable", "Clipboard", "Settings"}

// program is the source under scrutiny.
type program struct {
	fset    *token.FileSet
	graph   *callgraph.Graph
	own     map[*ssa.Package]bool
	modules []string           // import paths whose functions call back on whatever goroutine they like
	object  []*types.Interface // of shown
}

// Touches reads the packages that the patterns name, in a folder, and gives every touch, sorted by place. Functions that go to packages
// below one of the modules are taken to be called on another goroutine.
func Touches(dir string, modules []string, patterns ...string) ([]Touch, error) {
	loaded, err := packages.Load(&packages.Config{Dir: dir, BuildFlags: []string{"-tags=nodynamic"}, Mode: packages.NeedName | packages.NeedFiles |
		packages.NeedCompiledGoFiles | packages.NeedImports | packages.NeedExportFile | packages.NeedTypes | packages.NeedTypesSizes |
		packages.NeedSyntax | packages.NeedTypesInfo}, patterns...)
	if err != nil {
		return nil, fmt.Errorf("load packages: %w", err)
	}
	var wrong error
	packages.Visit(loaded, nil, func(p *packages.Package) {
		for _, e := range p.Errors {
			wrong = errors.Join(wrong, fmt.Errorf("load %s: %w", p.PkgPath, e))
		}
	})
	if wrong != nil {
		return nil, wrong
	}
	built, own := ssautil.Packages(loaded, ssa.InstantiateGenerics)
	built.Build()
	p := &program{fset: built.Fset, own: map[*ssa.Package]bool{}, modules: modules}
	for _, each := range own {
		p.own[each] = true
	}
	fyne := built.ImportedPackage(fynePath)
	if fyne == nil {
		return nil, fmt.Errorf("the packages %v show nothing: none imports %s", patterns, fynePath)
	}
	for _, name := range shown {
		p.object = append(p.object, fyne.Pkg.Scope().Lookup(name).Type().Underlying().(*types.Interface))
	}
	functions := ssautil.AllFunctions(built)
	p.graph = vta.CallGraph(functions, nil)
	found := append(p.begun(functions), p.follow(p.beginnings(functions))...)
	slices.SortFunc(found, func(a, b Touch) int {
		return cmp.Or(cmp.Compare(a.At.Filename, b.At.Filename), cmp.Compare(a.At.Line, b.At.Line))
	})
	return slices.CompactFunc(found, func(a, b Touch) bool { return a.At == b.At }), nil
}

// begun gives the goroutines that begin with a widget's own method.
func (p *program) begun(functions map[*ssa.Function]bool) []Touch {
	var found []Touch
	for f := range functions {
		if !p.ours(f) {
			continue
		}
		for _, b := range f.Blocks {
			for _, i := range b.Instrs {
				if start, ok := i.(*ssa.Go); ok && p.touched(start) != "" {
					found = append(found, Touch{p.fset.Position(i.Pos()), p.touched(start), []string{f.Name()}})
				}
			}
		}
	}
	return found
}

// beginnings are the functions that are called on another goroutine than Fyne's.
func (p *program) beginnings(functions map[*ssa.Function]bool) []*ssa.Function {
	var list []*ssa.Function
	for f := range functions {
		if !p.ours(f) {
			continue
		}
		for _, b := range f.Blocks {
			for _, i := range b.Instrs {
				switch i := i.(type) {
				case *ssa.Go:
					list = append(list, p.callees(f, i)...)
				case *ssa.Call:
					if p.elsewhere(i.Common()) {
						for _, arg := range i.Call.Args {
							list = append(list, p.functions(arg, nil)...)
						}
					}
				case *ssa.Store:
					if field, ok := i.Addr.(*ssa.FieldAddr); ok && p.foreign(field.X.Type()) {
						list = append(list, p.functions(i.Val, nil)...)
					}
				}
			}
		}
	}
	return list
}

// ours tells whether a function, or the one around it, stands in the packages under scrutiny. Wrappers of methods have no package.
func (p *program) ours(f *ssa.Function) bool {
	for f.Parent() != nil {
		f = f.Parent()
	}
	if f.Origin() != nil {
		f = f.Origin()
	}
	return f.Blocks != nil && (f.Pkg == nil || p.own[f.Pkg])
}

// elsewhere tells whether a call runs the functions it is given on another goroutine.
func (p *program) elsewhere(c *ssa.CallCommon) bool {
	if c.IsInvoke() {
		return c.Method.Pkg() != nil && p.module(c.Method.Pkg().Path())
	}
	callee := c.StaticCallee()
	if callee == nil || callee.Object() == nil {
		return false
	}
	whole := callee.Object().(*types.Func).FullName()
	return slices.Contains(begins, whole) || callee.Object().Pkg() != nil && p.module(callee.Object().Pkg().Path())
}

// foreign tells whether a type, or what it points to, belongs to one of the modules.
func (p *program) foreign(t types.Type) bool {
	if pointer, ok := t.Underlying().(*types.Pointer); ok {
		t = pointer.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && p.module(named.Obj().Pkg().Path())
}

func (p *program) module(path string) bool {
	return slices.ContainsFunc(p.modules, func(m string) bool { return path == m || strings.HasPrefix(path, m+"/") })
}

// callees are the functions that a call can reach.
func (p *program) callees(in *ssa.Function, site ssa.CallInstruction) []*ssa.Function {
	var list []*ssa.Function
	if node := p.graph.Nodes[in]; node != nil {
		for _, edge := range node.Out {
			if edge.Site == site {
				list = append(list, edge.Callee.Func)
			}
		}
	}
	return list
}

// functions are those that a value can be, as far as it can be followed back.
func (p *program) functions(v ssa.Value, seen map[ssa.Value]bool) []*ssa.Function {
	if _, is := v.Type().Underlying().(*types.Signature); !is || seen[v] {
		return nil
	}
	if seen == nil {
		seen = map[ssa.Value]bool{}
	}
	seen[v] = true
	var list []*ssa.Function
	further := func(v ssa.Value) { list = append(list, p.functions(v, seen)...) }
	switch v := v.(type) {
	case *ssa.Function:
		list = append(list, v)
	case *ssa.MakeClosure:
		list = append(list, v.Fn.(*ssa.Function))
	case *ssa.ChangeType:
		further(v.X)
	case *ssa.Phi:
		for _, edge := range v.Edges {
			further(edge)
		}
	case *ssa.Parameter:
		at := slices.Index(v.Parent().Params, v)
		if node := p.graph.Nodes[v.Parent()]; node != nil {
			for _, edge := range node.In {
				if args := edge.Site.Common().Args; at < len(args) && !edge.Site.Common().IsInvoke() {
					further(args[at])
				}
			}
		}
	case *ssa.FreeVar:
		at := slices.Index(v.Parent().FreeVars, v)
		for _, made := range *v.Parent().Referrers() {
			if closure, ok := made.(*ssa.MakeClosure); ok {
				further(closure.Bindings[at])
			}
		}
	case *ssa.UnOp: // a variable that a closure shares
		if variable, ok := v.X.(*ssa.Alloc); ok {
			for _, use := range *variable.Referrers() {
				if store, ok := use.(*ssa.Store); ok && store.Addr == variable {
					further(store.Val)
				}
			}
		}
	}
	return list
}

// follow gives every touch that the functions reach.
func (p *program) follow(from []*ssa.Function) []Touch {
	var found []Touch
	before := map[*ssa.Function]*ssa.Function{}
	var queue []*ssa.Function
	for _, f := range from {
		if _, seen := before[f]; !seen {
			before[f] = nil
			queue = append(queue, f)
		}
	}
	for len(queue) > 0 {
		f := queue[0]
		queue = queue[1:]
		if !p.ours(f) {
			continue
		}
		for _, b := range f.Blocks {
			for _, i := range b.Instrs {
				if what := p.touched(i); what != "" {
					found = append(found, Touch{p.fset.Position(i.Pos()), what, path(f, before)})
					continue // what the widget does then is its own
				}
				site, ok := i.(ssa.CallInstruction)
				if !ok {
					continue
				}
				if _, deferred := i.(*ssa.Go); deferred {
					continue // a beginning of its own
				}
				for _, callee := range p.callees(f, site) {
					if _, seen := before[callee]; !seen {
						before[callee] = f
						queue = append(queue, callee)
					}
				}
			}
		}
	}
	return found
}

// touched says which widget's method an instruction calls, or which of its fields it writes; "" for none.
func (p *program) touched(i ssa.Instruction) string {
	switch i := i.(type) {
	case *ssa.Store:
		if field, ok := i.Addr.(*ssa.FieldAddr); ok && !fresh(field.X) && p.shows(field.X.Type()) {
			return "a field of " + field.X.Type().String() + " is written"
		}
	case ssa.CallInstruction:
		c := i.Common()
		if c.IsInvoke() {
			if c.Method.Pkg() != nil && p.shows(c.Value.Type()) {
				return c.Method.FullName() + " is called"
			}
			return ""
		}
		callee := c.StaticCallee()
		if callee != nil && callee.Signature.Recv() != nil && p.shows(callee.Signature.Recv().Type()) && !fresh(c.Args[0]) {
			return callee.String() + " is called"
		}
	}
	return ""
}

// fresh tells whether a value was made in the same function: what nobody has seen yet may be filled in anywhere.
func fresh(v ssa.Value) bool {
	made, ok := v.(*ssa.Alloc)
	return ok && made.Heap
}

// shows tells whether a type is one of what is on the screen.
func (p *program) shows(t types.Type) bool {
	return slices.ContainsFunc(p.object, func(i *types.Interface) bool { return types.Implements(t, i) })
}

func path(f *ssa.Function, before map[*ssa.Function]*ssa.Function) []string {
	var list []string
	for ; f != nil; f = before[f] {
		list = append(list, f.Name())
	}
	slices.Reverse(list)
	return list
}
