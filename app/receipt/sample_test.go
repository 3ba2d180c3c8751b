package receipt_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"text/template"
	"time"

	"samtykke/app/receipt"
)

// languages are those of the embedded form.
var languages = []string{"nb", "nb-simple", "nn", "nn-simple", "en", "en-simple", "de", "lt", "pl", "se", "so", "uk"}

// around is the language of the receipt's own words in one of languages.
func around(language string) string { return strings.TrimSuffix(language, "-simple") }

// texts loads the translations of one language; an identifier that is not there fails the test.
func texts(tb testing.TB, language string) receipt.Texts {
	tb.Helper()
	var messages map[string]struct{ Other string }
	readJSON(tb, filepath.Join("..", "..", "assets", "translations", "receipt."+around(language)+".json"), &messages)
	return func(id string, data map[string]any) string {
		message, ok := messages[id]
		if !ok {
			tb.Errorf("no text %s in %s", id, language)
		}
		if !strings.Contains(message.Other, "{{") {
			return message.Other
		}
		parsed, err := template.New(id).Option("missingkey=error").Parse(message.Other)
		if err != nil {
			tb.Fatal(err)
		}
		var out strings.Builder
		if err := parsed.Execute(&out, data); err != nil {
			tb.Errorf("fill text %s: %v", id, err)
		}
		return out.String()
	}
}

func readJSON(tb testing.TB, path string, into any) {
	tb.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		tb.Fatalf("%s: %v", path, err)
	}
}

type form struct {
	Key, Version string
	Channels     []struct{ Key string }
	Media        []string
	Texts        map[string]struct {
		MachineMade    bool `json:"machine_made"`
		Title, Purpose string
		Summary        []string
		Notice         []receipt.Section
		Channels       map[string]struct{ Title, Text string }
		Media          map[string]string
		Statement      string
		Guardian       string `json:"guardian_statement"`
	}
}

var organisation = receipt.Organisation{
	Name: "Storhaug kommune", Number: "999 999 999", Address: "Rådhusgata 1, 4001 Eksempel",
	Contact: "kommunikasjon@storhaug.example", DPO: "personvernombud@storhaug.example",
	Policy: "https://www.storhaug.example/personvern",
}

const (
	sampleLink  = "https://mediebank.storhaug.example/S/7KQ2M9XDTF4Z8WAE3HNC6RBYPG"
	sampleToken = "MC1:6BFOXN%TSMAHN-HBLS1Q1ZSH6R%K9ZQG4GM4BP/Q2SG7T5B8KO$D$FV+8PIMF0ZJSL5JVL6H1UJ5BEN8W64V$HG%5CD5F19BK4QK%" +
		"AQVL8QHTM3K4ER3/CUG%5$Y30*NX*K3/SA/OVUD6T4Q4MBS2ND*L2T1QM6HA8W9F94CV5S2VZ7O5L5+8OW8FK16XI3BM%95P$3-GO7%4MQUQ95AB8J$KH" +
		"5D0C3ONB6XK%PFJ2R$S3H7E/4NFU96FK7TX6OM5%XIT6EW+S62Q38Q8RN5ZFVRF$OJH"
)

// document is a receipt as the program makes them: the default form, a mixed set of answers, a drawn signature.
func document(tb testing.TB, language string) receipt.Document {
	tb.Helper()
	var f form
	readJSON(tb, filepath.Join("..", "..", "assets", "forms", "default.json"), &f)
	fill := strings.NewReplacer("{organisation}", organisation.Name, "{number}", organisation.Number, "{address}", organisation.Address,
		"{contact}", organisation.Contact, "{dpo}", organisation.DPO, "{policy}", organisation.Policy).Replace
	words := f.Texts[language]
	signed := time.Date(2026, 11, 22, 10, 14, 31, 0, time.FixedZone("CET", 3600))
	d := receipt.Document{
		Language: language, Texts: texts(tb, language),
		Number: "0192f3a0-0000-7000-8000-0000000000aa",
		Issued: signed.Add(33 * time.Second), Signed: signed,
		Organisation: organisation,
		SubjectName:  "Ola Nordmann", SubjectCode: "K7Q2-M9XD", SignerName: "Ola Nordmann", SignerRole: "self", Method: "drawn",
		MediaKinds: f.Media,
		FormTitle:  words.Title, FormKey: f.Key, FormVersion: f.Version,
		FormHash:    "4b7c0d1e9f2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4",
		MachineMade: words.MachineMade,
		Purpose:     fill(words.Purpose), Statement: words.Statement,
		ShootTitle: "Åpning av Storhaug skole", ShootPlace: "Storhaug", Photographer: "Siri Ravn", Device: "PC-Ravn",
		Signature: drawnSignature(),
		Link:      sampleLink, Token: sampleToken, KeyID: "3f8a91c2",
	}
	for _, line := range words.Summary {
		d.Summary = append(d.Summary, fill(line))
	}
	for _, section := range words.Notice {
		d.Notice = append(d.Notice, receipt.Section{Heading: section.Heading, Text: fill(section.Text)})
	}
	for _, kind := range f.Media {
		d.MediaTitles = append(d.MediaTitles, words.Media[kind])
	}
	until := signed.AddDate(3, 0, 0)
	for i, channel := range f.Channels {
		answer := receipt.Answer{Title: words.Channels[channel.Key].Title, Text: fill(words.Channels[channel.Key].Text)}
		for k := range f.Media {
			cell := receipt.Cell{Status: "given", Until: until}
			if (i == 1 && k > 0) || i >= 6 {
				cell = receipt.Cell{Status: "refused"}
			}
			answer.Cells = append(answer.Cells, cell)
		}
		d.Answers = append(d.Answers, answer)
	}
	return d
}

