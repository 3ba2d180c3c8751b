package web_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/library"
	"samtykke/app/problem"
	"samtykke/assets"
	"samtykke/ui/web"
	"samtykke/ui/web/webtest"
)

var _ web.Desk = (*library.Library)(nil)

func TestOpeningALinkPutsItsSecretAway(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	secret := d.Add(t, "nb")
	for _, path := range []string{"/P/" + string(secret), "/p/" + string(secret), "/p/" + strings.ToLower(string(secret))} {
		r := newReader(t, pages(d, c))
		first := r.get(path)
		if first.status != http.StatusSeeOther || first.header.Get("Location") != "/my" {
			t.Fatalf("%d to %q, want 303 to /my", first.status, first.header.Get("Location"))
		}
		cookie := r.cookies["samtykke_my"]
		if cookie == nil || !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || cookie.MaxAge != 1800 || cookie.Path != "/my" {
			t.Fatalf("session cookie is %+v", cookie)
		}
		page := r.follow(first)
		for what, where := range map[string]string{"page": page.body, "cookie": cookie.Value, "first answer": first.body} {
			if strings.Contains(strings.ToUpper(where), string(secret)) {
				t.Errorf("the %s holds the secret", what)
			}
		}
		if page.heading() != "Samtykket ditt" {
			t.Errorf("heading is %q", page.heading())
		}
	}
}

func TestCookieIsSecureWhenTheRequestCameByTLS(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	secret := d.Add(t, "nb")
	for proto, want := range map[string]bool{"https": true, "http": false, "": false} {
		r := newReader(t, pages(d, c))
		r.headers.Set("X-Forwarded-Proto", proto)
		r.get("/P/" + string(secret))
		if got := r.cookies["samtykke_my"].Secure; got != want {
			t.Errorf("X-Forwarded-Proto %q: Secure is %v", proto, got)
		}
	}
}

func TestAnswersShowWhatStands(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	secret := d.Add(t, "nb")
	d.Cell(t, secret, "web:photo").Status = consent.StatusAwaitingGuardian
	d.Cell(t, secret, "web:video").Until = c.now().AddDate(0, 1, 0)
	d.Cell(t, secret, "print:audio").Status = consent.StatusUnanswered
	page := newReader(t, pages(d, c)).open(secret)
	for _, want := range []string{
		"Storhaug kommune", "K7Q2-M9XD", "22. september 2026", "4 er registrert her",
		"Ja gjelder nå for 13 av 24", "Venter på foresatt", "til 22. desember 2026",
		"Et ja gjelder til og med 22. september 2029, når det ikke står noe annet.", "Ikke besvart",
		"Svarte ja til 14 og nei til 10", "Av den det gjelder", "Hvem har ansvaret?",
		"samtykke@storhaug.example", "ombud@storhaug.example", "datatilsynet.no", "Det som alt er laget eller publisert, kan bli stående",
		"Skriv til organisasjonen, eller svar på nytt",
	} {
		page.shows(t, want)
	}
	rows := 0
	for _, th := range all(page.page, "th") {
		if attr(th, "scope") == "row" {
			rows++
		}
	}
	if rows != 8 {
		t.Errorf("%d rows, want one for each of 8 channels", rows)
	}
	if boxes := len(all(all(page.page, "table")[0], "input")); boxes != 14+7 {
		t.Errorf("%d boxes, want one for each yes and one for each row with several", boxes)
	}
}

func TestEveryStatusHasAWord(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	statuses := []consent.Status{consent.StatusGiven, consent.StatusRefused, consent.StatusWithdrawn, consent.StatusExpired,
		consent.StatusUnanswered, consent.StatusAwaitingGuardian, consent.StatusUnderReview}
	for _, lang := range assets.Languages {
		secret := d.Add(t, lang)
		for i, scope := range []string{"web:photo", "web:video", "web:audio", "social:photo", "social:video", "social:audio", "print:photo"} {
			d.Cell(t, secret, scope).Status = statuses[i]
		}
		page := newReader(t, pages(d, c)).open(secret) // finds identifiers that were not translated
		for _, s := range statuses {
			page.shows(t, assets.NewTexts(lang).T("receipt.status."+string(s), nil))
		}
	}
}

