package capture

import (
	"cmp"
	"context"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"samtykke/app/consent"
	"samtykke/app/problem"
)

// Import brings picture files in.
type Import struct {
	Shoot consent.ShootID
	Paths []string // files and folders; folders with all they hold
	// Slates: look for photographed QR cards, and link the pictures after one to the person on it.
	Slates bool
	// Reference: leave the files where they are and remember only where that is.
	Reference bool
	// Clocks say by how much cameras' clocks are wrong. They are kept and hold for later imports too.
	Clocks []CameraClock
	// Progress is told how far it has come, from the goroutine that called Import, whenever something came of it; nil to not be told.
	Progress func(ImportProgress)
	// Open opens a file; nil for the system's files.
	Open func(path string) (CardFile, error)
}

// ImportPhase is what an import is at.
type ImportPhase string

// The phases, in their order.
const (
	ImportLooking ImportPhase = "looking" // at what the files tell, to put them in order
	ImportTaking  ImportPhase = "taking"  // them in
)

// ImportProgress is how far an import has come in its phase.
type ImportProgress struct {
	Phase                 ImportPhase
	Done, Total           int // files
	DoneBytes, TotalBytes int64
	Rate                  int64         // bytes a second since the phase began; 0 while nobody can tell
	Remaining             time.Duration // of the phase at this rate; 0 while nobody can tell
}

// ImportReport is what an import did. It is true also when the import was stopped or failed: everything in it is saved.
type ImportReport struct {
	Imported   int // pictures, films and recordings
	Companions int // files taken in that belong to one of these, or to one that was here: raw files, sidecars
	Duplicates int // files that were here already
	Skipped    []SkippedFile
	Slates     []SlateFound
	Linked     int // appearances that the slates and the codes in captions gave
	Undecided  []UndecidedFile
	Papers     []PaperFound // photographs of signed paper forms, which wait to be read (see ConfirmPaper)
	// NotReached is how many files a stopped import had not come to.
	NotReached int
	// Clocks are the cameras whose times were corrected.
	Clocks []CameraClock
}

// SkippedFile is a file that was not imported as it was meant, and why.
type SkippedFile struct {
	Path   string
	Why    SkipReason
	Detail string // what the file turned out to be, or whose card it shows; in exact English or a code, "" when there is none
	// What is what the file turned out to be, for readers of any language; without ID when there is nothing to say.
	What problem.Phrase
}

// SlateFound is a photographed card and whose it is, or the one that ends a person's frames.
type SlateFound struct {
	Path    string
	Subject consent.SubjectID // "" on one that ends a person's frames
	Code    consent.Code
	Card    CardKind // CardEnd on that; "" on a person's
}

// add takes up what a part of the import did.
func (r *ImportReport) add(did ImportReport) {
	r.Imported += did.Imported
	r.Companions += did.Companions
	r.Duplicates += did.Duplicates
	r.Skipped = append(r.Skipped, did.Skipped...)
	r.Slates = append(r.Slates, did.Slates...)
	r.Linked += did.Linked
	r.Undecided = append(r.Undecided, did.Undecided...)
	r.Papers = append(r.Papers, did.Papers...)
}

// importBatch is how many pictures are committed together at most, and importPause how long what is ready waits for company. A batch
// costs a few flushes to disk; what a crash can undo is one batch of index entries, and importing the same folder again takes it up.
const (
	importBatch = 32
	importPause = 200 * time.Millisecond
)

// importWindow is how many pictures may have come in and not be committed, because one before them takes longer. It bounds memory,
// with their previews.
const importWindow = 2 * importBatch

// importing is one run of Import.
type importing struct {
	session *Session
	in      Import
	card    *card
	known   *knownFiles
	linked  *keptAct // all links of this import, to be undone together
	meter   meter
	report  ImportReport

	searching chan struct{} // holds a place for each picture that is searched for cards now
}

