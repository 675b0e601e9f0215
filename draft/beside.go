package draft

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// Existing is the policy that an import adds to. Nothing of it changes: what is new comes
// beside it, in further tiers and under further keys.
type Existing struct {
	Policy *schema.Policy
	Set    *rule.Set
	Plan   *plan.Plan // what it would do to the state, adopting
	Text   string     // of all its files
	// Bare is the policy with the new tiers of [Policy.Probe]; nil where nobody has tried.
	Bare *schema.Policy
}

// tiers is those of the policy and, where they are known, the new ones, as its patterns have them.
func (e *Existing) tiers() []schema.Tier {
	if e.Bare != nil {
		return e.Bare.Tiers
	}
	return e.Policy.Tiers
}

// tier is a tier of that name as the policy has it, and what the policy says of every tier
// where it has none.
func (e *Existing) tier(name string) schema.Tier {
	for _, t := range e.tiers() {
		if t.Name == name {
			return t
		}
	}
	return schema.Tier{Group: name, Stateful: true, Families: e.Policy.Families}
}

// groups is the ids of the tiers that have a group, and the tiers by these.
func (e *Existing) groups() (ids, tiers map[string]string) {
	ids, tiers = map[string]string{}, map[string]string{}
	for _, g := range e.Plan.Groups {
		if g.Action == plan.Keep || g.Action == plan.Change || g.Action == plan.Adopt {
			ids[g.Tier], tiers[g.ID] = g.ID, g.Tier
		}
	}
	return ids, tiers
}

// access is what each tier of the policy allows, with the cloud's ids as remotes.
func (e *Existing) access() map[string][]rule.Rule {
	return e.byTier(func(g rule.Group) []rule.Entry { return g.Rules })
}

// expired is what each tier of the policy allowed until a day that is over.
func (e *Existing) expired() map[string][]rule.Rule {
	return e.byTier(func(g rule.Group) []rule.Entry { return g.Expired })
}

func (e *Existing) byTier(entries func(rule.Group) []rule.Entry) map[string][]rule.Rule {
	ids, _ := e.groups()
	says := map[string][]rule.Rule{}
	for _, g := range e.Set.Groups {
		says[g.Tier] = []rule.Rule{}
		for _, entry := range entries(g) {
			says[g.Tier] = append(says[g.Tier], byID(entry.Rule, ids, e.Plan.Externals))
		}
	}
	return says
}

// services is what the policy, and else the catalog, has a name for.
func (e *Existing) services(catalog []schema.Service) []schema.Service {
	list := slices.Clone(e.Policy.Services)
	for _, s := range catalog {
		if !slices.ContainsFunc(e.Policy.Services, func(own schema.Service) bool { return own.Name == s.Name }) {
			list = append(list, s)
		}
	}
	return list
}

// beside makes the import one that adds to a policy: its names are given away, and mean
// what they mean there.
func (p *Policy) beside(e *Existing) {
	p.existing = e
	ids, _ := e.groups()
	for _, t := range e.Policy.Tiers {
		if id := ids[t.Name]; id != "" {
			p.peers[rule.ForeignGroup(id)] = t.Name
		}
		p.names[strings.ToLower(t.Name)] = true
	}
	for _, s := range e.Policy.Addresses {
		p.names[strings.ToLower(s.Name)] = true
	}
	for _, list := range [][]schema.External{e.Policy.Groups, e.Policy.AddressGroups} {
		for _, x := range list {
			p.names[strings.ToLower(x.Key)] = true
		}
	}
	for key, id := range e.Plan.Externals.Groups {
		p.peers[rule.ForeignGroup(id)] = key
	}
	for key, id := range e.Plan.Externals.AddressGroups {
		p.peers[rule.AddressGroup(id)] = key
	}
}

