package reach

import (
	"fmt"
	"net/netip"
	"slices"

	"go4.org/netipx"

	"sgc.dev/sgc/rule"
)

// Failure is an assertion that does not hold, or that is about nothing.
type Failure struct {
	Assertion rule.Assertion
	Pos       rule.Pos      // of the assertion, or of the name in it that is about nothing
	Reason    string        // in words
	Packet    *Packet       // the counterexample; nil where the assertion is about nothing
	Origins   []rule.Origin // of never and only: the rules that let Packet through, egress first
	Block     *Block        // of always: the side that does not
}

// Judge is the assertions of a policy that do not hold, in the order of the
// policy, with one counterexample each.
//
// What passes depending on an address or a membership that the policy does not
// know, or on what others may open, counts as passing for never and only, and as not
// passing for always. An assertion about no packet at all fails.
func Judge(set *rule.Set) []Failure {
	if len(set.Assertions) == 0 {
		return nil
	}
	v := New(set)
	var failures []Failure
	for _, a := range set.Assertions {
		f := v.verdict(a)
		if f == nil {
			continue
		}
		if v.failsInIPv6Alone(a, f) {
			f.Reason += `; it fails in IPv6 alone: if IPv4 is all you mean, write families: ["ipv4"]`
		}
		failures = append(failures, *f)
	}
	return failures
}

// RestOnNetworks is the assertions of which the verdict would be another one if the
// policy did not say where servers live, in the order of their lines.
func RestOnNetworks(set *rule.Set) []rule.Assertion {
	if len(set.Networks) == 0 || len(set.Assertions) == 0 {
		return nil
	}
	silent := *set
	silent.Networks = nil
	v, without := New(set), New(&silent)
	list := slices.DeleteFunc(slices.Clone(set.Assertions), func(a rule.Assertion) bool {
		return (v.verdict(a) == nil) == (without.verdict(a) == nil)
	})
	slices.SortFunc(list, func(a, b rule.Assertion) int { return rule.ComparePos(a.Pos, b.Pos) })
	return list
}

// failsInIPv6Alone says whether a failed assertion holds in IPv4, where it is about
// packets of that.
func (v *View) failsInIPv6Alone(a rule.Assertion, f *Failure) bool {
	if f.Packet == nil || f.Packet.Match.Family != rule.IPv6 {
		return false
	}
	a.Service.Matches = slices.DeleteFunc(slices.Clone(a.Service.Matches), func(m rule.Match) bool { return m.Family == rule.IPv6 })
	return v.verdict(a) == nil
}

// verdict judges what the policy opens, and for never and only what others may open too.
func (v *View) verdict(a rule.Assertion) *Failure {
	f := v.judge(a)
	if f == nil && v.open != nil && a.Kind != rule.Always {
		f = v.open.judge(a)
	}
	return f
}

func (v *View) judge(a rule.Assertion) *Failure {
	if len(a.From) == 0 || len(a.To) == 0 {
		side := "from"
		if len(a.From) > 0 {
			side = "to"
		}
		return &Failure{Assertion: a, Pos: a.Pos, Reason: fmt.Sprintf(`is about nothing: "except" leaves no tier or server of "every tier" in %q: name fewer there`, side)}
	}
	a.From, a.To = v.inhabited(a.From), v.inhabited(a.To) // what is about nobody, as the policy says that it may be, holds
	if a.Kind == rule.Only {
		return v.judgeOnly(a)
	}
	var all []crossing
	for _, from := range a.From {
		for _, to := range a.To {
			list, err := v.crossings(Question{from, to, a.Service})
			if err != nil {
				return &Failure{Assertion: a, Pos: from.Pos, Reason: "is about nothing: " + err.Error()}
			}
			all = append(all, list...)
		}
	}
	if a.Kind == rule.Always {
		return v.lacking(a, all)
	}
	return v.passing(a, all, "")
}

// inhabited is ends without those that are address sets with nobody in them.
func (v *View) inhabited(ends []rule.End) []rule.End {
	return slices.DeleteFunc(slices.Clone(ends), func(end rule.End) bool {
		return end.Kind == rule.EndAddresses && slices.ContainsFunc(v.set.Addresses, func(s rule.AddressSet) bool { return s.Name == end.Name && len(s.Prefixes) == 0 })
	})
}

// judgeOnly asks of everyone else whether he reaches what the assertion keeps.
func (v *View) judgeOnly(a rule.Assertion) *Failure {
	others, err := v.others(a.From)
	if err != nil {
		return &Failure{Assertion: a, Pos: a.Pos, Reason: "is about nothing: " + err.Error()}
	}
	var all []crossing
	for _, to := range a.To {
		tos, err := v.members(to)
		if err != nil {
			return &Failure{Assertion: a, Pos: to.Pos, Reason: "is about nothing: " + err.Error()}
		}
		list, _ := v.crossAll(others, tos, a.Service)
		if len(list) == 0 {
			return &Failure{Assertion: a, Pos: to.Pos, Reason: fmt.Sprintf("is about nothing: beside %q nobody could reach %s with %s", "from", to.Name, a.Service.Name)}
		}
		all = append(all, list...)
	}
	return v.passing(a, all, `, and is not among "from"`)
}

