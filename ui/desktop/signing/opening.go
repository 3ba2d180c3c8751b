package signing

import (
	"fyne.io/fyne/v2"

	"samtykke/app/consent"
	"samtykke/app/problem"
	"samtykke/ui/desktop/viewing"
)

// open writes a receipt and lets the operating system show it.
func (f *Flow) open(code consent.Code, pdf []byte) error {
	path, err := f.request.Viewing.Write(string(code)+".pdf", pdf)
	if err == nil {
		err = fyne.CurrentApp().OpenURL(viewing.URL(path))
	}
	if err != nil {
		return problem.New(problem.Unavailable, "receipt-not-shown",
			"The receipt could not be opened here; your answers are saved; ask the photographer to send the receipt to you.").Because(err)
	}
	return nil
}
