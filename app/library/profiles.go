package library

import (
	"context"
	"fmt"
	"reflect"

	"samtykke/app/consent"
	"samtykke/app/problem"
)

// Problems of a profile.
var (
	ErrProfileConflict = problem.New(problem.Conflict, "profile-conflict",
		"Somebody changed this person's profile first; nothing was overwritten; take in their version, then make the change again.")
	ErrProfileUnknown = problem.New(problem.NotFound, "profile-unknown",
		"The media library has no profile of this person; nothing was changed; it comes when the device that registered them sends it.")
	ErrSubjectErased = problem.New(problem.NotFound, "subject-erased",
		"This person has been erased, and the media library takes in nothing about them any more; remove what this device still has.")
)

// Changes lists at most limit changes after a cursor, and whether there are more.
func (l *Library) Changes(ctx context.Context, after uint64, limit int) (changes []Change, more bool, err error) {
	err = l.ledger.View(ctx, func(r Reader) error {
		changes, err = r.Changes(after, limit+1)
		return err
	})
	if len(changes) > limit {
		changes, more = changes[:limit], true
	}
	return changes, more, err
}

// Profile returns a subject's profile; ErrProfileUnknown, or ErrSubjectErased.
func (l *Library) Profile(ctx context.Context, id consent.SubjectID) (p consent.Profile, err error) {
	err = l.ledger.View(ctx, func(r Reader) error {
		if erased, err := r.Erased(id); err != nil || erased {
			return orErased(err)
		}
		found, ok, err := r.Profile(id)
		if err == nil && !ok {
			return ErrProfileUnknown
		}
		p = found
		return err
	})
	return p, err
}

// PutProfile stores the next revision of a profile. The same revision with the same content changes nothing and is no error, so
// that a lost answer can be asked for again. Otherwise ErrProfileConflict comes with the profile that the library has, or
// ErrSubjectErased.
func (l *Library) PutProfile(ctx context.Context, p consent.Profile) (current consent.Profile, err error) {
	err = l.ledger.Update(ctx, func(tx Tx) error {
		if erased, err := tx.Erased(p.Subject); err != nil || erased {
			return orErased(err)
		}
		found, _, err := tx.Profile(p.Subject)
		if err != nil {
			return err
		}
		current = found
		switch {
		case p.Revision == found.Revision+1:
			current = p
			if err := tx.PutProfile(p, l.clock()); err != nil {
				return err
			}
			return tx.HastenMail(p.Subject, "", l.clock())
		case p.Revision == found.Revision && found.Revision > 0 && reflect.DeepEqual(p, found):
			return nil
		}
		return ErrProfileConflict
	})
	if err != nil && problem.KindOf(err) == problem.Internal {
		return current, fmt.Errorf("store profile: %w", err)
	}
	if err == nil {
		l.wakeMail()
	}
	return current, err
}

func orErased(err error) error {
	if err != nil {
		return err
	}
	return ErrSubjectErased
}
