package post_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	stdmail "net/mail"
	"strings"
	"testing"
	"time"

	"samtykke/app/library"
	"samtykke/app/problem"
	"samtykke/sync/post"
	"samtykke/sync/post/posttest"
)

var letter = library.Mail{ID: "0192f3a0-0000-7000-8000-0000000000aa", To: "ola@example.no", From: "Strandvik kommune", ReplyTo: "post@strandvik.example",
	Subject: "Kvittering frå Strandvik", Text: "Hei,\n\nher er kvitteringa. æøå\n", File: []byte("%PDF-1.4 a receipt\n%%EOF"), FileName: "kvittering.pdf", Language: "nn",
	At: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}

func server(t *testing.T, c post.Config) *post.Server {
	t.Helper()
	if c.From == "" {
		c.From = "mediebank@strandvik.example"
	}
	s, err := post.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// one is the only mail that a server took.
func one(t *testing.T, s *posttest.Server) posttest.Taken {
	t.Helper()
	taken := s.Taken()
	if len(taken) != 1 {
		t.Fatalf("the server took %d mails", len(taken))
	}
	return taken[0]
}

func TestMailArrivesWithItsTextAndItsReceipt(t *testing.T) {
	smtp := posttest.Serve(t, posttest.Options{})
	if err := server(t, post.Config{URL: "smtp://" + smtp.Addr}).Send(t.Context(), letter); err != nil {
		t.Fatal(err)
	}
	taken := one(t, smtp)
	if taken.From != "mediebank@strandvik.example" || len(taken.To) != 1 || taken.To[0] != letter.To {
		t.Errorf("from %s to %v", taken.From, taken.To)
	}
	m, err := stdmail.ReadMessage(bytes.NewReader(taken.Raw))
	if err != nil {
		t.Fatal(err)
	}
	decoded := new(mime.WordDecoder)
	subject, _ := decoded.DecodeHeader(m.Header.Get("Subject"))
	for header, want := range map[string]string{"Message-ID": "<" + letter.ID + "@strandvik.example>", "Auto-Submitted": "auto-generated",
		"Reply-To": "<post@strandvik.example>", "Content-Language": "nn", "To": "<ola@example.no>"} {
		if got := m.Header.Get(header); got != want {
			t.Errorf("%s is %q, want %q", header, got, want)
		}
	}
	from, err := m.Header.AddressList("From")
	if err != nil || subject != letter.Subject || from[0].Name != letter.From {
		t.Errorf("subject %q, from %v, %v", subject, from, err)
	}
	_, boundary, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(m.Body, boundary["boundary"])
	text, err := parts.NextRawPart()
	if err != nil {
		t.Fatal(err)
	}
	words, err := io.ReadAll(quotedprintable.NewReader(text))
	if err != nil || strings.TrimSpace(strings.ReplaceAll(string(words), "\r", "")) != strings.TrimSpace(letter.Text) {
		t.Errorf("text %q, %v", words, err)
	}
	file, err := parts.NextRawPart()
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, file))
	if err != nil || !bytes.Equal(pdf, letter.File) || file.FileName() != letter.FileName || !strings.HasPrefix(file.Header.Get("Content-Type"), "application/pdf") {
		t.Errorf("attached %s: %q, %v", file.FileName(), pdf, err)
	}
}

func TestMailTravelsEncrypted(t *testing.T) {
	for name, o := range map[string]posttest.Options{"STARTTLS": {TLS: true, Password: "hemmelig"}, "TLS": {Implicit: true, Password: "hemmelig"}} {
		t.Run(name, func(t *testing.T) {
			smtp := posttest.Serve(t, o)
			url := "smtp://mediebank@mail.example.no"
			if o.Implicit {
				url = "smtps://mediebank@mail.example.no"
			}
			dial := leadingTo(smtp)
			if err := server(t, post.Config{URL: url, Password: "hemmelig", Roots: smtp.Roots, Dial: dial}).Send(t.Context(), letter); err != nil {
				t.Fatal(err)
			}
			if taken := one(t, smtp); !taken.TLS || taken.User != "mediebank" {
				t.Errorf("TLS %t, logged in as %q", taken.TLS, taken.User)
			}
			if err := server(t, post.Config{URL: url, Password: "feil", Roots: smtp.Roots, Dial: dial}).Send(t.Context(), letter); err == nil || permanent(err) {
				t.Errorf("a wrong password: %v", err)
			}
			if err := server(t, post.Config{URL: url, Password: "hemmelig", Dial: dial}).Send(t.Context(), letter); err == nil || permanent(err) {
				t.Errorf("a certificate of nobody known: %v", err)
			}
		})
	}
}

