//go:build conformance

package conformance

import (
	"cmp"
	"encoding/binary"
	"maps"
	"math/big"
	"math/rand/v2"
	"net/netip"
	"slices"

	"sgc.dev/sgc/rule"
)

// A header is what a packet is, whoever sends it.
type header struct {
	protocol   rule.Protocol
	dstPort    uint16
	kind, code uint8
}

// edges is the packets by which a policy would be found out: for every rule, at both
// ends of its ports and addresses and one beyond, and by the way each protocol that
// it does not name; then, of all combinations of what came up, as many again.
func edges(set *rule.Set, n *network, random *rand.Rand) []packet {
	e := edgeFinder{network: n, random: random, seen: map[packet]bool{}}
	headers, remotes := map[header]bool{}, map[netip.Addr]bool{}
	for _, p := range n.ports {
		for _, addr := range p.addresses {
			remotes[addr] = true
		}
	}
	for _, g := range set.Groups {
		for _, entry := range g.Written {
			maps.Copy(headers, e.headers(entry.Rule))
			for _, addr := range e.remotes(entry.Rule) {
				remotes[addr] = true
			}
			for _, p := range n.ports {
				if slices.Contains(p.tiers, g.Tier) {
					e.rule(entry.Rule, p)
				}
			}
		}
	}
	// Maps have no order, and a seed must mean the same packets every time.
	hs := sorted(headers, compareHeaders)
	addrs := sorted(remotes, netip.Addr.Compare)
	for range len(e.packets) {
		p := pick(random, n.ports)
		if len(p.addresses) == 0 {
			continue
		}
		d := pick(random, []rule.Direction{rule.Ingress, rule.Egress})
		e.add(d, p, pick(random, p.addresses), pick(random, addrs), pick(random, hs))
	}
	return e.packets
}

type edgeFinder struct {
	network *network
	random  *rand.Rand
	seen    map[packet]bool
	packets []packet
}

// rule adds the packets at the edges of a rule that guards a port.
func (e *edgeFinder) rule(r rule.Rule, p *port) {
	hs := sorted(e.headers(r), compareHeaders)
	remotes := e.remotes(r)
	for _, own := range p.addresses {
		for _, remote := range remotes {
			for _, h := range hs {
				e.add(r.Direction, p, own, remote, h)
			}
		}
	}
}

// add takes a packet between a port and a remote address, where it is one.
func (e *edgeFinder) add(d rule.Direction, at *port, own, remote netip.Addr, h header) {
	// ICMP is one protocol in IPv4 and another in IPv6.
	if own.Is4() != remote.Is4() || h.protocol == rule.ICMP && !own.Is4() || h.protocol == rule.ICMPv6 && own.Is4() {
		return
	}
	p := packet{src: own, dst: remote, protocol: h.protocol, kind: h.kind, code: h.code, from: at, to: e.network.at(remote)}
	if d == rule.Ingress {
		p.src, p.dst, p.from, p.to = p.dst, p.src, p.to, p.from
	}
	if h.protocol.HasPorts() {
		p.srcPort, p.dstPort = 40001, h.dstPort
	}
	if p.from == p.to || !p.src.IsGlobalUnicast() || !p.dst.IsGlobalUnicast() || e.seen[p] {
		return
	}
	e.seen[p] = true
	e.packets = append(e.packets, p)
}

// remotes is addresses inside of what a rule names, and just outside, and of every
// server.
func (e *edgeFinder) remotes(r rule.Rule) []netip.Addr {
	var addrs []netip.Addr
	for _, p := range e.network.ports {
		addrs = append(addrs, p.addresses...)
	}
	if r.Remote.Kind() == rule.RemotePrefix {
		first, last := ends(r.Remote.Prefix())
		addrs = append(addrs, first.Prev(), first, e.inside(r.Remote.Prefix()), last, last.Next())
	} else {
		outside := netip.MustParsePrefix("198.18.0.0/15")
		if r.Family == rule.IPv6 {
			outside = netip.MustParsePrefix("2001:db8:ff00::/40")
		}
		addrs = append(addrs, e.inside(outside))
	}
	return slices.DeleteFunc(addrs, func(a netip.Addr) bool { return !a.IsValid() || a.Is4() != (r.Family == rule.IPv4) })
}

