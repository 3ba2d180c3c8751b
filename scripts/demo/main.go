// Command demo tells the whole story on this machine, from nothing, on loopback: a photographer takes consents with no
// network, brings them home to a library, a person withdraws through the link on their receipt, and the answer becomes no.
//
// It drives the built programs as a person does and stops at the first thing that is not as it should be. What it made stays
// in dist/demo to be looked at.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"samtykke/app/consent"
	"samtykke/test/drive"
)

func main() {
	images := flag.String("images", "", "folder with real pictures, instead of those the demo makes")
	out := flag.String("out", "dist/demo", "folder for everything the demo makes; emptied first")
	window := flag.Bool("window", os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "", "open the window on the vault at the end")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *images, *out, *window); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// demo is the story as far as it has been told.
type demo struct {
	context.Context
	dir      string
	images   string
	samtykke drive.Samtykke
	library  drive.Mediebank
	server   *drive.Server
	steps    int

	shoot  consent.ShootID
	people []person
	assets []asset
}

type person struct {
	ID     consent.SubjectID
	Code   consent.Code
	name   string
	signed record
}

type record struct {
	Record consent.RecordID `json:"id"`
	Token  string           `json:"token"`
	Link   string           `json:"personal_link"`
}

type asset struct {
	ID       consent.AssetID
	Name     string
	Subjects []struct{ Code consent.Code }
	Slate    []consent.SubjectID
}

func run(ctx context.Context, images, out string, window bool) (err error) {
	dir, err := filepath.Abs(out)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	d := &demo{Context: ctx, dir: dir, images: images,
		samtykke: drive.Samtykke{Bin: "dist/samtykke", Vault: filepath.Join(dir, "vault")},
		library:  drive.Mediebank{Bin: "dist/mediebank", Data: filepath.Join(dir, "library")}}
	if d.server, err = d.library.Serve(ctx, "127.0.0.1:0"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.server.Stop()) }()
	d.step("The library is running at %s", d.server.Address)
	for _, chapter := range []func() error{d.setUp, d.register, d.sign, d.receipts, d.pictures, d.answers, d.export, d.sync, d.withdraw, d.proof} {
		if err := chapter(); err != nil {
			return err
		}
	}
	fmt.Printf("\nEverything is in %s\n  receipts   %s\n  copies     %s\n  vault      %s (passphrase: %s)\n  library    %s\n",
		dir, d.path("receipts"), d.path("web"), d.samtykke.Vault, drive.Passphrase, d.library.Data)
	if !window {
		fmt.Println("There is no display, so the window was not opened: dist/samtykke --vault", d.samtykke.Vault)
		return nil
	}
	fmt.Println("Opening the window. Type the passphrase above; the demo ends when you close it.")
	cmd := exec.CommandContext(ctx, d.samtykke.Bin, "--vault", d.samtykke.Vault)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}

func (d *demo) step(format string, args ...any) {
	d.steps++
	fmt.Printf("%2d. %s\n", d.steps, fmt.Sprintf(format, args...))
}

func (d *demo) path(parts ...string) string {
	return filepath.Join(append([]string{d.dir}, parts...)...)
}

func (d *demo) setUp() error {
	var made struct {
		Device      consent.DeviceID
		RecoveryKey string `json:"recovery_key"`
	}
	err := d.samtykke.JSON(d, &made, "init", "--org-name", "Eksempel kommune", "--org-number", "999999999", "--contact", "bilder@eksempel.example",
		"--dpo", "personvernombud@eksempel.example", "--org-address", "Rådhusgata 1, 0001 Eksempel", "--policy", "https://eksempel.example/personvern", "--device-name", "Demo laptop")
	if err != nil {
		return err
	}
	d.step("A vault was made on the laptop; its recovery key is %s", made.RecoveryKey)
	var invitation struct{ Code, URL string }
	if err := d.library.JSON(d, &invitation, "invite", "--name", "Demo laptop"); err != nil {
		return err
	}
	if err := d.samtykke.JSON(d, nil, "device", "enrol", invitation.Code); err != nil {
		return err
	}
	d.step("The laptop belongs to the library now, and goes where there is no network")
	return nil
}

func (d *demo) register() error {
	var shoot struct{ ID consent.ShootID }
	if err := d.samtykke.JSON(d, &shoot, "shoot", "add", "--title", "Åpning av ny skole", "--place", "Eksempel", "--photographer", "Fotografen"); err != nil {
		return err
	}
	d.shoot = shoot.ID
	born := time.Now().AddDate(-9, 0, -40).Format(time.DateOnly)
	for _, p := range []struct {
		name string
		args []string
	}{
		{"Ola Nordmann", []string{"--phone", "41234567", "--email", "ola@eksempel.example", "--born", "1980"}},
		{"Kari Nordmann", []string{"--born", born, "--guardian", "Ola Nordmann;41234567;ola@eksempel.example", "--guardian", "Anne Nordmann;41234568;"}},
		{"Per Hansen", []string{"--phone", "+46 70 123 45 67"}},
		{"red jacket", []string{"--avoid"}},
	} {
		added := person{name: p.name}
		if err := d.samtykke.JSON(d, &added, append([]string{"subject", "add", "--shoot", string(d.shoot), "--name", p.name}, p.args...)...); err != nil {
			return err
		}
		d.people = append(d.people, added)
	}
	d.step("Four people are registered: an adult, a child with two guardians, one who will say no, and one not to be photographed")
	return nil
}

