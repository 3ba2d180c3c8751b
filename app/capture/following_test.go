package capture_test

import (
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

// mixed is a shoot of which the first import took a camera's times as they were, ten minutes behind, and the second one knew better.
func mixed(t *testing.T) *roll {
	t.Helper()
	r := mustRoll(t, "Ola", "Kari")
	r.take(card("IMG_0001.JPG", 0, "Ola"), frame("IMG_0002.JPG", minute), card("IMG_0005.JPG", 5*minute, "Kari"), frame("IMG_0006.JPG", 6*minute))
	r.bring()
	r.dir = t.TempDir()
	r.take(frame("IMG_0003.JPG", 2*minute), frame("IMG_0004.JPG", 3*minute), frame("IMG_0007.JPG", 7*minute))
	_, err := r.Import(r.ctx, capture.Import{Shoot: r.shoot, Paths: []string{r.dir}, Slates: true,
		Clocks: []capture.CameraClock{{Camera: "N1", Offset: 10 * minute}}})
	if err != nil {
		t.Fatal(err)
	}
	r.want("as imported", map[string]string{"IMG_0002.JPG": "Ola", "IMG_0003.JPG": "Kari", "IMG_0004.JPG": "Kari", "IMG_0006.JPG": "Kari", "IMG_0007.JPG": "Kari"})
	return r
}

func (r *roll) correct(camera string, offset time.Duration) capture.Corrected {
	r.tb.Helper()
	done, err := r.SetClockOffset(r.ctx, r.shoot, capture.CameraClock{Camera: camera, Offset: offset})
	if err != nil {
		r.tb.Fatal(err)
	}
	return done
}

func TestFramesFollowTheirOwnCardsOnceTheClockIsCorrected(t *testing.T) {
	t.Parallel()
	r := mixed(t)
	if done := r.correct("N1", 10*minute); done.Times != 4 || done.Followed != 2 {
		t.Errorf("%+v", done)
	}
	corrected := map[string]string{"IMG_0002.JPG": "Ola", "IMG_0003.JPG": "Ola", "IMG_0004.JPG": "Ola", "IMG_0006.JPG": "Kari", "IMG_0007.JPG": "Kari"}
	r.want("corrected", corrected)
	if undone := r.undo(); undone.Kind != capture.ActClock || len(undone.Changed) != 2 {
		t.Errorf("undone %+v", undone)
	}
	r.want("undone", map[string]string{"IMG_0002.JPG": "Ola", "IMG_0003.JPG": "Kari", "IMG_0004.JPG": "Kari"})
	r.redo()
	r.reopen()
	r.want("done again", corrected)
	if again := r.correct("N1", 10*minute); again.Times != 0 || again.Followed != 0 {
		t.Errorf("again: %+v", again)
	}
	r.mustAudit()
}

func TestWhatAPersonHasSaidStaysWhenAClockIsCorrected(t *testing.T) {
	t.Parallel()
	r := mixed(t)
	if err := r.Link(r.ctx, r.people["Ola"].ID, r.asset("IMG_0003.JPG")); err != nil {
		t.Fatal(err)
	}
	if err := r.SetPeople(r.ctx, 0, r.asset("IMG_0004.JPG")); err != nil {
		t.Fatal(err)
	}
	if done := r.correct("N1", 10*minute); done.Times != 4 || done.Followed != 0 {
		t.Errorf("%+v", done)
	}
	r.want("said by a person", map[string]string{"IMG_0003.JPG": "Kari Ola", "IMG_0004.JPG": "Kari"})
}

// How many people there are does not say who they are, but it was said of those who were linked: with the other person, and counted, the
// picture might be cleared though nobody has looked at whose it is.
func TestACountedFrameIsAskedAboutWhenAnotherCardTakesItOver(t *testing.T) {
	t.Parallel()
	r := mixed(t)
	if err := r.SetPeople(r.ctx, 1, r.asset("IMG_0004.JPG")); err != nil {
		t.Fatal(err)
	}
	if done := r.correct("N1", 10*minute); done.Followed != 2 {
		t.Errorf("%+v", done)
	}
	r.want("counted", map[string]string{"IMG_0003.JPG": "Ola", "IMG_0004.JPG": "?time Kari Ola"})
}

// Who was taken off a frame by hand is not put back on it by a clock.
func TestWhoWasTakenOffAFrameIsAskedAboutWhenAClockIsCorrected(t *testing.T) {
	t.Parallel()
	r := mixed(t)
	id, ola := r.asset("IMG_0003.JPG"), r.people["Ola"].ID
	for _, say := range []func() error{func() error { return r.Link(r.ctx, ola, id) }, func() error { return r.Unlink(r.ctx, ola, id) }} {
		if err := say(); err != nil {
			t.Fatal(err)
		}
	}
	r.correct("N1", 10*minute)
	r.want("corrected", map[string]string{"IMG_0003.JPG": "?time Kari Ola", "IMG_0004.JPG": "Ola"})
	if err := r.Settle(r.ctx, []consent.AssetID{id}, ola); err != nil {
		t.Fatal(err)
	}
	r.want("settled", map[string]string{"IMG_0003.JPG": "Ola"})
}

func TestARecordingIsAskedAboutByTheTimesOfCorrectedClocks(t *testing.T) {
	t.Parallel()
	r := mustRoll(t, "Ola", "Kari", "Per")
	sound := func(name string, after time.Duration) shot {
		return shot{name: name, after: after, sound: true, camera: "R"}
	}
	r.take(sound("R0.WAV", -30*minute), card("IMG_0001.JPG", 20*minute, "Ola"), sound("R1.WAV", 21*minute), card("IMG_0002.JPG", 25*minute, "Kari"),
		card("IMG_0003.JPG", 40*minute, "Per"), sound("R2.WAV", 41*minute))
	r.bring()
	r.want("as imported", map[string]string{"R0.WAV": "-", "R1.WAV": "?time Ola Kari", "R2.WAV": "-"})
	done := r.correct("Recorder", 55*minute)
	if done.Times != 3 || done.Followed != 2 {
		t.Errorf("%+v", done)
	}
	r.want("corrected", map[string]string{"R0.WAV": "?time Kari", "R1.WAV": "-", "R2.WAV": "-"})
	r.undo()
	r.want("undone", map[string]string{"R0.WAV": "-", "R1.WAV": "?time Ola Kari", "R2.WAV": "-"})
}
