package capture

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
)

// accessProfile is one registration as it is handed out.
type accessProfile struct {
	ID         consent.SubjectID `json:"id"`
	Code       consent.Code      `json:"code"`
	Registered time.Time         `json:"registered"`
	Avoid      bool              `json:"do_not_photograph"`
	Shoots     []accessShoot     `json:"shoots"`
	Profile    *consent.Profile  `json:"profile"` // null when it is not on this device
}

type accessShoot struct {
	ID    consent.ShootID `json:"id"`
	Title string          `json:"title,omitempty"`
	Place string          `json:"place,omitempty"`
	Date  string          `json:"date,omitempty"`
}

func (x *access) addProfile() error {
	x.mu.RLock()
	profiles := []accessProfile{}
	for _, id := range x.ids {
		sub, known := x.state.Subject(id)
		if !known {
			continue
		}
		row := accessProfile{ID: id, Code: sub.Code, Registered: sub.Registered.UTC(), Avoid: sub.Avoid, Shoots: []accessShoot{}}
		for _, shoot := range sub.Shoots {
			row.Shoots = append(row.Shoots, x.shootOf(shoot))
		}
		if p, here := x.profiles[id]; here {
			row.Profile = x.profileOf(p)
		}
		profiles = append(profiles, row)
	}
	x.mu.RUnlock()
	return x.addJSON("profile.json", map[string]any{"organisation": x.Organisation(), "made": x.at.UTC(), "registrations": profiles})
}

// profileOf is a profile as it is handed out. Without the guardians' contacts it goes without the key of the commitments too: with
// the key, and all else known, eight digits are soon guessed.
func (x *access) profileOf(p consent.Profile) *consent.Profile {
	p.Guardians = slices.Clone(p.Guardians)
	if !x.request.GuardianContacts {
		for i := range p.Guardians {
			if g := &p.Guardians[i]; g.Phone != "" || g.Email != "" {
				g.Phone, g.Email, p.CommitKey = "", "", ""
				x.leave(g.Name, leftContacts)
			}
		}
	}
	return &p
}

func (x *access) shootOf(id consent.ShootID) accessShoot {
	d := x.shootDetails(id)
	return accessShoot{ID: id, Title: x.names.without(d.Title), Place: x.names.without(d.Place), Date: d.Date}
}

// accessStanding is what stands for one scope, in data and in words.
type accessStanding struct {
	Scope  consent.Scope  `json:"scope"`
	Status consent.Status `json:"status"`
	Words  string         `json:"words"`
	Since  time.Time      `json:"since,omitzero"`
	Until  time.Time      `json:"until,omitzero"`
	By     string         `json:"by,omitempty"`
}

// accessAct is one signed act or withdrawal.
type accessAct struct {
	ID       consent.EventID                    `json:"id"`
	At       time.Time                          `json:"at"`
	Type     string                             `json:"type"` // decided, withdrawn
	Words    string                             `json:"words"`
	By       string                             `json:"by"`
	Form     consent.FormHash                   `json:"form,omitempty"`
	Language string                             `json:"language,omitempty"`
	Answers  map[consent.Scope]consent.Decision `json:"answers,omitempty"`
	Until    time.Time                          `json:"until,omitzero"`
	Scopes   []consent.Scope                    `json:"scopes,omitempty"` // of a withdrawal; none means all
}

// addConsents writes what stands and what happened, and returns the consent records.
func (x *access) addConsents() ([]record, error) {
	x.mu.RLock()
	standings := map[consent.Scope]consent.Standing{}
	for _, hash := range x.current {
		for scope, standing := range x.state.Standings(x.ids[0], x.state.Form(hash), x.at) {
			standings[scope] = standing
		}
	}
	stands := []accessStanding{}
	for _, scope := range consent.SortedScopes(standings) {
		st := standings[scope]
		row := accessStanding{Scope: scope, Status: st.Status, Since: st.Since.UTC(), Until: st.Until.UTC(),
			Words: x.texts.T("access.status."+string(st.Status), map[string]any{
				"Channel": x.channelTitle(scope.Channel, x.request.Language), "Media": x.mediaTitle(scope.Media)})}
		if st.By.Role != "" {
			row.By = x.signer(st.By)
		}
		stands = append(stands, row)
	}
	acts, records := []accessAct{}, []record{}
	for _, entry := range x.state.History(x.ids[0]) {
		act := accessAct{ID: entry.ID, At: entry.At.UTC(), Type: "withdrawn", By: x.signer(entry.By), Scopes: entry.Scopes}
		if body := entry.Record; body != nil {
			act.Type, act.Form, act.Language, act.Answers, act.Until = "decided", body.Form, body.Language, body.Answers, body.Until.UTC()
			records = append(records, record{consent.RecordID(entry.ID), *body})
		}
		act.Words = x.texts.T("access.act."+act.Type, map[string]any{"By": act.By, "Day": day(entry.At, x.request.Language)})
		acts = append(acts, act)
	}
	x.mu.RUnlock()
	return records, x.addJSON("consents.json", map[string]any{"code": x.code, "made": x.at.UTC(), "now": stands, "history": acts})
}

