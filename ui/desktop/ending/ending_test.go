package ending_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"samtykke/ui/desktop/ending"
)

var about = ending.About{Program: "Samtykke 1.2.3", System: "linux amd64, go1.26", When: "2026-11-22 10:00 UTC", Screen: "people"}

// Environment of the processes that this test starts from its own program.
const (
	childFolder = "ENDING_TEST_FOLDER"
	childDoes   = "ENDING_TEST_DOES"
)

// TestChild is no test of its own: it is what the other processes do.
func TestChild(t *testing.T) {
	folder := ending.New(os.Getenv(childFolder))
	does := os.Getenv(childDoes)
	switch does {
	case "":
		t.Skip("only for the processes of other tests")
	case "watch":
		if err := folder.Keep(os.Stdin, ending.About{Program: about.Program}); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Setenv(childDoes, "watch")
	if _, err := ending.Watch(t.Context(), os.Args[0], "-test.run=^TestChild$"); err != nil {
		t.Fatal(err)
	}
	must(t, folder.Mark(ending.Place{Screen: "people", Shoot: "shoot-1"}))
	people := []string{"Ola Nordmann"}
	switch does {
	case "panic":
		go func() { tellOn(people[0], len(people)) }()
	case "range":
		go func() { _ = people[len(people)+4] }()
	case "error":
		panic(errors.New("Kari Nordmann\ngoroutine 7777 [running]:\nmain.OlaNordmann(0x1)\n\t/home/ola/Nordmann.go:12"))
	case "clean":
		must(t, folder.Clean())
		return
	}
	time.Sleep(time.Minute) // until it crashes or is killed
}

//go:noinline
func tellOn(name string, number int) { panic("cannot show " + name + strings.Repeat("!", number)) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// run lets a process begin to work with a folder, and end.
func run(t *testing.T, does string) (*ending.Ending, *exec.Cmd) {
	t.Helper()
	folder := t.TempDir()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChild$")
	child.Env = append(os.Environ(), childFolder+"="+folder, childDoes+"="+does)
	must(t, child.Start())
	if does == "kill" {
		until(t, "the process has begun", func() bool { return exists(folder, "running.json") })
		must(t, child.Process.Kill())
	}
	_ = child.Wait() // it ends badly: that is what is tested
	if does == "panic" || does == "range" || does == "error" {
		until(t, "there is a report", func() bool { return exists(folder, "report.txt") })
	}
	last, err := ending.New(folder).Last()
	must(t, err)
	return last, child
}

func exists(folder, name string) bool {
	_, err := os.Stat(filepath.Join(folder, name))
	return err == nil
}

func until(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("in vain: %s", what)
		}
	}
}

func TestACrashLeavesAReportThatSaysWhereAndNamesNobody(t *testing.T) {
	last, child := run(t, "panic")
	if child.ProcessState.Success() {
		t.Fatal("the process did not crash")
	}
	if last == nil || last.Place.Screen != "people" || last.Place.Shoot != "shoot-1" {
		t.Fatalf("what was left: %+v", last)
	}
	for _, want := range []string{"Samtykke 1.2.3", "Screen: people", "panic (its text is left out)", "ending_test.tellOn", "ending_test.go:"} {
		if !strings.Contains(last.Report, want) {
			t.Errorf("the report does not say %q:\n%s", want, last.Report)
		}
	}
	for _, never := range []string{"Ola", "Nordmann", "cannot show", "0x", "/home/", "/tmp/"} {
		if strings.Contains(last.Report, never) {
			t.Errorf("the report says %q:\n%s", never, last.Report)
		}
	}
}

func TestWhatTheRuntimeItselfSaysIsKept(t *testing.T) {
	last, _ := run(t, "range")
	if want := "runtime error: index out of range [5] with length 1"; !strings.Contains(last.Report, want) {
		t.Errorf("the report does not say %q:\n%s", want, last.Report)
	}
}

