//go:build story

package durability_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

// witness remembers what was acknowledged and compares it with what is in the vault.
type witness struct {
	t      *testing.T
	dir    string
	names  map[consent.SubjectID]string
	counts map[consent.AssetID]int
	before sizes
}

// sizes are how much there was of everything after the last check.
type sizes struct{ people, records, withdrawals, assets int }

// check opens the vault after a kill, looks for everything that was done, and allows what was begun to be there or not.
func (w *witness) check(done []deed, begun *deed) {
	w.t.Helper()
	v, s, err := open(w.t.Context(), w.dir)
	if err != nil {
		w.t.Fatalf("the vault does not open after a kill: %v", err)
	}
	defer v.Close()
	for _, d := range done {
		w.look(s, d)
	}
	if begun == nil {
		begun = &deed{}
	}
	w.compareNames(s, *begun)
	w.compareCounts(s, *begun)
	w.compareSizes(s, done, *begun)
	audit, err := s.Audit(w.t.Context())
	if err != nil || len(audit.Problems) > 0 {
		w.t.Fatalf("the audit after a kill finds %v, %v", audit.Problems, err)
	}
	w.lookAtQueue(s)
}

// look looks for one deed. What later ones may have changed is noted, to be compared at the end.
func (w *witness) look(s *capture.Session, d deed) {
	w.t.Helper()
	switch d.Kind {
	case registered, amended:
		w.names[d.Subject] = d.Name
	case counted:
		w.counts[d.Asset] = d.Count
	case signed:
		w.lookAtRecord(s, d)
	case withdrew:
		history, err := s.History(d.Subject)
		if err != nil || !slices.ContainsFunc(history, func(e consent.HistoryEntry) bool { return e.ID == d.Event && e.Record == nil }) {
			w.t.Errorf("the withdrawal %s is not there: %v", d.Event, err)
		}
	case imported:
		w.lookAtOriginal(s, d.Asset)
	case linked:
		img, err := s.Image(d.Asset)
		if err != nil || !slices.ContainsFunc(img.People, func(p capture.ImagePerson) bool { return p.ID == d.Subject }) {
			w.t.Errorf("%s is not linked to %s: %v", d.Subject, d.Asset, err)
		}
	}
}

// lookAtRecord looks for a consent, its answers, and that its receipt can still be written: that needs the form, the signature,
// the statement and what was handed out.
func (w *witness) lookAtRecord(s *capture.Session, d deed) {
	w.t.Helper()
	history, err := s.History(d.Subject)
	if err != nil {
		w.t.Fatal(err)
	}
	at := slices.IndexFunc(history, func(e consent.HistoryEntry) bool { return consent.RecordID(e.ID) == d.Record })
	if at < 0 {
		w.t.Errorf("the consent %s is not there", d.Record)
		return
	}
	for scope, answer := range history[at].Record.Answers {
		if (answer == consent.DecisionYes) != d.Yes {
			w.t.Errorf("the consent %s says %s to %s", d.Record, answer, scope)
		}
	}
	if _, err := s.WriteReceipt(w.t.Context(), d.Record, ""); err != nil {
		w.t.Errorf("the receipt of %s cannot be written: %v", d.Record, err)
	}
}

func (w *witness) lookAtOriginal(s *capture.Session, id consent.AssetID) {
	w.t.Helper()
	if _, err := s.Image(id); err != nil {
		w.t.Errorf("the image %s is not there: %v", id, err)
	}
	original, err := s.OpenOriginal(id)
	if err != nil {
		w.t.Errorf("the original %s is not there: %v", id, err)
		return
	}
	defer original.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, io.NewSectionReader(original, 0, original.Size())); err != nil || hex.EncodeToString(hash.Sum(nil)) != string(id) {
		w.t.Errorf("the original %s is not what was imported: %v", id, err)
	}
}

func (w *witness) compareNames(s *capture.Session, begun deed) {
	w.t.Helper()
	seen := map[string]bool{}
	for _, p := range s.People("") {
		name := p.Profile.Name
		switch known := w.names[p.ID]; {
		case name == known, begun.Kind == registered && known == "", begun.Kind == amended && begun.Subject == p.ID && begun.Name == name:
		default:
			w.t.Errorf("%s is called %q, %q was acknowledged", p.ID, name, known)
		}
		if w.names[p.ID] = name; seen[name] {
			w.t.Errorf("%q is there twice", name)
		}
		seen[name] = true
	}
	for id := range w.names {
		if p, err := s.Person(id); err != nil || !p.Known {
			w.t.Errorf("%s is not there: %v", id, err)
		}
	}
}

func (w *witness) compareCounts(s *capture.Session, begun deed) {
	w.t.Helper()
	for _, img := range s.Images(capture.ImageFilter{}) {
		known, was := w.counts[img.ID]
		same := img.PeopleCount == known || (!was && img.PeopleCount < 0)
		if !same && (begun.Kind != counted || begun.Asset != img.ID || begun.Count != img.PeopleCount) {
			w.t.Errorf("%s shows %d people, %d was acknowledged", img.ID, img.PeopleCount, known)
		}
		if img.PeopleCount >= 0 {
			w.counts[img.ID] = img.PeopleCount
		}
	}
}

// compareSizes finds what was doubled: there is as much as was acknowledged, and at most what was begun besides.
func (w *witness) compareSizes(s *capture.Session, done []deed, begun deed) {
	w.t.Helper()
	now := sizes{people: len(s.People("")), assets: len(s.Images(capture.ImageFilter{}))}
	for _, p := range s.People("") {
		history, err := s.History(p.ID)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, e := range history {
			if e.Record != nil {
				now.records++
			} else {
				now.withdrawals++
			}
		}
	}
	for kind, grown := range map[string]int{registered: now.people - w.before.people, signed: now.records - w.before.records,
		withdrew: now.withdrawals - w.before.withdrawals, imported: now.assets - w.before.assets} {
		least := 0
		for _, d := range done {
			if d.Kind == kind {
				least++
			}
		}
		most := least
		if begun.Kind == kind {
			most++
		}
		if grown < least || grown > most {
			w.t.Errorf("%d more were %s, %d to %d were acknowledged or begun", grown, kind, least, most)
		}
	}
	w.before = now
}

// lookAtQueue sees that everything in the vault waits for the library, and that the bytes of each item are there.
func (w *witness) lookAtQueue(s *capture.Session) {
	w.t.Helper()
	waiting, err := s.WaitingTransfers(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	queued := map[consent.BlobHash]bool{}
	for _, transfer := range waiting {
		queued[transfer.Hash] = true
		bytes, err := s.OpenTransfer(w.t.Context(), transfer)
		if err != nil {
			w.t.Errorf("what waits as %s %s cannot be read: %v", transfer.Class, transfer.Hash, err)
			continue
		}
		_ = bytes.Close()
	}
	for _, p := range s.People("") {
		history, _ := s.History(p.ID)
		for _, e := range history {
			if e.Record == nil {
				continue
			}
			for _, ref := range e.Record.Evidence {
				if !queued[ref.SHA256] {
					w.t.Errorf("the %s of consent %s does not wait for the library", ref.Kind, e.ID)
				}
			}
		}
	}
}
