package hub_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/sync/wire"
)

// TestVerifyFindsEveryTampering changes a good library in one place and expects verify to say where.
func TestVerifyFindsEveryTampering(t *testing.T) {
	run := func(statement string) func(testing.TB, *server) {
		return func(tb testing.TB, s *server) {
			tb.Helper()
			db, err := sql.Open("sqlite", filepath.Join(s.dir, "ledger.db"))
			if err != nil {
				tb.Fatal(err)
			}
			defer db.Close()
			result, err := db.ExecContext(tb.Context(), statement)
			if err != nil {
				tb.Fatal(err)
			}
			if n, err := result.RowsAffected(); n == 0 || err != nil {
				tb.Fatalf("the tampering changed nothing: %v", err)
			}
		}
	}
	flip := func(hash consent.BlobHash) func(testing.TB, *server) {
		return func(tb testing.TB, s *server) {
			tb.Helper()
			h := string(hash)
			path := filepath.Join(s.dir, "objects", "sha256", h[:2], h[2:4], h)
			raw, err := os.ReadFile(path)
			if err != nil {
				tb.Fatal(err)
			}
			raw[len(raw)/2] ^= 1
			if err := os.WriteFile(path, raw, 0o600); err != nil {
				tb.Fatal(err)
			}
		}
	}
	picture := []byte("picture of somebody")
	for name, c := range map[string]struct {
		tamper func(testing.TB, *server)
		says   string
	}{
		"flipped byte in an original":      {flip(hashOf(picture)), "holds other bytes"},
		"flipped byte in sealed evidence":  {flip(hashOf(signature)), "does not open"},
		"removed object":                   {func(tb testing.TB, s *server) { _ = s.objects.Delete(tb.Context(), hashOf(picture)) }, "is missing"},
		"removed event":                    {run("DELETE FROM changes WHERE server_seq = 3; DELETE FROM events WHERE server_seq = 3"), "are missing"},
		"removed last events":              {run("DELETE FROM changes WHERE server_seq = 5; DELETE FROM events WHERE server_seq = 5"), "the library signed"},
		"changed envelope":                 {run("UPDATE events SET envelope = replace(CAST(envelope AS TEXT), '\"web:photo\":\"yes\"', '\"web:photo\":\"no\"') WHERE server_seq = 2"), "event 2 of the log"},
		"changed signature":                {run("UPDATE events SET signature = randomblob(64) WHERE server_seq = 1"), "signature does not fit"},
		"changed hash of the log":          {run("UPDATE tree_hashes SET hash = randomblob(32) WHERE position = 2"), "Merkle"},
		"removed checkpoint":               {run("DELETE FROM settings WHERE name = 'checkpoint'"), "checkpoint is missing"},
		"swapped certificate":              {run("UPDATE devices SET certificate = replace(CAST(certificate AS TEXT), 'Laptop', 'Toptap') WHERE number = 2"), "did not sign its certificate"},
		"profile moved to another subject": {run("UPDATE profiles SET sealed = zeroblob(80)"), "cannot be opened"},
		"shortened size":                   {run("UPDATE blobs SET size = size - 1 WHERE class = 'asset'"), "bytes, not"},
	} {
		t.Run(name, func(t *testing.T) {
			s := mustServe(t)
			d := s.enrolled()
			hash, form := d.publish()                                                                                                        // 1
			d.consentTo(hash, form, consent.Signer{Role: consent.RoleSelf}, 0)                                                               // 2
			d.declare(picture)                                                                                                               // 3
			d.happen(evidence.Draft{Type: consent.AssetPeople, Asset: consent.AssetID(hashOf(picture)), Body: consent.PeopleBody{Count: 1}}) // 4
			d.happen(shoot(5))
			d.upload(picture)
			d.upload(signature)
			d.must(d.do("PUT", wire.PathSubjects+string(kari)+"/profile", wire.ProfileRequest{Profile: consent.Profile{Subject: kari, Revision: 1, Name: "Kari"}}))
			if r := s.verify(); !r.OK() || r.Events != 5 || r.Blobs != 3 {
				t.Fatalf("before: %+v", r)
			}
			c.tamper(t, s)
			if r := s.verify(); !strings.Contains(strings.Join(r.Problems, "\n"), c.says) {
				t.Errorf("verify says %q, want %q", r.Problems, c.says)
			}
		})
	}
}

func TestVerifyHoldsForLogsOfManySizes(t *testing.T) {
	s := mustServe(t)
	d := s.enrolled()
	for _, n := range []int{1, 2, 254, 3, 250, 260} { // over the places where old hashes are forgotten
		events := make([]evidence.SignedEvent, n)
		for i := range events {
			events[i], _ = d.sign(shoot(i))
		}
		d.send(events...)
		if r := s.verify(); !r.OK() || r.Events != int(d.head.Seq) {
			t.Fatalf("after %d events: %+v", d.head.Seq, r)
		}
	}
}