func TestWithdrawingSomeTakesTwoPages(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	secret := d.Add(t, "nb")
	r := newReader(t, pages(d, c))
	confirm := r.submit(r.open(secret), "/my/withdraw", "scope", "web:photo", "scope", "social:*")
	if confirm.status != http.StatusOK || confirm.heading() != "Vil du trekke tilbake dette?" {
		t.Fatalf("%d %q", confirm.status, confirm.heading())
	}
	confirm.shows(t, "Nettsidene våre Bilder")
	confirm.shows(t, "Sosiale medier Bilder, Video")
	if len(d.Withdrawn) != 0 {
		t.Fatal("withdrawn before it was confirmed")
	}
	sent := r.submit(confirm, "/my/withdraw/confirm")
	if sent.header.Get("Location") != "/my?done=1" {
		t.Fatalf("sent on to %q", sent.header.Get("Location"))
	}
	want := [][]consent.Scope{{{Channel: "web", Media: "photo"}, {Channel: "social", Media: "photo"}, {Channel: "social", Media: "video"}}}
	if !reflect.DeepEqual(d.Withdrawn, want) {
		t.Fatalf("withdrew %v, want %v", d.Withdrawn, want)
	}
	done := r.follow(sent)
	done.shows(t, "Det er lagret og gjelder fra nå")
	done.shows(t, "Trukket tilbake")
	done.shows(t, "Trakk tilbake: Nettsidene våre (Bilder); Sosiale medier (Bilder, Video)")
	if s := d.Statuses(secret); s["web:photo"] != consent.StatusWithdrawn || s["web:video"] != consent.StatusGiven {
		t.Errorf("web:photo is %s, web:video is %s", s["web:photo"], s["web:video"])
	}
}

func TestWithdrawingEverything(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	secret := d.Add(t, "nn")
	r := newReader(t, pages(d, c))
	confirm := r.submit(r.open(secret), "/my/withdraw", "everything", "1", "scope", "web:photo")
	if confirm.heading() != "Vil du trekkje tilbake alt?" {
		t.Fatalf("heading is %q", confirm.heading())
	}
	confirm.shows(t, "Annonsar og kampanjar Bilete, Video")
	done := r.follow(r.submit(confirm, "/my/withdraw/confirm"))
	if len(d.Withdrawn) != 1 || len(d.Withdrawn[0]) != 0 {
		t.Fatalf("withdrew %v, want everything", d.Withdrawn)
	}
	done.shows(t, "No gjeld ikkje noko ja")
	done.shows(t, "Trekte tilbake alt")
	if len(all(all(done.page, "table")[0], "input")) != 0 {
		t.Error("there is still something to withdraw")
	}
}

func TestSecondPressWithdrawsNothingMore(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	secret := d.Add(t, "nb")
	r := newReader(t, pages(d, c))
	confirm := r.submit(r.open(secret), "/my/withdraw", "scope", "web:photo")
	r.submit(confirm, "/my/withdraw/confirm")
	r.follow(r.submit(confirm, "/my/withdraw/confirm")).shows(t, "Det er lagret")
	if len(d.Withdrawn) != 1 {
		t.Errorf("withdrew %d times", len(d.Withdrawn))
	}
}

func TestNothingTickedSaysSo(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	secret := d.Add(t, "nb")
	r := newReader(t, pages(d, c))
	for _, fields := range [][]string{nil, {"scope", "moon:photo"}, {"scope", "web:audio"}} { // unknown, and refused before
		page := r.submit(r.open(secret), "/my/withdraw", fields...)
		if page.status != http.StatusUnprocessableEntity {
			t.Errorf("%v: status %d", fields, page.status)
		}
		page.shows(t, "Ingenting er valgt")
	}
}