// Import reads files, seals them, and files them in order of capture. Files that cannot be read are skipped with a reason.
// Importing the same files again, also after a stop or a crash, adds only what is missing. When ctx ends, what was committed
// stays and the report says what that was, and how many files were not reached; so it does when the card goes away.
func (s *Session) Import(ctx context.Context, in Import) (ImportReport, error) {
	i := &importing{session: s, in: in, searching: make(chan struct{}, searches()), linked: &keptAct{Act: Act{Kind: ActSlates}}}
	if err := s.KnownShoot(in.Shoot); err != nil {
		return i.report, err
	}
	files, card, err := findFiles(ctx, in, s.Folder, &i.report)
	if err != nil {
		return i.report, err
	}
	i.card = card
	if len(files) == 0 {
		return i.report, i.missing()
	}
	remembered := in.unfinished(s.Clock())
	if err := s.rememberImport(ctx, remembered); err != nil {
		i.report.NotReached = len(files)
		return i.report, err
	}
	err = i.run(ctx, files)
	if i.report.NotReached > 0 {
		return i.report, err
	}
	return i.report, cmp.Or(err, s.ForgetImport(context.WithoutCancel(ctx), remembered))
}

// run looks at the files and takes them in.
func (i *importing) run(ctx context.Context, files []*candidate) error {
	s, in, total := i.session, i.in, len(files)
	if err := i.look(ctx, files); err != nil {
		i.report.NotReached = total
		return i.gone(err)
	}
	i.known = s.knownFiles(in.Shoot)
	clocks, err := s.clocksFor(ctx, in.Clocks, files)
	if err != nil {
		i.report.NotReached = total
		return err
	}
	i.report.Clocks = setClocks(files, clocks, s.Clock().Location())
	files = pairFiles(files, i.known)
	byCapture(files)
	err = i.take(ctx, files)
	return cmp.Or(i.gone(err), i.missing())
}

