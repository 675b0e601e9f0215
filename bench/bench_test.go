// Package bench compares whole processes: sgc with the cue command of the same
// CUE version, on the same machine in the same run, one after the other. Its
// figures are ratios, medians of those of each round or ratios of medians;
// nothing asserts a time.
//
//	go test -run '^$' -bench . -benchtime 7x ./bench
package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What is said of all tiers: by a pattern, and by references, comprehensions and
// patterns.
const (
	pattern = `tiers: [string]: ingress: [string]: owner: "ops"
`
	references = `_owner: "ops"
tiers: [Name=string]: {description: "tier \(Name)", ingress: [string]: owner: _owner}
servers: {for name, _ in tiers {(name): tiers: [name]}}
`
)

// BenchmarkExport runs sgc export as a script and as JSON, cue vet -c and cue
// export over one package that imports the schema.
func BenchmarkExport(b *testing.B) {
	b.Run("plain", func(b *testing.B) { export(b, "") })
	b.Run("pattern", func(b *testing.B) { export(b, pattern) })
	b.Run("references", func(b *testing.B) { export(b, references) })
}

func export(b *testing.B, more string) {
	bin := b.TempDir()
	build(b, bin, "sgc.dev/sgc/cmd/sgc")
	build(b, bin, "cuelang.org/go/cmd/cue")
	for _, tiers := range []int{10, 1000, 10000} {
		b.Run(fmt.Sprintf("tiers=%d", tiers), func(b *testing.B) {
			dir := b.TempDir()
			write(b, dir, filepath.Join(bin, "sgc"), tiers, more)
			commands := [][]string{
				{filepath.Join(bin, "sgc"), "export", "."},
				{filepath.Join(bin, "cue"), "vet", "-c", "."},
				{filepath.Join(bin, "cue"), "export", "."},
				{filepath.Join(bin, "sgc"), "export", "--format=json", "."},
			}
			walls, cpus, peaks := make([][]time.Duration, len(commands)), make([][]time.Duration, len(commands)), make([]int64, len(commands))
			for b.Loop() {
				for i, command := range commands {
					wall, state := run(b, dir, command[0], command[1:]...)
					walls[i] = append(walls[i], wall)
					cpus[i] = append(cpus[i], state.UserTime()+state.SystemTime())
					peaks[i] = max(peaks[i], state.SysUsage().(*syscall.Rusage).Maxrss)
				}
			}
			sgc, vet := median(walls[0]), median(walls[1])
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(milliseconds(sgc), "ms-sgc")
			b.ReportMetric(milliseconds(sgc)-milliseconds(vet), "ms-over-vet")
			b.ReportMetric(medianRatio(walls[0], walls[1]), "×cue-vet")
			b.ReportMetric(medianRatio(walls[0], walls[2]), "×cue-export")
			b.ReportMetric(medianRatio(cpus[0], cpus[1]), "×cpu-of-cue-vet")
			b.ReportMetric(medianRatio(cpus[0], cpus[2]), "×cpu-of-cue-export")
			b.ReportMetric(medianRatio(cpus[3], cpus[0]), "×cpu-json-of-sh")
			b.ReportMetric(float64(peaks[0])/float64(peaks[2]), "×memory-of-cue-export")
		})
	}
}

// policy is a package of as many tiers, each with six rules of different kinds.
func policy(tiers int) string {
	var s strings.Builder
	s.WriteString(`package bench

import "sgc.dev/schema"

schema.#Policy

name: "bench"
addresses: admins: ["192.0.2.0/24", "2001:db8:ad::/48"]
`)
	for i := range tiers {
		fmt.Fprintf(&s, `tiers: "t%05d": ingress: {
	http: from: ["public"]
	https: from: ["public"]
	ssh: from: ["admins"]
	postgresql: from: ["t%05d"]
	api: {tcp: [%d, "%d-%d"], from: ["10.%d.0.0/16"]}
	ping: from: ["public"]
}
`, i, (i+1)%tiers, 8000+i%1000, 10000+i, 10007+i, i%256)
	}
	return s.String()
}

func build(b *testing.B, dir, pkg string) {
	b.Helper()
	if out, err := exec.Command("go", "build", "-o", dir+string(filepath.Separator), pkg).CombinedOutput(); err != nil {
		b.Fatalf("go build %s: %v\n%s", pkg, err, out)
	}
}

// run is the wall time of one process, and what else is known of it. It writes to
// the null device: nothing here waits for a reader.
func run(b *testing.B, dir, name string, args ...string) (time.Duration, *os.ProcessState) {
	b.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	var stderr strings.Builder
	cmd.Stderr = &stderr
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	if err != nil {
		b.Fatalf("%s %v: %v\n%s", name, args, err, &stderr)
	}
	return wall, cmd.ProcessState
}

func median(d []time.Duration) time.Duration {
	d = slices.Clone(d)
	slices.Sort(d)
	return d[len(d)/2]
}

// medianRatio is how much longer a took than b, round by round: a machine that
// is busy for a while slows both.
func medianRatio(a, b []time.Duration) float64 {
	ratios := make([]float64, len(a))
	for i := range a {
		ratios[i] = float64(a[i]) / float64(b[i])
	}
	slices.Sort(ratios)
	return ratios[len(ratios)/2]
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
