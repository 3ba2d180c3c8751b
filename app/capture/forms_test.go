package capture_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/problem"
	"samtykke/assets"
)

// formFile is the embedded form with a few things changed.
func formFile(tb testing.TB, pairs ...string) []byte {
	tb.Helper()
	text := string(assets.DefaultForm())
	for i := 0; i+1 < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			tb.Fatalf("the embedded form does not hold %q", pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return []byte(text)
}

// nextVersion is the embedded form with another title, as version 2026.2.
func nextVersion(tb testing.TB) []byte {
	return formFile(tb, `"version": "2026.1"`, `"version": "2026.2"`, `"title": "Samtykke til`, `"title": "Nytt samtykke til`)
}

func mustPublish(b *bench, raw []byte) capture.PublishedForm {
	b.tb.Helper()
	published, err := b.PublishForm(b.ctx, raw)
	if err != nil {
		b.tb.Fatal(err)
	}
	return published
}

func TestNewVersionIsWhatPeopleSignFromThenOn(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Ola"})
	before := b.sign(p, "web:*")
	b.now = b.now.AddDate(0, 0, 1)
	published := mustPublish(b, nextVersion(t))
	if published.Form.Published != "2026-11-23" || published.Form.Organisation != organisation || !published.Current {
		t.Errorf("published %+v", published)
	}
	after := b.sign(p, "web:*")
	b.reopen()
	for record, version := range map[consent.RecordID]string{before.Record: "2026.1", after.Record: "2026.2"} {
		if signed, err := b.RecordForm(record); err != nil || signed.Form.Version != version {
			t.Errorf("a record of version %s shows %s, %v", version, signed.Form.Version, err)
		}
	}
	var listed []string
	for _, f := range b.Forms() {
		listed = append(listed, f.Form.Version)
		if f.Records != 1 || f.Current != (f.Hash == published.Hash) {
			t.Errorf("listed %+v", f)
		}
	}
	if !slices.Equal(listed, []string{"2026.2", "2026.1"}) {
		t.Errorf("listed as %v", listed)
	}
	if waiting, err := b.WaitingTransfers(b.ctx); err != nil || !slices.ContainsFunc(waiting, func(w capture.Transfer) bool {
		return w.Hash == consent.BlobHash(published.Hash) && w.Class == capture.ClassForm
	}) {
		t.Errorf("the new form is not on its way to the library, %v", err)
	}
	if audit, err := b.Audit(b.ctx); err != nil || len(audit.Problems) > 0 {
		t.Errorf("audit %+v, %v", audit, err)
	}
}

func TestWhatWasPublishedIsNeverReplaced(t *testing.T) {
	b := mustBench(t)
	first := b.Forms()[0]
	b.now = b.now.AddDate(0, 1, 0)
	if same := mustPublish(b, assets.DefaultForm()); same.Hash != first.Hash || len(b.Forms()) != 1 {
		t.Errorf("publishing the same again gives %s beside %s", same.Hash, first.Hash)
	}
	_, err := b.PublishForm(b.ctx, formFile(t, `"title": "Samtykke til`, `"title": "Nytt samtykke til`))
	wantProblem(t, err, "form-version-published")
	mustPublish(b, nextVersion(t))
	_, err = b.PublishForm(b.ctx, assets.DefaultForm())
	wantProblem(t, err, "form-version-older")
	_, err = b.PublishForm(b.ctx, formFile(t, `"validity_months": 36`, `"validity_months": 0`, `"version": "2026.1"`, `"version": ""`))
	wantProblem(t, err, "form-file-wrong")
	if len(b.Forms()) != 2 {
		t.Errorf("%d forms, want 2", len(b.Forms()))
	}
}

// design §3.7: text, language, version and hash of a record are what the person saw, whatever happens to forms and organisation.
func TestOldRecordsShowForEverWhatWasSigned(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Ola Nordmann"})
	signed := b.sign(p, "web:*")
	moment := b.now
	look := func() (capture.SignedForm, []byte, []byte) {
		form, err := b.RecordForm(signed.Record)
		if err != nil {
			t.Fatal(err)
		}
		_, raw, err := b.FindForm(b.ctx, string(form.Hash))
		if err != nil {
			t.Fatal(err)
		}
		now := b.now
		b.now = moment // a receipt says when it was issued; everything else on it must stay
		file, err := b.WriteReceipt(b.ctx, signed.Record, "")
		if err != nil {
			t.Fatal(err)
		}
		b.now = now
		return form, raw, file
	}
	form, raw, receipt := look()

	b.now = b.now.AddDate(1, 0, 0)
	mustPublish(b, nextVersion(t))
	moved := organisation
	moved.Name, moved.Contact = "Nye Eksempel kommune", "ny@eksempel.example"
	if err := b.vault.Update(b.ctx, func(tx capture.Tx) error { return tx.PutSetting("organisation", moved) }); err != nil {
		t.Fatal(err)
	}
	b.reopen()
	mustPublish(b, formFile(t, `"version": "2026.1"`, `"version": "2027.1"`))
	if _, err := b.Merge(b.ctx, p.ID, b.person(capture.Registration{Name: "Ola N.", Phone: "41234567"}).ID); err != nil {
		t.Fatal(err)
	}

	formLater, rawLater, receiptLater := look()
	form.Current = false // that alone has changed
	if !reflect.DeepEqual(form, formLater) || !bytes.Equal(raw, rawLater) {
		t.Error("the form of an old record has changed")
	}
	if !bytes.Equal(receipt, receiptLater) {
		t.Error("the receipt of an old record has changed")
	}
	if _, hash, err := consent.HashForm(rawLater); err != nil || hash != form.Hash {
		t.Errorf("the bytes have the hash %s, the record names %s, %v", hash, form.Hash, err)
	}
}

func TestPublishedFormIsShownEditedAndPublishedAgain(t *testing.T) {
	b := mustBench(t)
	_, raw, err := b.FindForm(b.ctx, "default")
	if err != nil {
		t.Fatal(err)
	}
	if same := mustPublish(b, raw); len(b.Forms()) != 1 || !same.Current {
		t.Errorf("publishing what was shown makes another form: %+v", b.Forms())
	}
	edited := bytes.Replace(raw, []byte(`"version":"2026.1"`), []byte(`"version":"2026.2"`), 1)
	if published := mustPublish(b, edited); published.Form.Version != "2026.2" || !published.Current {
		t.Errorf("published %+v", published)
	}

	moved := organisation // whose texts these are no longer
	moved.Contact = "ny@eksempel.example"
	if err := b.vault.Update(b.ctx, func(tx capture.Tx) error { return tx.PutSetting("organisation", moved) }); err != nil {
		t.Fatal(err)
	}
	b.reopen()
	again := bytes.Replace(edited, []byte(`"version":"2026.2"`), []byte(`"version":"2026.3"`), 1)
	_, err = b.PublishForm(b.ctx, again)
	wantProblem(t, err, "form-other-organisation")
	if _, findings := b.CheckForm(again); len(findings) != 1 || findings[0].Field != "organisation" {
		t.Errorf("found %v", findings)
	}
}

// withOptional is a version whose channel ads may be left open.
func withOptional(tb testing.TB) []byte {
	return formFile(tb, `"version": "2026.1"`, `"version": "2026.2"`, `{"key": "ads",`, `{"key": "ads", "optional": true,`)
}

func TestOptionalChannelMayStayUnansweredWhichIsNotYes(t *testing.T) {
	b := mustBench(t)
	mustPublish(b, withOptional(t))
	p := b.person(capture.Registration{Name: "Ola"})
	g := b.signing(p, "web:*")
	ads, print := consent.Scope{Channel: "ads", Media: consent.Photo}, consent.Scope{Channel: "print", Media: consent.Photo}
	for scope := range g.Answers {
		if scope.Channel == "ads" {
			delete(g.Answers, scope)
		}
	}
	signed, err := b.RecordConsent(b.ctx, g)
	if err != nil {
		t.Fatal(err)
	}
	if got := b.status(p, ads); got != consent.StatusUnanswered {
		t.Errorf("ads:photo is %s", got)
	}
	if _, text := b.receiptOf(signed.Record); strings.Count(text, say("status.unanswered")) != 3 { // photo, video and sound
		t.Errorf("the receipt does not say of ads, and of nothing else, that it was not answered:\n%s", text)
	}
	g.Answers[ads] = "perhaps"
	_, err = b.RecordConsent(b.ctx, g)
	wantProblem(t, err, "scopes-unanswered")
	delete(g.Answers, ads)
	delete(g.Answers, print)
	_, err = b.RecordConsent(b.ctx, g)
	wantProblem(t, err, "scopes-unanswered")
	if err != nil && (strings.Contains(err.Error(), "ads") || !strings.Contains(err.Error(), "print:photo")) {
		t.Errorf("%v should name print:photo and nothing of ads", err)
	}
}

func TestSigningNothingAtAllIsRefusedWhereAllIsOptional(t *testing.T) {
	b := mustBench(t)
	mustPublish(b, onlyRadio(t, true))
	g := b.signing(b.person(capture.Registration{Name: "Ola"}), "web:*")
	g.Form, g.Answers = "radio", map[consent.Scope]consent.Decision{}
	_, err := b.RecordConsent(b.ctx, g)
	wantProblem(t, err, "scopes-unanswered")
}

// onlyRadio is a form of its own with one channel that the embedded form does not have.
func onlyRadio(tb testing.TB, optional bool) []byte {
	tb.Helper()
	form, findings := consent.CheckForm(assets.DefaultForm())
	if consent.Blocks(findings) {
		tb.Fatal(findings)
	}
	form.Key, form.Media = "radio", []consent.MediaKind{consent.Audio}
	form.Channels = []consent.FormChannel{{Key: "radio", Group: "air", Optional: optional}}
	form.MinorPolicy.GuardiansFor = nil
	for lang, text := range form.Texts {
		text.Groups = map[string]string{"air": "Radio"}
		text.Channels = map[consent.Channel]consent.ChannelText{"radio": {Title: "Radio", Text: "Radio"}}
		text.Media = map[consent.MediaKind]string{consent.Audio: text.Media[consent.Audio]}
		form.Texts[lang] = text
	}
	raw, err := json.Marshal(form)
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

func TestSecondFormBringsItsOwnChannels(t *testing.T) {
	b := mustBench(t)
	mustPublish(b, onlyRadio(t, false))
	if channels := b.Channels(); !slices.Contains(channels, "radio") || !slices.Contains(channels, "web") {
		t.Errorf("channels %v", channels)
	}
	p := b.person(capture.Registration{Name: "Ola"})
	b.sign(p, "web:*")
	radio := consent.Scope{Channel: "radio", Media: consent.Audio}
	g := b.signing(p, "web:*")
	g.Form, g.Answers = "radio", map[consent.Scope]consent.Decision{radio: consent.DecisionYes}
	if _, err := b.RecordConsent(b.ctx, g); err != nil {
		t.Fatal(err)
	}
	if b.status(p, radio) != consent.StatusGiven || b.status(p, webPhoto) != consent.StatusGiven {
		t.Errorf("radio:audio is %s, web:photo %s", b.status(p, radio), b.status(p, webPhoto))
	}
	scopes, err := b.ParseScopes("radio:*,web:photo")
	if err != nil || !slices.Contains(scopes, radio) || !slices.Contains(scopes, webPhoto) {
		t.Errorf("scopes %v, %v", scopes, err)
	}
	if _, err := b.ParseScopes("tv:photo"); problem.KindOf(err) != problem.Invalid {
		t.Errorf("tv:photo: %v", err)
	}
}

// Forms that are already there open whatever this version thinks of them: one of a newer program keeps its name, and one that cannot
// be read keeps nobody from their other work.
func TestVaultOpensWithFormsOfANewerProgram(t *testing.T) {
	b := mustBench(t)
	_, raw, err := b.FindForm(b.ctx, "default")
	if err != nil {
		t.Fatal(err)
	}
	newer := bytes.Replace(raw, []byte(`"version":"2026.1"`), []byte(`"version":"2026.3","zoo":true`), 1)
	canonical, hash, err := consent.HashForm(newer)
	if err != nil {
		t.Fatal(err)
	}
	err = b.vault.Update(b.ctx, func(tx capture.Tx) error {
		for _, data := range [][]byte{canonical, []byte(`{"key":7}`)} {
			_, name, err := consent.HashForm(data)
			if err != nil {
				return err
			}
			if err := tx.PutBlob(capture.Blob{Hash: consent.BlobHash(name), Class: capture.ClassForm, Data: data}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b.reopen()
	found, shown, err := b.FindForm(b.ctx, "default")
	if err != nil || found.Hash != hash || !bytes.Equal(shown, canonical) {
		t.Errorf("the newer form is %s, want %s, %v", found.Hash, hash, err)
	}
	if byHash, _, err := b.FindForm(b.ctx, strings.ToUpper(string(hash[:10]))); err != nil || byHash.Hash != hash {
		t.Errorf("found %s by the beginning of its hash, %v", byHash.Hash, err)
	}
	signed := b.sign(b.person(capture.Registration{Name: "Ola"}), "web:*")
	if form, err := b.RecordForm(signed.Record); err != nil || form.Hash != hash {
		t.Errorf("signed on %s, want %s, %v", form.Hash, hash, err)
	}
	_, _, err = b.FindForm(b.ctx, "nothing")
	wantProblem(t, err, "form-unknown")
}

// design §3.5: which version is in use does not depend on the order in which a device learns of them.
func TestNewestVersionWinsAlsoWhenItWasPublishedEarlier(t *testing.T) {
	b := mustBench(t)
	mustPublish(b, nextVersion(t))
	b.now = b.now.AddDate(0, 6, 0)
	template, findings := consent.CheckForm(assets.DefaultForm()) // a laptop that is set up later publishes the embedded form
	if template == nil {
		t.Fatal(findings)
	}
	late, err := template.Publish(organisation, b.now)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := late.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	_, hash, _ := consent.HashForm(raw)
	if err := b.vault.Update(b.ctx, func(tx capture.Tx) error {
		return tx.PutBlob(capture.Blob{Hash: consent.BlobHash(hash), Class: capture.ClassForm, Data: raw})
	}); err != nil {
		t.Fatal(err)
	}
	b.reopen()
	if form, err := b.CurrentForm("default"); err != nil || form.Version != "2026.2" || len(b.Forms()) != 3 {
		t.Errorf("in use is %s among %d, %v", form.Version, len(b.Forms()), err)
	}
}

// design §3.7: somebody who reads while a newer version arrives signs what they read.
func TestWhoReadsWhileANewVersionArrivesSignsWhatTheyRead(t *testing.T) {
	b := mustBench(t)
	read, err := b.FormInUse("default")
	if err != nil {
		t.Fatal(err)
	}
	g := b.signing(b.person(capture.Registration{Name: "Ola"}), "web:*")
	g.Version = read.Hash
	mustPublish(b, nextVersion(t))
	signed, err := b.RecordConsent(b.ctx, g)
	if err != nil {
		t.Fatal(err)
	}
	if form, err := b.RecordForm(signed.Record); err != nil || form.Hash != read.Hash || form.Current {
		t.Errorf("signed on %s %s, read %s, %v", form.Form.Version, form.Hash, read.Hash, err)
	}
	g.Version = "0000"
	_, err = b.RecordConsent(b.ctx, g)
	wantProblem(t, err, "form-unknown")
}
