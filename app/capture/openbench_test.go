package capture_test

import (
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
)

// Design §9: opening at 100,000 people and 400,000 events takes ≤ 2 s and ≤ 400 MB beyond argon2id, which the tests make light. It
// covers everything between the passphrase and the first screen: the vault, the fold, the profiles and the search's index.
func BenchmarkOpenCrowd(b *testing.B) {
	const people = 100_000
	crowd := mustCrowd(b, people)
	crowd.answer(people)
	before := heap()
	for b.Loop() {
		b.StopTimer()
		crowd.Session = nil
		if err := crowd.vault.Close(); err != nil {
			b.Fatal(err)
		}
		before = heap()
		b.StartTimer()
		crowd.open()
	}
	b.ReportMetric(float64((heap()-before)>>20), "MB-heap")
	status, err := crowd.Status(crowd.ctx)
	if err != nil || status.Subjects != people || status.Consents != people || status.Assets != people {
		b.Fatalf("%+v, %v", status, err)
	}
}

// answer lets everybody sign and appear on a picture of their own, as a sync from another device brings it: three events a person.
func (b *bench) answer(people int) {
	b.tb.Helper()
	key, err := evidence.NewKey(rand.Reader)
	if err != nil {
		b.tb.Fatal(err)
	}
	form, err := b.CurrentForm("default")
	if err != nil {
		b.tb.Fatal(err)
	}
	hash, err := form.Hash()
	if err != nil {
		b.tb.Fatal(err)
	}
	answers := map[consent.Scope]consent.Decision{}
	for _, scope := range form.Scopes() {
		answers[scope] = consent.DecisionYes
	}
	drafts := func(p capture.Person, i int) []evidence.Draft {
		asset := consent.AssetID(fmt.Sprintf("%064x", i))
		return []evidence.Draft{
			{Type: consent.ConsentDecided, Subject: p.ID, Shoot: b.shoot, Body: consent.DecidedBody{Form: hash, Language: "nb", Answers: answers,
				Signer: consent.Signer{Role: consent.RoleSelf}, Until: b.now.AddDate(3, 0, 0),
				Evidence: []consent.EvidenceRef{{Kind: consent.EvidenceDrawn, SHA256: consent.BlobHash(asset), Size: 9000, MIME: "image/png"}}}},
			{Type: consent.AssetImported, Shoot: b.shoot, Asset: asset, Body: consent.ImportedBody{Kind: consent.Photo, Size: 9_000_000, MIME: "image/jpeg"}},
			{Type: consent.AssetAppearance, Subject: p.ID, Asset: asset, Body: consent.AppearanceBody{}},
		}
	}
	var head evidence.Head
	crowd := b.People("")
	const batch = 5_000
	for from := 0; from < people; from += batch {
		err := b.vault.Update(b.ctx, func(tx capture.Tx) error {
			for i := from; i < min(from+batch, people); i++ {
				for _, draft := range drafts(crowd[i], i) {
					signed, _, next, err := evidence.Append(key, head, b.now, rand.Reader, draft)
					if err != nil {
						return err
					}
					head = next
					if err := tx.AppendEvent(capture.StoredEvent{SignedEvent: signed, ServerSeq: head.Seq, ReceivedAt: b.now.Add(time.Minute)}); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			b.tb.Fatal(err)
		}
	}
}
