package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"unicode/utf8"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/assets"
)

type formCommand struct {
	List     formList     `cmd:"" help:"List the published forms."`
	Check    formCheck    `cmd:"" help:"Say everything that is wrong with a form file; needs no vault."`
	Preview  formPreview  `cmd:"" help:"Show a form as people meet it, page by page."`
	Publish  formPublish  `cmd:"" help:"Publish a form file: people sign it from then on."`
	Show     formShow     `cmd:"" help:"Show a published form, exactly as it is signed."`
	Template formTemplate `cmd:"" help:"Write the form that comes with the program, to start from."`
	Paper    formPaper    `cmd:"" help:"Print forms to be filled in with a pen."`
}

type formList struct{}

type formJSON struct {
	Key            string            `json:"key"`
	Version        string            `json:"version"`
	Hash           consent.FormHash  `json:"hash"`
	Published      string            `json:"published"`
	Current        bool              `json:"current"`
	MaterialChange bool              `json:"material_change"`
	Languages      []string          `json:"languages"`
	MachineMade    []string          `json:"machine_made"` // languages that nobody has reviewed
	Channels       []consent.Channel `json:"channels"`
	Records        int               `json:"records"`
}

func formOf(f capture.PublishedForm) formJSON {
	j := formJSON{Key: f.Form.Key, Version: f.Form.Version, Hash: f.Hash, Published: f.Form.Published, Current: f.Current,
		MaterialChange: f.Form.MaterialChange, Languages: f.Form.Languages(), MachineMade: []string{}, Records: f.Records}
	for _, language := range j.Languages {
		if f.Form.Texts[language].MachineMade {
			j.MachineMade = append(j.MachineMade, language)
		}
	}
	for _, channel := range f.Form.Channels {
		j.Channels = append(j.Channels, channel.Key)
	}
	return j
}

func (*formList) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	rows := []formJSON{}
	var text strings.Builder
	for _, f := range s.Forms() {
		j := formOf(f)
		rows = append(rows, j)
		use := ""
		if j.Current {
			use = ", in use"
		}
		fmt.Fprintf(&text, "%s %s  published %s  %s  (%d signed%s)  %s\n", j.Key, j.Version, j.Published, j.Hash[:12], j.Records, use,
			strings.Join(j.Languages, " "))
	}
	return c.answer(rows, strings.TrimRight(text.String(), "\n"))
}

type formCheck struct {
	File string `arg:"" help:"The form file." placeholder:"FILE"`
}

type findingJSON struct {
	Line    int    `json:"line"`
	Field   string `json:"field"`
	Warning bool   `json:"warning"`
	ID      string `json:"id"`
	Text    string `json:"text"`
}

func (f *formCheck) Run(c *call) error {
	raw, err := capture.ReadFormFile(f.File)
	if err != nil {
		return err
	}
	form, findings := consent.CheckForm(raw)
	list := []findingJSON{}
	for _, finding := range findings {
		list = append(list, findingJSON{finding.Line, finding.Field, finding.Warning, finding.Problem.ID, finding.Problem.Error()})
	}
	if form == nil {
		text := findingLines(f.File, findings)
		return errors.Join(c.answer(map[string]any{"ok": false, "findings": list}, text), capture.FormBlocked(findings))
	}
	text := fmt.Sprintf("The form %s %s can be published. It speaks %s.", form.Key, form.Version, strings.Join(form.Languages(), ", "))
	return c.answer(map[string]any{"ok": true, "findings": list}, findingLines(f.File, findings, text))
}

// findingLines writes findings as compilers do, one on each line, and more lines behind them.
func findingLines(file string, findings []consent.Finding, more ...string) string {
	var lines []string
	for _, f := range findings {
		warning := ""
		if f.Warning {
			warning = "warning: "
		}
		lines = append(lines, fmt.Sprintf("%s:%d: %s%s", file, f.Line, warning, f.Problem))
	}
	return strings.Join(append(lines, more...), "\n")
}

type formPreview struct {
	Form     string `arg:"" help:"A form file, or the key or hash of a published form." placeholder:"FILE|KEY"`
	Language string `help:"Which of its languages; the first when left out." placeholder:"L"`
}

func (p *formPreview) Run(c *call) error {
	form, err := p.find(c)
	if err != nil {
		return err
	}
	language := p.Language
	if language == "" {
		language = form.Languages()[0]
	}
	pages, err := capture.FormPages(form, language)
	if err != nil {
		return err
	}
	texts := assets.NewTexts(language)
	boxes := "[ ] " + texts.T("signing.yes", nil) + "  [ ] " + texts.T("signing.no", nil)
	return c.answer(previewJSON(form, language, pages), previewText(pages, boxes))
}

