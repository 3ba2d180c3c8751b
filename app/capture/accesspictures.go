package capture

import (
	"cmp"
	"context"
	"encoding/csv"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"samtykke/app/consent"
	"samtykke/app/problem"
)

// accessPicture is a picture on which the person appears. It tells nothing of the others on it.
type accessPicture struct {
	ID         consent.AssetID   `json:"id"` // SHA-256 of the file
	Name       string            `json:"name,omitempty"`
	Kind       consent.MediaKind `json:"kind"`
	Taken      time.Time         `json:"taken,omitzero"`
	Imported   time.Time         `json:"imported"`
	Shoot      accessShoot       `json:"shoot"`
	Card       bool              `json:"card,omitempty"` // a photographed QR card
	Removed    bool              `json:"removed,omitempty"`
	Channels   []consent.Channel `json:"channels"` // where it may be used now
	Deliveries []accessDelivery  `json:"deliveries"`
	File       string            `json:"file,omitempty"` // within the export
}

// addPictures lists the pictures and, when they are asked for, writes those that show nobody else.
func (x *access) addPictures(ctx context.Context, deliveries map[consent.AssetID][]accessDelivery) error {
	x.mu.RLock()
	alone := x.aloneOn(x.ids)
	ids := x.state.AssetsOf(x.ids[0])
	for _, id := range alone {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	pictures := make([]accessPicture, 0, len(ids))
	for _, id := range ids {
		pictures = append(pictures, x.pictureOf(id, deliveries[id]))
	}
	x.mu.RUnlock()
	slices.SortFunc(pictures, func(a, b accessPicture) int { return strings.Compare(string(a.ID), string(b.ID)) })
	for i := range pictures {
		p := &pictures[i]
		switch {
		case !x.request.Pictures || p.Removed:
		case !slices.Contains(alone, p.ID):
			x.leave(string(p.ID), leftPicture)
		default:
			if err := cmp.Or(ctx.Err(), x.addPicture(p)); err != nil {
				return err
			}
		}
	}
	if err := x.addJSON("pictures.json", pictures); err != nil {
		return err
	}
	return x.add("pictures.csv", func(w io.Writer) error { return writePictures(w, pictures) })
}

func (x *access) pictureOf(id consent.AssetID, deliveries []accessDelivery) accessPicture {
	a, _ := x.state.Asset(id)
	file := x.files[id]
	p := accessPicture{ID: id, Name: x.names.without(file.Name), Kind: a.Kind, Taken: file.TakenAt.UTC(), Imported: a.Imported.UTC(),
		Shoot: x.shootOf(a.Shoot), Card: file.ShowsCard(), Removed: a.Removed, Channels: []consent.Channel{}, Deliveries: deliveries}
	if p.Deliveries == nil {
		p.Deliveries = []accessDelivery{}
	}
	for _, channel := range x.channels() {
		if x.state.Clear(id, channel, x.at).Verdict == consent.Yes {
			p.Channels = append(p.Channels, channel)
		}
	}
	return p
}

// addPicture writes the picture's own bytes, or its preview where those are elsewhere.
func (x *access) addPicture(p *accessPicture) error {
	x.mu.RLock()
	ext := strings.ToLower(filepath.Ext(x.files[p.ID].Name))
	x.mu.RUnlock()
	original, err := x.OpenOriginal(p.ID)
	if err == nil {
		defer original.Close() // it is only read
		p.File = "pictures/" + p.ID.Short() + ext
		return x.add(p.File, func(w io.Writer) error {
			_, err := io.Copy(w, Exactly(p.ID, io.NewSectionReader(original, 0, original.Size())))
			return err
		})
	}
	if problem.KindOf(err) != problem.NotFound {
		return err
	}
	preview, here, err := x.Previews.Preview(p.ID)
	if err != nil {
		return err
	}
	if !here {
		x.leave(string(p.ID), leftBytes)
		return nil
	}
	p.File = "pictures/" + p.ID.Short() + "-small.jpg"
	return x.addBytes(p.File, preview)
}

// writePictures writes the list for a spreadsheet (RFC 4180).
func writePictures(w io.Writer, pictures []accessPicture) error {
	table := csv.NewWriter(w)
	_ = table.Write([]string{"id", "name", "kind", "taken", "imported", "shoot", "shoot_date", "card", "removed", "channels", "deliveries", "file"})
	for _, p := range pictures {
		channels := make([]string, len(p.Channels))
		for i, channel := range p.Channels {
			channels[i] = string(channel)
		}
		delivered := make([]string, len(p.Deliveries))
		for i, d := range p.Deliveries {
			delivered[i] = d.At.UTC().Format(time.RFC3339) + " " + string(d.Channel)
		}
		_ = table.Write([]string{string(p.ID), asText(p.Name), string(p.Kind), moment(p.Taken), moment(p.Imported), asText(p.Shoot.Title), p.Shoot.Date,
			strconv.FormatBool(p.Card), strconv.FormatBool(p.Removed), strings.Join(channels, " "), strings.Join(delivered, "; "), p.File})
	}
	table.Flush()
	return table.Error() // also of the writes above
}

// moment is a time for a spreadsheet, nothing when there is none.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// asText keeps a spreadsheet from taking a name for a formula.
func asText(cell string) string {
	if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r") {
		return "'" + cell
	}
	return cell
}

// otherNames are the words of other people's names here. A file's name or a shoot's title may name somebody, and an access export
// tells nobody about others.
type otherNames map[string]bool

// leastName is how many letters a word must have to be somebody's name rather than an initial.
const leastName = 3

// otherNames gathers the names of everybody but one person. Words that are also the person's own are no secret to them.
func (s *Session) otherNames(ids []consent.SubjectID) otherNames {
	others, own := otherNames{}, map[string]bool{}
	for id, p := range s.profiles {
		into := map[string]bool(others)
		if slices.Contains(ids, id) {
			into = own
		}
		for _, word := range nameWords(p.Name) {
			into[word] = true
		}
		for _, g := range p.Guardians {
			for _, word := range nameWords(g.Name) {
				into[word] = true
			}
		}
	}
	for word := range own {
		delete(others, word)
	}
	return others
}

// without is the text, or nothing when it names somebody else.
func (o otherNames) without(text string) string {
	if slices.ContainsFunc(nameWords(text), func(word string) bool { return o[word] }) {
		return ""
	}
	return text
}

// nameWords are the words that may be names, in the form in which they are compared.
func nameWords(text string) []string {
	words := strings.FieldsFunc(consent.Plain(text), func(r rune) bool { return !unicode.IsLetter(r) })
	return slices.DeleteFunc(words, func(word string) bool { return len(word) < leastName })
}
