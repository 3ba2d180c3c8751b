package device

import (
	"context"
	"net/http"
	"slices"

	"samtykke/sync/wire"
)

// takeDetails fetches what colleagues called the shoots that this device knows from events only. What their laptops have not sent
// yet comes with a later sync.
func (r *run) takeDetails(ctx context.Context) error {
	for hashes := range slices.Chunk(r.session.MissingDetails(), wire.MaxDetails) {
		q, err := asJSON(http.MethodPost, wire.PathDetails, wire.DetailsRequest{Hashes: hashes})
		if err != nil {
			return err
		}
		q.most = wire.MaxJSON
		answer, err := fetch[wire.DetailsResponse](ctx, r, q)
		if err != nil {
			return err
		}
		for _, d := range answer.Details {
			if !slices.Contains(hashes, d.SHA256) {
				return errNotOurs
			}
			if err := r.session.TakeDetails(ctx, d.SHA256, d.Data); err != nil {
				return errNotOurs.Because(err)
			}
		}
	}
	return nil
}
