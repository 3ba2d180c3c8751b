package consent_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"samtykke/app/consent"
	"samtykke/assets"
)

// noon is the moment around which the tests happen.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func mustForm(tb testing.TB) (*consent.Form, consent.FormHash) {
	tb.Helper()
	template, err := consent.ParseForm(assets.DefaultForm())
	if err != nil {
		tb.Fatal(err)
	}
	form, err := template.Publish(consent.Organisation{Name: "Eksempel kommune", Number: "999999999", Contact: "post@eksempel.no"}, noon)
	if err != nil {
		tb.Fatal(err)
	}
	hash, err := form.Hash()
	if err != nil {
		tb.Fatal(err)
	}
	return form, hash
}

// story builds events by hand, in the order of telling.
type story struct {
	tb     testing.TB
	form   *consent.Form
	hash   consent.FormHash
	events []consent.Received
}

func newStory(tb testing.TB) *story {
	form, hash := mustForm(tb)
	return &story{tb: tb, form: form, hash: hash}
}

func (s *story) add(e consent.Envelope, body any) *consent.Received {
	s.tb.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		s.tb.Fatal(err)
	}
	e.V, e.Body, e.TZ = 1, raw, "+01:00"
	if e.ID == "" {
		e.ID = consent.EventID(fmt.Sprintf("event-%04d", len(s.events)))
	}
	if e.At.IsZero() {
		e.At = noon.Add(time.Duration(len(s.events)) * time.Second)
	}
	s.events = append(s.events, consent.Received{Envelope: e})
	return &s.events[len(s.events)-1]
}

// answers says yes to the listed scopes and no to the rest.
func (s *story) answers(yes string) map[consent.Scope]consent.Decision {
	s.tb.Helper()
	scopes, err := consent.ParseScopes(yes, s.form)
	if err != nil {
		s.tb.Fatal(err)
	}
	answers := map[consent.Scope]consent.Decision{}
	for _, scope := range s.form.Scopes() {
		answers[scope] = consent.DecisionNo
	}
	for _, scope := range scopes {
		answers[scope] = consent.DecisionYes
	}
	return answers
}

func (s *story) decided(subject consent.SubjectID, yes string, at time.Time, change func(*consent.DecidedBody)) *consent.Received {
	s.tb.Helper()
	body := consent.DecidedBody{Form: s.hash, Language: "nb", Answers: s.answers(yes), Signer: consent.Signer{Role: consent.RoleSelf}, Until: noon.AddDate(3, 0, 0)}
	if change != nil {
		change(&body)
	}
	return s.add(consent.Envelope{Type: consent.ConsentDecided, Subject: subject, At: at}, body)
}

func (s *story) guardian(subject consent.SubjectID, id, yes string, at time.Time, sole bool) *consent.Received {
	return s.decided(subject, yes, at, func(b *consent.DecidedBody) {
		b.Minor, b.Signer, b.SoleGuardian = true, consent.Signer{Role: consent.RoleGuardian, Guardian: id}, sole
	})
}

func (s *story) child(subject consent.SubjectID, yes string, at time.Time, mayRefuse bool) *consent.Received {
	return s.decided(subject, yes, at, func(b *consent.DecidedBody) { b.Minor, b.MayRefuse = true, mayRefuse })
}

func (s *story) withdrawn(subject consent.SubjectID, at time.Time, scopes ...consent.Scope) *consent.Received {
	return s.add(consent.Envelope{Type: consent.ConsentWithdrawn, Subject: subject, At: at},
		consent.WithdrawnBody{Scopes: scopes, Signer: consent.Signer{Role: consent.RoleSelf}, Via: "link"})
}

func (s *story) imported(asset consent.AssetID) {
	s.add(consent.Envelope{Type: consent.AssetImported, Asset: asset, Shoot: "shoot"}, consent.ImportedBody{Kind: consent.Photo})
}

func (s *story) appears(subject consent.SubjectID, asset consent.AssetID) {
	s.add(consent.Envelope{Type: consent.AssetAppearance, Asset: asset, Subject: subject}, consent.AppearanceBody{})
}

