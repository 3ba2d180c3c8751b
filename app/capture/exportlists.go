package capture

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"samtykke/app/consent"
	"samtykke/app/picture"
	"samtykke/app/receipt"
	"samtykke/assets"
)

// sheetPictures is how many pictures one contact sheet has; more go to further files, so that memory is bounded.
const sheetPictures = 500

// listed is one copy as a picture desk sees it.
type listed struct {
	asset         consent.AssetID
	file, credit  string
	captured      time.Time // zero when unknown
	answer, until string
	untilDate     time.Time // of until, zero when nothing ends
	codes         []string
	kind          consent.MediaKind
}

// writeLists writes the lists that were asked for, or that the folder has already: they must not name what was removed.
func (x *exporting) writeLists(ctx context.Context) error {
	old := x.folder.manifest.Lists
	had := func(prefix string) bool {
		return slices.ContainsFunc(old, func(f exportedFile) bool { return strings.HasPrefix(f.Name, prefix) })
	}
	wantCSV, wantSheet := x.CSV || had(exportCSVName), x.ContactSheet || had(exportSheetName)
	if !wantCSV && !wantSheet {
		return nil
	}
	rows := x.listed()
	x.folder.manifest.Lists = nil
	if wantCSV {
		if err := x.list(old, exportCSVName, func(w io.Writer) error { return x.writeCSV(w, rows) }); err != nil {
			return err
		}
	}
	if wantSheet {
		sheet := 0
		for page := range slices.Chunk(rows, sheetPictures) {
			sheet++
			name := exportSheetName + ".pdf"
			if sheet > 1 {
				name = fmt.Sprintf("%s-%d.pdf", exportSheetName, sheet)
			}
			if err := x.list(old, name, func(w io.Writer) error { return x.writeSheet(ctx, w, page) }); err != nil {
				return err
			}
		}
	}
	for _, f := range old { // a sheet too many
		if !slices.ContainsFunc(x.folder.manifest.Lists, func(n exportedFile) bool { return n.Name == f.Name }) {
			if _, err := x.folder.delete(f); err != nil {
				return err
			}
		}
	}
	return x.folder.save()
}

// list writes one list. One that somebody has changed is left, and named.
func (x *exporting) list(old []exportedFile, name string, write func(io.Writer) error) error {
	if i := slices.IndexFunc(old, func(f exportedFile) bool { return f.Name == name }); i >= 0 {
		if was, err := x.folder.compare(old[i]); err != nil {
			return err
		} else if was == fileForeign {
			x.folder.manifest.Lists = append(x.folder.manifest.Lists, old[i])
			x.report.Kept = append(x.report.Kept, RefusedAsset{Name: name, Reasons: x.because(exportFileChanged())})
			return nil
		}
	}
	sum := sha256.New()
	if err := writeWhole(x.folder.path(name), func(w io.Writer) error { return write(io.MultiWriter(w, sum)) }); err != nil {
		return err
	}
	x.folder.manifest.Lists = append(x.folder.manifest.Lists, exportedFile{Name: name, SHA256: hex.EncodeToString(sum.Sum(nil))})
	x.report.Lists = append(x.report.Lists, name)
	return nil
}

// listed gathers the copies in the folder, in order of capture.
func (x *exporting) listed() []listed {
	var rows []listed
	for _, c := range x.folder.copies() {
		img, err := x.Image(c.Asset)
		if err != nil || c.Says == "" {
			continue // of another vault, or no longer for anybody to use
		}
		x.mu.RLock()
		clearance := x.state.Clear(c.Asset, x.Channel, x.Clock())
		credit := x.shootDetails(img.Shoot).Photographer
		x.mu.RUnlock()
		row := listed{asset: c.Asset, file: c.Files[0].Name, credit: credit, captured: img.File.TakenAt, answer: string(clearance.Verdict),
			untilDate: earliestEnd(clearance), kind: img.Kind}
		if !row.untilDate.IsZero() {
			row.until = row.untilDate.Local().Format(time.DateOnly)
		}
		if x.Profile == picture.ProfileInternal {
			for _, p := range img.People {
				row.codes = append(row.codes, string(p.Code))
			}
		}
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(a, b listed) int {
		if c := a.captured.Compare(b.captured); c != 0 {
			return c
		}
		return strings.Compare(a.file, b.file)
	})
	return rows
}

