package vault

import (
	"filippo.io/age"

	"samtykke/storage/originals"
	"samtykke/storage/sealing"
)

// originalsIn opens the store of this vault's originals in a folder, and tells how many unfinished files it removed there.
func (v *Vault) originalsIn(dir string) (store *originals.Store, leftovers int, err error) {
	identity, err := v.identity()
	if err != nil {
		return nil, 0, damaged(headerFile, err)
	}
	return originals.Open(dir, identity, v.originalNames())
}

// identity is the age identity of the originals.
func (v *Vault) identity() (*age.X25519Identity, error) {
	text, err := sealing.Open(v.keys.originals, v.header.originalsPlace(), v.header.Originals)
	if err != nil {
		return nil, err
	}
	return age.ParseX25519Identity(string(text))
}

func (v *Vault) originalNames() sealing.Key { return expand(v.keys.names[:], nil, "originals") }
