package consent_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"samtykke/app/consent"
	"samtykke/assets"
)

// kommune publishes the forms of these tests. Its values are longer than what stands for them.
var kommune = consent.Organisation{Name: "Eksempel kommune i Vestland fylke", Number: "999999999", Contact: "samtykke@eksempel.example"}

// embedded is the embedded form's file, with a change: old is replaced by its replacement, once.
func embedded(tb testing.TB, pairs ...string) []byte {
	tb.Helper()
	text := string(assets.DefaultForm())
	for i := 0; i+1 < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			tb.Fatalf("the embedded form does not hold %q", pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return []byte(text)
}

// lineOf is the first line of a file that holds a text.
func lineOf(raw []byte, text string) int {
	return 1 + bytes.Count(raw[:bytes.Index(raw, []byte(text))], []byte("\n"))
}

func TestEmbeddedFormHasNothingToFind(t *testing.T) {
	form, findings := consent.CheckForm(assets.DefaultForm())
	for _, f := range findings {
		t.Errorf("line %d, %s: %v", f.Line, f.Field, f.Problem)
	}
	if form == nil || form.Key != "default" {
		t.Errorf("read %+v", form)
	}
}

func TestWhatIsWrongIsFoundByLineAndField(t *testing.T) {
	long := strings.Repeat("æ", 121)
	for _, c := range []struct {
		id, field, old, replacement string
		at                          string // what stands on the line of the finding, after the change
	}{
		{"form-file-syntax", "", `"version": "2026.1",`, `"version": "2026.1"`, `"channels"`},
		{"form-field-kind", "version", `"version": "2026.1"`, `"version": 2026.1`, `"version"`},
		{"form-field-kind", "validity_months", `"validity_months": 36`, `"validity_months": 1.5`, `"validity_months"`},
		{"form-field-kind", "channels[0]", `{"key": "web", "group": "public"}`, `"web"`, `"web",`},
		{"form-field-kind", "media", `["photo", "video", "audio"]`, `null`, `null`},
		{"form-field-kind", "channels[1].third_country", `"third_country": true`, `"third_country": "yes"`, `"yes"`},
		{"form-field-unknown", "validity_month", `"validity_months"`, `"validity_month"`, `"validity_month"`},
		{"form-field-unknown", "Key", `"key": "default"`, `"Key": "default"`, `"Key"`},
		{"form-field-unknown", "texts.nb.titel", `"title": "Samtykke til`, `"titel": "Samtykke til`, `"titel"`},
		{"form-field-twice", "version", `"version": "2026.1",`, "\"version\": \"2026.1\",\n\"version\": \"2026.2\",", `"2026.2"`},
		{"form-field-twice", "channels[1].key", `"key": "social"`, `"key": "web"`, `{"key": "web", "group": "public", "third`},
		{"form-field-twice", "media[1]", `"video", "audio"]`, `"photo", "audio"]`, `"photo", "photo"`},
		{"form-field-missing", "key", `"key": "default",`, ``, `{`},
		{"form-field-missing", "texts.nb.title", `"title": "Samtykke til bilder, video og lyd"`, `"title": " "`, `"title": " "`},
		{"form-field-missing", "minor_policy.heard_from", `"heard_from": 7,`, ``, `"minor_policy"`},
		{"form-field-missing", "channels[0].group", `"key": "web", "group": "public"`, `"key": "web", "group": ""`, `"group": ""`},
		{"form-field-range", "validity_months", `"validity_months": 36`, `"validity_months": 121`, `121`},
		{"form-field-range", "minor_validity_months", `"minor_validity_months": 12`, `"minor_validity_months": 0`, `"minor_validity_months"`},
		{"form-field-range", "minor_policy.guardians", `"guardians": 1`, `"guardians": 3`, `"guardians": 3`},
		{"form-field-range", "minor_policy.guardians_for.web", `{"web": 2`, `{"web": 0`, `{"web": 0`},
		{"form-field-range", "minor_policy.sole_consent_age", `"sole_consent_age": 18`, `"sole_consent_age": 12`, `"sole_consent_age"`},
		{"form-ages-order", "minor_policy", `"heard_from": 7`, `"heard_from": 13`, `"minor_policy"`},
		{"form-key-wrong", "key", `"key": "default"`, `"key": "Skole 1"`, `"Skole 1"`},
		{"form-version-wrong", "version", `"version": "2026.1"`, `"version": "ny"`, `"ny"`},
		{"form-media-unknown", "media[2]", `"video", "audio"]`, `"video", "smell"]`, `"smell"`},
		{"form-language-tag", "texts.norsk", `"nb": {`, `"norsk": {`, `"norsk"`},
		{"form-language-tag", "texts.NB", `"nb": {`, `"NB": {`, `"NB"`},
		{"form-language-script", "texts.ar", `"pl": {`, `"ar": {`, `"ar": {`},
		{"form-letter-script", "texts.nb.title", `"title": "Samtykke til bilder`, `"title": "Samtykke موافقة til bilder`, `موافقة`},
		{"form-text-long", "texts.nb.title", `"title": "Samtykke til bilder, video og lyd"`, `"title": "` + long + `"`, long},
		{"form-text-character", "texts.nb.title", `"title": "Samtykke til`, `"title": "Samtykke\ntil`, `Samtykke\ntil`},
		{"form-text-character", "texts.nb.purpose", `"purpose": "{organisation} vil`, `"purpose": "{organisation}\u0007 vil`, `\u0007`},
		{"form-field-stray", "minor_policy.guardians_for.radio", `{"web": 2`, `{"radio": 2, "web": 2`, `"radio"`},
		{"form-placeholder-unknown", "texts.nb.purpose", `"purpose": "{organisation} vil`, `"purpose": "{organisatoin} vil`, `{organisatoin}`},
		{"form-placeholder-unknown", "texts.nb.purpose", `"purpose": "{organisation} vil`, `"purpose": "{organisation vil`, `{organisation vil`},
		{"form-placeholder-optional", "texts.nb.purpose", `"purpose": "{organisation} vil`, `"purpose": "{address} vil`, `{address} vil`},
		{"form-placeholder-missing", "texts.nb.notice", `"text": "{organisation}, organisasjonsnummer`, `"text": "Vi, organisasjonsnummer`, `"notice"`},
		{"form-origin-wrong", "published", `"version": "2026.1",`, `"version": "2026.1", "published": "i fjor",`, `"i fjor"`},
	} {
		raw := embedded(t, c.old, c.replacement)
		form, findings := consent.CheckForm(raw)
		at := slices.IndexFunc(findings, func(f consent.Finding) bool { return f.Problem.ID == c.id && f.Field == c.field })
		switch {
		case form != nil:
			t.Errorf("%s: %s passes", c.id, c.replacement)
		case at < 0:
			t.Errorf("%s %s is not among the findings: %v", c.id, c.field, findings)
		case findings[at].Line != lineOf(raw, c.at):
			t.Errorf("%s %s is on line %d, found on %d", c.id, c.field, lineOf(raw, c.at), findings[at].Line)
		case !strings.Contains(findings[at].Problem.Error(), c.field) && c.id != "form-version-wrong" && c.id != "form-media-unknown" && c.id != "form-language-tag":
			t.Errorf("%s does not name %s: %s", c.id, c.field, findings[at].Problem)
		}
	}
}

func TestAllFindingsOfAFileAreReported(t *testing.T) {
	raw := embedded(t, `"validity_months": 36`, `"validity_months": 0`, `"guardians": 1`, `"guardians": 0`,
		`"key": "social"`, `"key": "web"`, `"title": "Consent`, `"titel": "Consent`)
	_, findings := consent.CheckForm(raw)
	var found []string
	for i, f := range findings {
		found = append(found, f.Problem.ID+" "+f.Field)
		if i > 0 && f.Line < findings[i-1].Line {
			t.Errorf("line %d comes after line %d", f.Line, findings[i-1].Line)
		}
	}
	for _, want := range []string{"form-field-range validity_months", "form-field-range minor_policy.guardians", "form-field-twice channels[1].key",
		"form-field-unknown texts.en.titel", "form-field-missing texts.en.title", "form-field-stray texts.nb.channels.social"} {
		if !slices.Contains(found, want) {
			t.Errorf("%s is missing among %v", want, found)
		}
	}
}

// What is wrong with a value is said once, not again as its being empty.
func TestOneMistakeIsSaidOnce(t *testing.T) {
	for _, change := range [][]string{{`"version": "2026.1"`, `"version": 7`}, {`"media": ["photo", "video", "audio"]`, `"media": "photo"`},
		{`"minor_policy": {`, `"minor_policy": [], "x": {`}} {
		_, findings := consent.CheckForm(embedded(t, change...))
		count := 0
		for _, f := range findings {
			if field, _, _ := strings.Cut(f.Field, "."); field == "version" || field == "media" || field == "minor_policy" {
				count++
			}
		}
		if count != 1 {
			t.Errorf("%s: said %d times: %v", change[1], count, findings)
		}
	}
}

func TestTranslationThatLostASectionIsAWarning(t *testing.T) {
	var file map[string]any
	if err := json.Unmarshal(assets.DefaultForm(), &file); err != nil {
		t.Fatal(err)
	}
	texts := file["texts"].(map[string]any)
	en := texts["en"].(map[string]any)
	en["notice"] = en["notice"].([]any)[:5]
	raw, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	form, findings := consent.CheckForm(raw)
	for _, f := range findings {
		if f.Problem.ID == "form-sections-differ" && f.Warning && f.Field == "texts.en.notice" {
			if form == nil {
				t.Errorf("a warning blocks: %v", findings)
			}
			return
		}
	}
	t.Errorf("no warning among %v", findings)
}

func TestEasyReadTextIsAVariantOfItsLanguage(t *testing.T) {
	var file map[string]any
	if err := json.Unmarshal(assets.DefaultForm(), &file); err != nil {
		t.Fatal(err)
	}
	texts := file["texts"].(map[string]any)
	texts["nb-simple"] = texts["nb"]
	raw, _ := json.Marshal(file)
	if form, findings := consent.CheckForm(raw); form == nil || !slices.Contains(form.Languages(), "nb-simple") {
		t.Errorf("found %v", findings)
	}
}

// A form of a newer program may have fields that this one does not know: it opens, and keeps the name that its signers know it by.
func TestFormOfANewerProgramKeepsItsName(t *testing.T) {
	published := mustPublished(t)
	raw, err := published.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	newer := bytes.Replace(raw, []byte(`"version"`), []byte(`"tomorrow":[1],"version"`), 1)
	if _, findings := consent.CheckForm(newer); !consent.Blocks(findings) {
		t.Error("a field that nobody knows passes in a file to publish")
	}
	form, err := consent.ParseForm(newer)
	if err != nil {
		t.Fatal(err)
	}
	own, _ := form.Hash()
	canonical, hash, err := consent.HashForm(newer)
	if err != nil || hash == own || !bytes.Contains(canonical, []byte("tomorrow")) {
		t.Errorf("hash %s of the bytes, %s of what was understood; %v", hash, own, err)
	}
}

func mustPublished(tb testing.TB) *consent.Form {
	tb.Helper()
	form, findings := consent.CheckForm(assets.DefaultForm())
	if form == nil {
		tb.Fatal(findings)
	}
	published, err := form.Publish(kommune, noon)
	if err != nil {
		tb.Fatal(err)
	}
	return published
}

func TestHashDoesNotDependOnOrderOrWhiteSpace(t *testing.T) {
	raw, err := mustPublished(t).Canonical()
	if err != nil {
		t.Fatal(err)
	}
	_, want, err := consent.HashForm(raw)
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		shuffled := written(t, value)
		form, findings := consent.CheckForm([]byte(shuffled))
		if form == nil {
			t.Fatalf("found %v", findings)
		}
		_, bytesHash, err := consent.HashForm([]byte(shuffled))
		if got, errForm := form.Hash(); err != nil || errForm != nil || got != want || bytesHash != want {
			t.Fatalf("hashes %s and %s, want %s", got, bytesHash, want)
		}
	})
}

