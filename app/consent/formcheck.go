package consent

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"samtykke/app/problem"
	"samtykke/app/script"
)

// Finding is one thing about a form file that its author should know.
type Finding struct {
	Line int // from 1
	// Field is where in the file, written as jq does without the leading dot: "texts.nb.channels.web.title", "channels[0].key",
	// counted from 0. It is empty when it is about the file as a whole.
	Field string
	// Warning: the form can be published all the same.
	Warning bool
	Problem *problem.Problem
}

// Blocks tells whether any of the findings keeps the form from being published.
func Blocks(findings []Finding) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return !f.Warning })
}

// MaxFormFile bounds a form file, in bytes.
const MaxFormFile = 1 << 20

// What a form may hold. Lengths are in characters, before the organisation is filled in; they are what the screens have room for.
const (
	maxName      = 64
	maxTitle     = 120
	maxSentence  = 300
	maxParagraph = 1200
	maxNotice    = 4000
	maxSummary   = 8
	maxSections  = 30
	maxChannels  = 24
	maxLanguages = 40
)

// formCheck collects the findings about one file.
type formCheck struct {
	form     Form
	lines    map[string]int  // path → line
	wrong    map[string]bool // paths about which something blocking was said
	findings []Finding
}

// CheckForm reads a form file strictly, as its author wants it read: nothing that the program does not understand passes. It
// returns all findings in the order of the file, and the form unless one of them blocks it. What it lets through, Publish can
// publish. It is for files that people write; ParseForm is for forms that were published already.
func CheckForm(raw []byte) (*Form, []Finding) {
	c := &formCheck{lines: map[string]int{"": 1}, wrong: map[string]bool{}}
	raw = bytes.TrimPrefix(raw, byteOrderMark)
	if len(raw) > MaxFormFile {
		c.tooLarge(len(raw))
		return nil, c.findings
	}
	file, at, ok := readFile(raw)
	if !ok {
		c.notJSON(raw, at)
		return nil, c.findings
	}
	c.shape(file, reflect.TypeFor[Form](), "")
	_ = json.Unmarshal(raw, &c.form) // what does not fit has been found; the rest is read all the same
	if c.atMost("channels", len(c.form.Channels), maxChannels) && c.atMost("texts", len(c.form.Texts), maxLanguages) {
		c.rules()
	}
	slices.SortStableFunc(c.findings, func(a, b Finding) int { return a.Line - b.Line })
	if Blocks(c.findings) {
		return nil, c.findings
	}
	return &c.form, c.findings
}

// FormLine is the line of a form file on which a field stands, written as in Finding; 1 when the file cannot be read.
func FormLine(raw []byte, field string) int {
	c := &formCheck{lines: map[string]int{"": 1}, wrong: map[string]bool{}}
	if file, _, ok := readFile(bytes.TrimPrefix(raw, byteOrderMark)); ok {
		c.shape(file, reflect.TypeFor[Form](), "")
	}
	return c.line(field)
}

// formKey is what keys look like: of forms, channels and groups.
var formKey = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)

// formVersion is what versions look like; see CompareVersions.
var formVersion = regexp.MustCompile(`^[0-9]{1,6}(\.[0-9]{1,6}){0,3}$`)

func (c *formCheck) rules() {
	f := &c.form
	c.key("key", f.Key)
	if c.filled("version", f.Version) && !formVersion.MatchString(f.Version) {
		c.versionWrong(f.Version)
	}
	c.origin()
	c.channels()
	if c.filledList("media", len(f.Media)) {
		for i, m := range f.Media {
			at := fmt.Sprintf("media[%d]", i)
			switch known := []MediaKind{Photo, Video, Audio}; {
			case !slices.Contains(known, m):
				c.mediaUnknown(at, m, known)
			case slices.Contains(f.Media[:i], m):
				c.twice(at, c.line(at))
			}
		}
	}
	c.between("validity_months", f.ValidityMonths, 1, 120)
	c.between("minor_validity_months", f.MinorValidityMonths, 1, 120)
	c.minorPolicy()
	if c.filledList("texts", len(f.Texts)) {
		for _, lang := range sortedKeys(f.Texts) {
			c.text(lang)
		}
		c.sameSections()
	}
}

// origin checks what only a published form carries: it may come back as the base of a new version.
func (c *formCheck) origin() {
	f := &c.form
	_, named := c.lines["organisation"]
	if _, dated := c.lines["published"]; !named && !dated || c.spoiled("organisation") || c.spoiled("published") {
		return
	}
	if err := f.Organisation.Validate(); err != nil {
		c.originWrong("organisation")
	}
	if _, err := time.Parse(time.DateOnly, f.Published); err != nil {
		c.originWrong("published")
	}
}

