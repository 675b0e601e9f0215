package reach

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"

	"sgc.dev/sgc/rule"
)

// Question is whether packets of a service pass from one end to another.
type Question struct {
	From, To rule.End
	Service  rule.Service
}

// Answer is what a View says to a Question.
type Answer struct {
	Question
	Verdict Verdict
	Perhaps bool     // InPart, and nothing passes but depending on addresses that the policy does not know
	Parts   []Part   // what passes by rules; nil for No
	Lacks   []Packet // examples of what does not pass, at most one a family; nil for Yes
	Blocks  []Block  // of a No, what each server that blocks has instead; else nil
	Replies Replies  // of what passes
	Notes   []string // sentences about what rules do not decide
}

// Part is packets of one family that pass by the same two rules of the policy.
type Part struct {
	Family   rule.Family
	Matches  []rule.Match
	From, To Side
	Egress   *rule.Origin // what lets them out; nil where From has no rules of this policy
	Ingress  *rule.Origin // what lets them in; nil where To has none
}

// Side is one end of packets that pass.
type Side struct {
	End          rule.End       // a server, a tier that no server carries, or an end without rules of this policy: the outsiders in it
	Addresses    []netip.Prefix // those with which they pass, where not all do; of outsiders, all that are not a server's
	Unknown      bool           // Addresses are a condition: the policy does not know whether the end has one of them
	AddressGroup string         // the address group in which the address has to be, or ""
}

// Ask answers a question. It is an error to ask what holds no packet: of two
// ends without rules of this policy, or of addresses and services of different
// families.
func (v *View) Ask(q Question) (Answer, error) {
	crossings, err := v.crossings(q)
	if err != nil {
		return Answer{}, err
	}
	return v.answer(q, crossings), nil
}

// answer sums up a question's pieces, of which there is at least one.
func (v *View) answer(q Question, crossings []crossing) Answer {
	a := Answer{Question: q}
	pairs := [][2]*member{}
	complete := true
	for i := range crossings {
		c := &crossings[i]
		pairs = append(pairs, [2]*member{c.from, c.to})
		a.Parts = append(a.Parts, c.parts()...)
		if p, _, ok := c.lack(); ok {
			complete = false
			if !slices.ContainsFunc(a.Lacks, func(l Packet) bool { return l.Match.Family == p.Match.Family }) {
				a.Lacks = append(a.Lacks, p)
			}
		}
	}
	switch {
	case complete:
		a.Verdict = Yes
	case slices.ContainsFunc(crossings, func(c crossing) bool { return !c.none() }):
		a.Verdict = InPart
		a.Perhaps = !slices.ContainsFunc(crossings, func(c crossing) bool { return !c.perhaps() })
	default:
		a.Verdict = No
		a.Blocks = v.blocks(crossings)
	}
	a.Parts = joinParts(a.Parts)
	a.Replies = replies(crossings)
	a.Notes = unique(append(remarks(q.Service, pairs), v.whoIsThere(q, pairs)...))
	if !complete {
		a.Notes = append(a.Notes, v.byOthers(q)...)
	}
	return a
}

// crossings is a question in its single pieces: each pair of members, each match.
func (v *View) crossings(q Question) ([]crossing, error) {
	froms, err := v.members(q.From)
	if err != nil {
		return nil, err
	}
	tos, err := v.members(q.To)
	if err != nil {
		return nil, err
	}
	list, judged := v.crossAll(froms, tos, q.Service)
	switch {
	case len(v.inhabited([]rule.End{q.From, q.To})) < 2:
		return nil, fmt.Errorf("%s or %s is an empty address set", q.From.Name, q.To.Name)
	case !judged:
		return nil, fmt.Errorf("the policy says nothing about %s to %s: neither end is a tier or a server", q.From.Name, q.To.Name)
	case len(list) == 0:
		return nil, fmt.Errorf("%s, %s and %s have no IP version in common", q.From.Name, q.To.Name, q.Service.Name)
	}
	return list, nil
}

