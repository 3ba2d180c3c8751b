package capture_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/picture/picturetest"
)

// frames makes a card of n photographs of some megabytes, as a camera writes them: a grainy picture, a thumbnail, a preview of two
// megapixels and a time. Few are drawn; the others differ from these in the time and in the camera's own notes alone.
func frames(tb testing.TB, n, width int) (dir string, size int64) {
	tb.Helper()
	const number = "exposure number 00000000"
	started := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	var drawn [][]byte
	for seed := range uint64(4) {
		scene := picturetest.Scene(width, width*2/3, seed)
		grain := rand.New(rand.NewPCG(seed, 5))
		for at := range scene.Pix {
			if at%4 != 3 {
				scene.Pix[at] = uint8(min(255, max(0, int(scene.Pix[at])+grain.IntN(21)-10)))
			}
		}
		drawn = append(drawn, picturetest.Encode(scene, picturetest.Options{TakenAt: started, Make: "Nordlys", Model: "N1", Thumbnail: true,
			PreviewSide: 1620, MakerNote: []byte(number)}))
	}
	dir = filepath.Join(tb.TempDir(), "DCIM", "100NORDL")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		tb.Fatal(err)
	}
	for i := range n {
		raw := bytes.Clone(drawn[i%len(drawn)])
		raw = bytes.Replace(raw, []byte(number), fmt.Appendf(nil, "exposure number %08d", i), 1)
		taken := started.Add(time.Duration(i) * 3 * time.Second)
		raw = bytes.Replace(raw, []byte(started.Format("2006:01:02 15:04:05")), []byte(taken.Format("2006:01:02 15:04:05")), 1)
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("NLY_%05d.JPG", i)), raw, 0o600); err != nil {
			tb.Fatal(err)
		}
		size += int64(len(raw))
	}
	return dir, size
}

// peak watches how much memory the heap takes while fn runs, beyond what lived there before.
func peak(fn func()) (bytes int64) {
	heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	live := func() int64 { metrics.Read(heap); return int64(heap[0].Value.Uint64()) }
	runtime.GC()
	before := live()
	stop := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				bytes = max(bytes, live()-before)
			case <-stop:
				return
			}
		}
	})
	fn()
	close(stop)
	watching.Wait()
	return bytes
}

// BenchmarkImport imports a card and compares with copying and hashing the same files by hand, once with cp and sha256sum alone, which
// leaves the copies in memory, and once with sync between them, which is what it takes to trust the copies. All read the card from
// memory and write to one disk. Ours hashes, seals, flushes, reads back from the disk, reads metadata and makes previews besides.
//
// A preview costs the same whatever the picture's size, so that small files look worse: those of 6 MB are of a camera with 24
// megapixels. The card and one copy of it are on the disk at a time: of 2,000 files of 2 MB some 9 GB, which are removed in the end.
func BenchmarkImport(b *testing.B) {
	for _, card := range []struct{ files, width int }{{200, 6000}, {200, 3600}, {2000, 3600}} {
		n := card.files
		b.Run(fmt.Sprintf("%d of %d wide", n, card.width), func(b *testing.B) {
			dir, size := frames(b, n, card.width)
			var ours, plain, flushed time.Duration
			var memory int64
			for range b.N {
				plain += copiedByHand(b, dir, `cp -r "$1" "$2" && find "$2" -type f -print0 | xargs -0 sha256sum >"$2.sha256"`)
				flushed += copiedByHand(b, dir,
					`cp -r "$1" "$2" && find "$2" -type f -print0 | xargs -0 sync && find "$2" -type f -print0 | xargs -0 sha256sum >"$2.sha256"`)
				bench := mustBench(b)
				flush(b)
				memory = max(memory, peak(func() {
					began := time.Now()
					report, err := bench.Import(bench.ctx, capture.Import{Shoot: bench.shoot, Paths: []string{dir}})
					ours += time.Since(began)
					if err != nil || report.Imported != n {
						b.Fatal(report, err)
					}
				}))
				if err := errors.Join(bench.vault.Close(), os.RemoveAll(bench.dir)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(ours.Seconds()/plain.Seconds(), "times-cp-sha256sum")
			b.ReportMetric(ours.Seconds()/flushed.Seconds(), "times-cp-sync-sha256sum")
			b.ReportMetric(float64(size)*float64(b.N)/1e6/ours.Seconds(), "MB/s")
			b.ReportMetric(float64(memory)/1e6, "peak-MB")
			b.ReportMetric(float64(size)/float64(n)/1e6, "MB/file")
		})
	}
}

// BenchmarkImportAgain imports a card that is here already.
func BenchmarkImportAgain(b *testing.B) {
	const n = 200
	dir, size := frames(b, n, 2400)
	bench := mustBench(b)
	in := capture.Import{Shoot: bench.shoot, Paths: []string{dir}}
	if _, err := bench.Import(bench.ctx, in); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if report, err := bench.Import(bench.ctx, in); err != nil || report.Duplicates != n {
			b.Fatal(report, err)
		}
	}
	b.ReportMetric(float64(size)*float64(b.N)/1e6/b.Elapsed().Seconds(), "MB/s")
}

// copiedByHand runs a script that copies the card from $1 to $2, and removes the copy.
func copiedByHand(b *testing.B, dir, script string) time.Duration {
	b.Helper()
	copied := filepath.Join(b.TempDir(), "copy")
	flush(b)
	began := time.Now()
	if out, err := exec.CommandContext(b.Context(), "sh", "-c", script, "sh", dir, copied).CombinedOutput(); err != nil {
		b.Skipf("cp, sync and sha256sum cannot be run here: %v: %s", err, out)
	}
	elapsed := time.Since(began)
	if err := os.RemoveAll(copied); err != nil {
		b.Fatal(err)
	}
	return elapsed
}

// flush lets neither side pay for what was written before.
func flush(b *testing.B) {
	b.Helper()
	if err := exec.CommandContext(context.WithoutCancel(b.Context()), "sync").Run(); err != nil {
		b.Skip("no sync here: ", err)
	}
}

func TestImportNeedsNoMoreMemoryForMoreFiles(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(20)) // so that garbage counts little
	var needed [2]int64
	for i, n := range []int{20, 80} {
		b := mustBench(t)
		dir, _ := frames(t, n, 900)
		needed[i] = peak(func() {
			if report, err := b.Import(b.ctx, capture.Import{Shoot: b.shoot, Paths: []string{dir}}); err != nil || report.Imported != n {
				t.Fatal(report, err)
			}
		})
	}
	if needed[1] > needed[0]+16<<20 {
		t.Errorf("20 files of half a megabyte took %d MB of memory, 80 files %d MB", needed[0]>>20, needed[1]>>20)
	}
}
