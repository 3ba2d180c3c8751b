package capture

import (
	"path/filepath"
	"slices"
	"strings"
	"time"

	"samtykke/app/consent"
	"samtykke/app/picture"
)

// The formats that a file's name tells, because its content is not a picture of its own.
const (
	formatXMP       = "xmp" // metadata beside a picture: name.ext.xmp or name.xmp
	formatThumbnail = "thm" // the small picture that some cameras lay beside a film
)

// sidecarFormat is the format of a sidecar; "" for what may be a picture.
func sidecarFormat(path string) string {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".xmp":
		return formatXMP
	case ".thm":
		return formatThumbnail
	}
	return ""
}

func (f *candidate) isSidecar() bool { return f.format == formatXMP || f.format == formatThumbnail }

// companionMIME is the media type of a companion.
func (f *candidate) companionMIME() string {
	switch f.format {
	case formatXMP:
		return "application/rdf+xml"
	case formatThumbnail:
		return "image/jpeg"
	}
	return f.info.MIME
}

// rawFormats are what cameras write beside a JPEG or HEIC of the same exposure.
var rawFormats = map[string]bool{"raw": true, "dng": true, "nef": true, "nrw": true, "cr2": true, "cr3": true, "crw": true, "arw": true, "sr2": true, "srf": true,
	"orf": true, "rw2": true, "raf": true, "pef": true, "srw": true, "iiq": true, "3fr": true, "erf": true, "x3f": true}

// renderedFormats are what they lie beside.
var renderedFormats = map[string]bool{"jpeg": true, "heic": true, "heif": true}

// sameExposure is by how much the times of two files of one exposure may differ: a camera writes one after the other.
const sameExposure = 2 * time.Second

// sisterFolders are the folders, in lower case, into which cameras with two slots and photographers part the files of one exposure.
var sisterFolders = map[string]bool{"raw": true, "raws": true, "jpg": true, "jpeg": true, "jpegs": true, "jpgs": true, "heic": true, "heif": true, "hif": true,
	"nef": true, "cr2": true, "cr3": true, "arw": true, "dng": true, "orf": true, "raf": true, "rw2": true}

// pairPlace is what two files of one picture have in common: the folder, of the card or of two cards of one camera, and the name.
type pairPlace struct{ folder, name string }

// placed is the place of a file under a name.
func placed(f *candidate, name string) pairPlace {
	folder := f.folder()
	if sisterFolders[strings.ToLower(filepath.Base(folder))] {
		folder = filepath.Dir(folder)
	}
	if inside, found := strings.CutPrefix(folder, f.root); found {
		folder = inside
	}
	return pairPlace{strings.ToLower(folder), name}
}

// stem is a file's name in lower case without its ending.
func stem(name string) string {
	name = strings.ToLower(filepath.Base(name))
	return strings.TrimSuffix(name, filepath.Ext(name))
}

// pairFiles makes one of the files that show one picture: the raw file and the sidecars become companions of the JPEG, HEIC or film. It
// returns the others and those that have companions.
func pairFiles(files []*candidate, known *knownFiles) []*candidate {
	p := pairing{byName: map[pairPlace]*candidate{}, byStem: map[pairPlace][]*candidate{}, with: map[*candidate]*candidate{}, known: known}
	for _, f := range files {
		if f.fail == nil && !f.isSidecar() {
			p.byName[placed(f, strings.ToLower(filepath.Base(f.path)))] = f
			at := placed(f, stem(f.path))
			p.byStem[at] = append(p.byStem[at], f)
		}
	}
	for _, f := range files {
		if f.fail == nil && rawFormats[f.format] {
			p.join(f, p.renderedOf(f))
		}
	}
	for _, f := range files {
		if f.isSidecar() {
			p.joinSidecar(f)
		}
	}
	return slices.DeleteFunc(files, func(f *candidate) bool { return p.with[f] != nil })
}

type pairing struct {
	byName map[pairPlace]*candidate
	byStem map[pairPlace][]*candidate
	with   map[*candidate]*candidate // companion → what it came with
	known  *knownFiles
}

// join makes a file a companion of another; nil changes nothing.
func (p *pairing) join(f, of *candidate) {
	if of != nil {
		p.with[f] = of
		of.companions = append(of.companions, f)
	}
}

// renderedOf finds the JPEG or HEIC of a raw file.
func (p *pairing) renderedOf(raw *candidate) *candidate {
	for _, f := range p.byStem[placed(raw, stem(raw.path))] {
		if renderedFormats[f.format] && sameShot(raw.shot(), f.shot(), raw.root != f.root) {
			return f
		}
	}
	return nil
}

