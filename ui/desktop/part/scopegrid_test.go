package part_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"samtykke/ui/desktop/look"
	"samtykke/ui/desktop/part"
)

// buttons gives what can be pressed in a grid, in the order of Tab, by what it says.
func buttons(g *part.ScopeGrid) map[string]fyne.Tappable {
	found := map[string]fyne.Tappable{}
	for _, o := range g.Content().Objects {
		if b, ok := o.(fyne.Tappable); ok {
			name := o.(fyne.Accessible).AccessibilityLabel()
			for found[name] != nil {
				name += "'"
			}
			found[name] = b
		}
	}
	return found
}

func TestNothingIsChosenBeforehand(t *testing.T) {
	g := newScopes()
	if len(g.Answers()) != 0 || len(g.Unanswered()) != 9 {
		t.Errorf("answers %v, unanswered %v", g.Answers(), g.Unanswered())
	}
	if !slices.Equal(g.Unanswered()[:4], []string{"web:photo", "web:video", "web:audio", "social:photo"}) {
		t.Errorf("unanswered come as %v", g.Unanswered())
	}
}

func TestYesAndNoAreEquallyImportant(t *testing.T) {
	start(t)
	g := newScopes()
	w := open(t, g.Content(), 1180, 520)
	b := buttons(g)
	yes, no := b["Our website, Pictures: Yes"].(fyne.CanvasObject), b["Our website, Pictures: No"].(fyne.CanvasObject)
	if yes.Size() != no.Size() || yes.Size().Width < 36 || yes.Position().Y != no.Position().Y {
		t.Errorf("yes is %v at %v, no is %v at %v", yes.Size(), yes.Position(), no.Size(), no.Position())
	}
	for _, width := range []float32{1180, 560} { // as a table, and below each other
		w.Resize(fyne.NewSize(width, 520))
		yes, no := b["Yes to all"].(fyne.CanvasObject), b["No to all"].(fyne.CanvasObject)
		if yes.Size() != no.Size() || yes.Position().Y != no.Position().Y || yes.Size().Width == 0 {
			t.Errorf("at %v yes to all is %v at %v, no to all is %v at %v", width, yes.Size(), yes.Position(), no.Size(), no.Position())
		}
	}
}

func TestTapsAnswerAndCanBeChanged(t *testing.T) {
	start(t)
	g := newScopes()
	open(t, g.Content(), 1180, 520)
	changes := 0
	g.OnChanged = func() { changes++ }
	b := buttons(g)
	test.Tap(b["Our website, Pictures: Yes"])
	test.Tap(b["Our website, Video: No"])
	test.Tap(b["Our website, Pictures: No"])
	test.Tap(b["Our website, Pictures: No"]) // a second press keeps the answer
	want := map[string]part.Answer{"web:photo": part.No, "web:video": part.No}
	got := g.Answers()
	if len(got) != 2 || got["web:photo"] != want["web:photo"] || got["web:video"] != want["web:video"] || changes != 4 {
		t.Errorf("answers %v after %d changes", got, changes)
	}
	if buttons(g)["Our website, Pictures: No, chosen"] == nil {
		t.Error("the chosen answer is not said")
	}
}

func TestRowButtonsAnswerTheirRowOnly(t *testing.T) {
	start(t)
	g := newScopes()
	open(t, g.Content(), 1180, 520)
	b := buttons(g)
	test.Tap(b["No to all'"]) // the second row's
	if got := g.Answers(); len(got) != 3 || got["social:photo"] != part.No || got["social:audio"] != part.No {
		t.Errorf("answers %v", got)
	}
	test.Tap(b["Yes to all"])
	if len(g.Unanswered()) != 3 {
		t.Errorf("unanswered %v", g.Unanswered())
	}
}

func TestScopeGridIsWorkedByKeys(t *testing.T) {
	start(t)
	g := newScopes()
	w := open(t, g.Content(), 1180, 520)
	if !g.FocusFirstUnanswered() {
		t.Fatal("nothing to answer")
	}
	said := func() string { return w.Canvas().Focused().(fyne.Accessible).AccessibilityLabel() }
	w.Canvas().Focused().TypedRune('y')
	w.Canvas().Focused().TypedRune('N')
	if got := g.Answers(); got["web:photo"] != part.Yes || got["web:video"] != part.No || said() != "Our website, Sound: Yes" {
		t.Errorf("answers %v, focus on %s", got, said())
	}
	for name, want := range map[fyne.KeyName]string{fyne.KeyRight: "Our website, Sound: No"} {
		key(w, name)
		if said() != want {
			t.Errorf("%s goes to %s", name, said())
		}
	}
	key(w, fyne.KeyRight) // there is nothing further right
	key(w, fyne.KeyDown)
	key(w, fyne.KeyLeft)
	if said() != "Social media, Sound: Yes" {
		t.Errorf("focus on %s", said())
	}
	key(w, fyne.KeySpace)
	if g.Answers()["social:audio"] != part.Yes {
		t.Error("Space does not answer")
	}
	w.Canvas().Focused().TypedRune('y')
	if said() != "Screens and pages for our own employees, Pictures: Yes" {
		t.Errorf("after the last of a row the focus is on %s", said())
	}
	g.FocusFirstUnanswered()
	if said() != "Our website, Sound: Yes" {
		t.Errorf("the first without an answer is %s", said())
	}
}

