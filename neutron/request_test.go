package neutron

import (
	"encoding/json"
	"net/netip"
	"testing"

	"sgc.dev/sgc/neutron/wire"
	"sgc.dev/sgc/rule"
)

// TestRequest sends rules and reads them back: what is stored as sent is the same rule.
func TestRequest(t *testing.T) {
	prefix := func(s string) rule.Remote { return rule.Prefix(netip.MustParsePrefix(s)) }
	ids := map[rule.Remote]string{rule.Tier("app"): "id-app", rule.ForeignGroup("legacy"): "id-legacy", rule.AddressGroup("office"): "id-office"}
	stored := map[rule.Remote]rule.Remote{
		rule.Tier("app"):            rule.ForeignGroup("id-app"),
		rule.ForeignGroup("legacy"): rule.ForeignGroup("id-legacy"),
		rule.AddressGroup("office"): rule.AddressGroup("id-office"),
	}
	tried := 0
	for _, direction := range []rule.Direction{rule.Ingress, rule.Egress} {
		for _, family := range []rule.Family{rule.IPv4, rule.IPv6} {
			for protocol := rule.Protocol(1); protocol <= rule.AnyProtocol; protocol++ {
				for _, ports := range []rule.Ports{rule.NoPorts(), rule.AllPorts(), rule.PortRange(22, 22), rule.PortRange(1, 65534), rule.ICMPType(0), rule.ICMPTypeCode(0, 0), rule.ICMPTypeCode(255, 255)} {
					for _, remote := range []rule.Remote{rule.Anyone(), prefix("10.0.0.0/8"), prefix("2001:db8::/32"), rule.Tier("app"), rule.ForeignGroup("legacy"), rule.AddressGroup("office")} {
						r := rule.Rule{Direction: direction, Family: family, Protocol: protocol, Ports: ports, Remote: remote}
						if r.Check() != nil {
							continue
						}
						tried++
						request, err := request("g", rule.Entry{Rule: r}, ids)
						if err != nil {
							t.Fatalf("%s: %v", r, err)
						}
						sent, err := json.Marshal(request)
						if err != nil {
							t.Fatal(err)
						}
						var wire wire.Rule
						if err := json.Unmarshal(sent, &wire); err != nil {
							t.Fatal(err)
						}
						want := r
						if id, ok := stored[remote]; ok {
							want.Remote = id
						}
						if got := wire.Live(); got.Rule != want {
							t.Fatalf("%s went out as %s, which is %s", r, sent, got)
						}
					}
				}
			}
		}
	}
	if tried < 2000 {
		t.Errorf("only %d rules", tried)
	}
	if _, err := request("g", rule.Entry{Rule: rule.Rule{Direction: rule.Ingress, Family: rule.IPv4, Protocol: rule.TCP, Ports: rule.AllPorts(), Remote: rule.Tier("db")}}, ids); err == nil {
		t.Error("a rule whose remote has no id goes out")
	}
	if _, err := request("g", rule.Entry{}, ids); err == nil {
		t.Error("the zero rule goes out")
	}
}