// written writes a JSON value with its keys in some order and white space in between.
func written(t *rapid.T, value any) string {
	space := rapid.SampledFrom([]string{"", " ", "\n", "\t\r\n"})
	var b strings.Builder
	switch v := value.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		b.WriteString("{" + space.Draw(t, "space"))
		for i, k := range rapid.Permutation(keys).Draw(t, "order") {
			if i > 0 {
				b.WriteString(",")
			}
			fmt.Fprintf(&b, "%s%q :%s%s", space.Draw(t, "space"), k, space.Draw(t, "space"), written(t, v[k]))
		}
		b.WriteString("}")
	case []any:
		b.WriteString("[")
		for i, item := range v {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(written(t, item))
		}
		b.WriteString("]")
	default:
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(raw)
	}
	return b.String()
}

// A published form comes back unchanged: show, publish again on the same day, and nothing is another.
func TestPublishedFormCanBeTheBaseOfANewVersion(t *testing.T) {
	published := mustPublished(t)
	raw, err := published.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	base, findings := consent.CheckForm(raw)
	if base == nil || len(findings) > 0 {
		t.Fatalf("found %v", findings)
	}
	again, err := base.Publish(kommune, noon)
	if err != nil {
		t.Fatal(err)
	}
	before, _ := published.Hash()
	if after, _ := again.Hash(); after != before {
		t.Error("publishing what was published makes another form of it")
	}
}

