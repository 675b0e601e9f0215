package access

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"

	"sgc.dev/sgc/rule"
)

func v4(n uint32, bits int) rule.Remote {
	return rule.Prefix(netip.PrefixFrom(netip.AddrFrom4([4]byte(binary.BigEndian.AppendUint32(nil, n))), bits))
}

func v6(hi, lo uint64, bits int) rule.Remote {
	b := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, hi), lo)
	return rule.Prefix(netip.PrefixFrom(netip.AddrFrom16([16]byte(b)), bits))
}

func tcp4(lo, hi int, remote rule.Remote) rule.Rule {
	return rule.Rule{Direction: rule.Ingress, Family: rule.IPv4, Protocol: rule.TCP, Ports: rule.PortRange(uint16(lo), uint16(hi)), Remote: remote}
}

func tcp6(lo, hi int, remote rule.Remote) rule.Rule {
	r := tcp4(lo, hi, remote)
	r.Family = rule.IPv6
	return r
}

// shapes are inputs of n rules: what is usual, and what is meant to hurt.
var shapes = []struct {
	name string
	draw func(n int) []rule.Rule
}{
	{"random", func(n int) []rule.Rule {
		rng := rand.New(rand.NewPCG(11, 12))
		rules := make([]rule.Rule, n)
		for i := range rules {
			lo := 1 + rng.IntN(65000)
			remote := rule.Anyone()
			switch rng.IntN(10) {
			case 0:
			case 1, 2:
				remote = rule.Tier(fmt.Sprint("tier", rng.IntN(50)))
			default:
				remote = v4(rng.Uint32(), 8+rng.IntN(25))
			}
			rules[i] = tcp4(lo, lo+rng.IntN(500), remote)
			if rng.IntN(3) == 0 {
				rules[i].Protocol = rule.UDP
			}
		}
		return rules
	}},
	{"ports of one peer", func(n int) []rule.Rule {
		rules := make([]rule.Rule, n)
		for i := range rules {
			rules[i] = tcp4(1+i%65535, 1+i%65535, v4(0x0a000000, 8))
			if i >= 65535 {
				rules[i].Protocol = rule.UDP
			}
		}
		return rules
	}},
	{"addresses that merge", func(n int) []rule.Rule {
		rules := make([]rule.Rule, n)
		for i := range rules {
			rules[i] = tcp4(443, 443, v4(0x0a000000+uint32(i), 32))
		}
		return rules
	}},
	{"wide leaves under ports of anyone", func(n int) []rule.Rule {
		rules := make([]rule.Rule, 0, n)
		for i := range n / 2 {
			port := 1 + i%32000*2
			rules = append(rules, tcp4(port, port, rule.Anyone()), tcp4(1, 65535, v4(uint32(i)<<12, 32)))
		}
		return rules
	}},
	{"leaves bridged by ports of anyone", func(n int) []rule.Rule {
		rules := make([]rule.Rule, 0, n)
		for i := range n / 3 {
			port := 101 + i%30000
			leaf := v4(uint32(i)<<12, 32)
			rules = append(rules, tcp4(port, port, rule.Anyone()), tcp4(1, 100, leaf), tcp4(30101, 65535, leaf))
		}
		return rules
	}},
	{"halves with a hole each", func(n int) []rule.Rule {
		rules := make([]rule.Rule, 0, n)
		leaves := 1
		for leaves*4 <= n {
			leaves *= 2
		}
		bits := 0
		for 1<<bits < leaves {
			bits++
		}
		for i := range leaves {
			leaf := v4(uint32(i)<<(32-bits), bits)
			hole := 2 + i*65000/leaves
			rules = append(rules, tcp4(1, hole-1, leaf), tcp4(hole+1, 65535, leaf))
		}
		for i := range n - len(rules) {
			port := 1 + i*65000/(n-len(rules))
			rules = append(rules, tcp4(port, port, rule.Anyone()))
		}
		return rules
	}},
	{"deep nests", func(n int) []rule.Rule {
		rng := rand.New(rand.NewPCG(13, 14))
		rules := make([]rule.Rule, n)
		for i := range rules {
			bits := 1 + i%128
			port := 1 + rng.IntN(60000)
			rules[i] = tcp6(port, port+rng.IntN(1+bits), v6(0x20010db8<<32, uint64(i/128%4), bits))
		}
		return rules
	}},
	{"deep halves", func(n int) []rule.Rule {
		rules := make([]rule.Rule, 0, n)
		heavy := n - 127
		for i := range heavy {
			port := 1 + i*65000/heavy
			rules = append(rules, tcp6(port, port, v6(0, 0, 128)))
		}
		for bits := 1; bits <= 127; bits++ {
			hi, lo := uint64(0), uint64(0)
			if bits <= 64 {
				hi = 1 << (64 - bits)
			} else {
				lo = 1 << (128 - bits)
			}
			rules = append(rules, tcp6(1+bits, 65535-bits, v6(hi, lo, bits)))
		}
		return rules
	}},
}

func BenchmarkMinimise(b *testing.B) {
	for _, shape := range shapes {
		for _, n := range []int{5_000, 100_000} {
			b.Run(fmt.Sprintf("%s/%d", shape.name, n), func(b *testing.B) {
				entries := entriesOf(shape.draw(n))
				b.ReportAllocs()
				out := 0
				for b.Loop() {
					out = len(Minimise(entries, Full))
				}
				b.ReportMetric(float64(out), "rules")
			})
		}
	}
}

// BenchmarkMinimiseDated is the same rules, of which each day of three ends a quarter.
func BenchmarkMinimiseDated(b *testing.B) {
	for _, shape := range shapes {
		b.Run(fmt.Sprintf("%s/5000", shape.name), func(b *testing.B) {
			entries := entriesOf(shape.draw(5_000))
			for i := range entries {
				entries[i].Origins[0].Expires = []string{"", "2027-01-31", "2027-06-30", "2027-12-31"}[i%4]
			}
			out := 0
			for b.Loop() {
				out = len(Minimise(entries, Full))
			}
			b.ReportMetric(float64(out), "rules")
		})
	}
}
