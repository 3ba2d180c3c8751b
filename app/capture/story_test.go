package capture_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"samtykke/app/capture"
)

func TestTracesTellWhatWasDoneWithAPersonInOneGo(t *testing.T) {
	b := mustBench(t)
	kari, ola := b.person(capture.Registration{Name: "Kari Nordmann", Born: "1980"}), b.person(capture.Registration{Name: "Ola Nordmann"})
	signed := b.sign(kari, "web:*")
	pictures := b.importCard(3, kari)
	if err := b.Link(b.ctx, ola.ID, pictures[0]); err != nil {
		t.Fatal(err)
	}
	b.now = b.now.Add(2 * time.Hour)
	if _, err := b.WriteReceipt(b.ctx, signed.Record, ""); err != nil {
		t.Fatal(err)
	}
	b.now = b.now.Add(2 * time.Hour)
	if err := b.Unlink(b.ctx, kari.ID, pictures[0]); err != nil {
		t.Fatal(err)
	}
	if _, err := b.ExportPerson(b.ctx, capture.AccessRequest{Subject: kari.ID, Out: filepath.Join(t.TempDir(), "kari.zip")}); err != nil {
		t.Fatal(err)
	}
	if got := b.PicturesOf(kari.ID); len(got) != 2 {
		t.Errorf("she is on %d pictures, want the two that are left", len(got))
	}
	traces, err := b.Traces(b.ctx, kari.ID)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, trace := range traces {
		told = append(told, fmt.Sprint(trace.Kind, " ", len(trace.Assets)))
	}
	if want := []string{"linked 3", "receipt 0", "unlinked 1", "access 0", "receipt 0"}; !slices.Equal(told, want) {
		t.Errorf("told %v, want %v", told, want)
	}
	if traces, err := b.Traces(b.ctx, ola.ID); err != nil || len(traces) != 1 || len(traces[0].Assets) != 1 {
		t.Errorf("of somebody else: %+v, %v", traces, err)
	}
}
