package capture

import (
	"slices"
	"strings"
	"time"

	"samtykke/app/consent"
	"samtykke/app/problem"
	"samtykke/assets"
)

// ClearAnswer is a clearance in words.
type ClearAnswer struct {
	Answer  consent.Verdict
	Reasons []ClearReason
}

// ClearReason is one reason in words.
type ClearReason struct {
	Subject consent.SubjectID
	Code    consent.Code // "" when it is about the asset
	Status  string       // consent.ReasonKind
	Text    string       // what is so and what would change it, in the reader's language
	Verdict consent.Verdict
}

// Clear answers whether an asset may be used in a channel now, with reasons in a language.
func (s *Session) Clear(id consent.AssetID, channel consent.Channel, language string) (ClearAnswer, error) {
	return s.ClearPart(id, channel, consent.Span{}, language)
}

// ClearPart is Clear for a cut of a film or a recording.
func (s *Session) ClearPart(id consent.AssetID, channel consent.Channel, cut consent.Span, language string) (ClearAnswer, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.knownChannel(channel); err != nil {
		return ClearAnswer{}, err
	}
	if err := s.knownPart(id, cut); err != nil {
		return ClearAnswer{}, err
	}
	return s.explain(s.state.ClearPart(id, channel, cut, s.Clock()), channel, language), nil
}

// explain puts a clearance into words. The caller holds a lock.
func (s *Session) explain(c consent.Clearance, channel consent.Channel, language string) ClearAnswer {
	texts := assets.NewTexts(language)
	answer := ClearAnswer{Answer: c.Verdict, Reasons: []ClearReason{}}
	for _, r := range c.Reasons {
		data := map[string]any{"Code": r.Code, "Channel": s.channelTitle(channel, language), "Ground": texts.T("ground."+string(r.Ground), nil),
			"Since": day(r.Standing.Since, language), "Until": day(r.Standing.Until, language)}
		text := texts.T("reason."+string(r.Kind), data)
		if r.Count > 0 {
			text = texts.N("reason."+string(r.Kind), r.Count, data)
		}
		answer.Reasons = append(answer.Reasons, ClearReason{Subject: r.Subject, Code: r.Code, Status: string(r.Kind), Verdict: r.Verdict, Text: text})
	}
	return answer
}

// Channels lists the channels of the current forms, in order.
func (s *Session) Channels() []consent.Channel {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.channels()
}

func (s *Session) channels() []consent.Channel {
	var list []consent.Channel
	for _, form := range s.currentForms() {
		for _, c := range form.Channels {
			if !slices.Contains(list, c.Key) {
				list = append(list, c.Key)
			}
		}
	}
	return list
}

// ChannelTitle is a channel's name in a language, its key when the forms have none.
func (s *Session) ChannelTitle(channel consent.Channel, language string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.channelTitle(channel, language)
}

func (s *Session) channelTitle(channel consent.Channel, language string) string {
	for _, form := range s.currentForms() {
		for _, lang := range []string{language, "en"} {
			if title := form.Texts[lang].Channels[channel].Title; title != "" {
				return title
			}
		}
	}
	return string(channel)
}

// KnownChannel says that no form has a channel, naming those there are.
func (s *Session) KnownChannel(channel consent.Channel) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.knownChannel(channel)
}

func (s *Session) knownChannel(channel consent.Channel) error {
	channels := s.channels()
	if slices.Contains(channels, channel) {
		return nil
	}
	names := make([]string, len(channels))
	for i, c := range channels {
		names[i] = string(c)
	}
	return problem.New(problem.Invalid, "channel-unknown",
		"There is no channel {{.channel}}; nothing was changed; choose one of {{.channels}}.", "channel", channel, "channels", strings.Join(names, ", "))
}

// Standings is what stands for a person in every scope that was ever asked, and every scope of the current forms.
func (s *Session) Standings(id consent.SubjectID) (map[consent.Scope]consent.Standing, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if _, ok := s.state.Subject(id); !ok {
		return nil, subjectUnknown(string(id))
	}
	standings := map[consent.Scope]consent.Standing{}
	for _, hash := range s.current {
		for scope, standing := range s.state.Standings(id, s.state.Form(hash), s.Clock()) {
			standings[scope] = standing
		}
	}
	return standings, nil
}

// History lists what a person signed and withdrew, oldest first.
func (s *Session) History(id consent.SubjectID) ([]consent.HistoryEntry, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if _, ok := s.state.Subject(id); !ok {
		return nil, subjectUnknown(string(id))
	}
	return s.state.History(id), nil
}

// day writes a day as the language's readers do: 22.11.2026 in Norwegian, 2026-11-22 in English and where no figures are usual.
func day(t time.Time, language string) string {
	if t.IsZero() {
		return ""
	}
	switch assets.BaseLanguage(language) {
	case "nb", "nn", "se", "de", "pl", "uk":
		return t.Local().Format("02.01.2006")
	case "so":
		return t.Local().Format("02/01/2006")
	}
	return t.Local().Format(time.DateOnly)
}
