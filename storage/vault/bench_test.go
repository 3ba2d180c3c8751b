package vault_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.etcd.io/bbolt"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/storage/sealing"
	"samtykke/storage/vault"
)

// BenchmarkCommitConsent commits one signed consent, an event of 1.5 kB, a profile, a drawn signature of 20 kB and three
// transfers, and compares with one bare bbolt Update of the same things, unsealed and without any index, under the identifiers
// that name them. Budget: 1.5.
func BenchmarkCommitConsent(b *testing.B) {
	dir := b.TempDir()
	v, _ := MustCreate(b, filepath.Join(dir, "vault"))
	bare, err := bbolt.Open(filepath.Join(dir, "bare.db"), 0o600, &bbolt.Options{FreelistType: bbolt.FreelistMapType})
	if err != nil {
		b.Fatal(err)
	}
	defer bare.Close()
	var sealed, unsealed time.Duration
	for i := 0; b.Loop(); i++ {
		subject := consent.SubjectID(uuid.NewString())
		e := event(b, uint64(i+1), `{"x":"`+strings.Repeat("x", 1200)+`"}`)
		profile := consent.Profile{Subject: subject, Name: "Kari Nordmann", Phone: "+4791234567", Email: "kari@example.no", Born: "2015"}
		drawn := blob(capture.ClassEvidence, subject, strings.Repeat(fmt.Sprintf("%09d ", i), 2000))
		var queue [3]capture.Transfer
		for n := range queue {
			queue[n] = capture.Transfer{Hash: blob("", "", fmt.Sprint(i, n)).Hash, Class: capture.ClassEvidence, Size: 20_000, State: capture.TransferWaiting}
		}
		began := time.Now()
		MustUpdate(b, v, func(tx capture.Tx) error {
			return errors.Join(tx.PutProfile(profile, true), tx.PutBlob(drawn), tx.AppendEvent(e),
				tx.PutTransfer(queue[0]), tx.PutTransfer(queue[1]), tx.PutTransfer(queue[2]))
		})
		sealed += time.Since(began)

		record := func(value any) []byte {
			raw, err := json.Marshal(value)
			if err != nil {
				b.Fatal(err)
			}
			return raw
		}
		rows := []struct {
			bucket, key string
			value       []byte
		}{
			{"events", fmt.Sprintf("%016d", i), record(e)}, {"profiles", string(subject), record(profile)}, {"blobs", string(drawn.Hash), drawn.Data},
			{"transfers", string(queue[0].Hash), record(queue[0])}, {"transfers", string(queue[1].Hash), record(queue[1])},
			{"transfers", string(queue[2].Hash), record(queue[2])},
		}
		began = time.Now()
		err := bare.Update(func(tx *bbolt.Tx) error {
			for _, row := range rows {
				bucket, err := tx.CreateBucketIfNotExists([]byte(row.bucket))
				if err != nil {
					return err
				}
				if err := bucket.Put([]byte(row.key), row.value); err != nil {
					return err
				}
			}
			return nil
		})
		unsealed += time.Since(began)
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(sealed)/float64(unsealed), "times-bare")
	b.ReportMetric(float64(unsealed.Microseconds())/float64(b.N), "bare-µs/op")
}

// BenchmarkOpen opens a vault of 100,000 subjects and 400,000 events and reads both, as a session does, beside the time that
// argon2id alone takes. Budget: 2 s and 400 MB beyond argon2id. SAMTYKKE_BENCH_SUBJECTS sets another size.
func BenchmarkOpen(b *testing.B) {
	subjects := 100_000
	if text := os.Getenv("SAMTYKKE_BENCH_SUBJECTS"); text != "" {
		var err error
		if subjects, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	dir := b.TempDir()
	v, _, err := vault.Create(b.Context(), dir, passphrase, vault.Options{}) // the real argon2id
	if err != nil {
		b.Fatal(err)
	}
	populate(b, v, subjects)
	MustClose(b, v)
	info, err := os.Stat(filepath.Join(dir, "vault.db"))
	if err != nil {
		b.Fatal(err)
	}
	wrong := func() (took time.Duration) {
		began := time.Now()
		if _, err := vault.Open(b.Context(), dir, "not the passphrase", vault.Options{}); err == nil {
			b.Fatal("opened")
		}
		return time.Since(began)
	}
	var opened, read, stretched time.Duration
	var memory runtime.MemStats
	for b.Loop() {
		stretched += wrong()
		began := time.Now()
		v, err := vault.Open(b.Context(), dir, passphrase, vault.Options{})
		if err != nil {
			b.Fatal(err)
		}
		opened += time.Since(began)
		began = time.Now()
		events, profiles, size := 0, 0, 0
		MustView(b, v, func(tx capture.Tx) error {
			return errors.Join(tx.EachEvent(func(e capture.StoredEvent) error { events++; size += len(e.Envelope); return nil }),
				tx.EachProfile(func(consent.Profile) error { profiles++; return nil }))
		})
		read += time.Since(began)
		if events != 4*subjects || profiles != subjects {
			b.Fatal(events, profiles)
		}
		runtime.ReadMemStats(&memory)
		MustClose(b, v)
	}
	n := time.Duration(b.N)
	b.ReportMetric((opened-stretched).Seconds()/float64(n), "s-open-beyond-argon2id")
	b.ReportMetric(read.Seconds()/float64(n), "s-read-all")
	b.ReportMetric((opened-stretched+read).Seconds()/float64(n), "s-sum")
	b.ReportMetric(float64(memory.HeapSys>>20), "MB-heap")
	b.ReportMetric(float64(info.Size()>>20), "MB-file")
}

func populate(b *testing.B, v *vault.Vault, subjects int) {
	b.Helper()
	body := `{"x":"` + strings.Repeat("x", 350) + `"}`
	const step = 500
	for from := 0; from < subjects; from += step {
		MustUpdate(b, v, func(tx capture.Tx) error {
			var errs []error
			for n := from; n < min(from+step, subjects); n++ {
				errs = append(errs, tx.PutProfile(consent.Profile{Subject: subjectOf(n), Name: fmt.Sprint("Kari Nordmann ", n), Phone: "+4791234567",
					CommitKey: strings.Repeat("0", 64), Guardians: []consent.Guardian{{ID: "g", Name: "Ola Nordmann", Email: "ola@example.no"}}}, false))
				for k := range 4 {
					e := event(b, uint64(4*n+k+1), body)
					e.ServerSeq, e.ReceivedAt = uint64(4*n+k+1), time.Unix(1, 0)
					errs = append(errs, tx.AppendEvent(e))
				}
			}
			return errors.Join(errs...)
		})
	}
}

// BenchmarkSeal is what sealing alone costs, for reading the numbers above.
func BenchmarkSeal(b *testing.B) {
	plain := bytes.Repeat([]byte("x"), 600)
	for b.Loop() {
		sealing.Seal(sealing.Key{}, nil, plain)
	}
}
