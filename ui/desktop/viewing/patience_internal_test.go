//go:build unix

package viewing

import (
	"os/exec"
	"testing"
	"time"
)

func TestAProgramThatGoesOnForAsLongAsItShowsIsNotWaitedFor(t *testing.T) {
	program := exec.CommandContext(t.Context(), "sleep", "60")
	if err := watch(program, 10*time.Millisecond); err != nil {
		t.Error(err)
	}
	_ = program.Process.Kill()
}
