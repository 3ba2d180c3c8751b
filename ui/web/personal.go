package web

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"samtykke/app/consent"
	"samtykke/app/library"
	"samtykke/assets"
)

// personalPage is the answers as the template shows them: ready-made words, no rules.
type personalPage struct {
	Organisation consent.Organisation
	Policy       bool // the organisation's policy can be a link
	Purpose      string
	Code         consent.Code
	Signed       string
	Assets       string
	Erased       bool
	Done         bool // a withdrawal was just made
	NoneChosen   bool // the button was pressed with nothing ticked

	Standing []string // sentences about the answers as a whole
	Kinds    []string
	Columns  int // of the table: one of channels and one for each kind
	Groups   []answerGroup
	// Withdrawable: there is something to say no to.
	Withdrawable  bool
	WithdrawToken string
	LeaveToken    string
	History       []historyLine
	Text          consent.FormText
	MachineMade   string // says so in the form's language; "" when people have read the translation
	Version       string // "Title, version 2026.1"
}

// answerGroup is one group of channels under its heading.
type answerGroup struct {
	Heading string
	Rows    []answerRow
}

type answerRow struct {
	Channel consent.ChannelText
	Cells   []answerCell
	// All is the scope pattern of the whole row, "" when fewer than two of its cells can be withdrawn.
	All string
}

type answerCell struct {
	Scope  consent.Scope
	Kind   string
	Status consent.Status
	Mark   string // name of an icon
	Word   string
	Until  string // "" when it goes without saying
	Open   bool   // can be withdrawn
}

type historyLine struct {
	When string // in words
	Time string // for machines
	What string
	Who  string
}

// looked is a session's view with the languages to show it in.
type looked struct {
	held session
	view library.PersonalView
	said speech
	text consent.FormText
}

// look finds the session and its view. When it cannot, it has answered the request already and returns false.
func (s *site) look(w http.ResponseWriter, r *http.Request) (looked, bool) {
	held, ok := s.session(r)
	if !ok {
		s.ended(w, r)
		return looked{}, false
	}
	view, err := s.desk.Personal(r.Context(), held.secret)
	switch {
	case errors.Is(err, library.ErrLinkUnknown):
		s.unknown(w, r)
		return looked{}, false
	case err != nil:
		s.report(r, "personal page", held.secret, err)
		s.failed(w, r, speak(w, r, "", nil), err, "web.error.failed.text")
		return looked{}, false
	}
	said := speak(w, r, view.Language, view.Form)
	return looked{held: held, view: view, said: said, text: view.Form.Texts[said.form]}, true
}

// personal shows the answers.
func (s *site) personal(w http.ResponseWriter, r *http.Request) {
	if _, ok := s.session(r); !ok && cameFromElsewhere(r) {
		s.onward(w, r)
		return
	}
	l, ok := s.look(w, r)
	if !ok {
		return
	}
	s.prolong(w, r, l.held)
	s.showPersonal(w, r, l, http.StatusOK, false)
}

func (s *site) showPersonal(w http.ResponseWriter, r *http.Request, l looked, status int, noneChosen bool) {
	p := s.newPage(r, l.said, "web.my.title", "done")
	main := p.personal(l)
	main.NoneChosen = noneChosen
	main.Done = r.Method == http.MethodGet && r.URL.Query().Get("done") == "1" &&
		len(l.view.History) > 0 && l.view.History[0].Withdrawal
	main.WithdrawToken, main.LeaveToken = s.seal.token(l.held, "withdraw"), s.seal.token(l.held, "leave")
	if main.Done {
		p.Title = p.T("web.done.title") + " – " + p.Title // read aloud first
	}
	p.Main = main
	s.write(w, r, status, "personal", p)
}

// cameFromElsewhere tells whether the browser may hold a session that it did not send. A browser keeps a strict cookie back for the
// whole of a navigation that began on another site, our own redirect to /my included: that is how a link in a web mail arrives.
func cameFromElsewhere(r *http.Request) bool {
	if r.URL.Query().Has("again") {
		return false
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return false
	}
	return true
}

// onward answers with a page that goes to the answers by itself, now as a step within this site.
func (s *site) onward(w http.ResponseWriter, r *http.Request) {
	s.write(w, r, http.StatusOK, "onward", s.newPage(r, speak(w, r, "", nil), "web.onward.title"))
}

