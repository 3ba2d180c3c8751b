package capture_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

var samplePaper = capture.PaperCode{Shoot: "0192f3a0-1111-7000-8000-0000000000aa", Form: "4b7c0d1e9f", Language: "nb-simple", Serial: "7KQ2M9", Code: "K7Q2-M9XZ"}

func TestPaperCodeReadsBackWhatItSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var raw [16]byte
		copy(raw[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "shoot"))
		code, err := consent.NewCode(strings.NewReader(string(rapid.SliceOfN(rapid.Byte(), 7, 7).Draw(t, "code"))))
		if err != nil {
			t.Fatal(err)
		}
		want := capture.PaperCode{Shoot: consent.ShootID(uuid.UUID(raw).String()), Form: rapid.StringMatching("[0-9a-f]{10}").Draw(t, "form"),
			Language: rapid.SampledFrom([]string{"nb", "nb-simple", "se", "uk"}).Draw(t, "language"),
			Serial:   rapid.StringMatching("[0-9A-HJKMNP-TV-Z]{6}").Draw(t, "serial")}
		want.Back = rapid.Bool().Draw(t, "back")
		if rapid.Bool().Draw(t, "known") {
			want.Code = code
		}
		got, ok := capture.ParsePaperCode(want.String())
		if !ok || got != want {
			t.Fatalf("%s reads back as %+v, %t; want %+v", want, got, ok, want)
		}
		if strings.Trim(want.String(), "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-.:") != "" {
			t.Fatalf("%s does not fit the alphanumeric mode", want)
		}
	})
}

func TestPaperCodeIsShortAndKeepsItsGrammar(t *testing.T) {
	code, err := consent.NewCode(strings.NewReader("\x01\x02\x03\x04\x05\x06\x07"))
	if err != nil {
		t.Fatal(err)
	}
	p := samplePaper
	p.Language, p.Code, p.Back = "nb", code, true
	const want = "SMB1:01JBST048HE00800000000005A.4B7C0D1E9F.NB.7KQ2M9.1234567K"
	if got := p.String(); got != want || len(got) > 61 {
		t.Errorf("%s has %d characters; a QR code of version 3 and level M holds 61", got, len(got))
	}
}

func TestOtherTextsAreNoPaperCodes(t *testing.T) {
	p := samplePaper
	p.Code = ""
	good := p.String()
	for _, text := range []string{"", "SMP1:", "SMK1:K7Q2-M9XD", strings.ToLower(good), good + ".", good + ".K7Q2M9X1", good + " ", "SMB2:" + good[5:], good[1:],
		strings.Replace(good, "7KQ2M9", "7KQ2MI", 1), strings.Replace(good, "SMP1:0", "SMP1:8", 1), strings.Replace(good, "4B7C", "4G7C", 1),
		strings.Replace(good, "NB-SIMPLE", "N", 1), strings.Repeat(good, 3)} {
		if got, ok := capture.ParsePaperCode(text); ok {
			t.Errorf("%q reads as %+v", text, got)
		}
	}
}

func FuzzParsePaperCode(f *testing.F) {
	f.Add(samplePaper.String())
	f.Add("SMP1:01JBSN00V2E00800000000005A.4B7C0D1E9F.NB.7KQ2M9")
	f.Fuzz(func(t *testing.T, text string) {
		if p, ok := capture.ParsePaperCode(text); ok && p.String() != text {
			t.Errorf("%q reads as %+v, which is written %q", text, p, p)
		}
	})
}
