package carryout

import (
	"fmt"
	"strings"

	"sgc.dev/sgc/rule"
)

// holds says whether the group is ours, and as it is known to be; its rules are looked at
// where the reading is whole. If it is just as it was when it held last, nobody has changed
// it: what this run did to it since has not stuck.
func (t *task) holds(g rule.LiveGroup, whole bool, remotes map[rule.Remote]rule.Remote) error {
	differs := t.differs(g, whole, remotes)
	switch {
	case differs == nil:
		return nil
	case alike(g, t.seen):
		return &Unsettled{Undone: []string{t.says("has not changed%s", t.astray())}}
	}
	return differs
}

// differs is in what a group is not as it is known to be.
func (t *task) differs(g rule.LiveGroup, whole bool, remotes map[rule.Remote]rule.Remote) *Changed {
	switch is, was := markOf(g.Description), markOf(t.description); {
	case is != was && was == "":
		return t.lost("now has the mark " + is)
	case is != was && is == "":
		return t.lost("has lost the mark " + was)
	case is != was:
		return t.lost("now has the mark " + is + " instead of " + was)
	case g.Name != t.name:
		return t.lost(fmt.Sprintf("is now called %s", g.Name))
	}
	if !whole {
		return nil
	}
	ids, there := map[string]bool{}, map[rule.Rule]bool{}
	for _, l := range g.Rules {
		ids[l.ID] = true
		there[inPlan(l, remotes)] = true
	}
	for _, l := range t.planned.Stay {
		if !ids[l.ID] {
			return t.lost(fmt.Sprintf("has lost rule %s: %s", l.ID, l))
		}
	}
	due, wanted := map[rule.Rule]bool{}, t.wanted(remotes)
	for _, e := range t.create {
		due[e.Rule] = true
	}
	for _, e := range t.planned.Create {
		if !due[e.Rule] && !there[e.Rule] {
			lost := t.lost(fmt.Sprintf("has lost a rule: %s", e.Rule))
			lost.lags = true
			return lost
		}
	}
	theirs := t.planned.Theirs()
	for _, l := range g.Rules {
		if planned := inPlan(l, remotes); !t.rules[l.ID] && !wanted[planned] && !theirs.Has(planned) {
			return t.lost(fmt.Sprintf("has a new rule, %s: %s", l.ID, l))
		}
	}
	return nil
}

// wanted is the rules that the group is to have, or keeps. One that comes may be by another
// run of the same policy, which makes it a second time.
func (t *task) wanted(remotes map[rule.Remote]rule.Remote) map[rule.Rule]bool {
	wanted := map[rule.Rule]bool{}
	for _, e := range t.planned.Create {
		wanted[e.Rule] = true
	}
	for _, l := range t.planned.Stay {
		if !l.Opaque() {
			wanted[inPlan(l, remotes)] = true
		}
	}
	return wanted
}

// lost is a group that is not what it is known to be. What went to it since the last look
// is named: it may have met what somebody else has made of the group.
func (t *task) lost(how string) *Changed {
	return &Changed{Why: fmt.Sprintf("group %s (%s) %s", t.name, t.id, how) + t.astray()}
}

// astray names what went to the group since it was last looked at, where anything did.
func (t *task) astray() string {
	if len(t.since) == 0 {
		return ""
	}
	var done []string
	for _, c := range t.since {
		done = append(done, c.String())
	}
	return "; since it was last read, this run did: " + strings.Join(done, ", ")
}

// markOf is the mark at the end of a description, "" for none.
func markOf(description string) string {
	if policy, tier, marked := rule.ParseMark(description); marked {
		return rule.Mark(policy, tier)
	}
	return ""
}
