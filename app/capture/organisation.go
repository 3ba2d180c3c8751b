package capture

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"samtykke/app/consent"
	"samtykke/app/problem"
	"samtykke/assets"
)

// OrganisationChange is what came of changing the organisation.
type OrganisationChange struct {
	// Published are the forms that were published anew, with the new details in their texts.
	Published []PublishedForm
	// Behind are the forms in use that still show the old details: their files were written by somebody else and have to be imported
	// again.
	Behind []PublishedForm
}

// ChangeOrganisation corrects the details of whom this device works for: the name, the addresses. The embedded form is published anew,
// since people read the details in it; what was signed before stays as it was read. A device that belongs to a library has the
// organisation of the library (decision 0003). The number stands for the organisation itself: once somebody has signed, another number
// would be another controller, to whom nobody has said yes.
func (s *Session) ChangeOrganisation(ctx context.Context, organisation consent.Organisation) (done OrganisationChange, err error) {
	if err := organisation.Validate(); err != nil {
		return done, err
	}
	var published []consent.FormHash
	err = s.change(ctx, func(c *change) error {
		was := s.organisation
		switch {
		case was == organisation:
			return nil
		case s.enrolment != nil:
			return problem.New(problem.Conflict, "organisation-of-library",
				"The organisation comes from the media library that this computer belongs to; nothing was changed; ask whoever runs the library.")
		case was.Number != organisation.Number && len(s.state.AskedBy()) > 0:
			return problem.New(problem.Conflict, "organisation-number-signed",
				"People have signed for the organisation with the number {{.number}}; nothing was changed; make a vault of its own for another organisation.",
				"number", was.Number)
		}
		if err := c.PutSetting(settingOrganisation, organisation); err != nil {
			return err
		}
		c.then(func() { s.organisation = organisation })
		for _, form := range s.currentForms() {
			template, err := s.embedded(form)
			if err != nil {
				return err
			}
			if template == nil {
				continue
			}
			template.Version = followingVersion(form.Version)
			renamed, err := template.Publish(organisation, c.at)
			if err != nil {
				return err
			}
			hash, err := c.publish(renamed)
			if err != nil {
				return err
			}
			published = append(published, hash)
		}
		return nil
	})
	if err != nil {
		return done, err
	}
	done.Behind = s.FormsBehind()
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, hash := range published {
		done.Published = append(done.Published, s.published(hash))
	}
	return done, nil
}

// OrganisationFixed tells whether the organisation comes from a library, so that nothing of it can be changed here, and whether its
// number cannot be changed.
func (s *Session) OrganisationFixed() (byLibrary, numberFixed bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.enrolment != nil, s.enrolment != nil || len(s.state.AskedBy()) > 0
}

// FormsBehind are the forms in use whose texts show other details of the organisation than it has now.
func (s *Session) FormsBehind() []PublishedForm {
	organisation := s.Organisation()
	return slices.DeleteFunc(s.Forms(), func(f PublishedForm) bool { return !f.Current || f.Form.Organisation == organisation })
}

// embedded gives the embedded form when a published one was made from it, else nil.
func (s *Session) embedded(published *consent.Form) (*consent.Form, error) {
	template, err := consent.ParseForm(assets.DefaultForm())
	if err != nil {
		return nil, fmt.Errorf("embedded form: %w", err)
	}
	if template.Key != published.Key {
		return nil, nil //nolint:nilnil // there is none, which is no error
	}
	template.Version = published.Version
	if !s.saysTheSame(template, published) {
		return nil, nil //nolint:nilnil // somebody has written it
	}
	return template, nil
}

// followingVersion is the version of a form whose text says the same in another name: 2026.1 is followed by 2026.1.1, and that by
// 2026.1.2, so that there is room for 2026.2, which says something else.
func followingVersion(version string) string {
	parts := strings.Split(version, ".")
	if n, err := strconv.Atoi(parts[len(parts)-1]); err == nil && len(parts) > 2 {
		return strings.Join(parts[:len(parts)-1], ".") + "." + strconv.Itoa(n+1)
	}
	return version + ".1"
}
