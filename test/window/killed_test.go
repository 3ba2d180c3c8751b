//go:build story

package window_test

import (
	"path/filepath"
	"testing"
	"time"

	"samtykke/app/consent"
	"samtykke/test/drive"
)

// TestWindowThatIsKilledTellsTheTruthWhenItStartsAgain kills the window in the middle of an import, while somebody's signature is being
// saved, and while a withdrawal is: what the next one shows and offers is what is in the vault, and nothing is there by half (design §3.1).
func TestWindowThatIsKilledTellsTheTruthWhenItStartsAgain(test *testing.T) {
	program := drive.Samtykke{Bin: built(test), Vault: filepath.Join(test.TempDir(), "vault")}
	json := func(into any, args ...string) {
		test.Helper()
		if err := program.JSON(test.Context(), into, args...); err != nil {
			test.Fatal(err)
		}
	}
	var shoot struct{ ID string }
	var kari struct {
		ID   string
		Code consent.Code
	}
	json(nil, "init", "--org-name", "Eksempel kommune", "--org-number", "999999999", "--contact", "bilder@eksempel.example")
	json(&shoot, "shoot", "add", "--title", "A school")
	json(&kari, "subject", "add", "--shoot", shoot.ID, "--name", "Kari Eksempel", "--born", "1975")
	const frames = 250
	card := filepath.Join(test.TempDir(), "DCIM")
	if _, err := drive.CardOfSmall(card, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), frames, kari.Code); err != nil {
		test.Fatal(err)
	}
	home := test.TempDir()
	open := func() *screen {
		test.Helper()
		s := start(test, program, "HOME="+home, "XDG_CONFIG_HOME="+filepath.Join(home, ".config"), "XDG_CACHE_HOME="+filepath.Join(home, ".cache"))
		s.titled("Unlock")
		s.write(drive.Passphrase)
		s.press("Return")
		return s
	}
	statuses := func() map[string]int {
		test.Helper()
		var audited struct {
			OK       bool
			Problems []any
		}
		if json(&audited, "audit", "verify"); !audited.OK {
			test.Errorf("the log after a kill: %v", audited.Problems)
		}
		var shown struct {
			Scopes map[string]struct{ Status string }
		}
		json(&shown, "consent", "show", "--subject", kari.ID)
		count := map[string]int{}
		for _, scope := range shown.Scopes {
			count[scope.Status]++
		}
		return count
	}

	s := open()
	s.titled("A school")
	s.press("ctrl+3")
	s.click(t("pictures.import.folder"))
	s.choosePath(t("desktop.choose.take.folder"), card)
	s.until("some pictures to be in", func() bool {
		files, err := filepath.Glob(filepath.Join(program.Vault, "originals", "*", "*.age"))
		return err == nil && len(files) > 20
	})
	s.kill()
	var status struct{ Assets int }
	if json(&status, "status"); status.Assets > frames {
		test.Errorf("%d pictures, and the import was killed too late for this test", status.Assets)
	}

	s = open()
	s.see(t("desktop.ended"))
	s.click(t("desktop.ended.go-on"))
	s.titled("Images")
	s.click(t("pictures.continue"))
	s.see(english.N("pictures.count", frames+1, nil))
	s.press("ctrl+1")
	s.titled("A school")
	s.findPerson("kari")
	s.savesHerAnswers()
	s.kill()
	if now := statuses(); len(now) != 1 || now["given"]+now["unanswered"] == 0 {
		test.Errorf("a consent whose saving was killed is there by half: %v", now)
	}

	s = open()
	s.see(t("desktop.ended"))
	s.findPerson("kari")
	s.savesHerAnswers()
	s.see(t("signing.thanks.title"))
	s.kill()
	if now := statuses(); len(now) != 1 || now["given"] == 0 {
		test.Errorf("the window said that the answers are saved, and they are not: %v", now)
	}

	s = open()
	s.see(t("desktop.ended"))
	s.findPerson("kari")
	s.scrollTo(t("desktop.withdraw.begin"))
	s.click(t("desktop.withdraw.begin"))
	s.clickAt(middle(s.see(t("desktop.withdraw.do"))))
	s.kill()
	if now := statuses(); len(now) != 1 || now["given"]+now["withdrawn"] == 0 {
		test.Errorf("a withdrawal whose saving was killed is there by half: %v", now)
	}
	s = open()
	s.see(t("desktop.ended"))
	s.close()
	s = open()
	s.titled("A school")
	if s.still(); s.sees(t("desktop.ended")) {
		test.Error("after a clean end the window doubts it")
	}
	s.close()
}

// savesHerAnswers hands the screen over to the person who is shown, who says yes to everything, signs and saves.
func (s *screen) savesHerAnswers() {
	s.Helper()
	s.click(t("desktop.person.hand"))
	s.titled(t("desktop.hand.title"))
	s.click("English")
	s.click(t("signing.isit.yes"))
	s.click(t("signing.next"))
	s.click(t("signing.all.yes"))
	s.click(t("signing.check.right"))
	s.sign()
	s.clickAt(middle(s.see(t("signing.sign.save"))))
}

// kill ends the program as a battery does.
func (s *screen) kill() {
	s.Helper()
	if err := s.cmd.Process.Kill(); err != nil {
		s.Fatal(err)
	}
	<-s.ended
}
