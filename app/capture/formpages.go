package capture

import (
	"samtykke/app/consent"
	"samtykke/assets"
)

// FormPage is one page of a form in words, as a subject meets it.
type FormPage struct {
	Title     string
	Lines     []string              // paragraphs
	Sections  []consent.FormSection // headed paragraphs, behind the lines
	Questions []FormQuestion        // behind the sections
}

// FormQuestion is what is asked about one channel: yes or no for each kind, with nothing chosen beforehand.
type FormQuestion struct {
	Channel     consent.Channel
	Title, Text string
	Kinds       []string
	Remarks     []string // that it leaves the EEA, that it may stay open
}

// FormPages is a form in one of its languages, page by page: the short notice, the whole notice, the questions by group, and what is
// signed.
func FormPages(form *consent.Form, language string) ([]FormPage, error) {
	text, err := form.Text(language)
	if err != nil {
		return nil, err
	}
	t := assets.NewTexts(language)
	pages := []FormPage{
		{Title: text.Title, Lines: append([]string{text.Purpose}, text.Summary...)},
		{Title: t.T("signing.read.all", nil), Sections: text.Notice},
	}
	byGroup := map[string]int{}
	for _, channel := range form.Channels {
		at, begun := byGroup[channel.Group]
		if !begun {
			at = len(pages)
			byGroup[channel.Group] = at
			pages = append(pages, FormPage{Title: t.T("signing.where.you", nil) + " · " + text.Groups[channel.Group]})
		}
		said := text.Channels[channel.Key]
		q := FormQuestion{Channel: channel.Key, Title: said.Title, Text: said.Text}
		for _, media := range form.Media {
			q.Kinds = append(q.Kinds, text.Media[media])
		}
		q.Remarks = channelRemarks(channel, t)
		pages[at].Questions = append(pages[at].Questions, q)
	}
	return append(pages, FormPage{Title: t.T("signing.sign.title", nil), Lines: []string{text.Statement, text.GuardianStatement}}), nil
}

// channelRemarks says what is special about a channel: that it leaves the EEA, that it may stay open.
func channelRemarks(channel consent.FormChannel, t *assets.Texts) (remarks []string) {
	if channel.ThirdCountry {
		remarks = append(remarks, t.T("signing.thirdcountry", nil))
	}
	if channel.Optional {
		remarks = append(remarks, t.T("signing.optional", nil))
	}
	return remarks
}
