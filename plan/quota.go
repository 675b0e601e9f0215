package plan

import (
	"fmt"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

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

// counts is how many rules are created and removed, as a run of the plan counts them, and
// how many the policy wants that new groups are born with.
func (p *Plan) counts() (created, born, removed int) {
	for _, g := range p.Groups {
		kept, gone := g.BornWith()
		created += len(g.Create) - len(kept)
		born += len(kept)
		removed += len(g.Remove) + len(gone)
	}
	return created, born, removed
}

// need is how many groups and rules there are more than before: at the worst
// moment of the plans, and at their end.
type need struct{ groups, rules, groupsAfter, rulesAfter int }

func needOf(plans []*Plan) need {
	var n need
	for _, p := range plans {
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
		n.groupsAfter += made - deleted
		n.rulesAfter += kept + created - removed
		if p.DeletesFirst {
			n.groups += made - deleted
			n.rules += max(born-removed, kept+created-removed)
		} else {
			n.groups += made
			n.rules += born + created
		}
	}
	return n
}

// checkQuota compares the peak, not the end: what is created comes before what is
// deleted, in all plans together.
func checkQuota(plans []*Plan, q Quota) Problems {
	n := needOf(plans)
	interrupts := slices.ContainsFunc(plans, func(p *Plan) bool { return p.DeletesFirst })
	var problems Problems
	for _, item := range []struct {
		what      string
		room      Room
		peak, end int
	}{
		{"security groups", q.Groups, n.groups, n.groupsAfter},
		{"security group rules", q.Rules, n.rules, n.rulesAfter},
	} {
		need := item.room.Used + item.peak
		if item.peak <= 0 || item.room.Limit < 0 || need <= item.room.Limit {
			continue
		}
		message := fmt.Sprintf("the quota of %s is %d, with %d in use: this needs %d in all", item.what, item.room.Limit, item.room.Used, need)
		if item.room.Used+item.end <= item.room.Limit && !interrupts {
			message += fmt.Sprintf(" while it creates before it deletes, and %d at the end: --allow-interruption deletes first", item.room.Used+item.end)
		}
		problems = append(problems, Problem{Message: message})
	}
	return problems
}

// MaxRules is how many security group rules a project may have: what is longer than an answer
// may be cannot be read, and what cannot be read cannot be finished.
const MaxRules = 100_000

// checkLength refuses plans that would make a project too long to be read.
func checkLength(plans []*Plan, s *rule.State) Problems {
	more := needOf(plans).rules
	rules := more
	for _, g := range s.Groups {
		rules += len(g.Rules)
	}
	if more <= 0 || rules <= MaxRules {
		return nil
	}
	return Problems{{Message: fmt.Sprintf("this needs %d security group rules in all, and of one project sgc reads no more than %d: name wider networks or port ranges", rules, MaxRules)}}
}

// quotaUnread says that nothing is held against the plans for want of a quota that can be
// read, and that they may fail on their way.
func quotaUnread(plans []*Plan, f Facts) []Problem {
	if f.QuotaUnread == "" {
		return nil
	}
	n := needOf(plans)
	var more []string
	for _, item := range []struct {
		count int
		what  string
	}{{n.groups, "group"}, {n.rules, "rule"}} {
		if item.count > 0 {
			more = append(more, rule.Counted(item.count, "more "+item.what))
		}
	}
	if more == nil {
		return nil
	}
	return []Problem{{Message: fmt.Sprintf("the quota cannot be read (%s): only creation will show whether there is room for %s", f.QuotaUnread, strings.Join(more, " and "))}}
}
