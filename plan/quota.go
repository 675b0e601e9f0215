package plan

import (
	"fmt"
	"slices"

	"sgc.dev/sgc/rule"
)

// bornWith is the rules that a new group has by itself. From 2023.2 operators can
// change them. What there is does not tell, since a group does not say which of its rules
// it was born with, and asking would cost every plan for a new group a call. So one at the
// edge of a quota may be refused on its way, and the next run finishes it.
var bornWith = []rule.Rule{
	{Direction: rule.Egress, Family: rule.IPv4, Protocol: rule.AnyProtocol, Ports: rule.NoPorts(), Remote: rule.Anyone()},
	{Direction: rule.Egress, Family: rule.IPv6, Protocol: rule.AnyProtocol, Ports: rule.NoPorts(), Remote: rule.Anyone()},
}

// BornWith is the rules that the group will most likely have by itself as soon as it is
// created: those that it is to have, and the others, which go.
func (g Group) BornWith() (kept, gone []rule.Rule) {
	if g.Action != Create {
		return nil, nil
	}
	for _, r := range bornWith {
		if slices.ContainsFunc(g.Create, func(e rule.Entry) bool { return e.Rule == r }) {
			kept = append(kept, r)
		} else {
			gone = append(gone, r)
		}
	}
	return kept, gone
}

// counts is how many rules are created and removed, as a run of the plan counts them.
func (p *Plan) counts() (created, removed int) {
	for _, g := range p.Groups {
		kept, gone := g.BornWith()
		created += len(g.Create) - len(kept)
		removed += len(g.Remove) + len(gone)
	}
	return created, removed
}

// need is how many groups and rules there are more than before: at the worst
// moment of the plan, and at its end.
type need struct{ groups, rules, groupsAfter, rulesAfter int }

func (p *Plan) need() need {
	var born, kept, created, removed, made, deleted int
	for _, g := range p.Groups {
		switch g.Action {
		case Create:
			made++
			born += len(bornWith)
			stay, _ := g.BornWith()
			kept += len(stay)
			created -= len(stay)
		case Delete:
			deleted++
		}
		removed += len(g.Remove)
		created += len(g.Create)
	}
	n := need{groups: made, rules: born + created, groupsAfter: made - deleted, rulesAfter: kept + created - removed}
	if p.DeletesFirst {
		n.groups, n.rules = n.groupsAfter, max(born-removed, n.rulesAfter)
	}
	return n
}

// After is the quota that is there once the plan is carried out.
func (q Quota) After(p *Plan) Quota {
	n := p.need()
	q.Groups.Coming += n.groupsAfter
	q.Rules.Coming += n.rulesAfter
	return q
}

// checkQuota compares the peak, not the end: what is created comes before what is
// deleted.
func (p *Plan) checkQuota(q Quota) Problems {
	n := p.need()
	var problems Problems
	for _, item := range []struct {
		what      string
		room      Room
		peak, end int
	}{
		{"security groups", q.Groups, n.groups, n.groupsAfter},
		{"security group rules", q.Rules, n.rules, n.rulesAfter},
	} {
		used := item.room.Used + item.room.Coming
		need := used + item.peak
		if item.peak <= 0 || item.room.Limit < 0 || need <= item.room.Limit {
			continue
		}
		message := fmt.Sprintf("the quota of %s is %d and %d are there: this plan needs %d", item.what, item.room.Limit, item.room.Used, need)
		if item.room.Coming != 0 {
			message = fmt.Sprintf("the quota of %s is %d and after the plans before this one %d are there: this plan needs %d", item.what, item.room.Limit, used, need)
		}
		if used+item.end <= item.room.Limit && !p.DeletesFirst {
			message += fmt.Sprintf(" while it creates before it deletes, and %d in the end: --allow-interruption deletes first", used+item.end)
		}
		problems = append(problems, Problem{Message: message + "; --over-quota goes on all the same"})
	}
	return problems
}

// Unknown says what the cloud does not let anybody compare with the plan: nothing is held
// against it, and it may fail on its way.
func (p *Plan) Unknown(f Facts) []Problem {
	if f.QuotaUnread == "" {
		return nil
	}
	n := p.need()
	return []Problem{{Message: fmt.Sprintf("the quota cannot be read (%s): whether it has room for what this plan adds (groups: %d, rules: %d) shows while it is carried out",
		f.QuotaUnread, max(0, n.groups), max(0, n.rules))}}
}
