package web

import (
	"net/http"
	"slices"

	"golang.org/x/text/language"

	"samtykke/app/consent"
	"samtykke/assets"
)

// These cookies last until the browser closes and say nothing but a language: the one that was chosen, and the one that the last
// record was read in, so that "your answers are closed" comes in the language of the answers.
const (
	languageCookie = "samtykke_language"
	recordCookie   = "samtykke_read_in"
)

// speech is the languages of one page.
type speech struct {
	page string // of the page itself: one of assets.SubjectLanguages
	form string // of the form's texts; the same as page on pages about nobody
	// offered are the languages to switch between, by tag.
	offered []offeredLanguage
}

type offeredLanguage struct {
	Tag  string
	Name string // in itself
}

// speak chooses the languages: what the reader asked for now (?lang=) or before (cookie), the language they signed in, what their
// browser asks for. record and form are "" and nil on pages about nobody. A choice made now is remembered. An easy-read form, and
// one in a language that only the form has, stands in a page in the nearest language there is.
func speak(w http.ResponseWriter, r *http.Request, record string, form *consent.Form) speech {
	said := speech{offered: offer(form)}
	asked := r.FormValue("lang")
	if said.offers(asked) {
		setCookie(w, r, languageCookie, asked, "/", 0, http.SameSiteLaxMode)
	} else {
		asked = ""
	}
	if cookie, err := r.Cookie(languageCookie); asked == "" && err == nil {
		for _, tag := range []string{assets.BaseLanguage(cookie.Value), cookie.Value} {
			if said.offers(tag) {
				asked = tag
			}
		}
	}

	read := asked
	if read == "" {
		read = record
	}
	if cookie, err := r.Cookie(recordCookie); read == "" && err == nil {
		read = cookie.Value
	}
	said.page = assets.BaseLanguage(read)
	if !slices.Contains(assets.SubjectLanguages, said.page) {
		said.page = accepted(r.Header.Get("Accept-Language"))
	}
	said.form = said.page
	if form == nil {
		return said
	}
	setCookie(w, r, recordCookie, said.page, "/", 0, http.SameSiteLaxMode)
	for _, tag := range append([]string{read, said.page, record}, form.Languages()...) {
		if _, ok := form.Texts[tag]; ok {
			said.form = tag
			break
		}
	}
	return said
}

// offer lists what can be switched between: the languages of the form and those of the interface, or on a page about nobody every
// language that the pages speak.
func offer(form *consent.Form) []offeredLanguage {
	var offered []offeredLanguage
	around := assets.SubjectLanguages
	if form != nil {
		around = assets.Languages
		for _, tag := range form.Languages() {
			offered = append(offered, offeredLanguage{tag, form.Texts[tag].Name})
		}
	}
	for _, tag := range around {
		if form == nil || form.Texts[tag].Name == "" {
			offered = append(offered, offeredLanguage{tag, assets.NewTexts(tag).T("web.language", nil)})
		}
	}
	return offered
}

// offers tells whether the reader can choose a language here.
func (s speech) offers(tag string) bool {
	return slices.ContainsFunc(s.offered, func(o offeredLanguage) bool { return o.Tag == tag })
}

// accepted is the language of the pages that fits an Accept-Language header best: bokmål for no wish at all, since the
// organisations are Norwegian, and English for wishes that cannot be met.
func accepted(header string) string {
	wishes, _, err := language.ParseAcceptLanguage(header)
	if err != nil || len(wishes) == 0 {
		return assets.Languages[0]
	}
	tags := make([]language.Tag, len(assets.SubjectLanguages))
	for i, tag := range assets.SubjectLanguages {
		tags[i] = language.Make(tag)
	}
	_, i, confidence := language.NewMatcher(tags).Match(wishes...)
	if confidence == language.No {
		return "en"
	}
	return assets.SubjectLanguages[i]
}