func TestSectionThatLosesItsLastLineIsLeftOut(t *testing.T) {
	raw := embedded(t, `"notice": [`, `"notice": [{"heading": "Mer", "text": "{policy}"},`)
	form, findings := consent.CheckForm(raw)
	if form == nil {
		t.Fatal(findings)
	}
	published, err := form.Publish(kommune, noon)
	if err != nil || published.Texts["nb"].Notice[0].Heading == "Mer" {
		t.Errorf("published with an empty section, %v", err)
	}
	if form.Texts["nb"].Notice[0].Heading != "Mer" {
		t.Error("publishing changed the form it was made from")
	}
}

func TestVersionsAreComparedAsNumbers(t *testing.T) {
	ordered := []string{"1", "1.1", "2026", "2026.1", "2026.2", "2026.10", "2027", "a", "b"}
	for i, a := range ordered {
		for j, b := range ordered {
			if got := consent.CompareVersions(a, b); got < 0 != (i < j) || got > 0 != (i > j) {
				t.Errorf("%s against %s is %d", a, b, got)
			}
		}
	}
	if consent.CompareVersions("2026.01", "2026.1") != 0 {
		t.Error("a zero in front makes another version")
	}
}

func TestLargeFileIsNotRead(t *testing.T) {
	if form, findings := consent.CheckForm(make([]byte, consent.MaxFormFile+1)); form != nil || len(findings) != 1 || findings[0].Problem.ID != "form-file-large" {
		t.Errorf("found %v", findings)
	}
}

