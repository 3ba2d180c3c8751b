package signing_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/assets"
)

// newerForm publishes a version of the form whose title says so.
func (d *desk) newerForm() consent.FormHash {
	d.Helper()
	form, err := d.session.PublishForm(context.Background(), []byte(strings.Replace(string(assets.DefaultForm()), `"2026.1"`, `"2027.1"`, 1)))
	d.must(err)
	return form.Hash
}

func (d *desk) signedOn() consent.FormHash {
	d.Helper()
	history, err := d.session.History(d.who[len(d.who)-1])
	d.must(err)
	return history[len(history)-1].Record.Form
}

func (d *desk) signsNothing() {
	d.Helper()
	d.press("No to everything")
	d.press("Yes, that is right")
	d.draw()
	d.sign("Sign and save")
	d.expect("Thank you! Your answers are saved.")
}

// Design §3.7: a form that changes while somebody reads is not the one they sign, and the next person is asked the new one, however long
// the screen has been in subject mode.
func TestWhoReadsAFormSignsItAndTheNextOneIsAskedTheNewOne(t *testing.T) {
	d := newDesk(t)
	d.open(nil, "nb")
	d.toAnswers()
	read, err := d.session.ShootForm(d.shoot)
	d.must(err)
	newer := d.newerForm()
	d.signsNothing()
	if got := d.signedOn(); got != read.Hash {
		t.Errorf("the record names %s, and not the form that was read, %s", got, read.Hash)
	}
	d.press("Done")
	d.until("the new form is asked", func() bool { return d.flow.FormHash() == newer })
	d.toAnswers()
	d.signsNothing()
	if got := d.signedOn(); got != newer {
		t.Errorf("the next person signs %s, and not the form in use, %s", got, newer)
	}
}

// The same when the shoot itself is changed to another form, which this device may not have.
func TestAShootThatAsksAnotherFormAsksItFromTheNextPersonOn(t *testing.T) {
	d := newDesk(t)
	d.open(nil, "nb")
	other, err := d.session.PublishForm(context.Background(), []byte(strings.Replace(string(assets.DefaultForm()), `"key": "default"`, `"key": "other"`, 1)))
	d.must(err)
	key := other.Form.Key
	_, err = d.session.ChangeShoot(context.Background(), d.shoot, capture.ShootChange{Form: &key})
	d.must(err)
	d.toAnswers()
	d.wait(91 * time.Second) // nobody is there any more
	d.until("the new form is asked", func() bool { return d.flow.FormHash() == other.Hash })
	d.toAnswers()
	d.signsNothing()
	if got := d.signedOn(); got != other.Hash {
		t.Errorf("the next person signs %s, and not %s", got, other.Hash)
	}
}
