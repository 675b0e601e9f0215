package schema

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"cuelang.org/go/cue"

	"sgc.dev/sgc/rule"
)

// addressSet reads named networks: a list, or a struct with the list in it.
func (r *reader) addressSet(n node) AddressSet {
	r.checkName(n)
	s := AddressSet{Name: n.Name, Pos: n.Pos(), Referenced: r.refs.To(n.Up, n.Name)}
	if n.Kind == cue.ListKind {
		s.Items = r.addresses(n, n.Name)
		return s
	}
	r.text(n.Field("description"))
	s.Waive = r.waivers(n.Field("waive"))
	may, cidrs := n.Field("mayBeEmpty"), n.Field("cidrs")
	s.MayBeEmpty = may.There() && (may.Truth || !r.is(may, cue.BoolKind))
	if !cidrs.There() {
		r.lack(n, "cidrs", `missing field "cidrs": say which networks`)
	}
	if !s.MayBeEmpty || cidrs.Kind != cue.ListKind || len(cidrs.Inner) > 0 {
		s.Items = r.addresses(cidrs, n.Name)
	}
	return s
}

// addresses reads a list of networks. What is none may be the name of a set where
// the list is that of a set: all names are known later.
func (r *reader) addresses(n node, set string) []Address {
	var found []Address
	for _, item := range r.items(n) {
		s, ok := r.str(item)
		if !ok {
			continue
		}
		p, err := parsePrefix(s)
		if err != nil && set != "" {
			r.sets[set] = append(r.sets[set], item)
			continue
		}
		if r.names.peers[s].kind == rule.EndAddresses {
			err = fmt.Errorf("%q is an address set, and a server has addresses of its own: write them here", s)
		}
		if err != nil {
			r.fault(item, err.Error())
			continue
		}
		found = append(found, Address{Prefix: p, Text: s, Pos: item.Pos()})
	}
	return found
}

// permit is how a policy says that a set may be empty.
const permit = "say which networks, or write {cidrs: [], mayBeEmpty: true} where there may be none"

// nestSets finds the sets that others name, and puts together what each is.
func (r *reader) nestSets(p *Policy) {
	for name, items := range r.sets {
		r.sets[name] = slices.DeleteFunc(items, func(item node) bool { return !r.isSet(item) })
	}
	r.circles(r.sets)
	own := map[string][]Address{}
	empty := map[string]bool{} // and may be
	for _, s := range p.Addresses {
		own[s.Name], empty[s.Name] = s.Items, s.MayBeEmpty && s.Items == nil
	}
	for i := range p.Addresses {
		s := &p.Addresses[i]
		s.Sets = r.sets.inner(s.Name)
		seen := map[netip.Prefix]bool{}
		for _, name := range append([]string{s.Name}, s.Sets...) {
			for _, a := range own[name] {
				if !seen[a.Prefix] {
					seen[a.Prefix] = true
					s.Prefixes = append(s.Prefixes, a.Prefix)
				}
			}
		}
		if !s.MayBeEmpty && s.Prefixes == nil && s.Sets != nil && !slices.ContainsFunc(s.Sets, func(name string) bool { return !empty[name] }) {
			r.faultAt(s.Pos, rule.Path("addresses", s.Name), "the set is empty, as all are that it is made of: name another, or write mayBeEmpty: true beside cidrs")
		}
		d := r.names.peers[s.Name]
		d.prefixes = s.Prefixes
		r.names.peers[s.Name] = d
	}
}

// isSet checks the name of a set in another.
func (r *reader) isSet(item node) bool {
	d, known := r.names.peers[item.Text]
	switch {
	case known && d.kind == rule.EndAddresses:
		return true
	case known:
		r.fault(item, fmt.Sprintf("%q is %s, and an address set is made of networks and other sets: name both in the rule", item.Text, nouns[d.kind]))
		return false
	case item.Text == "public":
		r.fault(item, `"public" is everyone, and an address set is made of networks and other sets: name "public" in the rule`)
		return false
	}
	_, err := parsePrefix(item.Text)
	message := err.Error()
	if meant := r.suggest.DidYouMean(item.Text, r.names.of(rule.EndAddresses)); meant != "" && !looksLikeAddress(item.Text) {
		message = fmt.Sprintf("unknown address set %q%s", item.Text, meant)
	}
	r.fault(item, message)
	return false
}

// parsePrefix reads a CIDR, or an address for itself. Nothing in it is left to
// guess: no host bits, no zone, no IPv4 inside IPv6.
func parsePrefix(s string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(s); err == nil {
		if err := checkAddr(addr, s); err != nil {
			return netip.Prefix{}, err
		}
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		host, length, _ := strings.Cut(s, "/")
		if addr, err := netip.ParseAddr(host); err == nil && !strings.ContainsAny(length, ", \t") && !(addr.Is4() && strings.Contains(length, ":")) {
			if addr.Zone() != "" {
				return netip.Prefix{}, checkAddr(addr, s)
			}
			if n, ok := maskLength(length); ok {
				return netip.Prefix{}, fmt.Errorf("a network has a length, not a mask: write \"%s/%d\"", host, n)
			}
			return netip.Prefix{}, fmt.Errorf("%q is not a network: the length after / is 0 to %d", s, addr.BitLen())
		}
		if meant := cmp.Or(networkMeant(s), hostMeant(s)); meant != "" {
			return netip.Prefix{}, fmt.Errorf("%q is not a network: %s", s, meant)
		}
		return netip.Prefix{}, fmt.Errorf("%q is neither an address nor a network such as 192.0.2.0/24 or 2001:db8::/32", s)
	}
	if err := checkAddr(p.Addr(), s); err != nil {
		return netip.Prefix{}, err
	}
	if m := p.Masked(); m != p {
		return netip.Prefix{}, fmt.Errorf("%s: host bits set; write %s for the network or %s for the address", s, m, p.Addr())
	}
	return p, nil
}

func checkAddr(addr netip.Addr, s string) error {
	switch {
	case addr.IsUnspecified() && addr.Zone() == "" && !strings.Contains(s, "/"):
		return fmt.Errorf(`%s is the one address of those that have none yet: everyone is "public"; if you do mean it, write %s/%d`, s, s, addr.BitLen())
	case addr.IsLoopback() && !strings.Contains(s, "/"):
		return fmt.Errorf("%s is the machine itself, and what it sends itself passes no security group: leave it out; if you do mean it, write %s/%d", s, s, addr.BitLen())
	case addr.Zone() != "":
		zone, _, _ := strings.Cut(addr.Zone(), "/")
		return fmt.Errorf("%s has a zone, which means something on one machine alone: leave out %%%s", s, zone)
	case addr.Is4In6():
		meant := addr.Unmap().String()
		if p, err := netip.ParsePrefix(s); err == nil && p.Bits() >= 96 {
			meant += fmt.Sprintf("/%d", p.Bits()-96)
		}
		return fmt.Errorf("%s is IPv4 written as IPv6: write %s", s, meant)
	}
	return nil
}
