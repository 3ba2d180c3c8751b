package desktop_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"samtykke/app/capture"
	"samtykke/app/roster"
	"samtykke/ui/desktop"
	"samtykke/ui/desktop/part"
	"samtykke/ui/desktop/screentest"
	"samtykke/ui/desktop/viewing"
)

// Design §9: 100,000 people in the vault. "open" is from the press on People to the list, "type" from a letter in Find to the list of those
// whom it finds; both with everything in between, reading and laying out, and without the painting of Fyne's driver.
func BenchmarkPeoplePage(b *testing.B) {
	if testing.Short() {
		b.Skip("registers 100,000 people, which -short leaves out")
	}
	const people = 100_000
	c := crowd(b, people)
	c.enter(passphrase)
	c.press("Unlock")
	c.until(func() bool { return c.label("registered") })
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			c.press("Settings")
			b.StartTimer()
			c.press("People")
			c.until(func() bool { return c.label(fmt.Sprint(people, " people")) })
		}
	})
	b.Run("type", func(b *testing.B) {
		c.press("People")
		find := c.entries()[0]
		took := map[string][]time.Duration{}
		for b.Loop() {
			for _, text := range []string{"person 4", "901", "54321", "å", "e"} {
				for i := range []rune(text) {
					typed := string([]rune(text)[:i+1])
					begun := time.Now()
					find.SetText(typed)
					c.idle()
					took[typed] = append(took[typed], time.Since(begun))
				}
			}
			find.SetText("")
			c.idle()
		}
		var medians []time.Duration // each keystroke with its median, so that what else runs on the machine does not count
		for _, each := range took {
			slices.Sort(each)
			medians = append(medians, each[len(each)/2])
		}
		slices.Sort(medians)
		b.ReportMetric(float64(medians[len(medians)/2].Microseconds())/1000, "ms-p50")
		b.ReportMetric(float64(medians[len(medians)*99/100].Microseconds())/1000, "ms-p99")
	})
}

// crowded is a window on a vault with many people.
type crowded struct {
	*testing.B
	window *desktop.Window
	calls  chan func()
}

func crowd(b *testing.B, people int) *crowded {
	b.Helper()
	folder := b.TempDir()
	d := &door{dir: filepath.Join(folder, "vault")}
	s, _, err := d.Create(b.Context(), passphrase, capture.Setup{Organisation: organisation, DeviceName: "kamera-laptop"})
	if err != nil {
		b.Fatal(err)
	}
	first := must(s.AddShoot(b.Context(), capture.ShootDetails{Title: "Everybody"}))
	for from := 0; from < people; from += roster.MaxRows {
		var list strings.Builder
		list.WriteString("navn;tlf;født\n")
		for i := from; i < min(from+roster.MaxRows, people); i++ {
			fmt.Fprintf(&list, "Person %c%c %05d;+479%07d;%d\n", 'A'+i%26, 'a'+i/26%26, i, i, 1950+i%60)
		}
		must(s.ImportRoster(b.Context(), capture.RosterImport{Shoot: first, Data: []byte(list.String())}))
	}
	must(s.AddShoot(b.Context(), capture.ShootDetails{Title: "Today"})) // which the board opens with
	if err := d.Close(); err != nil {
		b.Fatal(err)
	}
	c := &crowded{B: b, calls: make(chan func(), 10_000)}
	app := test.NewTempApp(b)
	c.window = desktop.New(app, desktop.Config{Door: d, Library: &library{}, Language: "en", Do: func(f func()) { c.calls <- f },
		Receipts: folder, Viewing: viewing.New(filepath.Join(folder, "viewing"))})
	c.window.Fyne().Resize(fyne.NewSize(1366, 768))
	b.Cleanup(func() {
		c.window.Stop()
		c.window.Fyne().Close()
		if err := d.Close(); err != nil {
			b.Error(err)
		}
	})
	return c
}

// until lets the window work until something is so.
func (c *crowded) until(so func() bool) {
	c.Helper()
	deadline := time.After(time.Minute)
	for !so() {
		select {
		case f := <-c.calls:
			f()
		case <-deadline:
			c.Fatal("in vain")
		}
	}
}

// idle lets the window work until the one fetch that was asked for has been shown.
func (c *crowded) idle() { (<-c.calls)() }

func (c *crowded) entries() []*part.Entry {
	var list []*part.Entry
	for _, o := range screentest.Visible(c.window.Fyne().Content()) {
		if e, ok := o.(*part.Entry); ok {
			list = append(list, e)
		}
	}
	return list
}

func (c *crowded) enter(text string) { c.entries()[0].SetText(text) }

func (c *crowded) press(word string) {
	c.Helper()
	var found fyne.Tappable
	c.until(func() bool {
		for _, o := range screentest.Visible(c.window.Fyne().Content()) {
			switch o := o.(type) {
			case *part.Button:
				if o.Text() == word {
					found = o
				}
			case *part.Tab:
				if o.Text() == word {
					found = o
				}
			}
		}
		return found != nil
	})
	test.Tap(found)
}

func (c *crowded) label(text string) bool {
	return slices.ContainsFunc(screentest.Visible(c.window.Fyne().Content()), func(o fyne.CanvasObject) bool {
		label, ok := o.(*widget.Label)
		return ok && strings.Contains(label.Text, text)
	})
}
