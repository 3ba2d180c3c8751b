// Command licences collects the licences of everything that is linked into the window's program, on Linux, Windows and macOS, from
// the modules' own files, and writes them into assets/licences.
//
//	go run ./scripts/licences           write
//	go run ./scripts/licences -check    fail when what is written is not what the modules say
package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"samtykke/assets/licences"
)

func main() {
	check := flag.Bool("check", false, "compare instead of writing")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *check); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, check bool) error {
	root, err := goSays(ctx, nil, "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return err
	}
	parts, err := collect(ctx)
	if err != nil {
		return err
	}
	if check {
		return compare(parts)
	}
	return write(filepath.Join(strings.TrimSpace(root), "assets", "licences", "licences.json.gz"), parts)
}

// compare says which parts are not as they are kept.
func compare(found []licences.Part) error {
	kept, err := licences.All()
	if err != nil {
		return err
	}
	var wrong []error
	named := func(list []licences.Part, name string) (licences.Part, bool) {
		at := slices.IndexFunc(list, func(p licences.Part) bool { return p.Name == name })
		if at < 0 {
			return licences.Part{}, false
		}
		return list[at], true
	}
	for _, p := range found {
		switch was, there := named(kept, p.Name); {
		case !there:
			wrong = append(wrong, fmt.Errorf("%s is linked and its licence is not kept", p.Name))
		case was.Licence != p.Licence || !slices.Equal(was.Texts, p.Texts):
			wrong = append(wrong, fmt.Errorf("the licence of %s has changed", p.Name))
		}
	}
	for _, p := range kept {
		if _, there := named(found, p.Name); !there {
			wrong = append(wrong, fmt.Errorf("%s is kept and no longer linked", p.Name))
		}
	}
	if wrong != nil {
		wrong = append(wrong, errors.New("run: go run ./scripts/licences"))
	}
	return errors.Join(wrong...)
}

// collect reads the licences of every module, of Go, and of what the modules hold without a file that says so.
func collect(ctx context.Context) ([]licences.Part, error) {
	modules := map[string]string{}
	for _, system := range []string{"linux", "windows", "darwin"} {
		said, err := goSays(ctx, []string{"GOOS=" + system, "CGO_ENABLED=1"}, "list", "-tags", "migrated_fynedo,x11,nodynamic,no_emoji", "-deps",
			"-f", "{{with .Module}}{{.Path}}\t{{.Dir}}{{end}}", "samtykke/cmd/samtykke")
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(said) {
			if path, dir, both := strings.Cut(strings.TrimSpace(line), "\t"); both && path != "samtykke" {
				modules[path] = dir
			}
		}
	}
	goRoot, err := goSays(ctx, nil, "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	goLicence, err := os.ReadFile(filepath.Join(strings.TrimSpace(goRoot), "LICENSE"))
	if err != nil {
		return nil, err
	}
	parts := []licences.Part{part("Go", licences.Text{File: "LICENSE", Text: string(goLicence)})}
	for path, dir := range modules {
		texts, err := texts(dir)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if len(texts) == 0 {
			return nil, fmt.Errorf("%s has no licence file", path)
		}
		parts = append(parts, part(path, texts...))
	}
	apache, err := os.ReadFile(filepath.Join(modules[bareApache], "LICENSE"))
	if err != nil {
		return nil, err
	}
	parts = append(parts, part("Material Design icons (Google), in fyne.io/fyne/v2", licences.Text{File: "LICENSE", Text: string(apache)}))
	slices.SortFunc(parts, func(a, b licences.Part) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return parts, nil
}

// bareApache is a module whose licence file is the Apache License with no copyright line of the module in it. Fyne holds icons under
// that licence and no file that says so.
const bareApache = "github.com/rymdport/portal"

func part(name string, texts ...licences.Text) licences.Part {
	var kinds []string
	for _, t := range texts {
		if strings.HasPrefix(strings.ToUpper(t.File), "NOTICE") {
			continue // it comes with a licence and is none
		}
		if kind := kindOf(t.Text); !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	return licences.Part{Name: name, Licence: strings.Join(kinds, " AND "), Texts: texts}
}

// licenceFile are the names under which licences lie in modules; their folders may hold other people's work under another licence.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice)([._-].*)?$`)

// texts reads the licence files of a module. What only its authors run is not linked.
func texts(dir string) (found []licences.Text, err error) {
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		name := entry.Name()
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != dir && (name == "testdata" || name == "cmd" || name == "scripts" || strings.HasPrefix(name, ".")):
			return fs.SkipDir
		case !entry.Type().IsRegular() || !licenceFile.MatchString(name) || strings.HasSuffix(name, ".go"):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		inside, err := filepath.Rel(dir, path)
		found = append(found, licences.Text{File: filepath.ToSlash(inside), Text: strings.ReplaceAll(string(text), "\r\n", "\n")})
		return err
	})
	return found, err
}

// kinds are licences by words that only they have, the telling ones first.
var kinds = []struct{ words, name string }{
	{"Mozilla Public License Version 2.0", "MPL-2.0"}, // which speaks of other licences too
	{"GNU LESSER GENERAL PUBLIC LICENSE", "LGPL-3.0"},
	{"SIL OPEN FONT LICENSE", "OFL-1.1"},
	{"Apache License", "Apache-2.0"},
	{"Bitstream Vera Fonts Copyright", "Bitstream-Vera"},
	{"Old MIT", "MIT-Modern-Variant"},
	{"Permission is hereby granted, without written agreement", "MIT-Modern-Variant"},
	{"This software is provided 'as-is'", "Zlib"},
	{"Permission to use, copy, modify, and/or distribute", "ISC"},
	{"Permission is hereby granted, free of charge", "MIT"},
	{"Neither the name", "BSD-3-Clause"},
	{"Redistribution and use in source and binary forms", "BSD-2-Clause"},
	{"public domain", "Unlicense"},
}

// kindOf names a licence; a text that is none of the usual ones is called by its first line.
func kindOf(text string) string {
	plain := strings.Join(strings.Fields(text), " ")
	for _, k := range kinds {
		if strings.Contains(strings.ToLower(plain), strings.ToLower(k.words)) {
			return k.name
		}
	}
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return first
}

// write keeps the parts, each text once. The same parts give the same bytes.
func write(file string, parts []licences.Part) error {
	var kept licences.Archive
	number := map[string]int{}
	for _, p := range parts {
		into := licences.ArchivedPart{Name: p.Name, Licence: p.Licence}
		for _, t := range p.Texts {
			at, known := number[t.Text]
			if !known {
				at = len(kept.Texts)
				number[t.Text] = at
				kept.Texts = append(kept.Texts, t.Text)
			}
			into.Files = append(into.Files, licences.ArchivedFile{Name: t.File, Text: at})
		}
		kept.Parts = append(kept.Parts, into)
	}
	raw, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	var packed bytes.Buffer
	packer, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := packer.Write(raw); err != nil {
		return err
	}
	if err := packer.Close(); err != nil {
		return err
	}
	return os.WriteFile(file, packed.Bytes(), 0o644) //nolint:gosec // it lies in the source tree, for everybody
}

// goSays runs the go command that runs this one.
func goSays(ctx context.Context, environment []string, arguments ...string) (string, error) {
	command := exec.CommandContext(ctx, "go", arguments...)
	command.Env = append(os.Environ(), environment...)
	command.Stderr = os.Stderr
	said, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w", strings.Join(arguments, " "), err)
	}
	return string(said), nil
}
