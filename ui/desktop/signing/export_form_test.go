package signing

import "samtykke/app/consent"

// FormHash names the form that is asked now.
func (f *Flow) FormHash() consent.FormHash { return f.formHash }
