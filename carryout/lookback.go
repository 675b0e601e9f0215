package carryout

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// Unsettled is a cloud that, at the end, is not as the plans have left it: what it has
// answered to and not done, and what others have changed meanwhile.
type Unsettled struct {
	Undone []string
	Others []string
}

func (u *Unsettled) Error() string {
	var parts []string
	if u.Undone != nil {
		parts = append(parts, "the cloud does not show what it said it had done: "+some(u.Undone))
	}
	if u.Others != nil {
		parts = append(parts, "others have made changes since: "+some(u.Others))
	}
	return strings.Join(parts, "; ")
}

// some is the first of a list in one line, and how many more there are: the next plan has them all.
func some(list []string) string {
	const most = 5
	if len(list) > most {
		list = append(slices.Clone(list[:most]), fmt.Sprintf("and %d more", len(list)-most))
	}
	return strings.Join(list, "; ")
}

// lookBack compares the cloud with what the plans have made of it, once all is done. What
// is not there yet is waited for: databases that are read may lag behind.
func (r *run) lookBack(calls context.Context) error {
	for try := uint(1); ; try++ {
		s, err := r.client.Read(calls)
		if err != nil {
			return fmt.Errorf("every call was answered, but it is not known whether the cloud shows the result: %w", err)
		}
		r.end = s
		if err := r.come(s); err != nil {
			return err
		}
		u := r.compare(s)
		if u.Undone == nil && u.Others == nil {
			return nil
		}
		if r.client.Wait(calls, try) != nil {
			return u
		}
	}
}

func (r *run) compare(s *rule.State) *Unsettled {
	u, remotes := &Unsettled{}, r.remotesOf()
	for _, t := range r.tasks {
		at := slices.IndexFunc(s.Groups, func(g rule.LiveGroup) bool { return g.ID == t.id })
		switch deleted := t.planned.Action == plan.Delete; {
		case at < 0 && !deleted:
			u.other(t, "is gone")
		case at >= 0 && deleted:
			u.undone(t, "is still there")
		case at >= 0:
			t.compare(u, s.Groups[at], remotes(t))
		}
	}
	return u
}

// come says whether a group has come for a tier of the plans: what two runs at once make
// twice is planned for again.
func (r *run) come(s *rule.State) error {
	known, owned := map[string]bool{}, ownedBy(s)
	for _, t := range r.tasks {
		known[t.id] = true
	}
	for _, t := range r.tasks {
		for _, g := range owned(t) {
			if !known[g.ID] {
				return &Changed{Why: fmt.Sprintf("group %s (%s) has been created for tier %s meanwhile", g.Name, g.ID, t.tier())}
			}
		}
	}
	return nil
}

func (u *Unsettled) undone(t *task, format string, args ...any) {
	u.Undone = append(u.Undone, t.says(format, args...))
}

func (u *Unsettled) other(t *task, format string, args ...any) {
	u.Others = append(u.Others, t.says(format, args...))
}

func (t *task) says(format string, args ...any) string {
	return fmt.Sprintf("group %s (%s) ", t.planned.Name, t.id) + fmt.Sprintf(format, args...)
}

// compare says in what a group is not as the plan has left it.
func (t *task) compare(u *Unsettled, live rule.LiveGroup, remotes map[rule.Remote]rule.Remote) {
	// A field as it was before is taken for one that was not changed.
	is := map[string]string{"name": live.Name, "description": live.Description, "stateful": strconv.FormatBool(live.Stateful)}
	was := map[string]string{}
	for _, f := range append(slices.Clone(t.planned.Fields), t.planned.Unmark) {
		was[f.Name] = f.Old
	}
	for _, f := range []plan.Field{
		{Name: "name", New: t.planned.Name},
		{Name: "description", New: t.planned.Description},
		{Name: "stateful", New: strconv.FormatBool(t.planned.Stateful)},
	} {
		astray := ""
		if f.Name == "description" && markOf(is[f.Name]) != markOf(f.New) {
			astray = t.astray()
		}
		switch old, changes := was[f.Name]; {
		case is[f.Name] == f.New:
		case changes && is[f.Name] == old:
			u.undone(t, "still has the %s %q%s", f.Name, old, astray)
		default:
			u.other(t, "now has the %s %q%s", f.Name, is[f.Name], astray)
		}
	}
	for _, tag := range t.planned.Tag {
		if !slices.Contains(live.Tags, tag) {
			u.undone(t, "lacks the tag %s (or somebody has removed it since)", tag)
		}
	}
	for _, tag := range t.planned.Tagged {
		if !slices.Contains(live.Tags, tag) {
			u.other(t, "has lost the tag %s", tag)
		}
	}
	for _, tag := range t.planned.Untag {
		if slices.Contains(live.Tags, tag) {
			u.undone(t, "still has the tag %s (or somebody has added it again)", tag)
		}
	}
	t.compareRules(u, live, remotes)
}

func (t *task) compareRules(u *Unsettled, live rule.LiveGroup, remotes map[rule.Remote]rule.Remote) {
	removed := map[string]bool{}
	for _, id := range t.removed {
		removed[id] = true
	}
	ids, there, wanted, theirs := map[string]bool{}, map[rule.Rule]bool{}, t.wanted(remotes), t.planned.Theirs()
	for _, l := range live.Rules {
		ids[l.ID] = true
		planned := inPlan(l, remotes)
		there[planned] = true
		switch {
		case removed[l.ID]:
			u.undone(t, "still has rule %s: %s", l.ID, l)
		case !t.rules[l.ID] && !wanted[planned] && !theirs.Has(planned):
			u.other(t, "has a new rule, %s: %s", l.ID, l)
		}
	}
	for _, l := range t.planned.Stay {
		if !ids[l.ID] {
			u.other(t, "has lost rule %s: %s", l.ID, l)
		}
	}
	for _, e := range t.planned.Create {
		if !there[e.Rule] {
			u.undone(t, "lacks a rule (or somebody has removed it since): %s", e.Rule)
		}
	}
}
