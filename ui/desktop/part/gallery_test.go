package part_test

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	qrcode "github.com/skip2/go-qrcode"

	"samtykke/ui/desktop/look"
	"samtykke/ui/desktop/part"
)

// TestGallery renders every part in light and dark, and those of subject mode also large. With
// SAMTYKKE_SHOTS=DIR the pictures are kept there to be looked at; without, the test still proves that
// every part renders at all, shows something, and fits into its least size.
func TestGallery(t *testing.T) {
	themes := map[string]fyne.Theme{
		"light": look.New(look.Light), "dark": look.New(look.Dark),
		"light-large": look.Large(look.New(look.Light)), "dark-large": look.Large(look.New(look.Dark)),
	}
	for name, th := range themes {
		for exhibit, build := range exhibits() {
			t.Run(exhibit+"-"+name, func(t *testing.T) {
				app := test.NewTempApp(t)
				app.Settings().SetTheme(th)
				o, size := build(t)
				w := test.NewWindow(part.Margin(o))
				defer w.Close()
				w.SetPadded(false)
				w.Resize(size.Max(w.Content().MinSize()))
				for range 3 { // as the window does between frames: what wraps knows its height now
					w.Content().Refresh()
				}
				picture := w.Canvas().Capture()
				if colours(picture) < 3 {
					t.Error("nothing to see")
				}
				if dir := os.Getenv("SAMTYKKE_SHOTS"); dir != "" {
					save(t, filepath.Join(dir, exhibit+"-"+name+".png"), picture)
				}
			})
		}
	}
}

