package pictures

import (
	"context"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// sideWidth is how wide the side is, in units.
const sideWidth = 348

// side answers what may be done with the selected picture, and is where people are named and counted.
type side struct {
	screen  *Screen
	content *fyne.Container
	body    *fyne.Container
	link    *linking
	people  *part.Entry
	asked   int // counts the questions, so that a late answer to an old one is passed over
	showing details
}

func newSide(s *Screen) *side {
	d := &side{screen: s, body: container.NewVBox()}
	d.content = &fyne.Container{Layout: wide(sideWidth)}
	d.content.Hide() // until there are pictures
	d.people = part.NewEntry("")
	d.people.OnSubmitted = func(text string) {
		count, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil {
			count = -1 // the use case says what a number of people is
		}
		s.setPeople(count)
	}
	d.link = newLinking(s)
	d.content.Objects = []fyne.CanvasObject{part.Pane(container.NewVScroll(container.New(layout.NewCustomPaddedLayout(0, 0, 0, 12), d.body)))}
	return d
}

// show turns the side to the selected pictures.
func (d *side) show(rows []row) {
	d.asked++
	d.link.part.show(rows)
	s := d.screen
	switch len(rows) {
	case 0:
		d.showing = details{}
		d.fill(part.Note(s.t("pictures.hint", nil)))
	case 1:
		if d.showing.id != rows[0].id { // else the old answers stay until the new ones come
			d.body.Objects = []fyne.CanvasObject{part.Subheading(rows[0].thumb.Name)}
			d.body.Refresh()
		}
		asked, r, channels := d.asked, s.request, s.channels
		s.inBackground(func() func() {
			found, err := describe(s.ctx, r.Session, rows[0].id, channels, r.Texts)
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
	default:
		d.showing = details{}
		d.showMany(rows)
	}
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
	for _, v := range []consent.Verdict{consent.Yes, consent.NotYet, consent.No} {
		if n := count[v]; n > 0 {
			marks.Add(part.NewStatusMark(markOf(v), strconv.Itoa(n)+" · "+s.t("pictures.verdict."+string(v), nil)))
		}
	}
	groups := []fyne.CanvasObject{part.Subheading(s.request.Texts.N("pictures.selected", len(rows), nil)), marks}
	fill := func(more ...fyne.CanvasObject) {
		d.fill(append(append(groups, more...), d.link.content, d.counting(-1))...)
	}
	fill()
	if asking := keepAsking(rows); len(asking) > 0 {
		turn, r := d.asked, s.request
		s.inBackground(func() func() {
			together := askTogether(r.Session, asking, r.Texts)
			return func() {
				if turn == d.asked {
					fill(d.deciding(together, asking...))
				}
			}
		})
	}
}

func (d *side) showOne(found details) {
	s := d.screen
	if reflect.DeepEqual(d.showing, found) {
		return // what is being typed beside it stays
	}
	d.showing = found
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
	if found.slate {
		says := "pictures.card.is"
		if len(found.people) == 0 {
			says = "pictures.card.nobody"
		}
		card := container.NewVBox(part.Body(s.t(says, nil)))
		for _, p := range found.people {
			card.Add(part.Body(p.word))
		}
		d.fill(head, card)
		return
	}
	people := container.NewVBox()
	people.Hidden = len(found.people) == 0
	for _, p := range found.people {
		d.listPerson(people, found.id, p)
	}
	first, others := container.NewVBox(), container.NewVBox()
	for _, a := range found.answers {
		if a.channel == s.channel {
			first.Add(answered(a)) // the one that was asked for, without having to look for it
		} else {
			others.Add(answered(a))
		}
	}
	groups := []fyne.CanvasObject{head}
	if found.asks != nil {
		groups = append(groups, d.deciding(*found.asks, found.id))
	}
	groups = append(groups, first, container.NewVBox(d.link.content, people), d.counting(found.count), others, d.grounds(found))
	d.fill(groups...)
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

// grounds asks why a picture may be used at all.
func (d *side) grounds(found details) fyne.CanvasObject {
	s := d.screen
	titles := make([]string, len(consent.Grounds))
	at := 0
	for i, g := range consent.Grounds {
		titles[i] = s.t("ground."+string(g), nil)
		if g == found.ground {
			at = i
		}
	}
	why := part.NewTextEntry(s.t("pictures.ground.why", nil), 3)
	save := part.NewButton(s.t("pictures.ground.save", nil), nil)
	choice := widget.NewSelect(titles, nil)
	choice.SetSelectedIndex(at)
	below := container.NewVBox(why, container.NewHBox(save))
	update := func(string) {
		changed := consent.Grounds[choice.SelectedIndex()] != found.ground
		why.Hidden = consent.Grounds[choice.SelectedIndex()] == consent.GroundConsent
		below.Hidden = !changed && why.Hidden
		d.body.Refresh()
	}
	choice.OnChanged = update
	save.OnTapped = func() {
		ground, reason := consent.Grounds[choice.SelectedIndex()], why.Text
		s.do([]consent.AssetID{found.id}, func(ctx context.Context) error { return s.request.Session.SetGround(ctx, found.id, ground, reason) },
			func() { s.request.Toast(s.t("pictures.ground.done", nil)) })
	}
	update("")
	return container.NewVBox(part.FieldLabel(s.t("pictures.ground", nil)), part.Framed(choice), below)
}

// listPerson lists who is on a picture with the way off it; of a film every part of its own.
func (d *side) listPerson(list *fyne.Container, id consent.AssetID, who pictured) {
	line := func(shown fyne.CanvasObject, of consent.Span) {
		off := part.NewQuietButton(d.screen.t("pictures.unlink", nil), func() { d.unlink(id, who.found, of) })
		list.Add(container.NewBorder(nil, nil, nil, container.NewCenter(off), shown))
	}
	if len(who.parts) == 0 || slices.Equal(who.parts, []consent.Span{{}}) {
		line(part.Body(who.word), consent.Span{})
		return
	}
	list.Add(part.Body(who.word))
	for _, of := range who.parts {
		word := spanWord(of)
		if of.Whole() {
			word = d.screen.t("pictures.part.whole", nil)
		}
		line(part.Note(word), of)
	}
}

// unlink takes a person off a picture, or off a part of it.
func (d *side) unlink(id consent.AssetID, who found, of consent.Span) {
	s := d.screen
	s.do([]consent.AssetID{id}, func(ctx context.Context) error { return s.request.Session.UnlinkPart(ctx, who.id, of, id) },
		func() { s.request.Toast(s.t("pictures.unlinked", map[string]any{"Person": who.word})) })
}

// wide gives its object a width.
type wide float32

func (w wide) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(float32(w), objects[0].MinSize().Height)
}

func (w wide) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.Position{})
	objects[0].Resize(size)
}
