package conformance

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// The policy that scenes are about.
const scenePolicy = "scene"

// A scene is a policy, and the groups of a project that it is applied to: made by
// an earlier version of it, edited by hand, left unfinished, or of others.
type scene struct {
	*rand.Rand
	set     *rule.Set
	planted []planted // in the order in which they are made
	options plan.Options
	saved   bool   // the plan is saved and read before it is carried out
	twin    string // the tier of which there are two groups, if any
}

// A planted group has labels where its rules have ids.
type planted struct {
	label string
	liveGroup
}

func tierNames() []string { return []string{"web", "db", "app", "mon"} }

// labels are what a remote group may be: a tier, another group with the mark of
// one, one of a tier that the policy has no more, two that the policy names, and
// one that it does not.
func labels() []string {
	list := []string{"twin", "old", "legacy", "partner", "stranger"}
	for _, tier := range tierNames() {
		list = append(list, "tier "+tier)
	}
	return list
}

// addressGroupLabels are one that the policy names, and one that it does not.
func addressGroupLabels() []string { return []string{"office", "lab"} }

func newScene(seed uint64) *scene {
	s := &scene{Rand: rand.New(rand.NewPCG(seed, 3)), set: &rule.Set{Policy: scenePolicy}}
	s.options = plan.Options{Adopt: true, Tidy: s.one(4), DeletesFirst: s.one(6)}
	s.saved = s.one(4)
	s.set.Foreign = []rule.External{{Key: "legacy", Name: "legacy-sg"}, {Key: "partner"}} // its id comes later
	s.set.AddressGroups = []rule.External{{Key: "office", Name: "office-ag"}}
	tiers := tierNames()[:1+s.IntN(len(tierNames()))]
	for _, tier := range slices.Sorted(slices.Values(tiers)) {
		s.set.Groups = append(s.set.Groups, s.tier(tier, tiers))
	}
	s.plant()
	return s
}

func (s *scene) one(in int) bool { return s.IntN(in) == 0 }

func draw[E any](s *scene, list []E) E { return list[s.IntN(len(list))] }

// tier is a tier as it shall be.
func (s *scene) tier(name string, tiers []string) rule.Group {
	g := rule.Group{Tier: name, Name: name, Stateful: !s.one(8), Pos: rule.Pos{File: "scene.cue", Line: 1 + len(name), Column: 2}}
	if s.one(3) {
		g.Name = name + "-sg"
	}
	if s.one(3) {
		g.Description = "the tier " + name
	}
	if s.one(3) {
		g.Tags = []string{"env=test"}
	}
	var entries []rule.Entry
	for range s.IntN(8) {
		r := s.rule(tiers)
		entries = append(entries, rule.Entry{Rule: r, Origins: []rule.Origin{{Pos: g.Pos, Path: "tiers." + name, Key: draw(s, []string{"a", "b", "c"})}}})
	}
	if s.one(3) { // all that groups are born with, or half of it
		for _, family := range []rule.Family{rule.IPv4, rule.IPv6}[s.IntN(2):] {
			entries = append(entries, rule.Entry{
				Rule:    rule.Rule{Direction: rule.Egress, Family: family, Protocol: rule.AnyProtocol, Ports: rule.NoPorts(), Remote: rule.Anyone()},
				Origins: []rule.Origin{{Pos: g.Pos, Path: "tiers." + name, Key: "any"}},
			})
		}
	}
	g.Rules = access.Minimise(entries, draw(s, []access.Level{access.Off, access.Safe, access.Full, access.Full}))
	return g
}

func (s *scene) rule(tiers []string) rule.Rule {
	r := rule.Rule{
		Direction: draw(s, []rule.Direction{rule.Ingress, rule.Ingress, rule.Egress}),
		Family:    draw(s, []rule.Family{rule.IPv4, rule.IPv6}),
	}
	icmp := rule.ICMP
	if r.Family == rule.IPv6 {
		icmp = rule.ICMPv6
	}
	low := uint16(1 + s.IntN(6))
	switch s.IntN(10) {
	default:
		r.Protocol, r.Ports = rule.TCP, rule.PortRange(low, low+uint16(s.IntN(3)))
	case 0:
		r.Protocol, r.Ports = rule.UDP, rule.PortRange(1+low%3, 3)
	case 1:
		r.Protocol, r.Ports = icmp, rule.ICMPType(draw(s, []uint8{0, 8}))
	case 2:
		r.Protocol, r.Ports = icmp, rule.ICMPTypeCode(0, uint8(s.IntN(2)))
	case 3:
		r.Protocol = draw(s, []rule.Protocol{icmp, rule.TCP, rule.UDP, 50, 99, rule.AnyProtocol})
		r.Ports = r.Protocol.WholeProtocol()
	}
	r.Remote = s.remote(r.Family, tiers)
	return r
}

