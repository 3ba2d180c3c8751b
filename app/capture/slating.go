package capture

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"samtykke/app/consent"
	"samtykke/app/picture"
)

// slateTime bounds the search for a card in one picture.
const slateTime = 4 * time.Second

// slateSeen is what a picture shows of slate cards; the zero value is a picture without one.
type slateSeen struct {
	codes []consent.Code // in reading order
}

// isCard tells whether the picture is one of a card.
func (seen slateSeen) isCard() bool { return len(seen.codes) > 0 }

// lookForSlates looks for slate cards in a picture. Its result says nothing about whether anybody here goes by these codes. When
// ctx ended before the search did, what was seen is not to be relied on.
func lookForSlates(ctx context.Context, file io.ReaderAt, size int64) slateSeen {
	ctx, cancel := context.WithTimeout(ctx, slateTime)
	defer cancel()
	found, err := picture.FindSlates(ctx, file, size, func(text string) (string, bool) {
		written, ok := strings.CutPrefix(text, cardPrefix)
		code, err := consent.ParseCode(written)
		return string(code), ok && err == nil
	})
	if err != nil {
		return slateSeen{} // no card found in time: the picture is an ordinary one
	}
	var seen slateSeen
	for _, text := range found.Values {
		seen.codes = append(seen.codes, consent.Code(text))
	}
	return seen
}

// slating follows the cards through an import, file by file in order of capture, and says whose the frames between them are.
type slating struct {
	session *Session
	current []consent.SubjectID // whose card was photographed last
	linked  *keptAct            // all links of this import, to be undone together
}

func (s *Session) newSlating() *slating { return &slating{session: s, linked: &keptAct{Act: Act{Kind: ActSlates}}} }

// clone lets a transaction go on from here without changing what was, because it may fail.
func (sl *slating) clone() *slating {
	return &slating{session: sl.session, current: slices.Clone(sl.current), linked: sl.linked}
}

// next takes up the next file in order of capture, whose entry has just been filed or was here already, and links it. What it did
// and what it could not do is added to the report.
func (sl *slating) next(c *change, f *candidate, entry AssetFile, did *ImportReport) error {
	if f.slate.isCard() {
		sl.current = sl.subjects(f, did)
		return nil
	}
	if len(entry.Slate) > 0 {
		return nil
	}
	for _, subject := range sl.current {
		linked, err := c.link(subject, f.asset, consent.Span{})
		if err != nil {
			return err
		}
		if linked {
			did.Linked++
		}
	}
	return nil
}

// subjects are the known people on a slate. A card of somebody unknown ends the previous person's frames all the same.
func (sl *slating) subjects(f *candidate, did *ImportReport) []consent.SubjectID {
	var subjects []consent.SubjectID
	for _, code := range f.slate.codes {
		id, ok := sl.session.state.SubjectByCode(code)
		if !ok {
			did.Skipped = append(did.Skipped, SkippedFile{Path: f.path, Why: SkipCardUnknown, Detail: string(code)})
			continue
		}
		if sub, _ := sl.session.state.Subject(id); sub.Avoid || sub.Erased {
			did.Skipped = append(did.Skipped, SkippedFile{Path: f.path, Why: SkipCardAvoid, Detail: string(code)})
			continue
		}
		subjects = append(subjects, id)
		did.Slates = append(did.Slates, SlateFound{Path: f.path, Subject: id, Code: code})
	}
	return subjects
}

// slateEntry are the people here whose cards a picture shows, as its entry keeps them.
func (s *Session) slateEntry(seen slateSeen) []consent.SubjectID {
	var subjects []consent.SubjectID
	for _, code := range seen.codes {
		if id, ok := s.state.SubjectByCode(code); ok {
			subjects = append(subjects, id)
		}
	}
	return subjects
}
