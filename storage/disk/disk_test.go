package disk_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"samtykke/app/problem"
	"samtykke/storage/disk"
)

func TestFileAppearsAsAWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	if err := disk.WriteFile(path, []byte("old")); err != nil {
		t.Fatal(err)
	}
	w, err := disk.Begin(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("new")); err != nil {
		t.Fatal(err)
	}
	if raw, _ := os.ReadFile(path); string(raw) != "old" {
		t.Errorf("before the commit it says %q", raw)
	}
	w.Abort()
	if raw, _ := os.ReadFile(path); string(raw) != "old" {
		t.Errorf("after giving up it says %q", raw)
	}
	if err := disk.WriteFile(path, []byte("new")); err != nil {
		t.Fatal(err)
	}
	if raw, _ := os.ReadFile(path); string(raw) != "new" {
		t.Errorf("after the commit it says %q", raw)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Error("something was left:", entries, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Error("others may read it:", info.Mode(), err)
	}
}

func TestAbortAfterCommitKeepsTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	w, err := disk.Begin(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	w.Abort()
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

func TestOnlyWhatAPersonCanMendIsExplained(t *testing.T) {
	other := errors.New("another")
	if err := disk.Explain(other); err != other { //nolint:errorlint // the very same error must come back
		t.Error(err)
	}
	if err := disk.Explain(nil); err != nil {
		t.Error(err)
	}
	err := fmt.Errorf("write: %w", disk.Explain(&fs.PathError{Op: "open", Path: "x", Err: fs.ErrPermission}))
	if !errors.Is(err, disk.ErrReadOnly) || !errors.Is(err, fs.ErrPermission) || problem.KindOf(err) != problem.Invalid {
		t.Error(err)
	}
	if again := disk.Explain(err); again.Error() != err.Error() {
		t.Error("explained twice:", again)
	}
}
