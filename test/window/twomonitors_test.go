//go:build story

package window_test

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"samtykke/test/display"
	"samtykke/test/drive"
)

// TestSomebodySignsOnTheSecondMonitor: on a computer with two monitors subject mode fills the one that the photographer's window is not on,
// also when that is the second one; whoever signs loses nothing when it is unplugged; and what is entered there is stored.
func TestSomebodySignsOnTheSecondMonitor(test *testing.T) {
	program := drive.Samtykke{Bin: watched(test), Vault: filepath.Join(test.TempDir(), "vault")}
	for _, args := range [][]string{
		{"init", "--org-name", "Eksempel kommune", "--org-number", "999999999", "--contact", "bilder@eksempel.example"},
		{"shoot", "add", "--title", "A school"},
	} {
		if err := program.JSON(test.Context(), nil, args...); err != nil {
			test.Fatal(err)
		}
	}
	shown, err := display.StartTwo(context.Background(), test.TempDir())
	if err != nil {
		test.Fatal(err)
	}
	plug := func(size string) {
		test.Helper()
		if err := shown.Plug(test.Context(), size); err != nil {
			test.Fatal(err)
		}
	}
	plug("1920x1080")
	s := startOn(test, shown, program)
	s.titled("Unlock")
	s.write(drive.Passphrase)
	s.press("Return")
	s.titled("A school")
	s.press("ctrl+5")
	s.click(t("desktop.settings.locks"))
	s.click(t("desktop.hand.aside"))
	s.press("ctrl+1")
	s.titled("A school")

	s.press("h")
	beside := s.beside("1366", "0", "1920", "1080")
	beside.click("English")
	beside.see(t("signing.who.me"))
	if err := shown.Unplug(test.Context()); err != nil {
		test.Fatal(err)
	}
	s.see(t("desktop.hand.aside.here"))
	if s.signing() != "" {
		test.Error("the window of whoever signs is still somewhere")
	}
	plug("1280x1024")
	beside = s.beside("1366", "0", "1280", "1024")
	s.see(t("desktop.hand.aside.open"))
	beside.click(t("signing.who.me"))
	beside.see(t("signing.self.title"))
	beside.write("Kari Eksempel")
	beside.press("Tab")
	beside.write("1975")
	beside.press("Return")
	beside.click(t("signing.next"))
	beside.click(t("signing.all.no"))
	beside.click(t("signing.check.right"))
	beside.sign()
	beside.click(t("signing.sign.save"))
	code := beside.thanked("thanks-on-the-second-monitor")
	s.click(t("desktop.hand.aside.back"))
	if s.sees(t("desktop.hand.aside.unsaved")) { // the page of thanks was still somebody's
		s.click(t("desktop.hand.aside.anyway"))
	}
	s.until("the second screen to be the photographer's again", func() bool { return s.signing() == "" })

	s.xdotool("windowmove", s.id, "1366", "0")
	s.xdotool("windowfocus", "--sync", s.id)
	s.press("h")
	s.beside("0", "0", "1366", "768")
	s.close()

	var people []struct{ Name string }
	if err := program.JSON(test.Context(), &people, "subject", "find", string(code)); err != nil || len(people) != 1 || people[0].Name != "Kari Eksempel" {
		test.Errorf("%s finds %v: %v", code, people, err)
	}
}

// signing is the X window of subject mode beside the photographer's; "" while none shows.
func (s *screen) signing() string {
	search := exec.Command("xdotool", "search", "--all", "--onlyvisible", "--pid", s.pid(), "--name", t("desktop.hand.title")+"$")
	search.Env = append(search.Environ(), "DISPLAY="+s.display.Name)
	out, _ := search.Output() // it fails when there is none
	id, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	return id
}

// beside waits until the window of subject mode fills a monitor, and gives it.
func (s *screen) beside(x, y, width, height string) *screen {
	s.Helper()
	other := &screen{T: s.T, program: s.program, display: s.display, home: s.home, cmd: s.cmd, ended: s.ended, shots: s.shots}
	s.until(fmt.Sprintf("subject mode at %s, %s, %s × %s", x, y, width, height), func() bool {
		if other.id = s.signing(); other.id == "" {
			return false
		}
		return strings.Contains(s.xdotool("getwindowgeometry", "--shell", other.id), fmt.Sprintf("X=%s\nY=%s\nWIDTH=%s\nHEIGHT=%s\n", x, y, width, height))
	})
	s.xdotool("windowfocus", "--sync", other.id)
	return other
}
