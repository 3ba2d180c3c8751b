package vault_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.etcd.io/bbolt"
	"pgregory.net/rapid"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/problem"
)

func TestFailedUpdateLeavesNothingBehind(t *testing.T) {
	v, _ := MustCreate(t, t.TempDir())
	refusal := errors.New("refused")
	err := v.Update(t.Context(), func(tx capture.Tx) error {
		return errors.Join(tx.PutSetting("a", 1), tx.AppendEvent(event(t, 1, `{}`)), tx.PutProfile(consent.Profile{Subject: "s"}, true),
			tx.PutBlob(blob(capture.ClassEvidence, "s", "x")), tx.PutTransfer(capture.Transfer{Hash: "h"}), tx.PutAssetFile(capture.AssetFile{Asset: "a"}), refusal)
	})
	if !errors.Is(err, refusal) {
		t.Fatal(err)
	}
	MustView(t, v, func(tx capture.Tx) error {
		_, setting := tx.Setting("a", new(int))
		count, _ := tx.CountWaitingEvents()
		_, profile, _ := tx.Profile("s")
		_, evidence, _ := tx.Blob(blob(capture.ClassEvidence, "s", "x").Hash)
		_, transfer, _ := tx.Transfer("h")
		_, file, _ := tx.AssetFile("a")
		_, key := tx.SubjectKey("s")
		if setting != nil || count != 0 || profile || evidence || transfer || file || key == nil {
			t.Error("something of a refused update is there:", setting, count, profile, evidence, transfer, file, key)
		}
		return tx.EachEvent(func(capture.StoredEvent) error { t.Error("an event is there"); return nil })
	})
}

func TestPanicInAnUpdateIsTheCallersAndLeavesTheVaultUsable(t *testing.T) {
	v, _ := MustCreate(t, t.TempDir())
	func() {
		defer func() {
			if r := recover(); r != "a mistake" {
				t.Errorf("recovered %v", r)
			}
		}()
		_ = v.Update(t.Context(), func(tx capture.Tx) error { panic("a mistake") })
	}()
	MustUpdate(t, v, func(tx capture.Tx) error { return tx.PutSetting("a", 1) })
}

func TestWritingInAViewFails(t *testing.T) {
	v, _ := MustCreate(t, t.TempDir())
	MustUpdate(t, v, func(tx capture.Tx) error { return tx.PutProfile(consent.Profile{Subject: "s"}, false) })
	for name, write := range map[string]func(capture.Tx) error{
		"setting":       func(tx capture.Tx) error { return tx.PutSetting("a", 1) },
		"event":         func(tx capture.Tx) error { return tx.AppendEvent(event(t, 1, `{}`)) },
		"profile":       func(tx capture.Tx) error { return tx.PutProfile(consent.Profile{Subject: "s"}, true) },
		"new key":       func(tx capture.Tx) error { _, err := tx.SubjectKey("unknown"); return err },
		"forget":        func(tx capture.Tx) error { return tx.ForgetSubject("s") },
		"blob":          func(tx capture.Tx) error { return tx.PutBlob(blob(capture.ClassForm, "", "x")) },
		"transfer":      func(tx capture.Tx) error { return tx.PutTransfer(capture.Transfer{Hash: "h"}) },
		"asset file":    func(tx capture.Tx) error { return tx.PutAssetFile(capture.AssetFile{Asset: "a"}) },
		"no setting":    func(tx capture.Tx) error { return tx.DeleteSetting("a") },
		"no asset file": func(tx capture.Tx) error { return tx.DeleteAssetFile("a") },
	} {
		if err := v.View(t.Context(), write); err == nil {
			t.Errorf("%s: a View wrote", name)
		}
	}
}

