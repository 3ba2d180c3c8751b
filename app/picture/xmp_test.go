package picture_test

import (
	"bytes"
	"crypto/md5"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"samtykke/app/picture"
	"samtykke/app/picture/picturetest"
)

const person1, person2 = "urn:uuid:7a1c0000-0000-4000-8000-000000000001", "urn:uuid:7a1c0000-0000-4000-8000-000000000002"

func snapshot(profile picture.Profile) picture.XMP {
	return picture.XMP{
		Profile: profile, ModelReleaseStatus: picture.ModelReleaseLimited,
		ModelReleaseIDs: []string{"urn:uuid:0192f3a0-0000-7000-8000-000000000001"},
		PersonCodes:     []string{"K7Q2-M9XD", "B4T8-W3NP"}, PersonIDs: []string{person1, person2},
		UsageTerms: "Kun nettsted & interne flater <sjekk samtykke før bruk>", OtherConstraints: "Ikke sosiale medier.",
		WebStatement: "https://samtykke.example/vilkar", Marked: true,
		EventName: "Åpning av ny skole", EventID: "urn:uuid:0192f3a0-0000-7000-8000-0000000000e1",
		ConsentState: "partial", CheckedAt: time.Date(2026, 11, 22, 10, 15, 0, 0, oslo),
	}
}

// foreignXMP holds properties of other programs in all the forms that RDF/XML allows, and older ones of ours.
const foreignXMP = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Other 1.0">
 <r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <r:Description r:about="uuid:doc" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4" xmp:CreatorTool="A &quot;tool&quot;"
    xmlns:p="http://ns.useplus.org/ldf/xmp/1.0/" p:ModelReleaseStatus="http://ns.useplus.org/ldf/vocab/MR-UMR"
    p:DataMining="http://ns.useplus.org/ldf/vocab/DMI-ALLOWED"/>
  <r:Description r:about="uuid:doc" xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"
    xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="58,58.5N" exif:GPSLongitude="5,44E">
   <dc:creator><r:Seq><r:li>Per Fotograf</r:li></r:Seq></dc:creator>
   <dc:subject><r:Bag><r:li>skole</r:li><r:li>kari nordmann</r:li><r:li>Stavanger</r:li></r:Bag></dc:subject>
   <photoshop:Credit>Kommunen</photoshop:Credit>
   <photoshop:City>Stavanger</photoshop:City>
   <crs:Look r:parseType="Resource"><crs:Name>Adobe Color</crs:Name><crs:Amount>1</crs:Amount></crs:Look>
   <crs:Extra><r:Description crs:Inner="42"/></crs:Extra>
  </r:Description>
  <r:Description r:about="uuid:doc" xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/" xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#"
    xmlns:MP="http://ns.microsoft.com/photo/1.2/" xmlns:msk="https://samtykke.example/ns/consent/1.0/" msk:ConsentState="old">
   <e:PersonInImage><r:Bag><r:li>Kari Nordmann</r:li></r:Bag></e:PersonInImage>
   <mwg-rs:Regions r:parseType="Resource"><mwg-rs:RegionList><r:Bag><r:li><r:Description mwg-rs:Name="Kari Nordmann"
     mwg-rs:Type="Face"><mwg-rs:Area stArea:x="0.4" stArea:y="0.3" stArea:w="0.1" stArea:h="0.1" stArea:unit="normalized"/>
   </r:Description></r:li></r:Bag></mwg-rs:RegionList></mwg-rs:Regions>
   <MP:RegionInfo r:parseType="Resource"/>
  </r:Description>
 </r:RDF>
