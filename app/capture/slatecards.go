package capture

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"samtykke/app/consent"
	"samtykke/app/picture"
)

// EndPayload is the text of the QR card that ends a person's frames. Those after it are nobody's until the next card.
const EndPayload = cardPrefix + endOfPerson

const endOfPerson = "END"

// slateTime bounds the search for a card in one picture: far more than any takes, also on a machine that has other things to do. A picture
// that takes longer is perhaps a card: to pass over one gives the frames after it to whoever came before. Reading the file and waiting
// for its decoder, of which only a few run at a time, do not count: however long they take, nobody has looked at anything yet.
const slateTime = 10 * time.Second

// slateSeen is what a picture shows of slate cards; the zero value is a picture without one.
type slateSeen struct {
	codes []consent.Code // in reading order
	end   bool           // the card that ends a person's frames
	// unreadable: there is a code that could not be read, or the search took too long, and nothing else was seen.
	unreadable bool
	papers     []PaperCode // of paper forms: such a picture is no card
}

// isCard tells whether the picture is one of a card.
func (seen slateSeen) isCard() bool { return len(seen.codes) > 0 || seen.end || seen.unreadable }

// searches is how many pictures an import searches for cards at the same time. Each is decoded, and looking at more than there are processors
// finds nothing sooner.
func searches() int { return runtime.GOMAXPROCS(0) }

// lookForSlates looks for slate cards in a picture, when its turn comes. Its result says nothing about whether anybody here goes by these
// codes. When ctx ended before the search did, what was seen is not to be relied on.
func (i *importing) lookForSlates(ctx context.Context, file *picture.File) slateSeen {
	select {
	case i.searching <- struct{}{}:
		defer func() { <-i.searching }()
	case <-ctx.Done():
		return slateSeen{}
	}
	found, err := file.FindSlates(ctx, slateTime, parseCard) // whatever stopped the search: what was seen before counts
	var seen slateSeen
	for _, text := range found.Values {
		if paper, ok := ParsePaperCode(text); ok {
			seen.papers = append(seen.papers, paper)
		} else if text == endOfPerson {
			seen.end = true
		} else {
			seen.codes = append(seen.codes, consent.Code(text))
		}
	}
	seen.unreadable = (found.Unreadable || errors.Is(err, context.DeadlineExceeded)) && len(found.Values) == 0
	return seen
}

// parseCard reads the text of a card's QR code: a short code, or endOfPerson. That of a paper form it lets through as it is.
func parseCard(text string) (string, bool) {
	if _, ok := ParsePaperCode(text); ok {
		return text, true
	}
	written, ok := strings.CutPrefix(text, cardPrefix)
	if ok && written == endOfPerson {
		return endOfPerson, true
	}
	code, err := consent.ParseCode(written)
	return string(code), ok && err == nil
}

// CardKind is what a picture of a card is when nobody's frames follow it.
type CardKind string

// The kinds. A card of people who are known is none of them.
const (
	CardEnd        CardKind = "end"        // the end of a person's frames
	CardUnknown    CardKind = "unknown"    // of somebody who is not known here
	CardAvoid      CardKind = "avoid"      // of somebody who is not to be photographed
	CardUnreadable CardKind = "unreadable" // perhaps a card
)

// isCard tells whether the file is a picture of a card.
func (f AssetFile) isCard() bool { return len(f.Slate) > 0 || f.Card != "" }

// place is the file's name, with its folder on the memory card where that tells an order.
func (f AssetFile) place() string { return filepath.Join(f.Folder, f.Name) }

// folderOf is the folder of a file when it has a number.
func folderOf(path string) string {
	folder := filepath.Base(filepath.Dir(path))
	if _, numbered := folderNumber(folder); !numbered {
		return ""
	}
	return folder
}

// taken is a photographed card.
type taken struct {
	asset    consent.AssetID
	at       time.Time
	path     string              // or only the name, of one that was filed earlier
	subjects []consent.SubjectID // whose frames follow
	kind     CardKind
	framed   bool      // a frame was taken before the next card
	until    time.Time // the last such frame
}

// cameraOf tells cameras apart: one's cards say nothing about another's frames.
func cameraOf(f AssetFile) string { return f.Camera + "\x00" + f.Serial }

// The times that decide whether cards belong together and frames to them; see docs/on-location.md.
const (
	// groupPause is the longest pause between the cards of one group.
	groupPause = 10 * time.Second
	// doubtfulPause is the longest one at which it may still be a group.
	doubtfulPause = 2 * time.Minute
	// slateLasts is how long after a card a frame is its person's without a question; after that, as long as no more than sittingPause
	// passes between two frames, but not longer than sittingLasts. Who goes on to photograph something else seldom does so at once.
	slateLasts   = 20 * time.Minute
	sittingPause = 5 * time.Minute
	sittingLasts = 90 * time.Minute
)

// cards are those that one camera took, in order of capture.
type cards []taken

// add files a card; one that is there already is replaced.
func (cs cards) add(card taken) cards {
	if at := slices.IndexFunc(cs, func(other taken) bool { return other.asset == card.asset }); at >= 0 {
		card.framed, card.until = cs[at].framed, cs[at].until
		cs[at] = card
		return cs
	}
	at, _ := slices.BinarySearchFunc(cs, card, func(a, b taken) int {
		if a.before(b.at, b.path) {
			return -1
		}
		return 1
	})
	return slices.Insert(cs, at, card)
}

// before tells whether the card comes before a file in order of capture.
func (t taken) before(at time.Time, path string) bool {
	return t.at.Before(at) || t.at.Equal(at) && strings.Compare(filepath.Base(t.path), filepath.Base(path)) <= 0
}

