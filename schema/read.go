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
	sections := map[string]node{}
	for _, n := range r.fields(root) {
		sections[n.Name] = n
	}
	p := &Policy{}
	if n, ok := sections["name"]; ok {
		p.Name, p.Pos = r.policyName(n), n.Pos()
	} else {
		r.faults = append(r.faults, &Error{Pos: start, Path: "name", Message: `missing field "name": it marks what the policy owns in the cloud`, Lacks: "name"})
	}
	p.Families = Families{IPv4: true, IPv6: true}
	if n, ok := sections["families"]; ok {
		p.Families = r.families(n)
	}
	if n, ok := sections["networks"]; ok {
		p.Networks = r.addresses(n, "")
	}
	for _, n := range r.section(sections, "addresses") {
		p.Addresses = append(p.Addresses, r.addressSet(n))
	}
	for _, n := range r.section(sections, "groups") {
		p.Groups = append(p.Groups, r.external(n))
	}
	for _, n := range r.section(sections, "addressGroups") {
		p.AddressGroups = append(p.AddressGroups, r.external(n))
	}
	for _, n := range r.section(sections, "services") {
		p.Services = append(p.Services, r.service(n))
	}
	tiers := r.section(sections, "tiers")
	servers := r.section(sections, "servers")
	r.declare(p, tiers, servers)
	r.nestSets(p)
	r.nestServices(p)
	for _, n := range tiers {
		p.Tiers = append(p.Tiers, r.tier(n, p.Name, p.Families))
	}
	for _, n := range servers {
		p.Servers = append(p.Servers, r.server(n))
	}
	for _, n := range r.section(sections, "assert") {
		p.Asserts = append(p.Asserts, r.assertion(n, p))
	}
	if n, ok := sections["waive"]; ok {
		p.Waive = r.waivers(n)
	}
	r.groupNames(p.Tiers)
	r.serverAddresses(p.Servers)
	return p
}

// section is the fields of a top-level field, sorted by name.
func (r *reader) section(sections map[string]node, name string) []node {
	n, ok := sections[name]
	if !ok {
		return nil
	}
	return byName(r.fields(n))
}

func byName(nodes []node) []node {
	slices.SortFunc(nodes, func(a, b node) int { return strings.Compare(a.Name, b.Name) })
	return nodes
}

func (r *reader) tier(n node, policy string, families Families) Tier {
	t := Tier{Name: n.Name, Pos: n.Pos(), Group: n.Name, Stateful: true}
	named := n // says the group's name
	fields := r.fields(n)
	for _, f := range fields {
		if f.Name == "families" {
			families = r.families(f)
		}
	}
	for _, f := range fields {
		switch f.Name {
		case "description":
			t.Description = r.tierDescription(f, policy, t.Name)
		case "group":
			t.Group, named = r.required(f), f
		case "stateful":
			if t.Stateful = f.Truth; f.Kind != cue.BoolKind {
				r.skipped++
			}
		case "tags":
			t.Tags = r.tags(f)
		case "waive":
			t.Waive = r.waivers(f)
		case "others":
			t.Others = r.sides(r.fields(f), n.Name, families, true)
		}
	}
	if t.Group != "default" && strings.EqualFold(t.Group, "default") {
		r.fault(named, fmt.Sprintf(`no cloud makes a group %q, which it takes for the project's "default": give the tier another group, or write "default" for that one`, t.Group))
	}
	t.Families, t.Rules = families, r.sides(fields, n.Name, families, false)
	return t
}

// sides reads ingress, then egress; others says that it is what others may open.
func (r *reader) sides(fields []node, tier string, families Families, others bool) []Rule {
	var rules []Rule
	for _, side := range []rule.Direction{rule.Ingress, rule.Egress} {
		for _, f := range fields {
			if f.Name != side.String() {
				continue
			}
			named := byName(r.fields(f))
			rules = slices.Grow(rules, len(named))
			for _, n := range named {
				rules = append(rules, r.rule(n, tier, side, families, others))
			}
		}
	}
	return rules
}

func (r *reader) rule(n node, tier string, direction rule.Direction, families Families, others bool) Rule {
	r.checkText(n, n.Name, rule.MaxText)
	u := Rule{Key: n.Name, Path: n.Path(), Pos: n.Pos(), Direction: direction, Families: families}
	side := "from"
	if direction == rule.Egress {
		side = "to"
	}
	var service, peers, except *node
	var ports []node
	fields := r.fields(n)
	for i, f := range fields {
		switch f.Name {
		case side:
			peers = &fields[i]
		case "except":
			except = &fields[i]
		case "service":
			service = &fields[i]
		case "families":
			u.Families, u.FamiliesExplicit = r.families(f), true
		case "description":
			u.Description = r.text(f)
		case "owner":
			u.Owner = r.text(f)
		case "ticket":
			u.Ticket = r.text(f)
		case "expires":
			u.Expires, u.ExpiresPos = r.day(f), f.Pos()
		case "waive":
			u.Waive = r.waivers(f)
		default:
			if isPorts(f.Name) {
				ports = append(ports, f)
			}
		}
	}
	if others && strings.TrimSpace(n.Name) == "" {
		r.fault(n, "the reason is empty: say why others may open this")
	}
	if others && service == nil && ports == nil {
		r.lack(n, "service "+portFields, `its key is the reason why others may open it: say what they may open, such as tcp: [8080] or service: "https"`)
	} else {
		r.serviceOf(&u, n, service, ports)
	}
	if peers == nil {
		r.lack(n, side, "missing field \""+side+"\": say who may "+map[string]string{"from": "send", "to": "be reached"}[side])
		return u
	}
	var read []node
	for _, item := range r.items(*peers) {
		if p, ok := r.peer(item, tier); ok {
			u.Peers, read = append(u.Peers, p), append(read, item)
		}
	}
	r.checkFamilies(u, n, read)
	if except != nil {
		r.except(&u, *except, side, tier, read)
	}
	return u
}