// writeCSV writes a table (RFC 4180) in UTF-8. It begins with a byte order mark, without which Excel takes the letters for others.
func (x *exporting) writeCSV(w io.Writer, rows []listed) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	table := csv.NewWriter(w)
	table.UseCRLF = true
	head := []string{"file", "captured", "channel", "answer", "until", "credit"}
	if x.Profile == picture.ProfileInternal {
		head = append(head, "codes")
	}
	if err := table.Write(head); err != nil {
		return err
	}
	for _, r := range rows {
		captured := ""
		if !r.captured.IsZero() {
			captured = r.captured.Format("2006-01-02T15:04:05")
		}
		cells := []string{r.file, captured, string(x.Channel), r.answer, r.until, r.credit}
		if x.Profile == picture.ProfileInternal {
			cells = append(cells, strings.Join(r.codes, " "))
		}
		for i := range cells {
			cells[i] = plainCell(cells[i])
		}
		if err := table.Write(cells); err != nil {
			return err
		}
	}
	table.Flush()
	return table.Error()
}

// plainCell keeps a spreadsheet from taking a text for a formula.
func plainCell(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// writeSheet draws a contact sheet.
func (x *exporting) writeSheet(ctx context.Context, w io.Writer, rows []listed) error {
	texts := assets.NewTexts(x.language)
	now := x.Clock()
	sheet := receipt.ContactSheet{Texts: texts.T, At: now, Day: day(now, x.language), Organisation: x.Organisation().Name, Channel: x.ChannelTitle(x.Channel, x.language)}
	for _, r := range rows {
		p := receipt.ContactPicture{Name: r.file, Answer: texts.T("contactsheet.answer."+r.answer, nil), Codes: r.codes}
		if r.answer == string(consent.Yes) && !r.untilDate.IsZero() {
			p.Answer = texts.T("contactsheet.until", map[string]any{"Until": day(r.untilDate, x.language)})
		}
		if r.kind != consent.Photo {
			p.Mark = texts.T("contactsheet."+string(r.kind), nil)
		}
		p.Thumbnail = func() ([]byte, error) { return x.thumbnail(ctx, r) }
		sheet.Pictures = append(sheet.Pictures, p)
	}
	return receipt.WriteContactSheet(w, sheet)
}

// thumbnailSide is the longer side of a picture on a contact sheet, in pixels: 300 to the inch on paper.
const thumbnailSide = 480

// thumbnail is a small picture for a contact sheet; nil when there is none. For the public it is drawn from the copy: a preview may be
// older than what was cropped or blurred.
func (x *exporting) thumbnail(ctx context.Context, r listed) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if r.kind != consent.Photo {
		return nil, nil
	}
	if x.Profile == picture.ProfileInternal {
		preview, ok, err := x.Preview(ctx, r.asset)
		if err != nil || !ok {
			return nil, err
		}
		return shownAt(bytes.NewReader(preview), int64(len(preview))), nil
	}
	file, err := openOutside(x.folder.path(r.file))
	if err != nil {
		return nil, nil // somebody took it away; it has its line all the same
	}
	defer file.Close()
	return shownAt(file, file.Size()), nil
}

// shownAt draws a picture for a contact sheet; nil when it cannot be shown.
func shownAt(r io.ReaderAt, size int64) []byte {
	opened, err := picture.Open(r, size)
	if err != nil {
		return nil
	}
	var small bytes.Buffer
	if _, _, err := opened.WriteSized(&small, thumbnailSide, picture.XMP{}); err != nil {
		return nil
	}
	return small.Bytes()
}
