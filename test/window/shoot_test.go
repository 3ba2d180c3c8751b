//go:build story

package window_test

import (
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"samtykke/app/consent"
	"samtykke/app/picture/picturetest"
	"samtykke/assets"
	"samtykke/test/drive"
)

// english are the texts of the window.
var english = assets.NewTexts("en")

// t is a text of the window; values are the names and values of what it holds.
func t(id string, values ...any) string {
	data := map[string]any{}
	for i := 0; i+1 < len(values); i += 2 {
		data[values[i].(string)] = values[i+1]
	}
	return english.T(id, data)
}

// TestPhotographerDoesAWholeShoot is the main job, by hand in the real window: three people sign in three ways, a card of pictures
// comes in, who is on them is said by keyboard, what is cleared goes out, one changes their mind. What the commands then find in the
// vault is what was done.
func TestPhotographerDoesAWholeShoot(test *testing.T) {
	program := drive.Samtykke{Bin: watched(test), Vault: filepath.Join(test.TempDir(), "vault")}
	s := start(test, program)
	s.firstStart("Opening of a new school")

	ola, kari, lise := s.threeSign()
	s.importAndLink(ola, kari, lise)
	out := filepath.Join(test.TempDir(), "website")
	s.export(out)
	receipts := filepath.Join(s.home, "Documents", "Samtykke")
	s.handOutAndWithdraw(receipts)
	s.close()

	s.found(ola, kari, lise, out, receipts)
}

// threeSign lets three people sign, each in another way, and gives their codes as the page of thanks shows them.
func (s *screen) threeSign() (ola, kari, lise consent.Code) {
	s.Helper()
	// An adult whom the photographer registers, who signs with the mouse: yes to the first of each group, no to the others.
	s.register("Ola Nordmann", "90123456", "1980", "")
	s.handOver()
	s.click("English")
	s.click(t("signing.isit.yes"))
	s.click(t("signing.next"))
	s.answerSome()
	s.click(t("signing.check.right"))
	s.sign()
	s.keep("signed-with-the-mouse")
	s.click(t("signing.sign.save"))
	ola = s.thanked("thanks")
	s.click(t("signing.thanks.done"))
	s.see(t("signing.over.text"))
	s.holdCorner()
	s.titled("Opening of a new school")
	s.keep("board-after-signing")

	// Somebody registers themselves, by keyboard alone, refuses everything and types the name.
	s.press("Escape", "h")
	s.titled(t("desktop.hand.title"))
	s.choose("English")
	s.choose(t("signing.who.me"))
	s.see(t("signing.self.title"))
	s.write("Kari Eksempel")
	s.press("Tab")
	s.write("1975")
	s.press("Return")
	s.choose(t("signing.next"))
	s.choose(t("signing.all.no"))
	s.choose(t("signing.check.right"))
	s.tabTo(t("signing.typed"))
	s.write("Kari Eksempel")
	s.keep("typed-signature")
	s.press("Return")
	kari = s.thanked("thanks-after-no")
	s.choose(t("signing.thanks.done"))
	s.see(t("signing.language.title"))
	s.tabTo(t("signing.leave"))
	s.xdotool("keydown", "space")
	s.titled("Opening of a new school")
	s.xdotool("keyup", "space")

	// A child too young to be asked, whose guardian answers alone.
	s.press("Escape")
	s.register("Lise Nordmann", "", "2021", "Anne Nordmann")
	s.handOver()
	s.click("English")
	s.click(t("signing.isit.right"))
	s.click(t("signing.signer.guardian", "Name", "Anne Nordmann"))
	s.click(t("signing.another.no"))
	s.see(t("signing.another.sole"))
	s.write("sole custody")
	s.click(t("signing.next"))
	s.click(t("signing.next"))
	s.click(t("signing.all.yes"))
	s.click(t("signing.check.right"))
	s.sign()
	s.click(t("signing.sign.save"))
	lise = s.thanked("thanks-for-a-child")
	s.click(t("signing.thanks.done"))
	s.see(t("signing.over.text"))
	s.holdCorner()
	s.titled("Opening of a new school")
	return ola, kari, lise
}