// leadingTo leads every connection to a server on this machine, as if it were another.
func leadingTo(smtp *posttest.Server) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, smtp.Addr)
	}
}

func permanent(err error) bool {
	var refusal *library.MailRefusal
	return errors.As(err, &refusal) && refusal.Permanent
}

func TestServerThatOffersNoTLSGetsNothing(t *testing.T) {
	smtp := posttest.Serve(t, posttest.Options{})
	err := server(t, post.Config{URL: "smtp://mail.example.no", Dial: leadingTo(smtp)}).Send(t.Context(), letter)
	if err == nil || permanent(err) || smtp.Attempts() != 0 {
		t.Errorf("%v after %d attempts", err, smtp.Attempts())
	}
}

func TestRefusalTellsTheCodeAndNoAddress(t *testing.T) {
	smtp := posttest.Serve(t, posttest.Options{})
	s := server(t, post.Config{URL: "smtp://" + smtp.Addr})
	for _, c := range []struct {
		at        posttest.Stage
		answer    error
		code      string // "" for a failure on the way
		permanent bool
	}{
		{posttest.AtTo, posttest.Refusal(550, [3]int{5, 1, 1}), "550 5.1.1", true},
		{posttest.AtData, posttest.Refusal(554, [3]int{5, 7, 1}), "554 5.7.1", true},
		{posttest.AtTo, posttest.Refusal(451, [3]int{4, 7, 1}), "451 4.7.1", false},
		{posttest.AtFrom, posttest.Refusal(550, [3]int{5, 7, 1}), "550 5.7.1", false},
		{posttest.AtFrom, posttest.ErrHangUp, "", false},
		{posttest.AtTo, posttest.ErrHangUp, "", false},
		{posttest.AtData, posttest.ErrHangUp, "", false},
	} {
		smtp.Answer(func(stage posttest.Stage) error {
			if stage == c.at {
				return c.answer
			}
			return nil
		})
		err := s.Send(t.Context(), letter)
		var refusal *library.MailRefusal
		if err == nil || errors.As(err, &refusal) != (c.code != "") || refusal != nil && (refusal.Code != c.code || refusal.Permanent != c.permanent) {
			t.Errorf("%v at %s is answered %v", c.answer, c.at, err)
		}
		if err != nil && strings.Contains(err.Error(), "ola@") {
			t.Errorf("the error names the address: %v", err)
		}
	}
	smtp.Answer(nil)
	if err := s.Send(t.Context(), letter); err != nil || len(smtp.Taken()) != 1 {
		t.Errorf("after all that: %v", err)
	}
}

func TestSendingEndsWithItsContext(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0") // takes the connection and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := server(t, post.Config{URL: "smtp://" + silent.Addr().String()}).Send(ctx, letter); err == nil || permanent(err) {
		t.Errorf("%v", err)
	}
}

func TestServerAddressesThatCannotBeMeantAreRefused(t *testing.T) {
	for url, id := range map[string]string{"": "smtp-address-wrong", "mail.example.no": "smtp-address-wrong", "http://mail.example.no": "smtp-address-wrong",
		"smtp://": "smtp-address-wrong", "smtp://mail.example.no/x": "smtp-address-wrong", "smtp://u:secret@mail.example.no": "smtp-password-inside",
		"smtp://u@mail.example.no": "smtp-password-missing"} {
		if _, err := post.New(post.Config{URL: url, From: "a@example.no"}); problem.Of(err).ID != id || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", url, err)
		}
	}
	for _, from := range []string{"", "mediebank", "Mediebank <a@example.no>"} {
		if _, err := post.New(post.Config{URL: "smtp://mail.example.no", From: from}); problem.Of(err).ID != "mail-from-wrong" {
			t.Errorf("from %q: %v", from, err)
		}
	}
}
