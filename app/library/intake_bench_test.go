package library_test

import (
	"crypto/rand"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/library"
	"samtykke/storage/ledger"
	"samtykke/storage/objects"
)

// BenchmarkEventIntake takes in batches of 500 signed events of one device on SQLite: signatures, chain, Merkle log, one
// durable commit. The budget is 5,000 events/s.
func BenchmarkEventIntake(b *testing.B) {
	const batch = 500
	dir := b.TempDir()
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	keys, err := ledger.LoadKeys(filepath.Join(dir, "library.key"))
	must(err)
	l, err := ledger.Open(b.Context(), filepath.Join(dir, "ledger.db"), keys)
	must(err)
	defer l.Close()
	store, err := objects.Open(filepath.Join(dir, "objects"))
	must(err)
	lib, err := library.Open(b.Context(), library.Config{Ledger: l, Objects: store, Key: keys.Signing, Logger: slog.New(slog.DiscardHandler), Now: time.Now})
	must(err)
	key, err := evidence.NewKey(rand.Reader)
	must(err)
	secret, err := library.Invite(b.Context(), l, "", time.Now(), time.Hour)
	must(err)
	_, err = lib.Enrol(b.Context(), library.Enrolment{Secret: secret, PublicKey: key.Public(), Name: "bench",
		Organisation: consent.Organisation{Name: "Bench", Number: "1", Contact: "a@b.example"}})
	must(err)
	var head evidence.Head
	body := consent.DecidedBody{Form: "f", Language: "nb", Answers: map[consent.Scope]consent.Decision{}, Until: time.Now().AddDate(5, 0, 0), Link: "l",
		Evidence: []consent.EvidenceRef{{Kind: consent.EvidenceDrawn, SHA256: "0000000000000000000000000000000000000000000000000000000000000000", Size: 1}}}
	for _, c := range []consent.Channel{"web", "social", "print", "press", "internal", "screens", "ads", "open"} {
		for _, m := range []consent.MediaKind{consent.Photo, consent.Video, consent.Audio} {
			body.Answers[consent.Scope{Channel: c, Media: m}] = consent.DecisionYes
		}
	}
	drafts := func() []evidence.SignedEvent {
		events := make([]evidence.SignedEvent, batch)
		for i := range events {
			d := evidence.Draft{Type: consent.AssetPeople, Asset: "a", Body: consent.PeopleBody{Count: i}}
			if i%5 == 0 {
				d = evidence.Draft{Type: consent.ConsentDecided, Subject: "s", Body: body}
			}
			events[i], _, head, err = evidence.Append(key, head, time.Now(), rand.Reader, d)
			must(err)
		}
		return events
	}
	n := 0
	for b.Loop() {
		b.StopTimer()
		events := drafts()
		b.StartTimer()
		results, err := lib.Intake(b.Context(), key.Device(), events)
		must(err)
		if results[batch-1].Outcome != library.Accepted {
			b.Fatal(results[batch-1])
		}
		n += batch
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
}
