package evidence_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/mr-tron/base58"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

var (
	webPhoto    = consent.Scope{Channel: "web", Media: consent.Photo}
	socialPhoto = consent.Scope{Channel: "social", Media: consent.Photo}
)

// account is a child's record: one guardian said yes to the web and no to social media, and took the yes back two days later.
func account() evidence.Account {
	form := &consent.Form{Key: "default", Version: "2026.1", Published: "2026-09-01", ValidityMonths: 36, MinorValidityMonths: 12,
		Organisation: consent.Organisation{Name: "Eksempel kommune", Number: "999999999", Contact: "post@example.no", DPO: "ombud@example.no",
			Address: "Rådhusgata 1, 0001 Eksempel", Policy: "https://example.no/personvern"},
		Channels: []consent.FormChannel{{Key: "web"}, {Key: "social", ThirdCountry: true}}, Media: []consent.MediaKind{consent.Photo},
		Texts: map[string]consent.FormText{"nb": {Title: "Samtykke til bilder", Purpose: "Å fortelle om det vi gjør.",
			Channels: map[consent.Channel]consent.ChannelText{"web": {Title: "Nettsider"}, "social": {Title: "Sosiale medier"}},
			Media:    map[consent.MediaKind]string{consent.Photo: "Bilder"}}}}
	body := consent.DecidedBody{Form: consent.FormHash(strings.Repeat("4b", 32)), Language: "nb", Minor: true,
		Answers: map[consent.Scope]consent.Decision{webPhoto: consent.DecisionYes, socialPhoto: consent.DecisionNo},
		Signer:  consent.Signer{Role: consent.RoleGuardian, Guardian: "00ff"}, Until: noon.AddDate(1, 0, 0),
		Evidence: []consent.EvidenceRef{{Kind: consent.EvidenceDrawn, SHA256: consent.BlobHash(strings.Repeat("d0", 32))}}, Link: strings.Repeat("11", 32)}
	record, withdrawal := consent.RecordID("0192f3a0-0000-7000-8000-000000000001"), consent.EventID("0192f3a0-0000-7000-8000-000000000002")
	later := noon.AddDate(0, 0, 2)
	return evidence.Account{Record: record, Hash: strings.Repeat("5a", 32), Device: "0f0e", Subject: "7a1c0000-0000-4000-8000-000000000001",
		Code: "K7Q2-M9XD", Body: body, At: noon, Form: form, Address: "https://bank.example.no", Created: noon.AddDate(0, 0, 3),
		History: []consent.HistoryEntry{
			{ID: consent.EventID(record), At: noon, By: body.Signer, Record: &body},
			{ID: withdrawal, At: later, By: body.Signer, Scopes: []consent.Scope{webPhoto}}},
		Standings: map[consent.Scope]consent.Standing{
			webPhoto:    {Status: consent.StatusWithdrawn, Since: later, By: body.Signer},
			socialPhoto: {Status: consent.StatusRefused, Since: noon, By: body.Signer, Record: record}}}
}

func signedAccount(tb testing.TB) []byte {
	tb.Helper()
	document, err := account().Document()
	if err != nil {
		tb.Fatal(err)
	}
	signed, err := evidence.SignDocument(fixedKey(tb), document, account().Created)
	if err != nil {
		tb.Fatal(err)
	}
	return signed
}

func statusesOf(tb testing.TB, a evidence.Account, scope consent.Scope) []string {
	tb.Helper()
	doc, err := a.Document()
	if err != nil {
		tb.Fatal(err)
	}
	for _, r := range doc.Records {
		if r.Process.Scope == scope {
			var terms []string
			for _, st := range r.Status {
				terms = append(terms, st.Type[0])
			}
			if r.Stands != terms[len(terms)-1] {
				tb.Errorf("%s says that %s stands and ends with %v", scope, r.Stands, terms)
			}
			return terms
		}
	}
	tb.Fatalf("no record for %s", scope)
	return nil
}