func TestWhatIsDeletedIsGone(t *testing.T) {
	v, _ := MustCreate(t, t.TempDir())
	MustUpdate(t, v, func(tx capture.Tx) error {
		return errors.Join(tx.PutSetting("a", 1), tx.PutTransfer(capture.Transfer{Hash: "h", Class: capture.ClassEvidence}),
			tx.PutAssetFile(capture.AssetFile{Asset: "a"}))
	})
	for range 2 { // deleting again is no error
		MustUpdate(t, v, func(tx capture.Tx) error {
			return errors.Join(tx.DeleteSetting("a"), tx.DeleteTransfer("h"), tx.DeleteAssetFile("a"))
		})
	}
	MustView(t, v, func(tx capture.Tx) error {
		setting, err := tx.Setting("a", new(int))
		_, transfer, err2 := tx.Transfer("h")
		_, file, err3 := tx.AssetFile("a")
		if setting || transfer || file {
			t.Error("still there:", setting, transfer, file)
		}
		return errors.Join(err, err2, err3)
	})
}

func TestKnownEventTakesOverOnlyWhatTheLibrarySays(t *testing.T) {
	v, _ := MustCreate(t, t.TempDir())
	first := event(t, 1, `{}`)
	received := time.Date(2026, 2, 3, 4, 5, 6, 7, time.UTC)
	put := func(change func(*capture.StoredEvent)) (got capture.StoredEvent, waiting int) {
		e := first
		change(&e)
		MustUpdate(t, v, func(tx capture.Tx) error { return tx.AppendEvent(e) })
		n := 0
		MustView(t, v, func(tx capture.Tx) (err error) {
			waiting, _ = tx.CountWaitingEvents()
			listed, err := tx.WaitingEvents(10)
			if len(listed) != waiting {
				t.Errorf("counted %d waiting and listed %d", waiting, len(listed))
			}
			return errors.Join(err, tx.EachEvent(func(e capture.StoredEvent) error { got = e; n++; return nil }))
		})
		if n != 1 {
			t.Fatalf("%d events", n)
		}
		return got, waiting
	}
	if _, waiting := put(func(*capture.StoredEvent) {}); waiting != 1 {
		t.Error("an own event does not wait")
	}
	got, waiting := put(func(e *capture.StoredEvent) { e.Own, e.ServerSeq, e.ReceivedAt = false, 5, received })
	if !got.Own || got.ServerSeq != 5 || !got.ReceivedAt.Equal(received) || waiting != 0 {
		t.Error("after acceptance:", got, waiting)
	}
	got, waiting = put(func(e *capture.StoredEvent) {
		e.ServerSeq, e.ReceivedAt, e.Signature = 6, received.AddDate(1, 0, 0), []byte("other")
	})
	if got.ServerSeq != 5 || !got.ReceivedAt.Equal(received) || !bytes.Equal(got.Signature, first.Signature) || waiting != 0 {
		t.Error("what was known was overwritten:", got, waiting)
	}
}

func TestHeldEventsDoNotWait(t *testing.T) {
	v, _ := MustCreate(t, t.TempDir())
	e := event(t, 1, `{}`)
	MustUpdate(t, v, func(tx capture.Tx) error { return tx.AppendEvent(e) })
	e.Held = "a fork of the chain"
	MustUpdate(t, v, func(tx capture.Tx) error { return tx.AppendEvent(e) })
	MustView(t, v, func(tx capture.Tx) error {
		if n, err := tx.CountWaitingEvents(); n != 0 || err != nil {
			t.Error(n, err)
		}
		return tx.EachEvent(func(got capture.StoredEvent) error {
			if got.Held != e.Held {
				t.Errorf("held = %q", got.Held)
			}
			return nil
		})
	})
}

func TestWaitingEventsComeInTheOrderOfTheirNumbers(t *testing.T) {
	v, _ := MustCreate(t, t.TempDir())
	MustUpdate(t, v, func(tx capture.Tx) error {
		for _, seq := range []uint64{300, 2, 70_000, 1, 255, 256} {
			if err := tx.AppendEvent(event(t, seq, `{}`)); err != nil {
				return err
			}
		}
		return nil
	})
	MustView(t, v, func(tx capture.Tx) error {
		waiting, err := tx.WaitingEvents(4)
		var seqs []uint64
		for _, e := range waiting {
			open, _ := e.Open()
			seqs = append(seqs, open.Seq)
		}
		if !slices.Equal(seqs, []uint64{1, 2, 255, 256}) {
			t.Error(seqs)
		}
		return err
	})
}

