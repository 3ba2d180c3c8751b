package evidence

import "crypto/ed25519"

// Base45Encode and Base45Decode are open to the tests, which hold them to the examples of RFC 9285.
var (
	Base45Encode = base45Encode
	Base45Decode = base45Decode
)

// OpenCanonical is open to the test that holds it to the general reader.
var OpenCanonical = openCanonical

// SignWith is open to the test that holds it to the vector of the W3C.
var SignWith = signWith

// SignRaw signs any bytes, as a device can whose program was changed.
func SignRaw(key Key, message []byte) []byte { return ed25519.Sign(key.private, message) }
