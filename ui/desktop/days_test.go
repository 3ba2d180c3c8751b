package desktop_test

import "testing"

func TestADayIsTypedAsItIsReadInTheReadersLanguage(t *testing.T) {
	d := seated(t)
	d.quit()
	d.app.Preferences().SetString("language", "nb")
	d.open()
	d.enter(0, passphrase)
	d.press("Lås opp")
	d.see("Ingen er registrert ennå")

	d.letter('n')
	d.see("Skal ikke fotograferes")
	d.enter(1, "Kari Nordmann")
	d.enter(3, "30.04.2015")
	d.press("Lagre")
	d.see("Født 30.04.2015")
	if born := d.session().People("")[0].Profile.Born; born != "2015-04-30" {
		t.Errorf("%q is stored", born)
	}
	d.press("Rett opplysningene")
	d.until("the day stands as it is read", func() bool { return d.entries()[3].Text == "30.04.2015" })
	d.press("Avbryt")

	d.press("Rediger")
	d.until("the day of the shoot stands as it is read", func() bool { return d.entries()[3].Text == "22.11.2026" })
	d.enter(3, "1.12.2026")
	d.press("Lagre")
	d.see("01.12.2026")
	if date := d.session().Shoots()[0].Date; date != "2026-12-01" {
		t.Errorf("%q is stored", date)
	}
}