// beyond is a group with those of its rules alone that the policy does not allow already,
// and what of them no policy can say, or the policy allowed until a day that is over: the
// next apply closes it. A part of what is over is the work of others: sgc makes
// rules of whole ones.
func (e *Existing) beyond(g *rule.LiveGroup, says, expired []rule.Rule) (left *rule.LiveGroup, opaque, over []rule.LiveRule) {
	inside := access.Of(says...)
	before := func(l rule.Rule) bool {
		whole := slices.DeleteFunc(slices.Clone(expired), func(r rule.Rule) bool { return !access.Of(l).Contains(r) })
		return access.Of(slices.Concat(says, whole)...).Contains(l)
	}
	one := *g
	one.Rules = nil
	for _, l := range g.Rules {
		switch {
		case l.Opaque():
			opaque = append(opaque, l)
		case inside.Contains(l.Rule):
		case before(l.Rule):
			over = append(over, l)
		default:
			one.Rules = append(one.Rules, l)
		}
	}
	return &one, opaque, over
}

// withoutTheirs is a group without the rules that the policy leaves to others.
func (e *Existing) withoutTheirs(g *rule.LiveGroup) *rule.LiveGroup {
	theirs := map[string]bool{}
	for _, planned := range e.Plan.Groups {
		for _, l := range planned.Left {
			theirs[l.ID] = true
		}
	}
	if len(theirs) == 0 {
		return g
	}
	own := *g
	own.Rules = slices.DeleteFunc(slices.Clone(g.Rules), func(l rule.LiveRule) bool { return theirs[l.ID] })
	return &own
}

// renameKeys gives statements keys that the tier of the policy does not have.
func (e *Existing) renameKeys(t *tier) {
	there := map[statementKey]bool{}
	for _, r := range e.tier(t.name).Rules {
		there[statementKey{r.Direction, r.Key}] = true
	}
	rename(t.statements, there)
}

type statementKey struct {
	direction rule.Direction
	name      string
}

// rename gives statements keys that are not there, and puts them there.
func rename(statements []*statement, there map[statementKey]bool) {
	for _, s := range statements {
		base := s.key
		for n := 2; there[statementKey{s.direction, s.key}]; n++ {
			s.key = fmt.Sprintf("%s-%d", base, n)
		}
		there[statementKey{s.direction, s.key}] = true
	}
}

// knownSets gives networks of a statement to address sets of the policy that lie wholly
// inside, the largest first.
func (p *Policy) knownSets(s *statement) {
	sets := slices.Clone(p.existing.Set.Addresses)
	slices.SortStableFunc(sets, func(a, b rule.AddressSet) int { return len(b.Prefixes) - len(a.Prefixes) })
	for _, known := range sets {
		if len(known.Prefixes) == 0 || slices.ContainsFunc(known.Prefixes, func(prefix netip.Prefix) bool {
			return !slices.Contains(s.remotes, rule.Prefix(prefix))
		}) {
			continue
		}
		s.sets = append(s.sets, known.Name)
		s.remotes = slices.DeleteFunc(s.remotes, func(r rule.Remote) bool {
			return r.Kind() == rule.RemotePrefix && slices.Contains(known.Prefixes, r.Prefix())
		})
	}
}

// Allowed says whether the policy that there is allows all that its groups do, and goes on
// doing so.
func (p *Policy) Allowed() bool {
	return !slices.ContainsFunc(p.Tiers, func(t *tier) bool { return t.writes() || t.over != nil || t.opaque != nil || t.unfit != nil })
}

// Empty says whether there is nothing to add.
func (p *Policy) Empty() bool {
	return !slices.ContainsFunc(p.Tiers, func(t *tier) bool { return t.writes() })
}

// writes says whether the text has the tier: one of an existing policy is there already.
func (t *tier) writes() bool { return !t.known || len(t.statements) > 0 }

// Gone is what the existing policy says and the cloud does not, so that the next apply brings
// it back, in words.
func (p *Policy) Gone() []string {
	var lines []string
	if p.existing == nil {
		return nil
	}
	for _, g := range p.existing.Plan.Groups {
		if g.Action == plan.Create {
			lines = append(lines, fmt.Sprintf("tier %s: the group %s does not exist", g.Tier, g.Name))
			continue
		}
		opens, _ := g.Flows()
		for _, flow := range opens {
			lines = append(lines, fmt.Sprintf("tier %s: %s", g.Tier, flow))
		}
		for _, f := range g.Fields {
			if f.Name == "name" || f.Name == "stateful" {
				lines = append(lines, fmt.Sprintf("tier %s: the group has %s %s, where the policy says %s", g.Tier, f.Name, f.Old, f.New))
			}
		}
	}
	return lines
}

