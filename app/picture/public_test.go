package picture_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"samtykke/app/picture"
	"samtykke/app/picture/picturetest"
)

// mayTell are the text fields, as exiftool names them, that a public copy passes on: equipment, credit and rights.
var mayTell = func() map[string]bool {
	m := map[string]bool{}
	for _, name := range strings.Fields(`EXIF:Make EXIF:Model EXIF:LensMake EXIF:LensModel EXIF:Artist EXIF:Copyright
		XMP:Creator XMP:Rights XMP:Credit XMP:Owner XMP:Certificate XMP:License XMP:AttributionName XMP:AttributionURL
		XMP:CreditLineRequired XMP-tiff:Artist XMP-tiff:Copyright`) {
		m[name] = true
	}
	for _, name := range strings.Fields(`CopyrightOwnerID CopyrightOwnerName CopyrightRegistrationNumber ImageCreatorID ImageCreatorName
		ImageSupplierID ImageSupplierName LicensorID LicensorName LicensorURL LicensorEmail LicensorStreetAddress
		LicensorExtendedAddress LicensorCity LicensorRegion LicensorPostalCode LicensorCountry LicensorTelephone1 LicensorTelephone2
		PLUSVersion MediaSummaryCode MediaConstraints RegionConstraints ProductOrServiceConstraints
		OtherLicenseRequirements TermsAndConditionsText TermsAndConditionsURL`) {
		m["XMP:"+name] = true
	}
	return m
}()

// marked returns a JPEG with a text of its own in every field of the groups that exiftool can write a text to, and the
// field that each text was written to.
func marked(tb testing.TB, groups ...string) (file []byte, fields map[string]string) {
	tb.Helper()
	program := tool(tb, "exiftool")
	var names []string
	for _, group := range groups {
		out, err := exec.Command(program, "-listw", "-"+group+":All").Output()
		if err != nil {
			tb.Fatal(err)
		}
		_, list, _ := strings.Cut(string(out), ":\n")
		for _, name := range strings.Fields(list) {
			names = append(names, group+":"+name)
		}
	}
	names = append(names, strings.Fields(`EXIF:ImageDescription EXIF:DocumentName EXIF:HostComputer EXIF:UserComment EXIF:OwnerName
		EXIF:SerialNumber EXIF:LensSerialNumber EXIF:XPTitle EXIF:XPComment EXIF:XPAuthor EXIF:XPSubject EXIF:XPKeywords
		XMP-dc:Description XMP-dc:Subject XMP-dc:Title XMP-exif:UserComment XMP-tiff:ImageDescription XMP-aux:OwnerName
		XMP-photoshop:History XMP-photoshop:DocumentAncestors XMP-photoshop:AuthorsPosition XMP-photoshop:Headline
		XMP-xmp:Label XMP-xmp:Nickname XMP-xmpMM:PreservedFileName XMP-crs:RawFileName XMP-xmpDM:Artist XMP-plus:ModelReleaseID
		XMP-tiff:Artist XMP-tiff:Copyright IPTC:Caption-Abstract Comment`)...)
	fields = map[string]string{}
	var lines []string
	for i, name := range names {
		// Letters only, because exiftool reads a time out of digits.
		mark := "Kari" + string([]byte{'a' + byte(i/676), 'a' + byte(i/26%26), 'a' + byte(i%26)}) + "Navn"
		fields[mark] = name
		lines = append(lines, "-"+name+"="+mark)
	}
	dir := tb.TempDir()
	path, args := filepath.Join(dir, "a.jpg"), filepath.Join(dir, "args")
	opts := camera()
	if err := os.WriteFile(path, picturetest.JPEG(64, 48, opts), 0o600); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(args, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		tb.Fatal(err)
	}
	// It fails because many fields take no text; what counts is what the file then holds.
	_, _ = exec.Command(program, "-m", "-q", "-overwrite_original", "-@", args, path).CombinedOutput()
	file, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return file, fields
}

var mark = regexp.MustCompile(`Kari[a-z]{3}Navn`)

// marks lists the texts in a file, in UTF-8 and in the UTF-16 of Windows' fields.
func marks(file []byte) map[string]bool {
	found := map[string]bool{}
	for _, m := range mark.FindAll(file, -1) {
		found[string(m)] = true
	}
	for _, m := range mark.FindAll(bytes.ReplaceAll(file, []byte{0}, nil), -1) {
		found[string(m)] = true
	}
	return found
}

