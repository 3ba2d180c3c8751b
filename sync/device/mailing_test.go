package device_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/library"
	"samtykke/app/problem"
	"samtykke/sync/post"
	"samtykke/sync/post/posttest"
	"samtykke/sync/wire"
)

// mailroom is a library that sends mails, at a time that the test turns.
type mailroom struct {
	*library.Library
	place  *place
	smtp   *posttest.Server
	mailer library.Mailer
	now    time.Time
	log    bytes.Buffer
}

func (p *place) mailroom() *mailroom {
	p.tb.Helper()
	m := &mailroom{place: p, smtp: posttest.Serve(p.tb, posttest.Options{}), now: time.Now()}
	var err error
	m.mailer, err = post.New(post.Config{URL: "smtp://" + m.smtp.Addr, From: "mediebank@eksempel.example"})
	must(p.tb, err)
	m.restart()
	return m
}

// restart opens the library anew, with what is on disk.
func (m *mailroom) restart() {
	m.place.tb.Helper()
	var err error
	m.Library, err = library.Open(context.Background(), library.Config{Ledger: m.place.ledger, Objects: m.place.objects, Key: m.place.keys.Signing,
		Logger: slog.New(slog.NewTextHandler(&m.log, nil)), Now: func() time.Time { return m.now }})
	must(m.place.tb, err)
}

// send lets some time pass and then looks at the mails.
func (m *mailroom) send(after time.Duration) {
	m.place.tb.Helper()
	m.now = m.now.Add(after)
	must(m.place.tb, m.SendDueMail(context.Background(), m.mailer))
}

func (m *mailroom) jobs() (jobs []library.MailJob) {
	m.place.tb.Helper()
	must(m.place.tb, m.place.ledger.View(context.Background(), func(r library.Reader) (err error) {
		jobs, err = r.MailJobs()
		return err
	}))
	return jobs
}

// state is that of the only mail.
func (m *mailroom) state() library.MailJob {
	m.place.tb.Helper()
	jobs := m.jobs()
	if len(jobs) != 1 {
		m.place.tb.Fatalf("%d mails", len(jobs))
	}
	return jobs[0]
}

// mailed is a laptop on which somebody has signed and asked for their receipt by mail.
func mailed(tb testing.TB, p *place) (*laptop, capture.Person) {
	tb.Helper()
	l := enrolledLaptop(tb, p)
	ola, err := l.Register(context.Background(), capture.Registration{Shoot: l.shoot, Name: "Ola Nordmann", Email: "ola@example.no"})
	must(tb, err)
	_, err = l.MailReceipt(context.Background(), l.sign(ola, "web:photo").Record, "")
	must(tb, err)
	return l, ola
}

func TestReceiptGoesByMailToWhoeverSigned(t *testing.T) {
	p := mustServe(t)
	l, _ := mailed(t, p)
	kari, err := l.Register(t.Context(), capture.Registration{Shoot: l.shoot, Name: "Kari Nordmann", Born: "2015",
		Guardians: []consent.Guardian{{Name: "Ola Nordmann", Email: "far@example.no"}}})
	must(t, err)
	form, err := l.CurrentForm("default")
	must(t, err)
	answers := map[consent.Scope]consent.Decision{}
	for _, s := range form.Scopes() {
		answers[s] = consent.DecisionNo
	}
	signed, err := l.RecordConsent(t.Context(), capture.Signing{Subject: kari.ID, Shoot: l.shoot, Form: "default", Language: "uk", Answers: answers,
		Method: capture.Typed, TypedName: "Ola Nordmann", Guardian: 1})
	must(t, err)
	_, err = l.MailReceipt(t.Context(), signed.Record, "")
	must(t, err)
	l.sync()
	p.hasAll(l)
	m := p.mailroom()
	m.send(0)
	taken := m.smtp.Taken()
	if len(taken) != 2 || taken[0].To[0] != "ola@example.no" || taken[1].To[0] != "far@example.no" {
		t.Fatalf("%d mails to %+v", len(taken), taken)
	}
	for i, want := range []string{"kvittering.pdf", "kvytantsiia.pdf"} {
		if raw := string(taken[i].Raw); !strings.Contains(raw, want) || strings.Contains(raw[:strings.Index(raw, "\r\n\r\n")], "Nordmann") {
			t.Errorf("mail %d lacks %s, or its head names somebody:\n%.900s", i, want, raw)
		}
	}
	m.send(time.Hour)
	m.restart()
	m.send(24 * time.Hour)
	if len(m.smtp.Taken()) != 2 {
		t.Error("a mail was sent twice")
	}
	if log := m.log.String(); strings.Contains(log, "@example.no") || !strings.Contains(log, "state=sent") {
		t.Errorf("the log says %s", log)
	}
	p.verify()
}

