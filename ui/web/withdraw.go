package web

import (
	"net/http"

	"samtykke/app/consent"
	"samtykke/app/library"
)

// confirmation is what is about to be withdrawn.
type confirmation struct {
	Everything bool
	Channels   []channelScopes
	Scopes     []consent.Scope // in the form's order; empty for everything
	// Token confirms exactly these scopes; Again shows this page again in another language.
	Token, Again string
	Contact      string
}

// chooseWithdrawal shows what a withdrawal would withdraw. It changes nothing, and the page carries the choice itself.
func (s *site) chooseWithdrawal(w http.ResponseWriter, r *http.Request) {
	l, ok := s.fromForm(w, r)
	if !ok {
		return
	}
	if !s.seal.tokenHolds(r.PostFormValue("token"), l.held, "withdraw") {
		s.forged(w, r)
		return
	}
	s.prolong(w, r, l.held)
	c := confirmation{Everything: r.PostFormValue("everything") != "", Again: s.seal.token(l.held, "withdraw"),
		Contact: l.view.Organisation.Contact}
	standing := chosen(l.view, func(consent.Scope) bool { return true })
	if !c.Everything {
		standing = chosen(l.view, wanted(r))
		c.Scopes = standing
	}
	if len(standing) == 0 {
		s.showPersonal(w, r, l, http.StatusUnprocessableEntity, true)
		return
	}
	c.Channels = byChannel(l.text, standing)
	c.Token = s.seal.token(l.held, "confirm", confirms(c.Everything, c.Scopes)...)

	title := "web.confirm.title"
	if c.Everything {
		title = "web.confirm.title.everything"
	}
	p := s.newPage(r, l.said, title)
	p.Chosen, p.Main = &c, c
	s.write(w, r, http.StatusOK, "confirm", p)
}

// withdraw does what the page before it listed.
func (s *site) withdraw(w http.ResponseWriter, r *http.Request) {
	l, ok := s.fromForm(w, r)
	if !ok {
		return
	}
	everything := r.PostFormValue("everything") != ""
	var scopes []consent.Scope
	if !everything {
		for _, text := range r.PostForm["scope"] {
			var scope consent.Scope
			if err := scope.UnmarshalText([]byte(text)); err == nil {
				scopes = append(scopes, scope)
			}
		}
	}
	// An empty list would mean everything to the desk: it may come from the button that says so, and from nothing else.
	if (len(scopes) == 0) != everything ||
		!s.seal.tokenHolds(r.PostFormValue("token"), l.held, "confirm", confirms(everything, scopes)...) {
		s.forged(w, r)
		return
	}
	if err := s.desk.WithdrawByLink(r.Context(), l.held.secret, scopes); err != nil {
		s.report(r, "withdrawal", l.held.secret, err)
		s.failed(w, r, l.said, err, "web.error.unsure.text")
		return
	}
	s.prolong(w, r, l.held)
	http.Redirect(w, r, "/my?done=1", http.StatusSeeOther)
}

// fromForm is look for a form that was sent: also its origin is checked. The token is the caller's to check.
func (s *site) fromForm(w http.ResponseWriter, r *http.Request) (looked, bool) {
	if err := r.ParseForm(); err != nil || !fromHere(r) {
		s.forged(w, r)
		return looked{}, false
	}
	return s.look(w, r)
}

// confirms is what the token of a confirmation covers.
func confirms(everything bool, scopes []consent.Scope) []string {
	if everything {
		return []string{"everything"}
	}
	parts := []string{"scopes"}
	for _, sc := range scopes {
		parts = append(parts, sc.String())
	}
	return parts
}

// wanted tells which scopes the boxes of a form tick: one scope each, or a whole channel as "web:*".
func wanted(r *http.Request) func(consent.Scope) bool {
	ticked := map[string]bool{}
	for _, text := range r.PostForm["scope"] {
		ticked[text] = true
	}
	return func(sc consent.Scope) bool {
		return ticked[sc.String()] || ticked[string(sc.Channel)+":*"]
	}
}

// chosen lists the scopes that are wanted and can be withdrawn, in the form's order.
func chosen(view library.PersonalView, want func(consent.Scope) bool) []consent.Scope {
	var scopes []consent.Scope
	for _, row := range view.Rows {
		for _, cell := range row.Cells {
			if cell.Withdrawable && want(cell.Scope) {
				scopes = append(scopes, cell.Scope)
			}
		}
	}
	return scopes
}