</x:xmpmeta>
<?xpacket end="w"?>`

func writeJPEG(tb testing.TB, file []byte, x picture.XMP) []byte {
	tb.Helper()
	var out bytes.Buffer
	if err := picture.WriteJPEG(&out, bytes.NewReader(file), x); err != nil {
		tb.Fatalf("WriteJPEG: %v", err)
	}
	return out.Bytes()
}

// exiftool returns the tags that exiftool reads from a file, as group:tag.
func exiftool(tb testing.TB, file []byte, name string) map[string]any {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), name)
	if err := os.WriteFile(path, file, 0o600); err != nil {
		tb.Fatal(err)
	}
	out, err := exec.Command(tool(tb, "exiftool"), "-json", "-G1", "-a", "-struct", "-validate", "-warning", "-all", path).Output()
	if err != nil {
		tb.Fatalf("exiftool: %v\n%s", err, out)
	}
	var tags []map[string]any
	if err := json.Unmarshal(out, &tags); err != nil {
		tb.Fatal(err)
	}
	if mining := tags[0]["XMP-plus:DataMining"]; mining == "Prohibited" {
		// Newer versions of exiftool know the vocabulary and translate the term.
		tags[0]["XMP-plus:DataMining"] = "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED"
	}
	return tags[0]
}

func TestExiftoolReadsEveryFieldBack(t *testing.T) {
	t.Parallel()
	x := snapshot(picture.ProfileInternal)
	sidecar, err := picture.Sidecar(nil, x)
	if err != nil {
		t.Fatal(err)
	}
	for name, tags := range map[string]map[string]any{
		"in the JPEG":    exiftool(t, writeJPEG(t, picturetest.JPEG(64, 48, picturetest.Options{}), x), "a.jpg"),
		"in the sidecar": exiftool(t, sidecar, "a.jpg.xmp"),
	} {
		for tag, want := range map[string]any{
			"XMP-xmpRights:UsageTerms":    x.UsageTerms,
			"XMP-xmpRights:WebStatement":  x.WebStatement,
			"XMP-xmpRights:Marked":        true,
			"XMP-plus:ModelReleaseStatus": "Limited or Incomplete Model Releases",
			"XMP-plus:ModelReleaseID":     []any{x.ModelReleaseIDs[0]},
			"XMP-plus:DataMining":         "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED",
			"XMP-plus:OtherConstraints":   x.OtherConstraints,
			"XMP-iptcExt:Event":           x.EventName,
			"XMP-iptcExt:EventID":         []any{x.EventID},
			"XMP-iptcExt:PersonInImage":   []any{"K7Q2-M9XD", "B4T8-W3NP"},
			"XMP-iptcExt:PersonInImageWDetails": []any{
				map[string]any{"PersonId": []any{person1}, "PersonName": "K7Q2-M9XD"},
				map[string]any{"PersonId": []any{person2}, "PersonName": "B4T8-W3NP"}},
			"XMP-msk:ConsentState": "partial",
			"XMP-msk:CheckedAt":    "2026:11:22 08:15:00Z",
			"XMP-xmp:MetadataDate": "2026:11:22 08:15:00Z",
		} {
			if got := tags[tag]; !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %s is %#v, want %#v", name, tag, got, want)
			}
		}
		if got := tags["ExifTool:Validate"]; got != "OK" {
			t.Errorf("%s: exiftool -validate says %v: %v", name, got, tags["ExifTool:Warning"])
		}
	}
}

// The reference names every property that a copy is to have; of two others it shows how they would look: faces are marked by other
// programs only, and a model's age is nobody's business.
func TestInternalCopiesHaveTheFieldsOfTheReferenceAndNoOthers(t *testing.T) {
	t.Parallel()
	reference, err := os.ReadFile("testdata/consent.example.xmp")
	if err != nil {
		t.Fatal(err)
	}
	ours, err := picture.Sidecar(nil, snapshot(picture.ProfileInternal))
	if err != nil {
		t.Fatal(err)
	}
	want, got := exiftool(t, reference, "a.xmp"), exiftool(t, ours, "a.xmp")
	for tag, value := range want {
		mine, have := got[tag]
		switch {
		case !strings.HasPrefix(tag, "XMP-"):
		case tag == "XMP-mwg-rs:RegionInfo" || tag == "XMP-plus:MinorModelAgeDisclosure":
			if have {
				t.Errorf("we write %s", tag)
			}
		case !have || fmt.Sprintf("%T", mine) != fmt.Sprintf("%T", value):
			t.Errorf("%s is %#v, in the reference %#v", tag, mine, value)
		}
	}
	for tag := range got {
		if _, have := want[tag]; !have && strings.HasPrefix(tag, "XMP-") {
			t.Errorf("%s is not in the reference", tag)
		}
	}
}

func TestPeopleAreHeardInSoundsAndSeenAndHeardInFilms(t *testing.T) {
	t.Parallel()
	heard := []any{map[string]any{"Identifier": []any{person1}, "Name": "K7Q2-M9XD"}, map[string]any{"Identifier": []any{person2}, "Name": "B4T8-W3NP"}}
	for kind, seen := range map[picture.Kind]bool{picture.Audio: false, picture.Video: true} {
		x := snapshot(picture.ProfileInternal)
		x.Kind = kind
		sidecar, err := picture.Sidecar(nil, x)
		if err != nil {
			t.Fatal(err)
		}
		tags := exiftool(t, sidecar, "a.xmp")
		if got := tags["XMP-iptcExt:PersonHeard"]; !reflect.DeepEqual(got, heard) {
			t.Errorf("%s: heard %#v", kind, got)
		}
		if (tags["XMP-iptcExt:PersonInImage"] != nil) != seen || (tags["XMP-iptcExt:PersonInImageWDetails"] != nil) != seen {
			t.Errorf("%s: seen %v", kind, tags["XMP-iptcExt:PersonInImage"])
		}
		x.Profile = picture.ProfilePublic
		if sidecar, err = picture.Sidecar(sidecar, x); err != nil || bytes.Contains(sidecar, []byte("K7Q2")) || bytes.Contains(sidecar, []byte("7a1c0000")) {
			t.Errorf("%s: public, %v: %s", kind, err, sidecar)
		}
	}
}

func TestExiftoolFindsNothingToWarnAboutThatWeCaused(t *testing.T) {
	t.Parallel()
	opts := camera()
	opts.PreviewSide, opts.XMP, opts.MakerNote = 100, []byte(foreignXMP), nil
	file := picturetest.JPEG(400, 300, opts)
	before := exiftool(t, file, "before.jpg")["ExifTool:Warning"]
	for _, profile := range []picture.Profile{picture.ProfileInternal, picture.ProfilePublic} {
		tags := exiftool(t, writeJPEG(t, file, snapshot(profile)), "after.jpg")
		if after := tags["ExifTool:Warning"]; after != nil && !reflect.DeepEqual(after, before) {
			t.Errorf("%s: warnings %v, before %v", profile, after, before)
		}
	}
}

func TestImageDataAndOtherSegmentsStayByteIdentical(t *testing.T) {
	t.Parallel()
	opts := camera()
	opts.PreviewSide = 100
	opts.Segments = [][]byte{picturetest.Segment(0xED, "Photoshop 3.0\x00", []byte("8BIM")), picturetest.Segment(0xFE, "a comment", nil)}
	for name, xmp := range map[string]string{"without XMP": "", "with XMP": foreignXMP} {
		opts.XMP = []byte(xmp)
		before := picturetest.JPEG(400, 300, opts)
		after := writeJPEG(t, before, snapshot(picture.ProfileInternal))
		if !bytes.Equal(fromSOS(t, before), fromSOS(t, after)) {
			t.Errorf("%s: bytes from SOS on differ", name)
		}
		rest := func(file []byte) (kept [][]byte, packets int) {
			for _, s := range header(t, file) {
				if bytes.HasPrefix(s.raw[4:], []byte("http://ns.adobe.com/xap/1.0/\x00")) {
					packets++
					continue
				}
				kept = append(kept, s.raw)
			}
			return kept, packets
		}
		was, _ := rest(before)
		is, packets := rest(after)
		if packets != 1 || !reflect.DeepEqual(was, is) {
			t.Errorf("%s: %d packets, %d other segments, were %d", name, packets, len(is), len(was))
		}
		if got := mustInspect(t, after); !reflect.DeepEqual(got, mustInspect(t, before)) {
			t.Errorf("%s: now %+v", name, got)
		}
	}
}

func TestWritingTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	opts := camera()
	opts.XMP = []byte(foreignXMP)
	for _, profile := range []picture.Profile{picture.ProfileInternal, picture.ProfilePublic} {
		once := writeJPEG(t, picturetest.JPEG(64, 48, opts), snapshot(profile))
		if twice := writeJPEG(t, once, snapshot(profile)); !bytes.Equal(once, twice) {
			t.Errorf("%s: the second JPEG differs", profile)
		}
		first, err := picture.Sidecar([]byte(foreignXMP), snapshot(profile))
		if err != nil {
			t.Fatal(err)
		}
		if second, err := picture.Sidecar(first, snapshot(profile)); err != nil || !bytes.Equal(first, second) {
			t.Errorf("%s: the second sidecar differs (%v)", profile, err)
		}
	}
}

func TestMergeKeepsForeignPropertiesAndReplacesOurs(t *testing.T) {
	t.Parallel()
	sidecar, err := picture.Sidecar([]byte(foreignXMP), snapshot(picture.ProfileInternal))
	if err != nil {
		t.Fatal(err)
	}
	tags := exiftool(t, sidecar, "a.jpg.xmp")
	for tag, want := range map[string]any{
		"XMP-xmp:Rating":              float64(4),
		"XMP-xmp:CreatorTool":         `A "tool"`,
		"XMP-dc:Creator":              []any{"Per Fotograf"},
		"XMP-dc:Subject":              []any{"skole", "kari nordmann", "Stavanger"},
		"XMP-photoshop:Credit":        "Kommunen",
		"XMP-photoshop:City":          "Stavanger",
		"XMP-crs:Look":                map[string]any{"Name": "Adobe Color", "Amount": float64(1)},
		"XMP-plus:ModelReleaseStatus": "Limited or Incomplete Model Releases",
		"XMP-plus:DataMining":         "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED",
		"XMP-iptcExt:PersonInImage":   []any{"K7Q2-M9XD", "B4T8-W3NP"},
		"XMP-msk:ConsentState":        "partial",
		"XMP-x:XMPToolkit":            "Other 1.0",
	} {
		if got := tags[tag]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %#v, want %#v", tag, got, want)
		}
	}
	if !bytes.Contains(sidecar, []byte(`<crs:Extra><r:Description crs:Inner="42"/></crs:Extra>`)) {
		t.Error("a structure that exiftool does not know is gone")
	}
	if tags["XMP-mwg-rs:RegionInfo"] == nil {
		t.Error("the regions are gone from an internal copy")
	}
}

func TestPublicCopyTellsNoPersonAndNoPlace(t *testing.T) {
	t.Parallel()
	opts := camera()
	opts.XMP, opts.PreviewSide = []byte(foreignXMP), 100
	opts.Segments = [][]byte{picturetest.Segment(0xED, "Photoshop 3.0\x00", []byte("8BIM\x04\x04 Stavanger"))}
	before := picturetest.JPEG(400, 300, opts)
	after := writeJPEG(t, before, snapshot(picture.ProfilePublic))

	for _, secret := range []string{"Kari", "kari", "Stavanger", "K7Q2", "B4T8", "7a1c0000", "0192f3a0", "Åpning", "msk:",
		"GPS", "mwg-rs", "RegionInfo", "PersonInImage", "58,58.5N", "MPF"} {
		if bytes.Contains(after, []byte(secret)) {
			t.Errorf("the public copy holds %q", secret)
		}
	}
	info := mustInspect(t, after)
	if want := mustInspect(t, before); info.HasGPS || info.Orientation != want.Orientation || info.TakenAt.IsZero() || info.Camera != want.Camera {
		t.Errorf("public copy: %+v", info)
	}
	image := fromSOS(t, before)
	image = image[:len(image)-len(afterImage(t, before))]
	if !bytes.Equal(image, fromSOS(t, after)) {
		t.Error("the image data differs, or something follows it")
	}
	tags := exiftool(t, after, "public.jpg")
	for tag := range tags {
		if strings.HasPrefix(tag, "GPS:") || strings.HasPrefix(tag, "IPTC:") || strings.HasPrefix(tag, "XMP-msk") {
			t.Errorf("exiftool still reads %s = %v", tag, tags[tag])
		}
	}
	for tag, want := range map[string]any{
		"XMP-dc:Creator":              []any{"Per Fotograf"},
		"XMP-dc:Subject":              nil,
		"XMP-crs:Look":                nil,
		"XMP-xmp:Rating":              nil,
		"XMP-photoshop:Credit":        "Kommunen",
		"XMP-plus:ModelReleaseStatus": "Limited or Incomplete Model Releases",
		"XMP-plus:DataMining":         "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED",
		"XMP-xmpRights:UsageTerms":    snapshot("").UsageTerms,
		"ExifIFD:LensModel":           "RF 50mm F1.8",
		"IFD0:Model":                  "Canon EOS R5",
	} {
		if got := tags[tag]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %#v, want %#v", tag, got, want)
		}
	}
	if preview(t, after, 100) == nil || tags["IFD1:ThumbnailLength"] != nil {
		t.Error("the thumbnail is there, which may show what was cropped or blurred")
	}
}

// extended returns the segments of an extended packet, in portions of the given size, and the reference to it.
func extended(packet string, portion int) (segments [][]byte, guid string) {
	guid = fmt.Sprintf("%X", md5.Sum([]byte(packet)))
	for offset := 0; offset < len(packet); offset += portion {
		head := binary.BigEndian.AppendUint32([]byte(guid), uint32(len(packet)))
		head = binary.BigEndian.AppendUint32(head, uint32(offset))
		part := packet[offset:min(len(packet), offset+portion)]
		segments = append(segments, picturetest.Segment(0xE1, "http://ns.adobe.com/xmp/extension/\x00", append(head, part...)))
	}
	return segments, guid
}

func TestExtendedXMPIsMergedOrNothingIsWritten(t *testing.T) {
	t.Parallel()
	packet := func(properties string) string {
		return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
			xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
			xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"><rdf:Description rdf:about="" ` + properties + `/></rdf:RDF></x:xmpmeta>`
	}
	segments, guid := extended(packet(`xmp:Rating="1" photoshop:Credit="Kommunen" photoshop:City="Stavanger"`), 150)
	opts := picturetest.Options{XMP: []byte(packet(`xmp:Rating="5" xmpNote:HasExtendedXMP="` + guid + `"`)), Segments: segments}
	tags := exiftool(t, writeJPEG(t, picturetest.JPEG(64, 48, opts), snapshot(picture.ProfileInternal)), "a.jpg")
	if tags["XMP-xmp:Rating"] != float64(5) || tags["XMP-photoshop:Credit"] != "Kommunen" ||
		tags["XMP-photoshop:City"] != "Stavanger" || tags["XMP-xmpNote:HasExtendedXMP"] != nil {
		t.Errorf("merged: %v", tags)
	}
	tags = exiftool(t, writeJPEG(t, picturetest.JPEG(64, 48, opts), snapshot(picture.ProfilePublic)), "a.jpg")
	if tags["XMP-photoshop:Credit"] != "Kommunen" || tags["XMP-photoshop:City"] != nil {
		t.Errorf("public: %v", tags)
	}

	opts.Segments = segments[1:]
	err := picture.WriteJPEG(io.Discard, bytes.NewReader(picturetest.JPEG(64, 48, opts)), snapshot(picture.ProfileInternal))
	if !errors.Is(err, picture.ErrDamaged) || !strings.Contains(err.Error(), "incomplete") {
		t.Errorf("a portion is missing: %v", err)
	}

	segments, guid = extended(packet(`photoshop:Credit="`+strings.Repeat("K", 70_000)+`"`), 60_000)
	opts = picturetest.Options{XMP: []byte(packet(`xmpNote:HasExtendedXMP="` + guid + `"`)), Segments: segments}
	err = picture.WriteJPEG(io.Discard, bytes.NewReader(picturetest.JPEG(64, 48, opts)), snapshot(picture.ProfileInternal))
	if !errors.Is(err, picture.ErrTooLargeForJPEG) {
		t.Errorf("too large: %v", err)
	}
}