func (c *formCheck) channels() {
	f := &c.form
	if !c.filledList("channels", len(f.Channels)) {
		return
	}
	for i, channel := range f.Channels {
		at := fmt.Sprintf("channels[%d]", i)
		c.key(at+".key", string(channel.Key))
		c.key(at+".group", channel.Group)
		if channel.Key != "" && slices.ContainsFunc(f.Channels[:i], func(o FormChannel) bool { return o.Key == channel.Key }) {
			c.twice(at+".key", c.line(at+".key"))
		}
	}
}

// minorPolicy: below 13 nobody consents alone anywhere in the EEA (GDPR art. 8(1)), and from 18 everybody does (vergemålsloven §9).
func (c *formCheck) minorPolicy() {
	p := c.form.MinorPolicy
	const at = "minor_policy"
	c.between(at+".sole_consent_age", p.SoleConsentAge, 13, 18)
	c.between(at+".heard_from", p.HeardFrom, 0, 18)
	c.between(at+".refuse_from", p.RefuseFrom, 0, 18)
	if !c.spoiled(at+".sole_consent_age") && !c.spoiled(at+".heard_from") && !c.spoiled(at+".refuse_from") &&
		(p.HeardFrom > p.RefuseFrom || p.RefuseFrom > p.SoleConsentAge) {
		c.agesOrder(at)
	}
	c.between(at+".guardians", p.Guardians, 1, 2)
	for _, channel := range sortedKeys(p.GuardiansFor) {
		field := below(at+".guardians_for", string(channel))
		if !slices.Contains(c.form.channelKeys(), channel) {
			c.stray(field)
		}
		c.between(field, p.GuardiansFor[channel], 1, 2)
	}
}

// text checks one language.
func (c *formCheck) text(lang string) {
	f, at := &c.form, "texts."+lang
	tag, err := language.Raw.Parse(lang)
	if err != nil || tag.String() != lang {
		c.languageTag(at, lang)
	} else if !script.Speaks(lang) {
		c.languageNotOffered(at)
		return
	}
	t := f.Texts[lang]
	c.line1(at+".name", t.Name, maxName)
	c.line1(at+".title", t.Title, maxTitle)
	c.words(at+".purpose", t.Purpose, maxParagraph)
	c.words(at+".statement", t.Statement, maxParagraph)
	c.words(at+".guardian_statement", t.GuardianStatement, maxParagraph)
	if c.filledList(at+".summary", len(t.Summary)) && c.atMost(at+".summary", len(t.Summary), maxSummary) {
		for i, sentence := range t.Summary {
			c.line1(fmt.Sprintf("%s.summary[%d]", at, i), sentence, maxSentence)
		}
	}
	if c.filledList(at+".notice", len(t.Notice)) && c.atMost(at+".notice", len(t.Notice), maxSections) {
		for i, section := range t.Notice {
			c.line1(fmt.Sprintf("%s.notice[%d].heading", at, i), section.Heading, maxTitle)
			c.words(fmt.Sprintf("%s.notice[%d].text", at, i), section.Text, maxNotice)
		}
		c.toldWhom(lang)
	}
	groups := map[string]bool{}
	for _, channel := range f.Channels {
		if channel.Group != "" && !groups[channel.Group] {
			groups[channel.Group] = true
			c.line1(below(at+".groups", channel.Group), t.Groups[channel.Group], maxName)
		}
		if said := t.Channels[channel.Key]; channel.Key != "" {
			field := below(at+".channels", string(channel.Key))
			c.line1(field+".title", said.Title, maxName)
			c.words(field+".text", said.Text, maxParagraph)
		}
	}
	for _, m := range f.Media {
		c.line1(below(at+".media", string(m)), t.Media[m], maxName)
	}
	c.strays(lang, groups)
}

// strays are texts for what the form does not ask.
func (c *formCheck) strays(lang string, groups map[string]bool) {
	f, at := &c.form, "texts."+lang
	t := f.Texts[lang]
	for _, group := range sortedKeys(t.Groups) {
		if !groups[group] {
			c.stray(below(at+".groups", group))
		}
	}
	for _, channel := range sortedKeys(t.Channels) {
		if !slices.Contains(f.channelKeys(), channel) {
			c.stray(below(at+".channels", string(channel)))
		}
	}
	for _, m := range sortedKeys(t.Media) {
		if !slices.Contains(f.Media, m) {
			c.stray(below(at+".media", string(m)))
		}
	}
}

// toldWhom: the notice must name the controller and how to reach them (GDPR art. 13(1)(a)), on lines that no organisation lacks.
func (c *formCheck) toldWhom(lang string) {
	org := c.form.Organisation
	for _, must := range []struct{ placeholder, filled string }{{"{organisation}", org.Name}, {"{contact}", org.Contact}} {
		told := slices.ContainsFunc(c.form.Texts[lang].Notice, func(s FormSection) bool {
			return slices.ContainsFunc(strings.Split(s.Text, "\n"), func(line string) bool {
				may := slices.ContainsFunc(optionalPlaceholders, func(p string) bool { return strings.Contains(line, p) })
				return !may && (strings.Contains(line, must.placeholder) || must.filled != "" && strings.Contains(line, must.filled))
			})
		})
		if !told {
			c.placeholderMissing("texts."+lang+".notice", must.placeholder)
		}
	}
}