func TestReceiptTellsEverythingThatHappenedToAScope(t *testing.T) {
	withdrawn := account()
	renewed := account()
	again := renewed.Body
	again.Until = noon.AddDate(2, 0, 0)
	renewed.History[1] = consent.HistoryEntry{ID: "0192f3a0-0000-7000-8000-000000000003", At: noon.AddDate(1, 0, 0), By: again.Signer, Record: &again}
	renewed.Standings[webPhoto] = consent.Standing{Status: consent.StatusGiven, Until: again.Until, By: again.Signer}
	expired := account()
	expired.History = expired.History[:1]
	expired.Standings[webPhoto] = consent.Standing{Status: consent.StatusExpired, Until: expired.Body.Until}
	waiting := account()
	waiting.History = waiting.History[:1]
	waiting.Standings[webPhoto] = consent.Standing{Status: consent.StatusAwaitingGuardian, Since: noon, By: waiting.Body.Signer, GuardiansMissing: 1}
	for name, c := range map[string]struct {
		account evidence.Account
		scope   consent.Scope
		want    string
	}{
		"withdrawn":          {withdrawn, webPhoto, "dpv:ConsentGiven dpv:ConsentWithdrawn"},
		"refused":            {withdrawn, socialPhoto, "dpv:ConsentRefused"},
		"renewed":            {renewed, webPhoto, "dpv:ConsentGiven dpv:RenewedConsentGiven"},
		"expired":            {expired, webPhoto, "dpv:ConsentGiven dpv:ConsentExpired"},
		"a guardian missing": {waiting, webPhoto, "dpv:ConsentGiven dpv:ConsentRequested"},
	} {
		if got := strings.Join(statusesOf(t, c.account, c.scope), " "); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// Design §3.8 and §6: pseudonyms only, and the address of the personal link without its secret.
func TestReceiptDocumentNamesNobodyAndHoldsNoLink(t *testing.T) {
	text := string(signedAccount(t))
	for _, want := range []string{`"dpv:Child"`, `"dpv:GuardianOfDataSubject"`, `"dpv:hasThirdCountry"`, `"P12M"`, `"https://bank.example.no"`} {
		if !strings.Contains(text, want) {
			t.Errorf("the document lacks %s", want)
		}
	}
	for _, secret := range []string{"/P/", account().Body.Link} {
		if strings.Contains(text, secret) {
			t.Errorf("the document holds %s", secret)
		}
	}
}

// The vector of the W3C Recommendation "Data Integrity EdDSA Cryptosuites v1.0", section B.2: its key, document and proof.
func TestProofIsThatOfTheRecommendation(t *testing.T) {
	vector, err := os.ReadFile("testdata/w3c-eddsa-jcs-2022.json")
	if err != nil {
		t.Fatal(err)
	}
	private, err := base58.Decode("3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq")
	if err != nil {
		t.Fatal(err)
	}
	key, err := evidence.KeyFromSeed(private[2:])
	if err != nil {
		t.Fatal(err)
	}
	if did := key.Public().DID(); did != "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2" {
		t.Fatalf("the key is %s", did)
	}
	var members map[string]json.RawMessage
	var proof evidence.Proof
	if err := json.Unmarshal(vector, &members); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(members["proof"], &proof); err != nil {
		t.Fatal(err)
	}
	delete(members, "proof")
	want := proof.ProofValue
	proof.ProofValue = ""
	signed, err := evidence.SignWith(key, members, proof)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Proof evidence.Proof `json:"proof"`
	}
	if err := json.Unmarshal(signed, &got); err != nil || got.Proof.ProofValue != want {
		t.Errorf("proof value %s, want %s (%v)", got.Proof.ProofValue, want, err)
	}
}

// Every single member anywhere in the document, changed, removed or added, breaks the proof.
func TestEveryChangedMemberOfADocumentShows(t *testing.T) {
	signed := signedAccount(t)
	keys := evidence.Keys{fixedKey(t).Public()}
	var document map[string]any
	if err := json.Unmarshal(signed, &document); err != nil {
		t.Fatal(err)
	}
	checks := 0
	check := func(where string) {
		checks++
		raw, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := evidence.OpenDocument(keys, raw); err == nil {
			t.Errorf("%s changed and the document still verifies", where)
		}
	}
	var walk func(where string, node any)
	walk = func(where string, node any) {
		switch n := node.(type) {
		case map[string]any:
			for name, value := range n {
				at := where + "/" + name
				delete(n, name)
				check(at + " removed")
				n[name] = "something else"
				check(at)
				n[name] = value
				walk(at, value)
			}
			n["smk:added"] = true
			check(where + "/ added")
			delete(n, "smk:added")
		case []any:
			for i, value := range n {
				n[i] = "something else"
				check(fmt.Sprintf("%s[%d]", where, i))
				n[i] = value
				walk(fmt.Sprintf("%s[%d]", where, i), value)
			}
		}
	}
	walk("", document)
	if checks < 300 {
		t.Errorf("only %d changes were tried", checks)
	}
	raw, err := json.MarshalIndent(document, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := evidence.OpenDocument(keys, raw); err != nil {
		t.Errorf("indented, and nothing else: %v", err)
	}
}

func TestDocumentOfAStrangerClaimsButDoesNotCount(t *testing.T) {
	found, err := evidence.OpenDocument(evidence.Keys{chainKey(t).Public()}, signedAccount(t))
	if !errors.Is(err, &problem.Problem{ID: "document-stranger"}) || found.Device != fixedKey(t).Device() {
		t.Errorf("%s: %v", found.Device, err)
	}
}

func TestMemberThatStandsTwiceIsRefused(t *testing.T) {
	twice := bytes.Replace(signedAccount(t), []byte(`"dct:created"`), []byte(`"dct:identifier":"x","dct:created"`), 1)
	twice = bytes.Replace(twice, []byte(`{"@context"`), []byte(`{"@type":"dpv:ConsentReceipt","@context"`), 1)
	if _, err := evidence.OpenDocument(evidence.Keys{fixedKey(t).Public()}, twice); !errors.Is(err, &problem.Problem{ID: "document-unreadable"}) {
		t.Errorf("got %v", err)
	}
}

// One record of the log always gives the same identifiers, and no two scopes share one.
func TestScopesOfARecordAreNamedUnderIt(t *testing.T) {
	doc, err := account().Document()
	if err != nil {
		t.Fatal(err)
	}
	record := uuid.MustParse(string(account().Record))
	for _, r := range doc.Records {
		if want := uuid.NewSHA1(record, []byte(r.Process.Scope.String())).String(); r.Identifier != want {
			t.Errorf("%s is %s, want %s", r.Process.Scope, r.Identifier, want)
		}
	}
	if doc.Records[0].ID == doc.Records[1].ID || doc.Notice.SHA256 != account().Body.Form {
		t.Error("records share a name, or the notice is another form")
	}
}
