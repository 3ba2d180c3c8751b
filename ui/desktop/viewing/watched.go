package viewing

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"runtime"
	"time"
)

// patience is how long a program that opens things may take to fail. Those that find nothing to open something with say so at once; some
// that find it go on for as long as it shows.
const patience = 3 * time.Second

// watched shows an address and tells when nothing shows it. The toolkit starts the program of a Unix desktop and looks no further;
// elsewhere, and inside a sandbox, its own way is used.
func watched(address *url.URL) error {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" || os.Getenv("FLATPAK_ID") != "" {
		return toolkit(address)
	}
	// It goes on after whoever asked for it has gone.
	return watch(exec.CommandContext(context.Background(), "xdg-open", address.String()), patience)
}

// watch starts a program and waits until it has ended well or goes on for longer than patience.
func watch(program *exec.Cmd, patience time.Duration) error {
	if err := program.Start(); err != nil {
		return fmt.Errorf("start %s: %w", program.Path, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- program.Wait() }()
	select {
	case err := <-ended:
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return fmt.Errorf("%s ended with %d", program.Path, exit.ExitCode())
		}
		return err
	case <-time.After(patience):
		return nil
	}
}
