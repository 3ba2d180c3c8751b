//go:build story

// Package pages_test drives the library's pages with a real browser, as the people who hold a personal link do.
//
// The browser is a headless Chromium from the system, with scripts switched off: the pages must do without. Each test has its own
// profile folder. With SAMTYKKE_SHOTS set to a folder, the tests leave pictures of what they saw there.
package pages_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"samtykke/ui/web"
	"samtykke/ui/web/webtest"
)

// screen is a device to look with.
type screen struct {
	name          string
	width, height int64 // CSS pixels
	scale         float64
	mobile, dark  bool
	// text is the size of text in pixels, for readers who set it larger; 0 for the browser's own.
	text int
}

var (
	phone   = screen{name: "phone", width: 360, height: 740, scale: 2, mobile: true}
	desktop = screen{name: "desktop", width: 1280, height: 800, scale: 1}
)

// visitor is a browser at the pages of one library.
type visitor struct {
	t    *testing.T
	ctx  context.Context
	desk *webtest.Desk
	site string // address of the pages
}

// visit starts the pages and a browser that looks at them through the screen.
func visit(t *testing.T, s screen) *visitor {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 22, 13, 0, 0, 0, time.UTC) }
	desk := webtest.NewDesk(t, now)
	server := httptest.NewServer(web.New(desk, [32]byte{7}, slog.New(slog.DiscardHandler), web.WithClock(now)))
	t.Cleanup(server.Close)
	return &visitor{t: t, ctx: browser(t, s), desk: desk, site: server.URL}
}

func browser(t *testing.T, s screen) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("these tests need chromium; `make deps` installs it")
	}
	// Not t.TempDir: the browser's last process may write a moment longer than the test lives.
	profile, err := os.MkdirTemp("", "samtykke-pages-")
	if err != nil {
		t.Fatal(err)
	}
	flags := append([]chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.UserDataDir(profile)},
		chromedp.Headless, chromedp.Flag("accept-lang", "nb-NO,nb"), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true))
	if s.text > 0 {
		flags = append(flags, chromedp.Flag("blink-settings", "defaultFontSize="+strconv.Itoa(s.text)))
	}
	allocator, stopAllocator := chromedp.NewExecAllocator(t.Context(), flags...)
	ctx, stopTab := chromedp.NewContext(allocator)
	ctx, stopTime := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(func() {
		stopTime()
		_ = chromedp.Cancel(ctx) // waits until the browser has let go of its profile folder
		stopTab()
		stopAllocator()
		for range 20 {
			if os.RemoveAll(profile) == nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
		t.Errorf("the browser does not let go of %s", profile)
	})
	scheme := "light"
	if s.dark {
		scheme = "dark"
	}
	device := emulation.SetDeviceMetricsOverride(s.width, s.height, s.scale, s.mobile)
	media := emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}})
	if err := chromedp.Run(ctx, emulation.SetScriptExecutionDisabled(true), device, media); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// do runs browser actions, and fails the test when one does not come about in time.
func (v *visitor) do(actions ...chromedp.Action) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, 20*time.Second)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		v.t.Fatalf("%v\nthe page was:\n%s", err, v.text("html"))
	}
}

// open goes to an address of the pages.
func (v *visitor) open(path string) {
	v.t.Helper()
	v.do(chromedp.Navigate(v.site + path))
}

// press clicks the button or link with this text and waits for the page that it leads to.
func (v *visitor) press(text string) {
	v.t.Helper()
	where := `//*[self::button or self::a][normalize-space(.)="` + text + `"]`
	ctx, cancel := context.WithTimeout(v.ctx, 20*time.Second)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(where, chromedp.BySearch, chromedp.NodeVisible)); err != nil {
		v.t.Fatalf("press %q: %v\nthe page was:\n%s", text, err, v.text("main"))
	}
}

// unfoldLanguages shows the languages to choose from.
func (v *visitor) unfoldLanguages() {
	v.t.Helper()
	v.do(chromedp.Click(".languages summary", chromedp.ByQuery, chromedp.NodeVisible))
}

// tick ticks the box of a scope.
func (v *visitor) tick(scope string) {
	v.t.Helper()
	v.do(chromedp.Click(`input[value="`+scope+`"]`, chromedp.ByQuery, chromedp.NodeVisible))
}

// text is what an element says, as it is shown.
func (v *visitor) text(selector string) string {
	var text string
	ctx, cancel := context.WithTimeout(v.ctx, 5*time.Second)
	defer cancel()
	if err := chromedp.Run(ctx, chromedp.Text(selector, &text, chromedp.ByQuery)); err != nil {
		return "(" + err.Error() + ")"
	}
	return text
}

// shows checks that the page says something.
func (v *visitor) shows(want string) {
	v.t.Helper()
	if got := v.text("main"); !strings.Contains(strings.Join(strings.Fields(got), " "), want) {
		v.t.Errorf("the page does not say %q:\n%s", want, got)
	}
}

// at is the address without the server.
func (v *visitor) at() string {
	v.t.Helper()
	var address string
	v.do(chromedp.Location(&address))
	return strings.TrimPrefix(address, v.site)
}

// fits checks that nothing is wider than the screen.
func (v *visitor) fits(s screen) {
	v.t.Helper()
	var width int64
	v.do(chromedp.ActionFunc(func(ctx context.Context) error {
		_, _, _, _, _, content, err := page.GetLayoutMetrics().Do(ctx)
		if err == nil {
			width = int64(content.Width)
		}
		return err
	}))
	if width > s.width {
		v.t.Errorf("the page %s is %d wide on a screen of %d", v.at(), width, s.width)
	}
}

// reachable checks that a finger can hit everything that can be pressed, but for links inside a sentence or a list of facts.
func (v *visitor) reachable() {
	v.t.Helper()
	var small []string
	v.do(chromedp.Evaluate(`[...document.querySelectorAll("button, summary, label, a.button, nav a, .brand")]
		.map(e => [e.textContent.trim(), e.getBoundingClientRect()])
		.filter(([, r]) => r.height > 0 && (r.height < 44 || r.width < 44))
		.map(([text, r]) => text + " " + r.width + "×" + r.height)`, &small))
	if len(small) > 0 {
		v.t.Errorf("too small to hit: %q", small)
	}
}

// shoot keeps a picture of the window, and one of the whole page, when somebody wants them.
func (v *visitor) shoot(name string) {
	v.t.Helper()
	folder := os.Getenv("SAMTYKKE_SHOTS")
	if folder == "" {
		return
	}
	var window, whole []byte
	v.do(chromedp.CaptureScreenshot(&window), chromedp.FullScreenshot(&whole, 100))
	for suffix, png := range map[string][]byte{"": window, "-whole": whole} {
		if err := os.WriteFile(filepath.Join(folder, "page-"+name+suffix+".png"), png, 0o600); err != nil {
			v.t.Fatal(err)
		}
	}
}
