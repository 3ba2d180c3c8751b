package picture_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"samtykke/app/picture/picturetest"
)

// TestTextsOfAnotherProgramAreFound has exiftool write each field into a file of each format that can carry it.
func TestTextsOfAnotherProgramAreFound(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("exiftool"); err != nil {
		t.Skip("exiftool is not installed")
	}
	var plain bytes.Buffer
	if err := png.Encode(&plain, picturetest.Scene(64, 48, 1)); err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"a.jpg": picturetest.JPEG(64, 48, picturetest.Options{}), "a.png": plain.Bytes(),
		"a.tif": picturetest.TIFF(64, 48, picturetest.Options{}), "a.webp": picturetest.WebP(64, 48, picturetest.Options{}),
		"a.dng": picturetest.RAW("dng", 64, 48, picturetest.Options{Model: "Model 7"})}
	exif := []string{"EXIF:ImageDescription", "EXIF:UserComment", "EXIF:XPTitle", "EXIF:XPComment", "EXIF:XPKeywords", "EXIF:XPSubject",
		"XMP-dc:Title", "XMP-dc:Description", "XMP-dc:Subject", "XMP-photoshop:Headline"}
	iptc := []string{"IPTC:ObjectName", "IPTC:Headline", "IPTC:Keywords", "IPTC:Caption-Abstract"}
	fields := map[string][]string{"a.jpg": append(iptc, exif...), "a.tif": append(iptc, exif...), "a.dng": append(iptc, exif...), "a.webp": exif,
		"a.png": append([]string{"PNG:Title", "PNG:Description", "PNG:Comment"}, exif...)}
	dir := t.TempDir()
	for name, file := range files {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		args := []string{"-q", "-overwrite_original"}
		var want []string
		for i, field := range fields[name] {
			want = append(want, fmt.Sprintf("Blåbær 例 %s-%d", strings.ReplaceAll(field, ":", "."), i))
			if strings.HasPrefix(field, "PNG:") || strings.HasPrefix(field, "IPTC:") {
				want[i] = strings.ReplaceAll(want[i], " 例", "") // what ISO 8859-1 has no letter for
			}
			args = append(args, "-"+field+"="+want[i])
		}
		if out, err := exec.CommandContext(t.Context(), "exiftool", append(args, path)...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", name, err, out)
		}
		written, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		got := mustInspect(t, written).Texts
		for _, w := range want {
			if !slices.Contains(got, w) {
				t.Errorf("%s: %q is not among %q", name, w, got)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: %d texts, want %d: %q", name, len(got), len(want), got)
		}
	}
}

// TestCaptureTimeAndSerialNumberAreAlsoReadFromXMP: programs that export PNG and WebP often write no EXIF.
func TestCaptureTimeAndSerialNumberAreAlsoReadFromXMP(t *testing.T) {
	t.Parallel()
	packet := []byte(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description r:about=""
		xmlns:e="http://ns.adobe.com/exif/1.0/" e:DateTimeOriginal="2026-06-20T11:30:05+02:00" xmlns:p="http://ns.adobe.com/photoshop/1.0/"
		p:DateCreated="2020-01-01T00:00:00" xmlns:a="http://ns.adobe.com/exif/1.0/aux/" a:SerialNumber="4711"/></r:RDF></x:xmpmeta>`)
	info := mustInspect(t, picturetest.WebP(64, 48, picturetest.Options{XMP: packet}))
	if at := rawCamera().TakenAt; !info.TakenAt.Equal(at) || !info.TakenAtOffsetKnown || info.Serial != "4711" {
		t.Errorf("got %v, known %v, serial number %q", info.TakenAt, info.TakenAtOffsetKnown, info.Serial)
	}
	opts := rawCamera()
	opts.XMP = bytes.ReplaceAll(packet, []byte("2026-06-20T11"), []byte("2020-06-20T11"))
	if info := mustInspect(t, picturetest.JPEG(64, 48, opts)); !info.TakenAt.Equal(opts.TakenAt) || info.Serial != opts.Serial {
		t.Errorf("EXIF says %v and %q, got %v and %q", opts.TakenAt, opts.Serial, info.TakenAt, info.Serial)
	}
}

func TestTextsAreBoundedDistinctAndValid(t *testing.T) {
	t.Parallel()
	var subjects strings.Builder
	for i := range 500 {
		fmt.Fprintf(&subjects, "<r:li>%d %s</r:li><r:li>twice</r:li>", i, strings.Repeat("ø", 1500))
	}
	file := picturetest.TIFF(64, 48, picturetest.Options{Description: "A\xFF\x01B", XMP: []byte(`<x:xmpmeta xmlns:x="adobe:ns:meta/">
		<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description r:about="" xmlns:d="http://purl.org/dc/elements/1.1/">
		<d:subject><r:Bag>` + subjects.String() + `</r:Bag></d:subject></r:Description></r:RDF></x:xmpmeta>`)})
	texts := mustInspect(t, file).Texts
	if len(texts) < 10 || len(texts) > 64 {
		t.Errorf("%d texts", len(texts))
	}
	seen := map[string]bool{}
	for _, s := range texts {
		if seen[s] || len(s) > 2000 || !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\x01\n") {
			t.Errorf("a text of %d bytes: %.20q…", len(s), s)
		}
		seen[s] = true
	}
	if !seen["AÿB"] && !seen["Aÿ B"] {
		t.Errorf("the description is not among %.40q", texts)
	}
	if b, err := json.Marshal(texts); err != nil || bytes.Contains(b, []byte("\uFFFD")) {
		t.Errorf("as JSON: %v", err)
	}
}
