package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"samtykke/app/capture"
)

func TestExitCodesTellUseFromFailure(t *testing.T) {
	vault := filepath.Join(t.TempDir(), "vault")
	for _, c := range []struct {
		code  int
		words string
		args  []string
	}{
		{0, "", []string{"--help"}},
		{2, "see samtykke --help", []string{"nonsense"}},
		{2, "see samtykke --help", []string{"subject", "add"}},
		{2, "must end in .pdf", []string{"--vault", vault, "receipt", "write", "--consent", "x", "--out", "receipt.txt"}},
		{2, "at least 1", []string{"--vault", vault, "image", "export", "--channel", "web", "--out", "x", "--size", "0"}},
		{2, "at least 1", []string{"--vault", vault, "image", "export", "--channel", "web", "--out", "x", "--size=-5"}},
		{1, "There is no vault", []string{"--vault", vault, "status"}},
		{1, "No passphrase was given", []string{"--vault", vault, "init", "--org-name", "E", "--org-number", "1", "--contact", "a@b.example"}},
	} {
		t.Setenv("SAMTYKKE_PASSPHRASE", "")
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), c.args, strings.NewReader(""), &stdout, &stderr); code != c.code {
			t.Errorf("%v: exit code %d, want %d", c.args, code, c.code)
		}
		if !strings.Contains(stderr.String(), c.words) || strings.Count(stderr.String(), "\n") > 1 {
			t.Errorf("%v: said %q", c.args, stderr.String())
		}
	}
}

func TestWindowSpeaksTheLanguageOfTheSystem(t *testing.T) {
	for locale, want := range map[string]string{"nn_NO.UTF-8": "nn", "nb_NO.UTF-8": "nb", "en_GB.UTF-8": "en", "de_DE.UTF-8": "nb", "C": "nb", "": "nb"} {
		if got := systemLanguage(func(name string) string {
			if name == "LANG" {
				return locale
			}
			return ""
		}); got != want {
			t.Errorf("%q gives %s, want %s", locale, got, want)
		}
	}
}

func TestAFailureIsOneLineWithWhatThereIsToTellBesides(t *testing.T) {
	for _, c := range []struct {
		notes []string
		want  string
	}{
		{nil, "samtykke: The disk is full.\n"},
		{[]string{"A value was put back."}, "samtykke: A value was put back. The disk is full.\n"},
		{[]string{"The disk is full."}, "samtykke: The disk is full.\n"}, // the closing met the same
	} {
		var stderr bytes.Buffer
		(&call{stderr: &stderr, notes: c.notes}).fail("The disk is full.")
		if stderr.String() != c.want {
			t.Errorf("%q: said %q", c.notes, stderr.String())
		}
	}
}

// A file may be called anything: its name is one line, and does nothing to the terminal.
func TestNamesCannotSteerATerminal(t *testing.T) {
	const name = "/card/a\x1b[2J\nb\u202eæ \"c\".jpg"
	const want = `/card/a\x1b[2J\nb\u202eæ "c".jpg`
	_, text := importAnswer(capture.ImportReport{Skipped: []capture.SkippedFile{{Path: name, Why: capture.SkipAbsent}}, Papers: []capture.PaperFound{{Path: name}}})
	if strings.Count(text, want) != 2 || strings.ContainsAny(text, "\x1b\u202e") {
		t.Errorf("%q", text)
	}
	var stdout, stderr bytes.Buffer
	c := &call{cli: &commandLine{}, stdout: &stdout, stderr: &stderr}
	if err := c.answer(nil, "one\ttwo\nthree\x1b[2J"); err != nil || stdout.String() != "one\ttwo\nthree\\x1b[2J\n" {
		t.Errorf("%q, %v", stdout.String(), err)
	}
	if c.fail("There is no " + name); stderr.String() != "samtykke: There is no "+want+"\n" {
		t.Errorf("%q", stderr.String())
	}
}
