package web

import (
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"net/http"

	"samtykke/app/evidence"
	"samtykke/app/library"
)

// front says what this server is.
func (s *site) front(w http.ResponseWriter, r *http.Request) {
	p := s.newPage(r, speak(w, r, "", nil), "web.front.title", "left")
	p.Main = r.URL.Query().Get("left") == "1"
	s.write(w, r, http.StatusOK, "front", p)
}

// openLink trades the secret in the address for a session. What cannot be a secret is looked up all the same, as one that nobody
// has, so that it takes as long as a secret that is not known.
func (s *site) openLink(w http.ResponseWriter, r *http.Request) {
	addr := remoteAddress(r)
	if !s.lookups.take(addr) {
		w.Header().Set("Retry-After", "60")
		s.say(w, r, speak(w, r, "", nil), http.StatusTooManyRequests, "web.error.busy.title", plain("web.error.busy.text"))
		return
	}
	text := r.PathValue("secret")
	nobody := nobodysSecret(text)
	secret, formed := evidence.ParseLinkSecret(text)
	if !formed {
		secret = nobody
	}
	_, err := s.desk.Personal(r.Context(), secret)
	switch {
	case errors.Is(err, library.ErrLinkUnknown), err == nil && !formed:
		s.unknown(w, r)
	case err != nil:
		s.lookups.giveBack(addr)
		s.report(r, "personal link", secret, err)
		s.failed(w, r, speak(w, r, "", nil), err, "web.error.failed.text")
	default:
		s.lookups.giveBack(addr)
		speak(w, r, "", nil) // remembers ?lang=
		s.prolong(w, r, newSession(secret))
		http.Redirect(w, r, "/my", http.StatusSeeOther)
	}
}

// nobodysSecret is a well-formed secret that only a hash collision could make somebody's.
func nobodysSecret(text string) evidence.LinkSecret {
	sum := sha256.Sum256([]byte("nobody's link " + text))
	return evidence.LinkSecret(base32.StdEncoding.EncodeToString(sum[:20]))
}

// unknown answers for a link that is mistyped, erased or not here yet.
func (s *site) unknown(w http.ResponseWriter, r *http.Request) {
	endSession(w, r)
	s.say(w, r, speak(w, r, "", nil), http.StatusNotFound, "web.error.unknown.title", func(p *page) message {
		return message{Sentence: p.T("web.error.unknown.text"),
			Advice: []string{p.T("web.error.unknown.whole"), p.T("web.error.unknown.write")}}
	})
}

// leave forgets the session on this device.
func (s *site) leave(w http.ResponseWriter, r *http.Request) {
	held, ok := s.session(r)
	if ok && (!fromHere(r) || !s.seal.tokenHolds(r.PostFormValue("token"), held, "leave")) {
		s.forged(w, r)
		return
	}
	endSession(w, r)
	http.Redirect(w, r, "/?left=1", http.StatusSeeOther)
}

// forged answers a form that does not prove it came from this session's page.
func (s *site) forged(w http.ResponseWriter, r *http.Request) {
	s.say(w, r, speak(w, r, "", nil), http.StatusForbidden, "web.error.forged.title", func(p *page) message {
		return message{Sentence: p.T("web.error.forged.text"), Back: true}
	})
}
