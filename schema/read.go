package schema

import (
	"fmt"
	"slices"
	"strings"

	"cuelang.org/go/cue"

	"sgc.dev/sgc/rule"
)

// policy reads the whole. Names come first, then what uses them.
func (r *reader) policy(root node, start rule.Pos) *Policy {
	p := &Policy{}
	if n := root.Field("name"); n.There() {
		p.Name, p.Pos = r.policyName(n), n.Pos()
	} else {
		r.faults = append(r.faults, &Error{Pos: start, Path: "name", Message: `missing field "name": it marks what the policy owns in the cloud`, Lacks: "name"})
	}
	p.Families = r.families(root.Field("families"), bothFamilies)
	p.Networks = r.addresses(root.Field("networks"), "")
	p.Addresses = each(r.section(root, "addresses"), r.addressSet)
	p.Groups = each(r.section(root, "groups"), r.external)
	p.AddressGroups = each(r.section(root, "addressGroups"), r.external)
	p.Services = each(r.section(root, "services"), r.service)
	tiers, servers := r.section(root, "tiers"), r.section(root, "servers")
	r.declare(p, tiers, servers)
	r.nestSets(p)
	r.nestServices(p)
	p.Tiers = each(tiers, func(n node) Tier { return r.tier(n, p.Name, p.Families) })
	p.Servers = each(servers, r.server)
	p.Asserts = each(r.section(root, "assert"), func(n node) Assertion { return r.assertion(n, p) })
	p.Waive = r.waivers(root.Field("waive"))
	r.groupNames(p.Tiers)
	r.serverAddresses(p.Servers)
	return p
}

// section is the fields of a top-level field, sorted by name.
func (r *reader) section(root node, name string) []node { return byName(r.fields(root.Field(name))) }

func byName(nodes []node) []node {
	slices.SortFunc(nodes, func(a, b node) int { return strings.Compare(a.Name, b.Name) })
	return nodes
}

// each is what is read of each of some nodes, nil for none.
func each[T any](nodes []node, read func(node) T) []T {
	var list []T
	for _, n := range nodes {
		list = append(list, read(n))
	}
	return list
}

func (r *reader) tier(n node, policy string, families Families) Tier {
	t := Tier{Name: n.Name, Pos: n.Pos(), Group: n.Name, Stateful: true}
	t.Families = r.families(n.Field("families"), families)
	t.Description = r.tierDescription(n.Field("description"), policy, t.Name)
	named := n // says the group's name
	if f := n.Field("group"); f.There() {
		t.Group, named = r.required(f), f
	}
	if t.Group != "default" && strings.EqualFold(t.Group, "default") {
		r.fault(named, fmt.Sprintf(`no cloud makes a group %q, which it takes for the project's "default": give the tier another group, or write "default" for that one`, t.Group))
	}
	if f := n.Field("stateful"); r.is(f, cue.BoolKind) {
		t.Stateful = f.Truth
	}
	t.Tags = r.tags(n.Field("tags"))
	t.Waive = r.waivers(n.Field("waive"))
	t.Rules = r.sides(n, t, false)
	t.Others = r.sides(n.Field("others"), t, true)
	return t
}

// sides reads ingress, then egress; others says that it is what others may open.
func (r *reader) sides(n node, t Tier, others bool) []Rule {
	var rules []Rule
	for _, side := range []rule.Direction{rule.Ingress, rule.Egress} {
		named := byName(r.fields(n.Field(side.String())))
		rules = slices.Grow(rules, len(named))
		for _, n := range named {
			rules = append(rules, r.rule(n, t, side, others))
		}
	}
	return rules
}

