package neutron_test

import (
	"slices"
	"testing"

	"sgc.dev/sgc/neutron/sandbox"
)

// TestReadPorts reads the ports of the project, and those of no other.
func TestReadPorts(t *testing.T) {
	c := open(t)
	ids := plant(c, 3)
	first, second := c.AddPort(c.Demo(), ids[0], ids[2]), c.AddPort(c.Demo())
	ports, err := dial(t).Ports(t.Context())
	if err != nil || len(ports) != 2 {
		t.Fatalf("%+v, %v", ports, err)
	}
	for _, p := range ports {
		slices.Sort(p.Groups)
		want := slices.Sorted(slices.Values([]string{ids[0], ids[2]}))
		if p.ID == first && !slices.Equal(p.Groups, want) || p.ID == second && len(p.Groups) > 0 || p.ID != first && p.ID != second {
			t.Errorf("%+v", p)
		}
	}
}

// TestTemplate tells what a new group is born with from what a project's default group is.
func TestTemplate(t *testing.T) {
	c := open(t)
	for _, test := range []struct {
		rules           []sandbox.TemplateRule
		born, ofDefault []string
	}{
		{[]sandbox.TemplateRule{
			{Direction: "egress", Ethertype: "IPv4", Default: true, Others: true},
			{Direction: "ingress", Ethertype: "IPv6", Protocol: "tcp", RemoteGroup: true, Default: true},
			{Direction: "egress", Ethertype: "IPv6", Protocol: "udp", Others: true},
		}, []string{"egress IPv4 any to anyone", "egress IPv6 udp to anyone"}, []string{"egress IPv4 any to anyone", "ingress IPv6 tcp from group PARENT"}},
		{nil, nil, []string{}},
	} {
		c.SetTemplate(test.rules)
		born, ofDefault, err := dial(t).Template(t.Context())
		if err != nil || ofDefault == nil {
			t.Fatal(ofDefault, err)
		}
		var got, gotDefault []string
		for _, r := range born {
			got = append(got, r.String())
		}
		for _, r := range ofDefault {
			gotDefault = append(gotDefault, r.String())
		}
		slices.Sort(got)
		slices.Sort(gotDefault)
		if !slices.Equal(got, test.born) || !slices.Equal(gotDefault, test.ofDefault) {
			t.Errorf("born with %q, the default group with %q", got, gotDefault)
		}
	}
}
