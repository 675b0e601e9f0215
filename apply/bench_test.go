package apply_test

import (
	"fmt"
	"testing"
	"time"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/sandbox/sandboxtest"
)

// BenchmarkThousandTiers applies a large policy to an empty sandbox, plans it
// again, and changes a rule of each tier: what takes time here, beside the
// sandbox itself, is sgc's own doing.
func BenchmarkThousandTiers(b *testing.B) {
	large := func(changed int) *rule.Set {
		tiers := map[string][]int{}
		for n := range 1000 {
			tiers[fmt.Sprintf("tier-%04d", n)] = append(odd(1, 4), changed)
		}
		set := policy(tiers)
		for n := range set.Groups {
			set.Groups[n].Rules = append(set.Groups[n].Rules, entry(9999, rule.Tier(set.Groups[(n+1)%1000].Tier)))
		}
		return set
	}
	var fresh, again, change []float64
	for b.Loop() {
		sandboxtest.Open(b)
		fresh = append(fresh, seconds(b, func() error { return run(b.Context(), job(large(101)), nil) }))
		again = append(again, seconds(b, func() error { return run(b.Context(), job(large(101)), nil) }))
		change = append(change, seconds(b, func() error { return run(b.Context(), job(large(201)), nil) }))
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(mean(fresh), "apply-s")
	b.ReportMetric(mean(again), "no-op-s")
	b.ReportMetric(mean(change), "change-s")
}

func seconds(b *testing.B, f func() error) float64 {
	b.Helper()
	start := time.Now()
	if err := f(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start).Seconds()
}

func mean(list []float64) float64 {
	sum := 0.0
	for _, x := range list {
		sum += x
	}
	return sum / float64(len(list))
}
