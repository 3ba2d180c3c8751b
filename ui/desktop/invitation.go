package desktop

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/ui/desktop/part"
)

// invitationFields take the invitation of a media library, at the first start and later in Sync.
type invitationFields struct {
	entry   *part.Entry
	button  *part.Button
	content fyne.CanvasObject
}

// newInvitationFields joins the library when the button is pressed, and calls joined when that went well.
func newInvitationFields(w *Window, n *notice, joined func()) *invitationFields {
	f := &invitationFields{entry: part.NewTextEntry("https://…", 3)}
	f.button = part.NewPrimaryButton(w.words.t("invitation.join"), func() {
		n.hide()
		ready := busy(f.button, w.words.t("invitation.joining"))
		invitation, session := strings.TrimSpace(f.entry.Text), w.session
		background(w, only(func(ctx context.Context) error {
			return w.config.Library.Enrol(ctx, session, invitation)
		}), func(_ noResult, err error) {
			ready()
			if err != nil {
				n.fail(err)
				return
			}
			f.entry.SetText("")
			w.toast(w.words.t("invitation.joined"))
			joined()
		})
	})
	f.button.Disable()
	f.entry.OnChanged = func(text string) { enable(f.button, strings.TrimSpace(text) != "") }
	f.content = container.NewVBox(part.Field(w.words.t("invitation"), f.entry, w.words.t("invitation.why")))
	return f
}
