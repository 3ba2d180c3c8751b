package desktop

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/part"
)

// devicePart is the section about this installation: what it is called, and the library that it belongs to.
type devicePart struct {
	shell           *shell
	device, library *widget.Label
	join            *part.Button
}

func newDevicePart(s *shell) *devicePart { return &devicePart{shell: s} }

func (d *devicePart) build() fyne.CanvasObject {
	w := d.shell.window
	t := w.words.t
	d.device, d.library = part.Body(""), part.Body("")
	d.device.Wrapping, d.library.Wrapping = fyne.TextWrapBreak, fyne.TextWrapBreak
	d.device.Selectable, d.library.Selectable = true, true
	d.join = part.NewButton(t("tab.sync"), func() { d.shell.show(tabSync) })
	return part.Stack(part.Card(t("device.this"), d.device), part.Card(t("device.library"), container.NewVBox(d.library, container.NewHBox(d.join))))
}

func (d *devicePart) show(data settingsData) {
	w := d.shell.window
	t := w.words.t
	d.device.SetText(lines(data.device.Name, t("device.id", "id", string(data.device.ID)), t("device.vault", "path", w.config.Door.Path())))
	if data.enrolment == nil {
		d.library.SetText(t("device.alone"))
		return
	}
	d.library.SetText(lines(data.enrolment.Address, t("device.since", "when", w.words.day(data.enrolment.EnrolledAt)), t("device.key", "id", string(data.enrolment.LibraryKey.Device()))))
}
