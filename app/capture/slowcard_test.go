package capture_test

import (
	"os"
	"testing"
	"testing/synctest"
	"time"

	"samtykke/app/capture"
)

// slowFile is a file of which every piece takes an hour to be read. A decoder that many pictures wait for is as slow.
type slowFile struct{ *os.File }

func (f slowFile) ReadAt(b []byte, at int64) (int, error) {
	time.Sleep(time.Hour) // of the test's own clock
	return f.File.ReadAt(b, at)
}

func TestAPictureThatIsSlowToReadIsAskedAboutOnlyWhenItMayHoldACode(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := mustRoll(t, "Ola")
		r.take(frame("IMG_0001.JPG", 0), card("IMG_0002.JPG", 10*second, "Ola"), frame("IMG_0003.JPG", 20*second),
			card("IMG_0004.JPG", 30*second, "smeared"), frame("IMG_0005.JPG", 40*second))
		_, err := r.Import(r.ctx, capture.Import{Shoot: r.shoot, Paths: []string{r.dir}, Slates: true, Open: func(path string) (capture.CardFile, error) {
			f, err := os.Open(path)
			return slowFile{f}, err
		}})
		if err != nil {
			t.Fatal(err)
		}
		r.want("", map[string]string{"IMG_0001.JPG": "-", "IMG_0002.JPG": "card", "IMG_0003.JPG": "Ola", "IMG_0004.JPG": "?unreadable",
			"IMG_0005.JPG": "?unreadable Ola"})
	})
}
