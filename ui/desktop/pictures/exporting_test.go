package pictures_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/picture"
	"samtykke/ui/desktop/part"
)

func TestExportAgainSaysWhatItRemovedAndWhy(t *testing.T) {
	d := newDesk(t)
	ola := d.person("Ola", consent.DecisionYes)
	d.load(d.card(2))
	ctx := context.Background()
	pictures := d.session.Images(capture.ImageFilter{Shoot: d.shoot})
	d.must(d.session.LinkPart(ctx, ola.ID, consent.Span{}, pictures[0].ID, pictures[1].ID))
	d.must(d.session.SetPeople(ctx, 1, pictures[0].ID, pictures[1].ID))
	out := filepath.Join(t.TempDir(), "desk")
	_, err := d.session.Export(ctx, capture.Export{Channel: "web", Out: out, Shoot: d.shoot, Profile: picture.ProfilePublic}, "en")
	d.must(err)
	_, err = d.session.Withdraw(ctx, capture.Withdrawal{Subject: ola.ID})
	d.must(err)
	d.open("en")
	d.press("Export …")
	d.settle()
	d.expect("Exported before", out)
	d.press("Bring all of them up to date")
	d.until("it is done", func() bool { return d.says("2 files were removed") })
	d.expect("Removed", string(ola.Code), filepath.Join("desk", "IMG_0000"))
	left, err := filepath.Glob(filepath.Join(out, "IMG_*"))
	d.must(err)
	if len(left) > 0 {
		t.Errorf("%v is still there", left)
	}
	d.press("Close")
	d.settle()
	d.grid()
}

func TestExportWritesSmallerCopiesATableAndAContactSheet(t *testing.T) {
	d := newDesk(t)
	ola := d.person("Ola", consent.DecisionYes)
	d.load(d.card(1))
	ctx := context.Background()
	id := d.session.Images(capture.ImageFilter{Shoot: d.shoot})[0].ID
	d.must(d.session.Link(ctx, ola.ID, id))
	d.must(d.session.SetPeople(ctx, 1, id))
	d.open("en")
	d.press("Export …")
	out := filepath.Join(t.TempDir(), "out")
	for _, o := range d.objects() {
		switch o := o.(type) {
		case *part.Check:
			if !o.Disabled() && !strings.Contains(o.Text, "raw") {
				o.SetChecked(true)
			}
		case *part.Select:
			if o.Selected == "The files as they are" {
				o.SetSelectedIndex(3)
			}
		case *part.Entry:
			if !o.MultiLine {
				o.SetText(out)
			}
		}
	}
	d.press("Export")
	d.until("it is exported", func() bool { return d.says("1 picture exported") })
	d.expect("2 lists written.")
	names := ""
	entries, err := os.ReadDir(out)
	d.must(err)
	for _, e := range entries {
		names += e.Name() + " "
	}
	if !strings.Contains(names, ".csv") || !strings.Contains(names, ".pdf") || !strings.Contains(names, ".jpg") {
		t.Errorf("wrote %s", names)
	}
}

func TestClockOfACameraIsCorrected(t *testing.T) {
	d := newDesk(t)
	d.load(d.card(2))
	d.open("en")
	before := d.session.Images(capture.ImageFilter{Shoot: d.shoot})[0].File.TakenAt
	d.press("Import …")
	d.press("Camera clocks …")
	d.until("the camera shows", func() bool { return d.says("2 pictures") && d.says("EOS R6") })
	d.enter(only[*part.Entry](d, 0), "an hour")
	d.expect("Write it like +1:02:03")
	d.enter(only[*part.Entry](d, 0), "-1:00:30")
	d.until("it is corrected", func() bool { return len(d.toasts) > 0 })
	if by := d.session.Images(capture.ImageFilter{Shoot: d.shoot})[0].File.TakenAt.Sub(before).String(); by != "-1h0m30s" {
		t.Errorf("the times moved by %s; %v", by, d.toasts)
	}
	d.settle()
	if text := only[*part.Entry](d, 0).Text; text != "-1:00:30" {
		t.Errorf("the correction shows as %q", text)
	}
}
