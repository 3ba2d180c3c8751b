package capture

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"samtykke/app/problem"
)

// SidecarNaming says what the file is called that stands beside a picture and carries its metadata.
type SidecarNaming string

// The ways of naming.
const (
	// SidecarsByExtension is IMG_1.NEF.xmp beside IMG_1.NEF, as darktable and digiKam do it: no two files share one.
	SidecarsByExtension SidecarNaming = "ext"
	// SidecarsAdobe is IMG_1.xmp beside a camera maker's raw file, where Lightroom and Bridge look for it. Beside other files they look
	// for none; of DNG and TIFF they read and write the file itself, which we never do: these have the name with the extension.
	SidecarsAdobe SidecarNaming = "adobe"
)

// settingSidecars names the kept SidecarNaming.
const settingSidecars = "sidecar_naming"

// SidecarNaming is how sidecars are named in exports: SidecarsByExtension unless something else was set.
func (s *Session) SidecarNaming(ctx context.Context) (SidecarNaming, error) {
	naming := SidecarsByExtension
	err := s.Store.View(ctx, func(tx Tx) error {
		_, err := tx.Setting(settingSidecars, &naming)
		return err
	})
	return naming, err
}

// SetSidecarNaming decides how sidecars are named in this and later exports.
func (s *Session) SetSidecarNaming(ctx context.Context, naming SidecarNaming) error {
	if naming != SidecarsByExtension && naming != SidecarsAdobe {
		return problem.New(problem.Invalid, "sidecar-naming-unknown",
			"There is no way {{.naming}} to name sidecars; nothing was changed; choose ext or adobe.", "naming", string(naming))
	}
	return s.change(ctx, func(c *change) error { return c.PutSetting(settingSidecars, naming) })
}

// sidecar is the name of the sidecar of a file.
func (n SidecarNaming) sidecar(name, format string) string {
	if n == SidecarsAdobe && isMakersRaw(format) {
		return strings.TrimSuffix(name, filepath.Ext(name)) + ".xmp"
	}
	return name + ".xmp"
}

// isMakersRaw tells whether a format, as picture names it, is a camera maker's own; DNG is Adobe's.
func isMakersRaw(format string) bool { return rawFormats[format] && format != "dng" }

// rawOf is the raw file that came with a picture; nil when none did.
func rawOf(img Image) *CompanionFile {
	for _, c := range img.File.Companions {
		if rawFormats[c.Format] {
			return &c
		}
	}
	return nil
}

// sidecarFor is the sidecar that came with one file of a picture, which has a name: name.ext.xmp first, then name.xmp, which is the raw
// file's when there is one. Of several, the one that came last. nil when none did.
func sidecarFor(name string, img Image, raw *CompanionFile) *CompanionFile {
	if raw == nil {
		raw = rawOf(img)
	}
	plain := strings.TrimSuffix(name, filepath.Ext(name))
	wanted := []string{name + ".xmp", plain + ".xmp"}
	if raw != nil && !strings.EqualFold(raw.Name, name) {
		wanted = wanted[:1]
	}
	for _, want := range wanted {
		for _, c := range slices.Backward(img.File.Companions) {
			if c.Format == formatXMP && strings.EqualFold(filepath.Base(c.Name), filepath.Base(want)) {
				return &c
			}
		}
	}
	return nil
}
