package vault_test

import (
	"crypto/sha256"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"samtykke/storage/vault"
)

// BenchmarkBackup measures a backup with its reading back beside a copy of the same files and hashing them once on either side, as cp -r
// and sha256sum do.
func BenchmarkBackup(b *testing.B) {
	const count, size = 200, 1 << 20
	dir := filepath.Join(b.TempDir(), "vault")
	v, _ := MustCreate(b, dir)
	random := rand.NewChaCha8([32]byte{1})
	for range count {
		if _, _, err := v.Originals().Put(b.Context(), io.LimitReader(random, size)); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("backup", func(b *testing.B) {
		b.SetBytes(count * size)
		for b.Loop() {
			if _, err := v.CreateBackup(b.Context(), b.TempDir(), vault.BackupOptions{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("copy and hash", func(b *testing.B) {
		b.SetBytes(count * size)
		for b.Loop() {
			to := b.TempDir()
			if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
				b.Fatal(err)
			}
			for _, folder := range []string{dir, to} {
				if err := filepath.WalkDir(folder, hashEach); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

func hashEach(path string, e os.DirEntry, err error) error {
	if err != nil || !e.Type().IsRegular() {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(sha256.New(), f)
	return err
}