func FuzzCheckForm(f *testing.F) {
	f.Add(assets.DefaultForm())
	published, err := mustPublished(f).Canonical()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(published)
	f.Add([]byte("\ufeff" + `{"key":"a","channels":[{"key":"web","key":"web"}],"texts":{"nb":{"notice":[{}]}}}`))
	f.Add([]byte(`{"key":1,"minor_policy":[],"media":{},"texts":{"":null}} x`))
	f.Add(embedded(f, `{"key": "web", "group"`, `{"key": "web", "optional": true, "group"`))
	f.Add(embedded(f, `"{organisation} vil`, `"{address}`))
	f.Add([]byte("{\xff}"))
	f.Add([]byte(smallest))
	f.Fuzz(func(t *testing.T, raw []byte) {
		form, findings := consent.CheckForm(raw)
		lines := 1 + bytes.Count(raw, []byte("\n"))
		for _, finding := range findings {
			if finding.Line < 1 || finding.Line > lines {
				t.Errorf("%s on line %d of %d", finding.Problem.ID, finding.Line, lines)
			}
		}
		if (form == nil) != consent.Blocks(findings) {
			t.Fatalf("form %v with the findings %v", form, findings)
		}
		if form == nil {
			return
		}
		org := kommune
		if form.Organisation.Name != "" {
			org = form.Organisation
		}
		published, err := form.Publish(org, noon)
		if err != nil {
			t.Fatalf("accepted and not publishable: %v", err)
		}
		canonical, err := published.Canonical()
		if err != nil {
			t.Fatal(err)
		}
		again, findings := consent.CheckForm(canonical)
		if again == nil {
			t.Fatalf("published and not accepted: %v", findings)
		}
		second, err := again.Canonical()
		if err != nil || !bytes.Equal(second, canonical) {
			t.Errorf("reading what was published gives other bytes, %v", err)
		}
	})
}

// smallest is as little as a form can say.
const smallest = `{"key":"a","version":"1","channels":[{"key":"web","group":"g"}],"media":["photo"],"validity_months":1,"minor_validity_months":1,
"minor_policy":{"sole_consent_age":13,"heard_from":0,"refuse_from":0,"guardians":1},"texts":{"nb":{"name":"n","title":"t","purpose":"p","summary":["s"],
"notice":[{"heading":"h","text":"{organisation} {contact}\n{address} {policy}"}],"groups":{"g":"g"},"channels":{"web":{"title":"w","text":"w"}},
"media":{"photo":"b"},"statement":"s","guardian_statement":"s"}}}`

func TestSmallestFormIsEnough(t *testing.T) {
	if form, findings := consent.CheckForm([]byte(smallest)); form == nil {
		t.Error(findings)
	}
}
