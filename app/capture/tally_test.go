package capture_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// TestCountsOfTheQueueAreThoseOfARecount: whatever was done, in whatever order and also in vain, the counts that are kept are those that a session
// finds which reads the whole queue.
func TestCountsOfTheQueueAreThoseOfARecount(t *testing.T) {
	for seed := range uint64(2) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			b, chance, card := mustBench(t), rand.New(rand.NewPCG(seed, 0)), newMadeCard(t)
			library, _ := b.enrolled()
			b.counts() // from now on they are kept
			var people []capture.Person
			sign := func(nth int) error {
				p := b.person(capture.Registration{Name: fmt.Sprintf("Ola Nordmann %d", nth)})
				b.sign(p, "web:*")
				people = append(people, p)
				return nil
			}
			photograph := func(nth int) error {
				name := fmt.Sprintf("N1_%04d", nth)
				b.take(card.jpeg(name+".JPG", uint64(nth)), card.raw(name+".NEF", uint64(nth)))
				return nil
			}
			// some does something with what waits; most of it arrives, so that what has arrived can go again.
			some := func(act func(capture.Transfer) error) func(int) error {
				return func(int) error {
					queue, err := b.WaitingTransfers(b.ctx)
					if err != nil || len(queue) == 0 {
						return err
					}
					return act(queue[chance.IntN(len(queue))])
				}
			}
			arrive := some(func(x capture.Transfer) error {
				receipt, err := evidence.SignStorageReceipt(library, evidence.StorageReceipt{SHA256: x.Hash, Size: x.Size, StoredAt: b.now})
				if err != nil {
					return err
				}
				return b.TransferReceived(b.ctx, x, receipt)
			})
			trouble := problem.New(problem.Unavailable, "test", "It is raining.")
			acts := []func(nth int) error{sign, photograph, arrive, arrive, arrive,
				some(func(x capture.Transfer) error {
					x.Offset = chance.Int64N(x.Size + 1)
					return b.PutTransfer(b.ctx, x)
				}),
				some(func(x capture.Transfer) error {
					x.Fail(trouble)
					return b.PutTransfer(b.ctx, x)
				}),
				some(func(x capture.Transfer) error { return b.TryAgain(b.ctx, x.Hash) }),
				some(func(x capture.Transfer) error { // stopped before it was stored
					ctx, stop := context.WithCancel(b.ctx)
					stop()
					if x.Fail(trouble); b.PutTransfer(ctx, x) == nil {
						return errors.New("stored what was stopped")
					}
					return nil
				}),
				func(int) error {
					images := b.Images(capture.ImageFilter{})
					if len(images) == 0 {
						return nil
					}
					_, err := b.RemoveImages(b.ctx, capture.Removal{Assets: []consent.AssetID{images[0].ID}, Unsent: true})
					return err
				},
				func(int) error {
					if len(people) > 0 {
						b.erase(people[0])
						people = people[1:]
					}
					return nil
				}}
			arrived, failed := 0, 0
			for nth := range 120 {
				act := chance.IntN(len(acts))
				if err := acts[act](nth); err != nil {
					t.Fatalf("act %d at %d: %v", act, nth, err)
				}
				kept := b.counts()
				again, err := capture.Open(b.ctx, b.parts())
				if err != nil {
					t.Fatal(err)
				}
				if found, err := again.Status(b.ctx); err != nil || found != kept {
					t.Fatalf("act %d at %d\nkept:    %+v\ncounted: %+v, %v", act, nth, kept, found, err)
				}
				if assets := b.assetsArrived(); assets != kept.ReceivedAssets {
					t.Fatalf("act %d at %d: %d assets have arrived, counted %d", act, nth, assets, kept.ReceivedAssets)
				}
				arrived, failed = max(arrived, kept.ReceivedBlobs-kept.ReceivedAssets), max(failed, kept.FailedBlobs)
			}
			if arrived == 0 || failed == 0 {
				t.Errorf("too little happened: at most %d arrived, %d failed", arrived, failed)
			}
		})
	}
}

// assetsArrived counts the pictures that the library has, without what came with them.
func (b *bench) assetsArrived() int {
	b.tb.Helper()
	queue, err := b.Queue(b.ctx)
	if err != nil {
		b.tb.Fatal(err)
	}
	arrived := map[consent.AssetID]bool{}
	for _, item := range queue {
		arrived[consent.AssetID(item.Hash)] = item.State == capture.TransferReceived
	}
	n := 0
	for _, image := range b.Images(capture.ImageFilter{}) {
		if arrived[image.ID] {
			n++
		}
	}
	return n
}
