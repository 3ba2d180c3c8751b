package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"samtykke/assets"
)

// ask runs a command and returns what it printed, its one line of trouble, and the exit code.
func ask(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, trouble bytes.Buffer
	code = run(t.Context(), args, strings.NewReader(""), &out, &trouble)
	return out.String(), trouble.String(), code
}

func TestFormFileIsCheckedWithoutAVault(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "skjema.json")
	if _, trouble, code := ask(t, "form", "template", "--out", file); code != 0 {
		t.Fatal(trouble)
	}
	if said, trouble, code := ask(t, "--vault", filepath.Join(dir, "none"), "form", "check", file); code != 0 || !strings.Contains(said, "can be published") {
		t.Errorf("exit %d: %s%s", code, said, trouble)
	}
	wrong := bytes.ReplaceAll(assets.DefaultForm(), []byte(`"guardians": 1`), []byte(`"guardians": 3`))
	wrong = bytes.Replace(wrong, []byte(`"validity_months"`), []byte(`"validity"`), 1)
	if err := os.WriteFile(file, wrong, 0o600); err != nil {
		t.Fatal(err)
	}
	said, trouble, code := ask(t, "form", "check", file)
	if code != 1 || strings.Count(trouble, "\n") != 1 || !strings.Contains(said, file+":15: ") || !strings.Contains(said, "minor_policy.guardians ") {
		t.Errorf("exit %d: %s%s", code, said, trouble)
	}
	said, _, code = ask(t, "--json", "form", "check", file)
	var checked struct {
		OK       bool
		Findings []findingJSON
	}
	if err := json.Unmarshal([]byte(said), &checked); err != nil || code != 1 || checked.OK || len(checked.Findings) != 3 {
		t.Errorf("exit %d: %s, %v", code, said, err)
	}
}

func TestPreviewOfAFileShowsEveryPage(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "skjema.json")
	if err := os.WriteFile(file, assets.DefaultForm(), 0o600); err != nil {
		t.Fatal(err)
	}
	said, trouble, code := ask(t, "--vault", filepath.Join(dir, "none"), "form", "preview", file, "--language", "en")
	if code != 0 {
		t.Fatal(trouble)
	}
	for _, want := range []string{"── 1/7 ── Consent to pictures", "Who is responsible?", "Outside the EEA", "[ ] Yes  [ ] No", "── 7/7 ── Sign"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is missing", want)
		}
	}
	for line := range strings.SplitSeq(said, "\n") {
		if len([]rune(line)) > 100 {
			t.Errorf("a line of %d characters: %s", len([]rune(line)), line)
		}
	}
	if _, trouble, code := ask(t, "--vault", filepath.Join(dir, "none"), "form", "preview", file, "--language", "tlh"); code != 1 || !strings.Contains(trouble, "choose one of nb, ") {
		t.Errorf("exit %d: %s", code, trouble)
	}
}
