package lint

import (
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// side is a direction in one IP version.
type side struct {
	direction rule.Direction
	family    rule.Family
}

// openings is what a tier, or several together, allow: the lists of what they compiled to,
// put in order side by side as it is asked for.
type openings struct {
	lists [][]rule.Entry
	sides map[side]*opening
}

// opening is what is allowed on one side: in all, and by whom it is for, which is
// anyone, a tier, or, under the zero Remote, somebody else of whom nothing is
// known here.
type opening struct {
	all rule.Line
	to  map[rule.Remote]rule.Line
}

// whoOf is the key of a remote in an opening. Whether a server has an address of
// a prefix, or carries a group of somebody else, is not for a policy to know.
func whoOf(r rule.Remote) rule.Remote {
	switch {
	case isWorld(r):
		return rule.Anyone()
	case r.Kind() == rule.RemoteTier:
		return r
	}
	return rule.Remote{}
}

func openingsOf(lists ...[]rule.Entry) *openings {
	return &openings{lists, map[side]*opening{}}
}

// at is what is allowed on a side.
func (o *openings) at(s side) *opening {
	if o.sides[s] != nil {
		return o.sides[s]
	}
	at := &opening{to: map[rule.Remote]rule.Line{}}
	for _, entries := range o.lists {
		for i := range entries {
			if r := &entries[i].Rule; (side{r.Direction, r.Family}) == s {
				at.add(*r)
			}
		}
	}
	at.all = rule.NewLine(at.all)
	for who, l := range at.to {
		at.to[who] = rule.NewLine(l)
	}
	o.sides[s] = at
	return at
}

func (o *opening) add(r rule.Rule) {
	who := whoOf(r.Remote)
	o.all, o.to[who] = append(o.all, r.Span()), append(o.to[who], r.Span())
}

// many is how many mates make a tier one that is shared, for which sums are made
// once instead of asking every mate again and again.
const many = 16

// toward is the key of a sum: what an opening has for the mates of a tier.
type toward struct {
	*opening
	tier string
}

// allows says whether any of r's protocol and ports is allowed in an opening for
// a server that carries the tier, as far as a policy can tell: somebody unknown
// may be that server.
func (v *view) allows(o *opening, r rule.Rule, tier string) bool {
	if !o.all.Overlaps(r.Span()) {
		return false
	}
	remotes, mates := o.to, v.withMates(tier)
	switch {
	case remotes[rule.Anyone()].Overlaps(r.Span()) || remotes[rule.Remote{}].Overlaps(r.Span()):
		return true
	case len(mates) <= many:
		for name := range mates {
			if remotes[rule.Tier(name)].Overlaps(r.Span()) {
				return true
			}
		}
		return false
	}
	key := toward{o, tier}
	if _, made := v.sums[key]; !made {
		var sum []rule.Span
		for who, l := range remotes {
			if mates[who.Name()] {
				sum = append(sum, l...)
			}
		}
		v.sums[key] = rule.NewLine(sum)
	}
	return v.sums[key].Overlaps(r.Span())
}

// opensOf is what one tier allows.
func (v *view) opensOf(tier string) *openings {
	if v.opened[tier] == nil {
		v.opened[tier] = openingsOf(v.written[tier])
	}
	return v.opened[tier]
}

// opensAround is what the tiers allow, among those that want is true of, of the
// servers that carry a tier; the union of the list. A tier that many servers
// share has many mates, and is a mate of many: its mates are put together once,
// and it is put into no other sum.
func (v *view) opensAround(tier string, want func(*schema.Tier) bool) []*openings {
	var list []*openings
	var sum [][]rule.Entry
	mates := v.withMates(tier)
	for name := range mates {
		switch t := v.tiers[name]; {
		case t == nil || !want(t):
		case len(mates) > many:
			sum = append(sum, v.written[name])
		default:
			list = append(list, v.opensOf(name))
		}
	}
	if sum != nil {
		list = append(list, openingsOf(sum...))
	}
	return list
}