// inside is some address of a prefix.
func (e *edgeFinder) inside(p netip.Prefix) netip.Addr {
	first, last := ends(p)
	noise := binary.BigEndian.AppendUint64(nil, e.random.Uint64())
	noise = binary.BigEndian.AppendUint64(noise, e.random.Uint64())
	bits := first.AsSlice()
	for i, b := range last.AsSlice() {
		bits[i] |= noise[i] & (bits[i] ^ b)
	}
	addr, _ := netip.AddrFromSlice(bits)
	return addr
}

// ends is the first and last address of a prefix.
func ends(p netip.Prefix) (first, last netip.Addr) {
	first = p.Masked().Addr()
	host := new(big.Int).Lsh(big.NewInt(1), uint(first.BitLen()-p.Bits()))
	n := new(big.Int).SetBytes(first.AsSlice())
	n.Add(n, host.Sub(host, big.NewInt(1)))
	last, _ = netip.AddrFromSlice(n.FillBytes(make([]byte, first.BitLen()/8)))
	return first, last
}

// headers is packets at the edges of a rule's protocol and ports, and of others.
func (e *edgeFinder) headers(r rule.Rule) map[header]bool {
	hs := map[header]bool{}
	icmp := rule.ICMP
	if r.Family == rule.IPv6 {
		icmp = rule.ICMPv6
	}
	lo, hi, ranged := r.Ports.Range()
	kind, typed := r.Ports.Type()
	code, coded := r.Ports.Code()
	switch {
	case ranged:
		for _, port := range []int{int(lo) - 1, int(lo), (int(lo) + int(hi)) / 2, int(hi), int(hi) + 1} {
			if port <= 65535 {
				hs[header{protocol: r.Protocol, dstPort: uint16(port)}] = true
			}
		}
		for _, other := range []rule.Protocol{rule.TCP, rule.UDP, rule.SCTP} {
			hs[header{protocol: other, dstPort: lo}] = true
		}
	case r.Protocol.HasPorts():
		for _, port := range []uint16{1, uint16(e.random.UintN(65536)), 65535} {
			for _, other := range []rule.Protocol{rule.TCP, rule.UDP, rule.SCTP} {
				hs[header{protocol: other, dstPort: port}] = true
			}
		}
	case typed:
		hs[header{protocol: r.Protocol, kind: kind - 1, code: code}] = true
		hs[header{protocol: r.Protocol, kind: kind, code: code}] = true
		hs[header{protocol: r.Protocol, kind: kind, code: code + 1}] = true
		hs[header{protocol: r.Protocol, kind: kind + 1, code: code}] = true
		if coded {
			hs[header{protocol: r.Protocol, kind: kind, code: code - 1}] = true
		}
	case r.Protocol.IsICMP():
		hs[header{protocol: icmp}] = true
		hs[header{protocol: icmp, kind: 255, code: 255}] = true
	default:
		if r.Protocol != rule.AnyProtocol {
			hs[header{protocol: r.Protocol}] = true
		}
		hs[header{protocol: rule.TCP, dstPort: uint16(e.random.UintN(65536))}] = true
		hs[header{protocol: rule.UDP, dstPort: uint16(e.random.UintN(65536))}] = true
		hs[header{protocol: icmp, kind: 8}] = true
	}
	// Protocols without ports: a rule for one is none for its neighbours.
	for _, p := range []rule.Protocol{47, 50, 51, 112} {
		if r.Protocol == rule.AnyProtocol || e.random.IntN(4) == 0 {
			hs[header{protocol: p}] = true
		}
	}
	return hs
}

func compareHeaders(a, b header) int {
	return cmp.Or(cmp.Compare(a.protocol, b.protocol), cmp.Compare(a.dstPort, b.dstPort), cmp.Compare(a.kind, b.kind), cmp.Compare(a.code, b.code))
}

func sorted[T comparable](set map[T]bool, compare func(a, b T) int) []T {
	return slices.SortedFunc(maps.Keys(set), compare)
}

func pick[T any](random *rand.Rand, from []T) T { return from[random.IntN(len(from))] }
