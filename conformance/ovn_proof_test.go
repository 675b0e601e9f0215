//go:build conformance

package conformance

import (
	"net/netip"
	"slices"
	"testing"

	"sgc.dev/sgc/reach"
	"sgc.dev/sgc/rule"
)

// packetsPerCommand is how many packets are tried for each that the command itself
// is asked about, since a process takes its time.
const packetsPerCommand = 250

// A proof puts packets to OVN, to what "sgc can" answers, and to the oracle, which
// all have to say the same.
type proof struct {
	score
	t                  *testing.T
	cloud              *cloud
	account            account
	policy             string
	network            *network
	first, established *tracer
	judge              oracle
	view               *reach.View
	all                *score
}

// differ reports a difference, the first ten in full.
func (p *proof) differ(format string, args ...any) {
	p.t.Helper()
	p.all.differences.Add(1)
	if p.differences.Add(1) <= 10 {
		p.t.Errorf(format, args...)
	}
}

// try puts a packet to the proof and, where it passes, what answers it.
func (p *proof) try(x packet) {
	passes, err := p.network.verdict(p.first, x)
	if err != nil {
		p.t.Fatal(err)
	}
	p.packets.Add(1)
	p.all.packets.Add(1)
	if want := p.judge.allows(x); passes != want {
		p.differ("%s: passes %t, not %t: %s", x, passes, want, x.microflow())
	}
	answer, asked := p.ask(x)
	if want := permits(answer, x); asked && passes != want {
		p.differ("%s: passes %t, but sgc can says %s: %s", x, passes, answer.Verdict, x.microflow())
	}
	if asked && x.from.declared && x.to.declared && answer.Verdict == reach.InPart {
		p.differ("%s: sgc can says %s of one packet between known addresses", x, answer.Verdict)
	}
	if asked && x.from.declared && x.to.declared {
		byAddress := p.question(x, address(x.src), address(x.dst)).Verdict
		if passes && byAddress != reach.Yes || !passes && byAddress != reach.No {
			p.differ("%s: passes %t, but sgc can says %s of the two addresses: %s", x, passes, byAddress, x.microflow())
		}
	}
	if !passes {
		return
	}
	p.passed.Add(1)
	p.all.passed.Add(1)
	if reply, ok := x.reply(); ok {
		p.reply(reply, answer.Replies.Verdict, asked)
	}
}

// reply puts the answer to a packet that passed to the proof. To stateless servers
// sgc can says something about all ports from which the packet may have come.
func (p *proof) reply(x packet, said reach.Verdict, asked bool) {
	passes, err := p.network.replyVerdict(p.first, p.established, x)
	if err != nil {
		p.t.Fatal(err)
	}
	p.replies.Add(1)
	p.all.replies.Add(1)
	if want := p.judge.repliesPass(x); passes != want {
		p.differ("the reply %s: passes %t, not %t: %s", x, passes, want, x.microflow())
	}
	if asked && (said == 0 || said == reach.Yes && !passes || said == reach.No && passes) {
		p.differ("the reply %s: passes %t, but sgc can says %s: %s", x, passes, said, x.microflow())
	}
}

// neighbours puts the packets by which neighbours find each other to the proof, about
// which no rule decides. Those of routers pass in OVN in every direction, and not
// with other backends, by which sgc can goes; it says so.
func (p *proof) neighbours() {
	ends := append(p.network.ports[:len(p.network.ports):len(p.network.ports)], p.network.probe)
	for _, from := range ends {
		for _, to := range ends {
			if from == to {
				continue
			}
			for kind := uint8(133); kind <= 136; kind++ {
				x := packet{src: from.address(rule.IPv6), dst: to.address(rule.IPv6), protocol: rule.ICMPv6, kind: kind, from: from, to: to}
				passes, err := p.network.found(p.first, x)
				if err != nil {
					p.t.Fatal(err)
				}
				p.packets.Add(1)
				p.all.packets.Add(1)
				if passes {
					p.passed.Add(1)
					p.all.passed.Add(1)
				}
				answer, _ := p.ask(x)
				if !passes || answer.Verdict != reach.Yes && !slices.Contains(answer.Notes, reach.RoutersNote) {
					p.differ("%s: passes %t, but sgc can says %s: %s", x, passes, answer.Verdict, x.microflow())
				}
			}
		}
	}
}

// ask is what sgc can answers to a packet as a question. Nobody can ask about port
// 0, which is beyond the edge of port 1.
func (p *proof) ask(x packet) (answer reach.Answer, ok bool) {
	if x.protocol.HasPorts() && x.dstPort == 0 {
		return answer, false
	}
	return p.question(x, x.from.end(x.src), x.to.end(x.dst)), true
}

// question asks about a packet between two ends.
func (p *proof) question(x packet, from, to rule.End) reach.Answer {
	answer, err := p.view.Ask(reach.Question{From: from, To: to, Service: rule.Service{Name: x.service().String(), Matches: []rule.Match{x.service()}}})
	if err != nil {
		p.t.Fatalf("%s: %v", x, err)
	}
	return answer
}

// end is how a question names who is at an address.
func (p *port) end(addr netip.Addr) rule.End {
	if p.server == "" {
		return address(addr)
	}
	return rule.End{Kind: rule.EndServer, Name: p.server}
}

// address is how a question names an address, whoever is there.
func address(addr netip.Addr) rule.End {
	return rule.End{Kind: rule.EndPrefix, Name: addr.String(), Prefix: netip.PrefixFrom(addr, addr.BitLen())}
}

// permits says whether a packet is among those that pass by an answer, all that has
// a condition on the addresses of servers included.
func permits(a reach.Answer, x packet) bool {
	holds := func(s reach.Side, addr netip.Addr) bool {
		return s.Addresses == nil || slices.ContainsFunc(s.Addresses, func(p netip.Prefix) bool { return p.Contains(addr) })
	}
	return a.Verdict == reach.Yes || slices.ContainsFunc(a.Parts, func(part reach.Part) bool {
		return holds(part.From, x.src) && holds(part.To, x.dst)
	})
}

// command asks the command itself about a packet, whose one end tells the family,
// and demands the answer in exit codes.
func (p *proof) command(x packet) {
	answer, ok := p.ask(x)
	if !ok || x.from.server != "" && x.to.server != "" {
		return
	}
	p.commands.Add(1)
	p.all.commands.Add(1)
	can := finish(p.t, p.account.sgc(p.t, p.cloud, "can", "--from", x.from.end(x.src).Name, "--to", x.to.end(x.dst).Name, x.service().String(), "-p", p.policy), func(int) {})
	if want := map[reach.Verdict]int{reach.Yes: 0, reach.No: 1, reach.InPart: 2}[answer.Verdict]; can.code != want {
		p.differ("%s: sgc can ended with %d, not %d\n%s%s", x, can.code, want, can.stdout, can.stderr)
	}
}
