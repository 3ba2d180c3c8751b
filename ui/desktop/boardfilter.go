package desktop

import (
	"context"
	"slices"
	"strings"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

// boardRows are the people of a board, in hand, so that what is asked for changes with every letter without reading anything again. What a
// list says of somebody is made when it is seen.
type boardRows struct {
	of   map[consent.SubjectID]capture.BoardRow
	read func(consent.SubjectID) personRow
	kept map[consent.SubjectID]personRow
}

func newBoardRows(board capture.Board, channels []channelName, w *words) boardRows {
	rows := boardRows{of: make(map[consent.SubjectID]capture.BoardRow, len(board.Rows)), kept: map[consent.SubjectID]personRow{}}
	for _, row := range board.Rows {
		rows.of[row.ID] = row
	}
	rows.read = func(id consent.SubjectID) personRow { return newPersonRow(rows.of[id], channels, w) }
	return rows
}

// boardHits are who a text finds among the people of a shoot; everybody for a text without letters.
type boardHits struct {
	all bool
	ids map[consent.SubjectID]bool
}

// seek finds who is looked for.
func (b *boardPage) seek() func(context.Context) (boardHits, error) {
	session, shoot, needle := b.shell.window.session, b.shell.shoot, b.find.Text
	return func(context.Context) (boardHits, error) {
		if consent.Plain(needle) == "" {
			return boardHits{all: true}, nil
		}
		hits := boardHits{ids: map[consent.SubjectID]bool{}}
		for _, p := range session.Find(capture.Search{Text: needle, Shoot: shoot, OnlyShoot: true}) {
			hits.ids[p.ID] = true
		}
		return hits, nil
	}
}

func (b *boardPage) sought(hits boardHits, _ error) {
	b.hits = hits
	b.fill()
}

// showOnly shows those alone whom a counter counts, or everybody when it does already.
func (b *boardPage) showOnly(tally capture.Tally) {
	if b.tally == tally {
		tally = ""
	}
	b.tally = tally
	b.fill()
}

// askForAll lets go of what was asked for at another shoot.
func (b *boardPage) askForAll() {
	b.tally, b.hits = "", boardHits{all: true}
	b.only.Checked = false
	b.only.Refresh()
	b.group.Selected = b.group.Options[0]
	b.group.Refresh()
	if b.find.Text != "" {
		b.find.SetText("")
	}
}

// offer lists the channels and groups that this shoot has.
func (b *boardPage) offer(d boardData) {
	if !slices.Equal(b.channels, d.channels) {
		b.columns(d.channels)
	}
	chosen := b.askedGroup()
	b.groups = d.groups
	b.group.Options = append([]string{b.shell.window.words.t("board.groups")}, d.groups...)
	if !slices.Contains(d.groups, chosen) {
		b.group.Selected = b.group.Options[0]
	}
	b.group.Refresh()
	hide(b.ofGroup, len(d.groups) == 0)
}

// askedGroup is the group that alone is looked at, "" for all.
func (b *boardPage) askedGroup() string {
	if at := b.group.SelectedIndex(); at > 0 && at <= len(b.groups) {
		return b.groups[at-1]
	}
	return ""
}

// fill shows who of the board is asked for, and the counts of the group that is looked at.
func (b *boardPage) fill() {
	words, d := b.shell.window.words, b.shown
	of, channel := d.board.Of(b.askedGroup()), b.looksAt()
	for i, tally := range counted {
		text := words.t("board.registered", "count", of.Registered)
		if tally != "" {
			text = words.t("board."+string(tally), "count", of.Counts[tally])
		}
		b.counters[i].Set(text, b.tally == tally)
	}
	b.may.SetText(words.t("board.of", "some", of.MayAppear[channel], "all", of.Registered))
	b.warn(of)
	var ids []consent.SubjectID
	for _, row := range of.Rows {
		if (b.tally == "" || row.Tally() == b.tally) && (!b.only.Checked || row.Marks[channel] == consent.Yes) && (b.find.Text == "" || b.hits.all || b.hits.ids[row.ID]) {
			ids = append(ids, row.ID)
		}
	}
	b.list.show(max(b.channel.SelectedIndex(), 0))
	b.list.showRead(&readRows{ids: ids, read: d.rows.read, kept: d.rows.kept})
	hide(b.empty, d.board.Registered > 0 || len(ids) > 0)
	hide(b.nobody, d.board.Registered == 0 || len(ids) > 0)
	hide(b.list.root, len(ids) == 0)
	b.selected()
}

// warn names those of a group who are not to be photographed, whatever else is asked for.
func (b *boardPage) warn(board capture.Board) {
	var names []string
	for _, row := range board.Rows {
		if row.Tally() == capture.TallyAvoid {
			names = append(names, join(" ", b.shown.rows.name(row.ID), inBrackets(row.Profile.Group)))
		}
	}
	b.avoid.Set(b.shell.window.words.t("board.avoid", "count", len(names))+": "+strings.Join(names, " · "), b.tally == capture.TallyAvoid)
	hide(b.avoid, len(names) == 0)
}

func inBrackets(text string) string {
	if text == "" {
		return ""
	}
	return "(" + text + ")"
}

// name is what the list calls somebody.
func (r boardRows) name(id consent.SubjectID) string {
	if row, read := r.kept[id]; read {
		return row.name
	}
	return r.read(id).name
}

// openFirst opens the first who shows, and lets the arrow keys go on from there.
func (b *boardPage) openFirst() {
	if b.list.length() == 0 {
		return
	}
	b.list.choose(b.list.id(0))
	b.side.showPerson(b.list.selected)
	b.selected()
	b.shell.window.focus(b.list.focusable())
}
