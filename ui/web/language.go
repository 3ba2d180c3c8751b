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
	page string // of the page itself: one of assets.Languages
	form string // of the form's texts; the same as page unless the form is read in a further language
	// offered are the languages to switch between, by tag.
	offered []offeredLanguage
}

type offeredLanguage struct {
	Tag  string
	Name string // in itself
}

// speak chooses the languages: what the reader asked for now (?lang=) or before (cookie), the language they signed in, what their
// browser asks for. record and form are "" and nil on pages about nobody. A choice made now is remembered.
func speak(w http.ResponseWriter, r *http.Request, record string, form *consent.Form) speech {
	offered := make([]offeredLanguage, 0, len(assets.Languages)+1)
	for _, tag := range assets.Languages {
		offered = append(offered, offeredLanguage{tag, assets.NewTexts(tag).T("web.language", nil)})
	}
	if form != nil && !slices.Contains(assets.Languages, record) {
		if text, ok := form.Texts[record]; ok {
			offered = append(offered, offeredLanguage{record, text.Name})
		}
	}
	isOffered := func(tag string) bool {
		return slices.ContainsFunc(offered, func(o offeredLanguage) bool { return o.Tag == tag })
	}

	asked := r.FormValue("lang")
	if isOffered(asked) {
		setCookie(w, r, languageCookie, asked, "/", 0, http.SameSiteLaxMode)
	} else {
		asked = ""
	}
	if cookie, err := r.Cookie(languageCookie); asked == "" && err == nil && isOffered(cookie.Value) {
		asked = cookie.Value
	}

	said := speech{offered: offered, page: asked}
	if asked == "" {
		said.page = record
	}
	if cookie, err := r.Cookie(recordCookie); said.page == "" && err == nil {
		said.page = cookie.Value
	}
	if !slices.Contains(assets.Languages, said.page) {
		said.page = accepted(r.Header.Get("Accept-Language"))
	}
	said.form = said.page
	if form == nil {
		return said
	}
	setCookie(w, r, recordCookie, said.page, "/", 0, http.SameSiteLaxMode)
	further := record
	if slices.Contains(assets.Languages, record) {
		further = ""
	}
	for _, tag := range append([]string{asked, further, said.page, record}, form.Languages()...) {
		if _, ok := form.Texts[tag]; ok {
			said.form = tag
			break
		}
	}
	return said
}

// accepted is the interface language that fits an Accept-Language header best: bokmål for no wish at all, since the pages are
// Norwegian, and English for wishes that cannot be met.
func accepted(header string) string {
	wishes, _, err := language.ParseAcceptLanguage(header)
	if err != nil || len(wishes) == 0 {
		return assets.Languages[0]
	}
	tags := make([]language.Tag, len(assets.Languages))
	for i, tag := range assets.Languages {
		tags[i] = language.Make(tag)
	}
	_, i, confidence := language.NewMatcher(tags).Match(wishes...)
	if confidence == language.No {
		return "en"
	}
	return assets.Languages[i]
}
