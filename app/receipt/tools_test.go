package receipt_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// needTool skips only when the tester has said that the outside readers are absent; otherwise a missing one is a failure.
func needTool(tb testing.TB, name string) {
	tb.Helper()
	if _, err := exec.LookPath(name); err == nil {
		return
	}
	if os.Getenv("SAMTYKKE_NO_TOOLS") != "" {
		tb.Skipf("%s is not installed and SAMTYKKE_NO_TOOLS is set", name)
	}
	tb.Fatalf("%s is needed for this test (packages poppler-utils, zbar-tools); set SAMTYKKE_NO_TOOLS=1 to do without", name)
}

func save(tb testing.TB, name string, data []byte) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

func run(tb testing.TB, name string, arguments ...string) string {
	tb.Helper()
	command := exec.Command(name, arguments...)
	var problems strings.Builder
	command.Stderr = &problems
	out, err := command.Output()
	if err != nil {
		tb.Fatalf("%s %s: %v\n%s", name, strings.Join(arguments, " "), err, problems.String())
	}
	return string(out)
}

func pdfText(tb testing.TB, data []byte) string {
	tb.Helper()
	needTool(tb, "pdftotext")
	return run(tb, "pdftotext", "-layout", save(tb, "receipt.pdf", data), "-")
}

// said is the text in the order in which it was drawn, each run of space as one: sentences are whole however lines break.
func said(tb testing.TB, data []byte) string {
	tb.Helper()
	needTool(tb, "pdftotext")
	return flat(run(tb, "pdftotext", "-raw", save(tb, "receipt.pdf", data), "-"))
}

func flat(text string) string { return strings.Join(strings.Fields(text), " ") }

// pagePicture is where the picture of one page lies, a PGM: drawn in greys and not packed, it is there ten times as fast as a PNG.
func pagePicture(tb testing.TB, pdf []byte, page, dpi int) string {
	tb.Helper()
	needTool(tb, "pdftoppm")
	path := save(tb, "receipt.pdf", pdf)
	picture := strings.TrimSuffix(path, ".pdf")
	run(tb, "pdftoppm", "-r", fmt.Sprint(dpi), "-gray", "-singlefile", "-f", fmt.Sprint(page), path, picture)
	return picture + ".pgm"
}

// rendered is one page as a picture.
func rendered(tb testing.TB, pdf []byte, page, dpi int) *image.Gray {
	tb.Helper()
	raw, err := os.ReadFile(pagePicture(tb, pdf, page, dpi))
	if err != nil {
		tb.Fatal(err)
	}
	in := bytes.NewReader(raw)
	var width, height, white int
	if _, err := fmt.Fscanf(in, "P5\n%d %d\n%d\n", &width, &height, &white); err != nil || white != 255 || in.Len() != width*height {
		tb.Fatalf("a page of %d × %d with %d greys in %d bytes: %v", width, height, white, in.Len(), err)
	}
	return &image.Gray{Pix: raw[len(raw)-in.Len():], Stride: width, Rect: image.Rect(0, 0, width, height)}
}

// pgm is a picture as zbarimg reads it soonest.
func pgm(picture *image.Gray) []byte {
	size := picture.Rect.Size()
	out := fmt.Appendf(nil, "P5\n%d %d\n255\n", size.X, size.Y)
	for y := range size.Y {
		out = append(out, picture.Pix[y*picture.Stride:][:size.X]...)
	}
	return out
}

// qrCodes are the texts that zbarimg reads from one page, rendered at the given resolution.
func qrCodes(tb testing.TB, pdf []byte, page, dpi int) []string {
	tb.Helper()
	needTool(tb, "zbarimg")
	read, err := exec.Command("zbarimg", "--quiet", "--raw", pagePicture(tb, pdf, page, dpi)).Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() == 4 {
		return nil // no code on the page
	} else if err != nil {
		tb.Fatalf("zbarimg: %v", err)
	}
	out := strings.Split(strings.TrimSpace(string(read)), "\n")
	slices.Sort(out)
	return out
}

// word is where one word stands on its page, in points.
type word struct {
	XMin float64 `xml:"xMin,attr"`
	YMin float64 `xml:"yMin,attr"`
	XMax float64 `xml:"xMax,attr"`
	YMax float64 `xml:"yMax,attr"`
	Text string  `xml:",chardata"`
}

type wordPage struct {
	Width  float64 `xml:"width,attr"`
	Height float64 `xml:"height,attr"`
	Words  []word  `xml:"word"`
}

func pages(tb testing.TB, pdf []byte) []wordPage {
	tb.Helper()
	needTool(tb, "pdftotext")
	path := save(tb, "receipt.pdf", pdf)
	data := run(tb, "pdftotext", "-bbox", path, "-")
	var document struct {
		Pages []wordPage `xml:"body>doc>page"`
	}
	decoder := xml.NewDecoder(strings.NewReader(data))
	decoder.Strict = false
	decoder.Entity = xml.HTMLEntity
	if err := decoder.Decode(&document); err != nil {
		tb.Fatal(err)
	}
	if len(document.Pages) == 0 {
		tb.Fatal("no pages")
	}
	return document.Pages
}

// checkLayout fails when a word leaves the page's margins, stands on another word, or a page says nothing.
func checkLayout(tb testing.TB, pdf []byte) []wordPage {
	tb.Helper()
	const (
		mm    = 72 / 25.4
		sides = 15  // millimetres
		slack = 0.6 // points: bounding boxes are rounded, and hold space above and below the letters
	)
	all := pages(tb, pdf)
	for n, page := range all {
		if len(page.Words) < 20 {
			tb.Errorf("page %d has only %d words", n+1, len(page.Words))
		}
		for i, w := range page.Words {
			if w.XMin < sides*mm-slack || w.XMax > page.Width-sides*mm+slack || w.YMin < 10*mm || w.YMax > page.Height-8*mm {
				tb.Errorf("page %d: %q at %.1f,%.1f–%.1f,%.1f leaves the margins", n+1, w.Text, w.XMin, w.YMin, w.XMax, w.YMax)
			}
			for _, other := range page.Words[i+1:] {
				across := min(w.XMax, other.XMax) - max(w.XMin, other.XMin)
				down := min(w.YMax, other.YMax) - max(w.YMin, other.YMin)
				// The boxes of neighbouring lines overlap by what letters never use.
				if across > slack && down > 0.35*min(w.YMax-w.YMin, other.YMax-other.YMin) {
					tb.Errorf("page %d: %q and %q stand on each other", n+1, w.Text, other.Text)
				}
			}
		}
	}
	return all
}
