// Package library is the library's use cases: what an endpoint, a page or a command of mediebank calls. It knows no HTTP, no
// SQL and no file system; it declares the Ledger and the Objects that it needs.
//
// The library takes in the events of enrolled devices. It checks that each is signed and follows the device's one before,
// numbers it, and appends it to a Merkle log (RFC 6962), all in one transaction, so that an event which was acknowledged can
// neither get lost nor be changed unnoticed. What does not fit the chain is put in quarantine: kept, reported, never dropped.
// The state of all consents is a fold over the accepted events and lives in memory (consent.State).
//
// The library is a device itself: a withdrawal by personal link becomes an event on the library's own chain and reaches the
// laptops as every other event does.
//
// Personal data stands in profiles, in evidence and in details. All three are sealed before they are written; the first two
// under a key of the subject's own, so that erasing the person is forgetting a key.
package library
