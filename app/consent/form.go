package consent

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/gowebpki/jcs"

	"samtykke/app/problem"
	"samtykke/app/script"
)

// Form is a consent form: what a person is asked, in every language it speaks, and the rules that come with it. A published
// form never changes; it is named by the SHA-256 of its canonical JSON (RFC 8785), so a record shows for ever what was seen.
type Form struct {
	Key     string `json:"key"`     // machine name, the same in all versions: "default"
	Version string `json:"version"` // of the text, "2026.1"
	// Organisation is who asks. It is empty in a form that has not been published yet.
	Organisation Organisation `json:"organisation,omitzero"`
	Published    string       `json:"published,omitempty"` // the day, YYYY-MM-DD
	// MaterialChange says that this version changes something that matters to those who answered an earlier one, so that they
	// are to be asked again. What they said goes on standing until then.
	MaterialChange bool          `json:"material_change,omitempty"`
	Channels       []FormChannel `json:"channels"` // in the order in which they are asked
	Media          []MediaKind   `json:"media"`
	// ValidityMonths is how long a yes holds, in calendar months; MinorValidityMonths the same for a child.
	ValidityMonths      int         `json:"validity_months"`
	MinorValidityMonths int         `json:"minor_validity_months"`
	MinorPolicy         MinorPolicy `json:"minor_policy"`
	// Texts are by BCP 47 language. An easy-read text is a variant of its language with the subtag "simple": "nb-simple".
	Texts map[string]FormText `json:"texts"`
}

// FormChannel is one channel of a form.
type FormChannel struct {
	Key Channel `json:"key"`
	// Group is the signing page on which it stands.
	Group string `json:"group"`
	// ThirdCountry says that showing material there sends it out of the EEA (GDPR art. 44), which the text must tell.
	ThirdCountry bool `json:"third_country,omitempty"`
	// Optional lets people leave the channel unanswered, which is not a yes. Every other channel has to be answered.
	Optional bool `json:"optional,omitempty"`
}

// MinorPolicy says how children answer. Ages are in whole years. The defaults follow vergemålsloven §9 (18) and barneloven
// §31 and §33 (heard from 7, great weight from 12); the data protection officer decides them.
type MinorPolicy struct {
	SoleConsentAge int `json:"sole_consent_age"` // from this age one answers alone
	HeardFrom      int `json:"heard_from"`       // from this age the child is asked too
	RefuseFrom     int `json:"refuse_from"`      // from this age the child's own no wins
	Guardians      int `json:"guardians"`        // how many guardians must say yes
	// GuardiansFor overrides Guardians for some channels.
	GuardiansFor map[Channel]int `json:"guardians_for,omitempty"`
}

// FormText is the form in one language.
type FormText struct {
	Name string `json:"name"` // of the language, in itself
	// MachineMade marks a translation that no reader of the language has reviewed yet; those who read it are told.
	MachineMade       bool                    `json:"machine_made,omitempty"`
	Title             string                  `json:"title"`
	Purpose           string                  `json:"purpose"`
	Summary           []string                `json:"summary"` // the first layer of the notice: five short lines
	Notice            []FormSection           `json:"notice"`  // the whole notice (GDPR art. 13)
	Groups            map[string]string       `json:"groups"`
	Channels          map[Channel]ChannelText `json:"channels"`
	Media             map[MediaKind]string    `json:"media"`
	Statement         string                  `json:"statement"`          // what an adult signs
	GuardianStatement string                  `json:"guardian_statement"` // what a guardian signs
}

// FormSection is one headed paragraph of the notice.
type FormSection struct {
	Heading string `json:"heading"`
	Text    string `json:"text"`
}

// ChannelText names a channel and says what a yes to it means.
type ChannelText struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

// ParseForm reads a form that was published: from the vault, or from the library, whose program may be newer than this one. It asks
// only for what the screens cannot do without, so that what was signed years ago goes on opening; a field that this version does not
// know is passed over. The form's name is then the hash of its bytes, see HashForm, not that of what was understood of it. For a file
// that somebody has written there is CheckForm.
func ParseForm(raw []byte) (*Form, error) {
	var f Form
	if err := json.Unmarshal(raw, &f); err != nil {
		return nil, formUnreadable(err)
	}
	return &f, f.Validate()
}

