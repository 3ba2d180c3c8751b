package ledger_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/library"
	"samtykke/app/problem"
	"samtykke/storage/ledger"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

type opened struct {
	*ledger.Ledger
	dir  string
	keys ledger.Keys
}

func mustOpen(tb testing.TB) opened {
	tb.Helper()
	return mustOpenAt(tb, tb.TempDir())
}

func mustOpenAt(tb testing.TB, dir string) opened {
	tb.Helper()
	keys, err := ledger.LoadKeys(filepath.Join(dir, "library.key"))
	if err != nil {
		tb.Fatal(err)
	}
	l, err := ledger.Open(tb.Context(), filepath.Join(dir, "ledger.db"), keys)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = l.Close() })
	return opened{l, dir, keys}
}

func (o opened) update(tb testing.TB, write func(library.Tx) error) {
	tb.Helper()
	if err := o.Update(tb.Context(), write); err != nil {
		tb.Fatal(err)
	}
}

func (o opened) view(tb testing.TB, read func(library.Reader) error) {
	tb.Helper()
	if err := o.View(tb.Context(), read); err != nil {
		tb.Fatal(err)
	}
}

func device(name string) library.Device {
	key, err := evidence.NewKey(bytes.NewReader(bytes.Repeat([]byte(name), 32)))
	if err != nil {
		panic(err)
	}
	return library.Device{Certificate: evidence.Certificate{Device: key.Device(), PublicKey: key.Public(), Name: name, IssuedAt: noon}}
}

