package capture

import (
	"context"
	"io"
	"slices"

	"samtykke/app/consent"
	"samtykke/app/problem"
	"samtykke/app/receipt"
	"samtykke/assets"
)

// CardOrder is an order of QR cards on sheets.
type CardOrder struct {
	Shoot consent.ShootID
	// Subjects get a card each; without any, and without Blank, everybody at the shoot does who may be photographed.
	Subjects []consent.SubjectID
	// Blank is how many cards to print for people who are not registered yet. Their codes are put aside on this device, for whoever
	// gets the card (see Registration.Code).
	Blank        int
	Layout       receipt.CardLayout
	Across, Down float64 // what the printer is off by, in mm
	Language     string
	// Names prints the names too, so that the cards can be handed out. Paper gets lost: without it a card says nothing of anybody.
	Names bool
}

// settingReservedCodes lists the short codes that stand on printed cards and are nobody's yet, in order.
const settingReservedCodes = "reserved_codes"

// maxBlankCards bounds one order of blank cards.
const maxBlankCards = 500

// WriteCardSheet draws cards on sheets as one PDF and returns their codes. The codes of blank cards are durable before anything is
// written, so that a card in somebody's hand never bears a code that somebody else is given.
func (s *Session) WriteCardSheet(ctx context.Context, w io.Writer, o CardOrder) ([]consent.Code, error) {
	if o.Blank < 0 || o.Blank > maxBlankCards {
		return nil, problem.New(problem.Invalid, "cards-blank-wrong",
			"{{.count}} is not a number of blank cards; nothing was written; ask for at most {{.max}} at a time.", "count", o.Blank, "max", maxBlankCards)
	}
	sheet, codes, err := s.cardSheet(o)
	if err != nil {
		return nil, err
	}
	if o.Blank > 0 {
		reserved, err := s.reserveCodes(ctx, o.Blank)
		if err != nil {
			return nil, err
		}
		for _, code := range reserved {
			codes = append(codes, code)
			sheet.Cards = append(sheet.Cards, receipt.SheetCard{Code: string(code), Payload: CardPayload(code)})
		}
	}
	if len(sheet.Cards) == 0 {
		return nil, problem.New(problem.Invalid, "cards-none",
			"There is nobody at this shoot to print a card for; nothing was written; register people first, or ask for blank cards.")
	}
	return codes, receipt.WriteCardSheet(w, sheet)
}

// cardSheet lays out the cards of people who are registered.
func (s *Session) cardSheet(o CardOrder) (sheet receipt.CardSheet, codes []consent.Code, err error) {
	people, err := s.carded(o)
	if err != nil {
		return sheet, nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	shoot, err := s.knownShoot(o.Shoot)
	if err != nil {
		return sheet, nil, err
	}
	sheet = receipt.CardSheet{Layout: o.Layout, Texts: assets.NewTexts(o.Language).T, Across: o.Across, Down: o.Down,
		OrganisationName: s.organisation.Name, ShootTitle: shoot.Title}
	for _, p := range people {
		card := receipt.SheetCard{Code: string(p.Code), Payload: CardPayload(p.Code)}
		if o.Names {
			card.Name = p.Profile.Name
		}
		sheet.Cards, codes = append(sheet.Cards, card), append(codes, p.Code)
	}
	return sheet, codes, nil
}

// carded are the people who get a card: those who were named, or everybody at the shoot who may be photographed.
func (s *Session) carded(o CardOrder) ([]Person, error) {
	if err := s.KnownShoot(o.Shoot); err != nil {
		return nil, err
	}
	if len(o.Subjects) == 0 {
		if o.Blank > 0 {
			return nil, nil
		}
		return slices.DeleteFunc(s.People(o.Shoot), func(p Person) bool { return p.Avoid || p.Erased }), nil
	}
	people := make([]Person, len(o.Subjects))
	for i, id := range o.Subjects {
		p, err := s.Person(id)
		if err != nil {
			return nil, err
		}
		if p.Erased {
			return nil, personErased()
		}
		people[i] = p
	}
	return people, nil
}

// reserveCodes puts codes aside that nobody has.
func (s *Session) reserveCodes(ctx context.Context, n int) ([]consent.Code, error) {
	var codes []consent.Code
	err := s.change(ctx, func(c *change) error {
		codes = make([]consent.Code, n)
		for i := range codes {
			code, err := c.freeCode()
			if err != nil {
				return err
			}
			codes[i] = code
		}
		reserved, err := readReserved(c)
		if err != nil {
			return err
		}
		return c.PutSetting(settingReservedCodes, append(reserved, codes...))
	})
	return codes, err
}

func readReserved(tx Settings) ([]consent.Code, error) {
	var codes []consent.Code
	_, err := tx.Setting(settingReservedCodes, &codes)
	return codes, err
}

// codeFor is the code of somebody who is being registered: a fresh one, or that of the blank card that they got. Only a card that was
// printed here gives its code away, and once: a code of another device's may be given to somebody there, and then one card would be
// two people's.
func (c *change) codeFor(r Registration) (consent.Code, error) {
	if r.Code == "" {
		return c.freeCode()
	}
	reserved, err := readReserved(c)
	if err != nil {
		return "", err
	}
	at := slices.Index(reserved, r.Code)
	if _, taken := c.session.state.SubjectByCode(r.Code); taken {
		return "", problem.New(problem.Conflict, "code-taken",
			"The code {{.code}} belongs to somebody already; nothing was saved; take another card, or look the person up by the code.", "code", r.Code)
	}
	if at < 0 {
		return "", problem.New(problem.Invalid, "code-not-reserved",
			"The card {{.code}} was not printed on this device, or not as a blank one; nothing was saved; register the person without the code and give them the card that comes of it, or register them on the device that printed it.", "code", r.Code)
	}
	c.drawn[r.Code] = true
	return r.Code, c.PutSetting(settingReservedCodes, slices.Delete(slices.Clone(reserved), at, at+1))
}
