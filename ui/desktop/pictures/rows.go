package pictures

import (
	"context"
	"fmt"
	"strings"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/assets"
	"samtykke/ui/desktop/part"
)

// row is a picture, ready to show.
type row struct {
	id      consent.AssetID
	kind    consent.MediaKind
	slate   bool // shows a card and is no picture of people
	asks    bool // somebody has to say whose it is
	counted bool // somebody has said how many people it shows
	empty   bool // it shows nobody, somebody has said
	people  []consent.SubjectID
	camera  string
	verdict consent.Verdict
	thumb   part.Thumb
}

// reading is everything that the grid shows of a shoot for one channel.
type reading struct {
	channel consent.Channel
	rows    []row
	at      map[consent.AssetID]int // where each stands in rows
	counts  counts
}

// read computes the rows of a shoot. It takes a while with tens of thousands of pictures and is for the background.
func read(ctx context.Context, session *capture.Session, shoot consent.ShootID, channel consent.Channel, texts *assets.Texts) (reading, error) {
	r := reading{channel: channel, counts: counts{}}
	answers := map[consent.AssetID]consent.Verdict{}
	for _, verdict := range []consent.Verdict{consent.Yes, consent.No} {
		for _, img := range session.Images(capture.ImageFilter{Shoot: shoot, Channel: channel, Verdict: verdict}) {
			answers[img.ID] = verdict
		}
		if err := ctx.Err(); err != nil {
			return r, err
		}
	}
	images := session.Images(capture.ImageFilter{Shoot: shoot})
	words := wordsOf(texts)
	r.rows, r.at = make([]row, len(images)), make(map[consent.AssetID]int, len(images))
	for i, img := range images {
		verdict, found := answers[img.ID]
		if !found {
			verdict = consent.NotYet
		}
		r.rows[i] = words.row(img, verdict)
		r.at[img.ID] = i
		r.counts.add(&r.rows[i], 1)
	}
	return r, ctx.Err()
}

// fewTouched is up to how many pictures are read on their own after a change, before everything is read anew.
const fewTouched = 200

// readFew computes the rows of some pictures.
func readFew(session *capture.Session, channel consent.Channel, texts *assets.Texts, touched []consent.AssetID) []row {
	var rows []row
	words := wordsOf(texts)
	for _, id := range touched {
		img, err := session.Image(id)
		if err != nil || img.Removed {
			continue // the whole reading that follows tells
		}
		clear, err := session.Clear(id, channel, texts.Language)
		if err != nil {
			continue
		}
		rows = append(rows, words.row(img, clear.Answer))
	}
	return rows
}

// replace puts rows that were read on their own in the place of the old ones.
func (r *reading) replace(rows []row) {
	for _, fresh := range rows {
		i, here := r.at[fresh.id]
		if !here {
			continue
		}
		r.counts.add(&r.rows[i], -1)
		r.rows[i] = fresh
		r.counts.add(&r.rows[i], 1)
	}
}

// rowWords are the words of rows, looked up once and not once per picture.
type rowWords struct {
	texts    *assets.Texts
	verdicts map[consent.Verdict]string
	broken   string
	nobody   string
	asks     string
	amiss    map[capture.ReferenceState]string
	of       map[[2]int]string // "1 of 3", by the two numbers
}

func wordsOf(texts *assets.Texts) *rowWords {
	return &rowWords{texts: texts, broken: texts.T("pictures.broken", nil), nobody: texts.T("pictures.nobody", nil), asks: texts.T("pictures.asks", nil), of: map[[2]int]string{},
		verdicts: map[consent.Verdict]string{consent.Yes: texts.T("pictures.verdict.yes", nil), consent.No: texts.T("pictures.verdict.no", nil),
			consent.NotYet: texts.T("pictures.verdict.not-yet", nil)},
		amiss: map[capture.ReferenceState]string{capture.ReferenceChanged: texts.T("pictures.amiss.changed", nil), capture.ReferenceGone: texts.T("pictures.amiss.gone", nil),
			capture.ReferenceUnreadable: texts.T("pictures.amiss.unreadable", nil)}}
}

func (w *rowWords) row(img capture.Image, verdict consent.Verdict) row {
	out := row{id: img.ID, kind: img.Kind, slate: img.File.ShowsCard(), verdict: verdict, asks: img.Asks(), counted: img.PeopleCount >= 0,
		empty: img.PeopleCount == 0, camera: img.File.Camera}
	out.thumb = part.Thumb{Key: string(img.ID), Name: img.Name, Broken: w.broken, Length: clock(img.File.Duration), Notice: w.amiss[img.Amiss]}
	if out.slate {
		out.thumb.Kind, out.thumb.Codes = cardIcon, w.texts.T("pictures.card", nil)
		out.thumb.Word = out.thumb.Codes
		return out
	}
	out.thumb.Mark, out.thumb.Word, out.thumb.Kind = markOf(verdict), w.verdicts[verdict], kindIcon(img.Kind)
	codes := make([]string, len(img.People))
	for i, p := range img.People {
		codes[i] = string(p.Code)
		out.people = append(out.people, p.ID)
	}
	switch {
	case out.asks && len(codes) == 0:
		codes = append(codes, w.asks)
	case img.PeopleCount == 0 && len(codes) == 0:
		codes = append(codes, w.nobody)
	case img.PeopleCount > len(img.People):
		codes = append([]string{w.fraction(len(img.People), img.PeopleCount)}, codes...)
	}
	out.thumb.Codes = strings.Join(codes, " · ")
	return out
}

func (w *rowWords) fraction(linked, count int) string {
	at := [2]int{linked, count}
	if w.of[at] == "" {
		w.of[at] = w.texts.T("pictures.of", map[string]any{"Linked": fmt.Sprint(linked), "Count": fmt.Sprint(count)})
	}
	return w.of[at]
}

func markOf(verdict consent.Verdict) part.Mark {
	switch verdict {
	case consent.Yes:
		return part.MarkYes
	case consent.No:
		return part.MarkNo
	}
	return part.MarkNotYet
}