func TestLogIsWalkedInTheOrderOfArrivalAcrossBatches(t *testing.T) {
	v, _ := MustCreate(t, t.TempDir())
	const many = 3000
	want := make([]string, many)
	MustUpdate(t, v, func(tx capture.Tx) error {
		for i := range want {
			e := event(t, uint64(many-i), `{}`)
			want[i] = eventID(t, e)
			if err := tx.AppendEvent(e); err != nil {
				return err
			}
		}
		return nil
	})
	walk := func(tx capture.Tx, each func()) (got []string, err error) {
		err = tx.EachEvent(func(e capture.StoredEvent) error { got = append(got, eventID(t, e)); each(); return nil })
		return got, err
	}
	MustView(t, v, func(tx capture.Tx) error {
		got, err := walk(tx, func() {})
		if !slices.Equal(got, want) {
			t.Errorf("walked %d events in another order", len(got))
		}
		stop := errors.New("enough")
		n := 0
		if err := tx.EachEvent(func(capture.StoredEvent) error {
			if n++; n == 1500 {
				return stop
			}
			return nil
		}); !errors.Is(err, stop) || n != 1500 {
			t.Error("stopping:", n, err)
		}
		return err
	})
	MustUpdate(t, v, func(tx capture.Tx) error { // what fn appends is not walked, and the walk ends
		got, err := walk(tx, func() {
			if err := tx.AppendEvent(event(t, 1, `{}`)); err != nil {
				t.Fatal(err)
			}
		})
		if !slices.Equal(got, want) {
			t.Errorf("walked %d events while appending", len(got))
		}
		return err
	})
}

func TestTransfersAreWalkedFormsFirst(t *testing.T) {
	v, _ := MustCreate(t, t.TempDir())
	all := []capture.BlobClass{"of a newer program", capture.ClassOriginal, capture.ClassEvidence, capture.ClassDetails, capture.ClassForm}
	MustUpdate(t, v, func(tx capture.Tx) error {
		for i := range 50 {
			if err := tx.PutTransfer(capture.Transfer{Hash: consent.BlobHash(fmt.Sprint(i)), Class: all[i%5], State: capture.TransferWaiting}); err != nil {
				return err
			}
		}
		// Put again as another class: it moves and does not stand there twice.
		return tx.PutTransfer(capture.Transfer{Hash: "0", Class: capture.ClassForm, State: capture.TransferReceived})
	})
	MustView(t, v, func(tx capture.Tx) error {
		var got []capture.BlobClass
		err := tx.EachTransfer(func(f capture.Transfer) error { got = append(got, f.Class); return nil })
		slices.Reverse(all)
		if len(got) != 50 || !slices.IsSortedFunc(got, func(a, b capture.BlobClass) int { return slices.Index(all, a) - slices.Index(all, b) }) {
			t.Error(len(got), got)
		}
		if f, ok, err := tx.Transfer("0"); !ok || err != nil || f.State != capture.TransferReceived {
			t.Error(f, ok, err)
		}
		return err
	})
}

func TestProfilesWaitUntilTheyAreSent(t *testing.T) {
	v, _ := MustCreate(t, t.TempDir())
	waiting := func() (names []string) {
		MustView(t, v, func(tx capture.Tx) error {
			profiles, err := tx.WaitingProfiles()
			for _, p := range profiles {
				names = append(names, p.Name)
			}
			slices.Sort(names)
			return err
		})
		return names
	}
	put := func(id consent.SubjectID, name string, wait bool) {
		MustUpdate(t, v, func(tx capture.Tx) error { return tx.PutProfile(consent.Profile{Subject: id, Name: name}, wait) })
	}
	put("1", "Kari", true)
	put("2", "Ola", true)
	put("3", "Per", false)
	if got := waiting(); !slices.Equal(got, []string{"Kari", "Ola"}) {
		t.Error(got)
	}
	put("1", "Kari", false)
	put("2", "Ola N", true)
	if got := waiting(); !slices.Equal(got, []string{"Ola N"}) {
		t.Error(got)
	}
	n := 0
	MustView(t, v, func(tx capture.Tx) error { return tx.EachProfile(func(consent.Profile) error { n++; return nil }) })
	if n != 3 {
		t.Error(n, "profiles")
	}
}

