package library

import (
	"context"
	"errors"
	"fmt"
	"time"

	"samtykke/app/consent"
	"samtykke/app/problem"
)

// MailJob is a receipt that a device has asked to be mailed. It holds no address: that is looked up when the mail is sent, so that a
// corrected one is used and one that was taken back is not.
type MailJob struct {
	ID       consent.EventID // the receipt.issued event that asks for it
	Subject  consent.SubjectID
	Record   consent.RecordID // the consent or withdrawal that it is a receipt of
	File     consent.BlobHash
	Language string
	State    MailState
	Attempts int       // how often a mail server was asked
	Asked    time.Time // when the library received the event
	// Next is not before when a waiting job is looked at again; of one that is being sent, when whoever sends it counts as gone; of
	// one that ended, when it did.
	Next    time.Time
	Trouble string // the last problem, in English and without names or addresses
}

// MailState is how far a mail has come.
type MailState string

// The states. The last three are ends: only RetryMail leads out of failed and stopped.
const (
	MailWaiting MailState = "waiting"
	MailSending MailState = "sending"
	MailSent    MailState = "sent"    // a mail server has taken it; whether it arrives is not known here
	MailFailed  MailState = "failed"  // refused for good, or tried for days
	MailStopped MailState = "stopped" // nobody is to get it any more
)

// Troubles of a job that no mail server has been asked about.
const (
	MailTroubleErased    = "the person was erased"
	mailTroubleProfile   = "the person's profile has not come yet"
	mailTroubleOlder     = "the person's newest profile has not come yet"
	mailTroubleAddress   = "the profile has no e-mail address"
	mailTroubleReceipt   = "the receipt has not come yet"
	mailTroubleRecord    = "the consent has not come yet"
	mailTroubleForged    = "the file is not the receipt that the event names"
	mailTroubleUnopened  = "the receipt cannot be read"
	mailTroubleCompleted = "what it needs did not come in time"
)

// Mail is one mail, ready to be sent.
type Mail struct {
	ID      string // the same for every attempt, so that a mail server can tell one that it has from a new one; of ASCII letters, digits, - and _
	To      string
	From    string // what the sender is called; the address is the mail server's business
	ReplyTo string // "" when there is none
	Subject string
	Text    string
	// File is a PDF.
	File     []byte
	FileName string
	Language string // BCP 47
	At       time.Time
}

// Mailer hands mails to a mail server. Send returns nil once the server has taken responsibility for the mail. A *MailRefusal says how
// the server refused it; any other error is a failure on the way, after which the mail may or may not have been taken.
type Mailer interface {
	Send(ctx context.Context, m Mail) error
}

// MailRefusal is a mail server's answer, without its words: these quote the address.
type MailRefusal struct {
	Code string // such as "550 5.1.1" (RFC 5321, RFC 3463)
	// Permanent: the same mail will be refused again.
	Permanent bool
}

func (r *MailRefusal) Error() string { return "the mail server answered " + r.Code }

// askForMail adds a job for an event that asks for one, in the transaction that takes the event in.
func askForMail(tx Tx, e consent.Envelope, received time.Time) error {
	if e.Type != consent.ReceiptIssued || e.Subject == "" {
		return nil
	}
	body := bodyOf[consent.ReceiptBody](e)
	if !body.Mail || !isHash(string(body.SHA256)) {
		return nil
	}
	j := MailJob{ID: e.ID, Subject: e.Subject, Record: body.Record, File: body.SHA256, Language: body.Language, State: MailWaiting, Asked: received, Next: received}
	if erased, err := tx.Erased(e.Subject); err != nil {
		return err
	} else if erased {
		j.State, j.Trouble = MailStopped, MailTroubleErased
	}
	return tx.AddMailJob(j)
}

// wakeMail tells whoever sends mails that there may be one.
func (l *Library) wakeMail() {
	select {
	case l.mailWake <- struct{}{}:
	default: // it has been told already
	}
}

// RetryMail puts failed and stopped jobs back among those that wait, and lets waiting ones try at once: the one with the identifier,
// or with "" all that failed. What was sent, and what is for somebody erased, stays as it is. It returns how many there were.
func RetryMail(ctx context.Context, ledger Ledger, id consent.EventID, now time.Time) (int, error) {
	done := 0
	err := ledger.Update(ctx, func(tx Tx) error {
		done = 0
		jobs, err := tx.MailJobs()
		if err != nil {
			return err
		}
		for _, j := range jobs {
			chosen := id == j.ID && j.State != MailSent && j.State != MailSending || id == "" && j.State == MailFailed
			if erased, err := tx.Erased(j.Subject); err != nil {
				return err
			} else if !chosen || erased {
				continue
			}
			again := j
			again.State, again.Attempts, again.Next, again.Trouble = MailWaiting, 0, now, ""
			moved, err := tx.MoveMailJob(j, again)
			if err != nil {
				return err
			}
			if moved {
				done++
			}
		}
		return nil
	})
	if err == nil && id != "" && done == 0 {
		err = problem.New(problem.NotFound, "mail-job-unknown",
			"There is no mail {{.id}} that can be tried again; nothing was changed; mediebank mail list shows all of them.", "id", id)
	}
	return done, err
}

