package picture_test

import (
	"bytes"
	"testing"
	"time"
	"unicode/utf8"

	"samtykke/app/picture"
	"samtykke/app/picture/picturetest"
)

// fuzzReader breaks whole files of one kind and wants an answer that a caller can use, whatever they hold. Pixels are decoded of
// small pictures only: large ones are a matter of time, not of soundness.
func fuzzReader(f *testing.F, whole ...[]byte) {
	f.Helper()
	for _, file := range whole {
		f.Add(file)
		f.Add(file[:len(file)*2/3])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := picture.Open(bytes.NewReader(data), int64(len(data)))
		if !named(err) {
			t.Fatalf("unnamed error %v", err)
		}
		if err != nil {
			return
		}
		info := file.Info()
		if info.Duration < 0 || info.Width < 0 || info.Height < 0 || info.Orientation < 1 || info.Orientation > 8 || len(info.Texts) > 64 {
			t.Fatalf("impossible facts %+v", info)
		}
		if info.Kind == picture.Photo && (info.Width == 0 || info.Height == 0 || info.Duration != 0) {
			t.Fatalf("impossible photo %+v", info)
		}
		if info.TakenAt.Before(time.Time{}) {
			t.Fatalf("impossible time %v", info.TakenAt)
		}
		for _, s := range append(info.Texts, info.Camera, info.Lens, info.Serial) {
			if len(s) > 4000 || !utf8.ValidString(s) {
				t.Fatalf("impossible text %q", s)
			}
		}
		if info.Width*info.Height > 1<<17 {
			return
		}
		preview, err := file.Preview(64)
		if !named(err) {
			t.Fatalf("unnamed error %v", err)
		}
		if err == nil {
			mustInspect(t, preview)
		}
	})
}

func FuzzFilm(f *testing.F) {
	fuzzReader(f, smallFilm(), picturetest.Film(picturetest.FilmOptions{Brand: "qt  ", Duration: 200 * time.Millisecond, Make: "Apple", CreationDate: shotAt,
		Canon: picturetest.JPEG(16, 12, camera()), Orientation: 8}),
		picturetest.Film(picturetest.FilmOptions{Duration: 200 * time.Millisecond, Fragments: 2}), picturetest.Film(picturetest.FilmOptions{Brand: "M4A ", Duration: 200 * time.Millisecond}))
}

func FuzzHEIC(f *testing.F) {
	fuzzReader(f, picturetest.HEIC(picturetest.HEICOptions{Options: camera(), Turns: 1, JPEGThumbnail: true, C2PA: true}),
		picturetest.HEIC(picturetest.HEICOptions{Grid: true, Mirrored: true}))
}

func FuzzCR3(f *testing.F) {
	o := camera()
	o.XMP = []byte(foreignXMP)
	fuzzReader(f, picturetest.CR3(60, 40, o))
}

func FuzzWAV(f *testing.F) {
	fuzzReader(f, picturetest.WAV(smallSound()), picturetest.WAV(picturetest.SoundOptions{Duration: 10 * time.Millisecond, Long: true}))
}

func FuzzMP3(f *testing.F) {
	o := smallSound()
	o.Counted, o.Old = true, true
	fuzzReader(f, picturetest.MP3(smallSound()), picturetest.MP3(o))
}

// smallFilm tells as much as a film can in few bytes.
func smallFilm() []byte {
	return picturetest.Film(picturetest.FilmOptions{Duration: 200 * time.Millisecond, Width: 16, Height: 12, Created: shotAt, Title: "Vår", Comment: "K7Q2-M9XD",
		DayText: "2026-06-20T11:30:05+02:00", Maker: "Example", MakerModel: "Film 1", Cover: picturetest.Scene(16, 12, 1), XMP: []byte(foreignXMP), C2PA: true,
		Sony: sonyXML})
}

func smallSound() picturetest.SoundOptions {
	return picturetest.SoundOptions{Duration: 100 * time.Millisecond, RecordedAt: shotAt, Device: "Example recorder", Title: "Vår", Description: "K7Q2-M9XD",
		Note: "Kor", Cover: picturetest.Scene(16, 12, 1)}
}
