package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/problem"
	"samtykke/storage/vault"
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
	lines          *bufio.Reader // over stdin, when it is no terminal
	notes          []string      // sentences to tell at the end, beside the answer or before what went wrong
}

// run runs a command and locks the vault after it.
func (c *call) run(command *kong.Context) error {
	defer c.close()
	if err := c.checkOut(command); err != nil {
		return err
	}
	return command.Run(c)
}

// checkOut refuses to write into the vault's folder, whatever the command writes. A backup says so in words of its own.
func (c *call) checkOut(command *kong.Context) error {
	for _, flag := range command.Flags() {
		out, isPath := command.FlagValue(flag).(string)
		if flag.Name != "out" || !isPath || out == "" || command.Command() == "backup create" {
			continue
		}
		dir, err := c.vaultDir()
		if err != nil {
			return err
		}
		return capture.OutsideVault(dir, out)
	}
	return nil
}

// fail says in one line what went wrong, after what there is to tell besides: a script reads a failure's last line or its only one.
func (c *call) fail(sentence string) {
	notes := slices.DeleteFunc(c.notes, func(note string) bool { return note == sentence }) // a full disk stops the closing too
	fmt.Fprintln(c.stderr, "samtykke:", plain(strings.Join(append(notes, sentence), " ")))
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
	_, err := fmt.Fprintln(c.stdout, printable(text))
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

// open unlocks the vault and loads the session. Where no passphrase was given, and the vault asks for it, the keyring is tried first.
func (c *call) open() (*capture.Session, error) {
	d, err := c.existing()
	if err != nil {
		return nil, err
	}
	if os.Getenv(passphraseVariable) == "" && c.cli.PassphraseFile == "" && d.InKeyring() {
		s, err := d.UnlockWithKeyring(c.context)
		switch id := problem.Of(err).ID; {
		case err == nil:
			c.tell(d)
			return s, nil
		case id != "keyring-unavailable" && id != "wrong-keyring":
			return nil, err
		}
		fmt.Fprintln(c.stderr, "samtykke:", problem.Of(err))
	}
	s, _, err := c.openWithPassphrase()
	return s, err
}

// openWithPassphrase is open for what the keyring is not enough for; it hands the passphrase on.
func (c *call) openWithPassphrase() (s *capture.Session, passphrase string, err error) {
	d, err := c.existing()
	if err != nil {
		return nil, "", err
	}
	if passphrase, err = c.passphrase("Passphrase: "); err != nil {
		return nil, "", err
	}
	s, err = d.Unlock(c.context, passphrase)
	c.tell(d)
	return s, passphrase, err
}

// existing is the way into a vault that is there.
func (c *call) existing() (*door, error) {
	d, err := c.findDoor()
	if err == nil && !d.Exists() {
		err = problem.New(problem.NotFound, "vault-missing",
			"There is no vault in {{.folder}}; nothing was changed; make one with \"samtykke init\" or name its folder with --vault.", "folder", d.dir)
	}
	return d, err
}

// tell says what opening had to mend or has changed.
func (c *call) tell(d *door) {
	for _, p := range d.Report() {
		c.notes = append(c.notes, p.Error())
	}
}

// openFor is open for what is about one person, whom an id or a short code names.
func (c *call) openFor(person string) (*capture.Session, consent.SubjectID, error) {
	s, err := c.open()
	if err != nil {
		return nil, "", err
	}
	id, err := s.Resolve(person)
	return s, id, err
}

// openAt is open for what may be about one shoot alone; "" is all of them.
func (c *call) openAt(shoot consent.ShootID) (*capture.Session, error) {
	s, err := c.open()
	if err != nil || shoot == "" {
		return s, err
	}
	return s, s.KnownShoot(shoot)
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
	c.door = &door{dir: dir, options: vault.Options{Keyring: systemKeyring{}}}
	return c.door, nil
}

func (c *call) close() {
	if c.door == nil {
		return
	}
	if err := c.door.Close(); err != nil {
		c.notes = append(c.notes, problem.Of(err).Error())
	}
}
