// Package assets carries what the program shows but does not compute: the embedded consent form, the translations, icons,
// page templates and mail texts. It is a leaf: everybody may import it, it imports nothing of ours.
//
// Translations live in translations/<area>.<language>.json in go-i18n's form ({"area.id": {"other": "text {{.name}}"}}). Every
// area has every interface language (nb, nn, en), and what a subject meets (signing, paper, receipt, mail, web) has every one of
// SubjectLanguages; a test holds them to the same identifiers.
package assets

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed all:forms all:translations all:icons
var files embed.FS

// Languages are the interface languages, in the order in which they are offered.
var Languages = []string{"nb", "nn", "en"}

// SubjectLanguages are the languages in which subjects are spoken to around the form: those of the interface first, then the
// others by code. A form may have further languages of its own.
var SubjectLanguages = append(slices.Clone(Languages), "de", "lt", "pl", "se", "so", "uk")

// WindowArea is the area of what the window says of problems whose remedy is a command elsewhere.
const WindowArea = "window"

// BaseLanguage is a BCP 47 language without its variants: "nb" for the easy-read "nb-simple". What surrounds a form in an
// easy-read text is said in its base language.
func BaseLanguage(lang string) string {
	base, _, _ := strings.Cut(lang, "-")
	return base
}

// DefaultForm is the embedded form with the key "default", before an organisation has published it.
func DefaultForm() []byte { return mustRead("forms/default.json") }

// Icon reads an icon of the program by its file name, such as "icon.png".
func Icon(name string) ([]byte, error) { return files.ReadFile("icons/" + name) }

// Translations is the folder of translation files.
func Translations() fs.FS {
	sub, err := fs.Sub(files, "translations")
	if err != nil {
		panic(err) // the folder is embedded: it cannot be absent
	}
	return sub
}

// Texts answers in one language, falling back to English. Its zero value is not usable; make one with NewTexts.
type Texts struct {
	Language  string
	localizer *i18n.Localizer
}

// bundles are the texts of the languages that have been asked for, by base language. A window reads its own and not a dozen
// others, which it would wait for before its first frame.
var bundles sync.Map // of string to func() *i18n.Bundle

func bundle(base string) *i18n.Bundle {
	read, _ := bundles.LoadOrStore(base, sync.OnceValue(func() *i18n.Bundle {
		b := i18n.NewBundle(language.English)
		b.RegisterUnmarshalFunc("json", json.Unmarshal)
		for _, lang := range slices.Compact([]string{base, "en"}) {
			names, err := fs.Glob(files, "translations/*."+lang+".json")
			if err != nil {
				panic(err)
			}
			for _, name := range names {
				if _, err := b.LoadMessageFileFS(files, name); err != nil {
					panic(fmt.Sprintf("embedded translation %s: %v", name, err))
				}
			}
		}
		return b
	}))
	return read.(func() *i18n.Bundle)()
}

// NewTexts returns the texts in the given BCP 47 language, those of the base language for a variant of it; a language that is not
// offered falls back to English.
func NewTexts(lang string) *Texts {
	base := BaseLanguage(lang)
	if !slices.Contains(SubjectLanguages, base) {
		base = "en"
	}
	return &Texts{Language: lang, localizer: i18n.NewLocalizer(bundle(base), base, "en")}
}

// T is the text with this identifier, filled with data. An unknown identifier comes back as itself, which a test finds.
func (t *Texts) T(id string, data map[string]any) string {
	text, err := t.localizer.Localize(&i18n.LocalizeConfig{MessageID: id, TemplateData: data})
	if err != nil && text == "" {
		return id
	}
	return text
}

// N is the text with this identifier in the plural form that count asks for; count is {{.count}} in the text.
func (t *Texts) N(id string, count int, data map[string]any) string {
	filled := map[string]any{"count": count}
	for k, v := range data {
		filled[k] = v
	}
	text, err := t.localizer.Localize(&i18n.LocalizeConfig{MessageID: id, TemplateData: filled, PluralCount: count})
	if err != nil && text == "" {
		return id
	}
	return text
}

// Speaks tells whether the text with this identifier is there in the language itself, so that T does not fall back.
func (t *Texts) Speaks(id string) bool {
	_, tag, err := t.localizer.LocalizeWithTag(&i18n.LocalizeConfig{MessageID: id})
	return err == nil && tag.String() == BaseLanguage(t.Language)
}

// Has tells whether the language, or English, knows this identifier.
func (t *Texts) Has(id string) bool {
	text, err := t.localizer.Localize(&i18n.LocalizeConfig{MessageID: id})
	return err == nil && text != ""
}

func mustRead(name string) []byte {
	b, err := files.ReadFile(name)
	if err != nil {
		panic(err) // embedded: it cannot be absent
	}
	return b
}
