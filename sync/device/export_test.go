package device

import "samtykke/sync/wire"

// UploadAt and PassOn read what comes from the network; they are exported for fuzzing.
var UploadAt = uploadAt

// PassOn gives the identifier and the sentence of the problem that a library's error becomes.
func PassOn(said wire.Error, secret string) (id, sentence string) {
	p := passOn(said, []string{secret})
	return p.ID, p.Error()
}
