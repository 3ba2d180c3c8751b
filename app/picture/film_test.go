package picture_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"samtykke/app/picture"
	"samtykke/app/picture/picturetest"
)

// shotAt is when the made films and sounds were taken.
var shotAt = time.Date(2026, 6, 20, 11, 30, 5, 0, oslo)

const sonyXML = `<?xml version="1.0" encoding="UTF-8"?><NonRealTimeMeta xmlns="urn:schemas-professionalDisc:nonRealTimeMeta:ver.2.00">
<CreationDate value="2026-06-20T11:30:05+02:00"/><Device manufacturer="Sony" modelName="ILCE-7M4" serialNo="0123456"/></NonRealTimeMeta>`

// madeMedia are films and sounds by file name.
func madeMedia() map[string][]byte {
	still := camera()
	still.Serial, still.Orientation = "4711", 1
	return map[string][]byte{
		"card.mp4": picturetest.Film(picturetest.FilmOptions{Created: shotAt, Title: "Vår på torget", Comment: "K7Q2-M9XD", Maker: "GoPro",
			MakerModel: "HERO11", Cover: picturetest.Scene(160, 120, 1), XMP: []byte(foreignXMP), C2PA: true}),
		"phone.mov": picturetest.Film(picturetest.FilmOptions{Brand: "qt  ", Created: shotAt, CreationDate: shotAt, Make: "Apple", Model: "iPhone 15",
			Place: "+58.9700+005.7331/", Orientation: 6, IndexFirst: true, Duration: 3700 * time.Millisecond}),
		"android.mp4":   picturetest.Film(picturetest.FilmOptions{Created: shotAt, Android: true, Orientation: 8}),
		"quicktime.mov": picturetest.Film(picturetest.FilmOptions{Brand: "none", Created: shotAt, Orientation: 3}),
		"canon.mov":     picturetest.Film(picturetest.FilmOptions{Brand: "qt  ", Created: shotAt, Canon: picturetest.JPEG(160, 120, still)}),
		"sony.mp4":      picturetest.Film(picturetest.FilmOptions{Created: shotAt, Sony: sonyXML}),
		"itunes.m4a":    picturetest.Film(picturetest.FilmOptions{Brand: "M4A ", Title: "Vår på torget", DayText: "2026-06-20T11:30:05+02:00"}),
		"recorder.wav": picturetest.WAV(picturetest.SoundOptions{RecordedAt: shotAt, Device: "Example H4", Description: "Kor", Title: "Vår på torget",
			Note: "K7Q2-M9XD", Duration: 2500 * time.Millisecond}),
		"long.wav":     picturetest.WAV(picturetest.SoundOptions{RecordedAt: shotAt, Long: true}),
		"tagged.mp3":   picturetest.MP3(picturetest.SoundOptions{RecordedAt: shotAt, Title: "Vår på torget", Description: "Kor", Cover: picturetest.Scene(160, 120, 1)}),
		"old.mp3":      picturetest.MP3(picturetest.SoundOptions{RecordedAt: shotAt, Title: "Vår på torget", Description: "Kor", Old: true, Counted: true}),
		"untagged.mp3": picturetest.MP3(picturetest.SoundOptions{}),
	}
}