func (r *reader) server(n node) Server {
	s := Server{Name: n.Name, Pos: n.Pos()}
	tiers := false
	for _, f := range r.fields(n) {
		switch f.Name {
		case "tiers":
			tiers = true
			for _, item := range r.items(f) {
				if name, ok := r.str(item); ok && r.isTier(item, name, "a server carries tiers") {
					s.Tiers = append(s.Tiers, name)
				}
			}
		case "addresses":
			s.Addresses = r.addresses(f, "")
		case "description":
			r.text(f)
		case "waive":
			s.Waive = r.waivers(f)
		}
	}
	if !tiers {
		r.lack(n, "tiers", `missing field "tiers": say which tiers the server carries`)
	}
	return s
}

func (r *reader) external(n node) External {
	r.checkName(n)
	x := External{External: rule.External{Key: n.Name, Pos: n.Pos()}, Referenced: r.refs.To(n.Up, n.Name)}
	var name, id bool
	for _, f := range r.fields(n) {
		switch f.Name {
		case "name":
			x.Name, name = r.required(f), true
		case "id":
			x.ID, id = r.required(f), true
		case "description":
			r.text(f)
		case "waive":
			x.Waive = r.waivers(f)
		}
	}
	if name == id {
		r.lack(n, "name id", `say exactly one of "name" and "id"`)
	}
	return x
}

func (r *reader) assertion(n node, p *Policy) Assertion {
	r.checkText(n, n.Name, rule.MaxText)
	if strings.TrimSpace(n.Name) == "" {
		r.fault(n, "the assertion's sentence is empty: say what it demands")
	}
	a := Assertion{Title: n.Name, Pos: n.Pos()}
	for _, f := range r.fields(n) {
		kind := map[string]rule.AssertionKind{"never": rule.Never, "always": rule.Always, "only": rule.Only}[f.Name]
		if kind == 0 {
			continue
		}
		if a.Kind != 0 {
			r.fault(f, `an assertion is one of "never", "always" and "only": give the second a sentence of its own`)
			continue
		}
		a.Kind = kind
		r.flow(&a, f, p)
	}
	if a.Kind == 0 {
		r.lack(n, "never always only", `the assertion demands nothing: say "never", "always" or "only"`)
	}
	return a
}

func (r *reader) flow(a *Assertion, n node, p *Policy) {
	fields := map[string]node{}
	for _, f := range r.fields(n) {
		fields[f.Name] = f
	}
	a.Families = Families{IPv4: true, IPv6: true}
	if f, ok := fields["families"]; ok {
		a.Families = r.families(f)
	}
	if f, ok := fields["service"]; ok {
		if name, ok := r.str(f); ok {
			a.Service = r.asked(f, name)
		}
	}
	if s := a.Service; s != nil && !a.Families.none() && s.families().and(a.Families).none() {
		r.fault(n, fmt.Sprintf("nothing is left of the assertion: %q exists in %s alone, and the assertion is for %s", s.Name, s.families(), a.Families))
	}
	var except []string
	if f, ok := fields["except"]; ok {
		for _, item := range r.items(f) {
			if name, ok := r.str(item); ok && r.isTier(item, name, `"except" leaves out tiers`) {
				except = append(except, name)
			}
		}
	}
	every := false
	for _, side := range []struct {
		name  string
		peers *[]Peer
	}{{"from", &a.From}, {"to", &a.To}} {
		f, ok := fields[side.name]
		if !ok {
			r.lack(n, side.name, "missing field \""+side.name+"\"")
			continue
		}
		for _, item := range r.items(f) {
			if item.Kind == cue.StringKind && item.Text == everyTier {
				every = true
				*side.peers = append(*side.peers, p.everyTier(item.Pos(), except)...)
			} else if peer, ok := r.end(item); ok {
				*side.peers = append(*side.peers, peer)
			}
		}
	}
	if f, ok := fields["except"]; ok && !every {
		r.fault(f, fmt.Sprintf("leaves tiers out of %q, which neither from nor to says: write from: [%[1]q] or to: [%[1]q]", everyTier))
	}
}
