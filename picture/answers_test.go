package picture_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/reach"
	"sgc.dev/sgc/rule"
)

// TestPageAnswersAsReachDoes puts questions about all pairs of a policy's names
// to the page and to reach.
func TestPageAnswersAsReachDoes(t *testing.T) {
	for _, policy := range []string{"testdata/shop.cue", "testdata/dmz.cue", "../policies/three-tier", "../policies/kubernetes", "../policies/gateways"} {
		t.Run(policy, func(t *testing.T) {
			view, g := graph(t, policy)
			ctx, faults := browser(t, page(t, view))
			services := map[string]rule.Service{}
			for _, s := range slices.Concat(catalog(t)[:5], g.Services) {
				services[s.Name] = s
			}
			for _, text := range []string{"any", "tcp", "tcp/1", "tcp/22", "tcp/8050-8099", "tcp/1-65535", "tcp/8000-8060", "udp/1-1024", "udp/53", "icmp", "icmp/3:4", "icmp/3", "icmp4/8", "icmp6/135",
				"ipv6-icmp/134:0", "icmp6/133", "icmpv6", "esp", "50", "22", "22/tcp", "443-80", "sctp/9", "gre", "ipv6-route", "tcp/0", "tcp/9-8", "esp/4", "icmp/256", "nonsense"} {
				s, err := rule.ParseService(text)
				if better := rule.PortWritten(text); err != nil || better != "" && better != text {
					s = rule.Service{Name: text}
				}
				services[text] = s
			}
			var questions []string
			var want []string
			for _, from := range g.Names {
				for _, to := range g.Names {
					for text, s := range services {
						questions = append(questions, fmt.Sprintf("[%q,%q,%q]", from.Text, to.Text, text))
						want = append(want, asked(t, view, from.Text, to.Text, text, s))
					}
				}
			}
			got := value[[]string](t, ctx, `[`+strings.Join(questions, ",")+`].map(([f, t, s]) => {
				const a = answer(f, t, s);
				if (a.error) return a.error.startsWith("unknown service") ? "unknown service" : a.error;
				const side = (s) => [s.name, s.unknown, s.addressGroup, s.addresses.join(" ")].join(" ");
				const rule = (n) => n < 0 ? "-" : rules[n].line + " " + rules[n].path + " " + rules[n].peer;
				return [a.verdict, ...a.parts.map((p) => [p.family, p.services.join(","), side(p.from), side(p.to), rule(p.egress), rule(p.ingress)].join("|")).sort(),
					...a.blocks.map((b) => [b.direction, b.name, b.count, ...b.nearest.map((n) => n.rule.line + " " + n.rule.path + " " + n.service + " " + n.rule.peer)].join("|")).sort()].join("\n");
			})`)
			for i := range want {
				if got[i] != want[i] {
					t.Fatalf("%s: the page says\n%s\nreach says\n%s", questions[i], got[i], want[i])
				}
			}
			t.Logf("%d questions", len(questions))
			if f := faults(); f != nil {
				t.Error(f)
			}
		})
	}
}

// asked is reach's answer in the form in which the page's is compared.
func asked(t *testing.T, view *reach.View, from, to, text string, s rule.Service) string {
	t.Helper()
	if s.Matches == nil {
		return "unknown service"
	}
	var ends [2]rule.End
	for i, name := range []string{from, to} {
		end, err := view.End(name)
		if err != nil {
			t.Fatal(err)
		}
		ends[i] = end
	}
	a, err := view.Ask(reach.Question{From: ends[0], To: ends[1], Service: s})
	if err != nil {
		return err.Error()
	}
	var parts []string
	for _, p := range a.Parts {
		side := func(s reach.Side) string {
			var addresses []string
			for _, p := range s.Addresses {
				addresses = append(addresses, p.String())
			}
			return fmt.Sprintf("%s %v %s %s", s.End.Name, s.Unknown, s.AddressGroup, strings.Join(addresses, " "))
		}
		by := func(o *rule.Origin) string {
			if o == nil {
				return "-"
			}
			return fmt.Sprintf("%s %s %s", o.Pos, o.Path, o.Peer)
		}
		var words []string
		for _, m := range p.Matches {
			words = append(words, m.String())
		}
		family := "4"
		if p.Family == rule.IPv6 {
			family = "6"
		}
		parts = append(parts, strings.Join([]string{family, strings.Join(words, ","), side(p.From), side(p.To), by(p.Egress), by(p.Ingress)}, "|"))
	}
	slices.Sort(parts)
	var blocks []string
	for _, b := range a.Blocks {
		block := fmt.Sprintf("%s|%s|%d", b.Direction, b.Server.Name, b.Rules)
		for _, n := range b.Nearest {
			block += fmt.Sprintf("|%s %s %s %s", n.Origin.Pos, n.Origin.Path, n.Match, n.Origin.Peer)
		}
		blocks = append(blocks, block)
	}
	slices.Sort(blocks)
	return strings.Join(slices.Concat([]string{a.Verdict.String()}, parts, blocks), "\n")
}
