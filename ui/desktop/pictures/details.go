package pictures

import (
	"context"
	"path/filepath"
	"strings"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/assets"
	"samtykke/ui/desktop/part"
)

// details is everything that the side says about one picture, ready to show.
type details struct {
	id      consent.AssetID
	film    bool // it has parts in time
	name    string
	about   string // when it was taken, how large it is
	slate   bool
	asks    *asked        // nil when nobody has to say whose it is
	amiss   string        // what is wrong with its file outside the vault, in words
	folder  string        // where that file lay, when it is not there any more
	length  time.Duration // of a film or a sound, as far as it is known
	count   int           // of people, -1 while nobody has said
	ground  consent.Ground
	people  []pictured
	answers []answer
	cut     consent.Span // of a film, about which cutSays is; the zero cut is the whole
	cutSays []answer
}

// pictured is a person on a picture.
type pictured struct {
	found
	parts []consent.Span // of a film or a sound; the zero part is the whole
}

// answer is what may be done with a picture in one channel, in words.
type answer struct {
	channel consent.Channel
	title   string
	verdict consent.Verdict
	mark    part.Mark
	word    string // the verdict
	because string // the reasons, in whole sentences; "" when there is nothing to add
}

// said is the verdict with its reasons. The reasons of a yes say that it is one.
func (a answer) said() string {
	switch {
	case a.because == "":
		return a.word + "."
	case a.verdict == consent.Yes:
		return a.because
	}
	return a.word + ": " + a.because
}

// describe computes the details of a picture, and of a cut of it unless that is the whole; it is for the background.
func describe(ctx context.Context, session *capture.Session, id consent.AssetID, cut consent.Span, channels []channel, texts *assets.Texts) (details, error) {
	img, err := session.Image(id)
	if err != nil {
		return details{}, err
	}
	d := details{id: id, film: img.Kind != consent.Photo, name: img.Name, slate: img.File.ShowsCard(), count: img.PeopleCount, ground: img.Ground, length: img.File.Duration}
	if state, err := session.CheckReference(ctx, id); err != nil {
		return d, err
	} else if state != capture.ReferenceSame {
		d.amiss = texts.T("reference."+string(state), nil)
		if state == capture.ReferenceGone && img.File.Path != "" {
			d.folder = filepath.Dir(img.File.Path)
		}
	}
	var about []string
	if !img.File.TakenAt.IsZero() {
		about = append(about, img.File.TakenAt.Format(texts.T("pictures.moment", nil)))
	}
	if img.File.Camera != "" {
		about = append(about, img.File.Camera)
	}
	if length := clock(img.File.Duration); length != "" {
		about = append(about, length)
	}
	d.about = strings.Join(about, " · ")
	if d.slate {
		for _, subject := range img.File.Slate {
			if p, err := session.Person(subject); err == nil {
				d.people = append(d.people, pictured{found: found{p.ID, personWord(p)}})
			}
		}
		return d, nil
	}
	for _, who := range img.People {
		p, err := session.Person(who.ID)
		if err != nil {
			return d, err
		}
		d.people = append(d.people, pictured{found{p.ID, personWord(p)}, session.PartsOf(who.ID, id)})
	}
	if img.Asks() {
		asks, err := ask(session, img, texts)
		if err != nil {
			return d, err
		}
		d.asks = &asks
	}
	if d.answers, err = answers(session, id, consent.Span{}, channels, texts); err != nil || cut.Whole() || !d.film {
		return d, err
	}
	d.cut = cut
	d.cutSays, err = answers(session, id, cut, channels, texts)
	return d, err
}

// answers says what may be done with a picture, or a cut of a film, in every channel.
func answers(session *capture.Session, id consent.AssetID, cut consent.Span, channels []channel, texts *assets.Texts) ([]answer, error) {
	var list []answer
	for _, c := range channels {
		clear, err := session.ClearPart(id, c.key, cut, texts.Language)
		if err != nil {
			return nil, err
		}
		list = append(list, answer{channel: c.key, title: c.title, verdict: clear.Answer, mark: markOf(clear.Answer),
			word: texts.T("pictures.verdict."+string(clear.Answer), nil), because: reasons(clear)})
	}
	return list, nil
}

// inWords is what the side says about a picture, to be copied.
func (d details) inWords() string {
	lines := []string{d.name}
	for _, a := range d.answers {
		lines = append(lines, a.title+": "+a.said())
	}
	if len(d.cutSays) > 0 {
		lines = append(lines, "", d.name+", "+spanWord(d.cut))
		for _, a := range d.cutSays {
			lines = append(lines, a.title+": "+a.said())
		}
	}
	return strings.Join(lines, "\n")
}

// reasons are the sentences behind an answer. Behind a no or a not yet stand those that keep it from a yes.
func reasons(clear capture.ClearAnswer) string {
	var said []string
	for _, r := range clear.Reasons {
		if clear.Answer == consent.Yes || r.Verdict != consent.Yes {
			said = append(said, r.Text)
		}
	}
	return strings.Join(said, " ")
}
