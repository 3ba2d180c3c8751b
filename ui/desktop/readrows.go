package desktop

import (
	"samtykke/app/capture"
	"samtykke/app/consent"
)

// readRows are people whose rows are read when they are seen, so that a list of everybody in the vault costs what fits on the screen.
type readRows struct {
	ids  []consent.SubjectID
	read func(consent.SubjectID) personRow
	kept map[consent.SubjectID]personRow // that have been read
}

// newReadRows lists people as they stand now.
func newReadRows(s *capture.Session, w *words, channels []channelName, ids []consent.SubjectID) *readRows {
	return &readRows{ids: ids, kept: map[consent.SubjectID]personRow{}, read: func(id consent.SubjectID) personRow {
		row, err := s.BoardRow(id)
		if err != nil { // nobody, which no list of the session's has
			return personRow{id: id}
		}
		return newPersonRow(row, channels, w)
	}}
}

func (r *readRows) row(i int) personRow {
	id := r.ids[i]
	row, read := r.kept[id]
	if !read {
		row = r.read(id)
		r.kept[id] = row
	}
	return row
}

// showRead replaces the rows with such as are read when they are seen, and keeps the selection.
func (l *personList) showRead(rows *readRows) {
	l.rows, l.later = nil, rows
	l.renew()
}

// length is how many people the list has.
func (l *personList) length() int {
	if l.later != nil {
		return len(l.later.ids)
	}
	return len(l.rows)
}

// id is who stands in a row.
func (l *personList) id(i int) consent.SubjectID {
	if l.later != nil {
		return l.later.ids[i]
	}
	return l.rows[i].id
}

func (l *personList) row(i int) personRow {
	if l.later != nil {
		return l.later.row(i)
	}
	return l.rows[i]
}
