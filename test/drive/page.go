package drive

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// Reader is a person with a browser that has no JavaScript.
type Reader struct {
	client *http.Client
	at     *url.URL
	page   *html.Node
}

// NewReader returns a reader with an empty cookie jar.
func NewReader() (*Reader, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	return &Reader{client: &http.Client{Jar: jar}}, nil
}

// Open follows an address to a page.
func (r *Reader) Open(ctx context.Context, address string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	return r.fetch(request)
}

// Text is all that can be read on the page.
func (r *Reader) Text() string {
	var b strings.Builder
	walk(r.page, func(n *html.Node) {
		if n.Type == html.TextNode && n.Parent.Data != "style" && n.Parent.Data != "script" {
			b.WriteString(n.Data + " ")
		}
	})
	return strings.Join(strings.Fields(b.String()), " ")
}

// Press sends the form whose action ends in path, with its hidden fields, as if the button with this name and value had been
// pressed; "" for a button without a name.
func (r *Reader) Press(ctx context.Context, path, button, value string) error {
	var form *html.Node
	walk(r.page, func(n *html.Node) {
		if n.Type == html.ElementNode && n.Data == "form" && strings.HasSuffix(attribute(n, "action"), path) {
			form = n
		}
	})
	if form == nil {
		return fmt.Errorf("the page has no form for %s: %s", path, r.Text())
	}
	fields := url.Values{}
	walk(form, func(n *html.Node) {
		if n.Type == html.ElementNode && n.Data == "input" && attribute(n, "type") == "hidden" {
			fields.Add(attribute(n, "name"), attribute(n, "value"))
		}
	})
	if button != "" {
		fields.Set(button, value)
	}
	action, err := r.at.Parse(attribute(form, "action"))
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, action.String(), strings.NewReader(fields.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", action.Scheme+"://"+action.Host)
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	return r.fetch(request)
}

// WithdrawEverything does what a person does behind a personal link: open it, press "withdraw everything", confirm.
func WithdrawEverything(ctx context.Context, link string) error {
	r, err := NewReader()
	if err != nil {
		return err
	}
	if err := r.Open(ctx, link); err != nil {
		return err
	}
	// The first visit hands over to an address without the secret; a page that waits for one press does so too.
	if err := r.Press(ctx, "/my/withdraw", "everything", "1"); err != nil {
		return err
	}
	return r.Press(ctx, "/my/withdraw/confirm", "", "")
}

func (r *Reader) fetch(request *http.Request) error {
	response, err := r.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	r.at = response.Request.URL
	if r.page, err = html.Parse(io.LimitReader(response.Body, 4<<20)); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s: %s", request.Method, response.Status, r.Text())
	}
	return nil
}

func walk(n *html.Node, visit func(*html.Node)) {
	visit(n)
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		walk(child, visit)
	}
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
