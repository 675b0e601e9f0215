package plan

import (
	"fmt"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// Aliases of Neutron's extensions that a plan may need.
const (
	extensionStateful      = "stateful-security-group"
	extensionAddressGroups = "security-groups-remote-address-group"
)

// Needs is what [Plan.Check] has to know of the cloud.
func (p *Plan) Needs() Needs {
	var n Needs
	for _, g := range p.Groups {
		n.Quota = n.Quota || len(g.Create) > 0 || g.Action == Create
		n.Extensions = n.Extensions || len(g.extensions()) > 0
		if g.Action == Delete || g.changesStateful() || g.mostlyCloses() {
			n.PortsOf = append(n.PortsOf, g.ID)
		}
	}
	return n
}

// Permits are what a user has allowed beyond the ordinary.
type Permits struct {
	// Destroy lets a plan delete groups that no port uses and that are no mere twins, and close more than half of
	// the access of groups in use.
	Destroy bool
	// OverQuota lets a plan begin that the quota has no room for.
	OverQuota bool
}

// Check says what speaks against carrying the plan out, given the state that it
// was made from and the answers to [Plan.Needs]. A plan that passes can still
// fail, since others may be at work; one that does not would fail half-way, or do
// what the user is most likely not aware of.
func (p *Plan) Check(s *rule.State, f Facts, permits Permits) Problems {
	var problems Problems
	if !permits.OverQuota {
		problems = p.checkQuota(f.Quota)
	}
	for _, g := range p.Groups {
		for _, alias := range g.extensions() {
			if !f.Extensions[alias] {
				problems = append(problems, Problem{g.Pos, fmt.Sprintf("group %s: the cloud lacks the extension %s", g.Name, alias)})
			}
		}
		problems = append(problems, g.checkTags(s)...)
		problems = append(problems, p.checkUse(g, f.Ports[g.ID], permits)...)
		if g.Action == Delete {
			problems = append(problems, p.checkCascade(g, s)...)
		}
	}
	return problems
}

func (g Group) extensions() []string {
	if g.Action == Delete || g.Action == Release {
		return nil
	}
	var aliases []string
	if !g.Stateful && (g.Action == Create || g.changesStateful()) {
		aliases = append(aliases, extensionStateful)
	}
	if slices.ContainsFunc(g.Create, func(e rule.Entry) bool { return e.Remote.Kind() == rule.RemoteAddressGroup }) {
		aliases = append(aliases, extensionAddressGroups)
	}
	return aliases
}

// checkTags looks for a tag that the policy gives to a group and one that others gave
// it which a cloud may take for equal: Neutron then tries again and again to keep both.
// Where the group has both, the cloud tells them apart.
func (g Group) checkTags(s *rule.State) Problems {
	at := slices.IndexFunc(s.Groups, func(live rule.LiveGroup) bool { return live.ID == g.ID })
	if at < 0 {
		return nil
	}
	var problems Problems
	has := func(tag string) bool { return slices.Contains(s.Groups[at].Tags, tag) }
	for _, mine := range g.Tags {
		for _, theirs := range g.Tags {
			if !has(mine) && has(theirs) && rule.Alike(mine) == rule.Alike(theirs) {
				problems = append(problems, Problem{g.Pos, fmt.Sprintf("group %s (%s) has the tag %q, which %q is to clouds that mind neither capitals nor accents: write it so, or take that one from the group",
					g.Name, g.ID, theirs, mine)})
			}
		}
	}
	return problems
}

func (g Group) changesStateful() bool {
	return slices.ContainsFunc(g.Fields, func(f Field) bool { return f.Name == "stateful" })
}

// checkUse asks what ports and flags have to say about a group that exists.
func (p *Plan) checkUse(g Group, ports []Port, permits Permits) Problems {
	switch {
	case g.Action == Delete && len(ports) > 0:
		message := fmt.Sprintf("group %s (%s) cannot be deleted: %s", g.Name, g.ID, inUse(ports))
		if !p.twin(g) && slices.ContainsFunc(p.Groups, func(o Group) bool { return o.Action == Create }) {
			message += fmt.Sprintf("; if its tier has another name now, group: %q there keeps it", g.Name)
		}
		return Problems{{g.Pos, message}}
	case g.Action == Delete && !permits.Destroy && !p.twin(g):
		return Problems{{g.Pos, fmt.Sprintf("group %s (%s) would be deleted, which needs --allow-destroy", g.Name, g.ID)}}
	case g.Action == Delete || len(ports) == 0:
		return nil
	case g.changesStateful():
		return Problems{{g.Pos, fmt.Sprintf("group %s (%s) cannot change to stateful: %t: %s", g.Name, g.ID, g.Stateful, inUse(ports))}}
	case g.mostlyCloses() && !permits.Destroy:
		return Problems{{g.Pos, fmt.Sprintf("group %s (%s) would lose more than half of its access, which needs --allow-destroy: %s", g.Name, g.ID, inUse(ports))}}
	}
	return nil
}

// inUse names a few of the ports that carry a group.
func inUse(ports []Port) string {
	const few = 3
	var names []string
	for _, port := range ports[:min(few, len(ports))] {
		name := port.ID
		if port.Name != "" {
			name = port.Name + " (" + port.ID + ")"
		}
		if port.Device != "" {
			name += " of " + port.Device
		}
		names = append(names, name)
	}
	list := strings.Join(names, ", ")
	if more := len(ports) - few; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	if len(ports) == 1 {
		return "port " + list + " uses it"
	}
	return "ports " + list + " use it"
}

// checkCascade looks for rules of others that name a group which goes: the
// server would delete them along with it, without a word.
func (p *Plan) checkCascade(gone Group, s *rule.State) Problems {
	own := map[string]bool{}
	for _, g := range p.Groups {
		own[g.ID] = true
	}
	var problems Problems
	for _, g := range s.Groups {
		whose, cure := "not the policy's", "remove that rule first"
		if owner, _, marked := rule.ParseMark(g.Description); marked {
			whose, cure = "policy "+owner+"'s", "change or destroy that policy first"
		}
		for _, l := range g.Rules {
			if own[g.ID] || !l.Names(gone.ID) {
				continue
			}
			if !l.Opaque() {
				l.Rule.Remote = rule.ForeignGroup(gone.Name)
			}
			problems = append(problems, Problem{gone.Pos, fmt.Sprintf("deleting group %s (%s) would take along a rule of group %s (%s), which is %s: %s (%s); %s",
				gone.Name, gone.ID, g.Name, g.ID, whose, l, l.ID, cure)})
		}
	}
	return problems
}
