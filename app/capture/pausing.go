package capture

import "context"

// settingPaused is there while somebody has paused the exchange with the library.
const settingPaused = "sync_paused"

// PauseSync pauses the exchange with the library until somebody lets it go on, also after the program has been closed meanwhile. It
// binds what syncs by itself; a person who asks for a sync gets one.
func (s *Session) PauseSync(ctx context.Context, pause bool) error {
	return s.change(ctx, func(c *change) error {
		if pause {
			return c.PutSetting(settingPaused, true)
		}
		return c.DeleteSetting(settingPaused)
	})
}