func TestConfirmationHoldsOnlyForWhatItListed(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	secret := d.Add(t, "nb")
	r := newReader(t, pages(d, c))
	confirm := r.submit(r.open(secret), "/my/withdraw", "scope", "web:photo")
	for name, change := range map[string]func(url.Values){
		"another scope":    func(v url.Values) { v.Set("scope", "web:video") },
		"one more scope":   func(v url.Values) { v.Add("scope", "web:video") },
		"no scope":         func(v url.Values) { v.Del("scope") },
		"everything":       func(v url.Values) { v.Del("scope"); v.Set("everything", "1") },
		"unreadable scope": func(v url.Values) { v.Set("scope", "web") },
		"no token":         func(v url.Values) { v.Del("token") },
		"the choice's token": func(v url.Values) {
			v.Set("token", formOf(t, r.get("/my"), "/my/withdraw").Get("token"))
		},
	} {
		values := formOf(t, confirm, "/my/withdraw/confirm")
		change(values)
		answer := r.do(http.MethodPost, "/my/withdraw/confirm", values)
		if answer.status != http.StatusForbidden || answer.heading() != "Ingenting er endret" {
			t.Errorf("%s: %d %q", name, answer.status, answer.heading())
		}
	}
	if len(d.Withdrawn) != 0 {
		t.Errorf("withdrew %v", d.Withdrawn)
	}
}

func TestAnotherSiteCannotWithdraw(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	secret, other := d.Add(t, "nb"), d.Add(t, "en")
	site := pages(d, c)
	stranger := newReader(t, site)
	strangersToken := formOf(t, stranger.open(other), "/my/withdraw").Get("token")

	r := newReader(t, site)
	page := r.open(secret)
	for name, forge := range map[string]func(url.Values, http.Header){
		"cross-site":          func(_ url.Values, h http.Header) { h.Set("Sec-Fetch-Site", "cross-site") },
		"same site, not ours": func(_ url.Values, h http.Header) { h.Set("Sec-Fetch-Site", "same-site") },
		"old browser, other origin": func(_ url.Values, h http.Header) {
			h.Set("Sec-Fetch-Site", "")
			h.Set("Origin", "https://evil.example")
		},
		"no token":        func(v url.Values, _ http.Header) { v.Del("token") },
		"made-up token":   func(v url.Values, _ http.Header) { v.Set("token", "AAAA") },
		"another session": func(v url.Values, _ http.Header) { v.Set("token", strangersToken) },
	} {
		for _, action := range []string{"/my/withdraw", "/my/leave"} {
			values := formOf(t, page, action, "scope", "web:photo")
			r.headers = http.Header{}
			forge(values, r.headers)
			if got := r.do(http.MethodPost, action, values); got.status != http.StatusForbidden {
				t.Errorf("%s to %s: status %d", name, action, got.status)
			}
		}
	}
	r.headers = http.Header{"Sec-Fetch-Site": {""}, "Origin": {"http://example.com"}} // httptest's host: an old browser on our page
	if got := r.submit(page, "/my/withdraw", "scope", "web:photo"); got.status != http.StatusOK {
		t.Errorf("an old browser on our own page got %d", got.status)
	}
}

func TestSessionEndsHalfAnHourAfterItsLastUse(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	secret := d.Add(t, "nb")
	r := newReader(t, pages(d, c))
	page := r.open(secret)
	for range 3 {
		c.wait(29 * time.Minute)
		if got := r.get("/my"); got.status != http.StatusOK {
			t.Fatalf("a session in use ended: %d", got.status)
		}
	}
	kept := r.cookies["samtykke_my"]
	if got := r.submit(page, "/my/withdraw", "scope", "web:photo"); got.status != http.StatusOK {
		t.Errorf("a form from earlier in the session got %d", got.status)
	}
	r.cookies["samtykke_my"] = kept
	c.wait(31 * time.Minute)
	for _, do := range []func() reply{
		func() reply { return r.get("/my") },
		func() reply {
			r.cookies["samtykke_my"] = kept
			return r.submit(page, "/my/withdraw", "scope", "web:photo")
		},
		func() reply { delete(r.cookies, "samtykke_my"); return r.get("/my") },
	} {
		got := do()
		if got.status != http.StatusUnauthorized || got.heading() != "Svarene dine er lukket" {
			t.Errorf("%d %q", got.status, got.heading())
		}
		got.shows(t, "Ingenting er endret. Åpne lenken på kvitteringen igjen.")
		if r.cookies["samtykke_my"] != nil {
			t.Error("the ended session stays in the browser")
		}
	}
}

