package signing

import "samtykke/app/problem"

// showReceipt lets the operating system show a receipt that was written.
func (f *Flow) showReceipt(path string) {
	go func() {
		err := f.request.Viewing.Show(path)
		f.request.Do(func() {
			if err != nil && !f.stopped {
				f.fail(notShown(err))
			}
		})
	}()
}

// notShown tells a subject that a receipt was not shown. Where it lies is nothing to them.
func notShown(err error) error {
	return problem.New(problem.Unavailable, "receipt-not-shown",
		"The receipt could not be opened here; your answers are saved; ask the photographer to send the receipt to you.").Because(err)
}
