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

// NeedsOf is what [Check] has to know of the cloud.
func NeedsOf(plans []*Plan) Needs {
	var n Needs
	for _, p := range plans {
		for _, g := range p.Groups {
			n.Quota = n.Quota || len(g.Create) > 0 || g.Action == Create
			n.Extensions = n.Extensions || len(g.extensions()) > 0
			if g.Action == Delete || g.changesStateful() || g.mostlyCloses() {
				n.PortsOf = append(n.PortsOf, g.ID)
			}
			for _, near := range g.Near {
				if p.adopts() {
					n.PortsOf = append(n.PortsOf, near.ID)
				}
			}
		}
	}
	return n
}

// Permits are what a user has allowed beyond the ordinary.
type Permits struct {
	// Destroy lets a plan delete groups that no port uses and that are no mere twins, close more than half of
	// the access of groups in use, and make a group beside one in use that its tier may mean.
	Destroy bool
	// OverQuota lets a plan go on that needs more than the quota: somebody may raise it, or free some, meanwhile.
	OverQuota bool
}

// Check says what speaks against carrying plans out together, given the state that they
// were made from, one after the other, and the answers to [NeedsOf]; and what is to be
// known and stops nothing. Plans that pass can still fail, since others may be at work; one
// that does not would fail half-way, or do what the user is most likely not aware of.
func Check(plans []*Plan, s *rule.State, f Facts, permits Permits) (problems Problems, notes []Problem) {
	problems = together(plans)
	short := checkQuota(plans, f.Quota)
	if permits.OverQuota {
		notes = append(notes, short...)
	} else {
		for _, problem := range short {
			problem.Message += "; --over-quota goes on all the same"
			problems = append(problems, problem)
		}
	}
	problems = append(problems, checkLength(plans, s)...)
	notes = append(notes, quotaUnread(plans, f)...)
	end := after(plans, s)
	for _, p := range plans {
		for _, g := range p.Groups {
			for _, alias := range g.extensions() {
				if !f.Extensions[alias] {
					problems = append(problems, Problem{g.Pos, fmt.Sprintf("group %s: the cloud lacks the extension %s", g.Name, alias)})
				}
			}
			problems = append(problems, g.checkTags(s)...)
			problems = append(problems, p.checkUse(g, f.Ports[g.ID], permits)...)
			problems = append(problems, p.checkNear(g, f.Ports, permits)...)
			if g.Action == Delete {
				problems = append(problems, g.checkCascade(end)...)
			}
		}
	}
	return problems, notes
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

// MaxTags is how many tags a cloud keeps of a group.
const MaxTags = 50

// checkTags looks for a tag that the policy gives to a group and one that others gave
// it which a cloud may take for equal: Neutron then tries again and again to keep both.
// New tags come before old ones go, so all of them have to fit.
func (g Group) checkTags(s *rule.State) Problems {
	at := slices.IndexFunc(s.Groups, func(live rule.LiveGroup) bool { return live.ID == g.ID })
	if at < 0 {
		return nil
	}
	goes, theirs := setOf(g.Untag), map[string]string{}
	for _, tag := range s.Groups[at].Tags {
		if !goes[tag] {
			theirs[rule.Alike(tag)] = tag
		}
	}
	var problems Problems
	has := setOf(s.Groups[at].Tags)
	more := slices.DeleteFunc(slices.Clone(g.Tag), func(tag string) bool { return has[tag] })
	if len(more) > 0 && len(has)+len(more) > MaxTags {
		problems = append(problems, Problem{g.Pos, fmt.Sprintf("group %s (%s) has %d tags, and clouds keep no more than %d: remove some, so that there is room for %d more",
			g.Name, g.ID, len(has), MaxTags, len(more))})
	}
	for _, mine := range g.Tag {
		if like, taken := theirs[rule.Alike(mine)]; taken {
			problems = append(problems, Problem{g.Pos, fmt.Sprintf("group %s (%s) has the tag %q, which is the same as %q to clouds that ignore case and accents: spell the policy's like it, or remove it from the group",
				g.Name, g.ID, like, mine)})
		}
	}
	return problems
}

func setOf(list []string) map[string]bool {
	set := map[string]bool{}
	for _, item := range list {
		set[item] = true
	}
	return set
}

func (g Group) changesStateful() bool {
	return slices.ContainsFunc(g.Fields, func(f Field) bool { return f.Name == "stateful" })
}

// checkUse asks what ports and flags have to say about a group that exists.
func (p *Plan) checkUse(g Group, ports []Port, permits Permits) Problems {
	renamed := ""
	if !p.twin(g) && slices.ContainsFunc(p.Groups, func(o Group) bool { return o.Action == Create }) {
		renamed = fmt.Sprintf("; if its tier has been renamed, group: %q in that tier keeps it", g.Name)
	}
	switch {
	case g.Action == Delete && len(ports) > 0:
		return Problems{{g.Pos, fmt.Sprintf("group %s (%s) cannot be deleted: %s%s", g.Name, g.ID, InUse(ports), renamed)}}
	case g.Action == Delete && !permits.Destroy && !p.twin(g):
		return Problems{{g.Pos, fmt.Sprintf("group %s (%s) would be deleted, which needs --allow-destroy%s", g.Name, g.ID, renamed)}}
	case g.Action == Delete || len(ports) == 0:
		return nil
	case g.changesStateful():
		return Problems{{g.Pos, fmt.Sprintf("group %s (%s) cannot become %s while in use: %s", g.Name, g.ID, map[bool]string{true: "stateful", false: "stateless"}[g.Stateful], InUse(ports))}}
	case g.mostlyCloses() && !permits.Destroy:
		return Problems{{g.Pos, fmt.Sprintf("group %s (%s) would lose more than half of what it allows, which needs --allow-destroy: %s", g.Name, g.ID, InUse(ports))}}
	}
	return nil
}

// InUse names a few of the ports that carry a group.
func InUse(ports []Port) string {
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

// checkCascade looks for rules that will name the group which goes, once the plans are
// carried out: the server would delete them along with it, without a word.
func (g Group) checkCascade(end *rule.State) Problems {
	var problems Problems
	for _, other := range end.Groups {
		whose, cure := "no policy", "remove that rule first"
		if owner, _, marked := rule.ParseMark(other.Description); marked {
			whose, cure = "policy "+owner, "change or destroy that policy first"
		}
		for _, l := range other.Rules {
			if !l.Names(g.ID) {
				continue
			}
			if !l.Opaque() {
				l.Rule.Remote = rule.ForeignGroup(g.Name)
			}
			which := l.String()
			if l.ID != "" { // else it is yet to be made
				which += " (" + l.ID + ")"
			}
			name := other.Name
			if _, _, awaited := Maker(other.ID); !awaited {
				name += " (" + other.ID + ")"
			}
			problems = append(problems, Problem{g.Pos, fmt.Sprintf("deleting group %s (%s) would also delete a rule of group %s, which belongs to %s: %s; %s",
				g.Name, g.ID, name, whose, which, cure)})
		}
	}
	return problems
}

// together says why plans cannot be carried out with one another: none may undo what
// another does.
func together(plans []*Plan) Problems {
	var problems Problems
	owners := map[string]string{} // policies by the id of a group
	for _, p := range plans {
		for _, g := range p.Groups {
			if other := owners[g.ID]; other != "" && other != p.Policy {
				problems = append(problems, Problem{g.Pos, fmt.Sprintf("policies %s and %s both change security group %s (%s): apply one of them first", other, p.Policy, g.Name, g.ID)})
			}
			if g.ID != "" {
				owners[g.ID] = p.Policy
			}
		}
	}
	return problems
}
