package capture

import (
	"context"

	"samtykke/app/consent"
)

// PersonalLink is the link of a record as its receipt shows it.
func (s *Session) PersonalLink(ctx context.Context, id consent.RecordID) (link string, err error) {
	err = s.change(ctx, func(c *change) error {
		var handed handedOut
		if _, err := c.Setting(handedOutSetting(id), &handed); err != nil {
			return err
		}
		body, subject, _, _, _ := s.state.Record(id)
		secret, err := c.personalLink(subject, handed.LinkNonce, body.Link)
		link = secret.URL(s.libraryAddress())
		return err
	})
	return link, err
}