func TestTamperedCookieOpensNothing(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	secret := d.Add(t, "nb")
	r := newReader(t, pages(d, c))
	r.open(secret)
	good := *r.cookies["samtykke_my"]
	asked := len(d.Asked)
	flipped := []byte(good.Value)
	flipped[60] ^= 1
	for _, value := range []string{"", "x", string(flipped), good.Value[:40], good.Value + "AAAA", strings.Repeat("A", 150)} {
		bad := good
		bad.Value = value
		r.cookies["samtykke_my"] = &bad
		if got := r.get("/my"); got.status != http.StatusUnauthorized {
			t.Errorf("cookie %q: status %d", value, got.status)
		}
	}
	var key [32]byte
	elsewhere := newReader(t, web.New(d, key, slog.New(slog.DiscardHandler), web.WithClock(c.now)))
	elsewhere.cookies["samtykke_my"] = &good
	if got := elsewhere.get("/my"); got.status != http.StatusUnauthorized {
		t.Errorf("a cookie under another key: status %d", got.status)
	}
	if len(d.Asked) != asked {
		t.Error("a cookie that does not open reached the desk")
	}
}

func TestUnknownAndMalformedLinksAnswerAlike(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	d.Add(t, "nb")
	unknown, err := evidence.DeriveLink([]byte("nobody"), "record")
	if err != nil {
		t.Fatal(err)
	}
	first := newReader(t, pages(d, c)).get("/P/" + string(unknown))
	if first.status != http.StatusNotFound || first.heading() != "Lenken er ikke kjent her" {
		t.Fatalf("%d %q", first.status, first.heading())
	}
	first.shows(t, "Fotografens maskin har kanskje ikke vært på nett")
	for _, text := range []string{"x", "", string(unknown)[:31], string(unknown) + "A", strings.Repeat("1", 32), "a/b", "%F0%28%8C",
		strings.Repeat("A", 5000)} {
		before := len(d.Asked)
		got := newReader(t, pages(d, c)).get("/P/" + text)
		if got.status != first.status || got.body != first.body {
			t.Errorf("%q: %d and another page", text, got.status)
		}
		if len(d.Asked) != before+1 {
			t.Errorf("%q was not looked up like a real one", text)
		}
	}
}

func TestLinkErasedDuringTheSessionIsUnknown(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	secret := d.Add(t, "nb")
	r := newReader(t, pages(d, c))
	r.open(secret)
	delete(d.Views, secret)
	if got := r.get("/my"); got.status != http.StatusNotFound || r.cookies["samtykke_my"] != nil {
		t.Errorf("status %d, cookie %v", got.status, r.cookies["samtykke_my"])
	}
}

func TestErasedPersonSeesThatOnlyProofIsLeft(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	secret := d.Add(t, "en")
	if err := d.WithdrawByLink(t.Context(), secret, nil); err != nil {
		t.Fatal(err)
	}
	d.Views[secret].Erased = true
	newReader(t, pages(d, c)).open(secret).shows(t, "Your details are deleted")
}