// sameSections warns when a language tells more or less than the first one: a translation may have lost a part. An easy-read text
// is made to tell less.
func (c *formCheck) sameSections() {
	langs := c.form.Languages()
	first := len(c.form.Texts[langs[0]].Notice)
	for _, lang := range langs[1:] {
		if n := len(c.form.Texts[lang].Notice); n != first && !strings.HasSuffix(lang, "-"+SimpleSubtag) && !c.spoiled("texts."+lang+".notice") {
			c.sectionsDiffer("texts."+lang+".notice", n, langs[0], first)
		}
	}
}

// key checks a machine key.
func (c *formCheck) key(path, value string) {
	if c.filled(path, value) && !formKey.MatchString(value) {
		c.keyWrong(path, value)
	}
}

// line1 checks a text that stands on one line.
func (c *formCheck) line1(path, text string, most int) {
	if strings.ContainsRune(text, '\n') && !c.spoiled(path) {
		c.characterWrong(path, '\n')
		return
	}
	c.words(path, text, most)
}

// words checks a text that people read.
func (c *formCheck) words(path, text string, most int) {
	if !c.filled(path, text) {
		return
	}
	bad := strings.IndexFunc(text, func(r rune) bool { return r == utf8.RuneError || unicode.IsControl(r) && r != '\n' })
	if bad >= 0 {
		r, _ := utf8.DecodeRuneInString(text[bad:])
		c.characterWrong(path, r)
		return
	}
	if r, foreign := script.Foreign(text); foreign {
		c.letterNotOffered(path, r)
	}
	if n := c.length(text); n > most {
		c.tooLong(path, n, most)
	}
	rest := text
	for _, placeholder := range placeholders {
		rest = strings.ReplaceAll(rest, placeholder, "")
	}
	if open := strings.IndexAny(rest, "{}"); open >= 0 && c.form.Published == "" {
		c.placeholderUnknown(path, placeholderAt(rest, open))
	}
	if strings.Contains(path, ".notice[") && strings.HasSuffix(path, ".text") {
		return // there, and only there, lines whose value is missing are left out
	}
	for _, placeholder := range optionalPlaceholders {
		if strings.Contains(text, placeholder) {
			c.placeholderOptional(path, placeholder)
		}
	}
}

// length is a text's length in characters before the organisation was filled in, so that what could be published once is not too
// long when it comes back.
func (c *formCheck) length(text string) int {
	type filling struct{ placeholder, value string }
	var fillings []filling
	for placeholder, value := range c.form.Organisation.placeholders() {
		if utf8.RuneCountInString(value) > len(placeholder) {
			fillings = append(fillings, filling{placeholder, value})
		}
	}
	slices.SortFunc(fillings, func(a, b filling) int { // longer values may hold shorter ones; of two alike the shorter placeholder counts
		return cmp.Or(len(b.value)-len(a.value), len(a.placeholder)-len(b.placeholder), strings.Compare(a.value, b.value))
	})
	for _, f := range fillings {
		text = strings.ReplaceAll(text, f.value, f.placeholder)
	}
	return utf8.RuneCountInString(text)
}

// placeholderAt is what somebody meant as a placeholder, from an unmatched bracket on.
func placeholderAt(text string, open int) string {
	text = text[open:]
	if end := strings.IndexAny(text, "}\n"); end >= 0 {
		text = text[:end+1]
	}
	runes := []rune(strings.TrimSpace(text))
	return string(runes[:min(len(runes), maxName)])
}

// filled tells whether a text is there, and reports when it is not.
func (c *formCheck) filled(path, text string) bool {
	if c.spoiled(path) {
		return false
	}
	if strings.TrimSpace(text) == "" {
		c.missing(path)
		return false
	}
	return true
}

// filledList tells whether a list has anything in it, and reports when it has not.
func (c *formCheck) filledList(path string, n int) bool {
	if c.spoiled(path) {
		return n > 0
	}
	if n == 0 {
		c.missing(path)
	}
	return n > 0
}

func (c *formCheck) between(path string, n, least, most int) {
	switch _, there := c.lines[path]; {
	case c.spoiled(path):
	case !there:
		c.missing(path)
	case n < least || n > most:
		c.outOfRange(path, least, most)
	}
}

// atMost tells whether a list is no longer than it may be, and reports when it is.
func (c *formCheck) atMost(path string, n, most int) bool {
	if n > most {
		c.tooMany(path, n, most)
	}
	return n <= most
}

func sortedKeys[K ~string, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
