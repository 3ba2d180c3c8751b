package desktop

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// historyLine is one thing that happened, every string ready.
type historyLine struct {
	at         time.Time
	when, what string
	mark       part.Mark
	receiptLine
	// merged is the registration that can be taken apart again here, "" for none.
	merged consent.SubjectID
}

// readStory tells a person's story, the newest first: what they answered, and what was done with their data.
func readStory(ctx context.Context, s *capture.Session, w *words, now time.Time, p capture.Person) ([]historyLine, error) {
	lines := []historyLine{{at: p.Registered, what: w.t("history.registered")}}
	acts, err := readActs(ctx, s, w, p)
	if err != nil {
		return nil, err
	}
	traces, err := s.Traces(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	lines = append(lines, acts...)
	lines = append(lines, correctionLines(w, s.Corrections(p.ID))...)
	for _, trace := range traces {
		lines = append(lines, historyLine{at: trace.At, what: traceSentence(s, w, trace)})
	}
	slices.SortStableFunc(lines, func(a, b historyLine) int { return a.at.Compare(b.at) })
	slices.Reverse(lines)
	for i := range lines {
		lines[i].when = w.agoExactly(lines[i].at, now)
	}
	return lines, nil
}

// readActs are what a person answered and withdrew, the oldest first.
func readActs(ctx context.Context, s *capture.Session, w *words, p capture.Person) ([]historyLine, error) {
	history, err := s.History(p.ID)
	if err != nil {
		return nil, err
	}
	var lines []historyLine
	_, enrolled := s.Enrolment()
	answered := false
	for _, entry := range history {
		answered = answered || entry.Record != nil
		line := historyLine{at: entry.At}
		by := signerName(p, entry.By, w)
		switch {
		case entry.Record == nil && entry.Scopes == nil:
			line.what, line.mark = w.t("history.withdrew-all", "by", by), part.MarkWithdrawn
		case entry.Record == nil:
			line.what, line.mark = w.t("history.withdrew", "by", by, "channels", scopeNames(s, w, entry.Scopes)), part.MarkWithdrawn
		default:
			statement, _, err := s.StatementOf(ctx, *entry.Record)
			if err != nil {
				return nil, err
			}
			line.what, line.mark = answerLine(w, by, entry.Record, statement)
		}
		if entry.Suspect {
			line.what += " " + w.t("history.suspect")
		}
		if p.Known && answered { // a withdrawal before any answer has no form to be written in
			line.receiptLine = receiptOf(w, p, entry, entry.Record == nil || entry.Device == s.Device().ID, enrolled)
		}
		lines = append(lines, line)
	}
	return lines, nil
}

func answerLine(w *words, by string, record *consent.DecidedBody, statement capture.Statement) (string, part.Mark) {
	yes := 0
	for _, d := range record.Answers {
		if d == consent.DecisionYes {
			yes++
		}
	}
	said := answerSentence(w, by, yes, len(record.Answers), w.day(record.Until), languageName(record.Language))
	switch statement.Method {
	case capture.Paper:
		said += " " + w.t("history.paper")
	case capture.Verbal:
		said += " " + w.t("history.verbal", "note", statement.Note)
	}
	if yes == 0 {
		return said, part.MarkRefused
	}
	return said, part.MarkGiven
}

// correctionLines are the changes of a registration. A merge rewrites the details of whom it merges into; that is told once.
func correctionLines(w *words, corrections []capture.Correction) []historyLine {
	var lines []historyLine
	last := map[consent.SubjectID]int{} // the latest merge of a registration, as an index of lines
	for _, c := range corrections {
		line := historyLine{at: c.At}
		switch {
		case c.Type == consent.SubjectMerged && c.Undo:
			line.what = w.t("history.unmerged", "code", c.Code)
			if at, merged := last[c.Subject]; merged {
				lines[at].merged = ""
			}
		case c.Type == consent.SubjectMerged:
			line.what, line.merged = w.t("history.merged", "code", c.Code), c.Subject
			last[c.Subject] = len(lines)
		case c.Type == consent.SubjectAvoid && c.Undo:
			line.what = w.t("history.not-avoid")
		case c.Type == consent.SubjectAvoid:
			line.what, line.mark = w.t("history.avoid"), part.MarkAvoid
		case slices.ContainsFunc(corrections, func(o capture.Correction) bool { return o.Type == consent.SubjectMerged && o.At.Equal(c.At) }):
			continue
		default:
			line.what = w.t("history.corrected")
		}
		lines = append(lines, line)
	}
	return lines
}

func traceSentence(s *capture.Session, w *words, trace capture.Trace) string {
	switch trace.Kind {
	case capture.TraceReceipt:
		return w.t("history.receipt")
	case capture.TraceAccess:
		return w.t("history.access")
	case capture.TraceDelivered:
		return w.N("desktop.history.delivered", len(trace.Assets), pairs([]any{"channel", s.ChannelTitle(trace.Channel, w.Language)}))
	case capture.TraceUnlinked:
		return w.n("history.unlinked", len(trace.Assets))
	case capture.TraceApproved:
		return w.n("history.approved", len(trace.Assets))
	case capture.TraceRejected:
		return w.n("history.rejected", len(trace.Assets))
	}
	return w.n("history.linked", len(trace.Assets))
}

// scopeNames writes scopes as people say them: a channel, with the kind behind it where not all kinds are meant.
func scopeNames(s *capture.Session, w *words, scopes []consent.Scope) string {
	byChannel := map[consent.Channel][]consent.MediaKind{}
	var order []consent.Channel
	for _, scope := range scopes {
		if byChannel[scope.Channel] == nil {
			order = append(order, scope.Channel)
		}
		byChannel[scope.Channel] = append(byChannel[scope.Channel], scope.Media)
	}
	var names []string
	for _, channel := range order {
		name := s.ChannelTitle(channel, w.Language)
		if len(byChannel[channel]) < len(kinds) {
			var said []string
			for _, kind := range byChannel[channel] {
				said = append(said, w.t("kind."+string(kind)))
			}
			name += " (" + join(", ", said...) + ")"
		}
		names = append(names, name)
	}
	return join(", ", names...)
}

// historyTab shows the story, the newest first.
func (p *sidePane) historyTab(v personView) fyne.CanvasObject {
	if p.more.id != v.id || p.more.story == nil {
		return part.Note(p.shell.window.words.t("history.reading"))
	}
	list := container.NewVBox()
	for _, line := range p.more.story {
		list.Add(p.historyRow(v, line))
	}
	return list
}

func (p *sidePane) historyRow(v personView, line historyLine) fyne.CanvasObject {
	t := p.shell.window.words.t
	row := container.New(&tight{}, part.Note(line.when), part.Body(line.what))
	below := container.NewVBox(row)
	switch {
	case line.elsewhere:
		row.Add(part.Note(t("receipt.elsewhere")))
	case line.record != "":
		below.Add(container.NewHBox(part.NewQuietButton(t("receipt"), func() {
			p.receipt = line.record
			p.choose(answersTab)
		})))
	case line.merged != "":
		below.Add(container.NewHBox(part.NewQuietButton(t("double.apart"), func() { p.confirmUnmerge(v, line.merged) })))
	}
	return border(nil, nil, container.New(markColumn{}, part.NewStatusIcon(line.mark, "")), nil, below)
}
