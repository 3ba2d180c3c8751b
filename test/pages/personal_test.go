//go:build story

package pages_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"samtykke/app/consent"
)

// words is what the story reads and presses in one language.
type words struct {
	title, channel, selected, confirm, saved, withdrawn, everything, none, leave, closed string
}

var languages = map[string]words{
	"nb": {"Samtykket ditt", "Nettsidene våre", "Trekk tilbake det valgte", "Trekk tilbake dette", "Det er lagret og gjelder fra nå",
		"Trukket tilbake", "Trekk tilbake alt", "Nå gjelder ikke noe ja", "Lukk svarene mine", "Svarene er lukket"},
	"nn": {"Samtykket ditt", "Nettsidene våre", "Trekk tilbake det valde", "Trekk tilbake dette", "Det er lagra og gjeld frå no",
		"Trekt tilbake", "Trekk tilbake alt", "No gjeld ikkje noko ja", "Lukk svara mine", "Svara er lukka"},
	"en": {"Your consent", "Our websites", "Withdraw what is ticked", "Withdraw this", "It is saved and applies from now",
		"Withdrawn", "Withdraw everything", "No yes applies now", "Close my answers", "Your answers are closed"},
	"uk": {"Ваша згода", "Наші вебсайти", "Відкликати позначене", "Відкликати це", "Це збережено і діє відтепер",
		"Відкликано", "Відкликати все", "Зараз жодне «так» не діє", "Закрити мої відповіді", "Ваші відповіді закрито"},
	"se": {"Du miehtan", "Min neahttasiiddut", "Geasse merkejuvvon", "Geasse dán ruovttoluotta", "Dat lea vurkejuvvon ja gusto dál rájes",
		"Gessojuvvon", "Geasse visot ruovttoluotta", "Dál ii gusto makkárge juo", "Gidde mu vástádusaid", "Vástádusat leat giddejuvvon"},
	"nb-simple": {"Samtykket ditt", "Nettsidene våre", "Trekk tilbake det valgte", "Trekk tilbake dette", "Det er lagret og gjelder fra nå",
		"Trukket tilbake", "Trekk tilbake alt", "Nå gjelder ikke noe ja", "Lukk svarene mine", "Svarene er lukket"},
}

func TestWithdrawOneAndThenEverythingWithoutScripts(t *testing.T) {
	for lang, say := range languages {
		t.Run(lang, func(t *testing.T) {
			v := visit(t, phone)
			secret := v.desk.Add(t, lang)
			v.open("/P/" + string(secret))
			if v.at() != "/my" {
				t.Fatalf("the link leads to %s", v.at())
			}
			v.shows(say.title)
			v.shows(say.channel)
			v.shows("K7Q2-M9XD")
			v.fits(phone)
			v.shoot(lang + "-answers")

			v.tick("web:photo")
			v.press(say.selected)
			v.shows(say.channel)
			v.fits(phone)
			v.shoot(lang + "-confirm")
			v.press(say.confirm)
			v.shows(say.saved)
			v.shows(say.withdrawn)
			v.fits(phone)
			v.shoot(lang + "-done")
			if s := v.desk.Statuses(secret); s["web:photo"] != consent.StatusWithdrawn || s["web:video"] != consent.StatusGiven {
				t.Fatalf("web:photo is %s, web:video is %s", s["web:photo"], s["web:video"])
			}

			v.press(say.everything) // on the answers
			v.press(say.everything) // on the confirmation
			v.shows(say.none)
			v.shoot(lang + "-everything")
			for scope, status := range v.desk.Statuses(secret) {
				if status == consent.StatusGiven {
					t.Errorf("%s still stands", scope)
				}
			}
			v.press(say.leave)
			v.shows(say.closed)
			v.open("/my")
			if strings.Contains(v.text("main"), "K7Q2-M9XD") {
				t.Error("the answers can still be seen after closing them")
			}
		})
	}
}

func TestLanguageIsSwitchedOnThePage(t *testing.T) {
	v := visit(t, phone)
	v.open("/P/" + string(v.desk.Add(t, "nb")))
	v.unfoldLanguages()
	v.shoot("languages")
	v.press("Norsk nynorsk")
	v.shows("Svara dine")
	v.tick("web:photo")
	v.press("Trekk tilbake det valde")
	v.unfoldLanguages()
	v.press("English")
	v.shows("Do you want to withdraw this?")
	v.press("Withdraw this")
	v.shows("It is saved")
	if len(v.desk.Withdrawn) != 1 {
		t.Errorf("withdrew %v", v.desk.Withdrawn)
	}
}

