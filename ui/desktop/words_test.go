package desktop_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"samtykke/assets"
)

func TestEveryTextIsThereInEveryLanguageWithTheSameValues(t *testing.T) {
	english := texts(t, "en")
	for _, language := range assets.Languages {
		translated := texts(t, language)
		for id, text := range english {
			other, there := translated[id]
			if !there {
				t.Errorf("%s: %s is missing", language, id)
				continue
			}
			for form := range text {
				if !slices.Equal(values(text[form]), values(other[form])) {
					t.Errorf("%s: %s has the values %v, in English %v", language, id, values(other[form]), values(text[form]))
				}
			}
		}
		if len(translated) != len(english) {
			t.Errorf("%s has %d texts, English %d", language, len(translated), len(english))
		}
	}
}

func TestEveryTextThatTheCodeAsksForIsThereAndNoOther(t *testing.T) {
	asked := regexp.MustCompile(`\b(?:t|n|optional|T)\("([a-z][a-z.-]*)"`)
	quoted := regexp.MustCompile(`"([a-z]+(?:\.[a-z-]+)*)"`)
	english := texts(t, "en")
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	var prefixes []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		code, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range asked.FindAllStringSubmatch(string(code), -1) {
			id := strings.TrimPrefix(match[1], "desktop.")
			if id == "" {
				continue // words.go, where the area is put before every text
			}
			if strings.HasSuffix(id, ".") { // the rest of it is computed
				prefixes = append(prefixes, id)
			} else if _, there := english["desktop."+id]; !there && !ofAnotherArea(id) {
				t.Errorf("%s asks for %q, which is no text", file, id)
			}
		}
		for _, match := range quoted.FindAllStringSubmatch(string(code), -1) {
			seen[strings.TrimPrefix(match[1], "desktop.")] = true
		}
	}
	for id := range english {
		id = strings.TrimPrefix(id, "desktop.")
		computed := slices.ContainsFunc(append(prefixes, "channel."), func(p string) bool { return strings.HasPrefix(id, p) })
		if !seen[id] && !computed {
			t.Errorf("nothing asks for %q", id)
		}
	}
}

// ofAnotherArea tells whether a text is one of those that go to the subject, which the window asks for by their whole name.
func ofAnotherArea(id string) bool {
	return (strings.HasPrefix(id, "receipt.") || strings.HasPrefix(id, "signing.")) && assets.NewTexts("en").Speaks(id)
}

// texts reads the window's texts in a language: identifier → plural form → text.
func texts(t *testing.T, language string) map[string]map[string]string {
	t.Helper()
	raw, err := fs.ReadFile(assets.Translations(), "desktop."+language+".json")
	if err != nil {
		t.Fatal(err)
	}
	var found map[string]map[string]string
	if err := json.Unmarshal(raw, &found); err != nil {
		t.Fatal(err)
	}
	return found
}

var valuePattern = regexp.MustCompile(`{{\.(\w+)}}`)

// values are the names of the values in a text, sorted, each once.
func values(text string) []string {
	var names []string
	for _, match := range valuePattern.FindAllStringSubmatch(text, -1) {
		names = append(names, match[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}
