package capture

import (
	"slices"
	"strings"
	"time"
)

// addReadme tells in plain words what is in the export, what is not and why, and what the person can do.
func (x *access) addReadme() error {
	var b strings.Builder
	line := func(id string, data map[string]any) { b.WriteString(x.texts.T("access.readme."+id, data) + "\n") }
	organisation := x.Organisation()
	line("title", map[string]any{"Organisation": organisation.Name, "Code": x.code})
	b.WriteString("\n")
	line("made", map[string]any{"Time": x.at.UTC().Format(time.RFC3339)})
	line("law", nil)
	if len(x.earlier) > 0 {
		days := make([]string, len(x.earlier))
		for i, at := range x.earlier {
			days[i] = day(at, x.request.Language)
		}
		line("earlier", map[string]any{"Days": strings.Join(days, ", ")})
	}
	b.WriteString("\n")
	for _, part := range []struct{ begins, text string }{{"profile.json", "profile"}, {"consents.json", "consents"}, {"consents/", "documents"},
		{"receipts/", "receipts"}, {"evidence/", "evidence"}, {"papers/", "papers"}, {"forms/", "forms"}, {"pictures.json", "list"}, {"pictures/", "pictures"}, {"log.json", "log"}} {
		if slices.ContainsFunc(x.written, func(name string) bool { return strings.HasPrefix(name, part.begins) }) {
			line("file."+part.text, nil)
		}
	}
	b.WriteString("\n")
	line("others", nil)
	if len(x.left) > 0 {
		b.WriteString("\n")
		line("left", nil)
		for _, l := range x.left {
			b.WriteString("- " + l.Name + ": " + x.texts.T("access.left."+l.Why, nil) + "\n")
		}
	}
	b.WriteString("\n")
	line("rights", map[string]any{"Contact": organisation.Contact})
	line("privacy", map[string]any{"DPO": organisation.DPOOrContact()})
	return x.addBytes("README.txt", []byte(b.String()))
}