func exhibits() map[string]func(t *testing.T) (fyne.CanvasObject, fyne.Size) {
	return map[string]func(t *testing.T) (fyne.CanvasObject, fyne.Size){
		"controls": func(t *testing.T) (fyne.CanvasObject, fyne.Size) {
			off := part.NewButton("Not now", nil)
			off.Disable()
			focused, hot := part.NewButton("Focused", nil), part.NewPrimaryButton("Focused", nil)
			focused.FocusGained()
			hot.FocusGained()
			entry := widget.NewEntry()
			entry.SetText("Ola Nordmann")
			meter := part.NewMeter()
			meter.Set(3, "Strong")
			weak := part.NewMeter()
			weak.Set(1, "Too easy to guess")
			steps := part.NewSteps(7)
			steps.Set(2, 7, "Step 3 of 7")
			return part.Stack(
				part.Heading("Åpning av Storhaug skole"), part.Subheading("Buttons"),
				part.Line(part.NewPrimaryButton("New person", nil).WithIcon(theme.ContentAddIcon()).WithKey("N"),
					part.NewButton("Show QR card", nil).WithKey("Q"), part.NewDangerButton("Erase Ola Nordmann", nil),
					part.NewQuietButton("What this means", nil)),
				part.Line(off, focused, hot, part.NewButton("Print", nil).WithIcon(theme.DocumentPrintIcon())),
				part.Card("A card", part.Stack(part.Field("Name", entry, "So that we know whose pictures these are."),
					part.Field("Passphrase", widget.NewPasswordEntry(), ""), meter, weak)),
				part.Body("Body text that is long enough to wrap when the window is narrow: nothing pops up to say that things went well."),
				steps, part.Code("K7Q2-M9XD"),
			), fyne.NewSize(820, 700)
		},
		"marks": func(t *testing.T) (fyne.CanvasObject, fyne.Size) {
			box := container.NewGridWithColumns(3)
			for _, m := range part.Marks() {
				box.Add(part.NewStatusMark(m, fmt.Sprintf("Mark %d", m)))
			}
			return part.Pane(box), fyne.NewSize(500, 300)
		},
		"scopes":        func(t *testing.T) (fyne.CanvasObject, fyne.Size) { return scopes(), fyne.NewSize(1180, 520) },
		"scopes-narrow": func(t *testing.T) (fyne.CanvasObject, fyne.Size) { return scopes(), fyne.NewSize(640, 900) },
		"signature": func(t *testing.T) (fyne.CanvasObject, fyne.Size) {
			empty, pad := part.NewSignaturePad("Sign here with your finger"), part.NewSignaturePad("")
			pad.Resize(fyne.NewSize(600, 210))
			write(pad, flourish(400)...)
			write(pad, fyne.NewPos(560, 40))
			return container.NewGridWithRows(2, empty, pad), fyne.NewSize(660, 520)
		},
		"board": func(t *testing.T) (fyne.CanvasObject, fyne.Size) {
			line := part.NewTwoStateLine(nil)
			line.Set(part.TwoStates{Saved: "Saved on this laptop: 42 consents, 340 images",
				Received: "Received by the library: 30, 210", Connection: "Offline"})
			list := board(40)
			toasts := part.NewToasts(container.NewBorder(nil, line, nil, nil, part.Pane(list)))
			toasts.After = func(_ time.Duration, _ func()) func() bool { return func() bool { return true } }
			toasts.ShowAction(part.MarkYes, "Ola Nordmann is saved on this laptop.", "Undo", func() {})
			list.Select(2)
			list.Focusable().FocusGained()
			return toasts.Content(), fyne.NewSize(1100, 560)
		},
		"line-narrow": func(t *testing.T) (fyne.CanvasObject, fyne.Size) {
			line := part.NewTwoStateLine(nil)
			line.Set(part.TwoStates{Saved: "Saved on this laptop: 42 consents, 340 images", Trouble: "3 could not be sent",
				Received: "Received by the library: 30, 210", Connection: "Online", Online: true})
			return container.NewBorder(nil, line, nil, nil), fyne.NewSize(520, 200)
		},
		"thumbnails": func(t *testing.T) (fyne.CanvasObject, fyne.Size) {
			loader := instant(t)
			grid := part.NewThumbnailGrid(loader, 180, func() int { return 30 }, thumb)
			grid.Select(2, 3, 6)
			grid.Focusable().FocusGained()
			grid.Focusable().TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
			grid.Select(2, 3, 6)
			return grid, fyne.NewSize(860, 560)
		},
		"empty": func(t *testing.T) (fyne.CanvasObject, fyne.Size) {
			return part.EmptyState(theme.AccountIcon(), "Nobody is registered yet",
				"Register the first person, or load a list of names from a CSV file, so that people are found and not typed.",
				part.NewPrimaryButton("New person", nil).WithKey("N")), fyne.NewSize(700, 420)
		},
		"qr": func(t *testing.T) (fyne.CanvasObject, fyne.Size) {
			return container.NewCenter(part.NewQRImage(code(t), 260, "Your receipt")), fyne.NewSize(360, 360)
		},
	}
}

func code(t *testing.T) image.Image {
	t.Helper()
	qr, err := qrcode.New("https://example.org/s/K7Q2M9XD", qrcode.Medium)
	if err != nil {
		t.Fatal(err)
	}
	return qr.Image(-1)
}

func scopes() fyne.CanvasObject {
	g := newScopes()
	g.SetAnswers(map[string]part.Answer{"web:photo": part.Yes, "web:video": part.No, "social:photo": part.No})
	return g.Content()
}

func newScopes() *part.ScopeGrid {
	return part.NewScopeGrid(
		[]part.ScopeRow{
			{Key: "web", Title: "Our website", Explain: "Anyone can find and copy what is on the internet."},
			{Key: "social", Title: "Social media", Explain: "Facebook, Instagram and others keep what they get.", Warning: "Outside our control"},
			{Key: "internal", Title: "Screens and pages for our own employees"},
		},
		[]part.ScopeColumn{{"photo", "Pictures"}, {"video", "Video"}, {"audio", "Sound"}},
		part.ScopeWords{Yes: "Yes", No: "No", RowYes: "Yes to all", RowNo: "No to all", Explain: "What this means",
			Chosen: "chosen", YesKey: 'y', NoKey: 'n'})
}