func (s *scene) remote(family rule.Family, tiers []string) rule.Remote {
	switch s.IntN(8) {
	case 0, 1:
		return rule.Anyone()
	case 2:
		return rule.ForeignGroup(draw(s, []string{"legacy", "partner"}))
	case 3:
		return rule.AddressGroup("office")
	case 4, 5:
		return rule.Tier(draw(s, tiers))
	}
	networks := []string{"10.0.0.0/8", "10.0.0.0/9", "10.128.0.0/9", "192.0.2.7/32"}
	if family == rule.IPv6 {
		networks = []string{"2001:db8::/32", "2001:db8::/33", "2001:db8:8000::/33", "2001:db8::5/128"}
	}
	return rule.Prefix(netip.MustParsePrefix(draw(s, networks)))
}

// plant draws what the project has.
func (s *scene) plant() {
	add := func(label string, g liveGroup) { s.planted = append(s.planted, planted{label, g}) }
	add("legacy", liveGroup{Name: "legacy-sg", Stateful: true, Rules: s.born4and6()})
	add("partner", liveGroup{Name: "partner-sg", Description: "of [sgc:other/web]", Stateful: true, Rules: s.born4and6()})
	add("stranger", liveGroup{Name: "stranger", Description: "[sgc:scene/web] was here", Stateful: true, Tags: []string{"sgc:policy=scene"}, Rules: s.born4and6()})
	if s.one(3) {
		add("old", liveGroup{Name: "old", Description: rule.Mark(scenePolicy, "old"), Stateful: true, Tags: rule.OwnershipTags(scenePolicy, "old"), Rules: s.born4and6()})
	}
	for _, tier := range s.set.Groups {
		g := liveGroup{Name: tier.Name, Description: tier.CloudDescription(scenePolicy), Stateful: tier.Stateful, Tags: rule.OwnershipTags(scenePolicy, tier.Tier)}
		if s.one(8) {
			g.Stateful = !g.Stateful
		}
		twin := false
		switch s.IntN(9) {
		case 0, 1: // there is none yet
			continue
		case 2: // unfinished
			g.Tags = nil
			g.Rules = s.born4and6()
		case 3: // nobody's
			g.Description, g.Tags = "made by hand", []string{"precious"}
		case 4: // of a tier that was called otherwise
			g.Description, g.Tags = rule.Mark(scenePolicy, "former-"+tier.Tier), rule.OwnershipTags(scenePolicy, "former-"+tier.Tier)
		case 5: // called otherwise
			g.Name = "renamed"
		case 6: // there are two
			twin = s.twin == ""
		}
		add("tier "+tier.Tier, g)
		if twin {
			s.twin = tier.Tier
			add("twin", g)
		}
	}
	for i := range s.planted {
		p := &s.planted[i]
		tier := slices.IndexFunc(s.set.Groups, func(g rule.Group) bool { return p.label == "tier "+g.Tier })
		switch {
		case tier >= 0:
			p.Rules = append(p.Rules, s.earlier(s.set.Groups[tier].Rules)...)
			p.Rules = append(p.Rules, s.extras()...)
		case p.label == "old" || p.label == "twin":
			p.Rules = append(p.Rules, s.extras()...)
		default: // others may name what stays
			for _, r := range s.extras() {
				if name := text(r.Group); name != "old" && name != "twin" && name != "tier "+s.twin {
					p.Rules = append(p.Rules, r)
				}
			}
		}
	}
}

func (s *scene) born4and6() []liveRule {
	return []liveRule{{Direction: "egress", Ethertype: "IPv4"}, {Direction: "egress", Ethertype: "IPv6"}}
}

// earlier is rules of an earlier version of a tier, each in some form.
func (s *scene) earlier(rules []rule.Entry) []liveRule {
	var list []liveRule
	if s.one(5) { // all of them, so that nothing is to be done but for their form
		for _, e := range rules {
			list = append(list, s.forms(e.Rule)...)
		}
		return list
	}
	for _, e := range rules {
		switch s.IntN(6) {
		case 0:
		case 1, 2:
			list = append(list, s.forms(s.akin(e.Rule))...)
		default:
			list = append(list, s.forms(e.Rule)...)
		}
	}
	return list
}

// akin is a rule that has packets in common with r.
func (s *scene) akin(r rule.Rule) rule.Rule {
	low, high, ranged := r.Ports.Range()
	switch {
	case ranged && low > 1 && s.one(2):
		r.Ports = rule.PortRange(low-1, high-uint16(s.IntN(int(high-low)+1)))
	case ranged && s.one(2):
		r.Ports = rule.PortRange(low+uint16(s.IntN(int(high-low)+1)), high+1)
	case ranged && s.one(2):
		r.Ports = rule.AllPorts()
	case r.Remote.Kind() == rule.RemoteAnyone && r.Family == rule.IPv4:
		r.Remote = rule.Prefix(netip.MustParsePrefix("10.0.0.0/8"))
	default:
		r.Remote = rule.Anyone()
	}
	return r
}

