package capture

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"samtykke/app/picture"
)

// CardFile is an opened file of a card, of which parts are read in any order.
type CardFile interface {
	io.ReaderAt
	io.Closer
	Stat() (fs.FileInfo, error)
}

// card is where the files of an import lie. Its methods may be called at the same time.
type card struct {
	open func(path string) (CardFile, error)

	mu       sync.Mutex
	cameras  map[Camera]*Camera
	failures int    // of all files so far
	gone     string // the path that went away, "" while it is there
	// doubted are the files that failed and of which it is open whether they or the card are to blame, each with the how manieth
	// failure it was: nothing that was begun after them could be read since.
	doubted map[*candidate]int
}

// begin opens a file of the card.
func (c *card) begin(f *candidate) (CardFile, error) {
	c.mu.Lock()
	f.since = c.failures
	c.mu.Unlock()
	return c.open(f.path)
}

// cardFails is how many files in a row may fail before the card counts as gone. A scratched card fails now and then; one that was
// pulled out fails always.
const cardFails = 8

var errCardGone = errors.New("the card is gone")

func cardIsGone(err error) bool { return errors.Is(err, errCardGone) }

// lost is the path that went away, "" while it is there.
func (c *card) lost() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.gone
}

// failed notes that a file cannot be read. It is an error when the whole card cannot.
func (c *card) failed(f *candidate, err error) error {
	if f.fail = err; errors.Is(err, fs.ErrPermission) {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failures++
	c.doubted[f] = c.failures
	if _, err := os.Stat(f.root); err == nil && len(c.doubted) < cardFails {
		return nil
	}
	c.gone = f.root
	return errCardGone
}

// answered notes that a file could be read: what failed before that was begun is to blame itself.
func (c *card) answered(f *candidate) {
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.doubted, func(_ *candidate, failure int) bool { return failure <= f.since })
}

// doubtful is how many of these stand at or after the first of which it is open whether it or the card is to blame: they wait until that
// is known.
func (c *card) doubtful(files []*candidate) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	for at, f := range files {
		if c.doubted[f] > 0 {
			return len(files) - at
		}
	}
	return 0
}

// camera keeps what a card tells of its cameras once.
func (c *card) camera(info picture.Info) *Camera {
	if info.Camera == "" && info.Serial == "" {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	camera := Camera{Name: info.Camera, Serial: info.Serial}
	if c.cameras[camera] == nil {
		c.cameras[camera] = &camera
	}
	return c.cameras[camera]
}

// look reads what a file tells about itself. Only that the card is gone is an error.
func (c *card) look(f *candidate) error {
	if f.isSidecar() {
		return nil
	}
	file, err := c.begin(f)
	if err != nil {
		return c.failed(f, err)
	}
	defer file.Close()
	info, err := picture.Glance(file, f.size)
	if err == nil {
		f.learn(info, c.camera(info))
	}
	return c.judge(f, file, err)
}

// judge says what an error of reading a picture means: that the picture is none, that it is being written, or that the card fails.
func (c *card) judge(f *candidate, file CardFile, err error) error {
	if err != nil && !isPictureError(err) {
		return c.failed(f, err)
	}
	c.answered(f)
	if err != nil && f.changed(file) {
		err = errChanging
	}
	f.fail = err
	return nil
}

func isPictureError(err error) bool {
	return errors.Is(err, picture.ErrUnsupported) || errors.Is(err, picture.ErrDamaged) || errors.Is(err, picture.ErrTooLarge)
}

// changed tells whether something has written to the file since it was found.
func (f *candidate) changed(file CardFile) bool {
	info, err := file.Stat()
	return err == nil && (info.Size() != f.size || !info.ModTime().Equal(f.modified))
}

// steady reads a file to its end and fails there when it is not what was found at first, so that nobody files half of a picture that a
// camera is still sending. It remembers its error: a fault of the card can be told from a fault of the vault.
type steady struct {
	ctx  context.Context //nolint:containedctx // a reader has no other way to be stopped
	file *candidate
	from CardFile
	at   int64
	err  error
}

func (r *steady) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := r.from.ReadAt(b, r.at)
	r.at += int64(n)
	switch {
	case errors.Is(err, io.EOF) && n > 0:
		return n, nil
	case errors.Is(err, io.EOF) && (r.at != r.file.size || r.file.changed(r.from)):
		err, r.err = errChanging, errChanging
	case err != nil && !errors.Is(err, io.EOF):
		r.err = err
	}
	return n, err
}