// childDocument is answered by a guardian and has every status there is.
func childDocument(tb testing.TB, language string) receipt.Document {
	d := document(tb, language)
	d.SubjectName, d.SignerName, d.SignerRole = "Kari Nordmann", "Ola Nordmann", "guardian"
	var f form
	readJSON(tb, filepath.Join("..", "..", "assets", "forms", "default.json"), &f)
	d.Statement = f.Texts[language].Guardian
	statuses := []string{"given", "refused", "withdrawn", "expired", "unanswered", "awaiting-guardian", "under-review"}
	for i := range d.Answers {
		for k := range d.Answers[i].Cells {
			d.Answers[i].Cells[k] = receipt.Cell{Status: statuses[(i+k*3)%len(statuses)]}
			if d.Answers[i].Cells[k].Status == "given" {
				d.Answers[i].Cells[k].Until = d.Signed.AddDate(1, i, 0)
			}
		}
	}
	return d
}

// kindDocument is a receipt of each kind there is, by name: each a full document of its own.
func kindDocument(tb testing.TB, language, kind string) receipt.Document {
	tb.Helper()
	d := document(tb, language)
	before := d.Signed.AddDate(-1, 2, 3)
	everywhere := func(cell func(i, k int, c receipt.Cell) receipt.Cell) {
		for i := range d.Answers {
			for k := range d.Answers[i].Cells {
				d.Answers[i].Cells[k] = cell(i, k, d.Answers[i].Cells[k])
			}
		}
	}
	child := func() {
		statement := d.Statement
		d = childDocument(tb, language)
		d.Answers = document(tb, language).Answers
		if d.SignerRole != "guardian" {
			d.Statement = statement
		}
	}
	switch kind {
	case "consent":
	case "refusal":
		d.Kind = receipt.KindRefusal
		everywhere(func(int, int, receipt.Cell) receipt.Cell { return receipt.Cell{Status: "refused"} })
	case "change":
		d.Kind, d.Before = receipt.KindChange, before
		everywhere(func(i, k int, c receipt.Cell) receipt.Cell {
			if was := map[string]string{"given": "refused", "refused": "given"}[c.Status]; (i+k)%3 == 0 {
				c.Was = was
			}
			return c
		})
	case "renewal":
		d.Kind, d.Before = receipt.KindRenewal, before
	case "withdrawal", "withdrawal of some":
		d.Kind, d.Method, d.Signature, d.SignerRole, d.SignerName = receipt.KindWithdrawal, "", nil, "staff", "PC-Ravn"
		d.Statement, d.Purpose, d.Summary, d.Notice = "", "", nil, nil
		d.ShootTitle, d.ShootPlace, d.Photographer = "", "", ""
		d.Concerns = []receipt.Concern{{Record: "0192f3a0-0000-7000-8000-0000000000bb", Signed: before}}
		everywhere(func(i, k int, c receipt.Cell) receipt.Cell {
			if c.Status == "given" && (kind == "withdrawal" || i < 2) {
				c = receipt.Cell{Status: "withdrawn", Was: "given"}
			}
			return c
		})
		if kind != "withdrawal" {
			for _, a := range d.Answers[:2] {
				d.Withdrawn = append(d.Withdrawn, a.Title+": "+strings.Join(d.MediaTitles, ", "))
			}
		}
		for i := range d.Answers {
			d.Answers[i].Text = ""
		}
	case "first guardian":
		child()
		d.Guardians = receipt.GuardiansAwaited
		everywhere(func(i, _ int, c receipt.Cell) receipt.Cell {
			if c.Status == "given" && i < 2 {
				c = receipt.Cell{Status: "awaiting-guardian"}
			}
			return c
		})
	case "second guardian":
		child()
		d.Guardians = receipt.GuardiansComplete
	case "sole guardian":
		child()
		d.Guardians, d.SoleGuardian = receipt.GuardiansSole, "Har foreldreansvaret alene"
	case "child heard":
		child()
		d.SignerRole, d.SignerName = "child", d.SubjectName
		everywhere(func(_, _ int, c receipt.Cell) receipt.Cell {
			if c.Status == "given" {
				c = receipt.Cell{Status: "awaiting-guardian"}
			}
			return c
		})
	case "written again":
		everywhere(func(i, _ int, c receipt.Cell) receipt.Cell {
			if c.Status == "given" && i%2 == 0 {
				c = receipt.Cell{Status: "withdrawn", Said: "given"}
			}
			return c
		})
	default:
		tb.Fatalf("no kind %q", kind)
	}
	return d
}

// kinds are those of kindDocument.
var kinds = []string{"consent", "refusal", "change", "renewal", "withdrawal", "withdrawal of some", "first guardian", "second guardian",
	"sole guardian", "child heard", "written again"}

// drawnSignature is a transparent picture with a dark stroke, as the signing pad makes them.
func drawnSignature() image.Image {
	picture := image.NewNRGBA(image.Rect(0, 0, 1200, 420))
	for i := range 6000 {
		t := float64(i) / 6000
		x := 120 + 940*t + 60*math.Sin(31*t)
		y := 210 - 130*math.Sin(23*t)*math.Exp(-1.6*t) - 40*math.Sin(61*t)*t
		for dx := -3; dx <= 3; dx++ {
			for dy := -3; dy <= 3; dy++ {
				if dx*dx+dy*dy <= 10 {
					picture.Set(int(x)+dx, int(y)+dy, color.NRGBA{0x15, 0x20, 0x2B, 255})
				}
			}
		}
	}
	return picture
}

func write(tb testing.TB, d receipt.Document) []byte {
	tb.Helper()
	var out bytes.Buffer
	if err := receipt.Write(&out, d); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}
