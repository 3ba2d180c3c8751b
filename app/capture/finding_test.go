package capture_test

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/roster"
)

// names are those that a search finds, in its order.
func (b *bench) names(q capture.Search) []string {
	var names []string
	for _, p := range b.Find(q) {
		names = append(names, p.Profile.Name)
	}
	return names
}

func TestPeopleAreFoundByAnyPartOfWhatIsKnown(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Åse Bjørndalen-Sæther", Phone: "41234567", Email: "ase@eksempel.example", Notes: "Sitter ved vinduet",
		Guardians: []consent.Guardian{{Name: "Ola Nordmann", Phone: "91234567"}}})
	b.person(capture.Registration{Name: "Somebody Else", Phone: "92345678"})
	for _, text := range []string{"sæth ås", "bjorn ase", "bjorndalen saether", "412 34 567", "+47 412 34", "0047 412 34 567", "(+47) 41234567", "41 23 45", "4123",
		"ola nord", "nordmann bjørn", "912 34 567", "vindu", string(p.Code)[:4], strings.ToLower(string(p.Code))} {
		if found := b.Find(capture.Search{Text: text}); len(found) != 1 || found[0].ID != p.ID {
			t.Errorf("%q finds %d people", text, len(found))
		}
	}
	for _, text := range []string{"ase somebody", "41234568", "ola nordmann kari", "xyz"} {
		if found := b.Find(capture.Search{Text: text}); len(found) != 0 {
			t.Errorf("%q finds %s", text, found[0].Profile.Name)
		}
	}
}

func TestWholeWordsAndBeginningsComeFirst(t *testing.T) {
	b := mustBench(t)
	for _, name := range []string{"Nikola Berg", "Olav Berg", "Berg Ola", "Ola Berg"} {
		b.person(capture.Registration{Name: name})
	}
	want := []string{"Ola Berg", "Berg Ola", "Olav Berg", "Nikola Berg"}
	if got := b.names(capture.Search{Text: "ola"}); !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
	if got := b.names(capture.Search{Text: "ola", Limit: 2}); !slices.Equal(got, want[:2]) {
		t.Errorf("found %v, want %v", got, want[:2])
	}
	here := b.shoot
	elsewhere, err := b.AddShoot(b.ctx, capture.ShootDetails{Title: "Et annet sted"})
	if err != nil {
		t.Fatal(err)
	}
	b.shoot = elsewhere
	b.person(capture.Registration{Name: "Fabiola Vik"})
	if got := b.names(capture.Search{Text: "ola", Shoot: elsewhere, Limit: 2}); !slices.Equal(got, []string{"Fabiola Vik", "Ola Berg"}) {
		t.Errorf("found %v, want the shoot's own first", got)
	}
	if got := b.names(capture.Search{Text: "ola", Shoot: here, OnlyShoot: true}); !slices.Equal(got, want) {
		t.Errorf("found %v, want the shoot's own alone", got)
	}
}

func TestCorrectionChangesWhatFinds(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Ola Nordmann"})
	name := "Kari Nordmann"
	if _, err := b.Amend(b.ctx, p.ID, capture.Amendment{Name: &name}); err != nil {
		t.Fatal(err)
	}
	for range 2 { // now, and after the next start
		if len(b.Find(capture.Search{Text: "ola"})) != 0 || len(b.Find(capture.Search{Text: "kari"})) != 1 {
			t.Error("the old name finds, or the new one does not")
		}
		b.reopen()
	}
}

// Design §9: a search takes ≤ 16 ms per keystroke (p99) at 100,000 people; the list of all doubles ≤ 2 s. Each keystroke counts with
// its median of some rounds, so that what else runs on the machine does not.
func BenchmarkManyPeople(b *testing.B) {
	const people = 100_000
	before := heap()
	s := mustCrowd(b, people)
	b.Logf("%d people take %d MB, with their events and the search's index", people, (heap()-before)>>20)
	b.Run("keystroke", func(b *testing.B) {
		var typed []string
		for _, text := range []string{"kari nordmann", "ås", "412 34 567", "+4790012345", "bjørn h", "elev17@example.no", "7b", "e", "qqqq", "ola 7b hansen", "foresatt beda"} {
			for i := range text {
				typed = append(typed, text[:i+1])
			}
		}
		took := make([][]time.Duration, len(typed))
		for b.Loop() {
			for range 5 {
				for i, text := range typed {
					begun := time.Now()
					s.Find(capture.Search{Text: text, Limit: 12})
					took[i] = append(took[i], time.Since(begun))
				}
			}
		}
		medians := make([]time.Duration, len(typed))
		for i := range took {
			slices.Sort(took[i])
			medians[i] = took[i][len(took[i])/2]
		}
		slices.Sort(medians)
		b.ReportMetric(float64(medians[len(medians)/2].Microseconds())/1000, "ms-p50")
		b.ReportMetric(float64(medians[len(medians)*99/100].Microseconds())/1000, "ms-p99")
	})
	b.Run("doubles", func(b *testing.B) {
		for b.Loop() {
			if doubles := s.Doubles(""); len(doubles) < people/100 {
				b.Fatalf("%d doubles found, want at least %d", len(doubles), people/100)
			}
		}
	})
	one := s.Find(capture.Search{Text: "kari", Limit: 1})[0].ID
	b.Run("doubles of one", func(b *testing.B) {
		for b.Loop() {
			s.DoublesOf(one)
		}
	})
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// mustCrowd is a session with many made-up people; every hundredth name is somebody's twice.
func mustCrowd(tb testing.TB, people int) *bench {
	tb.Helper()
	b := mustBench(tb)
	first := []string{"Ola", "Kari", "Åse", "Bjørn", "Anne", "Per", "Nils", "Ingrid", "Sigrid", "Håkon", "Mohammed", "Fatima", "Aleksander", "Kristoffer"}
	last := []string{"Nordmann", "Hansen", "Bjørndalen", "Sæther", "Olsen", "Lie", "Ødegård", "Kristiansen", "Aas", "Haugen"}
	for from := 0; from < people; from += roster.MaxRows {
		var list strings.Builder
		list.WriteString("navn;tlf;e-post;født;klasse;foresatt 1;foresatt 1 tlf\n")
		for i := from; i < min(from+roster.MaxRows, people); i++ {
			n := i
			if i%100 == 99 {
				n = i - 50
			}
			fmt.Fprintf(&list, "%s %s %s;+479%07d;elev%d@example.no;%d;%d%c;Foresatt %s;+474%07d\n", first[n%len(first)], syllables(n/7), last[n/3%len(last)],
				n, n, 2008+n%10, 1+i%10, 'A'+i%4, syllables(n), n)
		}
		report, err := b.ImportRoster(b.ctx, capture.RosterImport{Shoot: b.shoot, Data: []byte(list.String())})
		if err != nil || report.Refused > 0 {
			tb.Fatalf("%d refused, %v", report.Refused, err)
		}
	}
	return b
}

// syllables makes a name out of a number.
func syllables(n int) string {
	name := ""
	for ; ; n /= 12 {
		name += []string{"be", "da", "fo", "gry", "hei", "jo", "ka", "li", "mar", "ny", "rø", "sti"}[n%12]
		if n < 12 {
			return strings.ToUpper(name[:1]) + name[1:]
		}
	}
}