// A browser keeps a strict cookie back while a navigation that began elsewhere lasts, our redirect included.
func TestLinkFromAWebMailStillOpens(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	secret := d.Add(t, "nb")
	r := newReader(t, pages(d, c))
	r.headers.Set("Sec-Fetch-Site", "cross-site")
	r.get("/P/" + string(secret))
	kept := r.cookies["samtykke_my"]
	delete(r.cookies, "samtykke_my") // as the browser does
	bridge := r.get("/my")
	if bridge.status != http.StatusOK || !strings.Contains(bridge.body, `content="0;url=/my?again=1"`) {
		t.Fatalf("%d:\n%s", bridge.status, bridge.body)
	}
	r.headers.Set("Sec-Fetch-Site", "same-origin")
	if got := r.get("/my?again=1"); got.status != http.StatusUnauthorized {
		t.Errorf("without a session, again: status %d", got.status)
	}
	r.cookies["samtykke_my"] = kept
	if got := r.get("/my?again=1"); got.status != http.StatusOK || got.heading() != "Samtykket ditt" {
		t.Errorf("%d %q", got.status, got.heading())
	}
}

func TestLookupsOfUnknownLinksAreLimited(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	secret := d.Add(t, "nb")
	r := newReader(t, pages(d, c))
	for i := range 100 {
		if got := r.get("/P/" + string(secret)); got.status != http.StatusSeeOther {
			t.Fatalf("known link number %d got %d", i, got.status)
		}
	}
	for i := range 30 {
		if got := r.get("/P/GUESS"); got.status != http.StatusNotFound {
			t.Fatalf("guess %d got %d", i, got.status)
		}
	}
	asked := len(d.Asked)
	if got := r.get("/P/GUESS"); got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") == "" {
		t.Errorf("guess 31 got %d", got.status)
	}
	if len(d.Asked) != asked {
		t.Error("a refused guess reached the desk")
	}
	other := newReader(t, r.site)
	other.remote = "192.0.2.8:1"
	if got := other.get("/P/GUESS"); got.status != http.StatusNotFound {
		t.Errorf("someone else got %d", got.status)
	}
	c.wait(2 * time.Second) // one more in two seconds
	if got := r.get("/P/" + string(secret)); got.status != http.StatusSeeOther {
		t.Errorf("two seconds later: %d", got.status)
	}
}

func TestLimitCountsPeopleBehindAProxyApart(t *testing.T) {
	c := newClock()
	for name, tt := range map[string]struct {
		remote, first, second string
		apart                 bool
	}{
		"proxy on this machine":       {"127.0.0.1:80", "203.0.113.1", "203.0.113.2", true},
		"what the visitor claims":     {"127.0.0.1:80", "1.1.1.1, 203.0.113.1", "2.2.2.2, 203.0.113.1", false},
		"no proxy, header is a claim": {"203.0.113.9:80", "203.0.113.1", "203.0.113.2", false},
		"one IPv6 household":          {"[::1]:80", "2001:db8:1:2::1", "2001:db8:1:2:ffff::2", false},
		"two IPv6 households":         {"[::1]:80", "2001:db8:1:2::1", "2001:db8:1:3::1", true},
	} {
		r := newReader(t, pages(webtest.NewDesk(t, c.now), c))
		r.remote = tt.remote
		r.headers.Set("X-Forwarded-For", tt.first)
		for range 30 {
			r.get("/P/GUESS")
		}
		r.headers.Set("X-Forwarded-For", tt.second)
		if got := r.get("/P/GUESS").status == http.StatusNotFound; got != tt.apart {
			t.Errorf("%s: counted apart is %v", name, got)
		}
	}
}

func TestLeavingForgetsTheSession(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	secret := d.Add(t, "nb")
	r := newReader(t, pages(d, c))
	front := r.follow(r.submit(r.open(secret), "/my/leave"))
	front.shows(t, "Svarene er lukket")
	if r.cookies["samtykke_my"] != nil {
		t.Error("the cookie stays")
	}
	if got := r.get("/my"); got.status != http.StatusUnauthorized {
		t.Errorf("status %d", got.status)
	}
	if again := r.do(http.MethodPost, "/my/leave", nil); again.header.Get("Location") != "/?left=1" {
		t.Errorf("leaving twice answered %d", again.status)
	}
}

