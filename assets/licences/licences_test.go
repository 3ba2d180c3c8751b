package licences_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"samtykke/assets/licences"
)

// The command reads the modules that are linked and compares, so that no part comes in without its licence.
func TestEveryLinkedPartIsHereWithItsPresentLicence(t *testing.T) {
	if _, err := os.ReadFile("../../go.sum"); err != nil { // so that a remembered result does not outlive a change of a module
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "go", "run", "samtykke/scripts/licences", "-check")
	if said, err := command.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
}

func TestEveryPartHasANamedLicenceWithItsText(t *testing.T) {
	parts, err := licences.All()
	if err != nil {
		t.Fatal(err)
	}
	if len(parts) < 40 {
		t.Errorf("there are %d parts only", len(parts))
	}
	for _, p := range parts {
		if p.Licence == "" || strings.ContainsAny(p.Licence, "(,") || len(p.Texts) == 0 {
			t.Errorf("%s has the licence %q and %d texts", p.Name, p.Licence, len(p.Texts))
		}
		for _, text := range p.Texts {
			if strings.TrimSpace(text.Text) == "" {
				t.Errorf("%s: %s is empty", p.Name, text.File)
			}
		}
	}
}
