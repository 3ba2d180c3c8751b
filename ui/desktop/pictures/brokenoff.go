package pictures

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/ui/desktop/part"
)

// brokenOff offers to go on with an import that did not reach its end: the card went away, the vault was locked, the program ended.
type brokenOff struct {
	screen  *Screen
	content *fyne.Container // empty while there is none
}

// read looks what there is to go on with. What is under way now, or waits for it, is not broken off; what was stopped just now is told by
// the importer.
func (b *brokenOff) read() {
	s := b.screen
	b.show(nil)
	if s.importer.order.paths != nil {
		return
	}
	s.inBackground(func() func() {
		list, err := s.request.Session.UnfinishedImports(s.ctx, s.request.Shoot)
		return func() {
			switch {
			case err != nil:
				s.failed(err)
			case s.importer.order.paths == nil:
				b.show(list)
			}
		}
	})
}

func (b *brokenOff) show(list []capture.UnfinishedImport) {
	s := b.screen
	b.content.RemoveAll()
	b.content.Hidden = len(list) == 0
	if len(list) > 0 {
		u := list[0] // the others are offered when this one is answered
		var names []string
		for _, path := range u.Paths {
			names = append(names, filepath.Base(path))
		}
		says := part.Body(s.t("pictures.broken-off", map[string]any{"Names": strings.Join(names[:min(len(names), 3)], ", "), "When": u.Began.Local().Format(s.t("pictures.moment", nil))}))
		b.content.Add(part.Pane(container.NewVBox(says, part.Flow(8,
			part.NewButton(s.t("pictures.continue", nil), func() {
				s.importer.begin(order{paths: slices.Clone(u.Paths), slates: u.Slates, reference: u.Reference})
			}),
			part.NewQuietButton(s.t("pictures.broken-off.forget", nil), func() { b.forget(u) })))))
	}
	part.Settle(s.root)
}

// forget asks no more about an import. What it brought in stays.
func (b *brokenOff) forget(u capture.UnfinishedImport) {
	s := b.screen
	s.background(func() func() {
		err := s.request.Session.ForgetImport(context.WithoutCancel(s.ctx), u)
		return func() {
			if err != nil {
				s.failed(err)
				return
			}
			b.read()
		}
	})
}
