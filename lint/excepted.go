package lint

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"

	"go4.org/netipx"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// letInAnyway is SGC027: a rule that opens to somebody what another rule of the tier
// opens to everyone but him, or lets others open. It fires too on tiers and groups beside
// an except: nobody is taken out of them, and what addresses they have is not known.
func letInAnyway(v *view) []found {
	may := map[*schema.Tier][]liveRule{}
	for rules := range byTier(v.may) {
		may[rules[0].tier] = rules
	}
	var list []found
	for _, r := range v.rules {
		if r.Except != nil {
			list = append(list, v.letIn(r, may[r.tier])...)
		}
	}
	return list
}

// letIn finds, among the rules of a tier, those that open what r excepts.
func (v *view) letIn(r liveRule, rules []liveRule) []found {
	except := v.takenFrom(r)
	var list []found
	seen := map[rule.Origin]bool{}
	for _, other := range rules {
		for _, e := range other.entries {
			o := e.Origins[0]
			if e.Direction != r.Direction || seen[o] || !opensAny(r, e) {
				continue
			}
			certain, maybe := v.reaches(e, except.networks)
			if !certain && !(maybe && other.Rule == r.Rule) {
				continue
			}
			seen[o] = true
			preposition := map[rule.Direction]string{rule.Ingress: "from", rule.Egress: "to"}[e.Direction]
			cure := "except it here too"
			if e.Remote.Kind() == rule.RemoteTier {
				cure = "remove the tier"
			}
			message := fmt.Sprintf("%q %s %s %s %s, which %s (%s) excepts; no rule closes what another opens: %s",
				o.Peer, other.opens, e.Service(), preposition, some(except.overlapping(e)), r.Path, r.Pos, cure)
			if !certain {
				message = fmt.Sprintf("except removes nobody from %q, which opens %s %s whoever of %s is in it; remove it, or give it a rule of its own",
					o.Peer, e.Service(), preposition, some(except.texts))
			}
			f := fire("SGC027", o.PeerPos, other.Path, message, other.Waive, r.Waive, other.tier.Waive, v.Waive)
			f.Related = []Related{{r.Except[0].Pos, "excepted in " + r.Path}}
			list = append(list, f)
		}
	}
	return list
}

// opensAny says whether a rule opens any of an entry's ports, to whomever.
func opensAny(r liveRule, e rule.Entry) bool {
	return r.Families.Has(e.Family) && slices.ContainsFunc(r.Service.Matches, func(m schema.Match) bool {
		return m.Families.Has(e.Family) && concrete(m).Span().Overlaps(e.Span())
	})
}

// reaches says whether an entry is for any of the addresses, and whether it may be
// for one of them as far as is known.
func (v *view) reaches(e rule.Entry, networks []netip.Prefix) (certain, maybe bool) {
	switch e.Remote.Kind() {
	case rule.RemoteAnyone:
		return slices.ContainsFunc(networks, func(p netip.Prefix) bool { return p.Addr().BitLen() == e.Family.Bits() }), false
	case rule.RemotePrefix:
		return overlap(networks, e.Remote.Prefix()), false
	case rule.RemoteTier:
		known := len(v.carriers[e.Remote.Name()]) > 0
		for _, s := range v.carriers[e.Remote.Name()] {
			own := slices.DeleteFunc(slices.Clone(s.Addresses), func(a schema.Address) bool { return a.Prefix.Addr().BitLen() != e.Family.Bits() })
			known = known && len(own) > 0
			certain = certain || slices.ContainsFunc(own, func(a schema.Address) bool { return overlap(networks, a.Prefix) })
		}
		return certain, !known
	}
	return false, true
}

// taken is whom a rule excepts out of its peers.
type taken struct {
	peers    []schema.Peer
	texts    []string       // in quotes
	networks []netip.Prefix // apart, and in order
}

func (v *view) takenFrom(r liveRule) taken {
	t := taken{peers: r.Except}
	var from, except netipx.IPSetBuilder
	for _, p := range r.Peers {
		for _, prefix := range v.whole(p) {
			from.AddPrefix(prefix)
		}
	}
	for _, p := range r.Except {
		t.texts = append(t.texts, strconv.Quote(p.Text))
		for _, prefix := range p.Prefixes {
			except.AddPrefix(prefix)
		}
	}
	all, _ := from.IPSet()
	except.Intersect(all)
	set, _ := except.IPSet()
	t.networks = set.Prefixes()
	return t
}

// overlap says whether any of some networks overlaps p. They are apart, and in order.
func overlap(networks []netip.Prefix, p netip.Prefix) bool {
	i, _ := slices.BinarySearchFunc(networks, p.Addr(), func(n netip.Prefix, a netip.Addr) int { return netipx.PrefixLastIP(n).Compare(a) })
	return i < len(networks) && networks[i].Overlaps(p)
}

// overlapping names those of the excepted that an entry is for, all where it is not
// for addresses.
func (t taken) overlapping(e rule.Entry) []string {
	if e.Remote.Kind() != rule.RemotePrefix {
		return t.texts
	}
	var list []string
	for i, p := range t.peers {
		if slices.ContainsFunc(p.Prefixes, e.Remote.Prefix().Overlaps) {
			list = append(list, t.texts[i])
		}
	}
	return list
}

// whole is what a peer has before anybody is excepted.
func (v *view) whole(p schema.Peer) []netip.Prefix {
	switch p.Kind {
	case rule.EndPublic:
		return []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")}
	case rule.EndAddresses:
		for i := range v.Addresses {
			if v.Addresses[i].Name == p.Name {
				return v.Addresses[i].Prefixes
			}
		}
	}
	if prefix, err := netip.ParsePrefix(p.Text); err == nil {
		return []netip.Prefix{prefix}
	}
	return p.Prefixes
}