func TestFailedUpdateLeavesNothing(t *testing.T) {
	l := mustOpen(t)
	broken := errors.New("power cut")
	err := l.Update(t.Context(), func(tx library.Tx) error {
		if err := tx.SetSetting("organisation", []byte("x")); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Fatalf("got %v", err)
	}
	l.view(t, func(r library.Reader) error {
		if v, err := r.Setting("organisation"); v != nil || err != nil {
			t.Errorf("setting is %q, %v", v, err)
		}
		return nil
	})
}

func TestViewSeesOnePictureWhileOthersWrite(t *testing.T) {
	l := mustOpen(t)
	l.view(t, func(r library.Reader) error {
		if _, err := r.Setting("a"); err != nil {
			t.Fatal(err)
		}
		l.update(t, func(tx library.Tx) error { return tx.SetSetting("a", []byte("new")) })
		if v, err := r.Setting("a"); v != nil || err != nil {
			t.Errorf("the picture changed to %q, %v", v, err)
		}
		return nil
	})
}

func TestEventsComeBackAsTheyWereAppended(t *testing.T) {
	l := mustOpen(t)
	d := device("a")
	event := library.LoggedEvent{ServerSeq: 1, ReceivedAt: noon, ID: "id-1", Device: d.Certificate.Device, Seq: 1,
		Signed: evidence.SignedEvent{Envelope: []byte(`{"a":"<&>"}`), Signature: []byte("sig")}}
	hash := tlog.RecordHash(event.Signed.Envelope)
	l.update(t, func(tx library.Tx) error {
		return errors.Join(tx.PutDevice(d), tx.AppendEvent(event, 0, []tlog.Hash{hash}))
	})
	l = mustOpenAt(t, l.dir) // as after a restart
	l.view(t, func(r library.Reader) error {
		size, err := r.LogSize()
		if size != 1 || err != nil {
			t.Errorf("log size %d, %v", size, err)
		}
		got, found, err := r.Event("id-1")
		if !found || err != nil || string(got.Signed.Envelope) != string(event.Signed.Envelope) || !got.ReceivedAt.Equal(noon) || got.Seq != 1 {
			t.Errorf("event %+v %t %v", got, found, err)
		}
		hashes, err := r.ReadHashes([]int64{0})
		if err != nil || hashes[0] != hash {
			t.Errorf("hashes %v %v", hashes, err)
		}
		if _, err := r.ReadHashes([]int64{1}); err == nil {
			t.Error("a hash that is not there was read")
		}
		changes, err := r.Changes(0, 10)
		if err != nil || len(changes) != 1 || changes[0].Event == nil || string(changes[0].Event.Envelope) != string(event.Signed.Envelope) {
			t.Errorf("changes %+v %v", changes, err)
		}
		return nil
	})
	again := event
	again.ServerSeq, again.ID = 2, "id-2"
	err := l.Update(t.Context(), func(tx library.Tx) error { return tx.AppendEvent(again, 1, nil) })
	if err == nil {
		t.Error("one device got two events with the same number")
	}
}

func TestChangeFeedNamesASubjectOnceAndNoCursorSkipsIt(t *testing.T) {
	l := mustOpen(t)
	put := func(id consent.SubjectID, revision int) {
		l.update(t, func(tx library.Tx) error {
			return tx.PutProfile(consent.Profile{Subject: id, Revision: revision, Name: "Kari"}, noon)
		})
	}
	put("a", 1)
	put("b", 1)
	put("b", 2) // was the last line: its new number must be greater than the one it gives up
	l.view(t, func(r library.Reader) error {
		changes, err := r.Changes(2, 10)
		if err != nil || len(changes) != 1 || changes[0].Profile == nil || changes[0].Profile.Revision != 2 || changes[0].Seq != 3 {
			t.Errorf("after 2: %+v %v", changes, err)
		}
		all, err := r.Changes(0, 10)
		if err != nil || len(all) != 2 {
			t.Errorf("all: %d changes, %v", len(all), err)
		}
		return nil
	})
}

func TestErasedSubjectIsGoneAndStaysGone(t *testing.T) {
	l := mustOpen(t)
	const id = consent.SubjectID("5d0e9c5e-0000-4000-8000-000000000001")
	hash := consent.BlobHash(bytes.Repeat([]byte("a"), 64))
	var sealed []byte
	l.update(t, func(tx library.Tx) (err error) {
		if sealed, err = tx.SealBlob(hash, []consent.SubjectID{id}, []byte("signature")); err != nil {
			return err
		}
		return errors.Join(tx.PutProfile(consent.Profile{Subject: id, Revision: 1, Name: "Kari"}, noon),
			tx.PutBlob(library.Blob{Hash: hash, Size: 9, StoredAt: noon, Class: library.ClassEvidence, Personal: true}))
	})
	l.update(t, func(tx library.Tx) error {
		gone, err := tx.EraseSubject(id, noon)
		if len(gone) != 1 || gone[0] != hash {
			t.Errorf("to delete: %v", gone)
		}
		return err
	})
	l.view(t, func(r library.Reader) error {
		if _, found, err := r.Profile(id); found || err != nil {
			t.Errorf("profile found %t, %v", found, err)
		}
		if _, err := r.OpenBlob(library.Blob{Hash: hash, Class: library.ClassEvidence, Personal: true}, sealed); err == nil {
			t.Error("the evidence still opens")
		}
		if left, err := r.Unremoved(); len(left) != 1 || err != nil {
			t.Errorf("unremoved %v %v", left, err)
		}
		if changes, err := r.Changes(0, 10); len(changes) != 0 || err != nil {
			t.Errorf("changes %v %v", changes, err)
		}
		return nil
	})
	for what, write := range map[string]func(library.Tx) error{
		"profile": func(tx library.Tx) error { return tx.PutProfile(consent.Profile{Subject: id, Revision: 1}, noon) },
		"seal":    func(tx library.Tx) error { _, err := tx.SealBlob(hash, []consent.SubjectID{id}, nil); return err },
		"blob": func(tx library.Tx) error {
			return tx.PutBlob(library.Blob{Hash: hash, Class: library.ClassEvidence, Personal: true})
		},
	} {
		if err := l.Update(t.Context(), write); !errors.Is(err, library.ErrSubjectErased) {
			t.Errorf("%s after erasure: %v", what, err)
		}
	}
}

func TestSealedFileOpensOnlyAsItself(t *testing.T) {
	l := mustOpen(t)
	hash, other := consent.BlobHash(bytes.Repeat([]byte("a"), 64)), consent.BlobHash(bytes.Repeat([]byte("b"), 64))
	for _, subjects := range [][]consent.SubjectID{nil, {"subject-1"}, {"subject-1", "subject-2"}} {
		l.update(t, func(tx library.Tx) error {
			sealed, err := tx.SealBlob(hash, subjects, []byte("Kari Nordmann"))
			if err != nil {
				return err
			}
			if bytes.Contains(sealed, []byte("Nordmann")) {
				t.Error("not sealed")
			}
			plain, err := tx.OpenBlob(library.Blob{Hash: hash, Personal: subjects != nil}, sealed)
			if err != nil || string(plain) != "Kari Nordmann" {
				t.Errorf("open: %q %v", plain, err)
			}
			if _, err := tx.OpenBlob(library.Blob{Hash: other, Personal: subjects != nil}, sealed); err == nil {
				t.Error("opened under another name")
			}
			return nil
		})
	}
}

func TestSharedEvidenceStaysForThoseWhoAreNotErased(t *testing.T) {
	l := mustOpen(t)
	hash := consent.BlobHash(bytes.Repeat([]byte("a"), 64))
	b := library.Blob{Hash: hash, Size: 4, StoredAt: noon, Class: library.ClassEvidence, Personal: true}
	var sealed []byte
	l.update(t, func(tx library.Tx) (err error) {
		if sealed, err = tx.SealBlob(hash, []consent.SubjectID{"first"}, []byte("list")); err != nil {
			return err
		}
		return errors.Join(tx.PutBlob(b), tx.Declare(library.Declaration{Hash: hash, Device: "d", Class: library.ClassEvidence, Subject: "later"}))
	})
	erase := func(id consent.SubjectID) (gone []consent.BlobHash, err error) {
		l.update(t, func(tx library.Tx) (txErr error) { gone, txErr = tx.EraseSubject(id, noon); return txErr })
		l.view(t, func(r library.Reader) error { _, err = r.OpenBlob(b, sealed); return nil })
		return gone, err
	}
	if gone, err := erase("first"); len(gone) != 0 || err != nil {
		t.Errorf("erasing one took it from the other: %v, %v", gone, err)
	}
	if gone, err := erase("later"); len(gone) != 1 || err == nil {
		t.Errorf("erasing the last one leaves it: %v, %v", gone, err)
	}
}

func TestQuarantineKeepsAnEventOnceUntilReleased(t *testing.T) {
	l := mustOpen(t)
	q := library.QuarantinedEvent{ID: "id", Device: "d", Seq: 3, ReceivedAt: noon, Reason: "gap",
		Signed: evidence.SignedEvent{Envelope: []byte(`{}`), Signature: []byte("s")}}
	l.update(t, func(tx library.Tx) error {
		first, err := tx.PutQuarantine(q)
		again, err2 := tx.PutQuarantine(q)
		if !first || again {
			t.Errorf("fresh: %t, then %t", first, again)
		}
		return errors.Join(err, err2)
	})
	count := func() (n int) {
		l.view(t, func(r library.Reader) error {
			list, err := r.Quarantine()
			n = len(list)
			return err
		})
		return n
	}
	if count() != 1 {
		t.Errorf("%d in quarantine", count())
	}
	l.update(t, func(tx library.Tx) error { return tx.ReleaseQuarantine(q.Signed, noon) })
	if count() != 0 {
		t.Errorf("%d in quarantine after the release", count())
	}
}

func TestDevicesKeepTheirOrderAndTheirHead(t *testing.T) {
	l := mustOpen(t)
	a, b := device("a"), device("b")
	l.update(t, func(tx library.Tx) error { return errors.Join(tx.PutDevice(a), tx.PutDevice(b)) })
	a.Head, a.Revoked = evidence.Head{Seq: 7, Hash: "h"}, noon
	l.update(t, func(tx library.Tx) error { return tx.PutDevice(a) })
	l.view(t, func(r library.Reader) error {
		list, err := r.Devices()
		if err != nil || len(list) != 2 || list[0].Head != a.Head || !list[0].Revoked.Equal(noon) || list[1].Certificate.Name != "b" || !list[1].Revoked.IsZero() {
			t.Errorf("devices %+v %v", list, err)
		}
		return nil
	})
}

func TestOtherDatabasesAreRefusedInWords(t *testing.T) {
	keys, err := ledger.LoadKeys(filepath.Join(t.TempDir(), "library.key"))
	if err != nil {
		t.Fatal(err)
	}
	for _, database := range []string{"postgres://localhost/mediebank", "mysql://x", ""} {
		_, err := ledger.Open(t.Context(), database, keys)
		if problem.KindOf(err) != problem.Invalid {
			t.Errorf("%q: %v", database, err)
		}
	}
	for _, prefix := range []string{"", "file:", "sqlite:", "sqlite://"} {
		path := filepath.Join(t.TempDir(), "odd name?#%.db")
		l, err := ledger.Open(t.Context(), prefix+path, keys)
		if err != nil {
			t.Errorf("%q: %v", prefix, err)
			continue
		}
		_ = l.Close()
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%q: %v", prefix, err)
		}
	}
}

