// Command samtykke takes consent to photo, video and sound on location, with no network, and brings consents and pictures
// safely home to the media library.
//
// Without a subcommand it opens the window. The subcommands call the same use cases (app/capture), so that whatever a person
// can do by hand a script can do too. Exit codes: 0 done, 1 failed with one line on standard error, 2 wrong usage.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"samtykke/app/problem"
)

// commandLine is the whole command line; kong fills it in.
type commandLine struct {
	Vault          string `help:"Folder of the vault." type:"path" placeholder:"DIR" env:"SAMTYKKE_VAULT"`
	JSON           bool   `help:"Answer in JSON."`
	PassphraseFile string `help:"File whose first line is the passphrase." type:"path" placeholder:"FILE"`

	Window  windowCommand  `cmd:"" default:"1" hidden:"" help:"Open the window."`
	Init    initCommand    `cmd:"" help:"Make a new vault."`
	Shoot   shootCommand   `cmd:"" help:"Shoots."`
	Subject subjectCommand `cmd:"" help:"People."`
	Consent consentCommand `cmd:"" help:"Consents."`
	Form    formCommand    `cmd:"" help:"Consent forms."`
	Policy  policyCommand  `cmd:"" help:"What the organisation decides beyond its forms."`
	Receipt receiptCommand `cmd:"" help:"Receipts and QR cards."`
	Paper   paperCommand   `cmd:"" help:"Consent forms that were signed on paper."`
	Image   imageCommand   `cmd:"" help:"Images."`
	Device  deviceCommand  `cmd:"" help:"This device and its library."`
	Sync    syncCommand    `cmd:"" help:"Exchange with the library."`
	Status  statusCommand  `cmd:"" help:"What is saved here and what the library has."`
	Audit   auditCommand   `cmd:"" help:"Check the log."`
	Backup  backupCommand  `cmd:"" help:"Backups, and what another device has."`
	Locks   vaultCommand   `cmd:"" name:"vault" help:"Passphrase, recovery key, keyring and PIN."`
	Ending  endingCommand  `cmd:"" name:"watch-ending" hidden:"" help:"Wait for a crash of the window."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// errUsage marks what kong refuses.
var errUsage = errors.New("wrong usage")

// run is main without the process: it returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	var cli commandLine
	call := &call{context: ctx, cli: &cli, stdin: stdin, stdout: stdout, stderr: stderr}
	exited := -1
	parser, err := kong.New(&cli, kong.Name("samtykke"), kong.UsageOnError(), kong.Writers(stdout, stderr),
		kong.Description("Consent to photo, video and sound, taken on location and brought safely home."),
		kong.Exit(func(code int) { exited = code }), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		fmt.Fprintln(stderr, "samtykke:", err)
		return 1
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 { // --help
		return exited
	}
	if err == nil {
		err = call.run(parsed)
	} else {
		err = fmt.Errorf("%w: %w", errUsage, err)
	}
	switch {
	case err == nil:
		for _, note := range call.notes {
			fmt.Fprintln(stderr, "samtykke:", plain(note))
		}
		return 0
	case errors.Is(err, errUsage):
		call.fail(usageReason(err) + "; see samtykke --help")
		return 2
	case errors.Is(err, context.Canceled):
		call.fail("stopped; what was saved until now is safe; run the same again to go on")
		return 1
	}
	call.fail(problem.Of(err).Error())
	return 1
}

func usageReason(err error) string {
	var parse *kong.ParseError
	if errors.As(err, &parse) {
		return parse.Error()
	}
	return err.Error()
}

type windowCommand struct{}

func (*windowCommand) Run(c *call) error {
	d, err := c.findDoor()
	if err != nil {
		return err
	}
	return openWindow(c.context, d, c.library(), systemLanguage(os.Getenv))
}

// systemLanguage is the interface language that the environment asks for; bokmål unless it is nynorsk or English.
func systemLanguage(env func(string) string) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		value := strings.ToLower(env(name))
		switch {
		case strings.HasPrefix(value, "nn"):
			return "nn"
		case strings.HasPrefix(value, "en"):
			return "en"
		case value != "" && value != "c" && value != "posix" && !strings.HasPrefix(value, "c."):
			return "nb"
		}
	}
	return "nb"
}
