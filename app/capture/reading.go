package capture

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"

	"samtykke/app/consent"
	"samtykke/app/problem"
)

// Exactly reads r on and fails at its end, with a problem of kind Damaged, when what it read is not what the hash names. So a store
// that files what it reads never files other bytes: taking them out again could take away what was there before.
func Exactly(want consent.AssetID, r io.Reader) io.Reader {
	return &exactly{from: r, sum: sha256.New(), want: want}
}

type exactly struct {
	from io.Reader
	sum  hash.Hash
	want consent.AssetID
}

func (e *exactly) Read(p []byte) (int, error) {
	n, err := e.from.Read(p)
	e.sum.Write(p[:n])
	if errors.Is(err, io.EOF) && hex.EncodeToString(e.sum.Sum(nil)) != string(e.want) {
		err = otherBytes(e.want)
	}
	return n, err
}

func otherBytes(want consent.AssetID) error {
	return problem.New(problem.Damaged, "original-other-bytes",
		"The file of the image {{.asset}} holds other bytes than were imported; it was left as it is and is not used; import the image again, or fetch it from the media library.",
		"asset", want.Short())
}

// hashAll reads to the end and returns the SHA-256.
func hashAll(r io.Reader) (consent.AssetID, error) {
	h := sha256.New()
	_, err := io.Copy(h, r)
	return consent.AssetID(hex.EncodeToString(h.Sum(nil))), err
}

// Stoppable reads r until ctx ends, whose error it then returns.
func Stoppable(ctx context.Context, r io.Reader) io.Reader { return stoppable{ctx, r} }

type stoppable struct {
	ctx  context.Context
	from io.Reader
}

// Read reads on, unless the context has ended.
func (s stoppable) Read(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.from.Read(b)
}