// find reads a file, which is shown with the organisation filled in when there is a vault that knows it, or finds a published form.
func (p *formPreview) find(c *call) (*consent.Form, error) {
	raw, err := capture.ReadFormFile(p.Form)
	if errors.Is(err, fs.ErrNotExist) {
		s, err := c.open()
		if err != nil {
			return nil, err
		}
		found, _, err := s.FindForm(c.context, p.Form)
		return found.Form, err
	} else if err != nil {
		return nil, err
	}
	form, findings := consent.CheckForm(raw)
	if form == nil {
		return nil, capture.FormBlocked(findings)
	}
	if d, err := c.findDoor(); err != nil || !d.Exists() {
		return form, err
	}
	s, err := c.open()
	if err != nil {
		return nil, err
	}
	return form.Publish(s.Organisation(), s.Clock())
}

func previewJSON(form *consent.Form, language string, pages []capture.FormPage) any {
	type question struct {
		Channel consent.Channel `json:"channel"`
		Title   string          `json:"title"`
		Text    string          `json:"text"`
		Kinds   []string        `json:"kinds"`
		Remarks []string        `json:"remarks,omitempty"`
	}
	type page struct {
		Title     string                `json:"title"`
		Lines     []string              `json:"lines,omitempty"`
		Sections  []consent.FormSection `json:"sections,omitempty"`
		Questions []question            `json:"questions,omitempty"`
	}
	list := make([]page, len(pages))
	for i, p := range pages {
		list[i] = page{Title: p.Title, Lines: p.Lines, Sections: p.Sections}
		for _, q := range p.Questions {
			list[i].Questions = append(list[i].Questions, question(q))
		}
	}
	return map[string]any{"key": form.Key, "version": form.Version, "language": language, "pages": list}
}

func previewText(pages []capture.FormPage, boxes string) string {
	var b strings.Builder
	for i, page := range pages {
		fmt.Fprintf(&b, "── %d/%d ── %s\n\n", i+1, len(pages), page.Title)
		for _, line := range page.Lines {
			b.WriteString(wrap(line, "") + "\n")
		}
		for _, section := range page.Sections {
			b.WriteString(section.Heading + "\n" + wrap(section.Text, "  ") + "\n")
		}
		for _, q := range page.Questions {
			b.WriteString(strings.Join(append([]string{q.Title}, q.Remarks...), " · ") + "\n" + wrap(q.Text, "  "))
			for _, kind := range q.Kinds {
				fmt.Fprintf(&b, "    %-12s %s\n", kind, boxes)
			}
			b.WriteString("\n")
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

// wrap breaks a text into lines for a terminal; its own line ends stay.
func wrap(text, indent string) string {
	const width = 80
	var b strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		used := 0
		for _, word := range strings.Fields(line) {
			n := utf8.RuneCountInString(word)
			switch {
			case used == 0:
				b.WriteString(indent)
			case used+1+n > width-len(indent):
				b.WriteString("\n" + indent)
				used = 0
			default:
				b.WriteString(" ")
				used++
			}
			b.WriteString(word)
			used += n
		}
		b.WriteString("\n")
	}
	return b.String()
}

type formPublish struct {
	File string `arg:"" help:"The form file." placeholder:"FILE"`
}

func (p *formPublish) Run(c *call) error {
	raw, err := capture.ReadFormFile(p.File)
	if err != nil {
		return err
	}
	s, err := c.open()
	if err != nil {
		return err
	}
	published, err := s.PublishForm(c.context, raw)
	if err != nil {
		return err
	}
	f := published.Form
	return c.answer(formOf(published), fmt.Sprintf("People sign %s %s from now on. Its hash is %s", f.Key, f.Version, published.Hash))
}

type formShow struct {
	Form   string `arg:"" help:"Its key for the version in use, or its hash." placeholder:"HASH|KEY"`
	Out    string `help:"Where to; to the screen when left out." type:"path" placeholder:"FILE.json"`
	Indent bool   `help:"On many lines, for editing; the hash is of the one line without it."`
}

func (f *formShow) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	found, raw, err := s.FindForm(c.context, f.Form)
	if err != nil {
		return err
	}
	if f.Indent {
		var many bytes.Buffer
		if err := json.Indent(&many, raw, "", "  "); err != nil {
			return err
		}
		raw = append(many.Bytes(), '\n')
	}
	if f.Out == "" {
		_, err := c.stdout.Write(raw)
		return err
	}
	if err := capture.WriteFile(f.Out, raw); err != nil {
		return err
	}
	return c.answer(map[string]any{"path": f.Out, "hash": found.Hash}, "The form is in "+f.Out)
}

type formTemplate struct {
	Out string `required:"" help:"Where to." type:"path" placeholder:"FILE.json"`
}

func (t *formTemplate) Run(c *call) error {
	if err := capture.WriteFile(t.Out, assets.DefaultForm()); err != nil {
		return err
	}
	return c.answer(map[string]any{"path": t.Out}, "The form is in "+t.Out)
}
