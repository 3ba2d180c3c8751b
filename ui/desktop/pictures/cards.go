package pictures

import (
	"cmp"
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// Cards is how the screen notices memory cards. The zero value notices none.
type Cards struct {
	// Volumes lists the folders at which removable disks may be; it is called off the UI goroutine.
	Volumes func() []string
	// After calls a function on the UI goroutine when a duration has passed, unless stop is called first.
	After func(d time.Duration, f func()) (stop func() bool)
	// InView tells whether the screen can be seen now. Nobody looks for cards while it cannot.
	InView func() bool
}

// lookEvery is how often somebody looks for cards.
const lookEvery = 2 * time.Second

// cameraFolder is where cameras put their pictures on a card (DCF 2.0 §3.1).
const cameraFolder = "DCIM"

// cardWatch offers to import a card that appears. It never imports one unasked, and takes the offer back when the card goes.
type cardWatch struct {
	screen  *Screen
	content *fyne.Container // empty while there is no card
	stop    func() bool
	seen    map[cardSeen]capture.CardCount
	refused map[cardSeen]bool // somebody has said: not this one
}

// cardSeen is a card in a slot: the same slot with another card in it is another one.
type cardSeen struct {
	folder  string // with the pictures
	written int64  // when the folder was last written, in nanoseconds
}

func newCardWatch(s *Screen) *cardWatch {
	return &cardWatch{screen: s, content: hidden(container.NewVBox()), seen: map[cardSeen]capture.CardCount{}, refused: map[cardSeen]bool{}}
}

// begin looks for cards until end.
func (c *cardWatch) begin() {
	if cards := c.screen.request.Cards; cards.Volumes != nil && cards.After != nil {
		c.look()
	}
}

func (c *cardWatch) end() {
	if c.stop != nil {
		c.stop()
	}
}

// again looks once more after a while.
func (c *cardWatch) again() {
	if s := c.screen; !s.stopped {
		c.stop = s.request.Cards.After(lookEvery, c.look)
	}
}

func (c *cardWatch) look() {
	s := c.screen
	if s.stopped {
		return
	}
	if in := s.request.Cards.InView; in != nil && !in() {
		c.again()
		return
	}
	known, r := maps.Clone(c.seen), s.request
	s.inBackground(func() func() {
		seen := countCards(s.ctx, r.Session, r.Shoot, r.Cards.Volumes(), known)
		return func() {
			c.take(seen)
			c.again()
		}
	})
}

// countCards counts what lies on the cards that are there; what is known of one already is not counted again.
func countCards(ctx context.Context, session *capture.Session, shoot consent.ShootID, volumes []string, known map[cardSeen]capture.CardCount) map[cardSeen]capture.CardCount {
	seen := map[cardSeen]capture.CardCount{}
	for _, volume := range volumes {
		folder := filepath.Join(volume, cameraFolder)
		info, err := os.Stat(folder)
		if err != nil || !info.IsDir() {
			continue // no card, or one that is just being pulled out
		}
		card := cardSeen{folder, info.ModTime().UnixNano()}
		if count, counted := known[card]; counted {
			seen[card] = count
		} else if count, err := session.CountCard(ctx, shoot, folder); err == nil && count.Files > 0 {
			seen[card] = count
		}
	}
	return seen
}

// take shows the cards that are there.
func (c *cardWatch) take(seen map[cardSeen]capture.CardCount) {
	if maps.Equal(seen, c.seen) {
		return
	}
	c.seen = seen
	maps.DeleteFunc(c.refused, func(card cardSeen, _ bool) bool { _, there := seen[card]; return !there })
	c.show()
}

// recount counts anew what lies on the cards, after an import.
func (c *cardWatch) recount() {
	if len(c.seen) > 0 {
		s, r := c.screen, c.screen.request
		s.inBackground(func() func() {
			seen := countCards(s.ctx, r.Session, r.Shoot, r.Cards.Volumes(), nil)
			return func() { c.take(seen) }
		})
	}
}

func (c *cardWatch) show() {
	s := c.screen
	c.content.RemoveAll()
	cards := slices.Collect(maps.Keys(c.seen))
	slices.SortFunc(cards, func(a, b cardSeen) int {
		return cmp.Or(strings.Compare(a.folder, b.folder), cmp.Compare(a.written, b.written))
	})
	for _, card := range cards {
		if !c.refused[card] {
			c.content.Add(c.offer(card, c.seen[card]))
		}
	}
	c.content.Hidden = len(c.content.Objects) == 0
	part.Settle(s.root)
}

// offer is a line about a card: what lies on it, and a way in for what is new.
func (c *cardWatch) offer(card cardSeen, count capture.CardCount) fyne.CanvasObject {
	s := c.screen
	name := map[string]any{"Card": filepath.Base(filepath.Dir(card.folder)), "New": count.New}
	id := "pictures.card.here"
	switch count.New {
	case 0:
		id = "pictures.card.nothing-new"
	case count.Files:
	default:
		id = "pictures.card.some-new"
	}
	refuse := part.NewQuietButton(s.t("pictures.card.not-now", nil), func() { c.refused[card] = true; c.show() })
	actions := part.Flow(8, refuse)
	if count.New > 0 {
		take := part.NewButton(s.t("pictures.card.import", nil), func() {
			c.refused[card] = true // it is being imported; the importer tells the rest
			c.show()
			s.importer.start([]string{card.folder})
		})
		actions.Objects = []fyne.CanvasObject{take, refuse}
	}
	return part.Pane(container.NewVBox(part.Body(s.request.Texts.N(id, count.Files, name)), actions))
}
