package desktop

import (
	"context"

	"samtykke/app/capture"
	"samtykke/ui/desktop/part"
)

// avoidButton says that somebody is not to be photographed, or may be after all.
func (p *sidePane) avoidButton(v personView, word string, avoid bool) *part.Button {
	w := p.shell.window
	var press *part.Button
	press = part.NewButton(word, func() {
		ready := busy(press, w.words.t("saving"))
		background(w, func(ctx context.Context) (capture.Person, error) {
			return w.session.Amend(ctx, v.id, capture.Amendment{Avoid: &avoid})
		}, func(_ capture.Person, err error) {
			ready()
			if err != nil {
				p.shell.notice.fail(err)
				return
			}
			p.refresh()
		})
	})
	return press
}
