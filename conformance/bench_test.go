//go:build conformance

package conformance

import (
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// BenchmarkScript prints how many times as fast the exported script is as the
// same policy by hand, both into empty projects of one cloud, in turn: the
// medians' ratio. A second run of the script, which finds all in place, is
// measured too.
func BenchmarkScript(b *testing.B) {
	c := startCloud(b, bookworm(), "--costly-passwords")
	script := c.export(b, "../policies/three-tier")
	var byHand, exported, again []float64
	for b.Loop() {
		a := c.tenant(b)
		byHand = append(byHand, seconds(b, a.manual(b)))
		want := a.groups(b)

		a = c.tenant(b)
		exported = append(exported, seconds(b, a.command(b, script)))
		// Faster at the same work, or the figure means nothing.
		requireRules(b, a.groups(b), rules(b, marked(want)))
		again = append(again, seconds(b, a.command(b, script)))
	}
	hand, first, second := median(byHand), median(exported), median(again)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(hand, "by-hand-s")
	b.ReportMetric(first, "script-s")
	b.ReportMetric(second, "again-s")
	b.ReportMetric(hand/first, "times-as-fast")
}

// marked gives the groups marks, without which a remote group is no tier.
func marked(groups []liveGroup) []liveGroup {
	for i := range groups {
		groups[i].Description = "[sgc:three-tier/" + groups[i].Name + "]"
	}
	return groups
}

// seconds runs a command that must succeed.
func seconds(b *testing.B, cmd *exec.Cmd) float64 {
	b.Helper()
	start := time.Now()
	if o := finish(b, cmd, func(int) {}); o.code != 0 {
		b.Fatalf("%s ended with %d: %s", cmd, o.code, o.stderr)
	}
	return time.Since(start).Seconds()
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// manual is the commands of a provider's manual, about to run.
func (a account) manual(b *testing.B) *exec.Cmd {
	script, err := filepath.Abs("testdata/manual.sh")
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command("bash", script)
	cmd.Dir = b.TempDir()
	return a.prepare(b, cmd)
}