// answer is whose a frame is, or why that is not clear. Of a group of which somebody is not known here it is both: the others are in
// the picture, and somebody has to say who else is.
type answer struct {
	subjects   []consent.SubjectID
	why        Undecided
	candidates []consent.SubjectID
}

// last is the place of the last card before a frame; −1 when there is none.
func (cs cards) last(at time.Time, path string) int {
	n, _ := slices.BinarySearchFunc(cs, true, func(t taken, _ bool) int {
		if t.before(at, path) {
			return -1
		}
		return 1
	})
	return n - 1
}

// inTheSecond tells whether a frame was taken in the second of the card before it, whose place is n, or of the one after, and its name
// does not tell which came first; and whose it may be then.
func (cs cards) inTheSecond(n int, at time.Time, path string) (candidates []consent.SubjectID, doubtful bool) {
	if next := n + 1; next < len(cs) && sameSecond(cs[next].at, at) && !namesTell(path, cs[next].path) {
		return together(cs.candidates(n), cs[next].subjects), true
	}
	if n >= 0 && sameSecond(cs[n].at, at) && !namesTell(cs[n].path, path) {
		return together(cs.candidates(n-1), cs[n].subjects), true
	}
	return nil, false
}

// whose tells whose a frame is that was taken at a time. Nobody's is the zero answer.
func (cs cards) whose(at time.Time, path string) answer {
	n := cs.last(at, path)
	if candidates, doubtful := cs.inTheSecond(n, at, path); doubtful {
		return answer{why: UndecidedTime, candidates: candidates}
	}
	if n < 0 {
		return answer{}
	}
	card := cs[n]
	switch {
	case card.kind == CardUnreadable:
		return answer{why: UndecidedUnreadable, candidates: cs.candidates(n - 1)}
	case card.kind == CardEnd || card.kind == CardAvoid:
		return answer{}
	case card.late(at):
		group := cs.group(n)
		return answer{why: UndecidedLate, candidates: together(group.subjects, group.candidates)}
	}
	return cs.group(n)
}

// late tells whether a frame was taken so long after the card that somebody else may stand before the camera.
func (t taken) late(at time.Time) bool {
	since := at.Sub(t.at)
	return since > sittingLasts || since > slateLasts && at.Sub(t.until) > sittingPause
}

// frame notes that a frame was taken after the card. One that came too late does not make up for the pause.
func (t *taken) frame(at time.Time) {
	if t.framed = true; at.After(t.until) && !t.late(at) {
		t.until = at
	}
}

// group tells whose the frames after a card are, considering the cards that were photographed right before it without a frame between.
func (cs cards) group(n int) answer {
	all, doubtful := answer{subjects: cs[n].subjects}, false
	if cs[n].kind == CardUnknown {
		all.why = UndecidedUnknown
	}
	for i := n - 1; i >= 0 && !cs[i].framed; i-- {
		pause := cs[i+1].at.Sub(cs[i].at)
		if cs[i].kind == CardEnd || cs[i].kind == CardUnreadable || pause > doubtfulPause {
			break
		}
		if !isSubset(cs[i].subjects, all.subjects) || cs[i].kind == CardUnknown {
			doubtful = doubtful || pause > groupPause
		}
		if cs[i].kind == CardUnknown && all.why == "" {
			all.why = UndecidedUnknown
		}
		all.subjects = together(cs[i].subjects, all.subjects)
	}
	if doubtful {
		return answer{why: UndecidedGroup, candidates: all.subjects}
	}
	return all
}

// candidates are whose frames would follow a card if nothing had come between.
func (cs cards) candidates(n int) []consent.SubjectID {
	for ; n >= 0 && cs[n].kind == CardUnreadable; n-- {
	}
	if n < 0 {
		return nil
	}
	return cs[n].subjects
}

// sameSecond tells whether two times, at least one of them of a clock that shows whole seconds, may be in either order.
func sameSecond(a, b time.Time) bool {
	whole := a.Nanosecond() == 0 || b.Nanosecond() == 0
	return whole && a.Truncate(time.Second).Equal(b.Truncate(time.Second))
}

// namesTell tells whether the names that a camera gave say that one file came before another: a higher number in the same folder, or a
// folder with a higher number (DCF 2.0 §3.2: DCIM/100ABCDE/ABCD0001.JPG).
func namesTell(before, after string) bool {
	a, b := filepath.Dir(before), filepath.Dir(after)
	if a != b && a != "." && b != "." { // "." where only the name is known
		x, okX := folderNumber(filepath.Base(a))
		y, okY := folderNumber(filepath.Base(b))
		return okX && okY && filepath.Dir(a) == filepath.Dir(b) && x < y
	}
	x, okX := fileNumber(filepath.Base(before))
	y, okY := fileNumber(filepath.Base(after))
	return okX && okY && x < y
}

func folderNumber(name string) (int, bool) {
	if len(name) != 8 {
		return 0, false
	}
	n, err := strconv.Atoi(name[:3])
	return n, err == nil
}

// fileNumber is the number at the end of a name, of three digits or more.
func fileNumber(name string) (int, bool) {
	stem := strings.TrimSuffix(name, filepath.Ext(name))
	digits := stem[len(strings.TrimRight(stem, "0123456789")):]
	if len(digits) < 3 || len(digits) > 9 {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil
}

// together is everybody in either list, those of the first in their order first.
func together(a, b []consent.SubjectID) []consent.SubjectID {
	return once(slices.Concat(a, b))
}

func isSubset(part, of []consent.SubjectID) bool {
	return !slices.ContainsFunc(part, func(id consent.SubjectID) bool { return !slices.Contains(of, id) })
}