// missing names the paths that were asked for and of which there is nothing, once all others were imported: an import that did nothing is
// not one that was done.
func (i *importing) missing() error {
	var missing []string
	for _, asked := range i.in.Paths {
		path, err := filepath.Abs(asked)
		absent := func(f SkippedFile) bool { return f.Why == SkipAbsent && f.Path == path }
		if err == nil && slices.ContainsFunc(i.report.Skipped, absent) {
			missing = append(missing, path)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return problem.New(problem.NotFound, "import-path-missing",
		"There is nothing at {{.paths}}; whatever else was named was imported and is safe; look whether the card is in and the path is right, and import it again.",
		"paths", strings.Join(missing, ", "))
}

// gone says how far the import came when the card went away.
func (i *importing) gone(err error) error {
	if !cardIsGone(err) {
		return err
	}
	return problem.New(problem.Unavailable, "import-card-gone",
		"The card or disk at {{.path}} went away after {{.count}} files; those are safe; put it back and import the same folder again, which takes in the {{.left}} that are left.",
		"path", i.card.lost(), "count", i.report.Imported+i.report.Companions+i.report.Duplicates, "left", i.report.NotReached).Because(err)
}

// workers is how many files are read at the same time: more than there are processors, because each waits for the disk to say that
// it has flushed.
func workers() int { return 2*runtime.GOMAXPROCS(0) + 2 }

// look reads what the files tell, in no order.
func (i *importing) look(ctx context.Context, files []*candidate) error {
	i.meter.begin(ImportLooking, i.session.Clock(), files)
	group, within := errgroup.WithContext(ctx)
	next := atomic.Int64{}
	looked := make(chan *candidate, workers())
	for range workers() {
		group.Go(func() error {
			for n := next.Add(1) - 1; n < int64(len(files)); n = next.Add(1) - 1 {
				f := files[n]
				if err := cmp.Or(within.Err(), i.card.look(f)); err != nil {
					return err
				}
				looked <- f
			}
			return nil
		})
	}
	ended := make(chan error, 1)
	go func() { ended <- group.Wait(); close(looked) }()
	for f := range looked {
		i.tell(f)
	}
	return cmp.Or(<-ended, ctx.Err())
}

// take takes the files in. They are read several at a time and committed in their order, while the next are being read.
func (i *importing) take(ctx context.Context, files []*candidate) error {
	i.meter.begin(ImportTaking, i.session.Clock(), files)
	// When the vault fails, what has been begun is still read to its end, so that there is no gap in what is committed.
	enough, stop := context.WithCancel(ctx)
	defer stop()
	var group errgroup.Group
	window := make(chan struct{}, importWindow)
	begun := make(chan int)
	taken := make(chan int, importWindow)
	group.Go(func() error {
		defer close(begun)
		for n := range files {
			select {
			case window <- struct{}{}:
			case <-enough.Done():
				return ctx.Err()
			}
			select {
			case begun <- n:
			case <-enough.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for range workers() {
		group.Go(func() error {
			for n := range begun {
				if err := i.takeIn(ctx, files[n]); err != nil {
					stop()
					return err
				}
				taken <- n
			}
			return nil
		})
	}
	ended := make(chan error, 1)
	go func() { ended <- group.Wait(); close(taken) }()

	rest, err := i.fileInOrder(ctx, files, taken, window)
	stop()
	for range taken { // when the vault failed: nothing more can be filed
	}
	failed := <-ended
	for _, f := range rest {
		i.report.NotReached += f.count()
	}
	return cmp.Or(err, failed, ctx.Err())
}

// fileInOrder commits files as they come in, each after all before it. It returns those that were not committed.
func (i *importing) fileInOrder(ctx context.Context, files []*candidate, taken <-chan int, window <-chan struct{}) (rest []*candidate, err error) {
	ctx = context.WithoutCancel(ctx) // what came in until a stop is kept
	ready, at, committed := map[int]bool{}, 0, 0
	commit := func(last bool) error {
		batch := files[committed:at]
		if kept := i.card.doubtful(batch); !last || i.card.lost() != "" { // whether the card is gone shows with the next files
			batch = batch[:len(batch)-kept]
		}
		if len(batch) == 0 {
			return nil
		}
		if err := i.commit(ctx, batch); err != nil {
			return err
		}
		committed += len(batch)
		for _, f := range batch {
			<-window
			i.tell(f)
			f.forget()
		}
		return nil
	}
	latest := time.NewTicker(importPause)
	defer latest.Stop()
	for open := true; open; {
		select {
		case n, more := <-taken:
			open, ready[n] = more, more
			for ; ready[at] && at < len(files); at++ {
				delete(ready, at)
			}
			if at-committed < importBatch {
				continue
			}
		case <-latest.C:
		}
		if err := commit(false); err != nil {
			return files[committed:], err
		}
	}
	err = commit(true)
	return files[committed:], err
}

// tell counts a file that is done with.
func (i *importing) tell(f *candidate) {
	i.meter.count(f)
	if i.in.Progress != nil {
		i.in.Progress(i.meter.progress(i.session.Clock()))
	}
}

// meter counts what is done in a phase.
type meter struct {
	phase      ImportPhase
	began      time.Time
	done, all  int
	bytes, sum int64
}

func (m *meter) begin(phase ImportPhase, now time.Time, files []*candidate) {
	*m = meter{phase: phase, began: now}
	for _, f := range files {
		m.all += f.count()
		m.sum += f.bytes()
	}
}

func (m *meter) count(f *candidate) {
	m.done += f.count()
	m.bytes += f.bytes()
}

func (m *meter) progress(now time.Time) ImportProgress {
	p := ImportProgress{Phase: m.phase, Done: m.done, Total: m.all, DoneBytes: m.bytes, TotalBytes: m.sum}
	if elapsed := now.Sub(m.began).Seconds(); elapsed > 0 && m.bytes > 0 {
		part := float64(m.done) / float64(m.all) // of a look: it reads as much of a large file as of a small one
		if m.phase == ImportTaking {
			part = float64(m.bytes) / float64(m.sum)
			p.Rate = int64(float64(m.bytes) / elapsed)
		}
		p.Remaining = time.Duration((1 - part) / part * elapsed * float64(time.Second))
	}
	return p
}

// byCapture sorts by capture. A file that does not say when it was made follows the one before it in its folder.
func byCapture(files []*candidate) {
	slices.SortFunc(files, func(a, b *candidate) int { return cmp.Compare(a.path, b.path) })
	for n, f := range files {
		if f.order = f.takenAt; f.order.IsZero() && n > 0 && files[n-1].folder() == f.folder() {
			f.order = files[n-1].order
		}
	}
	for n := len(files) - 2; n >= 0; n-- { // those before the first that says so go right before it
		if f := files[n]; f.order.IsZero() && files[n+1].folder() == f.folder() {
			f.order = files[n+1].order
		}
	}
	slices.SortStableFunc(files, func(a, b *candidate) int { return a.order.Compare(b.order) })
}