func formUnreadable(cause error) error {
	return problem.New(problem.Invalid, "form-unreadable",
		"The consent form is not readable JSON; no form was changed; check the file.").Because(cause)
}

// Validate checks that the form can be asked: every language has every text, and the rules are possible.
func (f *Form) Validate() error {
	wrong := func(field string) error {
		return problem.New(problem.Invalid, "form-incomplete",
			"The consent form {{.form}} is not complete: {{.field}}; no form was changed; complete it and try again.",
			"form", f.Key, "field", field)
	}
	switch p := f.MinorPolicy; {
	case f.Key == "" || f.Version == "":
		return wrong("key and version")
	case len(f.Channels) == 0 || len(f.Media) == 0:
		return wrong("channels and media")
	case f.ValidityMonths < 1 || f.MinorValidityMonths < 1:
		return wrong("validity_months and minor_validity_months must be at least 1")
	case p.SoleConsentAge < 1 || p.Guardians < 1 || p.HeardFrom > p.RefuseFrom || p.RefuseFrom > p.SoleConsentAge:
		return wrong("minor_policy")
	case len(f.Texts) == 0:
		return wrong("texts")
	}
	for _, lang := range sortedKeys(f.Texts) {
		text := f.Texts[lang]
		if text.Name == "" || text.Title == "" || text.Purpose == "" || text.Statement == "" || text.GuardianStatement == "" ||
			len(text.Summary) == 0 || len(text.Notice) == 0 {
			return wrong("texts." + lang)
		}
		for _, c := range f.Channels {
			if text.Channels[c.Key].Title == "" || text.Channels[c.Key].Text == "" {
				return wrong("texts." + lang + ".channels." + string(c.Key))
			}
			if text.Groups[c.Group] == "" {
				return wrong("texts." + lang + ".groups." + c.Group)
			}
		}
		for _, m := range f.Media {
			if text.Media[m] == "" {
				return wrong("texts." + lang + ".media." + string(m))
			}
		}
	}
	return nil
}

// Publish fills the organisation into the texts and dates the form. A line that stands on something the organisation does not
// have (an address, a policy, a data protection officer alone) is left out, and with its last line a section of the notice. The result is what people see, and never changes.
func (f *Form) Publish(org Organisation, day time.Time) (*Form, error) {
	if err := org.Validate(); err != nil {
		return nil, err
	}
	values := org.placeholders()
	pairs := make([]string, 0, 2*len(values))
	for name, value := range values {
		pairs = append(pairs, name, jsonText(value))
	}
	whole := *f
	whole.Texts = make(map[string]FormText, len(f.Texts))
	for lang, text := range f.Texts {
		text.Notice = slices.Clone(text.Notice)
		for i := range text.Notice {
			text.Notice[i].Text = withoutEmptyLines(text.Notice[i].Text, org)
		}
		text.Notice = slices.DeleteFunc(text.Notice, func(s FormSection) bool { return strings.TrimSpace(s.Text) == "" })
		whole.Texts[lang] = text
	}
	raw, err := json.Marshal(whole)
	if err != nil {
		return nil, err
	}
	published, err := ParseForm([]byte(strings.NewReplacer(pairs...).Replace(string(raw))))
	if err != nil {
		return nil, err
	}
	published.Organisation, published.Published = org, day.Format(time.DateOnly)
	return published, nil
}

// withoutEmptyLines drops the lines that name a value that the organisation does not have. Who has no data protection officer is
// written to instead, so a line that offers both stays.
func withoutEmptyLines(text string, org Organisation) string {
	lines := slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool {
		for name, value := range org.placeholders() {
			if value == "" && strings.Contains(line, name) {
				return true
			}
		}
		return org.DPO == "" && strings.Contains(line, "{dpo}") && !strings.Contains(line, "{contact}")
	})
	return strings.Join(lines, "\n")
}

