package draft

import (
	"net/netip"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// Policy is an import before it is text.
type Policy struct {
	Options
	Sorting Sorting
	Tiers   []*tier

	where, updated string
	ruleCount      int

	families       families // of the policy: where it is for one, nothing comes in by another
	prefix, suffix string   // of all groups' names
	born           []*statement
	bornNot        []string // tiers that the pattern leaves alone
	services       []*sharedService
	sets           []*set
	groups         []external
	addressGroups  []external
	servers        []*kind
	noPorts        bool           // it is not known which ports carry what
	carried        map[string]int // how many ports carry a group, by its id
	owners         []string       // other policies that have groups of the import
	releases       bool           // these have to release them before a plan can take them over

	existing *Existing // the policy that this one adds to

	names taken
	peers map[rule.Remote]string // what a statement calls a remote
	setOf map[netip.Prefix]*set
}

// sharedService is ports that more than one tier has.
type sharedService struct {
	*atom
	tiers []string
}

// most is how many tiers may be left out of the pattern that says what groups are born
// with, before each tier says it.
const most = 3

// New makes a policy of a state.
func New(src Source, o Options) *Policy {
	services := src.Catalog
	var says, expired map[string][]rule.Rule
	if src.Beside != nil {
		services = src.Beside.services(src.Catalog)
		says, expired = src.Beside.access(), src.Beside.expired()
		_, o.known = src.Beside.groups()
		o.named = map[string]string{}
		for key, id := range src.Beside.Plan.Externals.Groups {
			o.named[id] = key
		}
	}
	o.makers = makersByPorts(src.Ports)
	c := newCatalog(services)
	p := &Policy{
		Options: o, Sorting: Sort(src, o), where: src.Where, families: both, noPorts: src.NoPorts || src.Beside != nil,
		names: taken{}, peers: map[rule.Remote]string{}, setOf: map[netip.Prefix]*set{}, carried: map[string]int{},
	}
	if src.Beside != nil {
		p.beside(src.Beside)
	}
	for _, g := range p.Sorting.Tiers {
		var t *tier
		if name := o.known[g.ID]; name != "" {
			g = src.Beside.withoutTheirs(g)
			left, opaque, over := src.Beside.beyond(g, says[name], expired[name])
			t = c.fold(left, o.Today)
			t.known, t.opaque, t.over, t.live = true, opaque, over, g
			if why := o.Unfit[g.ID]; why != "" {
				t.statements = nil
				t.unfits(left.Rules, why)
			}
		} else {
			left := g
			if src.Beside != nil {
				left, _, _ = src.Beside.beyond(g, o.Given[g.ID], nil)
			}
			t = c.fold(left, o.Today)
			t.live = g
		}
		p.Tiers = append(p.Tiers, t)
		p.ruleCount += len(g.Rules)
		p.updated = max(p.updated, g.Updated)
	}
	p.nameTiers()
	slices.SortFunc(p.Tiers, func(a, b *tier) int { return strings.Compare(a.name, b.name) })
	if p.existing == nil {
		p.findBorn(c, src.Born)
	}
	p.nameOthers(src.State, p.Sorting)
	if p.existing != nil {
		for _, t := range p.Tiers {
			p.existing.renameKeys(t)
			t.drop(o.unsaid)
			for _, s := range t.statements {
				p.knownSets(s)
			}
		}
	}
	p.findOwners(src.State)
	p.shareServices()
	p.factor()
	p.meanFamilies()
	if p.existing == nil {
		p.settleFamilies()
	}
	if !p.noPorts {
		p.findServers(src)
	}
	return p
}

// findBorn looks for what the cloud gives a new group: where nearly all tiers have it, a
// pattern says it.
func (p *Policy) findBorn(c *catalog, born []rule.Rule) {
	group := &rule.LiveGroup{}
	for _, r := range born {
		if r.Direction == rule.Egress {
			group.Rules = append(group.Rules, rule.LiveRule{Rule: r})
		}
	}
	statements := c.fold(group, p.Today).statements
	if len(statements) == 0 {
		return
	}
	var not []string
	for _, t := range p.Tiers {
		t.born = !slices.ContainsFunc(statements, func(b *statement) bool { return t.has(b) == nil })
		if !t.born {
			not = append(not, t.name)
		}
	}
	if len(not) > most || len(p.Tiers)-len(not) < 2 {
		return
	}
	p.born, p.bornNot = statements, not
	for _, b := range statements {
		p.describeBorn(b)
	}
	for _, t := range p.Tiers {
		if t.born {
			for _, b := range statements {
				t.has(b).born = true
			}
		}
	}
}

// describeBorn gives the pattern the words that all tiers have for a statement of it.
func (p *Policy) describeBorn(b *statement) {
	var words [][]string
	for _, t := range p.Tiers {
		if t.born {
			words = append(words, t.has(b).texts)
		}
	}
	for _, w := range words[1:] {
		if !slices.Equal(w, words[0]) {
			return
		}
	}
	b.texts = words[0]
	for _, t := range p.Tiers {
		if t.born {
			t.has(b).texts = nil
		}
	}
}

// has is the tier's statement that says what b does, nil for none.
func (t *tier) has(b *statement) *statement {
	for _, s := range t.statements {
		if s.direction == b.direction && s.key == b.key && s.families == b.families && s.exact == b.exact && s.about == b.about && slices.Equal(s.remotes, b.remotes) {
			return s
		}
	}
	return nil
}

// defines says whether the policy that there is has a service of that name.
func (p *Policy) defines(service string) bool {
	return p.existing != nil && slices.ContainsFunc(p.existing.Policy.Services, func(s schema.Service) bool { return s.Name == service })
}

// shareServices puts ports that have no name, and that several tiers open, under services.
func (p *Policy) shareServices() {
	by := map[string]*sharedService{}
	for _, t := range p.Tiers {
		for _, s := range t.statements {
			if !s.atom.own() || s.born || p.defines(s.atom.name) {
				continue
			}
			shared := by[s.atom.name]
			if shared == nil {
				shared = &sharedService{atom: s.atom}
				by[s.atom.name] = shared
			}
			if !slices.Contains(shared.tiers, t.name) {
				shared.tiers = append(shared.tiers, t.name)
			}
		}
	}
	for _, shared := range by {
		if len(shared.tiers) > 1 {
			p.services = append(p.services, shared)
		}
	}
	slices.SortFunc(p.services, func(a, b *sharedService) int { return strings.Compare(a.name, b.name) })
	for _, t := range p.Tiers {
		for _, s := range t.statements {
			shared := by[s.atom.name]
			s.shared = !s.born && shared != nil && len(shared.tiers) > 1
		}
	}
}