func TestReceiptWithoutAnAddressIsNotQueued(t *testing.T) {
	p := mustServe(t)
	l := enrolledLaptop(t, p)
	signed := l.sign(l.person("Ola Nordmann"), "web:photo")
	_, err := l.MailReceipt(t.Context(), signed.Record, "")
	wantProblem(t, err, "receipt-address-missing")
	_, err = l.MailReceipt(t.Context(), "0192f3a0-0000-7000-8000-0000000000aa", "")
	wantProblem(t, err, "record-unknown")
	l.sync()
	if jobs := p.mailroom().jobs(); len(jobs) != 0 {
		t.Errorf("%+v", jobs)
	}
}

func TestMailWaitsForAServerThatCannotTakeIt(t *testing.T) {
	p := mustServe(t)
	l, _ := mailed(t, p)
	l.sync()
	m := p.mailroom()
	busy := posttest.Refusal(451, [3]int{4, 7, 1}) // greylisting
	m.smtp.Answer(func(at posttest.Stage) error { return only(at, posttest.AtTo, busy) })
	m.send(0)
	if j := m.state(); j.State != library.MailWaiting || j.Attempts != 1 || !strings.Contains(j.Trouble, "451 4.7.1") || strings.Contains(j.Trouble, "@") {
		t.Fatalf("%+v", j)
	}
	m.send(30 * time.Second)
	if m.smtp.Attempts() != 1 {
		t.Error("the server was asked again at once")
	}
	m.smtp.Answer(func(at posttest.Stage) error { return only(at, posttest.AtData, posttest.ErrHangUp) })
	m.send(time.Minute)
	m.restart()
	if j := m.state(); j.State != library.MailWaiting || j.Attempts != 2 {
		t.Fatalf("%+v", j)
	}
	m.smtp.Answer(nil)
	m.send(6 * time.Minute)
	if j := m.state(); j.State != library.MailSent || j.Attempts != 3 || len(m.smtp.Taken()) != 1 {
		t.Errorf("%+v", j)
	}
}

// only is an error at one stage.
func only(at, stage posttest.Stage, err error) error {
	if at != stage {
		return nil
	}
	return err
}

func TestRefusedMailIsTriedAgainOnlyWhenAsked(t *testing.T) {
	p := mustServe(t)
	l, _ := mailed(t, p)
	l.sync()
	m := p.mailroom()
	m.smtp.Answer(func(at posttest.Stage) error { return only(at, posttest.AtTo, posttest.Refusal(550, [3]int{5, 1, 1})) })
	m.send(0)
	m.send(48 * time.Hour)
	j := m.state()
	if j.State != library.MailFailed || j.Trouble != "the mail server answered 550 5.1.1" || m.smtp.Attempts() != 1 {
		t.Fatalf("%+v after %d attempts", j, m.smtp.Attempts())
	}
	m.smtp.Answer(nil)
	if n, err := library.RetryMail(t.Context(), p.ledger, "", m.now); n != 1 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	m.send(0)
	if j := m.state(); j.State != library.MailSent {
		t.Errorf("%+v", j)
	}
	if _, err := library.RetryMail(t.Context(), p.ledger, j.ID, m.now); err == nil {
		t.Error("what was sent is sent again")
	}
}

func TestMailIsGivenUpAfterDays(t *testing.T) {
	p := mustServe(t)
	l, _ := mailed(t, p)
	l.sync()
	m := p.mailroom()
	m.smtp.Answer(func(posttest.Stage) error { return posttest.ErrHangUp })
	began := m.now
	for range 50 {
		m.send(0)
		j := m.state()
		if j.State == library.MailFailed {
			break
		}
		m.now = j.Next
	}
	if j, days := m.state(), m.now.Sub(began).Hours()/24; j.State != library.MailFailed || days < 4 || days > 7 {
		t.Errorf("%+v after %.1f days", j, days)
	}
}

