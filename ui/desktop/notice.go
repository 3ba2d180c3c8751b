package desktop

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/ui/desktop/part"
	"samtykke/ui/desktop/viewing"
)

// notice is where a screen says what went wrong: a line with a mark, the sentence, and what can be done about it. It
// takes no room while there is nothing to say, and stays until it is answered or put away.
type notice struct {
	window *Window
	root   *fyne.Container
	said   string
	shown  func() // is told when there is something to say; may be nil
}

func newNotice(w *Window) *notice {
	n := &notice{window: w, root: container.NewVBox()}
	n.root.Hide()
	return n
}

// fail says what an error is. Of what nothing could show, the address can be copied.
func (n *notice) fail(err error, actions ...*part.Button) {
	w := n.window
	if path, is := viewing.Unshown(err); is {
		actions = append(actions, part.NewButton(w.words.t("open.copy"), func() {
			w.clip(path)
			w.toast(w.words.t("copied", "text", path))
		}))
	}
	n.say(part.MarkNo, w.words.problem(err), actions...)
}

// warn says something that the reader should know, but need not act on.
func (n *notice) warn(sentence string) { n.say(part.MarkWarning, sentence) }

func (n *notice) say(mark part.Mark, sentence string, actions ...*part.Button) {
	n.said = sentence
	away := part.NewQuietButton(n.window.words.t("notice.close"), n.hide)
	end := apart()
	for _, a := range actions {
		end.Add(a)
	}
	end.Add(away)
	icon := container.NewCenter(part.NewStatusIcon(mark, ""))
	line := border(nil, nil, icon, container.NewCenter(end), part.Body(sentence))
	if len(actions) > 1 { // beside so many the sentence would have no room on a small screen
		line = border(nil, ends(nil, end), icon, nil, part.Body(sentence))
	}
	n.root.Objects = []fyne.CanvasObject{part.Pane(line)}
	n.root.Show()
	part.Settle(n.window.body)
	if n.shown != nil {
		n.shown()
	}
}

func (n *notice) hide() {
	if !n.root.Visible() {
		return
	}
	n.said = ""
	n.root.RemoveAll()
	n.root.Hide()
	part.Settle(n.window.body)
}
