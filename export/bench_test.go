package export

import (
	"fmt"
	"io"
	"testing"

	"sgc.dev/sgc/rule"
)

// BenchmarkWrite writes policies of many tiers with six rules each.
func BenchmarkWrite(b *testing.B) {
	for _, tiers := range []int{10, 1000, 10000} {
		set := many(tiers)
		for _, f := range Formats() {
			b.Run(fmt.Sprintf("%s/%d", f, tiers), func(b *testing.B) {
				for b.Loop() {
					if err := Write(io.Discard, f, []*rule.Set{set}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func many(tiers int) *rule.Set {
	set := &rule.Set{Policy: "many"}
	for i := range tiers {
		var rules []rule.Entry
		tier := fmt.Sprintf("tier-%05d", i)
		for n := range uint16(3) {
			port := 1000 + n*100 + uint16(i%100)
			rules = both(rules, i*7+int(n), fmt.Sprintf("tiers.%s.ingress.s%d", tier, n), "public", tcp(port, rule.Anyone()))
		}
		set.Groups = append(set.Groups, finished(rule.Group{Tier: tier, Name: tier, Stateful: true, Pos: at(i * 7), Rules: rules}))
	}
	return set
}