func TestBlobsAreBoundedAndCheckedAgainstTheirHash(t *testing.T) {
	v, _ := MustCreate(t, t.TempDir())
	put := func(b capture.Blob) error {
		return v.Update(t.Context(), func(tx capture.Tx) error { return tx.PutBlob(b) })
	}
	largest := blob(capture.ClassEvidence, "s", strings.Repeat("x", capture.MaxBlob))
	if err := put(largest); err != nil {
		t.Error("the largest blob:", err)
	}
	wantProblem(t, put(blob(capture.ClassEvidence, "s", strings.Repeat("x", capture.MaxBlob+1))), problem.Invalid, "blob-too-large")
	wrong := blob(capture.ClassEvidence, "s", "x")
	wrong.Data = []byte("y")
	if err := put(wrong); err == nil {
		t.Error("a blob under another's hash was kept")
	}
	for _, class := range []capture.BlobClass{capture.ClassForm, capture.ClassDetails} {
		if err := put(blob(class, "", "twice "+string(class))); err != nil {
			t.Error(err)
		}
	}
	if err := put(blob(capture.ClassForm, "", "another form")); err != nil {
		t.Error(err)
	}
	MustView(t, v, func(tx capture.Tx) error {
		n := 0
		err := tx.EachBlobOfClass(capture.ClassForm, func(b capture.Blob) error {
			n++
			if !strings.Contains(string(b.Data), "form") {
				t.Errorf("%q is no form", b.Data)
			}
			return nil
		})
		if n != 2 {
			t.Error(n, "forms")
		}
		return err
	})
}

func TestForgettingASubjectLeavesNeitherKeyNorBlob(t *testing.T) {
	dir := t.TempDir()
	v, _ := MustCreate(t, dir)
	theirs := []capture.Blob{blob(capture.ClassEvidence, "kari", "strokes"), blob(capture.ClassDetails, "kari", "statement")}
	others := []capture.Blob{blob(capture.ClassEvidence, "ola", "strokes of Ola"), blob(capture.ClassForm, "", "form")}
	moved := blob(capture.ClassEvidence, "ola", "was put for Ola first")
	MustUpdate(t, v, func(tx capture.Tx) error {
		errs := []error{tx.PutBlob(moved)}
		moved.Subject = "kari"
		for _, b := range slices.Concat(theirs, others, []capture.Blob{moved}) {
			errs = append(errs, tx.PutBlob(b))
		}
		return errors.Join(append(errs, tx.PutProfile(consent.Profile{Subject: "kari"}, true), tx.PutProfile(consent.Profile{Subject: "ola"}, true))...)
	})
	MustClose(t, v)
	before := sealedValues(t, dir)

	v = MustOpen(t, dir)
	MustUpdate(t, v, func(tx capture.Tx) error { return tx.ForgetSubject("kari") })
	MustUpdate(t, v, func(tx capture.Tx) error { return tx.ForgetSubject("kari") }) // again is harmless
	MustView(t, v, func(tx capture.Tx) error {
		for _, b := range append(theirs, moved) {
			if _, ok, err := tx.Blob(b.Hash); ok || err != nil {
				t.Errorf("%q is here: %v", b.Data, err)
			}
		}
		for _, b := range others {
			if got, ok, err := tx.Blob(b.Hash); !ok || err != nil || !bytes.Equal(got.Data, b.Data) {
				t.Errorf("%q is gone: %v", b.Data, err)
			}
		}
		_, err := tx.SubjectKey("kari")
		wantProblem(t, err, problem.NotFound, "subject-key-missing")
		if _, ok, err := tx.Profile("kari"); ok || err != nil {
			t.Error("profile:", ok, err)
		}
		waiting, err := tx.WaitingProfiles()
		if len(waiting) != 1 || waiting[0].Subject != "ola" {
			t.Error("waiting:", waiting)
		}
		return err
	})
	MustClose(t, v)

	// Not even the bytes of what was erased are in any file: neither in free pages nor in the snapshot.
	after := sealedValues(t, dir)
	var erased []string
	for place, value := range before {
		if _, ok := after[place]; !ok {
			erased = append(erased, value)
		}
	}
	if len(erased) != 1+1+1+3*2 { // key, profile, its waiting; three blobs and the owner's notes of them
		t.Errorf("%d values were erased", len(erased))
	}
	for _, file := range []string{"vault.db", "vault.db.snapshot"} {
		raw, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		for _, value := range erased {
			if bytes.Contains(raw, []byte(value)) {
				t.Errorf("%s still holds an erased value of %d bytes", file, len(value))
			}
		}
	}
	if r := MustOpen(t, dir).Report(); len(r) != 0 {
		t.Error(r)
	}
}

