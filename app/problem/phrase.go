package problem

// Texts are the program's texts in one language; assets.Texts is one.
type Texts interface {
	Has(id string) bool
	T(id string, data map[string]any) string
}

// Phrase is a value of a problem that is words itself, such as what a disk says, and so is to be in the reader's language too.
type Phrase struct {
	// ID names the words; translations are found under "phrase."+ID.
	ID string
	// English is what commands and logs say. It may be more exact than the translations, which are for whoever does not know how files
	// and disks work inside.
	English string
	// Values fills the translations.
	Values map[string]any
}

// String is the English words.
func (p Phrase) String() string { return p.English }

// MarshalText writes the English words: what is kept of a problem is read without its phrases.
func (p Phrase) MarshalText() ([]byte, error) { return []byte(p.English), nil }

// In is the phrase in the language of the texts.
func (p Phrase) In(texts Texts) string {
	if id := "phrase." + p.ID; texts.Has(id) {
		return texts.T(id, p.Values)
	}
	return p.English
}

// In is the sentence in the language of the texts. Where something else is to be done in an area of the program than in its commands, the
// area has a sentence of its own under "<area>.problem.<id>", which goes before the one for everybody.
func (p *Problem) In(texts Texts, areas ...string) string {
	if said, ok := Translate(texts, p.ID, p.Values, areas...); ok {
		return said
	}
	return p.Error()
}

// Translate is In for a problem of which only identifier and values were kept; false when nobody has translated it.
func Translate(texts Texts, id string, values map[string]any, areas ...string) (sentence string, ok bool) {
	filled := make(map[string]any, len(values))
	for name, value := range values {
		if phrase, is := value.(Phrase); is {
			value = phrase.In(texts)
		}
		filled[name] = value
	}
	for _, area := range areas {
		if key := area + ".problem." + id; texts.Has(key) {
			return texts.T(key, filled), true
		}
	}
	if key := "problem." + id; texts.Has(key) {
		return texts.T(key, filled), true
	}
	return "", false
}