// mediaTitle is what the forms call a media kind, its key when they have no word.
func (x *access) mediaTitle(media consent.MediaKind) string {
	for _, hash := range x.current {
		if title := x.state.Form(hash).Texts[x.request.Language].Media[media]; title != "" {
			return title
		}
	}
	return string(media)
}

// signer is who gave an answer, in words: themselves, a guardian by name, an employee.
func (x *access) signer(by consent.Signer) string {
	name := ""
	for _, id := range x.ids {
		p := x.profiles[id]
		if g, found := p.Guardian(by.Guardian); found && by.Guardian != "" {
			name = g.Name
		}
	}
	return strings.TrimSpace(x.texts.T("access.signer."+string(by.Role), nil) + " " + name)
}

// addRecord writes the signed document and the receipt of a record. What was signed on another device is named as not here.
func (x *access) addRecord(ctx context.Context, r record) error {
	document, err := x.RecordDocument(ctx, r.id)
	switch {
	case err != nil && isHereNot(err):
		x.leave(string(r.id), leftElsewhere)
		return nil
	case err != nil:
		return err
	}
	if err := x.addBytes("consents/"+string(r.id)+".jsonld", document); err != nil {
		return err
	}
	if x.onSharedPaper(r) { // the receipt shows the paper
		x.leave(string(r.id), leftShared)
		return nil
	}
	receipt, err := x.WriteReceipt(ctx, r.id, "")
	switch {
	case err != nil && isHereNot(err):
		x.leave(string(r.id), leftElsewhere)
		return nil
	case err != nil:
		return err
	}
	return x.addBytes("receipts/"+string(r.id)+".pdf", receipt)
}

// onSharedPaper tells whether a record was signed on a paper that is other people's evidence too.
func (x *access) onSharedPaper(r record) bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	shared := x.sharedEvidence(x.ids, x.isErased)
	return slices.ContainsFunc(r.body.Evidence, func(ref consent.EvidenceRef) bool {
		return ref.Kind == consent.EvidencePaper && shared[ref.SHA256] != ""
	})
}

// addForms writes the forms that were signed: as they are, and as they were read.
func (x *access) addForms(records []record) error {
	written := map[string]bool{}
	for _, r := range records {
		x.mu.RLock()
		form := x.state.Form(r.body.Form)
		x.mu.RUnlock()
		if form == nil {
			continue // named with its record
		}
		if name := "forms/" + string(r.body.Form) + ".json"; !written[name] {
			raw, err := form.Canonical()
			if err != nil {
				return err
			}
			written[name] = true
			if err := x.addBytes(name, raw); err != nil {
				return err
			}
		}
		if name := "forms/" + string(r.body.Form) + "." + r.body.Language + ".txt"; !written[name] {
			text, err := form.Text(r.body.Language)
			if err != nil {
				return err
			}
			written[name] = true
			if err := x.addBytes(name, []byte(asRead(form, text))); err != nil {
				return err
			}
		}
	}
	return nil
}

// asRead is a form as plain text, in the order in which it is shown.
func asRead(form *consent.Form, text consent.FormText) string {
	var b strings.Builder
	line := func(parts ...string) { b.WriteString(strings.Join(parts, " ") + "\n") }
	line(text.Title)
	line()
	line(text.Purpose)
	for _, summary := range text.Summary {
		line("-", summary)
	}
	for _, section := range text.Notice {
		line()
		line(section.Heading)
		line(section.Text)
	}
	line()
	for _, channel := range form.Channels {
		line("-", text.Channels[channel.Key].Title+":", text.Channels[channel.Key].Text)
	}
	line()
	line(text.Statement)
	line(text.GuardianStatement)
	return b.String()
}

// accessLog is every event about the person, as signed, with the keys to check them.
type accessLog struct {
	Events []evidence.SignedEvent `json:"events"`
	Keys   []accessKey            `json:"keys"`
}

type accessKey struct {
	Device    consent.DeviceID   `json:"device"`
	PublicKey evidence.PublicKey `json:"public_key"` // Ed25519
}

// logged is what the log holds of the person.
type logged struct {
	log        accessLog
	evidence   []eventEvidence
	deliveries map[consent.AssetID][]accessDelivery
}

