package desktop

import (
	"os"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// organisationFields ask whom this device works for, and what the device is called.
type organisationFields struct {
	words                                               *words
	name, number, address, contact, dpo, policy, device *part.Entry
}

func newOrganisationFields(words *words) *organisationFields {
	f := &organisationFields{words: words, name: part.NewEntry(""), number: part.NewEntry(""), address: part.NewEntry(""),
		contact: part.NewEntry(""), dpo: part.NewEntry(""), policy: part.NewEntry("https://"), device: part.NewEntry("")}
	if host, err := os.Hostname(); err == nil {
		f.device.SetText(host)
	}
	return f
}

func (f *organisationFields) content() fyne.CanvasObject {
	t := f.words.t
	return part.Stack(f.details(), part.Field(t("organisation.device"), f.device, t("organisation.device.why")))
}

// details are the fields about the organisation.
func (f *organisationFields) details() fyne.CanvasObject {
	t := f.words.t
	optional := func(id string) string { return t("optional", "field", t(id)) }
	return part.Stack(
		part.Field(t("organisation.name"), f.name, ""),
		container.NewGridWithColumns(2,
			part.Field(t("organisation.number"), f.number, ""), part.Field(t("organisation.contact"), f.contact, "")),
		part.Field(optional("organisation.address"), f.address, ""),
		container.NewGridWithColumns(2,
			part.Field(optional("organisation.dpo"), f.dpo, ""), part.Field(optional("organisation.policy"), f.policy, "")))
}

// show fills in what is known.
func (f *organisationFields) show(o consent.Organisation) {
	for field, text := range map[*part.Entry]string{f.name: o.Name, f.number: o.Number, f.address: o.Address, f.contact: o.Contact, f.dpo: o.DPO,
		f.policy: o.Policy} {
		field.SetText(text)
	}
}

// onEnter says what Enter does in every field.
func (f *organisationFields) onEnter(do func()) {
	for _, e := range []*part.Entry{f.name, f.number, f.address, f.contact, f.dpo, f.policy, f.device} {
		e.OnSubmitted = func(string) { do() }
	}
}

func (f *organisationFields) setup() capture.Setup {
	text := func(e *part.Entry) string { return strings.TrimSpace(e.Text) }
	return capture.Setup{DeviceName: text(f.device), Organisation: consent.Organisation{Name: text(f.name), Number: text(f.number),
		Address: text(f.address), Contact: text(f.contact), DPO: text(f.dpo), Policy: text(f.policy)}}
}
