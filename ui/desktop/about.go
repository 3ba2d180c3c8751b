package desktop

import (
	"context"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/assets/licences"
	"samtykke/ui/desktop/part"
)

// about is the section that says which program this is and what it is made of.
func (p *settingsPage) about() fyne.CanvasObject {
	w := p.shell.window
	t := w.words.t
	info, _ := debug.ReadBuildInfo()
	versions := part.Body(lines(t("about", "version", w.config.Version),
		t("about.parts", "go", strings.TrimPrefix(runtime.Version(), "go"), "fyne", strings.TrimPrefix(linkedVersion(info, "fyne.io/fyne/v2"), "v")),
		t("about.system", "system", runtime.GOOS, "processor", runtime.GOARCH),
		t("about.formats", "vault", w.config.VaultFormat, "wire", w.config.WireVersion)))
	versions.Selectable = true
	where := part.Body(w.config.Door.Path())
	where.Wrapping, where.Selectable = fyne.TextWrapBreak, true
	return part.Stack(
		part.Card(t("about.versions"), versions),
		part.Card(t("about.vault"), container.NewVBox(where, part.Note(t("about.vault.why")))),
		part.Card(t("about.made"), container.NewVBox(part.Note(t("about.made.why")),
			wrapping(part.NewButton(t("licences"), func() { showLicences(p.shell) }),
				part.NewButton(t("shortcuts"), w.showShortcuts).WithKey("F1")))))
}

// linkedPart is a part of the program with its licence. Version is "" where the part has none of its own.
type linkedPart struct {
	licences.Part
	version string
}

// linkedParts are the parts of this very program: what the build says is linked, with the licences that are kept. A part of another system
// is left out; one whose licence is not kept stays, without.
func linkedParts(info *debug.BuildInfo) ([]linkedPart, error) {
	kept, err := licences.All()
	if err != nil {
		return nil, err
	}
	var parts []linkedPart
	for _, p := range kept {
		version := linkedVersion(info, p.Name)
		switch {
		case p.Name == "Go":
			version = strings.TrimPrefix(runtime.Version(), "go")
		case version == "" && info != nil && len(info.Deps) > 0 && strings.Contains(p.Name, "/") && !strings.Contains(p.Name, " "):
			continue // a module that another system needs
		}
		parts = append(parts, linkedPart{Part: p, version: version})
	}
	if info == nil {
		return parts, nil
	}
	for _, module := range info.Deps {
		if !slices.ContainsFunc(kept, func(p licences.Part) bool { return p.Name == module.Path }) {
			parts = append(parts, linkedPart{Part: licences.Part{Name: module.Path}, version: module.Version})
		}
	}
	return parts, nil
}

// linkedVersion is the version of a module in this program, "" when it is not in it.
func linkedVersion(info *debug.BuildInfo, module string) string {
	if info == nil {
		return ""
	}
	for _, m := range info.Deps {
		if m.Path == module {
			if m.Replace != nil {
				return m.Replace.Version
			}
			return m.Version
		}
	}
	return ""
}

// showLicences lists what the program is made of. A part is opened to read its licence.
func showLicences(s *shell) {
	w := s.window
	background(w, func(context.Context) ([]linkedPart, error) {
		info, _ := debug.ReadBuildInfo()
		return linkedParts(info)
	}, func(parts []linkedPart, err error) {
		if err != nil {
			s.notice.fail(err)
			return
		}
		(&licenceList{shell: s, parts: parts}).show(0)
	})
}
