package capture

import (
	"archive/zip"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"samtykke/app/consent"
	"samtykke/app/problem"
	"samtykke/assets"
)

// AccessRequest asks for everything that is registered about a person (GDPR art. 15), in a form that other programs read (art. 20).
type AccessRequest struct {
	Subject  consent.SubjectID
	Out      string // ZIP file; one that is there is not overwritten
	Language string // of the words in it, one of assets.Languages; "" for bokmål
	// Pictures adds the pictures that show this person and nobody else. Those that show others are never handed out: a face is
	// personal data, and the others were not asked (art. 15(4)).
	Pictures bool
	// GuardianContacts adds the guardians' phone numbers and addresses. Their names are always there, since they stand on the
	// receipts; how to reach them is their own, and one parent may be hiding it from the other.
	GuardianContacts bool
}

// AccessExport is a finished export.
type AccessExport struct {
	File   string   // absolute path
	SHA256 string   // of the file, hex
	Files  []string // names within it, in order
}

// ExportPerson writes what is registered about a person, under all registrations that were merged into one, into a ZIP file that
// appears whole or not at all, and that no other user of the computer can read. It holds nothing about anybody else. That it was made is remembered, without a name, until the person
// is erased.
func (s *Session) ExportPerson(ctx context.Context, r AccessRequest) (AccessExport, error) {
	r.Language = cmp.Or(r.Language, assets.Languages[0])
	if !slices.Contains(assets.Languages, r.Language) {
		return AccessExport{}, problem.New(problem.Invalid, "access-language-unknown",
			"An access export cannot be written in {{.language}}; nothing was written; choose one of {{.languages}}.",
			"language", r.Language, "languages", fmt.Sprint(assets.Languages))
	}
	path, err := filepath.Abs(r.Out)
	if err != nil {
		return AccessExport{}, cannotWrite(r.Out, err)
	}
	if err := OutsideVault(s.Folder, path); err != nil {
		return AccessExport{}, err
	}
	if _, err := os.Lstat(path); err == nil {
		return AccessExport{}, problem.New(problem.Conflict, "file-there-already",
			"There is a file {{.path}} already; nothing was written; choose another name, or move the file away.", "path", path)
	}
	x, err := s.newAccess(ctx, r)
	if err != nil {
		return AccessExport{}, err
	}
	sum := sha256.New()
	if err := writeWholeFor(0o600, path, func(w io.Writer) error { return x.write(ctx, io.MultiWriter(w, sum)) }); err != nil {
		return AccessExport{}, err
	}
	err = s.change(ctx, func(c *change) error {
		if s.isErased(x.holder) {
			return personErased()
		}
		return c.PutSetting(accessSetting(x.holder), append(x.earlier, x.at.UTC()))
	})
	if err != nil {
		return AccessExport{}, errors.Join(err, os.Remove(path))
	}
	return AccessExport{File: path, SHA256: hex.EncodeToString(sum.Sum(nil)), Files: x.written}, nil
}

// accessSetting names the setting that keeps when a person's data was handed out.
func accessSetting(id consent.SubjectID) string { return "access/" + string(id) }

// access is one export being made: who it is about and what has been written.
type access struct {
	*Session
	request AccessRequest
	texts   *assets.Texts
	at      time.Time
	ids     []consent.SubjectID // the person's registrations, the standing one first
	holder  consent.SubjectID   // the first of them that is not erased
	code    consent.Code
	earlier []time.Time // when it was handed out before
	names   otherNames

	out     *zip.Writer
	written []string
	left    []leftOut
}

// leftOut is something about the person that is not in the export. Its text is "access.left." and Why in the translations.
type leftOut struct{ Name, Why string }

// Why something is left out.
const (
	leftElsewhere = "elsewhere" // signed on another device, which has it
	leftShared    = "shared"    // a paper that others signed too
	leftPicture   = "picture"   // shows others, or nobody has said that it does not
	leftBytes     = "bytes"     // of a picture, not on this device
	leftContacts  = "contacts"  // how to reach guardians
)

func (s *Session) newAccess(ctx context.Context, r AccessRequest) (*access, error) {
	x := &access{Session: s, request: r, texts: assets.NewTexts(r.Language), at: s.Clock().Truncate(time.Second)}
	s.mu.RLock()
	x.ids = s.state.Registrations(r.Subject)
	sub, known := s.state.Subject(x.ids[0])
	x.code, x.names = sub.Code, s.otherNames(x.ids)
	at := slices.IndexFunc(x.ids, func(id consent.SubjectID) bool { return !s.isErased(id) })
	s.mu.RUnlock()
	switch {
	case !known:
		return nil, subjectUnknown(string(r.Subject))
	case at < 0:
		return nil, personErased()
	}
	x.holder = x.ids[at]
	return x, s.Store.View(ctx, func(tx Tx) error {
		_, err := tx.Setting(accessSetting(x.holder), &x.earlier)
		return err
	})
}

// write writes the whole export. Receipts come first, since writing them is itself noted in the log, and the README last, since it
// tells what was left out.
func (x *access) write(ctx context.Context, w io.Writer) error {
	x.out, x.written, x.left = zip.NewWriter(w), nil, nil
	records, err := x.addConsents()
	if err != nil {
		return err
	}
	for _, r := range records {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := x.addRecord(ctx, r); err != nil {
			return err
		}
	}
	found, err := x.readLog(ctx)
	if err != nil {
		return err
	}
	for _, part := range []func() error{
		x.addProfile,
		func() error { return x.addForms(records) },
		func() error { return x.addEvidence(ctx, found.evidence) },
		func() error { return x.addPapers(ctx) },
		func() error { return x.addPictures(ctx, found.deliveries) },
		func() error { return x.addJSON("log.json", found.log) },
		x.addReadme,
	} {
		if err := cmp.Or(ctx.Err(), part()); err != nil {
			return err
		}
	}
	return x.out.Close()
}

// add writes one file of the export.
func (x *access) add(name string, write func(io.Writer) error) error {
	name = local(name)
	w, err := x.out.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: x.at.UTC()})
	if err != nil {
		return err
	}
	x.written = append(x.written, name)
	return write(w)
}

// local keeps a name inside the folder into which somebody unpacks: a part of it may come from an event of another device.
func local(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("/.-_", r)) {
			return r
		}
		return '_'
	}, name)
	return strings.ReplaceAll(plain, "..", "__")
}

func (x *access) addBytes(name string, data []byte) error {
	return x.add(name, func(w io.Writer) error { _, err := w.Write(data); return err })
}

func (x *access) addJSON(name string, value any) error {
	return x.add(name, func(w io.Writer) error {
		encoder := json.NewEncoder(w)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(value)
	})
}

// leave remembers that something is left out.
func (x *access) leave(name, why string) { x.left = append(x.left, leftOut{name, why}) }

// isHereNot tells whether an error says only that something is on another device.
func isHereNot(err error) bool {
	switch problem.Of(err).ID {
	case "evidence-elsewhere", "form-not-here":
		return true
	}
	return false
}
