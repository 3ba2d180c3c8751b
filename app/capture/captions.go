package capture

import (
	"strings"

	"samtykke/app/consent"
)

// caption links the people whose codes somebody wrote into the file. The frames after it are not touched, and a name is never taken for
// a person. Who was taken off the file by hand stays off.
func (b *filing) caption(f *candidate, entry AssetFile) error {
	var subjects []consent.SubjectID
	for _, code := range codesIn(f.info.Texts) {
		id, known := b.session.state.SubjectByCode(code.Code)
		sub, _ := b.session.state.Subject(id)
		switch {
		case known && !sub.Avoid && !sub.Erased:
			subjects = append(subjects, id)
		case known:
			b.did.Skipped = append(b.did.Skipped, SkippedFile{Path: f.path, Why: SkipCaptionAvoid, Detail: string(code.Code)})
		case code.certain:
			b.did.Skipped = append(b.did.Skipped, SkippedFile{Path: f.path, Why: SkipCaptionUnknown, Detail: string(code.Code)})
		}
	}
	captioned := together(entry.Captioned, subjects)
	if len(captioned) == len(entry.Captioned) {
		return nil
	}
	for _, id := range subjects {
		if b.session.state.Appeared(id, f.asset) {
			continue
		}
		linked, err := b.link(id, f.asset, consent.Span{})
		if err != nil {
			return err
		}
		if linked {
			b.did.Linked++
			entry.Undecided, entry.Candidates = "", nil
		}
	}
	entry.Captioned = captioned
	return b.put(entry)
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
