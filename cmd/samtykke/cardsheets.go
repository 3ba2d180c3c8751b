package main

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/receipt"
)

// receiptCards prints cards for a roster.
type receiptCards struct {
	Shoot    consent.ShootID `required:"" help:"The shoot." placeholder:"ID"`
	Subject  []string        `help:"A card for this person, by id or short code; may be repeated. Everybody at the shoot when left out." placeholder:"ID"`
	Blank    int             `help:"Cards for people who are not registered yet; see subject add --code." placeholder:"N"`
	Layout   string          `help:"a4 (plain paper, 8 cards), L7160, L7163, L7165, L7173 or C32011 (Avery)." default:"a4" placeholder:"LAYOUT"`
	Out      string          `required:"" help:"Where to." type:"path" placeholder:"FILE.pdf"`
	Language string          `help:"Language of the cards." default:"nb" placeholder:"L"`
	Names    bool            `help:"Print the names too. Paper gets lost: collect the cards afterwards."`
	Offset   string          `help:"Move everything to the right and down, for a printer that is off." default:"0,0" placeholder:"MM,MM"`
}

func (r *receiptCards) Run(c *call) error {
	order := capture.CardOrder{Shoot: r.Shoot, Blank: r.Blank, Language: r.Language, Names: r.Names}
	var known bool
	if order.Layout, known = receipt.CardLayoutOf(r.Layout); !known {
		var keys []string
		for _, l := range receipt.CardLayouts() {
			keys = append(keys, l.Key)
		}
		return fmt.Errorf("%w: --layout is one of %s", errUsage, strings.Join(keys, ", "))
	}
	var err error
	if order.Across, order.Down, err = parseOffset(r.Offset); err != nil {
		return err
	}
	s, err := c.open()
	if err != nil {
		return err
	}
	if order.Subjects, err = resolveAll(s, r.Subject); err != nil {
		return err
	}
	var pdf bytes.Buffer
	codes, err := s.WriteCardSheet(c.context, &pdf, order)
	if err != nil {
		return err
	}
	if err := capture.WriteFile(r.Out, pdf.Bytes()); err != nil {
		return err
	}
	pages := (len(codes) + order.Layout.PerSheet() - 1) / order.Layout.PerSheet()
	return c.answer(map[string]any{"path": r.Out, "cards": len(codes), "pages": pages, "codes": codes},
		fmt.Sprintf("Cards in %s: %d, on %s. Print at actual size, without fitting to the page", r.Out, len(codes), counted(pages, "page", "pages")))
}

// parseOffset reads two lengths in millimetres.
func parseOffset(text string) (across, down float64, err error) {
	first, second, ok := strings.Cut(text, ",")
	across, errAcross := strconv.ParseFloat(strings.TrimSpace(first), 64)
	down, errDown := strconv.ParseFloat(strings.TrimSpace(second), 64)
	if !ok || errAcross != nil || errDown != nil || !(max(across, down) <= 10 && min(across, down) >= -10) {
		return 0, 0, fmt.Errorf("%w: --offset is two lengths in millimetres up to 10, such as 1.5,-0.5", errUsage)
	}
	return across, down, nil
}
