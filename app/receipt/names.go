package receipt

import "samtykke/app/script"

// elsewhere stands for a name that cannot be printed; a note on the page says so.
const elsewhere = "*"

// drawable is the document with every name that the fonts cannot set replaced: that of the person by the code, of others by a mark.
// Half a name, or boxes, would be worse: a receipt must not seem to be about somebody else.
func (d Document) drawable() Document {
	hidden := func(name *string, instead string) {
		if _, foreign := script.Foreign(*name); foreign {
			*name = instead
			d.unnamed = true
		}
	}
	code := d.SubjectCode + " " + elsewhere
	signer := elsewhere
	if d.SignerRole != "guardian" && d.SignerRole != "staff" {
		signer = code
	}
	hidden(&d.SubjectName, code)
	hidden(&d.SignerName, signer)
	hidden(&d.TypedName, signer)
	hidden(&d.Witness, elsewhere)
	hidden(&d.Photographer, elsewhere)
	return d
}
