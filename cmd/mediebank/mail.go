package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"samtykke/app/consent"
	"samtykke/app/library"
	"samtykke/app/problem"
	"samtykke/sync/post"
)

// passwordVariable keeps the mail server's password off the command line, which every user of the machine can read.
const passwordVariable = "MEDIEBANK_SMTP_PASSWORD"

// smtpFlags say which mail server takes the receipts. Without one they wait.
type smtpFlags struct {
	SMTP         string `name:"smtp" placeholder:"URL" help:"Mail server for receipts: smtp://user@host:587 or smtps://user@host. The password comes from MEDIEBANK_SMTP_PASSWORD."`
	MailFrom     string `name:"mail-from" placeholder:"ADDR" help:"Sender of the mails."`
	PasswordFile string `name:"smtp-password-file" type:"path" placeholder:"FILE" help:"File whose first line is the mail server's password."`
}

// mailer is the mail server; nil when none is named.
func (f smtpFlags) mailer() (library.Mailer, error) {
	if f.SMTP == "" {
		return nil, nil
	}
	password := os.Getenv(passwordVariable)
	if f.PasswordFile != "" {
		raw, err := os.ReadFile(f.PasswordFile)
		if err != nil {
			return nil, problem.New(problem.NotFound, "smtp-password-unreadable",
				"The file with the mail server's password cannot be read; nothing was started; name one that this user may read.").Because(err)
		}
		password, _, _ = strings.Cut(string(raw), "\n")
		password = strings.TrimSuffix(password, "\r")
	}
	return post.New(post.Config{URL: f.SMTP, Password: password, From: f.MailFrom})
}

// sendMail begins to hand over mails, when there is a mail server, and returns what ends that.
func sendMail(ctx context.Context, lib *library.Library, mailer library.Mailer) (end func()) {
	if mailer == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		lib.SendMail(ctx, mailer)
	}()
	return func() {
		cancel()
		<-ended
	}
}

type mailCommand struct {
	List  mailListCommand  `cmd:"" help:"List them, and what became of each."`
	Retry mailRetryCommand `cmd:"" help:"Try again at once."`
}

type mailListCommand struct {
	dataFlags
}

// mailed is one mail in an answer. It names no address: that stands in the person's profile.
type mailed struct {
	ID       consent.EventID   `json:"id"`
	Record   consent.RecordID  `json:"record"`
	State    library.MailState `json:"state"`
	Attempts int               `json:"attempts"`
	Asked    time.Time         `json:"asked"`
	Next     time.Time         `json:"next"`
	Problem  string            `json:"problem,omitempty"`
}

// Run lists the mails, also of a library that serves.
func (m *mailListCommand) Run(c *call) error {
	storage, err := m.open(c, false)
	if err != nil {
		return err
	}
	defer storage.Close()
	var jobs []library.MailJob
	err = storage.ledger.View(c, func(r library.Reader) (err error) {
		jobs, err = r.MailJobs()
		return err
	})
	if err != nil {
		return err
	}
	list, text := []mailed{}, ""
	for _, j := range jobs {
		list = append(list, mailed{j.ID, j.Record, j.State, j.Attempts, j.Asked, j.Next, j.Trouble})
		line := fmt.Sprintf("%s  %-7s  asked for %s", j.ID, j.State, j.Asked.Local().Format("2006-01-02 15:04"))
		switch j.State {
		case library.MailWaiting, library.MailSending:
			line += ", next try " + j.Next.Local().Format("2006-01-02 15:04")
		default:
			line += ", ended " + j.Next.Local().Format("2006-01-02 15:04")
		}
		if j.Attempts > 0 {
			line += fmt.Sprintf(", attempts: %d", j.Attempts)
		}
		if j.Trouble != "" {
			line += ", " + j.Trouble
		}
		text += line + "\n"
	}
	return c.answer(list, text)
}

type mailRetryCommand struct {
	dataFlags
	ID consent.EventID `arg:"" optional:"" help:"Which, from mail list; all that failed when left out."`
}

// Run lets mails be tried again; a library that serves does so within half a minute.
func (m *mailRetryCommand) Run(c *call) error {
	storage, err := m.open(c, false)
	if err != nil {
		return err
	}
	defer storage.Close()
	n, err := library.RetryMail(c, storage.ledger, m.ID, time.Now())
	if err != nil {
		return err
	}
	return c.answer(struct {
		Retried int `json:"retried"`
	}{n}, fmt.Sprintf("Mails to be tried again: %d\n", n))
}
