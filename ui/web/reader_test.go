package web_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"samtykke/app/evidence"
	"samtykke/ui/web"
	"samtykke/ui/web/webtest"
)

// clock stands still until it is moved.
type clock struct{ at time.Time }

func newClock() *clock                { return &clock{time.Date(2026, 11, 22, 13, 0, 0, 0, time.UTC)} }
func (c *clock) now() time.Time       { return c.at }
func (c *clock) wait(d time.Duration) { c.at = c.at.Add(d) }
func testKey() (key [32]byte)         { copy(key[:], "a key of thirty-two bytes, yes!!"); return key }
func pages(d *webtest.Desk, c *clock) http.Handler {
	return web.New(d, testKey(), slog.New(slog.DiscardHandler), web.WithClock(c.now))
}

// reader is a browser as far as these tests need one: it keeps cookies, sends what browsers send, and follows redirects.
type reader struct {
	tb      testing.TB
	site    http.Handler
	cookies map[string]*http.Cookie
	accept  string // Accept-Language
	headers http.Header
	remote  string
}

func newReader(tb testing.TB, site http.Handler) *reader {
	return &reader{tb: tb, site: site, cookies: map[string]*http.Cookie{}, headers: http.Header{}, remote: "192.0.2.7:4711"}
}

// reply is an answer that was read as a page.
type reply struct {
	status int
	header http.Header
	body   string
	page   *html.Node
	path   string
}

func (r *reader) do(method, path string, form url.Values) reply {
	r.tb.Helper()
	req := httptest.NewRequestWithContext(r.tb.Context(), method, path, strings.NewReader(form.Encode()))
	req.RemoteAddr = r.remote
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
		req.Header.Set("Origin", "null") // what Referrer-Policy: no-referrer makes of it
	} else {
		req.Header.Set("Sec-Fetch-Site", "none")
	}
	if r.accept != "" {
		req.Header.Set("Accept-Language", r.accept)
	}
	for name, values := range r.headers {
		req.Header[name] = values
	}
	for _, c := range r.cookies {
		if strings.HasPrefix(req.URL.Path, c.Path) {
			req.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
		}
	}
	rec := httptest.NewRecorder()
	r.site.ServeHTTP(rec, req)
	res := rec.Result()
	for _, c := range res.Cookies() {
		if c.MaxAge < 0 {
			delete(r.cookies, c.Name)
		} else {
			r.cookies[c.Name] = c
		}
	}
	answer := reply{status: res.StatusCode, header: res.Header, body: rec.Body.String(), path: path}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") && answer.status != http.StatusSeeOther {
		answer.page = wellFormed(r.tb, answer.body)
	}
	checkHeaders(r.tb, path, res.Header)
	return answer
}

func (r *reader) get(path string) reply { r.tb.Helper(); return r.do(http.MethodGet, path, nil) }

// follow goes where a reply sends the browser.
func (r *reader) follow(from reply) reply {
	r.tb.Helper()
	if from.status != http.StatusSeeOther {
		r.tb.Fatalf("%s answered %d instead of sending the browser on:\n%s", from.path, from.status, from.body)
	}
	return r.get(from.header.Get("Location"))
}

// open opens a personal link and follows to the answers.
func (r *reader) open(secret evidence.LinkSecret) reply {
	r.tb.Helper()
	page := r.follow(r.get("/P/" + string(secret)))
	if page.status != http.StatusOK {
		r.tb.Fatalf("the answers came with status %d:\n%s", page.status, page.body)
	}
	return page
}

// submit sends the form of a page that goes to action: its hidden fields and the given ones.
func (r *reader) submit(page reply, action string, fields ...string) reply {
	r.tb.Helper()
	return r.do(http.MethodPost, action, formOf(r.tb, page, action, fields...))
}

func formOf(tb testing.TB, page reply, action string, fields ...string) url.Values {
	tb.Helper()
	values := url.Values{}
	found := false
	for _, form := range all(page.page, "form") {
		// Of two forms to one place, the one in the main part is meant.
		if attr(form, "action") != action || inside(form, "header") {
			continue
		}
		found = true
		for _, input := range all(form, "input") {
			if attr(input, "type") == "hidden" {
				values.Add(attr(input, "name"), attr(input, "value"))
			}
		}
	}
	if !found {
		tb.Fatalf("the page has no form to %s:\n%s", action, page.body)
	}
	for i := 0; i < len(fields); i += 2 {
		values.Add(fields[i], fields[i+1])
	}
	return values
}