// crossAll crosses every pair of members; judged is false where no pair has
// rules of the policy at either end.
//
// A family that the policy is not about counts where something passes in it, or
// where nothing else is asked.
func (v *View) crossAll(froms, tos []*member, service rule.Service) (list []crossing, judged bool) {
	var beside []crossing
	for _, from := range froms {
		for _, to := range tos {
			if !from.guarded && !to.guarded {
				continue
			}
			judged = true
			for _, q := range service.Matches {
				if isEmpty(from.addresses[q.Family]) || isEmpty(to.addresses[q.Family]) {
					continue
				}
				c := cross(from, to, q)
				if c.none() && !slices.Contains(v.set.Families, q.Family) {
					beside = append(beside, c)
				} else {
					list = append(list, c)
				}
			}
		}
	}
	if len(list) == 0 {
		list = beside
	}
	return list, judged
}

// parts is what passes by rules.
func (c *crossing) parts() []Part {
	list := make([]Part, len(c.passes))
	for i := range c.passes {
		p := &c.passes[i]
		list[i] = Part{
			Family: c.asked.Family, Matches: []rule.Match{p.match},
			From: c.from.side(c.asked.Family, p.in), To: c.to.side(c.asked.Family, p.out),
			Egress: p.out.origin(), Ingress: p.in.origin(),
		}
	}
	return list
}

func (h *hold) origin() *rule.Origin {
	if len(h.Origins) == 0 {
		return nil
	}
	return &h.Origins[0]
}

// side is the member as far as a rule at the other end is about it.
func (m *member) side(f rule.Family, h *hold) Side {
	s := Side{End: m.end, AddressGroup: h.group}
	switch {
	case h.in.IsValid():
		s.Addresses, s.Unknown = []netip.Prefix{h.in}, m.unknown[f]
		place := m.place(f)
		if !place.ContainsPrefix(h.in) {
			s.Addresses = common(place, h.in).Prefixes()
		}
	case m.partly(f):
		s.Addresses, s.Unknown = m.place(f).Prefixes(), m.unknown[f]
	}
	return s
}

// joinParts puts together what passes by the same rules between the same ends.
func joinParts(parts []Part) []Part {
	type key struct {
		from, to           rule.End
		family             rule.Family
		egress, ingress    rule.Origin // a loop gives several rules one position
		fromGroup, toGroup string
		fromAll, toAll     bool
	}
	var out []Part
	index := map[key]int{}
	for _, p := range parts {
		k := key{from: p.From.End, to: p.To.End, family: p.Family, fromGroup: p.From.AddressGroup, toGroup: p.To.AddressGroup,
			fromAll: p.From.Addresses == nil, toAll: p.To.Addresses == nil}
		if p.Egress != nil {
			k.egress = *p.Egress
		}
		if p.Ingress != nil {
			k.ingress = *p.Ingress
		}
		i, ok := index[k]
		if !ok {
			index[k] = len(out)
			out = append(out, p)
			continue
		}
		out[i].Matches = append(out[i].Matches, p.Matches...)
		out[i].From.Addresses = append(out[i].From.Addresses, p.From.Addresses...)
		out[i].To.Addresses = append(out[i].To.Addresses, p.To.Addresses...)
	}
	for i := range out {
		slices.SortFunc(out[i].Matches, rule.CompareMatch)
		out[i].Matches = slices.Compact(out[i].Matches)
		for _, s := range []*Side{&out[i].From, &out[i].To} {
			slices.SortFunc(s.Addresses, comparePrefix)
			s.Addresses = slices.Compact(s.Addresses)
		}
	}
	return out
}

func comparePrefix(a, b netip.Prefix) int {
	return cmp.Or(a.Addr().Compare(b.Addr()), cmp.Compare(a.Bits(), b.Bits()))
}