func TestFilmsAndSoundsTellWhatWasWrittenIntoThem(t *testing.T) {
	t.Parallel()
	face := time.Date(2026, 6, 20, 9, 30, 5, 0, time.UTC) // of the film's header, which wants UTC
	local := time.Date(2026, 6, 20, 11, 30, 5, 0, time.UTC)
	film := picture.Info{Kind: picture.Video, Format: "mp4", MIME: "video/mp4", Width: 64, Height: 48, Orientation: 1, Duration: 2 * time.Second}
	with := func(i picture.Info, change func(i *picture.Info)) picture.Info {
		change(&i)
		return i
	}
	mov := with(film, func(i *picture.Info) { i.Format, i.MIME = "mov", "video/quicktime" })
	wav := picture.Info{Kind: picture.Audio, Format: "wav", MIME: "audio/wav", Orientation: 1, Duration: 2 * time.Second, TakenAt: local}
	// 76 frames of 1152 samples are the most that fit into two seconds of 44,100.
	mp3 := picture.Info{Kind: picture.Audio, Format: "mp3", MIME: "audio/mpeg", Orientation: 1, Duration: 1985306122}
	for name, want := range map[string]picture.Info{
		"card.mp4": with(film, func(i *picture.Info) {
			i.TakenAt, i.Camera, i.HasC2PA, i.HasGPS = face, "GoPro HERO11", true, mustInspect(t, picturetest.JPEG(8, 8, picturetest.Options{XMP: []byte(foreignXMP)})).HasGPS
			i.Texts = []string{"Vår på torget", "K7Q2-M9XD"}
		}),
		"phone.mov": with(mov, func(i *picture.Info) {
			i.TakenAt, i.TakenAtOffsetKnown, i.Camera, i.HasGPS, i.Orientation = shotAt, true, "Apple iPhone 15", true, 6
			i.Duration = 3700 * time.Millisecond
		}),
		"android.mp4":   with(film, func(i *picture.Info) { i.TakenAt, i.TakenAtOffsetKnown, i.Orientation = face, true, 8 }),
		"quicktime.mov": with(mov, func(i *picture.Info) { i.TakenAt, i.Orientation = face, 3 }),
		"canon.mov": with(mov, func(i *picture.Info) {
			i.TakenAt, i.TakenAtOffsetKnown, i.Camera, i.Lens, i.Serial, i.HasGPS = shotAt, true, "Canon EOS R5", "RF 50mm F1.8", "4711", true
		}),
		"sony.mp4": with(film, func(i *picture.Info) {
			i.TakenAt, i.TakenAtOffsetKnown, i.Camera, i.Serial = shotAt, true, "Sony ILCE-7M4", "0123456"
		}),
		"itunes.m4a": {Kind: picture.Audio, Format: "m4a", MIME: "audio/mp4", Orientation: 1, Duration: 2 * time.Second, TakenAt: shotAt,
			TakenAtOffsetKnown: true, Texts: []string{"Vår på torget"}},
		"recorder.wav": with(wav, func(i *picture.Info) {
			i.Duration, i.Camera, i.Texts = 2500*time.Millisecond, "Example H4", []string{"Kor", "Vår på torget", "K7Q2-M9XD"}
		}),
		"long.wav":   wav,
		"tagged.mp3": with(mp3, func(i *picture.Info) { i.TakenAt, i.Texts = local, []string{"Vår på torget", "Kor"} }),
		"old.mp3": with(mp3, func(i *picture.Info) {
			i.TakenAt, i.Texts = local.Truncate(time.Minute), []string{"Vår på torget", "Kor"}
		}),
		"untagged.mp3": mp3,
	} {
		got := mustInspect(t, madeMedia()[name])
		if !got.TakenAt.Equal(want.TakenAt) {
			t.Errorf("%s: taken at %v, want %v", name, got.TakenAt, want.TakenAt)
		}
		got.TakenAt = want.TakenAt
		for _, s := range want.Texts {
			if !strings.Contains(strings.Join(got.Texts, "\n"), s) {
				t.Errorf("%s: no text %q among %q", name, s, got.Texts)
			}
		}
		if name == "card.mp4" {
			got.Texts = want.Texts // and those of its XMP
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", name, got, want)
		}
	}
}