func TestEmptyProfileIsPublic(t *testing.T) {
	t.Parallel()
	packet, err := snapshot("").Packet()
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(packet, []byte("K7Q2")) || bytes.Contains(packet, []byte("msk")) {
		t.Errorf("%s", packet)
	}
	if _, err := snapshot("secret").Packet(); err == nil {
		t.Error("an unknown profile was accepted")
	}
}

func TestUnlimitedReleaseCannotBeWritten(t *testing.T) {
	t.Parallel()
	for status := range 256 {
		for _, profile := range []picture.Profile{picture.ProfileInternal, picture.ProfilePublic} {
			x := snapshot(profile)
			x.ModelReleaseStatus = picture.ModelReleaseStatus(status)
			sidecar, err := picture.Sidecar([]byte(foreignXMP), x)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(sidecar, []byte("MR-UMR")) {
				t.Errorf("status %d writes MR-UMR", status)
			}
		}
	}
	x := snapshot(picture.ProfileInternal)
	x.DataMining = "DMI-WHATEVER"
	if _, err := x.Packet(); err == nil {
		t.Error("an unknown data mining term was accepted")
	}
	x = snapshot(picture.ProfileInternal)
	x.PersonIDs = []string{"Kari Nordmann"}
	if _, err := x.Packet(); err == nil || strings.Contains(err.Error(), "Kari") {
		t.Errorf("a name as person id: %v", err)
	}
}

