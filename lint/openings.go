package lint

import "sgc.dev/sgc/rule"

// side is a direction in one IP version.
type side struct {
	direction rule.Direction
	family    rule.Family
}

// openings is what some tiers together allow, by whom it is for: anyone, a tier,
// or, under the zero Remote, somebody else of whom nothing is known here.
type openings map[side]map[rule.Remote]services

// whoOf is the key of a remote in openings. Whether a server has an address of a
// prefix, or carries a group of somebody else, is not for a policy to know.
func whoOf(r rule.Remote) rule.Remote {
	switch {
	case isWorld(r):
		return rule.Anyone()
	case r.Kind() == rule.RemoteTier:
		return r
	}
	return rule.Remote{}
}

func (o openings) add(r rule.Rule) {
	at := side{r.Direction, r.Family}
	if o[at] == nil {
		o[at] = map[rule.Remote]services{}
	}
	who := whoOf(r.Remote)
	if o[at][who] == nil {
		o[at][who] = services{}
	}
	o[at][who].add(r)
}

func (o openings) seal() {
	for _, remotes := range o {
		for _, s := range remotes {
			s.seal()
		}
	}
}

// allows says whether any of r's protocol and ports, in r's family, is allowed
// in a direction for a server that carries one of the tiers, as far as a policy
// can tell: somebody unknown may be that server.
func (o openings) allows(d rule.Direction, r rule.Rule, tiers map[string]bool) bool {
	remotes := o[side{d, r.Family}]
	if remotes[rule.Anyone()].overlaps(r) || remotes[rule.Remote{}].overlaps(r) {
		return true
	}
	if len(tiers) < len(remotes) {
		for name := range tiers {
			if remotes[rule.Tier(name)].overlaps(r) {
				return true
			}
		}
		return false
	}
	for who, s := range remotes {
		if tiers[who.Name()] && s.overlaps(r) {
			return true
		}
	}
	return false
}

// tierOpens is what one tier allows.
func (v *view) tierOpens(tier string) openings {
	return v.opens(map[string]bool{tier: true})
}

// opens is what tiers allow together.
func (v *view) opens(tiers map[string]bool) openings {
	o := openings{}
	for name := range tiers {
		for _, e := range v.written[name] {
			o.add(e.Rule)
		}
	}
	o.seal()
	return o
}