func (r *reader) rule(n node, t Tier, direction rule.Direction, others bool) Rule {
	r.checkText(n, n.Name, rule.MaxText)
	families, expires := n.Field("families"), n.Field("expires")
	u := Rule{
		Key: n.Name, Path: n.Path(), Pos: n.Pos(), Direction: direction,
		Families: r.families(families, t.Families), FamiliesExplicit: families.There(),
		Description: r.text(n.Field("description")), Owner: r.text(n.Field("owner")), Ticket: r.text(n.Field("ticket")),
		Expires: r.day(expires), ExpiresPos: expires.Pos(), Waive: r.waivers(n.Field("waive")),
	}
	if others && strings.TrimSpace(n.Name) == "" {
		r.fault(n, "the reason is empty: say why others may open this")
	}
	if service, ports := n.Field("service"), portsOf(n); others && !service.There() && ports == nil {
		r.lack(n, "service "+portFields, `its key is the reason why others may open it: say what they may open, such as tcp: [8080] or service: "https"`)
	} else {
		r.serviceOf(&u, n, service, ports)
	}
	side, who := "from", "send"
	if direction == rule.Egress {
		side, who = "to", "be reached"
	}
	peers := n.Field(side)
	if !peers.There() {
		r.lack(n, side, fmt.Sprintf("missing field %q: say who may %s", side, who))
		return u
	}
	var read []node
	for _, item := range r.items(peers) {
		if p, ok := r.peer(item, t.Name); ok {
			u.Peers, read = append(u.Peers, p), append(read, item)
		}
	}
	r.checkFamilies(u, n, read)
	r.except(&u, n.Field("except"), side, t.Name, read)
	return u
}

func (r *reader) server(n node) Server {
	r.text(n.Field("description"))
	s := Server{Name: n.Name, Pos: n.Pos(), Addresses: r.addresses(n.Field("addresses"), ""), Waive: r.waivers(n.Field("waive"))}
	tiers := n.Field("tiers")
	if !tiers.There() {
		r.lack(n, "tiers", `missing field "tiers": say which tiers the server carries`)
	}
	s.Tiers = r.tiers(tiers, "a server carries tiers")
	return s
}

func (r *reader) external(n node) External {
	r.checkName(n)
	r.text(n.Field("description"))
	name, id := n.Field("name"), n.Field("id")
	if name.There() == id.There() {
		r.lack(n, "name id", `say exactly one of "name" and "id"`)
	}
	return External{
		External:   rule.External{Key: n.Name, Pos: n.Pos(), Name: r.required(name), ID: r.required(id)},
		Waive:      r.waivers(n.Field("waive")),
		Referenced: r.refs.To(n.Up, n.Name),
	}
}

func (r *reader) assertion(n node, p *Policy) Assertion {
	r.checkText(n, n.Name, rule.MaxText)
	if strings.TrimSpace(n.Name) == "" {
		r.fault(n, "the assertion's sentence is empty: say what it demands")
	}
	a := Assertion{Title: n.Name, Pos: n.Pos()}
	kinds := map[string]rule.AssertionKind{"never": rule.Never, "always": rule.Always, "only": rule.Only}
	for _, f := range r.fields(n) {
		switch kind := kinds[f.Name]; {
		case kind == 0:
		case a.Kind != 0:
			r.fault(f, `an assertion is one of "never", "always" and "only": give the second a sentence of its own`)
		default:
			a.Kind = kind
			r.flow(&a, f, p)
		}
	}
	if a.Kind == 0 {
		r.lack(n, "never always only", `the assertion demands nothing: say "never", "always" or "only"`)
	}
	return a
}

func (r *reader) flow(a *Assertion, n node, p *Policy) {
	a.Families = r.families(n.Field("families"), bothFamilies)
	if f := n.Field("service"); f.There() {
		if name, ok := r.str(f); ok {
			a.Service = r.asked(f, name)
		}
	}
	if s := a.Service; s != nil && !a.Families.none() && s.families().and(a.Families).none() {
		r.fault(n, fmt.Sprintf("nothing is left of the assertion: %q exists in %s alone, and the assertion is for %s", s.Name, s.families(), a.Families))
	}
	leftOut := n.Field("except")
	except := r.tiers(leftOut, `"except" leaves out tiers`)
	every := false
	ends := func(side string) (peers []Peer) {
		f := n.Field(side)
		if !f.There() {
			r.lack(n, side, fmt.Sprintf("missing field %q", side))
		}
		for _, item := range r.items(f) {
			if item.Kind == cue.StringKind && item.Text == everyTier {
				every = true
				peers = append(peers, p.everyTier(item.Pos(), except)...)
			} else if peer, ok := r.end(item); ok {
				peers = append(peers, peer)
			}
		}
		return peers
	}
	a.From, a.To = ends("from"), ends("to")
	if leftOut.There() && !every {
		r.fault(leftOut, fmt.Sprintf("leaves tiers out of %q, which neither from nor to says: write from: [%[1]q] or to: [%[1]q]", everyTier))
	}
}
