package capture

import (
	"context"
	"fmt"
	"io"

	"samtykke/app/consent"
)

// OriginalsMended is what MendOriginals did.
type OriginalsMended struct {
	Mended int      // originals that were put back
	Lost   []string // in words, those that no copy was found of
}

// MendOriginals reads every original that was taken into the vault to its end, and puts those that are missing or were changed on the
// disk back from another place, such as a backup. A copy that holds other bytes than were imported is not taken.
func (s *Session) MendOriginals(ctx context.Context, from Originals) (OriginalsMended, error) {
	var done OriginalsMended
	for _, id := range s.takenIn() {
		if err := ctx.Err(); err != nil {
			return done, err
		}
		what := "is missing"
		if s.Originals.Has(id) {
			what = s.verifyOriginal(id)
		}
		if what == "" {
			continue
		}
		_, err := copyOriginal(ctx, s.Originals, from, id)
		switch {
		case err == nil:
			done.Mended++
		case isDamage(err), !from.Has(id):
			done.Lost = append(done.Lost, fmt.Sprintf("the original of image %s %s", id, what))
		default:
			return done, err
		}
	}
	return done, nil
}

// copyOriginal takes an original over from elsewhere, in bounded memory, and returns its length in bytes. What does not hold what its
// name says is a problem of kind Damaged.
func copyOriginal(ctx context.Context, to, from Originals, id consent.AssetID) (int64, error) {
	o, err := from.Open(id)
	if err != nil {
		return 0, err
	}
	defer o.Close()
	_, size, err := to.Put(ctx, Exactly(id, io.NewSectionReader(o, 0, o.Size())))
	return size, err
}
