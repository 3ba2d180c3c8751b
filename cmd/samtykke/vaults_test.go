package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"
)

// keeper runs commands on one vault.
type keeper struct {
	*testing.T
	vault string
}

// run gives the answer of a command, or its exit code and what it said on the way; typed is its standard input.
func (k *keeper) run(typed string, args ...string) (answer map[string]any, code int, said string) {
	k.Helper()
	var stdout, stderr bytes.Buffer
	code = run(k.Context(), append([]string{"--json", "--vault", k.vault}, args...), strings.NewReader(typed), &stdout, &stderr)
	if code == 0 {
		if err := json.Unmarshal(stdout.Bytes(), &answer); err != nil {
			k.Fatalf("%v answers %q: %v", args, stdout.String(), err)
		}
	}
	return answer, code, stderr.String()
}

// must is run for what has to work.
func (k *keeper) must(typed string, args ...string) map[string]any {
	k.Helper()
	answer, code, said := k.run(typed, args...)
	if code != 0 {
		k.Fatalf("%v: %d %s", args, code, said)
	}
	return answer
}

// refuses wants a command to fail with words.
func (k *keeper) refuses(typed, words string, args ...string) {
	k.Helper()
	if _, code, said := k.run(typed, args...); code != 1 || !strings.Contains(said, words) {
		k.Errorf("%v: %d %q, want %q", args, code, said, words)
	}
}

const (
	before = "fire ord som husker\n"
	after  = "fem andre ord som husker\n"
)

func TestLocksAreChangedByCommand(t *testing.T) {
	for _, name := range []string{"SAMTYKKE_PASSPHRASE", "SAMTYKKE_NEW_PASSPHRASE", "SAMTYKKE_RECOVERY_KEY", "SAMTYKKE_PIN"} {
		t.Setenv(name, "")
	}
	keyring.MockInit()
	k := &keeper{t, filepath.Join(t.TempDir(), "vault")}
	k.refuses("", "There is no vault", "vault", "keyring")
	first := k.must(before, "init", "--org-name", "Eksempel kommune", "--org-number", "999999999", "--contact", "post@example.no")["recovery_key"].(string)

	k.refuses(before, "No new passphrase", "vault", "passphrase")
	k.refuses("wrong\n"+after, "does not open this vault", "vault", "passphrase")
	if a := k.must(before+after, "vault", "passphrase"); a["changed"] != true {
		t.Error(a)
	}
	k.refuses(before, "does not open this vault", "status")

	second := k.must(after, "vault", "recovery-key")["recovery_key"].(string)
	k.refuses(first+"\n"+before, "belongs to another vault", "vault", "recover")
	if a := k.must(second+"\n"+before, "vault", "recover"); a["changed"] != true || a["vault"] != k.vault {
		t.Error(a)
	}

	if a := k.must("", "vault", "keyring"); a["keyring"] != false {
		t.Error("the keyring is on before anybody asked for it")
	}
	k.refuses(after, "does not open this vault", "vault", "keyring", "--on")
	if a := k.must(before, "vault", "keyring", "--on"); a["keyring"] != true {
		t.Error(a)
	}
	k.must("", "status") // with nothing typed
	keyring.MockInitWithError(errors.New("locked"))
	if _, code, said := k.run(before, "status"); code != 0 || !strings.Contains(said, "keyring is locked") {
		t.Error("with a locked keyring:", code, said)
	}
	k.refuses("", "No passphrase was given", "status")
	k.refuses(before, "did not let go of its secret", "vault", "keyring", "--off")
	if a := k.must("", "vault", "keyring"); a["keyring"] != false {
		t.Error(a)
	}

	k.refuses(before+"12\n", "4 to 8 digits", "vault", "pin")
	if a := k.must(before+"4711\n", "vault", "pin"); a["pin"] != true {
		t.Error(a)
	}
	if a := k.must(before, "vault", "pin", "--off"); a["pin"] != false {
		t.Error(a)
	}
}
