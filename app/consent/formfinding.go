package consent

import (
	"fmt"
	"strings"

	"samtykke/app/problem"
)

// The sentences of the findings. Nothing was changed when they are said: a file was read and nothing else.

func (c *formCheck) report(path string, p *problem.Problem) { c.reportAt(path, c.line(path), p) }

func (c *formCheck) reportAt(path string, line int, p *problem.Problem) {
	c.wrong[path] = true
	c.findings = append(c.findings, Finding{Line: line, Field: path, Problem: p})
}

func (c *formCheck) warn(path string, p *problem.Problem) {
	c.findings = append(c.findings, Finding{Line: c.line(path), Field: path, Warning: true, Problem: p})
}

func (c *formCheck) tooLarge(size int) {
	c.report("", problem.New(problem.Invalid, "form-file-large",
		"The file has {{.size}} bytes and a form at most {{.most}}; nothing was published; check that it is the right file.",
		"size", size, "most", MaxFormFile))
}

func (c *formCheck) notJSON(raw []byte, at int) {
	line, column := lineAndColumn(raw, at)
	c.reportAt("", line, problem.New(problem.Invalid, "form-file-syntax",
		"The file cannot be read from line {{.line}}, character {{.column}}; nothing was published; look there for a missing comma, quotation mark or bracket.",
		"line", line, "column", column))
}

func (c *formCheck) kindWrong(path, example string) {
	c.report(path, problem.New(problem.Invalid, "form-field-kind",
		"{{.field}} is another kind of value than it has to be; nothing was published; write it like {{.example}}.",
		"field", named(path), "example", example))
}

func (c *formCheck) unknownField(path, name string) {
	c.report(path, problem.New(problem.Invalid, "form-field-unknown",
		"A form has no field {{.field}}; nothing was published; correct the spelling of {{.name}} or take it out.",
		"field", named(path), "name", name))
}

func (c *formCheck) twice(path string, line int) {
	c.reportAt(path, line, problem.New(problem.Invalid, "form-field-twice",
		"{{.field}} is there twice; nothing was published; keep one of the two.", "field", named(path)))
}

func (c *formCheck) missing(path string) {
	c.report(path, problem.New(problem.Invalid, "form-field-missing",
		"{{.field}} is missing or empty; nothing was published; fill it in.", "field", named(path)))
}

func (c *formCheck) outOfRange(path string, least, most int) {
	c.report(path, problem.New(problem.Invalid, "form-field-range",
		"{{.field}} has to be from {{.least}} to {{.most}}; nothing was published; correct the number.",
		"field", named(path), "least", least, "most", most))
}

func (c *formCheck) tooMany(path string, count, most int) {
	c.report(path, problem.New(problem.Invalid, "form-field-many",
		"{{.field}} has {{.count}} entries and at most {{.most}} are possible; nothing was published; take some out.",
		"field", named(path), "count", count, "most", most))
}

func (c *formCheck) tooLong(path string, length, most int) {
	c.report(path, problem.New(problem.Invalid, "form-text-long",
		"{{.field}} has {{.length}} characters and room for {{.most}}; nothing was published; say it in fewer words.",
		"field", named(path), "length", length, "most", most))
}

func (c *formCheck) characterWrong(path string, r rune) {
	c.report(path, problem.New(problem.Invalid, "form-text-character",
		"{{.field}} holds a character that cannot stand there ({{.character}}); nothing was published; take it out.",
		"field", named(path), "character", fmt.Sprintf("%U", r)))
}

func (c *formCheck) keyWrong(path, value string) {
	c.report(path, problem.New(problem.Invalid, "form-key-wrong",
		"{{.value}} in {{.field}} cannot be a key; nothing was published; use small letters a to z, digits and dashes, a letter first, at most 32.",
		"value", cut(value), "field", named(path)))
}

