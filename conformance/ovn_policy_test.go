//go:build conformance

package conformance

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// randomPolicy is a small policy in CUE: tiers with every kind of rule, about servers
// in the network of the proof and about the world, with and without exceptions. In every
// third policy half of the tiers are stateless.
func randomPolicy(seed uint64) string {
	random := rand.New(rand.NewPCG(seed, 4))
	var tiers []string
	for i := range 2 + random.IntN(3) {
		tiers = append(tiers, fmt.Sprintf("t%d", i))
	}
	b := &strings.Builder{}
	fmt.Fprintf(b, `package random

name: "random-%d"
addresses: {
	near: ["near-4", "2001:db8:20::%[3]x/125"]
	"near-4": ["10.20.0.%[2]d/29"]
	"some-near": ["10.20.0.%[2]d/31", "2001:db8:20::%[3]x/127"]
	"some-of-all": %[8]s
	far: ["198.51.100.%[4]d/27", "2001:db8:%[5]d::/50", "203.0.113.%[6]d"]
}
services: {
	own: {includes: ["own-udp"], tcp: [%[7]d]}
	"own-udp": udp: ["%[7]d-%[7]d1"]
}
tiers: {
`, seed, 8*random.IntN(4), 8*random.IntN(4), 32*random.IntN(8), 1+random.IntN(9), random.IntN(256), 1+random.IntN(5000),
		pick(random, []string{`["128.0.0.0/2", "4000::/3"]`, `["0.0.0.0/1", "::/1"]`})) // without the servers, and with them
	for i, tier := range tiers {
		fmt.Fprintf(b, "\t%s: {\n", tier)
		if seed%3 == 0 && i%2 == 1 {
			b.WriteString("\t\tstateful: false\n")
		}
		randomRules(b, random, "ingress", "from", tiers, 1+random.IntN(4))
		// Who lets nothing out tells nothing about whom others let in.
		if random.IntN(2) == 0 {
			b.WriteString("\t\tegress: any: to: [\"public\"]\n")
		} else {
			randomRules(b, random, "egress", "to", tiers, random.IntN(4))
		}
		b.WriteString("\t}\n")
	}
	b.WriteString("}\nservers: {\n")
	for i, tier := range tiers {
		carried := []string{tier}
		// A port cannot have stateful and stateless groups.
		if other := tiers[(i+2)%len(tiers)]; other != tier && (i+2 < len(tiers) || len(tiers)%2 == 0) && random.IntN(2) == 0 {
			carried = append(carried, other)
		}
		fmt.Fprintf(b, "\ts%d: {tiers: [%s]", i, quoted(carried))
		if random.IntN(2) == 0 {
			fmt.Fprintf(b, `, addresses: ["10.20.0.%d", "2001:db8:20::%x"]`, 10+i, 10+i)
		}
		b.WriteString("}\n")
	}
	b.WriteString("}\n")
	return b.String()
}

// randomRules writes rules of one direction.
func randomRules(b *strings.Builder, random *rand.Rand, direction, peers string, tiers []string, n int) {
	for i := range n {
		what, families := randomService(random)
		list := randomPeers(random, tiers, families)
		fmt.Fprintf(b, "\t\t%s: r%d: {%s, %s: [%s]", direction, i, what, peers, quoted(list))
		if some, ok := map[string]string{"public": "some-of-all", "near": "some-near"}[list[0]]; ok && random.IntN(2) == 0 {
			fmt.Fprintf(b, ", except: [%q]", some)
		}
		b.WriteString("}\n")
	}
}

// randomService is what a rule opens, and the families that it is of, as text of digits.
func randomService(random *rand.Rand) (cue, families string) {
	port := 2 + random.IntN(65000)
	width := []int{1, 7, 300}[random.IntN(3)]
	protocol := []string{"tcp", "udp", "sctp"}[random.IntN(3)]
	switch random.IntN(12) {
	case 0:
		return `service: "ssh"`, "46"
	case 1:
		return `service: "ping"`, "46"
	case 2:
		return `service: "domain"`, "46"
	case 3:
		return `service: "own"`, "46"
	case 4:
		return `service: "any"`, "46"
	case 5:
		return fmt.Sprintf("icmp4: [{type: %d}, {type: 3, code: %d}]", 4*random.IntN(4), random.IntN(5)), "4"
	case 6:
		return fmt.Sprintf("icmp6: [{type: 128, code: 0}, {type: %d}]", 1+random.IntN(4)), "6"
	case 7:
		return fmt.Sprintf(`protocols: [%q]`, []string{"esp", "ah", "gre", "vrrp"}[random.IntN(4)]), "46"
	case 8:
		return fmt.Sprintf(`protocols: [%q]`, protocol), "46"
	case 9:
		return fmt.Sprintf(`families: ["ipv%d"], %s: ["%d-%d"]`, 4+2*(port%2), protocol, port, port+width), fmt.Sprint(4 + 2*(port%2))
	}
	return fmt.Sprintf(`%s: [%d, "%d-%d"]`, protocol, port/2, port, port+width), "46"
}

// randomPeers is one or two peers of some of the families.
func randomPeers(random *rand.Rand, tiers []string, families string) []string {
	has4, has6 := strings.Contains(families, "4"), strings.Contains(families, "6")
	var peers []string
	for len(peers) == 0 || random.IntN(3) == 0 && len(peers) < 2 {
		switch random.IntN(7) {
		case 0:
			return []string{"public"}
		case 1, 2:
			return []string{pick(random, tiers)}
		case 3:
			return []string{"self"}
		case 4:
			return []string{pick(random, []string{"near", "far"})}
		case 5:
			if has4 {
				bits := 8 + random.IntN(25)
				peers = append(peers, fmt.Sprintf("%d.%d.0.0/%d", 11+len(peers), 0, min(bits, 16)))
			}
		case 6:
			if has4 {
				peers = append(peers, fmt.Sprintf("10.20.0.%d", 10+len(peers)))
			}
			if has6 {
				peers = append(peers, fmt.Sprintf("2001:db8:20::%x/127", 10+2*len(peers)))
			}
		}
	}
	return peers
}

func quoted(items []string) string {
	var out []string
	for _, item := range items {
		out = append(out, fmt.Sprintf("%q", item))
	}
	return strings.Join(out, ", ")
}
