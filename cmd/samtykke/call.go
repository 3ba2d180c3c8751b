package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/term"

	"samtykke/app/capture"
	"samtykke/app/problem"
)

// language is what the commands speak. The window speaks the languages of assets.Languages.
const language = "en"

// call is one run of the program: where it reads and writes, and the way into the vault.
type call struct {
	context        context.Context
	cli            *commandLine
	stdin          io.Reader
	stdout, stderr io.Writer
	door           *door
}

// answer prints a result: as JSON, or as text for people.
func (c *call) answer(result any, text string) error {
	if c.cli.JSON {
		encoder := json.NewEncoder(c.stdout)
		encoder.SetEscapeHTML(false)
		return encoder.Encode(result)
	}
	if text == "" {
		return nil
	}
	_, err := fmt.Fprintln(c.stdout, text)
	return err
}

// vaultDir is the folder of the vault, absolute.
func (c *call) vaultDir() (string, error) {
	if c.cli.Vault != "" {
		return filepath.Abs(c.cli.Vault)
	}
	return defaultVault()
}

// defaultVault is the vault's place among a user's data on this platform.
func defaultVault() (string, error) {
	if runtime.GOOS == "linux" {
		if data := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(data) {
			return filepath.Join(data, "samtykke"), nil
		}
		home, err := os.UserHomeDir()
		return filepath.Join(home, ".local", "share", "samtykke"), err
	}
	config, err := os.UserConfigDir() // Application Support on macOS, AppData on Windows
	return filepath.Join(config, "Samtykke"), err
}

// open unlocks the vault and loads the session.
func (c *call) open() (*capture.Session, error) {
	d, err := c.findDoor()
	if err != nil {
		return nil, err
	}
	if !d.Exists() {
		return nil, problem.New(problem.NotFound, "vault-missing",
			"There is no vault in {{.folder}}; nothing was changed; make one with \"samtykke init\" or name its folder with --vault.", "folder", d.dir)
	}
	passphrase, err := c.passphrase("Passphrase: ")
	if err != nil {
		return nil, err
	}
	s, err := d.Unlock(c.context, passphrase)
	for _, line := range d.Report() {
		fmt.Fprintln(c.stderr, "samtykke:", line)
	}
	return s, err
}

// findDoor is the way into the vault that was named, or into the user's own.
func (c *call) findDoor() (*door, error) {
	if c.door != nil {
		return c.door, nil
	}
	dir, err := c.vaultDir()
	if err != nil {
		return nil, err
	}
	c.door = &door{dir: dir}
	return c.door, nil
}

func (c *call) close() {
	if c.door == nil {
		return
	}
	if err := c.door.Close(); err != nil {
		fmt.Fprintln(c.stderr, "samtykke:", problem.Of(err))
	}
}

// passphrase comes from the environment, a file, or a prompt, in this order.
func (c *call) passphrase(prompt string) (string, error) {
	if p := os.Getenv("SAMTYKKE_PASSPHRASE"); p != "" {
		return p, nil
	}
	if c.cli.PassphraseFile != "" {
		raw, err := os.ReadFile(c.cli.PassphraseFile)
		if err != nil {
			return "", fmt.Errorf("read passphrase file: %w", err)
		}
		first, _, _ := strings.Cut(string(raw), "\n")
		return strings.TrimRight(first, "\r"), nil
	}
	file, ok := c.stdin.(*os.File)
	if ok && term.IsTerminal(int(file.Fd())) {
		fmt.Fprint(c.stderr, prompt)
		raw, err := term.ReadPassword(int(file.Fd()))
		fmt.Fprintln(c.stderr)
		return string(raw), err
	}
	line, err := bufio.NewReader(c.stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) || line == "" {
		return "", problem.New(problem.Unauthorised, "passphrase-missing",
			"No passphrase was given; the vault stays locked; set SAMTYKKE_PASSPHRASE, use --passphrase-file, or type it when asked.")
	}
	return strings.TrimRight(line, "\r\n"), nil
}