func TestATextThatLooksLikeAReportIsLeftOutToo(t *testing.T) {
	last, _ := run(t, "error")
	for _, never := range []string{"Ola", "Kari", "Nordmann", "goroutine 7777"} {
		if strings.Contains(last.Report, never) {
			t.Errorf("the report says %q:\n%s", never, last.Report)
		}
	}
}

func TestAProcessThatIsKilledLeavesItsPlaceAndNoReport(t *testing.T) {
	last, _ := run(t, "kill")
	if last == nil || last.Place.Screen != "people" || last.Report != "" {
		t.Errorf("what was left: %+v", last)
	}
}

func TestACleanEndLeavesNothing(t *testing.T) {
	if last, _ := run(t, "clean"); last != nil {
		t.Errorf("what was left: %+v", last)
	}
}

func TestAReportIsForgottenWhenTheNextWindowBegins(t *testing.T) {
	folder := ending.New(t.TempDir())
	must(t, folder.Mark(ending.Place{Screen: "sync"}))
	must(t, folder.Keep(strings.NewReader("panic: x\n\ngoroutine 1 [running]:\nmain.main()\n"), about))
	last, err := folder.Last()
	must(t, err)
	if last == nil || !strings.Contains(last.Report, "main.main") {
		t.Fatalf("what was left: %+v", last)
	}
	must(t, folder.Begin())
	if last, err = folder.Last(); err != nil || last.Report != "" {
		t.Errorf("what was left: %+v, %v", last, err)
	}
}

func TestReportTakesOverOnlyWhatCannotBeAboutPeople(t *testing.T) {
	for name, c := range map[string]struct{ crash, want string }{
		"arguments":   {"goroutine 1 [running]:\nsamtykke/ui/desktop.(*shell).show({0x4f6c61, 0x3}, 0x1)\n", "samtykke/ui/desktop.(*shell).show\n"},
		"closures":    {"goroutine 1 [running]:\nmain.main.func1.2(...)\n", "main.main.func1.2\n"},
		"generics":    {"goroutine 1 [running]:\nmain.Map[...](0x1)\n", "main.Map[...]\n"},
		"who started": {"goroutine 9 [running]:\ncreated by main.f in goroutine 1\n", "created by main.f\n"},
		"modules":     {"goroutine 1 [running]:\n\tfyne.io/fyne/v2@v2.8.1/app/app.go:12 +0x1d\n", "\tfyne.io/fyne/v2@v2.8.1/app/app.go:12\n"},
		"home":        {"goroutine 1 [running]:\n\t/home/ola nordmann/src/app/app.go:12 +0x1d\n", "\tapp/app.go:12\n"},
		"drive":       {"goroutine 1 [running]:\n\tC:/Users/Ola/app/app.go:12 +0x1d\n", "\tapp/app.go:12\n"},
		"pointers":    {"goroutine 1 [running]:\n\tsamtykke/ui/desktop/shell.go:12 +0x1d fp=0x1 sp=0x2 pc=0x3\n", "\tsamtykke/ui/desktop/shell.go:12\n"},
		"labels":      {"goroutine 1 [running, labels: {\"name\": \"Ola\"}]:\nmain.f()\n", "goroutine 1:\nmain.f\n"},
		"signal":      {"[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x4]\n", "signal SIGSEGV: segmentation violation\n"},
		"fatal":       {"fatal error: concurrent map writes\n", "fatal error: concurrent map writes\n"},
		"text":        {"panic: no such file:\n\t/home/ola/Ola.go:12\n\ngoroutine 1 [running]:\nmain.f()\n", "goroutine 1:\nmain.f\n"}, // the runtime indents it
		"strange":     {"Ola Nordmann\ngoroutine 1 [running]:\nOla Nordmann\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			report, err := ending.Report(strings.NewReader(c.crash), about)
			must(t, err)
			if !strings.Contains(report, c.want) || strings.Contains(report, "Ola") || strings.Contains(report, "nordmann") || strings.Contains(report, "0x") {
				t.Errorf("%s", report)
			}
		})
	}
	if report, err := ending.Report(strings.NewReader(""), about); report != "" || err != nil {
		t.Errorf("of nothing: %q, %v", report, err)
	}
}
