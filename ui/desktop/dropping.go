package desktop

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/receipt"
	"samtykke/ui/desktop/part"
)

// dropKind is what a dropped file is for.
type dropKind int

const (
	dropImages dropKind = iota // pictures, films and sound, and folders of them; an import says of each other file why it is left out
	dropRoster
	dropForm
	dropReceipt
	dropPaper // a PDF that is no receipt of ours: maybe a signed form that was scanned
	dropBackup
	dropGone
	dropElsewhere // the address of something that is no file of this computer
	dropStrange
)

// strange are endings of files that people may drop by mistake and that no use is made of.
var strange = []string{".doc", ".docx", ".odt", ".rtf", ".ppt", ".pptx", ".zip", ".rar", ".7z", ".exe", ".msi", ".dmg", ".html", ".htm"}

// sheetEndings are those of files that spreadsheets keep lists in. They are shown as lists are, where it is said how to make one of them.
var sheetEndings = []string{".xls", ".xlsx", ".ods"}

// drop is what was dropped, sorted by what it is for.
type drop struct {
	paths    map[dropKind][]string
	count    int                  // of the paths
	verified capture.Verification // of the first receipt
	trouble  error                // why it is not to be trusted
}

// sortDrop looks at what was dropped. It reads files and belongs in the background.
func sortDrop(session *capture.Session, paths []string) drop {
	d := drop{paths: map[dropKind][]string{}, count: len(paths)}
	for _, path := range paths {
		kind := dropKindOf(path)
		if kind == dropReceipt {
			data, err := readPaper(path)
			if _, missing := receipt.Token(data); err == nil && missing != nil {
				kind = dropPaper
			} else if len(d.paths[dropReceipt]) == 0 {
				if d.trouble = err; err == nil {
					d.verified, d.trouble = session.Verify(data)
				}
			}
		}
		d.paths[kind] = append(d.paths[kind], path)
	}
	return d
}

func dropKindOf(path string) dropKind {
	info, err := os.Stat(path)
	switch ending := strings.ToLower(filepath.Ext(path)); {
	case err != nil && isAddress(path):
		return dropElsewhere
	case err != nil:
		return dropGone
	case !info.IsDir() && !info.Mode().IsRegular():
		return dropStrange // a pipe or a device, from which one may read for ever
	case info.IsDir():
		if isBackup(path) {
			return dropBackup
		}
		return dropImages
	case slices.Contains(rosterEndings, ending), slices.Contains(sheetEndings, ending):
		return dropRoster
	case ending == formFile:
		return dropForm
	case ending == ".pdf":
		return dropReceipt
	case slices.Contains(strange, ending):
		return dropStrange
	}
	return dropImages
}

// isBackup tells whether a folder looks like a backup of a vault (docs/formats.md).
func isBackup(folder string) bool {
	for _, name := range []string{"manifest.json", "vault.json"} {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			return false
		}
	}
	return true
}

// droppedPaths are the paths of what was dropped. Some programs write "file:/home/…" for a file, which is right (RFC 8089, B) and which the
// toolkit takes for a name in the folder that the program was started in.
func droppedPaths(files []fyne.URI) []string {
	paths := make([]string, len(files))
	for i, f := range files {
		paths[i] = f.Path()
		if address, relative := strings.CutPrefix(paths[i], started()); relative && strings.HasPrefix(address, "file:/") {
			paths[i] = strings.TrimPrefix(address, "file:")
		}
	}
	return paths
}

// isAddress tells whether a path was made of the address of something that is not on a disk, such as a picture on a page of the web, or
// one inside of a camera that the system shows as if it were a folder.
func isAddress(path string) bool {
	address, relative := strings.CutPrefix(path, started())
	return relative && addressed.MatchString(address)
}

