package pictures

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// side answers what may be done with the selected picture, and is where people are named and counted.
type side struct {
	screen  *Screen
	content *fyne.Container
	body    *fyne.Container
	link    *linking
	people  *part.Entry
	asked   int // counts the questions, so that a late answer to an old one is passed over
	showing details
	cut     *part.Entry // a cut of a film, about which somebody asks
	cutOf   consent.AssetID
	cutNote *widget.Label
}

func newSide(s *Screen) *side {
	d := &side{screen: s, body: container.NewVBox()}
	d.content = container.NewStack()
	d.content.Hide() // until there are pictures
	d.people = part.NewEntry("")
	d.people.OnSubmitted = func(text string) {
		count, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil {
			count = -1 // the use case says what a number of people is
		}
		s.setPeople(count)
	}
	d.cut, d.cutNote = part.NewEntry("0:12–0:34"), part.Note("")
	d.cut.OnSubmitted = func(string) { d.askCut() }
	d.link = newLinking(s)
	d.content.Objects = []fyne.CanvasObject{part.Pane(container.NewVScroll(container.New(layout.NewCustomPaddedLayout(0, 0, 0, 12), d.body)))}
	return d
}

// show turns the side to the selected pictures.
func (d *side) show(rows []row) {
	d.asked++
	d.link.part.show(rows)
	switch len(rows) {
	case 0:
		d.showing = details{}
		d.showNothing()
	case 1:
		if d.showing.id != rows[0].id { // else the old answers stay until the new ones come
			d.body.Objects = []fyne.CanvasObject{part.Subheading(rows[0].thumb.Name)}
			d.body.Refresh()
		}
		d.describe(rows[0].id)
	default:
		d.showing = details{}
		d.showMany(rows)
	}
}

// describe finds out what there is to say about a picture, and shows it.
func (d *side) describe(id consent.AssetID) {
	s := d.screen
	if d.cutOf != id {
		d.cutOf = id
		d.cut.SetText("")
	}
	cut, _ := readSpan(d.cut.Text) // what cannot be read was told when it was asked
	asked, r, channels := d.asked, s.request, s.channels
	s.inBackground(func() func() {
		found, err := describe(s.ctx, r.Session, id, cut, channels, r.Texts)
		return func() {
			switch {
			case asked != d.asked:
			case err != nil:
				s.failed(err)
			default:
				d.showOne(found)
			}
		}
	})
}

// askCut answers what may be done with a cut of the film that shows.
func (d *side) askCut() {
	if _, ok := readSpan(d.cut.Text); !ok {
		d.cutNote.SetText(d.screen.t("pictures.cut.wrong", nil))
		return
	}
	d.asked++
	d.describe(d.cutOf)
}

// showNothing says how pictures are selected, by hand or by time.
func (d *side) showNothing() {
	s := d.screen
	from, to := part.NewEntry("14:05"), part.NewEntry("14:30")
	take := func(string) { s.selectTaken(from.Text, to.Text) }
	from.OnSubmitted, to.OnSubmitted = take, take
	fields := container.NewGridWithColumns(2, part.Field(s.t("pictures.taken.from", nil), from, ""), part.Field(s.t("pictures.taken.to", nil), to, ""))
	d.fill(part.Note(s.t("pictures.hint", nil)),
		container.NewVBox(fields, part.Note(s.t("pictures.taken.why", nil)), part.Flow(8,
			part.NewButton(s.t("pictures.taken.select", nil), func() { take("") }), part.NewButton(s.t("pictures.select-all", nil), s.grid.SelectAll))))
}

