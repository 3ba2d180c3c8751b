// Package signing is subject mode: the pages on which a person who has never seen the program says where pictures, video and
// sound of them may be used, and signs.
//
// The pages fill the window, in large type and with one thing on each. Back and Next always stand in the same place. Nothing of
// other people can be reached from here, and the way out is a corner that must be held for two seconds or, when the photographer has
// set a PIN, asks for it; leaving clears what was entered. After a minute without a touch the flow asks whether somebody is still there, and then clears by itself.
//
// A page is as large as the screen: what does not fit falls into several pages (starts), words and gaps become smaller on a small tablet
// (fitted), and only what a person has enlarged still further has a bar to drag. Where there is no real keyboard one shows on the screen
// (typing).
//
// The flow holds no rule: what a form asks comes from consent.Form, whether somebody is a child from consent.Profile, and what
// is acceptable from capture.Session. It keeps what was entered in a draft, in memory only, until RecordConsent has answered;
// a refusal leaves the draft as it was.
package signing