func (c *formCheck) versionWrong(value string) {
	c.report("version", problem.New(problem.Invalid, "form-version-wrong",
		"{{.value}} cannot be a version; nothing was published; write numbers with dots between them, like 2026.2.", "value", cut(value)))
}

func (c *formCheck) originWrong(path string) {
	c.report(path, problem.New(problem.Invalid, "form-origin-wrong",
		"{{.field}} is not what a published form says; nothing was published; take both organisation and published out, or leave them as they were.",
		"field", named(path)))
}

func (c *formCheck) mediaUnknown(path string, value MediaKind, known []MediaKind) {
	c.report(path, problem.New(problem.Invalid, "form-media-unknown",
		"{{.value}} is no kind of recording; nothing was published; choose from {{.kinds}}.", "value", cut(string(value)), "kinds", join(known)))
}

func (c *formCheck) agesOrder(path string) {
	c.report(path, problem.New(problem.Invalid, "form-ages-order",
		"The ages in {{.field}} are in the wrong order; nothing was published; a child is heard first, may refuse no earlier, and answers alone last.",
		"field", named(path)))
}

func (c *formCheck) languageTag(path, value string) {
	c.report(path, problem.New(problem.Invalid, "form-language-tag",
		"{{.value}} does not name a language; nothing was published; write its tag, like nb, se or nb-simple.", "value", cut(value)))
}

func (c *formCheck) languageNotOffered(path string) {
	c.report(path, problem.New(problem.Invalid, "form-language-script",
		"{{.field}} is in a language whose letters the screens and receipts cannot show; nothing was published; take it out, and let an interpreter read one of the others aloud.",
		"field", named(path)))
}

func (c *formCheck) letterNotOffered(path string, letter rune) {
	c.report(path, problem.New(problem.Invalid, "form-letter-script",
		"{{.field}} holds the letter {{.letter}}, which the screens and receipts cannot show; nothing was published; write it in Latin, Greek or Cyrillic letters.",
		"field", named(path), "letter", string(letter)))
}

func (c *formCheck) stray(path string) {
	c.report(path, problem.New(problem.Invalid, "form-field-stray",
		"{{.field}} is about something that this form does not ask; nothing was published; take it out, or add what it is about.",
		"field", named(path)))
}

func (c *formCheck) placeholderUnknown(path, found string) {
	c.report(path, problem.New(problem.Invalid, "form-placeholder-unknown",
		"Nothing fills in {{.found}} in {{.field}}; nothing was published; choose from {{.placeholders}}.",
		"found", found, "field", named(path), "placeholders", strings.Join(placeholders, ", ")))
}

func (c *formCheck) placeholderMissing(path, placeholder string) {
	c.report(path, problem.New(problem.Invalid, "form-placeholder-missing",
		"{{.field}} does not say who asks and how to reach them; nothing was published; write {{.placeholder}} on a line without {{.optional}}.",
		"field", named(path), "placeholder", placeholder, "optional", strings.Join(optionalPlaceholders, ", ")))
}

func (c *formCheck) placeholderOptional(path, placeholder string) {
	c.report(path, problem.New(problem.Invalid, "form-placeholder-optional",
		"{{.placeholder}} in {{.field}} would leave a gap for an organisation that has none; nothing was published; move it to a text of the notice.",
		"placeholder", placeholder, "field", named(path)))
}

func (c *formCheck) sectionsDiffer(path string, count int, other string, otherCount int) {
	c.warn(path, problem.New(problem.Invalid, "form-sections-differ",
		"{{.field}} has {{.count}} sections and {{.other}} has {{.most}}; the form can be published; check that the translation is whole.",
		"field", named(path), "count", count, "other", other, "most", otherCount))
}

// named is a path as a sentence shows it.
func named(path string) string {
	if path == "" {
		return "…"
	}
	return cut(path)
}

// cut keeps what somebody typed from filling the page.
func cut(value string) string {
	runes := []rune(value)
	if len(runes) <= maxTitle {
		return value
	}
	return string(runes[:maxTitle]) + "…"
}