// personal puts a view into words.
func (p *page) personal(l looked) personalPage {
	v := l.view
	m := personalPage{
		Organisation: v.Organisation,
		Policy:       strings.HasPrefix(v.Organisation.Policy, "https://") || strings.HasPrefix(v.Organisation.Policy, "http://"),
		Purpose:      l.text.Purpose, Code: v.Code, Signed: p.date(v.SignedAt), Erased: v.Erased, Text: l.text,
		Version: p.T("receipt.notice.version", "Title", l.text.Title, "Version", v.Form.Version),
	}
	if l.text.MachineMade {
		m.MachineMade = assets.NewTexts(l.said.form).T("receipt.machine-made", nil)
	}
	m.Assets = p.T("web.my.assets.none")
	if v.Assets > 0 {
		m.Assets = p.texts.N("web.my.assets.count", v.Assets, nil)
	}
	for _, kind := range v.Form.Media {
		m.Kinds = append(m.Kinds, l.text.Media[kind])
	}
	m.Columns = 1 + len(m.Kinds)
	until, same := usualUntil(v.Rows)
	group := ""
	given, all, waiting := 0, 0, false
	for _, row := range v.Rows {
		if g := channelGroup(v.Form, row.Channel); g != group || len(m.Groups) == 0 {
			group = g
			m.Groups = append(m.Groups, answerGroup{Heading: l.text.Groups[g]})
		}
		answer := answerRow{Channel: channelText(l.text, row.Channel)}
		open := 0
		for _, cell := range row.Cells {
			a := answerCell{Scope: cell.Scope, Kind: mediaText(l.text, cell.Scope.Media), Status: cell.Status,
				Mark: mark(cell.Status), Word: p.T("receipt.status." + string(cell.Status)), Open: cell.Withdrawable}
			if cell.Status == consent.StatusGiven && !sameDay(cell.Until, until) {
				a.Until = p.T("receipt.until", "Date", p.date(lastDay(cell.Until)))
			}
			answer.Cells = append(answer.Cells, a)
			all++
			if cell.Status == consent.StatusGiven {
				given++
			}
			waiting = waiting || cell.Status == consent.StatusAwaitingGuardian
			if cell.Withdrawable {
				open++
			}
		}
		if open > 1 {
			answer.All = string(row.Channel) + ":*"
		}
		m.Withdrawable = m.Withdrawable || open > 0
		last := &m.Groups[len(m.Groups)-1]
		last.Rows = append(last.Rows, answer)
	}
	m.Standing = p.standing(given, all, waiting, until, same)
	for _, e := range v.History {
		m.History = append(m.History, p.historyLine(l.text, e))
	}
	return m
}

// standing says in a few sentences how the answers stand as a whole.
func (p *page) standing(given, all int, waiting bool, until time.Time, same bool) []string {
	var said []string
	if given == 0 {
		said = append(said, p.T("web.my.none"))
	} else {
		said = append(said, p.T("web.my.given", "yes", given, "all", all))
	}
	switch {
	case given > 0 && same:
		said = append(said, p.T("receipt.valid", "Date", p.date(lastDay(until))))
	case given > 0:
		said = append(said, p.T("web.my.valid.usually", "date", p.date(lastDay(until))))
	}
	said = append(said, p.T("receipt.valid.only"))
	if waiting {
		said = append(said, p.T("receipt.guardian.note"))
	}
	return said
}

// usualUntil is the day on which most given consents end, the earlier of two, and whether all of them do.
func usualUntil(rows []library.PersonalRow) (usual time.Time, all bool) {
	var ends []time.Time
	for _, row := range rows {
		for _, cell := range row.Cells {
			if cell.Status == consent.StatusGiven {
				ends = append(ends, cell.Until)
			}
		}
	}
	most := 0
	for _, end := range ends {
		same := 0
		for _, other := range ends {
			if sameDay(end, other) {
				same++
			}
		}
		if same > most || same == most && end.Before(usual) {
			usual, most = end, same
		}
	}
	return usual, most == len(ends)
}

// mark names the icon of a status: the same three answers as everywhere, and a dash for silence.
func mark(status consent.Status) string {
	switch status {
	case consent.StatusGiven:
		return "yes"
	case consent.StatusAwaitingGuardian, consent.StatusUnderReview:
		return "not-yet"
	case consent.StatusUnanswered:
		return "silent"
	default:
		return "no"
	}
}

func channelGroup(form *consent.Form, channel consent.Channel) string {
	for _, c := range form.Channels {
		if c.Key == channel {
			return c.Group
		}
	}
	return ""
}

// channelText and mediaText fall back to the key, for a scope of an older form.
func channelText(text consent.FormText, channel consent.Channel) consent.ChannelText {
	if t, ok := text.Channels[channel]; ok {
		return t
	}
	return consent.ChannelText{Title: string(channel)}
}

func mediaText(text consent.FormText, kind consent.MediaKind) string {
	if t, ok := text.Media[kind]; ok {
		return t
	}
	return string(kind)
}
