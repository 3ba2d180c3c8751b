package capture

import (
	"cmp"
	"context"
	"io"
	"os"
	"slices"
	"strings"

	"samtykke/app/consent"
	"samtykke/app/problem"
)

// PublishedForm is a form that people are or were asked.
type PublishedForm struct {
	Hash consent.FormHash
	Form *consent.Form
	// Current: it is the newest version of its key, the one that is signed from now on.
	Current bool
	Records int // how many consent records were signed on it, as far as this device knows
}

// Forms lists every published form, by key, the newest version first.
func (s *Session) Forms() []PublishedForm {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var list []PublishedForm
	signed := s.state.AskedBy()
	for hash, form := range s.state.Forms() {
		list = append(list, PublishedForm{Hash: hash, Form: form, Current: s.current[form.Key] == hash, Records: signed[hash]})
	}
	slices.SortFunc(list, func(a, b PublishedForm) int {
		if c := strings.Compare(a.Form.Key, b.Form.Key); c != 0 || a.Hash == b.Hash {
			return c
		}
		if a.Form.Newer(a.Hash, b.Form, b.Hash) {
			return -1
		}
		return 1
	})
	return list
}

// published describes a form that is known. The caller holds a lock.
func (s *Session) published(hash consent.FormHash) PublishedForm {
	form := s.state.Form(hash)
	return PublishedForm{Hash: hash, Form: form, Current: s.current[form.Key] == hash, Records: s.state.AskedBy()[hash]}
}

// currentForms are the newest versions, by key. The caller holds a lock.
func (s *Session) currentForms() []*consent.Form {
	keys := make([]string, 0, len(s.current))
	for key := range s.current {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	forms := make([]*consent.Form, len(keys))
	for i, key := range keys {
		forms[i] = s.state.Form(s.current[key])
	}
	return forms
}

// ReadFormFile reads a file that may hold a form: no more than a form can be, and a byte that shows that it is more.
func ReadFormFile(path string) ([]byte, error) { return readAtMost(path, consent.MaxFormFile) }

// readAtMost reads a file, and one byte more than the bound of one that is larger, so that whoever reads what it says sees that.
func readAtMost(path string, bound int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, cannotRead(path, err)
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, bound+1))
	if err != nil {
		return nil, cannotRead(path, err)
	}
	return raw, nil
}

// CheckForm reads a form file and says everything that keeps it from being published here, and what its author should look at. The
// form is nil when anything blocks it. Nothing is changed.
func (s *Session) CheckForm(raw []byte) (*consent.Form, []consent.Finding) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.checkForm(raw)
}

func (s *Session) checkForm(raw []byte) (*consent.Form, []consent.Finding) {
	form, findings := consent.CheckForm(raw)
	if form == nil {
		return nil, findings
	}
	field, refused := s.refuses(form)
	if refused == nil {
		return form, findings
	}
	finding := consent.Finding{Line: consent.FormLine(raw, field), Field: field, Problem: refused}
	return nil, append([]consent.Finding{finding}, findings...)
}

// refuses holds a form against what was published before, and names the field that is in the way.
func (s *Session) refuses(form *consent.Form) (field string, why *problem.Problem) {
	if was := form.Organisation; was != (consent.Organisation{}) && was != s.organisation {
		return "organisation", problem.New(problem.Conflict, "form-other-organisation",
			"The texts of this form name {{.organisation}} as it was then, not as it is now; nothing was published; put the placeholders back into the texts and take organisation and published out, or begin from the file it was made from.",
			"organisation", was.Name)
	}
	newest := s.state.Form(s.current[form.Key])
	if newest == nil {
		return "", nil
	}
	switch c := consent.CompareVersions(form.Version, newest.Version); {
	case c < 0:
		return "version", problem.New(problem.Conflict, "form-version-older",
			"Version {{.version}} of the form {{.form}} is older than {{.newest}}, which is in use; nothing was published; give the new text a higher version.",
			"version", form.Version, "form", form.Key, "newest", newest.Version)
	case c == 0 && !s.saysTheSame(form, newest):
		return "version", problem.New(problem.Conflict, "form-version-published",
			"Version {{.version}} of the form {{.form}} is published already and says something else; nothing was published, since what people sign never changes; give the new text a higher version.",
			"version", form.Version, "form", form.Key)
	}
	return "", nil
}

// saysTheSame tells whether publishing a form would give the published one again, but for the day.
func (s *Session) saysTheSame(form, published *consent.Form) bool {
	again, err := form.Publish(s.organisation, s.Clock())
	if err != nil {
		return false
	}
	again.Published = published.Published
	hash, err := again.Hash()
	was, errWas := published.Hash()
	return err == nil && errWas == nil && hash == was
}