type eventEvidence struct {
	event consent.EventID
	refs  []consent.EvidenceRef
}

type accessDelivery struct {
	At      time.Time       `json:"at"`
	Channel consent.Channel `json:"channel"`
}

// readLog goes through the log once. A merge with somebody else, which was undone, names them and is left out.
func (x *access) readLog(ctx context.Context) (logged, error) {
	found := logged{log: accessLog{Events: []evidence.SignedEvent{}, Keys: []accessKey{}}, deliveries: map[consent.AssetID][]accessDelivery{}}
	devices := map[consent.DeviceID]bool{}
	err := x.Store.View(ctx, func(tx Tx) error {
		return tx.EachEvent(func(stored StoredEvent) error {
			e, err := stored.Open()
			if err != nil {
				return nil //nolint:nilerr // it is nobody's; the audit tells of it
			}
			var body struct {
				consent.DeliveryBody
				Into     consent.SubjectID     `json:"into"`
				Evidence []consent.EvidenceRef `json:"evidence"`
			}
			readable := json.Unmarshal(e.Body, &body) == nil
			if e.Type == consent.DeliveryMade && readable {
				found.deliveries[e.Asset] = append(found.deliveries[e.Asset], accessDelivery{At: e.At, Channel: body.Channel})
			}
			if !slices.Contains(x.ids, e.Subject) || (e.Type == consent.SubjectMerged && !slices.Contains(x.ids, body.Into)) {
				return nil
			}
			found.log.Events = append(found.log.Events, stored.SignedEvent)
			if len(body.Evidence) > 0 {
				found.evidence = append(found.evidence, eventEvidence{e.ID, body.Evidence})
			}
			devices[e.Device] = true
			return nil
		})
	})
	x.mu.RLock()
	defer x.mu.RUnlock()
	signers := x.signers()
	for id := range devices {
		if key, known := signers[id]; known {
			found.log.Keys = append(found.log.Keys, accessKey{id, key})
		}
	}
	slices.SortFunc(found.log.Keys, func(a, b accessKey) int { return strings.Compare(string(a.Device), string(b.Device)) })
	return found, err
}

// addEvidence writes what proves the person's answers: signatures, statements, scans.
func (x *access) addEvidence(ctx context.Context, all []eventEvidence) error {
	x.mu.RLock()
	shared := x.sharedEvidence(x.ids, x.isErased)
	x.mu.RUnlock()
	for _, of := range all {
		for i, ref := range of.refs {
			name := fmt.Sprintf("evidence/%s-%d-%s%s", of.event, i+1, ref.Kind, extensionOf(ref.MIME))
			if ref.Kind == consent.EvidencePaper && shared[ref.SHA256] != "" {
				x.leave(name, leftShared)
				continue
			}
			var b Blob
			var here bool
			err := x.Store.View(ctx, func(tx Tx) (err error) {
				b, here, err = tx.Blob(ref.SHA256)
				return err
			})
			switch {
			case err != nil:
				return err
			case !here:
				x.leave(name, leftElsewhere)
				continue
			}
			if err := x.addBytes(name, b.Data); err != nil {
				return err
			}
		}
	}
	return nil
}

// addPapers writes signed papers of the person that nobody has confirmed yet. A confirmed one is evidence.
func (x *access) addPapers(ctx context.Context) error {
	waiting := map[string][]byte{}
	err := x.Store.View(ctx, func(tx Tx) error {
		clear(waiting)
		papers, err := readPapers(tx)
		if err != nil {
			return err
		}
		for _, p := range papers {
			if p.State() == PaperConfirmed || !x.isPaperOfAny(p, papers) {
				continue
			}
			b, here, err := tx.Blob(p.ID)
			if err != nil {
				return err
			}
			if here {
				waiting["papers/"+consent.AssetID(p.ID).Short()+extensionOf(p.MIME)] = b.Data
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(waiting)) {
		if err := x.addBytes(name, waiting[name]); err != nil {
			return err
		}
	}
	return nil
}

func (x *access) isPaperOfAny(p SignedPaper, all []SignedPaper) bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return slices.ContainsFunc(x.ids, func(id consent.SubjectID) bool { return x.isPaperOf(p, all, id) })
}

// extensionOf is how the name of evidence of this kind ends.
func extensionOf(mime string) string {
	switch mime {
	case "image/svg+xml":
		return ".svg"
	case "image/png":
		return ".png"
	case "image/jpeg":
		return ".jpg"
	case "application/pdf":
		return ".pdf"
	case "application/json":
		return ".json"
	}
	return ".bin"
}