// TestExiftoolReadsTheSameFromFilmsAndSounds compares with a foreign reader, so that what is made for these tests is what it is taken
// for.
func TestExiftoolReadsTheSameFromFilmsAndSounds(t *testing.T) {
	t.Parallel()
	files := madeMedia()
	for name, tags := range rawTags(t, files) {
		info := mustInspect(t, files[name])
		got := map[string]any{}
		for _, group := range []string{"Track1", "Composite", "QuickTime"} {
			if w, ok := tags[group+":ImageWidth"].(float64); ok && got["width"] == nil {
				got["width"], got["height"] = w, tags[group+":ImageHeight"]
			}
		}
		if info.Kind == picture.Video && (got["width"] != float64(info.Width) || got["height"] != float64(info.Height)) {
			t.Errorf("%s: exiftool says %v × %v", name, got["width"], got["height"])
		}
		turned := map[float64]int{0: 1, 90: 6, 180: 3, 270: 8}
		if r, ok := tags["Composite:Rotation"].(float64); ok && turned[r] != info.Orientation {
			t.Errorf("%s: exiftool says turned by %v", name, r)
		}
		var duration any
		for _, tag := range []string{"QuickTime:Duration", "Composite:Duration"} {
			if d, ok := tags[tag]; ok && duration == nil {
				duration = d
			}
		}
		// exiftool reckons the length of a sound without a count from the bytes of the file, with everything that is in it.
		tolerance := 0.02
		switch {
		case strings.HasSuffix(name, "tagged.mp3"):
			tolerance = 0.25
		case strings.HasSuffix(name, ".wav"):
			tolerance = 0.06
		}
		if d, ok := duration.(float64); !ok || math.Abs(d-info.Duration.Seconds()) > tolerance {
			t.Errorf("%s: exiftool says %v seconds, we %v", name, duration, info.Duration)
		}
		at := ""
		for _, tag := range []string{"Keys:CreationDate", "XML:CreationDateValue", "ItemList:ContentCreateDate", "ExifIFD:DateTimeOriginal",
			"RIFF:DateTimeOriginal", "ID3v2_4:RecordingTime", "QuickTime:CreateDate"} {
			if s, ok := tags[tag].(string); ok && at == "" && !strings.HasPrefix(s, "0000") {
				at = s[:19]
			}
		}
		if want := info.TakenAt.Format("2006:01:02 15:04:05"); !info.TakenAt.IsZero() && at != want && name != "old.mp3" {
			t.Errorf("%s: exiftool says %q, we %q", name, at, want)
		}
	}
}

func TestFilmWithAPictureInsideHasThatPreviewAndNoOtherHasOne(t *testing.T) {
	t.Parallel()
	with := map[string]bool{"card.mp4": true, "canon.mov": true, "tagged.mp3": true}
	for name, file := range madeMedia() {
		preview, err := picture.Preview(bytes.NewReader(file), int64(len(file)), 100)
		if !with[name] {
			if !errors.Is(err, picture.ErrNoPreview) {
				t.Errorf("%s: %v, want ErrNoPreview", name, err)
			}
			continue
		}
		config, _, decoding := image.DecodeConfig(bytes.NewReader(preview))
		if err != nil || decoding != nil || config.Width != 100 || config.Height != 75 {
			t.Errorf("%s: preview of %d × %d (%v, %v)", name, config.Width, config.Height, err, decoding)
		}
	}
}

func TestLengthOfAFilmInFragmentsIsTheirs(t *testing.T) {
	t.Parallel()
	got := mustInspect(t, picturetest.Film(picturetest.FilmOptions{Fragments: 5, Duration: 4 * time.Second}))
	if got.Duration != 4*time.Second || got.Kind != picture.Video {
		t.Errorf("got %+v", got)
	}
}

