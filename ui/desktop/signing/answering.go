package signing

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

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

// ordered are the channels in the order in which they are asked about: group by group.
func (f *Flow) ordered() []consent.FormChannel {
	var list []consent.FormChannel
	for _, group := range f.groups() {
		list = append(list, f.channels(group)...)
	}
	return list
}

// answersOn asks for some channels of one group. All and nothing weigh the same and stand beside each other.
func (f *Flow) answersOn(from, to int) page {
	d, text, channels := f.draft, f.text(), f.ordered()[from:to]
	grid := f.grid(channels)
	grid.SetAnswers(d.answers)
	grid.OnChanged = func() {
		f.idle.touch()
		f.frame.say("")
		for _, open := range grid.Unanswered() { // an optional answer may have been taken back
			delete(d.answers, open)
		}
		d.take(grid.Answers())
	}
	grid.OnExplain = func(row int) (elsewhere bool) {
		f.idle.touch()
		if f.hasRoomFor(part.Note(text.Channels[channels[row].Key].Text)) {
			return false
		}
		f.goTo(step{stepExplain, from + row})
		return true
	}
	title := f.t("signing.where.you", nil)
	if f.child() && d.signer != self {
		title = f.t("signing.where.child", map[string]any{"Name": f.profile().Name})
	}
	return page{title: title + " · " + text.Groups[channels[0].Group], wide: true, tight: true, next: f.t("signing.next", nil),
		spare: f.size(theme.SizeNameText), // a warning may be higher than the title, in whose place it stands
		body:  grid.Content(), extra: f.atOnce(), onNext: func() {
			switch open := f.unanswered(channels); {
			case len(open) > 0:
				f.frame.say(f.t("signing.unanswered", map[string]any{"Missing": strings.Join(open, "; ")}))
				grid.FocusFirstUnanswered()
			case d.changing && len(f.unanswered(f.ordered())) == 0 && !f.sameGroup(to):
				d.changing = false
				f.goTo(step{stepCheck, slices.Index(f.groups(), channels[0].Group)})
			default:
				f.forward()
			}
		}}
}

// sameGroup tells whether a channel is of the group that is asked about.
func (f *Flow) sameGroup(channel int) bool {
	all := f.ordered()
	return channel < len(all) && all[channel].Group == all[channel-1].Group
}

// atOnce are the buttons that answer for more than a page: no, yes and, for somebody who comes back, what they said the last time to all
// that has no answer yet.
func (f *Flow) atOnce() []fyne.CanvasObject {
	all := func(id string, answer func(consent.Scope) part.Answer) *part.Button {
		return part.NewButton(f.t(id, nil), func() {
			for _, s := range f.form.Scopes() {
				if a := answer(s); a != part.Unanswered {
					f.draft.answers[s.String()] = a
				}
			}
			f.draft.given++
			if open := slices.IndexFunc(f.ordered(), func(c consent.FormChannel) bool {
				return len(f.unanswered([]consent.FormChannel{c})) > 0
			}); open >= 0 {
				f.goTo(step{stepAnswers, open})
				return
			}
			f.draft.changing = false
			f.goTo(step{kind: stepCheck})
		})
	}
	buttons := []fyne.CanvasObject{
		all("signing.all.no", func(consent.Scope) part.Answer { return part.No }),
		all("signing.all.yes", func(consent.Scope) part.Answer { return part.Yes }),
	}
	if before := f.saidBefore(); len(before) > 0 {
		buttons = append(buttons, all("signing.all.before", func(s consent.Scope) part.Answer {
			if f.draft.answers[s.String()] != part.Unanswered {
				return part.Unanswered
			}
			return answerOf(before[s])
		}))
	}
	return buttons
}

// saidBefore is what whoever answers now said the last time; empty when they have never answered.
func (f *Flow) saidBefore() map[consent.Scope]consent.Decision {
	if f.request.Person == nil || f.draft.signer < self {
		return nil
	}
	return f.before[int(f.draft.signer)]
}