// board is a shoot board of n people.
func board(n int) *part.RowList {
	columns := []part.Column{
		{Title: "Code", Width: 110}, {Title: "Name", Stretch: 2}, {Title: "Status", Width: 150},
		{Title: "Web", Width: 48, Align: fyne.TextAlignCenter}, {Title: "Social", Width: 56, Align: fyne.TextAlignCenter},
		{Title: "Pictures", Width: 80, Align: fyne.TextAlignTrailing},
	}
	return part.NewRowList(columns, func() int { return n }, func(i int, cells []part.Cell) {
		cells[0] = part.Cell{Text: fmt.Sprintf("K7Q2-%04d", i), Monospace: true}
		if i%9 == 5 {
			cells[0] = part.Cell{Mark: part.MarkAvoid, Word: "Do not photograph"}
			cells[1] = part.Cell{Text: "red jacket, do not photograph", Span: -1}
			return
		}
		cells[1] = part.Cell{Text: fmt.Sprintf("Ola Nordmann the %dth of a very long family name that does not fit anywhere", i), Bold: i%4 == 0}
		cells[2] = part.Cell{Mark: []part.Mark{part.MarkGiven, part.MarkAwaiting, part.MarkRefused}[i%3], Text: []string{"Signed", "1 of 2", "Said no"}[i%3]}
		cells[3] = part.Cell{Mark: []part.Mark{part.MarkYes, part.MarkNotYet, part.MarkNo}[i%3], Word: "web"}
		cells[4] = part.Cell{Mark: []part.Mark{part.MarkNo, part.MarkYes}[i%2], Word: "social"}
		cells[5] = part.Cell{Text: fmt.Sprintf("%d", i*7%40), Muted: true}
	})
}

func thumb(i int) part.Thumb {
	marks := []part.Mark{part.MarkYes, part.MarkNotYet, part.MarkNo}
	out := part.Thumb{Key: fmt.Sprint(i), Name: fmt.Sprintf("IMG_%04d.JPG", i), Codes: "K7Q2 · 3F8H", Mark: marks[i%3],
		Word: "may be used", Selected: i%5 == 1, Broken: "Cannot be shown"}
	if i%7 == 3 {
		out.Kind = theme.MediaVideoIcon()
	}
	if i == 6 {
		out.Key, out.Codes = "broken", "K7Q2 · 3F8H · 9XQA · AAAA · BBBB · CCCC"
	}
	return out
}

// instant is a loader whose pictures are there when they are asked for the second time.
func instant(t testing.TB) *part.Loader {
	made := make(chan func(), 1000)
	l := part.NewLoader(paint, 2, 1<<26, func(f func()) { made <- f })
	t.Cleanup(l.Close)
	for i := range 30 {
		_, wish := l.Load(thumb(i).Key, 192, func(image.Image, error) {})
		if wish != nil {
			(<-made)()
		}
	}
	return l
}

// paint makes a picture of a gradient that differs by key.
func paint(ctx context.Context, key string, edge int) (image.Image, error) {
	if key == "broken" {
		return nil, fmt.Errorf("no picture in it")
	}
	out := image.NewRGBA(image.Rect(0, 0, edge, edge*2/3))
	var seed uint8
	for _, r := range key {
		seed = seed*31 + uint8(r)
	}
	for y := range out.Rect.Dy() {
		for x := range edge {
			out.SetRGBA(x, y, color.RGBA{R: seed, G: uint8(x * 255 / edge), B: uint8(y), A: 255})
		}
	}
	return out, ctx.Err()
}

func colours(picture image.Image) int {
	seen := map[color.Color]bool{}
	p := pixels(picture)
	for y := 0; y < p.Rect.Dy(); y += 2 {
		for x := 0; x < p.Rect.Dx(); x += 2 {
			seen[p.RGBAAt(x, y)] = true
		}
	}
	return len(seen)
}

func save(t *testing.T, path string, picture image.Image) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, picture); err != nil {
		t.Fatal(err)
	}
}
