package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// says gives what a command tells a person, and not a script.
func (k *keeper) says(typed string, args ...string) string {
	k.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(k.Context(), append([]string{"--vault", k.vault}, args...), strings.NewReader(typed), &stdout, &stderr); code != 0 {
		k.Fatalf("%v: %d %s", args, code, stderr.String())
	}
	return stdout.String()
}

// makes the vault with one shoot, and a way to a file with these bytes.
func (k *keeper) makes(passphrase string) (shoot string, file func(name, content string) string) {
	k.Helper()
	for _, name := range []string{"SAMTYKKE_PASSPHRASE", "SAMTYKKE_BACKUP_PASSPHRASE"} {
		k.Setenv(name, "")
	}
	k.must(passphrase, "init", "--org-name", "Eksempel kommune", "--org-number", "999999999", "--contact", "post@example.no")
	shoot = k.must(passphrase, "shoot", "add", "--title", "Klasse 4B")["id"].(string)
	folder := k.TempDir()
	return shoot, func(name, content string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			k.Fatal(err)
		}
		return path
	}
}

func TestWhoRecordsAConsentIsToldWhatItStillLacks(t *testing.T) {
	k := &keeper{t, filepath.Join(t.TempDir(), "vault")}
	shoot, _ := k.makes(before)
	child := k.must(before, "subject", "add", "--shoot", shoot, "--name", "Kari Nordmann", "--born", "2017",
		"--guardian", "Ola Nordmann;;", "--guardian", "Anne Nordmann;;")["code"].(string)
	sign := func(signer string) string {
		return k.says(before, "consent", "record", "--subject", child, "--shoot", shoot, "--form", "default", "--language", "nb",
			"--yes", "web:photo,print:photo", "--no", "rest", "--verbal", "Sa det ved døra", "--signer", signer)
	}
	if said := sign("guardian:1"); !strings.Contains(said, "A guardian has to answer too about: web:photo\n") || !strings.Contains(said, "leads nowhere until") {
		t.Errorf("after the first guardian: %s", said)
	}
	if said := sign("guardian:2"); strings.Contains(said, "has to answer") {
		t.Errorf("after the second guardian: %s", said)
	}
}

func TestAListNamesWhoMayBeRegisteredTwice(t *testing.T) {
	k := &keeper{t, filepath.Join(t.TempDir(), "vault")}
	shoot, file := k.makes(before)
	list := file("4b.csv", "Navn;Fødselsdato;Foresatt 1\nNora Berg;03.03.2017;Anne Berg\nNora Bergh;03.03.2017;Anne Berg\n")
	if said := k.says(before, "subject", "import", "--shoot", shoot, list, "--check"); !strings.Contains(said, "twice on the list: 2.") {
		t.Errorf("a list that was only checked: %s", said)
	}
	if said := k.says(before, "subject", "import", "--shoot", shoot, list); !strings.Contains(said, "May be registered twice: 1.") {
		t.Errorf("a list with a double: %s", said)
	}
}

func TestABackupOfAnotherPassphraseSaysWhoseIsWrong(t *testing.T) {
	k := &keeper{t, filepath.Join(t.TempDir(), "vault")}
	_, file := k.makes(before)
	other := &keeper{t, filepath.Join(t.TempDir(), "other")}
	other.makes(after)
	dir := other.must(after, "backup", "create", "--out", t.TempDir())["backup"].(string)
	k.refuses(before, "does not open this backup", "backup", "merge", dir)
	if a := k.must(before, "backup", "merge", dir, "--backup-passphrase-file", file("other", after)); a["events"].(float64) < 1 {
		t.Errorf("nothing was taken in: %v", a)
	}
}