func TestFrontPageSaysNothingAboutAnybody(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	d.Add(t, "nb")
	page := newReader(t, pages(d, c)).get("/")
	page.shows(t, "Har du en kvittering?")
	if strings.Contains(page.body, "Storhaug") || len(d.Asked) != 0 {
		t.Error("the front page tells who is here")
	}
}

func TestStrayAddressesGetAPage(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	secret := d.Add(t, "nb")
	r := newReader(t, pages(d, c))
	for _, path := range []string{"/nothing", "/favicon.ico", "/static/page.css", "/static/"} {
		if got := r.get(path); got.status != http.StatusNotFound || got.heading() != "Siden finnes ikke" {
			t.Errorf("%s: %d", path, got.status)
		}
	}
	if got := r.do(http.MethodPut, "/my", nil); got.status != http.StatusNotFound || got.page == nil {
		t.Errorf("PUT /my: %d", got.status)
	}
	r.open(secret)
	for _, path := range []string{"/my/withdraw", "/my/withdraw/confirm", "/my/leave"} {
		if got := r.get(path); got.header.Get("Location") != "/my" {
			t.Errorf("coming back to %s: %d", path, got.status)
		}
	}
}

func TestStyleIsKeptForEverUnderItsHash(t *testing.T) {
	c := newClock()
	r := newReader(t, pages(webtest.NewDesk(t, c.now), c))
	front := r.get("/")
	path := ""
	for _, link := range all(front.page, "link") {
		path = attr(link, "href")
	}
	style := r.get(path)
	if style.status != http.StatusOK || style.header.Get("Cache-Control") != "public, max-age=31536000, immutable" ||
		!strings.HasPrefix(style.header.Get("Content-Type"), "text/css") || !strings.Contains(style.body, "prefers-color-scheme: dark") {
		t.Errorf("%s: %d %v", path, style.status, style.header)
	}
}

func TestFailuresAreNamedAndTheLogKeepsNoSecret(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	secret := d.Add(t, "nb")
	var log bytes.Buffer
	site := web.New(d, testKey(), slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})), web.WithClock(c.now))
	r := newReader(t, site)
	confirm := r.submit(r.open(secret), "/my/withdraw", "everything", "1")

	d.WithdrawErr = errors.New("disk full while writing " + string(secret) + " alias " + secret.Hash())
	got := r.submit(confirm, "/my/withdraw/confirm")
	if got.status != http.StatusInternalServerError || got.heading() != "Noe gikk galt hos oss" {
		t.Errorf("%d %q", got.status, got.heading())
	}
	got.shows(t, "Vi vet ikke om tilbaketrekkingen ble lagret")
	if strings.Contains(got.body, "disk full") {
		t.Error("the page tells what only the log should")
	}
	if !strings.Contains(log.String(), "disk full") {
		t.Error("the log does not tell what happened")
	}

	d.Err = problem.New(problem.Unavailable, "no-such-translation", "The ledger of {{.who}} is away.", "who", "x")
	for _, path := range []string{"/my", "/P/" + string(secret)} {
		if got := r.get(path); got.status != http.StatusServiceUnavailable || strings.Contains(got.body, "ledger") {
			t.Errorf("%s: %d", path, got.status)
		}
	}
	d.Err = problem.New(problem.Conflict, library.ErrLinkUnknown.ID+"x", "")
	r.get("/P/GUESS")
	for _, hidden := range []string{string(secret), strings.ToLower(string(secret)), secret.Hash(), "/P/", "GUESS", "K7Q2"} {
		if strings.Contains(log.String(), hidden) {
			t.Errorf("the log holds %q:\n%s", hidden, log.String())
		}
	}
}

func TestOversizedFormChangesNothing(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	secret := d.Add(t, "nb")
	r := newReader(t, pages(d, c))
	values := formOf(t, r.open(secret), "/my/withdraw", "everything", "1", "more", strings.Repeat("x", 1<<20))
	if got := r.do(http.MethodPost, "/my/withdraw", values); got.status != http.StatusForbidden {
		t.Errorf("status %d", got.status)
	}
}
