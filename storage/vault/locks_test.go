package vault_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/problem"
	"samtykke/storage/vault"
)

// ring is a keyring in memory.
type ring struct {
	secrets map[string][]byte
	locked  error // what every method answers while it is set
	stuck   error // what Delete answers while it is set
	forgets bool  // it takes everything and keeps nothing
}

func (r *ring) Get(_ context.Context, id string) ([]byte, error) {
	if secret, ok := r.secrets[id]; ok && r.locked == nil {
		return bytes.Clone(secret), nil
	}
	return nil, errors.Join(errors.New("not here"), r.locked)
}

func (r *ring) Set(_ context.Context, id string, secret []byte) error {
	if r.locked != nil || r.forgets {
		return r.locked
	}
	if r.secrets == nil {
		r.secrets = map[string][]byte{}
	}
	r.secrets[id] = bytes.Clone(secret)
	return nil
}

func (r *ring) Delete(_ context.Context, id string) error {
	if err := errors.Join(r.locked, r.stuck); err != nil {
		return err
	}
	delete(r.secrets, id)
	return nil
}

// with are the light options and a keyring.
func with(r *ring) vault.Options {
	o := light
	o.Keyring = r
	return o
}

func MustOpenWith(tb testing.TB, dir, passphrase string) *vault.Vault {
	tb.Helper()
	v, err := vault.Open(tb.Context(), dir, passphrase, light)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = v.Close() })
	return v
}

// kept is a closed vault that a keyring opens too.
func kept(t *testing.T) (dir string, r *ring) {
	t.Helper()
	dir, r = filepath.Join(t.TempDir(), "vault"), &ring{}
	v, _, err := vault.Create(t.Context(), dir, passphrase, with(r))
	if err != nil {
		t.Fatal(err)
	}
	if vault.InKeyring(dir) || v.InKeyring() {
		t.Fatal("the keyring is on before anybody asked for it")
	}
	if err := v.KeepInKeyring(t.Context(), passphrase); err != nil {
		t.Fatal(err)
	}
	MustUpdate(t, v, func(tx capture.Tx) error { return tx.PutSetting("greeting", "hei") })
	MustClose(t, v)
	return dir, r
}

func readHeader(t *testing.T, dir string) map[string]any {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, "vault.json"))
	if err != nil {
		t.Fatal(err)
	}
	var header map[string]any
	if err := json.Unmarshal(raw, &header); err != nil {
		t.Fatal(err)
	}
	return header
}

