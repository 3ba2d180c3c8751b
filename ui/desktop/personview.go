package desktop

import (
	"slices"
	"strings"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/assets"
	"samtykke/ui/desktop/part"
)

// personView is one person as the pane shows them, every string ready.
type personView struct {
	person   capture.Person
	id       consent.SubjectID
	name     string
	code     string
	mark     part.Mark
	word     string
	facts    []string // phone, e-mail, birth, guardians
	channels []channelStanding
	history  []historyLine // newest first
	images   string
	// given: there is something to withdraw.
	given bool
	scope []channelName // what can be withdrawn alone
}

// channelStanding is what stands in one channel; one standing without a kind when all kinds agree.
type channelStanding struct {
	title     string
	standings []kindStanding
}

type kindStanding struct {
	mark part.Mark
	word string
}

// historyLine is one thing that happened.
type historyLine struct {
	when, what string
	receiptLine
}

var kinds = []consent.MediaKind{consent.Photo, consent.Video, consent.Audio}

func readPersonView(s *capture.Session, w *words, id consent.SubjectID) (personView, error) {
	row, err := s.BoardRow(id)
	if err != nil {
		return personView{}, err
	}
	p := row.Person
	v := personView{person: p, id: p.ID, name: personName(p, w), code: string(p.Code), facts: facts(p, w),
		mark: progressMark(row.Progress), word: w.t("progress." + string(row.Progress)), images: w.n("count.images", row.Images)}
	standings, err := s.Standings(id)
	if err != nil {
		return v, err
	}
	v.channels, v.scope, v.given = channelStandings(s, w, standings)
	history, err := s.History(id)
	v.history = historyLines(s, w, p, history)
	return v, err
}

func facts(p capture.Person, w *words) []string {
	if !p.Known {
		return nil
	}
	var list []string
	if p.Profile.Phone != "" {
		list = append(list, w.phone(p.Profile.Phone))
	}
	if p.Profile.Email != "" {
		list = append(list, p.Profile.Email)
	}
	if p.Profile.Born != "" {
		list = append(list, w.t("person.born.on", "date", w.date(p.Profile.Born)))
	}
	for _, g := range p.Profile.Guardians {
		list = append(list, w.t("guardian.line", "name", join(", ", g.Name, w.phone(g.Phone), g.Email)))
	}
	for _, text := range []string{p.Profile.Group, p.Profile.Notes} {
		if text != "" {
			list = append(list, text)
		}
	}
	return list
}

// channelStandings puts what stands into words, channel by channel, and tells what of it can be withdrawn.
func channelStandings(s *capture.Session, w *words, standings map[consent.Scope]consent.Standing) ([]channelStanding, []channelName, bool) {
	var list []channelStanding
	var open []channelName
	for _, c := range channelNames(s, w) {
		row := channelStanding{title: c.title}
		var words []string
		given := false
		for _, kind := range kinds {
			standing, asked := standings[consent.Scope{Channel: c.key, Media: kind}]
			if !asked {
				continue
			}
			given = given || standing.Status == consent.StatusGiven || standing.Status == consent.StatusAwaitingGuardian
			word := w.t("status." + string(standing.Status))
			words = append(words, word)
			row.standings = append(row.standings, kindStanding{statusMark(standing.Status), w.t("kind."+string(kind)) + ": " + strings.ToLower(word)})
		}
		if len(slices.Compact(slices.Clone(words))) == 1 {
			row.standings = []kindStanding{{row.standings[0].mark, words[0]}}
		}
		if given {
			open = append(open, c)
		}
		list = append(list, row)
	}
	return list, open, len(open) > 0
}

// historyLines tells a person's story, the newest first.
func historyLines(s *capture.Session, w *words, p capture.Person, history []consent.HistoryEntry) []historyLine {
	lines := []historyLine{{when: w.moment(p.Registered), what: w.t("history.registered")}}
	_, enrolled := s.Enrolment()
	answered := false
	for _, entry := range history {
		answered = answered || entry.Record != nil
		line := historyLine{when: w.moment(entry.At)}
		by := signerName(p, entry.By, w)
		switch {
		case entry.Record == nil && entry.Scopes == nil:
			line.what = w.t("history.withdrew-all", "by", by)
		case entry.Record == nil:
			line.what = w.t("history.withdrew", "by", by, "channels", scopeChannels(s, w, entry.Scopes))
		default:
			yes := 0
			for _, d := range entry.Record.Answers {
				if d == consent.DecisionYes {
					yes++
				}
			}
			line.what = answerSentence(w, by, yes, len(entry.Record.Answers), w.day(entry.Record.Until), languageName(entry.Record.Language))
		}
		if entry.Suspect {
			line.what += " " + w.t("history.suspect")
		}
		if p.Known && answered { // a withdrawal before any answer has no form to be written in
			line.receiptLine = receiptOf(w, p, entry, entry.Record == nil || entry.Device == s.Device().ID, enrolled)
		}
		lines = append(lines, line)
	}
	slices.Reverse(lines)
	return lines
}

// receiptOf says how the receipt of something that happened can be handed out.
func receiptOf(w *words, p capture.Person, entry consent.HistoryEntry, here, enrolled bool) receiptLine {
	if !here {
		return receiptLine{elsewhere: true}
	}
	r := receiptLine{record: consent.RecordID(entry.ID), mailable: true}
	switch address := p.Profile.ReceiptAddress(entry.By); {
	case address == "":
		r.mail, r.mailable = w.t("receipt.mail.nowhere"), false
	case enrolled:
		r.mail = w.t("receipt.mail.to", "address", address)
	default:
		r.mail = w.t("receipt.mail.alone", "address", address)
	}
	return r
}

func answerSentence(w *words, by string, yes, all int, until, language string) string {
	values := []any{"by", by, "yes", yes, "all", all, "until", until, "language", language}
	switch yes {
	case 0:
		return w.t("history.no", values...)
	case all:
		return w.t("history.yes", values...)
	}
	return w.t("history.some", values...)
}

// signerName says who acted.
func signerName(p capture.Person, by consent.Signer, w *words) string {
	switch by.Role {
	case consent.RoleGuardian:
		if g, ok := p.Profile.Guardian(by.Guardian); ok {
			return g.Name
		}
		return w.t("signer.guardian")
	case consent.RoleStaff:
		return w.t("signer.staff")
	}
	if p.Known {
		return p.Profile.Name
	}
	return w.t("signer.self")
}

func scopeChannels(s *capture.Session, w *words, scopes []consent.Scope) string {
	var titles []string
	for _, scope := range scopes {
		if title := s.ChannelTitle(scope.Channel, w.Language); !slices.Contains(titles, title) {
			titles = append(titles, title)
		}
	}
	return strings.Join(titles, ", ")
}

// languageName is a language in its own name, with the code of a variant behind it; only the code when no subject is spoken to in it.
func languageName(code string) string {
	texts := assets.NewTexts(code)
	switch name := texts.T("receipt.language", nil); {
	case !texts.Speaks("receipt.language"):
		return code
	case assets.BaseLanguage(code) != code:
		return name + " (" + code + ")"
	default:
		return name
	}
}
