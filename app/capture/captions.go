package capture

import (
	"strings"

	"samtykke/app/consent"
)

// caption links the people whose codes somebody wrote into the file. It tells whether there were any. The frames after it are not
// touched, and a name is never taken for a person.
func (sl *slating) caption(c *change, f *candidate, now *sighted, did *ImportReport) (bool, error) {
	var subjects []consent.SubjectID
	for _, code := range codesIn(f.info.Texts) {
		id, known := sl.session.state.SubjectByCode(code.Code)
		sub, _ := sl.session.state.Subject(id)
		switch {
		case known && !sub.Avoid && !sub.Erased:
			subjects = append(subjects, id)
		case known:
			did.Skipped = append(did.Skipped, SkippedFile{Path: f.path, Why: SkipCaptionAvoid, Detail: string(code.Code)})
		case code.certain:
			did.Skipped = append(did.Skipped, SkippedFile{Path: f.path, Why: SkipCaptionUnknown, Detail: string(code.Code)})
		}
	}
	fresh, err := sl.link(c, f.asset, once(subjects), did)
	if err != nil || len(subjects) == 0 {
		return false, err
	}
	if now.entry.Undecided != "" && len(fresh) > 0 {
		now.entry.Undecided, now.entry.Candidates = "", nil
		err = sl.put(c, now.entry)
	}
	return true, err
}

// writtenCode is a code as somebody wrote it.
type writtenCode struct {
	consent.Code
	// certain: it is written as only codes are. Of words of eight letters one in thirty-two happens to have the right check character.
	certain bool
}

// codesIn reads the texts that hold short codes and nothing else, several perhaps with commas or spaces between them.
func codesIn(texts []string) []writtenCode {
	var found []writtenCode
	for _, text := range texts {
		var here []writtenCode
		words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\r\n,;", r) })
		for _, word := range words {
			upper := strings.ToUpper(word)
			written, prefixed := strings.CutPrefix(upper, cardPrefix)
			code, err := consent.ParseCode(written)
			if err != nil {
				here = nil
				break
			}
			here = append(here, writtenCode{code, prefixed || len(written) == len(code) && strings.ContainsAny(written, "0123456789")})
		}
		found = append(found, here...)
	}
	return found
}
