package desktop

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"samtykke/ui/desktop/part"
)

// choose asks for files or a folder. What goes wrong is said in the notice.
func (w *Window) choose(c part.Choice, told *notice) {
	if c.Folder {
		dialog.ShowFolderOpen(func(folder fyne.ListableURI, err error) {
			switch {
			case err != nil:
				told.fail(err)
			case folder != nil:
				c.Chosen([]string{folder.Path()})
			}
		}, w.window)
		return
	}
	d := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		switch {
		case err != nil:
			told.fail(err)
		case file != nil:
			path := file.URI().Path()
			if err := file.Close(); err != nil {
				told.fail(err)
				return
			}
			c.Chosen([]string{path})
		}
	}, w.window)
	if len(c.Endings) > 0 {
		d.SetFilter(storage.NewExtensionFileFilter(c.Endings))
	}
	d.Show()
}