// importAndLink brings in a card of pictures and says by keyboard who is on them.
func (s *screen) importAndLink(ola, kari, lise consent.Code) {
	s.Helper()
	// A card of pictures: one frame before any code, then for two people a photographed card and two frames each.
	card := filepath.Join(s.TempDir(), "DCIM")
	morning := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	if _, err := drive.CardOfSmall(card, morning, 2, ola, lise); err != nil {
		s.Fatal(err)
	}
	alone := picturetest.JPEG(300, 200, picturetest.Options{Seed: 99, TakenAt: morning, Make: "Nordlys", Model: "N1", Orientation: 1, Thumbnail: true})
	if err := os.WriteFile(filepath.Join(card, "NLY_0000.JPG"), alone, 0o600); err != nil {
		s.Fatal(err)
	}
	s.press("ctrl+3")
	s.click(t("pictures.import.folder"))
	s.choosePath(t("desktop.choose.take.folder"), card)
	s.see(english.N("pictures.count", 7, nil))
	s.keep("imported")

	// The first picture shows Kari: her name links it, a digit says that nobody else is on it. She said no.
	first := s.see(english.N("pictures.count", 7, nil))
	s.tabToPlace("the first picture", image.Rect(first.Min.X-16, first.Max.Y+8, first.Min.X+150, first.Max.Y+190))
	s.press("Home")
	s.see("NLY_0000.JPG")
	s.press("1")
	s.see(english.N("pictures.counted.one", 1, map[string]any{"Name": "NLY_0000.JPG", "Key": "Ctrl Z"}))
	s.write("kari")
	s.see(string(kari) + "  Kari Eksempel")
	s.press("Return")
	s.until("the link", func() bool { return s.sees(string(kari)) })
	s.keep("linked-by-keyboard")
	// The frames after a card are linked already and want only a number; the last one gets none.
	for _, frame := range []struct {
		name string
		keys []string
	}{{"NLY_0002.JPG", []string{"Right", "Right"}}, {"NLY_0003.JPG", []string{"Right"}}, {"NLY_0005.JPG", []string{"Right", "Right"}}} {
		s.press(frame.keys...)
		s.see(frame.name)
		s.press("1")
		s.still()
	}
}

// export writes what may be shown on the website into a folder.
func (s *screen) export(out string) {
	s.Helper()
	s.click(t("pictures.export"))
	s.see(t("pictures.export.title"))
	s.clickBelow(t("pictures.folder"))
	s.write(out)
	s.keep("export")
	s.press("Return")
	s.see(t("pictures.export.done"))
	s.keep("exported")
	s.press("Escape")
}

// handOutAndWithdraw writes the receipt of the one who said some yes, who then takes it all back.
func (s *screen) handOutAndWithdraw(receipts string) {
	s.Helper()
	s.press("ctrl+1")
	s.findPerson("ola")
	s.scrollTo(t("desktop.receipt.save"))
	s.click(t("desktop.receipt.save"))
	s.until("the receipt", func() bool { files, _ := filepath.Glob(filepath.Join(receipts, "*.pdf")); return len(files) == 1 })
	s.keep("person-with-receipt")
	s.scrollTo(t("desktop.withdraw.begin"))
	s.click(t("desktop.withdraw.begin"))
	s.keep("withdrawing")
	s.click(t("desktop.withdraw.do"))
	s.see(english.N("desktop.withdraw.done", 2, nil))
	s.keep("withdrawn")
}

// found checks by the commands what is in the vault.
func (s *screen) found(ola, kari, lise consent.Code, out, receipts string) {
	s.Helper()
	json := func(into any, args ...string) {
		s.Helper()
		if err := s.program.JSON(s.Context(), into, args...); err != nil {
			s.Error(err)
		}
	}
	for code, name := range map[consent.Code]string{ola: "Ola Nordmann", kari: "Kari Eksempel", lise: "Lise Nordmann"} {
		var people []struct{ ID, Code, Name string }
		json(&people, "subject", "find", string(code))
		if len(people) != 1 || people[0].Name != name {
			s.Errorf("%s finds %+v and not %s", code, people, name)
		}
	}
	statuses := func(code consent.Code) map[string]int {
		var shown struct {
			Scopes map[string]struct{ Status string }
		}
		json(&shown, "consent", "show", "--subject", string(code))
		count := map[string]int{}
		for _, scope := range shown.Scopes {
			count[scope.Status]++
		}
		return count
	}
	if now := statuses(ola); now["withdrawn"] == 0 || len(now) != 1 {
		s.Errorf("the one who said some yes and took it back: %v", now)
	}
	if now := statuses(kari); now["refused"] == 0 || len(now) != 1 {
		s.Errorf("the one who refused everything: %v", now)
	}
	if now := statuses(lise); now["given"] == 0 || len(now) != 1 {
		s.Errorf("the child whose only guardian said yes: %v", now)
	}

	var images []struct {
		ID, Name string
		People   int `json:"people_count"`
		Subjects []struct{ Code string }
	}
	json(&images, "image", "list")
	answers := map[string]string{}
	for _, image := range images {
		var clear struct{ Answer string }
		json(&clear, "image", "clear", image.ID, "--channel", "web")
		var codes []string
		for _, subject := range image.Subjects {
			codes = append(codes, subject.Code)
		}
		answers[image.Name] = clear.Answer + " " + strings.Join(codes, " ")
	}
	for name, want := range map[string]string{"NLY_0000.JPG": "no " + string(kari), "NLY_0002.JPG": "no " + string(ola),
		"NLY_0005.JPG": "yes " + string(lise), "NLY_0006.JPG": "not-yet " + string(lise)} {
		if answers[name] != want {
			s.Errorf("%s on the website: %q, want %q", name, answers[name], want)
		}
	}
	// Exported before the withdrawal: what was cleared then, and nothing else.
	files, err := filepath.Glob(filepath.Join(out, "*.jpg"))
	if err != nil || len(files) != 3 {
		s.Errorf("exported: %v, %v", files, err)
	}

	pdfs, err := filepath.Glob(filepath.Join(receipts, "*.pdf"))
	if err != nil || len(pdfs) != 1 {
		s.Fatalf("receipts: %v, %v", pdfs, err)
	}
	var verified struct{ Valid bool }
	json(&verified, "receipt", "verify", pdfs[0])
	if !verified.Valid {
		s.Errorf("the receipt that the window wrote is not valid")
	}
	var audited struct {
		OK     bool
		Events int
	}
	json(&audited, "audit", "verify")
	if !audited.OK || audited.Events == 0 {
		s.Errorf("the log: %+v", audited)
	}
	var status struct{ Subjects, Consents, Assets int }
	json(&status, "status")
	if status.Subjects != 3 || status.Consents != 3 || status.Assets != 7 {
		s.Errorf("status: %+v", status)
	}
}