func (s *story) people(asset consent.AssetID, n int) {
	s.add(consent.Envelope{Type: consent.AssetPeople, Asset: asset}, consent.PeopleBody{Count: n})
}

func (s *story) state() *consent.State { return s.fold(s.events) }

func (s *story) fold(events []consent.Received) *consent.State {
	state := consent.NewState()
	state.AddForm(s.hash, s.form)
	for _, e := range events {
		_ = state.Apply(e) // what cannot be read counts as restrictive as can be; the tests look at the outcome
	}
	return state
}

func webPhoto() consent.Scope { return consent.Scope{Channel: "web", Media: consent.Photo} }

// drawStory makes a random set of events of two people and two assets, with clashing times on purpose.
func drawStory(tb testing.TB, t *rapid.T) *story {
	s := newStory(tb)
	subject := rapid.SampledFrom([]consent.SubjectID{"ola", "kari"})
	asset := rapid.SampledFrom([]consent.AssetID{"asset-one-0000", "asset-two-0000"})
	moment := rapid.Custom(func(t *rapid.T) time.Time {
		return noon.Add(time.Duration(rapid.IntRange(-6, 6).Draw(t, "minutes")) * time.Minute)
	})
	yes := rapid.SampledFrom([]string{"web:photo", "web:*", "*:photo", "*:*", "print:photo", "social:photo,web:photo"})
	for range rapid.IntRange(1, 14).Draw(t, "events") {
		who, at := subject.Draw(t, "who"), moment.Draw(t, "at")
		var e *consent.Received
		switch rapid.IntRange(0, 11).Draw(t, "kind") {
		case 0, 1:
			e = s.decided(who, yes.Draw(t, "yes"), at, nil)
		case 2, 3:
			e = s.guardian(who, rapid.SampledFrom([]string{"g1", "g2"}).Draw(t, "guardian"), yes.Draw(t, "yes"), at, rapid.Bool().Draw(t, "sole"))
		case 4:
			e = s.child(who, yes.Draw(t, "yes"), at, rapid.Bool().Draw(t, "may refuse"))
		case 5:
			e = s.withdrawn(who, at)
		case 6:
			e = s.withdrawn(who, at, webPhoto())
		case 7:
			s.imported(asset.Draw(t, "asset"))
		case 8:
			s.appears(who, asset.Draw(t, "asset"))
		case 9:
			s.people(asset.Draw(t, "asset"), rapid.IntRange(0, 2).Draw(t, "n"))
		case 10:
			s.add(consent.Envelope{Type: consent.AssetAppearanceRemoved, Asset: asset.Draw(t, "asset"), Subject: who, At: at}, consent.AppearanceBody{})
		case 11:
			s.add(consent.Envelope{Type: consent.SubjectMerged, Subject: "ola", At: at}, consent.MergedBody{Into: "kari", Undo: rapid.Bool().Draw(t, "undo")})
		}
		if e != nil && rapid.Bool().Draw(t, "received") {
			e.ReceivedAt = moment.Draw(t, "received at")
		}
	}
	return s
}

// picture is everything the rules say, comparable.
func picture(s *consent.State, form *consent.Form, now time.Time) string {
	said := map[string]any{}
	for _, sub := range s.Subjects() {
		standings := map[string]string{}
		for scope, st := range s.Standings(sub.ID, form, now) {
			standings[scope.String()] = fmt.Sprint(st)
		}
		said["standings "+string(sub.ID)] = standings
		said["assets of "+string(sub.ID)] = s.AssetsOf(sub.ID)
		said["history "+string(sub.ID)] = s.History(sub.ID)
	}
	for _, a := range s.Assets() {
		a.Imported = time.Time{} // ties between imports are told apart by id, which this set does not vary
		said["asset "+string(a.ID)] = a
		for _, c := range form.Channels {
			said["clear "+string(a.ID)+string(c.Key)] = fmt.Sprint(s.Clear(a.ID, c.Key, now))
		}
	}
	raw, _ := json.Marshal(said)
	return string(raw)
}