// extras is rules that an earlier version had, or somebody made by hand.
func (s *scene) extras() []liveRule {
	var list []liveRule
	var tiers []string
	for _, g := range s.set.Groups {
		tiers = append(tiers, g.Tier)
	}
	for range s.IntN(5) {
		forms := s.forms(s.rule(tiers))
		if s.one(4) {
			group := draw(s, s.planted).label
			for i := range forms {
				forms[i].Prefix, forms[i].AddressGroup, forms[i].Group = nil, nil, &group
			}
		}
		list = append(list, forms...)
	}
	if s.one(6) {
		lab := "lab"
		list = append(list, liveRule{Direction: "ingress", Ethertype: "IPv4", AddressGroup: &lab})
	}
	if s.one(6) {
		zero := "0"
		list = append(list, liveRule{Direction: "ingress", Ethertype: "IPv4", Protocol: &zero})
	}
	if len(list) > 0 && s.one(5) { // true duplicates
		list = append(list, list[0])
	}
	// Only what there is can be named.
	return slices.DeleteFunc(list, func(r liveRule) bool { return r.Group != nil && !s.has(*r.Group) })
}

func (s *scene) has(label string) bool {
	return slices.ContainsFunc(s.planted, func(p planted) bool { return p.label == label })
}

// forms is live rules that together mean r.
func (s *scene) forms(r rule.Rule) []liveRule {
	l := liveRule{Direction: r.Direction.String(), Ethertype: r.Family.String(), Description: draw(s, []string{"", "a", "by hand"})}
	if r.Protocol != rule.AnyProtocol {
		name := r.Protocol.String()
		if s.one(4) {
			name = fmt.Sprint(int(r.Protocol))
		}
		l.Protocol = &name
	}
	low, high, ranged := r.Ports.Range()
	if t, typed := r.Ports.Type(); typed {
		number := int(t)
		l.Min = &number
	}
	if code, coded := r.Ports.Code(); coded {
		number := int(code)
		l.Max = &number
	}
	if r.Protocol.HasPorts() && r.Ports.Whole() && s.one(2) {
		low, high, ranged = 1, 65535, true
	}
	switch r.Remote.Kind() {
	case rule.RemoteAnyone:
		if s.one(2) {
			whole := map[rule.Family]string{rule.IPv4: "0.0.0.0/0", rule.IPv6: "::/0"}[r.Family]
			l.Prefix = &whole
		}
	case rule.RemotePrefix:
		prefix := r.Remote.Prefix()
		written := prefix.String()
		switch {
		case prefix.IsSingleIP() && s.one(2):
			written = prefix.Addr().String()
		case !prefix.IsSingleIP() && s.one(3):
			written = fmt.Sprintf("%s/%d", prefix.Addr().Next(), prefix.Bits())
		}
		l.Prefix = &written
	case rule.RemoteTier:
		label := "tier " + r.Remote.Name()
		l.Group = &label
		if !s.has(label) {
			return nil
		}
	case rule.RemoteGroup:
		label := r.Remote.Name()
		l.Group = &label
	case rule.RemoteAddressGroup:
		label := r.Remote.Name()
		l.AddressGroup = &label
	}
	if !ranged {
		return []liveRule{l}
	}
	first, last := int(low), int(high)
	if middle := (first + last) / 2; first < last && s.one(3) {
		second := l
		next := middle + 1
		l.Min, l.Max = &first, &middle
		second.Min, second.Max = &next, &last
		return []liveRule{l, second}
	}
	l.Min, l.Max = &first, &last
	return []liveRule{l}
}

// String is the scene in words, for a failure.
func (s *scene) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "options %+v, saved %t\n", s.options, s.saved)
	for _, g := range s.set.Groups {
		fmt.Fprintf(&b, "tier %s, group %s, stateful %t, tags %q\n", g.Tier, g.Name, g.Stateful, g.Tags)
		for _, e := range g.Rules {
			fmt.Fprintf(&b, "\t%s\n", e.Rule)
		}
	}
	for _, p := range s.planted {
		fmt.Fprintf(&b, "there is %s: %s %q, stateful %t, tags %q\n", p.label, p.Name, p.Description, p.Stateful, p.Tags)
		for _, r := range p.Rules {
			fmt.Fprintf(&b, "\t%s\n", r.words())
		}
	}
	return b.String()
}

func (r liveRule) words() string {
	return fmt.Sprintf("%s %s %s %d:%d %s%s%s", r.Direction, r.Ethertype, text(r.Protocol), number(r.Min), number(r.Max), text(r.Prefix), text(r.Group), text(r.AddressGroup))
}