// PublishForm publishes a form file in the organisation's name, with today's date: a form with a new key, or a newer version of one.
// From then on people sign it; what was signed before stays what it is. Publishing what is published already changes nothing and
// answers with what is there.
func (s *Session) PublishForm(ctx context.Context, raw []byte) (PublishedForm, error) {
	var hash consent.FormHash
	err := s.change(ctx, func(c *change) error {
		template, findings := s.checkForm(raw)
		if template == nil {
			return FormBlocked(findings)
		}
		if at := s.current[template.Key]; at != "" && s.state.Form(at).Version == template.Version {
			hash = at // it says the same, or it would have been refused
			return nil
		}
		form, err := template.Publish(s.organisation, c.at)
		if err != nil {
			return err
		}
		hash, err = c.publish(form)
		return err
	})
	if err != nil {
		return PublishedForm{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.published(hash), nil
}

// FormBlocked is one sentence about findings that keep a form from being published; there must be one.
func FormBlocked(findings []consent.Finding) error {
	blocking := slices.DeleteFunc(slices.Clone(findings), func(f consent.Finding) bool { return f.Warning })
	if len(blocking) == 1 {
		return blocking[0].Problem
	}
	return problem.New(problem.Invalid, "form-file-wrong",
		"Mistakes in the form file: {{.count}}, the first on line {{.line}}; nothing was published; correct what \"form check\" lists and try again.",
		"count", len(blocking), "line", blocking[0].Line)
}

// FormInUse is the newest published version of a form, the one to ask people now.
func (s *Session) FormInUse(key string) (PublishedForm, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, hash, err := s.currentForm(key)
	if err != nil {
		return PublishedForm{}, err
	}
	return s.published(hash), nil
}

// FindForm finds a published form by its key, which gives the version in use, or by its hash or the first eight or more characters of
// it, with its canonical bytes: exactly what was published, also by a newer program.
func (s *Session) FindForm(ctx context.Context, keyOrHash string) (PublishedForm, []byte, error) {
	s.mu.RLock()
	hash := cmp.Or(s.current[keyOrHash], s.hashBeginning(strings.ToLower(keyOrHash)))
	if hash == "" {
		defer s.mu.RUnlock()
		return PublishedForm{}, nil, s.formUnknown(keyOrHash)
	}
	found := s.published(hash)
	s.mu.RUnlock()
	var raw []byte
	err := s.Store.View(ctx, func(tx Tx) error {
		b, ok, err := tx.Blob(consent.BlobHash(hash))
		if err == nil && !ok {
			err = formNotHere()
		}
		raw = b.Data
		return err
	})
	return found, raw, err
}

// hashBeginning is the one form whose hash begins so; "" when none does, or several.
func (s *Session) hashBeginning(beginning string) consent.FormHash {
	if len(beginning) < 8 {
		return ""
	}
	var found []consent.FormHash
	for hash := range s.state.Forms() {
		if strings.HasPrefix(string(hash), beginning) {
			found = append(found, hash)
		}
	}
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

func (s *Session) formUnknown(name string) error {
	var keys []string
	for _, form := range s.currentForms() {
		keys = append(keys, form.Key)
	}
	return problem.New(problem.NotFound, "form-unknown",
		"There is no consent form {{.form}} here; nothing was saved; choose one of {{.forms}}.", "form", name, "forms", strings.Join(keys, ", "))
}

// SignedForm is what somebody read and signed: the form as it was, and its text in their language.
type SignedForm struct {
	PublishedForm
	Language string
	Text     consent.FormText
}

// RecordForm is the form of a consent record, exactly as it was signed, whatever has been published since.
func (s *Session) RecordForm(id consent.RecordID) (SignedForm, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	body, _, _, _, ok := s.state.Record(id)
	if !ok {
		return SignedForm{}, recordUnknown(id)
	}
	form := s.state.Form(body.Form)
	if form == nil {
		return SignedForm{}, formNotHere()
	}
	text, err := form.Text(body.Language)
	return SignedForm{PublishedForm: s.published(body.Form), Language: body.Language, Text: text}, err
}

// ParseScopes reads a comma list of scopes (see consent.ParseScopes) of any form in use.
func (s *Session) ParseScopes(list string) ([]consent.Scope, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	forms := s.currentForms()
	if len(forms) == 1 {
		return consent.ParseScopes(list, forms[0])
	}
	var all consent.Form
	keys := make([]string, len(forms))
	for i, form := range forms {
		keys[i] = form.Key
		for _, media := range form.Media {
			if !slices.Contains(all.Media, media) {
				all.Media = append(all.Media, media)
			}
		}
	}
	for _, channel := range s.channels() {
		all.Channels = append(all.Channels, consent.FormChannel{Key: channel})
	}
	all.Key = strings.Join(keys, ", ")
	return consent.ParseScopes(list, &all)
}
