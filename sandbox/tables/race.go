package tables

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"sgc.dev/sgc/sandbox/api"
)

// A Deletion is one of a group or of a rule that is under way in Neutron's OVN
// driver. That takes rules out of the port groups of the groups that have them, and
// then, outside of Neutron's transaction, the port group of a group: one who comes
// for a rule in it meanwhile fails.
type Deletion struct {
	group, rule string        // which it is; the other is empty
	needs       []string      // the groups that must not go meanwhile
	Moment      time.Duration // that it takes
	Met         chan struct{} // closed once it has raced another: it waits no longer
	without     string        // the group that another deletion has taken from it
}

// SetOVN has deletions of groups and of rules take a moment, and those that overlap
// race as they do in Neutron's OVN driver. A group fails that a rule of another
// names which is being deleted; of two that name each other the one that came
// later. A rule fails whose group is being deleted. The answer is 409, the state
// stays, and the same call succeeds when it is alone. Real ones race now and then,
// these whenever they can. Who has met another waits no longer: a long moment has any
// two meet. 0 ends it.
func (t *Tables) SetOVN(moment time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.moment = moment
}

// Begin counts a deletion in, and lets it race the others. What is none, or does not
// get as far as the driver, takes no moment.
func (t *Tables) Begin(r api.Request, who api.Account) *Deletion {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.moment == 0 || r.Method != http.MethodDelete {
		return &Deletion{}
	}
	d := t.deletion(who, r.Path)
	if len(d.group+d.rule) == 0 {
		return d
	}
	d.Moment, d.Met = t.moment, make(chan struct{})
	for _, other := range t.deletions {
		switch {
		case d.without != "" || other.without != "":
			continue
		case slices.Contains(d.needs, other.group):
			d.without = other.group
		case slices.Contains(other.needs, d.group):
			other.without = d.group
		default:
			continue
		}
		d.meet()
		other.meet()
	}
	t.deletions = append(t.deletions, d)
	return d
}

// deletion is what a DELETE of the path deletes, if anything that the caller may. A
// group that ports carry Neutron refuses before it asks the driver.
func (t *Tables) deletion(who api.Account, path string) *Deletion {
	if id, ok := strings.CutPrefix(path, "/v2.0/security-groups/"); ok {
		g := t.groups[id]
		if g == nil || !g.mayChange(who) || g.isDefault || t.inUse(id) {
			return &Deletion{}
		}
		d := &Deletion{group: id}
		for _, g := range t.groups {
			if g.ID != id && slices.ContainsFunc(g.rules, func(r *rule) bool { return r.RemoteGroupID == id }) {
				d.needs = append(d.needs, g.ID)
			}
		}
		return d
	}
	r, g, err := t.find(who, strings.TrimPrefix(path, "/v2.0/security-group-rules/"))
	if err != nil {
		return &Deletion{}
	}
	return &Deletion{rule: r.ID, needs: []string{g.ID}}
}

func (d *Deletion) meet() {
	select {
	case <-d.Met:
	default:
		close(d.Met)
	}
}

// Beaten reports whether a deletion has lost a race.
func (t *Tables) Beaten(d *Deletion) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return d.without != ""
}

// End counts a deletion out.
func (t *Tables) End(d *Deletion) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.deletions = slices.DeleteFunc(t.deletions, func(other *Deletion) bool { return other == d })
}

// NoPortGroup is why a deletion fails that has lost a race. Neutron names what it
// could not find, and calls what it could not delete None. It has four ways to say so:
// Zed the first two, 2025.1 the last three, and 500 instead where a rule has lost.
func (t *Tables) NoPortGroup(d *Deletion) api.Answer {
	t.mu.Lock()
	defer t.mu.Unlock()
	portGroup := "pg_" + strings.ReplaceAll(d.without, "-", "_")
	reasons := []string{
		"Cannot find Port_Group with name=" + portGroup,
		"Security group " + d.without + " does not exist",
		"Port_Group " + portGroup + " does not exist",
		portGroup + " does not exist in name of Port_Group",
	}
	reason := reasons[t.lost%len(reasons)]
	t.lost++
	const driver = "neutron.plugins.ml2.drivers.ovn.mech_driver.mech_driver.OVNMechanismDriver."
	if d.rule != "" {
		return api.Refuse(api.Conflict("SecurityGroupRuleInUse", "Security Group Rule None cannot perform before_delete due to Callback %s failed with \"%s\".",
			driver+"_process_sg_rule_notification-8760012345678", reason))
	}
	return api.Refuse(api.Conflict("SecurityGroupInUse", "Security Group None cannot perform precommit_delete due to Callback %s failed with \"%s\".",
		driver+"_delete_security_group_precommit-8760012345671", reason))
}
