package capture

import (
	"context"
	"time"
)

// settingRestored is when the backup was made that this vault was restored from. It is there until the next sync, which brings what was
// signed on the old vault since then (decision 0005).
const settingRestored = "restored_from"

// NoteRestored remembers that the vault was restored from a backup.
func (s *Session) NoteRestored(ctx context.Context, made time.Time) error {
	return s.change(ctx, func(c *change) error { return c.PutSetting(settingRestored, made.UTC()) })
}

// ReadLibraryAgain lets the next sync read all changes of the library from the beginning, so that it brings back events that were lost
// here. What is here already stays as it is.
func (s *Session) ReadLibraryAgain(ctx context.Context) error {
	return s.change(ctx, func(c *change) error { return c.DeleteSetting(settingCursor) })
}
