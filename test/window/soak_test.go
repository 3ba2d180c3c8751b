//go:build story

package window_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"samtykke/app/consent"
	"samtykke/test/drive"
)

// TestHourOfUseLeavesNothingBehind goes through all screens again and again: what the program holds after its garbage has been collected
// does not grow, and nothing goes on working behind the locked window.
func TestHourOfUseLeavesNothingBehind(test *testing.T) {
	if os.Getenv("SAMTYKKE_SOAK") == "" {
		test.Skip("takes long; scripts/soak sets SAMTYKKE_SOAK")
	}
	program := drive.Samtykke{Bin: built(test), Vault: filepath.Join(test.TempDir(), "vault")}
	furnish(test, program)
	rounds := 100 // some five thousand acts
	fresh := start(test, program)
	fresh.titled("Unlock")
	fresh.still()
	before := fresh.goroutines()

	// Fyne keeps what has been drawn for a minute; kept for a second, it is soon a matter of course.
	s := start(test, program, "GODEBUG=gctrace=1", "GOGC=20", "FYNE_CACHE=1s")
	var held []int
	acts := 0
	for round := range rounds {
		if round%5 == 0 {
			s.titled("Unlock")
			s.write(drive.Passphrase)
			s.press("Return")
			s.titled("A school")
		}
		seen := len(s.log.String())
		acts += s.round()
		if round%5 == 4 || round == rounds-1 {
			s.press("ctrl+l")
			acts++
			s.titled("Unlock")
		}
		if least, ok := collected(s.log.String()[seen:]); ok && round > 1 {
			held = append(held, least)
		}
	}
	s.still()
	if len(held) < rounds/2 {
		test.Fatalf("the garbage was collected in only %d of %d rounds", len(held), rounds)
	}
	third := max(len(held)/3, 1)
	first, last := slices.Min(held[:third]), slices.Min(held[len(held)-third:])
	test.Logf("%d acts; held after each round, in MB: %v", acts, held)
	if last > first+first/10+2 {
		test.Errorf("the program holds %d MB where it held %d MB: %v", last, first, held)
	}
	if after := s.goroutines(); after > before+1 {
		test.Errorf("%d goroutines behind the locked window, %d before it was unlocked for the first time", after, before)
	}
}

// furnish makes a vault with a shoot, people who have and have not answered, and pictures of some of them.
func furnish(test *testing.T, program drive.Samtykke) {
	test.Helper()
	must := func(into any, args ...string) {
		test.Helper()
		if err := program.JSON(test.Context(), into, args...); err != nil {
			test.Fatal(err)
		}
	}
	folder := test.TempDir()
	signature := filepath.Join(folder, "signature.svg")
	if err := os.WriteFile(signature, []byte(drive.Signature), 0o600); err != nil {
		test.Fatal(err)
	}
	var shoot struct{ ID string }
	must(nil, "init", "--org-name", "Eksempel kommune", "--org-number", "999999999", "--contact", "bilder@eksempel.example")
	must(&shoot, "shoot", "add", "--title", "A school")
	var codes []consent.Code
	for i, name := range []string{"Ola Nordmann", "Kari Eksempel", "Lise Prøve", "Per Test", "Anne Mønster", "Siri Eksempel", "Jon Prøve", "Eva Test"} {
		var person struct {
			ID   string
			Code consent.Code
		}
		must(&person, "subject", "add", "--shoot", shoot.ID, "--name", name, "--born", strconv.Itoa(1970+i))
		if i < 5 {
			must(nil, "consent", "record", "--subject", person.ID, "--shoot", shoot.ID, "--form", "default", "--language", "nb", "--yes", "*:photo", "--no", "rest",
				"--signature", signature)
		}
		codes = append(codes, person.Code)
	}
	card := filepath.Join(folder, "card")
	if _, err := drive.CardOfSmall(card, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), 5, codes[:3]...); err != nil {
		test.Fatal(err)
	}
	must(nil, "image", "import", card, "--shoot", shoot.ID, "--slates")
}

// round looks at everything once and changes nothing, and gives how many acts that were.
func (s *screen) round() int {
	s.Helper()
	acts := 0
	do := func(keys ...string) {
		s.Helper()
		acts += len(keys)
		s.xdotool(append([]string{"key", "--delay", "60"}, keys...)...)
	}
	find := func(text string) {
		s.Helper()
		do("ctrl+f", "ctrl+a")
		s.still()
		s.write(text)
		s.still()
		acts += len(text)
		do("Return")
	}
	do("ctrl+1")
	s.titled("A school")
	find("ola")
	do("Tab", "Tab", "q")
	s.titled("QR card")
	do("Escape")
	s.titled("A school")
	do("Escape", "Escape", "Escape", "F1", "Escape", "ctrl+2")
	find("kari")
	do("Escape", "Escape", "ctrl+3")
	s.titled(t("desktop.tab.images"))
	s.still()
	do("Home", "Right", "Right", "Down", "Return", "Escape", "Escape", "ctrl+4", "ctrl+5", "Tab", "Tab", "ctrl+1")
	s.titled("A school")
	find("siri")
	do("Tab", "Tab", "h")
	s.titled(t("desktop.hand.title"))
	s.click("English")
	s.click(t("signing.isit.yes"))
	s.see(t("signing.next"))
	s.holdCorner()
	s.titled("A school")
	do("Escape", "Escape", "Escape")
	return acts + 4
}

// afterCollection is what Go says of a collection when it is asked to trace them; the third number is what is held after it.
var afterCollection = regexp.MustCompile(`\d+->\d+->(\d+) MB,`)

// collected is the least that was held after a collection, in MB; false when there was none.
func collected(log string) (least int, any bool) {
	for _, line := range afterCollection.FindAllStringSubmatch(log, -1) {
		held, err := strconv.Atoi(line[1])
		if err == nil && (!any || held < least) {
			least, any = held, true
		}
	}
	return least, any
}

// goroutines ends the program in the way in which it tells what it was doing, and counts that.
func (s *screen) goroutines() int {
	s.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGQUIT); err != nil {
		s.Fatal(err)
	}
	select {
	case <-s.ended:
	case <-time.After(patience):
		s.Fatal("the program does not end")
	}
	count := 0
	for line := range strings.Lines(s.log.String()) {
		if strings.HasPrefix(line, "goroutine ") && strings.Contains(line, "[") {
			count++
		}
	}
	if count == 0 {
		s.Fatal(fmt.Errorf("the program has not said what it was doing:\n%s", s.log.String()))
	}
	return count
}