func (d *demo) sign() error {
	signature := d.path("signature.svg")
	if err := os.WriteFile(signature, []byte(drive.Signature), 0o600); err != nil {
		return err
	}
	ola, kari, per := &d.people[0], &d.people[1], &d.people[2]
	for _, s := range []struct {
		who  *person
		args []string
	}{
		{ola, []string{"--yes", "web:*,print:photo,internal:*,screens:photo", "--no", "rest"}},
		{kari, []string{"--yes", "web:photo,internal:photo", "--no", "rest", "--signer", "guardian:1"}},
		{per, []string{"--no", "rest"}},
	} {
		args := append([]string{"consent", "record", "--subject", string(s.who.Code), "--shoot", string(d.shoot), "--form", "default", "--language", "nb",
			"--signature", signature}, s.args...)
		if err := d.samtykke.JSON(d, &s.who.signed, args...); err != nil {
			return err
		}
	}
	d.step("Ola said yes to the website and more, one of Kari's guardians has signed, Per said no to everything")
	if err := d.standing(kari, "web:photo", consent.StatusAwaitingGuardian); err != nil {
		return err
	}
	var second record
	if err := d.samtykke.JSON(d, &second, "consent", "record", "--subject", string(kari.Code), "--shoot", string(d.shoot), "--form", "default", "--language", "en",
		"--signature", signature, "--yes", "web:photo,internal:photo", "--no", "rest", "--signer", "guardian:2"); err != nil {
		return err
	}
	d.step("Kari's second guardian signed in English: only now may Kari appear on the website")
	return d.standing(kari, "web:photo", consent.StatusGiven)
}

// standing checks what stands for a person.
func (d *demo) standing(p *person, scope string, want consent.Status) error {
	var shown struct {
		Scopes map[string]struct{ Status consent.Status }
	}
	if err := d.samtykke.JSON(d, &shown, "consent", "show", "--subject", string(p.ID)); err != nil {
		return err
	}
	if got := shown.Scopes[scope].Status; got != want {
		return fmt.Errorf("%s is %q for %s, not %q", scope, got, p.Code, want)
	}
	return nil
}

func (d *demo) receipts() error {
	if err := os.MkdirAll(d.path("receipts"), 0o700); err != nil {
		return err
	}
	for i := range d.people[:3] {
		p := &d.people[i]
		file := d.path("receipts", string(p.Code)+".pdf")
		if err := d.samtykke.JSON(d, nil, "receipt", "write", "--consent", string(p.signed.Record), "--out", file); err != nil {
			return err
		}
		if err := d.samtykke.JSON(d, nil, "receipt", "card", "--subject", string(p.Code), "--out", d.path("receipts", string(p.Code)+"-card.png")); err != nil {
			return err
		}
		for _, what := range []string{file, p.signed.Token} {
			var verified struct{ Valid bool }
			if err := d.samtykke.JSON(d, &verified, "receipt", "verify", what); err != nil {
				return err
			}
			if !verified.Valid {
				return fmt.Errorf("the receipt of %s does not verify", p.Code)
			}
		}
	}
	d.step("Receipts and QR cards are written, and verify without a network")
	return nil
}

func (d *demo) pictures() error {
	ola, kari, per := d.people[0], d.people[1], d.people[2]
	from, args := d.images, []string{}
	if from == "" {
		from = d.path("card")
		if _, err := drive.Card(from, time.Now().Add(-time.Hour), 2, ola.Code, kari.Code, per.Code); err != nil {
			return err
		}
		args = append(args, "--slates")
	}
	var report struct {
		Imported, Duplicates, Linked int
		Skipped                      []struct{ Path, Reason string }
		Slates                       []struct{ Path string }
	}
	if err := d.samtykke.JSON(d, &report, append([]string{"image", "import", from, "--shoot", string(d.shoot)}, args...)...); err != nil {
		return err
	}
	d.step("%d pictures imported; %d slate cards recognised, %d pictures linked to people by them; %d files skipped", report.Imported, len(report.Slates), report.Linked, len(report.Skipped))
	for _, s := range report.Skipped {
		fmt.Printf("      skipped %s: %s\n", filepath.Base(s.Path), s.Reason)
	}
	if d.images == "" && (len(report.Slates) != 3 || report.Linked != 6) {
		return errors.New("not every slate card was recognised")
	}
	if err := d.samtykke.JSON(d, &d.assets, "image", "list", "--shoot", string(d.shoot)); err != nil {
		return err
	}
	if d.images != "" {
		return d.linkByHand()
	}
	return nil
}