func TestAnswersOfBeforeAreShown(t *testing.T) {
	start(t)
	g := newScopes()
	open(t, g.Content(), 1180, 520)
	g.OnChanged = func() { t.Error("showing answers is no change") }
	g.SetAnswers(map[string]part.Answer{"web:photo": part.Yes, "not:there": part.No})
	g.SetAnswers(map[string]part.Answer{"web:video": part.No})
	if got := g.Answers(); len(got) != 1 || got["web:video"] != part.No {
		t.Errorf("answers %v", got)
	}
}

func TestExplanationOpensAndCloses(t *testing.T) {
	start(t)
	g := newScopes()
	w := open(t, g.Content(), 1180, 520)
	before, height := w.Canvas().Capture(), g.Content().MinSize().Height
	more := buttons(g)["What this means"]
	test.Tap(more)
	if g.Content().MinSize().Height <= height || equal(before, w.Canvas().Capture()) {
		t.Error("the explanation takes no room")
	}
	test.Tap(more)
	if g.Content().MinSize().Height != height {
		t.Error("the explanation does not go")
	}
}

func TestNothingOfTheGridOverlapsOrIsCut(t *testing.T) {
	themes := map[string]fyne.Theme{"normal": look.New(look.Light), "large": look.Large(look.New(look.Light))}
	for name, th := range themes {
		for _, width := range []float32{400, 640, 900, 1280} {
			app := test.NewTempApp(t)
			app.Settings().SetTheme(th)
			g := newScopes()
			w := test.NewWindow(container.NewVScroll(g.Content()))
			w.SetPadded(false)
			w.Resize(fyne.NewSize(width, 700))
			w.Content().Refresh()
			objects := g.Content().Objects
			for i, a := range objects {
				if !a.Visible() {
					continue
				}
				if a.Position().X < 0 || a.Position().X+a.MinSize().Width > g.Content().Size().Width+0.5 {
					t.Errorf("%s at %v: %s leaves the window", name, width, a.(fyne.Accessible).AccessibilityLabel())
				}
				for _, b := range objects[i+1:] {
					_, first := a.(fyne.Focusable)
					_, second := b.(fyne.Focusable)
					if b.Visible() && first && second && overlap(a, b) {
						t.Errorf("%s at %v: %s lies on %s", name, width,
							a.(fyne.Accessible).AccessibilityLabel(), b.(fyne.Accessible).AccessibilityLabel())
					}
				}
			}
			w.Close()
		}
	}
}

func overlap(a, b fyne.CanvasObject) bool {
	p, q, s, z := a.Position(), b.Position(), a.Size(), b.Size()
	return p.X < q.X+z.Width && q.X < p.X+s.Width && p.Y < q.Y+z.Height && q.Y < p.Y+s.Height
}

func TestOptionalRowMayStayOpenAndBeOpenedAgain(t *testing.T) {
	start(t)
	g := part.NewScopeGrid([]part.ScopeRow{{Key: "ads", Title: "Advertising", Optional: true}, {Key: "web", Title: "Our website"}},
		[]part.ScopeColumn{{"photo", "Pictures"}, {"video", "Video"}},
		part.ScopeWords{Yes: "Yes", No: "No", RowYes: "Yes to all", RowNo: "No to all", Explain: "What this means", Optional: "You need not answer this",
			RowOpen: "Leave open", Chosen: "chosen", YesKey: 'y', NoKey: 'n'})
	w := open(t, g.Content(), 1180, 520)
	b := buttons(g)
	if !g.FocusFirstUnanswered() || w.Canvas().Focused().(fyne.Accessible).AccessibilityLabel() != "Our website, Pictures: Yes" {
		t.Error("the focus does not pass over the optional row")
	}
	test.Tap(b["Yes to all"])
	if g.Answers()["ads:video"] != part.Yes {
		t.Errorf("answers %v", g.Answers())
	}
	test.Tap(b["Leave open"])
	if len(g.Answers()) != 0 || b["Leave open'"] != nil {
		t.Errorf("answers %v; only the optional row can be left open", g.Answers())
	}
}
