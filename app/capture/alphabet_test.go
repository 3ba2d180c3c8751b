package capture //nolint:testpackage // the alphabet is inside; what comes of it shows only in long lists

import (
	"cmp"
	"slices"
	"testing"

	"golang.org/x/text/collate"
)

// asInARegister are names in the order in which a Norwegian reader looks for them.
var asInARegister = []string{"Anne Berg", "Anne-Lise Dahl", "Bo", "Dob Dobbel", "Eva", "Evald", "Zara", "Ærlig", "Øystein", "Å", "Aase", "Åse", "Åshild"}

func TestNamesAreInTheOrderOfTheNorwegianAlphabet(t *testing.T) {
	names := slices.Clone(asInARegister)
	slices.Reverse(names)
	slices.SortFunc(names, alphabet(collate.IgnoreCase).CompareString)
	if want := slices.DeleteFunc(slices.Clone(asInARegister), isAase); !slices.Equal(slices.DeleteFunc(names, isAase), want) {
		t.Errorf("in order %q, want %q", names, want)
	}
	for i, name := range asInARegister[1:] {
		if before := asInARegister[i]; cmp.Compare(initials(before), initials(name)) > 0 {
			t.Errorf("%q comes after %q by its first letters", before, name)
		}
	}
}

// isAase tells the two spellings of one name, of which either may come first.
func isAase(name string) bool { return name == "Aase" || name == "Åse" }

func TestANameIsInItsPlaceHoweverItIsWritten(t *testing.T) {
	for _, same := range [][2]string{{"Åse", "A\u030Ase"}, {"ÅSE", "åse"}, {" Ola  Nordmann", "ola nordmann"}, {"Anne-Lise", "Anne Lise"}, {"André", "Andre"}, {"Aase", "Åse"}} {
		if initials(same[0]) != initials(same[1]) {
			t.Errorf("%q and %q do not stand in one place", same[0], same[1])
		}
	}
}