func TestPublicCopyPassesOnNoTextButCreditAndRights(t *testing.T) {
	t.Parallel()
	before, fields := marked(t, "EXIF", "XMP", "IPTC")
	if n := len(marks(before)); n < 1000 {
		t.Fatalf("exiftool wrote only %d texts", n)
	}
	kept := map[string]bool{}
	after := writeJPEG(t, before, snapshot(picture.ProfilePublic))
	for m := range marks(after) {
		kept[fields[m]] = true
		if !mayTell[fields[m]] {
			t.Errorf("the public copy passes on %s", fields[m])
		}
	}
	for _, right := range []string{"EXIF:Artist", "EXIF:Copyright", "EXIF:Model", "XMP:Creator", "XMP:Rights", "XMP:Credit",
		"XMP:CopyrightOwnerName", "XMP:LicensorName"} {
		if !kept[right] {
			t.Errorf("the public copy lost %s", right)
		}
	}
	if got := exiftool(t, after, "public.jpg")["IFD0:Artist"]; got == nil {
		t.Error("exiftool reads no EXIF Artist")
	}
	if !bytes.Equal(fromSOS(t, before), fromSOS(t, after)) {
		t.Error("the image data differs")
	}
	sidecar, err := picture.Sidecar([]byte(foreignXMP), snapshot(picture.ProfilePublic))
	if err != nil {
		t.Fatal(err)
	}
	if s := string(sidecar); strings.Contains(s, "Kari") || strings.Contains(s, "crs") || !strings.Contains(s, "Per Fotograf") {
		t.Errorf("public sidecar:\n%s", s)
	}
}

func TestInternalCopyPassesOnEveryText(t *testing.T) {
	t.Parallel()
	before, fields := marked(t, "EXIF", "IPTC", "XMP-dc", "XMP-photoshop", "XMP-xmpDM")
	after := marks(writeJPEG(t, before, snapshot(picture.ProfileInternal)))
	for m := range marks(before) {
		// The ids of releases are ours to write.
		if !after[m] && fields[m] != "XMP-plus:ModelReleaseID" {
			t.Errorf("the internal copy lost %s", fields[m])
		}
	}
}