func TestSealedFileIsNotRewritten(t *testing.T) {
	t.Parallel()
	file := picturetest.JPEG(64, 48, picturetest.Options{Segments: [][]byte{c2paSegment()}})
	var out bytes.Buffer
	if err := picture.WriteJPEG(&out, bytes.NewReader(file), snapshot(picture.ProfileInternal)); !errors.Is(err, picture.ErrC2PA) {
		t.Errorf("got %v", err)
	}
	if out.Len() > 0 {
		t.Errorf("%d bytes were written", out.Len())
	}
}

func TestUnreadableXMPIsKeptFromInternalAndDroppedFromPublicCopies(t *testing.T) {
	t.Parallel()
	file := picturetest.JPEG(64, 48, picturetest.Options{XMP: []byte("<x:xmpmeta><Kari Nordmann")})
	var out bytes.Buffer
	if err := picture.WriteJPEG(&out, bytes.NewReader(file), snapshot(picture.ProfileInternal)); !errors.Is(err, picture.ErrDamaged) || out.Len() > 0 {
		t.Errorf("internal: %v, %d bytes written", err, out.Len())
	}
	if after := writeJPEG(t, file, snapshot(picture.ProfilePublic)); bytes.Contains(after, []byte("Kari")) {
		t.Error("public: the unreadable packet was passed on")
	}
	if _, err := picture.Sidecar([]byte("<x"), snapshot(picture.ProfileInternal)); !errors.Is(err, picture.ErrDamaged) {
		t.Errorf("sidecar: %v", err)
	}
}

