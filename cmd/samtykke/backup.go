package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"

	"samtykke/app/capture"
	"samtykke/app/problem"
	"samtykke/storage/vault"
)

type backupCommand struct {
	Create  backupCreate  `cmd:"" help:"Copy the whole vault into a new folder and read it back."`
	Verify  backupVerify  `cmd:"" help:"Read every byte of a backup; with the passphrase also what is sealed."`
	Restore backupRestore `cmd:"" help:"Make a vault of a backup; --vault must be empty or not there yet."`
	Merge   backupMerge   `cmd:"" help:"Take in what a backup of this or another device has and this vault lacks."`
}

type backupCreate struct {
	Out            string `required:"" help:"Folder on another disk; the backup gets a folder of its own in it." type:"path" placeholder:"DIR"`
	WithReferenced bool   `help:"Take in the files that were imported with --reference."`
}

func (b *backupCreate) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	report, err := c.door.CreateBackup(c.context, s, b.Out, b.WithReferenced, c.backupProgress())
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s\n%d files, %d bytes, %d events; all of it was read back and is whole.", report.Path, report.Files, report.Bytes, report.Events)
	whole := len(report.Problems) == 0
	if !whole {
		text = fmt.Sprintf("%s\n%d files, %d bytes, %d events.\n  %s", report.Path, report.Files, report.Bytes, report.Events, strings.Join(report.Problems, "\n  "))
	}
	for _, path := range report.NotIncluded {
		text += "\nNot included, since the vault only refers to it: " + path
	}
	if err := c.answer(map[string]any{"backup": report.Path, "files": report.Files, "bytes": report.Bytes, "events": report.Events, "verified": whole,
		"not_included": listed(report.NotIncluded), "problems": listed(report.Problems)}, text); err != nil || whole {
		return err
	}
	return problem.New(problem.Damaged, "backup-of-damage",
		"The backup was made, but not everything in the vault opens: {{.first}}; the backup holds what the vault holds; run \"vault check --originals\" and \"vault repair\".",
		"first", report.Problems[0])
}

