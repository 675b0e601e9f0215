package draft

import (
	"fmt"
	"net/netip"
	"testing"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/rule"
)

// TestTried finds by single packets, without sets, what a rule allows and another does not.
func TestTried(t *testing.T) {
	r := func(p rule.Protocol, ports rule.Ports, remote rule.Remote) rule.Rule {
		return rule.Rule{Direction: rule.Ingress, Family: rule.IPv4, Protocol: p, Ports: ports, Remote: remote}
	}
	prefix := func(s string) rule.Remote { return rule.Prefix(netip.MustParsePrefix(s)) }
	list := []rule.Rule{
		r(rule.AnyProtocol, rule.NoPorts(), rule.Anyone()),
		r(rule.AnyProtocol, rule.NoPorts(), rule.ForeignGroup("a")),
		r(rule.AnyProtocol, rule.NoPorts(), rule.AddressGroup("a")),
		r(rule.TCP, rule.AllPorts(), rule.Anyone()),
		r(rule.UDP, rule.AllPorts(), rule.Anyone()),
		r(rule.TCP, rule.PortRange(80, 90), rule.Anyone()),
		r(rule.TCP, rule.PortRange(80, 91), rule.Anyone()),
		r(rule.TCP, rule.PortRange(79, 90), rule.Anyone()),
		r(rule.TCP, rule.PortRange(80, 90), prefix("192.0.2.0/24")),
		r(rule.TCP, rule.PortRange(80, 90), prefix("192.0.2.0/25")),
		r(rule.TCP, rule.PortRange(80, 90), prefix("192.0.2.128/25")),
		r(rule.TCP, rule.PortRange(80, 90), rule.ForeignGroup("a")),
		r(rule.TCP, rule.PortRange(80, 90), rule.ForeignGroup("b")),
		r(rule.ICMP, rule.ICMP.WholeProtocol(), rule.Anyone()),
		r(rule.ICMP, rule.ICMPType(0), rule.Anyone()),
		r(rule.ICMP, rule.ICMPType(3), rule.Anyone()),
		r(rule.ICMP, rule.ICMPTypeCode(0, 0), rule.Anyone()),
		r(rule.ICMP, rule.ICMPTypeCode(3, 4), rule.Anyone()),
	}
	for i, a := range list {
		for j, b := range list {
			packets, wrong := tried([]rule.Rule{a}, []rule.Rule{b})
			if packets == 0 || (wrong != nil) != (i != j) {
				t.Errorf("%v and %v: %d packets, %v", a, b, packets, wrong)
			}
			// What both lists allow, they allow however it is put together.
			merged := access.Of(a, b).Rules()
			if _, wrong := tried(merged, []rule.Rule{a, b}); wrong != nil {
				t.Errorf("%v: %v", merged, wrong)
			}
		}
	}
	var many []rule.Rule
	for i := range 6000 {
		many = append(many, r(rule.TCP, rule.PortRange(uint16(1+2*i), uint16(1+2*i)), prefix(fmt.Sprintf("10.%d.%d.0/24", i/256, i%256))))
	}
	if packets, wrong := tried(many, many); wrong != nil || packets < 1000 || packets > 20000 {
		t.Errorf("%d packets of many, %v", packets, wrong)
	}
}
