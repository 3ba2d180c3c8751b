package capture

import (
	"errors"
	"io/fs"
	"strings"

	"samtykke/app/picture"
	"samtykke/assets"
)

// SkipReason is why a file was not imported as it was meant.
type SkipReason string

// The reasons. Their texts are "skip." and the reason in the translations.
const (
	SkipAbsent      SkipReason = "absent"         // there is no such file
	SkipForbidden   SkipReason = "forbidden"      // it may not be read
	SkipNotRegular  SkipReason = "not-regular"    // it is a pipe, a device or a broken link
	SkipUnreadable  SkipReason = "unreadable"     // the disk or card fails
	SkipChanging    SkipReason = "changing"       // something wrote to it meanwhile
	SkipUnsupported SkipReason = "unsupported"    // whole, but of a kind that is not imported
	SkipDamaged     SkipReason = "damaged"        // cut off or broken
	SkipTooLarge    SkipReason = "too-large"      // unfolds into more than the program is willing to hold
	SkipRemoved     SkipReason = "removed"        // it was taken out of use
	SkipOfPaper     SkipReason = "of-paper"       // it came with a picture of a signed paper, which alone was taken in
	SkipPapers      SkipReason = "several-papers" // it shows several signed papers
	SkipAlone       SkipReason = "alone"          // it belongs to a picture that is neither here nor beside it
	SkipCardUnknown SkipReason = "card-unknown"   // imported, but the card on it is of nobody here
	SkipCardAvoid   SkipReason = "card-avoid"     // imported, but the card is of somebody not to be photographed
	// SkipCaptionUnknown and SkipCaptionAvoid: imported, but the short code in the caption is of nobody here, or of somebody not to be
	// photographed.
	SkipCaptionUnknown SkipReason = "caption-unknown"
	SkipCaptionAvoid   SkipReason = "caption-avoid"
)

var (
	errNotRegular = errors.New("not a regular file")
	errChanging   = errors.New("the file changed while it was read")
	errRemoved    = errors.New("the asset was removed")
	errAlone      = errors.New("nothing is here that it belongs to")
)

// Words says why in the texts' language.
func (f SkippedFile) Words(texts *assets.Texts) string {
	detail := f.Detail
	if f.What.ID != "" {
		detail = f.What.In(texts)
	}
	return texts.T("skip."+string(f.Why), map[string]any{"Detail": detail})
}

// skipped says why a file cannot be imported.
func skipped(path string, err error) SkippedFile {
	f := SkippedFile{Path: path, Why: SkipUnreadable}
	for why, is := range map[SkipReason]error{SkipAbsent: fs.ErrNotExist, SkipForbidden: fs.ErrPermission, SkipNotRegular: errNotRegular,
		SkipChanging: errChanging, SkipRemoved: errRemoved, SkipAlone: errAlone, SkipOfPaper: errOfPaper, SkipPapers: errSeveralPapers, SkipUnsupported: picture.ErrUnsupported, SkipDamaged: picture.ErrDamaged, SkipTooLarge: picture.ErrTooLarge} {
		if errors.Is(err, is) {
			f.Why = why
		}
	}
	switch f.Why {
	case SkipUnsupported, SkipDamaged, SkipTooLarge, SkipUnreadable:
		f.What = Cause(err)
		f.Detail = f.What.English
	}
	return f
}

// exactWords are what the package picture says of a file, without the kind of its error.
func exactWords(err error) string {
	if _, said, ok := strings.Cut(err.Error(), ": "); ok {
		return said
	}
	return err.Error()
}