// joinSidecar finds what a sidecar belongs to, among the files that came with it and then among those that are here.
func (p *pairing) joinSidecar(f *candidate) {
	named := stem(f.path) // "a.jpg" of a.jpg.xmp, "a" of a.xmp
	of := p.byName[placed(f, named)]
	if of == nil || of.root != f.root {
		of = p.bySidecarName(f, placed(f, named))
	}
	if of != nil {
		if main := p.with[of]; main != nil {
			of = main
		}
		p.join(f, of)
		return
	}
	if f.joins = p.known.bySidecar(named); f.joins == "" {
		f.fail = errAlone
	}
}

// bySidecarName finds the file that name.xmp or name.thm stands for: a film for the thumbnail; for metadata the raw file, since the
// others can carry their own.
func (p *pairing) bySidecarName(f *candidate, at pairPlace) *candidate {
	var found *candidate
	for _, of := range p.byStem[at] {
		likely := rawFormats[of.format]
		if f.format == formatThumbnail {
			likely = of.kind == picture.Video
		}
		if of.root == f.root && (found == nil || likely) {
			found = of
		}
	}
	return found
}

// shot is what two files of one exposure tell alike.
type shot struct {
	camera Camera
	face   time.Time
}

func (f *candidate) shot() shot {
	s := shot{face: f.face}
	if f.camera != nil {
		s.camera = *f.camera
	}
	return s
}

// sameShot tells whether two files of one name are of one exposure: the same camera at the same time, as far as both say so. Strict
// asks that both say so, for files that did not lie together.
func sameShot(a, b shot, strict bool) bool {
	told := a.camera.Name != "" && b.camera.Name != "" && !a.face.IsZero() && !b.face.IsZero()
	switch {
	case strict && !told:
		return false
	case a.camera.Name != "" && b.camera.Name != "" && a.camera.Name != b.camera.Name,
		a.camera.Serial != "" && b.camera.Serial != "" && a.camera.Serial != b.camera.Serial:
		return false
	}
	return a.face.IsZero() || b.face.IsZero() || wall(a.face).Sub(wall(b.face)).Abs() <= sameExposure
}

// wall is the face of the clock that a time was read from, whatever its zone: not every file of an exposure tells the zone.
func wall(t time.Time) time.Time {
	_, seconds := t.Zone()
	return t.UTC().Add(time.Duration(seconds) * time.Second)
}

// knownFiles is what an import compares its files with. It is made when the import begins and read by its workers.
type knownFiles struct {
	sizes  map[int64]bool                       // of everything that the log names, in bytes
	owners map[consent.BlobHash]consent.AssetID // companions, by the asset that they belong to
	files  map[consent.AssetID]AssetFile        // of the shoot, as far as they were imported here
	stems  map[string][]consent.AssetID         // these, by their stems
	names  map[string][]consent.AssetID         // these, by their names in lower case
}

func (s *Session) knownFiles(shoot consent.ShootID) *knownFiles {
	known := &knownFiles{sizes: map[int64]bool{}, owners: map[consent.BlobHash]consent.AssetID{}, files: map[consent.AssetID]AssetFile{},
		stems: map[string][]consent.AssetID{}, names: map[string][]consent.AssetID{}}
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, a := range s.state.Assets() {
		known.sizes[a.Size] = true
		for _, c := range a.Companions {
			known.sizes[c.Size] = true
			known.owners[c.SHA256] = a.ID
		}
		file, here := s.files[a.ID]
		if !here || a.Shoot != shoot {
			continue
		}
		name := strings.ToLower(file.Name)
		known.files[a.ID] = file
		known.stems[stem(name)] = append(known.stems[stem(name)], a.ID)
		known.names[name] = append(known.names[name], a.ID)
	}
	return known
}

// bySidecar is the one asset of the shoot that a sidecar names; "" when there is none or more than one.
func (k *knownFiles) bySidecar(named string) consent.AssetID {
	for _, found := range [][]consent.AssetID{k.names[named], k.stems[named]} {
		if len(found) == 1 {
			return found[0]
		}
	}
	return ""
}

// otherHalf is the asset of the shoot that shows the same exposure as a file that was imported without it: the JPEG of a raw file, or the
// raw file of a JPEG.
func (k *knownFiles) otherHalf(f *candidate) consent.AssetID {
	for _, id := range k.stems[stem(f.path)] {
		file := k.files[id]
		halves := rawFormats[f.format] && renderedFormats[file.Format] || renderedFormats[f.format] && rawFormats[file.Format]
		theirs := shot{camera: Camera{Name: file.Camera, Serial: file.Serial}}
		if !file.TakenAt.IsZero() {
			theirs.face = file.TakenAt.Add(-file.ClockOffset)
		}
		if halves && id != f.asset && sameShot(f.shot(), theirs, true) {
			return id
		}
	}
	return ""
}