func TestUnsoundEXIFKeepsOnlyItsOrientationInPublic(t *testing.T) {
	t.Parallel()
	file := picturetest.JPEG(64, 48, camera())
	// Point the directory of the exposure outside the structure.
	at := bytes.Index(file, []byte{0x87, 0x69, 0, 4, 0, 0, 0, 1})
	copy(file[at+8:], []byte{0x7F, 0xFF, 0xFF, 0xFF})
	after := writeJPEG(t, file, snapshot(picture.ProfilePublic))
	info := mustInspect(t, after)
	if info.Orientation != 6 || info.Camera != "" || info.HasGPS || bytes.Contains(after, []byte("Kari")) {
		t.Errorf("public copy: %+v", info)
	}
}

func TestPreviewIndexIsStillRightAfterXMPBehindItGrew(t *testing.T) {
	t.Parallel()
	opts := picturetest.Options{PreviewSide: 300}
	file := picturetest.JPEG(800, 600, opts)
	// Move an XMP segment behind the index, where the packet will grow.
	packet := picturetest.Segment(0xE1, "http://ns.adobe.com/xap/1.0/\x00", []byte(foreignXMP))
	body := fromSOS(t, file)
	with := append(append(bytes.Clone(file[:len(file)-len(body)]), packet...), body...)
	// The offset of the second picture: header, directory of three fields with version in place, first entry, flags, size.
	offset := with[bytes.Index(with, []byte("MPF\x00"))+4+8+2+3*12+4+16+8:]
	binary.BigEndian.PutUint32(offset, binary.BigEndian.Uint32(offset)+uint32(len(packet)))
	for name, file := range map[string][]byte{"before": with, "after": writeJPEG(t, with, snapshot(picture.ProfileInternal))} {
		tags := exiftool(t, file, "a.jpg")
		if tags["MPImage2:MPImageStart"] == nil {
			t.Fatalf("%s: no preview in the index: %v", name, tags)
		}
		start := int(tags["MPImage2:MPImageStart"].(float64))
		if !bytes.HasPrefix(file[start:], []byte{0xFF, 0xD8, 0xFF}) {
			t.Errorf("%s: the preview does not begin at %d", name, start)
		}
	}
}

