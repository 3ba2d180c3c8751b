package desktop_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"samtykke/app/capture"
)

// BenchmarkTypingInFindOfABoardOf2000 measures from a letter typed in Find until the rows show whom it finds (design §9: at most 16 ms, p99).
func BenchmarkTypingInFindOfABoardOf2000(b *testing.B) {
	d := seated(b)
	given, family := []string{"Ola", "Kari", "Per", "Anne", "Åse", "Nils", "Ingrid", "Lars"}, []string{"Hansen", "Olsen", "Berg", "Dahl", "Lie", "Moen", "Vik"}
	var list bytes.Buffer
	list.WriteString("navn;tlf;klasse\n")
	for i := range 2000 {
		fmt.Fprintf(&list, "%s %sdatter %s %d;9%07d;%dA\n", given[i%len(given)], given[(i/8)%len(given)], family[(i/3)%len(family)], i, i, i%10+1)
	}
	report := must(d.session().ImportRoster(b.Context(), capture.RosterImport{Shoot: d.session().Shoots()[0].ID, Data: list.Bytes()}))
	if report.Added != 2000 {
		b.Fatalf("%+v", report)
	}
	d.see("2000 registered")
	texts := []string{"o", "ol", "ola", "ola h", "ola ha", "9000", "kari 7", "5"}
	find, at := d.entries()[0], 0
	var spans []time.Duration
	for b.Loop() {
		text := texts[at%len(texts)]
		at++
		start := time.Now()
		find.SetText(text)
		(<-d.calls)() // the rows
		spans = append(spans, time.Since(start))
	}
	if rows := d.rows(); len(rows) == 0 || len(rows) == 2000 || !strings.Contains(find.Text, texts[(at-1)%len(texts)]) {
		b.Fatalf("%d rows show for %q", len(rows), find.Text)
	}
	slices.Sort(spans)
	b.ReportMetric(float64(spans[len(spans)*99/100].Microseconds())/1000, "p99-ms")
}
