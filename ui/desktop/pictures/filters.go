package pictures

import (
	"fmt"
	"slices"
	"strings"

	"samtykke/app/consent"
)

// filter chooses among the rows. The zero filter lets all pass.
type filter struct {
	kind   filterKind
	media  consent.MediaKind // for ofMedia
	camera string            // for ofCamera
	person consent.SubjectID // for ofPerson
}

// filterKind is by what a filter chooses.
type filterKind int

const (
	all       filterKind = iota
	may                  // may be used in the channel
	missing              // something is missing
	mayNot               // may not be used
	asking               // somebody has to say whose it is
	nobody               // nobody is linked, and nobody has said that it shows none
	uncounted            // nobody has said how many people it shows
	ofMedia
	ofCamera
	ofPerson
)

// always are the filters that are offered whatever there is.
var always = []filterKind{all, may, missing, mayNot, asking, nobody, uncounted}

// lets tells whether a row passes. A card is no picture: it passes only where everything does, and by its kind and camera.
func (f filter) lets(r *row) bool {
	switch f.kind {
	case all:
		return true
	case asking:
		return r.asks
	case ofMedia:
		return r.kind == f.media
	case ofCamera:
		return r.camera == f.camera
	}
	if r.slate {
		return false
	}
	switch f.kind {
	case may:
		return r.verdict == consent.Yes
	case missing:
		return r.verdict == consent.NotYet
	case mayNot:
		return r.verdict == consent.No
	case nobody:
		return len(r.people) == 0 && !r.empty
	case uncounted:
		return !r.counted
	case ofPerson:
		return slices.Contains(r.people, f.person)
	}
	return false
}

// counts are how many rows each filter lets pass, all but those by person.
type counts map[filter]int

// add takes a row up, with 1, or out of the counts, with -1.
func (c counts) add(r *row, sign int) {
	for _, kind := range always {
		if f := (filter{kind: kind}); f.lets(r) {
			c[f] += sign
		}
	}
	c[filter{kind: ofMedia, media: r.kind}] += sign
	if r.camera != "" {
		c[filter{kind: ofCamera, camera: r.camera}] += sign
	}
}

// count is how many rows a filter lets pass.
func (r *reading) count(f filter) int {
	if f.kind != ofPerson {
		return r.counts[f]
	}
	n := 0
	for i := range r.rows {
		if f.lets(&r.rows[i]) {
			n++
		}
	}
	return n
}

// filters are those to choose from: by kind and by camera where there is more than one, and the one that is chosen now.
func (r *reading) filters(chosen filter) []filter {
	var list []filter
	for _, kind := range always {
		list = append(list, filter{kind: kind})
	}
	var media, cameras []filter
	for f, n := range r.counts {
		switch {
		case n == 0:
		case f.kind == ofMedia:
			media = append(media, f)
		case f.kind == ofCamera:
			cameras = append(cameras, f)
		}
	}
	slices.SortFunc(media, func(a, b filter) int { return slices.Index(mediaOrder, a.media) - slices.Index(mediaOrder, b.media) })
	slices.SortFunc(cameras, func(a, b filter) int { return strings.Compare(a.camera, b.camera) })
	for _, group := range [][]filter{media, cameras} {
		if len(group) > 1 {
			list = append(list, group...)
		}
	}
	if !slices.Contains(list, chosen) {
		list = append(list, chosen)
	}
	return list
}

var mediaOrder = []consent.MediaKind{consent.Photo, consent.Video, consent.Audio}

// filterWord is what a filter is called, with how many it lets pass.
func (s *Screen) filterWord(f filter) string {
	word := ""
	switch f.kind {
	case may:
		word = s.t("pictures.verdict.yes", nil)
	case missing:
		word = s.t("pictures.verdict.not-yet", nil)
	case mayNot:
		word = s.t("pictures.verdict.no", nil)
	case ofMedia:
		word = s.t("pictures.filter."+string(f.media), nil)
	case ofCamera:
		word = f.camera
	case ofPerson:
		word = s.personName
	default:
		word = s.t([...]string{all: "pictures.filter.all", asking: "pictures.filter.asking", nobody: "pictures.filter.nobody", uncounted: "pictures.filter.uncounted"}[f.kind], nil)
	}
	return fmt.Sprintf("%s (%d)", word, s.all.count(f))
}
