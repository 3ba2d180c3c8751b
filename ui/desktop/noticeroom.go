package desktop

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// noticeRoom puts what there is to say above a screen. Where the screen needs the height itself, notices have only a line or two, and scroll.
type noticeRoom struct{ said *fyne.Container }

// leastNotice is how much of the notices shows at least, in units.
const leastNotice = 56

// belowNotices puts notices above a screen.
func belowNotices(screen fyne.CanvasObject, notices ...fyne.CanvasObject) *fyne.Container {
	said := container.NewVBox(notices...)
	return container.New(&noticeRoom{said}, container.NewVScroll(said), screen)
}

// MinSize implements fyne.Layout.
func (l *noticeRoom) MinSize(objects []fyne.CanvasObject) fyne.Size {
	said, least := l.said.MinSize(), objects[1].MinSize()
	return fyne.NewSize(max(said.Width, least.Width), min(said.Height, leastNotice)+least.Height)
}

// Layout implements fyne.Layout.
func (l *noticeRoom) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	put(objects[0], 0, 0, size.Width, l.said.MinSize().Height) // what wraps knows its height once it knows its width
	height := max(min(l.said.MinSize().Height, size.Height-objects[1].MinSize().Height), 0)
	put(objects[0], 0, 0, size.Width, height)
	put(objects[1], 0, height, size.Width, size.Height-height)
}

// belowTabs puts notices below the tabs, with room above them and at their sides, and takes none while there are none.
type belowTabs struct{}

// MinSize implements fyne.Layout.
func (belowTabs) MinSize(objects []fyne.CanvasObject) fyne.Size {
	least := objects[0].MinSize()
	if least.Height == 0 {
		return fyne.Size{}
	}
	return least.AddWidthHeight(2*noticeSide, noticeAbove)
}

// Layout implements fyne.Layout.
func (belowTabs) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	put(objects[0], noticeSide, noticeAbove, size.Width-2*noticeSide, max(size.Height-noticeAbove, 0))
}

// noticeAbove and noticeSide are the room around a notice below the tabs, in units.
const noticeAbove, noticeSide = 8, 24
