package texts_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"samtykke/assets"
)

// commandsOf are the first words of the program's commands, as their struct tags say.
func commandsOf(t *testing.T) []string {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(module, "cmd", "samtykke", "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, field := range regexp.MustCompile("(?m)^\t(\\w+)\\s+\\w+Command\\s+`cmd:\"\"(?:.* name:\"([a-z-]+)\")?").FindAllStringSubmatch(string(source), -1) {
		name := strings.ToLower(field[1])
		if field[2] != "" {
			name = field[2]
		}
		names = append(names, name)
	}
	if len(names) < 10 {
		t.Fatalf("only the commands %v found", names)
	}
	return names
}

// ofCommands finds what only somebody at a command line can follow: a command in quotation marks, a flag, a variable of the environment.
func ofCommands(t *testing.T) *regexp.Regexp {
	t.Helper()
	return regexp.MustCompile(`["«“](?:(?:samtykke|mediebank) [a-z-]+|(?:` + strings.Join(commandsOf(t), "|") + `) [a-z-]+)[^"»”]*["»”]|--[a-z]|\b[A-Z]+_[A-Z_]+\b|` + "`")
}

// outOfTheWindow are the folders whose problems only commands and the library meet.
var outOfTheWindow = []string{"cmd/", "app/library/", "storage/ledger/", "storage/objects/", "sync/hub/", "sync/post/", "ui/web/"}

func TestTheWindowTellsNobodyToRunACommand(t *testing.T) {
	command, known, own := ofCommands(t), translations(t), areas(t)[assets.WindowArea]
	found := 0
	for id, places := range program(t).byID() {
		met := slices.ContainsFunc(places, func(m made) bool {
			path, err := filepath.Rel(module, m.at.Filename)
			return err == nil && !slices.ContainsFunc(outOfTheWindow, func(folder string) bool { return strings.HasPrefix(filepath.ToSlash(path), folder) })
		})
		for _, lang := range assets.Languages {
			key := assets.WindowArea + ".problem." + id
			if command.MatchString(known[lang][id]) && met {
				found++
				if own[lang][key] == nil {
					t.Errorf("problem.%s in %s tells people in the window to run a command, and there is no %s: %q", id, lang, key, known[lang][id])
				}
			}
		}
	}
	if found == 0 {
		t.Error("no problem names a command: this test looks for the wrong thing")
	}
	eachText(t, func(where, _, text string) {
		if !strings.HasPrefix(where, area+".") && command.MatchString(text) {
			t.Errorf("%s names a command: %q", where, text)
		}
	})
}

func TestWhatTheWindowSaysOfAProblemAsksForItsValuesOnly(t *testing.T) {
	byID := program(t).byID()
	for lang, in := range areas(t)[assets.WindowArea] {
		for key, forms := range in {
			id, ok := strings.CutPrefix(key, assets.WindowArea+".problem.")
			if !ok || byID[id] == nil {
				t.Errorf("%s in %s is of no problem that the code makes", key, lang)
				continue
			}
			if partsOf(forms["other"]) < 2 {
				t.Errorf("%s in %s does not say what is safe or what to do: %q", key, lang, forms["other"])
			}
			for _, m := range byID[id] {
				for _, asked := range asks(t, key, forms["other"]) {
					if !slices.Contains(asks(t, id, m.sentence), asked) {
						t.Errorf("%s in %s asks for {{.%s}}, which %s does not say", key, lang, asked, m.at)
					}
				}
			}
		}
	}
}
