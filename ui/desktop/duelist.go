package desktop

import (
	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// dueRow is somebody who must be asked again, every string ready.
type dueRow struct {
	id         consent.SubjectID
	code, name string
	why        string
}

// readDue lists who must be asked again, each once and the most pressing first.
func readDue(s *capture.Session, w *words) []dueRow {
	var rows []dueRow
	at := map[consent.SubjectID]int{}
	byReason := map[consent.DueReason][]capture.DueEntry{}
	for _, due := range s.Due(capture.DueFilter{}, w.Language) {
		byReason[due.Reason] = append(byReason[due.Reason], due)
	}
	for _, reason := range consent.DueReasons {
		for _, due := range byReason[reason] {
			why := w.t("due."+string(reason), "until", w.day(due.Until))
			if i, listed := at[due.Subject]; listed {
				rows[i].why = join("; ", rows[i].why, why)
				continue
			}
			at[due.Subject] = len(rows)
			rows = append(rows, dueRow{due.Subject, string(due.Code), personName(due.Person, w), why})
		}
	}
	return rows
}

// dueList is the list of those who must be asked again.
type dueList struct {
	rows *part.RowList
	list []dueRow
}

func newDueList(w *words, selected func(consent.SubjectID)) *dueList {
	l := &dueList{}
	l.rows = part.NewRowList([]part.Column{{Title: w.t("column.code"), Width: 92}, {Title: w.t("column.name"), Stretch: 2}, {Title: w.t("column.due"), Stretch: 3}},
		func() int { return len(l.list) },
		func(i int, cells []part.Cell) {
			r := l.list[i]
			cells[0], cells[1] = part.Cell{Text: r.code, Monospace: true}, part.Cell{Text: r.name, Bold: true}
			cells[2] = part.Cell{Text: r.why, Mark: part.MarkNotYet}
		})
	l.rows.OnSelected = func(i int) { selected(l.list[i].id) }
	return l
}

// show replaces the rows and keeps the selection, unless whom it was about is no longer listed.
func (l *dueList) show(rows []dueRow) {
	chosen := consent.SubjectID("")
	if at := l.rows.Selected(); at >= 0 && at < len(l.list) {
		chosen = l.list[at].id
	}
	l.list = rows
	if at := l.rows.Selected(); at >= 0 && (at >= len(rows) || rows[at].id != chosen) {
		l.rows.Unselect()
	}
	l.rows.Refresh()
}

// doubleList is the list of those who may be registered twice.
type doubleList struct {
	rows *part.RowList
	list []doubleView
}

func newDoubleList(w *words, selected func(doubleView)) *doubleList {
	l := &doubleList{}
	l.rows = part.NewRowList([]part.Column{{Title: w.t("column.name"), Stretch: 2}, {Title: w.t("column.twin"), Stretch: 2}, {Title: w.t("column.alike"), Stretch: 3}},
		func() int { return len(l.list) },
		func(i int, cells []part.Cell) {
			v := l.list[i]
			cells[0], cells[1] = part.Cell{Text: v.one.name, Bold: true}, part.Cell{Text: v.other.name, Bold: true}
			cells[2] = part.Cell{Text: v.why, Mark: part.MarkNotYet}
		})
	l.rows.OnSelected = func(i int) { selected(l.list[i]) }
	return l
}

// show replaces the rows; which of them is selected is decided anew.
func (l *doubleList) show(rows []doubleView) {
	l.list = rows
	l.rows.Unselect()
	l.rows.Refresh()
}