// addressed is how an address begins (RFC 3986, 3.1). A single letter is a disk of Windows.
var addressed = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]+:/`)

// started is the folder that the program was started in, as the beginning of paths within it.
func started() string {
	folder, err := filepath.Abs(".")
	if err != nil {
		return "" // then nothing was put into it either
	}
	return strings.TrimSuffix(filepath.ToSlash(folder), "/") + "/"
}

// dropped takes what was dropped onto the window: each to the screen that it is for. What has no use is said, and nothing of it is read.
// A page that Esc does not leave, such as the one that shows a new recovery key for the only time, is not left by a drop either.
func (s *shell) dropped(paths []string) {
	w := s.window
	switch {
	case w.private:
		return
	case w.unfinished():
		w.sayDropped("drop.finish")
		return
	}
	session := w.session
	reading(w.context, w, func(context.Context) (drop, error) { return sortDrop(session, paths), nil }, func(d drop, _ error) { s.takeDrop(d) })
}

// unfinished tells whether a page fills the window that has to be answered before anything else can be done.
func (w *Window) unfinished() bool { return w.content != w.shell.root && w.keys.escape == nil }

// sayDropped says in passing why what was dropped is not taken, where the page itself has something else to say.
func (w *Window) sayDropped(id string) { w.toasts.Show(part.MarkWarning, w.words.t(id)) }

func (s *shell) takeDrop(d drop) {
	w := s.window
	if w.private || w.chooser != nil || w.unfinished() {
		return // another screen has come meanwhile
	}
	if w.content != s.root {
		s.fill()
	}
	s.notice.hide() // it was about something else
	first := func(kind dropKind) string {
		if len(d.paths[kind]) == 0 {
			return ""
		}
		return d.paths[kind][0]
	}
	images := d.paths[dropImages]
	rest := ""
	if d.count > 1 {
		rest = w.words.t("drop.others")
	}
	switch roster, form, backup := first(dropRoster), first(dropForm), first(dropBackup); {
	case roster != "" && s.shoot != "":
		s.show(tabShoots)
		s.board.importRoster(roster)
	case form != "":
		s.show(tabSettings)
		importForm(s, form, rest)
		return
	case backup != "":
		s.show(tabSync)
		s.lookAtBackup(backup)
	case first(dropReceipt) != "":
		s.sayVerified(d.verified, d.trouble, rest)
		return
	case first(dropPaper) != "":
		s.offerPaper(first(dropPaper), rest)
		return
	case len(images) > 0 && s.shoot != "":
		if len(images) == d.count {
			rest = ""
		}
		s.show(tabImages)
		s.images.dropped(images)
	default:
		rest = s.useless(d)
	}
	if rest != "" {
		s.notice.warn(rest)
	}
}

// useless says why nothing that was dropped can be used.
func (s *shell) useless(d drop) string {
	t := s.window.words.t
	switch images, gone := d.paths[dropImages], d.paths[dropGone]; {
	case len(images) > 0 || len(d.paths[dropRoster]) > 0:
		return t("drop.no-shoot")
	case len(gone) > 0:
		return t("drop.gone", "name", filepath.Base(gone[0]))
	case len(d.paths[dropElsewhere]) > 0:
		return t("drop.elsewhere", "name", filepath.Base(d.paths[dropElsewhere][0]))
	}
	return t("drop.strange", "name", filepath.Base(d.paths[dropStrange][0]))
}

// offerPaper asks whether a PDF that is no receipt is a signed form. rest says what became of the other things that were dropped.
func (s *shell) offerPaper(path, rest string) {
	t := s.window.words.t
	sentence := join(" ", t("drop.no-receipt", "name", filepath.Base(path)), rest)
	if s.shoot == "" {
		s.notice.warn(sentence)
		return
	}
	s.notice.say(part.MarkWarning, sentence, part.NewButton(t("drop.as-paper"), func() {
		s.notice.hide()
		s.show(tabShoots)
		s.board.readPapers()
		s.board.papers.add(path, "")
	}))
}

// sayVerified says in words what a receipt is worth. rest says what became of the other things that were dropped.
func (s *shell) sayVerified(v capture.Verification, err error, rest string) {
	if err != nil {
		s.notice.say(part.MarkNo, join(" ", s.window.words.problem(err), rest))
		return
	}
	var actions []*part.Button
	if people := s.window.session.Find(capture.Search{Text: string(v.Code)}); v.KnownHere && !v.Erased && len(people) == 1 {
		actions = append(actions, part.NewButton(s.window.words.t("verified.person"), func() {
			s.notice.hide()
			s.showPerson(people[0].ID)
		}))
	}
	s.notice.say(part.MarkYes, join(" ", verified(s.window.words, v), rest), actions...)
}

// verified puts what the check of a genuine receipt found into words.
func verified(w *words, v capture.Verification) string {
	said := w.t("verified.consent", "code", v.Code)
	switch {
	case v.Kind == evidence.TokenWithdrawal:
		said = w.t("verified.withdrawal", "code", v.Code)
	case v.Refusal:
		said = w.t("verified.refusal", "code", v.Code)
	}
	return said + " " + w.t("verified.signed", "device", v.SignedBy, "when", w.moment(v.Issued)) + " " + since(w, v)
}

// since says what became of a receipt's record.
func since(w *words, v capture.Verification) string {
	switch {
	case !v.KnownHere:
		return w.t("verified.unknown")
	case v.Erased:
		return w.t("verified.erased")
	case v.Kind == evidence.TokenWithdrawal && len(v.StillGiven) > 0:
		return w.t("verified.given-again")
	case v.Kind == evidence.TokenWithdrawal || v.Refusal:
		return w.t("verified.stands")
	case v.WithdrawnSince && len(v.StillGiven) > 0:
		return w.t("verified.partly-withdrawn", "when", w.moment(v.WithdrawnAt))
	case v.WithdrawnSince:
		return w.t("verified.withdrawn", "when", w.moment(v.WithdrawnAt))
	case len(v.StillGiven) == 0:
		return w.t("verified.nothing")
	}
	return w.t("verified.stands")
}

// showPerson shows somebody among everyone.
func (s *shell) showPerson(id consent.SubjectID) {
	s.show(tabPeople)
	if people, ok := s.pages[tabPeople].(*peoplePage); ok {
		people.side.showPerson(id)
	}
}

// lookAtBackup shows a backup where it can be verified or taken in.
func (s *shell) lookAtBackup(folder string) {
	s.sync.showCopies()
	s.sync.backups[len(s.sync.backups)-1].askVerify(folder)
}
