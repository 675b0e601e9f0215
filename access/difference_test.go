package access

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/internal/rounds"
	"sgc.dev/sgc/rule"
)

func (o Opening) String() string {
	if o.Except == nil {
		return o.Rule.String()
	}
	return fmt.Sprintf("%s except %s", o.Rule, o.Except)
}

// checkDifference: the openings are the packets of a that b lacks. Left open are
// groups that follow from all addresses, opened or of a.
func (u *universe) checkDifference(t *testing.T, a, b []rule.Rule) {
	t.Helper()
	got := Difference(Of(a...), Of(b...))
	want := u.allowed(a...).minus(u.allowed(b...))
	var opened set
	for _, o := range got {
		var left set
		if o.Except == nil {
			left = u.pieces(t, o.Rule)
		} else {
			had := u.allowed(o.Except...)
			left = u.direct(o.Rule).minus(had)
			if !u.direct(o.Except...).within(u.direct(o.Rule)) {
				t.Fatalf("%v: an exception outside", o)
			}
		}
		opened = opened.plus(left)
	}
	free := u.implied(opened).plus(u.allowed(a...).minus(u.direct(Of(a...).Rules()...)))
	if opened.minus(free) != want.minus(free) {
		t.Fatalf("wrong openings\na    %v\nb    %v\ngot  %v", a, b, got)
	}
	if (got == nil) != (want == set{}) {
		t.Fatalf("openings %v for %v less %v", got, a, b)
	}
	if !slices.IsSortedFunc(got, func(x, y Opening) int { return rule.Compare(x.Rule, y.Rule) }) {
		t.Fatalf("not sorted: %v", got)
	}
}

// pieces is the packets of a rule that a difference may have made up.
func (u *universe) pieces(t *testing.T, r rule.Rule) set {
	t.Helper()
	if err := r.Check(); err != nil {
		t.Fatal(err)
	}
	var s set
	for i, p := range u.packets {
		if lets(r, p) {
			s.put(i)
		}
	}
	return s
}

func TestDifferenceIsExact(t *testing.T) {
	themed(func(name string, u *universe) {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(7, 8))
			for range rounds.Of(15) {
				a := u.draw(rng, rng.IntN(10))
				u.checkDifference(t, a, u.draw(rng, rng.IntN(10)))
				u.checkDifference(t, a, append(u.draw(rng, rng.IntN(3)), a[:len(a)/2]...))
			}
		})
	})
}

func TestDifferenceListing(t *testing.T) {
	anyRule := func(remote rule.Remote) rule.Rule {
		r := tcp4(1, 2, remote)
		r.Protocol, r.Ports = rule.AnyProtocol, rule.NoPorts()
		return r
	}
	icmp := func(ports rule.Ports) rule.Rule {
		r := tcp4(1, 2, rule.Anyone())
		r.Protocol, r.Ports = rule.ICMP, ports
		return r
	}
	list := func(r ...rule.Rule) []rule.Rule { return r }
	for _, c := range []struct {
		name string
		a, b []rule.Rule
		want string
	}{
		{"nothing", list(tcp4(80, 80, network("10.0.0.0/8"))), list(tcp4(79, 81, rule.Anyone())), ""},
		{"new", list(tcp4(443, 443, rule.Anyone())), list(tcp4(80, 80, rule.Anyone())), "ingress IPv4 tcp/443 from anyone"},
		{"ports", list(tcp4(80, 90, rule.Tier("app"))), list(tcp4(80, 80, rule.Tier("app"))), "ingress IPv4 tcp/81-90 from tier app"},
		{"ports within", list(tcp4(80, 90, rule.Tier("app"))), list(tcp4(84, 84, rule.Anyone())), "ingress IPv4 tcp/80-83 from tier app\ningress IPv4 tcp/85-90 from tier app"},
		{"anyone but a network", list(tcp4(22, 22, rule.Anyone())), list(tcp4(22, 22, network("10.0.0.0/8"))), "ingress IPv4 tcp/22 from anyone except [ingress IPv4 tcp/22 from 10.0.0.0/8]"},
		{"anyone but a group", list(tcp4(22, 22, rule.Anyone())), list(tcp4(20, 25, rule.ForeignGroup("old"))), "ingress IPv4 tcp/22 from anyone except [ingress IPv4 tcp/22 from group old]"},
		{"a half", list(tcp4(22, 22, network("10.0.0.0/23"))), list(tcp4(22, 22, network("10.0.1.0/24"))), "ingress IPv4 tcp/22 from 10.0.0.0/24"},
		{"a network but an address", list(tcp4(22, 22, network("10.0.0.0/24"))), list(tcp4(22, 22, network("10.0.0.77/32"))), "ingress IPv4 tcp/22 from 10.0.0.0/24 except [ingress IPv4 tcp/22 from 10.0.0.77/32]"},
		{"any but tcp", list(anyRule(network("10.0.0.0/8"))), list(tcp4(1, 65535, rule.Anyone())), "ingress IPv4 any from 10.0.0.0/8 except [ingress IPv4 tcp from 10.0.0.0/8]"},
		{"networks and groups are apart", list(tcp4(22, 22, network("10.0.0.0/8"))), list(tcp4(22, 22, rule.Tier("app"))), "ingress IPv4 tcp/22 from 10.0.0.0/8"},
		{"icmp but a type", list(icmp(rule.AllPorts())), list(icmp(rule.ICMPType(8))), "ingress IPv4 icmp from anyone except [ingress IPv4 icmp/8 from anyone]"},
		{"two parts", list(tcp4(22, 22, rule.Anyone()), tcp4(80, 90, network("10.0.0.0/8"))),
			list(tcp4(22, 22, rule.Tier("app")), tcp4(80, 85, rule.Anyone())),
			"ingress IPv4 tcp/22 from anyone except [ingress IPv4 tcp/22 from tier app]\ningress IPv4 tcp/86-90 from 10.0.0.0/8"},
	} {
		var lines []string
		for _, o := range Difference(Of(c.a...), Of(c.b...)) {
			lines = append(lines, o.String())
		}
		if got := strings.Join(lines, "\n"); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}
