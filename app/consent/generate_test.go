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

// people and pictures are those of the drawn stories.
var (
	people   = []consent.SubjectID{"kari", "ola", "per"}
	pictures = []consent.AssetID{"asset-one-0000", "asset-two-0000"}
)

// nearNoon draws moments that clash on purpose.
func nearNoon() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		return noon.Add(time.Duration(rapid.IntRange(-6, 6).Draw(t, "minutes")) * time.Minute)
	})
}

// drawStory makes a random set of events of three people and two assets, signed on three devices whose clocks go as they like.
func drawStory(tb testing.TB, t *rapid.T) *story {
	s := newStory(tb)
	if rapid.Bool().Draw(t, "ordinary beginning") { // pictures that are cleared until something else happens
		for i, asset := range pictures {
			s.imported(asset)
			s.people(asset, 1)
			s.appears(people[i], asset)
			s.decided(people[i], "*:*", noon, nil)
		}
	}
	for range rapid.IntRange(1, 16).Draw(t, "events") {
		drawEvent(s, t)
	}
	numbered := map[consent.DeviceID]uint64{}
	moment := nearNoon()
	for i := range s.events {
		e := &s.events[i]
		e.Device = rapid.SampledFrom([]consent.DeviceID{"device-a", "device-b", "device-c"}).Draw(t, "device")
		numbered[e.Device]++
		e.Seq, e.At = numbered[e.Device], moment.Draw(t, "at")
		if rapid.Bool().Draw(t, "received") {
			e.ReceivedAt = moment.Draw(t, "received at")
		}
	}
	return s
}

func drawEvent(s *story, t *rapid.T) {
	who := rapid.SampledFrom(people).Draw(t, "who")
	guardian := rapid.SampledFrom([]string{"g1", "g2", "g3"})
	yes := rapid.SampledFrom([]string{"web:photo", "web:*", "*:photo", "*:*", "print:photo", "social:photo,web:photo", ""})
	switch rapid.IntRange(0, 11).Draw(t, "kind") {
	case 0, 1:
		s.decided(who, yes.Draw(t, "yes"), noon, func(b *consent.DecidedBody) {
			b.Until = noon.Add(time.Duration(rapid.IntRange(-1, 3).Draw(t, "hours")) * time.Hour)
			b.Signer.Role = rapid.SampledFrom([]consent.SignerRole{consent.RoleSelf, consent.RoleSelf, consent.RoleStaff}).Draw(t, "role")
		})
	case 2, 3:
		s.guardian(who, guardian.Draw(t, "guardian"), yes.Draw(t, "yes"), noon, rapid.Bool().Draw(t, "sole"))
	case 4:
		s.child(who, yes.Draw(t, "yes"), noon, rapid.Bool().Draw(t, "may refuse"))
	case 5:
		s.withdrawn(who, noon, rapid.SampledFrom([][]consent.Scope{nil, {webPhoto()}, {{Channel: "web", Media: "*"}}}).Draw(t, "scopes")...)
	case 6:
		body := consent.MergedBody{Into: rapid.SampledFrom(people).Draw(t, "into"), Undo: rapid.IntRange(0, 3).Draw(t, "undo") == 0}
		if rapid.Bool().Draw(t, "guardians") {
			body.Guardians = map[string]string{guardian.Draw(t, "from guardian"): guardian.Draw(t, "into guardian")}
		}
		s.add(consent.Envelope{Type: consent.SubjectMerged, Subject: who}, body)
	case 7:
		drawSaidOfPerson(s, t, who)
	default:
		drawSaidOfAsset(s, t, who)
	}
}

// drawSaidOfPerson adds something about a person that is seldom said.
func drawSaidOfPerson(s *story, t *rapid.T, who consent.SubjectID) {
	switch rapid.IntRange(0, 5).Draw(t, "of the person") {
	case 5:
		drawSaidOfShoot(s, t)
	case 0, 1:
		s.add(consent.Envelope{Type: consent.SubjectAvoid, Subject: who}, consent.AvoidBody{Avoid: rapid.Bool().Draw(t, "avoid")})
	case 2:
		s.add(consent.Envelope{Type: consent.SubjectErased, Subject: who}, consent.ErasedBody{})
	case 3:
		s.add(consent.Envelope{Type: consent.ConsentDecided, Subject: who}, []string{"unreadable"})
	case 4:
		s.add(consent.Envelope{Type: consent.PolicyChanged}, consent.PolicyBody{ReaskDays: rapid.IntRange(0, 400).Draw(t, "days")})
	}
}

// drawSaidOfShoot lets several devices begin and change the same shoots, one of them twice as the same.
func drawSaidOfShoot(s *story, t *rapid.T) {
	for range rapid.IntRange(1, 4).Draw(t, "of the shoot") {
		e := consent.Envelope{Type: rapid.SampledFrom([]consent.EventType{consent.ShootCreated, consent.ShootChanged, consent.ShootChanged}).Draw(t, "shoot event"),
			Shoot: rapid.SampledFrom([]consent.ShootID{"shoot", "other"}).Draw(t, "shoot")}
		s.add(e, consent.ShootBody{Details: rapid.SampledFrom([]consent.BlobHash{"first", "second", "third"}).Draw(t, "details")})
	}
}

func drawSaidOfAsset(s *story, t *rapid.T, who consent.SubjectID) {
	e := consent.Envelope{Asset: rapid.SampledFrom(pictures).Draw(t, "asset"), Subject: who}
	part := rapid.SampledFrom([]consent.AppearanceBody{{}, {}, {From: 1, To: 2}, {From: 2, To: 5}, {From: 4, To: 3}})
	var body any = struct{}{}
	switch rapid.IntRange(0, 9).Draw(t, "of the asset") {
	case 0, 1:
		e.Type, e.Subject = consent.AssetImported, ""
		body = consent.ImportedBody{Kind: rapid.SampledFrom([]consent.MediaKind{consent.Photo, consent.Video}).Draw(t, "kind")}
	case 2, 3:
		e.Type, body = consent.AssetAppearance, part.Draw(t, "part")
	case 4:
		e.Type, body = consent.AssetAppearanceRemoved, part.Draw(t, "part")
	case 5, 6:
		e.Type, e.Subject, body = consent.AssetPeople, "", consent.PeopleBody{Count: rapid.IntRange(-1, 2).Draw(t, "n")}
	case 7:
		e.Type = rapid.SampledFrom([]consent.EventType{consent.AssetApproved, consent.AssetRejected}).Draw(t, "answer")
	case 8:
		e.Type, e.Subject = consent.AssetGround, ""
		body = consent.GroundBody{Ground: rapid.SampledFrom([]consent.Ground{consent.GroundConsent, consent.GroundSection104C, "whim"}).Draw(t, "ground"), Why: "hash"}
	case 9:
		e.Type, e.Subject = consent.DeliveryMade, ""
		body = consent.DeliveryBody{Channel: "web", Order: "order", Ground: consent.GroundConsent}
	}
	s.add(e, body)
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
		said["cut of "+string(a.ID)] = fmt.Sprint(s.ClearPart(a.ID, "web", consent.Span{From: 3, To: 4}, now))
		said["deliveries of "+string(a.ID)] = s.Deliveries(a.ID)
	}
	for _, sh := range s.Shoots() {
		said["shoot "+string(sh.ID)] = fmt.Sprint(sh, s.ShootDetails(sh.ID))
	}
	said["policy"] = s.Policy()
	said["due"] = s.Due(consent.Asking{Now: now, Within: 90 * 24 * time.Hour})
	raw, _ := json.Marshal(said)
	return string(raw)
}