// placeholders are what texts can ask for, in the order in which they are offered.
var placeholders = []string{"{organisation}", "{number}", "{contact}", "{dpo}", "{address}", "{policy}"}

// optionalPlaceholders are those for which an organisation may have nothing.
var optionalPlaceholders = []string{"{address}", "{policy}"}

// placeholders are the values of an organisation by what stands for them in texts.
func (o Organisation) placeholders() map[string]string {
	return map[string]string{"{organisation}": o.Name, "{number}": o.Number, "{address}": o.Address,
		"{contact}": o.Contact, "{dpo}": o.DPOOrContact(), "{policy}": o.Policy}
}

// HashForm names a published form by its bytes, whatever this version understands of them: order of keys and white space do not
// matter (RFC 8785). It returns the canonical bytes too.
func HashForm(raw []byte) ([]byte, FormHash, error) {
	canonical, err := jcs.Transform(raw)
	if err != nil {
		return nil, "", formUnreadable(err)
	}
	sum := sha256.Sum256(canonical)
	return canonical, FormHash(hex.EncodeToString(sum[:])), nil
}

// Canonical is the form's canonical JSON, the bytes that its hash names.
func (f *Form) Canonical() ([]byte, error) {
	raw, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	return jcs.Transform(raw)
}

// Hash is the SHA-256 of Canonical in lower-case hex.
func (f *Form) Hash() (FormHash, error) {
	raw, err := json.Marshal(f)
	if err != nil {
		return "", err
	}
	_, hash, err := HashForm(raw)
	return hash, err
}

// FormHash names a published form.
type FormHash string

// SimpleSubtag is the registered BCP 47 variant of an easy-read text.
const SimpleSubtag = "simple"

// Languages lists the languages in which the form is offered: bokmål, nynorsk and English first where it has them, each followed by
// its easy-read variant, then the others by code. Those that the program cannot show (see package script) are left out, unless the
// form has no other: CheckForm refuses them, but what was published once stays readable.
func (f *Form) Languages() []string {
	var langs, rest []string
	for _, lang := range []string{"nb", "nn", "en"} {
		for _, tag := range []string{lang, lang + "-" + SimpleSubtag} {
			if _, ok := f.Texts[tag]; ok {
				langs = append(langs, tag)
			}
		}
	}
	for _, lang := range sortedKeys(f.Texts) {
		if !slices.Contains(langs, lang) && script.Speaks(lang) {
			rest = append(rest, lang)
		}
	}
	if len(langs)+len(rest) == 0 {
		return sortedKeys(f.Texts)
	}
	return append(langs, rest...)
}

// Text is the form in a language, or a problem that names the languages it has.
func (f *Form) Text(lang string) (FormText, error) {
	text, ok := f.Texts[lang]
	if !ok {
		return FormText{}, problem.New(problem.Invalid, "form-language-missing",
			"The form {{.form}} has no text in {{.language}}; nothing was saved; choose one of {{.languages}}.",
			"form", f.Key, "language", lang, "languages", strings.Join(f.Languages(), ", "))
	}
	return text, nil
}

// Scopes lists every scope of the form: its channels in order, each with all media kinds.
func (f *Form) Scopes() []Scope {
	scopes := make([]Scope, 0, len(f.Channels)*len(f.Media))
	for _, c := range f.Channels {
		for _, m := range f.Media {
			scopes = append(scopes, Scope{c.Key, m})
		}
	}
	return scopes
}

// GuardiansRequired is how many guardians must say yes before a child may appear in the channel.
func (p MinorPolicy) GuardiansRequired(c Channel) int {
	if n, ok := p.GuardiansFor[c]; ok {
		return n
	}
	return p.Guardians
}

func (f *Form) channelKeys() []Channel {
	keys := make([]Channel, len(f.Channels))
	for i, c := range f.Channels {
		keys[i] = c.Key
	}
	return keys
}

// jsonText escapes a value for use inside a JSON string.
func jsonText(s string) string {
	raw, _ := json.Marshal(s) // a string always marshals
	return string(raw[1 : len(raw)-1])
}
