package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/zalando/go-keyring"

	"samtykke/storage/vault"
)

// systemKeyring is the operating system's: Secret Service on Linux, Keychain on macOS, Credential Manager on Windows. It keeps the
// secret of a vault under the vault's id, as text, since some keyrings take nothing else.
type systemKeyring struct{}

var _ vault.Keyring = systemKeyring{}

// keyringService is what the keyring's own program shows beside the vault's id.
const keyringService = "Samtykke"

// keyringPatience is how long a keyring may take, which may ask its owner to unlock it.
const keyringPatience = 30 * time.Second

// Get implements vault.Keyring.
func (systemKeyring) Get(ctx context.Context, id string) ([]byte, error) {
	text, err := inTime(ctx, func() (string, error) { return keyring.Get(keyringService, id) })
	if err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(text)
}

// Set implements vault.Keyring.
func (systemKeyring) Set(ctx context.Context, id string, secret []byte) error {
	_, err := inTime(ctx, func() (string, error) {
		return "", keyring.Set(keyringService, id, base64.StdEncoding.EncodeToString(secret))
	})
	return err
}

// Delete implements vault.Keyring.
func (systemKeyring) Delete(ctx context.Context, id string) error {
	_, err := inTime(ctx, func() (string, error) { return "", keyring.Delete(keyringService, id) })
	if errors.Is(err, keyring.ErrNotFound) {
		return nil
	}
	return err
}

// inTime waits for a keyring until ctx ends or patience does. A call that hangs is left behind: nothing can stop it.
func inTime(ctx context.Context, ask func() (string, error)) (string, error) {
	type answer struct {
		text string
		err  error
	}
	answered := make(chan answer, 1)
	go func() {
		text, err := ask()
		answered <- answer{text, err}
	}()
	ctx, cancel := context.WithTimeout(ctx, keyringPatience)
	defer cancel()
	select {
	case a := <-answered:
		if a.err != nil {
			return "", fmt.Errorf("ask the keyring: %w", a.err)
		}
		return a.text, nil
	case <-ctx.Done():
		return "", fmt.Errorf("ask the keyring: %w", ctx.Err())
	}
}