// How long to wait after the first, second, … failure, and after that between all others until mailPatience is over.
var mailBackOff = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour}

const (
	mailPatience = 5 * 24 * time.Hour  // from the first attempt that a mail may wait for a server (RFC 5321 §4.5.4.1)
	mailMissing  = time.Minute         // between two looks at whether what a mail needs has come
	mailExpires  = 30 * 24 * time.Hour // from when it was asked for
	mailLease    = 15 * time.Minute    // a sender that took longer counts as gone
	mailTimeout  = 5 * time.Minute     // of one attempt; shorter than the lease, so that two senders never hold one mail
	mailBatch    = 50
)

// afterFailure is a job after an attempt that failed.
func (j MailJob) afterFailure(err error, now time.Time) MailJob {
	var refusal *MailRefusal
	j.State, j.Trouble = MailWaiting, "the mail server could not be reached, or broke off"
	if errors.As(err, &refusal) {
		j.Trouble = refusal.Error()
	}
	wait := mailBackOff[min(j.Attempts, len(mailBackOff))-1]
	if given := attemptsIn(mailPatience); refusal != nil && refusal.Permanent || j.Attempts >= given {
		j.State, wait = MailFailed, 0
	}
	j.Next = now.Add(wait)
	return j
}

// attemptsIn is how many attempts fit into a time.
func attemptsIn(patience time.Duration) int {
	n := 1
	for waited := time.Duration(0); waited < patience; n++ {
		waited += mailBackOff[min(n, len(mailBackOff))-1]
	}
	return n
}

// SendMail hands over what is to be mailed until ctx ends.
func (l *Library) SendMail(ctx context.Context, m Mailer) {
	for {
		if err := l.SendDueMail(ctx, m); err != nil && ctx.Err() == nil {
			l.log.Error("mails not looked at", "error", err)
		}
		look := time.NewTimer(mailMissing / 2)
		select {
		case <-ctx.Done():
			look.Stop()
			return
		case <-l.mailWake:
			look.Stop()
		case <-look.C:
		}
	}
}

// SendDueMail hands over the mails whose time has come, one after the other. A mail that a server refused is no error of SendDueMail:
// it stands in the job.
func (l *Library) SendDueMail(ctx context.Context, m Mailer) error {
	for {
		var due []MailJob
		err := l.ledger.View(ctx, func(r Reader) (err error) {
			due, err = r.MailDue(l.clock(), mailBatch)
			return err
		})
		if err != nil {
			return err
		}
		for _, j := range due {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := l.mail(ctx, m, j); err != nil {
				return fmt.Errorf("mail %s: %w", j.ID, err)
			}
		}
		if len(due) < mailBatch {
			return nil
		}
	}
}

// move writes what became of a job. What another has decided meanwhile stays.
func (l *Library) move(ctx context.Context, from, to MailJob) (moved bool, err error) {
	err = l.ledger.Update(ctx, func(tx Tx) error {
		moved, err = tx.MoveMailJob(from, to)
		return err
	})
	return moved, err
}

// mail takes one job a step further. The job is marked as being sent before the server is asked: after a crash in between it is sent
// again, under the same identifier, rather than never.
func (l *Library) mail(ctx context.Context, m Mailer, j MailJob) error {
	ready, missing, err := l.compose(ctx, j)
	if err != nil {
		return err
	}
	if missing != nil {
		_, err := l.move(ctx, j, missing.of(j, l.clock()))
		return err
	}
	taken := j
	taken.State, taken.Attempts, taken.Next = MailSending, j.Attempts+1, l.clock().Add(mailLease)
	if moved, err := l.move(ctx, j, taken); err != nil || !moved {
		return err
	}
	patience, cancel := context.WithTimeout(ctx, mailTimeout)
	defer cancel()
	failure := m.Send(patience, ready)
	after := taken
	switch {
	case failure == nil:
		after.State, after.Next, after.Trouble = MailSent, l.clock(), ""
	case ctx.Err() != nil: // the server is being stopped: this was no attempt
		after.State, after.Attempts, after.Next = MailWaiting, j.Attempts, l.clock()
	default:
		after = taken.afterFailure(failure, l.clock())
	}
	l.log.Info("receipt mailed", "event", j.ID, "state", after.State, "attempts", after.Attempts, "trouble", after.Trouble)
	_, err = l.move(context.WithoutCancel(ctx), taken, after)
	return err
}
