// Package sealing keeps bytes secret at rest: XChaCha20-Poly1305 with a random 24-byte nonce, so that nobody who holds the disk
// can read a value, change it, or move it to another place without being noticed.
//
// The associated data names the place: bucket and key in a vault, table and row in a ledger. It is not stored; Open must be
// given the same, so a sealed value that is copied elsewhere does not open there.
//
// Format of a sealed value, to the byte:
//
//	0      version, 1
//	1..24  nonce, random
//	25..   XChaCha20-Poly1305 ciphertext, its last 16 bytes the tag; version and associated data are authenticated
package sealing

import (
	"crypto/cipher"
	"crypto/rand"
	"errors"

	"golang.org/x/crypto/chacha20poly1305"
)

// Key is a secret of 32 random bytes. One key may seal any number of values: nonces of 24 random bytes do not meet.
type Key [32]byte

// version is the first byte of every sealed value.
const version = 1

// Overhead is how many bytes longer a sealed value is than what it holds.
const Overhead = 1 + chacha20poly1305.NonceSizeX + chacha20poly1305.Overhead

// ErrSealed is returned when a value does not open: another key, another place, or changed bytes. Which of them cannot be told.
var ErrSealed = errors.New("sealed value does not open")

// NewKey draws a key from the operating system's randomness.
func NewKey() Key {
	var key Key
	_, _ = rand.Read(key[:]) // crypto/rand never fails: it ends the program instead
	return key
}

// Seal returns plaintext sealed for the place that aad names. Sealing the same bytes twice gives different results.
func Seal(key Key, aad, plaintext []byte) []byte {
	sealed := make([]byte, 1+chacha20poly1305.NonceSizeX, len(plaintext)+Overhead)
	sealed[0] = version
	nonce := sealed[1:]
	_, _ = rand.Read(nonce)
	return opener(key).Seal(sealed, nonce, plaintext, bound(aad))
}

// Open returns what Seal was given, or ErrSealed.
func Open(key Key, aad, sealed []byte) ([]byte, error) {
	if len(sealed) < Overhead || sealed[0] != version {
		return nil, ErrSealed
	}
	nonce, ciphertext := sealed[1:1+chacha20poly1305.NonceSizeX], sealed[1+chacha20poly1305.NonceSizeX:]
	plaintext, err := opener(key).Open(nil, nonce, ciphertext, bound(aad))
	if err != nil {
		return nil, ErrSealed
	}
	return plaintext, nil
}

// bound puts the version under authentication together with the place.
func bound(aad []byte) []byte {
	return append([]byte{version}, aad...)
}

func opener(key Key) cipher.AEAD {
	aead, err := chacha20poly1305.NewX(key[:])
	if err != nil {
		panic(err) // only a key of another length than Key's is refused
	}
	return aead
}
