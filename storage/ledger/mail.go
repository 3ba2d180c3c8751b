package ledger

import (
	"time"

	"samtykke/app/consent"
	"samtykke/app/library"
)

const mailColumns = "id, subject, record, sha256, language, state, attempts, asked_at, next_at, trouble"

func scanMailJob(row scanner) (j library.MailJob, err error) {
	var asked, next int64
	err = row.Scan(&j.ID, &j.Subject, &j.Record, &j.File, &j.Language, &j.State, &j.Attempts, &asked, &next, &j.Trouble)
	j.Asked, j.Next = fromMillis(asked), fromMillis(next)
	return j, err
}

// MailJobs implements library.Reader.
func (t *tx) MailJobs() ([]library.MailJob, error) {
	return list(t, scanMailJob, "SELECT "+mailColumns+" FROM mail_jobs ORDER BY asked_at, id")
}

// MailDue implements library.Reader.
func (t *tx) MailDue(now time.Time, limit int) ([]library.MailJob, error) {
	return list(t, scanMailJob, "SELECT "+mailColumns+" FROM mail_jobs WHERE state IN (?, ?) AND next_at <= ? ORDER BY asked_at, id LIMIT ?",
		library.MailWaiting, library.MailSending, toMillis(now), limit)
}

// AddMailJob implements library.Tx.
func (t *tx) AddMailJob(j library.MailJob) error {
	return t.exec("INSERT INTO mail_jobs ("+mailColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
		j.ID, j.Subject, j.Record, j.File, j.Language, j.State, j.Attempts, toMillis(j.Asked), toMillis(j.Next), j.Trouble)
}

// MoveMailJob implements library.Tx.
func (t *tx) MoveMailJob(from, to library.MailJob) (bool, error) {
	n, err := t.execCount("UPDATE mail_jobs SET state = ?, attempts = ?, next_at = ?, trouble = ? WHERE id = ? AND state = ? AND attempts = ? AND next_at = ?",
		to.State, to.Attempts, toMillis(to.Next), to.Trouble, from.ID, from.State, from.Attempts, toMillis(from.Next))
	return n == 1, err
}

// HastenMail implements library.Tx.
func (t *tx) HastenMail(subject consent.SubjectID, file consent.BlobHash, now time.Time) error {
	return t.exec("UPDATE mail_jobs SET next_at = ? WHERE state = ? AND attempts = 0 AND (subject = ? OR sha256 = ?)",
		toMillis(now), library.MailWaiting, subject, file)
}

// stopMail ends what was to be mailed to somebody who is erased.
func (t *tx) stopMail(id consent.SubjectID, at time.Time) error {
	return t.exec("UPDATE mail_jobs SET state = ?, next_at = ?, trouble = ? WHERE subject = ? AND state <> ?",
		library.MailStopped, toMillis(at), library.MailTroubleErased, id, library.MailSent)
}
