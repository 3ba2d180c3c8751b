package desktop_test

import (
	"context"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/problem"
	"samtykke/storage/vault"
	"samtykke/ui/desktop"
	"samtykke/ui/desktop/ending"
	"samtykke/ui/desktop/part"
	"samtykke/ui/desktop/screentest"
	"samtykke/ui/desktop/viewing"
)

// desk is a laptop in front of a photographer: a real vault in a folder of its own, and the window.
type desk struct {
	testing.TB
	app     fyne.App
	window  *desktop.Window
	door    *door
	library *library
	folder  string
	calls   chan func()
	clock   *clock           // nil: the system's
	now     func() time.Time // stands still in front of the window, while timers run; nil: the system's
	screens desktop.Screens
	volumes []string  // the cards and disks that are there
	second  bool      // the system has a second screen
	opened  fyne.Size // of the window, as it opened
	blind   error     // of whatever shows files
}

const passphrase = "fire tilfeldige ord her"

// organisation is whom the photographer works for.
var organisation = consent.Organisation{Name: "Stavanger kommune", Number: "964965226", Contact: "bilder@example.no"}

// sit opens the window on an empty folder.
func sit(t testing.TB) *desk {
	t.Helper()
	d := &desk{TB: t, folder: t.TempDir(), library: &library{}, calls: make(chan func(), 10_000)}
	d.door = &door{dir: filepath.Join(d.folder, "vault")}
	d.app = test.NewTempApp(t)
	t.Cleanup(func() {
		if d.window != nil {
			d.window.Stop()
			d.window.Fyne().Close()
		}
		if err := d.door.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// open makes the window anew, as starting the program does.
func (d *desk) open() {
	d.Helper()
	config := desktop.Config{Door: d.door, Library: d.library, Language: "en", Version: "1.2.3",
		Do: func(f func()) { d.calls <- f }, Receipts: filepath.Join(d.folder, "receipts"),
		Ending: ending.New(filepath.Join(d.folder, "running")), Screens: d.screens,
		SecondScreen: func() bool { return d.second }, Volumes: func() []string { return d.volumes },
		Viewing: viewing.New(filepath.Join(d.folder, "viewing")).ShownBy(func(*url.URL) error { return d.blind })}
	if d.clock != nil {
		config.Now, config.After = d.clock.time, d.clock.after
	}
	if d.now != nil {
		config.Now = d.now
	}
	d.window = desktop.New(d.app, config)
	d.opened = d.window.Fyne().Canvas().Size()
	d.window.Fyne().Resize(fyne.NewSize(1366, 768))
}

// seated is a desk with a vault that has been made outside of the window, unlocked in it, with one shoot.
func seated(t testing.TB) *desk {
	t.Helper()
	return sit(t).begins()
}

// begins makes a vault with one shoot, outside of the window, and unlocks it in it.
func (d *desk) begins() *desk {
	d.Helper()
	s, _, err := d.door.Create(d.Context(), passphrase, capture.Setup{Organisation: organisation, DeviceName: "kamera-laptop"})
	if err == nil {
		_, err = s.AddShoot(d.Context(), capture.ShootDetails{Title: "Opening of Storhaug school", Place: "Stavanger", Date: "2026-11-22"})
	}
	if err == nil {
		err = d.door.Close()
	}
	if err != nil {
		d.Fatal(err)
	}
	d.open()
	d.enter(0, passphrase)
	d.press("Unlock")
	d.see("Nobody is registered yet")
	return d
}

// chosen sits before the board with one person on it, who said yes to everything and is chosen.
func chosen(t *testing.T) (*desk, capture.Person) {
	t.Helper()
	d := seated(t)
	person := d.register("Kari Nordmann")
	d.sign(person.ID, consent.DecisionYes)
	d.see("1 signed")
	d.choose(0)
	return d, person
}

// door opens the vault with cheap keys, as the program does with dear ones.
type door struct {
	dir     string
	vault   *vault.Vault
	session *capture.Session
	keyring vault.Keyring
	clock   capture.Clock // nil: the system's
}

func (d *door) options() vault.Options {
	return vault.Options{KDF: vault.KDF{Time: 1, MemoryKiB: 64, Threads: 1}, Keyring: d.keyring}
}

func (d *door) Exists() bool               { return vault.Exists(d.dir) }
func (d *door) Path() string               { return d.dir }
func (d *door) Report() []*problem.Problem { return d.vault.Report() }

func (d *door) Create(ctx context.Context, passphrase string, setup capture.Setup) (*capture.Session, string, error) {
	if err := setup.Organisation.Validate(); err != nil {
		return nil, "", err
	}
	v, key, err := vault.Create(ctx, d.dir, passphrase, d.options())
	if err != nil {
		return nil, "", err
	}
	if _, err := capture.Initialise(ctx, d.parts(v), setup); err != nil {
		return nil, "", err
	}
	s, err := d.take(ctx, v, nil)
	return s, key, err
}

func (d *door) Unlock(ctx context.Context, passphrase string) (*capture.Session, error) {
	v, err := vault.Open(ctx, d.dir, passphrase, d.options())
	return d.take(ctx, v, err)
}

func (d *door) Recover(ctx context.Context, key, passphrase string) (*capture.Session, error) {
	v, err := vault.OpenWithRecoveryKey(ctx, d.dir, key, passphrase, d.options())
	return d.take(ctx, v, err)
}

func (d *door) InKeyring() bool { return vault.InKeyring(d.dir) }

func (d *door) UnlockWithKeyring(ctx context.Context) (*capture.Session, error) {
	v, err := vault.OpenWithKeyring(ctx, d.dir, d.options())
	return d.take(ctx, v, err)
}

func (d *door) CheckPassphrase(ctx context.Context, passphrase string) error {
	return d.vault.CheckPassphrase(ctx, passphrase)
}

func (d *door) NewRecoveryKey(ctx context.Context, passphrase string) (string, error) {
	return d.vault.NewRecoveryKey(ctx, passphrase)
}

func (d *door) KeepInKeyring(ctx context.Context, passphrase string) error {
	return d.vault.KeepInKeyring(ctx, passphrase)
}

func (d *door) LeaveKeyring(ctx context.Context) error { return d.vault.LeaveKeyring(ctx) }

func (d *door) ChangePassphrase(ctx context.Context, old, replacement string) error {
	return d.vault.ChangePassphrase(ctx, old, replacement)
}

func (d *door) CreateBackup(ctx context.Context, s *capture.Session, out string, withReferenced bool, progress func(capture.BackupProgress)) (capture.BackupReport, error) {
	report, err := d.vault.CreateBackup(ctx, out, vault.BackupOptions{Program: "test", WithReferenced: withReferenced, Progress: progress})
	if err != nil {
		return report, err
	}
	return report, s.NoteBackup(ctx, capture.Backup{Folder: report.Path, Files: report.Files, Bytes: report.Bytes})
}

func (d *door) VerifyBackup(ctx context.Context, dir, passphrase string, progress func(capture.BackupProgress)) (capture.BackupCheck, error) {
	if passphrase == "" {
		check, err := vault.VerifyBackupFiles(ctx, dir, progress)
		return check.BackupCheck, err
	}
	from, err := vault.OpenBackup(ctx, dir, passphrase, d.options())
	if err != nil {
		return capture.BackupCheck{}, err
	}
	defer from.Close()
	check, err := from.Verify(ctx, progress)
	return check.BackupCheck, err
}

func (d *door) MergeBackup(ctx context.Context, s *capture.Session, dir, passphrase string, progress func(capture.UnionProgress)) (capture.United, error) {
	from, err := vault.OpenBackup(ctx, dir, passphrase, d.options())
	if err != nil {
		return capture.United{}, err
	}
	defer from.Close()
	return s.Unite(ctx, capture.Other{Store: from, Originals: from.Originals()}, progress)
}

func (d *door) RestoreBackup(ctx context.Context, dir, passphrase string, progress func(capture.BackupProgress)) (*capture.Session, capture.Restored, error) {
	from, err := vault.OpenBackup(ctx, dir, passphrase, d.options())
	if err != nil {
		return nil, capture.Restored{}, err
	}
	defer from.Close()
	done := capture.Restored{Made: from.Made(), Files: from.Files()}
	if err := vault.Restore(ctx, from, d.dir, progress); err != nil {
		return nil, done, err
	}
	s, err := d.Unlock(ctx, passphrase)
	return s, done, err
}

func (d *door) Close() error {
	if d.vault == nil {
		return nil
	}
	v := d.vault
	d.vault, d.session = nil, nil
	return v.Close()
}

func (d *door) take(ctx context.Context, v *vault.Vault, err error) (*capture.Session, error) {
	if err != nil {
		return nil, err
	}
	d.vault = v
	d.session, err = capture.Open(ctx, d.parts(v))
	return d.session, err
}

func (d *door) parts(v *vault.Vault) capture.Parts {
	return capture.Parts{Store: v, Originals: v.Originals(), Previews: v.Previews(), Clock: d.clock}
}

// until lets the window work until something is so.
func (d *desk) until(what string, so func() bool) {
	d.Helper()
	deadline := time.After(30 * time.Second)
	for !so() {
		select {
		case f := <-d.calls:
			f()
		case <-deadline:
			d.Fatalf("in vain: %s\nthe window says:\n%s", what, strings.Join(d.texts(), "\n"))
		}
	}
}

// see waits until the window says a text somewhere.
func (d *desk) see(text string) {
	d.Helper()
	d.until("to see "+text, func() bool { return d.says(text) })
}

func (d *desk) says(text string) bool {
	return slices.ContainsFunc(d.texts(), func(s string) bool { return strings.Contains(s, text) })
}

// texts are what the window shows now, in the order of reading.
func (d *desk) texts() []string {
	var texts []string
	for _, o := range d.shown() {
		switch o := o.(type) {
		case *widget.Label:
			texts = append(texts, o.Text)
		case *part.Check:
			texts = append(texts, o.Text)
		case *part.Select:
			texts = append(texts, o.Selected)
		case *fyne.Container:
		case fyne.Accessible:
			texts = append(texts, o.AccessibilityLabel())
		}
	}
	return texts
}

// shown are the objects that show now, also those inside of widgets, but nothing that a hidden one holds.
func (d *desk) shown() []fyne.CanvasObject { return screentest.Visible(d.window.Fyne().Content()) }

// press presses a button or tab by its word.
func (d *desk) press(word string) {
	d.Helper()
	d.until("to press "+word, func() bool { return d.pressable(word) != nil })
	test.Tap(d.pressable(word))
}

func (d *desk) pressable(word string) fyne.Tappable {
	for _, o := range d.shown() {
		switch o := o.(type) {
		case *part.Button:
			if o.Text() == word && !o.Disabled() {
				return o
			}
		case *part.Tab:
			if o.Text() == word {
				return o
			}
		}
	}
	return nil
}

// entries are the fields that show, in the order of reading.
func (d *desk) entries() []*part.Entry {
	var list []*part.Entry
	for _, o := range d.shown() {
		if e, ok := o.(*part.Entry); ok {
			list = append(list, e)
		}
	}
	return list
}

// enter replaces what stands in a field.
func (d *desk) enter(field int, text string) {
	d.Helper()
	d.until("a field", func() bool { return len(d.entries()) > field })
	e := d.entries()[field]
	e.SetText("")
	test.Type(e, text)
}

// tick presses the check with a word.
func (d *desk) tick(word string) {
	d.Helper()
	for _, o := range d.shown() {
		if c, ok := o.(*part.Check); ok && c.Text == word {
			test.Tap(c)
			return
		}
	}
	d.Fatalf("there is no check %q", word)
}

// letter types a letter where nothing takes text.
func (d *desk) letter(r rune) { d.window.Fyne().Canvas().OnTypedRune()(r) }

// key presses a key where nothing takes text.
func (d *desk) key(name fyne.KeyName) {
	d.window.Fyne().Canvas().OnTypedKey()(&fyne.KeyEvent{Name: name})
}

// receipts are the receipt files that lie in the folder for them.
func (d *desk) receipts() []string {
	files, err := filepath.Glob(filepath.Join(d.folder, "receipts", "*.pdf"))
	if err != nil {
		d.Fatal(err)
	}
	return files
}

func (d *desk) session() *capture.Session { return d.door.session }

// must is for steps that a test does behind the window's back.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
