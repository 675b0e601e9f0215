package access

import (
	"math/rand/v2"
	"testing"

	"sgc.dev/sgc/internal/rounds"
	"sgc.dev/sgc/rule"
)

// TestMeet holds Meet to the packets of a tiny universe, one by one.
func TestMeet(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	met, tries := 0, rounds.Of(2000)
	for range tries {
		r, s := drawRule(rng), drawRule(rng)
		both, ok := Meet(r, s)
		if ok {
			met++
			if err := both.Check(); err != nil {
				t.Fatalf("%v and %v meet in %v: %v", r, s, both, err)
			}
		}
		for range 20 {
			p := drawRule(rng)
			if want := Covers(r, p) && Covers(s, p); want != (ok && Covers(both, p)) {
				t.Fatalf("%v and %v meet in %v, %t; %v is in both: %t", r, s, both, ok, p, want)
			}
		}
	}
	if met < tries/20 {
		t.Errorf("%d of the rules meet: the universe is too thin", met)
	}
}

func drawRule(rng *rand.Rand) rule.Rule {
	remotes := []rule.Remote{
		rule.Anyone(), network("10.0.0.0/8"), network("10.128.0.0/9"), network("10.128.7.0/24"), network("192.0.2.0/24"), rule.Tier("web"), rule.Tier("db"),
	}
	r := rule.Rule{Direction: rule.Ingress, Family: rule.IPv4, Protocol: rule.TCP, Remote: remotes[rng.IntN(len(remotes))]}
	lo := uint16(1 + rng.IntN(4))
	r.Ports = rule.PortRange(lo, lo+uint16(rng.IntN(3)))
	switch rng.IntN(8) {
	case 0:
		r.Protocol, r.Ports = rule.AnyProtocol, rule.NoPorts()
	case 1:
		r.Protocol, r.Ports = rule.ICMP, rule.ICMPTypeCode(uint8(rng.IntN(2)), uint8(rng.IntN(2)))
	case 2:
		r.Protocol, r.Ports = rule.ICMP, rule.ICMPType(uint8(rng.IntN(2)))
	case 3:
		r.Protocol, r.Ports = rule.ICMP, rule.AllPorts()
	case 4:
		r.Ports = rule.AllPorts()
	}
	return r
}
