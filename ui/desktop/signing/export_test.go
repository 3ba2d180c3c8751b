package signing

import "samtykke/app/consent"

// Words are the program's own texts in a language.
type Words = words

// Speak makes the flow speak other words than the program's own.
func (f *Flow) Speak(with func(language string) Words) {
	f.speak = with
	f.show()
}

// FormHash names the form that is asked now.
func (f *Flow) FormHash() consent.FormHash { return f.formHash }