func answerOf(d consent.Decision) part.Answer {
	switch d {
	case consent.DecisionYes:
		return part.Yes
	case consent.DecisionNo:
		return part.No
	}
	return part.Unanswered
}

// explainPage says what a channel means, where the page of its answers has no room for it.
func (f *Flow) explainPage(channel int) page {
	text, key := f.text(), f.ordered()[channel].Key
	answers := func() { f.goTo(step{stepAnswers, channel}) }
	return page{title: text.Channels[key].Title, body: part.Body(text.Channels[key].Text), onBack: answers}
}

func (f *Flow) grid(channels []consent.FormChannel) *part.ScopeGrid {
	text, before := f.text(), f.saidBefore()
	return gridOf(f.form, text, f.texts, channels, func(c consent.FormChannel) string {
		if len(before) == 0 {
			return ""
		}
		_, said := f.sentence(c, text, func(s consent.Scope) part.Answer { return answerOf(before[s]) })
		return f.t("signing.before", map[string]any{"Said": said})
	})
}

// Grid asks about channels of a form, in one of its texts and in the words of that language.
func Grid(form *consent.Form, text consent.FormText, words *assets.Texts, channels []consent.FormChannel) *part.ScopeGrid {
	return gridOf(form, text, words, channels, func(consent.FormChannel) string { return "" })
}

// gridOf is Grid with a note about each channel, "" for none.
func gridOf(form *consent.Form, text consent.FormText, words words, channels []consent.FormChannel,
	note func(consent.FormChannel) string) *part.ScopeGrid {
	t := func(id string) string { return words.T("signing."+id, nil) }
	var rows []part.ScopeRow
	for _, c := range channels {
		row := part.ScopeRow{Key: string(c.Key), Title: text.Channels[c.Key].Title, Explain: text.Channels[c.Key].Text, Optional: c.Optional,
			Note: note(c)}
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
func (f *Flow) unanswered(channels []consent.FormChannel) []string {
	text := f.text()
	var missing []string
	for _, c := range channels {
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

// checkOn says the answers of some groups in plain sentences; each group can be changed.
func (f *Flow) checkOn(from, to int) page {
	groups := f.groups()
	cards := newColumn(f.group())
	columns := 2
	if f.theme.room == small {
		columns = 1
	}
	for i := from; i < to; i += columns {
		row := make([]fyne.CanvasObject, columns)
		for j := range row {
			if row[j] = newColumn(0); i+j < to {
				row[j] = f.checkCard(groups[i+j])
			}
		}
		cards.Add(newColumns(f.group(), nil, row...))
	}
	return page{title: f.t("signing.check.title", nil), body: cards, wide: true, next: f.t("signing.check.right", nil), onNext: f.forward}
}

func (f *Flow) checkCard(group string) fyne.CanvasObject {
	text := f.text()
	head := part.Body(text.Groups[group])
	head.TextStyle.Bold = true
	change := part.NewQuietButton(f.t("signing.change", nil), func() {
		f.draft.changing = true
		f.goTo(step{stepAnswers, slices.IndexFunc(f.ordered(), func(c consent.FormChannel) bool { return c.Group == group })})
	})
	card := newColumn(f.loose(), newColumns(0, []float32{3, 1}, head, change))
	for _, c := range f.channels(group) {
		mark, sentence := f.sentence(c, text, func(s consent.Scope) part.Answer { return f.draft.answers[s.String()] })
		said := part.Body(text.Channels[c.Key].Title + ": " + sentence)
		card.Add(&fyne.Container{Layout: &warningLayout{}, Objects: []fyne.CanvasObject{part.NewStatusIcon(mark, ""), said}})
	}
	return card
}

// sentence says what was answered for a channel.
func (f *Flow) sentence(c consent.FormChannel, text consent.FormText, answered func(consent.Scope) part.Answer) (part.Mark, string) {
	words := map[part.Answer][]string{}
	for _, m := range f.form.Media {
		answer := answered(consent.Scope{Channel: c.Key, Media: m})
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
