package web_test

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// WCAG 2.1 AA: text 4.5 (1.4.3), edges of controls, marks and the ring of focus 3 (1.4.11).
func TestColoursCanBeTold(t *testing.T) {
	css, err := os.ReadFile("static/page.css")
	if err != nil {
		t.Fatal(err)
	}
	light, rest, found := strings.Cut(string(css), "prefers-color-scheme: dark")
	if !found {
		t.Fatal("there is no dark scheme")
	}
	dark, _, _ := strings.Cut(rest, "* {")
	for name, scheme := range map[string]string{"light": light, "dark": dark} {
		colour := map[string]float64{}
		for _, m := range regexp.MustCompile(`--([a-z-]+): #([0-9A-F]{6})`).FindAllStringSubmatch(scheme, -1) {
			colour[m[1]] = luminance(t, m[2])
		}
		check := func(front, back string, least float64) {
			t.Helper()
			f, okFront := colour[front]
			b, okBack := colour[back]
			if !okFront || !okBack {
				t.Fatalf("%s: %s or %s is not set", name, front, back)
			}
			if ratio := (math.Max(f, b) + .05) / (math.Min(f, b) + .05); ratio < least {
				t.Errorf("%s: %s on %s has a contrast of %.2f, want %.1f", name, front, back, ratio, least)
			}
		}
		for _, ground := range []string{"background", "surface", "chosen"} {
			for _, word := range []string{"text", "muted", "accent", "yes", "not-yet", "no"} {
				check(word, ground, 4.5)
			}
			check("edge", ground, 3)
		}
		check("on-accent", "accent", 4.5)
		check("on-accent", "no", 4.5)
	}
}

// luminance is the relative luminance of WCAG 2.1.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	rgb, err := strconv.ParseUint(hex, 16, 24)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for shift, weight := range map[int]float64{16: .2126, 8: .7152, 0: .0722} {
		c := float64(rgb>>shift&0xFF) / 255
		if c <= .04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+.055)/1.055, 2.4)
		}
		sum += c * weight
	}
	return sum
}
