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
	verdict consent.Verdict
	thumb   part.Thumb
}

// reading is everything that the grid shows of a shoot for one channel.
type reading struct {
	channel consent.Channel
	rows    []row
	counts  map[consent.Verdict]int
	asking  int // how many ask whose they are
}

// read computes the rows of a shoot. It takes a while with tens of thousands of pictures and is for the background.
func read(ctx context.Context, session *capture.Session, shoot consent.ShootID, channel consent.Channel, texts *assets.Texts) (reading, error) {
	r := reading{channel: channel, counts: map[consent.Verdict]int{}}
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
	asking := asking(session, shoot)
	r.asking = len(asking)
	r.rows = make([]row, len(images))
	for i, img := range images {
		verdict, found := answers[img.ID]
		if !found {
			verdict = consent.NotYet
		}
		r.rows[i] = words.row(img, verdict, asking[img.ID])
		if !r.rows[i].slate {
			r.counts[verdict]++
		}
	}
	return r, ctx.Err()
}

// asking are the images of a shoot about which somebody has to say whose they are.
func asking(session *capture.Session, shoot consent.ShootID) map[consent.AssetID]bool {
	all := map[consent.AssetID]bool{}
	for _, img := range session.Undecided(shoot) {
		all[img.ID] = true
	}
	return all
}

// fewTouched is up to how many pictures are read on their own after a change, before everything is read anew.
const fewTouched = 200

// readFew computes the rows of some pictures.
func readFew(session *capture.Session, shoot consent.ShootID, channel consent.Channel, texts *assets.Texts, touched []consent.AssetID) map[consent.AssetID]row {
	rows, words, asking := map[consent.AssetID]row{}, wordsOf(texts), asking(session, shoot)
	for _, id := range touched {
		img, err := session.Image(id)
		if err != nil {
			continue // the whole reading that follows tells
		}
		clear, err := session.Clear(id, channel, texts.Language)
		if err != nil {
			continue
		}
		rows[id] = words.row(img, clear.Answer, asking[id])
	}
	return rows
}

// replace puts rows that were read on their own in the place of the old ones.
func (r *reading) replace(rows map[consent.AssetID]row) {
	for i, old := range r.rows {
		fresh, touched := rows[old.id]
		if !touched {
			continue
		}
		if !old.slate {
			r.counts[old.verdict]--
			r.counts[fresh.verdict]++
		}
		switch {
		case old.asks && !fresh.asks:
			r.asking--
		case fresh.asks && !old.asks:
			r.asking++
		}
		r.rows[i] = fresh
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

func (w *rowWords) row(img capture.Image, verdict consent.Verdict, asks bool) row {
	out := row{id: img.ID, kind: img.Kind, slate: img.File.ShowsCard(), verdict: verdict, asks: asks}
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
	}
	switch {
	case asks && len(codes) == 0:
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

// filter chooses among the rows.
type filter int

const (
	showAll filter = iota
	showMay
	showMissing
	showMayNot
	showAsking
	filterCount
)

// lets tells whether a row passes. A card is no picture: it passes only where everything does.
func (f filter) lets(r row) bool {
	switch f {
	case showMay:
		return !r.slate && r.verdict == consent.Yes
	case showMissing:
		return !r.slate && r.verdict == consent.NotYet
	case showMayNot:
		return !r.slate && r.verdict == consent.No
	case showAsking:
		return r.asks
	}
	return true
}