func (d *side) showMany(rows []row) {
	s := d.screen
	count := map[consent.Verdict]int{}
	for _, r := range rows {
		if !r.slate {
			count[r.verdict]++
		}
	}
	marks := container.NewVBox()
	for _, v := range verdicts {
		if n := count[v]; n > 0 {
			marks.Add(part.NewStatusMark(markOf(v), strconv.Itoa(n)+" · "+s.t("pictures.verdict."+string(v), nil)))
		}
	}
	people := container.NewVBox()
	groups := []fyne.CanvasObject{part.Subheading(s.request.Texts.N("pictures.selected", len(rows), nil)), marks}
	all, ground, removal := ids(rows), d.grounds(consent.GroundConsent, ids(rows)), d.removal(ids(rows))
	fill := func(more ...fyne.CanvasObject) {
		d.fill(append(append(groups[:2:2], more...), container.NewVBox(d.link.content, people), d.counting(-1), ground, removal)...)
	}
	fill()
	turn, r, asking := d.asked, s.request, keepAsking(rows)
	s.inBackground(func() func() {
		on := onSeveral(r.Session, rows)
		var together asked
		if len(asking) > 0 {
			together = askTogether(r.Session, asking, r.Texts)
		}
		return func() {
			if turn != d.asked {
				return
			}
			for _, each := range on {
				d.listOnSeveral(people, each, all)
			}
			d.body.Refresh()
			if len(asking) > 0 {
				fill(d.deciding(together, asking...))
			}
		}
	})
}

// onPictures is a person and on how many of the selected pictures they are.
type onPictures struct {
	found
	pictures int
}

// onSeveral lists who is on some pictures, whoever is on most of them first.
func onSeveral(session *capture.Session, rows []row) []onPictures {
	count := map[consent.SubjectID]int{}
	for _, r := range rows {
		for _, id := range r.people {
			count[id]++
		}
	}
	var list []onPictures
	for id, n := range count {
		if p, err := session.Person(id); err == nil {
			list = append(list, onPictures{found{id, personWord(p)}, n})
		}
	}
	slices.SortFunc(list, func(a, b onPictures) int { return cmp.Or(b.pictures-a.pictures, strings.Compare(a.word, b.word)) })
	return list
}

// listOnSeveral lists somebody who is on some of the selected pictures, with the way off all of them.
func (d *side) listOnSeveral(list *fyne.Container, who onPictures, all []consent.AssetID) {
	s := d.screen
	off := part.NewQuietButton(s.t("pictures.unlink", nil), func() {
		s.do(all, func(ctx context.Context) error { return s.request.Session.Unlink(ctx, who.id, all...) },
			func() {
				s.request.Toast(s.request.Texts.N("pictures.unlinked.many", len(all), map[string]any{"Person": who.word}))
			})
	})
	on := s.t("pictures.of", map[string]any{"Linked": strconv.Itoa(who.pictures), "Count": strconv.Itoa(len(all))})
	list.Add(container.NewBorder(nil, nil, nil, container.NewCenter(off), part.Body(who.word+" · "+on)))
}

func (d *side) showOne(found details) {
	s := d.screen
	if reflect.DeepEqual(d.showing, found) {
		return // what is being typed beside it stays
	}
	d.showing = found
	groups := []fyne.CanvasObject{d.head(found)}
	if found.slate {
		says := "pictures.card.is"
		if len(found.people) == 0 {
			says = "pictures.card.nobody"
		}
		card := container.NewVBox(part.Body(s.t(says, nil)))
		for _, p := range found.people {
			card.Add(part.Body(p.word))
		}
		d.fill(append(groups, card, d.removal([]consent.AssetID{found.id}))...)
		return
	}
	people := container.NewVBox()
	people.Hidden = len(found.people) == 0
	for _, p := range found.people {
		d.listPerson(people, found.id, p)
	}
	if found.asks != nil {
		groups = append(groups, d.deciding(*found.asks, found.id))
	}
	first, others := container.NewVBox(), container.NewVBox()
	for _, a := range found.answers {
		if a.channel == s.channel {
			first.Add(answered(a)) // without having to look for it
		} else {
			others.Add(answered(a))
		}
	}
	copied := part.NewQuietButton(s.t("pictures.copy", nil), func() {
		s.request.Copy(found.inWords())
		s.request.Toast(s.t("pictures.copied", nil))
	})
	others.Add(container.NewHBox(copied))
	groups = append(groups, first, container.NewVBox(d.link.content, people), d.counting(found.count), others)
	if found.film {
		groups = append(groups, d.cutting(found))
	}
	id := []consent.AssetID{found.id}
	d.fill(append(groups, d.grounds(found.ground, id), d.removal(id))...)
}

