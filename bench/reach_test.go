package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/compiler"
	"sgc.dev/sgc/reach"
	"sgc.dev/sgc/schema"
)

// BenchmarkCan runs sgc can beside sgc vet of the same package.
func BenchmarkCan(b *testing.B) {
	bin := b.TempDir()
	build(b, bin, "sgc.dev/sgc/cmd/sgc")
	sgc := filepath.Join(bin, "sgc")
	for _, tiers := range []int{10, 1000} {
		b.Run(fmt.Sprintf("tiers=%d", tiers), func(b *testing.B) {
			dir := b.TempDir()
			write(b, dir, sgc, tiers, "")
			commands := [][]string{{"vet", "."}, {"can", "--from", "public", "--to", "t00007", "https", "-p", "."}, {"can", "--to", "t00007", "-p", "."}}
			walls := make([][]time.Duration, len(commands))
			for b.Loop() {
				for i, command := range commands {
					wall, _ := run(b, dir, sgc, command...)
					walls[i] = append(walls[i], wall)
				}
			}
			vet, pair, list := median(walls[0]), median(walls[1]), median(walls[2])
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(milliseconds(pair), "ms-can")
			b.ReportMetric(float64(pair)/float64(vet), "×sgc-vet")
			b.ReportMetric(float64(list)/float64(vet), "×sgc-vet-to-alone")
		})
	}
}

// BenchmarkAllPairs asks who reaches whom, of all pairs with every service, of a
// policy that is loaded and compiled already. In the dense one every tier may
// send anything, so all pairs reach each other, with four services and more.
func BenchmarkAllPairs(b *testing.B) {
	bin := b.TempDir()
	build(b, bin, "sgc.dev/sgc/cmd/sgc")
	for _, more := range []struct{ name, policy string }{{"sparse", ""}, {"dense", "tiers: [=~\"^t\"]: egress: any: to: [\"public\"]\n"}} {
		b.Run(more.name+"/tiers=200", func(b *testing.B) {
			dir := b.TempDir()
			write(b, dir, filepath.Join(bin, "sgc"), 200, more.policy)
			b.Chdir(dir)
			policies, err := schema.Load(schema.Options{Inputs: []string{"."}})
			if err != nil {
				b.Fatal(err)
			}
			set, err := compiler.Compile(policies[0], compiler.Options{Minimize: access.Full})
			if err != nil {
				b.Fatal(err)
			}
			edges, before := 0, processor()
			for b.Loop() {
				edges = len(reach.New(set).Graph().Edges)
			}
			b.ReportMetric(milliseconds(processor()-before)/float64(b.N), "ms-processor")
			b.ReportMetric(milliseconds(b.Elapsed())/float64(b.N), "ms")
			b.ReportMetric(float64(edges), "pairs-that-reach")
		})
	}
}

// processor is the time that this process has had of all processors: what others
// do at the same time does not count.
func processor() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// write makes a package of so many tiers that imports the schema.
func write(b *testing.B, dir, sgc string, tiers int, more string) {
	b.Helper()
	run(b, dir, sgc, "init")
	if err := os.Remove(filepath.Join(dir, "policy.cue")); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "bench.cue"), []byte(policy(tiers)+more), 0o644); err != nil {
		b.Fatal(err)
	}
}
