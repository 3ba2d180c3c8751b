package signing

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"samtykke/app/consent"
	"samtykke/assets"
	"samtykke/ui/desktop/part"
)

// groups are the groups of channels in the order of the form; each is a page.
func (f *Flow) groups() []string {
	var groups []string
	for _, c := range f.form.Channels {
		if !slices.Contains(groups, c.Group) {
			groups = append(groups, c.Group)
		}
	}
	return groups
}

func (f *Flow) channels(group string) []consent.FormChannel {
	return slices.DeleteFunc(slices.Clone(f.form.Channels), func(c consent.FormChannel) bool { return c.Group != group })
}

// answersPage asks for the channels of one group. All and nothing weigh the same and stand beside each other.
func (f *Flow) answersPage(index int) page {
	d, text, group := f.draft, f.text(), f.groups()[index]
	grid := f.grid(group)
	grid.SetAnswers(d.answers)
	grid.OnChanged = func() {
		f.idle.touch()
		f.frame.say("")
		for _, open := range grid.Unanswered() { // an optional answer may have been taken back
			delete(d.answers, open)
		}
		d.take(grid.Answers())
	}
	all := func(id string, answer part.Answer) *part.Button {
		return part.NewButton(f.t(id, nil), func() {
			for _, s := range f.form.Scopes() {
				d.answers[s.String()] = answer
			}
			f.goTo(step{kind: stepCheck})
		})
	}
	title := f.t("signing.where.you", nil)
	if f.child() && d.signer != self {
		title = f.t("signing.where.child", map[string]any{"Name": f.profile().Name})
	}
	return page{title: title + " · " + text.Groups[group], wide: true, tight: true, next: f.t("signing.next", nil),
		body:  grid.Content(),
		extra: []fyne.CanvasObject{all("signing.all.no", part.No), all("signing.all.yes", part.Yes)},
		onNext: func() {
			if open := f.unanswered(group); len(open) > 0 {
				f.frame.say(f.t("signing.unanswered", map[string]any{"Missing": strings.Join(open, "; ")}))
				grid.FocusFirstUnanswered()
				return
			}
			f.forward()
		}}
}

func (f *Flow) grid(group string) *part.ScopeGrid {
	return Grid(f.form, f.text(), f.texts, f.channels(group))
}

// Grid asks about channels of a form, in one of its texts and in the words of that language.
func Grid(form *consent.Form, text consent.FormText, words *assets.Texts, channels []consent.FormChannel) *part.ScopeGrid {
	t := func(id string) string { return words.T("signing."+id, nil) }
	var rows []part.ScopeRow
	for _, c := range channels {
		row := part.ScopeRow{Key: string(c.Key), Title: text.Channels[c.Key].Title, Explain: text.Channels[c.Key].Text, Optional: c.Optional}
		if c.ThirdCountry {
			row.Warning = t("thirdcountry")
		}
		rows = append(rows, row)
	}
	var kinds []part.ScopeColumn
	for _, m := range form.Media {
		kinds = append(kinds, part.ScopeColumn{Key: string(m), Title: text.Media[m]})
	}
	return part.NewScopeGrid(rows, kinds, part.ScopeWords{
		Yes: t("yes"), No: t("no"), RowYes: t("row.yes"), RowNo: t("row.no"), Explain: t("explain"), Chosen: t("chosen"),
		Optional: t("optional"), RowOpen: t("row.open"), YesKey: []rune(t("yes.key"))[0], NoKey: []rune(t("no.key"))[0],
	})
}

// unanswered names what has no answer and needs one: the channel, and its kinds.
func (f *Flow) unanswered(group string) []string {
	text := f.text()
	var missing []string
	for _, c := range f.channels(group) {
		if c.Optional {
			continue
		}
		var kinds []string
		for _, m := range f.form.Media {
			if f.draft.answers[consent.Scope{Channel: c.Key, Media: m}.String()] == part.Unanswered {
				kinds = append(kinds, f.lower(text.Media[m]))
			}
		}
		if len(kinds) > 0 {
			missing = append(missing, text.Channels[c.Key].Title+" ("+strings.Join(kinds, ", ")+")")
		}
	}
	return missing
}

// checkGroups is how many groups fit on one page of checking.
const checkGroups = 4

func (f *Flow) checkPages() int { return (len(f.groups()) + checkGroups - 1) / checkGroups }

// checkPage says the answers in plain sentences; each group can be changed.
func (f *Flow) checkPage(index int) page {
	groups := f.groups()
	cards := newColumn(f.group())
	var row []fyne.CanvasObject
	for i := index * checkGroups; i < min(len(groups), (index+1)*checkGroups); i++ {
		row = append(row, f.checkCard(i, groups[i]))
		if len(row) == 2 {
			cards.Add(newColumns(f.group(), nil, row...))
			row = nil
		}
	}
	if len(row) == 1 {
		cards.Add(newColumns(f.group(), nil, row[0], newColumn(0)))
	}
	return page{title: f.t("signing.check.title", nil), body: cards, wide: true, next: f.t("signing.check.right", nil), onNext: f.forward}
}

func (f *Flow) checkCard(index int, group string) fyne.CanvasObject {
	text := f.text()
	head := part.Body(text.Groups[group])
	head.TextStyle.Bold = true
	change := part.NewQuietButton(f.t("signing.change", nil), func() { f.goTo(step{stepAnswers, index}) })
	card := newColumn(f.loose(), newColumns(0, []float32{3, 1}, head, change))
	for _, c := range f.channels(group) {
		mark, sentence := f.sentence(c, text)
		said := part.Body(text.Channels[c.Key].Title + ": " + sentence)
		card.Add(&fyne.Container{Layout: &warningLayout{}, Objects: []fyne.CanvasObject{part.NewStatusIcon(mark, ""), said}})
	}
	return card
}

// sentence says what was answered for a channel.
func (f *Flow) sentence(c consent.FormChannel, text consent.FormText) (part.Mark, string) {
	words := map[part.Answer][]string{}
	for _, m := range f.form.Media {
		answer := f.draft.answers[consent.Scope{Channel: c.Key, Media: m}.String()]
		words[answer] = append(words[answer], f.lower(text.Media[m]))
	}
	mark := part.MarkUnanswered
	var said []string
	for _, each := range []struct {
		answer part.Answer
		id     string
		mark   part.Mark
	}{{part.Yes, "signing.said.yes", part.MarkYes}, {part.No, "signing.said.no", part.MarkNo}, {part.Unanswered, "signing.said.open", mark}} {
		if len(words[each.answer]) == 0 {
			continue
		}
		if len(said) == 0 {
			mark = each.mark
		}
		said = append(said, f.t(each.id, map[string]any{"What": f.list(words[each.answer])}))
	}
	return mark, strings.Join(said, ", ") + "."
}

// list joins words as people say them.
func (f *Flow) list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return f.t("signing.and", map[string]any{"First": strings.Join(words[:last], ", "), "Last": words[last]})
}
