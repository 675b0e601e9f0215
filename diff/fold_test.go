package diff

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

// TestFewFlows shows the widest of a long list, everyone first, and counts the others. One
// more than are shown takes no more room than its count.
func TestFewFlows(t *testing.T) {
	remotes := []rule.Remote{rule.Tier("app"), network("192.0.2.7/32"), network("2001:db8::/36")}
	for bits := 30; bits > 22; bits-- {
		remotes = append(remotes, network(fmt.Sprintf("10.%d.0.0/%d", bits, bits)))
	}
	remotes = append(remotes, rule.Anyone())
	var many []rule.Entry
	for i, remote := range remotes {
		family := rule.IPv4
		if remote.Kind() == rule.RemotePrefix && remote.Prefix().Addr().Is6() {
			family = rule.IPv6
		}
		many = append(many, entry(i+1, family, uint16(100+i), uint16(100+i), remote))
	}
	opens, _ := Access(nil, many)
	got := FewFlows("web", opens)
	want := []string{"anyone → web tcp/111 (IPv4)", "2001:db8::/36 → web tcp/102 (IPv6)"}
	for bits := 23; bits < 31; bits++ {
		want = append(want, fmt.Sprintf("10.%d.0.0/%d → web tcp/%d (IPv4)", bits, bits, 133-bits))
	}
	if want = append(want, "2 more, none of them wider; --all lists them"); !slices.Equal(got, want) {
		t.Errorf("%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if whole := Flows("web", opens); len(whole) != len(many) {
		t.Errorf("all of them: %s", strings.Join(whole, "\n"))
	}
	for i := range many {
		many[i].Remote = network(fmt.Sprintf("10.%d.0.0/16", i))
		many[i].Family = rule.IPv4
	}
	many[11].Protocol, many[11].Ports = rule.AnyProtocol, rule.NoPorts()
	many[10].Ports = rule.PortRange(100, 200)
	many[9].Ports = rule.AllPorts()
	opens, _ = Access(nil, many)
	if got := FewFlows("web", opens)[:4]; !slices.Equal(got, []string{
		"10.11.0.0/16 → web any (IPv4)", "10.9.0.0/16 → web tcp (IPv4)", "10.10.0.0/16 → web tcp/100-200 (IPv4)", "10.0.0.0/16 → web tcp/100 (IPv4)",
	}) {
		t.Errorf("of networks alike: %s", strings.Join(got, "\n"))
	}
	few, _ := Access(nil, many[1:])
	if got := FewFlows("web", few); !slices.Equal(got, Flows("web", few)) {
		t.Errorf("few: %s", strings.Join(got, "\n"))
	}
}
