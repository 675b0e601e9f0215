package draft

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// set is networks that go together wherever they are: the same statements have them.
type set struct {
	name     string
	prefixes []netip.Prefix
	uses     []use
}

type use struct {
	tier *tier
	*statement
}

// factor makes address sets of networks that several tiers, or several rules, have in
// common. Networks that are in exactly the same statements are one set, so the list of a
// statement is the union of its sets, exactly, and of what is in no set.
func (p *Policy) factor() {
	uses := map[netip.Prefix][]use{}
	number := map[*statement]int{}
	var order []netip.Prefix
	for _, t := range p.Tiers {
		for _, s := range t.statements {
			number[s] = len(number)
			for _, r := range s.remotes {
				if r.Kind() != rule.RemotePrefix || s.born {
					continue
				}
				if uses[r.Prefix()] == nil {
					order = append(order, r.Prefix())
				}
				uses[r.Prefix()] = append(uses[r.Prefix()], use{t, s})
			}
		}
	}
	classes := map[string]*set{}
	var sets []*set
	for _, prefix := range order {
		var key strings.Builder
		for _, u := range uses[prefix] {
			fmt.Fprintf(&key, "%d,", number[u.statement])
		}
		class := classes[key.String()]
		if class == nil {
			class = &set{uses: uses[prefix]}
			classes[key.String()] = class
			sets = append(sets, class)
		}
		class.prefixes = append(class.prefixes, prefix)
	}
	known := p.Sets.take(p.names)
	for _, s := range sets {
		slices.SortFunc(s.prefixes, comparePrefix)
		if tiers := s.tiers(); len(tiers) < 2 && (len(s.uses) < 2 || len(s.prefixes) <= 2) {
			continue
		}
		networks := fmt.Sprint(s.prefixes)
		if s.name = known[networks]; s.name == "" {
			s.name = p.setName(s)
		}
		if p.Sets != nil && p.Sets[networks] == "" {
			p.Sets[networks] = s.name
		}
		for _, prefix := range s.prefixes {
			p.peers[rule.Prefix(prefix)] = "" // it is written as its set
			p.setOf[prefix] = s
		}
		p.sets = append(p.sets, s)
	}
	slices.SortFunc(p.sets, func(a, b *set) int { return strings.Compare(a.name, b.name) })
}

// setName is what a set is called: by its network where it is of one, by the rule that is
// plainest where one tier has it, and by the service where all rules of several are for the
// same. Anything else would say of one tier what is so of others.
func (p *Policy) setName(s *set) string {
	first := s.uses[0]
	switch {
	case len(s.prefixes) == 1:
		return p.names.unique("net-" + networkName(s.prefixes[0]))
	case len(s.tiers()) == 1:
		plainest := slices.MinFunc(s.uses, func(a, b use) int { return len(a.remotes) - len(b.remotes) })
		return p.names.unique(made(plainest.tier.name+"-"+plainest.key, "net"))
	case !slices.ContainsFunc(s.uses, func(u use) bool { return u.direction != first.direction || u.atom.name != first.atom.name }):
		way := map[rule.Direction]string{rule.Ingress: "-from", rule.Egress: "-to"}[first.direction]
		return p.names.unique(made(first.atom.name+way, "net"))
	}
	for n := 1; ; n++ {
		if name := fmt.Sprintf("networks-%d", n); !p.names[name] {
			return p.names.unique(name)
		}
	}
}

// tiers is the names of the tiers that have the set.
func (s *set) tiers() []string {
	var names []string
	for _, u := range s.uses {
		if !slices.Contains(names, u.tier.name) {
			names = append(names, u.tier.name)
		}
	}
	return names
}

// used says where the set is used: that is what one has to know to name it.
func (s *set) used() string {
	tiers := s.tiers()
	if len(tiers) > 3 {
		return fmt.Sprintf("%d tiers", len(tiers))
	}
	var text []string
	for _, tier := range tiers {
		var keys []string
		for _, u := range s.uses {
			if u.tier.name == tier {
				keys = append(keys, u.key)
			}
		}
		if len(keys) > 4 {
			keys = append(keys[:4], fmt.Sprintf("and %d more", len(keys)-4))
		}
		text = append(text, tier+": "+strings.Join(keys, ", "))
	}
	return strings.Join(text, "; ")
}

// networkName is a network as a part of a name, which has neither colons nor slashes.
func networkName(p netip.Prefix) string {
	name := cmp.Or(strings.ReplaceAll(strings.Trim(p.Addr().String(), ":"), ":", "-"), "0")
	if !p.IsSingleIP() {
		name += fmt.Sprintf("-%d", p.Bits())
	}
	return name
}

// network is a network as a policy writes it: the addresses that are mostly written by mistake
// have their length.
func network(p netip.Prefix) string {
	if p.IsSingleIP() && !p.Addr().IsUnspecified() && !p.Addr().IsLoopback() {
		return p.Addr().String()
	}
	return p.String()
}

func comparePrefix(a, b netip.Prefix) int {
	return cmp.Or(a.Addr().Compare(b.Addr()), cmp.Compare(a.Bits(), b.Bits()))
}
