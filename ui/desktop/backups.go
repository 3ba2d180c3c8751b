package desktop

import (
	"context"
	"errors"

	"samtykke/app/capture"
	"samtykke/app/problem"
	"samtykke/ui/desktop/part"
)

// backups is the one backup that is being made, verified or taken in, and what came of the last one. It goes on while the reader does
// other things, and belongs to the window as the exchange with the library does. An unused window is not locked before it ends.
type backups struct {
	window   *Window
	doing    backupJob
	progress capture.BackupProgress
	united   capture.UnionProgress
	pace     pace
	stop     context.CancelFunc
	round    int    // grows when one begins and when it ends
	result   string // of the last one, in words, "" for none
	mark     part.Mark
	err      error
}

// backupJob is what is being done with a backup.
type backupJob string

const (
	backupNone      backupJob = ""
	backupMaking    backupJob = "making"
	backupVerifying backupJob = "verifying"
	backupMerging   backupJob = "merging"
)

// backupResult is what came of one: a sentence, and in lines below it what is not as it should be.
type backupResult struct {
	said string
	bad  []string
}

// findings introduces what an examination found. Its lines name events and files and are in English, for whoever helps.
func (w *words) findings(found []string) []string {
	if len(found) == 0 {
		return nil
	}
	return append([]string{w.t("backups.found")}, found...)
}

// create copies everything to a folder.
func (b *backups) create(out string, withReferenced bool) {
	w := b.window
	door, session, words := w.config.Door, w.session, w.words
	b.run(backupMaking, func(ctx context.Context, told func(capture.BackupProgress), _ func(capture.UnionProgress)) (backupResult, error) {
		report, err := door.CreateBackup(ctx, session, out, withReferenced, told)
		r := backupResult{said: words.t("backups.made", "files", report.Files, "bytes", words.size(report.Bytes), "path", report.Path), bad: words.findings(report.Problems)}
		if n := len(report.NotIncluded); n > 0 {
			r.bad = append(r.bad, words.n("backups.left", n))
		}
		return r, err
	})
}

// verify reads a backup; without a passphrase only its files.
func (b *backups) verify(dir, passphrase string) {
	w := b.window
	door, words := w.config.Door, w.words
	b.run(backupVerifying, func(ctx context.Context, told func(capture.BackupProgress), _ func(capture.UnionProgress)) (backupResult, error) {
		check, err := door.VerifyBackup(ctx, dir, passphrase, told)
		id := "backups.whole"
		switch {
		case len(check.Problems) > 0:
			id = "backups.broken"
		case !check.Complete:
			id = "backups.whole.quick"
		}
		return backupResult{words.t(id, "files", check.Files, "bytes", words.size(check.Bytes), "path", dir), words.findings(check.Problems)}, err
	})
}

// merge takes in what a backup has and this vault lacks.
func (b *backups) merge(dir, passphrase string) {
	w := b.window
	door, session, words := w.config.Door, w.session, w.words
	b.run(backupMerging, func(ctx context.Context, _ func(capture.BackupProgress), told func(capture.UnionProgress)) (backupResult, error) {
		done, err := door.MergeBackup(ctx, session, dir, passphrase, told)
		return backupResult{words.t("backups.merged", "events", done.Events, "people", done.Profiles, "files", done.Blobs+done.Originals,
			"bytes", words.size(done.Bytes)), words.findings(done.Problems)}, err
	})
}

func (b *backups) run(doing backupJob, job func(context.Context, func(capture.BackupProgress), func(capture.UnionProgress)) (backupResult, error)) {
	if b.doing != backupNone {
		return
	}
	w := b.window
	ctx, stop := context.WithCancel(w.context)
	b.doing, b.stop, b.result, b.err, b.progress, b.united, b.pace = doing, stop, "", nil, capture.BackupProgress{}, capture.UnionProgress{}, pace{}
	b.round++
	b.changed()
	bytes := relay(w, func(p capture.BackupProgress) {
		if p.Verifying != b.progress.Verifying {
			b.pace = pace{} // reading is another pace than writing
		}
		b.progress = p
		b.pace.saw(w.config.Now(), p.Done)
		b.changed()
	})
	steps := relay(w, func(p capture.UnionProgress) { b.united = p; b.changed() })
	backgroundIn(ctx, w, func(ctx context.Context) (backupResult, error) { return job(ctx, bytes, steps) }, func(r backupResult, err error) {
		stopped := ctx.Err() != nil
		stop()
		b.round++
		b.doing, b.err = backupNone, err
		switch {
		case stopped || errors.Is(err, context.Canceled) || problem.Of(err).ID == "backup-stopped":
			b.err, b.mark, b.result = nil, part.MarkWarning, w.words.t("backups.stopped."+string(doing))
		case err != nil:
		case len(r.bad) > 0:
			b.mark, b.result = part.MarkWarning, lines(append([]string{r.said}, r.bad...)...)
		default:
			b.mark, b.result = part.MarkYes, r.said
		}
		b.changed()
		if w.shell != nil {
			w.shell.changed()
		}
	})
}

// changed shows it wherever it shows.
func (b *backups) changed() {
	if shell := b.window.shell; shell != nil {
		shell.backupChanged()
	}
}