// head says what picture it is, and what is wrong with its file.
func (d *side) head(found details) fyne.CanvasObject {
	s := d.screen
	name := part.Subheading(found.name)
	name.Wrapping = fyne.TextWrapBreak
	head := container.NewVBox(name)
	if found.about != "" {
		head.Add(part.Note(found.about))
	}
	if found.amiss != "" {
		mark := container.NewVBox(container.NewPadded(part.NewStatusIcon(part.MarkNotYet, s.t("pictures.amiss", nil))))
		head.Add(container.NewBorder(nil, nil, mark, nil, part.Note(found.amiss)))
		if found.folder != "" {
			head.Add(s.relocating(found.folder))
		}
	}
	return head
}

// cutting asks for a cut of a film, and says what may be done with it: whoever is only in other parts has no say in it.
func (d *side) cutting(found details) fyne.CanvasObject {
	s := d.screen
	d.cutNote.SetText(s.t("pictures.cut.why", nil))
	box := container.NewVBox(part.Field(s.t("pictures.cut", nil), d.cut, ""), d.cutNote)
	for _, a := range found.cutSays {
		box.Add(answered(a))
	}
	return box
}

// answered says an answer: its mark, the channel, and the words.
func answered(a answer) fyne.CanvasObject {
	title := part.Body(a.title)
	title.TextStyle.Bold = true
	mark := container.NewVBox(container.NewPadded(part.NewStatusIcon(a.mark, a.word)))
	return container.NewBorder(nil, nil, mark, nil, container.New(layout.NewCustomPaddedVBoxLayout(-12), title, part.Note(a.said())))
}

// fill shows groups below each other.
func (d *side) fill(groups ...fyne.CanvasObject) {
	d.body.Objects = []fyne.CanvasObject{part.Stack(groups...)}
	d.body.Refresh()
}

// counting asks how many people can be recognised.
func (d *side) counting(count int) fyne.CanvasObject {
	s := d.screen
	text := ""
	if count >= 0 {
		text = strconv.Itoa(count)
	}
	d.people.SetText(text)
	return part.Field(s.t("pictures.people", nil), d.people, s.t("pictures.people.why", nil))
}

// listPerson lists who is on a picture with the way off it, and to all others with the same person; of a film every part of its own.
func (d *side) listPerson(list *fyne.Container, id consent.AssetID, who pictured) {
	s := d.screen
	line := func(shown fyne.CanvasObject, of consent.Span) {
		off := part.NewQuietButton(s.t("pictures.unlink", nil), func() { d.unlink(id, who.found, of) })
		list.Add(container.NewBorder(nil, nil, nil, container.NewCenter(off), shown))
	}
	if whole := len(who.parts) == 0 || slices.Equal(who.parts, []consent.Span{{}}); whole {
		line(part.Body(who.word), consent.Span{})
	} else {
		list.Add(part.Body(who.word))
		for _, of := range who.parts {
			word := spanWord(of)
			if of.Whole() {
				word = s.t("pictures.part.whole", nil)
			}
			line(part.Note(word), of)
		}
	}
	list.Add(container.NewHBox(part.NewQuietButton(s.t("pictures.person.all", nil), func() { s.showPerson(who.found) })))
}

// unlink takes a person off a picture, or off a part of it.
func (d *side) unlink(id consent.AssetID, who found, of consent.Span) {
	s := d.screen
	s.do([]consent.AssetID{id}, func(ctx context.Context) error { return s.request.Session.UnlinkPart(ctx, who.id, of, id) },
		func() { s.request.Toast(s.t("pictures.unlinked", map[string]any{"Person": who.word})) })
}
