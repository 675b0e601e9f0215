package draft

import (
	"fmt"
	"net/netip"
	"testing"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// BenchmarkImport is what a large project takes, from its state to the proof: 1 000 groups
// with 10 000 rules. What it is held against is the time of the calls that list them.
func BenchmarkImport(b *testing.B) {
	catalog := services(b)
	s := &rule.State{Project: "p"}
	ports := []uint16{22, 80, 443, 5432, 6443, 9100, 25107, 8404, 3306}
	for i := range 1000 {
		g := rule.LiveGroup{ID: fmt.Sprint("g", i), Name: fmt.Sprint("prod-app", i), Stateful: true}
		add := func(r rule.Rule) {
			g.Rules = append(g.Rules, rule.LiveRule{ID: fmt.Sprint("r", i, "-", len(g.Rules)), Rule: r})
		}
		for _, r := range plan.Born() {
			add(r)
		}
		for j := range 8 {
			port := ports[(i+3*j)%len(ports)]
			r := rule.Rule{Direction: rule.Ingress, Family: rule.IPv4, Protocol: rule.TCP, Ports: rule.PortRange(port, port)}
			switch (i + j) % 4 {
			case 0:
				r.Remote = rule.ForeignGroup(fmt.Sprint("g", (7*i+j)%1000))
			case 1:
				r.Remote = rule.Anyone()
			default:
				r.Remote = rule.Prefix(netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte((i*j + j) % 60), 0, 0}), 16))
			}
			add(r)
		}
		s.Groups = append(s.Groups, g)
	}
	for b.Loop() {
		importState(b, catalog, s, nil, Options{Name: "prod", Package: "prod"})
	}
}