// register fills in the form for a person by keyboard and waits until they are saved.
func (s *screen) register(name, phone, born, guardian string) {
	s.Helper()
	s.press("n")
	s.see(t("desktop.guardian.add"))
	s.write(name)
	s.press("Tab")
	s.write(phone)
	s.press("Tab")
	s.write(born)
	if guardian != "" {
		s.choose(t("desktop.guardian.add"))
		s.see(t("desktop.guardian.name", "number", 1))
		s.write(guardian)
	}
	s.still()
	s.press("Return")
	s.see(t("desktop.person.registered", "name", name))
}

// handOver gives the screen to the person who is shown.
func (s *screen) handOver() {
	s.Helper()
	s.press("h")
	s.titled(t("desktop.hand.title"))
	s.see(t("signing.language.title"))
}

// answerSome says yes to the first channel of every group and no to the others.
func (s *screen) answerSome() {
	s.Helper()
	for page := 0; !s.sees(t("signing.check.title")); page++ {
		if page == 0 {
			s.keep("answers")
		}
		yes := s.seeAll(t("signing.row.yes"))
		s.clickAt(middle(yes[0]))
		for i, no := range s.seeAll(t("signing.row.no")) {
			if i > 0 {
				s.clickAt(middle(no))
			}
		}
		if next := s.see(t("signing.next")); page < 10 {
			s.clickAt(middle(next))
		}
		s.still()
	}
	s.keep("check")
}

// sign draws a signature of two strokes where the pad says so.
func (s *screen) sign() {
	s.Helper()
	at := middle(s.see(t("signing.pad.hint")))
	for _, stroke := range [][]image.Point{
		{{-180, 30}, {-160, -60}, {-130, -20}, {-110, 40}, {-80, -50}, {-50, 20}, {-20, -10}, {10, 30}},
		{{40, -50}, {60, 40}, {90, -10}, {120, 25}, {160, -30}, {200, 10}},
	} {
		s.moveTo(at.Add(stroke[0]))
		s.xdotool("mousedown", "1")
		for _, point := range stroke[1:] {
			s.moveTo(at.Add(point))
			time.Sleep(15 * time.Millisecond)
		}
		s.xdotool("mouseup", "1")
	}
	s.until("the signature to be drawn", func() bool { return !s.sees(t("signing.pad.hint")) })
}

// thanked waits for the page of thanks and reads the code of the person off it, as a camera does.
func (s *screen) thanked(name string) consent.Code {
	s.Helper()
	s.see(t("signing.thanks.title"))
	picture := s.keep(name)
	read, err := exec.CommandContext(s.Context(), "zbarimg", "--quiet", "--raw", picture).Output()
	if err != nil {
		s.Fatalf("zbarimg reads nothing on the page of thanks: %v", err)
	}
	for line := range strings.Lines(string(read)) {
		if code, found := strings.CutPrefix(strings.TrimSpace(line), "SMK1:"); found {
			return consent.Code(code)
		}
	}
	s.Fatalf("there is no card on the page of thanks, only %q", read)
	return ""
}

// holdCorner takes the screen back with the mouse.
func (s *screen) holdCorner() {
	s.Helper()
	s.moveTo(middle(s.see(t("signing.leave"))))
	s.xdotool("mousedown", "1")
	s.until("the screen to be given back", func() bool { return !strings.Contains(s.title(), t("desktop.hand.title")) })
	s.xdotool("mouseup", "1")
}

// findPerson opens the first person whom a text finds.
func (s *screen) findPerson(text string) {
	s.Helper()
	before := s.still()
	s.press("ctrl+f")
	s.until("the field to have the focus", func() bool { return differing(before, s.grab()) > 50 })
	s.write(text)
	s.see(text)
	s.press("Return")
}

// scrollTo turns the wheel over the pane at the right until a text shows.
func (s *screen) scrollTo(text string) {
	s.Helper()
	s.moveTo(image.Pt(1100, 500))
	s.until("to come to "+text, func() bool {
		s.xdotool("click", "--repeat", strconv.Itoa(5), "--delay", "20", "5")
		return len(find(s.still(), text)) > 0
	})
}

// choosePath answers on the page where files and folders are chosen, by typing the path.
func (s *screen) choosePath(take, path string) {
	s.Helper()
	s.see(take)
	s.press("ctrl+f", "ctrl+a")
	s.write(path)
	s.press("Return")
	s.still()
	s.keep("choosing")
	s.choose(take)
}
