package evidence

// Base45Encode and Base45Decode are open to the tests, which hold them to the examples of RFC 9285.
var (
	Base45Encode = base45Encode
	Base45Decode = base45Decode
)
