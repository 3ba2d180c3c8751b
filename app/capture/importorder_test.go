package capture_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"samtykke/app/capture"
)

// bringParts imports folders of the card, one import after the other.
func (r *roll) bringParts(parts ...string) (last capture.ImportReport) {
	r.tb.Helper()
	for _, part := range parts {
		report, err := r.Import(r.ctx, capture.Import{Shoot: r.shoot, Paths: []string{filepath.Join(r.dir, part)}, Slates: true})
		if err != nil {
			r.tb.Fatal(err)
		}
		last = report
	}
	return last
}

// split is a camera's card in two folders: the second has what lies between the pictures of the first.
func split(t *testing.T) *roll {
	t.Helper()
	r := mustRoll(t, "Ola", "Kari")
	r.take(card("c1/IMG_0001.JPG", 0, "Ola"), frame("c1/IMG_0002.JPG", 30*second), frame("c1/IMG_0005.JPG", 5*minute),
		card("c2/IMG_0003.JPG", 3*minute, "Kari"), frame("c2/IMG_0004.JPG", 4*minute))
	return r
}

var splitWant = map[string]string{"IMG_0002.JPG": "Ola", "IMG_0004.JPG": "Kari", "IMG_0005.JPG": "Kari"}

func TestAFrameFollowsTheCardThatWasImportedAfterIt(t *testing.T) {
	t.Parallel()
	for _, order := range [][]string{{"c1", "c2"}, {"c2", "c1"}, {""}, {"c1", "c2", "c1"}} {
		r := split(t)
		r.bringParts(order...)
		r.want(fmt.Sprint(order), splitWant)
		r.mustAudit()
	}
}

func TestUndoingAnImportGivesBackTheFramesThatItsCardsTook(t *testing.T) {
	t.Parallel()
	r := split(t)
	if report := r.bringParts("c1", "c2"); report.Linked != 1 { // two made, one taken away
		t.Errorf("%d linked", report.Linked)
	}
	undone := r.undo()
	if undone.Kind != capture.ActSlates || len(undone.Changed) != 2 {
		t.Errorf("undone %+v", undone)
	}
	before := map[string]string{"IMG_0002.JPG": "Ola", "IMG_0004.JPG": "-", "IMG_0005.JPG": "Ola"}
	r.want("undone", before)
	r.redo()
	r.want("done again", splitWant)
	r.undo()
	r.reopen()
	r.bringParts("c2", "c1")
	r.want("undone, and imported again", before)
}

func TestAnotherCardDoesNotTakeWhatAPersonHasSaid(t *testing.T) {
	t.Parallel()
	r := split(t)
	r.take(frame("c1/IMG_0006.JPG", 6*minute), frame("c1/IMG_0007.JPG", 7*minute))
	r.people["Per"] = r.person(capture.Registration{Name: "Per"})
	per := r.people["Per"].ID
	r.names[per] = "Per"
	r.bringParts("c1")
	for _, err := range []error{r.Link(r.ctx, per, r.asset("IMG_0005.JPG")), r.Unlink(r.ctx, r.people["Ola"].ID, r.asset("IMG_0006.JPG")),
		r.SetPeople(r.ctx, 1, r.asset("IMG_0007.JPG"))} {
		if err != nil {
			t.Fatal(err)
		}
	}
	report := r.bringParts("c2")
	r.want("", map[string]string{"IMG_0005.JPG": "Ola Per", "IMG_0006.JPG": "-", "IMG_0007.JPG": "?time Ola Kari"})
	if len(report.Undecided) != 1 || report.Undecided[0].Asset != r.asset("IMG_0007.JPG") {
		t.Errorf("undecided %+v", report.Undecided)
	}
}

// Ola's card, Kari's between, and Ola's again: that cards took Ola off and put her back is not what a person has said.
func TestCardsGiveBackWhatCardsTook(t *testing.T) {
	t.Parallel()
	r := split(t)
	r.take(card("c3/IMG_0004b001.JPG", 4*minute+30*second, "Ola"))
	r.bringParts("c1", "c2", "c3")
	r.want("", map[string]string{"IMG_0004.JPG": "Kari", "IMG_0005.JPG": "Ola"})
	off := split(t)
	off.take(card("c3/IMG_0004b001.JPG", 4*minute+30*second, "end"), card("c4/IMG_0004c001.JPG", 4*minute+40*second, "Ola"))
	off.bringParts("c1")
	if err := off.Unlink(off.ctx, off.people["Ola"].ID, off.asset("IMG_0005.JPG")); err != nil {
		t.Fatal(err)
	}
	off.bringParts("c3", "c4")
	off.want("taken off by hand", map[string]string{"IMG_0005.JPG": "?time Ola"})
}

