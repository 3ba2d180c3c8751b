//go:build story

package story_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"samtykke/app/consent"
	"samtykke/test/drive"
)

type backedUp struct {
	Backup      string
	Files       int
	Bytes       int64
	Events      int
	Verified    bool
	NotIncluded []string `json:"not_included"`
}

// A laptop falls into the fjord after the last backup; what was signed since then comes back from the library, and what the restored one
// has signed before it hears of that is not lost either.
func TestABackupRestoresAndCatchesUpWithTheLibrary(t *testing.T) {
	t.Parallel()
	p := newPhotographer(t)
	p.enrol()
	ola := p.register("--name", "Ola Nordmann")
	card := filepath.Join(t.TempDir(), "card")
	if _, err := drive.Card(card, noon, 2, consent.Code(ola.Code)); err != nil {
		t.Fatal(err)
	}
	p.must(nil, "image", "import", card, "--shoot", p.shoot)
	var made backedUp
	p.must(&made, "backup", "create", "--out", filepath.Join(t.TempDir(), "usb"))
	if !made.Verified || made.Files != 5 || made.Events == 0 || made.Bytes == 0 || !filepath.IsAbs(made.Backup) {
		t.Errorf("%+v", made)
	}
	p.record(ola.ID, "--yes", "web:*", "--no", "rest") // later than the backup
	p.must(nil, "sync", "run")

	restored := *p
	restored.Vault = filepath.Join(t.TempDir(), "restored")
	var back struct {
		Vault         string
		Events, Files int
	}
	restored.must(&back, "backup", "restore", made.Backup)
	if back.Vault != restored.Vault || back.Events != made.Events || back.Files != made.Files {
		t.Errorf("%+v of %+v", back, made)
	}
	restored.refused(1, "already", "backup", "restore", made.Backup)
	restored.must(nil, "consent", "withdraw", "--subject", ola.ID)
	var synced struct {
		Pending    int
		HeldEvents int `json:"held_events"`
	}
	restored.must(&synced, "sync", "run")
	if synced.Pending != 0 || synced.HeldEvents != 0 {
		t.Errorf("%+v", synced)
	}
	restored.audit()
	if s := restored.status(); s.Consents != 1 || s.Assets != 3 {
		t.Errorf("%+v", s)
	}
}

func TestTwoLaptopsTakeEachOtherInOverUSB(t *testing.T) {
	t.Parallel()
	a := newPhotographer(t)
	b := newPhotographer(t)
	b.Passphrase = "" // both vaults have the same here; another is given below
	ola, kari := a.register("--name", "Ola Nordmann"), b.register("--name", "Kari Nordmann")
	a.record(ola.ID, "--yes", "web:*", "--no", "rest")
	r := b.record(kari.ID, "--yes", "web:*", "--no", "rest")
	for _, pair := range [][2]*photographer{{a, b}, {b, a}} {
		var made backedUp
		pair[0].must(&made, "backup", "create", "--out", t.TempDir())
		var united struct {
			Events, Profiles, Blobs, Originals int
			Problems                           []string
		}
		pair[1].must(&united, "backup", "merge", made.Backup)
		if united.Events == 0 || united.Profiles != 1 || united.Blobs == 0 || len(united.Problems) > 0 {
			t.Errorf("%+v", united)
		}
		pair[1].must(&united, "backup", "merge", made.Backup)
		if united.Events+united.Profiles+united.Blobs != 0 {
			t.Errorf("the same again brings %+v", united)
		}
		pair[1].audit()
		if s := pair[1].status(); s.Subjects < 2 {
			t.Errorf("%+v", s)
		}
	}
	a.must(nil, "receipt", "write", "--consent", r.ID, "--out", filepath.Join(t.TempDir(), "kari.pdf"))
}

func TestADamagedOriginalComesBackFromABackup(t *testing.T) {
	t.Parallel()
	p := newPhotographer(t)
	card := filepath.Join(t.TempDir(), "card")
	if _, err := drive.CardOfSmall(card, noon, 1, consent.Code(p.register("--name", "Ola Nordmann").Code)); err != nil {
		t.Fatal(err)
	}
	p.must(nil, "image", "import", card, "--shoot", p.shoot)
	var made backedUp
	p.must(&made, "backup", "create", "--out", t.TempDir())
	sealed, err := filepath.Glob(filepath.Join(p.Vault, "originals", "*", "*.age"))
	if err != nil || len(sealed) != 2 {
		t.Fatal(sealed, err)
	}
	if err := errors.Join(os.Truncate(sealed[0], 1000), os.Remove(sealed[1])); err != nil {
		t.Fatal(err)
	}
	p.refused(1, "is missing", "vault", "check", "--originals")
	var repaired struct{ Originals int }
	p.must(&repaired, "vault", "repair", "--from", made.Backup)
	if repaired.Originals != 2 {
		t.Errorf("%+v", repaired)
	}
	p.must(nil, "vault", "check", "--originals")
	p.must(nil, "audit", "verify", "--originals")
}

func TestADamagedValueIsMendedOrNamedAndTheVaultOpens(t *testing.T) {
	t.Parallel()
	p := newPhotographer(t)
	p.enrol()
	ola := p.register("--name", "Ola Nordmann")
	p.record(ola.ID, "--yes", "web:*", "--no", "rest")
	p.must(nil, "sync", "run")
	var made backedUp
	p.must(&made, "backup", "create", "--out", t.TempDir())
	before := p.status()
	database := filepath.Join(p.Vault, "vault.db")
	raw, err := os.ReadFile(database)
	if err != nil {
		t.Fatal(err)
	}
	mended, lost := 0, 0
	for at := 4096 * 3; at < len(raw) && mended+lost < 4; at += 1501 { // somewhere: most places are free or say nothing
		changed := append([]byte(nil), raw...)
		changed[at] ^= 1
		// The copy that the program keeps has the same fault, as when it was made of a bad sector, so that only the backup helps.
		for _, path := range []string{database, filepath.Join(p.Vault, "vault.db.snapshot")} {
			if err := os.WriteFile(path, changed, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		_, said, code, err := p.Run(p.ctx, "status")
		if err != nil {
			t.Fatal(err)
		}
		wantSentence(t, said, "")
		switch {
		case code == 0 && said == "":
			continue
		case code == 1: // the structure: then the backup takes the vault's place, as the sentence says
			if !strings.Contains(said, "restore the newest backup") {
				t.Errorf("byte %d: %s", at, said)
			}
			mended++
			continue
		}
		lost++
		p.must(nil, "vault", "repair", "--from", made.Backup)
		var check struct{ OK bool }
		p.must(&check, "vault", "check", "--originals")
		if after := p.status(); after != before || !check.OK {
			t.Errorf("byte %d: before %+v, after %+v", at, before, after)
		}
		p.must(nil, "sync", "run")
		p.audit()
	}
	if lost == 0 {
		t.Error("no value was hit")
	}
	t.Logf("%d values, %d times the structure", lost, mended)
}
