package desktop_test

import (
	"os"
	"testing"
	"time"
)

// Cameras write the time on their own clock, which is taken for that of the place where the computer is: which of two pictures came
// first, and so what stands where on a screen, depends on it.
func TestMain(m *testing.M) {
	time.Local = time.UTC
	os.Exit(m.Run())
}