// TestRecordingThatWasCutOffIsDamagedAndSaysSo cuts whole files at every place in turn; near the end, where nothing is missed, a
// file may be whole.
func TestRecordingThatWasCutOffIsDamagedAndSaysSo(t *testing.T) {
	t.Parallel()
	for name, file := range map[string][]byte{
		"index last":  picturetest.Film(picturetest.FilmOptions{Duration: 200 * time.Millisecond}),
		"index first": picturetest.Film(picturetest.FilmOptions{Duration: 200 * time.Millisecond, IndexFirst: true}),
		"fragments":   picturetest.Film(picturetest.FilmOptions{Duration: 200 * time.Millisecond, Fragments: 1}),
		"WAV":         picturetest.WAV(picturetest.SoundOptions{Duration: 200 * time.Millisecond}),
		"counted MP3": picturetest.MP3(picturetest.SoundOptions{Duration: 200 * time.Millisecond, Counted: true, RecordedAt: shotAt}),
	} {
		for cut := len(file) - 1; cut > 32; cut = min(cut-1, cut*9/10) {
			_, err := inspect(file[:cut])
			if !errors.Is(err, picture.ErrDamaged) {
				t.Errorf("%s cut to %d of %d bytes: %v", name, cut, len(file), err)
			} else if cut > len(file)/2 && !strings.Contains(err.Error(), "cut off") {
				t.Errorf("%s cut to %d of %d bytes is not named: %v", name, cut, len(file), err)
			}
		}
	}
	unfinished := picturetest.WAV(picturetest.SoundOptions{})
	copy(unfinished[4:], []byte{0, 0, 0, 0}) // the recorder writes the length when it stops
	if _, err := inspect(unfinished); !errors.Is(err, picture.ErrDamaged) || !strings.Contains(err.Error(), "cut off") {
		t.Errorf("unfinished WAV: %v", err)
	}
}

func TestTimeOfAFilmsHeaderIsAMomentOnlyWhenItsWriterIsKnownToKeepUTC(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		film  picturetest.FilmOptions
		known bool
		at    time.Time
	}{
		{"camera", picturetest.FilmOptions{Created: shotAt}, false, shotAt},
		{"Android", picturetest.FilmOptions{Created: shotAt, Android: true}, true, shotAt},
		{"the time with an offset beats the header", picturetest.FilmOptions{Created: shotAt.Add(time.Hour), CreationDate: shotAt}, true, shotAt},
		{"a time with its offset beats a better place without", picturetest.FilmOptions{Sony: strings.Replace(sonyXML, "11:30:05+02:00", "11:30:04", 1),
			DayText: shotAt.Format(time.RFC3339)}, true, shotAt},
		{"a date alone is no time", picturetest.FilmOptions{Created: shotAt, DayText: "2026"}, false, shotAt},
		{"no time", picturetest.FilmOptions{}, false, time.Time{}},
	} {
		got := mustInspect(t, picturetest.Film(c.film))
		if got.TakenAtOffsetKnown != c.known || !got.TakenAt.Equal(c.at) {
			t.Errorf("%s: %v, known %v", c.name, got.TakenAt, got.TakenAtOffsetKnown)
		}
	}
}

func TestEveryTurnAndReflectionOfAFilmIsItsOrientation(t *testing.T) {
	t.Parallel()
	for orientation := 1; orientation <= 8; orientation++ {
		if got := mustInspect(t, picturetest.Film(picturetest.FilmOptions{Orientation: orientation})).Orientation; got != orientation {
			t.Errorf("orientation %d is read as %d", orientation, got)
		}
	}
}

func TestPositionsOfActionCamerasAreSeen(t *testing.T) {
	t.Parallel()
	file := picturetest.Film(picturetest.FilmOptions{})
	if mustInspect(t, file).HasGPS {
		t.Error("a position in a film without one")
	}
	// The sound becomes the telemetry that lies in a track beside the film.
	file = bytes.ReplaceAll(bytes.ReplaceAll(file, []byte("soun"), []byte("meta")), []byte("sowt"), []byte("gpmd"))
	if !mustInspect(t, file).HasGPS {
		t.Error("no position")
	}
}

func ExampleInspect_film() {
	file := picturetest.Film(picturetest.FilmOptions{Duration: 90 * time.Second})
	info, err := picture.Inspect(bytes.NewReader(file), int64(len(file)))
	fmt.Println(info.Kind, info.Format, info.Duration, err)
	// Output: video mp4 1m30s <nil>
}
