package capture_test

import (
	"bytes"
	"slices"
	"testing"

	"samtykke/app/capture"
)

// A card bears a code, and perhaps a name: whosever it is, it is no picture to be exported, also when somebody has answered for it.
func TestACardIsNeverExportedWhosever(t *testing.T) {
	t.Parallel()
	r := mustRoll(t, "Ola")
	avoid := r.person(capture.Registration{Name: "red jacket", Avoid: true})
	r.people["avoid"] = avoid
	r.take(card("IMG_0001.JPG", 0, "nobody"), card("IMG_0002.JPG", minute, "avoid"), card("IMG_0003.JPG", 2*minute, "end"), card("IMG_0004.JPG", 3*minute, "Ola"),
		frame("IMG_0005.JPG", 4*minute))
	out := t.TempDir()
	answer := func() {
		for _, name := range []string{"IMG_0001.JPG", "IMG_0002.JPG", "IMG_0003.JPG", "IMG_0004.JPG"} {
			if err := r.SetPeople(r.ctx, 0, r.asset(name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := r.Import(r.ctx, capture.Import{Shoot: r.shoot, Paths: []string{r.dir}}); err != nil { // without looking for cards
		t.Fatal(err)
	}
	answer()
	if done := r.exportTo(out); done.Exported != 4 {
		t.Fatalf("as pictures of nobody: %+v", done)
	}
	r.bring()
	answer()
	if done := r.exportTo(out); done.Exported != 0 || len(done.Removed) != 4 || done.Removed[0].Reasons[0].Status != "export-card" {
		t.Errorf("once it is known that they are cards: %+v", done)
	}
	if left := copiesIn(t, out); len(left) != 0 {
		t.Errorf("still there: %v", left)
	}
	if done := r.exportTo(t.TempDir()); done.Exported != 0 {
		t.Errorf("exported anew: %+v", done)
	}
}

// GDPR art. 15(4): a card beside which another one lies shows somebody else, also when nobody here knows who that is.
func TestACardBesideThatOfSomebodyUnknownIsNotOnePersonsAlone(t *testing.T) {
	t.Parallel()
	r := mustRoll(t, "Ola")
	r.take(card("IMG_0001.JPG", 0, "Ola", "nobody"), card("IMG_0002.JPG", 5*minute, "Ola"))
	r.bring()
	for name, alone := range map[string]bool{"IMG_0001.JPG": false, "IMG_0002.JPG": true} {
		done, err := r.ErasureOf(capture.Erasure{Subject: r.people["Ola"].ID, Reason: "request"})
		if err != nil || slices.Contains(done.Alone, r.asset(name)) != alone {
			t.Errorf("%s: alone are %v, %v", name, done.Alone, err)
		}
	}
	parts := r.export(capture.AccessRequest{Subject: r.people["Ola"].ID, Pictures: true})
	if parts["pictures/"+r.asset("IMG_0001.JPG").Short()+".jpg"] != nil || parts["pictures/"+r.asset("IMG_0002.JPG").Short()+".jpg"] == nil {
		t.Error("the access export hands out the card of somebody else, or not the person's own")
	}
	if listed := parts["pictures.csv"]; bytes.Count(listed, []byte(",true,")) < 1 {
		t.Errorf("no card is called one:\n%s", listed)
	}
	if _, err := r.Erase(r.ctx, capture.Erasure{Subject: r.people["Ola"].ID, Reason: "request", Pictures: true}); err != nil {
		t.Fatal(err)
	}
	if left := r.Images(capture.ImageFilter{}); len(left) != 1 || left[0].File.Card != capture.CardUnknown {
		t.Errorf("left are %+v", left)
	}
}