func idOf(t *testing.T, dir string) string {
	t.Helper()
	return readHeader(t, dir)["id"].(string)
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	raw, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestKeyringOpensOnceItWasTurnedOnWithThePassphrase(t *testing.T) {
	dir, r, ctx := filepath.Join(t.TempDir(), "vault"), &ring{}, t.Context()
	v, _, err := vault.Create(ctx, dir, passphrase, with(r))
	if err != nil {
		t.Fatal(err)
	}
	wantProblem(t, v.KeepInKeyring(ctx, "not the passphrase"), problem.Unauthorised, "wrong-passphrase")
	if len(r.secrets) != 0 || v.InKeyring() {
		t.Fatal("a wrong passphrase turned the keyring on")
	}
	MustClose(t, v)
	_, err = vault.OpenWithKeyring(ctx, dir, with(r))
	wantProblem(t, err, problem.Invalid, "keyring-off")

	dir, r = kept(t)
	v, err = vault.OpenWithKeyring(ctx, dir, with(r))
	if err != nil {
		t.Fatal(err)
	}
	MustView(t, v, func(tx capture.Tx) error {
		var greeting string
		if ok, err := tx.Setting("greeting", &greeting); !ok || err != nil || greeting != "hei" {
			t.Error(greeting, ok, err)
		}
		return nil
	})
	if !v.InKeyring() || !vault.InKeyring(dir) || len(told(v)) != 0 {
		t.Error("it does not know that the keyring opened it:", told(v))
	}
	MustClose(t, v)
	if secret := r.secrets[idOf(t, dir)]; len(secret) != 32 || onDisk(t, dir, secret) != "" {
		t.Errorf("a secret of %d bytes, found in %q", len(secret), onDisk(t, dir, secret))
	}
}

func TestKeyringThatDoesNotHelpLeavesThePassphrase(t *testing.T) {
	dir, r := kept(t)
	foreign := bytes.Repeat([]byte{7}, 32)
	for name, o := range map[string]struct {
		options vault.Options
		id      string
	}{
		"none on this machine":       {light, "keyring-unavailable"},
		"another machine's":          {with(&ring{}), "keyring-unavailable"},
		"locked":                     {with(&ring{secrets: r.secrets, locked: errors.New("locked")}), "keyring-unavailable"},
		"another vault's secret":     {with(&ring{secrets: map[string][]byte{idOf(t, dir): foreign}}), "wrong-keyring"},
		"a secret that is too short": {with(&ring{secrets: map[string][]byte{idOf(t, dir): {}}}), "wrong-keyring"},
	} {
		_, err := vault.OpenWithKeyring(t.Context(), dir, o.options)
		if problem.Of(err).ID != o.id {
			t.Errorf("%s: %v", name, err)
		}
		v, err := vault.Open(t.Context(), dir, passphrase, o.options)
		if err != nil {
			t.Fatalf("%s: the passphrase does not open: %v", name, err)
		}
		MustClose(t, v)
	}
}

func TestTurningTheKeyringOffTakesSlotAndSecretAway(t *testing.T) {
	dir, r := kept(t)
	v, err := vault.OpenWithKeyring(t.Context(), dir, with(r))
	if err != nil {
		t.Fatal(err)
	}
	earlier := &ring{secrets: map[string][]byte{idOf(t, dir): bytes.Clone(r.secrets[idOf(t, dir)])}}
	if err := v.LeaveKeyring(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := v.LeaveKeyring(t.Context()); err != nil {
		t.Error("turning off what is off:", err)
	}
	MustClose(t, v)
	if _, slot := readHeader(t, dir)["keyring"]; slot || len(r.secrets) != 0 {
		t.Error("slot:", slot, "secrets:", len(r.secrets))
	}
	_, err = vault.OpenWithKeyring(t.Context(), dir, with(earlier))
	wantProblem(t, err, problem.Invalid, "keyring-off")
	MustOpen(t, dir)
}

func TestKeyringThatFailsWhileBeingTurnedOnOrOffIsNamed(t *testing.T) {
	dir, r := kept(t)
	v := MustOpen(t, dir) // on a machine without a keyring
	wantProblem(t, v.KeepInKeyring(t.Context(), passphrase), problem.Unavailable, "keyring-refused")
	wantProblem(t, v.LeaveKeyring(t.Context()), problem.Unavailable, "keyring-left")
	if v.InKeyring() {
		t.Error("the slot is still there")
	}
	MustClose(t, v)
	for name, broken := range map[string]*ring{"locked": {locked: errors.New("locked")}, "forgetful": {forgets: true}} {
		v, err := vault.Open(t.Context(), dir, passphrase, with(broken))
		if err != nil {
			t.Fatal(err)
		}
		if err := v.KeepInKeyring(t.Context(), passphrase); problem.Of(err).ID != "keyring-refused" || v.InKeyring() {
			t.Errorf("%s: %v", name, err)
		}
		MustClose(t, v)
	}
	r.stuck = errors.New("stuck")
	v, err := vault.Open(t.Context(), dir, passphrase, with(r))
	if err != nil {
		t.Fatal(err)
	}
	if err := v.KeepInKeyring(t.Context(), passphrase); err != nil {
		t.Fatal(err)
	}
	wantProblem(t, v.LeaveKeyring(t.Context()), problem.Unavailable, "keyring-left")
	MustClose(t, v)
	_, err = vault.OpenWithKeyring(t.Context(), dir, with(r))
	wantProblem(t, err, problem.Invalid, "keyring-off")
}

func TestNewRecoveryKeyReplacesTheOldOneAndNeedsThePassphrase(t *testing.T) {
	dir, ctx := filepath.Join(t.TempDir(), "vault"), t.Context()
	v, first := MustCreate(t, dir)
	_, err := v.NewRecoveryKey(ctx, "not the passphrase")
	wantProblem(t, err, problem.Unauthorised, "wrong-passphrase")
	second, err := v.NewRecoveryKey(ctx, passphrase)
	if err != nil || second == first || len(second) != len(first) {
		t.Fatal(second, err)
	}
	MustClose(t, v)
	_, err = vault.OpenWithRecoveryKey(ctx, dir, first, "new passphrase", light)
	wantProblem(t, err, problem.Unauthorised, "wrong-recovery-key")
	MustClose(t, MustOpen(t, dir)) // the passphrase is as it was
	v, err = vault.OpenWithRecoveryKey(ctx, dir, second, "new passphrase", light)
	if err != nil {
		t.Fatal(err)
	}
	wantProblem(t, v.CheckPassphrase(ctx, passphrase), problem.Unauthorised, "wrong-passphrase")
	if err := v.CheckPassphrase(ctx, "new passphrase"); err != nil {
		t.Error(err)
	}
	MustClose(t, v)
	wantProblem(t, v.CheckPassphrase(ctx, "new passphrase"), problem.Unavailable, "vault-closed")
	_, err = v.NewRecoveryKey(ctx, "new passphrase")
	wantProblem(t, err, problem.Unavailable, "vault-closed")
}

// TestWhatWasGivenUpDoesNotOpenTheCopyOfAnOlderFormatEither: the copy is wrapped around the same data key.
func TestWhatWasGivenUpDoesNotOpenTheCopyOfAnOlderFormatEither(t *testing.T) {
	dir, ctx := filepath.Join(t.TempDir(), "vault"), t.Context()
	if err := os.CopyFS(dir, os.DirFS("testdata/format-1")); err != nil {
		t.Fatal(err)
	}
	recovery, err := os.ReadFile(filepath.Join(dir, "recovery-key.txt"))
	if err != nil {
		t.Fatal(err)
	}
	v := MustOpen(t, dir)
	older := filepath.Join(dir, "before-format-2")
	untouched, err := os.ReadFile(filepath.Join(older, "vault.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := v.ChangePassphrase(ctx, passphrase, "a new passphrase"); err != nil {
		t.Fatal(err)
	}
	if _, err := v.NewRecoveryKey(ctx, "a new passphrase"); err != nil {
		t.Fatal(err)
	}
	MustClose(t, v)
	givenUp := func() {
		t.Helper()
		for _, folder := range []string{dir, older} {
			_, err := vault.Open(ctx, folder, passphrase, light)
			wantProblem(t, err, problem.Unauthorised, "wrong-passphrase")
			_, err = vault.OpenWithRecoveryKey(ctx, folder, string(recovery), "another passphrase", light)
			wantProblem(t, err, problem.Unauthorised, "wrong-recovery-key")
		}
	}
	givenUp()

	// As if the program had ended between the two headers.
	if err := os.WriteFile(filepath.Join(older, "vault.json"), untouched, 0o600); err != nil {
		t.Fatal(err)
	}
	MustClose(t, MustOpenWith(t, dir, "a new passphrase"))
	givenUp()
	v = MustOpenWith(t, older, "a new passphrase") // and it still is a vault
	readGoldenDatabase(t, v)
}

// onDisk names the first file of a folder that holds some bytes, in its name, its content, or its content in hex or base64.
func onDisk(t *testing.T, dir string, secret []byte) string {
	t.Helper()
	for path, raw := range contents(t, dir) {
		for _, form := range disguises(secret) {
			if bytes.Contains(raw, form) || strings.Contains(path, string(form)) {
				return path
			}
		}
	}
	return ""
}