// findFiles walks the paths. What is hidden and what a camera or a computer keeps for itself is passed over, links to folders are not
// followed, and what cannot be imported is skipped with a reason.
func findFiles(ctx context.Context, in Import, vault string, report *ImportReport) ([]*candidate, *card, error) {
	found := &card{open: in.Open, cameras: map[Camera]*Camera{}, doubted: map[*candidate]int{}}
	if found.open == nil {
		found.open = func(path string) (CardFile, error) { return os.Open(path) }
	}
	var files []*candidate
	seen := map[string]bool{}
	itself, _ := os.Stat(vault) // nil when there is none
	isVault := func(entry fs.DirEntry) bool {
		info, err := entry.Info()
		return itself != nil && err == nil && os.SameFile(itself, info)
	}
	for _, asked := range in.Paths {
		if err := importsFromVault(vault, asked); err != nil {
			return nil, nil, err
		}
	}
	skip := func(path string, err error) { report.Skipped = append(report.Skipped, skipped(path, err)) }
	for _, asked := range in.Paths {
		root, err := filepath.Abs(asked)
		if err != nil {
			return nil, nil, err
		}
		if whole, err := filepath.EvalSymlinks(root); err == nil {
			root = whole
		}
		mount := root
		if info, err := os.Stat(root); err == nil && !info.IsDir() {
			mount = filepath.Dir(root)
		}
		err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case err != nil:
				skip(path, err)
				return nil
			case path != root && isHousekeeping(entry):
				if entry.IsDir() {
					return filepath.SkipDir
				}
				return nil
			case entry.IsDir() && isVault(entry):
				return filepath.SkipDir
			case entry.IsDir(), len(in.Paths) > 1 && seen[path]:
				return nil
			case len(in.Paths) > 1:
				seen[path] = true
			}
			info, err := os.Stat(path)
			switch {
			case err != nil:
				skip(path, err)
			case !info.Mode().IsRegular():
				skip(path, errNotRegular)
			default:
				files = append(files, &candidate{path: path, root: mount, size: info.Size(), modified: info.ModTime(), format: sidecarFormat(path)})
			}
			return nil
		})
		if err != nil {
			return nil, nil, err
		}
	}
	return files, found, nil
}

// housekeeping are the names, in lower case, of what cameras and computers keep on cards for themselves.
var housekeeping = map[string]bool{
	"thumbs.db": true, "ehthumbs.db": true, "desktop.ini": true, "system volume information": true, "$recycle.bin": true,
	"autprint.mrk": true, "wmpinfo.xml": true, "indexervolumeguid": true, "wpsettings.dat": true, "avin0001.bnp": true,
}

// housekeepingEndings are the endings of what lies beside films: indexes, lists, small copies and notes of the camera's own.
var housekeepingEndings = map[string]bool{".lrv": true, ".lrf": true, ".ctg": true, ".bdm": true, ".cpi": true, ".mpl": true, ".tdt": true, ".tid": true,
	".bnp": true, ".int": true, ".inp": true, ".xml": true, ".bin": true, ".ind": true, ".lst": true}

// isHousekeeping tells whether an entry is nobody's picture, so that nobody needs to hear that it was left behind.
func isHousekeeping(entry fs.DirEntry) bool {
	name := strings.ToLower(entry.Name())
	return strings.HasPrefix(name, ".") || housekeeping[name] || !entry.IsDir() && housekeepingEndings[filepath.Ext(name)]
}
