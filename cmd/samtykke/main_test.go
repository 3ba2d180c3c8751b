package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
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
