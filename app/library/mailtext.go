package library

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/assets"
)

// mailMissingPart is why a mail cannot be sent yet, or ever.
type mailMissingPart struct {
	trouble string
	end     MailState // "" while it may still come
}

// of is the job when something is missing.
func (p mailMissingPart) of(j MailJob, now time.Time) MailJob {
	j.Trouble, j.State, j.Next = p.trouble, p.end, now
	switch {
	case p.end != "":
	case now.Sub(j.Asked) > mailExpires:
		j.State, j.Trouble = MailStopped, p.trouble+"; "+mailTroubleCompleted
	default:
		j.State, j.Next = MailWaiting, now.Add(mailMissing)
	}
	return j
}

// compose makes the mail of a job, or says what is missing for it.
func (l *Library) compose(ctx context.Context, j MailJob) (m Mail, missing *mailMissingPart, err error) {
	by, of, commit, known := l.signerOf(j.Record, j.Subject)
	if !known {
		return m, &mailMissingPart{trouble: mailTroubleRecord}, nil
	}
	var file []byte
	var keys evidence.Keys
	err = l.ledger.View(ctx, func(r Reader) error {
		for _, id := range []consent.SubjectID{j.Subject, of} { // who stands for the person, and who the receipt names
			if erased, err := r.Erased(id); err != nil || erased {
				missing = &mailMissingPart{MailTroubleErased, MailStopped}
				return err
			}
		}
		profile, found, err := r.Profile(j.Subject)
		switch {
		case err != nil:
			return err
		case !found:
			missing = &mailMissingPart{trouble: mailTroubleProfile}
			return nil
		case !isNewest(profile, commit): // the address may be one that was corrected since
			missing = &mailMissingPart{trouble: mailTroubleOlder}
			return nil
		}
		if m.To = profile.ReceiptAddress(by); m.To == "" { // perhaps taken back since: nobody is written to
			missing = &mailMissingPart{trouble: mailTroubleAddress}
			return nil
		}
		b, found, err := r.Blob(j.File)
		if err != nil || !found {
			missing = &mailMissingPart{trouble: mailTroubleReceipt}
			return err
		}
		devices, err := r.Devices()
		for _, d := range devices {
			keys = append(keys, d.Certificate.PublicKey)
		}
		if err != nil {
			return err
		}
		file, err = l.unseal(ctx, r, b)
		if errors.Is(err, fs.ErrNotExist) { // verify names it
			missing, err = &mailMissingPart{trouble: mailTroubleUnopened}, nil
		}
		return err
	})
	if err != nil || missing != nil {
		return m, missing, err
	}
	// The library vouches for what it mails: only a whole receipt of this very record, sealed by one of its devices, leaves.
	if token, err := evidence.OpenFile(keys, file); err != nil || token.Record != j.Record {
		return m, &mailMissingPart{mailTroubleForged, MailFailed}, nil //nolint:nilerr // it is the job's trouble
	}
	return l.worded(m, j, file), nil, nil
}

// isNewest tells whether a profile is the one that the log commits to.
func isNewest(p consent.Profile, commit string) bool {
	now, err := evidence.CommitProfile(p)
	return commit == "" || err == nil && now == commit
}

// signerOf is who gave or took back a consent of a person, under which registration, and what the person's newest profile commits to.
func (l *Library) signerOf(id consent.RecordID, subject consent.SubjectID) (by consent.Signer, of consent.SubjectID, commit string, known bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	body, of, _, _, known := l.state.Record(id)
	by = body.Signer
	if !known {
		var entry consent.HistoryEntry
		entry, of, known = l.state.Withdrawal(consent.EventID(id))
		by = entry.By
	}
	sub, _ := l.state.Subject(subject)
	return by, of, sub.PIICommit, known && l.state.Canonical(of) == l.state.Canonical(subject)
}

// worded puts a mail into the words of its language. Nothing of it but the address says who gets it: the subject line is read on locked
// screens.
func (l *Library) worded(m Mail, j MailJob, file []byte) Mail {
	organisation := l.Organisation()
	texts := assets.NewTexts(j.Language)
	data := map[string]any{"Organisation": organisation.Name, "Contact": organisation.Contact, "File": texts.T("mail.file", nil)}
	m.ID, m.Language, m.At = string(j.ID), assets.BaseLanguage(j.Language), l.clock()
	m.From, m.ReplyTo = organisation.Name, organisation.Contact
	m.Subject = texts.T("mail.subject", data)
	var paragraphs []string
	if l.machineMade(j.Language) {
		paragraphs = append(paragraphs, texts.T("receipt.machine-made", nil))
	}
	for _, id := range []string{"mail.hello", "mail.receipt", "mail.change", "mail.why", "mail.regards"} {
		paragraphs = append(paragraphs, texts.T(id, data))
	}
	m.Text = strings.Join(paragraphs, "\n\n") + "\n" + organisation.Name + "\n"
	m.File, m.FileName = file, texts.T("mail.file", nil)
	return m
}

// machineMade tells whether no reader has reviewed the words of a language yet, as the forms say of themselves.
func (l *Library) machineMade(language string) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for _, form := range l.state.Forms() {
		if form.Texts[language].MachineMade {
			return true
		}
	}
	return false
}
