// Command mediebank is the central media library: it takes in what photographers' devices send, keeps it, and answers the
// people in the pictures behind their personal links.
//
// Exit codes: 0 done, 1 failed with one line on standard error, 2 wrong usage. With --json a command answers in JSON.
package main

import (
	"context"
	"encoding/json"
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
	JSON bool `help:"Answer in JSON."`

	Serve  serveCommand  `cmd:"" help:"Serve the library until interrupted."`
	Invite inviteCommand `cmd:"" help:"Make an invitation that lets one device in."`
	Device deviceCommand `cmd:"" help:"The devices that are let in."`
	Mail   mailCommand   `cmd:"" help:"Receipts that devices have asked to be mailed."`
	Verify verifyCommand `cmd:"" help:"Read every byte and the whole log again."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// call is one run of the program: where it writes and how.
type call struct {
	context.Context
	json           bool
	stdout, stderr io.Writer
}

// run is main without the process: it returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var cli commandLine
	exited := -1
	parser, err := kong.New(&cli, kong.Name("mediebank"), kong.Writers(stdout, stderr),
		kong.Description("The central media library, where consent decides what may be used."),
		kong.Exit(func(code int) { exited = code }), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		fmt.Fprintln(stderr, "mediebank:", err)
		return 1
	}
	chosen, err := parser.Parse(args)
	if exited >= 0 { // --help has been answered
		return exited
	}
	if err != nil {
		fmt.Fprintf(stderr, "mediebank: %v; see mediebank --help\n", err)
		return 2
	}
	if err := chosen.Run(&call{Context: ctx, json: cli.JSON, stdout: stdout, stderr: stderr}); err != nil {
		fmt.Fprintln(stderr, "mediebank:", oneLine(err))
		return 1
	}
	return 0
}

// oneLine is the sentence of a problem. Here, unlike in a window, the cause of an internal one is of use.
func oneLine(err error) string {
	if errors.Is(err, syscall.ENOSPC) {
		err = problem.New(problem.Unavailable, "disk-full",
			"The disk is full; nothing was changed and what was saved before is safe; make room and try again.").Because(err)
	}
	return strings.Join(strings.Fields(problem.Of(err).Error()), " ")
}

// answer writes JSON, or the text when JSON was not asked for.
func (c *call) answer(value any, text string) error {
	if !c.json {
		_, err := io.WriteString(c.stdout, text)
		return err
	}
	e := json.NewEncoder(c.stdout)
	e.SetEscapeHTML(false)
	return e.Encode(value)
}