func TestPublicPacketHoldsNothingAroundWhatItKeeps(t *testing.T) {
	t.Parallel()
	const packet = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><!-- Kari 1 --><?tool Kari 2?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Kari 3" xmlns:k3="urn:Kari"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<r:Description r:about="Kari 4" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:u="https://nobody.example/Kari/"
  xmlns:q="http://ns.useplus.org/ldf/xmp/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" u:Text="Kari 5" tiff:Orientation="Kari 6"
  xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:ColorSpace="1">
 <dc:creator><r:Seq><r:li u:alias="Kari 7">Per Fotograf<!-- Kari 8 --></r:li>
  <r:li r:parseType="Resource"><r:value>Anne Fotograf</r:value><u:sees>Kari 9</u:sees></r:li></r:Seq></dc:creator>
 <dc:rights><r:Alt><r:li xml:lang="Kari 10">Kommunen</r:li></r:Alt></dc:rights>
 <dc:format>image/Kari 11</dc:format>
 <q:Licensor><r:Seq><r:li><r:Description q:LicensorName="Byrå" q:LicensorNotes="Kari 12"/></r:li></r:Seq></q:Licensor>
 <q:LicenseeImageNotes>Kari 13</q:LicenseeImageNotes>
 <u:More><dc:creator>Kari 14</dc:creator></u:More>
</r:Description><r:Seq><r:li>Kari 15</r:li></r:Seq></r:RDF></x:xmpmeta>`
	after := writeJPEG(t, picturetest.JPEG(64, 48, picturetest.Options{XMP: []byte(packet)}), snapshot(picture.ProfilePublic))
	if m := regexp.MustCompile(`Kari \d*`).FindAll(after, -1); bytes.Contains(after, []byte("Kari")) {
		t.Errorf("the packet holds %q", m)
	}
	tags := exiftool(t, after, "a.jpg")
	for tag, want := range map[string]string{
		"XMP-dc:Creator": "[Per Fotograf Anne Fotograf]", "XMP-dc:Rights": "Kommunen", "XMP-exif:ColorSpace": "sRGB",
		"XMP-plus:Licensor": "[map[LicensorName:Byrå]]", "ExifTool:Validate": "OK",
	} {
		if got := fmt.Sprint(tags[tag]); got != want {
			t.Errorf("%s is %s, want %s", tag, got, want)
		}
	}
}

func TestPublicCopyHasOnlyTheSegmentsThatAnImageNeeds(t *testing.T) {
	t.Parallel()
	jfif := append([]byte{1, 2, 0, 0, 1, 0, 1, 0, 0}, "Kari"...)
	adobe := append([]byte{0, 100, 0, 0, 0, 0, 1}, "Kari"...)
	icc := picturetest.Segment(0xE2, "ICC_PROFILE\x00\x01\x01", adobeRGBProfile())
	opts := picturetest.Options{Segments: [][]byte{
		picturetest.Segment(0xE0, "JFIF\x00", jfif), picturetest.Segment(0xE0, "JFXX\x00", []byte("Kari")), icc,
		picturetest.Segment(0xE1, "Exif\x00\x00", []byte("Kari")), picturetest.Segment(0xE1, "Exif\x00\x00", []byte("Kari")),
		picturetest.Segment(0xEE, "Adobe", adobe), picturetest.Segment(0xEE, "Kari", nil), picturetest.Segment(0xFE, "Kari", nil),
		picturetest.Segment(0xE1, "QVCI\x00", []byte("Kari")), picturetest.Segment(0xE2, "FPXR\x00", []byte("Kari")),
		picturetest.Segment(0xF0, "Kari", nil), picturetest.Segment(0xEB, "HDR_RI Kari", nil),
	}}
	for marker := byte(0xE3); marker <= 0xEF; marker++ {
		opts.Segments = append(opts.Segments, picturetest.Segment(marker, "Kari", nil))
	}
	before := picturetest.JPEG(64, 48, opts)
	image := fromSOS(t, before)
	// Comments may also stand where a further scan could begin.
	inside := append(bytes.Clone(before[:len(before)-2]), picturetest.Segment(0xFE, "Kari", nil)...)
	after := writeJPEG(t, append(inside, 0xFF, 0xD9), snapshot(picture.ProfilePublic))
	if bytes.Contains(after, []byte("Kari")) {
		t.Error("a segment was passed on")
	}
	if !bytes.Contains(after, icc) || !bytes.Contains(after, picturetest.Segment(0xEE, "Adobe", adobe[:7])) ||
		!bytes.Contains(after, picturetest.Segment(0xE0, "JFIF\x00", jfif[:9])) {
		t.Error("a segment that colours or size depend on is gone")
	}
	if !bytes.Equal(fromSOS(t, after), image) {
		t.Error("the image data differs")
	}
}

func TestPublicEXIFHasNoTextsBetweenItsFieldsAndNoThumbnail(t *testing.T) {
	t.Parallel()
	comment := picturetest.Segment(0xFE, "Kari in the thumbnail", nil)
	thumbnail := picturetest.JPEG(32, 24, picturetest.Options{Segments: [][]byte{comment}})
	photographer := append([]byte("Åse Fotograf"), 0)
	b := binary.BigEndian
	field := func(to []byte, tag, kind uint16, count, value uint32) []byte {
		to = b.AppendUint16(b.AppendUint16(to, tag), kind)
		return b.AppendUint32(b.AppendUint32(to, count), value)
	}
	// Header, four fields, one of them twice, a text that no field refers to, the texts, a directory for the thumbnail, the thumbnail.
	texts := 8 + 2 + 4*12 + 4 + 16
	second := texts + len(photographer) + 12
	tiff := field([]byte("MM\x00\x2A\x00\x00\x00\x08\x00\x04"), 0x0112, 3, 1, 6<<16)
	tiff = field(tiff, 0x010E, 2, 12, uint32(texts+len(photographer)))
	tiff = field(tiff, 0x013B, 129, uint32(len(photographer)), uint32(texts))
	tiff = field(tiff, 0x013B, 2, 12, uint32(texts+len(photographer)))
	tiff = append(b.AppendUint32(tiff, uint32(second)), "Kari between...."...)
	tiff = append(append(tiff, photographer...), "Kari tells.\x00"...)
	tiff = field(append(tiff, 0, 2), 0x0201, 4, 1, uint32(second+2+2*12+4))
	tiff = append(field(tiff, 0x0202, 4, 1, uint32(len(thumbnail))), 0, 0, 0, 0)
	tiff = append(tiff, thumbnail...)
	file := picturetest.JPEG(64, 48, picturetest.Options{Segments: [][]byte{picturetest.Segment(0xE1, "Exif\x00\x00", tiff)}})

	after := writeJPEG(t, file, snapshot(picture.ProfilePublic))
	if bytes.Contains(after, []byte("Kari")) {
		t.Error("a text is left")
	}
	if !bytes.Contains(after, photographer) {
		t.Error("the photographer's name, in the UTF-8 of EXIF 3.0, is gone")
	}
	if info := mustInspect(t, after); info.Orientation != 6 {
		t.Errorf("orientation %d", info.Orientation)
	}
	if bytes.Contains(after, fromSOS(t, thumbnail)) {
		t.Error("the thumbnail is there, which may show what was cropped or blurred")
	}
	utf16le := func(s string) (b []byte) {
		for _, u := range utf16.Encode([]rune(s)) {
			b = binary.LittleEndian.AppendUint16(b, u)
		}
		return b
	}
	if !marks(utf16le("KariaabNavn"))["KariaabNavn"] {
		t.Error("the tests overlook UTF-16")
	}
}