// Any partition of a card into imports, in any order, gives the same links and questions as one import.
func TestTheOrderOfImportsDoesNotMatter(t *testing.T) {
	t.Parallel()
	source := rand.New(rand.NewPCG(2026, 11))
	onB := func(s shot) shot { s.camera = "B"; return s }
	shots := func(r *roll) []shot {
		return []shot{frame("IMG_0001.JPG", 0), card("IMG_0002.JPG", minute, "Ola"), frame("IMG_0003.JPG", 2*minute), frame("IMG_0004.JPG", 3*minute),
			card("IMG_0005.JPG", 4*minute, "Kari"), frame("IMG_0006.JPG", 4*minute+4*second), card("IMG_0007.JPG", 4*minute+9*second, "Per"), // the frame parts the group
			frame("IMG_0008.JPG", 5*minute), card("IMG_0009.JPG", 6*minute, "end"), frame("IMG_0010.JPG", 7*minute),
			card("IMG_0011.JPG", 8*minute, "Ola"), card("IMG_0012.JPG", 8*minute+5*second, "nobody"), frame("IMG_0013.JPG", 9*minute),
			card("IMG_0014.JPG", 10*minute, "Kari"), frame("X.JPG", 10*minute), frame("IMG_0015.JPG", 28*minute), frame("IMG_0016.JPG", 32*minute),
			frame("IMG_0017.JPG", 36*minute), frame("IMG_0018.JPG", 50*minute), // with a bridge of frames, and after a pause
			{name: "IMG_0019.JPG", after: 11 * minute, caption: string(r.people["Per"].Code)},
			onB(frame("DSC_0001.JPG", 2*minute)), onB(card("DSC_0002.JPG", 3*minute, "Per")), onB(frame("DSC_0003.JPG", 5*minute)),
			{name: "R1.WAV", after: 3 * minute, sound: true}, {name: "IMG_0020.JPG", timeless: true}}
	}
	whole := mustRoll(t, "Ola", "Kari", "Per")
	whole.take(shots(whole)...)
	whole.bring()
	want := whole.whose()
	for _, always := range []string{"IMG_0003.JPG", "IMG_0008.JPG"} {
		if want[always] == "-" {
			t.Fatalf("%s follows no card", always)
		}
	}
	for range 10 {
		r := mustRoll(t, "Ola", "Kari", "Per")
		parts, all := map[string]string{}, shots(r)
		for n := range all {
			part := fmt.Sprintf("part%d", source.IntN(4))
			parts[all[n].name] = part
			all[n].name = part + "/" + all[n].name
		}
		r.take(all...)
		order := slices.Compact(slices.Sorted(maps.Values(parts)))
		source.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
		r.bringParts(order...)
		if got := r.whose(); !maps.Equal(got, want) {
			for name := range want {
				if got[name] != want[name] {
					t.Errorf("%s is %q, in one import %q", name, got[name], want[name])
				}
			}
			t.Fatalf("imported in the order %v: %v", order, parts)
		}
	}
}

func TestAnImportOfAPathThatIsMissingFailsAndImportsTheRest(t *testing.T) {
	t.Parallel()
	r := split(t)
	nowhere := filepath.Join(r.dir, "c9")
	report, err := r.Import(r.ctx, capture.Import{Shoot: r.shoot, Paths: []string{nowhere, filepath.Join(r.dir, "c2")}})
	wantProblem(t, err, "import-path-missing")
	if report.Imported != 2 || len(report.Skipped) != 1 || report.Skipped[0].Why != capture.SkipAbsent || report.Skipped[0].Path != nowhere {
		t.Errorf("%+v", report)
	}
	_, err = r.Import(r.ctx, capture.Import{Shoot: r.shoot, Paths: []string{nowhere}})
	wantProblem(t, err, "import-path-missing")
	if _, err := r.Import(r.ctx, capture.Import{Shoot: r.shoot, Paths: []string{r.dir}}); err != nil {
		t.Error(err)
	}
}

func TestTheEndCardIsAmongTheCardsThatWereFound(t *testing.T) {
	t.Parallel()
	r := mustRoll(t, "Ola")
	r.take(card("IMG_0001.JPG", 0, "Ola"), frame("IMG_0002.JPG", minute), card("IMG_0003.JPG", 2*minute, "end"))
	for range 2 {
		report := r.bring()
		if n := len(report.Slates); n != 2 || report.Slates[0].Subject != r.people["Ola"].ID || report.Slates[1].Card != capture.CardEnd ||
			filepath.Base(report.Slates[1].Path) != "IMG_0003.JPG" {
			t.Errorf("found %+v", report.Slates)
		}
	}
}
