package receipt

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"image/jpeg"
	"io"
	"strconv"
	"time"

	"github.com/jung-kurt/gofpdf"
)

// ContactSheet shows small pictures with what may be done with them, for a picture desk.
type ContactSheet struct {
	Texts        Texts // translations of the contactsheet.* identifiers; required
	At           time.Time
	Day          string // of At, as readers write it
	Organisation string
	Channel      string // its title
	Pictures     []ContactPicture
}

// ContactPicture is one picture, film or sound on a contact sheet.
type ContactPicture struct {
	Name   string   // of the file
	Answer string   // in words, and until when
	Codes  []string // of the people; none on a sheet for the public
	Mark   string   // what it is, where there is nothing to see
	// Thumbnail returns a small JPEG; nil when there is none. It is asked once, when the picture is drawn.
	Thumbnail func() ([]byte, error)
}

// A page has rows of pictures in this grid.
const (
	sheetColumns = 4
	sheetGap     = 4.0
	sheetPicture = 32.0 // the height for a picture
	sheetWords   = 10.8 // and for what is said of it
)

// WriteContactSheet writes the sheet as A4 pages.
func WriteContactSheet(w io.Writer, c ContactSheet) error {
	if c.Texts == nil {
		return errors.New("check contact sheet: no texts")
	}
	title := c.Texts("contactsheet.title", map[string]any{"Channel": c.Channel})
	s, err := newSheet(paperA4, documentInfo{title: title, author: c.Organisation, at: c.At})
	if err != nil {
		return fmt.Errorf("prepare contact sheet: %w", err)
	}
	width := (s.width() - (sheetColumns-1)*sheetGap) / sheetColumns
	row := sheetPicture + sheetWords + sheetGap
	pages, page := 0, 0
	for at := range c.Pictures {
		if at%sheetColumns == 0 && (at == 0 || s.room() < row) {
			if page++; at == 0 {
				pages = pagesFor(s, len(c.Pictures), row)
			}
			c.head(s, title, page, pages)
		}
		x := s.left() + float64(at%sheetColumns)*(width+sheetGap)
		if err := c.Pictures[at].draw(s, x, width); err != nil {
			return err
		}
		if at%sheetColumns == sheetColumns-1 {
			s.y += row
		}
	}
	if len(c.Pictures) == 0 {
		c.head(s, title, 1, 1)
	}
	if err := s.write(w); err != nil {
		return fmt.Errorf("write contact sheet: %w", err)
	}
	return nil
}

// sheetHead is the height of a page's head.
const sheetHead = 17.0

// pagesFor counts the pages that so many pictures need.
func pagesFor(s *sheet, pictures int, row float64) int {
	s.addPage() // to measure a whole one; it becomes the first
	s.y += sheetHead
	rows := max(1, int(s.room()/row))
	return (pictures + rows*sheetColumns - 1) / (rows * sheetColumns)
}

// head begins a page.
func (c ContactSheet) head(s *sheet, title string, page, pages int) {
	if page > 1 || pages == 1 && len(c.Pictures) == 0 {
		s.addPage()
	} else {
		s.y -= sheetHead
	}
	top := s.y
	name := style{9.6, true, accent}
	s.text(s.left(), top+name.ascent(), name, c.Organisation)
	s.textRight(s.right(), top+name.ascent(), caption, c.Texts("contactsheet.page", map[string]any{"Page": page, "Pages": pages}))
	heading := s.faces.fit(style{13, true, ink}, title, s.width(), 9)
	s.text(s.left(), top+10.2, heading, title)
	s.text(s.left(), top+14.2, caption, c.Texts("contactsheet.note", map[string]any{"Day": c.Day}))
	s.y = top + sheetHead
}

// draw sets one picture and the words under it.
func (p ContactPicture) draw(s *sheet, x, width float64) error {
	s.box(x, s.y, width, sheetPicture, surface)
	var small []byte
	if p.Thumbnail != nil {
		var err error
		if small, err = p.Thumbnail(); err != nil {
			return err
		}
	}
	if config, err := jpeg.DecodeConfig(bytes.NewReader(small)); err == nil && config.Width > 0 && config.Height > 0 {
		scale := min(width/float64(config.Width), sheetPicture/float64(config.Height))
		w, h := scale*float64(config.Width), scale*float64(config.Height)
		// Named by its bytes: the same picture twice is one in the file, which must not name it twice.
		key, options := fmt.Sprintf("picture-%x", sha256.Sum256(small)), gofpdf.ImageOptions{ImageType: "JPG"}
		if s.pdf.GetImageInfo(key) == nil {
			s.pdf.RegisterImageOptionsReader(key, options, bytes.NewReader(small))
		}
		s.pdf.ImageOptions(key, x+(width-w)/2, s.y+(sheetPicture-h)/2, w, h, false, options, 0, "")
	} else if p.Mark != "" {
		s.textCentred(x+width/2, s.y+sheetPicture/2, body.in(muted), p.Mark)
	}
	y := s.y + sheetPicture + 1
	for _, words := range []struct {
		style style
		text  string
	}{{small7.bolder(), p.Name}, {caption, p.Answer}, {caption, joinCodes(p.Codes)}} {
		st := s.faces.fit(words.style, words.text, width, 5)
		lines := firstLines(s.faces.wrap(st, words.text, width), 1)
		y = s.lines(x, y, st, lines)
	}
	return s.pdf.Error()
}

var small7 = style{7, false, ink}

// joinCodes lists codes, and how many more there are than a line holds.
func joinCodes(codes []string) string {
	const most = 3
	out := ""
	for i, c := range codes {
		if i == most {
			return out + " +" + strconv.Itoa(len(codes)-most)
		}
		if i > 0 {
			out += " "
		}
		out += c
	}
	return out
}
