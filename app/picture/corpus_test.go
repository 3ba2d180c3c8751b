package picture_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"samtykke/app/picture"
)

// realFiles lists the files of a folder of real camera files, when SAMTYKKE_CORPUS names one.
func realFiles(t *testing.T) map[string][]byte {
	t.Helper()
	dir := os.Getenv("SAMTYKKE_CORPUS")
	if dir == "" {
		t.Skip("SAMTYKKE_CORPUS names no folder of camera files")
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files in %s: %v", dir, err)
	}
	files := map[string][]byte{}
	for _, path := range paths {
		if files[filepath.Base(path)], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// TestRealCameraFilesAreReadOrRefusedByName knows what some of the files are; of any others it asks only that they are read or refused.
func TestRealCameraFilesAreReadOrRefusedByName(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"README.md":           "unsupported file: not an image",
		"compact-camera.jpg":  "jpeg 2048 × 1536, 6, 2015-02-09 22:47:44, Canon PowerShot SX60 HS",
		"corrupted.jpg":       "damaged image: the image data is broken",
		"gps.jpg":             "jpeg 640 × 480, 1, 2008-10-22 16:28:39, NIKON COOLPIX P6000, at a place",
		"invalid-1.jpg":       "jpeg 636 × 227, 1",
		"jolla.jpg":           "jpeg 3264 × 2448, 1, 2014-09-21 16:00:56, Jolla",
		"landscape_1.jpg":     "jpeg 600 × 450, 1",
		"landscape_5.jpg":     "jpeg 450 × 600, 5",
		"landscape_8.jpg":     "jpeg 450 × 600, 8",
		"odd-metadata-1.jpg":  "jpeg 4032 × 3024, 1, 2014-08-23 13:05:43, OLYMPUS IMAGING CORP. E-P3",
		"odd-metadata-2.jpg":  "jpeg 1600 × 1200, 1, 2002-04-21 00:30:33, CASIO COMPUTER CO.,LTD. EX-M2",
		"odd-metadata-3.jpg":  "jpeg 4032 × 2012, 1, samsung SM-G930F, at a place",
		"phone-portrait.HEIC": "heic 3024 × 4032, 1, 2022-02-16 12:55:41, Apple iPhone 13 Pro Max",
		"phone.HEIC":          "heic 2566 × 3313, 1, 2021-04-11 15:47:53, Apple iPhone 11 Pro Max, at a place",
		"phone-12mp.jpg":      "jpeg 4608 × 1976, 1, 2022-08-14 14:12:31, HMD Global Nokia 8.3 5G, at a place",
		"phone-8mp.jpg":       "jpeg 3264 × 2448, 1, 2015-04-10 20:12:23, Apple iPhone 6, at a place",
		"portrait_1.jpg":      "jpeg 450 × 600, 1",
		"portrait_3.jpg":      "jpeg 450 × 600, 3",
		"portrait_6.jpg":      "jpeg 600 × 450, 6",
		"portrait_8.jpg":      "jpeg 600 × 450, 8",
	}
	for name, file := range realFiles(t) {
		info, err := inspect(file)
		got := told(info, err)
		if w, known := want[name]; known && got != w {
			t.Errorf("%s:\n got %s\nwant %s", name, got, w)
		}
		t.Logf("%-20s %s", name, got)
		if err != nil {
			if !errors.Is(err, picture.ErrUnsupported) && !errors.Is(err, picture.ErrDamaged) {
				t.Errorf("%s: %v names no reason", name, err)
			}
			continue
		}
		p, err := picture.Preview(bytes.NewReader(file), int64(len(file)), 320)
		if err != nil {
			t.Logf("%s: %v", name, err)
			continue
		}
		config, err := jpeg.DecodeConfig(bytes.NewReader(p))
		if upright := info.Orientation < 5; err != nil || (config.Width > config.Height) != (upright == (info.Width > info.Height)) {
			t.Errorf("%s: preview of %d × %d (%v)", name, config.Width, config.Height, err)
		}
		if _, err := picture.FindSlates(t.Context(), bytes.NewReader(file), int64(len(file)), parseCard); err != nil {
			t.Errorf("%s: FindSlates: %v", name, err)
		}
	}
}

// told is the essentials of a file in one line.
func told(info picture.Info, err error) string {
	if err != nil {
		return err.Error()
	}
	s := fmt.Sprintf("%s %d × %d, %d", info.Format, info.Width, info.Height, info.Orientation)
	if !info.TakenAt.IsZero() {
		s += info.TakenAt.Format(", 2006-01-02 15:04:05")
	}
	if info.Camera != "" {
		s += ", " + info.Camera
	}
	if info.HasGPS {
		s += ", at a place"
	}
	return s
}

// TestRealFilesOfEveryOrientationLookTheSame: each of these shows one scene, stored in another way.
func TestRealFilesOfEveryOrientationLookTheSame(t *testing.T) {
	t.Parallel()
	files := realFiles(t)
	for _, scene := range [][]string{{"landscape_1.jpg", "landscape_5.jpg", "landscape_8.jpg"},
		{"portrait_1.jpg", "portrait_3.jpg", "portrait_6.jpg", "portrait_8.jpg"}} {
		var first image.Image
		for _, name := range scene {
			file, ok := files[name]
			if !ok {
				continue
			}
			img := preview(t, file, 200)
			if first == nil {
				first = img
			}
			if d := difference(first, img); d > 12 {
				t.Errorf("%s differs from %s by %.0f of 255", name, scene[0], d)
			}
		}
	}
}

// difference is the mean difference of two pictures' brightness, 255 when their sizes differ.
func difference(a, b image.Image) float64 {
	if a.Bounds() != b.Bounds() {
		return 255
	}
	sum, n := 0, 0
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			_, g1, _, _ := a.At(x, y).RGBA()
			_, g2, _, _ := b.At(x, y).RGBA()
			sum += abs(int(g1>>8) - int(g2>>8))
			n++
		}
	}
	return float64(sum) / float64(n)
}