// The answer to the last byte got lost, or the power failed before it was written down.
func TestMailWhoseFateIsNotKnownIsSentAgainUnderTheSameName(t *testing.T) {
	p := mustServe(t)
	l, _ := mailed(t, p)
	l.sync()
	m := p.mailroom()
	crash := errors.New("power cut")
	func() {
		defer func() { _ = recover() }()
		_ = m.SendDueMail(t.Context(), mailerFunc(func(ctx context.Context, mail library.Mail) error {
			must(t, m.mailer.Send(ctx, mail))
			panic(crash)
		}))
	}()
	m.restart()
	m.send(time.Minute)
	if j := m.state(); j.State != library.MailSending || len(m.smtp.Taken()) != 1 {
		t.Fatalf("somebody may still be sending it: %+v", j)
	}
	m.send(time.Hour)
	taken := m.smtp.Taken()
	if j := m.state(); j.State != library.MailSent || len(taken) != 2 || messageID(taken[0].Raw) != messageID(taken[1].Raw) || messageID(taken[0].Raw) == "" {
		t.Errorf("%+v, %d mails", j, len(taken))
	}
}

type mailerFunc func(context.Context, library.Mail) error

func (f mailerFunc) Send(ctx context.Context, m library.Mail) error { return f(ctx, m) }

func messageID(raw []byte) string {
	_, rest, _ := strings.Cut(string(raw), "Message-ID: ")
	id, _, _ := strings.Cut(rest, "\r\n")
	return id
}

func TestTwoServersSendOneMailOnce(t *testing.T) {
	p := mustServe(t)
	l, _ := mailed(t, p)
	l.sync()
	m, other := p.mailroom(), p.mailroom()
	other.now = m.now
	_ = m.SendDueMail(t.Context(), mailerFunc(func(context.Context, library.Mail) error {
		other.send(0)
		if len(other.smtp.Taken()) != 0 {
			t.Error("the other server sends what this one is sending")
		}
		return nil
	}))
	if j := m.state(); j.State != library.MailSent || j.Attempts != 1 {
		t.Errorf("%+v", j)
	}
}

func TestNobodyIsWrittenToWhoDoesNotWantIt(t *testing.T) {
	p := mustServe(t)
	l, ola := mailed(t, p)
	nothing := ""
	_, err := l.Amend(t.Context(), ola.ID, capture.Amendment{Email: &nothing})
	must(t, err)
	l.sync()
	m := p.mailroom()
	m.send(0)
	if j := m.state(); j.State != library.MailWaiting || j.Attempts != 0 || !strings.Contains(j.Trouble, "no e-mail address") {
		t.Errorf("%+v", j)
	}
	m.send(31 * 24 * time.Hour)
	if j := m.state(); j.State != library.MailStopped || m.smtp.Attempts() != 0 {
		t.Errorf("%+v", j)
	}
}

func TestErasureStopsTheMail(t *testing.T) {
	p := mustServe(t)
	l, ola := mailed(t, p)
	l.sync()
	m := p.mailroom()
	m.smtp.Answer(func(posttest.Stage) error { return posttest.ErrHangUp })
	m.send(0)
	m.smtp.Answer(nil)
	_, err := l.Erase(t.Context(), capture.Erasure{Subject: ola.ID, Reason: "request"})
	must(t, err)
	l.sync()
	m.restart()
	if _, err := library.RetryMail(t.Context(), p.ledger, "", m.now); err != nil {
		t.Fatal(err)
	}
	m.send(48 * time.Hour)
	if j := m.state(); j.State != library.MailStopped || len(m.smtp.Taken()) != 0 {
		t.Errorf("%+v, %d mails", j, len(m.smtp.Taken()))
	}
	if _, err := library.RetryMail(t.Context(), p.ledger, m.state().ID, m.now); err == nil {
		t.Error("somebody erased can be written to again")
	}
}

// What it needs may come in any order, or never: the profile and the receipt travel behind the event.
func TestMailWaitsUntilEverythingHasCome(t *testing.T) {
	p := mustServe(t)
	l, _ := mailed(t, p)
	p.misbehaveAt("PUT /v1/subjects/…", saying(http.StatusServiceUnavailable, wire.Error{Kind: problem.Unavailable, ID: "library-busy", Sentence: "Busy."}))
	_, _ = quick().Sync(t.Context(), l.Session, nil)
	m := p.mailroom()
	m.send(0)
	if j := m.state(); j.State != library.MailWaiting || j.Trouble == "" || j.Attempts != 0 {
		t.Fatalf("%+v", j)
	}
	p.misbehave(nil)
	l.sync()
	m.restart()
	m.send(2 * time.Minute)
	if j := m.state(); j.State != library.MailSent {
		t.Errorf("%+v", j)
	}
}

