package lint

import (
	"fmt"
	"net/netip"
	"slices"

	"go4.org/netipx"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// member is one network of an address set.
type member struct {
	set  *schema.AddressSet
	item *schema.Address
}

// overlappingSets is SGC006: a network of one set that lies in, or is, one of
// another set or of the same. Each pair of sets is told once, at the first
// network by position; of equal networks the later one is found. Where one set
// lies wholly in another, it is a part of it on purpose.
func overlappingSets(v *view) []found {
	first := map[netip.Prefix]member{}
	for i := range v.Addresses {
		for j := range v.Addresses[i].Items {
			m := member{&v.Addresses[i], &v.Addresses[i].Items[j]}
			if known, ok := first[m.item.Prefix]; !ok || rule.ComparePos(m.item.Pos, known.item.Pos) < 0 {
				first[m.item.Prefix] = m
			}
		}
	}
	type pair struct{ inner, outer *schema.AddressSet }
	type overlap struct {
		inner, outer member
		more         int
	}
	var order []pair
	overlaps := map[pair]*overlap{}
	for i := range v.Addresses {
		for j := range v.Addresses[i].Items {
			inner := member{&v.Addresses[i], &v.Addresses[i].Items[j]}
			outer, ok := around(first, inner)
			if !ok || slices.Contains(outer.set.Sets, inner.set.Name) || slices.Contains(inner.set.Sets, outer.set.Name) {
				continue
			}
			key := pair{inner.set, outer.set}
			switch o := overlaps[key]; {
			case o == nil:
				order = append(order, key)
				overlaps[key] = &overlap{inner: inner, outer: outer}
			case rule.ComparePos(inner.item.Pos, o.inner.item.Pos) < 0:
				*o = overlap{inner, outer, o.more + 1}
			default:
				o.more++
			}
		}
	}
	others := map[*schema.AddressSet]*netipx.IPSetBuilder{} // what sets that overlap with each hold
	for _, key := range order {
		if key.inner == key.outer {
			continue
		}
		for _, sides := range []pair{key, {key.outer, key.inner}} {
			if others[sides.inner] == nil {
				others[sides.inner] = &netipx.IPSetBuilder{}
			}
			others[sides.inner].AddSet(ipSet(sides.outer))
		}
	}
	excepted := v.exceptedAlone()
	shared := map[*schema.AddressSet]bool{}
	for set, b := range others {
		around, err := b.IPSet()
		if err != nil {
			panic(err)
		}
		shared[set] = excepted[set.Name] || !slices.ContainsFunc(set.Items, func(a schema.Address) bool { return !around.ContainsPrefix(a.Prefix) })
	}
	var list []found
	for _, key := range order {
		if key.inner != key.outer && (shared[key.inner] || shared[key.outer]) {
			continue
		}
		list = append(list, v.fireOverlap(overlaps[key].inner, overlaps[key].outer, overlaps[key].more))
	}
	return list
}

// exceptedAlone is the address sets that rules leave out, and that none opens anything to.
func (v *view) exceptedAlone() map[string]bool {
	alone := map[string]bool{}
	for _, r := range v.rules {
		for _, p := range r.Except {
			alone[p.Name] = p.Kind == rule.EndAddresses
		}
	}
	for _, r := range v.rules {
		for _, p := range r.Peers {
			delete(alone, p.Name)
		}
	}
	for _, s := range v.Addresses {
		if !alone[s.Name] {
			for _, part := range s.Sets {
				delete(alone, part)
			}
		}
	}
	return alone
}

// ipSet is the addresses of a set. Its networks have been read, so none is invalid.
func ipSet(s *schema.AddressSet) *netipx.IPSet {
	var b netipx.IPSetBuilder
	for _, a := range s.Items {
		b.AddPrefix(a.Prefix)
	}
	set, err := b.IPSet()
	if err != nil {
		panic(err)
	}
	return set
}

// around is the smallest network that m lies in, or an equal one before it.
func around(first map[netip.Prefix]member, m member) (member, bool) {
	p := m.item.Prefix
	for bits := p.Bits(); bits >= 0; bits-- {
		wider := netip.PrefixFrom(p.Addr(), bits).Masked()
		if known, ok := first[wider]; ok && known.item != m.item {
			return known, true
		}
	}
	return member{}, false
}

func (v *view) fireOverlap(inner, outer member, more int) found {
	same, other := inner.item.Prefix == outer.item.Prefix, inner.set != outer.set
	waivers := [][]schema.Waiver{inner.set.Waive}
	if other {
		waivers = append(waivers, outer.set.Waive)
	}
	message := inner.item.Text
	switch {
	case same && other:
		message += fmt.Sprintf(" is in address set %q too", outer.set.Name)
	case same:
		message += " is in this set already"
	case other:
		message += fmt.Sprintf(" lies in %s of address set %q", outer.item.Text, outer.set.Name)
	default:
		message += fmt.Sprintf(" lies in %s of this set as well", outer.item.Text)
	}
	switch {
	case more == 1:
		message += ", and one more network overlaps"
	case more > 1:
		message += fmt.Sprintf(", and %d more networks overlap", more)
	}
	message += "; write each network once, or waive SGC006 if the sets are meant to share it"
	f := fire("SGC006", inner.item.Pos, rule.Path("addresses", inner.set.Name), message, append(waivers, v.Waive)...)
	f.Related = []Related{{outer.item.Pos, fmt.Sprintf("%s of address set %q", outer.item.Text, outer.set.Name)}}
	return f
}
