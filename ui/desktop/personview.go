package desktop

import (
	"context"
	"slices"
	"strings"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/assets"
	"samtykke/ui/desktop/part"
)

// personView is one person as the pane shows them, every string ready.
type personView struct {
	person   capture.Person
	asked    consent.SubjectID // by which they were asked for: theirs, or one that was merged into them
	id       consent.SubjectID
	name     string
	code     string
	mark     part.Mark
	word     string
	facts    []string // phone, e-mail, birth, guardians
	due      []string // why they must be asked again
	channels []channelStanding
	history  []historyLine // what they answered and withdrew, newest first
	images   string
	// given: there is something to withdraw.
	given bool
	scope []channelName // what can be withdrawn alone
	kinds []consent.MediaKind
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

var kinds = []consent.MediaKind{consent.Photo, consent.Video, consent.Audio}

func readPersonView(ctx context.Context, s *capture.Session, w *words, now time.Time, id consent.SubjectID) (personView, error) {
	row, err := s.BoardRow(id)
	if err != nil {
		return personView{}, err
	}
	p := row.Person
	v := personView{person: p, asked: id, id: p.ID, name: personName(p, w), code: string(p.Code), facts: facts(p, w),
		mark: progressMark(row.Progress), word: w.t("progress." + string(row.Progress)), images: w.n("count.images", row.Images)}
	if p.Erased {
		v.word = w.t("progress.erased")
	}
	standings, err := s.Standings(p.ID)
	if err != nil {
		return v, err
	}
	v.channels, v.scope, v.kinds = channelStandings(s, w, standings)
	v.given = len(v.scope) > 0
	for _, due := range s.Due(capture.DueFilter{Subject: p.ID}, w.Language) {
		v.due = append(v.due, beginning(strings.TrimPrefix(due.Text, string(due.Code)+": ")))
	}
	v.history, err = readActs(ctx, s, w, p)
	slices.Reverse(v.history)
	for i := range v.history {
		v.history[i].when = w.agoExactly(v.history[i].at, now)
	}
	return v, err
}

// personMore is what only some parts of the pane show of a person.
type personMore struct {
	id      consent.SubjectID
	doubles []doubleView
	story   []historyLine // nil until it has been asked for
	stills  []still       // the newest of the pictures
	left    int           // how many more pictures there are
}

// mostStills is how many pictures a pane shows.
const mostStills = 12

func readPersonMore(ctx context.Context, s *capture.Session, w *words, now time.Time, id consent.SubjectID, tab paneTab) (personMore, error) {
	p, err := s.Person(id)
	if err != nil {
		return personMore{}, err
	}
	m := personMore{id: p.ID}
	for _, d := range s.DoublesOf(p.ID) {
		m.doubles = append(m.doubles, newDoubleView(w, d))
	}
	switch tab {
	case historyTab:
		m.story, err = readStory(ctx, s, w, now, p)
	case picturesTab:
		var ids []consent.AssetID
		for _, image := range s.PicturesOf(p.ID) {
			ids = append(ids, image.ID)
		}
		m.stills, m.left = readStills(ctx, s, ids)
	}
	return m, err
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
func channelStandings(s *capture.Session, w *words, standings map[consent.Scope]consent.Standing) (list []channelStanding, open []channelName,
	openKinds []consent.MediaKind) {
	for _, c := range channelNames(s, w) {
		row := channelStanding{title: c.title}
		var words []string
		given := false
		for _, kind := range kinds {
			standing, asked := standings[consent.Scope{Channel: c.key, Media: kind}]
			if !asked {
				continue
			}
			if standing.Status == consent.StatusGiven || standing.Status == consent.StatusAwaitingGuardian {
				given = true
				if !slices.Contains(openKinds, kind) {
					openKinds = append(openKinds, kind)
				}
			}
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
	return list, open, openKinds
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
