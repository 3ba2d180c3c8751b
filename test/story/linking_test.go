//go:build story

package story_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"samtykke/app/consent"
	"samtykke/test/drive"
)

// shown is what "image list" tells of one image.
type shown struct {
	ID          string
	Name        string
	Slate       []string
	PeopleCount *int `json:"people_count"`
	Subjects    []registered
}

func (p *photographer) frames() []shown {
	p.t.Helper()
	var all, frames []shown
	p.must(&all, "image", "list", "--shoot", p.shoot)
	for _, img := range all {
		if len(img.Slate) == 0 {
			frames = append(frames, img)
		}
	}
	return frames
}

// wantPeople holds how many people are linked to each frame, in order of capture.
func (p *photographer) wantPeople(when string, want ...int) {
	p.t.Helper()
	for i, img := range p.frames() {
		if len(img.Subjects) != want[i] {
			p.t.Errorf("%s %s has %d people, want %d", when, img.Name, len(img.Subjects), want[i])
		}
	}
}

func TestLinksAreMadeByNameAndTimeAndUndoneByTheNextCommand(t *testing.T) {
	p := newPhotographer(t)
	ola := p.register("--name", "Ola Nordmann")
	p.register("--name", "Kari Nordmann")
	card := t.TempDir()
	if _, err := drive.Card(card, time.Now(), 3, consent.Code(ola.Code)); err != nil {
		t.Fatal(err)
	}
	p.must(nil, "image", "import", card, "--shoot", p.shoot, "--slates")
	p.wantPeople("by the card", 1, 1, 1)
	var linked struct {
		Linked []string
		Links  int
	}
	p.must(&linked, "image", "link", "--subject", "kari,"+ola.Code, "--shoot", p.shoot, "--taken-from", "2000-01-01 00:00", "--taken-to", "2100-01-01 00:00")
	if len(linked.Linked) != 3 || linked.Links != 3 {
		t.Errorf("linked %+v", linked)
	}
	first := p.frames()[0]
	p.must(nil, "image", "people", first.ID, p.frames()[1].ID, "2")
	p.wantPeople("by name and time", 2, 2, 2)
	p.refused(1, "2 people at this shoot fit that name", "image", "link", "--subject", "nordmann", first.ID)
	p.refused(1, "Nobody at this shoot has that name", "image", "link", "--subject", "Zeppelin", first.ID)
	p.refused(2, "--taken-from", "image", "link", "--subject", ola.Code, "--taken-from", "10:00")
	p.refused(2, "the number of people stands last", "image", "people", first.ID, "many")

	var undone struct {
		Undone, Text string
		Images       []string
	}
	for _, want := range []string{"counted", "linked", "slates"} {
		p.must(&undone, "image", "undo")
		if undone.Undone != want || undone.Text == "" || len(undone.Images) == 0 {
			t.Errorf("undone %+v, want what was %s", undone, want)
		}
	}
	p.wantPeople("all undone", 0, 0, 0)
	if count := p.frames()[0].PeopleCount; count != nil {
		t.Errorf("there are %d people counted still", *count)
	}
	p.refused(1, "There is nothing to undo", "image", "undo")
	p.must(nil, "image", "redo")
	p.wantPeople("done again", 1, 1, 1)
	var audit struct{ OK bool }
	if p.must(&audit, "audit", "verify"); !audit.OK {
		t.Error("the log is not whole")
	}
}

func TestFilesThatWereLeftOutsideAreMissedAndFoundAgain(t *testing.T) {
	p := newPhotographer(t)
	dir := filepath.Join(t.TempDir(), "disk")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	files, err := drive.Card(dir, time.Now(), 2, consent.Code(p.register("--name", "Ola Nordmann").Code))
	if err != nil {
		t.Fatal(err)
	}
	p.must(nil, "image", "import", dir, "--shoot", p.shoot, "--reference")
	check := func(want map[string]int) {
		t.Helper()
		var found struct{ Checked, Same, Changed, Gone int }
		p.must(&found, "image", "check")
		if found.Checked != 3 || found.Same != want["same"] || found.Changed != want["changed"] || found.Gone != want["gone"] {
			t.Errorf("found %+v, want %v", found, want)
		}
		var status struct {
			Missing int `json:"references_missing"`
		}
		if p.must(&status, "status"); status.Missing != 3-want["same"] {
			t.Errorf("the status misses %d", status.Missing)
		}
	}
	check(map[string]int{"same": 3})
	moved := filepath.Join(filepath.Dir(dir), "archive")
	changed := filepath.Join(moved, filepath.Base(files[2]))
	if err := errors.Join(os.Rename(dir, moved), os.WriteFile(changed, []byte("something else"), 0o600)); err != nil {
		t.Fatal(err)
	}
	check(map[string]int{"gone": 3})
	var relocated struct {
		Moved int
		Unfit []struct{ Path, State string }
	}
	p.must(&relocated, "image", "relocate", dir, moved)
	if relocated.Moved != 2 || len(relocated.Unfit) != 1 || relocated.Unfit[0].Path != changed || relocated.Unfit[0].State != "changed" {
		t.Errorf("relocated %+v", relocated)
	}
	check(map[string]int{"same": 2, "gone": 1})
	p.refused(1, "No image was imported by reference", "image", "relocate", filepath.Join(dir, "nowhere"), moved)
}
