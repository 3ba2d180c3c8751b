package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"samtykke/app/problem"
	"samtykke/assets"
)

//go:embed templates static
var files embed.FS

// views are the pages' templates by name.
type views map[string]*template.Template

func parseViews() views {
	v := views{}
	for _, name := range []string{"front", "personal", "confirm", "message", "onward"} {
		v[name] = template.Must(template.ParseFS(files, "templates/layout.html", "templates/"+name+".html"))
	}
	return v
}

// readStyle returns the style sheet and its address.
func readStyle() ([]byte, string) {
	css, err := files.ReadFile("static/page.css")
	if err != nil {
		panic(err) // embedded: it cannot be absent
	}
	sum := sha256.Sum256(css)
	return css, "/static/page." + hex.EncodeToString(sum[:8]) + ".css"
}

func (s *site) serveStyle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(s.style) // the browser went away
}

// page is what every template gets; the templates' own data stands in Main.
type page struct {
	Language string
	Form     string // language of the form's texts
	Style    string // address of the style sheet
	Title    string
	Switch   []switchLink
	// Chosen keeps what is being confirmed while the language changes; nil on other pages.
	Chosen *confirmation
	Main   any
	texts  *assets.Texts
}

// switchLink leads to this page in another language.
type switchLink struct {
	Tag, Name string
	Query     string // with its question mark
	Current   bool
}

// newPage starts a page. The names of query parameters in keep survive a change of language.
func (s *site) newPage(r *http.Request, said speech, title string, keep ...string) *page {
	p := &page{Language: said.page, Form: said.form, Style: s.stylePath, texts: assets.NewTexts(said.page)}
	p.Title = p.T(title)
	for _, o := range said.offered {
		query := url.Values{"lang": {o.Tag}}
		for _, name := range keep {
			if value := r.URL.Query().Get(name); value != "" {
				query.Set(name, value)
			}
		}
		p.Switch = append(p.Switch, switchLink{Tag: o.Tag, Name: o.Name, Query: "?" + query.Encode(), Current: o.Tag == said.form})
	}
	return p
}

// FoldLanguages tells whether there are so many languages that on a phone they would push the page out of sight.
func (p *page) FoldLanguages() bool { return len(p.Switch) > 4 }

// LanguageWords is "language" in the page's language and in those that most who cannot read it will know.
func (p *page) LanguageWords() string {
	var words []string
	for _, tag := range []string{p.Language, "nb", "en"} {
		if word := assets.NewTexts(tag).T("web.languages", nil); !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return strings.Join(words, " · ")
}

// T is a text in the page's language. The values come as name, value pairs.
func (p *page) T(id string, pairs ...any) string {
	values := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		values[pairs[i].(string)] = pairs[i+1]
	}
	return p.texts.T(id, values)
}

// write answers with a page.
func (s *site) write(w http.ResponseWriter, r *http.Request, status int, view string, p *page) {
	var b bytes.Buffer
	if err := s.views[view].ExecuteTemplate(&b, "layout", p); err != nil {
		s.logger.ErrorContext(r.Context(), "a page could not be made", "view", view, "error", err)
		http.Error(w, p.T("web.error.failed.text"), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", p.Language)
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the browser went away
}

// message is a page that says one thing.
type message struct {
	Sentence string
	Advice   []string
	// Back offers the way to the answers.
	Back bool
}

// say answers with a message.
func (s *site) say(w http.ResponseWriter, r *http.Request, said speech, status int, title string, tell func(*page) message) {
	p := s.newPage(r, said, title)
	p.Main = tell(p)
	s.write(w, r, status, "message", p)
}

// plain is a message of one text.
func plain(id string) func(*page) message {
	return func(p *page) message { return message{Sentence: p.T(id)} }
}

// missing answers for every address that is none.
func (s *site) missing(w http.ResponseWriter, r *http.Request) {
	s.say(w, r, speak(w, r, "", nil), http.StatusNotFound, "web.error.missing.title", plain("web.error.missing.text"))
}

// ended answers when there is no session, or no longer.
func (s *site) ended(w http.ResponseWriter, r *http.Request) {
	endSession(w, r)
	s.say(w, r, speak(w, r, "", nil), http.StatusUnauthorized, "web.error.ended.title", plain("web.error.ended.text"))
}

// failed answers for an error of the desk: the sentence of a problem that has a translation, or a general one. What the error says
// besides is for the log.
func (s *site) failed(w http.ResponseWriter, r *http.Request, said speech, err error, general string) {
	p := problem.Of(err)
	status := http.StatusInternalServerError
	if p.Kind == problem.Unavailable {
		status = http.StatusServiceUnavailable
	}
	s.say(w, r, said, status, "web.error.failed.title", func(pg *page) message {
		m := message{Sentence: pg.T(general), Back: true}
		if id := "problem." + p.ID; p.Kind != problem.Internal && pg.texts.Speaks(id) {
			m.Advice = []string{m.Sentence}
			m.Sentence = pg.texts.T(id, p.Values)
		}
		return m
	})
}
