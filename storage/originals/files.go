package originals

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"samtykke/app/consent"
	"samtykke/storage/disk"
	"samtykke/storage/sealing"
)

// At reads the originals of a folder that must not be written to, such as a backup's. Put and Remove are not for it.
func At(dir string, identity *age.X25519Identity, names sealing.Key) *Store {
	return &Store{dir: dir, identity: identity, names: names}
}

// File is one sealed original as it lies on the disk.
type File struct {
	Name string // within the folder, with slashes: "3f/3fa1…c07e.age"
	Size int64  // bytes, sealed
}

// Files lists the sealed files in the order of their names. What is none of ours is passed over. An absent folder is an
// error: it is not the same as one without originals.
func (s *Store) Files() ([]File, error) {
	var files []File
	err := filepath.WalkDir(s.dir, func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && path != s.dir {
			return nil // it went since the folder was read
		}
		if err != nil {
			return err
		}
		name, err := filepath.Rel(s.dir, path)
		if err != nil || !e.Type().IsRegular() || !sealedName(filepath.ToSlash(name)) {
			return err
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil {
			files = append(files, File{Name: filepath.ToSlash(name), Size: info.Size()})
		}
		return err
	})
	if err != nil {
		return nil, disk.Explain(fmt.Errorf("list originals: %w", err))
	}
	return files, nil
}

// sealedName tells whether a name is one that Put gives.
func sealedName(name string) bool {
	folder, file, found := strings.Cut(name, "/")
	hash, isAge := strings.CutSuffix(file, ".age")
	raw, err := hex.DecodeString(hash)
	return found && isAge && err == nil && len(raw) == sha256.Size && hash[:2] == folder
}

// Check unseals a file to its end and compares what it holds with its name. The sealed bytes go to sealed as well, so that they
// can be hashed in the same pass. It returns the length of the sealed bytes; a problem of kind Damaged names what is wrong.
func (s *Store) Check(ctx context.Context, name string, sealed io.Writer) (int64, error) {
	f, err := os.Open(filepath.Join(s.dir, filepath.FromSlash(name)))
	if err != nil {
		return 0, disk.Explain(fmt.Errorf("open original: %w", err))
	}
	defer f.Close()
	count := &counted{from: f, also: sealed}
	hash, err := s.unseal(ctx, count)
	if err == nil && filepath.Join(s.dir, filepath.FromSlash(name)) != s.path(hash) {
		err = errors.New("it holds another file's bytes")
	}
	if err != nil && ctx.Err() == nil {
		err = damaged(consent.AssetID(filepath.Base(name)), err)
	}
	if _, restErr := io.Copy(io.Discard, count); err == nil { // what could not be unsealed is hashed all the same
		err = restErr
	}
	return count.bytes, err
}

func (s *Store) unseal(ctx context.Context, r io.Reader) (consent.AssetID, error) {
	plain, err := age.Decrypt(r, s.identity)
	if err != nil {
		return "", err
	}
	digest, _, err := s.copyHashed(ctx, io.Discard, plain)
	return consent.AssetID(hex.EncodeToString(digest)), err
}

// counted reads, counts, and hands on what it has read.
type counted struct {
	from  io.Reader
	also  io.Writer
	bytes int64
}

// Read reads on.
func (c *counted) Read(b []byte) (int, error) {
	n, err := c.from.Read(b)
	c.bytes += int64(n)
	if _, writeErr := c.also.Write(b[:n]); writeErr != nil {
		return n, writeErr
	}
	return n, err
}

// FileName is the name of an original's file within the folder, with slashes.
func (s *Store) FileName(hash consent.AssetID) string {
	path := s.path(hash)
	return filepath.Base(filepath.Dir(path)) + "/" + filepath.Base(path)
}