func checkHeaders(tb testing.TB, path string, h http.Header) {
	tb.Helper()
	want := map[string]string{
		"Referrer-Policy":        "no-referrer",
		"X-Robots-Tag":           "noindex",
		"X-Content-Type-Options": "nosniff",
		"Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; " +
			"frame-ancestors 'none'; base-uri 'none'",
	}
	if !strings.HasPrefix(path, "/static/") {
		want["Cache-Control"] = "no-store"
	}
	for name, value := range want {
		if h.Get(name) != value {
			tb.Errorf("%s: header %s is %q, want %q", path, name, h.Get(name), value)
		}
	}
}

var identifier = regexp.MustCompile(`\b(?:web|receipt|problem)\.[a-z][a-z.-]*`)

// wellFormed parses a page and checks what every page must keep: landmarks, one h1, headings that skip no level, a language,
// labelled inputs, unique ids, nothing inline that the policy would block, no text identifier that was never translated.
func wellFormed(tb testing.TB, body string) *html.Node {
	tb.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		tb.Fatalf("page does not parse: %v", err)
	}
	balanced(tb, body)
	for element, n := range map[string]int{"h1": 1, "main": 1, "header": 1, "nav": 1, "title": 1, "script": 0, "style": 0, "iframe": 0} {
		if got := len(all(doc, element)); got != n {
			tb.Errorf("page has %d <%s>, want %d:\n%s", got, element, n, body)
		}
	}
	if attr(all(doc, "html")[0], "lang") == "" {
		tb.Errorf("page has no language")
	}
	ids := map[string]bool{}
	last := 0
	for n := range doc.Descendants() {
		if n.Type == html.TextNode && identifier.MatchString(n.Data) && !strings.Contains(n.Data, "example") {
			tb.Errorf("page shows an identifier instead of a text: %q", n.Data)
		}
		if n.Type != html.ElementNode {
			continue
		}
		if id := attr(n, "id"); id != "" {
			if ids[id] {
				tb.Errorf("page has two elements with id %q", id)
			}
			ids[id] = true
		}
		if attr(n, "style") != "" {
			tb.Errorf("<%s> has an inline style, which the policy blocks", n.Data)
		}
		if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
			// A notice stands before the h1, so that it is met first.
			if level := int(n.Data[1] - '0'); last > 0 && level > last+1 {
				tb.Errorf("heading %q jumps from level %d to %d", text(n), last, level)
			} else {
				last = level
			}
			if strings.TrimSpace(text(n)) == "" {
				tb.Errorf("an empty <%s>", n.Data)
			}
		}
		switch n.Data {
		case "input":
			if attr(n, "type") != "hidden" && (n.Parent.Data != "label" || strings.TrimSpace(text(n.Parent)) == "") {
				tb.Errorf("an input %q without a label", attr(n, "value"))
			}
		case "button", "a", "summary", "th":
			if strings.TrimSpace(text(n)) == "" {
				tb.Errorf("an empty <%s>", n.Data)
			}
		case "svg":
			if attr(n, "aria-hidden") != "true" {
				tb.Errorf("a mark that is read aloud beside its word")
			}
		}
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if by := attr(n, "aria-labelledby"); by != "" && !ids[by] {
			tb.Errorf("<%s> is labelled by %q, which is not there", n.Data, by)
		}
		if href := attr(n, "href"); strings.HasPrefix(href, "#") && !ids[href[1:]] {
			tb.Errorf("<%s> refers to %q, which is not there", n.Data, href)
		}
	}
	return doc
}

// balanced checks that every element that must be closed is closed where it should be; the parser above would mend it silently.
func balanced(tb testing.TB, body string) {
	tb.Helper()
	void := map[string]bool{"meta": true, "link": true, "input": true, "br": true, "hr": true, "img": true}
	var stack []string
	z := html.NewTokenizer(strings.NewReader(body))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(stack) > 0 {
				tb.Errorf("elements left open: %v", stack)
			}
			return
		case html.StartTagToken:
			if name, _ := z.TagName(); !void[string(name)] {
				stack = append(stack, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(stack) == 0 || stack[len(stack)-1] != string(name) {
				tb.Errorf("</%s> closes %v", name, stack)
				return
			}
			stack = stack[:len(stack)-1]
		}
	}
}

func all(n *html.Node, element string) []*html.Node {
	var found []*html.Node
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == element {
			found = append(found, d)
		}
	}
	return found
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func inside(n *html.Node, element string) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Type == html.ElementNode && p.Data == element {
			return true
		}
	}
	return false
}

func text(n *html.Node) string {
	var b bytes.Buffer
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// heading is the page's h1.
func (p reply) heading() string { return text(all(p.page, "h1")[0]) }

func (p reply) language() string { return attr(all(p.page, "html")[0], "lang") }

// shows checks that the page's main part has a text.
func (p reply) shows(tb testing.TB, want string) {
	tb.Helper()
	if got := text(all(p.page, "main")[0]); !strings.Contains(got, want) {
		tb.Errorf("%s does not show %q:\n%s", p.path, want, got)
	}
}
