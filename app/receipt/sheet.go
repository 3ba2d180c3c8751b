package receipt

import (
	"bytes"
	"io"
	"time"

	"github.com/jung-kurt/gofpdf"
)

// All lengths on a sheet are millimetres from the top left corner; type sizes are points.
const (
	pointMM  = 25.4 / 72
	fontName = "sans"
)

// margins are the white around a page; that below holds the footer.
type margins struct{ sides, top, bottom float64 }

var (
	roomy  = margins{18, 15, 17.5}
	narrow = margins{15, 13, 14.5} // for much text; every printer reaches this far
)

type paper struct{ width, height float64 }

var (
	paperA4 = paper{210, 297}
	paperA6 = paper{105, 148}
)

// colour is an RGB value of the program's visual language (light theme).
type colour struct{ r, g, b uint8 }

var (
	ink     = colour{0x15, 0x20, 0x2B}
	muted   = colour{0x52, 0x60, 0x6D}
	line    = colour{0xD3, 0xDA, 0xE0}
	surface = colour{0xF5, 0xF7, 0xF8}
	white   = colour{0xFF, 0xFF, 0xFF}
	accent  = colour{0x0B, 0x5C, 0x8A}
	yesInk  = colour{0x1A, 0x73, 0x46}
	waitInk = colour{0x8A, 0x52, 0x00}
	noInk   = colour{0xB3, 0x26, 0x1E}
)

// style is how a run of text looks.
type style struct {
	size   float64 // points
	bold   bool
	colour colour
}

func (s style) bolder() style         { s.bold = true; return s }
func (s style) in(c colour) style     { s.colour = c; return s }
func (s style) sized(p float64) style { s.size = p; return s }

// leading is the distance between two baselines; small type in short lines needs less of it.
func (s style) leading() float64 {
	if s.size <= 8 {
		return s.size * pointMM * 1.27
	}
	return s.size * pointMM * 1.36
}

// ascent is the distance from the top of a line to its baseline.
func (s style) ascent() float64 { return s.size * pointMM * 1.0 }

var (
	body    = style{9.2, false, ink}
	small   = style{7.8, false, ink}
	caption = style{7.4, false, muted}
)

// sheet is a PDF under construction, with a cursor that moves down the page.
type sheet struct {
	pdf     *gofpdf.Fpdf
	paper   paper
	margins margins
	faces   *faces
	y       float64 // where the next block begins

	language string // BCP 47, of the whole file; "" when it has none
	attached bool   // a file was put into it
	codes    int    // QR codes drawn so far; names them inside the file
}

// documentInfo is what the file says about itself. It holds no personal data: file indexes read it.
type documentInfo struct {
	title, author string
	language      string // BCP 47, or ""
	token         string // see Token
	at            time.Time
}

func newSheet(size paper, info documentInfo) (*sheet, error) {
	faces, err := newFaces()
	if err != nil {
		return nil, err
	}
	pdf := gofpdf.NewCustom(&gofpdf.InitType{
		OrientationStr: "P", UnitStr: "mm",
		Size: gofpdf.SizeType{Wd: size.width, Ht: size.height},
	})
	pdf.SetMargins(0, 0, 0)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCatalogSort(true) // maps inside the library would otherwise order the file at random
	pdf.SetCreationDate(info.at.UTC())
	pdf.SetModificationDate(info.at.UTC())
	pdf.SetTitle(faces.printable(info.title), true)
	pdf.SetAuthor(faces.printable(info.author), true)
	pdf.SetCreator("Samtykke", true)
	if info.token != "" {
		pdf.SetKeywords(info.token, false)
	}
	// The library pads tables inside the slices it is given, so each document gets its own copy.
	pdf.AddUTF8FontFromBytes(fontName, "", bytes.Clone(faces.regular.data))
	pdf.AddUTF8FontFromBytes(fontName, "B", bytes.Clone(faces.bold.data))
	return &sheet{pdf: pdf, paper: size, margins: roomy, faces: faces, language: info.language}, pdf.Error()
}

// attach puts a file into the PDF, for programs to take out; none when there is no content.
func (s *sheet) attach(name, description string, content []byte) {
	if content != nil {
		s.attached = true
		s.pdf.SetAttachments([]gofpdf.Attachment{{Content: content, Filename: name, Description: s.faces.printable(description)}})
	}
}

func (s *sheet) write(w io.Writer) error {
	if s.language == "" {
		return s.pdf.Output(w)
	}
	var drawn bytes.Buffer
	if err := s.pdf.Output(&drawn); err != nil {
		return err
	}
	file, err := amend(drawn.Bytes(), amendments(s.language, s.attached))
	if err != nil {
		return err
	}
	_, err = w.Write(file)
	return err
}

func (s *sheet) addPage() {
	s.pdf.AddPage()
	s.y = s.margins.top
}

// left, right and width are the text area of the page.
func (s *sheet) left() float64  { return s.margins.sides }
func (s *sheet) right() float64 { return s.paper.width - s.margins.sides }
func (s *sheet) width() float64 { return s.right() - s.left() }

// bottom is where the text area ends.
func (s *sheet) bottom() float64 { return s.paper.height - s.margins.bottom }

// room is the height left on the page.
func (s *sheet) room() float64 { return s.bottom() - s.y }

// need begins a new page when the next block of this height does not fit. It tells whether it did.
func (s *sheet) need(height float64) bool {
	if height <= s.room() || s.y == s.margins.top {
		return false
	}
	s.addPage()
	return true
}

func (s *sheet) use(st style) {
	weight := ""
	if st.bold {
		weight = "B"
	}
	s.pdf.SetFont(fontName, weight, st.size)
	s.pdf.SetTextColor(int(st.colour.r), int(st.colour.g), int(st.colour.b))
}

// text draws one line with its baseline at y.
func (s *sheet) text(x, y float64, st style, words string) {
	if words = s.faces.printable(words); words == "" {
		return
	}
	s.use(st)
	s.pdf.Text(x, y, words)
}

// textRight draws one line that ends at x.
func (s *sheet) textRight(x, y float64, st style, words string) {
	s.text(x-s.faces.width(st, words), y, st, words)
}

// textCentred draws one line around x.
func (s *sheet) textCentred(x, y float64, st style, words string) {
	s.text(x-s.faces.width(st, words)/2, y, st, words)
}

// lines draws lines below top and returns where they end.
func (s *sheet) lines(x, top float64, st style, words []string) float64 {
	for i, w := range words {
		s.text(x, top+float64(i)*st.leading()+st.ascent(), st, w)
	}
	return top + float64(len(words))*st.leading()
}

func (s *sheet) fill(c colour) { s.pdf.SetFillColor(int(c.r), int(c.g), int(c.b)) }

func (s *sheet) box(x, y, w, h float64, c colour) {
	s.fill(c)
	s.pdf.Rect(x, y, w, h, "F")
}

// rule draws a thin line across.
func (s *sheet) rule(x1, x2, y float64, c colour, thickness float64) {
	s.pdf.SetDrawColor(int(c.r), int(c.g), int(c.b))
	s.pdf.SetLineWidth(thickness)
	s.pdf.SetLineCapStyle("butt")
	s.pdf.Line(x1, y, x2, y)
}

var headingStyle = style{12.5, true, ink}

// headingHeight is what a part's title takes.
func headingHeight() float64 { return headingStyle.leading() + 1.6 }

// heading draws the title of a part and moves below it.
func (s *sheet) heading(words string) {
	s.text(s.left(), s.y+headingStyle.ascent(), headingStyle, words)
	s.y += headingHeight()
}
