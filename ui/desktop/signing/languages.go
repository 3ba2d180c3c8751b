package signing

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"samtykke/assets"
	"samtykke/ui/desktop/look"
	"samtykke/ui/desktop/part"
)

// machineColumns is how many languages that a machine translated stand beside each other.
const machineColumns = 3

// languagePage offers the languages of the form, each in its own name. An easy-read text stands beside its language. What a machine
// translated stands apart, and says so in Norwegian and in each language itself.
func (f *Flow) languagePage(s step) page {
	if f.form == nil {
		return page{title: f.t("signing.language.title", nil), body: part.Body(f.t("signing.loading", nil))}
	}
	return f.packedPage(s)
}

// languageRow is what stands beside each other on the page of languages.
type languageRow struct {
	languages []string
	machine   bool // a machine translated them
	first     bool // of those that a machine translated
}

func (f *Flow) languageRows() []languageRow {
	var rows []languageRow
	var machine []string
	for _, lang := range f.form.Languages() {
		base := assets.BaseLanguage(lang)
		switch {
		case f.form.Texts[lang].MachineMade:
			machine = append(machine, lang)
		case lang != base && len(rows) > 0 && rows[len(rows)-1].languages[0] == base:
			rows[len(rows)-1].languages = append(rows[len(rows)-1].languages, lang)
		default:
			rows = append(rows, languageRow{languages: []string{lang}})
		}
	}
	for i := 0; i < len(machine); i += machineColumns {
		rows = append(rows, languageRow{machine[i:min(i+machineColumns, len(machine))], true, i == 0})
	}
	return rows
}

// languagesOn is a page with some of the rows. Where there is no room for all of them, Next names those that come.
func (f *Flow) languagesOn(from, to int) page {
	var titles []string
	list, all := newColumn(f.gap()), f.languageRows()
	for _, row := range all[from:to] {
		if !row.machine {
			if word := f.wordIn(row.languages[0], "signing.language.title"); !slices.Contains(titles, word) {
				titles = append(titles, word)
			}
			list.Add(f.beside(row.languages, 2, f.languageOption))
			continue
		}
		if row.first || len(list.Objects) == 0 {
			list.Add(f.machineNote("nb"))
		}
		list.Add(f.beside(row.languages, machineColumns, func(lang string) fyne.CanvasObject {
			note := f.machineNote(lang)
			note.Alignment = fyne.TextAlignCenter
			return newColumn(-f.size(theme.SizeNameInnerPadding), f.languageOption(lang), note)
		}))
	}
	if len(titles) == 0 {
		titles = []string{f.t("signing.language.title", nil)}
	}
	p := page{title: strings.Join(titles, " · "), body: list, wide: true, tight: true}
	if to < len(all) {
		p.next, p.onNext = f.names(all[to:]), f.forward
	}
	return p
}

// names are languages in their own names: whoever reads only one of those has to see that it is there.
func (f *Flow) names(rows []languageRow) string {
	const most = 3
	var names []string
	for _, row := range rows {
		for _, lang := range row.languages {
			names = append(names, f.form.Texts[lang].Name)
		}
	}
	if len(names) > most {
		names = append(names[:most], "…")
	}
	return strings.Join(names, " · ")
}

// languageOption is the button of a language.
func (f *Flow) languageOption(lang string) fyne.CanvasObject {
	return f.optionOf(f.size(look.SizeTarget), f.form.Texts[lang].Name, f.draft.language == lang && f.draft.known, func() {
		f.draft.language = lang
		f.show()
		f.goTo(f.steps()[len(f.stepsOf(stepLanguage))])
	})
}

// beside puts what is made of each language beside each other, in columns of equal width; those that are not needed stay empty.
func (f *Flow) beside(languages []string, columns int, build func(string) fyne.CanvasObject) fyne.CanvasObject {
	cells := make([]fyne.CanvasObject, columns)
	for i := range cells {
		if cells[i] = newColumn(0); i < len(languages) {
			cells[i] = build(languages[i])
		}
	}
	return newColumns(f.gap()*2, nil, cells...)
}

// machineNote says in a language that a machine translated into it and nobody has read the result.
func (f *Flow) machineNote(lang string) *widget.Label {
	note := part.Note(f.wordIn(lang, "receipt.machine-made"))
	note.SizeName = theme.SizeNameCaptionText
	return note
}

// wordIn is a text in another language than the present one.
func (f *Flow) wordIn(language, id string) string { return f.speak(language).T(id, nil) }

// lower makes a title a word inside a sentence. German writes its nouns alike everywhere.
func (f *Flow) lower(title string) string {
	if assets.BaseLanguage(f.draft.language) == "de" {
		return title
	}
	return strings.ToLower(title)
}
