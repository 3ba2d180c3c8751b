package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"samtykke/app/problem"
)

// secret is something that only its owner knows, and where it is looked for: in the environment, in a file, at the prompt.
type secret struct {
	variable, file, prompt string
	// again is the prompt that asks a second time, at a terminal, where nobody sees what they type; "" asks once.
	again   string
	missing *problem.Problem // when it is nowhere
}

// The variables of the environment in which secrets are looked for.
const (
	passphraseVariable    = "SAMTYKKE_PASSPHRASE"
	newPassphraseVariable = "SAMTYKKE_NEW_PASSPHRASE"
	recoveryKeyVariable   = "SAMTYKKE_RECOVERY_KEY"
	pinVariable           = "SAMTYKKE_PIN"
)

// maxSecretFile is how much of a file is read to find its first line, in bytes.
const maxSecretFile = 1 << 16

// passphrase is the one that opens the vault.
func (c *call) passphrase(prompt string) (string, error) {
	return c.read(secret{variable: passphraseVariable, file: c.cli.PassphraseFile, prompt: prompt, missing: errPassphraseMissing})
}

var errPassphraseMissing = problem.New(problem.Unauthorised, "passphrase-missing",
	"No passphrase was given; the vault stays locked; set SAMTYKKE_PASSPHRASE, use --passphrase-file, or type it when asked.")

// read finds a secret.
func (c *call) read(s secret) (string, error) {
	if text := os.Getenv(s.variable); text != "" {
		return text, nil
	}
	if s.file != "" {
		raw, err := readBounded(s.file, maxSecretFile)
		if err != nil {
			return "", err
		}
		first, _, _ := strings.Cut(string(raw), "\n")
		return strings.TrimRight(first, "\r"), nil
	}
	if file, ok := c.stdin.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		return c.ask(file, s)
	}
	if c.lines == nil {
		c.lines = bufio.NewReader(c.stdin)
	}
	line, err := c.lines.ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) || line == "" {
		return "", s.missing
	}
	return strings.TrimRight(line, "\r\n"), nil
}

// ask lets somebody type at a terminal without showing it.
func (c *call) ask(terminal *os.File, s secret) (string, error) {
	typed := func(prompt string) (string, error) {
		fmt.Fprint(c.stderr, prompt)
		raw, err := term.ReadPassword(int(terminal.Fd()))
		fmt.Fprintln(c.stderr)
		return string(raw), err
	}
	text, err := typed(s.prompt)
	if err != nil || s.again == "" {
		return text, err
	}
	second, err := typed(s.again)
	if err == nil && second != text {
		err = problem.New(problem.Invalid, "secrets-differ", "The two do not match; nothing was changed; try again.")
	}
	return text, err
}
