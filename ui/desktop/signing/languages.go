package signing

import (
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
func (f *Flow) languagePage() page {
	if f.form == nil {
		return page{title: f.t("signing.language.title", nil), body: part.Body(f.t("signing.loading", nil))}
	}
	var titles []string
	var rows [][]string
	var machine []string
	for _, lang := range f.form.Languages() {
		base := assets.BaseLanguage(lang)
		switch {
		case f.form.Texts[lang].MachineMade:
			machine = append(machine, lang)
			continue
		case lang != base && len(rows) > 0 && rows[len(rows)-1][0] == base:
			rows[len(rows)-1] = append(rows[len(rows)-1], lang)
		default:
			rows = append(rows, []string{lang})
		}
		if word := f.wordIn(lang, "signing.language.title"); len(titles) == 0 || titles[len(titles)-1] != word {
			titles = append(titles, word)
		}
	}
	list := newColumn(f.gap())
	for _, row := range rows {
		list.Add(f.beside(row, 2, f.languageOption))
	}
	if len(machine) > 0 {
		list.Add(f.machineNote("nb"))
	}
	for i := 0; i < len(machine); i += machineColumns {
		list.Add(f.beside(machine[i:min(i+machineColumns, len(machine))], machineColumns, func(lang string) fyne.CanvasObject {
			note := f.machineNote(lang)
			note.Alignment = fyne.TextAlignCenter
			return newColumn(f.loose(), f.languageOption(lang), note)
		}))
	}
	if len(titles) == 0 {
		titles = []string{f.t("signing.language.title", nil)}
	}
	return page{title: strings.Join(titles, " · "), body: list, wide: true}
}

// languageOption is the button of a language.
func (f *Flow) languageOption(lang string) fyne.CanvasObject {
	return f.optionOf(f.size(look.SizeTarget), f.form.Texts[lang].Name, f.draft.language == lang && f.draft.known, func() {
		f.draft.language = lang
		f.show()
		f.forward()
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
func (f *Flow) wordIn(language, id string) string { return assets.NewTexts(language).T(id, nil) }

// lower makes a title a word inside a sentence. German writes its nouns alike everywhere.
func (f *Flow) lower(title string) string {
	if assets.BaseLanguage(f.draft.language) == "de" {
		return title
	}
	return strings.ToLower(title)
}