// A link in a web mail is a step from another site: the browser keeps the new session's strict cookie back until we take a step of
// our own.
func TestLinkOnAnotherSiteOpens(t *testing.T) {
	v := visit(t, phone)
	secret := v.desk.Add(t, "nb")
	mail := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `<!DOCTYPE html><title>Mail</title><main><a href="%s/P/%s">Open</a></main>`, v.site, secret)
	}))
	t.Cleanup(mail.Close)
	v.do(chromedp.Navigate(strings.Replace(mail.URL, "127.0.0.1", "localhost", 1)))
	v.press("Open")
	v.do(chromedp.WaitVisible("table.answers", chromedp.ByQuery))
	v.shows("K7Q2-M9XD")
	v.tick("web:photo")
	v.press("Trekk tilbake det valgte")
	v.press("Trekk tilbake dette")
	v.shows("Det er lagret")
}

func TestUnknownLinkSaysWhatToDo(t *testing.T) {
	v := visit(t, phone)
	v.open("/P/NOTALINK")
	v.shows("Lenken er ikke kjent her")
	v.fits(phone)
	v.shoot("unknown")
}

func TestEverythingIsWithinReachOnEveryScreen(t *testing.T) {
	screens := []screen{
		phone, desktop,
		{name: "phone-dark", width: 360, height: 740, scale: 2, mobile: true, dark: true},
		{name: "desktop-dark", width: 1280, height: 800, scale: 1, dark: true},
		{name: "desktop-zoom", width: 640, height: 400, scale: 2},
		{name: "phone-large-text", width: 360, height: 740, scale: 2, mobile: true, text: 32},
		{name: "narrowest", width: 320, height: 256, scale: 2},
	}
	for _, s := range screens {
		t.Run(s.name, func(t *testing.T) {
			v := visit(t, s)
			v.open("/")
			v.fits(s)
			v.shoot(s.name + "-front")
			secret := v.desk.Add(t, "nb")
			v.desk.Cell(t, secret, "social:video").Status = consent.StatusAwaitingGuardian
			v.desk.Cell(t, secret, "press:photo").Status = consent.StatusExpired
			v.desk.Cell(t, secret, "print:audio").Status = consent.StatusUnanswered
			v.desk.Cell(t, secret, "screens:video").Status = consent.StatusUnderReview
			v.desk.Cell(t, secret, "internal:photo").Until = v.desk.Now().AddDate(0, 1, 0)
			v.open("/P/" + string(secret))
			v.fits(s)
			v.reachable()
			v.shoot(s.name + "-answers")
			v.do(chromedp.Click("details.card summary", chromedp.ByQuery), chromedp.Click("details.meaning summary", chromedp.ByQuery))
			v.fits(s)
			v.shows("Hvem har ansvaret?")
			v.tick("social:*")
			v.tick("web:video")
			v.shoot(s.name + "-ticked")
			v.press("Trekk tilbake det valgte")
			v.fits(s)
			v.reachable()
			v.shoot(s.name + "-confirm")
		})
	}
}

func TestWithoutAMouse(t *testing.T) {
	v := visit(t, desktop)
	secret := v.desk.Add(t, "nb")
	v.open("/P/" + string(secret))
	v.do(chromedp.Focus(`input[value="web:photo"]`, chromedp.ByQuery), chromedp.KeyEvent(" "))
	v.shoot("keyboard")
	v.do(chromedp.Focus("form .button.primary", chromedp.ByQuery))
	ctx := v.ctx
	if _, err := chromedp.RunResponse(ctx, chromedp.KeyEvent("\r")); err != nil {
		t.Fatal(err)
	}
	v.shows("Vil du trekke tilbake dette?")
	v.do(chromedp.Focus(".button.danger", chromedp.ByQuery))
	if _, err := chromedp.RunResponse(ctx, chromedp.KeyEvent("\r")); err != nil {
		t.Fatal(err)
	}
	v.shows("Det er lagret")
}

func TestAnswersCanBePrinted(t *testing.T) {
	v := visit(t, desktop)
	v.open("/P/" + string(v.desk.Add(t, "nb")))
	var pdf []byte
	v.do(chromedp.ActionFunc(func(ctx context.Context) (err error) {
		pdf, _, err = page.PrintToPDF().WithPaperWidth(8.27).WithPaperHeight(11.69).Do(ctx)
		return err
	}))
	if len(pdf) < 10_000 || string(pdf[:5]) != "%PDF-" {
		t.Fatalf("printed %d bytes", len(pdf))
	}
	if folder := os.Getenv("SAMTYKKE_SHOTS"); folder != "" {
		if err := os.WriteFile(filepath.Join(folder, "page-print.pdf"), pdf, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
