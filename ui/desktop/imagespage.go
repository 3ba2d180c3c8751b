package desktop

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/ui/desktop/browse"
	"samtykke/ui/desktop/part"
	"samtykke/ui/desktop/pictures"
)

// imagesPage holds the screen of the images of the shoot that is worked on.
type imagesPage struct {
	shell  *shell
	root   *fyne.Container
	screen *pictures.Screen // nil while there is no shoot
}

func newImagesPage(s *shell) *imagesPage {
	p := &imagesPage{shell: s, root: container.NewStack()}
	p.changeShoot()
	return p
}

// changeShoot shows the images of another shoot.
func (p *imagesPage) changeShoot() {
	w := p.shell.window
	p.stop()
	if p.shell.shoot == "" {
		p.root.Objects = []fyne.CanvasObject{part.EmptyState(nil, w.words.t("images.no-shoot"), w.words.t("images.no-shoot.detail"),
			part.NewPrimaryButton(w.words.t("shoot.new"), func() { p.shell.show(tabShoots) }))}
		p.root.Refresh()
		return
	}
	p.screen = pictures.New(pictures.Request{Session: w.session, Shoot: p.shell.shoot, Texts: w.words.Texts, Window: w.window, Do: w.config.Do,
		Choose: func(c part.Choice) { w.choose(c, p.shell.notice) },
		Copy:   w.clip,
		Toast:  w.toast, Failed: func(err error) { p.shell.notice.fail(err) }, Papers: func() {
			p.shell.show(tabShoots)
			p.shell.board.readPapers()
		},
		Open:  w.viewing.Show,
		Cards: pictures.Cards{Volumes: w.volumes(), After: w.config.After, InView: p.inView}})
	p.root.Objects = []fyne.CanvasObject{p.screen.Content()}
	p.root.Refresh()
}

func (p *imagesPage) stop() {
	if p.screen != nil {
		p.screen.Stop()
		p.screen = nil
	}
}

// inView tells whether the images can be seen now, with nothing else over them.
func (p *imagesPage) inView() bool {
	s := p.shell
	return s.window.shell == s && s.shown == tabImages && s.window.content == s.root
}

// focus is what takes the keys here.
func (p *imagesPage) focus() fyne.Focusable {
	if p.screen == nil {
		return nil
	}
	return p.screen.Focusable()
}

// busy tells whether the screen does something that must not be broken off unasked.
func (p *imagesPage) busy() bool { return p.screen != nil && p.screen.Busy() }

func (p *imagesPage) content() fyne.CanvasObject { return p.root }
func (p *imagesPage) title() string              { return p.shell.window.words.t("tab.images") }

// keys undo what was done to the images last, and leave an export or the clocks. They ask the screen when they are pressed, for another shoot may be worked on by then.
func (p *imagesPage) keys() keys {
	on := func(act func(*pictures.Screen)) func() {
		return func() {
			if p.screen != nil {
				act(p.screen)
			}
		}
	}
	return keys{undo: on((*pictures.Screen).Undo), redo: on((*pictures.Screen).Redo), escape: on((*pictures.Screen).Escape),
		other: func(r rune) {
			if p.screen != nil {
				p.screen.Letter(r)
			}
		},
		within: pictureKeys(), copy: func() string {
			if p.screen == nil {
				return ""
			}
			return strings.Join(p.screen.Chosen(), "\n")
		}}
}

func (p *imagesPage) refresh() {
	if p.screen != nil {
		p.screen.Refresh()
	}
}

func (p *imagesPage) dropped(paths []string) {
	if p.screen != nil {
		p.screen.Dropped(paths)
	}
}

// volumes lists where memory cards may be.
func (w *Window) volumes() func() []string {
	if w.config.Volumes != nil {
		return w.config.Volumes
	}
	return browse.Removable
}
