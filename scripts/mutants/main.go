// Command mutants breaks one rule of the program after the other on purpose and sees that a test fails each time. A rule whose
// mutant survives is one that no test holds.
//
//	make mutants                 all of them
//	make mutants ONLY=withdrawal those whose name contains the word
//
// The mutants stand in rules.txt beside this file: a line "== rule", a line with the file, the packages whose tests shall notice (its
// own when none is named) and the names of those tests, if not any of them may, and the text to replace ("- " lines) with its replacement ("+ " lines; none deletes). The tree is not touched: the
// compiler is given the broken file in place of the real one (go build -overlay).
package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"
)

//go:embed rules.txt
var rules string

// mutant is one rule, broken.
type mutant struct {
	rule        string
	file        string
	packages    []string
	tests       []string // none: all
	old, broken string
}

func main() {
	only := flag.String("only", "", "only the rules that contain this `text`")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *only); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, only string) error {
	mutants, err := parse(rules)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	survived, tried := 0, 0
	for _, m := range mutants {
		if !strings.Contains(strings.ToLower(m.rule), strings.ToLower(only)) {
			continue
		}
		tried++
		began := time.Now()
		noticed, err := m.try(ctx, dir)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			survived++
			noticed = "NOT TRIED: " + err.Error()
		case noticed == "":
			survived++
			noticed = "SURVIVED: no test noticed"
		}
		fmt.Printf("%4.0f s  %s\n        %s\n", time.Since(began).Seconds(), m.rule, noticed)
	}
	if survived > 0 {
		return fmt.Errorf("%d of %d broken rules went unnoticed", survived, tried)
	}
	fmt.Printf("each of %d broken rules was noticed\n", tried)
	return nil
}

// parse reads the list of mutants.
func parse(text string) ([]mutant, error) {
	var mutants []mutant
	for _, part := range strings.Split("\n"+text, "\n== ")[1:] {
		lines := strings.Split(part, "\n")
		m := mutant{rule: strings.TrimSpace(lines[0])}
		if len(lines) < 3 {
			return nil, fmt.Errorf("%q is not complete", m.rule)
		}
		where := strings.Fields(lines[1])
		if len(where) == 0 {
			return nil, fmt.Errorf("%q names no file", m.rule)
		}
		m.file = where[0]
		for _, word := range where[1:] {
			if strings.HasPrefix(word, "Test") {
				m.tests = append(m.tests, word)
			} else {
				m.packages = append(m.packages, word)
			}
		}
		if len(m.packages) == 0 {
			m.packages = []string{"./" + filepath.ToSlash(filepath.Dir(m.file))}
		}
		var before, after []string
		for _, line := range lines[2:] {
			switch {
			case strings.HasPrefix(line, "- "):
				before = append(before, line[2:])
			case strings.HasPrefix(line, "+ "):
				after = append(after, line[2:])
			}
		}
		m.old, m.broken = strings.Join(before, "\n"), strings.Join(after, "\n")
		if m.old == "" || m.old == m.broken {
			return nil, fmt.Errorf("%q changes nothing", m.rule)
		}
		mutants = append(mutants, m)
	}
	return mutants, nil
}

// try runs the tests over the broken file. It returns the first test that noticed, "" when none did.
func (m mutant) try(ctx context.Context, dir string) (string, error) {
	path, err := filepath.Abs(m.file)
	if err != nil {
		return "", err
	}
	source, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	if n := strings.Count(string(source), m.old); n != 1 {
		return "", fmt.Errorf("its text stands %d times in %s: the rule has moved, so the list must follow", n, m.file)
	}
	broken, overlay := filepath.Join(dir, "broken.go"), filepath.Join(dir, "overlay.json")
	list, err := json.Marshal(map[string]map[string]string{"Replace": {path: broken}})
	if err != nil {
		return "", err
	}
	if err := errors.Join(os.WriteFile(broken, []byte(strings.Replace(string(source), m.old, m.broken, 1)), 0o600), os.WriteFile(overlay, list, 0o600)); err != nil {
		return "", err
	}
	defer forgetFailures(m.packages)()
	arguments := []string{"test", "-tags", "nodynamic", "-vet=off", "-failfast", "-overlay", overlay}
	if len(m.tests) > 0 {
		arguments = append(arguments, "-run", "^("+strings.Join(m.tests, "|")+")$")
	}
	cmd := exec.CommandContext(ctx, "go", append(arguments, m.packages...)...)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	switch err := cmd.Run(); {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err == nil:
		return "", nil
	}
	for line := range strings.Lines(said.String()) {
		if name, found := strings.CutPrefix(strings.TrimSpace(line), "--- FAIL: "); found {
			name, _, _ = strings.Cut(name, " ")
			return name, nil
		}
	}
	return "", fmt.Errorf("nothing was tested: %s", strings.TrimSpace(said.String()))
}

// forgetFailures returns what removes the examples that property tests write beside themselves when they fail, as they shall here.
// Those of an earlier, real failure stay.
func forgetFailures(packages []string) func() {
	var made []string
	for _, p := range packages {
		folder := filepath.Join(filepath.FromSlash(p), "testdata", "rapid")
		if _, err := os.Stat(folder); errors.Is(err, os.ErrNotExist) {
			made = append(made, folder)
		}
	}
	return func() {
		for _, folder := range made {
			_ = os.RemoveAll(folder)
		}
	}
}