// Where a profile is held up, the address that the library has may be an old one: somebody else's by now.
func TestNoMailGoesToAnAddressThatWasCorrected(t *testing.T) {
	p := mustServe(t)
	l := enrolledLaptop(t, p)
	ola, err := l.Register(t.Context(), capture.Registration{Shoot: l.shoot, Name: "Ola Nordmann", Email: "old@example.no"})
	must(t, err)
	record := l.sign(ola, "web:photo").Record
	l.sync()
	right := "new@example.no"
	_, err = l.Amend(t.Context(), ola.ID, capture.Amendment{Email: &right})
	must(t, err)
	_, err = l.MailReceipt(t.Context(), record, "")
	must(t, err)
	p.misbehaveAt("PUT "+wire.PathSubjects+"…", saying(http.StatusBadRequest, wire.Error{Kind: problem.Invalid, ID: "profile-odd", Sentence: "Odd."}))
	_, err = quick().Sync(t.Context(), l.Session, nil)
	wantProblem(t, err, "profile-odd")
	m := p.mailroom()
	m.send(0)
	if j := m.state(); j.State != library.MailWaiting || !strings.Contains(j.Trouble, "newest profile") || m.smtp.Attempts() != 0 {
		t.Errorf("%+v", j)
	}
	p.misbehave(nil)
	l.sync()
	m.restart()
	m.send(2 * time.Minute)
	if taken := m.smtp.Taken(); len(taken) != 1 || taken[0].To[0] != right {
		t.Errorf("mailed %+v, %+v", taken, m.state())
	}
}

func TestMailGoesAsSoonAsWhatItNeedsHasCome(t *testing.T) {
	p := mustServe(t)
	l, _ := mailed(t, p)
	p.misbehaveAt("PUT "+wire.PathSubjects+"…", saying(http.StatusBadRequest, wire.Error{Kind: problem.Invalid, ID: "profile-odd", Sentence: "Odd."}))
	_, err := quick().Sync(t.Context(), l.Session, nil)
	wantProblem(t, err, "profile-odd")
	m := p.mailroom()
	m.send(0)
	if j := m.state(); j.State != library.MailWaiting || m.smtp.Attempts() != 0 {
		t.Fatalf("%+v", j)
	}
	p.misbehave(nil)
	l.sync()
	m.send(10 * time.Second)
	if j := m.state(); j.State != library.MailSent {
		t.Errorf("what came is not looked at before a minute has gone: %+v", j)
	}
}

// A laptop that had not heard of a merge erases one of two registrations: the receipt that names that one goes to nobody.
func TestNoReceiptOfSomebodyErasedGoesToWhomTheyWereMergedInto(t *testing.T) {
	p := mustServe(t)
	l, other := enrolledLaptop(t, p), enrolledLaptop(t, p)
	ola, err := l.Register(t.Context(), capture.Registration{Shoot: l.shoot, Name: "Ola Normann"})
	must(t, err)
	into, err := l.Register(t.Context(), capture.Registration{Shoot: l.shoot, Name: "Ola Nordmann", Email: "ola@example.no"})
	must(t, err)
	record := l.sign(ola, "web:photo").Record
	l.sync()
	other.sync()
	_, err = l.Merge(t.Context(), ola.ID, into.ID)
	must(t, err)
	_, err = l.MailReceipt(t.Context(), record, "")
	must(t, err)
	l.sync()
	_, err = other.Erase(t.Context(), capture.Erasure{Subject: ola.ID, Reason: "request"})
	must(t, err)
	other.sync()
	m := p.mailroom()
	m.send(0)
	if j := m.state(); j.State != library.MailStopped || len(m.smtp.Taken()) != 0 {
		t.Errorf("%+v, mailed %d", j, len(m.smtp.Taken()))
	}
}

func TestOnlyGenuineReceiptsAreMailed(t *testing.T) {
	p := mustServe(t)
	l, _ := mailed(t, p)
	l.sync()
	m := p.mailroom()
	file := m.state().File
	sealed, err := p.objects.Open(t.Context(), file)
	must(t, err)
	raw, err := io.ReadAll(sealed)
	must(t, err)
	_ = sealed.Close()
	if bytes.Contains(raw, []byte("%PDF-")) {
		t.Error("the receipt lies open in the library")
	}
	subject := m.state().Subject
	must(t, p.ledger.Update(t.Context(), func(tx library.Tx) error { // as an enrolled device could: any PDF under a receipt's name
		forged, err := tx.SealBlob(file, []consent.SubjectID{subject}, []byte("%PDF-1.4 buy now\n%%EOF"))
		if err != nil {
			return err
		}
		if err := p.objects.Delete(t.Context(), file); err != nil {
			return err
		}
		return p.objects.Put(t.Context(), file, bytes.NewReader(forged))
	}))
	m.send(0)
	if j := m.state(); j.State != library.MailFailed || m.smtp.Attempts() != 0 {
		t.Errorf("%+v, %d attempts", j, m.smtp.Attempts())
	}
}