// sealedValues reads a closed vault's database as it lies on the disk.
func sealedValues(t *testing.T, dir string) map[string]string {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(dir, "vault.db"), 0o600, &bbolt.Options{ReadOnly: true, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	values := map[string]string{}
	err = db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			return b.ForEach(func(k, v []byte) error { values[string(name)+"/"+string(k)] = string(v); return nil })
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return values
}

// TestVaultRemembersWhatAMapRemembers puts random things in random transactions, some of which fail, and compares with a map.
func TestVaultRemembersWhatAMapRemembers(t *testing.T) {
	root := t.TempDir()
	rapid.Check(t, func(r *rapid.T) {
		dir := filepath.Join(root, uuid.NewString())
		v, _ := MustCreate(t, dir)
		settings, profiles := map[string]string{}, map[consent.SubjectID]string{}
		ids := rapid.SampledFrom([]consent.SubjectID{"a", "b", "c"})
		for range rapid.IntRange(1, 8).Draw(r, "transactions") {
			fail := rapid.Bool().Draw(r, "fail")
			s, p := clone(settings), clone(profiles)
			err := v.Update(t.Context(), func(tx capture.Tx) error {
				for range rapid.IntRange(0, 5).Draw(r, "steps") {
					id, text := ids.Draw(r, "id"), rapid.String().Draw(r, "text")
					switch rapid.IntRange(0, 3).Draw(r, "step") {
					case 0:
						s[string(id)] = text
						if err := tx.PutSetting(string(id), text); err != nil {
							return err
						}
					case 1, 2:
						p[id] = text
						if err := tx.PutProfile(consent.Profile{Subject: id, Name: text}, true); err != nil {
							return err
						}
					case 3:
						delete(p, id)
						if err := tx.ForgetSubject(id); err != nil {
							return err
						}
					}
				}
				if fail {
					return errors.New("fail")
				}
				return nil
			})
			if (err != nil) != fail {
				r.Fatal(err)
			}
			if !fail {
				settings, profiles = s, p
			}
			if rapid.IntRange(0, 4).Draw(r, "reopen") == 0 {
				MustClose(t, v)
				v = MustOpen(t, dir)
			}
		}
		MustView(t, v, func(tx capture.Tx) error {
			for id, want := range settings {
				var got string
				if ok, err := tx.Setting(id, &got); !ok || err != nil || got != strings.ToValidUTF8(want, "\uFFFD") {
					r.Errorf("setting %s: %q, want %q (%v)", id, got, want, err)
				}
			}
			n := 0
			err := tx.EachProfile(func(p consent.Profile) error {
				n++
				if want, ok := profiles[p.Subject]; !ok || p.Name != strings.ToValidUTF8(want, "\uFFFD") {
					r.Errorf("profile %s: %q, want %q", p.Subject, p.Name, want)
				}
				return nil
			})
			if n != len(profiles) {
				r.Errorf("%d profiles, want %d", n, len(profiles))
			}
			return err
		})
		MustClose(t, v)
		_ = os.RemoveAll(dir)
	})
}

func clone[K comparable, V any](m map[K]V) map[K]V {
	c := make(map[K]V, len(m))
	for k, v := range m {
		c[k] = v
	}
	return c
}