// listed is a list that is never null in JSON.
func listed(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// backupProgress shows people how far a backup has come; scripts that ask for JSON see nothing of it.
func (c *call) backupProgress() func(capture.BackupProgress) {
	if c.cli.JSON || !c.watched() {
		return nil
	}
	return func(p capture.BackupProgress) {
		doing := "writing"
		if p.Verifying {
			doing = "reading back"
		}
		fmt.Fprintf(c.stderr, "\r%-13s %3d %%", doing, p.Done*100/max(p.Total, 1))
		if p.Done >= p.Total {
			fmt.Fprint(c.stderr, "\r                  \r")
		}
	}
}

// watched tells whether a person sees what is written to standard error.
func (c *call) watched() bool {
	file, ok := c.stderr.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// backupPassphrase is where the passphrase of a backup comes from: that of the vault, unless another is given.
type backupPassphrase struct {
	BackupPassphraseFile string `help:"File whose first line is the backup's passphrase, when it is another than the vault's." type:"path" placeholder:"FILE"`
}

// given reads the backup's own passphrase; "" when there is none.
func (b *backupPassphrase) given(c *call) (string, error) {
	const variable = "SAMTYKKE_BACKUP_PASSPHRASE"
	if os.Getenv(variable) == "" && b.BackupPassphraseFile == "" {
		return "", nil
	}
	return c.read(secret{variable: variable, file: b.BackupPassphraseFile})
}

// read asks for the vault's passphrase when the backup has none of its own.
func (b *backupPassphrase) read(c *call) (string, error) {
	if own, err := b.given(c); err != nil || own != "" {
		return own, err
	}
	return c.passphrase("Passphrase of the backup: ")
}

// or is the backup's own passphrase, or the one given here when it has none.
func (b *backupPassphrase) or(c *call, passphrase string) (string, error) {
	own, err := b.given(c)
	return cmp.Or(own, passphrase), err
}

type backupVerify struct {
	Dir   string `arg:"" help:"The backup's folder." type:"path"`
	Quick bool   `help:"Compare the files with the manifest only; no passphrase is needed."`
	backupPassphrase
}

func (b *backupVerify) Run(c *call) error {
	check, err := b.check(c)
	if err != nil {
		return err
	}
	ok := len(check.Problems) == 0
	text := fmt.Sprintf("%d files, %d bytes, %d events: whole, down to the last value and original", check.Files, check.Bytes, check.Events)
	switch {
	case !ok:
		text = fmt.Sprintf("%d files, %d bytes:\n  %s", check.Files, check.Bytes, strings.Join(check.Problems, "\n  "))
	case !check.Complete:
		text = fmt.Sprintf("%d files, %d bytes: as the manifest says. Whether the manifest is genuine and what is sealed opens was not checked: that takes the passphrase.", check.Files, check.Bytes)
	}
	if err := c.answer(map[string]any{"ok": ok, "files": check.Files, "bytes": check.Bytes, "events": check.Events, "complete": check.Complete,
		"problems": check.Problems}, text); err != nil || ok {
		return err
	}
	return problem.New(problem.Damaged, "backup-not-whole",
		"The backup is not whole: {{.first}}; nothing was changed; keep it, and make another one or use an older one.", "first", check.Problems[0])
}

func (b *backupVerify) check(c *call) (check capture.BackupCheck, err error) {
	passphrase := ""
	if !b.Quick {
		if passphrase, err = b.read(c); err != nil {
			return check, err
		}
	}
	return (&door{}).VerifyBackup(c.context, b.Dir, passphrase, c.backupProgress())
}

type backupRestore struct {
	Dir string `arg:"" help:"The backup's folder." type:"path"`
	backupPassphrase
}

func (b *backupRestore) Run(c *call) error {
	d, err := c.findDoor()
	if err != nil {
		return err
	}
	passphrase, err := b.read(c)
	if err != nil {
		return err
	}
	s, done, err := d.RestoreBackup(c.context, b.Dir, passphrase, c.backupProgress())
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s\n%d files, %d events, %d originals, all read again. It opens with the passphrase that the backup opens with, and is as it was on %s.",
		d.dir, done.Files, done.Events, done.Originals, done.Made.Local().Format("2006-01-02 15:04"))
	if _, enrolled := s.Enrolment(); enrolled {
		text += " Sync before anything else: what was signed since then on the old vault comes first."
	}
	for _, sentence := range done.Problems {
		text += "\n  " + sentence
	}
	return c.answer(map[string]any{"vault": d.dir, "events": done.Events, "files": done.Files, "problems": done.Problems}, text)
}

type backupMerge struct {
	Dir string `arg:"" help:"The folder of a backup of this or another device." type:"path"`
	backupPassphrase
}

func (b *backupMerge) Run(c *call) error {
	s, passphrase, err := c.openWithPassphrase()
	if err != nil {
		return err
	}
	if passphrase, err = b.or(c, passphrase); err != nil {
		return err
	}
	done, err := c.door.MergeBackup(c.context, s, b.Dir, passphrase, nil)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("New here: %d events, %d people's details, %d signatures and other files, %d originals; %d bytes in all.", done.Events, done.Profiles, done.Blobs, done.Originals, done.Bytes)
	for _, sentence := range done.Problems {
		text += "\n  " + sentence
	}
	return c.answer(map[string]any{"events": done.Events, "profiles": done.Profiles, "blobs": done.Blobs, "originals": done.Originals,
		"bytes": done.Bytes, "problems": done.Problems}, text)
}

type vaultCheck struct {
	Originals bool `help:"Read every original too."`
}

func (v *vaultCheck) Run(c *call) error {
	if _, err := c.open(); err != nil {
		return err
	}
	checked, err := c.door.vault.Check(c.context, v.Originals)
	if err != nil {
		return err
	}
	ok := len(checked.Problems) == 0
	text := fmt.Sprintf("%d values and %d originals, all whole", checked.Values, checked.Originals)
	if !ok {
		text = fmt.Sprintf("%d values and %d originals, with problems:\n  %s", checked.Values, checked.Originals, strings.Join(checked.Problems, "\n  "))
	}
	if err := c.answer(map[string]any{"ok": ok, "values": checked.Values, "originals": checked.Originals, "problems": listed(checked.Problems)}, text); err != nil || ok {
		return err
	}
	return problem.New(problem.Damaged, "check-failed",
		"Not everything is whole: {{.first}}; nothing was changed; run \"vault repair\", with --from and a backup when there is one.", "first", checked.Problems[0])
}

type vaultRepair struct {
	From string `help:"A backup of this vault." type:"path" placeholder:"DIR"`
	backupPassphrase
}

func (v *vaultRepair) Run(c *call) error {
	s, passphrase, err := c.openWithPassphrase()
	if err != nil {
		return err
	}
	var from *vault.Backup
	if v.From != "" {
		if passphrase, err = v.or(c, passphrase); err != nil {
			return err
		}
		if from, err = c.door.openBackup(c.context, v.From, passphrase); err != nil {
			return err
		}
		defer from.Close()
	}
	done, err := c.door.vault.Repair(c.context, from)
	if err != nil {
		return err
	}
	chain, err := s.MendChain(c.context)
	if err != nil {
		return err
	}
	var originals capture.OriginalsMended
	if from != nil {
		if originals, err = s.MendOriginals(c.context, from.Originals()); err != nil {
			return err
		}
	}
	text := fmt.Sprintf("%d values and %d originals were put back", done.Mended, originals.Mended)
	if done.Kept != "" {
		text += "; the database as it was is kept as " + filepath.Join(c.door.dir, done.Kept)
	}
	for _, sentence := range done.Lost {
		text += "\nSet aside, since no copy of it opens: " + sentence
	}
	for _, sentence := range originals.Lost {
		text += "\nNot in the backup either, or damaged there: " + sentence
	}
	for _, lost := range chain.Lost {
		text += fmt.Sprintf("\nEvents %d to %d of this device are lost: no copy was found, and the library never had them; the log says so from now on. They may have been withdrawals: ask the people of those days.", lost.From, lost.To)
	}
	if chain.SignedAnew > 0 {
		text += fmt.Sprintf("\n%d events that the library does not have were signed anew and wait for the next sync.", chain.SignedAnew)
	}
	lost := append(listed(done.Lost), originals.Lost...)
	if len(lost) > 0 {
		text += "\nSync to fetch what the library has, import lost pictures again, or repair with an older backup."
	}
	return c.answer(map[string]any{"mended": done.Mended, "originals": originals.Mended, "lost": lost, "kept": done.Kept,
		"lost_events": chain.Lost, "signed_anew": chain.SignedAnew}, text)
}