// The titles of what [Policy.Gone] and [Policy.Going] list.
const (
	GoneTitle  = "in the policy, but no longer in the cloud (remove it, or the next apply brings it back)"
	GoingTitle = "in the cloud, but not in the policy (the next apply closes it)"
)

// Going is what groups have that the next apply takes away, and no text keeps, in words: what
// no policy can say, and what has expired.
func (p *Policy) Going() []string {
	var lines []string
	for _, t := range p.Tiers {
		for _, l := range t.over {
			lines = append(lines, fmt.Sprintf("tier %s: expired in the policy and still in the cloud: %s %s", t.name, l.ID, l))
		}
		for _, l := range t.unfit {
			lines = append(lines, fmt.Sprintf("tier %s: the group has a rule that conflicts with the policy, and the next apply removes it: %s %s (%s)", t.name, l.ID, l, l.why))
		}
		for _, l := range t.opaque {
			lines = append(lines, fmt.Sprintf("tier %s: a policy cannot express this rule: %s %s", t.name, l.ID, l.Words))
		}
	}
	return lines
}

// affixes is what all groups of the policy have before and behind the tiers' names.
func (e *Existing) affixes() (prefix, suffix string) {
	for i, g := range e.Set.Groups {
		before, behind, found := strings.Cut(g.Name, g.Tier)
		if !found || i > 0 && (before != prefix || behind != suffix) {
			return "", ""
		}
		prefix, suffix = before, behind
	}
	return prefix, suffix
}

// Probe is the new tiers without anything in them: what they come to beside the policy is
// what its patterns say of every tier.
func (p *Policy) Probe() []byte {
	var text strings.Builder
	fmt.Fprintf(&text, "package %s\n", p.Package)
	for _, t := range p.Tiers {
		if !t.known {
			fmt.Fprintf(&text, "tiers: %s: _\n", label(t.name))
		}
	}
	return []byte(text.String())
}

// Given is what the patterns of the policy give new tiers, by the ids of their groups, given
// what the probe comes to.
func (p *Policy) Given(probe *rule.Set) map[string][]rule.Rule {
	ids := map[string]string{}
	for _, t := range p.Tiers {
		ids[t.name] = t.live.ID
	}
	given := map[string][]rule.Rule{}
	for _, g := range probe.Groups {
		for _, e := range g.Rules {
			given[ids[g.Tier]] = append(given[ids[g.Tier]], byID(e.Rule, ids, p.existing.Plan.Externals))
		}
	}
	return given
}

// Unfit is why new tiers cannot stand beside the policy, by the ids of their groups, given
// what the probe comes to: its patterns say of them what is not so.
func (p *Policy) Unfit(probe *rule.Set) map[string]string {
	ids := map[string]string{}
	for _, t := range p.Tiers {
		ids[t.name] = t.live.ID
	}
	unfit := map[string]string{}
	for _, g := range probe.Groups {
		at := slices.IndexFunc(p.Tiers, func(t *tier) bool { return t.name == g.Tier && !t.known })
		if at < 0 {
			continue
		}
		live := p.Tiers[at].live
		var has []rule.Rule
		for _, l := range live.Rules {
			has = append(has, l.Rule)
		}
		open := access.Of(has...)
		switch {
		case g.Name != live.Name && g.Name != g.Tier:
			unfit[live.ID] = fmt.Sprintf("a pattern in the policy names every tier's group like %s", g.Name)
		case !g.Stateful && live.Stateful:
			unfit[live.ID] = "a pattern in the policy makes every tier stateless"
		case slices.ContainsFunc(g.Rules, func(e rule.Entry) bool { return !open.Contains(byID(e.Rule, ids, p.existing.Plan.Externals)) }):
			unfit[live.ID] = "a pattern in the policy opens in every tier what the group does not allow"
		}
	}
	return unfit
}