func TestKeyFileIsMadeOnceAndIsSecret(t *testing.T) {
	path := filepath.Join(t.TempDir(), "library.key")
	first, err := ledger.LoadKeys(path)
	if err != nil {
		t.Fatal(err)
	}
	second, err := ledger.LoadKeys(path)
	if err != nil {
		t.Fatal(err)
	}
	if first.Signing.Device() != second.Signing.Device() || first.Derive("x") != second.Derive("x") || first.Derive("x") == first.Derive("y") {
		t.Error("the keys changed, or purposes share one")
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.LoadKeys(path); problem.KindOf(err) != problem.Damaged {
		t.Errorf("damaged file: %v", err)
	}
}

func TestSecondHolderOfALockIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "serve.lock")
	first, err := ledger.Lock(path, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Lock(path, false); !errors.Is(err, ledger.ErrLocked) {
		t.Errorf("second: %v", err)
	}
	_ = first.Close()
	again, err := ledger.Lock(path, false)
	if err != nil {
		t.Fatalf("after release: %v", err)
	}
	_ = again.Close()
}

func TestCancelledUpdateLeavesNothing(t *testing.T) {
	l := mustOpen(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := l.Update(ctx, func(tx library.Tx) error {
		err := tx.SetSetting("a", []byte("1"))
		cancel()
		return err
	})
	if err == nil {
		t.Fatal("a cancelled update was committed")
	}
	l.view(t, func(r library.Reader) error {
		if v, _ := r.Setting("a"); v != nil {
			t.Errorf("setting is %q", v)
		}
		return nil
	})
}