// linkByHand spreads the people over pictures that carry no slates.
func (d *demo) linkByHand() error {
	if len(d.assets) < 3 {
		return errors.New("the folder holds fewer than three pictures that can be read")
	}
	for i := range d.assets {
		p := d.people[i%3]
		if err := d.samtykke.JSON(d, nil, "image", "link", "--subject", string(p.Code), string(d.assets[i].ID)); err != nil {
			return err
		}
	}
	d.step("The pictures were linked to people by hand")
	return d.samtykke.JSON(d, &d.assets, "image", "list", "--shoot", string(d.shoot))
}

func (d *demo) answers() error {
	for _, a := range d.assets {
		if len(a.Slate) > 0 {
			continue
		}
		if err := d.samtykke.JSON(d, nil, "image", "people", string(a.ID), "1"); err != nil {
			return err
		}
	}
	d.step("The people on each picture were counted; may they be used?")
	for i, want := range []consent.Verdict{consent.Yes, consent.Yes, consent.No} {
		a, err := d.pictureOf(d.people[i].Code)
		if err != nil {
			return err
		}
		if err := d.clear(a, "web", want); err != nil {
			return err
		}
	}
	a, err := d.pictureOf(d.people[0].Code)
	if err != nil {
		return err
	}
	return d.clear(a, "social", consent.No)
}

func (d *demo) pictureOf(code consent.Code) (asset, error) {
	for _, a := range d.assets {
		if len(a.Subjects) == 1 && a.Subjects[0].Code == code {
			return a, nil
		}
	}
	return asset{}, fmt.Errorf("no picture is linked to %s", code)
}

// clear asks the question and prints the answer.
func (d *demo) clear(a asset, channel consent.Channel, want consent.Verdict) error {
	var got struct {
		Answer  consent.Verdict
		Reasons []struct{ Text string }
	}
	if err := d.samtykke.JSON(d, &got, "image", "clear", string(a.ID), "--channel", string(channel)); err != nil {
		return err
	}
	var why []string
	for _, r := range got.Reasons {
		why = append(why, r.Text)
	}
	fmt.Printf("      %s in %s: %s. %s\n", a.Name, channel, got.Answer, strings.Join(why, " "))
	if got.Answer != want {
		return fmt.Errorf("%s in %s is %q, not %q", a.Name, channel, got.Answer, want)
	}
	return nil
}

// exported is what an export answers.
type exported struct {
	Exported int
	Refused  []struct{ Name string }
}

func (d *demo) export() error {
	var public, internal exported
	if err := d.samtykke.JSON(d, &public, "image", "export", "--channel", "web", "--out", d.path("web")); err != nil {
		return err
	}
	if err := d.samtykke.JSON(d, &internal, "image", "export", "--channel", "web", "--profile", "internal", "--out", d.path("web-internal")); err != nil {
		return err
	}
	if public.Exported == 0 || len(public.Refused) == 0 {
		return fmt.Errorf("%d pictures exported and %d refused, where both were to be expected", public.Exported, len(public.Refused))
	}
	d.step("%d copies were written for the website, %d pictures refused", public.Exported, len(public.Refused))
	return nil
}

func (d *demo) sync() error {
	var report struct {
		EventsSent int   `json:"events_sent"`
		BlobsSent  int   `json:"blobs_sent"`
		BytesSent  int64 `json:"bytes_sent"`
		Pending    int
	}
	if err := d.samtykke.JSON(d, &report, "sync", "run"); err != nil {
		return err
	}
	if report.Pending != 0 {
		return fmt.Errorf("%d things still wait after the sync", report.Pending)
	}
	d.step("Back in coverage: %d events and %d files (%d kB) went to the library, which signed for every one", report.EventsSent, report.BlobsSent, report.BytesSent>>10)
	return nil
}

func (d *demo) withdraw() error {
	ola := d.people[0]
	if err := drive.WithdrawEverything(d, ola.signed.Link); err != nil {
		return err
	}
	d.step("Ola opened the link on the receipt and withdrew everything")
	if err := d.samtykke.JSON(d, nil, "sync", "run"); err != nil {
		return err
	}
	a, err := d.pictureOf(ola.Code)
	if err != nil {
		return err
	}
	d.step("The laptop synced again, and the answer is now no")
	if err := d.clear(a, "web", consent.No); err != nil {
		return err
	}
	return d.standing(&ola, "web:photo", consent.StatusWithdrawn)
}

func (d *demo) proof() error {
	var log, library struct {
		OK     bool
		Events int
		Blobs  int
	}
	if err := d.samtykke.JSON(d, &log, "audit", "verify"); err != nil {
		return err
	}
	if err := d.library.JSON(d, &library, "verify"); err != nil {
		return err
	}
	d.step("The laptop's log of %d events verifies; so do the library's %d events and every byte of its %d files", log.Events, library.Events, library.Blobs)
	return nil
}