// passing fails an assertion for a packet that passes, a certain one where
// there is one.
func (v *View) passing(a rule.Assertion, crossings []crossing, besides string) *Failure {
	var found *Failure
	for i := range crossings {
		c := &crossings[i]
		if c.itself {
			p := Packet{rule.At(c.asked.Family, c.asked.Span().First), c.from.spot(c.asked.Family, netip.Addr{}), c.to.spot(c.asked.Family, netip.Addr{})}
			return &Failure{Assertion: a, Pos: a.Pos, Packet: &p, Reason: fmt.Sprintf("does not hold: %s passes by itself, as neighbour discovery%s", p, besides)}
		}
		for _, pass := range c.passes {
			certain := pass.certain(c)
			if found != nil && !certain {
				continue
			}
			p := c.example(pass)
			may, cure := "passes", ""
			switch {
			case !certain:
				may = "may pass, since the policy does not know those addresses"
				if f := c.asked.Family; c.from.perhaps(f, pass.in) {
					cure = v.cure(c.from, f)
				} else if c.to.perhaps(f, pass.out) {
					cure = v.cure(c.to, f)
				}
			case v.theirs != nil:
				may = "may pass, since others may open it"
			}
			found = &Failure{Assertion: a, Pos: a.Pos, Packet: &p, Reason: fmt.Sprintf("does not hold: %s %s%s%s", p, may, besides, cure)}
			for _, h := range []*hold{pass.out, pass.in} {
				found.Origins = append(found.Origins, h.Origins...)
			}
			if certain {
				return found
			}
		}
	}
	return found
}

// certain says whether packets of the pass exist whatever the addresses are that
// the policy does not know.
func (p pass) certain(c *crossing) bool {
	f := c.asked.Family
	return p.in.group == "" && p.out.group == "" && !c.from.perhaps(f, p.in) && !c.to.perhaps(f, p.out)
}

// perhaps says whether a rule at the other end lets the member through depending on
// an address that the policy does not know.
func (m *member) perhaps(f rule.Family, h *hold) bool {
	return m.unknown[f] && (h.in.IsValid() || m.partly(f))
}

// lacking fails an assertion for a packet that does not pass.
func (v *View) lacking(a rule.Assertion, crossings []crossing) *Failure {
	for i := range crossings {
		c := &crossings[i]
		p, side, ok := c.lack()
		if !ok {
			continue
		}
		own, other := c.from, c.to
		if side == rule.Ingress {
			own, other = c.to, c.from
		}
		b := own.block(side, other, p.Match)
		cure := ""
		if f := p.Match.Family; slices.ContainsFunc(own.holds(side, other, p.Match), func(h hold) bool { return other.perhaps(f, &h) }) {
			cure = v.cure(other, f)
		}
		return &Failure{Assertion: a, Pos: a.Pos, Packet: &p, Block: &b,
			Reason: fmt.Sprintf("does not hold: %s does not pass: %s of %s blocks it%s", p, side, own.end.Name, cure)}
	}
	return nil
}

// cure is what to write for a verdict that depends on an address of a server.
func (v *View) cure(m *member, f rule.Family) string {
	network := map[rule.Family]string{rule.IPv4: "10.0.0.0/16", rule.IPv6: "fd00::/48"}[f]
	switch {
	case !m.guarded:
		return ""
	case !v.saysHome(f):
		return fmt.Sprintf("; say where servers live, as in networks: [%q] at the top", network)
	case m.end.Kind == rule.EndTier:
		return fmt.Sprintf("; name a server that carries %s, and its addresses", m.end.Name)
	}
	return fmt.Sprintf("; say which addresses server %s has", m.end.Name)
}

// others is everyone but some ends: the world, address sets, other servers,
// groups of others. Addresses of the ends are nobody else's, and neither are
// those of the address groups among them. Of a server that some of its addresses
// name, the others count.
func (v *View) others(ends []rule.End) ([]*member, error) {
	taken := map[rule.Family]*netipx.IPSet{}
	var builders [2]netipx.IPSetBuilder
	var named []*member
	var except []string
	for _, end := range ends {
		members, err := v.members(end)
		if err != nil {
			return nil, err
		}
		for _, m := range members {
			if m.whole == nil {
				named = append(named, m)
			}
			for i, f := range families {
				if !m.unknown[f] {
					builders[i].AddSet(m.addresses[f])
				}
			}
		}
		if end.Kind == rule.EndAddressGroup {
			except = append(except, end.Name)
		}
	}
	for i, f := range families {
		taken[f] = built(&builders[i])
	}
	var others []*member
	for _, m := range v.everyone {
		if !slices.ContainsFunc(named, func(n *member) bool { return n.end.Kind == m.end.Kind && n.end.Name == m.end.Name }) {
			others = append(others, m.without(taken, except))
		}
	}
	return others, nil
}

// without is the member but for some addresses and the members of some address groups.
func (m *member) without(taken map[rule.Family]*netipx.IPSet, except []string) *member {
	rest := *m
	rest.except = except
	rest.addresses = map[rule.Family]*netipx.IPSet{}
	for _, f := range families {
		rest.addresses[f] = minus(m.addresses[f], taken[f])
	}
	return &rest
}