func BenchmarkWriteXMP(b *testing.B) {
	opts := camera()
	opts.XMP, opts.Quality = []byte(foreignXMP), 97
	var files [][]byte
	total := int64(0)
	dir := b.TempDir()
	for i := range 4 {
		opts.Seed = uint64(i)
		img := picturetest.Scene(4000, 3000, opts.Seed)
		picturetest.Develop(img, picturetest.SceneOptions{Options: opts, Noise: 8})
		files = append(files, picturetest.Encode(img, opts))
		total += int64(len(files[i]))
		if err := os.WriteFile(filepath.Join(dir, string(rune('a'+i))), files[i], 0o600); err != nil {
			b.Fatal(err)
		}
	}
	copyFile := func(out, in *os.File) error { _, err := out.ReadFrom(in); return err }
	took := func(name string, write func(out, in *os.File) error) time.Duration {
		started := time.Now()
		in, err := os.Open(name)
		if err != nil {
			b.Fatal(err)
		}
		out, err := os.Create(filepath.Join(dir, "out"))
		if err != nil {
			b.Fatal(err)
		}
		if err := errors.Join(write(out, in), out.Close(), in.Close()); err != nil {
			b.Fatal(err)
		}
		return time.Since(started)
	}
	// Both sides take turns, file by file, so that what else the machine does slows both.
	run := func(name string, write func(out, in *os.File) error) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(total)
			var copying, writing time.Duration
			for b.Loop() {
				for i := range files {
					path := filepath.Join(dir, string(rune('a'+i)))
					copying += took(path, copyFile)
					writing += took(path, write)
				}
			}
			b.ReportMetric(writing.Seconds()/copying.Seconds(), "×copy")
		})
	}
	run("copy", copyFile)
	for _, profile := range []picture.Profile{picture.ProfileInternal, picture.ProfilePublic} {
		run(string(profile), func(out, in *os.File) error { return picture.WriteJPEG(out, in, snapshot(profile)) })
	}
	// The same properties, written by exiftool in one process per file, as a script would.
	packet, err := snapshot(picture.ProfileInternal).Packet()
	if err != nil {
		b.Fatal(err)
	}
	source := filepath.Join(dir, "source.xmp")
	if err := os.WriteFile(source, packet, 0o600); err != nil {
		b.Fatal(err)
	}
	run("exiftool", func(out, in *os.File) error {
		command := exec.Command(tool(b, "exiftool"), "-q", "-m", "-tagsfromfile", source, "-xmp:all", "-o", "-", in.Name())
		command.Stdout = out
		return command.Run()
	})
}
