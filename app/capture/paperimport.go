package capture

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"samtykke/app/consent"
	"samtykke/app/picture"
	"samtykke/app/problem"
)

// PaperFound is a file of an import that turned out to be a photograph of a signed paper form.
type PaperFound struct {
	Path string
	ID   consent.BlobHash
}

// paperTaken is a paper that an import has taken in.
type paperTaken struct {
	id    consent.BlobHash
	fresh bool // was not here already
}

// errOfPaper is why a file was passed over that came with a picture of a signed paper.
var errOfPaper = errors.New("belongs to a picture of a signed paper")

// errSeveralPapers is why a picture of several signed papers is not taken in: as evidence of one person it would show the others'.
var errSeveralPapers = errors.New("shows several signed papers")

// refusePapers passes over a picture that shows the codes of several paper forms: it is no picture of people either, and nobody is to find
// it among those. What was imported as a picture before stays one.
func (i *importing) refusePapers(f *candidate) error {
	if _, here := i.session.pathOf(f.asset); here {
		return nil
	}
	f.fail = errSeveralPapers
	if i.in.Reference {
		return nil
	}
	return i.session.Originals.Remove(f.asset)
}

// takePaper turns a picture that shows the code of a paper form into a paper: it is no asset, and its bytes leave the originals again.
// It is durable by itself, before the batch is. What was imported as a picture before stays one.
func (i *importing) takePaper(ctx context.Context, f *candidate, file CardFile, code PaperCode) error {
	s := i.session
	if _, here := s.pathOf(f.asset); here {
		return nil
	}
	if f.size > MaxBlob {
		f.fail = fmt.Errorf("%w: a signed paper of more than %d MB", picture.ErrTooLarge, MaxBlob>>20)
		return nil
	}
	data := make([]byte, f.size)
	if _, err := file.ReadAt(data, 0); err != nil && !errors.Is(err, io.EOF) {
		return i.card.failed(f, err)
	}
	if hashOf(data) != consent.BlobHash(f.asset) {
		f.fail = errChanging
		return nil
	}
	_, fresh, err := s.keepPaper(ctx, SignedPaper{Name: filepath.Base(f.path), MIME: f.info.MIME, Shoot: code.Shoot, Form: code.Form,
		Language: code.Language, Serial: code.Serial, Code: code.Code, Back: code.Back}, data)
	if err != nil && problem.Of(err).ID != "paper-is-evidence" {
		return err
	}
	f.paper, f.preview = &paperTaken{consent.BlobHash(f.asset), fresh}, nil
	if i.in.Reference {
		return nil
	}
	return s.Originals.Remove(f.asset)
}

// paper reports a paper, and what came with it and was not taken in: a raw file of it would be a picture of somebody's answers.
func (b *filing) paper(f *candidate) {
	if f.paper.fresh {
		b.did.Papers = append(b.did.Papers, PaperFound{Path: f.path, ID: f.paper.id})
	} else {
		b.did.Duplicates++
	}
	for _, c := range f.companions {
		b.did.Skipped = append(b.did.Skipped, skipped(c.path, errOfPaper))
	}
}
