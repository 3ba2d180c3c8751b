// Package evidence is what makes the log worth believing: who said that something happened, that nobody changed it since, and
// how a person far from any network can check it.
//
// Every device has an Ed25519 key. It signs each event over its canonical JSON and chains it to the one before, so that an
// event changed, removed or slipped in shows (FollowChain). A consent record also becomes a verification token: a COSE_Sign1
// message (RFC 9052) in base45 (RFC 9285), small enough for a QR code on paper, which anyone who knows the device's public key
// can check without a network. A receipt file is sealed the same way over its own bytes. The personal link is a secret that is
// derived from the subject's key and the record; only its hash travels.
//
// For other programs a record is a consent receipt in JSON-LD (Account.Document) with a W3C Data Integrity proof (SignDocument).
//
// Everything signed begins with a domain of its own, or follows a standard that says what is signed, so that a signature made for one
// purpose is never good for another.
package evidence
