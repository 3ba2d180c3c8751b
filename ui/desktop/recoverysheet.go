package desktop

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"strings"

	"fyne.io/fyne/v2"

	"samtykke/ui/desktop/part"
	"samtykke/ui/desktop/viewing"
)

// recoverySheet shows the recovery key, to be copied or printed. What it writes for printing is gone again when the
// reader goes on or the sheet is destroyed.
type recoverySheet struct {
	window  *Window
	key     string
	content fyne.CanvasObject
}

func newRecoverySheet(w *Window, key string, n *notice) *recoverySheet {
	s := &recoverySheet{window: w, key: key}
	shown := part.Code(inTwoLines(key))
	shown.Selectable = true
	copyKey := part.NewButton(w.words.t("key.copy"), func() {
		w.clip(key)
		w.toast(w.words.t("key.copied"))
	})
	printKey := part.NewButton(w.words.t("key.print"), func() {
		path, err := s.page()
		if err != nil {
			n.fail(err)
			return
		}
		background(w, only(func(context.Context) error { return s.viewing().Show(path) }), func(_ noResult, err error) {
			if err != nil {
				n.fail(err)
			}
		})
	})
	s.content = part.Pane(part.Stack(shown, apart(printKey, copyKey), part.Note(w.words.t("key.note"))))
	return s
}

// inTwoLines breaks a long key between two of its groups.
func inTwoLines(key string) string {
	groups := strings.Split(key, "-")
	if len(groups) < 6 {
		return key
	}
	half := (len(groups) + 1) / 2
	return strings.Join(groups[:half], "-") + "-\n" + strings.Join(groups[half:], "-")
}

var recoveryPage = template.Must(template.New("recovery").Parse(`<!doctype html>
<html lang="{{.Language}}"><meta charset="utf-8"><title>{{.Title}}</title>
<style>body{font-family:sans-serif;max-width:40em;margin:4em auto;line-height:1.5;font-size:14pt}
code{display:block;font-size:20pt;line-height:1.8;margin:1em 0;padding:1em;border:1pt solid #000}</style>
<h1>{{.Title}}</h1><p>{{.What}}</p><code>{{.Key}}</code><p>{{.Keep}}</p>
<p>{{.Vault}}</p>
<script>window.print()</script></html>
`))

// page writes the key as a page that asks to be printed, readable by this user only.
func (s *recoverySheet) page() (path string, err error) {
	t := s.window.words.t
	var page bytes.Buffer
	if err := recoveryPage.Execute(&page, map[string]string{"Language": s.window.words.Language, "Title": t("key.page.title"), "What": t("key.page.what"),
		"Keep": t("key.page.keep"), "Key": s.key, "Vault": t("key.page.vault", "path", s.window.config.Door.Path())}); err != nil {
		return "", fmt.Errorf("write the recovery page: %w", err)
	}
	return s.viewing().Write("recovery-key.html", page.Bytes())
}

func (s *recoverySheet) viewing() *viewing.Folder { return s.window.viewing.Within("key") }

// destroy removes what was written for printing.
func (s *recoverySheet) destroy() {
	_ = s.viewing().Clear() // what cannot go now goes with everything that was shown
}
