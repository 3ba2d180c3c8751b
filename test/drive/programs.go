// Package drive runs the built programs the way a person does: with arguments, a passphrase and a folder, and reads what they
// print. The story tests and the demo tell their stories with it.
package drive

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// Passphrase opens the vaults that are made here. They hold nobody's data.
const Passphrase = "a quiet fjord in november"

// Samtykke is the device's program on one vault.
type Samtykke struct {
	Bin   string
	Vault string
	// Passphrase is "" for Passphrase.
	Passphrase string
}

// Run runs one subcommand and returns what it printed and its exit code. An error means that it could not be run at all.
func (s Samtykke) Run(ctx context.Context, args ...string) (stdout, stderr string, code int, err error) {
	cmd := exec.CommandContext(ctx, s.Bin, append([]string{"--vault", s.Vault}, args...)...)
	passphrase := s.Passphrase
	if passphrase == "" {
		passphrase = Passphrase
	}
	cmd.Env = append(os.Environ(), "SAMTYKKE_PASSPHRASE="+passphrase)
	return output(cmd)
}

// JSON runs one subcommand with --json and reads its answer; an exit code other than 0 is an error with what it said.
func (s Samtykke) JSON(ctx context.Context, into any, args ...string) error {
	stdout, stderr, code, err := s.Run(ctx, append([]string{"--json"}, args...)...)
	if err != nil {
		return err
	}
	return answered("samtykke", args, stdout, stderr, code, into)
}

// Mediebank is the library's program on one data folder.
type Mediebank struct {
	Bin  string
	Data string
}

// JSON runs one subcommand with --json and reads its answer.
func (m Mediebank) JSON(ctx context.Context, into any, args ...string) error {
	stdout, stderr, code, err := output(exec.CommandContext(ctx, m.Bin, append(args, "--data", m.Data, "--json")...))
	if err != nil {
		return err
	}
	return answered("mediebank", args, stdout, stderr, code, into)
}

// Server is a running library.
type Server struct {
	Address string // http://127.0.0.1:port
	cmd     *exec.Cmd
	log     *bytes.Buffer
}

// Serve starts the library on a free port of this machine and waits until it listens.
func (m Mediebank) Serve(ctx context.Context, listen string) (*Server, error) {
	// The context must not end it: Stop asks it to finish what it is doing.
	cmd := exec.CommandContext(context.WithoutCancel(ctx), m.Bin, "serve", "--data", m.Data, "--listen", listen, "--json")
	s := &Server{cmd: cmd, log: &bytes.Buffer{}}
	cmd.Stderr = s.log
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start mediebank: %w", err)
	}
	said := make(chan error, 1)
	go func() {
		line, err := bufio.NewReader(stdout).ReadBytes('\n')
		if err == nil {
			var listening struct{ Listening string }
			err = json.Unmarshal(line, &listening)
			s.Address = listening.Listening
		}
		said <- err
		_, _ = io.Copy(io.Discard, stdout)
	}()
	select {
	case err = <-said:
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		s.Kill()
		return nil, fmt.Errorf("mediebank did not come up: %w: %s", err, s.log)
	}
	return s, nil
}

// Stop asks the server to finish what it is doing and waits for it.
func (s *Server) Stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	if err := s.cmd.Wait(); err != nil {
		return fmt.Errorf("mediebank stopped badly: %w: %s", err, s.log)
	}
	return nil
}

// Log is what the server has logged. Ask only after Stop or Kill.
func (s *Server) Log() string { return s.log.String() }

// Kill ends the server at once, as a power cut would.
func (s *Server) Kill() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

func output(cmd *exec.Cmd) (stdout, stderr string, code int, err error) {
	var out, log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &log
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return out.String(), log.String(), exit.ExitCode(), nil
	}
	return out.String(), log.String(), 0, err
}

func answered(program string, args []string, stdout, stderr string, code int, into any) error {
	if code != 0 {
		return fmt.Errorf("%s %s: exit code %d: %s", program, strings.Join(args, " "), code, strings.TrimSpace(stderr))
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal([]byte(stdout), into); err != nil {
		return fmt.Errorf("%s %s answered %q: %w", program, strings.Join(args, " "), stdout, err)
	}
	return nil
}

// Demo runs the demo from the root of the project and returns what it printed.
func Demo(ctx context.Context, root string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", append([]string{"run", "./scripts/demo"}, args...)...)
	cmd.Dir = root
	stdout, stderr, code, err := output(cmd)
	if err == nil && code != 0 {
		err = fmt.Errorf("the demo ended with exit code %d: %s", code, strings.TrimSpace(stderr))
	}
	return stdout, err
}
